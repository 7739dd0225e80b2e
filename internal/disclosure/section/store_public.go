package section

import (
	"gongkai/internal/date"
	"gongkai/internal/db"
)

func lastBy(tx *db.Tx, query string, args ...any) (map[string]date.Date, error) {
	all := map[string]date.Date{}
	err := tx.Each(query, func(scan func(...any) error) error {
		var id string
		var on date.Date
		err := scan(&id, &on)
		all[id] = on
		return err
	}, args...)
	return all, err
}

func lastOfSections(tx *db.Tx, agency string) (map[string]date.Date, error) {
	return lastBy(tx, "SELECT id, last_on FROM section_fresh WHERE agency = $1 AND last_on IS NOT NULL", agency)
}

func lastOfBodies(tx *db.Tx) (map[string]date.Date, error) {
	return lastBy(tx, "SELECT agency, max(last_on) FROM section_fresh WHERE last_on IS NOT NULL GROUP BY agency")
}
