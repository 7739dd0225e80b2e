package account

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"image/png"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// The faults of second factors.
var (
	ErrNoFactor   = &fault.Error{Kind: fault.Conflict, Code: "account.factor_not_begun"}
	ErrFactorLast = &fault.Error{Kind: fault.Conflict, Code: "account.factor_last"}
)

// step is how long one code of an authenticator is shown (RFC 6238), and drift how many
// steps its clock may be off.
const (
	step  = 30 * time.Second
	drift = 1
)

// recoveryCodes is how many recovery codes a person gets, each good once.
const recoveryCodes = 8

// Authenticator is what an authenticator is set up with; the picture holds the address.
type Authenticator struct {
	Secret string // to be typed where the picture cannot be read
	URL    string
	PNG    []byte
}

// StartTOTP makes the secret of a new authenticator of one's own. It is in force when
// ConfirmTOTP has seen a code of it.
func (r *Registry) StartTOTP(ctx context.Context, by actor.Actor, password string) (*Authenticator, error) {
	if err := r.confirm(ctx, by, password); err != nil {
		return nil, err
	}
	return r.startTOTP(ctx, by.ID)
}

// EnrolTOTP is StartTOTP at StageEnrol.
func (r *Registry) EnrolTOTP(ctx context.Context, secret string) (*Authenticator, error) {
	a, err := r.enrolling(ctx, secret)
	if err != nil {
		return nil, err
	}
	return r.startTOTP(ctx, a.ID)
}

// enrolling returns who is at StageEnrol.
func (r *Registry) enrolling(ctx context.Context, secret string) (a *Account, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		at, found, err := loadAttempt(tx, secret)
		if err != nil {
			return err
		}
		a = found
		return mayEnrol(tx, at)
	})
	return a, err
}

// mayEnrol refuses a new second factor to who has one and has not shown it.
func mayEnrol(tx *db.Tx, at *attempt) error {
	c, err := loadCredential(tx, at.Account)
	if err != nil {
		return err
	}
	ways, err := waysOf(tx, c)
	if err != nil {
		return err
	}
	if len(ways) > 0 || c.MustChange {
		return ErrTooLate
	}
	return nil
}

func (r *Registry) startTOTP(ctx context.Context, id string) (*Authenticator, error) {
	var login string
	if err := r.db.View(ctx, func(tx *db.Tx) error {
		a, err := Load(tx, id)
		if err == nil {
			login = a.Login
		}
		return err
	}); err != nil {
		return nil, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: r.issuer(), AccountName: login})
	if err != nil {
		return nil, err
	}
	sealed, err := r.keys.Seal(totpUse(id), []byte(key.Secret()))
	if err != nil {
		return nil, err
	}
	if err := r.db.Update(ctx, func(tx *db.Tx) error { return setTOTPPending(tx, id, sealed) }); err != nil {
		return nil, err
	}
	picture, err := key.Image(220, 220)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, err
	}
	return &Authenticator{Secret: key.Secret(), URL: key.URL(), PNG: b.Bytes()}, nil
}

func (r *Registry) issuer() string {
	if r.name == "" {
		return "gongkai"
	}
	return r.name
}

func totpUse(id string) string { return "account.totp:" + id }

// ConfirmTOTP puts the new authenticator of one's own in force and returns recovery codes,
// shown once.
func (r *Registry) ConfirmTOTP(ctx context.Context, by actor.Actor, code string) (codes []string, err error) {
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		codes, err = r.confirmTOTP(tx, by, code)
		return err
	})
	return codes, err
}

// EnrolTOTPDone is ConfirmTOTP at StageEnrol.
func (r *Registry) EnrolTOTPDone(ctx context.Context, secret, code string, from From) (Step, []string, error) {
	var codes []string
	done, err := r.enrol(ctx, secret, from, func(tx *db.Tx, by actor.Actor) (err error) {
		codes, err = r.confirmTOTP(tx, by, code)
		return err
	})
	return done, codes, err
}

// enrol sets up a second factor at StageEnrol and goes on signing in with it.
func (r *Registry) enrol(ctx context.Context, secret string, from From, set func(tx *db.Tx, by actor.Actor) error) (done Step, err error) {
	s, a, at, err := r.resume(ctx, secret, from)
	if err != nil {
		return Step{}, err
	}
	return r.decide(ctx, s, a, from, a.Login, func(tx *db.Tx) (Step, error) {
		if err := mayEnrol(tx, at); err != nil {
			return Step{}, err
		}
		if err := set(tx, actor.Actor{ID: a.ID, Name: a.Name, Remote: from.Remote}); err != nil {
			return Step{}, err
		}
		at.Factor = true
		return proceed(tx, s, at, from)
	})
}

func (r *Registry) confirmTOTP(tx *db.Tx, by actor.Actor, code string) ([]string, error) {
	c, err := loadCredential(tx, by.ID)
	if err != nil {
		return nil, err
	}
	if c.TOTPPending == "" {
		return nil, ErrNoFactor
	}
	secret, err := r.keys.Open(totpUse(by.ID), c.TOTPPending)
	if err != nil {
		return nil, err
	}
	at, ok := totpStep(string(secret), code, tx.Now, 0)
	if !ok {
		return nil, ErrCode
	}
	if err := setTOTP(tx, by.ID, c.TOTPPending, at); err != nil {
		return nil, err
	}
	codes, err := newRecovery(tx, by.ID)
	if err != nil {
		return nil, err
	}
	return codes, factorEntry(tx, by, "totp.set")
}

// factorEntry records a change of second factors.
func factorEntry(tx *db.Tx, by actor.Actor, what string) error {
	a, err := Load(tx, by.ID)
	if err != nil {
		return err
	}
	return audit.Append(tx, by, a.entry(actor.AccountFactor, "", map[string]any{"what": what}))
}

// newRecovery replaces a person's recovery codes.
func newRecovery(tx *db.Tx, id string) ([]string, error) {
	codes := make([]string, recoveryCodes)
	marks := make([]string, recoveryCodes)
	for i := range codes {
		codes[i] = newCode(4)
		marks[i] = mark(plainCode(codes[i]))
	}
	return codes, replaceRecovery(tx, id, marks)
}

// NewRecovery replaces one's own recovery codes.
func (r *Registry) NewRecovery(ctx context.Context, by actor.Actor, password string) (codes []string, err error) {
	if err := r.confirm(ctx, by, password); err != nil {
		return nil, err
	}
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		if codes, err = newRecovery(tx, by.ID); err != nil {
			return err
		}
		return factorEntry(tx, by, "recovery.set")
	})
	return codes, err
}

// RemoveTOTP ends the use of one's own authenticator, unless it is the last second factor
// of somebody who must have one.
func (r *Registry) RemoveTOTP(ctx context.Context, by actor.Actor, password string) error {
	if err := r.confirm(ctx, by, password); err != nil {
		return err
	}
	return r.db.Update(ctx, func(tx *db.Tx) error {
		if err := setTOTP(tx, by.ID, "", 0); err != nil {
			return err
		}
		if err := keepsFactor(tx, by.ID); err != nil {
			return err
		}
		return factorEntry(tx, by, "totp.remove")
	})
}

// keepsFactor refuses to leave somebody without a second factor who must have one.
func keepsFactor(tx *db.Tx, id string) error {
	s, err := loadSecurity(tx)
	if err != nil {
		return err
	}
	held, err := heldGrants(tx, id, tx.Today())
	if err != nil {
		return err
	}
	c, err := loadCredential(tx, id)
	if err != nil {
		return err
	}
	ways, err := waysOf(tx, c)
	if err == nil && len(ways) == 0 && s.needs(held) {
		return ErrFactorLast
	}
	return err
}

// waysOf lists the second factors a person has. Recovery codes alone are none.
func waysOf(tx *db.Tx, c *credential) ([]Way, error) {
	var ways []Way
	keys, err := passkeyCount(tx, c.ID)
	if err != nil {
		return nil, err
	}
	if c.TOTP != "" {
		ways = append(ways, WayTOTP)
	}
	if keys > 0 {
		ways = append(ways, WayPasskey)
	}
	left, err := recoveryLeft(tx, c.ID)
	if len(ways) > 0 && left > 0 {
		ways = append(ways, WayRecovery)
	}
	return ways, err
}

// showCode takes a code of the authenticator that was not used before, or a recovery code.
func (r *Registry) showCode(tx *db.Tx, id, code string) (bool, error) {
	code = plainCode(code)
	if len(code) != otp.DigitsSix.Length() {
		return useRecovery(tx, id, mark(code))
	}
	c, err := loadCredential(tx, id)
	if err != nil || c.TOTP == "" {
		return false, err
	}
	secret, err := r.keys.Open(totpUse(id), c.TOTP)
	if err != nil {
		return false, err
	}
	at, ok := totpStep(string(secret), code, tx.Now, c.TOTPStep)
	if !ok {
		return false, nil
	}
	return useStep(tx, id, at)
}

// totpStep returns the step whose code it is, of those after used that the authenticator's
// clock may show.
func totpStep(secret, code string, now time.Time, used int64) (int64, bool) {
	code = plainCode(code)
	current := now.Unix() / int64(step/time.Second)
	for at := current - drift; at <= current+drift; at++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(at), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && at > used && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return at, true
		}
	}
	return 0, false
}

// confirm asks once more for the password of who is signed in, before something that would
// outlast the session. Failures count as those of signing in.
func (r *Registry) confirm(ctx context.Context, by actor.Actor, password string) error {
	var s Security
	var a *Account
	var c *credential
	err := r.db.Update(ctx, func(tx *db.Tx) (err error) {
		if a, err = Load(tx, by.ID); err != nil {
			return err
		}
		if c, err = loadCredential(tx, a.ID); err != nil {
			return err
		}
		if s, err = loadSecurity(tx); err != nil {
			return err
		}
		return reserve(tx, doors(s, a.Login, by.Remote))
	})
	if err != nil {
		return err
	}
	right, err := r.hasher.verify(ctx, c.Password, password)
	if err != nil {
		return err
	}
	_, err = r.decide(ctx, s, a, From{Remote: by.Remote}, a.Login, func(*db.Tx) (Step, error) {
		if !right {
			return Step{}, ErrPassword
		}
		return Step{}, nil
	})
	return err
}

// SetPassword changes one's own password. Every session ends; the one it was done in goes
// on under the new secret that is returned.
func (r *Registry) SetPassword(ctx context.Context, by actor.Actor, session, old, password string, from From) (secret string, err error) {
	if err := r.confirm(ctx, by, old); err != nil {
		return "", err
	}
	var s Security
	var a *Account
	if err := r.db.View(ctx, func(tx *db.Tx) (err error) {
		if a, err = Load(tx, by.ID); err != nil {
			return err
		}
		s, err = loadSecurity(tx)
		return err
	}); err != nil {
		return "", err
	}
	hash, err := r.newPassword(ctx, s, a, password)
	if err != nil {
		return "", err
	}
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		now, err := openSession(tx, session)
		if err != nil {
			return err
		}
		if now.Account != by.ID {
			return ErrSignedOut
		}
		if err := setPassword(tx, a.ID, hash, false); err != nil {
			return err
		}
		if err := newEpoch(tx, a.ID); err != nil {
			return err
		}
		c, err := loadCredential(tx, a.ID)
		if err != nil {
			return err
		}
		if secret, err = newSession(tx, s, a.ID, c.Epoch, from); err != nil {
			return err
		}
		return audit.Append(tx, by, a.entry(actor.AccountPassword, "", nil))
	})
	return secret, err
}

// unjson reads what another step of the same ceremony wrote.
func unjson(text string, into any) error {
	if text == "" {
		return ErrTooLate
	}
	return json.Unmarshal([]byte(text), into)
}
