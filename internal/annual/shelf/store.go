package shelf

import (
	"errors"

	"gongkai/internal/db"
)

// head are the columns of a reading without the report, which lists need not load.
func (r *Reading) head() db.Columns {
	return db.Columns{
		db.Col("id", &r.ID), db.Col("item", &r.Item), db.Col("edition", &r.Edition), db.Col("publisher", &r.Publisher),
		db.Col("section", &r.Section), db.Col("title", &r.Title), db.Col("agency", &r.Agency), db.Col("year", &r.Year),
		db.Col("form", &r.Form), db.Col("state", &r.State), db.Col("listed", &r.Listed), db.Col("asks", db.JSON(&r.Asks)),
		db.Col("source", &r.Source), db.Col("sources", db.JSON(&r.Sources)), db.Col("errors", &r.Errors),
		db.Col("warnings", &r.Warnings), db.Col("infos", &r.Infos), db.Col("reason", &r.Reason), db.Col("read_at", &r.ReadAt),
		db.Col("decided_at", &r.DecidedAt), db.Col("decided_by", &r.DecidedBy), db.Col("version", &r.Version),
	}
}

func (r *Reading) columns() db.Columns {
	return append(r.head(), db.Col("figures", db.JSON(&r.figures)), db.Col("report", &r.report))
}

func load(tx *db.Tx, id string) (*Reading, error) {
	return found(db.Get(tx, (*Reading).columns, "annual_reading WHERE id = $1", id))
}

// ofEdition returns the reading of an edition, ErrNone if it was not read.
func ofEdition(tx *db.Tx, edition string) (*Reading, error) {
	return found(db.Get(tx, (*Reading).columns, "annual_reading WHERE edition = $1", edition))
}

func found(r *Reading, err error) (*Reading, error) {
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return r, err
}

func (r *Reading) insert(tx *db.Tx) error {
	r.Version = 1
	err := tx.Insert("annual_reading", r.columns())
	if db.IsUnique(err, "annual_reading", "edition") {
		return ErrStale
	}
	return err
}

func (r *Reading) save(tx *db.Tx) error {
	r.Version++
	ok, err := tx.Save("annual_reading", r.ID, r.Version-1, r.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

// recount writes what the rules find now; nothing anybody said changes with it.
func (r *Reading) recount(tx *db.Tx) error {
	_, err := tx.Exec("UPDATE annual_reading SET errors = $1, warnings = $2, infos = $3 WHERE id = $4", r.Errors, r.Warnings, r.Infos, r.ID)
	return err
}

// shown are the readings of a publisher that are of what the public sees now, newest year first.
func shown(tx *db.Tx, publisher string) ([]*Reading, error) {
	return db.Select(tx, (*Reading).head, `annual_reading WHERE publisher = $1 AND edition IN (
		SELECT shown FROM item WHERE id = annual_reading.item AND status IN ('live', 'archived'))
		ORDER BY year DESC, read_at DESC, id DESC`, publisher)
}

// shownAll is shown for every publisher.
func shownAll(tx *db.Tx) ([]*Reading, error) {
	return db.Select(tx, (*Reading).head, `annual_reading WHERE edition IN (
		SELECT shown FROM item WHERE id = annual_reading.item AND status IN ('live', 'archived'))
		ORDER BY publisher, year DESC, read_at DESC, id DESC`)
}

// waiting counts a publisher's readings that a person must look at.
func waiting(tx *db.Tx, publisher string) (int, error) {
	return tx.Count(`SELECT count(*) FROM annual_reading WHERE publisher = $1 AND state = 'asked' AND edition IN (
		SELECT shown FROM item WHERE id = annual_reading.item AND status IN ('live', 'archived'))`, publisher)
}

// current reports whether the public sees the edition now.
func current(tx *db.Tx, item, edition string) (bool, error) {
	n, err := tx.Count("SELECT count(*) FROM item WHERE id = $1 AND shown = $2 AND status IN ('live', 'archived')", item, edition)
	return n > 0, err
}

// page is a public item as far as it matters whether it is a report.
type page struct {
	Item, Edition, Kind, Title string
}

func (p *page) columns() db.Columns {
	return db.Columns{db.Col("i.id", &p.Item), db.Col("e.id", &p.Edition), db.Col("i.kind", &p.Kind), db.Col("e.title", &p.Title)}
}

// unread are those of items whose shown edition was not read.
func unread(tx *db.Tx, items []string) ([]*page, error) {
	if len(items) == 0 {
		return nil, nil
	}
	marks, args := db.In(0, items)
	return db.Select(tx, (*page).columns, `item i JOIN item_edition e ON e.id = i.shown
		WHERE i.id IN `+marks+` AND i.status IN ('live', 'archived')
		AND NOT EXISTS (SELECT 1 FROM annual_reading WHERE edition = i.shown) ORDER BY i.id`, args...)
}

// unreadIn are up to n items behind one key that stand in sections for annual reports, or
// bear such titles, and whose shown edition was not read.
func unreadIn(tx *db.Tx, after string, n int) ([]*page, error) {
	return db.Select(tx, (*page).columns, `item i JOIN item_edition e ON e.id = i.shown
		WHERE i.id > $1 AND i.status IN ('live', 'archived') AND (e.title LIKE '%信息公开%年%报%' OR EXISTS (
			SELECT 1 FROM item_place p JOIN section s ON s.id = p.section
			WHERE p.item = i.id AND (p.home OR p.state = 'placed') AND s.kind = 'reports'))
		AND NOT EXISTS (SELECT 1 FROM annual_reading WHERE edition = i.shown) ORDER BY i.id LIMIT $2`, after, n)
}

// sectionsOf are the sections items are shown in.
func sectionsOf(tx *db.Tx, items []string) (map[string][]string, error) {
	out := map[string][]string{}
	marks, args := db.In(0, items)
	err := tx.Each("SELECT item, section FROM item_place WHERE item IN "+marks+" AND (home OR state = 'placed') ORDER BY id",
		func(scan func(...any) error) error {
			var item, section string
			err := scan(&item, &section)
			out[item] = append(out[item], section)
			return err
		}, args...)
	return out, err
}

// columns are those of a public reading, its item and the edition shown.
func (v *Volume) columns() db.Columns {
	return db.Columns{
		db.Col("r.id", &v.reading), db.Col("r.item", &v.Item), db.Col("i.agency", &v.Publisher), db.Col("r.agency", &v.Agency),
		db.Col("r.year", &v.year), db.Col("r.form", &v.form), db.Col("r.state", &v.state), db.Col("e.title", &v.Title),
		db.Col("i.index_no", &v.IndexNo), db.Col("i.first_at", &v.PublishedAt), db.Col("i.shown_at", &v.ShownAt),
		db.Col("r.source", &v.source), db.Col("r.figures", db.JSON(&v.figures)),
	}
}

// public reads volumes through the state disclosure gives their items: what is shown now, and
// read of that very edition. Every outlet of reports goes through here.
const public = `annual_reading r JOIN item i ON i.id = r.item AND i.shown = r.edition
	JOIN item_edition e ON e.id = i.shown
	WHERE r.listed AND i.status IN ('live', 'archived') AND r.agency `

// volumesOf are the public reports of bodies: the latest year first, and of one year those with
// figures first, then what the body itself published, then the newest.
func volumesOf(tx *db.Tx, bodies []string) ([]*Volume, error) {
	if len(bodies) == 0 {
		return nil, nil
	}
	marks, args := db.In(0, bodies)
	return db.Select(tx, (*Volume).columns, public+"IN "+marks+`
		ORDER BY r.year DESC, CASE WHEN r.state = 'shelved' THEN 0 ELSE 1 END,
		CASE WHEN i.agency = r.agency THEN 0 ELSE 1 END, i.shown_at DESC, r.id DESC`, args...)
}
