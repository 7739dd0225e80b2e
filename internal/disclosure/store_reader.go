package disclosure

import (
	"strconv"
	"strings"
	"time"

	"gongkai/internal/db"
)

// latest is after every instant a record bears: where a list begins.
var latest = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// cursor names a row of a list by what the list is sorted by.
func cursor(at time.Time, id string) string {
	return strconv.FormatInt(at.UnixMicro(), 36) + "." + id
}

// readCursor reads a cursor; one of no known form is the beginning.
func readCursor(s string) (time.Time, string) {
	number, id, ok := strings.Cut(s, ".")
	n, err := strconv.ParseInt(number, 36, 64)
	if !ok || err != nil {
		return latest, ""
	}
	return time.UnixMicro(n).UTC(), id
}

// columns are those of an item and its shown edition, as i and e.
func (r *Row) columns() db.Columns {
	return db.Columns{
		db.Col("i.id", &r.Item), db.Col("i.agency", &r.Agency), db.Col("i.section", &r.Section), db.Col("i.kind", &r.Kind),
		db.Col("i.index_no", &r.IndexNo), db.Col("e.title", &r.Title), db.Col("e.summary", &r.Summary),
		db.Col("e.doc_no", &r.DocNo), db.Col("e.issuer", &r.Issuer), db.Col("e.genre", &r.Genre), db.Col("e.theme", &r.Theme),
		db.Col("e.formed_on", &r.FormedOn), db.Col("i.shown_at", &r.PublishedAt), db.Col("e.id", &r.Edition),
	}
}

// rowsOfSection walks along item_place_section.
func rowsOfSection(tx *db.Tx, section string, at time.Time, id string, n int) ([]*Row, error) {
	return db.Select(tx, (*Row).columns, `item_place p JOIN item i ON i.id = p.item JOIN item_edition e ON e.id = i.shown
		WHERE p.section = $1 AND p.shown_at IS NOT NULL AND (p.shown_at, p.item) < ($2, $3)
		ORDER BY p.shown_at DESC, p.item DESC LIMIT `+strconv.Itoa(n), section, at, id)
}

// rowsOfAgency walks along item_agency_live.
func rowsOfAgency(tx *db.Tx, agency string, at time.Time, id string, n int) ([]*Row, error) {
	return db.Select(tx, (*Row).columns, `item i JOIN item_edition e ON e.id = i.shown
		WHERE i.agency = $1 AND i.status = 'live' AND (i.shown_at, i.id) < ($2, $3)
		ORDER BY i.shown_at DESC, i.id DESC LIMIT `+strconv.Itoa(n), agency, at, id)
}

// mostLinks bounds the interpretations a page lists. It stands in the statement itself, as other
// bounds do: SQLite plans a statement anew each time for a bound that is handed in.
const mostLinks = "50"

func rowsInterpreted(tx *db.Tx, item string) ([]Row, error) {
	return plainRows(db.Select(tx, (*Row).columns, `item_link l JOIN item i ON i.id = l.target JOIN item_edition e ON e.id = i.shown
		WHERE l.item = $1 AND l.live AND i.status IN ('live', 'archived') ORDER BY i.shown_at DESC, i.id DESC LIMIT `+mostLinks, item))
}

func rowsInterpreting(tx *db.Tx, target string) ([]Row, error) {
	return plainRows(db.Select(tx, (*Row).columns, `item_link l JOIN item i ON i.id = l.item JOIN item_edition e ON e.id = i.shown
		WHERE l.target = $1 AND l.live AND i.status IN ('live', 'archived') ORDER BY i.shown_at DESC, i.id DESC LIMIT `+mostLinks, target))
}

func plainRows(all []*Row, err error) ([]Row, error) {
	var out []Row
	for _, r := range all {
		out = append(out, *r)
	}
	return out, err
}

func itemNumbered(tx *db.Tx, no string) (*Item, error) {
	if no == "" {
		return nil, ErrNone
	}
	return found(db.Get(tx, (*Item).columns, "item WHERE index_no = $1 AND index_no <> ''", no))
}

// formerlyAt lists what has been public of the items that stood at addresses of other sites. The
// index leaves out items without one, so the statement says so.
func formerlyAt(tx *db.Tx, addresses []string) (all []Whereabouts, err error) {
	list, args := db.In(0, addresses)
	err = tx.Each("SELECT id, agency FROM item WHERE address <> '' AND status <> '' AND address IN "+list+" ORDER BY id LIMIT 2", func(scan func(...any) error) error {
		var s Whereabouts
		err := scan(&s.Item, &s.Agency)
		all = append(all, s)
		return err
	}, args...)
	return all, err
}

// sectionsOf lists where an item is shown, its home first.
func sectionsOf(tx *db.Tx, item string) (ids []string, err error) {
	err = tx.Each(`SELECT section FROM item_place WHERE item = $1 AND (home OR state = 'placed')
		ORDER BY home DESC, asked_at, id`, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, item)
	return ids, err
}

// countOf counts by the days editions went public and items ended.
func countOf(tx *db.Tx, agency string, from, to time.Time) (c Count, err error) {
	for _, q := range []struct {
		n     *int
		query string
	}{
		{&c.Published, "SELECT count(*) FROM item WHERE agency = $1 AND first_at >= $2 AND first_at < $3"},
		{&c.Corrected, `SELECT count(*) FROM item_edition WHERE agency = $1 AND no > 1 AND published_at >= $2 AND published_at < $3`},
		{&c.Retracted, `SELECT count(*) FROM item WHERE agency = $1 AND status = 'retracted' AND ended_at >= $2 AND ended_at < $3`},
	} {
		if *q.n, err = tx.Count(q.query, agency, from, to); err != nil {
			return c, err
		}
	}
	c.Live, err = tx.Count("SELECT count(*) FROM item WHERE agency = $1 AND status = 'live'", agency)
	return c, err
}

func countBySection(tx *db.Tx, agency string) (map[string]int, error) {
	out := map[string]int{}
	err := tx.Each(`SELECT section, count(*) FROM item_place WHERE agency = $1 AND shown_at IS NOT NULL
		GROUP BY section`, func(scan func(...any) error) error {
		var id string
		var n int
		err := scan(&id, &n)
		out[id] = n
		return err
	}, agency)
	return out, err
}
