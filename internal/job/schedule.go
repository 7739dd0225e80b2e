package job

import (
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Schedule enqueues a job of its kind at each of its slots, once however many processes
// run. Slots missed while none ran are made up for by one job.
type Schedule struct {
	Kind string
	slot func(now time.Time) time.Time
}

// Daily schedules a job at a time of the civil day in China.
func Daily(kind string, hour, minute int) Schedule {
	return Schedule{kind, func(now time.Time) time.Time {
		local := now.In(date.China)
		slot := time.Date(local.Year(), local.Month(), local.Day(), hour, minute, 0, 0, date.China)
		if slot.After(local) {
			slot = slot.AddDate(0, 0, -1)
		}
		return slot.UTC()
	}}
}

// Every schedules a job each n minutes, counted from midnight UTC.
func Every(kind string, n time.Duration) Schedule {
	return Schedule{kind, func(now time.Time) time.Time { return now.UTC().Truncate(n) }}
}

// slotKey makes the job of a slot wait for no second one of its schedule.
const slotKey = "schedule"

// open returns the schedules whose present slot has not been used.
func open(tx *db.Tx, all []Schedule) ([]Schedule, error) {
	used, err := slots(tx)
	if err != nil {
		return nil, err
	}
	var left []Schedule
	for _, s := range all {
		if last, known := used[s.Kind]; !known || last.Before(s.slot(tx.Now)) {
			left = append(left, s)
		}
	}
	return left, nil
}

// enqueue uses the schedule's present slot, if no other process has.
func (s Schedule) enqueue(tx *db.Tx) error {
	mine, err := takeSlot(tx, s.Kind, s.slot(tx.Now))
	if err != nil || !mine {
		return err
	}
	return Enqueue(tx, s.Kind, struct{}{}, Unique(slotKey))
}
