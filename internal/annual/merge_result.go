package annual

import (
	"fmt"
	"iter"
	"slices"

	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// Merged is the superior's report made of others, and the account of how.
type Merged struct {
	Report  *Report        // cells are Summed; a cell no body gave a figure for is Blank
	Entries []Entry        // the superior, then every body and file
	Faults  []Imbalance    // sums that do not close in the merged report
	LeftOut []form.Key     // cells for which some body's form has no equal
	Notices []i18n.Message // what a person must look at before publishing

	form *form.Form
	plan *plan
	subs []submission
	gaps map[form.Key][]Gap

	listed bool // a list of units was given
	kin    *kin // the bodies' names, made when first asked for
}

// Of returns the entries with one of the outcomes.
func (m *Merged) Of(outcomes ...Outcome) []Entry {
	var es []Entry
	for _, e := range m.Entries {
		if slices.Contains(outcomes, e.Outcome) {
			es = append(es, e)
		}
	}
	return es
}

// Late returns the entries handed in after the day article 49 sets.
func (m *Merged) Late() []Entry {
	var es []Entry
	for _, e := range m.Entries {
		if e.Late > 0 {
			es = append(es, e)
		}
	}
	return es
}

// Inconsistent returns the entries in whose report a sum does not close.
func (m *Merged) Inconsistent() []Entry {
	var es []Entry
	for _, e := range m.Entries {
		if len(e.Faults) > 0 {
			es = append(es, e)
		}
	}
	return es
}

// Causes returns the bodies in whose figures a sum of the merged report does not close
// either, cells without a figure counted as nothing, and by how much.
func (m *Merged) Causes(f Imbalance) []Contribution {
	var out []Contribution
	for _, s := range m.subs {
		var off decimal.Decimal
		for _, k := range f.Equation.Left {
			off += s.figure(m.form.Cell(k).Index)
		}
		for _, k := range f.Equation.Right {
			off -= s.figure(m.form.Cell(k).Index)
		}
		if off != 0 {
			out = append(out, Contribution{Unit: s.entry.Unit, File: s.entry.File, Value: off})
		}
	}
	return out
}

// culprits returns the bodies that cause any of the sums not to close.
func (m *Merged) culprits() []string {
	var names []string
	for _, f := range m.Faults {
		for _, c := range m.Causes(f) {
			if !slices.Contains(names, c.Unit) {
				names = append(names, c.Unit)
			}
		}
	}
	return names
}

// Lacking returns the bodies in the list whose figures are not in the sum, in its order.
func (m *Merged) Lacking() []string {
	have := m.counted()
	var names []string
	for _, e := range m.Entries {
		if e.known && !e.covered && !have[e.Unit] && e.Outcome != Gone && !slices.Contains(names, e.Unit) && m.underOtherName(e.Unit, have) == "" {
			names = append(names, e.Unit)
		}
	}
	return names
}

// counted returns the names of the bodies whose figures are in the sum.
func (m *Merged) counted() map[string]bool {
	have := map[string]bool{}
	for _, e := range m.Entries {
		if e.Outcome.Counts() || e.Outcome == Duplicate {
			have[e.Unit] = true
		}
	}
	return have
}

// underOtherName returns the name under which a body is counted where no list says who is
// who: its own with more or with fewer places in front, "" if there is none or it may be
// another body's.
func (m *Merged) underOtherName(unit string, have map[string]bool) string {
	if m.listed {
		return ""
	}
	if m.kin == nil {
		var names []string
		for _, e := range m.Entries {
			names = append(names, e.Unit)
		}
		m.kin = newKin(names)
	}
	found := ""
	for _, other := range m.kin.of(unit) {
		if !have[other] {
			continue
		}
		if found != "" {
			return ""
		}
		found = other
	}
	for _, other := range m.kin.of(found) {
		if !sameName(other, unit) {
			return ""
		}
	}
	return found
}

// Contributions returns who gave what to a cell; bodies that gave zero are left out.
func (m *Merged) Contributions(k form.Key) []Contribution {
	c := m.form.Cell(k)
	if c == nil {
		return nil
	}
	var out []Contribution
	for _, s := range m.subs {
		if v := s.figure(c.Index); v != 0 {
			out = append(out, Contribution{Unit: s.entry.Unit, File: s.entry.File, Value: v})
		}
	}
	return out
}

// Gaps returns the bodies in the sum that give no figure for a cell, and why.
func (m *Merged) Gaps(k form.Key) []Gap { return m.gaps[k] }

// Incomplete returns the cells some body gives no figure for, in reading order.
func (m *Merged) Incomplete() []form.Key {
	var ks []form.Key
	for _, c := range m.form.Cells() {
		if len(m.gaps[c.Key]) > 0 {
			ks = append(ks, c.Key)
		}
	}
	return ks
}

// Bodies goes through the bodies in the sum with what each gave, cell by cell in the form's
// order. The slice is used again for the next body.
func (m *Merged) Bodies() iter.Seq2[Entry, []Figure] {
	return func(yield func(Entry, []Figure) bool) {
		row := make([]Figure, len(m.form.Cells()))
		for _, s := range m.subs {
			clear(row)
			for i, at := range s.cells {
				row[at].Value = s.values[i]
			}
			for _, g := range s.gaps {
				row[g.cell].Gap = g.reason
			}
			if !yield(s.entry, row) {
				return
			}
		}
	}
}

// figure returns what s gives to the cell at index.
func (s submission) figure(index int) decimal.Decimal {
	if at, found := slices.BinarySearch(s.cells, uint16(index)); found {
		return s.values[at]
	}
	return 0
}

// sum makes the merged report and checks its sums again (R-AR-13; R-AR-01 to R-AR-04).
func (m *Merged) sum(spec MergeSpec) {
	cells := m.form.Cells()
	total := make([]decimal.Decimal, len(cells))
	given := make([]int, len(cells))
	m.gaps = map[form.Key][]Gap{}
	other := map[uint16]bool{}
	for _, s := range m.subs {
		for i := range given {
			given[i]++
		}
		for i, at := range s.cells {
			sum, err := total[at].Add(s.values[i])
			if err != nil {
				m.Notices = append(m.Notices, i18n.M("merge.notice.overflow", "cell", m.form.Label(cells[at].Key)))
				continue
			}
			total[at] = sum
		}
		for _, g := range s.gaps {
			given[g.cell]--
			other[g.cell] = other[g.cell] || g.reason == GapOtherForm
			k := cells[g.cell].Key
			m.gaps[k] = append(m.gaps[k], Gap{Unit: s.entry.Unit, Reason: g.reason})
		}
	}
	m.Report = m.blankReport(spec)
	for i, c := range cells {
		m.Report.Cells[c.Key] = m.cell(c.Key, total[i], given[i])
		if other[uint16(i)] {
			m.LeftOut = append(m.LeftOut, c.Key)
		}
	}
	m.Faults = readFigures(m.Report, m.plan).imbalances()
}

// cell returns the merged cell: a sum, with a note if bodies are lacking in it, or a blank
// if no body gave a figure.
func (m *Merged) cell(k form.Key, total decimal.Decimal, given int) Cell {
	c := Cell{State: Summed, Value: total, Raw: total.String()}
	if n := len(m.gaps[k]); n > 0 {
		c.Why = i18n.M("merge.cell.gaps", "n", n)
	}
	if given == 0 {
		c = Cell{State: Blank, Why: i18n.M("merge.cell.nobody")}
	}
	return c
}

// blankReport is the superior's report with its text: that of its own report, or else only
// the headings.
func (m *Merged) blankReport(spec MergeSpec) *Report {
	r := &Report{
		Form: m.form, Year: spec.Year, Cells: make(map[form.Key]Cell, len(m.form.Cells())),
		Title:  Text{Text: m.form.Title(spec.Agency, spec.Year)},
		Agency: Text{Text: spec.Agency},
	}
	for _, s := range m.form.Sections {
		section := Section{Key: s.Key, Heading: Text{Text: s.Full}}
		if spec.Own != nil {
			if own := spec.Own.Section(s.Key); own != nil {
				section.Paragraphs = slices.Clone(own.Paragraphs)
			}
		}
		r.Sections = append(r.Sections, section)
	}
	if spec.Own != nil {
		r.Preface, r.Period = slices.Clone(spec.Own.Preface), spec.Own.Period
		r.Signed, r.Published = spec.Own.Signed, spec.Own.Published
		r.Signature, r.IndexNo, r.DocNo = spec.Own.Signature, spec.Own.IndexNo, spec.Own.DocNo
	}
	return r
}

// warn adds what only the whole shows: lacking bodies, sums that do not close, and the
// counts that law or guidance has one body alone report.
func (m *Merged) warn() {
	add := func(msg i18n.Message) { m.Notices = append(m.Notices, msg) }
	if lacking := m.Lacking(); len(lacking) > 0 {
		add(i18n.M("merge.notice.lacking", "n", len(lacking), "units", abridge(lacking)))
	}
	m.warnOtherNames()
	if n := len(m.Incomplete()); n > 0 {
		add(i18n.M("merge.notice.incomplete", "n", n))
	}
	if len(m.Faults) > 0 {
		add(i18n.M("merge.notice.faults", "n", len(m.Faults), "units", abridge(m.culprits())))
	}
	if len(m.LeftOut) > 0 {
		add(i18n.M("merge.notice.left_out", "n", len(m.LeftOut)))
	}
	m.warnSingleReporter()
}

// warnOtherNames says whose reports not counted were taken for those of a body that is, under
// another form of its name.
func (m *Merged) warnOtherNames() {
	have := m.counted()
	told := map[string]bool{}
	for _, e := range m.Entries {
		if have[e.Unit] || told[e.Unit] || !e.known {
			continue
		}
		if other := m.underOtherName(e.Unit, have); other != "" {
			told[e.Unit] = true
			m.Notices = append(m.Notices, i18n.M("merge.notice.other_name", "name", e.Unit, "unit", other))
		}
	}
}

// warnSingleReporter speaks of the counts only one body may report.
//
// Rules are entered by the government that made them, a joint document by its leading body
// (spec §2.8). 国办公开办函〔2016〕201号: a suit in which the reviewing authority is
// co-defendant is counted by the original actor alone.
func (m *Merged) warnSingleReporter() {
	if who := m.givers("T2.rules."); len(who) > 1 {
		m.Notices = append(m.Notices, i18n.M("merge.notice.rules", "units", abridge(who)))
	}
	if who := m.givers("T2.normdocs."); len(who) > 1 {
		m.Notices = append(m.Notices, i18n.M("merge.notice.joint", "n", len(who)))
	}
	if who := m.givers("T4.after."); len(who) > 1 {
		m.Notices = append(m.Notices, i18n.M("merge.notice.codefendant", "units", abridge(who)))
	}
	if m.form.Cell("T2.license.prev_items") != nil && len(m.givers("T2.license.prev_items")) > 1 {
		m.Notices = append(m.Notices, i18n.M("merge.notice.items"))
	}
}

// givers returns the bodies that give figures to the cells whose key begins so.
func (m *Merged) givers(prefix string) []string {
	var names []string
	cells := m.form.Cells()
	for _, s := range m.subs {
		for _, at := range s.cells {
			if k := string(cells[at].Key); len(k) >= len(prefix) && k[:len(prefix)] == prefix {
				names = append(names, s.entry.Unit)
				break
			}
		}
	}
	return names
}

// warnTwiceCounted looks for a body whose figures hold those of all bodies under it although
// they were added as well: the superior's own report above all.
func (m *Merger) warnTwiceCounted(res *Merged) {
	under := map[int][]submission{}
	for _, s := range res.subs {
		if s.unit < 0 {
			continue
		}
		under[ownUnit] = append(under[ownUnit], s)
		for at := m.roll.parent[s.unit]; at >= 0; at = m.roll.parent[at] {
			under[at] = append(under[at], s)
		}
	}
	for _, s := range res.subs {
		if others := under[s.unit]; s.holds(others, m.spec.Form) {
			res.Notices = append(res.Notices, i18n.M("merge.notice.holds", "unit", s.entry.Unit, "n", len(others)))
		}
	}
}

// warnShort looks for a report said to cover its region that holds less than the bodies
// under it together have reported.
func (m *Merger) warnShort(res *Merged, subs []submission) {
	under := map[int][]submission{}
	for _, s := range subs {
		if s.entry.Outcome == Covered {
			up := m.coveredBy(s.unit)
			under[up] = append(under[up], s)
		}
	}
	for _, s := range res.subs {
		if len(under[s.unit]) == 0 {
			continue
		}
		sum := total(under[s.unit], len(m.spec.Form.Cells()))
		var short []string
		for i, c := range m.spec.Form.Cells() {
			if sum[i] > s.figure(i) {
				short = append(short, m.spec.Form.Label(c.Key))
			}
		}
		if len(short) > 0 {
			res.Notices = append(res.Notices, i18n.M("merge.notice.short", "unit", s.entry.Unit, "cells", abridge(short)))
		}
	}
}

// total adds submissions cell by cell.
func total(subs []submission, cells int) []decimal.Decimal {
	sum := make([]decimal.Decimal, cells)
	for _, s := range subs {
		for i, at := range s.cells {
			sum[at] += s.values[i]
		}
	}
	return sum
}

// holds reports whether s is at least the sum of others in each cell of tables three and
// four, and that sum is not zero.
func (s submission) holds(others []submission, f *form.Form) bool {
	if len(others) == 0 {
		return false
	}
	cells := f.Cells()
	sum := total(others, len(cells))
	some := false
	for i, c := range cells {
		if c.Key.Table() == "T2" {
			continue
		}
		if sum[i] > s.figure(i) {
			return false
		}
		some = some || sum[i] > 0
	}
	return some
}

// abridge keeps the first names of a long list and says how many there are in all.
func abridge(names []string) []string {
	const most = 8
	if len(names) <= most {
		return names
	}
	return append(slices.Clone(names[:most]), fmt.Sprintf("…（%d）", len(names)))
}

// HandedIn returns when a body's report was published, or else signed.
func (r *Report) HandedIn() date.Date {
	if !r.Published.Date.IsZero() {
		return r.Published.Date
	}
	return r.Signed.Date
}
