package search

import (
	"slices"
	"time"

	"gongkai/internal/date"
)

// Span is a piece of text, marked where it is what was looked for.
type Span struct {
	Text string
	Hit  bool
}

// Hit is a document found.
type Hit struct {
	Document // Body and the texts of Parts are left out
	TitleIn  []Span
	Excerpt  []Span
	Part     string // the name of the attachment the excerpt is from, "" for the text itself
}

// Result is a page of hits.
type Result struct {
	Hits []Hit
	Next string // After of the next page, "" if this is the last
	// Total counts the hits up to mostCounted. It is counted by the index alone, which in
	// very few documents takes a word for found whose parts occur apart.
	Total  int
	More   bool // there are more than Total
	Facets map[Facet][]Value
	// Sampled says that the facets count the newest hits only, because there are so many.
	Sampled bool

	DidYouMean string     // a text near the one asked for that finds something, "" if none
	Loosened   []string   // words of the text that hits need not have, since else there were few or none
	Understood Understood // what was read in the text beside words
	Synonyms   []Group    // the other words that were looked for too
}

// Understood is what a query's text was taken to mean.
type Understood struct {
	Number   string    // a document number as it is printed, 〔2023〕4号
	From, To date.Date // a year, month or day that documents of it are put first for
}

// Group is words that mean the same to who searches: each finds the others, ranked lower.
type Group []string

// Facet is a property of documents that hits are counted by.
type Facet string

// The facets. A document may bear several themes, those of both levels.
const (
	ByAgency   Facet = "agency"
	ByTheme    Facet = "theme"
	ByGenre    Facet = "genre"
	ByYear     Facet = "year"
	ByIssuer   Facet = "issuer"
	ByValidity Facet = "validity"
	ByKind     Facet = "kind"
)

// Value is a key of a facet and how many hits bear it. Keys that the query's filter for the
// same facet leaves out are counted as if there were no such filter, so that a reader can
// change his choice.
type Value struct {
	Key string
	N   int
}

// Suggestion is what somebody who typed a beginning may want: a text to search for, or a
// document.
type Suggestion struct {
	Text string
	ID   string // of the document whose title or number Text is, "" for words
}

// Status says how far an index is.
type Status struct {
	Documents int       // that can be found
	Bytes     int64     // of the file
	Cursor    int64     // the last change of the log that is taken in, -1 for none
	Head      int64     // the last change there is
	Behind    int64     // changes not taken in yet
	Since     time.Time // when the index last had all changes, zero if not since it was opened
}

// Document is what is indexed.
type Document struct {
	ID       string
	Agency   string
	Sections []string
	State    string
	At       time.Time // the date hits are sorted by, newest first
	Title    string
	Body     string   // plain text
	Parts    []Part   // attachments
	Numbers  []string // document and index numbers, found in every spelling

	Themes   []string // both levels
	Genre    string
	Year     int
	Issuer   string
	Validity string
	Kind     string
}

// Part is the text of an attachment.
type Part struct {
	Name string
	Text string
}

// excerptLength is the characters shown of a text around the first hit.
const excerptLength = 110

// spans marks in text what of words occurs there. Around the first it keeps length runes, all
// if length is 0.
func spans(text string, words []word, length int) []Span {
	all := []rune(text)
	f := foldText(text, true)
	hit := make([]bool, len(all))
	first := len(all)
	for _, w := range words {
		if w.not {
			continue
		}
		for at := 0; ; {
			i := index(f.runes[at:], w.runes)
			if i < 0 {
				break
			}
			i += at
			for k := f.from[i]; k <= f.from[i+len(w.runes)-1]; k++ {
				hit[k] = true
			}
			first = min(first, int(f.from[i]))
			at = i + len(w.runes)
		}
	}
	from, to := 0, len(all)
	if length > 0 && len(all) > length {
		if first < len(all) {
			from = max(0, min(first-length/4, len(all)-length))
		}
		to = min(len(all), from+length)
	}
	return cut(all, hit, from, to)
}

func cut(all []rune, hit []bool, from, to int) []Span {
	var out []Span
	for i := from; i < to; {
		end := i
		for end < to && hit[end] == hit[i] {
			end++
		}
		out = append(out, Span{string(all[i:end]), hit[i]})
		i = end
	}
	if from > 0 && len(out) > 0 {
		out = slices.Insert(out, 0, Span{Text: "…"})
	}
	if to < len(all) && len(out) > 0 {
		out = append(out, Span{Text: "…"})
	}
	return out
}

// index returns where what begins in runes, -1 if it does not occur.
func index(runes, what []rune) int {
	for i := 0; i+len(what) <= len(runes); i++ {
		if runes[i] == what[0] && slices.Equal(runes[i:i+len(what)], what) {
			return i
		}
	}
	return -1
}

// holds reports whether a document really has each word, and none of those left out.
func holds(d *Document, words []word) bool {
	var title, body []rune
	for _, w := range words {
		if w.not || w.plain() {
			continue
		}
		if title == nil {
			title, body = foldText(d.Title, false).runes, foldText(d.Body, false).runes
		}
		if index(title, w.runes) < 0 && index(body, w.runes) < 0 {
			return false
		}
	}
	return true
}

// score weighs a title: the whole query in it, all words, some, none.
func score(title string, words []word) int {
	f := foldText(title, false).runes
	n, must := 0, 0
	var whole []rune
	for _, w := range words {
		if w.not {
			continue
		}
		must++
		whole = append(whole, w.runes...)
		if index(f, w.runes) >= 0 {
			n++
		}
	}
	switch {
	case index(f, whole) >= 0:
		return 3
	case n == must:
		return 2
	case n > 0:
		return 1
	}
	return 0
}
