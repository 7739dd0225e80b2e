package form

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Normalize folds what differs between prints of one label: width, white space, brackets,
// quotation marks and closing punctuation. Two labels that normalise alike are the same.
func Normalize(s string) string {
	if strings.ContainsFunc(s, compatible) {
		s = norm.NFKC.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	open := true
	for _, r := range s {
		switch r {
		case ' ', '\t', '\n', '\r', '\u00a0', '\u3000', '\u200b', '\u200c', '\u200d', '\ufeff', '\u2028', '\u2029', '\v', '\f':
			continue
		case '(', '（', '〔', '[':
			r = '（'
		case ')', '）', '〕', ']':
			r = '）'
		case ':':
			r = '：'
		case ',':
			r = '，'
		case '"', '＂', '「', '」', '『', '』', '“', '”', '\'', '‘', '’':
			r = '”'
			if open {
				r = '“'
			}
			open = !open
		}
		b.WriteRune(r)
	}
	return strings.TrimRight(b.String(), "。：")
}

// compatible reports a character that NFKC could change and that is not handled above:
// neither ASCII, nor a common ideograph, nor the punctuation of Chinese text.
func compatible(r rune) bool {
	switch {
	case r < 0x80, r >= 0x4e00 && r <= 0x9fff, r >= 0x3001 && r <= 0x3015:
		return false
	case r == '（', r == '）', r == '“', r == '”', r == '‘', r == '’', r == '\u3000', r == '\u00a0':
		return false
	}
	return true
}
