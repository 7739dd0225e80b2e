package account

import (
	"context"
	"errors"
	"slices"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Need says who must have a second factor.
type Need string

// Who must have a second factor. R-SEC-02.
const (
	NeedAdmins   Need = "admins"
	NeedEveryone Need = "everyone"
	NeedNobody   Need = "nobody"
)

// Needs lists the choices.
var Needs = []Need{NeedAdmins, NeedEveryone, NeedNobody}

// Security is the rules of signing in, kept by the security administrator.
type Security struct {
	MinLength       int      // of passwords
	Kinds           int      // of characters in a password: letters small and capital, figures, others
	History         int      // former passwords that cannot come back
	MaxAgeDays      int      // days a password lasts, 0 for no end
	Words           []string // words of the place that no password rests on
	Failures        int      // attempts with one login name before it is locked out
	AddressFailures int      // attempts from one address: an office has one for many people
	LockMinutes     int      // of the first lock-out; each further one is twice as long
	IdleMinutes     int      // a session ends when nothing is done
	SessionHours    int      // a session ends in any case
	SecondFactor    Need
	Version         int64
}

// security is the rules where nobody has changed them. R-SEC-02, R-SEC-03.
var security = Security{MinLength: 10, Kinds: 2, History: 5, Words: []string{}, Failures: 5, AddressFailures: 30, LockMinutes: 15,
	IdleMinutes: 30, SessionHours: 12, SecondFactor: NeedAdmins}

// ErrSecurity refuses a rule out of its bounds.
var ErrSecurity = &fault.Error{Kind: fault.Invalid, Code: "account.security_bounds"}

// Bound is the least and the most of a figure of the rules, by its field.
type Bound struct {
	Field       string
	Least, Most int
}

// Bounds are those of the figures. The least are what GB/T 22239-2019 leaves no choice
// about; our reading: fewer characters or no lock-out would not be measures at all.
var Bounds = []Bound{
	{"min_length", 8, 64}, {"kinds", 1, 4}, {"history", 0, 24}, {"max_age_days", 0, 3650}, {"failures", 3, 20},
	{"address_failures", 10, 1000}, {"lock_minutes", 1, 1440}, {"idle_minutes", 5, 480}, {"session_hours", 1, 72},
}

func (s *Security) figures() []int {
	return []int{s.MinLength, s.Kinds, s.History, s.MaxAgeDays, s.Failures, s.AddressFailures, s.LockMinutes, s.IdleMinutes, s.SessionHours}
}

func (s *Security) check() error {
	for i, n := range s.figures() {
		if b := Bounds[i]; n < b.Least || n > b.Most {
			return ErrSecurity.At(b.Field).With("least", b.Least).With("most", b.Most)
		}
	}
	if !slices.Contains(Needs, s.SecondFactor) {
		return ErrRole.At("second_factor")
	}
	return nil
}

// loadSecurity returns the rules in force.
func loadSecurity(tx *db.Tx) (Security, error) {
	s := security
	var version int64
	err := readSecurity(tx, &s, &version)
	if errors.Is(err, db.ErrNone) {
		return security, nil
	}
	s.Version = version
	return s, err
}

// Security returns the rules in force.
func (r *Registry) Security(ctx context.Context, by actor.Actor) (s Security, err error) {
	if err := by.May(actor.AccountSecurity, actor.Scope{}); err != nil {
		return s, err
	}
	err = r.db.View(ctx, func(tx *db.Tx) error {
		s, err = loadSecurity(tx)
		return err
	})
	return s, err
}

// Rules returns the rules in force, for the program and for the pages that say them before
// somebody signs in or chooses a password. They are no secret but for the words.
func (r *Registry) Rules(ctx context.Context) (s Security, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		s, err = loadSecurity(tx)
		s.Words = nil
		return err
	})
	return s, err
}

// SetSecurity changes the rules.
func (r *Registry) SetSecurity(ctx context.Context, by actor.Actor, s Security) error {
	return r.db.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.AccountSecurity, actor.Scope{}); err != nil {
			return err
		}
		if err := s.check(); err != nil {
			return err
		}
		if err := tx.Lock("account security"); err != nil {
			return err
		}
		old, err := loadSecurity(tx)
		if err != nil {
			return err
		}
		if old.Version != s.Version {
			return ErrStale
		}
		now := s
		now.Version++
		if err := writeSecurity(tx, now); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Act: actor.AccountSecurity, Subject: "setting", ID: "security", Version: now.Version,
			Detail: map[string]any{"before": old, "after": now}})
	})
}

func (s Security) idle() time.Duration    { return time.Duration(s.IdleMinutes) * time.Minute }
func (s Security) longest() time.Duration { return time.Duration(s.SessionHours) * time.Hour }

// expired reports whether a password set at that time has to be changed.
func (s Security) expired(at, now time.Time) bool {
	return s.MaxAgeDays > 0 && now.After(at.AddDate(0, 0, s.MaxAgeDays))
}

// needs reports whether a person in these roles must have a second factor.
func (s Security) needs(grants []*Grant) bool {
	switch s.SecondFactor {
	case NeedEveryone:
		return true
	case NeedNobody:
		return false
	}
	return slices.ContainsFunc(grants, func(g *Grant) bool { return g.Role.Installation() })
}
