package disclosure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/check"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/extract"
	"gongkai/internal/gate"
)

// RunGate checks an edition's content and keeps what is found with the hash it was found at.
// It is no act of its own: it changes nothing of the record, and the same content gives the
// same findings.
func (d *Desk) RunGate(ctx context.Context, by actor.Actor, edition string) (*Check, error) {
	e, i, body, err := d.subject(ctx, by, edition)
	if err != nil {
		return nil, err
	}
	findings, err := d.findings(ctx, e, i, body)
	if err != nil {
		return nil, err
	}
	c := &Check{Edition: e.ID, Hash: e.Hash, Findings: keepable(findings)}
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		c.At = tx.Now
		return c.keep(tx)
	})
	return c, err
}

// subject loads what the checks look at.
func (d *Desk) subject(ctx context.Context, by actor.Actor, edition string) (e *Edition, i *Item, b *agency.Agency, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		w, err := d.open(tx, by, actor.ItemView, edition)
		if err != nil {
			return err
		}
		e, i = w.edition, w.item
		b, err = agency.Load(tx, i.Agency)
		return err
	})
	return e, i, b, err
}

// findings reads the attachments and runs the rules, outside of any transaction.
func (d *Desk) findings(ctx context.Context, e *Edition, i *Item, b *agency.Agency) ([]gate.Finding, error) {
	s := &gate.Subject{
		Metadata:  metadata(e, i),
		Publisher: publisher(b),
		Parts:     []gate.Part{gate.Body(e.Body)},
		LastDay:   e.DueOn, Stage: gate.Submission,
	}
	if d.Words != nil {
		words, err := d.Words(ctx)
		if err != nil {
			return nil, err
		}
		s.Words = words
	}
	for _, a := range e.Attachments {
		part, err := d.part(ctx, a)
		if err != nil {
			return nil, err
		}
		s.Parts = append(s.Parts, part)
	}
	err := d.DB.View(ctx, func(tx *db.Tx) error {
		s.Today = tx.Today()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(gate.Run(rules(e), s), func(f gate.Finding) bool {
		return f.Field == gate.FieldIndexNo && i.IndexNo == "" // submission gives it
	}), nil
}

// unpublished is the rule that what is withheld is not published.
const unpublished = "R-EXM-07"

// rules are those an edition is checked by. One that says of itself that it is not to be
// published goes through the reviews to have that decided; publishing refuses it.
func rules(e *Edition) []check.Rule[*gate.Subject] {
	all := gate.Rules()
	if e.Attribute == class.Proactive {
		return all
	}
	return slices.DeleteFunc(all, func(r check.Rule[*gate.Subject]) bool { return r.Code == unpublished })
}

func (d *Desk) part(ctx context.Context, a Attachment) (gate.Part, error) {
	data, err := d.Blobs.ReadAll(ctx, a.Digest)
	if err != nil {
		return gate.Part{}, fmt.Errorf("read the attachment %s: %w", a.ID, err)
	}
	doc, err := extract.Inspect(ctx, a.Name, data)
	if ctx.Err() != nil {
		return gate.Part{}, ctx.Err()
	}
	p := gate.Attachment(a.ID, a.Name, doc, err)
	p.Digest, p.Media = a.Digest, a.Media
	return p, nil
}

// publisher says what the checks know of the body. A code that is not known is left out.
func publisher(b *agency.Agency) gate.Publisher {
	return gate.Publisher{Name: b.Name, Names: tidyList([]string{b.ShortName}), Codes: tidyList([]string{b.CreditCode, b.OrgCode})}
}

// attributes are the gate's names of the attributes.
var attributes = map[class.Attribute]gate.Attribute{
	class.Proactive: gate.Public, class.Request: gate.OnRequest, class.Withheld: gate.Withheld,
}

func metadata(e *Edition, i *Item) gate.Metadata {
	return gate.Metadata{
		Title: e.Title, Summary: e.Summary, IndexNo: i.IndexNo, DocNo: e.DocNo, Theme: e.Theme, Genre: e.Genre,
		Attribute: attributes[e.Attribute], Basis: strings.TrimSpace(strings.Join(e.Basis, " ") + " " + e.Reason),
		Formed: e.FormedOn, Issued: e.IssuedOn, Source: e.Source, Author: e.Author, Validity: string(e.Validity),
		Until: e.ExpiresOn,
	}
}

// Override lets a finding that blocks pass, with the secrecy reviewer's reason. It holds for
// the content as it is: any change voids it.
func (d *Desk) Override(ctx context.Context, by actor.Actor, edition, hash, finding, reason string) (*Edition, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, ErrReason
	}
	return d.update(ctx, by, actor.ItemOverride, edition, func(w *work) error {
		if w.edition.Hash != hash {
			return ErrSeen
		}
		if w.edition.State != Draft {
			return ErrLevel
		}
		if err := w.edition.mayReview(by.ID, nil); err != nil {
			return err
		}
		c, err := w.edition.checkOf(w.tx)
		if err != nil {
			return err
		}
		f, ok := c.find(finding)
		if !ok || !f.Blocks {
			return ErrFinding
		}
		o := &Override{ID: db.ID(), Edition: edition, Hash: hash, Finding: finding, Reason: reason,
			Actor: by.ID, Name: by.Name, At: w.tx.Now}
		if err := w.tx.Insert("item_override", o.columns()); err != nil {
			if db.IsUnique(err, "item_override", "edition", "hash", "finding") {
				return ErrTwice
			}
			return err
		}
		return w.record(reason, map[string]string{"rule": f.Code, "finding": f.ID})
	})
}

// Fix applies the change a finding offers, if the content is still the one it was found in.
func (d *Desk) Fix(ctx context.Context, by actor.Actor, edition string, version int64, finding string) (*Edition, error) {
	e, i, body, err := d.subject(ctx, by, edition)
	if err != nil {
		return nil, err
	}
	if e.Version != version {
		return nil, ErrStale
	}
	all, err := d.findings(ctx, e, i, body)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if f.ID != finding || f.Fix == nil {
			continue
		}
		c, err := fixed(e, f.Fix)
		if err != nil {
			return nil, err
		}
		return d.Save(ctx, by, edition, version, c)
	}
	return nil, ErrFinding
}

// fixed returns the edition's content with a fix applied.
func fixed(e *Edition, f *gate.Fix) (Content, error) {
	c := e.Content
	byPart := map[string][]gate.Edit{}
	for _, edit := range f.Edits {
		byPart[edit.Part] = append(byPart[edit.Part], edit)
	}
	for part, edits := range byPart {
		if err := apply(&c, part, edits); err != nil {
			return c, err
		}
	}
	switch f.Field {
	case gate.FieldDocNo:
		c.DocNo = f.Value
	case gate.FieldTitle:
		c.Title = f.Value
	case gate.FieldSummary:
		c.Summary = f.Value
	case gate.FieldSource:
		c.Source = f.Value
	case gate.FieldAuthor:
		c.Author = f.Value
	}
	return c, nil
}

// apply edits one part of the content.
func apply(c *Content, part string, edits []gate.Edit) (err error) {
	switch part {
	case gate.BodyID:
		p := gate.Body(c.Body)
		c.Body, err = p.Apply(edits)
	case gate.TitleID:
		p := gate.Plain(part, c.Title)
		c.Title, err = p.Apply(edits)
	case gate.SummaryID:
		p := gate.Plain(part, c.Summary)
		c.Summary, err = p.Apply(edits)
	default:
		err = ErrFinding
	}
	return err
}
