package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/db"
)

// Ref returns the person's name.
func (a *Account) Ref() Ref { return Ref{a.ID, a.Name, a.Department} }

// entry is the audit entry of an act on the person's account.
func (a *Account) entry(act actor.Act, reason string, detail any) audit.Entry {
	return audit.Entry{Act: act, Agency: a.Agency, Subject: "account", ID: a.ID, Version: a.Version, Title: a.Login, Reason: reason, Detail: detail}
}

// Create records a person, with a one-time password that must be changed at the first
// sign-in.
func (r *Registry) Create(ctx context.Context, by actor.Actor, p Person) (*Issued, error) {
	if err := by.May(actor.AccountCreate, actor.In(p.Agency)); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	issued, hash, err := r.issue(ctx, p)
	if err != nil {
		return nil, err
	}
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(rolesLock); err != nil {
			return err
		}
		if err := r.create(tx, issued.Account, p, hash); err != nil {
			return err
		}
		if err := closeSetup(tx); err != nil {
			return err
		}
		return audit.Append(tx, by, issued.Account.entry(actor.AccountCreate, "", map[string]any{"department": p.Department}))
	})
	if err != nil {
		return nil, err
	}
	return issued, nil
}

// oneTime is the groups of a one-time password, which has small letters, figures and
// hyphens.
const oneTime = 4

// issue makes a person with a one-time password and its digest, written nowhere yet.
func (r *Registry) issue(ctx context.Context, p Person) (*Issued, string, error) {
	password := newCode(oneTime)
	hash, err := r.hasher.hash(ctx, password)
	return &Issued{Account: &Account{ID: db.ID(), Login: p.Login}, Password: password}, hash, err
}

func (r *Registry) create(tx *db.Tx, a *Account, p Person, hash string) error {
	a.State, a.CreatedAt = Active, tx.Now
	if err := r.describe(tx, a, p); err != nil {
		return err
	}
	return a.insert(tx, hash)
}

// describe writes what is known of a person into the account, sealing what is personal.
func (r *Registry) describe(tx *db.Tx, a *Account, p Person) (err error) {
	if p.Agency != "" && p.Agency != a.Agency {
		body, err := agency.Load(tx, p.Agency)
		if err != nil || !body.Active() {
			return ErrAgency.Because(err)
		}
	}
	a.Login, a.Name, a.Agency, a.Department = p.Login, p.Name, p.Agency, p.Department
	if a.Phone, a.PhoneMask, err = r.seal("account.phone:"+a.ID, p.Phone, maskPhone); err != nil {
		return err
	}
	a.Email, a.EmailMask, err = r.seal("account.email:"+a.ID, p.Email, maskEmail)
	return err
}

func (r *Registry) seal(use, plain string, mask func(string) string) (sealed, masked string, err error) {
	if plain == "" {
		return "", "", nil
	}
	sealed, err = r.keys.Seal(use, []byte(plain))
	return sealed, mask(plain), err
}

func (r *Registry) unseal(use, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	plain, err := r.keys.Open(use, sealed)
	return string(plain), err
}

// Change records new facts of a person. Telephone and e-mail stay as they are where the
// form sends their masks back.
func (r *Registry) Change(ctx context.Context, by actor.Actor, id string, version int64, p Person) (a *Account, err error) {
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		if a, err = Load(tx, id); err != nil {
			return err
		}
		if err := by.May(actor.AccountChange, actor.In(a.Agency)); err != nil {
			return err
		}
		if a.Version != version {
			return ErrStale
		}
		next := p
		if err := r.restore(a, &next); err != nil {
			return err
		}
		if err := next.check(); err != nil {
			return err
		}
		if other, err := ByLogin(tx, next.Login); err == nil && other.ID != a.ID {
			return ErrLoginTaken.With("login", next.Login)
		}
		before := *a
		if err := r.describe(tx, a, next); err != nil {
			return err
		}
		if err := a.save(tx); err != nil {
			return err
		}
		return audit.Append(tx, by, a.entry(actor.AccountChange, "", changes(&before, a)))
	})
	return a, err
}

// restore puts the plain values in place of masks that came back unchanged.
func (r *Registry) restore(a *Account, p *Person) (err error) {
	if p.Phone != "" && p.Phone == a.PhoneMask {
		if p.Phone, err = r.unseal("account.phone:"+a.ID, a.Phone); err != nil {
			return err
		}
	}
	if p.Email != "" && p.Email == a.EmailMask {
		p.Email, err = r.unseal("account.email:"+a.ID, a.Email)
	}
	return err
}

// changes names what changed; of personal data only that it did.
func changes(a, b *Account) map[string]any {
	all := map[string]any{}
	for _, f := range []struct{ name, was, is string }{
		{"login", a.Login, b.Login}, {"agency", a.Agency, b.Agency}, {"department", a.Department, b.Department},
	} {
		if f.was != f.is {
			all[f.name] = [2]string{f.was, f.is}
		}
	}
	all["name"], all["phone"], all["email"] = a.Name != b.Name, a.PhoneMask != b.PhoneMask, a.EmailMask != b.EmailMask
	return all
}

// Lock keeps a person from signing in, at once and wherever they are signed in.
func (r *Registry) Lock(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Account, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, ErrReason
	}
	return r.setState(ctx, by, actor.AccountLock, id, version, Locked, strings.TrimSpace(reason))
}

// Unlock lets a person sign in again, also after too many failures.
func (r *Registry) Unlock(ctx context.Context, by actor.Actor, id string, version int64) (*Account, error) {
	return r.setState(ctx, by, actor.AccountUnlock, id, version, Active, "")
}

func (r *Registry) setState(ctx context.Context, by actor.Actor, act actor.Act, id string, version int64, to State, reason string) (a *Account, err error) {
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		if a, err = Load(tx, id); err != nil {
			return err
		}
		if err := by.May(act, actor.In(a.Agency)); err != nil {
			return err
		}
		if by.ID == id {
			return ErrSelf
		}
		if err := tx.Lock(rolesLock); err != nil {
			return err
		}
		if a, err = Load(tx, id); err != nil {
			return err
		}
		if a.Version != version {
			return ErrStale
		}
		a.State, a.LockReason = to, reason
		if err := a.save(tx); err != nil {
			return err
		}
		if to == Locked {
			if err := onlyIfKept(tx, a); err != nil {
				return err
			}
		} else if err := clearThrottle(tx, doorKey("login:"+a.Login)); err != nil {
			return err
		}
		if err := newEpoch(tx, a.ID); err != nil {
			return err
		}
		return audit.Append(tx, by, a.entry(act, reason, nil))
	})
	return a, err
}

// onlyIfKept refuses to lock the last security administrator out.
func onlyIfKept(tx *db.Tx, a *Account) error {
	held, err := grantsOf(tx, a.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(held, func(g *Grant) bool { return g.Role == actor.SecAdmin && !g.over(tx.Today()) }) {
		return keepsSecAdmin(tx)
	}
	return nil
}

// Reset gives a person a new one-time password and takes their second factors, which they
// set up again. Every session ends.
func (r *Registry) Reset(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Issued, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, ErrReason
	}
	issued, hash, err := r.issue(ctx, Person{})
	if err != nil {
		return nil, err
	}
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		a, err := Load(tx, id)
		if err != nil {
			return err
		}
		if err := by.May(actor.AccountReset, actor.In(a.Agency)); err != nil {
			return err
		}
		if by.ID == id {
			return ErrSelf
		}
		if a.Version != version {
			return ErrStale
		}
		if err := a.save(tx); err != nil {
			return err
		}
		issued.Account = a
		if err := reset(tx, a, hash); err != nil {
			return err
		}
		return audit.Append(tx, by, a.entry(actor.AccountReset, strings.TrimSpace(reason), nil))
	})
	if err != nil {
		return nil, err
	}
	return issued, nil
}

func reset(tx *db.Tx, a *Account, hash string) error {
	if err := setPassword(tx, a.ID, hash, true); err != nil {
		return err
	}
	if err := removeFactors(tx, a.ID); err != nil {
		return err
	}
	if err := clearThrottle(tx, doorKey("login:"+a.Login)); err != nil {
		return err
	}
	return newEpoch(tx, a.ID)
}

// Filter narrows a list of people. What is empty does not narrow it.
type Filter struct {
	Text   string // part of a name, login name or department
	Agency string // works for it
	Role   actor.Role
	State  State
}

// Entry is a person in a list.
type Entry struct {
	*Account
	Grants    []*Grant // of today
	LastAt    time.Time
	Factors   []Way
	MustReset bool      // has not signed in with a password of their own yet
	LockedOut time.Time // until when, after too many failures
}

// People lists people by login name, with their roles of today.
func (r *Registry) People(ctx context.Context, by actor.Actor, f Filter) (all []*Entry, err error) {
	if err := by.May(actor.AccountView, actor.In(f.Agency)); err != nil {
		return nil, err
	}
	err = r.db.View(ctx, func(tx *db.Tx) error {
		rows, err := db.Select(tx, (*Account).columns, "account ORDER BY login")
		if err != nil {
			return err
		}
		held, err := allEffective(tx, tx.Today())
		if err != nil {
			return err
		}
		all = nil
		for _, a := range rows {
			if f.fits(a, held[a.ID]) {
				all = append(all, &Entry{Account: a, Grants: held[a.ID]})
			}
		}
		return describeEntries(tx, all)
	})
	return all, err
}

func (f Filter) fits(a *Account, held []*Grant) bool {
	word := strings.ToLower(strings.TrimSpace(f.Text))
	switch {
	case f.Agency != "" && a.Agency != f.Agency, f.State != "" && a.State != f.State:
		return false
	case f.Role != "" && !slices.ContainsFunc(held, func(g *Grant) bool { return g.Role == f.Role }):
		return false
	}
	return word == "" || slices.ContainsFunc([]string{a.Login, strings.ToLower(a.Name), strings.ToLower(a.Department)},
		func(s string) bool { return strings.Contains(s, word) })
}

// Get returns one person as in a list.
func (r *Registry) Get(ctx context.Context, by actor.Actor, id string) (e *Entry, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		if err := ownOr(tx, by, id, actor.AccountView); err != nil {
			return err
		}
		a, err := Load(tx, id)
		if err != nil {
			return err
		}
		e = &Entry{Account: a}
		if e.Grants, err = heldGrants(tx, id, tx.Today()); err != nil {
			return err
		}
		return describeEntries(tx, []*Entry{e})
	})
	return e, err
}

// Details are a person's telephone and e-mail in full.
type Details struct{ Phone, Email string }

// Reveal returns a person's telephone and e-mail in full and records that somebody looked,
// unless it is one's own.
func (r *Registry) Reveal(ctx context.Context, by actor.Actor, id string) (d Details, err error) {
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		if err := ownOr(tx, by, id, actor.AccountReveal); err != nil {
			return err
		}
		a, err := Load(tx, id)
		if err != nil {
			return err
		}
		if d, err = r.Details(tx, id); err != nil || by.ID == id {
			return err
		}
		return audit.Append(tx, by, a.entry(actor.AccountReveal, "", nil))
	})
	return d, err
}

// Details returns a person's telephone and e-mail for a message that is sent to them. Pages
// use Reveal.
func (r *Registry) Details(tx *db.Tx, id string) (d Details, err error) {
	a, err := Load(tx, id)
	if err != nil {
		return d, err
	}
	if d.Phone, err = r.unseal("account.phone:"+a.ID, a.Phone); err != nil {
		return d, err
	}
	d.Email, err = r.unseal("account.email:"+a.ID, a.Email)
	return d, err
}

// Find returns the person of a login name.
func (r *Registry) Find(ctx context.Context, by actor.Actor, login string) (a *Account, err error) {
	if err := by.May(actor.AccountView, actor.Scope{}); err != nil {
		return nil, err
	}
	err = r.db.View(ctx, func(tx *db.Tx) error {
		a, err = ByLogin(tx, login)
		return err
	})
	return a, err
}
