package account

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// The faults of passkeys.
var (
	ErrNoPasskeys  = &fault.Error{Kind: fault.Missing, Code: "account.no_passkeys"}
	ErrPasskey     = &fault.Error{Kind: fault.Invalid, Code: "account.passkey"}
	ErrPasskeyName = &fault.Error{Kind: fault.Invalid, Code: "account.passkey_name", Field: "name"}
)

// Passkey is a person's key on a device of theirs (通行密钥).
type Passkey struct {
	ID         string
	Account    string
	Name       string
	Credential webauthn.Credential
	CreatedAt  time.Time
	UsedAt     time.Time
	RemovedAt  time.Time
}

// site is the addresses passkeys are good for.
type site struct{ *webauthn.WebAuthn }

func newSite(o Options) (*site, error) {
	if o.Site == "" {
		return nil, nil
	}
	name := o.Name
	if name == "" {
		name = o.Site
	}
	w, err := webauthn.New(&webauthn.Config{RPID: o.Site, RPDisplayName: name, RPOrigins: o.Origins,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired}})
	if err != nil {
		return nil, err
	}
	return &site{w}, nil
}

// HasPasskeys reports whether the installation has an address that passkeys can belong to.
func (r *Registry) HasPasskeys() bool { return r.site != nil }

// bearer is a person as the library asks for one.
type bearer struct {
	a    *Account
	keys []*Passkey
}

// WebAuthnID is the handle a passkey keeps of its owner.
func (b bearer) WebAuthnID() []byte { return []byte(b.a.ID) }

// WebAuthnName is the login name.
func (b bearer) WebAuthnName() string { return b.a.Login }

// WebAuthnDisplayName is the person's name.
func (b bearer) WebAuthnDisplayName() string { return b.a.Name }

// WebAuthnCredentials are the person's passkeys.
func (b bearer) WebAuthnCredentials() []webauthn.Credential {
	all := make([]webauthn.Credential, len(b.keys))
	for i, k := range b.keys {
		all[i] = k.Credential
	}
	return all
}

func loadBearer(tx *db.Tx, id string) (b bearer, err error) {
	if b.a, err = Load(tx, id); err != nil {
		return b, err
	}
	b.keys, err = passkeysOf(tx, id)
	return b, err
}

// creation returns what a browser makes a passkey with, and the challenge to keep.
func (r *Registry) creation(b bearer) (options []byte, challenge string, err error) {
	c, session, err := r.site.BeginRegistration(b, webauthn.WithExclusions(webauthn.Credentials(b.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return nil, "", err
	}
	return both(c, session)
}

func both(options, session any) ([]byte, string, error) {
	o, err := json.Marshal(options)
	if err != nil {
		return nil, "", err
	}
	s, err := json.Marshal(session)
	return o, string(s), err
}

// StartPasskey returns what the browser makes a passkey of one's own with.
func (r *Registry) StartPasskey(ctx context.Context, by actor.Actor, password string) (options []byte, err error) {
	if r.site == nil {
		return nil, ErrNoPasskeys
	}
	if err := r.confirm(ctx, by, password); err != nil {
		return nil, err
	}
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		b, err := loadBearer(tx, by.ID)
		if err != nil {
			return err
		}
		o, challenge, err := r.creation(b)
		if err != nil {
			return err
		}
		options = o
		return keepChallenge(tx, by.ID, challenge, tx.Now.Add(attemptLasts))
	})
	return options, err
}

// AddPasskey keeps the passkey a browser made. A person's first second factor comes with
// recovery codes, shown once.
func (r *Registry) AddPasskey(ctx context.Context, by actor.Actor, name string, response []byte) (codes []string, err error) {
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		challenge, err := takeChallenge(tx, by.ID)
		if err != nil {
			return err
		}
		codes, err = r.addPasskey(tx, by, name, challenge, response)
		return err
	})
	return codes, err
}

// EnrolPasskey is StartPasskey at StageEnrol.
func (r *Registry) EnrolPasskey(ctx context.Context, secret string) (options []byte, err error) {
	if r.site == nil {
		return nil, ErrNoPasskeys
	}
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		at, a, err := loadAttempt(tx, secret)
		if err != nil {
			return err
		}
		if err := mayEnrol(tx, at); err != nil {
			return err
		}
		options, at.Challenge, err = r.creation(bearer{a: a})
		if err != nil {
			return err
		}
		return at.setChallenge(tx)
	})
	return options, err
}

// EnrolPasskeyDone is AddPasskey at StageEnrol.
func (r *Registry) EnrolPasskeyDone(ctx context.Context, secret, name string, response []byte, from From) (Step, []string, error) {
	var codes []string
	done, err := r.enrol(ctx, secret, from, func(tx *db.Tx, by actor.Actor) error {
		at, _, err := loadAttempt(tx, secret)
		if err != nil {
			return err
		}
		codes, err = r.addPasskey(tx, by, name, at.Challenge, response)
		return err
	})
	return done, codes, err
}

func (r *Registry) addPasskey(tx *db.Tx, by actor.Actor, name, challenge string, response []byte) ([]string, error) {
	if r.site == nil {
		return nil, ErrNoPasskeys
	}
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > mostText {
		return nil, ErrPasskeyName
	}
	var session webauthn.SessionData
	if err := unjson(challenge, &session); err != nil {
		return nil, err
	}
	b, err := loadBearer(tx, by.ID)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return nil, ErrPasskey.Because(err)
	}
	made, err := r.site.CreateCredential(b, session, parsed)
	if err != nil {
		return nil, ErrPasskey.Because(err)
	}
	key := Passkey{ID: base64.RawURLEncoding.EncodeToString(made.ID), Account: by.ID, Name: name, Credential: *made, CreatedAt: tx.Now}
	if err := key.insert(tx); err != nil {
		return nil, err
	}
	if err := factorEntry(tx, by, "passkey.add"); err != nil {
		return nil, err
	}
	if left, err := recoveryLeft(tx, by.ID); err != nil || left > 0 {
		return nil, err
	}
	return newRecovery(tx, by.ID)
}

// Passkeys lists one's own passkeys.
func (r *Registry) Passkeys(ctx context.Context, by actor.Actor) (all []*Passkey, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		all, err = passkeysOf(tx, by.ID)
		return err
	})
	return all, err
}

// RemovePasskey ends the use of a passkey of one's own, unless it is the last second factor
// of somebody who must have one.
func (r *Registry) RemovePasskey(ctx context.Context, by actor.Actor, id, password string) error {
	if err := r.confirm(ctx, by, password); err != nil {
		return err
	}
	return r.db.Update(ctx, func(tx *db.Tx) error {
		if err := removePasskey(tx, by.ID, id); err != nil {
			return err
		}
		if err := keepsFactor(tx, by.ID); err != nil {
			return err
		}
		return factorEntry(tx, by, "passkey.remove")
	})
}

// AskPasskey returns what the browser signs in with: at StageFactor with one of the
// person's passkeys; with secret "" with any, whose owner it then tells.
func (r *Registry) AskPasskey(ctx context.Context, secret string) (options []byte, next string, err error) {
	if r.site == nil {
		return nil, "", ErrNoPasskeys
	}
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		if secret == "" {
			options, next, err = r.askAnybody(tx)
			return err
		}
		next = secret
		options, err = r.askOne(tx, secret)
		return err
	})
	return options, next, err
}

func (r *Registry) askAnybody(tx *db.Tx) ([]byte, string, error) {
	assertion, session, err := r.site.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", err
	}
	options, challenge, err := both(assertion, session)
	if err != nil {
		return nil, "", err
	}
	at := attempt{Challenge: challenge}
	next, err := at.renew(tx)
	return options, next, err
}

func (r *Registry) askOne(tx *db.Tx, secret string) ([]byte, error) {
	at, _, err := loadAttempt(tx, secret)
	if err != nil {
		return nil, err
	}
	b, err := loadBearer(tx, at.Account)
	if err != nil {
		return nil, err
	}
	if len(b.keys) == 0 {
		return nil, ErrNoFactor
	}
	assertion, session, err := r.site.BeginLogin(b, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, err
	}
	options, challenge, err := both(assertion, session)
	if err != nil {
		return nil, err
	}
	at.Challenge = challenge
	return options, at.setChallenge(tx)
}

// ShowPasskey takes the browser's answer to AskPasskey. A passkey says who it belongs to
// and that its owner was there, so that it needs no password beside it.
func (r *Registry) ShowPasskey(ctx context.Context, secret string, response []byte, from From) (Step, error) {
	if r.site == nil {
		return Step{}, ErrNoPasskeys
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return Step{}, ErrPasskey.Because(err)
	}
	var s Security
	var at *attempt
	a := &Account{}
	err = r.db.Update(ctx, func(tx *db.Tx) (err error) {
		if at, err = findAttempt(tx, mark(secret)); errors.Is(err, ErrNone) || err == nil && !at.EndsAt.After(tx.Now) {
			return ErrTooLate
		}
		if err != nil {
			return err
		}
		owner := at.Account
		if owner == "" {
			owner = string(parsed.Response.UserHandle)
		}
		if a, err = Load(tx, owner); errors.Is(err, ErrNone) {
			return ErrPasskey
		} else if err != nil {
			return err
		}
		if s, err = loadSecurity(tx); err != nil {
			return err
		}
		return reserve(tx, doors(s, a.Login, from.Remote))
	})
	if err != nil {
		return Step{}, err
	}
	return r.decide(ctx, s, a, from, a.Login, func(tx *db.Tx) (Step, error) {
		return r.showPasskey(tx, s, at, a, parsed, from)
	})
}

func (r *Registry) showPasskey(tx *db.Tx, s Security, at *attempt, a *Account, parsed *protocol.ParsedCredentialAssertionData, from From) (Step, error) {
	var session webauthn.SessionData
	if err := unjson(at.Challenge, &session); err != nil {
		return Step{}, err
	}
	b, err := loadBearer(tx, a.ID)
	if err != nil {
		return Step{}, err
	}
	var used *webauthn.Credential
	if at.Account == "" {
		used, err = r.site.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
			if string(handle) != a.ID {
				return nil, ErrPasskey
			}
			return b, nil
		}, session, parsed)
	} else {
		used, err = r.site.ValidateLogin(b, session, parsed)
	}
	if err != nil || used.Authenticator.CloneWarning {
		return Step{}, ErrPasskey.Because(err)
	}
	if at.Account != "" {
		epoch, _, err := standingOf(tx, a.ID)
		if err != nil {
			return Step{}, err
		}
		if epoch != at.Epoch {
			return Step{}, ErrTooLate
		}
	}
	if err := usedPasskey(tx, base64.RawURLEncoding.EncodeToString(used.ID), used); err != nil {
		return Step{}, err
	}
	at.Account, at.Factor, at.Challenge = a.ID, true, ""
	return proceed(tx, s, at, from)
}
