package rule

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"gongkai/internal/annual"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// stale: title, statistical period and text speak of one and the same year (R-AR-23). The
// year of signature is the next one, which rule days checks.
//
// A report often grows out of last year's; a year forgotten in it puts all figures near it in
// doubt. Years that a report may name with reason (last year's problems, budgets and accounts,
// comparisons, titles of documents) are left alone.
var stale = check.Rule[*Subject]{
	Code: "R-AR-23", Severity: check.Warning, Since: unified,
	Cite: statute.OGI2019.Art(49), Title: i18n.M("rule.stale.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() {
			return nil
		}
		if s.Year == 0 {
			return []check.Finding{{Message: i18n.M("rule.stale.no_year"), Places: []check.Quote{s.whole()}}}
		}
		return append(append(s.period(), s.lastYears()...), s.plans()...)
	},
}

// periodWords announce the statement of the statistical period.
var periodWords = []string{
	"统计期限", "统计周期", "统计时限", "统计期间", "统计时间", "统计时段", "统计年度", "统计区间", "统计起止",
	"数据期限", "数据时限", "数据的期限", "数据的时限", "数据时间", "数据的时间",
}

// period checks the statement 统计期限自2023年1月1日起至2023年12月31日止.
func (s *Subject) period() []check.Finding {
	at, text, ok := s.periodText()
	if !ok {
		return []check.Finding{{
			Message: i18n.M("rule.period.none"), Places: []check.Quote{s.whole()},
			Advice: i18n.M("rule.period.none.advice", "year", s.Year),
		}}
	}
	var m i18n.Message
	switch d := datesIn(text); {
	case d.whole(s.Year), len(d) == 0: // 二〇二三年一月一日
		return nil
	case !d.proper():
		m = i18n.M("rule.period.malformed")
	case d.years(s.Year):
		m = i18n.M("rule.period.range", "year", s.Year)
	default:
		m = i18n.M("rule.period.year", "year", s.Year)
	}
	return []check.Finding{{Message: m, Places: []check.Quote{at}, Advice: i18n.M("rule.period.advice", "year", s.Year)}}
}

// periodText finds the statement: what stands between its announcing word and the full stop.
// The text is looked through where what the reader took for the statement is no period.
func (s *Subject) periodText() (check.Quote, string, bool) {
	label := i18n.M("rule.at.period")
	if t := s.Period; t.Text != "" {
		rest := t.Text
		for _, w := range periodWords {
			if i := strings.Index(rest, w); i >= 0 {
				rest = rest[i+len(w):]
				break
			}
		}
		if datesIn(rest).proper() {
			return check.Quote{At: t.At, Text: t.Text, Label: label}, rest, true
		}
	}
	for n, p := range s.passages {
		for _, w := range periodWords {
			i := strings.Index(p.text.Text, w)
			if i < 0 {
				continue
			}
			rest := s.sentenceFrom(n, i+len(w))
			q := s.quote(p, i, min(i+len(w)+len(rest), len(p.text.Text)))
			q.Label = label
			return q, rest, true
		}
	}
	return s.plainPeriod()
}

// sentenceFrom returns the rest of the sentence at byte i of passage n. Sources that break
// lines may break it over several passages.
func (s *Subject) sentenceFrom(n, i int) string {
	const lines = 3
	rest := s.passages[n].text.Text[i:]
	for k := n + 1; k < len(s.passages) && k <= n+lines && !strings.ContainsAny(rest, "。；"); k++ {
		rest += s.passages[k].text.Text
	}
	if j := strings.IndexAny(rest, "。；"); j >= 0 {
		rest = rest[:j]
	}
	return rest
}

// plainPeriod finds a statement without an announcing word: 本报告数据自1月1日至12月31日.
func (s *Subject) plainPeriod() (check.Quote, string, bool) {
	for _, p := range s.passages {
		if p.section != "" && p.section != "s1" {
			continue
		}
		text := p.text.Text
		end := strings.Index(text, "12月31日")
		if end < 0 {
			end = strings.Index(text, "12 月 31 日")
		}
		if end < 0 {
			continue
		}
		start := strings.LastIndexAny(text[:end], "。；") + 1
		if !strings.Contains(strings.ReplaceAll(text[start:end], " ", ""), "1月1日") {
			continue
		}
		q := s.quote(p, start, end)
		q.Label = i18n.M("rule.at.period")
		rest := text[start:]
		if !datesIn(rest).proper() {
			rest = "" // other dates in the sentence: it states a period, and no more can be said
		}
		return q, rest, true
	}
	return check.Quote{}, "", false
}

// written is a number and the unit behind it: 2023年, 1月, 1日.
type written struct {
	n    int
	unit rune
}

type dates []written

// datesIn reads the numbers with units up to the second day.
func datesIn(text string) dates {
	var d dates
	n, digits, ends := 0, false, 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9' && n < 1e7:
			n, digits = n*10+int(r-'0'), true
		case r == ' ' || r == '\t' || r == '　' || r == '\u00a0':
		default:
			if digits && (r == '年' || r == '月' || r == '日') {
				d = append(d, written{n, r})
				if r == '日' {
					ends++
				}
			}
			n, digits = 0, false
		}
		if ends == 2 {
			break
		}
	}
	return d
}

// units spells the units: 年月日年月日.
func (d dates) units() string {
	var b strings.Builder
	for _, w := range d {
		b.WriteRune(w.unit)
	}
	return b.String()
}

// proper reports whether d is a period written without a slip.
func (d dates) proper() bool {
	switch d.units() {
	case "年月日年月日", "年月日月日", "年月年月", "年月月", "年":
	default:
		return false
	}
	for _, w := range d {
		if w.unit == '月' && w.n > 12 || w.unit == '日' && w.n > 31 || w.unit == '年' && (w.n < 1900 || w.n > 2999) {
			return false
		}
	}
	return true
}

// years reports whether every year in d is y.
func (d dates) years(y int) bool {
	for _, w := range d {
		if w.unit == '年' && w.n != y {
			return false
		}
	}
	return true
}

// whole reports whether d is the whole year y.
func (d dates) whole(y int) bool {
	if !d.proper() || !d.years(y) {
		return false
	}
	var ends []int
	for _, w := range d {
		if w.unit != '年' {
			ends = append(ends, w.n)
		}
	}
	switch len(ends) {
	case 0:
		return true
	case 2:
		return ends[0] == 1 && ends[1] == 12
	}
	return ends[0] == 1 && ends[1] == 1 && ends[2] == 12 && ends[3] == 31
}

// lastYears reports last year's number where the text speaks of this year's work: anywhere
// but in section five, which must come back to last year's problems.
func (s *Subject) lastYears() []check.Finding {
	old := strconv.Itoa(s.Year - 1)
	var at []check.Quote
	for _, p := range s.passages {
		if p.section == "s5" {
			continue
		}
		text := p.text.Text
		for from := 0; ; {
			i := strings.Index(text[from:], old)
			if i < 0 {
				break
			}
			i += from
			from = i + len(old)
			end := yearEnd(text, from)
			if end < 0 || i > 0 && digit(text[i-1]) || reasonBefore(text[:i]) || reasonAfter(text[end:]) ||
				s.inPeriod(p, i) || s.besideThisYear(text, i) || intends(text[end:]) {
				continue
			}
			at = append(at, s.quote(p, i, end))
		}
	}
	if len(at) == 0 {
		return nil
	}
	n := len(at)
	return []check.Finding{{
		Message: i18n.M("rule.stale", "old", s.Year-1, "year", s.Year, "n", n), Places: at[:min(n, 5)],
	}}
}

// plans reports intentions that name a year gone by: 2022年，我局将继续努力 in the report on
// 2024. In section five the report's own year is gone by too.
func (s *Subject) plans() []check.Finding {
	var out []check.Finding
	for _, p := range s.passages {
		text := p.text.Text
		for from := 0; ; {
			i := yearIndex(text[from:])
			if i < 0 {
				break
			}
			i += from
			from = i + 4
			y, err := strconv.Atoi(text[i:from])
			end := yearEnd(text, from)
			old := y < s.Year || y == s.Year && p.section == "s5"
			if err != nil || end < 0 || !old || y < s.Year-3 || !intends(text[end:]) {
				continue
			}
			out = append(out, check.Finding{
				Message: i18n.M("rule.stale.plan", "old", y, "next", s.Year+1),
				Places:  []check.Quote{s.quote(p, i, end)},
			})
		}
	}
	return out
}

// aims follow 将 where it means shall: 将继续, but not 将公开工作列入议程.
var aims = []string{
	"继续", "进一步", "不断", "持续", "着力", "着重", "努力", "从以下", "加大", "加强", "严格", "围绕", "积极", "切实", "坚持", "深入",
}

// intends reports whether words behind a year say what shall be done in it: ，我局将继续.
func intends(after string) bool {
	const reach = 10 // characters up to 将: the body's name
	before, what, found := strings.Cut(after, "将")
	if !found || utf8.RuneCountInString(before) > reach || strings.ContainsAny(before, "。；提出底末初") {
		return false
	}
	for _, aim := range aims {
		if strings.HasPrefix(what, aim) {
			return true
		}
	}
	return false
}

// inPeriod reports whether byte i of p stands in the statement of the period, which has its
// own finding.
func (s *Subject) inPeriod(p passage, i int) bool {
	start := strings.LastIndexAny(p.text.Text[:i], "。；")
	for _, w := range periodWords {
		if strings.Contains(p.text.Text[max(start, 0):i], w) {
			return true
		}
	}
	return false
}

// besideThisYear reports whether the sentence around byte i names the report's year too: it
// compares, or lists what belongs to both.
func (s *Subject) besideThisYear(text string, i int) bool {
	start := strings.LastIndexAny(text[:i], "。；") + 1
	clause := text[start:]
	if end := strings.IndexAny(text[i:], "。；"); end >= 0 {
		clause = text[start : i+end]
	}
	return strings.Contains(clause, strconv.Itoa(s.Year))
}

// yearEnd returns the byte behind 年, where only blanks stand before it, else -1.
func yearEnd(text string, from int) int {
	for from < len(text) {
		r, size := utf8.DecodeRuneInString(text[from:])
		from += size
		switch r {
		case ' ', '　', '\u00a0':
		case '年':
			return from
		default:
			return -1
		}
	}
	return -1
}

// opening are brackets and quotation marks inside which a year belongs to a title.
var opening = []struct{ open, close string }{{"《", "》"}, {"“", "”"}, {"（", "）"}, {"(", ")"}, {"〔", "〕"}}

// reasonBefore reports a year that is compared with, begins a range, or stands in a title.
func reasonBefore(before string) bool {
	for _, b := range opening {
		if o := strings.LastIndex(before, b.open); o >= 0 && o > strings.LastIndex(before, b.close) {
			return true
		}
	}
	clause := before[strings.LastIndexAny(before, "。；")+1:]
	if strings.Contains(clause, "决算") || strings.Contains(clause, "预算") {
		return true
	}
	before = strings.TrimRight(before, " 　\u00a0")
	for _, w := range []string{"较", "比", "自", "从", "与", "同", "于", "由", "至", "到", "截止", "-", "－", "—", "~", "～", "和"} {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return false
}

// pastWords show, within the clause, that last year is meant.
var pastWords = []string{
	"决算", "预算", "年报", "年度报告", "审计", "考核", "考评", "评估", "测评", "以来", "同期", "相比", "相较",
	"未办结", "未办理", "未答复", "上升", "下降", "增长", "增加", "减少", "提高", "结转", "转结", "遗留", "整改", "问题", "上年", "去年", "绩效", "公报", "报告", "总结", "资金",
}

// pastStarts show, right behind the year, that a date in the past is meant.
var pastStarts = []string{
	"起", "底", "末", "初", "前", "后", "-", "－", "—", "~", "～", "至", "印发", "修订", "出台", "成立", "开通", "启动", "获评", "荣获", "制定的", "版",
}

// reasonAfter reports a year that is meant as a past one.
func reasonAfter(after string) bool {
	after = strings.TrimLeft(after, " 　\u00a0")
	if after != "" && digit(after[0]) {
		return true
	}
	for _, w := range pastStarts {
		if strings.HasPrefix(after, w) {
			return true
		}
	}
	clause := after
	if i := strings.IndexAny(clause, "。；"); i >= 0 {
		clause = clause[:i]
	}
	clause = clipRunes(clause, 20)
	for _, w := range pastWords {
		if strings.Contains(clause, w) {
			return true
		}
	}
	return false
}

// clipRunes returns the first n runes of s.
func clipRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// paragraphAt says where a text of another report stands.
func paragraphAt(t annual.Text, from, to int, label i18n.Message) check.Quote {
	r := []rune(t.Text)
	to = min(to, len(r))
	return check.Quote{At: t.Locate(from, to), Label: label, Text: clipped(string(r[from:to]))}
}

// clipped shortens a quotation.
func clipped(s string) string {
	const most = 60
	if c := clipRunes(s, most); c != s {
		return c + "…"
	}
	return s
}
