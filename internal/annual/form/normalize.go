package form

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Normalize folds what differs between prints of one label: width, white space, brackets,
// quotation marks and closing punctuation. Two labels that normalise alike are the same.
func Normalize(s string) string {
	s = norm.NFKC.String(s)
	var b strings.Builder
	open := true
	for _, r := range s {
		switch r {
		case ' ', '\t', '\n', '\r', '\u00a0', '\u3000', '\u200b', '\u200c', '\u200d', '\ufeff', '\u2028', '\u2029', '\v', '\f':
			continue
		case '(', '〔', '[':
			r = '（'
		case ')', '〕', ']':
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
