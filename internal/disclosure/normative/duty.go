package normative

import (
	"context"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/i18n"
)

// DutyKind is something a document still asks for.
type DutyKind string

// The duties watched.
const (
	OwesInterpretation DutyKind = "interpretation" // R-NRM-30
	OwesFiling         DutyKind = "filing"         // R-NRM-04, R-NRM-16
	OwesEvaluation     DutyKind = "evaluation"     // R-NRM-15
)

var dutyWords = map[DutyKind]string{
	OwesInterpretation: "normative.duty.interpretation", OwesFiling: "normative.duty.filing", OwesEvaluation: "normative.duty.evaluation",
}

// Message names the duty.
func (k DutyKind) Message() i18n.Message { return i18n.M(dutyWords[k]) }

// Duty is what one record owes and until when.
type Duty struct {
	Record  *Record
	Kind    DutyKind
	Due     date.Date
	Sure    bool // false where a holiday notice is not loaded
	Overdue bool
	Left    int // days until Due, negative when overdue
}

// filingWatch is how many days after its publication a filing is still asked for; what was missed
// longer ago is a matter for the superior, not for the clerk's list.
const filingWatch = 400

// Watch lists what a body's documents owe, the most urgent first.
func (d *Desk) Watch(ctx context.Context, by actor.Actor, agency string) (all []Duty, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.NormativeView, actor.In(agency)); err != nil {
			return err
		}
		today := tx.Today()
		records, err := watched(tx, agency, today.Plus(-filingWatch), today.PlusMonths(d.Policy.WarnMonths).Plus(2))
		if err != nil {
			return err
		}
		all = nil
		for _, r := range records {
			all = append(all, d.duties(r, today)...)
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b Duty) int { return a.Due.Compare(b.Due) })
	return all, err
}

// duties tells what one record owes today.
func (d *Desk) duties(r *Record, today date.Date) []Duty {
	var all []Duty
	add := func(k DutyKind, due date.Date, sure bool) {
		all = append(all, Duty{r, k, due, sure, today.After(due), due.Days(today)})
	}
	if r.Interpret && r.InterpretedOn.IsZero() && !r.PublishedOn.IsZero() {
		due := d.Calendar().Add(r.PublishedOn, d.Policy.Interpret)
		add(OwesInterpretation, due.Date, due.Sure)
	}
	if due, owed := r.filing(d.Policy); owed {
		add(OwesFiling, due, true)
	}
	if !r.ExpiresOn.IsZero() && r.ValidOn(today) && !today.Before(r.ExpiresOn.PlusMonths(-d.Policy.WarnMonths)) {
		add(OwesEvaluation, r.ExpiresOn, true)
	}
	return all
}
