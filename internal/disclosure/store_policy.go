package disclosure

import "gongkai/internal/db"

// rowsOfKind walks along item_kind_live or item_agency_kind_live.
func rowsOfKind(tx *db.Tx, agency string, k Kind, n int) ([]*Row, error) {
	const from, order = "item i JOIN item_edition e ON e.id = i.shown WHERE i.status = 'live' AND i.kind = $1", " ORDER BY i.shown_at DESC, i.id DESC LIMIT $2"
	if agency == "" {
		return db.Select(tx, (*Row).columns, from+order, k, n)
	}
	return db.Select(tx, (*Row).columns, from+" AND i.agency = $3"+order, k, n, agency)
}

// rowsArchived walks along item_agency_ended.
func rowsArchived(tx *db.Tx, agency string, skip, n int) ([]*Row, error) {
	return db.Select(tx, (*Row).columns, `item i JOIN item_edition e ON e.id = i.shown
		WHERE i.agency = $1 AND i.status = 'archived' ORDER BY i.ended_at DESC, i.id DESC LIMIT $2 OFFSET $3`, agency, n, skip)
}

func countArchived(tx *db.Tx, agency string) (int, error) {
	return tx.Count("SELECT count(*) FROM item WHERE agency = $1 AND status = 'archived'", agency)
}
