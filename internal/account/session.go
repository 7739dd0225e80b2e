package account

import (
	"context"
	"errors"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Session is a browser somebody is signed in with.
type Session struct {
	ID      string
	Account string
	Epoch   int64
	Since   time.Time
	SeenAt  time.Time
	EndsAt  time.Time
	Remote  string
	Agent   string
	EndedAt time.Time

	secret string // its mark
}

// Visit is who a request comes from.
type Visit struct {
	Actor   actor.Actor
	Person  Ref
	Session string // the session's key
	Bodies  []Body // those the person holds a role in, by name
}

// Body is a public body by its name today.
type Body struct{ ID, Name string }

// seenEvery is how exactly it is known when a session was last used.
const seenEvery = time.Minute

// newSession writes a session and returns its secret.
func newSession(tx *db.Tx, s Security, account string, epoch int64, from From) (string, error) {
	secret := newSecret()
	agent := []rune(from.Agent)
	if len(agent) > 200 {
		agent = agent[:200]
	}
	row := Session{ID: db.ID(), secret: mark(secret), Account: account, Epoch: epoch, Since: tx.Now, SeenAt: tx.Now,
		EndsAt: tx.Now.Add(s.longest()), Remote: from.Remote, Agent: string(agent)}
	return secret, tx.Insert("account_session", row.columns())
}

// Visit returns who shows the secret of a session, or ErrSignedOut. Roles are those of this
// moment, so that a role taken away is gone with the next request.
func (r *Registry) Visit(ctx context.Context, secret, remote string) (v *Visit, err error) {
	var s *Session
	stale := false
	err = r.db.View(ctx, func(tx *db.Tx) error {
		if s, err = openSession(tx, secret); err != nil {
			return err
		}
		stale = tx.Now.Sub(s.SeenAt) >= seenEvery
		v, err = visit(tx, s, remote)
		return err
	})
	if err != nil {
		return nil, err
	}
	if stale {
		err = r.db.Update(ctx, func(tx *db.Tx) error { return touch(tx, s.ID) })
	}
	if fault.KindOf(err) == fault.Halted { // on a full disk people can still read
		err = nil
	}
	return v, err
}

// openSession returns the session of a secret unless it has ended in any way.
func openSession(tx *db.Tx, secret string) (*Session, error) {
	s, err := findSession(tx, mark(secret))
	if errors.Is(err, ErrNone) {
		return nil, ErrSignedOut
	}
	if err != nil {
		return nil, err
	}
	rules, err := loadSecurity(tx)
	if err != nil {
		return nil, err
	}
	epoch, state, err := standingOf(tx, s.Account)
	switch {
	case err != nil:
		return nil, err
	case !s.EndedAt.IsZero(), state != Active, s.Epoch != epoch:
		return nil, ErrSignedOut
	case !tx.Now.Before(s.EndsAt), !tx.Now.Before(s.Since.Add(rules.longest())), !tx.Now.Before(s.SeenAt.Add(rules.idle())):
		return nil, ErrSignedOut
	}
	return s, nil
}

func visit(tx *db.Tx, s *Session, remote string) (*Visit, error) {
	a, err := Load(tx, s.Account)
	if err != nil {
		return nil, err
	}
	who, err := LoadActor(tx, a.ID)
	if err != nil {
		return nil, err
	}
	who.Remote = remote
	v := &Visit{Actor: who, Person: a.Ref(), Session: s.ID}
	v.Bodies, err = bodiesOf(tx, who)
	return v, err
}

// bodiesOf names the bodies of an actor's roles, in the order of the roles.
func bodiesOf(tx *db.Tx, who actor.Actor) ([]Body, error) {
	var ids []string
	for _, g := range who.Grants {
		if g.Agency != "" {
			ids = append(ids, g.Agency)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	names, err := agency.Names(tx, ids)
	if err != nil {
		return nil, err
	}
	var all []Body
	for _, id := range ids {
		if name, left := names[id]; left {
			all = append(all, Body{id, name})
			delete(names, id)
		}
	}
	return all, nil
}

// SignOut ends the session of a secret.
func (r *Registry) SignOut(ctx context.Context, secret, remote string) error {
	return r.db.Update(ctx, func(tx *db.Tx) error {
		s, err := openSession(tx, secret)
		if errors.Is(err, ErrSignedOut) {
			return nil
		}
		if err != nil {
			return err
		}
		return endSession(tx, actor.Actor{ID: s.Account, Remote: remote}, s)
	})
}

func endSession(tx *db.Tx, by actor.Actor, s *Session) error {
	a, err := Load(tx, s.Account)
	if err != nil {
		return err
	}
	if by.Name == "" {
		by.Name = a.Name
	}
	if err := closeSession(tx, s.ID); err != nil {
		return err
	}
	return audit.Append(tx, by, a.entry(actor.AccountSignOut, "", nil))
}

// Sessions lists where a person is signed in: oneself, or anybody for who may lock them.
func (r *Registry) Sessions(ctx context.Context, by actor.Actor, account string) (all []*Session, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		if err := ownOr(tx, by, account, actor.AccountLock); err != nil {
			return err
		}
		rules, err := loadSecurity(tx)
		if err != nil {
			return err
		}
		all, err = openSessions(tx, account, tx.Now.Add(-rules.idle()))
		return err
	})
	return all, err
}

// EndSession ends a session from elsewhere: one of one's own, or anybody's for who may lock
// them.
func (r *Registry) EndSession(ctx context.Context, by actor.Actor, id string) error {
	return r.db.Update(ctx, func(tx *db.Tx) error {
		s, err := loadSession(tx, id)
		if err != nil {
			return err
		}
		if err := ownOr(tx, by, s.Account, actor.AccountLock); err != nil {
			return err
		}
		if !s.EndedAt.IsZero() {
			return nil
		}
		return endSession(tx, by, s)
	})
}

// ownOr allows an act on one's own account, and on another to who may do act.
func ownOr(tx *db.Tx, by actor.Actor, account string, act actor.Act) error {
	a, err := Load(tx, account)
	if err != nil {
		return err
	}
	if by.ID == a.ID {
		return nil
	}
	return by.May(act, actor.In(a.Agency))
}

// keepSessions is how long ended sessions stay for their owner to see.
const keepSessions = 30 * 24 * time.Hour

// Purge takes away what has no use any more: sign-ins never finished, sessions ended long
// ago, failures forgotten. The audit keeps what happened.
func (r *Registry) Purge(ctx context.Context) error {
	return r.db.Update(ctx, func(tx *db.Tx) error { return purge(tx, tx.Now.Add(-keepSessions), tx.Now.Add(-forget)) })
}
