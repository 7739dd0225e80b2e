package wordlist

import (
	"errors"
	"time"

	"gongkai/internal/db"
)

// row is an operator's list as the table has it; its key is its name.
type row struct {
	ID        string
	Text      string
	Off       bool
	ChangedAt time.Time
	ChangedBy string
	Version   int64
}

func (r *row) columns() db.Columns {
	return db.Columns{
		db.Col("id", &r.ID), db.Col("text", &r.Text), db.Col("off", &r.Off), db.Col("changed_at", &r.ChangedAt),
		db.Col("changed_by", &r.ChangedBy), db.Col("version", &r.Version),
	}
}

func all(tx *db.Tx) ([]*row, error) { return db.Select(tx, (*row).columns, "word_list ORDER BY id") }

func count(tx *db.Tx) (int, error) { return tx.Count("SELECT count(*) FROM word_list") }

func load(tx *db.Tx, name string) (*row, error) {
	r, err := db.Get(tx, (*row).columns, "word_list WHERE id = $1", name)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return r, err
}

// save writes the row over the version it was made from; none for version 0.
func (r *row) save(tx *db.Tx) error {
	r.Version++
	if r.Version == 1 {
		err := tx.Insert("word_list", r.columns())
		if db.IsUnique(err, "word_list", "id") {
			return ErrStale
		}
		return err
	}
	ok, err := tx.Save("word_list", r.ID, r.Version-1, r.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

// stamp tells whether any list was changed: rows are never deleted, and every change counts
// a version up.
type stamp struct{ lists, versions int64 }

func stampOf(tx *db.Tx) (s stamp, err error) {
	err = tx.One([]any{&s.lists, &s.versions}, "SELECT count(*), CAST(coalesce(sum(version), 0) AS BIGINT) FROM word_list")
	return s, err
}
