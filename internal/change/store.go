package change

import "gongkai/internal/db"

// advance takes the next n numbers and returns the last. The row it changes is what makes the
// numbers follow the order in which transactions end.
func advance(tx *db.Tx, n int) (last int64, err error) {
	err = tx.One([]any{&last}, "UPDATE change_head SET seq = seq + $1 WHERE id = 'head' RETURNING seq", n)
	return last, err
}

func note(tx *db.Tx, seq int64, t Tag) error {
	_, err := tx.Exec("INSERT INTO change (seq, tag, at) VALUES ($1, $2, $3)", seq, string(t), tx.Now)
	return err
}

func head(tx *db.Tx) (n int64, err error) {
	err = tx.One([]any{&n}, "SELECT seq FROM change_head WHERE id = 'head'")
	return n, err
}

func oldest(tx *db.Tx) (n int64, err error) {
	err = tx.One([]any{&n}, "SELECT coalesce(min(seq), 0) FROM change")
	return n, err
}

func since(tx *db.Tx, after int64, n int) (all []Entry, err error) {
	err = tx.Each("SELECT seq, tag, at FROM change WHERE seq > $1 ORDER BY seq LIMIT $2", func(scan func(...any) error) error {
		var e Entry
		var tag string
		err := scan(&e.Seq, &tag, &e.At)
		e.Tag = Tag(tag)
		all = append(all, e)
		return err
	}, after, n)
	return all, err
}

func trim(tx *db.Tx, keep int64) error {
	_, err := tx.Exec("DELETE FROM change WHERE seq <= (SELECT seq FROM change_head WHERE id = 'head') - $1", keep)
	return err
}
