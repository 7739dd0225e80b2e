package job

import (
	"context"
	"errors"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// The faults of the acts.
var (
	ErrNotFound = &fault.Error{Kind: fault.NotFound, Code: "job.not_found"}
	// ErrFinished refuses to cancel what has ended.
	ErrFinished = &fault.Error{Kind: fault.Conflict, Code: "job.finished"}
	// ErrNotFailed refuses to retry what has neither failed nor been cancelled.
	ErrNotFailed = &fault.Error{Kind: fault.Conflict, Code: "job.not_failed"}
	// ErrReplaced refuses to retry a job in whose place another is waiting.
	ErrReplaced = &fault.Error{Kind: fault.Conflict, Code: "job.replaced"}
)

// Filter chooses jobs for a list, the latest first.
type Filter struct {
	State State
	Kind  string
	// After and Before are the id of the row that the page begins after or ends before.
	After, Before string
	Limit         int
}

// Desk is what administrators do with jobs.
type Desk struct{ DB *db.DB }

// List returns the jobs of a filter.
func (d *Desk) List(ctx context.Context, by actor.Actor, f Filter) (all []*Job, err error) {
	if err := by.May(actor.JobView, actor.Scope{}); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = list(tx, f)
		return err
	})
	if f.Before != "" {
		slices.Reverse(all)
	}
	return all, err
}

// Get returns one job.
func (d *Desk) Get(ctx context.Context, by actor.Actor, id string) (j *Job, err error) {
	if err := by.May(actor.JobView, actor.Scope{}); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		j, err = find(tx, id)
		return err
	})
	return j, err
}

func find(tx *db.Tx, id string) (*Job, error) {
	j, err := load(tx, id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNotFound
	}
	return j, err
}

// Retry makes a job that failed or was cancelled ready again.
func (d *Desk) Retry(ctx context.Context, by actor.Actor, id string) error {
	err := d.change(ctx, by, actor.JobRetry, id, restart, ErrNotFailed)
	if db.IsUnique(err, "job", "kind", "unique_key") {
		return ErrReplaced
	}
	return err
}

// Cancel ends a job that has not ended.
func (d *Desk) Cancel(ctx context.Context, by actor.Actor, id string) error {
	return d.change(ctx, by, actor.JobCancel, id, stop, ErrFinished)
}

func (d *Desk) change(ctx context.Context, by actor.Actor, act actor.Act, id string, do func(*db.Tx, string) (int64, error), refused error) error {
	if err := by.May(act, actor.Scope{}); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		j, err := find(tx, id)
		if err != nil {
			return err
		}
		n, err := do(tx, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return refused
		}
		return audit.Append(tx, by, audit.Entry{Act: act, Subject: "job", ID: id, Version: j.claims, Title: j.Kind})
	})
}

// Counts returns how many jobs are in each state, for the state of the system.
func Counts(ctx context.Context, d *db.DB) (all map[State]int, err error) {
	err = d.View(ctx, func(tx *db.Tx) (err error) {
		all, err = counts(tx)
		return err
	})
	return all, err
}
