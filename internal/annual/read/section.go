package read

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gongkai/internal/annual"
)

// paragraphs joins the lines of running text between rows from and to, leaving out the
// rows of the table that stands among them.
func paragraphs(rows []row, from, to, width int, inTable func(int) bool) []annual.Text {
	j := &joiner{width: width}
	if w := drawnWidth(rows); w > 0 {
		j.width, j.marked = w, true
	}
	for i := from; i < to; i++ {
		r := rows[i]
		switch {
		case inTable(i) || pageNumber(r) || lonePage(r):
			continue
		case r.ends || len(r.toks) == 0:
			j.gap()
		case r.grid:
			j.flush()
			for _, t := range r.toks {
				if t.text != "" {
					j.out = append(j.out, annual.Text{Text: t.text, At: t.at})
				}
			}
		default:
			j.line(r)
		}
	}
	j.flush()
	return j.out
}

// lonePage reports a line that is a number and nothing else: among paragraphs, a page's.
func lonePage(r row) bool {
	t := strings.TrimFunc(r.text, isSpace)
	return !r.grid && onlyDigits(t) && len(t) <= 3
}

// joiner puts lines together that the source broke at the margin.
type joiner struct {
	out    []annual.Text
	cur    annual.Text
	width  int  // runes of a full line, 0 where lines are paragraphs already
	marked bool // first lines are indented, others are not
	full   bool
	ended  bool // the last line ends a sentence
}

// lineWidth is the length of the source's full lines, 0 if its lines are no margin-broken
// ones: many lines of nearly one length.
func lineWidth(rows []row) int {
	const longest = 60 // no page sets more full-width characters on a line
	count := map[int]int{}
	lines, over := 0, 0
	for _, r := range rows {
		switch n := runeWidth(r.text); {
		case r.grid || r.whole || n < 18:
		case n > longest:
			over++
		default:
			count[n/2]++
			lines++
		}
	}
	best, at := 0, 0
	for n := range count {
		near := count[n-1] + count[n] + count[n+1]
		if near > best || near == best && n > at {
			best, at = near, n
		}
	}
	if lines < 6 || best*2 < lines || over*5 > lines {
		return 0
	}
	return 2 * at
}

// drawnWidth is the length of the longest line of a drawn source that indents the first
// lines of paragraphs, 0 of any other.
func drawnWidth(rows []row) int {
	longest, indents := 0, 0
	for _, r := range rows {
		if !r.drawn || r.grid {
			continue
		}
		if strings.HasPrefix(r.text, "　　") {
			indents++
		} else {
			longest = max(longest, runeWidth(r.text))
		}
	}
	if indents < 3 || longest > 60 {
		return 0
	}
	return longest
}

// runeWidth counts full-width characters; two ASCII characters count as one.
func runeWidth(s string) int {
	n := 0
	for _, r := range strings.TrimFunc(s, isSpace) {
		if r < 0x2000 {
			n++
		} else {
			n += 2
		}
	}
	return (n + 1) / 2
}

func (j *joiner) line(r row) {
	text := strings.TrimFunc(r.text, isSpace)
	lead := utf8.RuneCountInString(r.text) - utf8.RuneCountInString(strings.TrimLeftFunc(r.text, isSpace))
	at := r.at
	at.Start = lead
	indented := strings.HasPrefix(r.text, "　　") || strings.HasPrefix(r.text, "    ")
	goesOn := j.width > 0 && j.full && !opens(text)
	if j.marked {
		goesOn = j.full || !j.ended
	}
	if j.cur.Text != "" && !indented && goesOn {
		j.cur.Lines = append(j.cur.Lines, annual.Line{Start: utf8.RuneCountInString(j.cur.Text), At: at})
		j.cur.Text += text
	} else {
		j.flush()
		j.cur = annual.Text{Text: text, At: at}
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	j.ended = strings.ContainsRune("。！？", last)
	j.full = runeWidth(text) >= j.width-3 || !strings.ContainsRune("。；：！？", last) && runeWidth(text) >= j.width-6
}

// gap is an empty line: it ends a paragraph, unless the page ended in the middle of a line.
func (j *joiner) gap() {
	if j.width == 0 || !j.full {
		j.flush()
	}
}

func (j *joiner) flush() {
	if j.cur.Text != "" {
		j.out = append(j.out, j.cur)
	}
	j.cur, j.full = annual.Text{}, false
}

// opens reports the start of a paragraph: 一、 （一） 1. （1）.
func opens(text string) bool {
	enum, rest := splitEnum(label(text))
	if enum == "" || rest == "" {
		return false
	}
	return strings.ContainsAny(enum, "（、.．") && !strings.HasPrefix(rest, "0")
}

// signature finds the body and the day at the end of a report, and where the report ends:
// what stands below is the page's, not the report's.
func signature(rows []row, from int) (who annual.Text, day annual.Day, end int) {
	end = len(rows)
	for i := len(rows) - 1; i >= from; i-- {
		r := rows[i]
		if r.grid || len(r.toks) != 1 {
			continue
		}
		text := strings.TrimFunc(r.text, isSpace)
		d, ok := wholeDate(text)
		name := ""
		if !ok {
			name, d, ok = nameAndDate(text)
		}
		if !ok {
			continue
		}
		day = annual.Day{Date: d, Text: text, At: r.at}
		if name != "" {
			return annual.Text{Text: name, At: r.at}, day, i
		}
		who, at := above(rows, i, from)
		if who.Text == "" {
			at = i
		}
		return who, day, at
	}
	return annual.Text{}, annual.Day{}, end
}

// nameAndDate reads a signature on one line: 某局 2024年1月19日.
func nameAndDate(text string) (string, dateValue, bool) {
	fields := strings.FieldsFunc(text, isSpace)
	if utf8.RuneCountInString(text) > 50 {
		return "", dateValue{}, false
	}
	if whole := compact(text); chineseDate.MatchString(whole) { // 某局2024年1月19日
		at := chineseDate.FindStringIndex(whole)
		if d, ok := findDate(whole); ok && at[1] == len(whole) && at[0] > 0 && bodyName(whole[:at[0]]) {
			return whole[:at[0]], d, true
		}
	}
	for cut := 1; cut < len(fields); cut++ {
		if d, ok := wholeDate(strings.Join(fields[cut:], "")); ok && bodyName(strings.Join(fields[:cut], "")) {
			return strings.Join(fields[:cut], ""), d, true
		}
	}
	return "", dateValue{}, false
}

// above looks for the signing body in the lines just above its date.
func above(rows []row, i, from int) (annual.Text, int) {
	for k := i - 1; k >= from && k >= i-4; k-- {
		r := rows[k]
		if r.ends || len(r.toks) == 0 {
			continue
		}
		text := strings.TrimFunc(r.text, isSpace)
		if name := unsealed.Replace(compact(text)); len(r.toks) == 1 && bodyName(name) {
			return annual.Text{Text: name, At: r.at}, k
		}
		break
	}
	return annual.Text{}, i
}

// unsealed takes off what stands for the seal behind a signature.
var unsealed = strings.NewReplacer("（盖章）", "", "(盖章)", "", "（公章）", "", "(公章)", "", "（印章）", "", "（章）", "")

// bodyEnds are the last words of public bodies' names.
var bodyEnds = []string{
	"局", "委", "委员会", "政府", "办", "办公室", "厅", "部", "院", "会", "中心", "管委会", "街道", "镇", "乡", "署",
	"司", "队", "支队", "所", "处", "站", "银行", "学校", "大学", "学院", "公司", "馆", "社", "台", "办事处", "区", "县", "市",
}

// bodyName reports whether words look like the name of a public body.
func bodyName(s string) bool {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 30 || strings.ContainsAny(s, "，。；：:,;、！？") {
		return false
	}
	s = strings.TrimRight(s, "）)")
	for _, e := range bodyEnds {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}

// tail are lines of a page that stand below its report.
var tail = []string{
	"附件", "相关文档", "扫一扫", "打印本页", "关闭窗口", "【打印】", "分享到", "上一篇", "下一篇", "版权所有", "主办单位", "网站标识码",
	"公网安备", "ICP备", "网站地图", "联系我们", "相关链接", "友情链接", "责任编辑", "返回顶部", "展开阅读全文", "相关新闻", "相关信息",
	"主办：", "承办：", "备案", "技术支持", "微信扫码", "浏览次数", "政府网站找错",
}

// furniture reports a line that belongs to the page.
func furniture(text string) bool {
	t := compact(text)
	if n := utf8.RuneCountInString(t); n > 60 || t == "" {
		return n <= 200 && footer(t)
	}
	for _, w := range tail {
		if strings.HasPrefix(t, w) || strings.Contains(t, w) && !strings.ContainsAny(t, "。，") {
			return true
		}
	}
	return strings.HasPrefix(t, "./") || strings.HasPrefix(t, "http://") || strings.HasPrefix(t, "https://") || t == "•" || t == "-"
}

// footer reports a long line of a page's foot: several of its words and no sentence.
func footer(t string) bool {
	found := 0
	for _, w := range tail {
		if strings.Contains(t, w) {
			found++
		}
	}
	return found >= 3 && !strings.Contains(t, "。")
}

// sections cuts the report into its six parts.
func sections(r *annual.Report, rows []row, heads []heading, end int, tables map[string]gathered) {
	inTable := func(i int) bool {
		for _, g := range tables {
			if g.seen && i >= g.from && i < g.to {
				return !rows[i].isProse()
			}
		}
		return false
	}
	opened := map[string]heading{}
	width := lineWidth(rows)
	for i, h := range heads {
		opened[h.key] = h
		to := end
		if i+1 < len(heads) {
			to = heads[i+1].row
		}
		if to < h.row+1 {
			to = h.row + 1
		}
		s := annual.Section{Key: h.key, Heading: annual.Text{Text: h.text, At: rows[h.row].at}}
		if h.rest != "" {
			at := rows[h.row].at
			at.Start = h.from
			s.Paragraphs = append(s.Paragraphs, annual.Text{Text: h.rest, At: at})
		}
		s.Paragraphs = append(s.Paragraphs, paragraphs(rows, h.row+1, to, width, inTable)...)
		s.Paragraphs = trimTail(s.Paragraphs, i+1 == len(heads))
		if r.Form.Section(h.key).Table != "" {
			s.Paragraphs, r.Extras = localLines(s.Paragraphs, r.Extras)
		}
		r.Sections = append(r.Sections, s)
	}
	complete(r, opened)
}

// localLine is a line that a place adds to a table: a label, a colon and a figure.
var localLine = regexp.MustCompile(`^[^。；，]{6,60}[：:]\s*\d[\d,.]*\s*\p{Han}{0,2}$`)

// localLines parts the lines that a place added to a table from the running text.
func localLines(ps, extras []annual.Text) (text, added []annual.Text) {
	for _, p := range ps {
		if localLine.MatchString(strings.TrimFunc(p.Text, isSpace)) {
			extras = append(extras, p)
		} else {
			text = append(text, p)
		}
	}
	return text, extras
}

// isProse reports a line of running text inside the rows of a table.
func (r row) isProse() bool {
	return !r.grid && !r.pipes && strings.Contains(r.text, "。") && utf8.RuneCountInString(r.text) > 30
}

// trimTail drops page furniture below the last section.
func trimTail(ps []annual.Text, last bool) []annual.Text {
	if !last {
		return ps
	}
	for i, p := range ps {
		if furniture(p.Text) {
			return ps[:i]
		}
	}
	return ps
}

// complete adds the sections whose heading the source lacks, in the form's order. Text on
// problems and improvements that stands below table four belongs to section five.
func complete(r *annual.Report, opened map[string]heading) {
	var all []annual.Section
	for _, fs := range r.Form.Sections {
		if s := r.Section(fs.Key); s != nil {
			all = append(all, *s)
		} else {
			all = append(all, annual.Section{Key: fs.Key, Missing: true})
		}
	}
	r.Sections = all
	s4, s5 := r.Section("s4"), r.Section("s5")
	if s4 == nil || s5 == nil || !s5.Missing || len(opened) < 3 {
		return
	}
	for i, p := range s4.Paragraphs {
		head := firstRunes(p.Text, 24)
		if strings.Contains(head, "问题") || strings.Contains(head, "不足") || strings.Contains(head, "改进") {
			s5.Paragraphs = append(s5.Paragraphs, s4.Paragraphs[i:]...)
			s4.Paragraphs = s4.Paragraphs[:i]
			return
		}
	}
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
