package search

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"

	"gongkai/internal/db"
)

// fan is how many segments of about the same size are put together into one. A larger number
// writes less and makes a search look into more.
const fan = 8

// mostMerged is the documents of the largest segments: putting together larger ones would
// write much at a time and spare a search little.
const mostMerged = 300_000

// quick is the documents that are put together at once while changes wait to be taken in.
const quick = 20_000

// tend puts segments together while there are too many of a size, of at most so many documents.
func (v *volume) tend(ctx context.Context, most int) error {
	v.merging.Lock()
	defer v.merging.Unlock()
	for {
		some := due(v.all(), most)
		if some == nil {
			return nil
		}
		if err := v.merge(ctx, some); err != nil {
			return err
		}
	}
}

// settle puts all small segments together: after many documents came at once, further ones
// will be few.
func (v *volume) settle(ctx context.Context) error {
	v.merging.Lock()
	defer v.merging.Unlock()
	var some []*segment
	docs := 0
	for _, s := range v.all() {
		if s.docs() < mostMerged/4 && docs+s.docs() <= mostMerged {
			some, docs = append(some, s), docs+s.docs()
		}
	}
	if len(some) < 2 {
		return nil
	}
	return v.merge(ctx, some)
}

// due returns the segments to be put together next, nil if there are none.
func due(all []*segment, most int) []*segment {
	sizes := map[int][]*segment{}
	for _, s := range all {
		size := bits.Len(uint(s.docs())) / 3
		if sizes[size] = append(sizes[size], s); len(sizes[size]) < fan {
			continue
		}
		docs := 0
		for _, one := range sizes[size] {
			docs += one.docs()
		}
		if docs <= most {
			return sizes[size]
		}
		sizes[size] = sizes[size][1:]
	}
	return nil
}

// blocksAtOnce is how many blocks a merge writes in one transaction: changes that are to be
// taken in wait no longer.
const blocksAtOnce = 500

// merge makes one segment of several and takes them away. Documents that changed since are
// left out.
func (v *volume) merge(ctx context.Context, some []*segment) error {
	g := v.prepare(some)
	for done := false; !done; {
		err := v.file.Update(ctx, func(tx *db.Tx) (err error) {
			if done, err = g.write(tx); err != nil || !done {
				return err
			}
			return drop(tx, some, g.out)
		})
		if err != nil {
			return err
		}
	}
	v.replace(some, g.s)
	for _, s := range some {
		if err := v.file.Update(ctx, func(tx *db.Tx) error { return dropBlocks(tx, s) }); err != nil {
			return err
		}
	}
	return nil
}

// gone marks a document that is left out.
const gone = math.MaxUint32

// merger is a merge under way.
type merger struct {
	s     *segment
	w     *segmenter
	reels []*reel
	out   []int64 // rows left out
}

func (v *volume) prepare(some []*segment) *merger {
	v.mu.RLock()
	defer v.mu.RUnlock()
	g := &merger{}
	var numbers [][]uint32
	g.s, numbers = together(some)
	for i, one := range some {
		g.reels = append(g.reels, &reel{s: one, numbers: numbers[i]})
		for doc, n := range numbers[i] {
			if n == gone {
				g.out = append(g.out, one.rows[doc])
			}
		}
	}
	return g
}

// write writes further blocks and reports whether they were the last.
func (g *merger) write(tx *db.Tx) (done bool, err error) {
	if g.w == nil {
		if g.w, err = begin(tx, g.s); err != nil {
			return false, err
		}
		for _, r := range g.reels {
			if err := r.next(tx); err != nil {
				return false, err
			}
		}
	}
	g.w.tx = tx
	for end := len(g.s.tokens) + blocksAtOnce; len(g.s.tokens) < end; {
		here := atLowest(g.reels)
		if len(here) == 0 {
			return true, g.w.end()
		}
		if err := g.token(tx, here); err != nil {
			return false, err
		}
	}
	return false, nil
}

// token writes what reels have of the token at which they stand.
func (g *merger) token(tx *db.Tx, here []*reel) error {
	var lists [][]posting
	for _, r := range here {
		if len(r.list) > 0 {
			lists = append(lists, r.list)
		}
	}
	if len(lists) > 0 {
		if err := g.w.add(here[0].token, join(lists)); err != nil {
			return err
		}
	}
	for _, r := range here {
		if err := r.next(tx); err != nil {
			return err
		}
	}
	return nil
}

// together numbers the documents of segments through anew and returns the new number of each
// by segment and old number.
func together(some []*segment) (s *segment, numbers [][]uint32) {
	type place struct {
		row int64
		of  int
		doc uint32
	}
	var all []place
	df := make([]uint32, sketched)
	for i, one := range some {
		numbers = append(numbers, make([]uint32, one.docs()))
		for doc, row := range one.rows {
			if numbers[i][doc] = gone; !one.isDead(uint32(doc)) {
				all = append(all, place{row, i, uint32(doc)})
			}
		}
		addCounts(df, one.chars)
	}
	slices.SortFunc(all, func(a, b place) int { return cmp.Compare(a.row, b.row) })
	s = &segment{chars: packCounts(df)}
	for n, p := range all {
		numbers[p.of][p.doc] = uint32(n)
		s.rows = append(s.rows, p.row)
		s.marks = append(s.marks, some[p.of].marksOf(p.doc)...)
		s.ends = append(s.ends, uint32(len(s.marks)))
	}
	return s, numbers
}

// atLowest returns the reels that stand at the lowest token.
func atLowest(all []*reel) (here []*reel) {
	for _, r := range all {
		switch {
		case r.done:
		case len(here) == 0 || r.token < here[0].token:
			here = append(here[:0], r)
		case r.token == here[0].token:
			here = append(here, r)
		}
	}
	return here
}

// join makes one ascending list of several.
func join(lists [][]posting) []posting {
	slices.SortFunc(lists, func(a, b []posting) int { return cmp.Compare(a[0], b[0]) })
	for len(lists) > 1 {
		var half [][]posting
		for pair := range slices.Chunk(lists, 2) {
			if len(pair) == 2 {
				pair[0] = joinTwo(pair[0], pair[1])
			}
			half = append(half, pair[0])
		}
		lists = half
	}
	return lists[0]
}

func joinTwo(a, b []posting) []posting {
	out := make([]posting, 0, len(a)+len(b))
	if a[len(a)-1] < b[0] {
		return append(append(out, a...), b...)
	}
	for len(a) > 0 && len(b) > 0 {
		if a[0] < b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// reel reads a segment from its beginning, token by token, under the documents' new numbers.
type reel struct {
	s       *segment
	numbers []uint32
	token   token
	list    []posting
	done    bool

	ahead []piece
	read  int // blocks
}

// next reads the next token with all its postings.
func (r *reel) next(tx *db.Tx) error {
	if err := r.fill(tx); err != nil {
		return err
	}
	if len(r.ahead) == 0 {
		r.done = true
		return nil
	}
	r.token, r.list = r.ahead[0].token, r.list[:0]
	for len(r.ahead) > 0 && r.ahead[0].token == r.token {
		r.list = r.ahead[0].postings(r.list)
		r.ahead = r.ahead[1:]
		if err := r.fill(tx); err != nil {
			return err
		}
	}
	kept := r.list[:0]
	for _, p := range r.list {
		if n := r.numbers[p.doc()]; n != gone {
			kept = append(kept, postingOf(n, p.impact()))
		}
	}
	r.list = kept
	return nil
}

// readAhead is how many blocks are read at a time.
const readAhead = 16

func (r *reel) fill(tx *db.Tx) error {
	if len(r.ahead) > 0 || r.read == len(r.s.tokens) {
		return nil
	}
	end := min(r.read+readAhead, len(r.s.tokens))
	err := eachBlock(tx, r.s.block(r.read), r.s.block(end), func(id int64, data []byte) {
		pieces(r.s.tokens[id-r.s.block(0)], data, func(p piece) bool { r.ahead = append(r.ahead, p); return true })
	})
	r.read = end
	return err
}
