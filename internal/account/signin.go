package account

import (
	"context"
	"errors"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// The faults of signing in. ErrSignIn says no more than that name and password do not go
// together.
var (
	ErrSignIn    = &fault.Error{Kind: fault.Invalid, Code: "account.sign_in_wrong", Field: "password"}
	ErrLocked    = &fault.Error{Kind: fault.Forbidden, Code: "account.locked"}
	ErrSignedOut = &fault.Error{Kind: fault.Forbidden, Code: "account.signed_out"}
	ErrTooLate   = &fault.Error{Kind: fault.Conflict, Code: "account.too_late"}
	ErrCode      = &fault.Error{Kind: fault.Invalid, Code: "account.code", Field: "code"}
	ErrPassword  = &fault.Error{Kind: fault.Invalid, Code: "account.password_wrong", Field: "old"}
)

// Stage is what a person who is signing in has to do next.
type Stage string

// The stages.
const (
	StageFactor Stage = "factor" // show a second factor
	StageChange Stage = "change" // choose a password
	StageEnrol  Stage = "enrol"  // set up a second factor
	StageDone   Stage = "done"   // signed in
)

// Way is a second factor a person can show.
type Way string

// The ways.
const (
	WayTOTP     Way = "totp"
	WayPasskey  Way = "passkey"
	WayRecovery Way = "recovery"
)

// Step is where signing in has got to.
type Step struct {
	Stage Stage
	// Secret is for the browser to keep and show at the next step; at StageDone it is the
	// secret of the session. Each step gives a new one, and the one before is void.
	Secret string
	Ways   []Way // at StageFactor
	Person Ref
	Lasts  time.Duration // how long Secret is good
}

// attemptLasts is how long a person may take between two steps.
const attemptLasts = 10 * time.Minute

// attempt is a sign-in on the way.
type attempt struct {
	ID        string
	Secret    string // its mark
	Account   string // "" while a passkey is to say who it is
	Factor    bool   // a second factor was shown
	Epoch     int64
	Challenge string
	EndsAt    time.Time
}

// SignIn takes a login name and a password.
func (r *Registry) SignIn(ctx context.Context, login, password string, from From) (Step, error) {
	login = loginOf(login)
	var s Security
	a, c := &Account{}, &credential{}
	err := r.db.Update(ctx, func(tx *db.Tx) (err error) {
		a, c = &Account{}, &credential{}
		if s, err = loadSecurity(tx); err != nil {
			return err
		}
		if err = reserve(tx, doors(s, login, from.Remote)); err != nil {
			return err
		}
		found, err := ByLogin(tx, login)
		if errors.Is(err, ErrNone) {
			return nil
		}
		if err != nil {
			return err
		}
		a = found
		c, err = loadCredential(tx, a.ID)
		return err
	})
	if err != nil {
		return Step{}, err
	}
	if len(password) > 4*longestPassword {
		password = "" // nobody has one so long; the work is the same
	}
	right, err := r.hasher.verify(ctx, c.Password, password)
	if err != nil {
		return Step{}, err
	}
	better := ""
	if right && r.hasher.dated(c.Password) {
		if better, err = r.hasher.hash(ctx, password); err != nil {
			return Step{}, err
		}
	}
	return r.decide(ctx, s, a, from, login, func(tx *db.Tx) (Step, error) {
		if !right {
			return Step{}, ErrSignIn
		}
		now, err := loadCredential(tx, a.ID)
		if err != nil {
			return Step{}, err
		}
		if now.Password != c.Password {
			return Step{}, ErrSignIn // changed in this very moment
		}
		if better != "" {
			if err := rehash(tx, a.ID, c.Password, better); err != nil {
				return Step{}, err
			}
		}
		return proceed(tx, s, &attempt{Account: a.ID}, from)
	})
}

// decide ends an attempt that reserve counted: what the step refuses is recorded and stays
// counted, everything else is released. The refusal is written, so it is no error inside
// the transaction.
func (r *Registry) decide(ctx context.Context, s Security, a *Account, from From, login string, step func(tx *db.Tx) (Step, error)) (done Step, err error) {
	var refused error
	err = r.db.Update(ctx, func(tx *db.Tx) (err error) {
		refused = nil
		if done, err = step(tx); err != nil {
			if kind := fault.KindOf(err); kind == fault.Internal {
				return err
			}
			refused = err
			return refuse(tx, s, a, from, login, err)
		}
		return release(tx, doors(s, login, from.Remote))
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return Step{}, err
	}
	return done, nil
}

// refuse records that somebody could not sign in, and why. Of a login name nobody has, only
// that there was one.
func refuse(tx *db.Tx, s Security, a *Account, from From, login string, why error) error {
	minutes, err := fail(tx, s, doors(s, login, from.Remote))
	if err != nil {
		return err
	}
	var f *fault.Error
	code := ""
	if errors.As(why, &f) {
		code = f.Code
	}
	return audit.Append(tx, actor.Actor{ID: a.ID, Name: a.Name, Remote: from.Remote}, audit.Entry{
		Act: actor.AccountRefuse, Agency: a.Agency, Subject: "account", ID: a.ID, Version: a.Version, Title: a.Login,
		Detail: map[string]any{"why": code, "locked_minutes": minutes},
	})
}

// proceed finds what a person whose password was right, or whose passkey, has to do next.
func proceed(tx *db.Tx, s Security, at *attempt, from From) (Step, error) {
	a, err := Load(tx, at.Account)
	if err != nil {
		return Step{}, err
	}
	if a.State != Active {
		return Step{}, ErrLocked
	}
	c, err := loadCredential(tx, a.ID)
	if err != nil {
		return Step{}, err
	}
	ways, err := waysOf(tx, c)
	if err != nil {
		return Step{}, err
	}
	held, err := heldGrants(tx, a.ID, tx.Today())
	if err != nil {
		return Step{}, err
	}
	at.Epoch = c.Epoch
	step := Step{Person: a.Ref(), Lasts: attemptLasts}
	switch {
	case len(ways) > 0 && !at.Factor:
		step.Stage, step.Ways = StageFactor, ways
	case c.MustChange || s.expired(c.PasswordAt, tx.Now):
		step.Stage = StageChange
	case len(ways) == 0 && s.needs(held):
		step.Stage = StageEnrol
	default:
		return finish(tx, s, a, c, at, from)
	}
	step.Secret, err = at.renew(tx)
	return step, err
}

// finish signs a person in: a session with a secret no one has seen before, and no failure
// remembered.
func finish(tx *db.Tx, s Security, a *Account, c *credential, at *attempt, from From) (Step, error) {
	if err := at.end(tx); err != nil {
		return Step{}, err
	}
	secret, err := newSession(tx, s, a.ID, c.Epoch, from)
	if err != nil {
		return Step{}, err
	}
	if err := clearThrottle(tx, doors(s, a.Login, from.Remote)[0].key); err != nil {
		return Step{}, err
	}
	if err := signedIn(tx, a.ID, from.Remote); err != nil {
		return Step{}, err
	}
	by := actor.Actor{ID: a.ID, Name: a.Name, Remote: from.Remote}
	err = audit.Append(tx, by, a.entry(actor.AccountSignIn, "", map[string]any{"second_factor": at.Factor}))
	return Step{Stage: StageDone, Secret: secret, Person: a.Ref(), Lasts: s.longest()}, err
}

// Where returns where a sign-in has got to, for a page that is asked for again.
func (r *Registry) Where(ctx context.Context, secret string) (step Step, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		at, a, err := loadAttempt(tx, secret)
		if err != nil {
			return err
		}
		s, err := loadSecurity(tx)
		if err != nil {
			return err
		}
		c, err := loadCredential(tx, a.ID)
		if err != nil {
			return err
		}
		ways, err := waysOf(tx, c)
		step = Step{Stage: StageEnrol, Secret: secret, Person: a.Ref(), Lasts: at.EndsAt.Sub(tx.Now)}
		switch {
		case len(ways) > 0 && !at.Factor:
			step.Stage, step.Ways = StageFactor, ways
		case c.MustChange || s.expired(c.PasswordAt, tx.Now):
			step.Stage = StageChange
		}
		return err
	})
	return step, err
}

// Code takes the code of an authenticator, or a recovery code, at StageFactor.
func (r *Registry) Code(ctx context.Context, secret, code string, from From) (Step, error) {
	s, a, at, err := r.resume(ctx, secret, from)
	if err != nil {
		return Step{}, err
	}
	return r.decide(ctx, s, a, from, a.Login, func(tx *db.Tx) (Step, error) {
		ok, err := r.showCode(tx, a.ID, code)
		if err != nil {
			return Step{}, err
		}
		if !ok {
			return Step{}, ErrCode
		}
		at.Factor = true
		return proceed(tx, s, at, from)
	})
}

// Choose takes the password a person has to choose at StageChange.
func (r *Registry) Choose(ctx context.Context, secret, password string, from From) (Step, error) {
	var a *Account
	var at *attempt
	var s Security
	err := r.db.View(ctx, func(tx *db.Tx) (err error) {
		if at, a, err = loadAttempt(tx, secret); err != nil {
			return err
		}
		s, err = loadSecurity(tx)
		return err
	})
	if err != nil {
		return Step{}, err
	}
	hash, err := r.newPassword(ctx, s, a, password)
	if err != nil {
		return Step{}, err
	}
	var step Step
	err = r.db.Update(ctx, func(tx *db.Tx) (err error) {
		if at, a, err = loadAttempt(tx, secret); err != nil {
			return err
		}
		if err = mayChoose(tx, s, at); err != nil {
			return err
		}
		if err = setPassword(tx, a.ID, hash, false); err != nil {
			return err
		}
		if err = newEpoch(tx, a.ID); err != nil {
			return err
		}
		by := actor.Actor{ID: a.ID, Name: a.Name, Remote: from.Remote}
		if err = audit.Append(tx, by, a.entry(actor.AccountPassword, "", nil)); err != nil {
			return err
		}
		step, err = proceed(tx, s, at, from)
		return err
	})
	return step, err
}

// mayChoose refuses a new password before the second factor, and one nobody asked for.
func mayChoose(tx *db.Tx, s Security, at *attempt) error {
	c, err := loadCredential(tx, at.Account)
	if err != nil {
		return err
	}
	ways, err := waysOf(tx, c)
	if err != nil {
		return err
	}
	if len(ways) > 0 && !at.Factor || !c.MustChange && !s.expired(c.PasswordAt, tx.Now) {
		return ErrTooLate
	}
	return nil
}

// newPassword holds a password against the rules and the former ones, and returns its
// digest.
func (r *Registry) newPassword(ctx context.Context, s Security, a *Account, password string) (string, error) {
	if err := s.checkPassword(password, a.Login); err != nil {
		return "", err
	}
	var former []string
	err := r.db.View(ctx, func(tx *db.Tx) error {
		c, err := loadCredential(tx, a.ID)
		if err != nil {
			return err
		}
		past, err := pastPasswords(tx, a.ID, max(s.History-1, 0))
		former = append(past, c.Password)
		return err
	})
	if err != nil {
		return "", err
	}
	for _, digest := range former {
		same, err := r.hasher.verify(ctx, digest, password)
		if err != nil {
			return "", err
		}
		if same {
			return "", ErrReused.With("n", max(s.History, 1))
		}
	}
	return r.hasher.hash(ctx, password)
}

// resume finds a sign-in on the way and counts the attempt at its next step.
func (r *Registry) resume(ctx context.Context, secret string, from From) (s Security, a *Account, at *attempt, err error) {
	err = r.db.Update(ctx, func(tx *db.Tx) (err error) {
		if at, a, err = loadAttempt(tx, secret); err != nil {
			return err
		}
		if s, err = loadSecurity(tx); err != nil {
			return err
		}
		return reserve(tx, doors(s, a.Login, from.Remote))
	})
	return s, a, at, err
}

// loadAttempt returns the sign-in a secret belongs to. What changed the person's right to
// sign in since it began has ended it.
func loadAttempt(tx *db.Tx, secret string) (*attempt, *Account, error) {
	at, err := findAttempt(tx, mark(secret))
	if errors.Is(err, ErrNone) || err == nil && (at.Account == "" || !at.EndsAt.After(tx.Now)) {
		return nil, nil, ErrTooLate
	}
	if err != nil {
		return nil, nil, err
	}
	a, err := Load(tx, at.Account)
	if err != nil {
		return nil, nil, err
	}
	c, err := loadCredential(tx, a.ID)
	if err != nil {
		return nil, nil, err
	}
	if c.Epoch != at.Epoch || a.State != Active {
		return nil, nil, ErrTooLate
	}
	return at, a, nil
}

// renew writes the attempt under a new secret.
func (at *attempt) renew(tx *db.Tx) (string, error) {
	secret := newSecret()
	if err := at.end(tx); err != nil {
		return "", err
	}
	at.ID, at.Secret, at.EndsAt = db.ID(), mark(secret), tx.Now.Add(attemptLasts)
	return secret, tx.Insert("account_attempt", at.columns())
}
