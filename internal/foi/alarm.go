package foi

import (
	"context"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/db"
)

// alarmDays are the working days before its end on which people are reminded of a request; from the
// day it ends they are each working day. R-DL-15.
var alarmDays = []int{5, 3, 1, 0}

// What an alarm is about.
const (
	AlarmOver    = "over"    // its deadline is past
	AlarmDue     = "due"     // Left working days are left
	AlarmReview  = "review"  // its decision waits for a review
	AlarmConfirm = "confirm" // it came in and nobody confirmed it
)

// Alarm is a request of which its body is reminded.
type Alarm struct {
	Request *Request
	What    string
	Left    int // working days after today, or, of one that is over, since its deadline
}

// mostAlarms is of how many requests of a kind a body is reminded in a day, the most urgent first.
const mostAlarms = 200

// owed are the states in which the next step is the body's and the deadline runs.
var owed = []State{Handling, Reasoning, Reviewing, Approved}

// DueList lists the requests of which a body is reminded today: what is due on one of the days of
// alarm or was, what waits for a review and what nobody confirmed. The program asks it to mail the
// people who handle them. R-DL-15.
func (d *Desk) DueList(ctx context.Context, by actor.Actor, agency string) (all []Alarm, err error) {
	if err := by.May(actor.FoiCount, actor.In(agency)); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		today, cal := tx.Today(), d.Calendar()
		all = nil
		near, err := list(tx, Filter{Agency: agency, States: owed, DueBy: cal.Add(today, alarmDays[0]).Date, ByDue: true, Limit: mostAlarms})
		if err != nil {
			return err
		}
		for _, r := range near {
			switch left := cal.Count(today, r.Due).Days; {
			case r.Due.Before(today):
				all = append(all, Alarm{r, AlarmOver, cal.Count(r.Due, today).Days})
			case slices.Contains(alarmDays, left):
				all = append(all, Alarm{r, AlarmDue, left})
			}
		}
		for _, more := range []struct {
			state State
			what  string
		}{{Reviewing, AlarmReview}, {Submitted, AlarmConfirm}} {
			rows, err := list(tx, Filter{Agency: agency, States: []State{more.state}, Limit: mostAlarms})
			if err != nil {
				return err
			}
			for _, r := range slices.Backward(rows) {
				if !slices.ContainsFunc(all, func(a Alarm) bool { return a.Request.ID == r.ID }) {
					all = append(all, Alarm{Request: r, What: more.what})
				}
			}
		}
		return nil
	})
	return all, err
}

// Owing lists the bodies that have open requests, for the program that reminds them.
func (d *Desk) Owing(ctx context.Context, by actor.Actor) (agencies []string, err error) {
	if err := by.May(actor.FoiCount, actor.In("")); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		agencies, err = owing(tx)
		return err
	})
	return agencies, err
}
