package audit

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// ErrNotFound says that there is no entry of that number.
var ErrNotFound = &fault.Error{Kind: fault.NotFound, Code: "audit.not_found"}

// Query chooses entries, the latest first.
type Query struct {
	Agency   string
	Actor    string // the account's key
	Act      actor.Act
	Subject  string // kind of record
	ID       string // the record's key
	Text     string // in the title, the reason or the actor's name
	From, To date.Date
	// After and Before are the number of the entry that a page begins after or ends before.
	After, Before int64
	Limit         int
}

// begin is the first instant of a day in China.
func begin(d date.Date) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, date.China)
}

// Desk is what auditors do.
type Desk struct{ DB *db.DB }

// List returns a page of entries.
func (d *Desk) List(ctx context.Context, by actor.Actor, q Query) (all []*Record, err error) {
	if err := by.May(actor.AuditRead, actor.Scope{}); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = find(tx, q)
		return err
	})
	if q.Before > 0 {
		slices.Reverse(all)
	}
	return all, err
}

// Get returns one entry.
func (d *Desk) Get(ctx context.Context, by actor.Actor, seq int64) (r *Record, err error) {
	if err := by.May(actor.AuditRead, actor.Scope{}); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		r, err = get(tx, seq)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNotFound
	}
	return r, err
}

// Export writes all entries of a query to w, the latest first. That it was done is itself an
// entry, which the export does not hold.
func (d *Desk) Export(ctx context.Context, by actor.Actor, q Query, f Format, p i18n.Printer, w io.Writer) error {
	rows, err := d.Rows(ctx, by, q, f)
	if err != nil {
		return err
	}
	return write(w, f, p, rows)
}

// Rows notes that entries are exported and returns them one at a time, a page in memory.
func (d *Desk) Rows(ctx context.Context, by actor.Actor, q Query, f Format) (func(yield func(*Record, error) bool), error) {
	if err := by.May(actor.AuditExport, actor.Scope{}); err != nil {
		return nil, err
	}
	if err := d.DB.Update(ctx, func(tx *db.Tx) error {
		end, err := head(tx)
		if err != nil {
			return err
		}
		if q.After == 0 {
			q.After = end.Seq + 1
		}
		return Append(tx, by, Entry{Act: actor.AuditExport, Subject: "audit", Title: string(f), Detail: q})
	}); err != nil {
		return nil, err
	}
	q.Before, q.Limit = 0, 1000
	return func(yield func(*Record, error) bool) {
		for {
			var page []*Record
			err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
				page, err = find(tx, q)
				return err
			})
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
				q.After = r.Seq
			}
			if len(page) < q.Limit {
				return
			}
		}
	}, nil
}
