package notify

import "gongkai/internal/db"

func (m *Mail) columns() db.Columns {
	return db.Columns{
		db.Col("id", &m.ID), db.Col("account", &m.Account), db.Col("sealed", &m.sealed), db.Col("masked", &m.Masked),
		db.Col("about", &m.About), db.Col("about_id", &m.AboutID), db.Col("subject", &m.Subject), db.Col("text", &m.Text),
		db.Col("state", &m.State), db.Col("trouble", &m.Trouble), db.Col("asked_at", &m.Asked), db.Col("ended_at", &m.Ended),
		db.Col("private", &m.private),
	}
}

func load(tx *db.Tx, id string) (*Mail, error) {
	return db.Get(tx, (*Mail).columns, "notify_mail WHERE id = $1", id)
}

// ended records what became of a mail, and forgets the address and what went with it. A mail comes
// back after it was sent; otherwise it ends once. It reports whether this was news.
func ended(tx *db.Tx, id string, s State, why string) (bool, error) {
	from := Waiting
	if s == Bounced {
		from = Sent
	}
	n, err := tx.Exec(`UPDATE notify_mail SET state = $1, trouble = $2, ended_at = $3, sealed = '', private = ''
		WHERE id = $4 AND state = $5`, s, why, tx.Now, id, from)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec("DELETE FROM notify_file WHERE mail = $1", id)
	return true, err
}

// file is a file of a mail that has not left.
type file struct {
	ID, Mail, Sealed string
	No               int64
}

func (f *file) columns() db.Columns {
	return db.Columns{db.Col("id", &f.ID), db.Col("mail", &f.Mail), db.Col("no", &f.No), db.Col("sealed", &f.Sealed)}
}

func filesOf(tx *db.Tx, mail string) ([]*file, error) {
	return db.Select(tx, (*file).columns, "notify_file WHERE mail = $1 ORDER BY no", mail)
}

func list(tx *db.Tx, before string, limit int) ([]*Mail, error) {
	if before == "" {
		return db.Select(tx, (*Mail).columns, "notify_mail ORDER BY id DESC LIMIT $1", limit)
	}
	return db.Select(tx, (*Mail).columns, "notify_mail WHERE id < $1 ORDER BY id DESC LIMIT $2", before, limit)
}
