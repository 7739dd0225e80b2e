package account

import (
	"context"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// rolesLock is taken by every act that gives or takes roles or the right to sign in: that
// a security administrator stays, and no one is two administrators, is seen only in all
// grants together.
const rolesLock = "account roles"

// Grant gives a person a role from a day to a day.
//
// R-SEC-01: the roles of the three administrators are never two on one person, now or
// later; nobody gives a role to themselves.
func (r *Registry) Grant(ctx context.Context, by actor.Actor, account string, g Grant) (given *Grant, err error) {
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		a, err := Load(tx, account)
		if err != nil {
			return err
		}
		if err := by.May(actor.AccountGrant, actor.In(g.Agency)); err != nil {
			return err
		}
		if by.ID == account {
			return ErrSelf
		}
		if err := tx.Lock(rolesLock); err != nil {
			return err
		}
		if given, err = grant(tx, by, a, g); err != nil {
			return err
		}
		if err := newEpoch(tx, a.ID); err != nil {
			return err
		}
		return audit.Append(tx, by, grantEntry(actor.AccountGrant, a, given, g.Reason))
	})
	return given, err
}

// grantEntry is the audit entry of a role given or taken, on the body it is held for.
func grantEntry(act actor.Act, a *Account, g *Grant, reason string) audit.Entry {
	e := a.entry(act, reason, map[string]any{"grant": g.ID, "role": g.Role, "section": g.Section, "since": g.Since, "until": g.Until})
	e.Agency = g.Agency
	return e
}

// grant checks and writes a role. The caller holds the lock.
func grant(tx *db.Tx, by actor.Actor, a *Account, g Grant) (*Grant, error) {
	today := tx.Today()
	if g.Since.IsZero() {
		g.Since = today
	}
	g.Account, g.Reason, g.GrantedBy = a.ID, strings.TrimSpace(g.Reason), by.ID
	if err := g.check(tx, today); err != nil {
		return nil, err
	}
	held, err := grantsOf(tx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, h := range held {
		switch {
		case h.over(today):
		case g.Role.Installation() && h.Role.Installation() && h.Role != g.Role:
			return nil, ErrTwoAdmins
		case h.Role == g.Role && h.Agency == g.Agency && h.Section == g.Section && meet(h, &g):
			return nil, ErrGranted
		}
	}
	return &g, g.insert(tx)
}

// meet reports whether two grants hold on one day.
func meet(a, b *Grant) bool {
	before := func(x, y *Grant) bool { return !x.Until.IsZero() && x.Until.Before(y.Since) }
	return !before(a, b) && !before(b, a)
}

func (g *Grant) check(tx *db.Tx, today date.Date) error {
	switch {
	case !slices.Contains(actor.Roles, g.Role):
		return ErrRole
	case g.Since.Before(today), !g.Until.IsZero() && g.Until.Before(g.Since):
		return ErrPeriod
	case g.Role.Installation() != (g.Agency == ""), g.Agency == "" && g.Section != "", g.Role == actor.Supervisor && g.Section != "":
		return ErrRoleScope
	case g.Agency == "":
		return nil
	}
	body, err := agency.Load(tx, g.Agency)
	if err != nil {
		return err
	}
	if !body.Active() {
		return ErrRoleScope
	}
	return nil
}

// Revoke takes a role back at once.
func (r *Registry) Revoke(ctx context.Context, by actor.Actor, id string, version int64, reason string) error {
	return r.db.Update(ctx, func(tx *db.Tx) error {
		g, err := loadGrant(tx, id)
		if err != nil {
			return err
		}
		if err := by.May(actor.AccountRevoke, actor.In(g.Agency)); err != nil {
			return err
		}
		if err := tx.Lock(rolesLock); err != nil {
			return err
		}
		if g, err = loadGrant(tx, id); err != nil {
			return err
		}
		switch {
		case g.Version != version:
			return ErrStale
		case g.over(tx.Today()):
			return ErrGrantOver
		case strings.TrimSpace(reason) == "":
			return ErrReason
		}
		g.RevokedAt = tx.Now
		if err := g.save(tx); err != nil {
			return err
		}
		if err := keepsSecAdmin(tx); err != nil {
			return err
		}
		a, err := Load(tx, g.Account)
		if err != nil {
			return err
		}
		if err := newEpoch(tx, a.ID); err != nil {
			return err
		}
		return audit.Append(tx, by, grantEntry(actor.AccountRevoke, a, g, reason))
	})
}

// keepsSecAdmin refuses to leave the installation without a security administrator whose
// role has no end: nobody could give roles any more.
func keepsSecAdmin(tx *db.Tx) error {
	n, err := standing(tx, actor.SecAdmin)
	if err == nil && n == 0 {
		return ErrLastSec
	}
	return err
}

// Grants lists the roles of a person, also those that ended: one's own, or anybody's for
// who may look at people.
func (r *Registry) Grants(ctx context.Context, by actor.Actor, account string) (all []*Grant, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		if err := ownOr(tx, by, account, actor.AccountView); err != nil {
			return err
		}
		all, err = grantsOf(tx, account)
		return err
	})
	return all, err
}

// heldGrants returns what a person holds on a day, of their own.
func heldGrants(tx *db.Tx, account string, today date.Date) ([]*Grant, error) {
	return effective(tx, account, today)
}

// LoadActor returns a person as who acts: the roles of today, those of others they stand in
// for, and the bodies they supervise. Somebody locked holds no role.
func LoadActor(tx *db.Tx, account string) (actor.Actor, error) {
	a, err := Load(tx, account)
	if err != nil {
		return actor.Actor{}, err
	}
	who := actor.Actor{ID: a.ID, Name: a.Name}
	if a.State != Active {
		return who, nil
	}
	own, err := heldGrants(tx, a.ID, tx.Today())
	if err != nil {
		return who, err
	}
	for _, g := range own {
		who.Grants = append(who.Grants, actor.Grant{Role: g.Role, Agency: g.Agency, Section: g.Section})
	}
	if err := standIn(tx, &who); err != nil {
		return who, err
	}
	return who, supervise(tx, &who)
}

// standIn adds the roles of those the person stands in for today. A role ends for the
// deputy when it ends for its holder.
func standIn(tx *db.Tx, who *actor.Actor) error {
	today := tx.Today()
	all, err := delegatedTo(tx, who.ID, today)
	if err != nil {
		return err
	}
	for _, d := range all {
		holder, err := Load(tx, d.Holder)
		if err != nil {
			return err
		}
		if holder.State != Active {
			continue
		}
		theirs, err := heldGrants(tx, d.Holder, today)
		if err != nil {
			return err
		}
		for _, g := range theirs {
			if slices.Contains(d.Grants, g.ID) && !g.Role.Installation() {
				who.Grants = append(who.Grants, actor.Grant{Role: g.Role, Agency: g.Agency, Section: g.Section, Behalf: holder.Name})
			}
		}
	}
	return nil
}

// supervise adds the bodies below those the person is a supervisor of.
func supervise(tx *db.Tx, who *actor.Actor) error {
	seen := map[string]bool{}
	for _, g := range who.Grants {
		if g.Role != actor.Supervisor || seen[g.Agency] {
			continue
		}
		seen[g.Agency] = true
		below, err := agency.Below(tx, g.Agency)
		if err != nil {
			return err
		}
		if who.Supervises == nil {
			who.Supervises = below
			continue
		}
		for id := range below {
			who.Supervises[id] = true
		}
	}
	return nil
}
