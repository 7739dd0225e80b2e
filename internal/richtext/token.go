package richtext

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// token is the smallest thing that changes as one: a Chinese character, a word or number in
// Latin letters and digits, a sign, a break, a picture.
type token struct {
	run         // how it is set; text is the token's own
	inNote bool // stands in a footnote
}

// key says what the token is, whatever its setting.
func (t token) key() string {
	k := t.text
	if t.media != nil {
		k = "\x00" + t.media.ref + "\x00" + t.media.alt
	}
	if t.inNote {
		k = "\x01" + k
	}
	return k
}

// setAlike reports whether two equal tokens look alike too.
func (t token) setAlike(o token) bool {
	return t.marks == o.marks && t.href == o.href && (t.media == nil || t.media.width == o.media.width)
}

func (t token) length() int { return max(1, utf8.RuneCountInString(t.text)) }

// tokens cuts runs into tokens.
func tokens(runs []run) []token {
	var out []token
	for _, r := range runs {
		switch {
		case r.note != nil:
			for _, t := range tokens(r.note) {
				t.inNote = true
				out = append(out, t)
			}
		case !r.words():
			out = append(out, token{run: r})
		default:
			for text := r.text; text != ""; {
				n := tokenLength(text)
				one := r
				one.text, text = text[:n], text[n:]
				out = append(out, token{run: one})
			}
		}
	}
	return out
}

// tokenLength returns how many bytes at the beginning of text are one token. A number keeps
// its decimal point and thousands separators, and its per cent sign.
func tokenLength(text string) int {
	c, n := utf8.DecodeRuneInString(text)
	if !wordly(c) {
		return n
	}
	for n < len(text) {
		c, size := utf8.DecodeRuneInString(text[n:])
		switch {
		case wordly(c):
		case (c == '.' || c == ',') && digit(text[n-1]) && n+1 < len(text) && digit(text[n+1]):
		case c == '%' && digit(text[n-1]):
			return n + 1
		default:
			return n
		}
		n += size
	}
	return n
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// wordly reports whether the character is part of a word that only makes sense as a whole.
func wordly(c rune) bool {
	return (unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_') && !unicode.Is(unicode.Han, c) &&
		!unicode.Is(unicode.Hiragana, c) && !unicode.Is(unicode.Katakana, c)
}

// runsOf joins tokens to runs again.
func runsOf(all []token) []run {
	var out []run
	for _, t := range all {
		into := &out
		if t.inNote {
			if n := len(out); n == 0 || out[n-1].note == nil {
				out = append(out, run{note: []run{}})
			}
			into = &out[len(out)-1].note
		}
		if n := len(*into); n > 0 && (*into)[n-1].alike(t.run) {
			(*into)[n-1].text += t.text
		} else {
			*into = append(*into, t.run)
		}
	}
	return out
}

// op is what became of a stretch of tokens.
type op byte

const (
	kept op = iota
	gone
	come
)

// stretch is a number of tokens that share a fate. Kept ones have both sides, which may be
// set differently.
type stretch struct {
	op       op
	old, new []token
}

// compareTokens tells two sequences of tokens apart.
func compareTokens(a, b []token) []stretch {
	ids := map[string]int{}
	number := func(all []token) []int {
		out := make([]int, len(all))
		for i, t := range all {
			k := t.key()
			if _, ok := ids[k]; !ok {
				ids[k] = len(ids)
			}
			out[i] = ids[k]
		}
		return out
	}
	var out []stretch
	i, j := 0, 0
	emit := func(toA, toB int) {
		if i < toA {
			out = append(out, stretch{op: gone, old: a[i:toA]})
		}
		if j < toB {
			out = append(out, stretch{op: come, new: b[j:toB]})
		}
	}
	for _, p := range align(number(a), number(b)) {
		emit(p.old, p.new)
		if n := len(out); n > 0 && out[n-1].op == kept && p.old == i && p.new == j {
			out[n-1].old, out[n-1].new = append(out[n-1].old, a[p.old]), append(out[n-1].new, b[p.new])
		} else {
			out = append(out, stretch{op: kept, old: []token{a[p.old]}, new: []token{b[p.new]}})
		}
		i, j = p.old+1, p.new+1
	}
	emit(len(a), len(b))
	return readable(out)
}

// readable brings each change to one stretch gone and one come, and folds what was kept into
// the changes around it where it is no longer than they are: 三十日 → 十五日 reads as one
// change, not as a 十 that stayed between two.
func readable(all []stretch) []stretch {
	var stack []both
	for i := 0; i < len(all); {
		var b both
		if b.kept = all[i].op == kept; b.kept {
			b.old, b.new = all[i].old, all[i].new
			i++
		}
		for ; !b.kept && i < len(all) && all[i].op != kept; i++ {
			b.old, b.new = append(b.old, all[i].old...), append(b.new, all[i].new...)
		}
		stack = fold(append(stack, b))
	}
	var out []stretch
	for _, b := range stack {
		switch {
		case b.kept:
			out = append(out, stretch{kept, b.old, b.new})
			continue
		case len(b.old) > 0:
			out = append(out, stretch{op: gone, old: b.old})
		}
		if len(b.new) > 0 {
			out = append(out, stretch{op: come, new: b.new})
		}
	}
	return out
}

// both is what stood in one place before and after.
type both struct {
	kept     bool
	old, new []token
}

// size is the larger side of a change, in characters.
func (b both) size() int { return max(length(b.old), length(b.new)) }

func length(all []token) int {
	n := 0
	for _, t := range all {
		n += t.length()
	}
	return n
}

// fold joins the last three, change, kept, change, as long as the one between is too short
// to be worth keeping.
func fold(stack []both) []both {
	for n := len(stack); n >= 3 && !stack[n-1].kept; n = len(stack) {
		before, between, after := stack[n-3], stack[n-2], stack[n-1]
		if size := between.size(); size > before.size() || size > after.size() {
			break
		}
		one := both{old: slices.Concat(before.old, between.old, after.old), new: slices.Concat(before.new, between.new, after.new)}
		stack = append(stack[:n-3], one)
	}
	return stack
}
