package search

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold returns r as the index knows it: half width, lower case, simplified characters, in the
// compatibility form of Unicode. Most runes are one; a few such as ㎡ become several.
func fold(r rune, out []rune) []rune {
	switch {
	case r < 0x80:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(out, r)
	case 0x4e00 <= r && r <= 0x9fff:
		if simple := simplified[r-0x4e00]; simple != 0 {
			r = simple
		}
		return append(out, r)
	case 0xff01 <= r && r <= 0xff5e:
		return fold(r-0xfee0, out)
	}
	for _, n := range norm.NFKC.String(string(r)) {
		out = append(out, unicode.ToLower(n))
	}
	return out
}

// class tells the runes apart that words are made of.
type class byte

const (
	gap    class = iota // between words
	letter              // of words with letters and digits, looked up whole
	han                 // looked up by pairs
)

func classOf(r rune) class {
	switch {
	case 0x4e00 <= r && r <= 0x9fff: // nearly all of a text; the tables below are slow
		return han
	case r < 0x80:
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return letter
		}
		return gap
	case unicode.Is(unicode.Han, r), unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r):
		return han
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
		return letter
	}
	return gap
}

// folded is a text as the index knows it: one space for whatever stands between words, and
// for each rune the place in the text it came from.
type folded struct {
	runes []rune
	from  []int32 // the rune of the text; nil where nobody asked
}

// foldText folds s; with places it remembers where each rune came from.
func foldText(s string, places bool) folded {
	f := folded{runes: make([]rune, 0, len(s)/2)}
	var one [8]rune
	at := int32(0)
	for _, r := range s {
		for _, n := range fold(r, one[:0]) {
			if classOf(n) == gap {
				if len(f.runes) > 0 && f.runes[len(f.runes)-1] == ' ' {
					continue
				}
				n = ' '
			}
			f.runes = append(f.runes, n)
			if places {
				f.from = append(f.from, at)
			}
		}
		at++
	}
	return f
}

// tokens calls found with each token of a folded text: every Han rune with the one after it,
// alone where none follows; letters and digits by words.
func tokens(runes []rune, found func(token []rune)) {
	for i := 0; i < len(runes); {
		switch classOf(runes[i]) {
		case han:
			end := i + 1
			if end < len(runes) && classOf(runes[end]) == han {
				end++
			}
			found(runes[i:end])
			i++
		case letter:
			end := i + 1
			for end < len(runes) && classOf(runes[end]) == letter {
				end++
			}
			found(runes[i:end])
			i = end
		default:
			i++
		}
	}
}

// longestToken bounds a word of letters: what is longer is no word but data.
const longestToken = 40

// token is what the index knows of a text: a pair of Han runes as their two numbers, a Han rune
// that ends a run with a zero after it, so that all of one rune stand side by side; a mark of a
// filter; a word of letters by its hash.
type token int64

// The kinds of tokens, by their highest bits.
const (
	pairBits       = 21      // a rune's number
	titleBit token = 1 << 60 // of any token, where it stands in a title
	markBit  token = 1 << 61
	wordBit  token = 1 << 62
)

// tokenOf returns the token of folded runes, as tokens hands them out. Two words of the same
// hash would be found for each other; with 60 bits that is not to be expected.
func tokenOf(runes []rune) token {
	if classOf(runes[0]) == han {
		t := token(runes[0]) << pairBits
		if len(runes) > 1 {
			t |= token(runes[1])
		}
		return t
	}
	h := uint64(14695981039346656037) // FNV-1a
	for _, r := range runes[:min(len(runes), longestToken)] {
		h = (h ^ uint64(r)) * 1099511628211
	}
	return token(h>>4) | wordBit
}
