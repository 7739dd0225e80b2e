package disclosure

import (
	"context"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/job"
)

// Release is how an edition goes public.
type Release struct {
	Version    int64
	LateReason string // why, when the last day to publish has passed
}

// Publish makes an edition public. The time of publication is the one of this act and cannot
// be given, R-WEB-03.
//
// R-FLW-03: only when all three reviews and the secrecy review were given for the very content.
func (d *Desk) Publish(ctx context.Context, by actor.Actor, edition string, r Release) (*Edition, error) {
	return d.update(ctx, by, actor.ItemPublish, edition, func(w *work) error {
		if err := w.seen(r.Version); err != nil {
			return err
		}
		return w.publish(r)
	})
}

// publish takes the edition to the public.
func (w *work) publish(r Release) error {
	scheduled := w.edition.State == Scheduled
	if err := w.take(Publish); err != nil {
		return err
	}
	if err := w.releasable(); err != nil {
		return err
	}
	if reason := strings.TrimSpace(r.LateReason); reason != "" {
		w.edition.LateReason = reason
	}
	if w.edition.Late(w.tx.Today()) && w.edition.LateReason == "" && !scheduled {
		return ErrLate.With("due", w.edition.DueOn.String())
	}
	if err := w.show(); err != nil {
		return err
	}
	if scheduled {
		if err := job.Withdraw(w.tx, PublishJob, w.edition.ID); err != nil {
			return err
		}
	}
	return w.finish(w.edition.LateReason, map[string]any{"index": w.item.IndexNo, "section": w.item.Section})
}

// releasable holds the edition against what must be true of whatever goes public: R-EXM-07,
// R-FLW-03.
func (w *work) releasable() error {
	if w.edition.Attribute != class.Proactive {
		return ErrNotPublic
	}
	all, err := opinionsOf(w.tx, w.edition.ID)
	if err != nil {
		return err
	}
	if !w.edition.complete(all) || w.edition.Hash != ContentHash(&w.edition.Content, w.edition.Attachments) {
		return ErrUnreviewed
	}
	return w.timely()
}

// timely refuses to show a list whose posting period is over.
func (w *work) timely() error {
	if u := w.edition.DisplayUntil; !u.IsZero() && u.Before(w.tx.Today()) {
		return ErrOver
	}
	return nil
}

// show puts the edition before the public in place of the one shown so far.
func (w *work) show() error {
	e, i, now := w.edition, w.item, w.tx.Now
	if i.Shown != "" && i.Shown != e.ID {
		if err := w.supersede(); err != nil {
			return err
		}
	}
	e.PublishedAt, e.PublishAt = now, time.Time{}
	if i.FirstAt.IsZero() {
		i.FirstAt = now
	}
	i.Shown, i.Status, i.ShownAt = e.ID, Live, now
	i.EndedAt, i.EndedReason = time.Time{}, ""
	if err := i.save(w.tx); err != nil {
		return err
	}
	if err := w.link(); err != nil {
		return err
	}
	if !e.DisplayUntil.IsZero() {
		at := dayStart(e.DisplayUntil.Plus(1))
		if err := job.Enqueue(w.tx, ExpireJob, editionArgs{e.ID}, job.At(at), job.Unique(e.ID)); err != nil {
			return err
		}
	}
	return w.spread()
}

// supersede ends the edition shown so far. One that was taken down stays so.
func (w *work) supersede() error {
	old, err := loadEdition(w.tx, w.item.Shown)
	if err != nil {
		return err
	}
	m, ok := Flow.Find(old.State, Supersede)
	if !ok { // it ended before: retracted, expired
		return nil
	}
	old.State, old.StepAt = m.To, w.tx.Now
	return old.save(w.tx)
}

// Order publishes an edition before the reviews are done, on the order of who may give it and
// with the reason. It has passed the secrecy review; the three reviews follow within days, and
// one that refuses takes it down.
//
// 保密法实施条例第四十二条, R-EXM-05: the secrecy review comes first, whatever the hurry.
func (d *Desk) Order(ctx context.Context, by actor.Actor, edition string, version int64, reason string) (*Edition, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, ErrReason
	}
	return d.update(ctx, by, actor.ItemUrgent, edition, func(w *work) error {
		if err := w.seen(version); err != nil {
			return err
		}
		if err := w.take(Order); err != nil {
			return err
		}
		if err := w.mayOrder(); err != nil {
			return err
		}
		e := w.edition
		e.UrgentBy, e.Urgency, e.ApproveBy = by.ID, strings.TrimSpace(reason), d.Calendar().Add(w.tx.Today(), d.reviewDays()).Date
		if err := w.show(); err != nil {
			return err
		}
		if err := w.finish(reason, map[string]string{"approve_by": e.ApproveBy.String()}); err != nil {
			return err
		}
		return e.remember(w.tx, by, true)
	})
}

// mayOrder holds an order of urgent publication against what no hurry excuses.
func (w *work) mayOrder() error {
	all, err := opinionsOf(w.tx, w.edition.ID)
	if err != nil {
		return err
	}
	switch {
	case w.edition.Attribute != class.Proactive:
		return ErrNotPublic
	case !w.edition.has(all, Clearer):
		return ErrUncleared
	case w.by.ID == w.edition.CreatedBy:
		return ErrPerson
	}
	return w.timely()
}

// Schedule lets an edition go public by itself at a time to come.
func (d *Desk) Schedule(ctx context.Context, by actor.Actor, edition string, at time.Time, r Release) (*Edition, error) {
	return d.update(ctx, by, actor.ItemSchedule, edition, func(w *work) error {
		if err := w.seen(r.Version); err != nil {
			return err
		}
		if err := w.take(Schedule); err != nil {
			return err
		}
		if !at.After(w.tx.Now) {
			return ErrPast
		}
		if err := w.releasable(); err != nil {
			return err
		}
		e := w.edition
		e.PublishAt, e.LateReason = at.UTC().Truncate(time.Second), strings.TrimSpace(r.LateReason)
		if e.Late(dayOf(at)) && e.LateReason == "" {
			return ErrLate.With("due", e.DueOn.String())
		}
		if err := job.Enqueue(w.tx, PublishJob, editionArgs{e.ID}, job.At(e.PublishAt), job.Unique(e.ID)); err != nil {
			return err
		}
		return w.finish("", map[string]string{"at": e.PublishAt.Format(time.RFC3339)})
	})
}

// Unschedule takes the time of publication back.
func (d *Desk) Unschedule(ctx context.Context, by actor.Actor, edition string, version int64) (*Edition, error) {
	return d.update(ctx, by, actor.ItemSchedule, edition, func(w *work) error {
		if err := w.seen(version); err != nil {
			return err
		}
		if err := w.take(Unschedule); err != nil {
			return err
		}
		w.edition.PublishAt = time.Time{}
		if err := job.Withdraw(w.tx, PublishJob, edition); err != nil {
			return err
		}
		return w.finish("", nil)
	})
}

// Retract takes a published edition out of the public's sight. At its address stands that it
// was taken down, when and why.
func (d *Desk) Retract(ctx context.Context, by actor.Actor, edition string, version int64, reason string) (*Edition, error) {
	return d.end(ctx, by, actor.ItemRetract, edition, version, Retract, Retracted, reason)
}

// Archive takes a published edition off the lists. At its address it can still be read.
func (d *Desk) Archive(ctx context.Context, by actor.Actor, edition string, version int64, reason string) (*Edition, error) {
	return d.end(ctx, by, actor.ItemArchive, edition, version, Archive, Archived, reason)
}

func (d *Desk) end(ctx context.Context, by actor.Actor, act actor.Act, edition string, version int64, s Step, to Status, reason string) (*Edition, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return nil, ErrReason
	}
	return d.update(ctx, by, act, edition, func(w *work) error {
		if err := w.seen(version); err != nil {
			return err
		}
		if err := w.take(s); err != nil {
			return err
		}
		if err := w.endShown(to, reason); err != nil {
			return err
		}
		return w.finish(reason, nil)
	})
}

// endShown ends what the public sees of the item.
func (w *work) endShown(to Status, reason string) error {
	w.item.Status, w.item.EndedAt, w.item.EndedReason = to, w.tx.Now, reason
	if err := w.item.save(w.tx); err != nil {
		return err
	}
	if err := w.unlink(); err != nil {
		return err
	}
	return w.spread()
}

// Expire takes a posted list down when its period is over. The program does it the day after;
// until then it does nothing.
//
// R-PII-07: “remove lists after the posting period unless a rule requires longer”.
func (d *Desk) Expire(ctx context.Context, by actor.Actor, edition string) (*Edition, error) {
	return d.update(ctx, by, actor.ItemExpire, edition, func(w *work) error {
		if until := w.edition.DisplayUntil; until.IsZero() || !w.tx.Today().After(until) {
			return ErrEarly
		}
		if err := w.take(Expire); err != nil {
			return err
		}
		if err := w.endShown(Expired, ""); err != nil {
			return err
		}
		return w.finish("", map[string]string{"until": w.edition.DisplayUntil.String()})
	})
}

// Correct opens a new edition of what is or was public. It takes the same way through the
// reviews; until it is published, the public sees the old one.
//
// 条例第六条第二款: “行政机关发现影响或者可能影响社会稳定、扰乱社会和经济管理秩序的虚假或者不完整信息的，
// 应当发布准确的政府信息予以澄清。”
func (d *Desk) Correct(ctx context.Context, by actor.Actor, edition string, version int64, note string) (*Edition, error) {
	if strings.TrimSpace(note) == "" {
		return nil, ErrNote
	}
	var next *Edition
	_, err := d.update(ctx, by, actor.ItemCorrect, edition, func(w *work) error {
		if err := w.seen(version); err != nil {
			return err
		}
		if w.item.Shown == "" {
			return ErrUnpublished
		}
		var err error
		next, err = w.reopen(note, w.edition.Content)
		return err
	})
	return next, err
}

// reopen begins a new edition of the item with content c and the files of the one acted on.
func (w *work) reopen(note string, c Content) (*Edition, error) {
	old := w.edition
	switch {
	case !old.Head:
		return nil, ErrOpen
	case old.State.Open() || old.State == Discarded:
		return nil, ErrOpen
	}
	old.Head = false
	if err := old.save(w.tx); err != nil {
		return nil, err
	}
	last, err := lastNo(w.tx, w.item.ID)
	if err != nil {
		return nil, err
	}
	e := &Edition{ID: db.ID(), Item: old.Item, No: last + 1, Content: c, Attachments: old.Attachments}
	e.Note = note
	w.edition = e
	w.begun()
	if err := e.insert(w.tx); err != nil {
		return nil, err
	}
	w.item.Head = e.ID
	if err := w.item.save(w.tx); err != nil {
		return nil, err
	}
	if err := e.remember(w.tx, w.by, false); err != nil {
		return nil, err
	}
	return e, w.record(note, map[string]string{"from": old.ID})
}

// reassessDays is how often withheld information is looked at again. Art. 18 says
// “定期”, regularly, and leaves the term to the agency: a year is our choice.
const reassessDays = 365

// withhold ends the reviews of what is not published: the decision and its ground are on
// record, and it is looked at again.
//
// 条例第十八条: “行政机关应当建立健全政府信息管理动态调整机制，对本行政机关不予公开的政府信息进行定期评估审查，
// 对因情势变化可以公开的政府信息应当公开。”
func (w *work) withhold() error {
	w.edition.State = Secrecy
	if err := w.take(Withhold); err != nil {
		return err
	}
	w.edition.ReassessOn = w.tx.Today().Plus(reassessDays)
	return nil
}

// Reassess records that withheld information was looked at again and why it stays so. If it
// may be published now, Correct opens the edition that says so.
func (d *Desk) Reassess(ctx context.Context, by actor.Actor, edition string, version int64, reason string) (*Edition, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, ErrReason
	}
	return d.update(ctx, by, actor.ItemReassess, edition, func(w *work) error {
		if err := w.seen(version); err != nil {
			return err
		}
		if err := w.take(Reassess); err != nil {
			return err
		}
		w.edition.ReassessOn = w.tx.Today().Plus(reassessDays)
		return w.finish(reason, map[string]string{"next": w.edition.ReassessOn.String()})
	})
}

// Disclose opens an edition of withheld information that may be public now, art. 18.
func (d *Desk) Disclose(ctx context.Context, by actor.Actor, edition string, version int64, note string) (*Edition, error) {
	if strings.TrimSpace(note) == "" {
		return nil, ErrReason
	}
	var next *Edition
	_, err := d.update(ctx, by, actor.ItemReassess, edition, func(w *work) error {
		if err := w.seen(version); err != nil {
			return err
		}
		if w.edition.State != Withheld {
			return ErrOpen
		}
		c := w.edition.Content
		c.Attribute, c.Basis, c.Reason = class.Proactive, nil, ""
		var err error
		next, err = w.reopen(note, c)
		return err
	})
	return next, err
}
