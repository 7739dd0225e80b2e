package foi

import (
	"context"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
)

// Entry is one request of a register kept elsewhere (台账), as far as it says.
type Entry struct {
	No          string
	Channel     Channel
	Nature      Nature
	Received    date.Date
	Application Application
	Title       string
	Department  string
	// Notified and Corrected are of the correction.
	Notified, Corrected date.Date
	ExtendedBy          int // working days
	ExtendedOn          date.Date
	Consulted           []Consultation
	Outcome             outcome.Code // "" while it is open
	Variant             string
	ClosedOn            date.Date
	LetterNo            string
	Way                 Way
	Note                string
}

// Faults of entries.
var (
	ErrEntryNo     = &fault.Error{Kind: fault.Invalid, Code: "foi.entry.no", Field: "no"}
	ErrEntryTaken  = &fault.Error{Kind: fault.Invalid, Code: "foi.entry.taken", Field: "no"}
	ErrEntryClosed = &fault.Error{Kind: fault.Invalid, Code: "foi.entry.closed", Field: "closed_on"}
	ErrEntryOpen   = &fault.Error{Kind: fault.Invalid, Code: "foi.entry.open", Field: "outcome"}
)

// Check returns every fault of an entry that can be told without the database.
func (e *Entry) Check(today date.Date) (faults []*fault.Error) {
	add := func(bad bool, f *fault.Error) {
		if bad {
			faults = append(faults, f)
		}
	}
	_, known := outcome.Of(e.Outcome)
	add(strings.TrimSpace(e.No) == "", ErrEntryNo)
	add(!contains(Channels, e.Channel), ErrChannel)
	add(!contains(Kinds, e.Application.Applicant.Kind), ErrKind)
	add(strings.TrimSpace(e.Application.Applicant.Name) == "", ErrName)
	add(plain(e.Application.Sought.Name+e.Application.Sought.Features) == "", ErrSought)
	add(e.Received.IsZero(), ErrDay.At("received"))
	add(e.Received.After(today), ErrFuture.At("received"))
	add(e.Outcome != "" && !known, ErrOutcome)
	add(e.Outcome == "" && !e.ClosedOn.IsZero(), ErrEntryOpen)
	add(e.Outcome != "" && e.ClosedOn.IsZero(), ErrEntryClosed)
	add(!e.ClosedOn.IsZero() && (e.ClosedOn.Before(e.Received) || e.ClosedOn.After(today)), ErrEntryClosed)
	add(!e.Notified.IsZero() && e.Notified.Before(e.Received), ErrEarly.At("notified").With("received", e.Received))
	add(!e.Corrected.IsZero() && (e.Notified.IsZero() || e.Corrected.Before(e.Notified) || e.Corrected.After(today)), ErrDay.At("corrected"))
	add(e.ExtendedBy < 0 || e.ExtendedBy > 20, ErrExtendDays)
	add(e.ExtendedBy > 0 && e.ExtendedOn.IsZero(), ErrDay.At("extended_on"))
	return faults
}

// Import takes in one request of a register kept elsewhere, with its own number and days. What the
// register does not say is not made up: a reply without a letter here has none.
func (d *Desk) Import(ctx context.Context, by actor.Actor, agency string, e Entry) (r *Request, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.FoiImport, actor.In(agency)); err != nil {
			return err
		}
		r, err = d.importIn(tx, by, agency, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (d *Desk) importIn(tx *db.Tx, by actor.Actor, agency string, e Entry) (*Request, error) {
	e.No = strings.TrimSpace(e.No)
	if faults := e.Check(tx.Today()); len(faults) > 0 {
		return nil, faults[0]
	}
	if err := holdNumbers(tx, agency, "request"); err != nil {
		return nil, err
	}
	if err := checkNumber(e.No); err != nil {
		return nil, err
	}
	if taken, err := noTaken(tx, agency, e.No); err != nil || taken {
		return nil, orTaken(err, e.No)
	}
	w, err := d.create(tx, by, agency, e.Channel, e.Application)
	if err != nil {
		return nil, err
	}
	w.r.No, w.r.Received, w.r.SubmittedOn, w.r.State = e.No, e.Received, e.Received, Handling
	if e.Title != "" {
		w.r.Title = e.Title
	}
	if e.Nature == OwnRecord {
		w.r.Nature, w.r.Counted = OwnRecord, false
	}
	w.r.Department, w.c.Assignment.Department = e.Department, e.Department
	w.step(Confirm, e.Received, e.Note, true)
	w.onTheWay(e)
	if e.Outcome != "" {
		w.r.State, w.r.Outcome, w.r.ClosedOn = Closed, e.Outcome, e.ClosedOn
		w.c.Decision = &Decision{Outcome: e.Outcome, Variant: e.Variant, ByName: by.Name, On: e.ClosedOn, Answers: []letter.Answer{{Outcome: string(e.Outcome), Variant: e.Variant}}}
		w.c.Delivery = &Delivery{Way: e.Way, On: e.ClosedOn}
		w.step(Deliver, e.ClosedOn, e.LetterNo, true)
	}
	return w.r, w.created("import")
}

func orTaken(err error, no string) error {
	if err != nil {
		return err
	}
	return ErrEntryTaken.With("no", no)
}

// onTheWay enters what happened on the way.
func (w *work) onTheWay(e Entry) {
	if !e.Notified.IsZero() {
		w.c.Correction = &Correction{Notified: e.Notified, Corrected: e.Corrected}
		w.step(AskCorrection, e.Notified, "", true)
		if !e.Corrected.IsZero() {
			w.step(Correct, e.Corrected, "", true)
		} else if e.Outcome == outcome.NotCorrected {
			w.c.Correction.Lapsed = e.ClosedOn
		}
	}
	for _, c := range e.Consulted {
		w.c.NextItem++
		c.ID = w.c.NextItem
		w.c.Consulted = append(w.c.Consulted, c)
		w.step(Consult, c.Sent, c.Name, false)
	}
	if e.ExtendedBy > 0 {
		w.c.Extension = &Extension{Days: e.ExtendedBy, Approved: e.ExtendedOn, Notified: e.ExtendedOn}
		w.r.Extended = true
		w.step(Extend, e.ExtendedOn, "", true)
	}
}
