package search

import (
	"container/heap"
	"math"
	"slices"

	"gongkai/internal/db"
)

// none is the row of a walk that is over.
const none = -1

// walker goes through rows from the newest on. seek returns the newest row that is max or
// older, or none; max never grows from one call to the next.
type walker interface {
	seek(max int64) (int64, error)
}

// walk goes through the rows of all segments that fit an expression.
type walk struct {
	from, to int64
	any      anyOf
}

func newWalk(tx *db.Tx, e expression, from, to int64) (*walk, error) {
	all, err := segments(tx)
	if err != nil {
		return nil, err
	}
	w := &walk{from: from, to: to}
	for _, s := range all {
		if s.high < from || s.low > to {
			continue
		}
		one, err := e.walker(tx, s)
		if err != nil {
			return nil, err
		}
		w.any = append(w.any, &step{walker: one, row: s.high + 1})
	}
	heap.Init(&w.any)
	return w, nil
}

// next returns up to n further rows, the newest first.
func (w *walk) next(n int) (rows []int64, err error) {
	for len(rows) < n {
		row, err := w.any.seek(w.to)
		if err != nil || row == none || row < w.from {
			return rows, err
		}
		rows = append(rows, row)
		w.to = row - 1
	}
	return rows, nil
}

// walker returns what walks through a segment's rows that fit the expression.
func (e expression) walker(tx *db.Tx, s *segment) (walker, error) {
	all := &allOf{}
	for _, w := range e.words {
		one, err := w.walker(tx, s)
		if err != nil {
			return nil, err
		}
		if w.not {
			all.not = append(all.not, one)
		} else {
			all.must = append(all.must, one)
		}
	}
	for _, marks := range e.marks {
		any := anyOf{}
		for _, m := range marks {
			any = append(any, &step{walker: &list{tx: tx, s: s, token: m}, row: math.MaxInt64})
		}
		all.must = append(all.must, &any)
	}
	return all, nil
}

func (w word) walker(tx *db.Tx, s *segment) (walker, error) {
	if w.prefix {
		return beginning(tx, s, w.tokens[0])
	}
	all := &allOf{}
	for _, t := range w.tokens {
		all.must = append(all.must, &list{tx: tx, s: s, token: t})
	}
	return all, nil
}

// allOf walks through what each of must has and none of not.
type allOf struct{ must, not []walker }

func (a *allOf) seek(max int64) (int64, error) {
	for agreed := 0; agreed < len(a.must); {
		row, err := a.must[agreed].seek(max)
		if err != nil || row == none {
			return none, err
		}
		if agreed++; row < max && agreed > 1 {
			agreed = 0 // those before must agree to the older row
		}
		max = row
		if agreed < len(a.must) {
			continue
		}
		out, err := a.out(row)
		if err != nil {
			return none, err
		}
		if out {
			agreed, max = 0, row-1
		}
	}
	return max, nil
}

func (a *allOf) out(row int64) (bool, error) {
	for _, n := range a.not {
		if has, err := n.seek(row); err != nil || has == row {
			return true, err
		}
	}
	return false, nil
}

// step is a walker and how far it came: its row, or where it may at most go on.
type step struct {
	walker
	row  int64
	sure bool // it stands at row
}

// anyOf walks through what one of several has: a heap, the newest first, in which those that
// nobody asked yet stand where they could be at most.
type anyOf []*step

func (a anyOf) Len() int           { return len(a) }
func (a anyOf) Less(i, j int) bool { return a[i].row > a[j].row }
func (a anyOf) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *anyOf) Push(x any)        { *a = append(*a, x.(*step)) }

// Pop takes the last away.
func (a *anyOf) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

func (a *anyOf) seek(max int64) (int64, error) {
	for len(*a) > 0 {
		s := (*a)[0]
		if s.sure && s.row <= max {
			return s.row, nil
		}
		row, err := s.seek(min(max, s.row))
		if err != nil {
			return none, err
		}
		if s.row, s.sure = row, true; row == none {
			heap.Pop(a)
		} else {
			heap.Fix(a, 0)
		}
	}
	return none, nil
}

// list walks through a token's rows in a segment, a piece in memory at a time.
type list struct {
	tx    *db.Tx
	s     *segment
	token token
	rows  []int64
	over  bool
}

func (l *list) seek(max int64) (int64, error) {
	if l.over || max < l.s.low {
		return none, nil
	}
	if len(l.rows) == 0 || l.rows[0] > max {
		if err := l.load(max); err != nil || l.over {
			return none, err
		}
	}
	return l.back(max), nil
}

// back forgets the rows newer than max, and returns the newest left.
func (l *list) back(max int64) int64 {
	n := len(l.rows)
	if l.rows[n-1] > max {
		i, found := slices.BinarySearch(l.rows, max)
		if n = i; found {
			n++
		}
		l.rows = l.rows[:n]
	}
	return l.rows[n-1]
}

// load reads the newest piece that begins at max or before.
func (l *list) load(max int64) error {
	b, err := blockAt(l.tx, l.s.id, l.token, max)
	if err != nil {
		return err
	}
	l.over = true
	if b == nil {
		return nil
	}
	var found piece
	pieces(l.s, b.token, b.data, func(p piece) bool {
		if p.token > l.token || p.token == l.token && p.first > max {
			return false
		}
		if p.token == l.token {
			found, l.over = p, false
		}
		return true
	})
	if !l.over {
		l.rows = found.rows(l.rows[:0])
	}
	return nil
}

// held walks through rows in memory.
type held struct{ list }

func (h *held) seek(max int64) (int64, error) {
	if h.rows[0] > max {
		return none, nil
	}
	return h.back(max), nil
}

// beginning walks through the rows of all tokens that begin with the rune of t. There are
// thousands in a large segment, so their blocks are read one after the other.
func beginning(tx *db.Tx, s *segment, t token) (walker, error) {
	end := t + 1<<pairBits
	some, err := blocksBetween(tx, s.id, t, end)
	if err != nil {
		return nil, err
	}
	first, err := blockAt(tx, s.id, t, none)
	if err != nil {
		return nil, err
	}
	if first != nil {
		some = append([]*block{first}, some...)
	}
	any := anyOf{}
	for _, b := range some {
		pieces(s, b.token, b.data, func(p piece) bool {
			if t <= p.token && p.token < end {
				h := &held{list{rows: p.rows(nil)}}
				any = append(any, &step{walker: h, row: h.rows[len(h.rows)-1], sure: true})
			}
			return p.token < end
		})
	}
	heap.Init(&any)
	return &any, nil
}
