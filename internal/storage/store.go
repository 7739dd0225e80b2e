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
