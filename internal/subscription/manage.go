package subscription

import (
	"context"
	"errors"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/notify"
)

// Holding is what a person sees of their own subscriptions.
type Holding struct {
	Masked string // the address, so far as it may be shown
	Topics []*Subscription
}

// Held returns what the key's owner subscribed to and confirmed.
func (d *Desk) Held(ctx context.Context, key string) (h *Holding, err error) {
	id, err := d.whose(key)
	if err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		who, err := load(tx, id)
		if errors.Is(err, db.ErrNone) {
			return ErrLink
		}
		if err != nil {
			return err
		}
		to, err := d.Keys.Open(purpose(who.ID), who.sealed)
		if err != nil {
			return err
		}
		h = &Holding{Masked: notify.Mask(string(to))}
		h.Topics, err = held(tx, id)
		return err
	})
	return h, err
}

// Change sets how often mail of one subscription comes.
func (d *Desk) Change(ctx context.Context, key, subscription string, r Rhythm) error {
	if !validRhythm(r) {
		return ErrRhythm
	}
	return d.of(ctx, key, subscription, func(tx *db.Tx, s *Subscription) error {
		s.Rhythm, s.nextAt = r, r.next(tx.Now)
		return s.save(tx)
	})
}

// Leave ends one subscription, or all of them where none is named. With the last everything about
// the person is deleted. One that ended before is no error: a mail's link may be used twice.
func (d *Desk) Leave(ctx context.Context, key, subscription string) error {
	if subscription == "" {
		id, err := d.whose(key)
		if err != nil {
			return err
		}
		return d.DB.Update(ctx, func(tx *db.Tx) error { return forget(tx, id) })
	}
	err := d.of(ctx, key, subscription, func(tx *db.Tx, s *Subscription) error {
		if err := s.remove(tx); err != nil {
			return err
		}
		left, err := topics(tx, s.subscriber)
		if err != nil || left > 0 {
			return err
		}
		return forget(tx, s.subscriber)
	})
	if errors.Is(err, ErrTopic) {
		return nil
	}
	return err
}

// of runs do on a subscription of the key's owner.
func (d *Desk) of(ctx context.Context, key, subscription string, do func(tx *db.Tx, s *Subscription) error) error {
	id, err := d.whose(key)
	if err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		s, err := loadTopic(tx, subscription)
		if errors.Is(err, db.ErrNone) || err == nil && s.subscriber != id {
			return ErrTopic
		}
		if err != nil {
			return err
		}
		return do(tx, s)
	})
}

// Purge forgets who did not confirm in time, tries of the day before, and what was told long ago.
func (d *Desk) Purge(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		return errors.Join(purge(tx, tx.Now.Add(-unconfirmed), tx.Now.Add(-24*time.Hour), tx.Now.Add(-toldFor)))
	})
}

// toldFor is how long it is known what somebody was told of: nothing is told twice within it.
const toldFor = 400 * 24 * time.Hour

// Count is how many confirmed subscriptions there are to a topic.
type Count struct {
	Kind   Kind
	Target string
	N      int
}

// Counts counts the confirmed subscriptions to a body and its sections, and those to all bodies
// and to searches, whose words nobody is shown.
func (d *Desk) Counts(ctx context.Context, by actor.Actor, agency string) (all []Count, err error) {
	if err := by.May(actor.StatisticsView, actor.In(agency)); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		all, err = counts(tx, agency)
		return err
	})
	return all, err
}
