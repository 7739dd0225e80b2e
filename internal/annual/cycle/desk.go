package cycle

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/datafile"
	"gongkai/internal/annual/form"
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/decimal"
	"gongkai/internal/disclosure"
	"gongkai/internal/flow"
	"gongkai/internal/secret"
)

// Desk is where a body's people bring an annual report about, and where the supervising body's
// take it in.
type Desk struct {
	DB     *db.DB
	Items  *disclosure.Desk
	Blobs  *blob.Store
	Keys   *secret.Keyring
	Source Source // nil where requests are kept elsewhere: tables three and four are typed in
	Policy Policy
	// Published, if set, is told of a version that became public, in the act that published it.
	Published func(tx *db.Tx, v *Version) error
}

// first is the first year the present form is for; the records count for no earlier one.
const first = 2021

// work is an act under way on a version.
type work struct {
	desk   *Desk
	tx     *db.Tx
	by     actor.Actor
	act    actor.Act
	v      *Version
	body   *agency.Agency
	behalf string
	move   flow.Move[State, Step]
}

// open loads a version for an act of its own body, and refuses who may not do it.
func (d *Desk) open(tx *db.Tx, by actor.Actor, act actor.Act, id string) (*work, error) {
	v, err := load(tx, id)
	if err != nil {
		return nil, err
	}
	w := &work{desk: d, tx: tx, by: by, act: act, v: v}
	if w.body, err = agency.Load(tx, v.Agency); err != nil {
		return nil, err
	}
	in := actor.In(v.Agency)
	g, ok := by.By(act, in)
	if !ok {
		return nil, by.May(act, in)
	}
	w.behalf = g.Behalf
	return w, nil
}

// update runs an act of a body's own people on a version they saw.
func (d *Desk) update(ctx context.Context, by actor.Actor, act actor.Act, id string, version int64, do func(w *work) error) (v *Version, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		w, err := d.open(tx, by, act, id)
		if err != nil {
			return err
		}
		if w.v.Version != version {
			return ErrStale
		}
		v = w.v
		return do(w)
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// take moves the version by a step of its flow.
func (w *work) take(s Step) error {
	m, ok := Flow.Find(w.v.State, s)
	if !ok {
		_, err := Flow.Next(w.v.State, s)
		return err
	}
	w.move = m
	if m.To != w.v.State {
		w.v.StepAt = w.tx.Now
	}
	w.v.State = m.To
	return nil
}

// finish saves the version and writes the act's entry.
func (w *work) finish(reason string, detail any) error {
	if err := w.v.save(w.tx); err != nil {
		return err
	}
	return w.log(reason, detail)
}

func (w *work) log(reason string, detail any) error {
	cite := w.move.Cite
	if cite.IsZero() {
		cite = content
	}
	return audit.Append(w.tx, w.by, audit.Entry{
		Act: w.act, Agency: w.v.Agency, Subject: "report", ID: w.v.ID, Version: w.v.Version, Title: w.v.Form().Title(w.body.Name, int(w.v.Year)),
		Cite: cite, Reason: reason, Behalf: w.behalf,
		Detail: map[string]any{"year": w.v.Year, "no": w.v.No, "step": w.move.Act, "before": w.move.From, "after": w.v.State, "hash": w.v.Hash, "more": detail},
	})
}

// say keeps what somebody said when taking a step.
func (w *work) say(s Step, text string) error {
	o := &Opinion{ID: db.ID(), Report: w.v.ID, Step: s, Hash: w.v.Hash, Actor: w.by.ID, Name: w.by.Name, Behalf: w.behalf,
		Text: strings.TrimSpace(text), At: w.tx.Now}
	return w.tx.Insert("report_opinion", o.columns())
}

// touch notes that a person changed what the version says.
func (w *work) touch() {
	if !slices.Contains(w.v.Editors, w.by.ID) {
		w.v.Editors = append(w.v.Editors, w.by.ID)
	}
}

// Begin compiles a body's report on a year for the first time.
func (d *Desk) Begin(ctx context.Context, by actor.Actor, body string, year int) (v *Version, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.ReportCompile, actor.In(body)); err != nil {
			return err
		}
		if year < first || year > tx.Today().Year() {
			return ErrYear.With("first", first)
		}
		a, err := agency.Load(tx, body)
		if err != nil {
			return err
		}
		if _, err := newest(tx, body, year); err == nil {
			return ErrBegun
		} else if err != ErrNone {
			return err
		}
		v = &Version{ID: db.ID(), Agency: body, Year: int64(year), No: 1, Head: true, State: Start,
			StepAt: tx.Now, CreatedAt: tx.Now, CreatedBy: by.ID}
		w := &work{desk: d, tx: tx, by: by, act: actor.ReportCompile, v: v, body: a}
		w.move.Act, w.move.Cite = Compile, content
		if err := v.insert(tx); err != nil {
			return err
		}
		if err := w.compile(); err != nil {
			return err
		}
		return w.finish("", map[string]any{"snapshot": v.Snapshot})
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// Recompile counts the records anew. What was typed in stays, and so does what was written.
func (d *Desk) Recompile(ctx context.Context, by actor.Actor, id string, version int64) (*Version, error) {
	return d.update(ctx, by, actor.ReportCompile, id, version, func(w *work) error {
		if err := w.take(Compile); err != nil {
			return err
		}
		before := w.v.Snapshot
		if err := w.compile(); err != nil {
			return err
		}
		return w.finish("", map[string]any{"snapshot": w.v.Snapshot, "before": before})
	})
}

// compile counts and keeps what was counted.
func (w *work) compile() error {
	c, err := w.desk.count(w.tx, w.v.Agency, int(w.v.Year))
	if err != nil {
		return err
	}
	s := &Snapshot{ID: db.ID(), Report: w.v.ID, At: w.tx.Now, By: w.by.ID, ByName: w.by.Name, Figures: c.figures, Records: c.behind}
	if err := w.tx.Insert("report_snapshot", s.columns()); err != nil {
		return err
	}
	w.v.Snapshot, w.v.Base, w.v.Facts = s.ID, c.figures, c.facts
	return w.settle()
}

// settle draws figures, text and hash from what the version holds.
func (w *work) settle() error {
	own := w.v.Own()
	w.v.Figures = own
	if w.v.Merged {
		parts, err := partsOf(w.tx, w.v.ID)
		if err != nil {
			return err
		}
		if w.v.Figures, err = sum(own, parts); err != nil {
			return err
		}
	}
	if err := w.v.Body.follow(w.v.telling(w.body)); err != nil {
		return err
	}
	return w.v.seal()
}

// sum adds the parts of bodies below to one's own figures.
func sum(own Figures, parts []*Part) (Figures, error) {
	all := Figures{}
	for k, f := range own {
		all[k] = Figure{Value: f.Value, Origin: FromBelow}
	}
	for _, p := range parts {
		if p.Source == "" {
			continue
		}
		for k, text := range p.Values {
			n, err := decimal.Parse(text)
			if err != nil {
				return nil, fmt.Errorf("figure %s of %s: %w", k, p.Name, err)
			}
			f := all[k]
			if f.Value, err = f.Value.Add(n); err != nil {
				return nil, fmt.Errorf("add %s of %s: %w", k, p.Name, err)
			}
			f.Origin = FromBelow
			all[k] = f
		}
	}
	return all, nil
}

// seal draws the hash over what the version says: figures and text.
func (v *Version) seal() error {
	values := map[form.Key]string{}
	for k, f := range v.Figures {
		values[k] = f.Value.String()
	}
	text := map[string]string{}
	for _, part := range Parts {
		text[part] = v.Body.Text(part)
	}
	data, err := json.Marshal([]any{v.Agency, v.Year, v.No, values, text})
	if err != nil {
		return fmt.Errorf("seal the report: %w", err)
	}
	h := sm3.Sum(data)
	v.Hash = hex.EncodeToString(h[:])
	return nil
}

// Change is one figure typed in: none takes back what was typed before.
type Change struct {
	Value decimal.Decimal
	None  bool
}

// Enter types figures in, in the place of what the records say or where they say nothing. It
// wants the basis, completes the sums, and refuses what breaks them: nothing is found in January
// that could be known now.
func (d *Desk) Enter(ctx context.Context, by actor.Actor, id string, version int64, cells map[form.Key]Change, reason string) (*Version, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return nil, ErrReason
	}
	return d.update(ctx, by, actor.ReportEdit, id, version, func(w *work) error {
		if err := w.take(Edit); err != nil {
			return err
		}
		f, changed := w.v.Form(), false
		if w.v.Entered == nil {
			w.v.Entered = map[form.Key]Entry{}
		}
		for k, c := range cells {
			had, was := w.v.Entered[k]
			switch {
			case c.None && was:
				delete(w.v.Entered, k)
				changed = true
			case c.None || was && had.Value == c.Value && had.Reason == reason:
			default:
				if err := fits(f, k, c.Value); err != nil {
					return err
				}
				w.v.Entered[k] = Entry{c.Value, reason, w.by.Name, w.tx.Now}
				changed = true
			}
		}
		if !changed {
			return ErrNothing
		}
		if err := Sound(f, Complete(f, w.v.Base, w.v.Entered)); err != nil {
			return err
		}
		w.touch()
		if err := w.settle(); err != nil {
			return err
		}
		return w.finish(reason, map[string]any{"cells": sortedKeys(cells)})
	})
}

func sortedKeys[V any](m map[form.Key]V) []form.Key {
	var all []form.Key
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// Write takes the text of sections as a person left it.
func (d *Desk) Write(ctx context.Context, by actor.Actor, id string, version int64, texts map[string]string) (*Version, error) {
	return d.update(ctx, by, actor.ReportEdit, id, version, func(w *work) error {
		var changed []string
		for _, part := range Parts {
			text, given := texts[part]
			if given && tidy(text) != w.v.Body.Text(part) {
				w.v.Body.write(part, text)
				changed = append(changed, part)
			}
		}
		if len(changed) == 0 {
			return nil
		}
		if err := w.take(Edit); err != nil {
			return err
		}
		w.touch()
		if err := w.v.seal(); err != nil {
			return err
		}
		return w.finish("", map[string]any{"sections": changed})
	})
}

// tidy brings a typed text into the form it is kept in.
func tidy(text string) string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return strings.Join(all, "\n")
}

// keep fixes what was signed as a data file.
func (v *Version) keep(r *annual.Report) error {
	var b bytes.Buffer
	if err := datafile.Write(&b, r); err != nil {
		return fmt.Errorf("keep the signed report: %w", err)
	}
	v.signed = b.String()
	h := sm3.Sum(b.Bytes())
	v.Digest = hex.EncodeToString(h[:])
	return nil
}

// Report returns the version as a report: as it was signed, or as it stands.
func (v *Version) Report(a *agency.Agency) (*annual.Report, error) {
	if v.signed == "" {
		return v.report(a), nil
	}
	r, err := datafile.Read(strings.NewReader(v.signed))
	if err != nil {
		return nil, fmt.Errorf("read the signed report %s: %w", v.ID, err)
	}
	return r, nil
}
