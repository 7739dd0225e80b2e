package normative

import (
	"context"
	"errors"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Standing is what the page of a published document says of its validity: R-NRM-18.
type Standing struct {
	State       State
	EffectiveOn date.Date
	ExpiresOn   date.Date // last day of its term, zero for none
	EndedOn     date.Date
	EndedBy     string   // the document that ended it
	Successor   string   // item with the text of the one in its place, "" for none
	Title       string   // of the one in its place
	Replaced    []string // items with the texts of those it took the place of
}

// Over reports whether the document no longer has effect.
func (s *Standing) Over() bool {
	return s.State == Repealed || s.State == Expired || s.State == Invalidated
}

// Standing returns how the document stands whose text is an item, nil if it is none of the
// register's. It asks nobody's leave: this is the public's.
func (d *Desk) Standing(ctx context.Context, item string) (s *Standing, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		r, err := ofItem(tx, item)
		if errors.Is(err, db.ErrNone) {
			return nil
		}
		if err != nil {
			return err
		}
		s = &Standing{State: r.State, EffectiveOn: r.EffectiveOn, ExpiresOn: r.ExpiresOn, EndedOn: r.EndedOn, EndedBy: r.EndedBy}
		if s.Replaced, err = replacedBy(tx, r.ID); err != nil {
			return err
		}
		if r.Successor == "" {
			return nil
		}
		next, err := load(tx, r.Successor)
		if err != nil {
			return err
		}
		s.Successor, s.Title = next.Item, next.Title
		return nil
	})
	return s, err
}
