package webhook

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"net/netip"
	"slices"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/secret"
)

// The bounds: our own arrangement.
const (
	mostOfBody = 20  // subscriptions
	mostName   = 60  // characters
	mostURL    = 500 // bytes
	// overlap is how long the secret before the present one still signs, so that a receiver can
	// change over without a gap.
	overlap = 24 * time.Hour
)

// Desk keeps subscriptions and delivers events.
type Desk struct {
	DB   *db.DB
	Keys *secret.Keyring
	// Allow are networks that receivers may stand in although they are not public, such as the
	// government's own.
	Allow []netip.Prefix
	// Roots are the authorities that vouch for receivers; nil for the machine's.
	Roots *x509.CertPool
}

// New is what a subscription is made or changed with.
type New struct {
	Name, URL string
	Types     []Type
	Live      bool
}

// check brings n into one form and refuses what cannot be.
func (d *Desk) check(n *New) error {
	n.Name = clean(n.Name)
	if n.Name == "" || len([]rune(n.Name)) > mostName {
		return ErrName.With("most", mostName)
	}
	if err := guard(d.Allow).url(n.URL); err != nil {
		return err
	}
	slices.Sort(n.Types)
	n.Types = slices.Compact(n.Types)
	if len(n.Types) == 0 || slices.ContainsFunc(n.Types, func(t Type) bool { return !slices.Contains(Types, t) }) {
		return ErrTypes
	}
	return nil
}

// purpose is what the secret of a subscription is sealed for.
func purpose(id string) string { return "webhook:secret:" + id }

// newSecret makes a secret of 32 bytes and seals it.
func (d *Desk) newSecret(id string) (plain, sealed string, err error) {
	b := make([]byte, 32)
	rand.Read(b) // it never fails: crypto/rand ends the program when it has no randomness
	sealed, err = d.Keys.Seal(purpose(id), b)
	return secretPrefix + base64.StdEncoding.EncodeToString(b), sealed, err
}

// Create subscribes another system to a body's events and returns its secret, which is shown once.
func (d *Desk) Create(ctx context.Context, by actor.Actor, agency string, n New) (s *Subscription, plain string, err error) {
	if agency == "" {
		return nil, "", actor.ErrForbidden
	}
	if err := by.May(actor.WebhookChange, actor.In(agency)); err != nil {
		return nil, "", err
	}
	if err := d.check(&n); err != nil {
		return nil, "", err
	}
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := tx.Lock("webhook/" + agency); err != nil {
			return err
		}
		all, err := subscriptions(tx, agency)
		if err != nil {
			return err
		}
		if len(all) >= mostOfBody {
			return ErrMany.With("most", mostOfBody)
		}
		s = &Subscription{ID: db.ID(), Agency: agency, Name: n.Name, URL: n.URL, Types: n.Types, Live: true, Created: tx.Now, Version: 1}
		if plain, s.secret, err = d.newSecret(s.ID); err != nil {
			return err
		}
		s.join()
		if err := tx.Insert("webhook_subscription", s.columns()); err != nil {
			return err
		}
		return audit.Append(tx, by, s.entry("create"))
	})
	if err != nil {
		return nil, "", err
	}
	return s, plain, nil
}

// entry is what the audit tells of a change.
func (s *Subscription) entry(did string) audit.Entry {
	return audit.Entry{Act: actor.WebhookChange, Agency: s.Agency, Subject: "webhook", ID: s.ID, Version: s.Version, Title: s.Name,
		Detail: map[string]any{"did": did, "url": s.URL, "types": s.Types, "live": s.Live}}
}

// change loads a subscription of that version, lets do change it, and saves it.
func (d *Desk) change(ctx context.Context, by actor.Actor, id string, version int64, did string, do func(tx *db.Tx, s *Subscription) error) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		s, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := by.May(actor.WebhookChange, actor.In(s.Agency)); err != nil {
			return err
		}
		if s.Version != version {
			return ErrStale
		}
		if err := do(tx, s); err != nil {
			return err
		}
		return audit.Append(tx, by, s.entry(did))
	})
}

// Change sets a subscription anew.
func (d *Desk) Change(ctx context.Context, by actor.Actor, id string, version int64, n New) error {
	return d.change(ctx, by, id, version, "change", func(tx *db.Tx, s *Subscription) error {
		if err := d.check(&n); err != nil {
			return err
		}
		s.Name, s.URL, s.Types, s.Live = n.Name, n.URL, n.Types, n.Live
		if s.Live {
			s.Why = ""
		}
		return s.save(tx)
	})
}

// Rotate gives a subscription a new secret and returns it. For a day both sign.
func (d *Desk) Rotate(ctx context.Context, by actor.Actor, id string, version int64) (plain string, err error) {
	err = d.change(ctx, by, id, version, "rotate", func(tx *db.Tx, s *Subscription) (err error) {
		s.previous, s.Until = s.secret, tx.Now.Add(overlap)
		if plain, s.secret, err = d.newSecret(s.ID); err != nil {
			return err
		}
		return s.save(tx)
	})
	if err != nil {
		return "", err
	}
	return plain, nil
}

// Remove ends a subscription for good, with what was on its way to it.
func (d *Desk) Remove(ctx context.Context, by actor.Actor, id string, version int64) error {
	return d.change(ctx, by, id, version, "remove", func(tx *db.Tx, s *Subscription) error { return s.remove(tx) })
}

// List returns a body's subscriptions, the oldest first; those of all bodies for "".
func (d *Desk) List(ctx context.Context, by actor.Actor, agency string) (all []*Subscription, err error) {
	if err := by.May(actor.WebhookView, actor.In(agency)); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		if agency == "" {
			all, err = everySubscription(tx)
			return err
		}
		all, err = subscriptions(tx, agency)
		return err
	})
	return all, err
}

// Get returns one subscription.
func (d *Desk) Get(ctx context.Context, by actor.Actor, id string) (s *Subscription, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		s, err = seen(tx, by, actor.WebhookView, id)
		return err
	})
	return s, err
}

func seen(tx *db.Tx, by actor.Actor, act actor.Act, id string) (*Subscription, error) {
	s, err := load(tx, id)
	if err != nil {
		return nil, err
	}
	return s, by.May(act, actor.In(s.Agency))
}

// Filter chooses deliveries for a list, the latest first.
type Filter struct {
	State State
	// After and Before are the id of the row that the page begins after or ends before.
	After, Before string
	Limit         int
}

// Deliveries returns what was and is on its way to a subscriber.
func (d *Desk) Deliveries(ctx context.Context, by actor.Actor, id string, f Filter) (all []*Delivery, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := seen(tx, by, actor.WebhookView, id); err != nil {
			return err
		}
		all, err = deliveries(tx, id, f)
		return err
	})
	if f.Before != "" {
		slices.Reverse(all)
	}
	return all, err
}

// Try sends a subscriber an event that tells of nothing, so that both sides see whether it works.
func (d *Desk) Try(ctx context.Context, by actor.Actor, id string) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		s, err := seen(tx, by, actor.WebhookReplay, id)
		if err != nil {
			return err
		}
		if err := tell(tx, Event{Type: Ping, Agency: s.Agency, ID: s.ID}, s); err != nil {
			return err
		}
		return audit.Append(tx, by, s.replayed("ping"))
	})
}

// Replay delivers once more what was delivered or given up.
func (d *Desk) Replay(ctx context.Context, by actor.Actor, delivery string) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		one, err := loadDelivery(tx, delivery)
		if err != nil {
			return err
		}
		s, err := seen(tx, by, actor.WebhookReplay, one.Subscription)
		if err != nil {
			return err
		}
		if !s.Live {
			return ErrStill
		}
		if err := again(tx, one.ID); err != nil {
			return err
		}
		if err := enqueue(tx, one.ID); err != nil {
			return err
		}
		return audit.Append(tx, by, s.replayed(one.Event))
	})
}

func (s *Subscription) replayed(what string) audit.Entry {
	return audit.Entry{Act: actor.WebhookReplay, Agency: s.Agency, Subject: "webhook", ID: s.ID, Version: s.Version, Title: s.Name,
		Detail: map[string]any{"event": what}}
}
