package letter

import (
	"slices"
	"strconv"
	"strings"
)

// closers are marks a phrase handed over may end with, which the sentence around it brings itself.
const closers = "。；，、：;,. 　\t\n"

// phrase makes of a clerk's words a part of a sentence.
func phrase(s string) string { return strings.TrimRight(punctuate(flat(s)), closers) }

// sentence makes of a clerk's words a whole sentence.
func sentence(s string) string {
	s = phrase(s)
	if s == "" || strings.HasSuffix(s, "？") || strings.HasSuffix(s, "！") {
		return s
	}
	return s + "。"
}

// flat puts text on one line.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// halfwidth are marks that Chinese text sets full-width (R-DOC-04).
var halfwidth = map[rune]rune{',': '，', ';': '；', ':': '：', '?': '？', '!': '！', '(': '（', ')': '）'}

// punctuate writes half-width marks between Chinese characters full-width. Those in figures, web
// addresses and Latin text stay.
func punctuate(s string) string {
	rs := []rune(s)
	for i, r := range rs {
		full, known := halfwidth[r]
		if !known {
			continue
		}
		before, after := i > 0 && chinese(rs[i-1]), i+1 < len(rs) && chinese(rs[i+1])
		if before && (after || i+1 == len(rs)) || after && i == 0 || before && r != ':' || after && r == '(' {
			rs[i] = full
		}
	}
	return string(rs)
}

// chinese reports whether r is a Chinese character or mark.
func chinese(r rune) bool {
	return r >= 0x2E80 && r <= 0x9FFF || r >= 0xFF00 && r <= 0xFFEF || strings.ContainsRune("“”‘’—…·", r)
}

// list joins words: 甲、乙、丙.
func list(words []string) string {
	var out []string
	for _, w := range words {
		out = append(out, phrase(w))
	}
	return strings.Join(out, "、")
}

// quoted joins words in quotation marks: “甲”“乙”. GB/T 15834-2011 sets no mark between them.
func quoted(words []string) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString("“" + phrase(w) + "”")
	}
	return b.String()
}

// lineMark stands for a line break inside a cell, whose row is one line of its template.
const lineMark = "␤"

// cell makes of text the content of a table's cell.
func cell(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.Trim(s, " \t"), "|", "｜"), "\n", lineMark)
}

// room is blank lines in a cell, for a hand to write on.
func room(lines int) string { return strings.Repeat("　"+lineMark, lines) }

// box is a choice to be ticked, or ticked.
func box(label string, ticked bool) string {
	if ticked {
		return "■" + label
	}
	return "□" + label
}

// says reports whether a text names one of the words.
func says(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// other reports whether a text names none of the words, but something.
func other(text string, words ...string) bool { return text != "" && !says(text, words...) }

// capital writes an amount of yuan in the figures of receipts: 叁仟元整.
func capital(yuan int) string {
	if yuan <= 0 {
		return "零元整"
	}
	digits, units, groups := []rune("零壹贰叁肆伍陆柒捌玖"), []string{"", "拾", "佰", "仟"}, []string{"", "万", "亿"}
	figures := strconv.Itoa(yuan)
	var b strings.Builder
	zero, written := false, false // a zero waits; the group in hand says something
	for i, f := range figures {
		place := len(figures) - 1 - i
		if f == '0' {
			zero = true
		} else {
			if zero && b.Len() > 0 {
				b.WriteString("零")
			}
			zero, written = false, true
			b.WriteString(string(digits[f-'0']) + units[place%4])
		}
		if place%4 == 0 && place > 0 && written {
			b.WriteString(groups[min(place/4, 2)])
			written = false
		}
	}
	return b.String() + "元整"
}
