package foi

import "gongkai/internal/db"

// owing lists the bodies that have open requests.
func owing(tx *db.Tx) (all []string, err error) {
	err = tx.Each(`SELECT DISTINCT agency FROM foi_request
		WHERE state IN ('submitted', 'handling', 'correcting', 'reasoning', 'paying', 'reviewing', 'approved') ORDER BY agency`, func(scan func(...any) error) error {
		var a string
		err := scan(&a)
		all = append(all, a)
		return err
	})
	return all, err
}
