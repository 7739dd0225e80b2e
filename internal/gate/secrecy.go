package gate

import (
	"errors"
	"slices"
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/extract"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// secrecyMark: nothing with a mark of secrecy is put on the network (R-SEC-06). A mark stands
// by itself or before a star; a sentence about secrets is none.
//
// 保守国家秘密法第三十五条 requires review before information is published. Marks of internal use
// and “此件不公开” are no marks of state secrets but say as plainly that the text is not for the
// public.
var secrecyMark = check.Rule[*Subject]{
	Code: "R-SEC-06-mark", Severity: check.Error,
	Cite: statute.Secrecy2024.Art(35), Title: i18n.M("gate.mark.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			p.spacedMarks(g)
			for _, m := range p.signs(secretWord) {
				if p.graded(m) {
					g.addKeyed(check.Error, p.Slice(m.start, m.end), "", m.start, m.end)
				}
			}
			for _, m := range p.signs(closedWord) {
				if severity := p.closed(m); severity != "" {
					g.addKeyed(severity, p.Slice(m.start, m.end), "", m.start, m.end)
				}
			}
		}, shape{word: func(o *group) i18n.Message {
			if o.severity == check.Error {
				return i18n.M("gate.mark", "words", o.key)
			}
			return i18n.M("gate.mark.request", "words", o.key)
		}, advice: i18n.M("gate.mark.advice")})
	},
}

// grades are the marks of state secrets.
var grades = []string{"绝密", "机密", "秘密"}

// graded reports whether a grade is a mark where it stands: before a star, after 密级, or
// alone on its line or in its cell while no other grade stands near, as in a table that
// explains them.
func (p *Part) graded(m match) bool {
	rest := []rune(p.after(m.end, 8))
	for len(rest) > 0 && space(rest[0]) {
		rest = rest[1:]
	}
	if len(rest) > 0 && containsRune("★☆", rest[0]) {
		return true
	}
	from, to := p.around(m.start)
	said := strings.Trim(squeeze(p.text[from:to]), "【】（）()〔〕[]〈〉<>“”\"")
	word := p.Slice(m.start, m.end)
	level, _ := strings.CutPrefix(said, "密级")
	level = strings.TrimLeft(level, "：:")
	if level != word && !lasting(strings.TrimPrefix(level, word)) {
		return false
	}
	return strings.HasPrefix(level, word) && !p.otherGrade(m)
}

// lasting reports whether words are how long a secret is kept: 10年, 长期.
func lasting(words string) bool {
	years := strings.TrimSuffix(words, "年")
	return words == "长期" || years != words && years != "" && strings.Trim(years, "0123456789０１２３４５６７８９") == ""
}

// around returns the line or cell that holds rune i.
func (p *Part) around(i int) (from, to int) {
	from, to = i, i
	for from > 0 && !ends(p.text[from-1]) && i-from < farthest {
		from--
	}
	for to < len(p.text) && !ends(p.text[to]) && to-i < farthest {
		to++
	}
	return from, to
}

// explained is how far, in runes, another grade stands at most where grades are explained.
const explained = 60

// otherGrade reports whether another grade stands near.
func (p *Part) otherGrade(m match) bool {
	word := p.Slice(m.start, m.end)
	about := p.Slice(m.start-explained, m.start) + "\n" + p.Slice(m.end, m.end+explained)
	return slices.ContainsFunc(grades, func(g string) bool { return g != word && strings.Contains(about, g) })
}

// longestMark is how long a line with a mark is at most, white space included.
const longestMark = 24

// spacedMarks finds grades whose characters are set apart: 机　密, 秘 密 ★ 10年.
func (p *Part) spacedMarks(g *groups) {
	for n := range p.lines {
		from, to := p.bounds(n)
		for from < to && space(p.text[from]) {
			from++
		}
		if to-from < 3 || to-from > longestMark || !containsRune("绝机秘", p.text[from]) || p.text[from+1] == '密' {
			continue
		}
		said := squeeze(p.text[from:to])
		for _, grade := range grades {
			if rest, found := strings.CutPrefix(said, grade); found && (rest == "" || strings.HasPrefix(rest, "★") || lasting(rest)) {
				g.addKeyed(check.Error, grade, "", from, to)
			}
		}
	}
}

// Words that say how a document may be made public, and for whom it is.
var (
	openings   = []string{"此件", "本件", "该件", "公开方式", "公开属性", "公开类别", "公开选项", "信息公开选项", "公开形式", "是否公开"}
	keepInside = []string{"不得外传", "严禁外传", "注意保存", "妥善保管", "请勿外传"}
)

// longestClosed is how many characters a mark of internal use has at most.
const longestClosed = 16

// closed says how grave a word such as 内部资料 or 不予公开 is where it stands: "" in a sentence.
func (p *Part) closed(m match) check.Severity {
	from, to := p.bracketed(m)
	said := squeeze(p.text[from:to])
	word := p.Slice(m.start, m.end)
	if len([]rune(said)) > longestClosed || strings.ContainsAny(said, "□☐√") {
		return ""
	}
	said = strings.Trim(said, "【】（）()〔〕[]〈〉<>★。：:")
	switch word {
	case "依申请公开", "删减后公开":
		if hasPrefix(said, openings) && strings.HasSuffix(said, word) && !strings.Contains(said, "主动") {
			return check.Warning
		}
	case "不予公开", "不公开", "不宜公开":
		if hasPrefix(said, openings) && strings.HasSuffix(said, word) && !strings.Contains(said, "主动") {
			return check.Error
		}
	case "不得外传", "严禁外传", "注意保存", "妥善保管":
		if said == word {
			return check.Warning
		}
	default:
		rest, found := strings.CutPrefix(said, word)
		if found && (rest == "" || containsAny(rest, keepInside)) || word == "工作秘密" && strings.HasPrefix(rest, "★") {
			return check.Error
		}
	}
	return ""
}

func hasPrefix(s string, all []string) bool {
	return slices.ContainsFunc(all, func(p string) bool { return strings.HasPrefix(s, p) })
}

// bracketed returns the brackets around a word, or else its line or cell.
func (p *Part) bracketed(m match) (from, to int) {
	from, to = p.around(m.start)
	for i := m.start; i > from && m.start-i < longestClosed; i-- {
		if containsRune("（(【〔[", p.text[i-1]) {
			for j := m.end; j < to && j-m.end < longestClosed; j++ {
				if containsRune("）)】〕]", p.text[j]) {
					return i - 1, j + 1
				}
			}
		}
	}
	return from, to
}

// unread: no attachment goes out that nobody could look into (R-SEC-06, R-EXM-05).
//
// 条例第十七条第二款 requires review of what is to be published. Scanned pages can be read by
// people and by no program, so they are left to the reviewers.
var unread = check.Rule[*Subject]{
	Code: "R-SEC-06-unread", Severity: check.Error,
	Cite: statute.OGI2019.Art(17, 2), Title: i18n.M("gate.unread.rule"),
	Find: func(s *Subject) (out []check.Finding) {
		for i := range s.Parts {
			p := &s.Parts[i]
			d := detail{part: p.ID}
			switch {
			case p.Unread != nil && moving(p.Media):
			case errors.Is(p.Unread, extract.ErrScan), errors.Is(p.Unread, extract.ErrUnnamed):
				out = append(out, found(check.Finding{Severity: check.Warning, Message: i18n.M("gate.unread.scan", "name", p.Name)}, d))
			case p.Unread != nil:
				out = append(out, found(check.Finding{Message: i18n.M("gate.unread", "name", p.Name, "reason", reason(p.Unread))}, d))
			case p.Document != nil && slices.Contains(p.Document.Notes, extract.NoteScanned):
				out = append(out, found(check.Finding{Severity: check.Warning, Message: i18n.M("gate.unread.pages", "name", p.Name)}, d))
			}
		}
		return out
	},
}

// moving reports whether a media type is of film or sound, which hold no text to read.
func moving(media string) bool {
	return strings.HasPrefix(media, "video/") || strings.HasPrefix(media, "audio/")
}

// hiddenThings is what of the hidden things a file carries is worth a finding, and how grave.
var hiddenThings = []struct {
	kind     extract.HiddenKind
	severity check.Severity
	message  string
}{
	{extract.HiddenCovered, check.Error, "gate.hidden.covered"},
	{extract.HiddenSheet, check.Warning, "gate.hidden.sheet"},
	{extract.HiddenRows, check.Warning, "gate.hidden.rows"},
	{extract.HiddenComment, check.Warning, "gate.hidden.comment"},
	{extract.HiddenDeleted, check.Warning, "gate.hidden.deleted"},
	{extract.HiddenText, check.Warning, "gate.hidden.text"},
	{extract.HiddenAnnotation, check.Warning, "gate.hidden.annotation"},
	{extract.HiddenGPS, check.Warning, "gate.hidden.gps"},
	{extract.HiddenMacro, check.Warning, "gate.hidden.macro"},
	{extract.HiddenObject, check.Warning, "gate.hidden.object"},
	{extract.HiddenThumbnail, check.Info, "gate.hidden.thumbnail"},
	{extract.HiddenPicture, check.Info, "gate.hidden.picture"},
	{extract.HiddenProperty, check.Info, "gate.hidden.property"},
	{extract.HiddenLink, check.Info, "gate.hidden.link"},
}

// hidden: files carry nothing out that their authors believe gone (R-PII-04).
//
// 个人信息保护法第五十一条 requires measures against disclosure, among them “加密、去标识化”. Covered
// text is the gravest: somebody meant it not to be read.
var hidden = check.Rule[*Subject]{
	Code: "R-PII-04-hidden", Severity: check.Warning,
	Cite: statute.PersonalInformation2021.Art(51), Title: i18n.M("gate.hidden.rule"),
	Find: func(s *Subject) (out []check.Finding) {
		for i := range s.Parts {
			p := &s.Parts[i]
			if p.Document == nil {
				continue
			}
			for _, h := range hiddenThings {
				if n, names := p.hiddenOf(h.kind); n > 0 {
					out = append(out, found(check.Finding{
						Severity: h.severity, Message: i18n.M(h.message, "n", n, "names", names), Advice: i18n.M("gate.hidden.advice"),
					}, detail{part: p.ID, spots: p.hiddenSpots(h.kind)}))
				}
			}
		}
		return out
	},
}

// mostNames is how many hidden things a message names.
const mostNames = 3

// hiddenOf counts the hidden things of a kind and names the first few.
func (p *Part) hiddenOf(kind extract.HiddenKind) (n int, names []string) {
	for _, h := range p.Document.Hidden {
		if h.Kind != kind {
			continue
		}
		n++
		if h.Name != "" && len(names) < mostNames && !slices.Contains(names, h.Name) {
			names = append(names, h.Name)
		}
	}
	if len(names) == 0 {
		names = []string{p.Name}
	}
	return n, names
}

// hiddenSpots returns where the first of the hidden things of a kind stand in the text.
func (p *Part) hiddenSpots(kind extract.HiddenKind) (spots []Spot) {
	for i, s := range p.segments {
		if s.hidden != kind || len(spots) >= mostHiddenSpots {
			continue
		}
		end := len(p.text)
		if i+1 < len(p.segments) {
			end = p.segments[i+1].start
		}
		for end > s.start && space(p.text[end-1]) {
			end--
		}
		if end > s.start {
			spots = append(spots, Spot{Part: p.ID, Start: s.start, End: min(end, s.start+farthest)})
		}
	}
	return spots
}

// mostHiddenSpots is how many hidden texts one finding shows.
const mostHiddenSpots = 50
