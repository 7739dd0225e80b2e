package extract

import (
	"strconv"
	"strings"
)

// numbering works out the numbers that Word writes before paragraphs. Headings such as
// 一、总体情况 are often numbered this way, and the text alone then lacks the 一、.
type numbering struct {
	abstracts map[string]*numberList
	nums      map[string]*numberUse
	styles    map[string]numberStyle
	standard  string // style of paragraphs that name none
	started   map[string]bool
}

// numberList is one list and how far it has counted.
type numberList struct {
	id, link string // link: the style that holds the list instead
	levels   [9]numberLevel
	counts   [9]int // 0: not begun
}

// numberLevel is how one level of a list counts.
type numberLevel struct {
	format, text, suffix, style string
	start                       int
	decimal                     bool // shows the levels above it in Arabic digits
}

// numberUse is a use of a list that may begin anew.
type numberUse struct {
	list   string
	starts map[int]int
}

// numberStyle is what a paragraph style says about numbers.
type numberStyle struct{ base, num, level string }

// loadNumbering reads the styles and lists of the document.
func (d *docxReader) loadNumbering() error {
	d.numbering = numbering{abstracts: map[string]*numberList{}, nums: map[string]*numberUse{}, styles: map[string]numberStyle{}, started: map[string]bool{}}
	for kind, load := range map[string]func(*docxReader){"numbering": (*docxReader).lists, "styles": (*docxReader).numberStyles} {
		data, err := d.a.read(d.sibling(kind))
		if err != nil {
			return err
		}
		if data == nil {
			continue
		}
		d.x = newXML(d.r, data)
		load(d)
		if d.x.err != nil {
			return d.x.err
		}
	}
	return nil
}

// numberStyles reads which styles carry numbers.
func (d *docxReader) numberStyles() {
	for d.x.next() {
		if !d.x.opens("style") {
			continue
		}
		id, standard := d.x.attr("styleId"), d.x.attr("type") == "paragraph" && d.x.attr("default") == "1"
		var s numberStyle
		for depth := d.x.depth(); d.x.inside(depth); {
			switch {
			case d.x.opens("basedOn"):
				s.base = d.x.attr("val")
			case d.x.opens("numId"):
				s.num = d.x.attr("val")
			case d.x.opens("ilvl"):
				s.level = d.x.attr("val")
			}
		}
		d.numbering.styles[id] = s
		if standard {
			d.numbering.standard = id
		}
	}
}

// lists reads the lists and their uses.
func (d *docxReader) lists() {
	for d.x.next() {
		switch {
		case d.x.opens("abstractNum"):
			d.list()
		case d.x.opens("num"):
			d.use()
		}
	}
}

func (d *docxReader) list() {
	l := &numberList{id: d.x.attr("abstractNumId")}
	for depth := d.x.depth(); d.x.inside(depth); {
		switch {
		case d.x.opens("numStyleLink"):
			l.link = d.x.attr("val")
		case d.x.opens("lvl"):
			i := d.number("ilvl", 8)
			l.levels[i] = d.level()
		}
	}
	d.numbering.abstracts[l.id] = l
}

func (d *docxReader) level() numberLevel {
	v := numberLevel{start: 1, format: "decimal"}
	for depth := d.x.depth(); d.x.inside(depth); {
		s, ok := d.x.start()
		if !ok {
			continue
		}
		switch s.Name.Local {
		case "start":
			v.start = d.number("val", 1<<30)
		case "numFmt":
			v.format = d.x.attr("val")
		case "lvlText":
			v.text = d.x.attr("val")
		case "suff":
			v.suffix = d.x.attr("val")
		case "pStyle":
			v.style = d.x.attr("val")
		case "isLgl":
			v.decimal = d.on()
		}
	}
	return v
}

// use reads a use of a list. A level described anew replaces the list's own, which holds
// for the one use in all files but hand-made ones.
func (d *docxReader) use() {
	id, u := d.x.attr("numId"), &numberUse{starts: map[int]int{}}
	level := 0
	for depth := d.x.depth(); d.x.inside(depth); {
		switch {
		case d.x.opens("abstractNumId"):
			u.list = d.x.attr("val")
		case d.x.opens("lvlOverride"):
			level = d.number("ilvl", 8)
		case d.x.opens("startOverride"):
			u.starts[level] = d.number("val", 1<<30)
		case d.x.opens("lvl"):
			v := d.level()
			if base := d.numbering.abstracts[u.list]; base != nil {
				own := *base
				own.id += "/" + id
				own.levels[level] = v
				u.list = own.id
				d.numbering.abstracts[own.id] = &own
			}
		}
	}
	d.numbering.nums[id] = u
}

// label counts a paragraph and returns the number before it, "" if it has none.
func (n *numbering) label(style, num, level string) string {
	list, i := n.at(style, num, level)
	if list == nil {
		return ""
	}
	return list.count(i)
}

// at returns the list a paragraph belongs to and the level it stands at; nil if it belongs
// to none.
func (n *numbering) at(style, num, level string) (*numberList, int) {
	if style == "" {
		style = n.standard
	}
	fromStyle := num == ""
	if fromStyle {
		num, level = n.ofStyle(style)
	}
	use := n.nums[num]
	if num == "" || num == "0" || use == nil {
		return nil, 0
	}
	list := n.follow(use)
	if list == nil {
		return nil, 0
	}
	i, err := strconv.Atoi(level)
	if err != nil || i < 0 || i > 8 {
		i = 0
	}
	if fromStyle && level == "" {
		for j, v := range list.levels {
			if v.style == style && style != "" {
				i = j
			}
		}
	}
	n.begin(num, use, list)
	return list, i
}

// ofStyle returns the list and level a style or one it is based on carries.
func (n *numbering) ofStyle(style string) (num, level string) {
	for range 20 { // styles may be based on each other in a circle
		s, ok := n.styles[style]
		if !ok {
			return "", ""
		}
		if level == "" {
			level = s.level
		}
		if s.num != "" {
			return s.num, level
		}
		style = s.base
	}
	return "", ""
}

// follow returns the list of a use, through a style where the list stands there.
func (n *numbering) follow(use *numberUse) *numberList {
	list := n.abstracts[use.list]
	if list != nil && list.link != "" {
		num, _ := n.ofStyle(list.link)
		if other := n.nums[num]; other != nil {
			list = n.abstracts[other.list]
		}
	}
	return list
}

// begin sets the counts anew at the first paragraph of a use that says so.
func (n *numbering) begin(num string, use *numberUse, list *numberList) {
	if n.started[num] {
		return
	}
	n.started[num] = true
	for i, start := range use.starts {
		list.levels[i].start, list.counts[i] = start, 0
	}
}

// count counts level i and writes its number.
func (l *numberList) count(i int) string {
	for j := 0; j <= i; j++ {
		if l.counts[j] == 0 {
			l.counts[j] = l.levels[j].start + 1 // one more than shown, so that 0 means not begun
		} else if j == i {
			l.counts[j]++
		}
	}
	for j := i + 1; j < 9; j++ {
		l.counts[j] = 0
	}
	v := l.levels[i]
	if v.format == "bullet" || v.format == "none" && v.text == "" {
		return ""
	}
	label := v.text
	for j := range l.levels {
		if l.counts[j] == 0 {
			continue
		}
		format := l.levels[j].format
		if v.decimal {
			format = "decimal"
		}
		label = strings.ReplaceAll(label, "%"+strconv.Itoa(j+1), numeral(l.counts[j]-1, format))
	}
	return label + gapAfter(label, v.suffix)
}

// gapAfter parts a number from the text, unless its own punctuation does.
func gapAfter(label, suffix string) string {
	runes := []rune(label)
	if len(runes) == 0 || suffix == "nothing" || runes[len(runes)-1] > 0x2E80 {
		return ""
	}
	return " "
}

// numeral writes n in one of Word's number formats; those no Chinese document uses are
// written in Arabic digits.
func numeral(n int, format string) string {
	switch format {
	case "none":
		return ""
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "decimalFullWidth", "decimalFullWidth2":
		return digits(n, "０１２３４５６７８９")
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		if n >= 1 && n <= 20 {
			return string(rune('①' + n - 1))
		}
	case "ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2":
		return digits(n, "〇一二三四五六七八九")
	case "chineseCounting", "taiwaneseCounting":
		if n >= 100 {
			return digits(n, "〇一二三四五六七八九")
		}
		return chinese(n, "零一二三四五六七八九", "十百千")
	case "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand", "koreanCounting":
		return chinese(n, "零一二三四五六七八九", "十百千")
	case "chineseLegalSimplified":
		return chinese(n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟")
	case "ideographTraditional":
		return nth(n, "甲乙丙丁戊己庚辛壬癸")
	case "ideographZodiac":
		return nth(n, "子丑寅卯辰巳午未申酉戌亥")
	case "upperLetter", "lowerLetter":
		return letters(n, format == "upperLetter")
	case "upperRoman", "lowerRoman":
		return roman(n, format == "upperRoman")
	}
	return strconv.Itoa(n)
}

// digits writes n with other digits.
func digits(n int, set string) string {
	ten := []rune(set)
	var b strings.Builder
	for _, c := range strconv.Itoa(n) {
		b.WriteRune(ten[c-'0'])
	}
	return b.String()
}

// chinese writes n as people count: 十一, 二十, 一百零三; past 9999 in digits.
func chinese(n int, set, units string) string {
	if n > 9999 {
		return digits(n, set)
	}
	ten, unit := []rune(set), []rune(units)
	if n == 0 {
		return string(ten[0])
	}
	var b strings.Builder
	zero := false
	for i, place := 3, 1000; i >= 0; i, place = i-1, place/10 {
		d := n / place % 10
		switch {
		case d == 0:
			zero = b.Len() > 0
			continue
		case zero:
			b.WriteRune(ten[0])
			zero = false
		}
		if !(i == 1 && d == 1 && b.Len() == 0 && unit[0] == '十') {
			b.WriteRune(ten[d])
		}
		if i > 0 {
			b.WriteRune(unit[i-1])
		}
	}
	return b.String()
}

// nth picks from a cycle such as 甲乙丙丁.
func nth(n int, set string) string {
	all := []rune(set)
	if n < 1 || n > len(all) {
		return strconv.Itoa(n)
	}
	return string(all[n-1])
}

// letters counts a, b … z, aa, bb.
func letters(n int, upper bool) string {
	if n < 1 || n > 26*5 {
		return strconv.Itoa(n)
	}
	base := 'a'
	if upper {
		base = 'A'
	}
	return strings.Repeat(string(base+rune((n-1)%26)), (n-1)/26+1)
}

// roman writes Roman numerals.
func roman(n int, upper bool) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, step := range []struct {
		value int
		text  string
	}{{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for ; n >= step.value; n -= step.value {
			b.WriteString(step.text)
		}
	}
	if upper {
		return strings.ToUpper(b.String())
	}
	return b.String()
}
