package search

import (
	"context"
	"os"

	"gongkai/internal/db"
)

// Status reports how far the index is.
func (x *Index) Status(ctx context.Context) (s Status, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	err = x.file.View(ctx, func(tx *db.Tx) (err error) {
		if s.Cursor, err = meta(tx, "cursor"); err != nil {
			return err
		}
		s.Documents, err = tx.Count("SELECT count(*) FROM doc WHERE id <> ''")
		return err
	})
	if err != nil {
		return s, err
	}
	if err = x.main.View(ctx, func(tx *db.Tx) (err error) { s.Head, err = head(tx); return err }); err != nil {
		return s, err
	}
	s.Behind = s.Head - max(s.Cursor, 0)
	for _, end := range []string{"", "-wal"} {
		if f, err := os.Stat(x.path + end); err == nil {
			s.Bytes += f.Size()
		}
	}
	return s, nil
}
