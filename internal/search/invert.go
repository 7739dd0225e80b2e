package search

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"gongkai/internal/db"
)

// field is a part of a document whose words count differently.
type field int

const (
	inTitle field = iota
	inBody
	inParts
	fields
)

// How much a token says about a document (BM25F): occurrences by field, each weighed and held
// against the field's length, and together saturated. The lengths are held against fixed ones
// instead of the collection's average, so that what is stored never has to be made anew; the
// values were tuned on one half of the questions of the quality benchmark.
var (
	weights = [fields]float64{inTitle: 1.5, inBody: 1, inParts: 0.5}
	usual   = [fields]float64{inTitle: 20, inBody: 250, inParts: 1000} // tokens of a field
	slopes  = [fields]float64{inTitle: 0.4, inBody: 0.6, inParts: 0.6}
)

// saturation is how many weighed occurrences say half of what any number can say.
const saturation = 1

// strength is the impact of so many weighed occurrences, rounded to what is stored.
func strength(occurrences float64) uint8 {
	return uint8(min(mostImpact, occurrences/(occurrences+saturation)*(1<<impactBits)))
}

// worth gives the score of an impact, between 0 and 1.
var worth = func() (all [1 << impactBits]float32) {
	for i := range all {
		all[i] = (float32(i) + 0.5) / (1 << impactBits)
	}
	return all
}()

// inverter turns documents into the lists of their tokens. Documents come in the order of
// their rows.
type inverter struct {
	s       *segment
	number  map[token]int32
	tokens  []token // by number
	last    []int32 // the document that had the token last, from 1
	place   []int32 // of that document's tally
	count   []int32
	had     []int32 // the numbers of all documents' tokens
	impacts []uint8
	ends    []int // where each document's end

	tallies []tally
	length  [fields]int
	sketch  sketcher
	df      []uint32 // by single character
}

// tally counts a token in the document at hand.
type tally struct {
	number int32
	impact uint8 // where it is given, not counted
	in     [fields]uint16
}

func newInverter(docs int) *inverter {
	return &inverter{s: &segment{}, number: make(map[token]int32, 50*docs), had: make([]int32, 0, 450*docs),
		impacts: make([]uint8, 0, 450*docs), df: make([]uint32, sketched)}
}

// add takes a document in and returns its sketch.
func (v *inverter) add(row int64, marks []uint32, d *Document, s authority) []byte {
	v.s.rows = append(v.s.rows, row)
	v.s.marks = append(v.s.marks, marks...)
	v.s.ends = append(v.s.ends, uint32(len(v.s.marks)))
	for _, m := range marks {
		v.tallyOf(markBit | token(m)).impact = 1
	}
	titled := func(t token) { v.tallyOf(t | titleBit).in[inTitle]++ }
	v.text(inTitle, d.Title, titled)
	v.citing(s, d.Body, v.text(inBody, d.Body, nil))
	for _, p := range d.Parts {
		v.text(inParts, p.Name, nil)
		v.citing(s, p.Text, v.text(inParts, p.Text, nil))
	}
	for _, n := range d.Numbers {
		v.text(inTitle, n, titled)
		for _, t := range numbersIn(foldText(n, false).runes, true) {
			v.tallyOf(t).impact = mostImpact
		}
	}
	v.close()
	return v.sketch.take(v.df)
}

// citing takes in what a text cites.
func (v *inverter) citing(s authority, text string, folded []rune) {
	s.cites(text, folded, func(t token) { v.tallyOf(t).impact = 1 })
}

// text takes in a field's text and returns it folded; also is told each token.
func (v *inverter) text(f field, s string, also func(token)) []rune {
	runes := foldText(s, false).runes
	tokens(runes, func(t []rune) {
		one := tokenOf(t)
		if v.length[f]++; v.length[f] < math.MaxUint16 {
			v.tallyOf(one).in[f]++
		}
		if also != nil {
			also(one)
		}
	})
	for _, t := range numbersIn(runes, false) {
		v.tallyOf(t).in[f]++
	}
	v.sketch.add(runes)
	return runes
}

func (v *inverter) tallyOf(t token) *tally {
	n, known := v.number[t]
	if !known {
		n = int32(len(v.tokens))
		v.number[t] = n
		v.tokens, v.last, v.place, v.count = append(v.tokens, t), append(v.last, 0), append(v.place, 0), append(v.count, 0)
	}
	if doc := int32(len(v.s.rows)); v.last[n] != doc {
		v.last[n], v.place[n] = doc, int32(len(v.tallies))
		v.count[n]++
		v.tallies = append(v.tallies, tally{number: n})
	}
	return &v.tallies[v.place[n]]
}

// close weighs the tallies of the document at hand.
func (v *inverter) close() {
	var per [fields]float64
	for f := range per {
		per[f] = weights[f] / (1 - slopes[f] + slopes[f]*float64(v.length[f])/usual[f])
	}
	for i := range v.tallies {
		t := &v.tallies[i]
		n := 0.0
		for f, k := range t.in {
			n += float64(k) * per[f]
		}
		v.had = append(v.had, t.number)
		v.impacts = append(v.impacts, max(t.impact, strength(n)))
	}
	v.ends = append(v.ends, len(v.had))
	v.tallies, v.length = v.tallies[:0], [fields]int{}
}

// write makes a segment of what was added.
func (v *inverter) write(tx *db.Tx) (*segment, error) {
	v.s.chars = packCounts(v.df)
	w, err := begin(tx, v.s)
	if err != nil {
		return nil, err
	}
	lists := v.lists()
	order := make([]int32, len(v.tokens))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(v.tokens[a], v.tokens[b]) })
	for _, n := range order {
		if err := w.add(v.tokens[n], lists[n]); err != nil {
			return nil, err
		}
	}
	return v.s, w.end()
}

// lists returns each token's postings.
func (v *inverter) lists() [][]posting {
	all := make([]posting, len(v.had))
	lists := make([][]posting, len(v.tokens))
	at := 0
	for n, c := range v.count {
		lists[n] = all[at : at : at+int(c)]
		at += int(c)
	}
	from := 0
	for doc, end := range v.ends {
		for i, n := range v.had[from:end] {
			lists[n] = append(lists[n], postingOf(uint32(doc), v.impacts[from+i]))
		}
		from = end
	}
	return lists
}

// A sketch is the single characters of a document, kept beside its title: of the documents whose
// pairs fit a question best those are put first whose characters fit too. Lists of single
// characters would be as large as all others together.
const (
	firstSketched = 0x4e00
	sketched      = 0x9fff - firstSketched + 1
	mostSeen      = 4 // occurrences that are told apart
)

// sketcher counts a document's characters.
type sketcher struct {
	counts [sketched]uint16
	seen   []uint16
	length int
}

func (k *sketcher) add(runes []rune) {
	for _, r := range runes {
		if r < firstSketched || r >= firstSketched+sketched {
			continue
		}
		c := uint16(r - firstSketched)
		if k.counts[c] == 0 {
			k.seen = append(k.seen, c)
		}
		if k.counts[c] < mostSeen {
			k.counts[c]++
		}
		k.length++
	}
}

// take returns the sketch, notes in df which characters there were, and begins anew.
func (k *sketcher) take(df []uint32) []byte {
	slices.Sort(k.seen)
	out := binary.AppendUvarint(make([]byte, 0, 2*len(k.seen)), uint64(k.length))
	before := uint16(0)
	for _, c := range k.seen {
		out = binary.AppendUvarint(out, uint64(c-before)*mostSeen+uint64(k.counts[c]-1))
		before = c
		k.counts[c] = 0
		df[c]++
	}
	k.seen, k.length = k.seen[:0], 0
	return out
}

// readSketch calls each with the characters of a sketch.
func readSketch(data []byte, each func(c uint16, occurrences int)) {
	_, n := binary.Uvarint(data) // the length
	c := uint16(0)
	for n > 0 && len(data) > n {
		data = data[n:]
		var v uint64
		if v, n = binary.Uvarint(data); n <= 0 {
			break
		}
		if c += uint16(v / mostSeen); c < sketched {
			each(c, int(v%mostSeen)+1)
		}
	}
}

// packCounts writes counts of which most are 0.
func packCounts(counts []uint32) (out []byte) {
	before := 0
	for i, n := range counts {
		if n > 0 {
			out = binary.AppendUvarint(binary.AppendUvarint(out, uint64(i-before)), uint64(n))
			before = i
		}
	}
	return out
}

// addCounts adds counts that packCounts wrote.
func addCounts(counts []uint32, data []byte) {
	for i := uint64(0); len(data) > 0; {
		d, n := binary.Uvarint(data)
		if n <= 0 {
			return
		}
		c, k := binary.Uvarint(data[n:])
		if i += d; k <= 0 || i >= uint64(len(counts)) {
			return
		}
		counts[i] += uint32(c)
		data = data[n+k:]
	}
}
