package foi

import (
	"errors"

	"gongkai/internal/db"
)

// keyOfNumber finds the request of a body that has a number.
func keyOfNumber(tx *db.Tx, agency, no string) (id string, err error) {
	err = tx.One([]any{&id}, "SELECT id FROM foi_request WHERE agency = $1 AND no = $2 ORDER BY id LIMIT 1", agency, no)
	if errors.Is(err, db.ErrNone) {
		err = ErrNone
	}
	return id, err
}
