package annual

import (
	"math/big"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// Comparison is one body's report beside the same body's report of another year.
type Comparison struct {
	Body          string
	Before, After *Report
	Changes       []Change // the cells of the later form, in reading order
	Links         []Link   // carry-over and documents in force, laid out for R-AR-06 and R-AR-07
	Dropped       []form.Key
	Notices       []i18n.Message
}

// Change is a cell in two years.
type Change struct {
	Key           form.Key
	Before, After Figure
	Delta         decimal.Decimal // after less before; 0 unless both are known
	Growth        Growth
}

// Figure is a cell's value, or why there is none.
type Figure struct {
	Value decimal.Decimal
	Gap   GapReason // 0: Value holds
}

// Known reports whether there is a value.
func (f Figure) Known() bool { return f.Gap == 0 }

// GrowthKind says what can be said of a growth.
type GrowthKind string

// The kinds of growth. A percentage needs a figure above zero to start from.
const (
	GrowthUnknown  GrowthKind = "unknown"   // one of the figures is lacking
	GrowthNone     GrowthKind = "none"      // both are equal
	GrowthFromZero GrowthKind = "from_zero" // from nothing to something: no percentage
	GrowthPercent  GrowthKind = "percent"
	GrowthSigned   GrowthKind = "signed" // the earlier figure is negative (本年增/减): no percentage
)

// Growth is a change in proportion to the figure it began from.
type Growth struct {
	Kind    GrowthKind
	Percent decimal.Decimal // one decimal place, half away from zero
}

// Message says the growth in words: +12.5%, 从0起, 持平.
func (g Growth) Message() i18n.Message {
	switch g.Kind {
	case GrowthNone:
		return i18n.M("merge.growth.none")
	case GrowthFromZero:
		return i18n.M("merge.growth.from_zero")
	case GrowthPercent:
		sign := ""
		if g.Percent > 0 {
			sign = "+"
		}
		return i18n.M("merge.growth.percent", "percent", sign+g.Percent.String())
	case GrowthSigned:
		return i18n.M("merge.growth.signed")
	}
	return i18n.M("merge.growth.unknown")
}

// Link ties a figure of the later report to figures of the earlier one, without judging:
// what the later one should be, and what it is.
type Link struct {
	Rule             string // R-AR-06 or R-AR-07
	Key              form.Key
	Expected, Stated Figure
}

// Compare sets two years of one body side by side, the earlier first. Reports on different
// versions of the form are compared where their cells mean the same.
func Compare(before, after *Report) *Comparison {
	c := &Comparison{Before: before, After: after, Body: statedName(after)}
	if before.Form == nil || after.Form == nil {
		c.Notices = append(c.Notices, i18n.M("merge.compare.refused"))
		return c
	}
	if a, b := statedName(before), statedName(after); form.Normalize(a) != form.Normalize(b) {
		c.Notices = append(c.Notices, i18n.M("merge.compare.bodies", "before", a, "after", b))
	}
	old := readFigures(before, planFor(before.Form))
	now := readFigures(after, planFor(after.Form))
	mig := newMigration(before.Form, after.Form)
	used := map[int]bool{}
	for i, cell := range after.Form.Cells() {
		b := Figure{Gap: GapOtherForm}
		if at := mig.from[i]; at >= 0 {
			b, used[at] = old.at(at), true
		}
		c.Changes = append(c.Changes, change(cell.Key, b, now.at(i)))
	}
	for i, cell := range before.Form.Cells() {
		if !used[i] {
			c.Dropped = append(c.Dropped, cell.Key)
		}
	}
	if mig.changes {
		c.Notices = append(c.Notices, i18n.M("merge.compare.forms",
			"before", before.Form.ID, "after", after.Form.ID, "n", len(c.Dropped)))
	}
	if before.Year+1 == after.Year {
		c.link(old, now)
	} else {
		c.Notices = append(c.Notices, i18n.M("merge.compare.years", "before", before.Year, "after", after.Year))
	}
	return c
}

// Change returns the change of a cell, and false if the later form has no such cell.
func (c *Comparison) Change(k form.Key) (Change, bool) {
	for _, ch := range c.Changes {
		if ch.Key == k {
			return ch, true
		}
	}
	return Change{}, false
}

func (f figures) at(i int) Figure { return Figure{f.value[i], f.gap[i]} }

// get returns the figure of a cell by its key.
func (f figures) get(k form.Key) Figure {
	if c := f.plan.form.Cell(k); c != nil {
		return f.at(c.Index)
	}
	return Figure{Gap: GapOtherForm}
}

func change(k form.Key, before, after Figure) Change {
	c := Change{Key: k, Before: before, After: after}
	if !before.Known() || !after.Known() {
		c.Growth.Kind = GrowthUnknown
		return c
	}
	c.Delta = after.Value - before.Value
	c.Growth = growth(before.Value, c.Delta)
	return c
}

func growth(from, delta decimal.Decimal) Growth {
	switch {
	case delta == 0:
		return Growth{Kind: GrowthNone}
	case from == 0:
		return Growth{Kind: GrowthFromZero}
	case from < 0:
		return Growth{Kind: GrowthSigned}
	}
	return Growth{GrowthPercent, Percent(delta, from)}
}

// Percent returns num in per cent of den, exact to one decimal place, half away from zero.
// den must not be zero.
func Percent(num, den decimal.Decimal) decimal.Decimal {
	q := new(big.Rat).SetFrac(big.NewInt(int64(num)), big.NewInt(int64(den)))
	q.Mul(q, big.NewRat(100, 1))
	p, err := decimal.Parse(q.FloatString(1))
	if err != nil {
		return 0 // a share of sums so unequal that it is no number anyone can use
	}
	return p
}

// link lays out what one year hands to the next: cases carried over, column by column
// (R-AR-06), and documents in force (R-AR-07).
func (c *Comparison) link(old, now figures) {
	if row := c.After.Form.Row("T3.carry_in"); row != nil {
		for _, cell := range row.Cells {
			from := form.Key("T3.carry_out." + cell.Key.Column())
			c.Links = append(c.Links, Link{"R-AR-06", cell.Key, old.get(from), now.get(cell.Key)})
		}
	}
	for _, row := range []string{"T2.rules", "T2.normdocs"} {
		key := form.Key(row + ".in_force")
		if c.After.Form.Cell(key) == nil || c.Before.Form.Cell(key) == nil {
			continue
		}
		want := old.get(key)
		issued, repealed := now.get(form.Key(row+".issued")), now.get(form.Key(row+".repealed"))
		want.Value += issued.Value - repealed.Value
		want.Gap = max(want.Gap, issued.Gap, repealed.Gap)
		c.Links = append(c.Links, Link{"R-AR-07", key, want, now.get(key)})
	}
}
