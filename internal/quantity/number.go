package quantity

import (
	"gongkai/internal/decimal"
)

// number is a run of figures with its place.
type number struct {
	value      decimal.Decimal
	start, end int
	digits     int  // figures before the decimal point
	whole      bool // no decimal point
	leading0   bool // 0517
}

// maxDigits bounds the figures of a count; longer runs are codes.
const maxDigits = 12

// arabic reads a number in Arabic figures at s.at.
func (s *scanner) arabic() {
	n, ok := s.figures(s.at)
	start := s.at
	s.at = n.end
	if !ok || s.code(n) {
		s.leaveCode()
		return
	}
	if end, ok := s.date(n); ok {
		s.at = end
		return
	}
	s.finish(start, n.value, s.multiply(n.end))
}

// figures reads figures, thousands separators and a decimal point from i on. A comma parts
// thousands only before exactly three figures.
func (s *scanner) figures(i int) (number, bool) {
	n := number{start: i, whole: true}
	n.leading0 = figure(s.rune(i)) == 0 && figure(s.rune(i+1)) >= 0
	var v, frac int64
	places := 0
	for {
		r := s.rune(i)
		switch f := figure(r); {
		case f >= 0 && n.whole:
			n.digits++
			if n.digits <= maxDigits {
				v = v*10 + int64(f)
			}
			i++
			continue
		case f >= 0:
			places++
			if places <= 6 {
				frac = frac*10 + int64(f)
			}
			i++
			continue
		case n.whole && (r == ',' || r == '，') && n.digits <= maxDigits && s.group(i+1) && n.digits%3 == s.lead(n)%3:
			i++
			continue
		case r == '\n' && i > n.start && figure(s.rune(i-1)) >= 0 && figure(s.rune(i+1)) >= 0:
			i++ // the line wrapped inside the number
			continue
		case n.whole && (r == '.' || r == '．') && figure(s.rune(i+1)) >= 0:
			n.whole = false
			i++
			continue
		}
		break
	}
	n.end = i
	if n.digits > maxDigits || places > 6 {
		return n, false
	}
	for p := places; p < 6; p++ {
		frac *= 10
	}
	n.value = decimal.Int(v) + decimal.Decimal(frac)
	return n, true
}

// lead returns how many figures stand before the first thousands separator, so that all
// further groups hold three.
func (s *scanner) lead(n number) int {
	k := 0
	for figure(s.rune(n.start+k)) >= 0 && k < 4 {
		k++
	}
	if k > 3 {
		return -1
	}
	return k
}

// group reports whether exactly three figures stand at i.
func (s *scanner) group(i int) bool {
	for k := range 3 {
		if figure(s.rune(i+k)) < 0 {
			return false
		}
	}
	return figure(s.rune(i+3)) < 0
}

// code reports whether n is part of a code, an address, an ordinal or a document number
// rather than a count.
func (s *scanner) code(n number) bool {
	if n.leading0 && n.whole {
		return true
	}
	before, after := s.rune(s.before(n.start)), s.rune(s.skip(n.end))
	switch {
	case latin(s.rune(n.start-1)) || latin(s.rune(n.end)):
		return true
	case before == '第' || before == '№' || s.labelled(n):
		return true
	case (s.rune(n.start-1) == '.' || s.rune(n.start-1) == '．') && n.start > 1:
		return true // www.123
	case hyphen(s.rune(n.end)) && figure(s.rune(n.end+1)) >= 0 && !s.rangeAt(n):
		return true
	case s.rune(n.end) == '.' && figure(s.rune(n.end+1)) >= 0:
		return true
	case bracket(before) && bracket(after):
		return true // 〔2023〕
	case s.rune(n.start-1) == '+' || s.rune(n.end) == '+':
		return true // “12345+N”
	case blank(s.rune(n.start-1)) && figure(before) >= 0 || blank(s.rune(n.end)) && figure(after) >= 0:
		return true // two numbers with only a blank between: which is it?
	case after == '号':
		return true // document number, house number
	case (after == '：' || after == ':') && n.digits <= 2 && figure(s.rune(s.skip(n.end)+1)) >= 0:
		return true // time of day
	case s.hotline(n, after):
		return true
	case s.listed(n, before, after):
		return true
	}
	return false
}

// labelled reports whether a colon and a label of contacts, codes or hours stand before n:
// 邮编：223100, 电话：…, 编号：…, 16:….
func (s *scanner) labelled(n number) bool {
	colon := s.before(n.start)
	if r := s.rune(colon); r != '：' && r != ':' {
		return false
	}
	if figure(s.rune(colon-1)) >= 0 {
		return true // the minutes of 16:47
	}
	switch s.rune(s.before(colon)) {
	case '编', '话', '真', '号', '码', '箱', '线', '机':
		return true
	}
	return false
}

// hotline tells the service numbers 12345, 12348 … from counts by what follows them.
func (s *scanner) hotline(n number, after rune) bool {
	if !n.whole || n.digits != 5 || n.value < decimal.Int(12300) || n.value > decimal.Int(12400) {
		return false
	}
	_, unit := s.unit(s.skip(n.end))
	return !unit || after == '条'
}

// listed reports whether n numbers a paragraph: "1.", "2、", "（3）" at the beginning of a line.
func (s *scanner) listed(n number, before, after rune) bool {
	if !n.whole || n.digits > 2 {
		return false
	}
	opens := before == 0 || before == '。' || before == '；' || before == '：' || s.rune(n.start-1) == '\n'
	switch after {
	case '.', '．', '、':
		return opens
	}
	return (before == '（' || before == '(') && (after == '）' || after == ')')
}

func bracket(r rune) bool {
	switch r {
	case '〔', '〕', '[', ']', '［', '］', '【', '】', '﹝', '﹞', '（', '）', '(', ')', '<', '>':
		return true
	}
	return false
}

func hyphen(r rune) bool {
	switch r {
	case '-', '－', '–', '—', '‐', '‑', '~', '～':
		return true
	}
	return false
}

// leaveCode moves past the rest of a code: further figures, letters and joints.
func (s *scanner) leaveCode() {
	for s.at < len(s.text) {
		r := s.text[s.at]
		if figure(r) < 0 && !latin(r) && !((hyphen(r) || r == '.') && figure(s.rune(s.at+1)) >= 0) {
			return
		}
		s.at++
	}
}

// rangeAt reports whether n begins a range of counts such as 3-5次: two short numbers and a
// classifier that is no date.
func (s *scanner) rangeAt(n number) bool {
	m, ok := s.figures(n.end + 1)
	if !ok || m.leading0 || n.digits > 4 || m.digits > 4 || hyphen(s.rune(m.end)) || m.value <= n.value {
		return false
	}
	if year(n) || year(m) {
		return false
	}
	_, unit := s.unit(s.skip(m.end))
	return unit
}

func year(n number) bool {
	return n.whole && n.digits == 4 && n.value >= decimal.Int(1949) && n.value <= decimal.Int(2099)
}

// date recognises a year, month, day or time of day beginning with n. A year is recorded.
func (s *scanner) date(n number) (int, bool) {
	i := s.skip(n.end)
	switch s.rune(i) {
	case '年':
		if !year(n) {
			return i + 1, true // 5年, 10年来
		}
		s.found = append(s.found, Quantity{
			Kind: Year, Value: n.value, High: n.value, Unit: "年", Bound: Exact, Start: n.start, End: i + 1,
		})
		return s.dayAndMonth(i + 1), true
	case '月', '日', '时', '点', '分', '秒', '周', '度', '岁', '楼', '室', '幢', '栋', '层', '路', '届', '级', '版':
		return i + 1, true
	case '个':
		if r := s.rune(s.skip(i + 1)); r == '月' || r == '工' || r == '小' {
			return i + 2, true // 3个月, 20个工作日, 24个小时
		}
	case '工', '小', '天':
		if r := s.rune(s.skip(i + 1)); s.rune(i) == '天' || r == '作' || r == '时' {
			return i + 1, true // 7工作日, 24小时, 7天
		}
	}
	if year(n) && hyphen(s.rune(i)) {
		return i, true // 2024－2027年
	}
	return 0, false
}

// dayAndMonth moves past 1月1日 after a year.
func (s *scanner) dayAndMonth(i int) int {
	for _, mark := range []rune{'月', '日'} {
		j := s.skip(i)
		k := j
		for figure(s.rune(k)) >= 0 && k < j+2 {
			k++
		}
		k2 := s.skip(k)
		if k == j || s.rune(k2) != mark {
			return i
		}
		i = k2 + 1
	}
	return i
}

// multiply reads 万 and 亿 after figures and returns their factor and where they end. 万元
// is a unit of its own and left to unit.
func (s *scanner) multiply(i int) scaled {
	m := scaled{factor: 1, end: i}
	if e, more := s.more(i); more {
		m.end, m.bound = e, AtLeast
	}
	j := s.skip(m.end)
	switch s.rune(j) {
	case '万':
		m.factor, m.end = 10_000, j+1
	case '亿':
		m.factor, m.end = 100_000_000, j+1
	case '千':
		m.factor, m.end = 1_000, j+1
	default:
		return m
	}
	if e, more := s.more(m.end); more {
		m.end, m.bound = e, AtLeast
	}
	return m
}

// scaled is the multiplier behind a number.
type scaled struct {
	factor int64
	end    int
	bound  Bound
}

// more reads 余, 多 or 来 that makes a number open upwards.
func (s *scanner) more(i int) (int, bool) {
	j := s.skip(i)
	switch s.rune(j) {
	case '余':
		return j + 1, true
	case '多', '来':
		k := s.skip(j + 1)
		if _, ok := s.unit(k); ok || s.rune(k) == '万' || s.rune(k) == '亿' {
			return j + 1, true
		}
	}
	return i, false
}
