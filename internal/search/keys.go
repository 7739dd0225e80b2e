package search

import (
	"context"

	"gongkai/internal/db"
)

// Keys returns up to n keys of the documents that have a query's words, by the index alone:
// it reads no texts, and in very few documents takes a word for found whose parts occur apart.
// more says that there are others, or that the index does not have all documents yet.
func (x *Index) Keys(ctx context.Context, q Query, n int) (ids []string, more bool, err error) {
	words, err := parse(q.Text)
	if err != nil {
		return nil, false, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	err = x.file.View(ctx, func(tx *db.Tx) error {
		at, err := meta(tx, "cursor")
		if err != nil || at == unfinished {
			more = true
			return err
		}
		e, possible, err := express(tx, q, words)
		if err != nil || !possible {
			return err
		}
		from, to := q.rows()
		rows, err := findRows(tx, e, from, to, n+1)
		for _, r := range rows {
			ids = append(ids, r.id)
		}
		return err
	})
	if len(ids) > n {
		ids, more = ids[:n], true
	}
	return ids, more, err
}
