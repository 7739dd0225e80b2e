package audit

import (
	"errors"
	"strconv"
	"strings"

	"gongkai/internal/db"
)

func (r *Record) columns() db.Columns {
	return db.Columns{
		db.Col("seq", &r.Seq), db.Col("at", &r.At), db.Col("actor", &r.Actor), db.Col("actor_name", &r.ActorName),
		db.Col("behalf", &r.Behalf), db.Col("remote", &r.Remote), db.Col("agency", &r.Agency), db.Col("act", &r.Act),
		db.Col("subject", &r.Subject), db.Col("subject_id", &r.SubjectID), db.Col("version", &r.Version),
		db.Col("title", &r.Title), db.Col("cite", &r.Cite), db.Col("reason", &r.Reason), db.Col("detail", &r.Detail),
		db.Col("previous", &r.Previous), db.Col("digest", &r.Digest),
	}
}

// next takes the next number and returns it with the digest of the entry before. The row
// it changes makes entries of concurrent acts stand one after the other, without gaps.
func next(tx *db.Tx) (seq int64, previous string, err error) {
	err = tx.One([]any{&seq, &previous},
		"UPDATE audit_head SET seq = seq + 1 WHERE id = 'head' RETURNING seq, digest")
	return seq, previous, err
}

func (r *Record) write(tx *db.Tx) error {
	if err := tx.Insert("audit_entry", r.columns()); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE audit_head SET digest = $1 WHERE id = 'head'", r.Digest)
	return err
}

// each calls row for every entry, the first first, one in memory at a time.
func each(tx *db.Tx, row func(r *Record) error) error {
	return tx.Each("SELECT "+(&Record{}).columns().Names()+" FROM audit_entry ORDER BY seq",
		func(scan func(...any) error) error {
			r := &Record{}
			if err := scan(r.columns().Pointers()...); err != nil {
				return err
			}
			return row(r)
		})
}

// head returns the number and digest that the next entry will follow.
func head(tx *db.Tx) (a Anchor, err error) {
	err = tx.One([]any{&a.Seq, &a.Digest}, "SELECT seq, digest FROM audit_head WHERE id = 'head'")
	if errors.Is(err, db.ErrNone) {
		return Anchor{}, nil
	}
	return a, err
}

// get returns one entry.
func get(tx *db.Tx, seq int64) (*Record, error) {
	return db.Get(tx, (*Record).columns, "audit_entry WHERE seq = $1", seq)
}

// find returns the entries of a query, the latest first; for a page that ends before a row,
// the earliest first.
func find(tx *db.Tx, q Query) ([]*Record, error) {
	c := conditions{}
	c.text("agency = ", q.Agency)
	c.text("actor = ", q.Actor)
	c.text("act = ", string(q.Act))
	c.text("subject = ", q.Subject)
	c.text("subject_id = ", q.ID)
	if q.Text != "" {
		mark := c.mark("%" + likeEscape.Replace(strings.ToLower(q.Text)) + "%")
		c.all = append(c.all, "(lower(title) LIKE "+mark+` ESCAPE '\' OR lower(reason) LIKE `+mark+
			` ESCAPE '\' OR lower(actor_name) LIKE `+mark+` ESCAPE '\')`)
	}
	if !q.From.IsZero() {
		c.all = append(c.all, "at >= "+c.mark(begin(q.From)))
	}
	if !q.To.IsZero() {
		c.all = append(c.all, "at < "+c.mark(begin(q.To.Plus(1))))
	}
	order := " ORDER BY seq DESC"
	if q.After > 0 {
		c.all = append(c.all, "seq < "+c.mark(q.After))
	}
	if q.Before > 0 {
		c.all, order = append(c.all, "seq > "+c.mark(q.Before)), " ORDER BY seq"
	}
	rest := "audit_entry"
	if len(c.all) > 0 {
		rest += " WHERE " + strings.Join(c.all, " AND ")
	}
	rest += order + " LIMIT " + c.mark(q.Limit)
	return db.Select(tx, (*Record).columns, rest, c.args...)
}

// likeEscape takes their meaning from the signs of a pattern.
var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// conditions are those of a query, with their values.
type conditions struct {
	all  []string
	args []any
}

func (c *conditions) mark(value any) string {
	c.args = append(c.args, value)
	return "$" + strconv.Itoa(len(c.args))
}

func (c *conditions) text(condition, value string) {
	if value != "" {
		c.all = append(c.all, condition+c.mark(value))
	}
}

// Of returns every entry about a record, the first first. The caller has checked that who asks may
// see the whole record.
func Of(tx *db.Tx, subject, id string) ([]*Record, error) {
	return db.Select(tx, (*Record).columns, "audit_entry WHERE subject = $1 AND subject_id = $2 ORDER BY seq", subject, id)
}
