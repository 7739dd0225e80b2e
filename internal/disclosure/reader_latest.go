package disclosure

import (
	"context"
	"time"

	"gongkai/internal/db"
)

// Latest lists what all agencies published, newest first.
func (r *Reader) Latest(ctx context.Context, p Page) (*Rows, error) {
	return r.list(ctx, p, func(tx *db.Tx, at time.Time, id string, n int) ([]*Row, error) {
		return rowsLatest(tx, at, id, n)
	})
}
