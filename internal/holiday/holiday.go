// Package holiday keeps the State Council's holiday notices (放假安排) that appear after the
// program was built, and gives everybody who counts working days the calendar as it is now.
// Next year's notice appears in about November; until it is loaded, counts that enter that
// year say that they are not sure.
package holiday

import (
	"context"
	"sync/atomic"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/job"
	"gongkai/internal/workday"
)

// Desk keeps the notices. DB is set before its first use.
type Desk struct {
	DB      *db.DB
	current atomic.Pointer[workday.Calendar]
}

// RecountJob is asked for in the act that loads a notice: time limits that were not sure are
// to be counted anew.
const RecountJob = "limits.recount"

// ErrStale says that somebody else loaded the same year's notice at the same time.
var ErrStale = &fault.Error{Kind: fault.Conflict, Code: "holiday.stale"}

// Calendar returns the calendar as this process knows it: the notices that come with the
// program and those Refresh has read.
func (d *Desk) Calendar() *workday.Calendar {
	if c := d.current.Load(); c != nil {
		return c
	}
	return workday.Embedded()
}

// Refresh reads what was loaded, by this process or another.
func (d *Desk) Refresh(ctx context.Context) error {
	var c *workday.Calendar
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		c, err = load(tx)
		return err
	})
	if err == nil {
		d.current.Store(c)
	}
	return err
}

// every is how often a process looks for notices that another loaded.
const every = time.Minute

// Run refreshes until ctx ends; report is told what went wrong.
func (d *Desk) Run(ctx context.Context, report func(error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := d.Refresh(ctx); err != nil && ctx.Err() == nil {
				report(err)
			}
		}
	}
}

// Load checks a notice and keeps it. It returns every fault of the file; with any, nothing
// is kept.
func (d *Desk) Load(ctx context.Context, by actor.Actor, text []byte) (workday.Notice, []*fault.Error, error) {
	if err := by.May(actor.CalendarLoad, actor.Scope{}); err != nil {
		return workday.Notice{}, nil, err
	}
	n, faults := workday.ParseNotice(text)
	if len(faults) > 0 {
		return n, faults, nil
	}
	err := d.DB.Update(ctx, func(tx *db.Tx) error {
		version, err := save(tx, by, n)
		if err != nil {
			return err
		}
		if err := job.Enqueue(tx, RecountJob, struct{}{}); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{
			Act: actor.CalendarLoad, Subject: "holiday", ID: yearID(n.Year), Version: version, Title: yearID(n.Year),
			Detail: map[string]any{"days": len(n.Days), "sources": n.Sources},
		})
	})
	if err != nil {
		return n, nil, err
	}
	return n, nil, d.Refresh(ctx)
}
