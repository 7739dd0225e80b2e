package gate

import (
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// stops are the marks that never stand twice in a row.
const stops = "，。、；：,;"

// stopsTwice: no mark of punctuation stands twice (R-WEB-07; GB/T 15834).
var stopsTwice = check.Rule[*Subject]{
	Code: "R-WEB-07-stops", Severity: check.Warning,
	Cite: statute.Language2025.Art(17), Title: i18n.M("gate.stops.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for i := 1; i < len(p.text); i++ {
				if !containsRune(stops, p.text[i]) || !containsRune(stops, p.text[i-1]) {
					continue
				}
				end := i + 1
				for end < len(p.text) && containsRune(stops, p.text[end]) {
					end++
				}
				start := i - 1
				if start > 0 && han(p.text[start-1]) {
					g.addKeyed(check.Warning, p.Slice(start, end), one(p.text[start:end]), start, end)
				}
				i = end
			}
		}, shape{label: replaceLabel, word: func(o *group) i18n.Message {
			return i18n.M("gate.stops", "words", o.key, "n", o.count)
		}})
	},
}

// one returns the mark that should stand where only alike ones do, "" where they differ or are
// a row of full stops meant as an ellipsis.
func one(marks []rune) string {
	for _, m := range marks {
		if m != marks[0] {
			return ""
		}
	}
	if marks[0] == '。' && len(marks) > 2 {
		return "……"
	}
	return string(marks[:1])
}

// The pairs of brackets, full width then half.
var closers = map[rune]rune{'（': '）', '(': ')'}

// brackets: what opens in one width closes in the same (R-WEB-07; GB/T 15834).
var brackets = check.Rule[*Subject]{
	Code: "R-WEB-07-brackets", Severity: check.Info,
	Cite: statute.Language2025.Art(17), Title: i18n.M("gate.brackets.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			var open []int
			for i, r := range p.text {
				switch r {
				case '\n', inCell, '\t':
					open = open[:0]
				case '（', '(':
					if len(open) < 64 {
						open = append(open, i)
					}
				case '）', ')':
					if len(open) == 0 {
						continue
					}
					from := open[len(open)-1]
					open = open[:len(open)-1]
					if closers[p.text[from]] != r && p.chinese(from, i) {
						g.bracket(from, i)
					}
				}
			}
		}, shape{label: replaceLabel, word: func(o *group) i18n.Message {
			return i18n.M("gate.brackets", "n", o.count)
		}, mask: wide})
	},
}

// bracket adds the half of a pair that is of half width.
func (g *groups) bracket(from, to int) {
	if g.part.text[from] == '(' {
		to = from
	}
	g.addKeyed(check.Info, "", "（）", to, to+1)
}

// chinese reports whether Chinese characters stand right around or next to brackets.
func (p *Part) chinese(from, to int) bool {
	for i := from - 1; i <= to+1; i++ {
		if i >= 0 && i < len(p.text) && han(p.text[i]) {
			return true
		}
		if i > from+farthest {
			break
		}
	}
	return false
}

// width: Chinese text has Chinese punctuation (R-WEB-07; GB/T 15834).
var width = check.Rule[*Subject]{
	Code: "R-WEB-07-width", Severity: check.Info,
	Cite: statute.Language2025.Art(17), Title: i18n.M("gate.width.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for i := 1; i+1 < len(p.text); i++ {
				if containsRune(",;:?!", p.text[i]) && han(p.text[i-1]) && (han(p.text[i+1]) || containsRune("《“（", p.text[i+1])) {
					g.addKeyed(check.Info, string(p.text[i]), wide(string(p.text[i])), i, i+1)
				}
			}
		}, shape{label: replaceLabel, mask: wide, word: func(o *group) i18n.Message {
			return i18n.M("gate.width", "words", o.key, "n", o.count)
		}})
	},
}

// wide turns half width marks to full width.
func wide(words string) string {
	out := []rune(words)
	for i, r := range out {
		if r > ' ' && r < 0x7F {
			out[i] = r + '！' - '!'
		}
	}
	return string(out)
}
