package search

import (
	"slices"
	"strconv"
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
	Document // Body and Parts are left out
	TitleIn  []Span
	Excerpt  []Span
	Part     string // the name of the attachment the excerpt is from, "" for the text itself
}

// Result is a page of hits.
type Result struct {
	Hits []Hit
	Next string // After of the next page, "" if this is the last
	// Total counts the hits up to 10,000. Unless all stand on this page it is counted by the
	// index alone, which in very few documents takes a word for found whose parts occur apart.
	Total  int
	More   bool              // there are more than Total
	Facets map[Facet][]Value // those the query asked for, over all hits

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

// marks are what of a document filters and facets ask for.
func (d *Document) marks() (all []mark) {
	add := func(kind Facet, keys ...string) {
		for _, k := range keys {
			if k != "" {
				all = append(all, mark{kind, k})
			}
		}
	}
	add(ByAgency, d.Agency)
	add(inState, d.State)
	add(inSection, d.Sections...)
	add(ByTheme, d.Themes...)
	add(ByGenre, d.Genre)
	add(ByIssuer, d.Issuer)
	add(ByValidity, d.Validity)
	add(ByKind, d.Kind)
	if d.Year > 0 {
		add(ByYear, strconv.Itoa(d.Year))
	}
	return all
}

// bears reports whether a document bears what filters ask for.
func (d *Document) bears(filters []filter) bool {
	marks := d.marks()
	for _, f := range filters {
		if !slices.ContainsFunc(marks, func(m mark) bool { return m.kind == f.kind && slices.Contains(f.keys, m.key) }) {
			return false
		}
	}
	return true
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

// occursIn reports whether a word, or one of its synonyms, stands in a folded text in one piece.
func (w *word) occursIn(runes []rune) bool {
	return index(runes, w.runes) >= 0 || slices.ContainsFunc(w.others, func(o word) bool { return index(runes, o.runes) >= 0 })
}

// holds reports whether a document really has each word that it must have in one piece, and
// none of those left out.
func holds(d *Document, words []word, loosely bool) bool {
	var all [][]rune
	for _, w := range words {
		if w.soft || loosely && !w.not || w.plain() {
			continue
		}
		if all == nil {
			all = d.folded()
		}
		if w.not == slices.ContainsFunc(all, w.occursIn) {
			return false
		}
	}
	return true
}

// folded returns a document's texts as the index knows them.
func (d *Document) folded() (all [][]rune) {
	all = append(all, foldText(d.Title, false).runes, foldText(d.Body, false).runes)
	for _, p := range d.Parts {
		all = append(all, foldText(p.Name, false).runes, foldText(p.Text, false).runes)
	}
	for _, n := range d.Numbers {
		all = append(all, foldText(n, false).runes)
	}
	return all
}
