package ledger

import (
	"context"
	"errors"

	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/job"
)

// AdoptJob is the kind of the job that takes in what was public before the log was.
const AdoptJob = "ledger.adopt"

// adoptBatch is how many items are taken in at once: others who publish wait that long.
const adoptBatch = 200

// Adopt takes in what is public and the log does not know, with entries that say so, and returns how
// many there were. Stopped and run again, it goes on where it was.
func (l *Log) Adopt(ctx context.Context) (n int, err error) {
	for after := ""; ; {
		var items []string
		if err := l.DB.Update(ctx, func(tx *db.Tx) (err error) {
			if items, err = unknown(tx, after, adoptBatch); err != nil {
				return err
			}
			var tags []change.Tag // their pages show the entry from now on
			for _, i := range items {
				tags = append(tags, change.Item(i))
			}
			return errors.Join(change.Note(tx, tags...), l.Changed(tx, items...))
		}); err != nil {
			return n, err
		}
		if len(items) == 0 {
			return n, nil
		}
		n, after = n+len(items), items[len(items)-1]
	}
}

// CatchUp asks for that job at once where there is something to take in, as after an upgrade from a
// version without a log: until then a check would call all of it added.
func (l *Log) CatchUp(ctx context.Context) error {
	var items []string
	if err := l.DB.View(ctx, func(tx *db.Tx) (err error) {
		items, err = unknown(tx, "", 1)
		return err
	}); err != nil || len(items) == 0 {
		return err
	}
	return l.DB.Update(ctx, func(tx *db.Tx) error { return job.Enqueue(tx, AdoptJob, struct{}{}, job.Unique("start")) })
}
