package credit

import (
	"context"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/secret"
	"gongkai/internal/statute"
	"gongkai/internal/workday"
)

// Desk is where licences, penalties and measures are kept.
type Desk struct {
	DB       *db.DB
	Keys     *secret.Keyring
	Calendar func() *workday.Calendar
	Policy   Policy
}

// Publish shows decisions from today on. R-FLW-10.
func (d *Desk) Publish(ctx context.Context, by actor.Actor, ids []string) (n int, err error) {
	return d.each(ctx, by, actor.CreditPublish, Publish, ids, statute.Credit2018.Whole(""), func(one *Decision, today date.Date) error {
		stated, _ := date.Parse(one.Fields[meanings[one.Kind].until])
		one.PublishedOn, one.ShowUntil, one.Reason = today, d.Policy.until(one, stated), ""
		return nil
	})
}

// Withhold marks decisions as lawfully not published, with the ground. They are counted all the
// same. R-FLW-12.
func (d *Desk) Withhold(ctx context.Context, by actor.Actor, ids []string, reason string) (n int, err error) {
	return d.each(ctx, by, actor.CreditPublish, Withhold, ids, statute.Licence2019.Art(5), func(one *Decision, _ date.Date) error {
		one.Reason = strings.TrimSpace(reason)
		if one.Reason == "" {
			return ErrReason
		}
		return nil
	})
}

// Overturn records that a decision was changed, revoked, or found illegal or void on a day. From
// then its withdrawal is due within three working days. R-FLW-11.
func (d *Desk) Overturn(ctx context.Context, by actor.Actor, id string, version int64, on date.Date, how string) (*Decision, error) {
	return d.act(ctx, by, actor.CreditWithdraw, id, version, "overturn", func(one *Decision, today date.Date) error {
		switch {
		case on.IsZero() || on.Before(one.DecidedOn) || on.After(today):
			return ErrDay
		case strings.TrimSpace(how) == "":
			return ErrReason
		}
		one.Overturned, one.Reason = on, strings.TrimSpace(how)
		return nil
	})
}

// Withdraw takes a decision down and keeps the reason, which is shown in its place.
func (d *Desk) Withdraw(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Decision, error) {
	return d.act(ctx, by, actor.CreditWithdraw, id, version, string(Withdraw), func(one *Decision, today date.Date) (err error) {
		if reason = strings.TrimSpace(reason); reason == "" {
			return ErrReason
		}
		one.Reason, one.EndedOn = reason, today
		one.State, err = Flow.Next(one.State, Withdraw)
		return err
	})
}

// Sweep ends the display of what outlived its term. The daily job calls it. R-FLW-13.
func (d *Desk) Sweep(ctx context.Context, by actor.Actor) (ended int, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.CreditExpire, actor.In("")); err != nil {
			return err
		}
		ended = 0
		all, err := over(tx, tx.Today())
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.State, err = Flow.Next(one.State, End); err != nil {
				return err
			}
			one.EndedOn = one.ShowUntil.Plus(1)
			if err := keep(tx, by, actor.CreditExpire, one, string(End), statute.Ref{}); err != nil {
				return err
			}
			ended++
		}
		return nil
	})
	return ended, err
}

// each makes the same move with several decisions, all or none.
func (d *Desk) each(ctx context.Context, by actor.Actor, what actor.Act, move Act, ids []string, cite statute.Ref,
	set func(one *Decision, today date.Date) error) (n int, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		n = 0
		for _, id := range ids {
			one, err := load(tx, id)
			if err != nil {
				return err
			}
			if err := by.May(what, actor.In(one.Agency)); err != nil {
				return err
			}
			if one.State, err = Flow.Next(one.State, move); err != nil {
				return err
			}
			if err := set(one, tx.Today()); err != nil {
				return err
			}
			if err := keep(tx, by, what, one, string(move), cite); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// act changes one decision.
func (d *Desk) act(ctx context.Context, by actor.Actor, what actor.Act, id string, version int64, detail string,
	set func(one *Decision, today date.Date) error) (one *Decision, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if one, err = load(tx, id); err != nil {
			return err
		}
		if err := by.May(what, actor.In(one.Agency)); err != nil {
			return err
		}
		if one.Version != version {
			return ErrStale
		}
		if err := set(one, tx.Today()); err != nil {
			return err
		}
		return keep(tx, by, what, one, detail, statute.Penalty2021.Art(48))
	})
	return one, err
}

// keep saves a decision and writes the entry of the act. The entry names the number, no person.
func keep(tx *db.Tx, by actor.Actor, what actor.Act, one *Decision, detail string, cite statute.Ref) error {
	if err := change(tx, one); err != nil {
		return err
	}
	return audit.Append(tx, by, audit.Entry{
		Act: what, Agency: one.Agency, Subject: "credit", ID: one.ID, Version: one.Version, Title: one.No, Cite: cite,
		Detail: map[string]string{"act": detail, "state": string(one.State)},
	})
}

// Load returns a decision. A natural person's name is masked; Reveal opens it.
func (d *Desk) Load(ctx context.Context, by actor.Actor, id string) (one *Decision, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if one, err = load(tx, id); err != nil {
			return err
		}
		return by.May(actor.CreditView, actor.In(one.Agency))
	})
	if err != nil {
		return nil, err
	}
	return one, nil
}

// Reveal opens a natural person's name for someone who answers for the decisions, and puts that
// on record.
func (d *Desk) Reveal(ctx context.Context, by actor.Actor, id string) (name string, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		one, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := by.May(actor.CreditWithdraw, actor.In(one.Agency)); err != nil {
			return err
		}
		if name = one.Name; !one.Natural {
			return nil
		}
		plain, err := d.Keys.Open("credit.name "+one.ID, one.sealed)
		if err != nil {
			return err
		}
		name = string(plain)
		return audit.Append(tx, by, audit.Entry{
			Act: actor.CreditView, Agency: one.Agency, Subject: "credit", ID: one.ID, Version: one.Version, Title: one.No,
			Cite: statute.Personal2021.Art(34), Detail: map[string]string{"act": "reveal"},
		})
	})
	return name, err
}

// Page is part of a list.
type Page struct {
	Decisions  []*Decision
	Total      int
	Next, Prev string
}

// List returns a page of a body's decisions; names of natural persons are masked.
func (d *Desk) List(ctx context.Context, by actor.Actor, f Filter) (p Page, err error) {
	if f.Limit == 0 {
		f.Limit = 30
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.CreditView, actor.In(f.Agency)); err != nil {
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

func pageOf(rows []*Decision, f Filter) Page {
	more := len(rows) > f.Limit
	if more {
		rows = rows[:f.Limit]
	}
	back := f.Before != "" && f.After == ""
	if back {
		slices.Reverse(rows)
	}
	p := Page{Decisions: rows}
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

// DutyKind is what a decision still asks for.
type DutyKind string

// The duties watched.
const (
	OwesPublication DutyKind = "publication" // R-FLW-10
	OwesWithdrawal  DutyKind = "withdrawal"  // R-FLW-11
)

// Duty is what one decision asks for and until when.
type Duty struct {
	Decision *Decision
	Kind     DutyKind
	Due      date.Date
	Sure     bool
	Overdue  bool
}

// Watch lists what is to be published or withdrawn, the most urgent first.
func (d *Desk) Watch(ctx context.Context, by actor.Actor, agency string) (all []Duty, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.CreditView, actor.In(agency)); err != nil {
			return err
		}
		rows, err := waiting(tx, agency)
		if err != nil {
			return err
		}
		all = nil
		for _, one := range rows {
			all = append(all, d.duty(one, tx.Today()))
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b Duty) int { return a.Due.Compare(b.Due) })
	return all, err
}

// Waiting counts what Watch lists, and says whether any of it is overdue, without reading it.
func (d *Desk) Waiting(ctx context.Context, by actor.Actor, agency string) (n int, overdue bool, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.CreditView, actor.In(agency)); err != nil {
			return err
		}
		show, withdraw, decided, overturned, err := oldest(tx, agency)
		if err != nil {
			return err
		}
		n, overdue = show+withdraw, d.late(tx, decided, publishDays) || d.late(tx, overturned, withdrawDays)
		return nil
	})
	return n, overdue, err
}

// late reports whether n working days from a day are past.
func (d *Desk) late(tx *db.Tx, from date.Date, n int) bool {
	return !from.IsZero() && tx.Today().After(d.Calendar().Add(from, n).Date)
}

func (d *Desk) duty(one *Decision, today date.Date) Duty {
	kind, due := OwesPublication, d.Calendar().Add(one.DecidedOn, publishDays)
	if !one.Overturned.IsZero() {
		kind, due = OwesWithdrawal, d.Calendar().Add(one.Overturned, withdrawDays)
	}
	return Duty{one, kind, due.Date, due.Sure, today.After(due.Date)}
}

// Decided returns the keys of all decisions of a kind in a year, published or not, for the report
// compiled in the same transaction.
func Decided(tx *db.Tx, agency string, kind Kind, year int) ([]string, error) {
	return decided(tx, agency, kind, year)
}
