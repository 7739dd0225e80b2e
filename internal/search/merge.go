package search

import (
	"cmp"
	"context"
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

// tend puts segments together while there are too many of a size.
func tend(ctx context.Context, file *db.DB) error {
	for {
		var some []*segment
		err := file.View(ctx, func(tx *db.Tx) error {
			all, err := segments(tx)
			some = due(all)
			return err
		})
		if err != nil || some == nil {
			return err
		}
		if err := file.Update(ctx, func(tx *db.Tx) error { return merge(tx, some) }); err != nil {
			return err
		}
	}
}

// due returns the segments to be put together next, nil if there are none.
func due(all []*segment) []*segment {
	sizes := map[int][]*segment{}
	for _, s := range all {
		size := bits.Len64(uint64(s.docs)) / 3
		if sizes[size] = append(sizes[size], s); len(sizes[size]) < fan {
			continue
		}
		docs := int64(0)
		for _, one := range sizes[size] {
			docs += one.docs
		}
		if docs <= mostMerged {
			return sizes[size]
		}
		sizes[size] = sizes[size][1:]
	}
	return nil
}

// merge makes one segment of several.
func merge(tx *db.Tx, some []*segment) error {
	s := &segment{low: some[0].low, high: some[0].high}
	all := make([]*reel, len(some))
	for i, one := range some {
		s.docs, s.low, s.high = s.docs+one.docs, min(s.low, one.low), max(s.high, one.high)
		all[i] = &reel{tx: tx, s: one}
		if err := all[i].next(); err != nil {
			return err
		}
	}
	if err := s.insert(tx); err != nil {
		return err
	}
	w := &segmenter{tx: tx, s: s}
	for {
		var here []*reel
		for _, r := range all {
			switch {
			case r.done:
			case len(here) == 0 || r.token < here[0].token:
				here = append(here[:0], r)
			case r.token == here[0].token:
				here = append(here, r)
			}
		}
		if len(here) == 0 {
			break
		}
		lists := make([][]int64, len(here))
		for i, r := range here {
			lists[i] = r.rows
		}
		if err := w.add(here[0].token, join(lists)); err != nil {
			return err
		}
		for _, r := range here {
			if err := r.next(); err != nil {
				return err
			}
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	return drop(tx, some)
}

// join makes one ascending list of several.
func join(lists [][]int64) []int64 {
	slices.SortFunc(lists, func(a, b []int64) int { return cmp.Compare(a[0], b[0]) })
	for len(lists) > 1 {
		var half [][]int64
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

func joinTwo(a, b []int64) []int64 {
	out := make([]int64, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] < b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// reel reads a segment from its beginning, token by token.
type reel struct {
	tx    *db.Tx
	s     *segment
	token token
	rows  []int64
	done  bool

	ahead []piece
	last  block // read last
	ended bool
}

// next reads the next token with all its rows.
func (r *reel) next() error {
	if err := r.fill(); err != nil {
		return err
	}
	if len(r.ahead) == 0 {
		r.done = true
		return nil
	}
	r.token, r.rows = r.ahead[0].token, r.rows[:0]
	for len(r.ahead) > 0 && r.ahead[0].token == r.token {
		r.rows = r.ahead[0].rows(r.rows)
		r.ahead = r.ahead[1:]
		if err := r.fill(); err != nil {
			return err
		}
	}
	return nil
}

// readAhead is how many blocks are read at a time.
const readAhead = 16

func (r *reel) fill() error {
	if len(r.ahead) > 0 || r.ended {
		return nil
	}
	some, err := blocksAfter(r.tx, r.s.id, r.last.token, r.last.row, readAhead)
	if err != nil {
		return err
	}
	r.ended = len(some) < readAhead
	for _, b := range some {
		pieces(r.s, b.token, b.data, func(p piece) bool { r.ahead = append(r.ahead, p); return true })
		r.last = block{token: b.token, row: b.row}
	}
	return nil
}
