package subscription

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/mail"
	"strings"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/job"
)

// DaysToConfirm is how long a confirmation may take; then all is forgotten.
const DaysToConfirm = 7

// Bounds against abuse. Somebody who enters other people's addresses shall neither fill their
// boxes nor learn who subscribed.
const (
	mostFromNetwork = 20   // asks from one network address in an hour
	mostAnHour      = 1000 // asks altogether in an hour
	mostToAddress   = 4    // mails for confirmation to one address in a day
	mostTopics      = 50   // of one address
	unconfirmed     = DaysToConfirm * 24 * time.Hour
)

// Wish is what a person asks for.
type Wish struct {
	Address string
	Topic   Topic
	Rhythm  Rhythm
	Lang    i18n.Lang
	Remote  string // network address it came from
}

// address returns a mail address in one form, or ErrAddress.
func address(text string) (string, error) {
	text = strings.TrimSpace(text)
	a, err := mail.ParseAddress(text)
	const longest = 254
	if err != nil || a.Address != text || len(text) > longest {
		return "", ErrAddress
	}
	name, host, _ := strings.Cut(text, "@")
	if !strings.Contains(host, ".") || strings.ContainsAny(name, "\" ") {
		return "", ErrAddress
	}
	return name + "@" + strings.ToLower(host), nil
}

// Ask takes a wish and sends a mail for its confirmation. The answer is the same whether or not
// the address is known.
func (d *Desk) Ask(ctx context.Context, w Wish) error {
	to, err := address(w.Address)
	switch {
	case err != nil:
		return err
	case !validRhythm(w.Rhythm):
		return ErrRhythm
	case !d.On(ctx):
		return ErrOff
	}
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := d.known(tx, w.Topic); err != nil {
			return err
		}
		if err := tx.Lock("subscription/ask"); err != nil { // limits are counted one after the other
			return err
		}
		mark := d.Keys.Lookup("subscription:address", strings.ToLower(to))
		quiet, err := d.throttle(tx, w.Remote, mark)
		if err != nil || quiet {
			return err
		}
		return d.note(tx, w, to, mark)
	})
}

// throttle counts the ask. quiet says that the address was written to often enough today.
func (d *Desk) throttle(tx *db.Tx, remote, mark string) (quiet bool, err error) {
	network := d.Keys.Lookup("subscription:network", remote)
	within := tx.Now.Add(-time.Hour)
	fromHere, err := tries(tx, network, within)
	if err != nil {
		return false, err
	}
	all, err := allTries(tx, within)
	if err != nil {
		return false, err
	}
	if fromHere >= mostFromNetwork || all >= 2*mostAnHour { // each ask is noted twice
		return false, ErrMany
	}
	toHere, err := tries(tx, mark, tx.Now.Add(-24*time.Hour))
	if err != nil {
		return false, err
	}
	return toHere >= mostToAddress, errors.Join(try(tx, network), try(tx, mark))
}

// note keeps the wish and asks for the mail.
func (d *Desk) note(tx *db.Tx, w Wish, to, mark string) error {
	who, err := marked(tx, mark)
	if errors.Is(err, db.ErrNone) {
		who = &subscriber{ID: db.ID(), mark: mark, created: tx.Now, version: 1}
		if who.sealed, err = d.Keys.Seal(purpose(who.ID), []byte(to)); err == nil {
			err = tx.Insert("subscriber", who.columns())
		}
	}
	if err != nil {
		return err
	}
	s, err := same(tx, who.ID, w.Topic)
	switch {
	case errors.Is(err, db.ErrNone):
		if n, err := topics(tx, who.ID); err != nil || n >= mostTopics {
			return err
		}
		s = &Subscription{ID: db.ID(), Topic: w.Topic, subscriber: who.ID, Rhythm: w.Rhythm, Lang: w.Lang, created: tx.Now, version: 1}
		err = tx.Insert("subscription", s.columns())
	case err == nil && s.confirmed.IsZero():
		s.Rhythm, s.Lang, s.created = w.Rhythm, w.Lang, tx.Now
		err = s.save(tx)
	}
	if err != nil {
		return err
	}
	return job.Enqueue(tx, ConfirmJob, s.ID, job.Unique(s.ID), job.Attempts(6))
}

// purpose is what an address is sealed for.
func purpose(id string) string { return "subscription:address:" + id }

// known makes sure that the topic is there for everybody to see.
func (d *Desk) known(tx *db.Tx, t Topic) error {
	switch t.Kind {
	case All:
		return nil
	case Agency:
		_, err := agency.Load(tx, t.Target)
		return asTopic(err)
	case Section:
		s, err := section.Load(tx, t.Target)
		if err == nil && s.Retired {
			return ErrTopic
		}
		return asTopic(err)
	case Search:
		if t.Query.bounded() {
			return nil
		}
	}
	return ErrTopic
}

// asTopic words that something is not there.
func asTopic(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return ErrTopic
	}
	return err
}

// newToken returns a token for a link and its digest, which alone is kept.
func newToken() (token, digest string) {
	b := make([]byte, 24)
	rand.Read(b) // it never fails: crypto/rand ends the program when it has no randomness
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, digestOf(token)
}

func digestOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Offered returns the subscription that a token of a mail would confirm.
func (d *Desk) Offered(ctx context.Context, token string) (s *Subscription, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		s, err = tokened(tx, token)
		return err
	})
	return s, err
}

// tokened loads what a token confirms, unless that is too old.
func tokened(tx *db.Tx, token string) (*Subscription, error) {
	s, err := byToken(tx, digestOf(token))
	if errors.Is(err, db.ErrNone) || err == nil && s.created.Before(tx.Now.Add(-unconfirmed)) {
		return nil, ErrToken
	}
	return s, err
}

// Confirm begins the subscription that a token was sent for, and returns the key of the person's
// page. The token counts once.
func (d *Desk) Confirm(ctx context.Context, token string) (s *Subscription, key string, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if s, err = tokened(tx, token); err != nil {
			return err
		}
		s.begin(tx.Now)
		key = d.key(s.subscriber)
		return s.save(tx)
	})
	return s, key, err
}

// key is what lets a person see and change their subscriptions: it stands in their mails alone.
func (d *Desk) key(subscriber string) string {
	return subscriber + "." + base64.RawURLEncoding.EncodeToString(d.sign(subscriber))
}

func (d *Desk) sign(subscriber string) []byte {
	mac := hmac.New(sha256.New, d.Keys.Derive("subscription:link"))
	mac.Write([]byte(subscriber))
	return mac.Sum(nil)[:18]
}

// whose returns the subscriber a key is of, or ErrLink.
func (d *Desk) whose(key string) (string, error) {
	id, sum, _ := strings.Cut(key, ".")
	b, err := base64.RawURLEncoding.DecodeString(sum)
	if err != nil || !hmac.Equal(b, d.sign(id)) {
		return "", ErrLink
	}
	return id, nil
}
