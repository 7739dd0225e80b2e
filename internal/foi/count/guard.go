package count

import (
	"slices"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/dispute"
	"gongkai/internal/foi/outcome"
)

// What breaks the sums of table three is refused when it is entered. R-AR-01 to 03, R-AR-06.
var (
	ErrBackwards = &fault.Error{Kind: fault.Invalid, Code: "count.backwards", Field: "on", Cite: form.Whole("表三")}
	ErrResult    = &fault.Error{Kind: fault.Invalid, Code: "count.result", Field: "outcome", Cite: form.Whole("表三")}
	ErrColumn    = &fault.Error{Kind: fault.Invalid, Code: "count.column", Field: "kind", Cite: form.Whole("表三")}
	ErrSettled   = &fault.Error{Kind: fault.Conflict, Code: "count.settled", Field: "on", Cite: form.Whole("表三")}
)

// Guard keeps the records such that every count of them balances, and that what a signed report
// counted stays as it was counted. Settled lists the years of a body whose report is signed and not
// being corrected.
type Guard struct {
	Settled func(tx *db.Tx, agency string) ([]int, error)
}

// Request refuses a change of a request; before is nil for a new one.
func (g Guard) Request(tx *db.Tx, before, after *foi.Request) error {
	if err := sound(after); err != nil {
		return err
	}
	if before != nil && same(before, after) {
		return nil
	}
	years, err := g.years(tx, after.Agency)
	if err != nil {
		return err
	}
	for _, y := range years {
		if !slices.Equal(counted(before, Year(y)), counted(after, Year(y))) {
			return ErrSettled.With("year", y)
		}
	}
	return nil
}

// Dispute refuses a change of a dispute that a signed report's table four would show.
func (g Guard) Dispute(tx *db.Tx, before, after *dispute.Dispute) error {
	years, err := g.years(tx, after.Agency)
	if err != nil {
		return err
	}
	for _, y := range years {
		p := Year(y)
		if place(before, p) != place(after, p) {
			return ErrSettled.With("year", y)
		}
	}
	return nil
}

func (g Guard) years(tx *db.Tx, agency string) ([]int, error) {
	if g.Settled == nil {
		return nil, nil
	}
	return g.Settled(tx, agency)
}

// place is where a dispute counts, "" for nowhere. Bodies' own columns do not matter here: they move
// all disputes of a result alike.
func place(d *dispute.Dispute, p Period) string {
	if d == nil {
		return ""
	}
	c, ok := d.Column(p.From, p.To, nil)
	if !ok {
		return ""
	}
	return string(d.Kind) + " " + string(c)
}

// counted are the cells a request counts in.
func counted(r *foi.Request, p Period) []string {
	rows := RowsOf(r, p)
	for i := range rows {
		rows[i] = Key(rows[i], string(r.Kind))
	}
	return rows
}

// same reports whether two states of a request count alike in any period.
func same(a, b *foi.Request) bool {
	return a.Counted == b.Counted && a.State.Counted() == b.State.Counted() && a.Kind == b.Kind &&
		a.Received == b.Received && a.ClosedOn == b.ClosedOn && a.Outcome == b.Outcome
}

// sound refuses a request that no count can place.
func sound(r *foi.Request) error {
	if !r.Counted || r.Received.IsZero() {
		return nil
	}
	if !slices.Contains(foi.Kinds, r.Kind) {
		return ErrColumn
	}
	_, known := outcome.Of(r.Outcome)
	switch {
	case r.ClosedOn != date.Date{} && r.ClosedOn.Before(r.Received):
		return ErrBackwards.With("received", r.Received)
	case (r.State == foi.Closed) != !r.ClosedOn.IsZero(), r.State == foi.Closed && !known:
		return ErrResult.With("result", string(r.Outcome))
	}
	return nil
}
