package search

import (
	"encoding/binary"
	"slices"

	"gongkai/internal/db"
)

// A segment is what one batch of documents has: for each token the documents it occurs in and
// how much it says about each. It never changes; many small ones are put together into a larger
// one (merge.go). Within a segment documents are numbered through in the order of their rows.
// Its tokens stand in blocks in their order, a list that is long in several pieces:
//
//	token, less that of the piece before in the block
//	number of the first document
//	documents less one; bytes that follow
//	for each document its number, less that of the one before, times 16, and the impact
//
// all as varints. Where each block begins is kept in memory, so that looking a token up reads
// one block and a search over a segment reads what its tokens have and nothing else.
const (
	mostPiece  = 8000 // documents of a piece
	mostBlock  = 8000 // bytes of a block before another piece is added
	impactBits = 4
	mostImpact = 1<<impactBits - 1
)

// posting is a document's number in its segment and the impact of a token in it.
type posting uint32

func postingOf(doc uint32, impact uint8) posting { return posting(doc<<impactBits | uint32(impact)) }

func (p posting) doc() uint32   { return uint32(p) >> impactBits }
func (p posting) impact() uint8 { return uint8(p) & mostImpact }

// segment is a segment's description, which is kept in memory, and what is known of its
// documents.
type segment struct {
	id     int64
	tokens []token
	firsts []uint32 // what the first piece of each block begins with
	rows   []int64
	marks  []uint32 // of all documents
	ends   []uint32 // where each document's marks end
	chars  []byte   // in how many documents single characters occur
	cited  citations
	dead   []uint64 // documents that changed since, bit by bit
	deads  int
}

func (s *segment) docs() int { return len(s.rows) }

func (s *segment) marksOf(doc uint32) []uint32 {
	from := uint32(0)
	if doc > 0 {
		from = s.ends[doc-1]
	}
	return s.marks[from:s.ends[doc]]
}

func (s *segment) isDead(doc uint32) bool { return s.dead[doc/64]&(1<<(doc%64)) != 0 }

// kill notes that a row's document changed or went.
func (s *segment) kill(row int64) {
	if i, found := slices.BinarySearch(s.rows, row); found && !s.isDead(uint32(i)) {
		s.dead[i/64] |= 1 << (i % 64)
		s.deads++
	}
}

// piece is documents of a token, ascending.
type piece struct {
	token token
	first uint32
	n     int
	data  []byte // as they stand in the block
}

// postings appends the piece's postings. Searches spend much of their time here.
func (p *piece) postings(all []posting) []posting {
	all = slices.Grow(all, p.n)
	doc, data := p.first, p.data
	for i := 0; i < len(data); {
		v := uint32(data[i])
		i++
		if v >= 0x80 {
			v &= 0x7f
			for shift := 7; i < len(data); shift += 7 {
				c := uint32(data[i])
				i++
				v |= c & 0x7f << shift
				if c < 0x80 {
					break
				}
			}
		}
		doc += v >> impactBits
		all = append(all, postingOf(doc, uint8(v)&mostImpact))
	}
	return all
}

// pieces calls each for every piece of a block, until it returns false. A block that is not
// whole ends early: no piece of it is believed.
func pieces(t token, data []byte, each func(p piece) bool) {
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
		p := piece{token: t, first: uint32(head[1]), n: int(head[2]) + 1, data: data[:head[3]]}
		if data = data[head[3]:]; !each(p) {
			return
		}
	}
}

// segmenter writes a segment's blocks, token by token in their order.
type segmenter struct {
	tx    *db.Tx
	s     *segment
	block []byte
	token token // of the first piece of the block
	first uint32
	last  token
	body  []byte
}

// add writes a token's postings, which ascend.
func (w *segmenter) add(t token, all []posting) error {
	w.s.cited.add(t, len(all))
	for some := range slices.Chunk(all, mostPiece) {
		w.body = w.body[:0]
		before := some[0].doc()
		for _, p := range some {
			w.body = binary.AppendUvarint(w.body, uint64(p.doc()-before)<<impactBits|uint64(p.impact()))
			before = p.doc()
		}
		if len(w.block) > 0 && len(w.block)+len(w.body) > mostBlock {
			if err := w.flush(); err != nil {
				return err
			}
		}
		if len(w.block) == 0 {
			w.token, w.first, w.last = t, some[0].doc(), t
		}
		for _, v := range []uint64{uint64(t - w.last), uint64(some[0].doc()), uint64(len(some) - 1), uint64(len(w.body))} {
			w.block = binary.AppendUvarint(w.block, v)
		}
		w.block = append(w.block, w.body...)
		w.last = t
	}
	return nil
}

func (w *segmenter) flush() error {
	if len(w.block) == 0 {
		return nil
	}
	err := saveBlock(w.tx, w.s.block(len(w.s.tokens)), w.block)
	w.s.tokens, w.s.firsts = append(w.s.tokens, w.token), append(w.s.firsts, w.first)
	w.block = w.block[:0]
	return err
}

// between returns which blocks may hold pieces of tokens from one on and before another.
func (s *segment) between(from, before token) (first, last int) {
	first, _ = slices.BinarySearch(s.tokens, from)
	last, _ = slices.BinarySearch(s.tokens, before)
	return max(0, first-1), last - 1
}
