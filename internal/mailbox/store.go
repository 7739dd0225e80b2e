package mailbox

import (
	"errors"
	"strings"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

func (m *Message) columns() db.Columns {
	return db.Columns{
		db.Col("id", &m.ID), db.Col("agency", &m.Agency), db.Col("content", &m.content), db.Col("sealed", &m.sealed), db.Col("kind", &m.Kind),
		db.Col("state", &m.State), db.Col("remarks", &m.remarks), db.Col("size", &m.Size), db.Col("files", &m.fileCount), db.Col("about", &m.About),
		db.Col("about_id", &m.AboutID), db.Col("handler", &m.Handler), db.Col("reason", &m.Reason), db.Col("arrived_at", &m.Arrived),
		db.Col("taken_at", &m.Taken), db.Col("ended_at", &m.Ended), db.Col("version", &m.Version),
	}
}

// join and split bring the remarks into their column and back.
func (m *Message) join() {
	var all []string
	for _, r := range m.Remarks {
		all = append(all, string(r))
	}
	m.remarks = strings.Join(all, " ")
}

func (m *Message) split() {
	m.Remarks = nil
	for _, r := range strings.Fields(m.remarks) {
		m.Remarks = append(m.Remarks, Remark(r))
	}
}

func (m *Message) insert(tx *db.Tx) error {
	m.join()
	return tx.Insert("mailbox_message", m.columns())
}

func (m *Message) save(tx *db.Tx) error {
	m.join()
	m.Version++
	ok, err := tx.Save("mailbox_message", m.ID, m.Version-1, m.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func load(tx *db.Tx, id string) (*Message, error) {
	m, err := db.Get(tx, (*Message).columns, "mailbox_message WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, err
	}
	m.split()
	return m, nil
}

// taken reports whether the same mail was taken in before.
func taken(tx *db.Tx, content string) (bool, error) {
	n, err := tx.Count("SELECT count(*) FROM mailbox_message WHERE content = $1", content)
	return n > 0, err
}

func list(tx *db.Tx, f Filter) ([]*Message, error) {
	query := "mailbox_message WHERE agency = $1 AND ($2 = '' OR state = $3) AND ($4 = '' OR kind = $5)"
	args := []any{f.Agency, f.State, f.State, f.Kind, f.Kind}
	var all []*Message
	var err error
	switch {
	case f.Before != "":
		all, err = db.Select(tx, (*Message).columns, query+" AND id > $6 ORDER BY id LIMIT $7", append(args, f.Before, f.Limit)...)
	case f.After != "":
		all, err = db.Select(tx, (*Message).columns, query+" AND id < $6 ORDER BY id DESC LIMIT $7", append(args, f.After, f.Limit)...)
	default:
		all, err = db.Select(tx, (*Message).columns, query+" ORDER BY id DESC LIMIT $6", append(args, f.Limit)...)
	}
	for _, m := range all {
		m.split()
	}
	return all, err
}

func of(tx *db.Tx, about, id string) ([]*Message, error) {
	all, err := db.Select(tx, (*Message).columns, "mailbox_message WHERE about = $1 AND about_id = $2 ORDER BY id", about, id)
	for _, m := range all {
		m.split()
	}
	return all, err
}

func waiting(tx *db.Tx, agency string) (int, error) {
	return tx.Count("SELECT count(*) FROM mailbox_message WHERE agency = $1 AND state = 'new' AND kind = 'letter'", agency)
}

// file is a row of an attachment.
type file struct {
	id, message, sealed string
	no, size            int64
}

func (f *file) columns() db.Columns {
	return db.Columns{db.Col("id", &f.id), db.Col("message", &f.message), db.Col("no", &f.no), db.Col("size", &f.size), db.Col("sealed", &f.sealed)}
}

func filesOf(tx *db.Tx, message string) ([]*file, error) {
	return db.Select(tx, (*file).columns, "mailbox_file WHERE message = $1 ORDER BY no", message)
}

// fade forgets what discarded mail said. That it came, and why it was discarded, stays.
func fade(tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(`DELETE FROM mailbox_file WHERE message IN
		(SELECT id FROM mailbox_message WHERE state = 'discarded' AND ended_at < $1)`, before)
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE mailbox_message SET sealed = '', version = version + 1 WHERE state = 'discarded' AND ended_at < $1 AND sealed <> ''", before)
	return err
}

// mark is how far a mailbox was read.
type mark struct {
	ID       string
	Validity int64
	Next     int64
	Since    date.Date
	Read     time.Time
	Trouble  string
}

func (k *mark) columns() db.Columns {
	return db.Columns{db.Col("id", &k.ID), db.Col("validity", &k.Validity), db.Col("next_uid", &k.Next), db.Col("since", &k.Since),
		db.Col("read_at", &k.Read), db.Col("trouble", &k.Trouble)}
}

func loadMark(tx *db.Tx, id string) (*mark, error) {
	return db.Get(tx, (*mark).columns, "mailbox_mark WHERE id = $1", id)
}

func (k *mark) save(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO mailbox_mark (id, validity, next_uid, since, read_at, trouble) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET validity = $2, next_uid = $3, since = $4, read_at = $5, trouble = $6`,
		k.ID, k.Validity, k.Next, k.Since, k.Read, k.Trouble)
	return err
}
