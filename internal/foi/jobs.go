package foi

import (
	"context"
	"errors"
	"fmt"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// WatchJob looks each morning after periods that ran out, and counts deadlines anew.
const WatchJob = "foi.watch"

// batch is how many requests a job looks at in one transaction.
const batch = 200

// Recount counts the deadline of every open request anew and returns how many moved. The daily job
// calls it, and the loading of a holiday notice.
func (d *Desk) Recount(ctx context.Context, by actor.Actor) (moved int, err error) {
	if err := by.May(actor.FoiCount, actor.In("")); err != nil {
		return 0, err
	}
	for after := ""; ; {
		var ids []string
		err := d.DB.Update(ctx, func(tx *db.Tx) (err error) {
			if ids, err = openIDs(tx, after, batch); err != nil {
				return err
			}
			for _, id := range ids {
				if err := d.recount(tx, by, id, &moved); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(ids) == 0 {
			return moved, err
		}
		after = ids[len(ids)-1]
	}
}

func (d *Desk) recount(tx *db.Tx, by actor.Actor, id string, moved *int) error {
	w, err := d.begin(tx, by, id)
	if err != nil {
		return fmt.Errorf("recount %s: %w", id, err)
	}
	due, sure := w.r.Due, w.r.Sure
	n := w.clock()
	if n.Due == due && n.Certain == sure {
		return nil
	}
	*moved++
	w.detail["from"], w.detail["to"] = due.String(), n.Due.String()
	w.tell("due_changed")
	return w.end(actor.FoiCount, "recount")
}

// Watch ends the requests whose applicant let a period pass. Each is an act of its own.
func (d *Desk) Watch(ctx context.Context, by actor.Actor) (lapsed int, err error) {
	for after := ""; ; {
		var ids []string
		if err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
			ids, err = waitingIDs(tx, after, batch)
			return err
		}); err != nil || len(ids) == 0 {
			return lapsed, errors.Join(err, d.DB.Update(ctx, func(tx *db.Tx) error { return forgetTries(tx, tx.Now.Add(-48*hour)) }))
		}
		for _, id := range ids {
			switch _, err := d.LapseNow(ctx, by, id, 0); fault.KindOf(err) {
			case "":
				lapsed++
			case fault.Conflict:
			default:
				return lapsed, err
			}
		}
		after = ids[len(ids)-1]
	}
}
