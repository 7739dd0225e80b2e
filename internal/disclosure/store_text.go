package disclosure

import "gongkai/internal/db"

func (t *text) columns() db.Columns {
	return db.Columns{
		db.Col("e.item", &t.Item), db.Col("e.agency", &t.Agency), db.Col("e.section", &t.Section),
		db.Col("e.title", &t.Title), db.Col("e.summary", &t.Summary), db.Col("e.doc_no", &t.DocNo),
		db.Col("e.body", &t.Body), db.Col("e.attachments", db.JSON(&t.Attachments)), db.Col("e.published_at", &t.PublishedAt), db.Col("e.updated_at", &t.UpdatedAt),
		db.Col("e.subtitle", &t.Subtitle), db.Col("e.keywords", db.JSON(&t.Keywords)), db.Col("i.index_no", &t.IndexNo),
		db.Col("e.theme", &t.Theme), db.Col("e.genre", &t.Genre), db.Col("e.issuer", &t.Issuer), db.Col("e.validity", &t.Validity),
		db.Col("e.kind", &t.Kind), db.Col("e.issued_on", &t.IssuedOn), db.Col("e.formed_on", &t.FormedOn),
		db.Col("e.id = i.shown AND i.status IN ('live', 'archived')", &t.Public),
	}
}

// textsOf returns the shown edition of each item while it is public, and its newest edition
// where that is another one or no longer public.
func textsOf(tx *db.Tx, items []string) ([]*text, error) {
	list, args := db.In(0, items)
	return db.Select(tx, (*text).columns, `item i JOIN item_edition e ON e.item = i.id
		WHERE i.id IN `+list+` AND ((e.id = i.shown AND i.status IN ('live', 'archived')) OR (e.id = i.head AND NOT (e.id = i.shown AND i.status IN ('live', 'archived'))))
		ORDER BY e.item, e.no`, args...)
}

// standingOf returns the sections in which each item stands.
func standingOf(tx *db.Tx, items []string) (map[string][]string, error) {
	places := map[string][]string{}
	list, args := db.In(0, items)
	err := tx.Each(`SELECT item, section FROM item_place WHERE item IN `+list+` AND state = 'placed' ORDER BY item, section`,
		func(scan func(...any) error) error {
			var item, section string
			err := scan(&item, &section)
			places[item] = append(places[item], section)
			return err
		}, args...)
	return places, err
}

func itemsAfter(tx *db.Tx, after string, n int) (ids []string, err error) {
	err = tx.Each("SELECT id FROM item WHERE id > $1 ORDER BY id LIMIT $2", func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, after, n)
	return ids, err
}
