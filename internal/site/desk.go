package site

import (
	"context"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/statute"
)

// Desk is where sites are set up.
type Desk struct {
	DB *db.DB
	// Blobs keeps the pictures of emblems; nil where none is brought.
	Blobs *blob.Store
	URL   string // address people reach the installation under, "" if nobody said
}

// Load returns a body's settings, the usual ones where nobody wrote any.
func (d *Desk) Load(ctx context.Context, by actor.Actor, id string) (s *Site, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.AgencyView, actor.In(id)); err != nil {
			return err
		}
		if _, err := agency.Load(tx, id); err != nil {
			return err
		}
		s, err = load(tx, id)
		return err
	})
	return s, err
}

// List returns the sites somebody may set up, in the order of the bodies.
func (d *Desk) List(ctx context.Context, by actor.Actor) (all []*Place, err error) {
	if !by.Somewhere(actor.SiteChange) {
		return nil, by.May(actor.SiteChange, actor.Scope{})
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		m, err := d.places(tx)
		if err != nil {
			return err
		}
		for _, a := range m.Tree.All {
			if by.Can(actor.SiteChange, actor.In(a.ID)) {
				all = append(all, m.Of(a.ID))
			}
		}
		return nil
	})
	return all, err
}

// Show returns a body's site with its address.
func (d *Desk) Show(ctx context.Context, by actor.Actor, id string) (p *Place, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := agency.Load(tx, id); err != nil {
			return err
		}
		if err := by.May(actor.SiteChange, actor.In(id)); err != nil {
			return err
		}
		m, err := d.places(tx)
		if err != nil {
			return err
		}
		if p = m.Of(id); !p.Owns(id) {
			return agency.ErrEnded
		}
		return nil
	})
	return p, err
}

func (d *Desk) places(tx *db.Tx) (*Map, error) {
	tree, err := agency.LoadTree(tx, tx.Today())
	if err != nil {
		return nil, err
	}
	sites, err := loadAll(tx)
	if err != nil {
		return nil, err
	}
	return draw(d.URL, tree, sites), nil
}

// Change writes a body's settings. Where a site stands, and whether it is the main one, is the
// system administrator's to say: it takes addresses from others.
func (d *Desk) Change(ctx context.Context, by actor.Actor, s Site) (*Site, error) {
	return d.ChangeWith(ctx, by, s, nil)
}

// PictureLimit is the most bytes the picture of an emblem may have: every page loads it.
const PictureLimit = 100 << 10

// pictures are the media types browsers of all ages show and that hold no script.
var pictures = []string{"image/png", "image/jpeg", "image/webp"}

// ChangeWith writes settings with a new picture of the emblem, which was received before; nil
// leaves the one there is.
func (d *Desk) ChangeWith(ctx context.Context, by actor.Actor, s Site, picture *blob.Blob) (saved *Site, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.SiteChange, actor.In(s.Agency)); err != nil {
			return err
		}
		body, err := agency.Load(tx, s.Agency)
		if err != nil {
			return err
		}
		old, err := load(tx, s.Agency)
		if err != nil {
			return err
		}
		next := s
		if err := next.check(); err != nil {
			return err
		}
		if next.Emblem && !MayEmblem(body) {
			return ErrEmblem
		}
		if next.EmblemFile, err = d.keep(tx, old, picture); err != nil {
			return err
		}
		if next.Main != old.Main || next.Slug != old.Slug || next.Host != old.Host {
			if err := by.May(actor.SiteAddress, actor.In(s.Agency)); err != nil {
				return err
			}
		}
		next.ChangedAt = tx.Now
		ok, err := save(tx, &next)
		if err != nil {
			return err
		}
		if !ok {
			return ErrStale
		}
		saved = &next
		return audit.Append(tx, by, audit.Entry{Act: actor.SiteChange, Agency: s.Agency, Subject: "site", ID: s.Agency, Version: next.Version,
			Title: body.Name, Cite: statute.OGI2019.Art(24), Detail: map[string]any{"old": old, "new": next}})
	})
	return saved, err
}

// keep makes a picture part of the act and returns the digest that stands from now on.
func (d *Desk) keep(tx *db.Tx, old *Site, picture *blob.Blob) (string, error) {
	if picture == nil {
		return old.EmblemFile, nil
	}
	if !slices.Contains(pictures, picture.Media) || picture.Size > PictureLimit {
		return "", ErrPicture.With("most", PictureLimit>>10)
	}
	return picture.Digest, d.Blobs.Keep(tx, picture)
}
