package gate

import (
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// listed makes the rule of one kind of word list.
func listed(kind ListKind, code, title, message, replaced string, cite statute.Ref) check.Rule[*Subject] {
	return check.Rule[*Subject]{
		Code: code, Severity: check.Warning, Cite: cite, Title: i18n.M(title),
		Find: func(s *Subject) []check.Finding {
			return s.eachPart(func(p *Part, g *groups) {
				for _, h := range s.words[p.ID] {
					if h.list.Kind == kind && s.applies(h.entry) {
						g.addKeyed(h.list.Severity, h.entry.Wrong, h.entry.Right, h.start, h.end)
					}
				}
			}, shape{label: replaceLabel, word: func(o *group) i18n.Message {
				if o.with == "" {
					return i18n.M(message, "words", o.key, "n", o.count)
				}
				return i18n.M(replaced, "words", o.key, "right", o.with, "n", o.count)
			}, fixes: func(o *group) bool { return o.severity != check.Info && !strings.ContainsAny(o.with, "、，或") }})
		},
	}
}

// applies reports whether a word was wrong already when the document was made.
func (s *Subject) applies(e *Entry) bool {
	at := s.Formed
	if at.IsZero() {
		at = s.Issued
	}
	return e.Since.IsZero() || at.IsZero() || !at.Before(e.Since)
}

var (
	// outdatedLaw: nothing rests on law that is no longer in force (R-GDE-03).
	//
	// 条例第五十三条第（二）项 names guides and catalogues that are not kept current.
	outdatedLaw = listed(Laws, "R-GDE-03-law", "gate.law.rule", "gate.law", "gate.law.replaced", statute.OGI2019.Art(53))

	// misspelt: no misspellings (R-WEB-07).
	//
	// 国家通用语言文字法（2025年修订）第十七条: sites meet the standards of the standard language and script.
	misspelt = listed(Typos, "R-WEB-07-typo", "gate.typo.rule", "gate.typo", "gate.typo.replaced", statute.Language2025.Art(17))

	// outdatedTerm: institutions and things bear the names they have (R-WEB-20).
	outdatedTerm = listed(Terms, "R-WEB-20-term", "gate.term.rule", "gate.term", "gate.term.replaced", statute.SiteCheck2019.Whole(""))

	// wrongTitle: persons, posts and titles as the operator's list has them (R-WEB-20).
	wrongTitle = listed(Titles, "R-WEB-20-title", "gate.title.rule", "gate.title", "gate.title.replaced", statute.SiteCheck2019.Whole(""))
)

// oldDeadline: a reply to a request for information is due in 20 working days, not in the 15
// of the regulation of 2007 (R-GDE-03).
//
// 条例第三十三条第二款:“行政机关不能当场答复的，应当自收到申请之日起20个工作日内予以答复”. Third parties
// still have 15 (第三十二条), and so have other bodies that are asked (第三十四条).
var oldDeadline = check.Rule[*Subject]{
	Code: "R-GDE-03-deadline", Severity: check.Warning,
	Cite: statute.OGI2019.Art(33, 2), Title: i18n.M("gate.deadline.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for _, n := range p.numbers {
				if n.digits == "15" && strings.HasPrefix(p.after(n.end, 6), "个工作日") && p.ofRequests(n) {
					g.add(check.Warning, n.start, n.end+len([]rune("个工作日")))
				}
			}
		}, shape{message: map[check.Severity]string{check.Warning: "gate.deadline"}})
	},
}

// ofRequests reports whether a period is one for replying to requests for information.
func (p *Part) ofRequests(n number) bool {
	sentence := string(p.text[sentenceStart(p.text, n.start):sentenceEnd(p.text, n.end)])
	return containsAny(sentence, []string{"答复", "延长"}) &&
		containsAny(sentence, []string{"政府信息", "信息公开", "公开申请", "申请公开"}) &&
		!containsAny(sentence, []string{"第三方", "征求意见", "意见征求", "提出意见", "被征求", "补正", "复议", "信访"})
}

// doubled: no character or word stands twice by mistake (R-WEB-07).
var doubled = check.Rule[*Subject]{
	Code: "R-WEB-07-double", Severity: check.Warning,
	Cite: statute.Language2025.Art(17), Title: i18n.M("gate.double.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for i := 0; i < len(p.text); i++ {
				if !han(p.text[i]) {
					continue
				}
				if unit := repeats(p.text, i); unit > 0 {
					end := i + 2*unit
					for end+unit <= len(p.text) && same(p.text[i:i+unit], p.text[end:end+unit]) {
						end += unit
					}
					g.addKeyed(check.Warning, p.Slice(i, end), p.Slice(i, i+unit), i, end)
					i = end - 1
				}
			}
		}, shape{label: replaceLabel, word: func(o *group) i18n.Message {
			return i18n.M("gate.double", "words", o.key, "n", o.count)
		}})
	},
}

// repeats returns the length of the word at rune i if it is followed by itself where that is
// never right: 的的; three alike; a word of four or more characters; a word of two or three
// that is never said twice.
func repeats(text []rune, i int) int {
	for _, unit := range []int{8, 7, 6, 5, 4, 3, 2} {
		if i+2*unit <= len(text) && text[i] == text[i+unit] && same(text[i:i+unit], text[i+unit:i+2*unit]) && allHan(text[i:i+unit]) && wrongTwice(text, i, unit) {
			return unit
		}
	}
	if i+2 > len(text)-1 || text[i] != text[i+1] {
		if i+2 == len(text) && text[i] == '的' && text[i+1] == '的' && !follows(text, i, "目", "标") {
			return 1
		}
		return 0
	}
	if text[i] == '的' && text[i+2] != '确' && !follows(text, i, "目", "标") {
		return 1
	}
	if text[i+2] == text[i] && !containsRune("一二三四五六七八九十〇零某哈", text[i]) {
		return 1
	}
	return 0
}

func follows(text []rune, i int, words ...string) bool {
	for _, w := range words {
		if r := []rune(w); i >= len(r) && same(text[i-len(r):i], r) {
			return true
		}
	}
	return false
}

// never are words of two or three characters that no sentence holds twice in a row.
var never = func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(`进行 加强 关于 以及 根据 按照 为了 因此 通过 由于 对于 贯彻 落实 推进 推动 提高 促进 实施
		开展 完善 进一步 各级 各地 有关 相关 我们 他们 这些 应当 必须 可以 不得 其中 并且 或者 同时 积极 切实 全面 深入 继续 依法
		负责 做好 确保 强化 健全 建立 印发 转发 本级 办公厅`) {
		all[w] = true
	}
	return all
}()

// wrongTwice reports whether a word of that length is wrong when it stands twice.
func wrongTwice(text []rune, i, unit int) bool {
	word := string(text[i : i+unit])
	if strings.Contains(word, "转发") {
		return false // 办公厅转发国务院办公厅转发的通知
	}
	if unit >= 4 {
		return !same(text[i:i+unit/2], text[i+unit/2:i+unit/2*2]) || never[string(text[i:i+unit/2])]
	}
	return never[word]
}

func allHan(text []rune) bool {
	for _, r := range text {
		if !han(r) {
			return false
		}
	}
	return true
}

func same(a, b []rune) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
