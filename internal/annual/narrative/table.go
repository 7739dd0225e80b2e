package narrative

import (
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/quantity"
)

// value adds the cells of s, and reports false unless each of them holds a figure.
func (c *inquiry) value(s sum) (decimal.Decimal, bool) {
	var v decimal.Decimal
	for _, k := range s.plus {
		d, ok := c.report.Value(k)
		if !ok {
			return 0, false
		}
		v += d
	}
	for _, k := range s.minus {
		d, ok := c.report.Value(k)
		if !ok {
			return 0, false
		}
		v -= d
	}
	return v, len(s.plus) > 0
}

// known adds the cells of s, blanks as nothing, if at least one holds a figure and none is
// lost.
func (c *inquiry) known(s sum) (v decimal.Decimal, ok bool) {
	for _, k := range s.plus {
		cell, there := c.report.Cells[k]
		if !there {
			return 0, false
		}
		if cell.State != annual.Blank {
			v += cell.Value
			ok = true
		}
	}
	for _, k := range s.minus {
		if d, there := c.report.Value(k); there {
			v -= d
		}
	}
	return v, ok
}

// judge compares each claim with the cells it may mean.
func (c *inquiry) judge() {
	agreed := map[form.Key]bool{}
	var open []claim
	for _, cl := range c.claims {
		if s, ok := c.agrees(cl); ok {
			agreed[s.plus[0]] = true
			c.add(c.compared(cl, s, OK))
			continue
		}
		open = append(open, cl)
	}
	for _, cl := range open {
		if j, ok := c.differs(cl, agreed); ok {
			c.add(j)
		}
	}
}

// agrees returns the first sum of cells that a claim may mean and that it equals.
func (c *inquiry) agrees(cl claim) (sum, bool) {
	for _, s := range cl.sums {
		if v, ok := c.known(s); ok && cl.allows(v) {
			return s, true
		}
	}
	return sum{}, false
}

// allows reports whether the cell's v is what the claim says.
func (cl claim) allows(v decimal.Decimal) bool {
	if cl.it.Kind == quantity.None {
		return v == 0
	}
	q := cl.it.Quantity
	if q.Unit == "元" {
		return v == cl.value
	}
	if q.Unit == "万元" && q.Value.IsInt() && !v.IsInt() {
		half := decimal.Int(1) / 2
		return v-q.Value <= half && q.Value-v <= half // rounded to whole 万元
	}
	return q.Allows(v)
}

// differs judges a claim that equals nothing it may mean.
func (c *inquiry) differs(cl claim, agreed map[form.Key]bool) (Judgement, bool) {
	if cl.silent || len(cl.sums) == 0 || len(cl.sums[0].plus) == 0 {
		return Judgement{}, false
	}
	s := cl.sums[0]
	cell, firm := c.value(s)
	if !firm {
		if _, some := c.known(s); !some {
			return Judgement{}, false
		}
		cell, _ = c.known(s)
	}
	verdict := Error
	switch at := c.scope(cl.it); {
	case agreed[s.plus[0]] && (at != same || cl.loose || cl.it.depth > 0):
		return Judgement{}, false // the whole was stated elsewhere; this is a part of it
	case at == narrow && !c.requestsRow(s):
		return Judgement{}, false
	case cl.loose || !firm || at != same || cl.it.Bound != quantity.Exact:
		verdict = Explain
	}
	if cl.fits != nil {
		verdict = milder(verdict, cl.fits(cl.value, cell))
	}
	return c.compared(cl, s, verdict), verdict != OK
}

// milder returns the less grave of two verdicts.
func milder(a, b Verdict) Verdict {
	switch {
	case a == OK || b == OK:
		return OK
	case a == Explain || b == Explain:
		return Explain
	}
	return Error
}

// requestsRow reports whether s is a row of requests, where a figure for one office in a
// report on a whole region must be explained.
func (c *inquiry) requestsRow(s sum) bool {
	return strings.HasPrefix(string(s.plus[0]), "T3.")
}

// compared writes the judgement on a claim held against a sum of cells.
func (c *inquiry) compared(cl claim, s sum, v Verdict) Judgement {
	cell, _ := c.known(s)
	j := Judgement{
		Verdict: v, Code: numbersTold,
		Working: told(cl) + relation(v) + c.spelled(s),
		Places:  append([]check.Quote{cl.quote()}, c.cells(s)...),
	}
	args := []any{"told", cl.it.printed(), "cell", cell.String(), "label", c.name(s)}
	switch {
	case v == OK && c.oddUnit(cl, s):
		j.Verdict = Remark
		j.Message = i18n.M("annual.narrative.unit", "unit", cl.it.Unit)
		j.Advice = i18n.M("annual.narrative.unit.advice")
	case v == OK && cl.it.Kind == quantity.None:
		j.Message = i18n.M("annual.narrative.cell.none", "label", c.name(s))
	case v == OK:
		j.Message = i18n.M("annual.narrative.cell.ok", args...)
	case cl.published:
		j = c.publishedOnly(j, cl)
	case cl.it.Kind == quantity.None:
		j.Message = i18n.M("annual.narrative.cell.denied", args...)
		j.Advice = i18n.M("annual.narrative.cell.advice.error")
	case v == Error:
		j.Message = i18n.M("annual.narrative.cell.error", args...)
		j.Advice = i18n.M("annual.narrative.cell.advice.error")
	case c.scope(cl.it) == narrow:
		j.Message = i18n.M("annual.narrative.cell.scope", args...)
		j.Advice = i18n.M("annual.narrative.cell.advice.scope")
	default:
		j.Message = i18n.M("annual.narrative.cell.explain", args...)
		j.Advice = i18n.M("annual.narrative.cell.advice.explain")
	}
	return j
}

// oddUnit reports whether cases of review or suit are counted in 条 or the like; they are
// counted in 件.
func (c *inquiry) oddUnit(cl claim, s sum) bool {
	return strings.HasPrefix(string(s.plus[0]), "T4.") && cl.it.Unit == "条"
}

// publishedOnly words a difference between documents published and documents issued, with
// those in force as further evidence.
func (c *inquiry) publishedOnly(j Judgement, cl claim) Judgement {
	issued, inForce := cl.sums[0], cl.sums[1]
	j.Message = i18n.M("annual.narrative.cell.published",
		"told", cl.it.printed(), "issued", c.spelled(issued), "in_force", c.spelled(inForce))
	j.Advice = i18n.M("annual.narrative.cell.advice.published")
	if _, ok := c.known(inForce); ok {
		j.Places = append(j.Places, c.cells(inForce)...)
	}
	return j
}

// told writes the number a claim states, for the arithmetic.
func told(cl claim) string { return cl.value.String() }

// printed writes an item as the text does: 600余条.
func (it *item) printed() string { return it.s.in.words(it.Start, it.End) }

// relation is the sign between what is told and what the cells hold.
func relation(v Verdict) string {
	if v == OK {
		return "="
	}
	return "≠"
}

// spelled writes a sum of cells: 14, or 10+4=14.
func (c *inquiry) spelled(s sum) string {
	total, _ := c.known(s)
	if len(s.plus) == 1 && len(s.minus) == 0 {
		return total.String()
	}
	var b strings.Builder
	terms := 0
	for _, k := range s.plus {
		v, _ := c.report.Value(k)
		if v == 0 {
			continue
		}
		if terms > 0 {
			b.WriteByte('+')
		}
		terms++
		b.WriteString(v.String())
	}
	for _, k := range s.minus {
		if v, _ := c.report.Value(k); v != 0 {
			b.WriteString("-" + v.String())
			terms++
		}
	}
	if terms < 2 {
		return total.String()
	}
	return b.String() + "=" + total.String()
}

// cells quotes the cells of s that hold something, at most six, the first in any case.
func (c *inquiry) cells(s sum) []check.Quote {
	var qs []check.Quote
	for _, k := range s.plus {
		cell := c.report.Cells[k]
		if len(s.plus) > 1 && cell.Value == 0 || len(qs) == 6 {
			continue
		}
		qs = append(qs, c.cell(k))
	}
	if qs == nil {
		qs = append(qs, c.cell(s.plus[0]))
	}
	return qs
}

func (c *inquiry) cell(k form.Key) check.Quote {
	cell := c.report.Cells[k]
	return check.Quote{
		At: cell.At, Key: string(k), Text: cell.Raw,
		Label: i18n.M("annual.narrative.cell", "label", c.report.Form.Label(k)),
	}
}

// name names a sum of cells: the row for one cell, the group for several.
func (c *inquiry) name(s sum) string {
	if len(s.plus) == 1 {
		return c.report.Form.Label(s.plus[0])
	}
	row := c.report.Form.Row(s.plus[0].Row())
	if row == nil {
		return string(s.plus[0])
	}
	if same := c.sameGroup(s); same && row.Group != "" {
		return c.report.Form.Table(row.Table).Name + i18n.Quoted(row.Group)
	}
	if organisations(s) {
		return c.report.Form.Table(row.Table).Name + i18n.Quoted(row.Label) + applicants[0].words[0] + "（五类）"
	}
	var names []string
	for _, k := range s.plus {
		if len(names) == 4 {
			names = append(names, "…")
			break
		}
		names = append(names, c.report.Form.Label(k))
	}
	return strings.Join(names, "＋")
}

// organisations reports whether s is the five columns of one row of table three that are not
// natural persons.
func organisations(s sum) bool {
	if len(s.plus) != len(applicants[0].columns) {
		return false
	}
	for i, k := range s.plus {
		if k.Row() != s.plus[0].Row() || k.Column() != applicants[0].columns[i] {
			return false
		}
	}
	return true
}

func (c *inquiry) sameGroup(s sum) bool {
	first := c.report.Form.Row(s.plus[0].Row())
	for _, k := range s.plus {
		if r := c.report.Form.Row(k.Row()); r == nil || r.Group != first.Group {
			return false
		}
	}
	return len(s.minus) == 0
}

// quote cites the statement.
func (cl claim) quote() check.Quote { return cl.it.quote() }
