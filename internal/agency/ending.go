package agency

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Closing is how, when and on what ground a body ends.
type Closing struct {
	Version    int64
	On         date.Date // first day it is no more; today if zero
	Ending     Ending
	Successors []string // who takes over its duties: one when merged, two or more when split
	Basis      string
	Reason     string
}

// End records that a body is no more. What it published stays, and its successors answer
// for it.
//
// 行政诉讼法第二十六条第六款：“行政机关被撤销或者职权变更的，继续行使其职权的行政机关是被告。” Our
// reading: whoever can be sued for what a body published answers for it.
func (r *Registry) End(ctx context.Context, by actor.Actor, id string, c Closing) (a *Agency, err error) {
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
		if err := end(tx, a, c); err != nil {
			return err
		}
		if err := settle(tx, a.Until); err != nil {
			return childless(err)
		}
		return log(tx, by, actor.AgencyChange, a, c.Reason, c)
	})
	return a, err
}

// childless words, for the body that ends, that others still refer to it.
func childless(err error) error {
	if errors.Is(err, ErrParent) || errors.Is(err, ErrSupervisor) || errors.Is(err, ErrOffice) {
		return ErrHasChildren.Because(err)
	}
	return err
}

// Merge ends several bodies, which go over into one that exists. Bodies under them stand
// under that one from then on.
func (r *Registry) Merge(ctx context.Context, by actor.Actor, ids []string, into string, c Closing) (a *Agency, err error) {
	err = r.DB.Update(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(treeLock); err != nil {
			return err
		}
		c := c
		c.Ending, c.Successors = Merged, []string{into}
		if c.On.IsZero() {
			c.On = tx.Today()
		}
		if a, err = Load(tx, into); err != nil {
			return err
		}
		if len(ids) == 0 || slices.Contains(ids, into) {
			return ErrSuccessor
		}
		for _, id := range ids {
			if err := r.mergeOne(tx, by, id, into, c); err != nil {
				return err
			}
		}
		if err := settle(tx, c.On); err != nil {
			return childless(err)
		}
		return audit.Append(tx, by, audit.Entry{Act: actor.AgencyChange, Agency: into, Subject: "agency", ID: into,
			Version: a.Version, Title: a.Name, Reason: c.Reason, Detail: map[string]any{"merged": ids, "on": c.On, "basis": c.Basis}})
	})
	return a, err
}

func (r *Registry) mergeOne(tx *db.Tx, by actor.Actor, id, into string, c Closing) error {
	if err := by.May(actor.AgencyChange, actor.In(id)); err != nil {
		return err
	}
	a, err := Load(tx, id)
	if err != nil {
		return err
	}
	if !a.Active() {
		return ErrEnded
	}
	if err := end(tx, a, c); err != nil {
		return err
	}
	under, err := db.Select(tx, (*Agency).columns, "agency WHERE parent = $1 AND until IS NULL ORDER BY id", id)
	if err != nil {
		return err
	}
	for _, child := range under {
		f := child.Facts
		f.Parent = into
		if _, err := change(tx, child, Change{Facts: f, Since: c.On, Basis: c.Basis}); err != nil {
			return err
		}
	}
	return nil
}

// end writes the end of a body. The caller holds the lock and settles after.
func end(tx *db.Tx, a *Agency, c Closing) error {
	if c.On.IsZero() {
		c.On = tx.Today()
	}
	p, err := last(tx, a.ID)
	if err != nil {
		return err
	}
	switch {
	case c.On.After(tx.Today()):
		return ErrFuture.At("on")
	case !c.On.After(p.Since):
		return ErrBefore.At("on").With("since", p.Since)
	case strings.TrimSpace(c.Basis) == "":
		return ErrBasis
	}
	if err := checkSuccessors(tx, a.ID, c); err != nil {
		return err
	}
	p.Until = c.On
	if err := p.save(tx); err != nil {
		return err
	}
	a.Until, a.Ending, a.Successors, a.Basis, a.Overseer = c.On, c.Ending, c.Successors, c.Basis, ""
	if a.Successors == nil {
		a.Successors = []string{}
	}
	return a.save(tx)
}

// checkSuccessors: a merger has one, a split several; who is abolished may have one.
func checkSuccessors(tx *db.Tx, id string, c Closing) error {
	n := len(c.Successors)
	switch {
	case endingNames[c.Ending] == "":
		return ErrEnding
	case c.Ending == Merged && n != 1, c.Ending == Split && n < 2, c.Ending == Abolished && n > 1:
		return ErrSuccessor
	}
	for i, s := range c.Successors {
		if s == id || slices.Contains(c.Successors[:i], s) {
			return ErrSuccessor
		}
		next, err := Load(tx, s)
		if err != nil || !next.Active() {
			return ErrSuccessor.Because(err)
		}
	}
	return nil
}
