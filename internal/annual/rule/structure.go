package rule

import (
	"strings"
	"unicode/utf8"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// structure: six headings in the form's words and order, the three tables, and a title with
// body, year and 政府信息公开工作年度报告 (R-AR-17). A report that is none in the unified form
// gets one finding, with the reasons.
var structure = check.Rule[*Subject]{
	Code: "R-AR-17", Severity: check.Error, Since: unified,
	Cite: statute.AnnualForm2021.Whole(""), Title: i18n.M("rule.structure.title"),
	Find: func(s *Subject) []check.Finding {
		if s.Refused != nil {
			return []check.Finding{{
				Message: i18n.M("rule.structure.refused", "reasons", s.Refused.Reasons),
				Places:  []check.Quote{{At: s.Refused.At, Label: i18n.M("rule.at.report"), Text: s.Title.Text}},
				Advice:  i18n.M("rule.structure.refused.advice"),
			}}
		}
		if s.Form == nil {
			return nil
		}
		var out []check.Finding
		for _, find := range []func(*Subject) []check.Finding{titled, missingHeadings, numbered, worded, ordered, missingTables, additions} {
			out = append(out, find(s)...)
		}
		for i := range out {
			out[i].Cite = s.formRef("")
		}
		return out
	},
}

// phrase is what every title ends with.
const phrase = "政府信息公开工作年度报告"

// titled checks the title: 《年报格式》“××××年政府信息公开工作年度报告” after the body's name.
func titled(s *Subject) []check.Finding {
	if s.Title.Text == "" {
		return []check.Finding{{
			Severity: check.Warning, Message: i18n.M("rule.title.none"), Places: []check.Quote{s.whole()}, Advice: s.titleAdvice(),
		}}
	}
	at := []check.Quote{{At: s.Title.At, Label: i18n.M("rule.at.title"), Text: s.Title.Text}}
	body, year, rest := splitTitle(form.Normalize(s.Title.Text))
	var out []check.Finding
	add := func(severity check.Severity, m i18n.Message) {
		out = append(out, check.Finding{Severity: severity, Message: m, Places: at, Advice: s.titleAdvice()})
	}
	switch {
	case strings.HasPrefix(rest, phrase):
	case strings.Contains(rest, "年度报告") || strings.HasSuffix(rest, "年报") || strings.HasSuffix(rest, "工作报告"):
		add(check.Warning, i18n.M("rule.title.words", "is", rest))
	default:
		add(check.Error, i18n.M("rule.title.words", "is", rest))
	}
	if year == "" {
		add(check.Error, i18n.M("rule.title.year"))
	}
	if body == "" {
		add(check.Error, i18n.M("rule.title.body"))
	} else if full := s.fullName(body); full != "" {
		add(check.Warning, i18n.M("rule.title.place", "body", body, "full", full))
	}
	return out
}

// titleAdvice proposes the prescribed title.
func (s *Subject) titleAdvice() i18n.Message {
	name := s.Agency.Text
	if full := s.fullName(name); full != "" {
		name = full
	}
	if name == "" || s.Year == 0 {
		return i18n.Message{}
	}
	return i18n.M("rule.title.advice", "title", s.Form.Title(name, s.Year))
}

// splitTitle parts a title into the body, the year and what follows: 某市民政局, 2023,
// 政府信息公开工作年度报告. Some titles put the year first.
func splitTitle(title string) (body, year, rest string) {
	if i := yearIndex(title); i >= 0 {
		year = title[i : i+4]
		after := strings.TrimPrefix(title[i+4:], "年")
		title = title[:i] + strings.TrimPrefix(after, "度")
	}
	for _, word := range []string{phrase, "政府信息", "政务公开", "年度报告"} {
		if i := strings.Index(title, word); i >= 0 {
			return title[:i], year, title[i:]
		}
	}
	return title, year, ""
}

// yearIndex finds a year of this century followed by 年, -1 if there is none.
func yearIndex(s string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], "20")
		if i < 0 {
			return -1
		}
		i += from
		if i+4 < len(s) && digit(s[i+2]) && digit(s[i+3]) && strings.HasPrefix(s[i+4:], "年") {
			return i
		}
		from = i + 2
	}
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// fullName returns the name with its place, where the title leaves the place out and the
// signature or the page header gives it: 民政局, signed 某市民政局.
func (s *Subject) fullName(body string) string {
	if body == "" || agency.HasPlace(body) {
		return ""
	}
	for _, t := range []string{s.Signature.Text, s.Publisher.Text, s.Agency.Text} {
		if len(t) > len(body) && strings.HasSuffix(form.Normalize(t), body) {
			return t
		}
	}
	return ""
}

// missingHeadings reports sections without a heading.
func missingHeadings(s *Subject) []check.Finding {
	var names []string
	var at []check.Quote
	var renamed []check.Finding
	for i, sec := range s.Form.Sections {
		got := s.Section(sec.Key)
		if got != nil && !got.Missing {
			continue
		}
		if got != nil && len(got.Paragraphs) > 0 && standsFor(got.Paragraphs[0].Text, i+1) {
			renamed = append(renamed, s.otherwise(got.Paragraphs[0], sec.Full))
			continue
		}
		names = append(names, "“"+sec.Full+"”")
		if got != nil && len(got.Paragraphs) > 0 {
			p := got.Paragraphs[0]
			at = append(at, check.Quote{At: p.At, Label: s.where(sec.Key), Text: sentence(p.Text, 0, 0)})
		}
	}
	if len(names) == 0 {
		return renamed
	}
	if len(at) == 0 {
		at = []check.Quote{s.lastHeading()}
	}
	if s.cutAfter() != "" {
		return []check.Finding{{
			Message: i18n.M("rule.headings.cut", "last", s.section(s.cutAfter()), "headings", names),
			Places:  []check.Quote{s.lastHeading()}, Advice: i18n.M("rule.headings.cut.advice"),
		}}
	}
	return append(renamed, check.Finding{Message: i18n.M("rule.headings.missing", "headings", names, "n", len(names)), Places: at})
}

// standsFor reports whether a line is numbered like the nth heading and short enough to be
// one in other words: 五、存在的问题.
func standsFor(line string, n int) bool {
	const longest = 20 // characters
	h := splitHeading(form.Normalize(line))
	return h.number == n && h.plain && h.words != "" && utf8.RuneCountInString(h.words) <= longest && !strings.ContainsAny(h.words, "。，；")
}

// otherwise reports a heading that stands in its place in other words.
func (s *Subject) otherwise(line annual.Text, want string) check.Finding {
	is := strings.TrimSpace(line.Text)
	return check.Finding{
		Severity: check.Warning,
		Message:  i18n.M("rule.headings.words", "is", is, "want", want),
		Places:   []check.Quote{{At: line.At, Label: i18n.M("rule.at.heading"), Text: is}},
	}
}

// cutAfter returns the section in which the source breaks off: everything behind it is
// missing and its own table is not whole. It returns "" for a source that goes to its end.
func (s *Subject) cutAfter() string {
	last := -1
	for i, sec := range s.Form.Sections {
		got := s.Section(sec.Key)
		if got == nil || got.Missing {
			continue
		}
		if last != i-1 {
			return ""
		}
		last = i
	}
	if last < 0 || last > 3 {
		return ""
	}
	return s.Form.Sections[last].Key
}

// lastHeading points at the last heading the report prints, behind which one is missing.
func (s *Subject) lastHeading() check.Quote {
	q := s.whole()
	for _, sec := range s.Sections {
		if !sec.Missing {
			q = headingQuote(sec)
		}
	}
	return q
}

// numbered reports headings whose number is not the form's: numbering that starts again, or
// that runs on over a missing heading.
func numbered(s *Subject) []check.Finding {
	var at []check.Quote
	var pairs []string
	for i, sec := range s.Sections {
		def := s.Form.Section(sec.Key)
		if sec.Missing || def == nil {
			continue
		}
		h := splitHeading(form.Normalize(sec.Heading.Text))
		if h.number == 0 || h.number == i+1 {
			continue
		}
		pairs = append(pairs, "“"+strings.TrimSpace(sec.Heading.Text)+"”→“"+def.Full+"”")
		at = append(at, headingQuote(sec))
	}
	if len(at) == 0 {
		return nil
	}
	return []check.Finding{{
		Message: i18n.M("rule.headings.number", "pairs", strings.Join(pairs, "；"), "n", len(at)),
		Places:  append(at, s.rivals()...), Advice: i18n.M("rule.headings.number.advice"),
	}}
}

// rivals are lines within a section that are numbered like one of the six: 二、工作机制保障 in
// section one, after which the numbering starts again.
func (s *Subject) rivals() []check.Quote {
	const longest = 40 // bytes; a heading, not a sentence
	var out []check.Quote
	for _, p := range s.passages {
		if t := p.text.Text; len(t) <= longest && splitHeading(form.Normalize(t)).plain {
			out = append(out, s.quote(p, 0, len(t)))
		}
	}
	return out
}

// worded reports headings that are not written as in the form. Where no heading has a number,
// the numbers were set by the word processor and are not in the text.
func worded(s *Subject) []check.Finding {
	var out []check.Finding
	bare := s.unnumbered()
	for i, sec := range s.Sections {
		def := s.Form.Section(sec.Key)
		if sec.Missing || def == nil {
			continue
		}
		h := splitHeading(form.Normalize(sec.Heading.Text))
		if h.number != 0 && h.number != i+1 {
			h.plain = true // the number is numbered's concern
		}
		if h.words == form.Normalize(def.Heading) && (h.plain || bare) {
			continue
		}
		out = append(out, check.Finding{
			Severity: check.Warning,
			Message:  i18n.M("rule.headings.words", "is", strings.TrimSpace(sec.Heading.Text), "want", def.Full),
			Places:   []check.Quote{headingQuote(sec)},
		})
	}
	return out
}

// unnumbered reports whether no heading carries a number.
func (s *Subject) unnumbered() bool {
	for _, sec := range s.Sections {
		if !sec.Missing && splitHeading(form.Normalize(sec.Heading.Text)).number != 0 {
			return false
		}
	}
	return true
}

func headingQuote(sec annual.Section) check.Quote {
	return check.Quote{At: sec.Heading.At, Label: i18n.M("rule.at.heading"), Text: sec.Heading.Text}
}

// header is a heading taken apart.
type header struct {
	number int  // 0 if it has none
	plain  bool // numbered as in the form: 五、
	words  string
}

// splitHeading parts 五、存在的主要问题及改进情况 into 5 and its words. （五）, 5. and 第五部分
// number too, but not as the form does.
func splitHeading(heading string) header {
	rest := strings.TrimPrefix(strings.TrimPrefix(heading, "第"), "（")
	for i, numerals := range [][]string{{"一", "1"}, {"二", "2"}, {"三", "3"}, {"四", "4"}, {"五", "5"}, {"六", "6"}, {"七", "7"}, {"八", "8"}} {
		for _, n := range numerals {
			after, ok := strings.CutPrefix(rest, n)
			if !ok {
				continue
			}
			for _, mark := range []string{"、", ".", "，", "）、", "）", "部分：", "部分"} {
				if words, ok := strings.CutPrefix(after, mark); ok {
					return header{number: i + 1, plain: mark == "、" && n == numerals[0] && rest == heading, words: words}
				}
			}
		}
	}
	return header{words: heading}
}

// ordered reports headings that stand before one they should follow.
func ordered(s *Subject) []check.Finding {
	var out []check.Finding
	prev := -1
	for i, sec := range s.Sections {
		if sec.Missing {
			continue
		}
		if prev >= 0 && comparePlaces(sec.Heading.At, s.Sections[prev].Heading.At) < 0 {
			out = append(out, check.Finding{
				Message: i18n.M("rule.headings.order", "is", s.section(sec.Key), "after", s.section(s.Sections[prev].Key)),
				Places:  []check.Quote{headingQuote(sec), headingQuote(s.Sections[prev])},
			})
		}
		prev = i
	}
	return out
}

// additions tells of lines that the form does not have: local figures go into the text.
func additions(s *Subject) []check.Finding {
	if len(s.Extras) == 0 {
		return nil
	}
	f := check.Finding{Severity: check.Info, Message: i18n.M("rule.tables.extra", "n", len(s.Extras))}
	for _, t := range s.Extras {
		f.Places = append(f.Places, check.Quote{At: t.At, Label: i18n.M("rule.at.extra"), Text: clipped(strings.TrimSpace(t.Text))})
	}
	return []check.Finding{f}
}

// missingTables reports sections whose heading stands over no table. Where the heading is
// missing too, that is said once, with the headings.
func missingTables(s *Subject) []check.Finding {
	var out []check.Finding
	lost := map[string]int{}
	for _, k := range s.Missing() {
		lost[k.Table()]++
	}
	for _, t := range s.Form.Tables {
		all := 0
		for _, r := range t.Rows {
			all += len(r.Cells)
		}
		if sec := s.Section(t.Section); lost[t.ID] < all || sec == nil || sec.Missing {
			continue
		}
		if s.cutAfter() == t.Section {
			continue
		}
		out = append(out, check.Finding{
			Message: i18n.M("rule.tables.missing", "table", t.Name, "section", s.section(t.Section)),
			Places:  []check.Quote{s.tableQuote(t)},
		})
	}
	return out
}
