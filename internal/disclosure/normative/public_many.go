package normative

import (
	"context"

	"gongkai/internal/db"
)

// Standings returns how those of the items stand that are documents of the register, with their
// states and ends alone, by item. It asks nobody's leave: this is the public's.
func (d *Desk) Standings(ctx context.Context, items []string) (all map[string]*Standing, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		all, err = standingsOf(tx, items)
		return err
	})
	return all, err
}

// Head names the state of the register: what was made of its records holds while it is the same.
func (d *Desk) Head(ctx context.Context) (head string, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		head, err = headOf(tx)
		return err
	})
	return head, err
}
