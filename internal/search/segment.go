package search

import (
	"cmp"
	"encoding/binary"
	"slices"

	"gongkai/internal/db"
)

// A segment is what one batch of documents has: for each token the rows it occurs in. It never
// changes; many small ones are put together into a larger one (merge.go). Its tokens stand in
// blocks in their order, a list of a token's rows that is long in several pieces:
//
//	token, less that of the piece before in the block
//	first row, less the segment's lowest
//	number of further rows; bytes they take; each less the one before
//
// all as varints. A general index of words in SQLite (FTS5) took 0.7 ms of a processor for each
// document of 3 KB, most of it to sort and merge; this takes a tenth.
const (
	mostPiece = 2000 // rows of a piece: what a look-up must read through at most
	mostBlock = 8000 // bytes of a block before another piece is added
)

// segment is one segment's description.
type segment struct {
	id, docs  int64
	low, high int64 // its rows
}

// piece is rows of a token, ascending.
type piece struct {
	token token
	first int64
	rest  []byte // the further rows as they stand in the block
	n     int    // of them
}

// rows appends the piece's rows.
func (p *piece) rows(all []int64) []int64 {
	row := p.first
	all = append(slices.Grow(all, p.n+1), row)
	for rest := p.rest; len(rest) > 0; {
		d, n := binary.Uvarint(rest)
		if n <= 0 {
			break
		}
		rest, row = rest[n:], row+int64(d)
		all = append(all, row)
	}
	return all
}

// pieces calls each for every piece of a block, until it returns false. A block that is not
// whole ends early: no piece of it is believed.
func pieces(s *segment, t token, data []byte, each func(p piece) bool) {
	for len(data) > 0 {
		var head [4]uint64
		for i := range head {
			v, n := binary.Uvarint(data)
			if n <= 0 {
				return
			}
			head[i], data = v, data[n:]
		}
		if head[3] > uint64(len(data)) {
			return
		}
		t += token(head[0])
		p := piece{token: t, first: s.low + int64(head[1]), n: int(head[2]), rest: data[:head[3]]}
		if data = data[head[3]:]; !each(p) {
			return
		}
	}
}

// segmenter writes a segment, token by token in their order.
type segmenter struct {
	tx    *db.Tx
	s     *segment
	block []byte
	token token // of the first piece of the block
	row   int64
	last  token
	rest  []byte
}

// add writes a token's rows, which ascend.
func (w *segmenter) add(t token, rows []int64) error {
	for some := range slices.Chunk(rows, mostPiece) {
		w.rest = w.rest[:0]
		for i, r := range some[1:] {
			w.rest = binary.AppendUvarint(w.rest, uint64(r-some[i]))
		}
		if len(w.block) > 0 && len(w.block)+len(w.rest) > mostBlock {
			if err := w.flush(); err != nil {
				return err
			}
		}
		if len(w.block) == 0 {
			w.token, w.row, w.last = t, some[0], t
		}
		for _, v := range []uint64{uint64(t - w.last), uint64(some[0] - w.s.low), uint64(len(some) - 1), uint64(len(w.rest))} {
			w.block = binary.AppendUvarint(w.block, v)
		}
		w.block = append(w.block, w.rest...)
		w.last = t
	}
	return nil
}

func (w *segmenter) flush() error {
	if len(w.block) == 0 {
		return nil
	}
	err := saveBlock(w.tx, w.s.id, w.token, w.row, w.block)
	w.block = w.block[:0]
	return err
}

// inverter turns documents into the lists of their tokens. Documents come in the order of
// their rows.
type inverter struct {
	number map[token]int32
	tokens []token // by number
	last   []int32 // the document that had the token last, from 1
	count  []int32
	rows   []int64 // by document
	had    []int32 // the numbers of all documents' tokens
	ends   []int   // where each document's end
}

func newInverter(docs int) *inverter {
	return &inverter{number: make(map[token]int32, 50*docs), rows: make([]int64, 0, docs), had: make([]int32, 0, 400*docs)}
}

func (v *inverter) add(row int64, marks []token, texts ...string) {
	v.rows = append(v.rows, row)
	for _, m := range marks {
		v.has(m)
	}
	for _, s := range texts {
		tokens(foldText(s, false).runes, func(t []rune) { v.has(tokenOf(t)) })
	}
	v.ends = append(v.ends, len(v.had))
}

// has notes a token of the document added last, once.
func (v *inverter) has(t token) {
	n, known := v.number[t]
	if !known {
		n = int32(len(v.tokens))
		v.number[t] = n
		v.tokens, v.last, v.count = append(v.tokens, t), append(v.last, 0), append(v.count, 0)
	}
	doc := int32(len(v.rows))
	if v.last[n] == doc {
		return
	}
	v.last[n] = doc
	v.count[n]++
	v.had = append(v.had, n)
}

// write makes a segment of what was added.
func (v *inverter) write(tx *db.Tx) error {
	s := &segment{docs: int64(len(v.rows)), low: v.rows[0], high: v.rows[len(v.rows)-1]}
	if err := s.insert(tx); err != nil {
		return err
	}
	lists := v.lists()
	order := make([]int32, len(v.tokens))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(v.tokens[a], v.tokens[b]) })
	w := &segmenter{tx: tx, s: s}
	for _, n := range order {
		if err := w.add(v.tokens[n], lists[n]); err != nil {
			return err
		}
	}
	return w.flush()
}

// lists returns each token's rows.
func (v *inverter) lists() [][]int64 {
	all := make([]int64, len(v.had))
	lists := make([][]int64, len(v.tokens))
	at := 0
	for n, c := range v.count {
		lists[n] = all[at : at : at+int(c)]
		at += int(c)
	}
	from := 0
	for doc, end := range v.ends {
		for _, n := range v.had[from:end] {
			lists[n] = append(lists[n], v.rows[doc])
		}
		from = end
	}
	return lists
}
