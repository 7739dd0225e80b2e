package disclosure

import (
	"context"
	"errors"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/db"
)

// Named is an item by what people know it by.
type Named struct{ Item, IndexNo, DocNo, Title string }

// String is how a form shows it, and how Find reads it again.
func (n Named) String() string { return strings.TrimSpace(n.IndexNo + " " + n.Title) }

// Find returns the item a person names: by its index number, whoever published it; or by
// its document number or whole title, among those of the agency.
func (d *Desk) Find(ctx context.Context, by actor.Actor, agency, name string) (n *Named, err error) {
	name = strings.TrimSpace(name)
	if !by.Somewhere(actor.ItemView) { // what is found is public: who drafts at all may name it
		return nil, by.May(actor.ItemView, actor.In(agency))
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		first, _, _ := strings.Cut(name, " ")
		for _, try := range []func() (*Named, error){
			func() (*Named, error) { return indexed(tx, first) },
			func() (*Named, error) { return titled(tx, agency, name) },
		} {
			if n, err = try(); !errors.Is(err, db.ErrNone) {
				return err
			}
		}
		return ErrNamed.With("name", name)
	})
	return n, err
}

// Named returns items by what people know them by, in the order asked for; one that is not
// public is left out.
func (d *Desk) Named(ctx context.Context, ids []string) (all []Named, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		all = all[:0]
		for _, id := range ids {
			n, err := namedBy(tx, "i.id = $1", id)
			if errors.Is(err, db.ErrNone) {
				continue
			}
			if err != nil {
				return err
			}
			all = append(all, *n)
		}
		return nil
	})
	return all, err
}
