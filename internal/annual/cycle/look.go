package cycle

import (
	"bytes"
	"context"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/print"
	"gongkai/internal/db"
)

// Look is a version with all that its page shows.
type Look struct {
	*Version
	Agency      *agency.Agency
	Inside      bool // seen by the body's own people
	Collector   bool // seen by who may take it in
	Receiver    string
	Report      *annual.Report
	Findings    []Finding
	Differences []Difference
	Opinions    []*Opinion
	Versions    []*Version
	Due         []Due
	Parts       []*Part
	Outdated    int // bodies below of whom another version counts now
	Reminded    time.Time
	Sourced     bool // requests are recorded in this system
}

// visible loads a version for who may see it: the body's people, and who supervises it once it
// was submitted.
func (d *Desk) visible(tx *db.Tx, by actor.Actor, id string) (v *Version, a *agency.Agency, own bool, err error) {
	if v, err = load(tx, id); err != nil {
		return nil, nil, false, err
	}
	in := actor.In(v.Agency)
	own = by.Can(actor.ReportView, in)
	if !own {
		if !v.State.Sent() {
			return nil, nil, false, by.May(actor.ReportView, in)
		}
		if err := by.May(actor.ReportCollect, in); err != nil {
			return nil, nil, false, err
		}
	}
	a, err = agency.Load(tx, v.Agency)
	return v, a, own, err
}

// Get returns a version. Its findings and differences are those of now while it is worked on.
func (d *Desk) Get(ctx context.Context, by actor.Actor, id string) (l *Look, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		v, a, own, err := d.visible(tx, by, id)
		if err != nil {
			return err
		}
		l = &Look{Version: v, Agency: a, Inside: own, Sourced: v.Facts.Kept, Due: d.Policy.DueOf(a, int(v.Year))}
		if l.Report, err = v.Report(a); err != nil {
			return err
		}
		if err := l.history(tx, by); err != nil {
			return err
		}
		if v.Merged {
			if err := l.merged(tx); err != nil {
				return err
			}
		}
		return d.present(tx, by, l)
	})
	return l, err
}

// history adds versions, opinions and who it went to. Whoever only supervises sees the versions
// that were submitted.
func (l *Look) history(tx *db.Tx, by actor.Actor) (err error) {
	if l.Opinions, err = opinionsOf(tx, l.ID); err != nil {
		return err
	}
	all, err := versionsOf(tx, l.Version.Agency, l.Year)
	if err != nil {
		return err
	}
	for _, v := range all {
		if l.Inside || v.State.Sent() {
			l.Versions = append(l.Versions, v)
		}
	}
	if l.Reminded, err = remindersOf(tx, l.Version.Agency, int(l.Year)); err != nil {
		return err
	}
	if l.Version.Receiver == "" {
		return nil
	}
	names, err := agency.Names(tx, []string{l.Version.Receiver})
	if err != nil {
		return err
	}
	l.Receiver = names[l.Version.Receiver]
	if _, err := collect(tx, by, actor.ReportCollect, l.Version.Receiver); err == nil {
		l.Collector = true
	}
	return nil
}

func (l *Look) merged(tx *db.Tx) (err error) {
	if l.Parts, err = partsOf(tx, l.ID); err != nil {
		return err
	}
	l.Outdated, err = outdated(tx, l.ID)
	return err
}

// present adds what holds now: findings, and where the records have moved on.
func (d *Desk) present(tx *db.Tx, by actor.Actor, l *Look) (err error) {
	w := &work{desk: d, tx: tx, by: by, v: l.Version, body: l.Agency}
	if l.Findings, err = w.examine(l.Report); err != nil {
		return err
	}
	if !l.Inside || l.Offline || l.Snapshot == "" {
		return nil
	}
	now, err := d.count(tx, l.Version.Agency, int(l.Year))
	if err != nil {
		return err
	}
	s, err := loadSnapshot(tx, l.Snapshot)
	if err != nil {
		return err
	}
	l.Differences = Differences(l.Form(), l.Base, l.Entered, s.Records, now.behind, now.figures)
	return nil
}

// Years lists a body's reports, the newest version of each year, with what is due now.
func (d *Desk) Years(ctx context.Context, by actor.Actor, body string) (all []*Version, a *agency.Agency, err error) {
	if err := by.May(actor.ReportView, actor.In(body)); err != nil {
		return nil, nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if a, err = agency.Load(tx, body); err != nil {
			return err
		}
		all, err = yearsOf(tx, body)
		return err
	})
	return all, a, err
}

// Print makes a version a file: as it was signed, or as it stands.
func (d *Desk) Print(ctx context.Context, by actor.Actor, id string, f print.Format) (name string, data []byte, err error) {
	var r *annual.Report
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		v, a, _, err := d.visible(tx, by, id)
		if err != nil {
			return err
		}
		r, err = v.Report(a)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	err = print.Write(&b, r, f, print.Options{})
	return r.Title.Text + "." + string(f), b.Bytes(), err
}

// Waiting says how many versions of a body wait for a person's step: to be reviewed, signed,
// drafted for publication, submitted; sent back and not begun again.
func (d *Desk) Waiting(ctx context.Context, by actor.Actor, body string) (all []*Version, err error) {
	in := actor.In(body)
	turn := map[State]actor.Act{
		Reviewing: actor.ReportReview, Signing: actor.ReportSign, Signed: actor.ReportPublish, Checked: actor.ReportCheck,
		Published: actor.ReportSubmit, Drafting: actor.ReportEdit,
	}
	if !by.Can(actor.ReportView, in) {
		return nil, nil
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		heads, err := yearsOf(tx, body)
		all = nil
		for _, v := range heads {
			if act, ok := turn[v.State]; ok && by.Can(act, in) && (v.State != Signed || v.Edition == "") {
				all = append(all, v)
			}
		}
		return err
	})
	return all, err
}

// Opened returns a body's newest version on a year, ErrNone for none.
func (d *Desk) Opened(ctx context.Context, by actor.Actor, body string, year int) (v *Version, err error) {
	if err := by.May(actor.ReportView, actor.In(body)); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		v, err = newest(tx, body, year)
		return err
	})
	return v, err
}

// Missing lists the cells without a figure, in the order of the form.
func (v *Version) Missing() []form.Key {
	var all []form.Key
	for _, c := range v.Form().Cells() {
		if _, ok := v.Figures[c.Key]; !ok {
			all = append(all, c.Key)
		}
	}
	return all
}
