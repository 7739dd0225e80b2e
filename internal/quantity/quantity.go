// Package quantity finds the quantities in running Chinese text (数量): how many, of what
// classifier, how exactly. Dates, document numbers, articles of law, telephone numbers,
// ordinals and figures of speech (三审三校, 一是, 十九届) are numbers too but count nothing;
// they are left out, or, for dates, returned as such.
//
// A text is read once from left to right; the time taken grows with its length only.
package quantity

import (
	"gongkai/internal/decimal"
)

// Kind says what was found.
type Kind string

// The kinds.
const (
	Count   Kind = "count"   // 657条, 三百二十一件, 400元
	Percent Kind = "percent" // 35.2%, 百分之三十; Value is 35.2, 30
	None    Kind = "none"    // 未收到, 没有, 无: zero of what follows
	Year    Kind = "year"    // 2023年, also as part of a date; Value is the year
)

// Bound says how a number is meant.
type Bound string

// The bounds.
const (
	Exact   Bound = "exact"
	About   Bound = "about"    // 约, 近, 左右
	AtLeast Bound = "at_least" // 余, 多, 超过, 以上
	AtMost  Bound = "at_most"  // 不足, 不超过, 以内
)

// Quantity is one find. Positions count runes of the text.
type Quantity struct {
	Kind  Kind
	Value decimal.Decimal
	High  decimal.Decimal // upper end of a range (3至5次), else the same as Value
	Unit  string          // classifier or unit: 件, 人次, 万元; "" where none is printed
	Bound Bound
	Start int // first rune of the number, or of the word that bounds it
	End   int // after the unit
}

// Allows reports whether the true number may be v, given how exactly q was said. What is
// said to be 600余 lies in [600, 700): the last figure that is not zero may rise, not the
// one before. 近 and 约 are taken to be a tenth off at most.
func (q Quantity) Allows(v decimal.Decimal) bool {
	switch q.Bound {
	case AtLeast:
		return v >= q.Value && v <= q.Value+slack(q.Value)
	case AtMost:
		return v <= q.Value
	case About:
		tenth := q.Value / 10
		return v >= q.Value-tenth && v <= q.Value+tenth
	}
	return v >= q.Value && v <= q.High
}

// slack is one unit of the last figure of v that is not zero: 600 → 100, 1250 → 10.
func slack(v decimal.Decimal) decimal.Decimal {
	if v == 0 {
		return 0
	}
	step := decimal.Int(1)
	for v%(step*10) == 0 {
		step *= 10
	}
	return step
}

// FindRunes returns the quantities of a text, split into runes, in order.
func FindRunes(text []rune) []Quantity {
	s := scanner{text: text}
	for s.at < len(text) {
		s.step()
	}
	return s.found
}

// scanner walks over a text. Its methods look ahead a bounded distance, except over the
// figures of one number, so that the whole is linear.
type scanner struct {
	text  []rune
	at    int
	found []Quantity
}

// step reads what begins at s.at, if anything does, and moves on.
func (s *scanner) step() {
	r := s.text[s.at]
	switch {
	case figure(r) >= 0:
		s.arabic()
	case numeral(r) != 0:
		s.chinese()
	case r == '未' || r == '没' || r == '无' || r == '零':
		s.none()
	default:
		s.at++
	}
}

// rune returns the rune at i, 0 outside the text.
func (s *scanner) rune(i int) rune {
	if i < 0 || i >= len(s.text) {
		return 0
	}
	return s.text[i]
}

// has reports whether word stands at i, blanks between its runes allowed, and where it ends.
func (s *scanner) has(i int, word string) (int, bool) {
	first := true
	for _, w := range word {
		if !first {
			i = s.skip(i)
		}
		first = false
		if s.rune(i) != w {
			return i, false
		}
		i++
	}
	return i, true
}

// skip returns the first position from i on that is not blank. Runs of blanks longer than
// any typesetter leaves within a phrase end the phrase.
func (s *scanner) skip(i int) int {
	for n := 0; n < 8 && blank(s.rune(i)); n++ {
		i++
	}
	return i
}

// before returns the position of the last rune before i that is not blank, -1 if none.
func (s *scanner) before(i int) int {
	i--
	for n := 0; n < 8 && i >= 0 && blank(s.text[i]); n++ {
		i--
	}
	return i
}

func blank(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\u00a0', '\u3000', '\u2002', '\u2003', '\u2009':
		return true
	}
	return false
}

// figure returns the value of an Arabic figure of either width, -1 for other runes.
func figure(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= '０' && r <= '９':
		return int(r - '０')
	}
	return -1
}

// latin reports whether r belongs to a word of Latin letters or an address on the net.
func latin(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= 'ａ' && r <= 'ｚ', r >= 'Ａ' && r <= 'Ｚ':
		return true
	}
	return r == '@' || r == '_' || r == '/' || r == '\\' || r == '=' || r == '&' || r == '#'
}
