package disclosure

import "gongkai/internal/db"

func (s *Shown) columns() db.Columns {
	var all db.Columns
	for _, c := range s.Item.columns() {
		all = append(all, c.Of("i"))
	}
	for _, c := range s.Edition.columns() {
		all = append(all, c.Of("e"))
	}
	return all
}

func shownIn(tx *db.Tx, items []string) ([]*Shown, error) {
	list, args := db.In(0, items)
	return db.Select(tx, (*Shown).columns, "item i JOIN item_edition e ON e.id = i.shown WHERE i.id IN "+list+" ORDER BY i.id", args...)
}

func (s *Standing) columns() db.Columns {
	return db.Columns{db.Col("id", &s.Item), db.Col("shown", &s.Edition), db.Col("status", &s.Status)}
}

func standingIn(tx *db.Tx, items []string) ([]*Standing, error) {
	list, args := db.In(0, items)
	return db.Select(tx, (*Standing).columns, "item WHERE id IN "+list+" AND shown <> '' ORDER BY id", args...)
}

func keptOf(tx *db.Tx, edition string) ([]*Saved, error) {
	return db.Select(tx, (*Saved).columns, "item_saved WHERE edition = $1 AND kept ORDER BY version DESC, id DESC", edition)
}
