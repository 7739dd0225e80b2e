package notify

import "gongkai/internal/db"

func (m *Mail) columns() db.Columns {
	return db.Columns{
		db.Col("id", &m.ID), db.Col("account", &m.Account), db.Col("sealed", &m.sealed), db.Col("masked", &m.Masked),
		db.Col("about", &m.About), db.Col("about_id", &m.AboutID), db.Col("subject", &m.Subject), db.Col("text", &m.Text),
		db.Col("state", &m.State), db.Col("trouble", &m.Trouble), db.Col("asked_at", &m.Asked), db.Col("ended_at", &m.Ended),
	}
}

func load(tx *db.Tx, id string) (*Mail, error) {
	return db.Get(tx, (*Mail).columns, "notify_mail WHERE id = $1", id)
}

// ended records what became of a mail and forgets the address.
func ended(tx *db.Tx, id string, s State, why string) error {
	_, err := tx.Exec(`UPDATE notify_mail SET state = $1, trouble = $2, ended_at = $3, sealed = ''
		WHERE id = $4 AND state = 'waiting'`, s, why, tx.Now, id)
	return err
}

func list(tx *db.Tx, before string, limit int) ([]*Mail, error) {
	if before == "" {
		return db.Select(tx, (*Mail).columns, "notify_mail ORDER BY id DESC LIMIT $1", limit)
	}
	return db.Select(tx, (*Mail).columns, "notify_mail WHERE id < $1 ORDER BY id DESC LIMIT $2", before, limit)
}
