package foi

import (
	"context"
	"fmt"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/db"
)

// Dossier is all there is of a request (案卷): what an archive keeps and a court is shown.
type Dossier struct {
	*View
	Agency  *agency.Agency
	History []*audit.Record // every entry about the request, the first first
	desk    *Desk
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

// Content returns the content of one of the dossier's files.
func (o *Dossier) Content(ctx context.Context, f *File) ([]byte, error) {
	data, err := o.desk.content(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("read a file of %s: %w", o.Request.No, err)
	}
	return data, nil
}
