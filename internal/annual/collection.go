package annual

import (
	"slices"

	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
)

// UnitKind says which deadline of article 49 binds a body.
type UnitKind string

// The kinds of reporting bodies. A unit without a kind is not judged late.
const (
	Department UnitKind = "department" // 县级以上人民政府部门: 31 January
	Government UnitKind = "government" // 县级以上地方人民政府: 31 March
	Other      UnitKind = "other"      // neither, such as a township: the article sets no day
)

// Scope says what the figures of a unit with subordinate units cover (口径).
type Scope string

// The scopes. A unit that names none is taken by its kind: see Unit.covers.
const (
	OwnFigures  Scope = "own"  // 本级: the unit alone
	WholeRegion Scope = "sums" // 汇总: the unit and all that stand under it
)

// Unit is one body expected to report (报送单位), as the list of a year names it.
type Unit struct {
	Name    string   // full name in that year
	Aliases []string // short and former names under which a report may come
	Code    string   // 统一社会信用代码, "" if the list has none
	Parent  string   // the unit it stands under in the list; "" directly under the superior
	Kind    UnitKind
	Scope   Scope

	Since      date.Date // 设立日期; zero: before the year
	Until      date.Date // 撤销或者并入日期; zero: it exists
	MergedInto string    // the successor, if there is one
	Renamed    date.Date // 更名日期, for the notice that a report came under the old name
	Row        int       // row in the list, for messages
}

// Due returns the last day for handing in and publishing the report on a year, and false
// if the list does not say what kind of body the unit is.
//
// 条例第四十九条:“县级以上人民政府部门应当在每年1月31日前向本级政府信息公开工作主管部门提交
// 本行政机关上一年度政府信息公开工作年度报告并向社会公布。县级以上地方人民政府的政府信息公开工作
// 主管部门应当在每年3月31日前向社会公布本级政府上一年度政府信息公开工作年度报告。”
func (u Unit) Due(year int) (date.Date, bool) {
	switch u.Kind {
	case Department:
		return date.Must(year+1, 1, 31), true
	case Government:
		return date.Must(year+1, 3, 31), true
	}
	return date.Date{}, false
}

// covers reports whether u's report holds the figures of the units under it. Our reading
// where the list is silent: a government's report covers its region (spec §2.8), a
// department's only itself.
func (u Unit) covers() bool {
	return u.Scope == WholeRegion || u.Scope == "" && u.Kind == Government
}

// Expected reports whether u hands in its own report on a year. A unit that was merged in
// the course of the year is reported by its successor; one that ended before the year or
// was set up after it has nothing to report.
func (u Unit) Expected(year int) bool {
	first, last := date.Must(year, 1, 1), date.Must(year, 12, 31)
	switch {
	case u.Since.After(last):
		return false
	case u.Until.IsZero() || u.Until.After(last):
		return true
	}
	return u.MergedInto == "" && !u.Until.Before(first)
}

// Collection is a year's reports of one superior body, with what was made of them.
type Collection struct {
	Agency      string
	Year        int
	Form        *form.Form
	Merged      *Merged       // the superior's report and what became of every body
	Reports     []*Report     // the reports of the year, in the order of the list
	Comparisons []*Comparison // each body's year beside its year before
	Ranking     *Ranking      // the bodies side by side
}

// NewCollection merges reports, sets each beside the same body's report on the year before,
// and ranks the bodies that count towards the sum by the standard indicators. Reports on the
// year before stand in previous or among reports.
func NewCollection(spec MergeSpec, reports, previous []*Report) (*Collection, error) {
	merged, err := Merge(spec, reports...)
	if err != nil {
		return nil, err
	}
	c := &Collection{Agency: spec.Agency, Year: spec.Year, Form: merged.Report.Form, Merged: merged}
	counted := map[*Report]string{}
	merged.forget(spec.Year - 1)
	for _, e := range merged.Entries {
		if e.Report != nil && (e.Outcome == Included || e.Outcome == Covered) {
			c.Reports = append(c.Reports, e.Report)
			counted[e.Report] = e.Unit
		}
	}
	c.compareWith(slices.Concat(reports, previous), counted, spec.Units)
	c.Ranking = Rank(c.Reports, Indicators())
	for i, r := range c.Reports {
		c.Ranking.Bodies[i] = counted[r]
	}
	return c, nil
}

// forget takes the reports on another year out of the account where their body has handed in
// this year's: they are there to compare with, not by mistake.
func (m *Merged) forget(year int) {
	have := map[string]bool{}
	for _, e := range m.Entries {
		have[e.Unit] = have[e.Unit] || e.Outcome.Counts() || e.Outcome == Conflict
	}
	m.Entries = slices.DeleteFunc(m.Entries, func(e Entry) bool {
		return e.Outcome == WrongYear && e.Report != nil && e.Report.Year == year && have[e.Unit]
	})
}

// compareWith pairs this year's reports with last year's by unit, former names included.
func (c *Collection) compareWith(previous []*Report, names map[*Report]string, units []Unit) {
	list := newRoll(units)
	before := map[string]*Report{}
	for _, r := range previous {
		if r.Refused == nil && r.Year == c.Year-1 {
			before[list.nameOf(r)] = r
		}
	}
	for _, r := range c.Reports {
		if p := before[names[r]]; p != nil {
			cmp := Compare(p, r)
			cmp.Body = names[r]
			c.Comparisons = append(c.Comparisons, cmp)
		}
	}
}

// Title returns the collection's name: 示范市2023年政府信息公开工作年度报告汇总.
func (c *Collection) Title() i18n.Message {
	return i18n.M("merge.collection.title", "agency", c.Agency, "year", c.Year)
}
