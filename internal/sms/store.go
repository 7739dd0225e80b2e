package sms

import (
	"time"

	"gongkai/internal/db"
)

func (r *Record) columns() db.Columns {
	return db.Columns{db.Col("id", &r.ID), db.Col("sealed", &r.sealed), db.Col("masked", &r.Masked), db.Col("mark", &r.mark), db.Col("template", &r.Template),
		db.Col("params", db.JSON(&r.params)), db.Col("about", &r.About), db.Col("about_id", &r.AboutID), db.Col("state", &r.State),
		db.Col("ticket", &r.ticket), db.Col("trouble", &r.Trouble), db.Col("asked_at", &r.Asked), db.Col("sent_at", &r.Sent), db.Col("ended_at", &r.Ended)}
}

func load(tx *db.Tx, id string) (*Record, error) {
	return db.Get(tx, (*Record).columns, "sms_text WHERE id = $1", id)
}

// asked counts the messages to a number, or to all, asked for since a moment; what was held back
// does not count.
func asked(tx *db.Tx, mark string, since time.Time) (int, error) {
	return tx.Count("SELECT count(*) FROM sms_text WHERE ($1 = '' OR mark = $2) AND asked_at > $3 AND state <> 'held'", mark, mark, since)
}

func list(tx *db.Tx, before string, limit int) ([]*Record, error) {
	return db.Select(tx, (*Record).columns, "sms_text WHERE ($1 = '' OR id < $2) ORDER BY id DESC LIMIT $3", before, before, limit)
}

func of(tx *db.Tx, about, id string) ([]*Record, error) {
	return db.Select(tx, (*Record).columns, "sms_text WHERE about = $1 AND about_id = $2 ORDER BY id DESC", about, id)
}

// took records that the provider took a message.
func took(tx *db.Tx, id, ticket string) error {
	_, err := tx.Exec("UPDATE sms_text SET state = 'sent', ticket = $1, sent_at = $2, params = '{}' WHERE id = $3 AND state = 'waiting'", ticket, tx.Now, id)
	return err
}

// ended records what became of a message and forgets the number.
func ended(tx *db.Tx, id string, s State, why string) error {
	_, err := tx.Exec(`UPDATE sms_text SET state = $1, trouble = $2, ended_at = $3, sealed = '', params = '{}'
		WHERE id = $4 AND state IN ('waiting', 'sent')`, s, why, tx.Now, id)
	return err
}

func forget(tx *db.Tx, before time.Time) error {
	_, err := tx.Exec("DELETE FROM sms_text WHERE asked_at < $1", before)
	return err
}
