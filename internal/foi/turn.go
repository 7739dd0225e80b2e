package foi

import (
	"context"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi/letter"
)

// Can reports whether a person may do what an act takes with the request in view.
func (v *View) Can(by actor.Actor, what actor.Act) bool { return allowed(by, what, v.Request) == nil }

// Letter is the letter that tells a decision about the request in view, "" before one is proposed.
func (v *View) Letter() letter.Code {
	if v.Record.Decision == nil {
		return ""
	}
	return v.Record.Decision.letter(v.Request)
}

// What waits for somebody: the turns of a request.
const (
	TurnConfirm = "confirm" // it came in and nobody confirmed it
	TurnAssign  = "assign"  // nobody handles it
	TurnReview  = "review"  // the next review of its decision is the person's
	TurnExtend  = "extend"  // an extension waits for the head
	TurnSend    = "send"    // its reply is approved and not sent
	TurnDue     = "due"     // it is his, and due within five working days
)

// Turn is a request in which the next step is somebody's.
type Turn struct {
	Request *Request
	What    string
	Review  ReviewKind // of TurnReview
}

// mostTurns is how many open requests are looked through for somebody's turns, the most urgent
// first.
const mostTurns = 300

// Turns lists the requests of a body that wait for a person, the most urgent first.
func (d *Desk) Turns(ctx context.Context, by actor.Actor, agency string) (all []Turn, err error) {
	scope := actor.In(agency)
	f := Filter{Agency: agency, Limit: mostTurns}
	if !by.Can(actor.FoiView, scope) {
		if err := by.May(actor.FoiHandle, scope); err != nil {
			return nil, err
		}
		f.Account = by.ID
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		all = nil
		if by.Can(actor.FoiRegister, scope) {
			f.States = []State{Submitted}
			rows, err := list(tx, f)
			if err != nil {
				return err
			}
			for _, r := range slices.Backward(rows) {
				all = append(all, Turn{Request: r, What: TurnConfirm})
			}
		}
		f.States, f.ByDue = []State{Handling, Reviewing, Approved}, true
		rows, err := list(tx, f)
		if err != nil {
			return err
		}
		for _, r := range rows {
			t, err := d.turn(tx, by, r)
			if err != nil {
				return err
			}
			if t.What != "" {
				all = append(all, t)
			}
		}
		return nil
	})
	return all, err
}

// turn tells what of a request waits for a person.
func (d *Desk) turn(tx *db.Tx, by actor.Actor, r *Request) (Turn, error) {
	scope, t := actor.In(r.Agency), Turn{Request: r}
	c, err := d.record(tx, r)
	if err != nil {
		return t, err
	}
	s, err := loadSettings(tx, r.Agency)
	if err != nil {
		return t, err
	}
	switch r.State {
	case Reviewing:
		if left := c.Outstanding(s); len(left) > 0 && by.Can(reviewActs[left[0]], scope) && c.mayReview(by.ID) {
			t.What, t.Review = TurnReview, left[0]
		}
	case Approved:
		if by.Can(actor.FoiSend, scope) {
			t.What = TurnSend
		}
	case Handling:
		e := c.Extension
		switch near := d.Calendar().Add(tx.Today(), nearDays).Date; {
		case e != nil && e.Approved.IsZero() && e.By != by.ID && by.Can(actor.FoiApprove, scope):
			t.What = TurnExtend
		case r.handlers == "" && r.Department == "" && by.Can(actor.FoiAssign, scope):
			t.What = TurnAssign
		case due(r.Due, near) && (r.Handled(by.ID) || by.Can(actor.FoiPropose, scope)):
			t.What = TurnDue
		}
	}
	return t, nil
}

// nearDays is how many working days before its end a request is somebody's to look at. R-DL-15.
const nearDays = 5

func due(on, near date.Date) bool { return !on.IsZero() && !on.After(near) }

// mayReview reports whether a person has had no part in the decision so far.
func (c *Record) mayReview(id string) bool {
	return c.Decision.By != id && !slices.ContainsFunc(c.Reviews, func(v Review) bool { return v.By == id })
}

// May returns nil if a person may do what an act takes with a request. It reads nothing that is
// kept sealed and leaves no entry.
func (d *Desk) May(ctx context.Context, by actor.Actor, what actor.Act, id string) error {
	return d.DB.View(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err != nil {
			return err
		}
		return allowed(by, what, r)
	})
}

// MayEditLetter is May for changing the words of a letter.
func (d *Desk) MayEditLetter(ctx context.Context, by actor.Actor, id, key string) error {
	what, err := d.editing(ctx, id, key)
	if err != nil {
		return err
	}
	return d.May(ctx, by, what, id)
}
