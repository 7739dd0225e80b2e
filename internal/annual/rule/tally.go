package rule

import (
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
)

// part is one cell in a sum.
type part struct {
	key   form.Key
	value decimal.Decimal
	known bool
}

// side is one side of an equation.
type side struct {
	parts []part
	sum   decimal.Decimal // of the known parts
	blank int             // cells printed empty
	lost  int             // cells not printed or not settled
}

func (s side) complete() bool { return s.blank == 0 && s.lost == 0 }

func (s side) empty() bool { return s.blank == len(s.parts) }

// fault says how a sum fails.
type fault string

const (
	sound    fault = ""         // holds, or cannot be checked
	wrong    fault = "wrong"    // all cells are known and do not add up
	exceeded fault = "exceeded" // cells are missing, but what is there is already too much
	unfilled fault = "unfilled" // one side is wholly blank and the other is not zero
	short    fault = "short"    // with blanks as zeros it does not add up
)

// tally is one equation of the form with the report's figures.
type tally struct {
	form.Equation
	left, right side
	fault       fault
}

// tallies works out every equation of the form.
func tallies(r *annual.Report) []tally {
	eqs := r.Form.Equations()
	out := make([]tally, len(eqs))
	asked := map[form.Key]bool{}
	for _, q := range r.Questions {
		for _, k := range q.Keys {
			asked[k] = true
		}
	}
	for i, e := range eqs {
		t := tally{Equation: e, left: sideOf(r, e.Left, asked), right: sideOf(r, e.Right, asked)}
		t.fault = t.judge()
		out[i] = t
	}
	disown(out)
	return out
}

// disown leaves a total that was not filled in to the first sum that shows what it should
// be; other sums that fail for want of it say nothing new.
func disown(all []tally) {
	owned := map[form.Key]bool{}
	for _, rule := range []string{"R-AR-03", "R-AR-04", "R-AR-02"} {
		for i := range all {
			t := &all[i]
			if t.Rule != rule || !t.totalBlank() {
				continue
			}
			if owned[t.Right[0]] {
				t.fault = sound
			}
			owned[t.Right[0]] = true
		}
	}
	for i := range all {
		t := &all[i]
		if (t.fault == short || t.fault == unfilled) && !t.totalBlank() && t.onlyBlanks(owned) {
			t.fault = sound
		}
	}
}

// totalBlank reports a sum whose parts are all there and not zero while its total is blank.
func (t tally) totalBlank() bool {
	return t.fault == unfilled && len(t.Right) == 1 && t.right.blank == 1 && t.left.complete()
}

// onlyBlanks reports whether every cell t lacks is among keys.
func (t tally) onlyBlanks(keys map[form.Key]bool) bool {
	for _, p := range append(append([]part{}, t.left.parts...), t.right.parts...) {
		if !p.known && !keys[p.key] {
			return false
		}
	}
	return true
}

func sideOf(r *annual.Report, keys []form.Key, asked map[form.Key]bool) side {
	s := side{parts: make([]part, len(keys))}
	for i, k := range keys {
		c, printed := r.Cells[k]
		switch {
		case !printed || asked[k]:
			s.lost++
			s.parts[i] = part{key: k}
		case c.State == annual.Blank:
			s.blank++
			s.parts[i] = part{key: k}
		default:
			s.parts[i] = part{key: k, value: c.Value, known: true}
			s.sum += c.Value
		}
	}
	return s
}

// judge decides what can be decided: a blank is no zero, but no count is below zero either,
// so known parts above a complete other side are a fault whatever the rest holds.
func (t tally) judge() fault {
	l, r := t.left, t.right
	switch {
	case l.complete() && r.complete():
		if l.sum != r.sum {
			return wrong
		}
	case r.complete() && l.sum > r.sum, l.complete() && r.sum > l.sum:
		return exceeded
	case l.lost > 0 || r.lost > 0:
		return sound
	case l.empty() && r.sum > 0, r.empty() && l.sum > 0:
		return unfilled
	case l.sum != r.sum:
		return short
	}
	return sound
}

// broken returns the tallies of one rule that fail.
func (s *Subject) broken(rule string) []tally {
	var out []tally
	for _, t := range s.sums {
		if t.Rule == rule && t.fault != sound {
			out = append(out, t)
		}
	}
	return out
}

// diff is by how much the sides differ.
func (t tally) diff() decimal.Decimal {
	if d := t.left.sum - t.right.sum; d >= 0 {
		return d
	}
	return t.right.sum - t.left.sum
}

// working spells the arithmetic out: 10+1+0+0=11≠0.
func (t tally) working() string {
	l, r := t.left.terms(), t.right.terms()
	var b strings.Builder
	b.WriteString(l)
	if strings.Contains(l, "+") {
		b.WriteString("=" + t.left.sum.String())
	}
	b.WriteString("≠" + t.right.sum.String())
	if strings.Contains(r, "+") {
		b.WriteString("=" + r)
	}
	return b.String()
}

// terms writes a side's known figures. Long sums leave their zeros out.
func (s side) terms() string {
	var ts []string
	for _, p := range s.parts {
		if p.known && (p.value != 0 || len(s.parts) <= 8) {
			ts = append(ts, p.value.String())
		}
	}
	if len(ts) == 0 {
		return "0"
	}
	return strings.Join(ts, "+")
}

// repair is a single change that would settle all sums a cell stands in.
type repair struct {
	key       form.Key
	from, now decimal.Decimal
}

// repair looks for the one cell whose correction would mend t and everything else it breaks:
// every sum the cell stands in fails, by the same amount. A cell that stands in one sum only
// proves nothing and is not named.
func (s *Subject) repair(t tally) (repair, bool) {
	var found []repair
	for _, p := range append(append([]part{}, t.left.parts...), t.right.parts...) {
		if delta, ok := s.wants(p.key); ok && p.known && p.value+delta >= 0 {
			found = append(found, repair{key: p.key, from: p.value, now: p.value + delta})
		}
	}
	if len(found) != 1 {
		return repair{}, false
	}
	return found[0], true
}

// wants returns the change that every sum with cell k asks of it, and false if they disagree.
func (s *Subject) wants(k form.Key) (delta decimal.Decimal, ok bool) {
	n := 0
	for _, t := range s.sums {
		d := decimal.Decimal(0)
		switch {
		case t.left.has(k):
			d = t.right.sum - t.left.sum
		case t.right.has(k):
			d = t.left.sum - t.right.sum
		default:
			continue
		}
		if t.fault != wrong || n > 0 && d != delta {
			return 0, false
		}
		delta = d
		n++
	}
	return delta, n >= 2
}

func (s side) has(k form.Key) bool {
	for _, p := range s.parts {
		if p.key == k {
			return true
		}
	}
	return false
}
