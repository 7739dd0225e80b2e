package synonym

import (
	"errors"
	"time"

	"gongkai/internal/db"
)

// own is the key of the operator's list.
const own = "own"

// row is the operator's list as the table has it.
type row struct {
	ID        string
	Text      string
	OwnOnly   bool
	ChangedAt time.Time
	ChangedBy string
	Version   int64
}

func (r *row) columns() db.Columns {
	return db.Columns{
		db.Col("id", &r.ID), db.Col("text", &r.Text), db.Col("own_only", &r.OwnOnly), db.Col("changed_at", &r.ChangedAt),
		db.Col("changed_by", &r.ChangedBy), db.Col("version", &r.Version),
	}
}

// load returns the operator's list, an empty one of version 0 before it was ever written.
func load(tx *db.Tx) (*row, error) {
	r, err := db.Get(tx, (*row).columns, "synonym_list WHERE id = $1", own)
	if errors.Is(err, db.ErrNone) {
		return &row{ID: own}, nil
	}
	return r, err
}

// save writes the list over the version it was made from.
func (r *row) save(tx *db.Tx) error {
	r.Version++
	if r.Version == 1 {
		err := tx.Insert("synonym_list", r.columns())
		if db.IsUnique(err, "synonym_list", "id") {
			return ErrStale
		}
		return err
	}
	ok, err := tx.Save("synonym_list", r.ID, r.Version-1, r.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func versionOf(tx *db.Tx) (n int64, err error) {
	err = tx.One([]any{&n}, "SELECT CAST(coalesce(max(version), 0) AS BIGINT) FROM synonym_list")
	return n, err
}
