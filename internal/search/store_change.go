package search

import "gongkai/internal/db"

// advance takes the next n numbers of the log and returns the last. The row it changes makes
// the numbers follow the order in which transactions end: who reads up to a number has
// everything before it.
func advance(tx *db.Tx, n int) (last int64, err error) {
	err = tx.One([]any{&last}, "UPDATE search_head SET seq = seq + $1 WHERE id = 'head' RETURNING seq", n)
	return last, err
}

func note(tx *db.Tx, seq int64, id string) error {
	_, err := tx.Exec("INSERT INTO search_change (seq, id) VALUES ($1, $2)", seq, id)
	return err
}

// forget cuts the whole log but for a number that no index can have read up to, so that each
// finds that it comes after the cut.
func forget(tx *db.Tx, last int64) error {
	if _, err := tx.Exec("DELETE FROM search_change"); err != nil {
		return err
	}
	return note(tx, last, "")
}
