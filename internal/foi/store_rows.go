package foi

import (
	"gongkai/internal/db"
)

// Rows loads requests by their keys, in the order of the keys, for who counted them in the same
// transaction and asked for the permission.
func Rows(tx *db.Tx, keys []string) (all []*Request, err error) {
	const most = 500
	byKey := map[string]*Request{}
	for rest := keys; len(rest) > 0; rest = rest[min(most, len(rest)):] {
		in, args := db.In(0, rest[:min(most, len(rest))])
		rows, err := db.Select(tx, (*Request).columns, "foi_request WHERE id IN "+in, args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			byKey[r.ID] = r
		}
	}
	for _, k := range keys {
		if r, ok := byKey[k]; ok {
			all = append(all, r)
		}
	}
	return all, nil
}
