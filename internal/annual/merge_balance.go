package annual

import (
	"strings"
	"sync"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
)

// Imbalance is a sum of the form that does not close.
type Imbalance struct {
	Equation    form.Equation
	Left, Right decimal.Decimal
}

// Working spells the arithmetic out: 10+1+0+0=11≠0.
func (i Imbalance) Working(r *Report) string {
	side := func(ks []form.Key) string {
		parts := make([]string, len(ks))
		for n, k := range ks {
			v, _ := r.Value(k)
			parts[n] = v.String()
		}
		return strings.Join(parts, "+")
	}
	spell := func(ks []form.Key, sum decimal.Decimal) string {
		if len(ks) == 1 {
			return sum.String()
		}
		return side(ks) + "=" + sum.String()
	}
	return spell(i.Equation.Left, i.Left) + "≠" + spell(i.Equation.Right, i.Right)
}

// plan is a form's sums by the cells' positions, so that checking a report looks up no key.
type plan struct {
	form  *form.Form
	sides []sides
}

type sides struct{ left, right []uint16 }

var (
	plansMu sync.Mutex
	plans   = map[*form.Form]*plan{}
)

// planFor returns the plan of f, made once.
func planFor(f *form.Form) *plan {
	plansMu.Lock()
	defer plansMu.Unlock()
	if p := plans[f]; p != nil {
		return p
	}
	p := &plan{form: f}
	at := func(ks []form.Key) []uint16 {
		out := make([]uint16, len(ks))
		for i, k := range ks {
			out[i] = uint16(f.Cell(k).Index)
		}
		return out
	}
	for _, e := range f.Equations() {
		p.sides = append(p.sides, sides{at(e.Left), at(e.Right)})
	}
	plans[f] = p
	return p
}

// figures are a report's values by the cells' positions.
type figures struct {
	plan  *plan
	value []decimal.Decimal
	gap   []GapReason // 0 where there is a figure
}

func readFigures(r *Report, p *plan) figures {
	cells := p.form.Cells()
	f := figures{p, make([]decimal.Decimal, len(cells)), make([]GapReason, len(cells))}
	for i, c := range cells {
		cell, ok := r.Cells[c.Key]
		switch {
		case !ok:
			f.gap[i] = GapNotPrinted
		case cell.State == Blank:
			f.gap[i] = GapBlank
		default:
			f.value[i] = inForm(c, cell)
		}
	}
	for _, q := range r.Questions {
		for _, k := range q.Keys {
			if c := p.form.Cell(k); c != nil {
				f.gap[c.Index], f.value[c.Index] = GapUnsettled, 0
			}
		}
	}
	return f
}

// imbalances returns the sums that do not close among those whose figures are all known.
func (f figures) imbalances() []Imbalance {
	var out []Imbalance
	for i, s := range f.plan.sides {
		left, leftGaps := f.side(s.left)
		right, rightGaps := f.side(s.right)
		if leftGaps == 0 && rightGaps == 0 && left != right {
			out = append(out, Imbalance{f.plan.form.Equations()[i], left, right})
		}
	}
	return out
}

// side adds one side up and counts the cells without a figure on it.
func (f figures) side(at []uint16) (sum decimal.Decimal, gaps int) {
	for _, i := range at {
		if f.gap[i] != 0 {
			gaps++
		}
		sum += f.value[i]
	}
	return sum, gaps
}

// proveZeros turns blanks into zeros where the form's sums leave no other number: counts are
// not negative, so if the figures of a sum already close and blanks stand on one side only,
// each of them is zero. A blank that no sum pins down stays a blank.
func (f figures) proveZeros() {
	for again := true; again; {
		again = false
		for _, s := range f.plan.sides {
			left, leftGaps := f.side(s.left)
			right, rightGaps := f.side(s.right)
			if left != right || (leftGaps == 0) == (rightGaps == 0) {
				continue
			}
			side := s.left
			if rightGaps > 0 {
				side = s.right
			}
			again = f.fillZeros(side) || again
		}
	}
}

// fillZeros makes the printed blanks among the cells zeros, if all that lacks there is
// blanks and no figure there is negative.
func (f figures) fillZeros(at []uint16) bool {
	for _, i := range at {
		if f.gap[i] != 0 && f.gap[i] != GapBlank || f.value[i] < 0 {
			return false
		}
	}
	for _, i := range at {
		f.gap[i] = 0
	}
	return true
}
