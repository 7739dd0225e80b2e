package normative

import (
	"errors"
	"fmt"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

func (r *Record) columns() db.Columns {
	return db.Columns{
		db.Col("id", &r.ID), db.Col("agency", &r.Agency), db.Col("kind", &r.Kind), db.Col("title", &r.Title),
		db.Col("doc_no", &r.DocNo), db.Col("item", &r.Item), db.Col("state", &r.State),
		db.Col("trial", &r.Trial), db.Col("market", &r.Market), db.Col("important", &r.Important),
		db.Col("interpret", &r.Interpret), db.Col("steps", db.JSON(&r.Steps)),
		db.Col("adopted_on", &r.AdoptedOn), db.Col("issued_on", &r.IssuedOn), db.Col("published_on", &r.PublishedOn),
		db.Col("effective_on", &r.EffectiveOn), db.Col("expires_on", &r.ExpiresOn), db.Col("headnote", &r.Headnote),
		db.Col("changes", db.JSON(&r.Changes)), db.Col("ended_on", &r.EndedOn), db.Col("ended_by", &r.EndedBy),
		db.Col("reason", &r.Reason), db.Col("successor", &r.Successor), db.Col("interpretation", &r.Interpretation),
		db.Col("interpreted_on", &r.InterpretedOn), db.Col("filed_on", &r.FiledOn), db.Col("filed_no", &r.FiledNo),
		db.Col("version", &r.Version), db.Col("created_at", &r.CreatedAt),
	}
}

// sortKey orders lists by the day of issue, drafts by the day they were entered.
func (r *Record) sortKey() string {
	day := r.IssuedOn
	if day.IsZero() {
		day = date.Of(r.CreatedAt.In(date.China))
	}
	return day.String() + " " + r.ID
}

func (r *Record) writeColumns() db.Columns {
	key := r.sortKey()
	return append(r.columns(), db.Col("sort_key", &key))
}

func load(tx *db.Tx, id string) (*Record, error) {
	r, err := db.Get(tx, (*Record).columns, "normative_record WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return r, err
}

// insert writes a new record. The number of another record of the body is refused.
func insert(tx *db.Tx, r *Record) error {
	r.Version = 1
	return numbered(tx.Insert("normative_record", r.writeColumns()), r)
}

// save writes r as its next version. It fails if someone else wrote that first.
func save(tx *db.Tx, r *Record) error {
	r.Version++
	ok, err := tx.Save("normative_record", r.ID, r.Version-1, r.writeColumns())
	if err == nil && !ok {
		return ErrStale
	}
	return numbered(err, r)
}

func numbered(err error, r *Record) error {
	if db.IsUnique(err, "normative_record", "agency", "doc_no") {
		return ErrTaken.With("no", r.DocNo)
	}
	return err
}

// due loads what time alone moves on: published records that take effect by today, and records
// in force whose term ended before.
func due(tx *db.Tx, today date.Date) ([]*Record, error) {
	return db.Select(tx, (*Record).columns, `normative_record
		WHERE state = 'published' AND effective_on <= $1
		OR state IN ('in_force', 'amended') AND expires_on < $1 ORDER BY id`, today)
}

// all loads every published record of a body, for counting.
func all(tx *db.Tx, agency string) ([]*Record, error) {
	return db.Select(tx, (*Record).columns, `normative_record WHERE agency = $1
		AND state NOT IN ('drafting', 'consultation', 'legal_review', 'decided', 'numbered', 'dropped') ORDER BY sort_key`, agency)
}

// watched loads what may still owe an interpretation, a filing of what was published since a day,
// or an evaluation of what expires before another.
func watched(tx *db.Tx, agency string, since, before date.Date) ([]*Record, error) {
	return db.Select(tx, (*Record).columns, `normative_record WHERE agency = $1 AND state IN ('published', 'in_force', 'amended')
		AND (interpret AND interpreted_on IS NULL OR filed_on IS NULL AND published_on >= $2 OR expires_on < $3) ORDER BY sort_key`,
		agency, since, before)
}

// Filter narrows a list of records.
type Filter struct {
	Agency string
	Kind   Kind
	States []State
	Year   int    // of issue
	Text   string // in title or number
	After  string // sort key of the last row before the page
	Before string // sort key of the first row after the page
	Up     bool   // oldest first
	Limit  int
}

// where builds the condition of a list.
func (f Filter) where() (string, []any) {
	cond, args := "agency = $1", []any{f.Agency}
	add := func(format string, vs ...any) {
		n := make([]any, len(vs))
		for i, v := range vs {
			args = append(args, v)
			n[i] = len(args)
		}
		cond += " AND " + fmt.Sprintf(format, n...)
	}
	if f.Kind != "" {
		add("kind = $%d", f.Kind)
	}
	if len(f.States) > 0 {
		marks, values := db.In(len(args), f.States)
		cond, args = cond+" AND state IN "+marks, append(args, values...)
	}
	if first, ok := date.New(f.Year, 1, 1); ok {
		add("issued_on BETWEEN $%d AND $%d", first, date.Must(f.Year, 12, 31))
	}
	if f.Text != "" {
		like := "%" + strings.ToLower(f.Text) + "%"
		add("(lower(title) LIKE $%d OR lower(doc_no) LIKE $%d)", like, like)
	}
	lower, upper := f.After, f.Before
	if !f.Up {
		lower, upper = upper, lower
	}
	if lower != "" {
		add("sort_key > $%d", lower)
	}
	if upper != "" {
		add("sort_key < $%d", upper)
	}
	return cond, args
}

// list loads a page of records in the order asked for, and one more row if others follow.
func list(tx *db.Tx, f Filter) ([]*Record, error) {
	cond, args := f.where()
	back := f.Before != "" && f.After == ""
	down := f.Up == back
	order := "sort_key"
	if down {
		order = "sort_key DESC"
	}
	return db.Select(tx, (*Record).columns, fmt.Sprintf("normative_record WHERE %s ORDER BY %s LIMIT %d", cond, order, f.Limit+1), args...)
}

func count(tx *db.Tx, f Filter) (int, error) {
	f.After, f.Before = "", ""
	cond, args := f.where()
	return tx.Count("SELECT count(*) FROM normative_record WHERE "+cond, args...)
}

func (c *Cleaning) columns() db.Columns {
	return db.Columns{
		db.Col("id", &c.ID), db.Col("agency", &c.Agency), db.Col("title", &c.Title), db.Col("as_of", &c.AsOf),
		db.Col("lines", db.JSON(&c.Lines)), db.Col("decided_on", &c.DecidedOn), db.Col("decided_by", &c.DecidedBy),
		db.Col("version", &c.Version), db.Col("created_at", &c.CreatedAt),
	}
}

func loadCleaning(tx *db.Tx, id string) (*Cleaning, error) {
	c, err := db.Get(tx, (*Cleaning).columns, "normative_cleaning WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return c, err
}

func cleanings(tx *db.Tx, agency string) ([]*Cleaning, error) {
	return db.Select(tx, (*Cleaning).columns, "normative_cleaning WHERE agency = $1 ORDER BY as_of DESC, id DESC", agency)
}

func (c *Cleaning) save(tx *db.Tx) error {
	c.Version++
	if c.Version == 1 {
		return tx.Insert("normative_cleaning", c.columns())
	}
	ok, err := tx.Save("normative_cleaning", c.ID, c.Version-1, c.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

// ofItem loads the record whose text is an item; of several the latest.
func ofItem(tx *db.Tx, item string) (*Record, error) {
	return db.Get(tx, (*Record).columns, "normative_record WHERE item = $1 AND item <> '' ORDER BY sort_key DESC LIMIT 1", item)
}

// named loads an agency's record by its number, its title or its key; of several the latest.
func named(tx *db.Tx, agency, name string) (*Record, error) {
	return db.Get(tx, (*Record).columns, `normative_record WHERE agency = $1 AND (doc_no = $2 OR title = $2 OR id = $2) AND $2 <> ''
		ORDER BY sort_key DESC LIMIT 1`, agency, name)
}

// mostReplaced bounds the predecessors a document's page names.
const mostReplaced = 20

// replacedBy lists the items with the texts of the documents a record took the place of.
func replacedBy(tx *db.Tx, record string) (items []string, err error) {
	err = tx.Each("SELECT item FROM normative_record WHERE successor = $1 AND item <> '' ORDER BY sort_key DESC LIMIT $2", func(scan func(...any) error) error {
		var item string
		err := scan(&item)
		items = append(items, item)
		return err
	}, record, mostReplaced)
	return items, err
}
