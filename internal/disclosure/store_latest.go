package disclosure

import (
	"time"

	"gongkai/internal/db"
)

func rowsLatest(tx *db.Tx, at time.Time, id string, n int) ([]*Row, error) {
	return db.Select(tx, (*Row).columns, `item i JOIN item_edition e ON e.id = i.shown
		WHERE i.status = 'live' AND (i.shown_at, i.id) < ($1, $2)
		ORDER BY i.shown_at DESC, i.id DESC LIMIT $3`, at, id, n)
}
