package disclosure

import (
	"context"

	"gongkai/internal/db"
)

// Whereabouts are an item and the body in whose site it stands.
type Whereabouts struct{ Item, Agency string }

// Former returns the item that once stood at one of the addresses, before it was taken over from
// another site, and has been public here. ok is false where nobody knows them, or where they
// lead to different items.
func (r *Reader) Former(ctx context.Context, addresses []string) (s Whereabouts, ok bool, err error) {
	if len(addresses) == 0 {
		return s, false, nil
	}
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		all, err := formerlyAt(tx, addresses)
		if ok = len(all) == 1; ok {
			s = all[0]
		}
		return err
	})
	return s, ok, err
}
