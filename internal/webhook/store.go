package webhook

import (
	"errors"
	"strings"
	"time"

	"gongkai/internal/db"
)

func (e *event) columns() db.Columns {
	return db.Columns{db.Col("id", &e.id), db.Col("type", &e.kind), db.Col("agency", &e.agency), db.Col("subject", &e.subject),
		db.Col("data", &e.data), db.Col("at", &e.at)}
}

func (d *Delivery) columns() db.Columns {
	return db.Columns{db.Col("id", &d.ID), db.Col("event", &d.Event), db.Col("subscription", &d.Subscription), db.Col("type", &d.Type),
		db.Col("state", &d.State), db.Col("attempts", &d.Attempts), db.Col("status", &d.Status), db.Col("trouble", &d.Trouble),
		db.Col("asked_at", &d.Asked), db.Col("tried_at", &d.Tried)}
}

func (s *Subscription) columns() db.Columns {
	return db.Columns{db.Col("id", &s.ID), db.Col("agency", &s.Agency), db.Col("name", &s.Name), db.Col("url", &s.URL), db.Col("types", &s.types),
		db.Col("secret", &s.secret), db.Col("previous", &s.previous), db.Col("until", &s.Until), db.Col("live", &s.Live), db.Col("why", &s.Why),
		db.Col("created_at", &s.Created), db.Col("version", &s.Version)}
}

// join and split bring the types into their column and back.
func (s *Subscription) join() {
	var all []string
	for _, t := range s.Types {
		all = append(all, string(t))
	}
	s.types = strings.Join(all, " ")
}

func (s *Subscription) split() {
	s.Types = nil
	for _, t := range strings.Fields(s.types) {
		s.Types = append(s.Types, Type(t))
	}
}

func subscriptions(tx *db.Tx, agency string) ([]*Subscription, error) {
	all, err := db.Select(tx, (*Subscription).columns, "webhook_subscription WHERE agency = $1 ORDER BY created_at, id", agency)
	for _, s := range all {
		s.split()
	}
	return all, err
}

func everySubscription(tx *db.Tx) ([]*Subscription, error) {
	all, err := db.Select(tx, (*Subscription).columns, "webhook_subscription ORDER BY agency, created_at, id")
	for _, s := range all {
		s.split()
	}
	return all, err
}

func load(tx *db.Tx, id string) (*Subscription, error) {
	s, err := db.Get(tx, (*Subscription).columns, "webhook_subscription WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, err
	}
	s.split()
	return s, nil
}

func (s *Subscription) save(tx *db.Tx) error {
	s.join()
	s.Version++
	ok, err := tx.Save("webhook_subscription", s.ID, s.Version-1, s.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

// remove takes a subscription away with what was on its way to it. The events go with time.
func (s *Subscription) remove(tx *db.Tx) error {
	if _, err := tx.Exec("DELETE FROM webhook_delivery WHERE subscription = $1", s.ID); err != nil {
		return err
	}
	n, err := tx.Exec("DELETE FROM webhook_subscription WHERE id = $1 AND version = $2", s.ID, s.Version)
	if err == nil && n == 0 {
		return ErrStale
	}
	return err
}

func loadDelivery(tx *db.Tx, id string) (*Delivery, error) {
	d, err := db.Get(tx, (*Delivery).columns, "webhook_delivery WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return d, err
}

func loadEvent(tx *db.Tx, id string) (*event, error) {
	return db.Get(tx, (*event).columns, "webhook_event WHERE id = $1", id)
}

func deliveries(tx *db.Tx, subscription string, f Filter) ([]*Delivery, error) {
	query, args := "webhook_delivery WHERE subscription = $1 AND ($2 = '' OR state = $3)", []any{subscription, f.State, f.State}
	switch {
	case f.Before != "":
		return db.Select(tx, (*Delivery).columns, query+" AND id > $4 ORDER BY id LIMIT $5", append(args, f.Before, f.Limit)...)
	case f.After != "":
		return db.Select(tx, (*Delivery).columns, query+" AND id < $4 ORDER BY id DESC LIMIT $5", append(args, f.After, f.Limit)...)
	}
	return db.Select(tx, (*Delivery).columns, query+" ORDER BY id DESC LIMIT $4", append(args, f.Limit)...)
}

// tried records how an attempt ended. One that was recorded as done stays so.
func tried(tx *db.Tx, d *Delivery) error {
	_, err := tx.Exec(`UPDATE webhook_delivery SET state = $1, attempts = $2, status = $3, trouble = $4, tried_at = $5
		WHERE id = $6 AND state = 'waiting'`, d.State, d.Attempts, d.Status, d.Trouble, tx.Now, d.ID)
	return err
}

// again makes a dead or done delivery wait once more.
func again(tx *db.Tx, id string) error {
	n, err := tx.Exec("UPDATE webhook_delivery SET state = 'waiting', attempts = 0, trouble = '' WHERE id = $1 AND state <> 'waiting'", id)
	if err == nil && n == 0 {
		return ErrWaits
	}
	return err
}

// forget removes what ended before a moment, and the events nobody is told of any longer.
func forget(tx *db.Tx, done, dead time.Time) error {
	if _, err := tx.Exec("DELETE FROM webhook_delivery WHERE state = 'done' AND asked_at < $1 OR state = 'dead' AND asked_at < $2", done, dead); err != nil {
		return err
	}
	_, err := tx.Exec("DELETE FROM webhook_event WHERE at < $1 AND NOT EXISTS (SELECT 1 FROM webhook_delivery WHERE event = webhook_event.id)", done)
	return err
}

// quit ends a subscription whose receiver says that it is gone.
func quit(tx *db.Tx, id string) error {
	_, err := tx.Exec("UPDATE webhook_subscription SET live = FALSE, why = 'gone', version = version + 1 WHERE id = $1", id)
	return err
}
