package disclosure

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/statute"
)

// home writes the placement of a new item in its own section.
func (w *work) home() error {
	p := &placement{Home: true, Placement: Placement{
		ID: db.ID(), Item: w.item.ID, Section: w.item.Section, Agency: w.item.Agency, State: Placed,
		AskedAt: w.tx.Now, AskedBy: w.by.ID, DoneAt: w.tx.Now, DoneBy: w.by.ID, Version: 1,
	}}
	return w.tx.Insert("item_place", p.columns())
}

// rehome moves the placement of an item that was never public.
func (w *work) rehome(from string) error {
	p, err := loadPlace(w.tx, w.item.ID, from)
	if err != nil {
		return err
	}
	p.Section = w.item.Section
	err = p.save(w.tx)
	if db.IsUnique(err, "item_place", "item", "section") {
		return ErrPlaced
	}
	return err
}

// Place shows an item in a further section. In another agency's it is asked for, unless the
// person may accept it there as well.
func (d *Desk) Place(ctx context.Context, by actor.Actor, edition string, target string) (p *Placement, err error) {
	_, err = d.update(ctx, by, actor.ItemPlace, edition, func(w *work) error {
		path, to, err := section.Path(w.tx, target)
		if err != nil {
			return err
		}
		if to.Retired || target == w.item.Section {
			return ErrSection
		}
		if w.edition.Attribute != class.Proactive {
			return ErrNotPublic
		}
		p, err = w.place(to, by.Can(actor.ItemPlace, actor.In(to.Agency, path...)))
		if err != nil {
			return err
		}
		return w.record("", map[string]string{"section": target, "agency": to.Agency, "place": string(p.State)})
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// place writes a placement, or opens one again that was refused or ended.
func (w *work) place(to *section.Section, accept bool) (*Placement, error) {
	p, err := loadPlace(w.tx, w.item.ID, to.ID)
	isNew := errors.Is(err, ErrNone)
	switch {
	case isNew:
		p = &placement{Placement: Placement{ID: db.ID(), Item: w.item.ID, Section: to.ID, Agency: to.Agency}}
	case err != nil:
		return nil, err
	case p.State == Asked || p.State == Placed:
		return nil, ErrPlaced
	}
	p.State, p.AskedAt, p.AskedBy, p.DoneAt, p.DoneBy = Asked, w.tx.Now, w.by.ID, time.Time{}, ""
	if accept {
		p.State, p.DoneAt, p.DoneBy = Placed, w.tx.Now, w.by.ID
	}
	if isNew {
		p.Version = 1
		err = w.tx.Insert("item_place", p.columns())
		if db.IsUnique(err, "item_place", "item", "section") {
			return nil, ErrPlaced
		}
	} else {
		err = p.save(w.tx)
	}
	if err != nil {
		return nil, err
	}
	return &p.Placement, w.spread()
}

// Answer accepts or refuses what another agency asks to show in a section of one's own. A
// refusal gives a reason.
func (d *Desk) Answer(ctx context.Context, by actor.Actor, item, target string, state PlaceState, reason string) error {
	if state != Placed && state != Refused || state == Refused && strings.TrimSpace(reason) == "" {
		return ErrReason
	}
	return d.replace(ctx, by, item, target, Asked, state, reason)
}

// Displace ends the showing of an item in a further section. Either agency may.
func (d *Desk) Displace(ctx context.Context, by actor.Actor, item, target, reason string) error {
	return d.replace(ctx, by, item, target, Placed, Ended, reason)
}

// replace changes a placement's state, by who may in the section or, to end it, in the item's.
func (d *Desk) replace(ctx context.Context, by actor.Actor, item, target string, from, to PlaceState, reason string) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		w, err := d.placing(tx, by, item, target, to == Ended)
		if err != nil {
			return err
		}
		p, err := loadPlace(tx, item, target)
		if err != nil {
			return err
		}
		if p.Home || p.State != from {
			return ErrPlaced
		}
		p.State, p.DoneAt, p.DoneBy = to, tx.Now, by.ID
		if err := p.save(tx); err != nil {
			return err
		}
		if err := w.spread(); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{
			Act: actor.ItemPlace, Agency: p.Agency, Subject: "item", ID: item, Version: w.edition.Version,
			Title: w.edition.Title, Cite: statute.OGI2019.Art(24), Reason: reason, Behalf: w.behalf,
			Detail: map[string]string{"section": target, "place": string(to)},
		})
	})
}

// placing loads an item for an answer about one of its placements.
func (d *Desk) placing(tx *db.Tx, by actor.Actor, item, target string, either bool) (*work, error) {
	i, err := loadItem(tx, item)
	if err != nil {
		return nil, err
	}
	path, to, err := section.Path(tx, target)
	if err != nil {
		return nil, err
	}
	g, ok := by.By(actor.ItemPlace, actor.In(to.Agency, path...))
	if !ok && either {
		if path, _, err = section.Path(tx, i.Section); err != nil {
			return nil, err
		}
		g, ok = by.By(actor.ItemPlace, actor.In(i.Agency, path...))
	}
	if !ok {
		return nil, by.May(actor.ItemPlace, actor.In(to.Agency, path...))
	}
	e, err := loadEdition(tx, i.Head)
	if err != nil {
		return nil, err
	}
	return &work{desk: d, tx: tx, by: by, item: i, edition: e, act: actor.ItemPlace, behalf: g.Behalf}, nil
}

// spread brings the item's placements in line with what the public sees of it, and tells the
// sections' watches.
func (w *work) spread() error {
	all, err := placesOf(w.tx, w.item.ID)
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b *placement) int { return strings.Compare(a.Section, b.Section) })
	for _, p := range all {
		if err := w.settle(p); err != nil {
			return err
		}
	}
	return nil
}

// settle writes when the item was shown in one section, as that section's list has it.
func (w *work) settle(p *placement) error {
	want := time.Time{}
	if w.item.Status == Live && p.State == Placed {
		want = w.item.ShownAt
	}
	if p.ShownAt.Equal(want) {
		return nil
	}
	was := p.ShownAt
	p.ShownAt = want
	if err := p.save(w.tx); err != nil {
		return err
	}
	if err := repage(w.tx, p.Section, p.Item, was, want); err != nil {
		return err
	}
	if !want.IsZero() {
		return section.Touched(w.tx, p.Section, p.Item, want)
	}
	newest, err := newestIn(w.tx, p.Section)
	if err != nil {
		return err
	}
	return section.Withdrawn(w.tx, p.Section, newest)
}

// link writes which items the shown edition interprets.
func (w *work) link() error {
	if err := w.unlink(); err != nil {
		return err
	}
	for _, target := range w.edition.Interprets {
		if err := linkTo(w.tx, w.item.ID, target); err != nil {
			return err
		}
	}
	return nil
}

// dayOf is the civil day of an instant in China.
func dayOf(t time.Time) date.Date { return date.Of(t.In(date.China)) }

// dayStart is the instant a civil day begins in China.
func dayStart(d date.Date) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, date.China).UTC()
}
