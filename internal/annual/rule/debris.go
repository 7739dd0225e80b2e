package rule

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// debris: no placeholders, bookmarks, remnants of a web page or a template, and no slips of
// the pen that can be told without understanding the sentence (R-AR-25).
//
// 条例第六条第一款：“行政机关应当及时、准确地公开政府信息。”
var debris = check.Rule[*Subject]{
	Code: "R-AR-25", Severity: check.Warning, Since: unified,
	Cite: statute.OGI2019.Art(6, 1), Title: i18n.M("rule.debris.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() {
			return nil
		}
		c := collected{s: s}
		for _, p := range s.passages {
			scan(p.text.Text, func(x slip) { c.add(p, x) })
		}
		return c.findings
	},
}

// flaw is the kind of a slip.
type flaw string

const (
	placeholder flaw = "placeholder" // ××年, XX局
	remnant     flaw = "remnant"     // [bookmark: _GoBack]
	template    flaw = "template"    // a remark of the form left in: （文字描述）
	misspelt    flaw = "misspelt"    // 持续突进
	doubled     flaw = "doubled"     // 资金资金
	stops       flaw = "stops"       // ，，
)

// slip is one thing found in a text.
type slip struct {
	flaw       flaw
	start, end int    // bytes
	right      string // what it should be, where that is known
}

// collected gathers slips, the same words in several places as one finding.
type collected struct {
	s        *Subject
	findings []check.Finding
	index    map[string]int
}

func (c *collected) add(p passage, x slip) {
	words := p.text.Text[x.start:x.end]
	key := string(x.flaw) + words
	if i, ok := c.index[key]; ok {
		c.findings[i].Places = append(c.findings[i].Places, c.s.quote(p, x.start, x.end))
		return
	}
	if c.index == nil {
		c.index = map[string]int{}
	}
	c.index[key] = len(c.findings)
	f := check.Finding{Message: x.message(words), Places: []check.Quote{c.s.quote(p, x.start, x.end)}}
	if x.flaw == stops {
		f.Severity = check.Info
	}
	c.findings = append(c.findings, f)
}

func (x slip) message(words string) i18n.Message {
	switch x.flaw {
	case placeholder:
		return i18n.M("rule.debris.placeholder", "words", words)
	case remnant:
		return i18n.M("rule.debris.remnant", "words", words)
	case template:
		return i18n.M("rule.debris.template", "words", words)
	case doubled:
		return i18n.M("rule.debris.doubled", "words", words)
	case stops:
		return i18n.M("rule.debris.stops", "words", words)
	}
	return i18n.M("rule.debris.misspelt", "words", words, "right", x.right)
}

// known is a fixed string that is always a slip.
type known struct {
	words string
	flaw  flaw
	right string
}

// lexicon lists what reports leave in and misspell, by first rune. A misspelling is listed
// only if no correct sentence can hold its characters: 按排 is not, because of 按排名通报.
var lexicon = byFirstRune([]known{
	{"[bookmark:", remnant, ""},
	{"_GoBack", remnant, ""},
	{"javascript:", remnant, ""},
	{"document.write", remnant, ""},
	{"function(", remnant, ""},
	{"</", remnant, ""},
	{"<br", remnant, ""},
	{"&nbsp;", remnant, ""},
	{"错误!未", remnant, ""},
	{"错误！未", remnant, ""},
	{"#REF!", remnant, ""},
	{"HYPERLINK", remnant, ""},
	{"单击此处", remnant, ""},
	{"点击此处输入", remnant, ""},
	{"（文字描述）", template, ""},
	{"(文字描述)", template, ""},
	{"（此处填", template, ""},
	{"待补充", template, ""},
	{"该部分以表格形式报告", template, ""},
	{"工作告年度报", misspelt, "工作年度报告"},
	{"年度报告报告", misspelt, "年度报告"},
	{"持续突进", misspelt, "持续推进"},
	{"布署", misspelt, "部署"},
	{"部暑", misspelt, "部署"},
	{"不段完善", misspelt, "不断完善"},
	{"不段提", misspelt, "不断提"},
	{"再接再励", misspelt, "再接再厉"},
	{"一如继往", misspelt, "一如既往"},
	{"因地治宜", misspelt, "因地制宜"},
	{"座淡会", misspelt, "座谈会"},
	{"截止目前", misspelt, "截至目前"},
	{"截止到目前", misspelt, "截至目前"},
})

// slipFirst are the runes with which a slip can begin.
var slipFirst = func() filter {
	var f filter
	for r := range lexicon {
		f.add(r)
	}
	for _, r := range "Xx×Ｘ*＊_截点" {
		f.add(r)
	}
	return f
}()

func byFirstRune(all []known) map[rune][]known {
	m := map[rune][]known{}
	for _, k := range all {
		r, _ := utf8.DecodeRuneInString(k.words)
		m[r] = append(m[r], k)
	}
	return m
}

// scan walks a text once and yields its slips in order.
func scan(text string, yield func(slip)) {
	var recent window
	until := 0 // bytes already part of a slip
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		recent.push(r, i)
		if x, ok := slipHere(text, i, r, size, &recent); ok && x.start >= until {
			yield(x)
			until = x.end
		}
		i += size
	}
}

// slipHere recognises a slip that begins with the rune at byte i, or a doubling that ends
// with it.
func slipHere(text string, i int, r rune, size int, recent *window) (slip, bool) {
	if x, ok := slipAt(text, i, r); ok {
		return x, true
	}
	start, ok := recent.doubled(text[i+size:])
	if !ok {
		return slip{}, false
	}
	if han(r) {
		return slip{flaw: doubled, start: start, end: i + size}, true
	}
	return slip{flaw: stops, start: start, end: i + size}, true
}

// slipAt recognises a slip that begins at byte i with rune r.
func slipAt(text string, i int, r rune) (slip, bool) {
	if !slipFirst.may(r) {
		return slip{}, false
	}
	for _, k := range lexicon[r] {
		if strings.HasPrefix(text[i:], k.words) {
			end := i + len(k.words)
			if r == '[' {
				end += strings.IndexByte(text[end:], ']') + 1
			}
			return slip{flaw: k.flaw, start: i, end: end, right: k.right}, true
		}
	}
	switch r {
	case 'X', 'x', '×', 'Ｘ', '*', '＊':
		return crosses(text, i, r)
	case '_':
		return rule(text, i)
	case '截':
		return asOf(text, i)
	case '点':
		return button(text, i)
	}
	return slip{}, false
}

// crosses recognises crosses that stand for what was to be filled in: two or more, a number
// of crosses and strokes (XXXX-XXXXXXX), or one before a classifier (X月X日). Crosses in an
// address or an English word are none.
func crosses(text string, i int, r rune) (slip, bool) {
	end, n := i, 0
	for end < len(text) {
		c, size := utf8.DecodeRuneInString(text[end:])
		next, _ := utf8.DecodeRuneInString(text[end+size:])
		if c != r && (c != '-' || n < 3 || next != r) {
			break
		}
		end += size
		n++
	}
	before, size := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[end:])
	switch {
	case before == r:
		return slip{}, false // judged with the cross before it
	case after == '年' && strings.HasSuffix(text[:i], "20"):
		return slip{flaw: placeholder, start: i - 2*size, end: end + utf8.RuneLen(after)}, true
	case latin(before) || latin(after):
		return slip{}, false
	case r == '*' || r == '＊':
		return slip{flaw: placeholder, start: i, end: end}, n > 1 && han(before) && han(after) // not **bold** headings
	case n == 1:
		return slip{flaw: placeholder, start: i, end: crossed(text, i, r)}, strings.ContainsRune("年月日件条", after)
	}
	return slip{flaw: placeholder, start: i, end: end}, true
}

// crossed returns the end of a row of single crosses with their classifiers: X年X月X日.
func crossed(text string, i int, r rune) int {
	for strings.HasPrefix(text[i:], string(r)) {
		i += utf8.RuneLen(r)
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return i
}

// rule recognises a line that was drawn to be written on: ____.
func rule(text string, i int) (slip, bool) {
	end := i + len(text[i:]) - len(strings.TrimLeft(text[i:], "_"))
	return slip{flaw: placeholder, start: i, end: end}, end-i > 2 && end-i < 20
}

// latin reports letters, digits and the signs of addresses.
func latin(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("./-_@:", r))
}

// asOf recognises 截止 before a date or a time, where 截至 is right; 截止日期 and 截止时间 are
// words of their own.
func asOf(text string, i int) (slip, bool) {
	const words = "截止"
	if !strings.HasPrefix(text[i:], words) {
		return slip{}, false
	}
	rest := strings.TrimLeft(text[i+len(words):], " 　到")
	if rest == "" || !digit(rest[0]) || len(rest) < 4 {
		return slip{}, false
	}
	return slip{flaw: misspelt, start: i, end: i + len(words), right: "截至"}, true
}

// button recognises the words of a link that were copied along: they stand on their own,
// while 方便群众点击查看 is a sentence.
func button(text string, i int) (slip, bool) {
	for _, words := range []string{"点击查看", "点击下载", "点击进入"} {
		if !strings.HasPrefix(text[i:], words) {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		if i == 0 || !han(before) {
			return slip{flaw: remnant, start: i, end: i + len(words)}, true
		}
	}
	return slip{}, false
}

func han(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }

// window holds the last eight runes of a text and where each began.
type window struct {
	runes [8]rune
	bytes [8]int
	n     int
}

func (w *window) push(r rune, at int) {
	w.runes[w.n%8], w.bytes[w.n%8] = r, at
	w.n++
}

// at returns the i-th rune from the end, 0 being the last.
func (w *window) at(i int) rune {
	if i >= w.n || i >= 8 {
		return 0
	}
	return w.runes[(w.n-1-i)%8]
}

func (w *window) start(i int) int { return w.bytes[(w.n-1-i)%8] }

// doubled reports whether the text just read ends in a word written twice, and where the
// doubling began.
func (w *window) doubled(after string) (int, bool) {
	switch {
	case w.stopTwice():
		return w.start(1), true
	case w.at(0) == '的' && w.at(1) == '的':
		next, _ := utf8.DecodeRuneInString(after)
		return w.start(1), w.at(2) != '目' && next != '确' && next != '士'
	case w.twice(4) && !plainTwice[w.word(4)]:
		return w.start(7), true
	case w.twice(3) && !plainTwice[w.word(3)] && w.at(2) != '一':
		return w.start(5), true
	case w.twice(2) && !plainTwice[w.word(2)] && w.at(1) != '一' && !strings.HasPrefix(after, "化"):
		return w.start(3), true
	case w.at(0) == w.at(4) && w.at(1) == w.at(5) && verbs[w.pair(0)] && verbs[w.pair(2)] && w.pair(0) != w.pair(2):
		return w.start(5), true
	}
	return 0, false
}

func (w *window) pair(i int) [2]rune { return [2]rune{w.at(i + 1), w.at(i)} }

// stopTwice reports a punctuation mark written twice.
func (w *window) stopTwice() bool {
	return w.at(0) == w.at(1) && strings.ContainsRune("，。、；：", w.at(0)) && w.at(2) != w.at(0)
}

// word returns the last n runes.
func (w *window) word(n int) string {
	r := make([]rune, n)
	for i := range r {
		r[i] = w.at(n - 1 - i)
	}
	return string(r)
}

// twice reports whether the last n runes are Chinese, not all the same, and repeat the n
// before them.
func (w *window) twice(n int) bool {
	if w.n < 2*n || w.at(0) == w.at(1) && w.at(1) == w.at(n-1) {
		return false
	}
	for i := range n {
		if !han(w.at(i)) || w.at(i) != w.at(i+n) {
			return false
		}
	}
	return true
}

// plainTwice are words that may follow themselves: 人民政府政府信息公开, 各部门部门预算.
var plainTwice = map[string]bool{
	"政府": true, "公开": true, "工作": true, "安全": true, "部门": true, "机关": true, "社会": true, "信息": true, "管理": true,
	"服务": true, "单位": true, "中心": true, "数据": true, "办公室": true, "委员会": true, "办事处": true, "研究": true, "讨论": true,
	"政策": true, "网站": true, "平台": true, "文件": true, "系统": true, "制度": true, "监督": true, "监管": true, "街道": true, "社区": true,
	"学校": true, "企业": true, "项目": true, "行政": true, "人员": true, "建设": true, "发展": true, "领域": true, "教育": true, "指南": true,
	"目录": true, "栏目": true, "申请": true, "财政": true, "预算": true, "领导小组": true,
}

// verbs that drafts pile up: 贯彻落实贯彻 is one too many.
var verbs = func() map[[2]rune]bool {
	m := map[[2]rune]bool{}
	for _, v := range []string{"贯彻", "落实", "推进", "加强", "完善", "提升", "规范", "做好", "开展", "提高", "强化", "健全", "深化", "优化"} {
		r := []rune(v)
		m[[2]rune{r[0], r[1]}] = true
	}
	return m
}()
