package disclosure

import (
	"context"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/index"
	"gongkai/internal/disclosure/section"
)

// Submit hands a draft to the reviews. It is refused while it lacks what the catalogue has to
// state, or while a finding that blocks was not let pass. The first submission gives the item
// its index number.
//
// 条例第十七条: “行政机关应当建立健全政府信息公开审查机制，明确审查的程序和责任。” R-EXM-05.
func (d *Desk) Submit(ctx context.Context, by actor.Actor, edition string, version int64) (*Edition, error) {
	if _, err := d.RunGate(ctx, by, edition); err != nil {
		return nil, err
	}
	return d.update(ctx, by, actor.ItemSubmit, edition, func(w *work) error {
		if err := w.seen(version); err != nil {
			return err
		}
		if err := w.take(Submit); err != nil {
			return err
		}
		if err := w.edition.ready(w.item, w.tx.Today()); err != nil {
			return err
		}
		if err := w.passed(); err != nil {
			return err
		}
		if err := w.number(); err != nil {
			return err
		}
		if err := w.announce(); err != nil {
			return err
		}
		w.edition.Round++
		w.edition.SubmittedAt, w.edition.Cleared, w.edition.Returned = w.tx.Now, false, false
		if err := w.finish("", map[string]any{"round": w.edition.Round, "index": w.item.IndexNo}); err != nil {
			return err
		}
		return w.edition.remember(w.tx, by, true)
	})
}

// announce tells the section's watch that information was formed which is to be published.
func (w *work) announce() error {
	return section.Happened(w.tx, w.desk.Calendar(), section.Happening{
		Section: w.item.Section, On: w.edition.FormedOn, What: w.edition.Title, Item: w.item.ID, By: w.by.ID,
	})
}

// passed refuses an edition whose content was not checked, or has findings that block.
func (w *work) passed() error {
	c, err := w.edition.checkOf(w.tx)
	if err != nil {
		return err
	}
	overrides, err := overridesOf(w.tx, w.edition.ID, w.edition.Hash)
	if err != nil {
		return err
	}
	if left := c.Blocking(overrides); len(left) > 0 {
		return ErrBlocked.With("count", len(left))
	}
	return nil
}

// number gives the item its index number, once. R-IDX-01 to 03.
func (w *work) number() error {
	if w.item.IndexNo != "" {
		return nil
	}
	set, err := index.Load(w.tx, w.item.Agency)
	if err != nil {
		return err
	}
	body, err := agency.Load(w.tx, w.item.Agency)
	if err != nil {
		return err
	}
	t := set.Template()
	if t.IsZero() {
		t = DefaultTemplate
	}
	f := index.Fields{
		Org: body.OrgCode, Credit: body.CreditCode, Region: body.Region, Category: w.section.Slug,
		Date: set.Day(w.edition.FormedOn, w.tx.Today()),
	}
	if w.item.IndexNo, err = index.Allocate(w.tx, w.item.Agency, t, f); err != nil {
		return err
	}
	return w.item.save(w.tx)
}

// Review takes a reviewer's verdict on an edition: approval, or its return to the author with
// remarks. It is bound to the content the reviewer saw. R-FLW-01 to 04.
func (d *Desk) Review(ctx context.Context, by actor.Actor, edition string, v Verdict) (*Edition, error) {
	if err := v.check(); err != nil {
		return nil, err
	}
	return d.update(ctx, by, v.Level.Act(), edition, func(w *work) error {
		all, err := opinionsOf(w.tx, edition)
		if err != nil {
			return err
		}
		if err := w.judge(&v, all); err != nil {
			return err
		}
		o := w.opinion(&v)
		if err := w.tx.Insert("item_opinion", o.columns()); err != nil {
			return err
		}
		if err := w.follow(append(all, o)); err != nil {
			return err
		}
		if err := w.finish(v.Opinion, map[string]any{"decision": v.Decision, "round": o.Round, "remarks": len(v.Remarks)}); err != nil {
			return err
		}
		return w.edition.remember(w.tx, by, true)
	})
}

// judge holds the verdict against the flow, the order of the reviews and the persons.
func (w *work) judge(v *Verdict, all []*Opinion) error {
	if !w.edition.State.Reviewing() && w.edition.State != Urgent {
		_, err := Flow.Next(w.edition.State, Approve)
		return err
	}
	step, err := w.edition.receive(v, all)
	if err != nil {
		return err
	}
	if err := w.edition.mayReview(w.by.ID, all); err != nil {
		return err
	}
	return w.take(step)
}

// opinion makes the record of a verdict.
func (w *work) opinion(v *Verdict) *Opinion {
	return &Opinion{
		ID: db.ID(), Item: w.item.ID, Edition: w.edition.ID, Round: w.edition.Round, Level: v.Level,
		Decision: v.Decision, Hash: v.Hash, Text: strings.TrimSpace(v.Opinion), Ticks: v.Ticks, Remarks: v.Remarks,
		Actor: w.by.ID, Name: w.by.Name, Behalf: w.behalf, At: w.tx.Now,
	}
}

// follow takes the steps that follow by themselves from the opinions on record: past the
// secrecy review where it was held before, to the decision not to publish, to the end of an
// urgent publication, or out of the public's sight where a review refuses it.
func (w *work) follow(all []*Opinion) error {
	e := w.edition
	e.Cleared, e.Returned = e.has(all, Clearer), e.State == Draft
	switch {
	case e.State == TakenDown:
		return w.endShown(Retracted, all[len(all)-1].Text)
	case e.State == Urgent && e.complete(all):
		e.ApproveBy = date.Date{}
		return w.take(Settle)
	case e.State == Secrecy && e.complete(all):
		if err := w.take(Clear); err != nil {
			return err
		}
	}
	if e.State == Approved && e.Attribute != class.Proactive {
		return w.withhold()
	}
	return nil
}
