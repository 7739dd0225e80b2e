package search

import (
	"regexp"
	"slices"
	"strconv"
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
	Plain      bool    // only the words themselves: no synonyms are looked for
}

// ErrEmpty says that a query holds nothing that could be looked for.
var ErrEmpty = &fault.Error{Kind: fault.Invalid, Code: "search.empty", Field: "q"}

// ErrLong refuses a query longer than any person types.
var ErrLong = &fault.Error{Kind: fault.Invalid, Code: "search.long", Field: "q"}

// mostText bounds a query's text.
const mostText = 200

// word is one thing looked for.
type word struct {
	runes  []rune // folded
	not    bool
	quoted bool
	exact  bool    // in plain quotes, which are typed for searching; others belong to the language
	soft   bool    // of a long run of characters or a question: ranked by what of it occurs
	tokens []token // to be found in the index
	prefix bool    // the one token is the beginning of one
	others []word  // synonyms
}

// reading is what a query's text was taken to mean.
type reading struct {
	words    []word
	number   *number
	digits   string // year and serial as they were typed without signs: 2023 4
	said     string // a date as it was typed
	from, to date.Date
	question bool
}

// mostHard is the Han characters of a run that is looked for in one piece though it is not in
// quotes. Longer ones are several words, which nobody separates.
const mostHard = 4

// mostTyped is the Han characters of words somebody types to look for; who types more describes
// a matter.
const mostTyped = 12

// parse reads a query's text.
func parse(text string) (*reading, error) {
	if len([]rune(text)) > mostText {
		return nil, ErrLong.With("most", mostText)
	}
	r := &reading{}
	for _, p := range split(text) {
		r.take(p)
	}
	if at := bareNumber.FindStringSubmatch(string(trimGap(foldText(text, false).runes))); at != nil && r.number == nil && !r.hasNot() {
		year, _ := strconv.Atoi(at[1])
		serial, _ := strconv.Atoi(at[2])
		r.number, r.digits = &number{year: year, serial: serial}, at[0]
	}
	if hans(foldText(text, false).runes) > mostTyped || strings.ContainsAny(text, "?？") {
		r.question = true
	}
	for i := range r.words {
		r.words[i].soft = r.words[i].soft || r.question && !r.words[i].exact && !r.words[i].not
		r.words[i].look()
	}
	if r.number == nil && r.said == "" && !slices.ContainsFunc(r.words, func(w word) bool { return !w.not }) {
		return nil, ErrEmpty
	}
	return r, nil
}

func (r *reading) hasNot() bool {
	return slices.ContainsFunc(r.words, func(w word) bool { return w.not })
}

// take reads one part of the text.
func (r *reading) take(p part) {
	runes := trimGap(foldText(p.text, false).runes)
	if p.not || p.quoted {
		r.add(word{runes: runes, not: p.not, quoted: p.quoted, exact: p.exact})
		return
	}
	if n, rest, found := cutNumber(runes); found && r.number == nil {
		r.number, runes = &n, trimGap(rest)
	}
	if said, from, to, rest, found := cutDate(runes); found && r.said == "" {
		r.said, r.from, r.to, runes = said, from, to, trimGap(rest)
	}
	if hans(runes) == 0 {
		r.add(word{runes: runes})
		return
	}
	text := string(runes)
	if hans(runes) > mostHard {
		if text = asking.ReplaceAllString(text, " "); text != string(runes) {
			r.question = true
		}
	}
	for _, run := range strings.Fields(text) {
		w := word{runes: []rune(run)}
		w.soft = hans(w.runes) > mostHard
		r.add(w)
	}
}

// mostWords bounds the words that must all occur. Of a text of more, all count and none must.
const mostWords = 12

func (r *reading) add(w word) {
	if len(w.runes) == 0 {
		return
	}
	if r.words = append(r.words, w); len(r.words) > mostWords {
		r.question = true
	}
}

// asking are the words that make a question and say nothing about its matter.
var asking = regexp.MustCompile("怎么办|怎么样|怎么|怎样|如何|是否|能否|可否|是不是|能不能|可不可以|有没有|会不会|要不要|" +
	"应不应该|哪些|什么|多久|为什么|请问|吗|呢")

func hans(runes []rune) (n int) {
	for _, r := range runes {
		if classOf(r) == han {
			n++
		}
	}
	return n
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
	text   string
	not    bool
	quoted bool
	exact  bool
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
			p.quoted, p.exact = true, quote == '"' || quote == '＂'
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
