package search

import (
	"context"
	"os"
	"time"

	"gongkai/internal/db"
)

// Status reports how far the index is.
func (x *Index) Status(ctx context.Context) (s Status, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if err := x.refresh(ctx); err != nil {
		return s, err
	}
	if s.Cursor, err = cursor(ctx, x.vol.file); err != nil {
		return s, err
	}
	for _, one := range x.vol.all() {
		s.Documents += one.docs() - one.deads
	}
	if at := x.since.Load(); at > 0 {
		s.Since = time.UnixMilli(at).UTC()
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
