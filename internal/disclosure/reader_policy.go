package disclosure

import (
	"context"

	"gongkai/internal/db"
)

// Policy is a public document with what explains it (R-NRM-31).
type Policy struct {
	Row
	Explained []Row
}

// Policies lists the documents published last with their interpretations; of all agencies if
// none is named.
func (r *Reader) Policies(ctx context.Context, agency string, n int) (all []Policy, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		rows, err := plainRows(rowsOfKind(tx, agency, Document, n))
		if err != nil {
			return err
		}
		all = make([]Policy, len(rows))
		for i, row := range rows {
			all[i].Row = row
			if all[i].Explained, err = rowsInterpreting(tx, row.Item); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// Interpretations lists the interpretations published last; of all agencies if none is named.
func (r *Reader) Interpretations(ctx context.Context, agency string, n int) (all []Row, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		all, err = plainRows(rowsOfKind(tx, agency, Interpretation, n))
		return err
	})
	return all, err
}

// Archived lists a page of what an agency published and took out of its lists, which stays
// readable: the latest first, n a page, pages counted from 1. It also returns how many there
// are in all.
func (r *Reader) Archived(ctx context.Context, agency string, no, n int) (all []Row, total int, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		if total, err = countArchived(tx, agency); err != nil {
			return err
		}
		all, err = plainRows(rowsArchived(tx, agency, (no-1)*n, n))
		return err
	})
	return all, total, err
}
