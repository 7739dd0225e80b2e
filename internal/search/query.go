package search

import (
	"slices"
	"strings"
	"unicode"

	"gongkai/internal/date"
	"gongkai/internal/fault"
)

// Order is how hits are sorted.
type Order string

// The orders. Relevance without a text is Newest.
const (
	Newest    Order = "newest"
	Oldest    Order = "oldest"
	Relevance Order = "relevance"
)

// Query is what somebody looks for. Text is words, "phrases" in quotes, words after a minus
// that must not occur, or a question in ordinary language; without text, a query with filters
// lists what they let pass. The filters hold the keys that documents bear; an empty one lets
// all pass, several keys of one filter each let pass what bears them.
type Query struct {
	Text       string
	Agencies   []string
	Sections   []string
	States     []string
	Themes     []string // of either level
	Genres     []string
	Years      []int
	Issuers    []string
	Validities []string
	Kinds      []string
	From, To   date.Date // of the documents' dates
	Order      Order
	After      string  // Result.Next of the page before; goes before Page
	Page       int     // from 1; 0 is the first
	Limit      int     // hits a page; 20 if 0
	Facets     []Facet // which to count; none costs nothing
}

// ErrEmpty says that a query holds nothing that could be looked for.
var ErrEmpty = &fault.Error{Kind: fault.Invalid, Code: "search.empty", Field: "q"}

// ErrLong refuses a query longer than any person types.
var ErrLong = &fault.Error{Kind: fault.Invalid, Code: "search.long", Field: "q"}

// mostText bounds a query's text and mostWords its words: each costs the index a look-up.
const (
	mostText  = 200
	mostWords = 20
)

// word is one thing looked for.
type word struct {
	runes  []rune // folded
	not    bool
	tokens []token // to be found in the index
	prefix bool    // the one token is the beginning of one
}

// parse reads a query's text.
func parse(text string) ([]word, error) {
	if len([]rune(text)) > mostText {
		return nil, ErrLong.With("most", mostText)
	}
	var words []word
	for _, p := range split(text) {
		w := word{not: p.not, runes: trimGap(foldText(p.text, false).runes)}
		if len(w.runes) > 0 {
			w.look()
			words = append(words, w)
		}
	}
	if len(words) > mostWords {
		return nil, ErrLong.With("most", mostText)
	}
	if !slices.ContainsFunc(words, func(w word) bool { return !w.not }) {
		return nil, ErrEmpty
	}
	return words, nil
}

// look finds the tokens a word is looked up by. A Han rune alone is the beginning of a token;
// within a longer word it is left to the comparison with the text.
func (w *word) look() {
	var alone []token
	paired := false // the token before was a pair
	tokens(w.runes, func(t []rune) {
		single := len(t) == 1 && classOf(t[0]) == han
		switch {
		case single && paired: // the end of a run of pairs
		case single:
			alone = append(alone, tokenOf(t))
		default:
			w.tokens = append(w.tokens, tokenOf(t))
		}
		paired = !single && classOf(t[0]) == han
	})
	slices.Sort(w.tokens)
	w.tokens = slices.Compact(w.tokens)
	if len(w.tokens) == 0 && len(alone) > 0 {
		w.tokens, w.prefix = alone[:1], true
	}
}

// plain reports whether having the tokens means having the word.
func (w *word) plain() bool {
	n := 0
	tokens(w.runes, func([]rune) { n++ })
	return n == 1 || n == 2 && len(w.runes) == 2 && classOf(w.runes[0]) == han
}

type part struct {
	text string
	not  bool
}

// split parts a query's text at spaces outside of quotes.
func split(text string) []part {
	var all []part
	var b strings.Builder
	var p part
	var quote rune
	flush := func() {
		if p.text = b.String(); p.text != "" {
			all = append(all, p)
		}
		b.Reset()
		p = part{}
	}
	for _, r := range text {
		switch {
		case quote != 0 && r == quote:
			quote = 0
			flush()
		case quote != 0:
			b.WriteRune(r)
		case closing[r] != 0 && b.Len() == 0:
			quote = closing[r]
		case unicode.IsSpace(r):
			flush()
		case (r == '-' || r == '－') && b.Len() == 0 && !p.not:
			p.not = true
		default:
			b.WriteRune(r)
		}
	}
	flush()
	return all
}

var closing = map[rune]rune{'"': '"', '“': '”', '＂': '＂', '「': '」', '《': '》'}

func trimGap(runes []rune) []rune {
	for len(runes) > 0 && runes[0] == ' ' {
		runes = runes[1:]
	}
	for len(runes) > 0 && runes[len(runes)-1] == ' ' {
		runes = runes[:len(runes)-1]
	}
	return runes
}
