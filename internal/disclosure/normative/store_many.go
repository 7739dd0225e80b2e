package normative

import (
	"fmt"

	"gongkai/internal/db"
)

// standing is the state of the record whose text is an item.
type standing struct {
	Standing
	Item string
}

func (s *standing) columns() db.Columns {
	return db.Columns{db.Col("item", &s.Item), db.Col("state", &s.State), db.Col("ended_on", &s.EndedOn), db.Col("ended_by", &s.EndedBy)}
}

// standingsOf reads the latest record of each item last, which stays.
func standingsOf(tx *db.Tx, items []string) (map[string]*Standing, error) {
	list, args := db.In(0, items)
	all, err := db.Select(tx, (*standing).columns, "normative_record WHERE item <> '' AND item IN "+list+" ORDER BY sort_key", args...)
	out := map[string]*Standing{}
	for _, s := range all {
		out[s.Item] = &s.Standing
	}
	return out, err
}

// headOf counts the records and their changes: no record is ever removed, every change raises a
// version.
func headOf(tx *db.Tx) (string, error) {
	var records, changes int64
	err := tx.One([]any{&records, &changes}, "SELECT count(*), COALESCE(CAST(sum(version) AS BIGINT), 0) FROM normative_record")
	return fmt.Sprint(records, " ", changes), err
}
