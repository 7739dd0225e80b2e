package identity

import (
	"time"

	"gongkai/internal/db"
)

func (p *Person) columns() db.Columns {
	return db.Columns{db.Col("id", &p.ID), db.Col("mark", &p.Mark), db.Col("kind", &p.Kind), db.Col("level", &p.Level), db.Col("sealed", &p.sealed),
		db.Col("first_at", &p.First), db.Col("last_at", &p.Last), db.Col("version", &p.version)}
}

func load(tx *db.Tx, id string) (*Person, error) {
	return db.Get(tx, (*Person).columns, "identity_person WHERE id = $1", id)
}

func marked(tx *db.Tx, mark string) (*Person, error) {
	return db.Get(tx, (*Person).columns, "identity_person WHERE mark = $1", mark)
}

func (p *Person) save(tx *db.Tx) error {
	p.version++
	_, err := tx.Save("identity_person", p.ID, p.version-1, p.columns()) // sign-ins of one person wait for each other
	return err
}

// session is a person's visit.
type session struct {
	id, person, digest string
	began, used, ends  time.Time
}

func (s *session) columns() db.Columns {
	return db.Columns{db.Col("id", &s.id), db.Col("person", &s.person), db.Col("digest", &s.digest), db.Col("began_at", &s.began),
		db.Col("used_at", &s.used), db.Col("ends_at", &s.ends)}
}

func find(tx *db.Tx, digest string) (*session, error) {
	return db.Get(tx, (*session).columns, "identity_session WHERE digest = $1", digest)
}

func touch(tx *db.Tx, id string) error {
	_, err := tx.Exec("UPDATE identity_session SET used_at = $1 WHERE id = $2", tx.Now, id)
	return err
}

func leave(tx *db.Tx, digest string) error {
	_, err := tx.Exec("DELETE FROM identity_session WHERE digest = $1", digest)
	return err
}

// forget removes sessions that ended, and people last seen before a moment.
func forget(tx *db.Tx, now, before time.Time) error {
	if _, err := tx.Exec("DELETE FROM identity_session WHERE ends_at < $1 OR used_at < $2", now, now.Add(-idleTime)); err != nil {
		return err
	}
	_, err := tx.Exec("DELETE FROM identity_person WHERE last_at < $1 AND NOT EXISTS (SELECT 1 FROM identity_session WHERE person = identity_person.id)", before)
	return err
}
