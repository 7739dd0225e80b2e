package cycle

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/print"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/section"
)

// mostFile bounds a printed report.
const mostFile = 32 << 20

// Offer drafts the publication of a signed version in the body's section of annual reports: the
// official print as text, and as files. It then takes the ordinary way through the reviews, and
// once it is public the version is.
//
// Each part is an act of its own of package disclosure, under its own permissions; who was slower
// leaves a draft that is discarded at once.
func (d *Desk) Offer(ctx context.Context, by actor.Actor, id string, version int64) (*Version, error) {
	v, a, r, home, err := d.offered(ctx, by, id, version)
	if err != nil {
		return nil, err
	}
	c, err := draftOf(a, v, r)
	if err != nil {
		return nil, err
	}
	e, err := d.draft(ctx, by, v, home, c)
	if err != nil {
		return nil, err
	}
	if e, err = d.attach(ctx, by, e, r); err != nil {
		return nil, err
	}
	linked, err := d.update(ctx, by, actor.ReportPublish, id, version, func(w *work) error {
		if !Flow.May(w.v.State, Publish) {
			_, err := Flow.Next(w.v.State, Publish)
			return err
		}
		w.move.Act, w.move.Cite = Publish, deadline
		w.move.From = w.v.State
		w.v.Item, w.v.Edition, w.v.matter = e.Item, e.ID, matter(&e.Content, e.Attachments)
		return w.finish("", map[string]any{"item": e.Item, "edition": e.ID})
	})
	if errors.Is(err, ErrStale) {
		if _, again := d.Items.Discard(ctx, by, e.ID, e.Version, strconv.FormatInt(v.Year, 10)); again != nil {
			return nil, errors.Join(err, again)
		}
	}
	return linked, err
}

// offered loads what is to be drafted, and where.
func (d *Desk) offered(ctx context.Context, by actor.Actor, id string, version int64) (v *Version, a *agency.Agency, r *annual.Report, home string, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		w, err := d.open(tx, by, actor.ReportPublish, id)
		if err != nil {
			return err
		}
		v, a = w.v, w.body
		switch {
		case v.Version != version:
			return ErrStale
		case !Flow.May(v.State, Publish):
			_, err := Flow.Next(v.State, Publish)
			return err
		case v.Edition != "":
			return ErrDrafted
		}
		s, err := section.OfKind(tx, v.Agency, section.Reports)
		if errors.Is(err, section.ErrNone) {
			return ErrSection
		}
		if err != nil {
			return err
		}
		home = s.ID
		r, err = v.Report(a)
		return err
	})
	return v, a, r, home, err
}

// draftOf is what the publication says.
func draftOf(a *agency.Agency, v *Version, r *annual.Report) (c disclosure.Content, err error) {
	var page bytes.Buffer
	if err := print.Write(&page, r, print.HTML, print.Options{}); err != nil {
		return c, err
	}
	body := page.String()
	if _, after, ok := strings.Cut(body, "</h1>"); ok { // the item has a title of its own
		body = after
	}
	title := r.Title.Text
	c = disclosure.Content{
		Title: title, Summary: title, Body: body, Genre: "report", Issuer: a.Name, FormedOn: v.SignedOn, IssuedOn: v.SignedOn, Author: a.Name,
		Attribute: class.Proactive, Keywords: []string{"政府信息公开", "年度报告"}, Channels: []string{"website"},
	}
	if v.No > 1 {
		c.Note = v.Reason
	}
	return c, nil
}

// draft opens the item, or a new edition of the one that is public.
func (d *Desk) draft(ctx context.Context, by actor.Actor, v *Version, home string, c disclosure.Content) (*disclosure.Edition, error) {
	if v.Item == "" {
		return d.Items.Create(ctx, by, disclosure.New{Agency: v.Agency, Section: home, Kind: disclosure.Information, Origin: disclosure.Made, Content: c})
	}
	f, err := d.Items.LookItem(ctx, by, v.Item)
	if err != nil {
		return nil, err
	}
	e := f.Edition
	if e.State != disclosure.Draft {
		if e, err = d.Items.Correct(ctx, by, e.ID, e.Version, v.Reason); err != nil {
			return nil, err
		}
	}
	return d.Items.Save(ctx, by, e.ID, e.Version, c)
}

// attach puts the prints in the place of what is attached.
func (d *Desk) attach(ctx context.Context, by actor.Actor, e *disclosure.Edition, r *annual.Report) (*disclosure.Edition, error) {
	for len(e.Attachments) > 0 {
		var err error
		if e, err = d.Items.Detach(ctx, by, e.ID, e.Attachments[0].ID); err != nil {
			return nil, err
		}
	}
	for _, f := range []print.Format{print.DOCX, print.PDF} {
		var b bytes.Buffer
		if err := print.Write(&b, r, f, print.Options{}); err != nil {
			return nil, err
		}
		kept, err := d.Blobs.Receive(ctx, &b, mostFile)
		if err != nil {
			return nil, err
		}
		if e, err = d.Items.Attach(ctx, by, e.ID, disclosure.Attachment{Name: r.Title.Text + "." + string(f)}, kept); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// matter is the digest of what a reader gets: the text and the files, not what the catalogue says
// of them.
func matter(c *disclosure.Content, files []disclosure.Attachment) string {
	text := c.Title + "\n" + c.Body
	for _, f := range files {
		text += "\n" + f.Digest
	}
	h := sm3.Sum([]byte(text))
	return hex.EncodeToString(h[:])
}

// Changed is told of items in the act that changed them. An item that is a report's publication
// goes public only as it was signed: the act that would publish anything else fails.
func (d *Desk) Changed(tx *db.Tx, items ...string) error {
	for _, item := range items {
		all, err := drafted(tx, item)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			continue
		}
		edition, at, err := shown(tx, item)
		if err != nil || edition == "" {
			return err
		}
		for _, v := range all {
			if v.Edition == "" || v.Edition != edition || !Flow.May(v.State, Publish) {
				continue
			}
			now, err := matterOf(tx, edition)
			if err != nil {
				return err
			}
			if !equal(now, v.matter) {
				return ErrAltered
			}
			to, err := Flow.Next(v.State, Publish)
			if err != nil {
				return err
			}
			v.State, v.StepAt, v.PublishedAt = to, tx.Now, at
			if err := v.save(tx); err != nil {
				return err
			}
			if d.Published == nil {
				continue
			}
			if err := d.Published(tx, v); err != nil {
				return err
			}
		}
		if !known(all, edition) {
			return ErrAltered
		}
	}
	return nil
}

// known reports whether an edition is the publication of a version.
func known(all []*Version, edition string) bool {
	for _, v := range all {
		if v.Edition == edition && !v.PublishedAt.IsZero() {
			return true
		}
	}
	return false
}
