package quantity

import "gongkai/internal/decimal"

// numeral returns the value of a Chinese numeral plus one, 0 for other runes.
func numeral(r rune) int64 {
	switch r {
	case '〇':
		return 1
	case '一':
		return 2
	case '二', '两':
		return 3
	case '三':
		return 4
	case '四':
		return 5
	case '五':
		return 6
	case '六':
		return 7
	case '七':
		return 8
	case '八':
		return 9
	case '九':
		return 10
	case '十':
		return 11
	case '廿':
		return 21
	case '卅':
		return 31
	case '百':
		return 101
	case '千':
		return 1001
	}
	return 0
}

// chinese reads a number in Chinese numerals at s.at. Chinese numerals are words as often
// as they are counts (统一, 一是, 三公经费, 十四五), so a classifier must follow.
func (s *scanner) chinese() {
	start := s.at
	if end, ok := s.has(start, "百分之"); ok {
		s.share(start, end)
		return
	}
	v, end, ok := s.numerals(start)
	s.at = end
	if !ok || s.word(start, end) {
		return
	}
	m := s.multiply(end)
	if _, unit := s.unit(s.skip(m.end)); !unit {
		return
	}
	if v == 1 && m.factor == 1 && !s.single(m.end) {
		return
	}
	if v > 1_000_000_000/m.factor {
		return
	}
	s.finish(start, decimal.Int(v), m)
}

// numerals reads 三百二十一, 两千零五, 十七, 一千二百, 廿五, 一二三 is none.
func (s *scanner) numerals(i int) (value int64, end int, ok bool) {
	var total, section, last int64
	last = -1
	ok = true
	steps := 0
	for ; ; i++ {
		r := s.rune(i)
		if r == '零' {
			if last == 0 || steps == 0 {
				return 0, i + 1, false
			}
			last = 0
			continue
		}
		if r == '万' && steps > 0 && (numeral(s.rune(i+1)) != 0 || s.rune(i+1) == '零') {
			if last > 0 {
				section += last
			}
			total, section, last = total+section*10_000, 0, -1
			continue
		}
		n := numeral(r)
		if n == 0 || steps > 12 {
			break
		}
		n--
		steps++
		switch {
		case n >= 10 && n != 20 && n != 30: // 十百千
			d := last
			if d <= 0 {
				d = 1
			}
			section += d * n
			last = -1
		case n == 20 || n == 30:
			section += n
			last = -1
		default:
			if last > 0 {
				ok = false // 一二三: a list, not a number
			}
			last = n
		}
	}
	if last > 0 {
		section += last
	}
	return total + section, i, ok && steps > 0
}

// word reports whether the numerals from start to end belong to a word: 第三, 统一, 之二,
// 几十, 数百, 十四五, 每一.
func (s *scanner) word(start, end int) bool {
	switch s.rune(s.before(start)) {
	case '第', '统', '唯', '之', '几', '数', '每', '初', '逐', '进', '任', '同', '十', '上', '下', '另', '某', '单', '如', '专', '万', '周', '星', '（', '(':
		return true
	}
	switch s.rune(end) {
	case '、', '是', '则', '者', '旦', '届', '大', '中', '）', ')':
		return true
	}
	return false
}

// single reports whether 一 with the classifier at i counts: 一件, 一名 do; 一个, 一次,
// 一批, 一项 and 一件事 mostly do not.
func (s *scanner) single(i int) bool {
	switch s.rune(s.skip(i)) {
	case '件':
		return s.rune(s.skip(s.skip(i)+1)) != '事'
	case '名', '起', '宗':
		return true
	}
	return false
}

// share reads the number of 百分之三十.
func (s *scanner) share(start, i int) {
	i = s.skip(i)
	s.at = i
	var v decimal.Decimal
	switch {
	case figure(s.rune(i)) >= 0:
		n, ok := s.figures(i)
		s.at = n.end
		if !ok {
			return
		}
		v = n.value
	default:
		if e, ok := s.has(i, "百"); ok && numeral(s.rune(e)) == 0 {
			v, s.at = decimal.Int(100), e
			break
		}
		n, end, ok := s.numerals(i)
		s.at = max(end, i)
		if !ok {
			return
		}
		v = decimal.Int(n)
	}
	s.found = append(s.found, Quantity{Kind: Percent, Value: v, High: v, Unit: "%", Bound: s.boundBefore(&start), Start: start, End: s.at})
}
