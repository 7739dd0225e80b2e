package disclosure

import (
	"gongkai/internal/change"
	"gongkai/internal/db"
)

// stand is an item that is or was public.
type stand struct{ item, agency, section, docNo string }

func standsOf(tx *db.Tx, items []string) (all []stand, err error) {
	list, args := db.In(0, items)
	err = tx.Each("SELECT i.id, i.agency, i.section, e.doc_no FROM item i JOIN item_edition e ON e.id = i.shown WHERE i.status <> '' AND i.id IN "+list, func(scan func(...any) error) error {
		var s stand
		err := scan(&s.item, &s.agency, &s.section, &s.docNo)
		all = append(all, s)
		return err
	}, args...)
	return all, err
}

// besidesOf returns the tags of the sections items stand or stood in besides their home, and of
// the items that interpret them or that they interpret.
func besidesOf(tx *db.Tx, items []string) (tags []change.Tag, err error) {
	list, args := db.In(0, items)
	for _, q := range []struct {
		query string
		tag   func(string) change.Tag
	}{
		{"SELECT section FROM item_place WHERE item IN " + list, change.Section},
		{"SELECT target FROM item_link WHERE item IN " + list, change.Item},
		{"SELECT item FROM item_link WHERE live AND target IN " + list, change.Item},
	} {
		err := tx.Each(q.query, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			tags = append(tags, q.tag(id))
			return err
		}, args...)
		if err != nil {
			return nil, err
		}
	}
	return tags, nil
}
