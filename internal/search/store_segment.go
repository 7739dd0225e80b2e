package search

import (
	"errors"

	"gongkai/internal/db"
)

func (s *segment) columns() db.Columns {
	return db.Columns{db.Col("id", &s.id), db.Col("docs", &s.docs), db.Col("low", &s.low), db.Col("high", &s.high)}
}

func segments(tx *db.Tx) ([]*segment, error) {
	return db.Select(tx, (*segment).columns, "segment ORDER BY id")
}

// insert writes a new segment's description under the next number.
func (s *segment) insert(tx *db.Tx) error {
	if err := tx.One([]any{&s.id}, "SELECT coalesce(max(id), 0) + 1 FROM segment"); err != nil {
		return err
	}
	return tx.Insert("segment", s.columns())
}

// drop removes segments.
func drop(tx *db.Tx, some []*segment) error {
	for _, s := range some {
		if _, err := tx.Exec("DELETE FROM block WHERE segment = $1", s.id); err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM segment WHERE id = $1", s.id); err != nil {
			return err
		}
	}
	return nil
}

// block is a block as it is stored: under its segment and what its first piece begins with.
type block struct {
	token token
	row   int64
	data  []byte
}

func (b *block) columns() db.Columns {
	return db.Columns{db.Col("token", &b.token), db.Col("row", &b.row), db.Col("data", &b.data)}
}

func saveBlock(tx *db.Tx, segment int64, t token, row int64, data []byte) error {
	_, err := tx.Exec("INSERT INTO block (segment, token, row, data) VALUES ($1, $2, $3, $4)", segment, int64(t), row, data)
	return err
}

// blockAt returns the block in which a token's piece with a row must stand if there is one,
// nil if none begins so early.
func blockAt(tx *db.Tx, segment int64, t token, row int64) (*block, error) {
	b, err := db.Get(tx, (*block).columns, `block WHERE segment = $1 AND (token, row) <= ($2, $3)
		ORDER BY token DESC, row DESC LIMIT 1`, segment, int64(t), row)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	return b, err
}

// blocksAfter returns the next blocks of a segment in their order.
func blocksAfter(tx *db.Tx, segment int64, t token, row int64, n int) ([]*block, error) {
	return db.Select(tx, (*block).columns, `block WHERE segment = $1 AND (token, row) > ($2, $3)
		ORDER BY token, row LIMIT $4`, segment, int64(t), row, n)
}

// blocksBetween returns the blocks that begin with a token from one on and before another.
func blocksBetween(tx *db.Tx, segment int64, from, before token) ([]*block, error) {
	return db.Select(tx, (*block).columns, `block WHERE segment = $1 AND token >= $2 AND token < $3
		ORDER BY token, row`, segment, int64(from), int64(before))
}
