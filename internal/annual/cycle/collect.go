package cycle

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// HandUp submits a signed version to the supervising body. R-AR-00.
func (d *Desk) HandUp(ctx context.Context, by actor.Actor, id string, version int64) (*Version, error) {
	return d.update(ctx, by, actor.ReportSubmit, id, version, func(w *work) error {
		if err := w.take(Submit); err != nil {
			return err
		}
		t, err := agency.LoadTree(w.tx, w.tx.Today())
		if err != nil {
			return err
		}
		if w.v.Receiver = superior(t, w.v.Agency); w.v.Receiver == "" {
			return ErrReceiver
		}
		w.v.SubmittedAt = w.tx.Now
		if err := w.say(Submit, ""); err != nil {
			return err
		}
		return w.finish("", map[string]any{"receiver": w.v.Receiver})
	})
}

// receive runs an act of the supervising body on a version it was submitted.
func (d *Desk) receive(ctx context.Context, by actor.Actor, id string, version int64, s Step, text string, do func(w *work) error) (v *Version, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if v, err = load(tx, id); err != nil {
			return err
		}
		if v.Receiver == "" {
			return ErrNone
		}
		g, err := collect(tx, by, actor.ReportCollect, v.Receiver)
		if err != nil {
			return err
		}
		if v.Version != version {
			return ErrStale
		}
		w := &work{desk: d, tx: tx, by: by, act: actor.ReportCollect, v: v, behalf: g.Behalf}
		if w.body, err = agency.Load(tx, v.Agency); err != nil {
			return err
		}
		if err := w.take(s); err != nil {
			return err
		}
		if err := w.say(s, text); err != nil {
			return err
		}
		if err := do(w); err != nil {
			return err
		}
		return w.finish(text, map[string]any{"receiver": v.Receiver})
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// GiveBack sends a submitted report back with the reason. What was signed stays as it is; the
// body finds a new version open.
func (d *Desk) GiveBack(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Version, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return nil, ErrReason
	}
	return d.receive(ctx, by, id, version, Return, reason, func(w *work) error {
		w.v.DecidedAt, w.v.DecidedBy, w.v.Remark = w.tx.Now, w.by.Name, reason
		if w.v.Offline {
			return nil // the body sends a new file
		}
		return w.next(reason)
	})
}

// Take accepts a submitted report; one accepted before is superseded by it.
func (d *Desk) Take(ctx context.Context, by actor.Actor, id string, version int64) (*Version, error) {
	return d.receive(ctx, by, id, version, Accept, "", func(w *work) error {
		w.v.DecidedAt, w.v.DecidedBy = w.tx.Now, w.by.Name
		all, err := versionsOf(w.tx, w.v.Agency, w.v.Year)
		if err != nil {
			return err
		}
		for _, old := range all {
			if old.ID == w.v.ID || !Flow.May(old.State, Supersede) {
				continue
			}
			if old, err = load(w.tx, old.ID); err != nil {
				return err
			}
			old.State, old.StepAt = Superseded, w.tx.Now
			if err := old.save(w.tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// LockIt locks an accepted report: from now on only a reasoned new version corrects it.
func (d *Desk) LockIt(ctx context.Context, by actor.Actor, id string, version int64) (*Version, error) {
	return d.receive(ctx, by, id, version, Lock, "", func(w *work) error {
		w.v.LockedAt = w.tx.Now
		return nil
	})
}

// LockAll locks every accepted report on a year, and says how many.
func (d *Desk) LockAll(ctx context.Context, by actor.Actor, receiver string, year int) (n int, err error) {
	var all []*Version
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if receiver, err = d.receiver(tx, receiver); err != nil {
			return err
		}
		if _, err := collect(tx, by, actor.ReportCollect, receiver); err != nil {
			return err
		}
		all, err = sentTo(tx, receiver, year)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, v := range all {
		if v.State != Accepted {
			continue
		}
		if _, err := d.LockIt(ctx, by, v.ID, v.Version); err != nil && !errors.Is(err, ErrStale) {
			return n, err
		} else if err == nil {
			n++
		}
	}
	return n, nil
}

// next opens the version after this one, which says the same until it is changed.
func (w *work) next(reason string) error {
	old := w.v
	n := &Version{
		ID: db.ID(), Agency: old.Agency, Year: old.Year, No: old.No + 1, Head: true, State: Start, Reason: reason, Merged: old.Merged,
		Snapshot: old.Snapshot, Base: old.Base, Entered: old.Entered, Figures: old.Figures, Facts: old.Facts, Body: old.Body,
		Explained: old.Explained, Account: old.Account, Editors: old.Editors, Item: old.Item,
		StepAt: w.tx.Now, CreatedAt: w.tx.Now, CreatedBy: w.by.ID,
	}
	if err := n.seal(); err != nil {
		return err
	}
	if !old.Head {
		return ErrOpen
	}
	old.Head = false
	if err := n.insert(w.tx); err != nil {
		return err
	}
	parts, err := partsOf(w.tx, old.ID)
	if err != nil {
		return err
	}
	for _, p := range parts {
		p.ID, p.Report = db.ID(), n.ID
		if err := w.tx.Insert("report_part", p.columns()); err != nil {
			return err
		}
	}
	return nil
}

// CorrectIt opens a new version of a locked report, with the reason. The locked one counts until
// the new one is accepted.
func (d *Desk) CorrectIt(ctx context.Context, by actor.Actor, id string, version int64, reason string) (next *Version, err error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return nil, ErrReason
	}
	_, err = d.update(ctx, by, actor.ReportCorrect, id, version, func(w *work) error {
		if err := w.take(Correct); err != nil {
			return err
		}
		if err := w.say(Correct, reason); err != nil {
			return err
		}
		if err := w.next(reason); err != nil {
			return err
		}
		if next, err = newest(w.tx, w.v.Agency, int(w.v.Year)); err != nil {
			return err
		}
		return w.finish(reason, map[string]any{"next": next.ID})
	})
	if err != nil {
		return nil, err
	}
	return next, nil
}

// Place is how a body stands on a receiver's board.
type Place struct {
	Agency   *agency.Agency
	Expected bool // it reports for itself
	Into     string
	Version  *Version  // what was submitted last, nil for nothing
	Counted  *Version  // what counts: accepted or locked
	First    time.Time // submitted first: one sent back and handed in again was in time if the first was
	Due      date.Date
	Late     int // days submitted after Due, or days past it without a report
	Reminded time.Time
}

// Board is who has submitted a year's report to a body (报送情况).
type Board struct {
	Receiver *agency.Agency
	Year     int
	Places   []*Place
	Own      *Version // the receiver's own report, as far as the person may see it

	Expected, Submitted, Late, Returned, Accepted, Locked int
}

// Board returns a receiver's board. Of a body nothing is seen before it submits.
func (d *Desk) Board(ctx context.Context, by actor.Actor, body string, year int) (b *Board, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		receiver, err := d.receiver(tx, body)
		if err != nil {
			return err
		}
		if _, err := collect(tx, by, actor.ReportCollect, receiver); err != nil {
			if err := by.May(actor.ReportCollect, actor.In(receiver)); err != nil {
				return err
			}
		}
		b, err = d.board(tx, receiver, year)
		if err == nil && by.Can(actor.ReportView, actor.In(receiver)) {
			if b.Own, err = newest(tx, receiver, year); errors.Is(err, ErrNone) {
				err = nil
			}
		}
		return err
	})
	return b, err
}

func (d *Desk) board(tx *db.Tx, receiver string, year int) (*Board, error) {
	b := &Board{Year: year}
	var err error
	if b.Receiver, err = agency.Load(tx, receiver); err != nil {
		return nil, err
	}
	bodies, err := below(tx, receiver, year)
	if err != nil {
		return nil, err
	}
	sent, err := sentTo(tx, receiver, year)
	if err != nil {
		return nil, err
	}
	bodies, err = joined(tx, bodies, sent)
	if err != nil {
		return nil, err
	}
	names, err := successorNames(tx, bodies)
	if err != nil {
		return nil, err
	}
	reminded, err := remindedOn(tx, receiver, year)
	if err != nil {
		return nil, err
	}
	for _, a := range bodies {
		p := &Place{Agency: a, Reminded: reminded[a.ID]}
		u := unitOf(a, names)
		p.Expected, p.Into = u.Expected(year), u.MergedInto
		p.Due, _ = u.Due(year)
		p.stand(sent, tx.Today())
		b.Places = append(b.Places, p)
		b.tally(p)
	}
	return b, nil
}

// joined adds the bodies that submitted and do not stand in the tree of the year's end.
func joined(tx *db.Tx, bodies []*agency.Agency, sent []*Version) ([]*agency.Agency, error) {
	in := map[string]bool{}
	for _, a := range bodies {
		in[a.ID] = true
	}
	for _, v := range sent {
		if in[v.Agency] {
			continue
		}
		a, err := agency.Load(tx, v.Agency)
		if err != nil {
			return nil, err
		}
		in[v.Agency] = true
		bodies = append(bodies, a)
	}
	return bodies, nil
}

// successorNames are the names of those that bodies were merged into.
func successorNames(tx *db.Tx, bodies []*agency.Agency) (map[string]string, error) {
	var ids []string
	for _, a := range bodies {
		ids = append(ids, a.Successors...)
	}
	return agency.Names(tx, ids)
}

// stand finds what a body submitted and how late.
func (p *Place) stand(sent []*Version, today date.Date) {
	for _, v := range sent {
		if v.Agency != p.Agency.ID {
			continue
		}
		if p.Version == nil {
			p.Version = v
		}
		if p.Counted == nil && v.State.Counts() {
			p.Counted = v
		}
		p.First = v.SubmittedAt // the newest version comes first
	}
	on := today
	if p.Version != nil {
		on = date.Of(p.First.In(date.China))
	}
	if !p.Due.IsZero() && p.Expected && on.After(p.Due) {
		p.Late = on.Days(p.Due)
	}
}

func (b *Board) tally(p *Place) {
	if p.Expected {
		b.Expected++
	}
	if p.Late > 0 {
		b.Late++
	}
	if p.Version == nil {
		return
	}
	b.Submitted++
	switch p.Version.State {
	case Returned:
		b.Returned++
	case Accepted:
		b.Accepted++
	case Locked:
		b.Accepted++
		b.Locked++
	}
}

// Remind reminds bodies that have not submitted, each once a day, and says how many.
func (d *Desk) Remind(ctx context.Context, by actor.Actor, body string, year int, agencies []string) (n int, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		n = 0
		receiver, err := d.receiver(tx, body)
		if err != nil {
			return err
		}
		if _, err := collect(tx, by, actor.ReportCollect, receiver); err != nil {
			return err
		}
		b, err := d.board(tx, receiver, year)
		if err != nil {
			return err
		}
		for _, p := range b.Places {
			waits := p.Expected && (p.Version == nil || p.Version.State == Returned)
			again := !p.Reminded.IsZero() && date.Of(p.Reminded.In(date.China)) == tx.Today()
			if !waits || again || !slices.Contains(agencies, p.Agency.ID) {
				continue
			}
			if err := remind(tx, p.Agency.ID, receiver, year, by.Name); err != nil {
				return err
			}
			n++
		}
		return audit.Append(tx, by, audit.Entry{Act: actor.ReportCollect, Agency: receiver, Subject: "report", ID: receiver, Title: b.Receiver.Name,
			Cite: oversight, Detail: map[string]any{"step": "remind", "year": year, "bodies": n}})
	})
	return n, err
}
