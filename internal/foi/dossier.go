package foi

import (
	"context"
	"fmt"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/foi/letter"
)

// Dossier is all there is of a request (案卷): what an archive keeps and a court is shown.
type Dossier struct {
	*View
	Agency  *agency.Agency
	History []*audit.Record // every entry about the request, the first first
	// Forms are those that stay in the file, as the record fills them: the application, the register
	// and, once there is a decision, its approval sheet and the receipt of its delivery.
	Forms []*letter.Letter
	desk  *Desk
}

// Dossier gathers a request's whole file for its export. The applicant stands in it in full, so it
// takes the permission to export, and is on record. Art. 45.
func (d *Desk) Dossier(ctx context.Context, by actor.Actor, id string) (o *Dossier, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := by.May(actor.FoiExport, actor.In(r.Agency)); err != nil {
			return err
		}
		v, err := d.view(tx, r)
		if err != nil {
			return err
		}
		v.Revealed = true
		o = &Dossier{View: v, desk: d}
		if o.Forms, err = d.forms(tx, by, v); err != nil {
			return err
		}
		if o.Agency, err = agency.Load(tx, r.Agency); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{
			Act: actor.FoiExport, Agency: r.Agency, Subject: "foi", ID: r.ID, Version: r.Version, Title: r.No, Cite: ogi.Art(45),
			Detail: map[string]string{"act": "export"},
		}); err != nil {
			return err
		}
		o.History, err = audit.Of(tx, "foi", id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return o, nil
}

// forms fills the forms as of the day the request was closed, or of today.
func (d *Desk) forms(tx *db.Tx, by actor.Actor, v *View) (all []*letter.Letter, err error) {
	w, err := d.begin(tx, by, v.Request.ID)
	if err != nil {
		return nil, err
	}
	f, err := w.facts(Effect{})
	if err != nil {
		return nil, err
	}
	codes := []letter.Code{letter.Application, letter.Register}
	if w.c.Decision != nil {
		codes = append(codes, letter.Approval)
	}
	if w.c.Delivery != nil {
		codes = append(codes, letter.ServiceReturn)
	}
	on := w.today
	if !w.r.ClosedOn.IsZero() {
		on = w.r.ClosedOn
	}
	for _, code := range codes {
		l, err := letter.Draft(code, f, on)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// Numbered returns the key of the request that has a number in a body's register, to who may export
// it.
func (d *Desk) Numbered(ctx context.Context, by actor.Actor, agency, no string) (id string, err error) {
	if err := by.May(actor.FoiExport, actor.In(agency)); err != nil {
		return "", err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		id, err = keyOfNumber(tx, agency, strings.TrimSpace(no))
		return err
	})
	return id, err
}

// Content returns the content of one of the dossier's files.
func (o *Dossier) Content(ctx context.Context, f *File) ([]byte, error) {
	data, err := o.desk.content(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("read a file of %s: %w", o.Request.No, err)
	}
	return data, nil
}
