package credit

import (
	"errors"
	"fmt"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Masked returns the name anybody may see.
func (d *Decision) Masked() string {
	if d.Natural {
		return Mask(d.Name)
	}
	return d.Name
}

// row is a decision as the table has it.
type row struct {
	Decision
	plain, masked, sortKey string
}

func (r *row) columns() db.Columns {
	d := &r.Decision
	return db.Columns{
		db.Col("id", &d.ID), db.Col("agency", &d.Agency), db.Col("kind", &d.Kind), db.Col("state", &d.State),
		db.Col("no", &d.No), db.Col("decided_on", &d.DecidedOn), db.Col("name", &r.plain), db.Col("sealed", &d.sealed),
		db.Col("masked", &r.masked), db.Col("person", &d.Natural), db.Col("fine", &d.Fine), db.Col("fields", db.JSON(&d.Fields)),
		db.Col("published_on", &d.PublishedOn), db.Col("show_until", &d.ShowUntil), db.Col("reason", &d.Reason),
		db.Col("overturned", &d.Overturned), db.Col("ended_on", &d.EndedOn), db.Col("batch", &d.Batch),
		db.Col("sort_key", &r.sortKey), db.Col("version", &d.Version), db.Col("created_at", &d.CreatedAt),
	}
}

// rowOf prepares a decision for the table. A natural person's name stands there sealed only.
func rowOf(d *Decision) *row {
	r := &row{Decision: *d, plain: d.Name, masked: d.Masked(), sortKey: d.sortKey()}
	if d.Natural {
		r.plain = ""
	}
	return r
}

func (d *Decision) sortKey() string { return d.DecidedOn.String() + " " + d.ID }

// decision is what the table's row tells without its keys: of a natural person the masked name.
func (r *row) decision() *Decision {
	d := r.Decision
	d.Name = r.plain
	if d.Natural {
		d.Name = r.masked
	}
	return &d
}

func insert(tx *db.Tx, d *Decision) error {
	d.Version = 1
	return tx.Insert("credit_decision", rowOf(d).columns())
}

// change writes the columns an act may change.
func change(tx *db.Tx, d *Decision) error {
	d.Version++
	ok, err := tx.Save("credit_decision", d.ID, d.Version-1, db.Columns{
		db.Col("state", &d.State), db.Col("published_on", &d.PublishedOn), db.Col("show_until", &d.ShowUntil),
		db.Col("reason", &d.Reason), db.Col("overturned", &d.Overturned), db.Col("ended_on", &d.EndedOn),
		db.Col("version", &d.Version),
	})
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func load(tx *db.Tx, id string) (*Decision, error) {
	r, err := db.Get(tx, (*row).columns, "credit_decision WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, err
	}
	return r.decision(), nil
}

func pick(tx *db.Tx, rest string, args ...any) ([]*Decision, error) {
	rows, err := db.Select(tx, (*row).columns, "credit_decision WHERE "+rest, args...)
	if err != nil {
		return nil, err
	}
	all := make([]*Decision, len(rows))
	for i, r := range rows {
		all[i] = r.decision()
	}
	return all, nil
}

// known returns which of these numbers a body's decisions of a kind bear already.
func known(tx *db.Tx, agency string, kind Kind, numbers []string) (map[string]*Decision, error) {
	all := map[string]*Decision{}
	const step = 400 // parameters in one statement
	for len(numbers) > 0 {
		part := numbers[:min(step, len(numbers))]
		numbers = numbers[len(part):]
		marks, args := db.In(2, part)
		found, err := pick(tx, "agency = $1 AND kind = $2 AND no IN "+marks, append([]any{agency, kind}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			all[d.No] = d
		}
	}
	return all, nil
}

// over loads what is shown and whose last day is past.
func over(tx *db.Tx, today date.Date) ([]*Decision, error) {
	return pick(tx, "state = 'shown' AND show_until < $1 ORDER BY id", today)
}

// waiting loads what is to be shown or withdrawn.
func waiting(tx *db.Tx, agency string) ([]*Decision, error) {
	return pick(tx, `agency = $1 AND (state = 'recorded' AND kind <> 'measure' OR state = 'shown' AND overturned IS NOT NULL)
		ORDER BY sort_key`, agency)
}

// oldest counts what waits to be shown and to be withdrawn, with the day each count runs from.
func oldest(tx *db.Tx, agency string) (show, withdraw int, decided, overturned date.Date, err error) {
	err = tx.One([]any{&show, &decided}, `SELECT count(*), min(decided_on) FROM credit_decision
		WHERE agency = $1 AND state = 'recorded' AND kind <> 'measure'`, agency)
	if err == nil {
		err = tx.One([]any{&withdraw, &overturned}, `SELECT count(*), min(overturned) FROM credit_decision
			WHERE agency = $1 AND state = 'shown' AND overturned IS NOT NULL`, agency)
	}
	return show, withdraw, decided, overturned, err
}

// decided loads the keys of all decisions of a kind in a year, whatever became of them.
func decided(tx *db.Tx, agency string, kind Kind, year int) (ids []string, err error) {
	first, last := date.Must(year, 1, 1), date.Must(year, 12, 31)
	err = tx.Each(`SELECT id FROM credit_decision WHERE agency = $1 AND kind = $2 AND decided_on BETWEEN $3 AND $4 ORDER BY sort_key`,
		func(scan func(...any) error) error {
			var id string
			defer func() { ids = append(ids, id) }()
			return scan(&id)
		}, agency, kind, first, last)
	return ids, err
}

// Filter narrows a list.
type Filter struct {
	Agency        string
	Kind          Kind
	State         State
	Year          int
	Text          string // in the masked name or the number
	After, Before string
	Up            bool
	Limit         int
}

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
	if f.State != "" {
		add("state = $%d", f.State)
	}
	if first, ok := date.New(f.Year, 1, 1); ok {
		add("decided_on BETWEEN $%d AND $%d", first, date.Must(f.Year, 12, 31))
	}
	if f.Text != "" {
		like := "%" + strings.ToLower(f.Text) + "%"
		add("(lower(masked) LIKE $%d OR lower(no) LIKE $%d)", like, like)
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

func list(tx *db.Tx, f Filter) ([]*Decision, error) {
	cond, args := f.where()
	order := "sort_key"
	if f.Up == (f.Before != "" && f.After == "") {
		order = "sort_key DESC"
	}
	return pick(tx, fmt.Sprintf("%s ORDER BY %s LIMIT %d", cond, order, f.Limit+1), args...)
}

func count(tx *db.Tx, f Filter) (int, error) {
	f.After, f.Before = "", ""
	cond, args := f.where()
	return tx.Count("SELECT count(*) FROM credit_decision WHERE "+cond, args...)
}

func (f *Fee) columns() db.Columns {
	return db.Columns{
		db.Col("id", &f.ID), db.Col("agency", &f.Agency), db.Col("year", &f.Year), db.Col("name", &f.Name),
		db.Col("basis", &f.Basis), db.Col("standard", &f.Standard), db.Col("amount", &f.Amount),
		db.Col("retracted", &f.Retracted), db.Col("version", &f.Version), db.Col("created_at", &f.CreatedAt),
	}
}

func loadFee(tx *db.Tx, id string) (*Fee, error) {
	f, err := db.Get(tx, (*Fee).columns, "credit_fee WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return f, err
}

func fees(tx *db.Tx, agency string, year int64) ([]*Fee, error) {
	return db.Select(tx, (*Fee).columns, "credit_fee WHERE agency = $1 AND year = $2 AND NOT retracted ORDER BY name, id", agency, year)
}

func (f *Fee) save(tx *db.Tx) error {
	f.Version++
	if f.Version == 1 {
		return tx.Insert("credit_fee", f.columns())
	}
	ok, err := tx.Save("credit_fee", f.ID, f.Version-1, f.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}
