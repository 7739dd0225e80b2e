package cycle

import (
	"context"
	"fmt"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// Line is what became of one body in a merged report.
type Line struct {
	Agency  string         `json:"agency"`
	Name    string         `json:"name"`
	Source  string         `json:"source,omitempty"` // the version that was counted
	No      int64          `json:"no,omitempty"`
	Outcome annual.Outcome `json:"outcome"`
	Late    int            `json:"late,omitempty"`
	Notices []string       `json:"notices,omitempty"` // in Chinese, as they go into the file
}

// MergeIn adds the accepted reports of the bodies below to the body's own figures. Each figure
// keeps what every body gave to it. Done again, it takes the versions that count now.
//
// Spec §2.8: the supervising office collects departments and townships; each unit reports once; a
// unit merged in the course of the year is reported by its successor.
func (d *Desk) MergeIn(ctx context.Context, by actor.Actor, id string, version int64) (*Version, error) {
	return d.update(ctx, by, actor.ReportMerge, id, version, func(w *work) error {
		if err := w.take(Merge); err != nil {
			return err
		}
		n, err := w.merge()
		if err != nil {
			return err
		}
		w.touch()
		if err := w.settle(); err != nil {
			return err
		}
		return w.finish("", map[string]any{"bodies": n})
	})
}

// Part takes the bodies below out of a merged report again: it holds the body's own figures.
func (d *Desk) Part(ctx context.Context, by actor.Actor, id string, version int64) (*Version, error) {
	return d.update(ctx, by, actor.ReportMerge, id, version, func(w *work) error {
		if err := w.take(Merge); err != nil {
			return err
		}
		if !w.v.Merged {
			return ErrNothing
		}
		w.v.Merged, w.v.Account = false, nil
		if err := clearParts(w.tx, w.v.ID); err != nil {
			return err
		}
		w.touch()
		if err := w.settle(); err != nil {
			return err
		}
		return w.finish("", nil)
	})
}

// merge adds up and keeps the account of it. It returns how many bodies are in the sum.
func (w *work) merge() (int, error) {
	year := int(w.v.Year)
	bodies, err := below(w.tx, w.v.Agency, year)
	if err != nil {
		return 0, err
	}
	counted, err := countedFor(w.tx, w.v.Agency, year)
	if err != nil {
		return 0, err
	}
	if bodies, err = joined(w.tx, bodies, counted); err != nil {
		return 0, err
	}
	if len(bodies) == 0 {
		return 0, ErrBelow
	}
	names, err := successorNames(w.tx, bodies)
	if err != nil {
		return 0, err
	}
	m := newMerging(w.v, w.body, bodies, names)
	for _, c := range counted {
		m.add(c)
	}
	merged, err := m.merger.Result()
	if err != nil {
		return 0, fmt.Errorf("merge the reports of %d: %w", year, err)
	}
	return w.keepParts(m, merged)
}

// merging is a merger with the bodies behind its units.
type merging struct {
	merger   *annual.Merger
	form     *form.Form
	label    map[string]string // of a body its name in the list
	agency   map[string]string // of a name its body
	version  map[string]*Version
	children []*agency.Agency
}

func newMerging(v *Version, own *agency.Agency, bodies []*agency.Agency, names map[string]string) *merging {
	m := &merging{form: v.Form(), label: map[string]string{}, agency: map[string]string{}, version: map[string]*Version{}, children: bodies}
	spec := annual.MergeSpec{Agency: own.Name, Year: int(v.Year)}
	spec.Own = light(m.form, int(v.Year), own.Name, v.Own(), date.Date{})
	for _, a := range bodies {
		u := unitOf(a, names)
		if _, twice := m.agency[u.Name]; twice { // ended bodies may bear the name of one that exists
			u.Name += "（" + a.ID + "）"
		}
		if u.MergedInto != "" && u.Until.IsZero() {
			u.MergedInto = ""
		}
		m.label[a.ID], m.agency[u.Name] = u.Name, a.ID
		spec.Units = append(spec.Units, u)
	}
	for i, u := range spec.Units { // a successor that reports elsewhere is none of this list
		if _, here := m.agency[u.MergedInto]; u.MergedInto != "" && !here {
			spec.Units[i].Aliases, spec.Units[i].MergedInto = nil, own.Name
		}
	}
	if needsSelf(spec.Units, own.Name) {
		spec.Units = append(spec.Units, annual.Unit{Name: own.Name, Kind: annual.Other, Since: date.Must(int(v.Year)+1, 12, 31)})
	}
	m.merger = annual.NewMerger(spec)
	return m
}

// needsSelf reports whether a unit was merged into the superior itself, which the list must then
// name.
func needsSelf(units []annual.Unit, name string) bool {
	for _, u := range units {
		if u.MergedInto == name {
			return true
		}
	}
	return false
}

// light is a report with figures alone.
func light(f *form.Form, year int, name string, all Figures, on date.Date) *annual.Report {
	r := &annual.Report{Form: f, Year: year, Agency: annual.Text{Text: name}, Cells: make(map[form.Key]annual.Cell, len(all)), Published: annual.Day{Date: on}}
	for k, one := range all {
		r.Cells[k] = annual.Cell{State: annual.Printed, Value: one.Value, Raw: one.Value.String()}
	}
	return r
}

// add takes the version that counts of a body; an older one of the same body is passed over.
func (m *merging) add(v *Version) {
	name := m.label[v.Agency]
	if m.version[name] != nil {
		return
	}
	m.version[name] = v
	m.merger.AddFor(name, light(v.Form(), int(v.Year), name, v.Figures, date.Of(v.SubmittedAt.In(date.China))))
}

// keepParts writes who gave what, the body's own figures first, and the account.
func (w *work) keepParts(m *merging, merged *annual.Merged) (included int, err error) {
	if err := clearParts(w.tx, w.v.ID); err != nil {
		return 0, err
	}
	w.v.Merged, w.v.Account = true, nil
	p := i18n.To(i18n.Chinese)
	for _, e := range merged.Entries {
		if m.agency[e.Unit] == "" && !e.Own {
			continue
		}
		line := Line{Agency: m.agency[e.Unit], Name: e.Unit, Outcome: e.Outcome, Late: e.Late}
		if e.Own {
			line.Agency, line.Name = w.body.ID, w.body.Name
		}
		if v := m.version[e.Unit]; v != nil {
			line.Source, line.No = v.ID, v.No
		}
		for _, n := range e.Notices {
			line.Notices = append(line.Notices, p.Text(n))
		}
		w.v.Account = append(w.v.Account, line)
	}
	place := int64(0)
	for e, row := range merged.Bodies() {
		part := &Part{ID: db.ID(), Report: w.v.ID, Agency: m.agency[e.Unit], Name: e.Unit, Outcome: string(e.Outcome), Values: Values{}, Place: place}
		place++
		if e.Own {
			part.Agency, part.Name = w.body.ID, w.body.Name
		}
		if v := m.version[e.Unit]; v != nil && !e.Own {
			part.Source, part.No = v.ID, v.No
		}
		for i, c := range m.form.Cells() {
			if row[i].Value != 0 {
				part.Values[c.Key] = row[i].Value.String()
			}
		}
		if err := w.tx.Insert("report_part", part.columns()); err != nil {
			return 0, err
		}
		if !e.Own {
			included++
		}
	}
	return included, nil
}

// Contribution is what a body gave to a cell of a merged report.
type Contribution struct {
	Agency string
	Name   string
	Report string // its version, "" for the body's own figures
	No     int64
	Value  decimal.Decimal
	May    bool // the person may look at that version
}

// Trace says where a figure comes from: of a merged report what each body gave, of any other how
// many records were counted and which.
type Trace struct {
	Version *Version
	Name    string // of the body
	Key     form.Key
	Label   string
	Figure  Figure
	Known   bool // the cell has a figure
	Entry   *Entry
	Parts   []Contribution
	Behind  *Behind
	At      *Snapshot
	Own     bool // the person works for the body whose report it is
}

// Trace follows a figure down one step.
func (d *Desk) Trace(ctx context.Context, by actor.Actor, id string, key form.Key) (t *Trace, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		v, a, own, err := d.visible(tx, by, id)
		if err != nil {
			return err
		}
		cell := v.Form().Cell(key)
		if cell == nil {
			return ErrNone
		}
		t = &Trace{Version: v, Name: a.Name, Key: key, Label: v.Form().Label(key), Own: own}
		t.Figure, t.Known = v.Figures[key]
		if e, ok := v.Entered[key]; ok {
			t.Entry = &e
		}
		if v.Merged {
			return t.parts(tx, by)
		}
		return t.behind(tx)
	})
	return t, err
}

func (t *Trace) parts(tx *db.Tx, by actor.Actor) error {
	all, err := partsOf(tx, t.Version.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		text, ok := p.Values[t.Key]
		if p.Source == "" { // own figures may have changed since the merging
			own := t.Version.Own()
			text, ok = own[t.Key].Value.String(), own[t.Key].Value != 0
		}
		if !ok {
			continue
		}
		n, err := decimal.Parse(text)
		if err != nil {
			return fmt.Errorf("figure %s of %s: %w", t.Key, p.Name, err)
		}
		t.Parts = append(t.Parts, Contribution{Agency: p.Agency, Name: p.Name, Report: p.Source, No: p.No, Value: n,
			May: p.Source != "" && by.Can(actor.ReportCollect, actor.In(p.Agency))})
	}
	if t.Own {
		return t.behind(tx)
	}
	return nil
}

// behind adds the records, for who works for the body.
func (t *Trace) behind(tx *db.Tx) error {
	if t.Version.Snapshot == "" {
		return nil
	}
	s, err := loadSnapshot(tx, t.Version.Snapshot)
	if err != nil {
		return err
	}
	t.At = s
	if b, ok := s.Records[t.Key]; ok {
		if !t.Own {
			b.Keys = nil
		}
		t.Behind = &b
	}
	return nil
}
