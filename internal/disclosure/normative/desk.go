package normative

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/statute"
	"gongkai/internal/workday"
)

// Desk is where rules and normative documents are kept.
type Desk struct {
	DB       *db.DB
	Calendar func() *workday.Calendar
	Policy   Policy
}

// Draft is what is entered of a document before its procedure.
type Draft struct {
	Agency                              string
	Kind                                Kind
	Title                               string
	Trial, Market, Important, Interpret bool
	AdoptedOn                           date.Date
}

func (d Draft) into(r *Record) error {
	r.Agency, r.Kind, r.Title = d.Agency, d.Kind, d.Title
	r.Trial, r.Market, r.Important, r.Interpret, r.AdoptedOn = d.Trial, d.Market, d.Important, d.Interpret, d.AdoptedOn
	return r.valid()
}

// Create opens a record in drafting.
func (d *Desk) Create(ctx context.Context, by actor.Actor, in Draft) (r *Record, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.NormativeEdit, actor.In(in.Agency)); err != nil {
			return err
		}
		r = &Record{ID: db.ID(), State: Drafting, CreatedAt: tx.Now}
		if err := in.into(r); err != nil {
			return err
		}
		if err := insert(tx, r); err != nil {
			return err
		}
		return keep(tx, by, actor.NormativeEdit, r, "create", statute.Normative2018.Whole(""))
	})
	return r, err
}

// Revise changes what was entered while the procedure is open.
func (d *Desk) Revise(ctx context.Context, by actor.Actor, id string, version int64, in Draft) (*Record, error) {
	return d.act(ctx, by, actor.NormativeEdit, id, version, "revise", statute.Ref{}, func(r *Record, _ date.Date) error {
		if !r.Open() {
			return ErrClosed
		}
		in.Agency = r.Agency
		return in.into(r)
	})
}

// Put records a step of the procedure. Consulting, a passed legal review and a decision lead on
// to the next state. R-NRM-10, R-NRM-11, R-NRM-14.
func (d *Desk) Put(ctx context.Context, by actor.Actor, id string, version int64, s Step) (*Record, error) {
	what := actor.NormativeEdit
	if s.Kind == Collective {
		what = actor.NormativeDecide
	}
	return d.act(ctx, by, what, id, version, string(s.Kind), statute.Normative2018.Whole("（三）"), func(r *Record, today date.Date) error {
		if s.From.After(today) || s.To.After(today) && s.Kind != Consulting {
			return ErrStepDates
		}
		return r.put(s)
	})
}

// Number gives a decided document its number and date. R-NRM-12.
func (d *Desk) Number(ctx context.Context, by actor.Actor, id string, version int64, no string, issued date.Date) (*Record, error) {
	return d.act(ctx, by, actor.NormativeDecide, id, version, string(Number), statute.Normative2018.Whole(""), func(r *Record, today date.Date) error {
		return r.number(no, issued, today)
	})
}

// Publish records that a numbered document was published.
func (d *Desk) Publish(ctx context.Context, by actor.Actor, id string, version int64, p Publication) (*Record, error) {
	return d.act(ctx, by, actor.NormativeDecide, id, version, string(Publish), statute.OGI2019.Art(20, 0, 1), func(r *Record, today date.Date) error {
		return r.publish(p, d.Policy, today)
	})
}

// Drop closes a draft that will not be published.
func (d *Desk) Drop(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Record, error) {
	return d.act(ctx, by, actor.NormativeDecide, id, version, string(Drop), statute.Ref{}, func(r *Record, _ date.Date) (err error) {
		if strings.TrimSpace(reason) == "" {
			return ErrReason
		}
		r.Reason = reason
		r.State, err = Flow.Next(r.State, Drop)
		return err
	})
}

// Change amends a document or renews its term. R-NRM-06, R-NRM-15.
func (d *Desk) Change(ctx context.Context, by actor.Actor, id string, version int64, c Change) (*Record, error) {
	return d.act(ctx, by, actor.NormativeDecide, id, version, string(c.Act), statute.Ref{}, func(r *Record, today date.Date) error {
		if c.On.After(today) {
			return ErrFuture
		}
		return r.change(c, d.Policy)
	})
}

// End repeals a document or declares it invalid, and links what took its place. R-NRM-18, R-NRM-19.
func (d *Desk) End(ctx context.Context, by actor.Actor, id string, version int64, e Ending) (*Record, error) {
	var out *Record
	err := d.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := d.open(tx, by, actor.NormativeDecide, id, version)
		if err != nil {
			return err
		}
		if out = r; e.On.After(tx.Today()) {
			return ErrFuture
		}
		if err := successor(tx, r, e.Successor); err != nil {
			return err
		}
		if err := r.end(e); err != nil {
			return err
		}
		if err := save(tx, r); err != nil {
			return err
		}
		return keep(tx, by, actor.NormativeDecide, r, string(e.Act), statute.Ref{})
	})
	return out, err
}

// successor checks that what takes a document's place is a published record of the same body.
func successor(tx *db.Tx, r *Record, id string) error {
	if id == "" {
		return nil
	}
	s, err := load(tx, id)
	if err != nil || s.Agency != r.Agency || s.Open() || s.ID == r.ID {
		return ErrSuccessor
	}
	return nil
}

// Interpret records the item that explains a document. R-NRM-30, R-NRM-31.
func (d *Desk) Interpret(ctx context.Context, by actor.Actor, id string, version int64, item string, on date.Date) (*Record, error) {
	return d.act(ctx, by, actor.NormativeEdit, id, version, "interpret", statute.Interpretation2016.Whole(""), func(r *Record, today date.Date) error {
		if on.IsZero() || on.After(today) {
			return ErrFuture
		}
		r.Interpretation, r.InterpretedOn = strings.TrimSpace(item), on
		return nil
	})
}

// File records the filing (备案). R-NRM-04, R-NRM-16.
func (d *Desk) File(ctx context.Context, by actor.Actor, id string, version int64, no string, on date.Date) (*Record, error) {
	return d.act(ctx, by, actor.NormativeEdit, id, version, "file", statute.RuleMaking2017.Art(34), func(r *Record, today date.Date) error {
		if r.Open() || on.Before(r.PublishedOn) || on.After(today) {
			return ErrFuture
		}
		r.FiledOn, r.FiledNo = on, strings.TrimSpace(no)
		return nil
	})
}

// stock are the states a record may be entered in as it stands.
var stock = []State{Published, InForce, Amended, Repealed, Expired, Invalidated}

// Register enters a document published before the office kept it, as it stands today.
func (d *Desk) Register(ctx context.Context, by actor.Actor, in Record) (r *Record, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.NormativeEdit, actor.In(in.Agency)); err != nil {
			return err
		}
		copied := in
		r = &copied
		if r.ID == "" {
			r.ID = db.ID()
		}
		r.CreatedAt = tx.Now
		if err := r.standing(tx.Today()); err != nil {
			return err
		}
		r.tick(tx.Today())
		if err := insert(tx, r); err != nil {
			return err
		}
		return keep(tx, by, actor.NormativeEdit, r, "register", statute.OGI2019.Art(20, 0, 1))
	})
	return r, err
}

// standing checks a record entered as it stands: the days must agree with its state.
func (r *Record) standing(today date.Date) error {
	if err := r.valid(); err != nil {
		return err
	}
	over := r.State == Repealed || r.State == Invalidated
	switch {
	case !slices.Contains(stock, r.State):
		return ErrState
	case r.IssuedOn.IsZero() || r.IssuedOn.After(today):
		return ErrIssued
	case r.PublishedOn.IsZero() || r.PublishedOn.Before(r.IssuedOn) || r.PublishedOn.After(today):
		return ErrPublished
	case r.EffectiveOn.IsZero():
		return ErrEffective
	case over == r.EndedOn.IsZero() && r.State != Expired, over && r.EndedOn.Before(r.PublishedOn):
		return ErrEnd
	case r.State == Expired && (r.ExpiresOn.IsZero() || !r.ExpiresOn.Before(today)), !r.ExpiresOn.IsZero() && r.ExpiresOn.Before(r.EffectiveOn):
		return ErrExpires
	}
	if r.State == Expired {
		r.EndedOn = r.ExpiresOn.Plus(1)
	}
	return nil
}

// Sweep makes the moves that time brings: what is published takes effect, what outlived its term
// expires. The daily job calls it; each record is an act of its own.
func (d *Desk) Sweep(ctx context.Context, by actor.Actor) (moved int, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.NormativeExpire, actor.In("")); err != nil {
			return err
		}
		moved = 0
		records, err := due(tx, tx.Today())
		if err != nil {
			return err
		}
		for _, r := range records {
			if !r.tick(tx.Today()) {
				continue
			}
			moved++
			if err := save(tx, r); err != nil {
				return err
			}
			if err := keep(tx, by, actor.NormativeExpire, r, string(r.State), statute.Ref{}); err != nil {
				return err
			}
		}
		return nil
	})
	return moved, err
}

// act changes one record: load, may this actor, the rule, save, audit.
func (d *Desk) act(ctx context.Context, by actor.Actor, what actor.Act, id string, version int64, detail string, cite statute.Ref,
	change func(r *Record, today date.Date) error) (r *Record, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if r, err = d.open(tx, by, what, id, version); err != nil {
			return err
		}
		if err := change(r, tx.Today()); err != nil {
			return err
		}
		if err := save(tx, r); err != nil {
			return err
		}
		return keep(tx, by, what, r, detail, cite)
	})
	return r, err
}

// open loads a record for an act by someone who may, in the version they saw.
func (d *Desk) open(tx *db.Tx, by actor.Actor, what actor.Act, id string, version int64) (*Record, error) {
	r, err := load(tx, id)
	if err != nil {
		return nil, err
	}
	if err := by.May(what, actor.In(r.Agency)); err != nil {
		return nil, err
	}
	if r.Version != version {
		return nil, ErrStale
	}
	return r, nil
}

// keep writes the audit entry of an act on r.
func keep(tx *db.Tx, by actor.Actor, what actor.Act, r *Record, detail string, cite statute.Ref) error {
	return audit.Append(tx, by, audit.Entry{
		Act: what, Agency: r.Agency, Subject: "normative", ID: r.ID, Version: r.Version, Title: r.Title, Cite: cite,
		Reason: r.Reason, Detail: map[string]string{"act": detail, "state": string(r.State), "doc_no": r.DocNo},
	})
}

// Find returns the key of the agency's document with that number or title.
func (d *Desk) Find(ctx context.Context, by actor.Actor, agency, name string) (id string, err error) {
	if err := by.May(actor.NormativeView, actor.In(agency)); err != nil {
		return "", err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		r, err := named(tx, agency, strings.TrimSpace(name))
		if errors.Is(err, db.ErrNone) {
			return ErrSuccessor
		}
		if err == nil {
			id = r.ID
		}
		return err
	})
	return id, err
}

// Load returns a record to someone who may see it.
func (d *Desk) Load(ctx context.Context, by actor.Actor, id string) (r *Record, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if r, err = load(tx, id); err != nil {
			return err
		}
		return by.May(actor.NormativeView, actor.In(r.Agency))
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Page is part of a list.
type Page struct {
	Records    []*Record
	Total      int
	Next, Prev string // sort keys for the pages after and before, "" for none
}

// List returns a page of a body's records.
func (d *Desk) List(ctx context.Context, by actor.Actor, f Filter) (p Page, err error) {
	if f.Limit == 0 {
		f.Limit = 30
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.NormativeView, actor.In(f.Agency)); err != nil {
			return err
		}
		rows, err := list(tx, f)
		if err != nil {
			return err
		}
		p = pageOf(rows, f)
		p.Total, err = count(tx, f)
		return err
	})
	return p, err
}

func pageOf(rows []*Record, f Filter) Page {
	more := len(rows) > f.Limit
	if more {
		rows = rows[:f.Limit]
	}
	back := f.Before != "" && f.After == ""
	if back {
		slices.Reverse(rows)
	}
	p := Page{Records: rows}
	if len(rows) == 0 {
		return p
	}
	if more || back {
		p.Next = rows[len(rows)-1].sortKey()
	}
	if back && more || f.After != "" {
		p.Prev = rows[0].sortKey()
	}
	return p
}

// All returns every published record of a body, for counting and for lists of what is in force.
func (d *Desk) All(ctx context.Context, by actor.Actor, agency string) (records []*Record, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.NormativeView, actor.In(agency)); err != nil {
			return err
		}
		records, err = all(tx, agency)
		return err
	})
	return records, err
}

// Of loads a body's published records within a transaction, for the report compiled in it.
func Of(tx *db.Tx, agency string) ([]*Record, error) { return all(tx, agency) }

// Check runs the rules over a record as of today.
func (d *Desk) Check(r *Record, today date.Date) []check.Finding {
	return check.Run(Rules, Subject{r, d.Calendar(), d.Policy, today})
}
