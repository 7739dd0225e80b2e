package agency

import (
	"context"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/statute"
)

// Registry keeps the bodies of an installation (单位名录).
type Registry struct {
	DB *db.DB
	// Founded does, in the act that records a body, what every new body needs besides, such
	// as the sections of its site. nil for nothing.
	Founded func(tx *db.Tx, by actor.Actor, a *Agency) error
}

// found calls Founded.
func (r *Registry) found(tx *db.Tx, by actor.Actor, a *Agency) error {
	if r.Founded == nil {
		return nil
	}
	return r.Founded(tx, by, a)
}

// treeLock is taken by every act that changes how bodies stand under each other: whether a
// ring comes about is seen only in all of them together.
const treeLock = "agency tree"

// New is a body to be recorded.
type New struct {
	Facts
	Since   date.Date // today if zero
	Basis   string
	SortKey int64 // last if zero
}

// Create records a body.
func (r *Registry) Create(ctx context.Context, by actor.Actor, n New) (a *Agency, err error) {
	err = r.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.AgencyCreate, actor.Scope{}); err != nil {
			return err
		}
		if err := tx.Lock(treeLock); err != nil {
			return err
		}
		if a, err = create(tx, n); err != nil {
			return err
		}
		if err := settle(tx, a.Since); err != nil {
			return err
		}
		if err := r.found(tx, by, a); err != nil {
			return err
		}
		return log(tx, by, actor.AgencyCreate, a, "", a.Facts)
	})
	return a, err
}

// create writes a body and its first period. The caller holds the lock and settles after.
func create(tx *db.Tx, n New) (*Agency, error) {
	n.tidy()
	if n.Since.IsZero() {
		n.Since = tx.Today()
	}
	if n.Since.After(tx.Today()) {
		return nil, ErrFuture
	}
	if err := n.check(); err != nil {
		return nil, err
	}
	if n.SortKey == 0 {
		next, err := nextSortKey(tx)
		if err != nil {
			return nil, err
		}
		n.SortKey = next
	}
	a := &Agency{ID: db.ID(), Facts: n.Facts, SortKey: n.SortKey, Since: n.Since, Basis: n.Basis,
		Successors: []string{}, CreatedAt: tx.Now}
	if err := a.insert(tx); err != nil {
		return nil, err
	}
	p := Period{Agency: a.ID, Since: a.Since, Facts: a.Facts, Basis: n.Basis}
	return a, p.insert(tx)
}

// Change is new facts of a body.
type Change struct {
	Version int64 // of the body that was looked at
	Facts
	SortKey int64
	// Since is the first day of the new facts. That of the facts on record, or zero,
	// corrects those: they were never right.
	Since  date.Date
	Basis  string // the document a change of name, kind or place in the tree rests on
	Reason string
}

// Change records new facts of a body from a day on, keeping what was true before, or
// corrects the facts on record.
func (r *Registry) Change(ctx context.Context, by actor.Actor, id string, c Change) (a *Agency, err error) {
	err = r.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.AgencyChange, actor.In(id)); err != nil {
			return err
		}
		if err := tx.Lock(treeLock); err != nil {
			return err
		}
		if a, err = open(tx, id, c.Version); err != nil {
			return err
		}
		before := a.Facts
		from, err := change(tx, a, c)
		if err != nil {
			return err
		}
		if err := settle(tx, from); err != nil {
			return err
		}
		return log(tx, by, actor.AgencyChange, a, c.Reason, map[string]any{
			"before": before, "after": a.Facts, "since": from, "basis": c.Basis})
	})
	return a, err
}

// Rename gives a body a new name from a day on.
func (r *Registry) Rename(ctx context.Context, by actor.Actor, id string, version int64, name, short string, since date.Date, basis string) (*Agency, error) {
	var c Change
	err := r.DB.View(ctx, func(tx *db.Tx) error {
		a, err := Load(tx, id)
		if err == nil {
			c = Change{Version: version, Facts: a.Facts, SortKey: a.SortKey, Since: since, Basis: basis}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	c.Name, c.ShortName = name, short
	return r.Change(ctx, by, id, c)
}

// open returns a body that exists and is as the caller saw it.
func open(tx *db.Tx, id string, version int64) (*Agency, error) {
	a, err := Load(tx, id)
	switch {
	case err != nil:
		return nil, err
	case a.Version != version:
		return nil, ErrStale
	case !a.Active():
		return nil, ErrEnded
	}
	return a, nil
}

// change writes c into a and returns the day from which it holds.
func change(tx *db.Tx, a *Agency, c Change) (date.Date, error) {
	c.tidy()
	if err := c.check(); err != nil {
		return date.Date{}, err
	}
	p, err := last(tx, a.ID)
	if err != nil {
		return date.Date{}, err
	}
	from := c.Since
	if from.IsZero() {
		from = p.Since
	}
	correct := from == p.Since
	switch {
	case from.After(tx.Today()):
		return from, ErrFuture
	case from.Before(p.Since):
		return from, ErrBefore.With("since", p.Since)
	case !correct && strings.TrimSpace(c.Basis) == "" && weighty(a.Facts, c.Facts):
		return from, ErrBasis
	}
	if c.SortKey != 0 {
		a.SortKey = c.SortKey
	}
	a.Facts = c.Facts
	if err := a.save(tx); err != nil {
		return from, err
	}
	if correct {
		p.Facts = c.Facts
		if c.Basis != "" {
			p.Basis = c.Basis
		}
		return from, p.save(tx)
	}
	return from, succeed(tx, p, &Period{Agency: a.ID, Since: from, Facts: c.Facts, Basis: c.Basis})
}

// weighty reports whether a change needs a document it rests on.
func weighty(a, b Facts) bool { return a.Name != b.Name || a.Kind != b.Kind || a.Parent != b.Parent }

// succeed ends one period and begins the next.
func succeed(tx *db.Tx, p, next *Period) error {
	p.Until = next.Since
	if err := p.save(tx); err != nil {
		return err
	}
	return next.insert(tx)
}

// settle refuses a tree that cannot be, on any day from the given one on, and writes down
// who is in charge of whom today.
func settle(tx *db.Tx, from date.Date) error {
	all, err := db.Select(tx, (*Agency).columns, "agency WHERE until IS NULL OR until > $1 ORDER BY id", from)
	if err != nil {
		return err
	}
	periods, err := lasting(tx, from)
	if err != nil {
		return err
	}
	for _, day := range turns(periods, from) {
		t := asOf(all, periods, day)
		if id, ring := t.ring(t.above); ring {
			return ErrCycle.With("name", t.Get(id).Name)
		}
	}
	return settleToday(tx, asOf(all, periods, tx.Today()))
}

func settleToday(tx *db.Tx, t *Tree) error {
	for _, a := range t.All {
		if err := t.checkPlace(a); err != nil {
			return err
		}
	}
	if id, ring := t.ring(t.Overseer); ring {
		return ErrSupervisor.With("name", t.Get(id).Name)
	}
	for _, a := range t.All {
		if now := t.Overseer(a.ID); now != a.Overseer {
			if err := setOverseer(tx, a.ID, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkPlace refuses a body that refers to one that does not exist.
func (t *Tree) checkPlace(a *Agency) error {
	switch {
	case a.Parent != "" && t.Get(a.Parent) == nil:
		return ErrParent.With("name", a.Name)
	case a.Supervisor != "" && (t.Get(a.Supervisor) == nil || a.Supervisor == a.ID):
		return ErrSupervisor.With("name", a.Name)
	case a.Office == "":
		return nil
	case a.Kind != Government || t.Get(a.Office) == nil || t.Get(a.Office).Parent != a.ID:
		return ErrOffice.With("name", a.Name)
	}
	return nil
}

// turns lists the days from the first on at which something changed, that one included.
func turns(periods []*Period, from date.Date) []date.Date {
	days := []date.Date{from}
	for _, p := range periods {
		if p.Since.After(days[len(days)-1]) {
			days = append(days, p.Since)
		}
	}
	return days
}

// asOf builds the tree of a day from bodies and their periods.
func asOf(all []*Agency, periods []*Period, day date.Date) *Tree {
	facts := map[string]Facts{}
	for _, p := range periods {
		if !p.Since.After(day) && (p.Until.IsZero() || p.Until.After(day)) {
			facts[p.Agency] = p.Facts
		}
	}
	var there []*Agency
	for _, a := range all {
		f, ok := facts[a.ID]
		if !ok || a.Since.After(day) || !a.Until.IsZero() && !a.Until.After(day) {
			continue
		}
		then := *a
		then.Facts = f
		there = append(there, &then)
	}
	return NewTree(there)
}

// SetContact writes the card of a body's office. c.Version is that of the card looked at.
//
// 条例第十二条第一款：“行政机关编制、公布的政府信息公开指南和政府信息公开目录应当及时更新。” R-GDE-03.
func (r *Registry) SetContact(ctx context.Context, by actor.Actor, c Contact) (saved *Contact, err error) {
	err = r.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.AgencyContact, actor.In(c.Agency)); err != nil {
			return err
		}
		old, err := LoadContact(tx, c.Agency)
		if err != nil {
			return err
		}
		if old.Version != c.Version {
			return ErrStale
		}
		now := c
		now.tidy()
		if err := now.check(); err != nil {
			return err
		}
		changed := now.changed(*old)
		if len(changed) == 0 {
			saved = old
			return nil
		}
		now.ChangedAt = tx.Now
		if err := now.save(tx); err != nil {
			return err
		}
		saved = &now
		a, err := Load(tx, c.Agency)
		if err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Act: actor.AgencyContact, Agency: a.ID, Subject: "agency_contact", ID: a.ID,
			Version: now.Version, Title: a.Name, Cite: statute.OGI2019.Art(12, 2), Detail: changed})
	})
	return saved, err
}

// log writes the audit entry of an act on a body.
func log(tx *db.Tx, by actor.Actor, act actor.Act, a *Agency, reason string, detail any) error {
	return audit.Append(tx, by, audit.Entry{Act: act, Agency: a.ID, Subject: "agency", ID: a.ID, Version: a.Version,
		Title: a.Name, Reason: reason, Detail: detail})
}
