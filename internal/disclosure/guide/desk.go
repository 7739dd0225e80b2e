package guide

import (
	"context"
	"errors"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/statute"
)

// Desk is where guides are made and catalogues checked.
type Desk struct {
	DB     *db.DB
	Reader *disclosure.Reader
}

// Load returns a body's guide as it is worked on, filled from the body's card where nothing was
// written yet.
func (d *Desk) Load(ctx context.Context, by actor.Actor, id string) (g *Guide, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.ItemView, actor.In(id)); err != nil {
			return err
		}
		g, err = loadFor(tx, id)
		return err
	})
	return g, err
}

// loadFor loads a guide beside its body's name and card of today.
func loadFor(tx *db.Tx, id string) (*Guide, error) {
	body, err := agency.Load(tx, id)
	if err != nil {
		return nil, err
	}
	card, err := agency.LoadContact(tx, id)
	if err != nil {
		return nil, err
	}
	g, err := load(tx, id)
	if err != nil {
		return nil, err
	}
	g.Name = body.Name
	if card != nil {
		g.Card = *card
	}
	g.Content = Generate(g.Content, g.Name, g.Card)
	return g, nil
}

// Save keeps what an officer wrote. Name and contact come from the body's card, whatever the form
// says: one place holds them.
func (d *Desk) Save(ctx context.Context, by actor.Actor, id string, version int64, in Content) (g *Guide, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.GuideEdit, actor.In(id)); err != nil {
			return err
		}
		if g, err = loadFor(tx, id); err != nil {
			return err
		}
		if g.Version != version {
			return ErrStale
		}
		in.take(g.Name, g.Card)
		g.Content = in
		if err := g.save(tx); err != nil {
			return err
		}
		return keep(tx, by, actor.GuideEdit, g, 0)
	})
	return g, err
}

// Publish makes what is worked on the published guide. R-GDE-01, R-GDE-04.
func (d *Desk) Publish(ctx context.Context, by actor.Actor, id string, version int64) (g *Guide, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.GuidePublish, actor.In(id)); err != nil {
			return err
		}
		if g, err = loadFor(tx, id); err != nil {
			return err
		}
		if g.Version != version {
			return ErrStale
		}
		if err := g.Content.valid(); err != nil {
			return err
		}
		e := &Edition{ID: db.ID(), Agency: id, No: 1, Content: g.Content, PublishedAt: tx.Now}
		if g.Shown != nil {
			e.No = g.Shown.No + 1
		}
		if err := e.insert(tx); err != nil {
			return err
		}
		if err := g.save(tx); err != nil {
			return err
		}
		g.Shown = e
		return keep(tx, by, actor.GuidePublish, g, e.No)
	})
	return g, err
}

func keep(tx *db.Tx, by actor.Actor, what actor.Act, g *Guide, edition int64) error {
	return audit.Append(tx, by, audit.Entry{
		Act: what, Agency: g.Agency, Subject: "guide", ID: g.Agency, Version: g.Version, Title: g.Name,
		Cite: statute.OGI2019.Art(12), Detail: map[string]int64{"edition": edition},
	})
}

// Shown returns a body's published guide, for the portal.
func (d *Desk) Shown(ctx context.Context, id string) (e *Edition, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		e, err = shown(tx, id)
		return err
	})
	if err == nil && e == nil {
		return nil, ErrNone
	}
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return e, err
}
