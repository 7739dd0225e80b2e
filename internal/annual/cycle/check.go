package cycle

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/rule"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/i18n"
)

// Finding is what a check found, with what it asks for.
type Finding struct {
	check.Finding
	ID          string
	Blocks      bool         // must be put right
	Wants       bool         // must be put right or explained
	Explanation *Explanation // why it stands
}

// Open reports whether the finding keeps the report from going on.
func (f Finding) Open() bool { return f.Blocks || f.Wants && f.Explanation == nil }

// explainable are errors that may have a reason: carry-over that differs from what last year's
// report published, and a day that has passed. A warning always may.
var explainable = map[string]bool{"R-AR-06": true, "R-AR-16": true}

// marks are the messages of places somebody was to fill in.
var marks = map[string]bool{"rule.debris.placeholder": true, "rule.debris.template": true}

// examine holds the version against the rules, last year's published report beside it.
func (w *work) examine(r *annual.Report) ([]Finding, error) {
	previous, err := lastYear(w.tx, w.body, int(w.v.Year))
	if err != nil {
		return nil, err
	}
	audit := rule.Check(r, rule.Context{Previous: previous, Today: w.tx.Today(), Kind: w.body.Kind})
	return w.v.judge(audit.Findings), nil
}

// judge says of each finding what it asks for.
func (v *Version) judge(found []check.Finding) []Finding {
	var all []Finding
	for _, f := range found {
		if f.Code == "R-AR-16" && f.Severity == check.Info && v.SignedOn.IsZero() {
			continue // it bears no day before it is signed
		}
		one := Finding{Finding: f, ID: identity(f)}
		switch {
		case f.Code == "R-AR-25" && marks[f.Message.Key], f.Severity == check.Error && !explainable[f.Code]:
			one.Blocks = true
		case f.Severity != check.Info:
			one.Wants = true
		}
		if e, ok := v.Explained[one.ID]; ok && one.Wants {
			one.Explanation = &e
		}
		all = append(all, one)
	}
	return all
}

// identity is the same for the same fault: an explanation holds for what it was given for.
func identity(f check.Finding) string {
	text := f.Code + "\n" + i18n.To(i18n.Chinese).Text(f.Message) + "\n" + f.Working
	for _, q := range f.Places {
		text += "\n" + q.Key + "\t" + q.Text
	}
	h := sm3.Sum([]byte(text))
	return hex.EncodeToString(h[:8])
}

// lastYear is the report published on the year before: of a body into which others were merged
// in the year, with theirs.
func lastYear(tx *db.Tx, a *agency.Agency, year int) (*annual.Report, error) {
	own, err := publishedReport(tx, a.ID, year-1)
	if err != nil {
		return nil, err
	}
	bodies, err := withMerged(tx, a.ID, year)
	if err != nil {
		return nil, err
	}
	var merged []*annual.Report
	for _, id := range bodies[1:] {
		b, err := agency.Load(tx, id)
		if err != nil {
			return nil, err
		}
		if b.Until.Before(date.Must(year, 1, 1)) {
			continue // last year's report of the successor holds it
		}
		r, err := publishedReport(tx, id, year-1)
		if err != nil {
			return nil, err
		}
		if r != nil {
			merged = append(merged, r)
		}
	}
	if len(merged) == 0 {
		return own, nil
	}
	m := annual.NewMerger(annual.MergeSpec{Agency: a.Name, Year: year - 1, Own: own})
	for _, r := range merged {
		m.Add(r)
	}
	whole, err := m.Result()
	if err != nil {
		return nil, err
	}
	return whole.Report, nil
}

// publishedReport is a body's report on a year as the public has it, nil for none.
func publishedReport(tx *db.Tx, body string, year int) (*annual.Report, error) {
	_, r, err := shelf.Of(tx, body, year)
	if errors.Is(err, shelf.ErrNone) || errors.Is(err, agency.ErrNone) {
		return nil, nil // no report to compare with is no fault
	}
	return r, err
}

// tally counts what keeps the version from going on.
func (v *Version) tally(all []Finding) {
	v.Errors, v.Warnings = 0, 0
	for _, f := range all {
		switch {
		case f.Blocks:
			v.Errors++
		case f.Wants && f.Explanation == nil:
			v.Warnings++
		}
	}
}

// passable refuses a version with findings that are neither put right nor explained.
func (v *Version) passable() error {
	var faults []error
	if v.Errors > 0 {
		faults = append(faults, ErrFaults.With("n", v.Errors))
	}
	if v.Warnings > 0 {
		faults = append(faults, ErrUnsaid.With("n", v.Warnings))
	}
	return errors.Join(faults...)
}

// Explain records why a finding may stand.
func (d *Desk) Explain(ctx context.Context, by actor.Actor, id string, version int64, finding, text string) (*Version, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, ErrReason.At("text")
	}
	return d.update(ctx, by, actor.ReportEdit, id, version, func(w *work) error {
		all, err := w.examine(w.v.report(w.body))
		if err != nil {
			return err
		}
		for _, f := range all {
			if f.ID != finding {
				continue
			}
			if f.Blocks {
				return ErrFixed
			}
			if err := w.take(Edit); err != nil {
				return err
			}
			if w.v.Explained == nil {
				w.v.Explained = map[string]Explanation{}
			}
			w.v.Explained[finding] = Explanation{text, w.by.Name, w.tx.Now}
			w.touch()
			return w.finish(text, map[string]any{"finding": finding, "code": f.Code})
		}
		return ErrFinding
	})
}

// CheckIt holds the version against all rules; it goes on when nothing is left open.
func (d *Desk) CheckIt(ctx context.Context, by actor.Actor, id string, version int64) (*Version, error) {
	return d.update(ctx, by, actor.ReportCheck, id, version, func(w *work) error {
		if err := w.take(Check); err != nil {
			return err
		}
		all, err := w.examine(w.v.report(w.body))
		if err != nil {
			return err
		}
		w.v.tally(all)
		if err := w.v.passable(); err != nil {
			return err
		}
		w.v.CheckedAt = w.tx.Now
		return w.finish("", map[string]any{"findings": len(all)})
	})
}

// HandIn gives a checked version to the reviewer.
func (d *Desk) HandIn(ctx context.Context, by actor.Actor, id string, version int64) (*Version, error) {
	return d.update(ctx, by, actor.ReportCheck, id, version, func(w *work) error {
		if err := w.take(HandIn); err != nil {
			return err
		}
		return w.finish("", nil)
	})
}

// Judgement is what a reviewer or signer says of the version with this hash.
type Judgement struct {
	Version int64
	Hash    string
	Back    bool // sends it back
	Text    string
}

// Review takes the reviewer's word. Who compiled or wrote may not review.
func (d *Desk) Review(ctx context.Context, by actor.Actor, id string, j Judgement) (*Version, error) {
	return d.pass(ctx, by, actor.ReportReview, id, j, Approve, nil)
}

// SignOff takes the word of who answers for the report (签发). Nothing it says changes after.
//
// Article 49 sets the days, spec §2.2: the leader in charge of disclosure is 第一责任人.
func (d *Desk) SignOff(ctx context.Context, by actor.Actor, id string, j Judgement) (*Version, error) {
	return d.pass(ctx, by, actor.ReportSign, id, j, Sign, func(w *work) error { return w.sign(j.Text) })
}

func (d *Desk) pass(ctx context.Context, by actor.Actor, act actor.Act, id string, j Judgement, s Step, do func(w *work) error) (*Version, error) {
	if j.Back && strings.TrimSpace(j.Text) == "" {
		return nil, ErrReason.At("text")
	}
	return d.update(ctx, by, act, id, j.Version, func(w *work) error {
		if !equal(j.Hash, w.v.Hash) {
			return ErrChanged
		}
		step := s
		if j.Back {
			step = SendBack
		}
		if want := map[Step]State{Approve: Reviewing, Sign: Signing}[s]; w.v.State != want {
			_, err := Flow.Next(w.v.State, s)
			return err
		}
		if err := w.other(); err != nil {
			return err
		}
		if err := w.take(step); err != nil {
			return err
		}
		if do != nil && !j.Back {
			if err := do(w); err != nil {
				return err
			}
		}
		if err := w.say(step, j.Text); err != nil {
			return err
		}
		return w.finish(strings.TrimSpace(j.Text), nil)
	})
}

// other refuses who wrote the report, and who took the other step for this content.
func (w *work) other() error {
	for _, e := range w.v.Editors {
		if e == w.by.ID {
			return ErrPerson
		}
	}
	all, err := opinionsOf(w.tx, w.v.ID)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Step == Approve && o.Hash == w.v.Hash && o.Actor == w.by.ID {
			return ErrPerson
		}
	}
	return nil
}

// sign dates the report, holds it against the rules once more and keeps it. A day after the
// statutory one, or before the year is over, wants words from who signs: a body that is dissolved
// reports before.
func (w *work) sign(text string) error {
	w.v.SignedOn, w.v.SignedBy = w.tx.Today(), w.by.Name
	r := w.v.report(w.body)
	all, err := w.examine(r)
	if err != nil {
		return err
	}
	for i, f := range all {
		if f.Code != "R-AR-16" || !f.Open() {
			continue
		}
		if strings.TrimSpace(text) == "" {
			return ErrDay
		}
		if w.v.Explained == nil {
			w.v.Explained = map[string]Explanation{}
		}
		e := Explanation{strings.TrimSpace(text), w.by.Name, w.tx.Now}
		w.v.Explained[f.ID], all[i].Explanation = e, &e
	}
	w.v.tally(all)
	if err := w.v.passable(); err != nil {
		return err
	}
	if err := w.v.keep(r); err != nil {
		return err
	}
	return keepSigned(w.tx, w.v, w.by.ID)
}

// Reopen takes a signed version back that nobody outside the body has yet: neither the public
// nor the supervising body.
func (d *Desk) Reopen(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Version, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return nil, ErrReason
	}
	return d.update(ctx, by, actor.ReportEdit, id, version, func(w *work) error {
		if err := w.take(Reopen); err != nil {
			return err
		}
		w.v.SignedOn, w.v.SignedBy, w.v.signed, w.v.Digest, w.v.Edition, w.v.matter = date.Date{}, "", "", "", "", ""
		if err := w.say(Reopen, reason); err != nil {
			return err
		}
		return w.finish(reason, nil)
	})
}
