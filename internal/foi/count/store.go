package count

import (
	"errors"
	"fmt"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
)

// Every statement here reads one of the indexes foi_request_received and foi_request_closed
// (0120_count.sql) and no row of the table. They rest on what Guard keeps: what is counted and was
// received is in a state that counts, and whoever is closed on a day has a result. Grouping is by
// "kind || ''" and the like: SQLite would otherwise walk the index of a list in the group's order and
// read half a million rows of the table, measured at 3 seconds.

// tally is how many requests of a kind have a result, or "" where that is not asked.
type tally struct {
	Kind    foi.Kind
	Outcome outcome.Code
	N       int64
}

func tallies(tx *db.Tx, query string, args ...any) (all []tally, err error) {
	err = tx.Each(query, func(scan func(...any) error) error {
		var t tally
		c := db.Columns{db.Col("kind", &t.Kind), db.Col("outcome", &t.Outcome), db.Col("n", &t.N)}
		err := scan(c.Pointers()...)
		all = append(all, t)
		return err
	}, args...)
	return all, err
}

func newByKind(tx *db.Tx, agency string, p Period) ([]tally, error) {
	return tallies(tx, `SELECT kind || '', '', count(*) FROM foi_request
		WHERE agency = $1 AND counted = TRUE AND received >= $2 AND received <= $3 GROUP BY kind || ''`, agency, p.From, p.To)
}

func doneByKind(tx *db.Tx, agency string, p Period) ([]tally, error) {
	return tallies(tx, `SELECT kind || '', outcome || '', count(*) FROM foi_request
		WHERE agency = $1 AND counted = TRUE AND closed_on >= $2 AND closed_on <= $3 GROUP BY kind || '', outcome || ''`, agency, p.From, p.To)
}

// early reports whether a day is nearer to a body's first request than to today. What was open on an
// early day is looked for among the requests received by then, else among those closed since: each
// the shorter part of the index.
func early(tx *db.Tx, agency string, on date.Date) (bool, error) {
	var first date.Date
	err := tx.One([]any{&first}, "SELECT received FROM foi_request WHERE agency = $1 AND counted = TRUE AND received IS NOT NULL ORDER BY received LIMIT 1", agency)
	if errors.Is(err, db.ErrNone) {
		return true, nil
	}
	return on.Days(first) < tx.Today().Days(on), err
}

// openParts are where the requests stand that were received by the end of a day and had no result
// then, beside a condition of the agency's counted requests.
func openParts(tx *db.Tx, agency, base string, args []any, on date.Date) ([]part, error) {
	n := len(args)
	with := append(args[:n:n], on)
	first, err := early(tx, agency, on)
	if first || err != nil {
		return []part{{"received", fmt.Sprintf("%s AND received <= $%d AND (closed_on IS NULL OR closed_on > $%d)", base, n+1, n+1), with}}, err
	}
	return []part{
		{"received", fmt.Sprintf("%s AND closed_on IS NULL AND received <= $%d", base, n+1), with},
		{"closed_on", fmt.Sprintf("%s AND closed_on > $%d AND received <= $%d", base, n+1, n+1), with},
	}, nil
}

// ofBody is the condition of a body's counted requests, with its argument.
const ofBody = "agency = $1 AND counted = TRUE"

// openByKind counts what was received by the end of a day and had no result then.
func openByKind(tx *db.Tx, agency string, on date.Date) (all []tally, err error) {
	parts, err := openParts(tx, agency, ofBody, []any{agency}, on)
	if err != nil {
		return nil, err
	}
	for _, o := range parts {
		some, err := tallies(tx, "SELECT kind || '', '', count(*) FROM foi_request WHERE "+o.where+" GROUP BY kind || ''", o.args...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// part is a range of one of the indexes in which a cell's requests stand, with the column they are
// ordered by.
type part struct {
	day, where string
	args       []any
}

// parts lists where the requests of a cell stand: those of the rows of what is open in two places.
func (c Cell) parts(tx *db.Tx, agency string, p Period) ([]part, error) {
	base, args := ofBody, []any{agency}
	if c.Column != Total {
		base, args = ofBody+" AND kind = $2", append(args, c.Column)
	}
	n := len(args)
	between := func(day string) part {
		return part{day, fmt.Sprintf("%s AND %s >= $%d AND %s <= $%d", base, day, n+1, day, n+2), append(args, p.From, p.To)}
	}
	switch c.Row {
	case New:
		return []part{between("received")}, nil
	case CarryIn:
		return openParts(tx, agency, base, args, p.From.Plus(-1))
	case CarryOut:
		return openParts(tx, agency, base, args, p.To)
	case Done:
		return []part{between("closed_on")}, nil
	}
	one := between("closed_on")
	in, more := db.In(len(one.args), results(c.Row))
	return []part{{one.day, one.where + " AND outcome IN " + in, append(one.args, more...)}}, nil
}

// total counts what stands in parts.
func total(tx *db.Tx, parts []part) (n int64, err error) {
	for _, one := range parts {
		m, err := tx.Count("SELECT count(*) FROM foi_request WHERE "+one.where, one.args...)
		if err != nil {
			return 0, err
		}
		n += int64(m)
	}
	return n, nil
}

// ids lists requests of one part of a cell by day and key, after a pair of both.
func (o part) ids(tx *db.Tx, day date.Date, after string, limit int) (all []entry, err error) {
	where, args, n := o.where, o.args, len(o.args)
	if after != "" {
		where += fmt.Sprintf(" AND (%s > $%d OR %s = $%d AND id > $%d)", o.day, n+1, o.day, n+1, n+2)
		args = append(args[:n:n], day, after)
	}
	err = tx.Each(fmt.Sprintf("SELECT %s, id FROM foi_request WHERE %s ORDER BY %s, id LIMIT %d", o.day, where, o.day, limit),
		func(scan func(...any) error) error {
			var e entry
			c := db.Columns{db.Col("day", &e.day), db.Col("id", &e.id)}
			err := scan(c.Pointers()...)
			all = append(all, e)
			return err
		}, args...)
	return all, err
}

type entry struct {
	day date.Date
	id  string
}

// placed is a request as the naming of records behind cells needs it.
type placed struct {
	id string
	r  foi.Request
}

// touching lists the requests that count in a period.
func touching(tx *db.Tx, agency string, p Period) (all []*placed, err error) {
	read := func(where string, args ...any) error {
		return tx.Each("SELECT id, kind, state, received, closed_on, outcome FROM foi_request WHERE agency = $1 AND counted = TRUE AND received <= $2 AND "+where,
			func(scan func(...any) error) error {
				one := &placed{}
				r := &one.r
				c := db.Columns{db.Col("id", &one.id), db.Col("kind", &r.Kind), db.Col("state", &r.State), db.Col("received", &r.Received), db.Col("closed_on", &r.ClosedOn), db.Col("outcome", &r.Outcome)}
				err := scan(c.Pointers()...)
				r.Counted = true
				all = append(all, one)
				return err
			}, args...)
	}
	if err := read("closed_on IS NULL", agency, p.To); err != nil {
		return nil, err
	}
	return all, read("closed_on >= $3", agency, p.To, p.From)
}

// line is values of several columns counted together.
type line struct {
	Text  string
	Flag  bool
	Day   date.Date
	Other date.Date
	N     int64
}

func lines(tx *db.Tx, columns func(*line) db.Columns, query string, args ...any) (all []line, err error) {
	err = tx.Each(query, func(scan func(...any) error) error {
		var l line
		err := scan(columns(&l).Pointers()...)
		all = append(all, l)
		return err
	}, args...)
	return all, err
}

func textN(l *line) db.Columns {
	return db.Columns{db.Col("text", &l.Text), db.Col("n", &l.N)}
}

func byChannel(tx *db.Tx, agency string, p Period) ([]line, error) {
	return lines(tx, textN, `SELECT channel || '', count(*) FROM foi_request
		WHERE agency = $1 AND counted = TRUE AND received >= $2 AND received <= $3 GROUP BY channel || '' ORDER BY channel || ''`, agency, p.From, p.To)
}

func dayN(l *line) db.Columns { return db.Columns{db.Col("day", &l.Day), db.Col("n", &l.N)} }

func newByDay(tx *db.Tx, agency string, p Period) ([]line, error) {
	return lines(tx, dayN, `SELECT received, count(*) FROM foi_request
		WHERE agency = $1 AND counted = TRUE AND received >= $2 AND received <= $3 GROUP BY received ORDER BY received`, agency, p.From, p.To)
}

// spans counts how many requests closed in a period took from one day to another, by department.
func spans(tx *db.Tx, agency string, p Period) ([]line, error) {
	return lines(tx, func(l *line) db.Columns {
		return db.Columns{db.Col("department", &l.Text), db.Col("received", &l.Other), db.Col("closed_on", &l.Day), db.Col("late", &l.Flag), db.Col("n", &l.N)}
	}, `SELECT department || '', received, closed_on, late, count(*) FROM foi_request
		WHERE agency = $1 AND counted = TRUE AND closed_on >= $2 AND closed_on <= $3
		GROUP BY department || '', received, closed_on, late ORDER BY closed_on`, agency, p.From, p.To)
}

func newByDepartment(tx *db.Tx, agency string, p Period) ([]line, error) {
	return lines(tx, textN, `SELECT department || '', count(*) FROM foi_request
		WHERE agency = $1 AND counted = TRUE AND received >= $2 AND received <= $3 GROUP BY department || '' ORDER BY department || ''`, agency, p.From, p.To)
}

// doneByResult counts results with how many of each were told late.
func doneByResult(tx *db.Tx, agency string, p Period) ([]line, error) {
	return lines(tx, func(l *line) db.Columns {
		return db.Columns{db.Col("outcome", &l.Text), db.Col("late", &l.Flag), db.Col("n", &l.N)}
	}, `SELECT outcome || '', late, count(*) FROM foi_request
		WHERE agency = $1 AND counted = TRUE AND closed_on >= $2 AND closed_on <= $3 GROUP BY outcome || '', late ORDER BY outcome || '', late`, agency, p.From, p.To)
}

// pastDue counts requests that were open and past their deadline at the end of a day. The deadline
// is that of now, which later acts may have moved.
func pastDue(tx *db.Tx, agency string, on date.Date) (int64, error) {
	parts, err := openParts(tx, agency, ofBody, []any{agency}, on)
	if err != nil {
		return 0, err
	}
	for i := range parts {
		parts[i].where += " AND due < $2"
	}
	return total(tx, parts)
}

// lettersSent counts letters of a kind that left in a period.
func lettersSent(tx *db.Tx, agency string, p Period, codes ...string) (int, error) {
	in, args := db.In(3, codes)
	return tx.Count(`SELECT count(*) FROM foi_letter WHERE agency = $1 AND sent_on >= $2 AND sent_on <= $3 AND code IN `+in,
		append([]any{agency, p.From, p.To}, args...)...)
}

// fees sums what was charged by notices that arrived in a period, and what was paid in it, in yuan.
func fees(tx *db.Tx, agency string, p Period) (charged, paid int64, err error) {
	err = tx.One([]any{&charged}, `SELECT CAST(coalesce(sum(fee_yuan), 0) AS BIGINT) FROM foi_request
		WHERE agency = $1 AND fee_yuan <> 0 AND fee_charged >= $2 AND fee_charged <= $3`, agency, p.From, p.To)
	if err != nil {
		return 0, 0, err
	}
	err = tx.One([]any{&paid}, `SELECT CAST(coalesce(sum(fee_yuan), 0) AS BIGINT) FROM foi_request
		WHERE agency = $1 AND fee_yuan <> 0 AND fee_paid >= $2 AND fee_paid <= $3`, agency, p.From, p.To)
	return charged, paid, err
}

// ofBodies counts by body: what was received, and what was done with how much of it late.
func ofBodies(tx *db.Tx, agencies []string, p Period) (received, done []line, err error) {
	in, args := db.In(2, agencies)
	args = append([]any{p.From, p.To}, args...)
	if received, err = lines(tx, textN, `SELECT agency, count(*) FROM foi_request
		WHERE counted = TRUE AND received >= $1 AND received <= $2 AND agency IN `+in+" GROUP BY agency", args...); err != nil {
		return nil, nil, err
	}
	done, err = lines(tx, func(l *line) db.Columns {
		return db.Columns{db.Col("agency", &l.Text), db.Col("late", &l.Flag), db.Col("n", &l.N)}
	}, `SELECT agency, late, count(*) FROM foi_request
		WHERE counted = TRUE AND closed_on >= $1 AND closed_on <= $2 AND agency IN `+in+" GROUP BY agency, late", args...)
	return received, done, err
}

// since lists what was registered after an instant although received by a day, or joined or split
// after that day: what makes a count of that day differ from what was counted then.
func since(tx *db.Tx, agency string, on date.Date, at any) (late, joined []string, err error) {
	list := func(where string, args ...any) (all []string, err error) {
		err = tx.Each("SELECT id FROM foi_request WHERE agency = $1 AND received <= $2 AND "+where+" ORDER BY id LIMIT 200", func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			all = append(all, id)
			return err
		}, args...)
		return all, err
	}
	if late, err = list("counted = TRUE AND created_at > $3 AND (closed_on IS NULL OR closed_on > $2)", agency, on, at); err != nil {
		return nil, nil, err
	}
	joined, err = list("counted = FALSE AND state IN ('merged', 'split') AND closed_on > $2", agency, on)
	return late, joined, err
}

// openOfBodies counts by body what is open, and how much of it is past its deadline.
func openOfBodies(tx *db.Tx, agencies []string, today date.Date) ([]line, error) {
	in, args := db.In(1, agencies)
	return lines(tx, func(l *line) db.Columns {
		return db.Columns{db.Col("agency", &l.Text), db.Col("late", &l.Flag), db.Col("n", &l.N)}
	}, `SELECT agency, late, count(*) FROM (
		SELECT agency, CASE WHEN due < $1 THEN TRUE ELSE FALSE END AS late FROM foi_request
		WHERE counted = TRUE AND closed_on IS NULL AND received IS NOT NULL AND agency IN `+in+`) AS o GROUP BY agency, late`, append([]any{today}, args...)...)
}

// kept reports whether a body keeps requests or disputes in this system, or has set how.
func kept(tx *db.Tx, agency string) (bool, error) {
	n, err := tx.Count(`SELECT count(*) FROM (
		SELECT 1 FROM foi_setting WHERE agency = $1
		UNION ALL SELECT 1 FROM (SELECT id FROM foi_request WHERE agency = $1 LIMIT 1) AS r
		UNION ALL SELECT 1 FROM (SELECT id FROM foi_dispute WHERE agency = $1 LIMIT 1) AS d) AS k`, agency)
	return n > 0, err
}
