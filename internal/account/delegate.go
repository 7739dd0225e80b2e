package account

import (
	"context"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// longestLeave is the most days one delegation may last: a longer absence is a matter for
// the security administrator. Our choice; no provision says a number.
const longestLeave = 92

// Leave is what a person on leave asks a colleague to take over.
type Leave struct {
	Deputy string
	Since  date.Date // today if zero
	Until  date.Date // last day
	Grants []string
	Reason string
}

// Delegate hands roles of one's own to a deputy for a time. They end by themselves, and
// with the holder's own. What was handed over cannot be handed on, nor can the role of an
// administrator.
func (r *Registry) Delegate(ctx context.Context, by actor.Actor, l Leave) (d *Delegation, err error) {
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(rolesLock); err != nil {
			return err
		}
		holder, err := Load(tx, by.ID)
		if err != nil {
			return err
		}
		if holder.State != Active {
			return ErrLocked
		}
		d = &Delegation{Holder: holder.ID, Deputy: l.Deputy, Since: l.Since, Until: l.Until, Grants: slices.Clone(l.Grants),
			Reason: strings.TrimSpace(l.Reason)}
		if d.Since.IsZero() {
			d.Since = tx.Today()
		}
		if err := d.check(tx); err != nil {
			return err
		}
		if err := d.insert(tx); err != nil {
			return err
		}
		return audit.Append(tx, by, delegationEntry(holder, d, ""))
	})
	return d, err
}

func delegationEntry(holder *Account, d *Delegation, end string) audit.Entry {
	return holder.entry(actor.AccountDelegate, d.Reason, map[string]any{
		"delegation": d.ID, "deputy": d.Deputy, "since": d.Since, "until": d.Until, "grants": d.Grants, "end": end})
}

func (d *Delegation) check(tx *db.Tx) error {
	today := tx.Today()
	switch {
	case d.Since.Before(today), d.Until.IsZero(), d.Until.Before(d.Since), d.Since.Plus(longestLeave).Before(d.Until):
		return ErrPeriod.With("most", longestLeave)
	case d.Reason == "":
		return ErrReason
	case len(d.Grants) == 0:
		return ErrDelegated
	}
	deputy, err := Load(tx, d.Deputy)
	if err != nil || deputy.State != Active || d.Deputy == d.Holder {
		return ErrDeputy.Because(err)
	}
	return d.checkGrants(tx, today)
}

func (d *Delegation) checkGrants(tx *db.Tx, today date.Date) error {
	held, err := grantsOf(tx, d.Holder)
	if err != nil {
		return err
	}
	for _, id := range d.Grants {
		i := slices.IndexFunc(held, func(g *Grant) bool { return g.ID == id })
		if i < 0 || held[i].over(today) {
			return ErrDelegated
		}
		if held[i].Role.Installation() {
			return ErrDelegateAdm
		}
	}
	return nil
}

// EndDelegation ends a delegation early: its holder or its deputy may, and who may take
// roles back.
func (r *Registry) EndDelegation(ctx context.Context, by actor.Actor, id string, version int64) error {
	return r.db.Update(ctx, func(tx *db.Tx) error {
		d, err := loadDelegation(tx, id)
		if err != nil {
			return err
		}
		holder, err := Load(tx, d.Holder)
		if err != nil {
			return err
		}
		if by.ID != d.Holder && by.ID != d.Deputy {
			if err := by.May(actor.AccountRevoke, actor.In(holder.Agency)); err != nil {
				return err
			}
		}
		switch {
		case d.Version != version:
			return ErrStale
		case !d.EndedAt.IsZero() || d.Until.Before(tx.Today()):
			return ErrGrantOver
		}
		d.EndedAt = tx.Now
		if err := d.save(tx); err != nil {
			return err
		}
		return audit.Append(tx, by, delegationEntry(holder, d, "ended"))
	})
}

// Delegations lists the delegations a person made or received: one's own, or anybody's for
// who may look at people.
func (r *Registry) Delegations(ctx context.Context, by actor.Actor, account string) (all []*Delegation, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		if err := ownOr(tx, by, account, actor.AccountView); err != nil {
			return err
		}
		all, err = delegationsOf(tx, account)
		return err
	})
	return all, err
}

// Colleagues lists the people one may choose a deputy from: who works for, or holds a role
// in, a body one has a role in or works for.
func (r *Registry) Colleagues(ctx context.Context, by actor.Actor) (all []Ref, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		me, err := Load(tx, by.ID)
		if err != nil {
			return err
		}
		bodies := []string{me.Agency}
		for _, g := range by.Grants {
			if g.Agency != "" {
				bodies = append(bodies, g.Agency)
			}
		}
		all, err = colleagues(tx, me.ID, bodies)
		return err
	})
	return all, err
}

// Holders lists who may act in a role for a body today, of their own, for who needs to know
// whom to ask.
func Holders(tx *db.Tx, role actor.Role, body string) ([]Ref, error) { return holders(tx, role, body) }

// Staff lists who may act in some roles for a body today, for who says there who does what.
func (r *Registry) Staff(ctx context.Context, by actor.Actor, act actor.Act, body string, roles ...actor.Role) (all []Ref, err error) {
	if err := by.May(act, actor.In(body)); err != nil {
		return nil, err
	}
	err = r.db.View(ctx, func(tx *db.Tx) error {
		all = nil
		for _, role := range roles {
			some, err := holders(tx, role, body)
			if err != nil {
				return err
			}
			for _, one := range some {
				if !slices.ContainsFunc(all, func(o Ref) bool { return o.ID == one.ID }) {
					all = append(all, one)
				}
			}
		}
		return nil
	})
	return all, err
}
