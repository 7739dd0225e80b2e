package disclosure

import (
	"errors"
	"strconv"
	"time"

	"gongkai/internal/db"
)

// earliest is before every instant a record bears.
var earliest = time.Date(1000, 1, 1, 0, 0, 0, 0, time.UTC)

// edge is where a page of a section's list begins.
type edge struct {
	no   int64
	at   time.Time
	item string
}

func (m *edge) columns() db.Columns {
	return db.Columns{db.Col("no", &m.no), db.Col("from_at", &m.at), db.Col("from_item", &m.item)}
}

// lastPage is the highest number of a section's pages, 0 without any.
func lastPage(tx *db.Tx, section string) (no int64, err error) {
	err = tx.One([]any{&no}, "SELECT no FROM section_page WHERE section = $1 ORDER BY no DESC LIMIT 1", section)
	if errors.Is(err, db.ErrNone) {
		return 0, nil
	}
	return no, err
}

// pageOf is the page on which a place of the list is; what is older than all pages belongs to
// the first.
func pageOf(tx *db.Tx, section string, at time.Time, item string) (edge, error) {
	m, err := db.Get(tx, (*edge).columns, `section_page WHERE section = $1 AND (from_at, from_item) <= ($2, $3)
		ORDER BY from_at DESC, from_item DESC LIMIT 1`, section, at, item)
	switch {
	case errors.Is(err, db.ErrNone):
		return edge{no: 1, at: earliest}, nil
	case err != nil:
		return edge{}, err
	case m.no == 1:
		m.at, m.item = earliest, ""
	}
	return *m, nil
}

// bounds are where a page begins, and where the next does.
func bounds(tx *db.Tx, section string, no int64) (from, to edge, err error) {
	from, to = edge{no: no, at: earliest}, edge{at: latest}
	all, err := db.Select(tx, (*edge).columns, "section_page WHERE section = $1 AND no >= $2 AND no <= $2 + 1 ORDER BY no", section, no)
	for _, m := range all {
		switch {
		case m.no == no && no > 1:
			from = *m
		case m.no > no:
			to = *m
		}
	}
	return from, to, err
}

func addPage(tx *db.Tx, section string, m edge) error {
	_, err := tx.Exec("INSERT INTO section_page (section, no, from_at, from_item) VALUES ($1, $2, $3, $4)", section, m.no, m.at, m.item)
	return err
}

// beyond returns the place that stands n places after where a page begins, nil where the list
// ends before.
func beyond(tx *db.Tx, section string, from edge, n int) (*edge, error) {
	m := &edge{}
	err := tx.One([]any{&m.at, &m.item}, `SELECT shown_at, item FROM item_place
		WHERE section = $1 AND shown_at IS NOT NULL AND (shown_at, item) >= ($2, $3)
		ORDER BY shown_at, item LIMIT 1 OFFSET $4`, section, from.at, from.item, n)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	return m, err
}

// cut makes a section's pages of n items from the oldest.
func cut(tx *db.Tx, section string, n int) error {
	if _, err := tx.Exec("DELETE FROM section_page WHERE section = $1", section); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO section_page (section, no, from_at, from_item)
		SELECT $1, (n - 1) / $2 + 1, shown_at, item FROM (SELECT shown_at, item, row_number() OVER (ORDER BY shown_at, item) AS n
			FROM item_place WHERE section = $1 AND shown_at IS NOT NULL) listed
		WHERE (n - 1) % $2 = 0`, section, n)
	return err
}

// rowsBetween lists what stands in a section from one place up to another, newest first.
func rowsBetween(tx *db.Tx, section string, from, to edge, n int) ([]*Row, error) {
	return db.Select(tx, (*Row).columns, `item_place p JOIN item i ON i.id = p.item JOIN item_edition e ON e.id = i.shown
		WHERE p.section = $1 AND p.shown_at IS NOT NULL AND (p.shown_at, p.item) >= ($2, $3) AND (p.shown_at, p.item) < ($4, $5)
		ORDER BY p.shown_at DESC, p.item DESC LIMIT `+strconv.Itoa(n), section, from.at, from.item, to.at, to.item)
}

// rowsAfter lists what stands in a section after a place, oldest first.
func rowsAfter(tx *db.Tx, section string, at time.Time, item string, n int) ([]*Row, error) {
	return db.Select(tx, (*Row).columns, `item_place p JOIN item i ON i.id = p.item JOIN item_edition e ON e.id = i.shown
		WHERE p.section = $1 AND p.shown_at IS NOT NULL AND (p.shown_at, p.item) > ($2, $3)
		ORDER BY p.shown_at, p.item LIMIT `+strconv.Itoa(n), section, at, item)
}

// mostNumbered bounds the editions that bear one of a few document numbers.
const mostNumbered = 100

// itemsNumbered lists the items that bore one of these document numbers at some time. It asks for
// nothing else, so that the index of numbers alone answers.
func itemsNumbered(tx *db.Tx, numbers []string) (items []string, err error) {
	list, args := db.In(0, numbers)
	err = tx.Each("SELECT item FROM item_edition WHERE doc_no <> '' AND published_at IS NOT NULL AND doc_no IN "+list+" LIMIT "+strconv.Itoa(mostNumbered), func(scan func(...any) error) error {
		var item string
		err := scan(&item)
		items = append(items, item)
		return err
	}, args...)
	return items, err
}

func publicRows(tx *db.Tx, items []string) ([]*Row, error) {
	list, args := db.In(0, items)
	return db.Select(tx, (*Row).columns, "item i JOIN item_edition e ON e.id = i.shown WHERE i.status IN ('live', 'archived') AND i.id IN "+list, args...)
}
