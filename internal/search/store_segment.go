package search

import (
	"encoding/binary"

	"gongkai/internal/db"
)

// mostBlocks bounds the blocks of a segment: its number begins theirs.
const mostBlocks = 1 << 24

func (s *segment) block(i int) int64 { return s.id*mostBlocks + int64(i) }

// begin prepares to write a segment. Its number is one never used before, so that a block once
// read may be kept.
func begin(tx *db.Tx, s *segment) (*segmenter, error) {
	s.tokens, s.firsts, s.cited = nil, nil, citations{}
	s.dead = make([]uint64, (len(s.rows)+63)/64)
	err := tx.One([]any{&s.id}, "UPDATE meta SET n = n + 1 WHERE key = 'segment' RETURNING n")
	return &segmenter{tx: tx, s: s}, err
}

// end writes the last block and the segment's description.
func (w *segmenter) end() error {
	if err := w.flush(); err != nil {
		return err
	}
	s := w.s
	_, err := w.tx.Exec("INSERT INTO segment (id, blocks, rows, marks, chars) VALUES ($1, $2, $3, $4, $5)",
		s.id, packBlocks(s), packRows(s.rows), packMarks(s), s.chars)
	return err
}

// segments reads the descriptions of all segments.
func segments(tx *db.Tx) (all []*segment, err error) {
	err = tx.Each("SELECT id, blocks, rows, marks, chars FROM segment ORDER BY id", func(scan func(...any) error) error {
		s := &segment{}
		var blocks, rows, marks []byte
		if err := scan(&s.id, &blocks, &rows, &marks, &s.chars); err != nil {
			return err
		}
		s.rows = readRows(rows)
		s.readBlocks(blocks)
		s.readMarks(marks)
		s.dead = make([]uint64, (len(s.rows)+63)/64)
		all = append(all, s)
		return nil
	})
	for _, s := range all {
		if err == nil {
			err = s.readCited(tx)
		}
	}
	return all, err
}

// readCited counts the documents that cite what, from the blocks.
func (s *segment) readCited(tx *db.Tx) error {
	first, last := s.between(citedBit, wordBit)
	if last < first {
		return nil
	}
	return eachBlock(tx, s.block(first), s.block(last+1), func(id int64, data []byte) {
		pieces(s.tokens[id-s.block(0)], data, func(p piece) bool {
			s.cited.add(p.token, p.n)
			return true
		})
	})
}

func packRows(rows []int64) []byte {
	out := make([]byte, 0, 3*len(rows))
	before := int64(0)
	for _, r := range rows {
		out, before = binary.AppendUvarint(out, uint64(r-before)), r
	}
	return out
}

func readRows(data []byte) (rows []int64) {
	each(data, func(v uint64) {
		if len(rows) > 0 {
			v += uint64(rows[len(rows)-1])
		}
		rows = append(rows, int64(v))
	})
	return rows
}

func packBlocks(s *segment) []byte {
	out := make([]byte, 0, 10*len(s.tokens))
	before := token(0)
	for i, t := range s.tokens {
		out = binary.AppendUvarint(binary.AppendUvarint(out, uint64(t-before)), uint64(s.firsts[i]))
		before = t
	}
	return out
}

func (s *segment) readBlocks(data []byte) {
	t, n := token(0), 0
	each(data, func(v uint64) {
		if n++; n%2 == 0 {
			s.tokens, s.firsts = append(s.tokens, t), append(s.firsts, uint32(v))
		} else {
			t += token(v)
		}
	})
}

func packMarks(s *segment) []byte {
	out := make([]byte, 0, len(s.marks)*2)
	for doc := range uint32(s.docs()) {
		some := s.marksOf(doc)
		out = binary.AppendUvarint(out, uint64(len(some)))
		for _, m := range some {
			out = binary.AppendUvarint(out, uint64(m))
		}
	}
	return out
}

func (s *segment) readMarks(data []byte) {
	left := uint64(0)
	begun := false
	each(data, func(v uint64) {
		if !begun {
			left, begun = v, true
		} else {
			s.marks, left = append(s.marks, uint32(v)), left-1
		}
		if left == 0 {
			s.ends, begun = append(s.ends, uint32(len(s.marks))), false
		}
	})
}

// each calls found with each number of data.
func each(data []byte, found func(uint64)) {
	for len(data) > 0 {
		v, n := binary.Uvarint(data)
		if n <= 0 {
			return
		}
		found(v)
		data = data[n:]
	}
}

// drop removes segments, and of documents that their successor leaves out what doc knows; their
// blocks go afterwards, when nobody reads them any more.
func drop(tx *db.Tx, some []*segment, out []int64) error {
	for _, s := range some {
		if _, err := tx.Exec("DELETE FROM segment WHERE id = $1", s.id); err != nil {
			return err
		}
	}
	for _, row := range out {
		if _, err := tx.Exec("DELETE FROM doc WHERE row = $1 AND id = ''", row); err != nil {
			return err
		}
	}
	return nil
}

func dropBlocks(tx *db.Tx, s *segment) error {
	_, err := tx.Exec("DELETE FROM block WHERE id >= $1 AND id < $2", s.block(0), s.block(mostBlocks))
	return err
}

// dropLost removes the blocks of segments that a crash kept from being finished or removed.
func dropLost(tx *db.Tx, some []*segment) error {
	next := int64(0)
	for _, s := range some {
		if _, err := tx.Exec("DELETE FROM block WHERE id >= $1 AND id < $2", next, s.block(0)); err != nil {
			return err
		}
		next = s.block(mostBlocks)
	}
	_, err := tx.Exec("DELETE FROM block WHERE id >= $1", next)
	return err
}

func saveBlock(tx *db.Tx, id int64, data []byte) error {
	_, err := tx.Exec("INSERT INTO block (id, data) VALUES ($1, $2)", id, data)
	return err
}

// eachBlock calls each with the blocks from one on and before another.
func eachBlock(tx *db.Tx, from, before int64, each func(id int64, data []byte)) error {
	return tx.Each("SELECT id, data FROM block WHERE id >= $1 AND id < $2 ORDER BY id", func(scan func(...any) error) error {
		var id int64
		var data []byte
		if err := scan(&id, &data); err != nil {
			return err
		}
		each(id, data)
		return nil
	}, from, before)
}
