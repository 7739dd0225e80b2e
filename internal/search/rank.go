package search

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"gongkai/internal/db"
)

// How far a document must fit: the share of a run's or a question's words that it must have.
const (
	runShare      = 0.55
	questionShare = 0.1
	looseShare    = 0.3
)

// What ways to fit count against the words themselves.
const (
	synonymWeight = 0.5 // of a word
	hintedWeight  = 0.3 // of a word within a question
	ownWeight     = 4   // the document's own number
	endWeight     = 1.5 // a number of the same end of code
)

// plan writes a query for the index. Loosely, no word must occur.
func (r *reading) plan(q *Query, loosely bool) *plan {
	p := &plan{filters: q.filters(), facets: q.Facets, order: q.Order}
	p.from, p.to = q.rows()
	if r == nil {
		return p
	}
	for _, w := range r.words {
		switch {
		case w.not:
			p.not = append(p.not, term{w.way(1)})
		case w.soft || loosely:
			for _, t := range w.tokens {
				p.hint(t, 1)
			}
			for _, o := range w.others {
				for _, t := range o.tokens {
					p.hint(t, hintedWeight)
				}
			}
		default:
			t := term{w.way(1)}
			for _, o := range w.others {
				t = append(t, o.way(synonymWeight))
			}
			p.must = append(p.must, t)
		}
	}
	r.special(p, loosely)
	p.share = runShare
	if r.question {
		p.share = questionShare
	}
	if loosely {
		p.share = looseShare
	}
	return p
}

// special adds what a text was read to mean beside words.
func (r *reading) special(p *plan, loosely bool) {
	if n := r.number; n != nil {
		t := term{{tokens: []token{n.own()}, weight: ownWeight}, {tokens: []token{n.end()}, weight: endWeight}}
		if n.code == "" {
			t = term{{tokens: []token{n.bare()}, weight: endWeight}}
		}
		if n.code != "" && loosely {
			t = append(t, way{tokens: []token{n.bare()}, weight: 1})
		}
		if r.digits != "" { // perhaps just two figures: then their words will do
			w := word{runes: []rune(r.digits)}
			w.look()
			t = append(t, w.way(1))
			p.must = nil
		}
		p.must = append(p.must, t)
	}
	if r.said != "" {
		w := word{runes: []rune(r.said)}
		w.look()
		if r.question {
			for _, t := range w.tokens {
				p.hint(t, 1)
			}
			return
		}
		p.must = append(p.must, term{w.way(1), {from: rowOf(r.from), to: rowOf(r.to.Plus(1)) - 1, weight: 1}})
	}
}

func (w *word) way(weight float32) way {
	return way{tokens: w.tokens, begins: w.prefix, weight: weight}
}

// hint adds a token that counts.
func (p *plan) hint(t token, weight float32) {
	for i := range p.hints {
		if p.hints[i].token == t {
			if weight == 1 {
				p.hints[i].weight++
			}
			return
		}
	}
	p.hints = append(p.hints, hint{t, weight})
}

func (q *Query) filters() (all []filter) {
	years := make([]string, len(q.Years))
	for i, y := range q.Years {
		years[i] = itoa(y)
	}
	for _, f := range []filter{
		{ByAgency, q.Agencies}, {inSection, q.Sections}, {inState, q.States}, {ByTheme, q.Themes}, {ByGenre, q.Genres},
		{ByYear, years}, {ByIssuer, q.Issuers}, {ByValidity, q.Validities}, {ByKind, q.Kinds},
	} {
		if len(f.keys) > 0 {
			all = append(all, f)
		}
	}
	return all
}

// What is added to a score, in parts of what a document scores that has all that was asked.
const (
	sameTitle  = 0.5  // the title is what was typed
	inTitleAll = 0.25 // the title has it in one piece
	inTitleApt = 0.15 // the title has each word
	recency    = 0.02 // from the oldest document to the newest
	charWeight = 0.5  // of single characters against pairs, in a question
)

// ranked is a document with its last score.
type ranked struct {
	*row
	score float32
}

// rank puts the best hits in their last order, by what is kept of each document: title, single
// characters, authority, date.
func (v *volume) rank(tx *db.Tx, r *reading, a *answer, loosely bool) ([]ranked, error) {
	first := a.hits[:min(len(a.hits), mostRanked)]
	rows, err := v.rows(tx, first)
	if err != nil {
		return nil, err
	}
	all := make([]ranked, 0, len(a.hits))
	chars := v.rareChars(r, loosely)
	whole := r.compact()
	oldest, newest := v.span()
	for _, h := range first {
		one := rows[h.row]
		if one == nil {
			continue
		}
		s := h.score + charWeight*fitting(one.sketch, chars)
		s *= 1 + r.heeds()*v.worth(one.authority)
		s += a.full * r.titleBonus(one.title, whole)
		if newest > oldest {
			s += a.full * recency * float32(h.row>>20-oldest) / float32(newest-oldest)
		}
		all = append(all, ranked{one, s})
	}
	slices.SortFunc(all, func(x, y ranked) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(y.row.row, x.row.row))
	})
	rest, err := v.inOrder(tx, a.hits[len(first):])
	return append(all, rest...), err
}

// heeds says how much the authority of documents counts: with a question all, with typed words
// half, with a number or a date nothing.
func (r *reading) heeds() float32 {
	switch {
	case r.number != nil || r.compact() == "":
		return 0
	case r.question:
		return 1
	}
	return 0.5
}

// inOrder returns the documents of hits in their order.
func (v *volume) inOrder(tx *db.Tx, hits []hit) ([]ranked, error) {
	rows, err := v.rows(tx, hits)
	if err != nil {
		return nil, err
	}
	all := make([]ranked, 0, len(hits))
	for _, h := range hits {
		if one := rows[h.row]; one != nil {
			all = append(all, ranked{one, h.score})
		}
	}
	return all, nil
}

func (v *volume) rows(tx *db.Tx, hits []hit) (map[int64]*row, error) {
	rows := make([]int64, len(hits))
	for i, h := range hits {
		rows[i] = h.row
	}
	return docsOf(tx, rows)
}

// span returns the first and last day of all documents that have one.
func (v *volume) span() (oldest, newest int64) {
	for _, s := range v.segments {
		first, _ := slices.BinarySearch(s.rows, 1<<20)
		if first < len(s.rows) {
			if day := s.rows[first] >> 20; oldest == 0 || day < oldest {
				oldest = day
			}
			newest = max(newest, s.rows[len(s.rows)-1]>>20)
		}
	}
	return oldest, newest
}

// rareChars returns the single characters of a text's runs with how rare each is.
func (v *volume) rareChars(r *reading, loosely bool) map[uint16]float32 {
	docs := 0
	for _, s := range v.segments {
		docs += s.docs()
	}
	chars := map[uint16]float32{}
	for _, w := range r.words {
		for _, c := range w.runes {
			if (w.soft || loosely) && !w.not && c >= firstSketched && c < firstSketched+sketched {
				chars[uint16(c-firstSketched)] += rarity(int(v.df[c-firstSketched]), docs)
			}
		}
	}
	return chars
}

// fitting scores a sketch.
func fitting(sketch []byte, chars map[uint16]float32) (score float32) {
	if len(chars) == 0 {
		return 0
	}
	length, _ := binary.Uvarint(sketch)
	per := 1 / (1 - slopes[inBody] + slopes[inBody]*float64(length)/usual[inBody])
	readSketch(sketch, func(c uint16, n int) {
		if w := chars[c]; w > 0 {
			x := float64(n) * per
			score += w * float32(x/(x+saturation))
		}
	})
	return score
}

// compact is all that was typed in one piece.
func (r *reading) compact() string {
	var b strings.Builder
	for _, w := range r.words {
		if !w.not {
			b.WriteString(string(w.runes))
		}
	}
	return strings.ReplaceAll(b.String(), " ", "")
}

func (r *reading) titleBonus(title, whole string) float32 {
	if whole == "" || r.question {
		return 0
	}
	f := foldText(title, false).runes
	t := strings.ReplaceAll(string(f), " ", "")
	switch {
	case t == whole:
		return sameTitle
	case strings.Contains(t, whole):
		return inTitleAll
	}
	for _, w := range r.words {
		if !w.not && !w.occursIn(f) {
			return 0
		}
	}
	return inTitleApt
}

// with looks for synonyms too, and returns the groups it uses.
func (r *reading) with(groups []Group) (used []Group) {
	for _, g := range groups {
		folded := make([]word, len(g))
		for i, s := range g {
			folded[i].runes = trimGap(foldText(s, false).runes)
			folded[i].look()
		}
		if r.withGroup(folded) {
			used = append(used, g)
		}
	}
	return used
}

func (r *reading) withGroup(group []word) (used bool) {
	for i := range r.words {
		w := &r.words[i]
		if w.not || w.quoted {
			continue
		}
		at := slices.IndexFunc(group, func(g word) bool {
			return slices.Equal(g.runes, w.runes) || w.soft && len(g.runes) > 1 && index(w.runes, g.runes) >= 0
		})
		if at < 0 {
			continue
		}
		for k, g := range group {
			if k != at && len(g.tokens) > 0 {
				w.others = append(w.others, g)
				used = true
			}
		}
	}
	return used
}
