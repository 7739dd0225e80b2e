package db

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/date"
)

// kind is what a column holds, the same on both engines.
type kind string

const (
	text    kind = "text"
	number  kind = "number"
	truth   kind = "truth"
	day     kind = "day"
	moment  kind = "moment"
	octets  kind = "octets"
	decimal kind = "decimal"
)

// kinds are the engines' names of them.
var kinds = map[string]kind{
	"text": text, "character varying": text, "bigint": number, "integer": number, "boolean": truth, "date": day,
	"timestamptz": moment, "timestamp with time zone": moment, "blob": octets, "bytea": octets,
	"double precision": decimal, "real": decimal,
}

// Table is a table as backups and copies see it.
type Table struct {
	Name    string
	Columns []string
	kinds   []kind
	seeded  bool // a migration itself writes rows
}

var (
	creates = regexp.MustCompile(`(?mi)^CREATE TABLE (?:IF NOT EXISTS )?(\w+)`)
	seeds   = regexp.MustCompile(`(?mi)^INSERT INTO (\w+)`)
)

// Tables returns the tables there are, each after those its rows refer to: in the order in
// which migrations make them.
func (tx *Tx) Tables() ([]Table, error) {
	var all []Table
	names, seeded, err := tableNames(migrations)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		t := Table{Name: name, seeded: slices.Contains(seeded, name)}
		if err := tx.describe(&t); err != nil {
			return nil, err
		}
		if len(t.Columns) > 0 {
			all = append(all, t)
		}
	}
	return all, nil
}

func tableNames(tree fs.FS) (names, seeded []string, err error) {
	all, err := readMigrations(tree)
	for _, m := range all {
		for _, found := range creates.FindAllStringSubmatch(m.text, -1) {
			names = append(names, found[1])
		}
		for _, found := range seeds.FindAllStringSubmatch(m.text, -1) {
			seeded = append(seeded, found[1])
		}
	}
	return names, seeded, err
}

// describe asks the engine for a table's columns; of one that is not there it finds none.
func (tx *Tx) describe(t *Table) error {
	query := "SELECT name, type FROM pragma_table_info($1) ORDER BY name"
	if tx.d.Engine == PostgreSQL {
		query = `SELECT column_name, data_type FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 ORDER BY column_name COLLATE "C"`
	}
	return tx.Each(query, func(scan func(...any) error) error {
		var name, kind string
		if err := scan(&name, &kind); err != nil {
			return err
		}
		k, known := kinds[strings.ToLower(kind)]
		if !known {
			return fmt.Errorf("column %s.%s is of type %s, which cannot be copied", t.Name, name, kind)
		}
		t.Columns, t.kinds = append(t.Columns, name), append(t.kinds, k)
		return nil
	}, t.Name)
}

// Row is a row's values in the order of its table's columns, in a form both engines take:
// nil, string, int64, float64, bool, []byte, date.Date or time.Time.
type Row []any

// EachRow calls row for each row of t, one in memory at a time.
func (tx *Tx) EachRow(t Table, row func(Row) error) error {
	query := "SELECT " + strings.Join(t.Columns, ", ") + " FROM " + t.Name
	return tx.Each(query, func(scan func(...any) error) error {
		cells := make([]any, len(t.kinds))
		for i, k := range t.kinds {
			cells[i] = cell(k)
		}
		if err := scan(cells...); err != nil {
			return err
		}
		r := make(Row, len(cells))
		for i, c := range cells {
			r[i] = valueOf(c)
		}
		return row(r)
	})
}

func cell(k kind) any {
	switch k {
	case number:
		return new(sql.NullInt64)
	case truth:
		return new(sql.NullBool)
	case day:
		return new(date.Date)
	case moment:
		return new(time.Time)
	case octets:
		return new([]byte)
	case decimal:
		return new(sql.NullFloat64)
	}
	return new(sql.NullString)
}

func valueOf(cell any) any {
	switch c := cell.(type) {
	case *sql.NullInt64:
		v, _ := c.Value()
		return v
	case *sql.NullBool:
		v, _ := c.Value()
		return v
	case *sql.NullFloat64:
		v, _ := c.Value()
		return v
	case *sql.NullString:
		v, _ := c.Value()
		return v
	case *date.Date:
		return *c
	case *time.Time:
		return *c
	case *[]byte:
		if *c == nil {
			return nil
		}
		return *c
	}
	return nil
}

// MarshalJSON writes a row as an array.
func (r Row) MarshalJSON() ([]byte, error) {
	out := make([]any, len(r))
	for i, v := range r {
		switch v := v.(type) {
		case date.Date:
			if !v.IsZero() {
				out[i] = v.String()
			}
		case time.Time:
			if !v.IsZero() {
				out[i] = v.UTC().Format(instant)
			}
		case []byte:
			out[i] = base64.StdEncoding.EncodeToString(v)
		default:
			out[i] = v
		}
	}
	return json.Marshal(out)
}

// ReadRow reads what MarshalJSON wrote of a row of t.
func (t Table) ReadRow(line []byte) (Row, error) {
	var cells []json.RawMessage
	if err := json.Unmarshal(line, &cells); err != nil {
		return nil, fmt.Errorf("read a row of %s: %w", t.Name, err)
	}
	if len(cells) != len(t.kinds) {
		return nil, fmt.Errorf("read a row of %s: it has %d values, want %d", t.Name, len(cells), len(t.kinds))
	}
	r := make(Row, len(cells))
	for i, c := range cells {
		v, err := readCell(t.kinds[i], c)
		if err != nil {
			return nil, fmt.Errorf("read %s.%s: %w", t.Name, t.Columns[i], err)
		}
		r[i] = v
	}
	return r, nil
}

func readCell(k kind, c json.RawMessage) (any, error) {
	if string(c) == "null" {
		return nil, nil
	}
	switch k {
	case number:
		return strconv.ParseInt(string(c), 10, 64)
	case decimal:
		return strconv.ParseFloat(string(c), 64)
	case truth:
		return strconv.ParseBool(string(c))
	}
	var s string
	if err := json.Unmarshal(c, &s); err != nil {
		return nil, err
	}
	switch k {
	case day:
		return date.Parse(s)
	case moment:
		return time.Parse(instant, s)
	case octets:
		return base64.StdEncoding.DecodeString(s)
	}
	return s, nil
}

// mostValues is how many values one statement takes: the lower of the engines' bounds, halved.
const mostValues = 16000

// Load inserts rows into t as next returns them, several a statement, until it returns nil.
func (tx *Tx) Load(t Table, next func() (Row, error)) (n int64, err error) {
	batch := min(200, mostValues/len(t.Columns))
	var args []any
	flush := func() error {
		if len(args) == 0 {
			return nil
		}
		_, err := tx.Exec(insertMany(t, len(args)/len(t.Columns)), args...)
		args = args[:0]
		return err
	}
	for {
		r, err := next()
		if err != nil {
			return n, err
		}
		if r == nil {
			return n, flush()
		}
		args = append(args, r...)
		n++
		if len(args) == batch*len(t.Columns) {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
}

func insertMany(t Table, rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + t.Name + " (" + strings.Join(t.Columns, ", ") + ") VALUES ")
	n := 0
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		for j := range t.Columns {
			n++
			b.WriteString(map[bool]string{true: "(", false: ", "}[j == 0] + "$" + strconv.Itoa(n))
		}
		b.WriteString(")")
	}
	return b.String()
}

// CountRows returns how many rows t has.
func (tx *Tx) CountRows(t Table) (n int64, err error) {
	err = tx.One([]any{&n}, "SELECT count(*) FROM "+t.Name)
	return n, err
}

// Clear readies a database nobody has used for the rows of another: it takes away what
// migrations themselves wrote, and refuses with ErrUsed when there is anything else.
func (tx *Tx) Clear(tables []Table) error {
	for _, t := range tables {
		n, err := tx.CountRows(t)
		if err != nil {
			return err
		}
		if n > 0 && !t.seeded {
			return ErrUsed.With("table", t.Name)
		}
	}
	for _, t := range slices.Backward(tables) {
		if !t.seeded {
			continue
		}
		if _, err := tx.Exec("DELETE FROM " + t.Name); err != nil {
			return err
		}
	}
	return nil
}

// Migrations returns the names and check sums of the migrations applied, in order.
func (tx *Tx) Migrations() (names, sums []string, err error) {
	err = tx.Each("SELECT name, checksum FROM db_migration ORDER BY name", func(scan func(...any) error) error {
		var name, sum string
		if err := scan(&name, &sum); err != nil {
			return err
		}
		names, sums = append(names, name), append(sums, sum)
		return nil
	})
	return names, sums, err
}

// Pending returns the migrations that Migrate would apply.
func (d *DB) Pending(ctx context.Context) (left []string, err error) {
	if err := d.migrationTable(ctx); err != nil {
		return nil, err
	}
	all, err := readMigrations(migrations)
	if err != nil {
		return nil, err
	}
	err = d.View(ctx, func(tx *Tx) error {
		done, _, err := tx.Migrations()
		left = nil
		for _, m := range all {
			if !slices.Contains(done, m.name) {
				left = append(left, m.name)
			}
		}
		return err
	})
	return left, err
}

// MigrateAs brings an empty database to the state of another, which had these migrations:
// a backup's. It fails with ErrNewer when the program does not know one of them, and with
// ErrChanged when one was another then.
func (d *DB) MigrateAs(ctx context.Context, names, sums []string) error {
	all, err := readMigrations(migrations)
	if err != nil {
		return err
	}
	if err := d.migrationTable(ctx); err != nil {
		return err
	}
	for i, name := range names {
		at := slices.IndexFunc(all, func(m migration) bool { return m.name == name })
		switch {
		case at < 0:
			return ErrNewer.With("name", name)
		case all[at].checksum != sums[i]:
			return ErrChanged.With("name", name)
		}
		if err := d.apply(ctx, all[at]); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}
