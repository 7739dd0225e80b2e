package credit

import (
	"context"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Published is what anybody may see of a decision. Of a natural person the name is masked and
// the texts, which may name the person, stay out: R-FLW-14.
type Published struct {
	ID        string
	Kind      Kind
	Name      string
	No        string
	DecidedOn date.Date
	Content   string
	Until     date.Date // last day of display, zero for no end
}

// contents are the fields that say what was decided.
var contents = map[Kind]string{Licence: "XK_NR", Penalty: "CF_NR", Measure: "QZ_NR"}

// publicPage is how many decisions a page for the public shows.
const publicPage = 30

// Public returns a page of the decisions of a kind that a body shows today, the latest first,
// and where the next page begins. It asks nobody's leave: this is the public's.
func (d *Desk) Public(ctx context.Context, agency string, kind Kind, after string) (all []Published, next string, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		rows, err := list(tx, Filter{Agency: agency, Kind: kind, State: Shown, After: after, Limit: publicPage})
		if err != nil {
			return err
		}
		if len(rows) > publicPage {
			rows = rows[:publicPage]
			next = rows[publicPage-1].sortKey()
		}
		all = make([]Published, 0, len(rows))
		for _, r := range rows {
			if r.ShowUntil.IsZero() || !r.ShowUntil.Before(tx.Today()) {
				all = append(all, r.public())
			}
		}
		return nil
	})
	return all, next, err
}

func (d *Decision) public() Published {
	p := Published{ID: d.ID, Kind: d.Kind, Name: d.Masked(), No: d.No, DecidedOn: d.DecidedOn, Until: d.ShowUntil}
	if !d.Natural {
		p.Content = d.Fields[contents[d.Kind]]
	}
	return p
}

// Displayed returns a page of the same by its number, n a page, pages counted from 1, and how
// many there are in all.
func (d *Desk) Displayed(ctx context.Context, agency string, kind Kind, no, n int) (all []Published, total int, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if total, err = countDisplayed(tx, agency, kind); err != nil {
			return err
		}
		rows, err := displayed(tx, agency, kind, (no-1)*n, n)
		if err != nil {
			return err
		}
		all = make([]Published, len(rows))
		for i, one := range rows {
			all[i] = one.public()
		}
		return nil
	})
	return all, total, err
}
