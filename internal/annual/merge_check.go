package annual

import (
	"slices"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// Difference is a cell in which a printed report differs from what was added up (R-AR-13).
type Difference struct {
	Key           form.Key
	Printed       decimal.Decimal
	HasPrinted    bool // false: blank, lost or unsettled in the printed report
	Summed        decimal.Decimal
	Delta         decimal.Decimal // printed less summed
	Contributions []Contribution
	Hints         []i18n.Message // what would explain it
}

// Suspect is a body all of whose figures are differences: it was left out, or added twice.
type Suspect struct {
	Unit  string
	Twice bool // added twice; else left out
	Cells int  // the differences it explains
}

// Audit is a printed superior's report held against the sum.
type Audit struct {
	Compared    int // cells held against each other
	Differences []Difference
	Suspects    []Suspect
	Notices     []i18n.Message
}

// Check holds a printed report of the superior against own figures and subordinate bodies'.
func (m *Merged) Check(printed *Report) Audit {
	var a Audit
	if out := admissible(printed, m.Report.Year); out != Included || printed.Form != m.form {
		a.Notices = append(a.Notices, i18n.M("merge.audit.other", "year", m.Report.Year, "form", m.form.ID))
		return a
	}
	f := readFigures(printed, m.plan)
	f.proveZeros()
	for i, c := range m.form.Cells() {
		sum, ok := m.Report.Value(c.Key)
		if !ok {
			continue
		}
		a.Compared++
		if f.gap[i] == 0 && f.value[i] == sum {
			continue
		}
		a.Differences = append(a.Differences, Difference{
			Key: c.Key, Printed: f.value[i], HasPrinted: f.gap[i] == 0, Summed: sum, Delta: f.value[i] - sum,
			Contributions: m.Contributions(c.Key),
		})
	}
	m.suspect(&a)
	for i := range a.Differences {
		d := &a.Differences[i]
		d.hint(a.Suspects, m.unknown(d.Key))
	}
	return a
}

// suspect looks for bodies each of whose figures is exactly the difference in its cell. Cells
// for which a body gives no figure say nothing, because the printed sum may hold it.
func (m *Merged) suspect(a *Audit) {
	delta := map[uint16]decimal.Decimal{}
	for _, d := range a.Differences {
		if d.HasPrinted {
			delta[uint16(m.form.Cell(d.Key).Index)] = d.Delta
		}
	}
	cells := m.form.Cells()
	for _, s := range m.subs {
		n, out, twice := 0, 0, 0
		for i, at := range s.cells {
			if len(m.gaps[cells[at].Key]) > 0 {
				continue
			}
			n++
			switch delta[at] {
			case -s.values[i]:
				out++
			case s.values[i]:
				twice++
			}
		}
		if n > 0 && max(out, twice) == n {
			a.Suspects = append(a.Suspects, Suspect{Unit: s.entry.Unit, Twice: twice == n, Cells: n})
		}
	}
}

// unknown returns the bodies whose figure for a cell is not in the sum.
func (m *Merged) unknown(k form.Key) []string {
	names := m.Lacking()
	for _, g := range m.gaps[k] {
		names = append(names, g.Unit)
	}
	return names
}

// hint says what would explain the difference: the one body suspected for the whole, or for
// what is left a body left out or added twice here, figures in the wrong order, or bodies
// whose figure is not known.
func (d *Difference) hint(suspects []Suspect, unknown []string) {
	if !d.HasPrinted {
		d.Hints = append(d.Hints, i18n.M("merge.audit.no_figure"))
		return
	}
	rest := d.Delta
	if len(suspects) == 1 {
		rest = d.without(suspects[0])
	}
	if rest != d.Delta {
		d.Hints = append(d.Hints, i18n.M("merge.audit.suspect", "unit", suspects[0].Unit))
	}
	if rest == 0 {
		return
	}
	var out, twice []string
	for _, c := range d.Contributions {
		switch rest {
		case -c.Value:
			out = append(out, c.Unit)
		case c.Value:
			twice = append(twice, c.Unit)
		}
	}
	if len(out) > 0 {
		d.Hints = append(d.Hints, i18n.M("merge.audit.left_out", "n", -rest, "units", abridge(out)))
	}
	if len(twice) > 0 {
		d.Hints = append(d.Hints, i18n.M("merge.audit.twice", "n", rest, "units", abridge(twice)))
	}
	if rest == d.Delta && sameDigits(d.Printed, d.Summed) {
		d.Hints = append(d.Hints, i18n.M("merge.audit.digits", "printed", d.Printed, "summed", d.Summed))
	}
	if rest > 0 && len(unknown) > 0 {
		d.Hints = append(d.Hints, i18n.M("merge.audit.lacking", "n", rest, "units", abridge(unknown)))
	}
}

// without returns what remains of the difference if the suspect was indeed left out, or
// added twice.
func (d *Difference) without(s Suspect) decimal.Decimal {
	for _, c := range d.Contributions {
		switch {
		case c.Unit == s.Unit && s.Twice:
			return d.Delta - c.Value
		case c.Unit == s.Unit:
			return d.Delta + c.Value
		}
	}
	return d.Delta
}

// sameDigits reports whether a and b are written with the same digits in another order:
// 321 for 312.
func sameDigits(a, b decimal.Decimal) bool {
	x, y := []byte(a.String()), []byte(b.String())
	slices.Sort(x)
	slices.Sort(y)
	return len(x) > 1 && slices.Equal(x, y)
}
