package normative

import (
	"context"
	"slices"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Verdict is what a clean-up finds on one document.
type Verdict string

// The verdicts, each a list of its own. R-NRM-19.
const (
	Undecided Verdict = ""
	Continue  Verdict = "continue" // 继续有效
	Revise    Verdict = "amend"    // 修改
	Cancel    Verdict = "repeal"   // 废止
	Lapse     Verdict = "lapse"    // 失效
)

// Verdicts lists the verdicts in the order lists are printed.
var Verdicts = []Verdict{Continue, Revise, Cancel, Lapse}

var verdictWords = map[Verdict]string{
	Undecided: "normative.verdict.undecided", Continue: "normative.verdict.continue", Revise: "normative.verdict.amend",
	Cancel: "normative.verdict.repeal", Lapse: "normative.verdict.lapse",
}

// Message names the verdict.
func (v Verdict) Message() i18n.Message { return i18n.M(verdictWords[v]) }

// Line is one document of a cleaning list. Title and number are kept as they were then.
type Line struct {
	Record   string    `json:"record"`
	Kind     Kind      `json:"kind"`
	Title    string    `json:"title"`
	DocNo    string    `json:"doc_no"`
	IssuedOn date.Date `json:"issued_on"`
	Verdict  Verdict   `json:"verdict"`
	Reason   string    `json:"reason"`
}

// Cleaning is a cleaning list (清理目录) of one body.
type Cleaning struct {
	ID, Agency, Title string
	AsOf              date.Date // what was in force on this day is on the list
	Lines             []Line
	DecidedOn         date.Date // zero while it is worked on
	DecidedBy         string    // document number of the decision
	Version           int64
	CreatedAt         time.Time
}

// Faults of cleaning lists.
var (
	ErrCleanTitle = &fault.Error{Kind: fault.Invalid, Code: "normative.clean.title", Field: "title"}
	ErrCleanDay   = &fault.Error{Kind: fault.Invalid, Code: "normative.clean.day", Field: "as_of"}
	ErrCleanDone  = &fault.Error{Kind: fault.Conflict, Code: "normative.clean.done"}
	ErrVerdict    = &fault.Error{Kind: fault.Invalid, Code: "normative.clean.verdict", Field: "verdict"}
	ErrUnjudged   = &fault.Error{Kind: fault.Invalid, Code: "normative.clean.unjudged"}
	ErrMoved      = &fault.Error{Kind: fault.Conflict, Code: "normative.clean.moved"}
)

// Lines of one verdict.
func (c *Cleaning) Of(v Verdict) []Line {
	var all []Line
	for _, l := range c.Lines {
		if l.Verdict == v {
			all = append(all, l)
		}
	}
	return all
}

// Clean opens a cleaning list with everything in force on a day.
func (d *Desk) Clean(ctx context.Context, by actor.Actor, agency, title string, asOf date.Date) (c *Cleaning, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.NormativeClean, actor.In(agency)); err != nil {
			return err
		}
		switch {
		case strings.TrimSpace(title) == "":
			return ErrCleanTitle
		case asOf.IsZero() || asOf.After(tx.Today()):
			return ErrCleanDay
		}
		records, err := all(tx, agency)
		if err != nil {
			return err
		}
		c = &Cleaning{ID: db.ID(), Agency: agency, Title: strings.TrimSpace(title), AsOf: asOf, CreatedAt: tx.Now}
		for _, r := range records {
			if r.ValidOn(asOf) {
				c.Lines = append(c.Lines, Line{r.ID, r.Kind, r.Title, r.DocNo, r.IssuedOn, Undecided, ""})
			}
		}
		if err := c.save(tx); err != nil {
			return err
		}
		return c.keep(tx, by, "open")
	})
	return c, err
}

// Judge sets the verdict on some lines of an open list.
func (d *Desk) Judge(ctx context.Context, by actor.Actor, id string, version int64, records []string, v Verdict, reason string) (c *Cleaning, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if c, err = d.openCleaning(tx, by, id, version); err != nil {
			return err
		}
		if !slices.Contains(Verdicts, v) {
			return ErrVerdict
		}
		for i := range c.Lines {
			if slices.Contains(records, c.Lines[i].Record) {
				c.Lines[i].Verdict, c.Lines[i].Reason = v, strings.TrimSpace(reason)
			}
		}
		if err := c.save(tx); err != nil {
			return err
		}
		return c.keep(tx, by, string(v))
	})
	return c, err
}

// Settle makes the decision on a list take effect: what is repealed or lapses ends on that day.
// Every line must have its verdict.
func (d *Desk) Settle(ctx context.Context, by actor.Actor, id string, version int64, on date.Date, decision string) (c *Cleaning, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if c, err = d.openCleaning(tx, by, id, version); err != nil {
			return err
		}
		switch n := len(c.Of(Undecided)); {
		case n > 0:
			return ErrUnjudged.With("n", n)
		case on.IsZero() || on.After(tx.Today()) || on.Before(c.AsOf):
			return ErrEnd
		case strings.TrimSpace(decision) == "":
			return ErrReason.At("decision")
		}
		c.DecidedOn, c.DecidedBy = on, strings.TrimSpace(decision)
		for _, l := range c.Lines {
			if err := d.carryOut(tx, by, c, l); err != nil {
				return err
			}
		}
		if err := c.save(tx); err != nil {
			return err
		}
		return c.keep(tx, by, "settle")
	})
	return c, err
}

// carryOut ends the record of a line that is repealed or lapses.
func (d *Desk) carryOut(tx *db.Tx, by actor.Actor, c *Cleaning, l Line) error {
	e := Ending{On: c.DecidedOn, By: c.DecidedBy, Reason: l.Reason}
	switch l.Verdict {
	case Cancel:
		e.Act = Repeal
	case Lapse:
		e.Act = Invalidate
	default:
		return nil
	}
	r, err := load(tx, l.Record)
	if err != nil {
		return err
	}
	if r.State == Expired || r.State == Repealed || r.State == Invalidated {
		return nil // it ended while the list was worked on
	}
	if err := r.end(e); err != nil {
		return ErrMoved.With("title", r.Title).Because(err)
	}
	if err := save(tx, r); err != nil {
		return err
	}
	return keep(tx, by, actor.NormativeClean, r, string(e.Act), statute.Ref{})
}

func (d *Desk) openCleaning(tx *db.Tx, by actor.Actor, id string, version int64) (*Cleaning, error) {
	c, err := loadCleaning(tx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case by.May(actor.NormativeClean, actor.In(c.Agency)) != nil:
		return nil, by.May(actor.NormativeClean, actor.In(c.Agency))
	case !c.DecidedOn.IsZero():
		return nil, ErrCleanDone
	case c.Version != version:
		return nil, ErrStale
	}
	return c, nil
}

func (c *Cleaning) keep(tx *db.Tx, by actor.Actor, detail string) error {
	return audit.Append(tx, by, audit.Entry{
		Act: actor.NormativeClean, Agency: c.Agency, Subject: "cleaning", ID: c.ID, Version: c.Version, Title: c.Title,
		Detail: map[string]any{"act": detail, "lines": len(c.Lines), "decision": c.DecidedBy},
	})
}

// Cleanings lists a body's cleaning lists, the latest first.
func (d *Desk) Cleanings(ctx context.Context, by actor.Actor, agency string) (all []*Cleaning, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.NormativeView, actor.In(agency)); err != nil {
			return err
		}
		all, err = cleanings(tx, agency)
		return err
	})
	return all, err
}

// Cleaning returns one list.
func (d *Desk) Cleaning(ctx context.Context, by actor.Actor, id string) (c *Cleaning, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if c, err = loadCleaning(tx, id); err != nil {
			return err
		}
		return by.May(actor.NormativeView, actor.In(c.Agency))
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}
