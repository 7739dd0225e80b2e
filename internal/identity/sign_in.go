package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/job"
)

// sealedHandshake is what a handshake is sealed for.
const sealedHandshake = "identity:handshake"

// Begin starts a sign-in: it returns where the browser is sent, and what it keeps in a cookie
// until it comes back. next is where it goes on to afterwards.
func (d *Desk) Begin(ctx context.Context, next string) (to, cookie string, err error) {
	if !d.On() {
		return "", "", ErrOff
	}
	h := Handshake{State: rand.Text(), Nonce: rand.Text(), Verifier: rand.Text() + rand.Text(), Next: next, Began: d.DB.Clock()}
	if to, err = d.Provider.Begin(ctx, h); err != nil {
		return "", "", err
	}
	text, err := json.Marshal(h)
	if err != nil {
		return "", "", fmt.Errorf("write a handshake: %w", err)
	}
	cookie, err = d.Keys.Seal(sealedHandshake, text)
	return to, cookie, err
}

// handshake opens a cookie and holds it against the answer's state.
func (d *Desk) handshake(cookie, state string) (h Handshake, err error) {
	text, err := d.Keys.Open(sealedHandshake, cookie)
	if err == nil {
		err = json.Unmarshal(text, &h)
	}
	if err != nil {
		return h, ErrHandshake.Because(err)
	}
	age := d.DB.Clock().Sub(h.Began)
	if age < 0 || age > handshakeTime || subtle.ConstantTimeCompare([]byte(h.State), []byte(state)) != 1 {
		return h, ErrHandshake
	}
	return h, nil
}

// Answer is what the platform sends the browser back with.
type Answer struct{ State, Code, Error string }

// Finish ends a sign-in: it returns who it is, the secret of the new session for a cookie, and
// where to go on to.
func (d *Desk) Finish(ctx context.Context, cookie string, a Answer) (p *Person, secret, next string, err error) {
	if !d.On() {
		return nil, "", "", ErrOff
	}
	h, err := d.handshake(cookie, a.State)
	switch {
	case err != nil:
		return nil, "", "", err
	case a.Error != "" || a.Code == "":
		return nil, "", h.Next, ErrDenied
	}
	if p, err = d.Provider.Finish(ctx, h, a.Code); err != nil {
		return nil, "", h.Next, err
	}
	p.tidy()
	secret = rand.Text()
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := d.keep(tx, p); err != nil {
			return err
		}
		s := &session{id: db.ID(), person: p.ID, digest: digest(secret), began: tx.Now, used: tx.Now, ends: tx.Now.Add(wholeTime)}
		return tx.Insert("identity_session", s.columns())
	})
	if err != nil {
		return nil, "", h.Next, err
	}
	return p, secret, h.Next, nil
}

// tidy brings what a platform says into one form.
func (p *Person) tidy() {
	for _, s := range []*string{&p.Name, &p.IDNumber, &p.Phone, &p.Email, &p.Organisation, &p.CreditCode} {
		*s = strings.Join(strings.Fields(*s), " ")
	}
	p.IDNumber, p.CreditCode = strings.ToUpper(p.IDNumber), strings.ToUpper(p.CreditCode)
}

// keep notes the person, or what the platform says anew of one known before.
func (d *Desk) keep(tx *db.Tx, p *Person) error {
	p.Mark = d.Keys.Lookup("identity:subject", p.Subject)
	if err := tx.Lock("identity/" + p.Mark); err != nil {
		return err
	}
	old, err := marked(tx, p.Mark)
	known := err == nil
	if err != nil && !errors.Is(err, db.ErrNone) {
		return err
	}
	p.ID, p.First, p.version = db.ID(), tx.Now, 1
	if known {
		p.ID, p.First, p.version = old.ID, old.First, old.version
	}
	p.Last = tx.Now
	if err := d.seal(p); err != nil {
		return err
	}
	if known {
		return p.save(tx)
	}
	return tx.Insert("identity_person", p.columns())
}

// whole is what of a person is sealed.
type whole struct {
	Subject, Name, IDNumber, Phone, Email, Organisation, CreditCode string
}

func purpose(id string) string { return "identity:person:" + id }

func (d *Desk) seal(p *Person) (err error) {
	text, err := json.Marshal(whole{p.Subject, p.Name, p.IDNumber, p.Phone, p.Email, p.Organisation, p.CreditCode})
	if err != nil {
		return fmt.Errorf("write a person: %w", err)
	}
	p.sealed, err = d.Keys.Seal(purpose(p.ID), text)
	return err
}

func (d *Desk) open(p *Person) error {
	text, err := d.Keys.Open(purpose(p.ID), p.sealed)
	if err != nil {
		return err
	}
	var w whole
	if err := json.Unmarshal(text, &w); err != nil {
		return fmt.Errorf("read a person: %w", err)
	}
	p.Subject, p.Name, p.IDNumber, p.Phone, p.Email, p.Organisation, p.CreditCode = w.Subject, w.Name, w.IDNumber, w.Phone, w.Email, w.Organisation, w.CreditCode
	return nil
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// useEvery is how exactly it is known when a session was last used.
const useEvery = time.Minute

// Who returns who holds the secret of a session, or ErrSignedOut.
func (d *Desk) Who(ctx context.Context, secret string) (p *Person, err error) {
	if !d.On() || secret == "" {
		return nil, ErrSignedOut
	}
	var s *session
	stale := false
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		if s, err = find(tx, digest(secret)); err != nil {
			return err
		}
		if !tx.Now.Before(s.ends) || tx.Now.Sub(s.used) >= idleTime {
			return db.ErrNone
		}
		stale = tx.Now.Sub(s.used) >= useEvery
		p, err = load(tx, s.person)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return nil, ErrSignedOut
	}
	if err != nil {
		return nil, err
	}
	if stale {
		if err := d.DB.Update(ctx, func(tx *db.Tx) error { return touch(tx, s.id) }); err != nil {
			return nil, err
		}
	}
	return p, d.open(p)
}

// SignOut ends a session and returns the address that ends the platform's own, "" for none.
func (d *Desk) SignOut(ctx context.Context, secret string) (to string, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error { return leave(tx, digest(secret)) })
	if err != nil || !d.On() {
		return "", err
	}
	return d.Provider.End(), nil
}

// Purge forgets sessions that ended, and people who have not come for two years.
func (d *Desk) Purge(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error { return forget(tx, tx.Now, tx.Now.Add(-keepPerson)) })
}

// PurgeJob is the kind of the job that forgets.
const PurgeJob = "identity.purge"

// Handlers returns what runs the jobs.
func (d *Desk) Handlers() map[string]job.Handler {
	return map[string]job.Handler{PurgeJob: job.Handle(func(ctx context.Context, _ struct{}) error { return d.Purge(ctx) })}
}

// Schedules returns when the jobs run by themselves.
func Schedules() []job.Schedule { return []job.Schedule{job.Daily(PurgeJob, 2, 15)} }
