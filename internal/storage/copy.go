package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// The faults of moving an installation.
var (
	// ErrCount says that a table has another number of rows than it should.
	ErrCount = &fault.Error{Kind: fault.Missing, Code: "storage.count"}
	// ErrChain says that the audit chain does not hold.
	ErrChain = &fault.Error{Kind: fault.Missing, Code: "storage.chain"}
)

// Progress is told how many rows of a table have been written.
type Progress func(table string, rows int64)

// Copy writes one state of the installation's database into the empty one at url, all or
// nothing, and verifies what arrived: the rows of each table and the audit chain. The files
// and keys stay in the data folder; the setting "database" then names the new one.
// What a server wrote meanwhile would be lost: one that serves the folder is refused.
func (i *Storage) Copy(ctx context.Context, url string, progress Progress) error {
	place, err := Take(i.Dir, true)
	if errors.Is(err, ErrServed) {
		return ErrCopyServed.With("folder", i.Dir)
	}
	if err != nil {
		return err
	}
	defer place.Leave()
	to, err := db.Open(ctx, url)
	if err != nil {
		return ErrDatabase.Because(err)
	}
	defer to.Close()
	to.ChainKey = i.DB.ChainKey
	if err := to.Migrate(ctx); err != nil {
		return err
	}
	err = i.DB.View(ctx, func(from *db.Tx) error {
		return to.Update(ctx, func(tx *db.Tx) error { return copyTables(from, tx, progress) })
	})
	if err != nil {
		return err
	}
	return verifyChain(ctx, to)
}

func copyTables(from, to *db.Tx, progress Progress) error {
	tables, err := from.Tables()
	if err != nil {
		return err
	}
	if err := to.Clear(tables); err != nil {
		return err
	}
	for _, t := range tables {
		if err := copyTable(from, to, t, progress); err != nil {
			return fmt.Errorf("copy %s: %w", t.Name, err)
		}
	}
	return nil
}

// copyTable pulls the rows of one database into statements of the other.
func copyTable(from, to *db.Tx, t db.Table, progress Progress) error {
	next, stop := iter.Pull2(rowsOf(from, t))
	defer stop()
	var n int64
	_, err := to.Load(t, func() (db.Row, error) {
		r, err, more := next()
		if !more || err != nil {
			return nil, err
		}
		if n++; n%10000 == 0 {
			progress(t.Name, n)
		}
		return r, nil
	})
	if err != nil {
		return err
	}
	progress(t.Name, n)
	return sameCount(to, t, n)
}

var errStop = errors.New("no more rows are wanted")

func rowsOf(tx *db.Tx, t db.Table) iter.Seq2[db.Row, error] {
	return func(yield func(db.Row, error) bool) {
		err := tx.EachRow(t, func(r db.Row) error {
			if !yield(r, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}

func sameCount(tx *db.Tx, t db.Table, want int64) error {
	got, err := tx.CountRows(t)
	if err == nil && got != want {
		return ErrCount.With("table", t.Name).With("got", got).With("want", want)
	}
	return err
}

func verifyChain(ctx context.Context, d *db.DB) error {
	v, err := audit.Verify(ctx, d)
	if err == nil && !v.Sound() {
		return ErrChain.With("n", v.Found)
	}
	return err
}
