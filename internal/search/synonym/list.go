package synonym

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongkai/internal/fault"
	"gongkai/internal/search"
)

// Bounds of a list: each word of a group costs every search for another of them a look-up.
const (
	Longest   = 256 << 10 // bytes of the text
	MostLines = 3000
	mostWords = 8  // of one line
	shortest  = 2  // characters of a word: a single one stands in too many others
	longest   = 24 // characters of a word
)

// line is a group with where it stands.
type line struct {
	no    int
	words search.Group
}

// read reads a list: a line of words that mean the same, parted by equals signs; lines after #
// are remarks. It returns everything that is wrong with it.
func read(text string) (lines []line, wrong []*fault.Error) {
	first := map[string]int{} // the line a word stands in
	for n, raw := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		raw = strings.TrimSpace(strings.TrimPrefix(raw, "\ufeff"))
		if raw == "" || strings.HasPrefix(raw, "#") {
			continue
		}
		l := line{no: n + 1}
		for _, w := range strings.FieldsFunc(raw, func(r rune) bool { return r == '=' || r == '＝' }) {
			w = strings.TrimSpace(w)
			if f := fit(w); f != nil {
				wrong = append(wrong, f.With("line", l.no).With("word", w))
				continue
			}
			at, again := first[fold(w)]
			switch {
			case again && at == l.no:
				wrong = append(wrong, ErrTwice.With("line", l.no).With("word", w))
			case again:
				wrong = append(wrong, ErrBoth.With("line", l.no).With("other", at).With("word", w))
			default:
				first[fold(w)] = l.no
				l.words = append(l.words, w)
			}
		}
		switch {
		case len(l.words) > mostWords:
			wrong = append(wrong, ErrWords.With("line", l.no).With("most", mostWords))
		case len(l.words) < 2 && !slices.ContainsFunc(wrong, func(f *fault.Error) bool { return f.Args["line"] == l.no }):
			wrong = append(wrong, ErrAlone.With("line", l.no))
		}
		lines = append(lines, l)
	}
	if len(lines) > MostLines {
		wrong = append(wrong, ErrLines.With("most", MostLines))
	}
	return lines, wrong
}

// fit says what keeps a text from being a word of a list.
func fit(w string) *fault.Error {
	n := utf8.RuneCountInString(w)
	switch {
	case n < shortest || n > longest:
		return ErrLength.With("least", shortest).With("most", longest)
	case strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }):
		return ErrSign
	}
	return nil
}

// fold is how words are compared.
func fold(w string) string { return strings.ToLower(w) }

// join puts the operator's lines beside those that come with the product. Where both have a
// word, the operator's line stands in place of the product's.
func join(own, start []line) []search.Group {
	taken := map[string]bool{}
	var all []search.Group
	for _, l := range own {
		all = append(all, l.words)
		for _, w := range l.words {
			taken[fold(w)] = true
		}
	}
	for _, l := range start {
		if !slices.ContainsFunc(l.words, func(w string) bool { return taken[fold(w)] }) {
			all = append(all, l.words)
		}
	}
	return all
}

// tidy brings a text into the form that is kept.
func tidy(text string) string {
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\n")
	for i, l := range lines {
		if l = strings.TrimSpace(l); !strings.HasPrefix(l, "#") {
			words := strings.FieldsFunc(l, func(r rune) bool { return r == '=' || r == '＝' })
			for j, w := range words {
				words[j] = strings.TrimSpace(w)
			}
			l = strings.Join(words, "=")
		}
		lines[i] = l
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n") + "\n"
}

// started is the list that comes with the product.
func started() []line {
	lines, wrong := read(Start)
	if len(wrong) > 0 {
		panic(fmt.Sprintf("the list of the product: %v", wrong))
	}
	return lines
}
