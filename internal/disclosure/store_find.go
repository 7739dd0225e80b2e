package disclosure

import "gongkai/internal/db"

// namedBy loads a public item of a condition by its names.
func namedBy(tx *db.Tx, condition string, args ...any) (*Named, error) {
	return db.Get(tx, func(n *Named) db.Columns {
		return db.Columns{db.Col("i.id", &n.Item), db.Col("i.index_no", &n.IndexNo), db.Col("e.doc_no", &n.DocNo), db.Col("e.title", &n.Title)}
	}, "item i JOIN item_edition e ON e.id = i.shown WHERE i.status = 'live' AND "+condition, args...)
}

func indexed(tx *db.Tx, index string) (*Named, error) {
	return namedBy(tx, "i.index_no <> '' AND i.index_no = $1", index)
}

// titled finds the newest of an agency's items with that document number or title.
func titled(tx *db.Tx, agency, name string) (*Named, error) {
	return namedBy(tx, "i.agency = $1 AND (e.doc_no = $2 OR e.title = $2) AND $2 <> '' ORDER BY i.shown_at DESC, i.id DESC LIMIT 1", agency, name)
}
