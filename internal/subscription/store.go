package subscription

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// errStale says that two acts met: the job or the person tries again.
var errStale = &fault.Error{Kind: fault.Conflict, Code: "subscription.stale"}

func (s *subscriber) columns() db.Columns {
	return db.Columns{
		db.Col("id", &s.ID), db.Col("sealed", &s.sealed), db.Col("mark", &s.mark), db.Col("failures", &s.failures),
		db.Col("created_at", &s.created), db.Col("version", &s.version),
	}
}

func (s *Subscription) columns() db.Columns {
	return db.Columns{
		db.Col("id", &s.ID), db.Col("subscriber", &s.subscriber), db.Col("kind", &s.Topic.Kind), db.Col("target", &s.Topic.Target),
		db.Col("query", db.JSON(&s.Topic.Query)), db.Col("rhythm", &s.Rhythm), db.Col("lang", &s.Lang), db.Col("token", &s.token),
		db.Col("confirmed_at", &s.confirmed), db.Col("since", &s.Since), db.Col("next_at", &s.nextAt),
		db.Col("created_at", &s.created), db.Col("version", &s.version),
	}
}

func (s *Subscription) save(tx *db.Tx) error {
	s.version++
	ok, err := tx.Save("subscription", s.ID, s.version-1, s.columns())
	if err == nil && !ok {
		return errStale
	}
	return err
}

func load(tx *db.Tx, id string) (*subscriber, error) {
	return db.Get(tx, (*subscriber).columns, "subscriber WHERE id = $1", id)
}

func marked(tx *db.Tx, mark string) (*subscriber, error) {
	return db.Get(tx, (*subscriber).columns, "subscriber WHERE mark = $1", mark)
}

func loadTopic(tx *db.Tx, id string) (*Subscription, error) {
	return db.Get(tx, (*Subscription).columns, "subscription WHERE id = $1", id)
}

// same returns a subscriber's subscription to a topic.
func same(tx *db.Tx, subscriber string, t Topic) (*Subscription, error) {
	query, err := json.Marshal(t.Query)
	if err != nil {
		return nil, fmt.Errorf("write a query: %w", err)
	}
	return db.Get(tx, (*Subscription).columns, "subscription WHERE subscriber = $1 AND kind = $2 AND target = $3 AND query = $4",
		subscriber, t.Kind, t.Target, string(query))
}

func byToken(tx *db.Tx, digest string) (*Subscription, error) {
	return db.Get(tx, (*Subscription).columns, "subscription WHERE token = $1 AND token <> ''", digest)
}

func held(tx *db.Tx, subscriber string) ([]*Subscription, error) {
	return db.Select(tx, (*Subscription).columns, "subscription WHERE subscriber = $1 AND confirmed_at IS NOT NULL ORDER BY confirmed_at, id", subscriber)
}

func topics(tx *db.Tx, subscriber string) (int, error) {
	return tx.Count("SELECT count(*) FROM subscription WHERE subscriber = $1", subscriber)
}

func (s *Subscription) remove(tx *db.Tx) error {
	_, err := tx.Exec("DELETE FROM subscription WHERE id = $1", s.ID)
	return err
}

// forget deletes everything about a subscriber.
func forget(tx *db.Tx, id string) error {
	for _, statement := range []string{
		"DELETE FROM subscription_sent WHERE subscriber = $1", "DELETE FROM subscription WHERE subscriber = $1", "DELETE FROM subscriber WHERE id = $1",
	} {
		if _, err := tx.Exec(statement, id); err != nil {
			return err
		}
	}
	return nil
}

func try(tx *db.Tx, mark string) error {
	_, err := tx.Exec("INSERT INTO subscription_try (id, mark, at) VALUES ($1, $2, $3)", db.ID(), mark, tx.Now)
	return err
}

func tries(tx *db.Tx, mark string, after time.Time) (int, error) {
	return tx.Count("SELECT count(*) FROM subscription_try WHERE mark = $1 AND at > $2", mark, after)
}

func allTries(tx *db.Tx, after time.Time) (int, error) {
	return tx.Count("SELECT count(*) FROM subscription_try WHERE at > $1", after)
}

// purge deletes what was not confirmed since a time, subscribers left with nothing, tries and
// what was told before others.
func purge(tx *db.Tx, asked, tried, told time.Time) error {
	_, err1 := tx.Exec("DELETE FROM subscription WHERE confirmed_at IS NULL AND created_at < $1", asked)
	_, err2 := tx.Exec("DELETE FROM subscription_sent WHERE at < $1", told)
	_, err3 := tx.Exec(`DELETE FROM subscription_sent WHERE subscriber IN (SELECT s.id FROM subscriber s
		WHERE NOT EXISTS (SELECT 1 FROM subscription t WHERE t.subscriber = s.id))`)
	_, err4 := tx.Exec("DELETE FROM subscriber WHERE NOT EXISTS (SELECT 1 FROM subscription t WHERE t.subscriber = subscriber.id)")
	_, err5 := tx.Exec("DELETE FROM subscription_try WHERE at < $1", tried)
	return errors.Join(err1, err2, err3, err4, err5)
}

// waiting lists subscribers to whom something may have to be sent: mail is due, and for what is
// sent at once something was published since.
func waiting(tx *db.Tx, latest time.Time, n int) (ids []string, err error) {
	err = tx.Each(`SELECT DISTINCT subscriber FROM subscription WHERE next_at <= $1 AND (rhythm <> 'at_once' OR since < $2)
		ORDER BY subscriber LIMIT $3`, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, tx.Now, latest, n)
	return ids, err
}

func dueOf(tx *db.Tx, subscriber string) ([]*Subscription, error) {
	return db.Select(tx, (*Subscription).columns, "subscription WHERE subscriber = $1 AND next_at <= $2 ORDER BY confirmed_at, id", subscriber, tx.Now)
}

// toldOf says which of items a subscriber was told of.
func toldOf(tx *db.Tx, subscriber string, items []string) (map[string]bool, error) {
	told := map[string]bool{}
	list, args := db.In(1, items)
	err := tx.Each("SELECT item FROM subscription_sent WHERE subscriber = $1 AND item IN "+list, func(scan func(...any) error) error {
		var item string
		err := scan(&item)
		told[item] = true
		return err
	}, append([]any{subscriber}, args...)...)
	return told, err
}

func tell(tx *db.Tx, subscriber, item string) error {
	_, err := tx.Exec(`INSERT INTO subscription_sent (subscriber, item, at) VALUES ($1, $2, $3)
		ON CONFLICT (subscriber, item) DO NOTHING`, subscriber, item, tx.Now)
	return err
}

// setFailures notes how often mail was refused in a row.
func setFailures(tx *db.Tx, subscriber string, n int64) error {
	_, err := tx.Exec("UPDATE subscriber SET failures = $1, version = version + 1 WHERE id = $2", n, subscriber)
	return err
}

// postpone lets what is due to a subscriber wait until a time.
func postpone(tx *db.Tx, subscriber string, until time.Time) error {
	_, err := tx.Exec("UPDATE subscription SET next_at = $1, version = version + 1 WHERE subscriber = $2 AND next_at <= $1", until, subscriber)
	return err
}

func counts(tx *db.Tx, agency string) (all []Count, err error) {
	err = tx.Each(`SELECT kind, CASE WHEN kind = 'search' THEN '' ELSE target END, count(*) FROM subscription WHERE confirmed_at IS NOT NULL
		AND (kind IN ('all', 'search') OR target = $1 OR target IN (SELECT id FROM section WHERE agency = $1))
		GROUP BY 1, 2 ORDER BY 1, 2`, func(scan func(...any) error) error {
		var c Count
		err := scan(&c.Kind, &c.Target, &c.N)
		all = append(all, c)
		return err
	}, agency)
	return all, err
}
