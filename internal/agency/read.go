package agency

import (
	"context"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// look refuses who may look at no body at all. Which bodies there are is public.
func look(by actor.Actor) error {
	if by.Somewhere(actor.AgencyView) {
		return nil
	}
	return by.May(actor.AgencyView, actor.Scope{})
}

// Tree returns the bodies of a day as they stood under each other; of today if it is zero.
func (r *Registry) Tree(ctx context.Context, by actor.Actor, on date.Date) (t *Tree, err error) {
	if err := look(by); err != nil {
		return nil, err
	}
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		if on.IsZero() {
			on = tx.Today()
		}
		t, err = LoadTree(tx, on)
		return err
	})
	return t, err
}

// Body is a body with what is known about it.
type Body struct {
	Agency   *Agency
	Path     []*Agency // from the top down to it; itself alone when it has ended
	Children []*Agency
	Overseer *Agency // nil at the top
	Periods  []*Period
	Contact  *Contact
}

// Get returns a body with its place in today's tree, its past and its card.
func (r *Registry) Get(ctx context.Context, by actor.Actor, id string) (b *Body, err error) {
	if err := look(by); err != nil {
		return nil, err
	}
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		b = &Body{}
		if b.Agency, err = Load(tx, id); err != nil {
			return err
		}
		all, err := LoadAll(tx)
		if err != nil {
			return err
		}
		t := NewTree(all)
		b.Path, b.Children, b.Overseer = t.Path(id), t.Children(id), t.Get(b.Agency.Overseer)
		if !b.Agency.Active() {
			b.Path = []*Agency{b.Agency}
		}
		if b.Periods, err = Periods(tx, id); err != nil {
			return err
		}
		b.Contact, err = LoadContact(tx, id)
		return err
	})
	return b, err
}

// Children returns the bodies directly under id today, or at the top for "".
func (r *Registry) Children(ctx context.Context, by actor.Actor, id string) ([]*Agency, error) {
	t, err := r.Tree(ctx, by, date.Date{})
	if err != nil {
		return nil, err
	}
	return t.Children(id), nil
}

// Query narrows a search. What is empty does not narrow it.
type Query struct {
	Text   string // part of a name, present or past, or the beginning of a code
	Kind   Kind
	Level  Level
	Parent string
	Ended  bool // bodies that are no more, instead of those that are
}

// Search returns the bodies a query fits, in the order of the tree; ended ones by name.
func (r *Registry) Search(ctx context.Context, by actor.Actor, q Query) (found []*Agency, err error) {
	if err := look(by); err != nil {
		return nil, err
	}
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		all, err := db.Select(tx, (*Agency).columns, "agency ORDER BY id")
		if err != nil {
			return err
		}
		past, err := PastNames(tx)
		if err != nil {
			return err
		}
		found = nil
		for _, a := range NewTree(slices.DeleteFunc(all, func(a *Agency) bool { return a.Active() == q.Ended })).All {
			if q.fits(a, past[a.ID]) {
				found = append(found, a)
			}
		}
		return nil
	})
	return found, err
}

func (q Query) fits(a *Agency, past []string) bool {
	if q.Kind != "" && a.Kind != q.Kind || q.Level != "" && a.Level != q.Level || q.Parent != "" && a.Parent != q.Parent {
		return false
	}
	word := strings.Join(strings.Fields(q.Text), "")
	if word == "" {
		return true
	}
	names := append([]string{a.Name, a.ShortName}, past...)
	if slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, word) }) {
		return true
	}
	return slices.ContainsFunc([]string{a.OrgCode, a.CreditCode, a.Region, strings.ToUpper(a.SiteCode)},
		func(c string) bool { return strings.HasPrefix(c, strings.ToUpper(word)) })
}

// Named returns the body that has this full name today.
func (r *Registry) Named(ctx context.Context, by actor.Actor, name string) (a *Agency, err error) {
	if err := look(by); err != nil {
		return nil, err
	}
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		a, err = Named(tx, strings.Join(strings.Fields(name), ""))
		return err
	})
	return a, err
}
