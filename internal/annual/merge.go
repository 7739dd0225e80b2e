package annual

import (
	"cmp"
	"slices"

	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// Faults of merging.
var (
	ErrNoForm = &fault.Error{Kind: fault.Invalid, Code: "merge.no_form", Field: "year"}
	ErrUnits  = &fault.Error{Kind: fault.Invalid, Code: "merge.units", Field: "units"}
)

// MergeSpec says whose report is made of what.
type MergeSpec struct {
	Agency string     // the superior body
	Year   int        // the year reported on
	Form   *form.Form // nil: the form prescribed for Year
	Own    *Report    // the superior's own figures (本级), nil if it has none
	Units  []Unit     // the bodies expected; none: whoever reports is counted
}

// Outcome says what became of a report or of a body in the list.
type Outcome string

// The outcomes. Only Included figures are in the sum; Covered ones are in it through the
// report of a body above them.
const (
	Included  Outcome = "included"
	Covered   Outcome = "covered"
	Missing   Outcome = "missing"    // expected, nothing handed in
	Refused   Outcome = "refused"    // what was handed in is no report in the unified form
	WrongYear Outcome = "wrong_year" // reports on another year
	Undated   Outcome = "undated"    // says nowhere which year it reports on
	Unlisted  Outcome = "unlisted"   // the body is not in the list, or its name fits several
	Duplicate Outcome = "duplicate"  // the same report again: counted once
	Conflict  Outcome = "conflict"   // reports of one body that differ: none is counted
	Gone      Outcome = "gone"       // the body was merged or dissolved: its successor reports
)

// Counts reports whether figures of that outcome are in the sum.
func (o Outcome) Counts() bool { return o == Included || o == Covered }

// Entry is one line of the account: a report handed in, or a body that handed in none.
type Entry struct {
	Unit    string // the body's name in the list, or as the report states it
	File    string // "" if nothing was handed in
	Outcome Outcome
	Report  *Report // nil if nothing was handed in, or the Merger was told to keep none
	Own     bool    // the superior's own figures
	known   bool    // the body is in the list, or there is no list
	covered bool    // nothing was handed in, but a report above covers the body

	Handed date.Date // published, or else signed; zero: the report does not say
	Due    date.Date // zero: the list does not say what kind of body it is
	Late   int       // days after Due, 0 if in time or not known

	Faults  []Imbalance    // the sums in it that do not close
	Gaps    int            // cells without a figure
	Notices []i18n.Message // why it was matched, left out or doubted
}

// GapReason says why a body gives no figure for a cell.
type GapReason uint8

// The reasons for gaps.
const (
	GapBlank      GapReason = iota + 1 // printed blank
	GapUnsettled                       // the source lost it, a person must decide
	GapNotPrinted                      // the source does not have the cell
	GapOtherForm                       // the body's form has no such cell
)

// Gap is a body's missing figure.
type Gap struct {
	Unit   string
	Reason GapReason
}

// Contribution is what one body gave to a cell.
type Contribution struct {
	Unit  string
	File  string
	Value decimal.Decimal
}

// Merger adds reports one at a time. It keeps of each only the figures that are not zero,
// so ten thousand reports need a few megabytes; give it reports and let go of them.
type Merger struct {
	spec  MergeSpec
	roll  *roll
	plan  *plan
	err   error
	subs  []submission
	plans map[*form.Form]*migration
	sums  map[int]bool // units whose report covers those under them, set by Result
	keep  bool
}

// submission is what is kept of a report.
type submission struct {
	unit   int // index in the roll
	entry  Entry
	cells  []uint16 // indices of the figures that are not zero, ascending
	values []decimal.Decimal
	gaps   []gapMark
}

type gapMark struct {
	cell   uint16
	reason GapReason
}

// NewMerger returns a Merger for spec. What is wrong with spec itself is said by Result.
func NewMerger(spec MergeSpec) *Merger {
	if spec.Form == nil {
		spec.Form = form.ForYear(spec.Year)
	}
	units := directUnits(spec)
	m := &Merger{spec: spec, roll: newRoll(units), plans: map[*form.Form]*migration{}}
	m.roll.superior = form.Normalize(spec.Agency)
	if spec.Form == nil {
		m.err = ErrNoForm.With("year", spec.Year)
		return m
	}
	m.plan = planFor(spec.Form)
	if faults := CheckUnits(units); len(faults) > 0 {
		m.err = ErrUnits.With("faults", faults)
	}
	return m
}

// directUnits returns the list in which what stands under the superior itself stands under
// nothing: lists name it or leave the place empty.
func directUnits(spec MergeSpec) []Unit {
	units := slices.Clone(spec.Units)
	for i := range units {
		if form.Normalize(units[i].Parent) == form.Normalize(spec.Agency) {
			units[i].Parent = ""
		}
	}
	return units
}

// Merge merges reports in one call and keeps them in the entries.
func Merge(spec MergeSpec, reports ...*Report) (*Merged, error) {
	m := NewMerger(spec)
	m.keep = true
	for _, r := range reports {
		m.Add(r)
	}
	return m.Result()
}

// Add takes a body's report, found in the list by the name it states. The entry says what
// can be said before the other reports are known; Result has the last word.
func (m *Merger) Add(r *Report) Entry {
	unit, notices := m.roll.find(r)
	return m.add(unit, r, notices)
}

// AddFor takes the report of the unit called name, whatever name the report states. Without
// a list the name makes its own unit.
func (m *Merger) AddFor(name string, r *Report) Entry {
	at := m.roll.byName(name)
	if at < 0 && !m.roll.listed {
		at, _ = m.roll.enrol(name, r)
	}
	return m.add(at, r, nil)
}

// Knows reports whether a unit of that name can be reported for: one of the list, or any
// where there is none.
func (m *Merger) Knows(name string) bool { return !m.roll.listed || m.roll.byName(name) >= 0 }

func (m *Merger) add(unit int, r *Report, notices []i18n.Message) Entry {
	s := submission{unit: unit, entry: Entry{
		Unit: m.roll.label(unit, r), File: r.File, Report: r, Notices: notices, known: unit >= 0,
	}}
	s.entry.Outcome = m.admit(unit, r)
	if s.entry.Outcome == Included && m.plan != nil {
		m.take(&s, r)
	}
	if unit >= 0 && m.roll.listed && s.entry.Outcome == Included {
		s.entry.judgeDate(m.roll.units[unit], m.spec.Year, r)
	}
	entry := s.entry
	if !m.keep {
		s.entry.Report = nil
	}
	m.subs = append(m.subs, s)
	return entry
}

// admit decides what needs no knowledge of the other reports.
func (m *Merger) admit(unit int, r *Report) Outcome {
	switch outcome := admissible(r, m.spec.Year); {
	case outcome != Included:
		return outcome
	case unit < 0:
		return Unlisted
	case !m.roll.units[unit].Expected(m.spec.Year):
		return Gone
	}
	return Included
}

// admissible decides by the report alone: a report of that year, or why not.
func admissible(r *Report, year int) Outcome {
	switch {
	case r.Refused != nil || r.Form == nil:
		return Refused
	case r.Year == 0:
		return Undated
	case r.Year != year:
		return WrongYear
	}
	return Included
}

// take copies the figures of r into s, in the order of the merged form's cells.
func (m *Merger) take(s *submission, r *Report) {
	mig := m.migrate(r.Form)
	f := readFigures(r, planFor(r.Form))
	s.entry.Faults = f.imbalances()
	if mig.changes {
		s.entry.Notices = append(s.entry.Notices, i18n.M("merge.notice.other_form",
			"theirs", r.Form.ID, "ours", m.spec.Form.ID))
	}
	f.proveZeros()
	for target, source := range mig.from {
		if source < 0 {
			s.gaps = append(s.gaps, gapMark{uint16(target), GapOtherForm})
			continue
		}
		switch why := f.gap[source]; {
		case why != 0:
			s.gaps = append(s.gaps, gapMark{uint16(target), why})
		case f.value[source] != 0:
			s.cells = append(s.cells, uint16(target))
			s.values = append(s.values, f.value[source])
		}
	}
	s.cells, s.values, s.gaps = slices.Clip(s.cells), slices.Clip(s.values), slices.Clip(s.gaps)
	s.entry.Gaps = len(s.gaps)
}

func (m *Merger) migrate(from *form.Form) *migration {
	mig := m.plans[from]
	if mig == nil {
		mig = newMigration(from, m.spec.Form)
		m.plans[from] = mig
	}
	return mig
}

// judgeDate says when the report was handed in and whether that was too late (R-AR-16).
func (e *Entry) judgeDate(u Unit, year int, r *Report) {
	if e.Handed = r.Published.Date; e.Handed.IsZero() {
		e.Handed = r.Signed.Date
	}
	due, known := u.Due(year)
	if !known {
		if u.Kind == Other {
			return
		}
		e.Notices = append(e.Notices, i18n.M("merge.notice.kind_unknown"))
		return
	}
	e.Due = due
	switch {
	case e.Handed.IsZero():
		e.Notices = append(e.Notices, i18n.M("merge.notice.no_date"))
	case e.Handed.After(due):
		e.Late = e.Handed.Days(due)
	}
}

// Result adds up what was given so far.
func (m *Merger) Result() (*Merged, error) {
	if m.err != nil {
		return nil, m.err
	}
	subs := slices.Clone(m.subs)
	if m.spec.Own != nil {
		subs = append(subs, m.own())
	}
	for i := range subs {
		subs[i].entry.Notices = slices.Clone(subs[i].entry.Notices)
	}
	settleRivals(subs)
	m.cover(subs)
	res := &Merged{form: m.spec.Form, plan: m.plan, listed: m.roll.listed}
	for _, s := range subs {
		if s.entry.Outcome == Included {
			res.subs = append(res.subs, s)
		}
		res.Entries = append(res.Entries, s.entry)
	}
	m.addMissing(res, subs)
	m.sortEntries(res, subs)
	res.sum(m.spec)
	res.warn()
	m.warnTwiceCounted(res)
	m.warnShort(res, subs)
	return res, nil
}

// own makes the submission of the superior's own figures.
func (m *Merger) own() submission {
	s := submission{unit: ownUnit, entry: Entry{
		Unit: m.spec.Agency, File: m.spec.Own.File, Own: true, known: true,
		Outcome: admissible(m.spec.Own, m.spec.Year), Report: m.spec.Own,
	}}
	if s.entry.Outcome == Included {
		m.take(&s, m.spec.Own)
	}
	return s
}

// ownUnit stands for the superior itself in a submission.
const ownUnit = -2

// settleRivals finds reports of one body handed in more than once. Equal ones count once,
// under the file that sorts first; if any differ, none counts.
func settleRivals(subs []submission) {
	groups := map[int][]int{}
	for i, s := range subs {
		if s.entry.Outcome == Included {
			groups[s.unit] = append(groups[s.unit], i)
		}
	}
	for _, g := range groups {
		if len(g) < 2 {
			continue
		}
		slices.SortFunc(g, func(a, b int) int { return cmp.Compare(subs[a].entry.File, subs[b].entry.File) })
		differ := slices.ContainsFunc(g, func(i int) bool { return !subs[i].same(subs[g[0]]) })
		for n, i := range g {
			e := &subs[i].entry
			switch {
			case differ:
				e.Outcome = Conflict
				e.Notices = append(e.Notices, i18n.M("merge.notice.conflict", "n", len(g)))
			case n > 0:
				e.Outcome = Duplicate
				e.Notices = append(e.Notices, i18n.M("merge.notice.duplicate", "file", subs[g[0]].entry.File))
			}
		}
	}
}

// same reports whether two submissions hold the same figures and gaps.
func (s submission) same(o submission) bool {
	return slices.Equal(s.cells, o.cells) && slices.Equal(s.values, o.values) && slices.Equal(s.gaps, o.gaps)
}

// cover takes out of the sum what stands in it already through a report that covers its
// region. Where such a report is lacking, the bodies under it are added themselves.
func (m *Merger) cover(subs []submission) {
	m.sums = map[int]bool{}
	for _, s := range subs {
		if s.entry.Outcome == Included && s.unit >= 0 && m.roll.units[s.unit].covers() {
			m.sums[s.unit] = true
		}
	}
	for i := range subs {
		s := &subs[i]
		if s.entry.Outcome != Included || s.unit < 0 {
			continue
		}
		if up := m.coveredBy(s.unit); up >= 0 {
			s.entry.Outcome = Covered
			s.entry.Notices = append(s.entry.Notices,
				i18n.M("merge.notice.covered", "parent", m.roll.units[up].Name))
		}
	}
}

// coveredBy returns the position of the unit whose report covers the one at i, -1 for none.
func (m *Merger) coveredBy(i int) int {
	for up := m.roll.parent[i]; up >= 0; up = m.roll.parent[up] {
		if m.sums[up] {
			return up
		}
	}
	return -1
}

// addMissing lists the expected bodies of which nothing was handed in, and says of those
// that are gone who reports for them.
func (m *Merger) addMissing(res *Merged, subs []submission) {
	if !m.roll.listed {
		return
	}
	handed := make([]bool, len(m.roll.units))
	for _, s := range subs {
		if s.unit >= 0 {
			handed[s.unit] = true
		}
	}
	for i, u := range m.roll.units {
		if handed[i] {
			continue
		}
		e := Entry{Unit: u.Name, known: true}
		if u.Expected(m.spec.Year) {
			e.Outcome = Missing
			e.Due, _ = u.Due(m.spec.Year)
			if up := m.coveredBy(i); up >= 0 {
				e.covered = true
				e.Notices = append(e.Notices, i18n.M("merge.notice.missing_covered", "parent", m.roll.units[up].Name))
			}
		} else {
			e.Outcome = Gone
		}
		res.Entries = append(res.Entries, e)
	}
	for i := range res.Entries {
		if e := &res.Entries[i]; e.Outcome == Gone {
			e.Notices = append(e.Notices, m.roll.units[m.roll.byName(e.Unit)].farewell())
		}
	}
}

// farewell says why a unit does not report for itself.
func (u Unit) farewell() i18n.Message {
	switch {
	case u.MergedInto != "":
		return i18n.M("merge.notice.merged_into", "unit", u.MergedInto, "date", u.Until)
	case !u.Until.IsZero():
		return i18n.M("merge.notice.dissolved", "date", u.Until)
	}
	return i18n.M("merge.notice.not_yet", "date", u.Since)
}

// sortEntries puts the superior first, then the bodies in the order of the list, then what
// the list does not know by name; and the contributions likewise.
func (m *Merger) sortEntries(res *Merged, subs []submission) {
	rank := func(e Entry) int {
		if e.Own {
			return -1
		}
		if i := m.roll.byName(e.Unit); i >= 0 && m.roll.listed {
			return i
		}
		return len(m.roll.units)
	}
	order := func(a, b Entry) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.File, b.File))
	}
	slices.SortStableFunc(res.Entries, order)
	slices.SortStableFunc(res.subs, func(a, b submission) int { return order(a.entry, b.entry) })
}
