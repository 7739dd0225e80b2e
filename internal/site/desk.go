package site

import (
	"context"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/statute"
)

// Desk is where sites are set up.
type Desk struct{ DB *db.DB }

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

// Change writes a body's settings. Where a site stands, and whether it is the main one, is the
// system administrator's to say: it takes addresses from others.
func (d *Desk) Change(ctx context.Context, by actor.Actor, s Site) (saved *Site, err error) {
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
