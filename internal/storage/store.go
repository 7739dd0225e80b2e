package storage

import (
	"errors"

	"gongkai/internal/db"
)

// keyPrint is the name under which an installation notes which keys are its own.
const keyPrint = "key_print"

// noted returns what was noted under a name, "" for nothing.
func noted(tx *db.Tx, name string) (value string, err error) {
	err = tx.One([]any{&value}, "SELECT value FROM installation WHERE name = $1", name)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	return value, err
}

func note(tx *db.Tx, name, value string) error {
	_, err := tx.Exec(`INSERT INTO installation (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// staleRows returns the next rows whose value in a column is not sealed with the present key. Of
// columns that name files every row is returned: only the file tells.
func staleRows(tx *db.Tx, c sealedColumn, after, present string) (all []sealedRow, err error) {
	owner := "''"
	if c.owner != "" {
		owner = c.owner
	}
	where := " AND " + c.column + " <> '' AND " + c.column + " NOT LIKE $2"
	err = tx.Each("SELECT id, "+owner+", "+c.column+" FROM "+c.table+" WHERE id > $1"+where+" ORDER BY id LIMIT $3", func(scan func(dest ...any) error) error {
		var r sealedRow
		if err := scan(&r.id, &r.owner, &r.value); err != nil {
			return err
		}
		all = append(all, r)
		return nil
	}, after, present+"%", resealed)
	return all, err
}

// exchange puts a value in another's place, if that still stands there.
func exchange(tx *db.Tx, c sealedColumn, r sealedRow, fresh string) (int64, error) {
	return tx.Exec("UPDATE "+c.table+" SET "+c.column+" = $1 WHERE id = $2 AND "+c.column+" = $3", fresh, r.id, r.value)
}

// letGo forgets a file that nothing names any more.
func letGo(tx *db.Tx, digest string) error {
	_, err := tx.Exec("DELETE FROM blob WHERE digest = $1", digest)
	return err
}
