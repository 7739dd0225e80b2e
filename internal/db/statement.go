package db

import (
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"gongkai/internal/date"
)

// Exec runs a statement and returns how many rows it changed.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	s, err := tx.prepare(query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(tx.ctx, binds(args)...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", brief(query), err)
	}
	return r.RowsAffected()
}

// Each calls row for every row of a query, in its order. No other statement may run in
// the transaction until it returns: collect first.
func (tx *Tx) Each(query string, row func(scan func(dest ...any) error) error, args ...any) error {
	s, err := tx.prepare(query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(tx.ctx, binds(args)...)
	if err != nil {
		return fmt.Errorf("%s: %w", brief(query), err)
	}
	defer rows.Close()
	scan := func(dest ...any) error { return rows.Scan(targets(dest)...) }
	for rows.Next() {
		if err := row(scan); err != nil {
			return fmt.Errorf("%s: %w", brief(query), err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", brief(query), err)
	}
	return nil
}

// One scans the first row of a query into dest, or returns ErrNone.
func (tx *Tx) One(dest []any, query string, args ...any) error {
	s, err := tx.prepare(query)
	if err != nil {
		return err
	}
	err = s.QueryRowContext(tx.ctx, binds(args)...).Scan(targets(dest)...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNone
	}
	if err != nil {
		return fmt.Errorf("%s: %w", brief(query), err)
	}
	return nil
}

// Count returns the number that a query such as SELECT count(*) … gives.
func (tx *Tx) Count(query string, args ...any) (n int, err error) {
	err = tx.One([]any{&n}, query, args...)
	return n, err
}

// Lock makes other transactions that lock the same name wait until this one ends. It is
// for rules that span rows no single version guards.
func (tx *Tx) Lock(name string) error {
	_, err := tx.Exec(`INSERT INTO db_lock (name, taken) VALUES ($1, 1)
		ON CONFLICT (name) DO UPDATE SET taken = db_lock.taken + 1`, name)
	return err
}

// prepare keeps a transaction's statements, so that one which inserts a thousand rows
// has its text read once.
func (tx *Tx) prepare(query string) (*sql.Stmt, error) {
	if s, known := tx.stmts[query]; known {
		return s, nil
	}
	s, err := tx.tx.PrepareContext(tx.ctx, query)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", brief(query), err)
	}
	if tx.stmts == nil {
		tx.stmts = map[string]*sql.Stmt{}
	}
	tx.stmts[query] = s
	return s, nil
}

// brief is a statement as an error names it: its beginning, without values.
func brief(query string) string {
	q := []rune(strings.Join(strings.Fields(query), " "))
	if len(q) > 60 {
		return string(q[:60]) + "…"
	}
	return string(q)
}

// Column is a column's name and the address of its value in a record.
type Column struct {
	Name string
	ptr  any
}

// Columns are a record's columns, named once for every statement about it.
type Columns []Column

// Col pairs a column with the address of its value: of a string, number, bool or bytes,
// of a type made from one, of a date.Date (NULL when zero), a time.Time (NULL when zero),
// or what JSON returns.
func Col(name string, ptr any) Column { return Column{name, ptr} }

// Of returns the column as one of a table that a join calls so.
func (c Column) Of(table string) Column { return Column{table + "." + c.Name, c.ptr} }

// Names returns the columns' names for a SELECT list.
func (c Columns) Names() string {
	names := make([]string, len(c))
	for i, one := range c {
		names[i] = one.Name
	}
	return strings.Join(names, ", ")
}

// Pointers returns the addresses of the columns' values, for the scan of a row read with Each.
func (c Columns) Pointers() []any {
	all := make([]any, len(c))
	for i, one := range c {
		all[i] = one.ptr
	}
	return all
}

// values binds what the columns' pointers point at.
func (c Columns) values() []any {
	all := make([]any, len(c))
	for i, one := range c {
		all[i] = pointee(one.ptr)
	}
	return all
}

// Insert writes a new row.
func (tx *Tx) Insert(table string, c Columns) error {
	marks := make([]string, len(c))
	for i := range c {
		marks[i] = "$" + strconv.Itoa(i+1)
	}
	_, err := tx.Exec("INSERT INTO "+table+" ("+c.Names()+") VALUES ("+strings.Join(marks, ", ")+")", c.values()...)
	return err
}

// Save writes the columns of the row with this id if its version is still the one given,
// and reports whether it was. The columns hold the new version.
func (tx *Tx) Save(table, id string, version int64, c Columns) (bool, error) {
	set := make([]string, len(c))
	for i, one := range c {
		set[i] = one.Name + " = $" + strconv.Itoa(i+1)
	}
	query := "UPDATE " + table + " SET " + strings.Join(set, ", ") +
		" WHERE id = $" + strconv.Itoa(len(c)+1) + " AND version = $" + strconv.Itoa(len(c)+2)
	n, err := tx.Exec(query, append(c.values(), id, version)...)
	return n == 1, err
}

// Select loads records: rest is what follows FROM.
func Select[T any](tx *Tx, columns func(*T) Columns, rest string, args ...any) ([]*T, error) {
	var all []*T
	query := "SELECT " + columns(new(T)).Names() + " FROM " + rest
	err := tx.Each(query, func(scan func(...any) error) error {
		one := new(T)
		all = append(all, one)
		return scan(columns(one).Pointers()...)
	}, args...)
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Get loads one record, or returns ErrNone: rest is what follows FROM.
func Get[T any](tx *Tx, columns func(*T) Columns, rest string, args ...any) (*T, error) {
	one := new(T)
	c := columns(one)
	if err := tx.One(c.Pointers(), "SELECT "+c.Names()+" FROM "+rest, args...); err != nil {
		return nil, err
	}
	return one, nil
}

// In returns "($3, $4, $5)" for three values after two others, and the values as
// arguments. Of no values it makes a list nothing is in.
func In[T any](before int, values []T) (marks string, args []any) {
	if len(values) == 0 {
		return "(NULL)", nil
	}
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = "$" + strconv.Itoa(before+i+1)
		args = append(args, v)
	}
	return "(" + strings.Join(list, ", ") + ")", args
}

// IsUnique reports whether err is the refusal of a second row with the same values in
// these columns of table, which a unique index forbids.
func IsUnique(err error, table string, columns ...string) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code == "23505" && p.TableName == table &&
			strings.HasPrefix(p.Detail, "Key ("+strings.Join(columns, ", ")+")=")
	}
	var s *sqlite.Error
	if !errors.As(err, &s) || s.Code()&0xff != sqliteConstraint {
		return false
	}
	full := make([]string, len(columns))
	for i, c := range columns {
		full[i] = table + "." + c
	}
	_, list, found := strings.Cut(s.Error(), "UNIQUE constraint failed: ")
	if i := strings.LastIndex(list, " ("); i > 0 { // the code at its end
		list = list[:i]
	}
	return found && list == strings.Join(full, ", ")
}

// IsForeignKey reports whether err is the refusal of a row that refers to none, or of
// taking away one that others refer to.
func IsForeignKey(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code == "23503"
	}
	var s *sqlite.Error
	return errors.As(err, &s) && s.Code() == sqliteForeignKey
}

const (
	sqliteConstraint = 19
	sqliteForeignKey = 787
)

// Today returns the civil day of the transaction, in the one zone China has.
func (tx *Tx) Today() date.Date { return date.Of(tx.Now.In(date.China)) }
