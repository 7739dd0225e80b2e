package search

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
	"sync"

	"gongkai/internal/db"
)

// way is one way for a document to fit a term: all of some tokens, the beginning of one, or a
// row of some days.
type way struct {
	tokens   []token
	begins   bool // the one token is the beginning of some
	from, to int64
	weight   float32
}

// term is something a document must fit in one of several ways.
type term []way

// hint is a token that counts for a document without being needed.
type hint struct {
	token  token
	weight float32
}

// plan is a query as the index is asked.
type plan struct {
	must, not []term
	hints     []hint
	share     float32 // of the hints' weight that a document must have
	from, to  int64
	filters   []filter
	facets    []Facet
	order     Order
	after     int64 // rows from here on are not wanted, with Newest; up to here with Oldest
	most      int   // hits wanted
}

// filter lets documents pass that bear one of some keys of a kind.
type filter struct {
	kind Facet
	keys []string
}

// hit is a document found by the index.
type hit struct {
	row   int64
	score float32
}

// answer is what the index knows about a plan.
type answer struct {
	hits  []hit // in order
	total int
	full  float32 // what a document would score that has nothing but what was asked
	idf   map[token]float32
	count map[mark]int
}

// matcher asks all segments of a volume.
type matcher struct {
	*plan
	v     *volume
	tx    *db.Tx
	lists map[token][][]piece // by segment
	idf   map[token]float32
	need  float32

	filterOf []uint8 // by mark, from 1
	kindOf   []uint8 // by mark: the facet from 1, 0 for none that is counted
	counts   []int32
	best     best
	total    int
}

// match answers a plan. The volume's lock must be held.
func (v *volume) match(tx *db.Tx, p *plan) (*answer, error) {
	m := &matcher{plan: p, v: v, tx: tx, lists: map[token][][]piece{}, idf: map[token]float32{}, best: best{order: p.order}}
	if err := m.read(); err != nil {
		return nil, err
	}
	m.prepare()
	for i := range v.segments {
		if err := m.segment(i); err != nil {
			return nil, err
		}
	}
	return m.answer(), nil
}

// read fetches the lists of all tokens and reckons how rare each is.
func (m *matcher) read() error {
	for _, t := range slices.Concat(m.must, m.not) {
		for _, w := range t {
			for _, one := range w.tokens {
				before := one + 1
				if w.begins {
					before = one + 1<<pairBits
				}
				if err := m.fetch(one, before); err != nil {
					return err
				}
			}
		}
	}
	for _, h := range m.hints {
		if err := m.fetch(h.token, h.token+1); err != nil {
			return err
		}
	}
	return nil
}

func (m *matcher) fetch(t, before token) error {
	if m.lists[t] != nil {
		return nil
	}
	all := make([][]piece, len(m.v.segments))
	docs, n := 0, 0
	for i, s := range m.v.segments {
		some, err := m.v.list(m.tx, s, t, before)
		if err != nil {
			return err
		}
		all[i] = some
		docs += s.docs()
		for _, p := range some {
			n += p.n
		}
	}
	m.lists[t] = all
	m.idf[t] = rarity(n, docs)
	return nil
}

// rarity is what a token that n of so many documents have adds to a score at most; nothing where
// none has it.
func rarity(n, docs int) float32 {
	if n == 0 {
		return 0
	}
	n = min(n, docs)
	return float32(math.Log(1 + (float64(docs-n)+0.5)/(float64(n)+0.5)))
}

// mostRare bounds what one token counts towards the share of hints a document must have: pairs
// across the border of two words are rare and say little.
const mostRare = 5

func (m *matcher) prepare() {
	m.filterOf = make([]uint8, len(m.v.marks.all))
	m.kindOf = make([]uint8, len(m.v.marks.all))
	m.counts = make([]int32, len(m.v.marks.all))
	for i, f := range m.filters {
		for _, k := range f.keys {
			if n, known := m.v.marks.number[mark{f.kind, k}]; known {
				m.filterOf[n] = uint8(i + 1)
			}
		}
	}
	if len(m.facets) > 0 {
		for n, one := range m.v.marks.all {
			m.kindOf[n] = uint8(slices.Index(m.facets, one.kind) + 1)
		}
	}
	for _, h := range m.hints {
		m.need += min(mostRare, m.idf[h.token]) * h.weight
	}
	m.need *= m.share
}

// scored is a document of a segment.
type scored struct {
	doc   uint32
	score float32
}

// segment takes what of a segment fits.
func (m *matcher) segment(i int) error {
	s := m.v.segments[i]
	from, _ := slices.BinarySearch(s.rows, m.from)
	to, _ := slices.BinarySearch(s.rows, m.to+1)
	if from == to {
		return nil
	}
	if len(m.must) == 0 && len(m.not) == 0 && len(m.hints) > 0 && m.order != Oldest {
		m.loose(i, uint32(from), uint32(to))
		return nil
	}
	some, err := m.candidates(i, uint32(from), uint32(to))
	if err != nil {
		return err
	}
	for _, t := range m.not {
		some = without(some, m.term(i, t))
	}
	if m.order == Oldest {
		slices.Reverse(some)
	}
	for _, c := range slices.Backward(some) { // so that of equals those come first that are kept
		if c.doc >= uint32(from) && c.doc < uint32(to) && !m.hopeless(c.score) && !s.isDead(c.doc) {
			m.take(s, c)
		}
	}
	return nil
}

// loose takes what has enough of the hints, where nothing else is asked for.
func (m *matcher) loose(i int, from, to uint32) {
	s := m.v.segments[i]
	all, back := m.tallied(i)
	defer back()
	for doc := to; doc > from; doc-- {
		c := all[doc-1]
		if c.seen >= m.need && c.seen > 0 && !m.hopeless(c.score) && !s.isDead(doc-1) {
			m.take(s, scored{doc - 1, c.score})
		}
	}
}

// hopeless reports whether a score is too small to be among the best and need not be counted
// either.
func (m *matcher) hopeless(score float32) bool {
	return m.total > mostCounted && m.order == Relevance && len(m.facets) == 0 && len(m.best.hits) == m.most &&
		score < m.best.hits[0].score
}

// candidates are what has all terms and enough of the hints.
func (m *matcher) candidates(i int, from, to uint32) ([]scored, error) {
	if len(m.must) == 0 && len(m.hints) == 0 {
		return m.listed(i, from, to)
	}
	var some []scored
	for n, t := range m.must {
		list := m.term(i, t)
		if n == 0 {
			some = list
		} else {
			some = with(some, list)
		}
		if len(some) == 0 {
			return nil, nil
		}
	}
	if len(m.hints) > 0 {
		some = m.hinted(i, some)
	}
	return some, nil
}

// listed are the documents of a filter, or all.
func (m *matcher) listed(i int, from, to uint32) ([]scored, error) {
	s := m.v.segments[i]
	for _, f := range m.filters {
		if slices.Contains(m.facets, f.kind) {
			continue // what it does not let pass is counted too
		}
		var lists [][]scored
		for _, k := range f.keys {
			n, known := m.v.marks.number[mark{f.kind, k}]
			if !known {
				continue
			}
			some, err := m.v.list(m.tx, s, markBit|token(n), (markBit|token(n))+1)
			if err != nil {
				return nil, err
			}
			lists = append(lists, valued(some, 0))
		}
		if f.kind != inState || len(m.filters) == 1 {
			return union(lists), nil
		}
	}
	all := make([]scored, 0, to-from)
	for doc := from; doc < to; doc++ {
		all = append(all, scored{doc: doc})
	}
	return all, nil
}

// take counts a candidate and keeps it if it is among the best.
func (m *matcher) take(s *segment, c scored) {
	h := hit{s.rows[c.doc], c.score}
	wanted := m.wanted(h)
	if !wanted && m.total > mostCounted && len(m.facets) == 0 {
		return
	}
	var passed uint64
	marks := s.marksOf(c.doc)
	for _, n := range marks {
		passed |= 1 << m.filterOf[n]
	}
	failed := (uint64(1)<<len(m.filters) - 1) &^ (passed >> 1)
	if failed != 0 {
		m.countElse(failed, marks)
		return
	}
	if len(m.facets) > 0 {
		for _, n := range marks {
			m.counts[n]++
		}
	}
	if m.total++; wanted {
		m.best.add(h, m.most)
	}
}

// wanted reports whether a hit would be among the best so far.
func (m *matcher) wanted(h hit) bool {
	if m.order == Newest && h.row >= m.after || m.order == Oldest && h.row <= m.after {
		return false
	}
	return len(m.best.hits) < m.most || m.most > 0 && m.best.before(h, m.best.hits[0])
}

// countElse counts a document for a facet whose own filter is all that keeps it out.
func (m *matcher) countElse(failed uint64, marks []uint32) {
	if failed&(failed-1) != 0 || len(m.facets) == 0 {
		return
	}
	for i, f := range m.filters {
		if failed != 1<<i {
			continue
		}
		kind := uint8(slices.Index(m.facets, f.kind) + 1)
		for _, n := range marks {
			if kind > 0 && m.kindOf[n] == kind {
				m.counts[n]++
			}
		}
	}
}

func (m *matcher) answer() *answer {
	a := &answer{hits: m.best.sorted(), total: m.total, idf: m.idf}
	if len(m.facets) > 0 {
		a.count = map[mark]int{}
		for n, c := range m.counts {
			if c > 0 && m.kindOf[n] > 0 {
				a.count[m.v.marks.all[n]] = int(c)
			}
		}
	}
	for _, t := range m.must {
		most := float32(0)
		for _, w := range t {
			sum := float32(0)
			for _, one := range w.tokens {
				sum += m.idf[one] * w.weight
			}
			most = max(most, sum)
		}
		a.full += most
	}
	for _, h := range m.hints {
		a.full += m.idf[h.token] * h.weight
	}
	return a
}

// term returns the documents that fit a term in any way, with the best score.
func (m *matcher) term(i int, t term) []scored {
	lists := make([][]scored, 0, len(t))
	for _, w := range t {
		if list := m.way(i, w); len(list) > 0 {
			lists = append(lists, list)
		}
	}
	return union(lists)
}

// passing is the score of a document that fits by its date: less than any word.
const passing = 0.1

func (m *matcher) way(i int, w way) []scored {
	s := m.v.segments[i]
	switch {
	case w.to > 0:
		from, _ := slices.BinarySearch(s.rows, w.from)
		to, _ := slices.BinarySearch(s.rows, w.to+1)
		var all []scored
		for doc := from; doc < to; doc++ {
			all = append(all, scored{uint32(doc), passing})
		}
		return all
	case w.begins:
		return m.beginning(i, w)
	}
	order := slices.Clone(w.tokens)
	slices.SortFunc(order, func(a, b token) int {
		return cmp.Or(cmp.Compare(m.idf[b], m.idf[a]), cmp.Compare(a, b))
	})
	var some []scored
	for n, t := range order {
		list := m.lists[t][i]
		if len(list) == 0 {
			return nil
		}
		if n == 0 {
			some = valued(list, m.idf[t]*w.weight)
		} else {
			some = narrowed(some, list, m.idf[t]*w.weight)
		}
	}
	return some
}

// valued returns the documents of a list with their scores.
func valued(list []piece, weight float32) []scored {
	n := 0
	for _, p := range list {
		n += p.n
	}
	var by [1 << impactBits]float32
	for i, w := range worth {
		by[i] = w * weight
	}
	all := make([]scored, 0, n)
	buffer := buffers.Get().(*[]posting)
	for _, p := range list {
		*buffer = p.postings((*buffer)[:0])
		for _, one := range *buffer {
			all = append(all, scored{one.doc(), by[one.impact()]})
		}
	}
	buffers.Put(buffer)
	return all
}

var buffers = sync.Pool{New: func() any { return new([]posting) }}

// narrowed keeps of some what a list has too, and adds its scores. Pieces that none of some is
// in are not read.
func narrowed(some []scored, list []piece, weight float32) []scored {
	kept := some[:0]
	buffer := buffers.Get().(*[]posting)
	for i, p := range list {
		end := len(some)
		if i+1 < len(list) {
			next := list[i+1].first
			end, _ = slices.BinarySearchFunc(some, next, func(s scored, doc uint32) int { return cmp.Compare(s.doc, doc) })
		}
		here := some[:end]
		if some = some[end:]; len(here) == 0 {
			continue
		}
		*buffer = p.postings((*buffer)[:0])
		all := *buffer
		at := 0
		for _, s := range here {
			for at < len(all) && all[at].doc() < s.doc {
				at++
			}
			if at == len(all) {
				break
			}
			if all[at].doc() == s.doc {
				kept = append(kept, scored{s.doc, s.score + weight*worth[all[at].impact()]})
			}
		}
	}
	buffers.Put(buffer)
	return kept
}

// with keeps what both have and adds the scores.
func with(a, b []scored) []scored {
	kept := a[:0]
	n := 0
	for _, one := range a {
		for n < len(b) && b[n].doc < one.doc {
			n++
		}
		if n == len(b) {
			break
		}
		if b[n].doc == one.doc {
			kept = append(kept, scored{one.doc, one.score + b[n].score})
		}
	}
	return kept
}

// without keeps what of a is not in b.
func without(a, b []scored) []scored {
	kept := a[:0]
	for _, one := range a {
		for len(b) > 0 && b[0].doc < one.doc {
			b = b[1:]
		}
		if len(b) == 0 || b[0].doc != one.doc {
			kept = append(kept, one)
		}
	}
	return kept
}

// union has what any list has, with the best score.
func union(lists [][]scored) []scored {
	if len(lists) == 0 {
		return nil
	}
	for len(lists) > 1 {
		lists = append(lists[2:], unionOfTwo(lists[0], lists[1]))
	}
	return lists[0]
}

func unionOfTwo(a, b []scored) []scored {
	out := make([]scored, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].doc < b[0].doc:
			out, a = append(out, a[0]), a[1:]
		case a[0].doc > b[0].doc:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, scored{a[0].doc, max(a[0].score, b[0].score)})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// cell adds up what a document has.
type cell struct{ score, seen float32 }

var cells = sync.Pool{New: func() any { return new([]cell) }}

// table returns cells for a segment's documents, all empty, and what gives them back.
func table(docs int) (all []cell, back func()) {
	p := cells.Get().(*[]cell)
	if cap(*p) < docs {
		*p = make([]cell, docs)
	}
	all = (*p)[:docs]
	clear(all)
	return all, func() { cells.Put(p) }
}

// hinted adds what the hints say about some documents, about all if nothing is a must, and
// keeps those that have enough of them.
func (m *matcher) hinted(i int, some []scored) []scored {
	all, back := m.tallied(i)
	defer back()
	if len(m.must) == 0 {
		some = nil
		for doc, c := range all {
			if c.seen >= m.need && c.seen > 0 {
				some = append(some, scored{uint32(doc), c.score})
			}
		}
		return some
	}
	kept := some[:0]
	for _, s := range some {
		if c := all[s.doc]; c.seen >= m.need {
			kept = append(kept, scored{s.doc, s.score + c.score})
		}
	}
	return kept
}

// tallied adds up what each document of a segment has of the hints.
func (m *matcher) tallied(i int) (all []cell, back func()) {
	all, back = table(m.v.segments[i].docs())
	for _, h := range m.hints {
		weight := m.idf[h.token] * h.weight
		seen := min(mostRare, m.idf[h.token]) * h.weight
		for _, p := range m.lists[h.token][i] {
			add(all, p, weight, seen)
		}
	}
	return all, back
}

// add adds a piece to the cells. It is where a search spends its time.
func add(all []cell, p piece, weight, seen float32) {
	var by [1 << impactBits]float32
	for i, w := range worth {
		by[i] = w * weight
	}
	buffer := buffers.Get().(*[]posting)
	*buffer = p.postings((*buffer)[:0])
	for _, one := range *buffer {
		if doc := one.doc(); int(doc) < len(all) {
			c := &all[doc]
			c.score += by[one.impact()]
			c.seen += seen
		}
	}
	buffers.Put(buffer)
}

// beginning returns the documents with any token that begins with a character.
func (m *matcher) beginning(i int, w way) []scored {
	all, back := table(m.v.segments[i].docs())
	defer back()
	weight := m.idf[w.tokens[0]] * w.weight
	buffer := buffers.Get().(*[]posting)
	for _, p := range m.lists[w.tokens[0]][i] {
		*buffer = p.postings((*buffer)[:0])
		for _, one := range *buffer {
			if doc := one.doc(); int(doc) < len(all) {
				c := &all[doc]
				c.seen = 1
				c.score = max(c.score, weight*worth[one.impact()])
			}
		}
	}
	buffers.Put(buffer)
	var some []scored
	for doc, c := range all {
		if c.seen > 0 {
			some = append(some, scored{uint32(doc), c.score})
		}
	}
	return some
}

// best keeps the first of many hits: a heap with the last of them on top.
type best struct {
	order Order
	hits  []hit
}

// before reports whether a comes before b in the answer.
func (b *best) before(x, y hit) bool {
	switch {
	case b.order == Oldest:
		return x.row < y.row
	case b.order == Relevance && x.score != y.score:
		return x.score > y.score
	}
	return x.row > y.row
}

func (b *best) Len() int           { return len(b.hits) }
func (b *best) Less(i, j int) bool { return b.before(b.hits[j], b.hits[i]) }
func (b *best) Swap(i, j int)      { b.hits[i], b.hits[j] = b.hits[j], b.hits[i] }

// Push adds a hit.
func (b *best) Push(x any) { b.hits = append(b.hits, x.(hit)) }

// Pop takes the last away.
func (b *best) Pop() any {
	last := b.hits[len(b.hits)-1]
	b.hits = b.hits[:len(b.hits)-1]
	return last
}

// add adds a hit that is among the best.
func (b *best) add(h hit, most int) {
	if len(b.hits) < most {
		heap.Push(b, h)
		return
	}
	b.hits[0] = h
	heap.Fix(b, 0)
}

func (b *best) sorted() []hit {
	slices.SortFunc(b.hits, func(x, y hit) int {
		if b.before(x, y) {
			return -1
		}
		return 1
	})
	return b.hits
}
