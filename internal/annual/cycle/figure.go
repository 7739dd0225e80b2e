package cycle

import (
	"errors"
	"maps"
	"slices"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
)

// derived returns the cells that are sums of others, with their parts: R-AR-02 to R-AR-04. The
// balance R-AR-01 gives no cell, it is held against what was given.
func derived(f *form.Form) []form.Equation {
	var all []form.Equation
	for _, e := range f.Equations() {
		if len(e.Right) == 1 && e.Rule != "R-AR-01" {
			all = append(all, e)
		}
	}
	// Row totals first: the total of totals is then a sum of rows that are complete.
	slices.SortStableFunc(all, func(a, b form.Equation) int { return rank(a.Rule) - rank(b.Rule) })
	return all
}

func rank(rule string) int {
	if rule == "R-AR-02" {
		return 1
	}
	return 0
}

// Complete lays what was typed in over what was counted, and completes the sums it changes.
func Complete(f *form.Form, base Figures, entered map[form.Key]Entry) Figures {
	all := maps.Clone(base)
	if all == nil {
		all = Figures{}
	}
	touched := map[form.Key]bool{}
	for k, e := range entered {
		all[k] = Figure{Value: e.Value, Origin: Entered, Was: counted(base, k)}
		touched[k] = true
	}
	for _, e := range derived(f) {
		target := e.Right[0]
		if _, typed := entered[target]; typed || !slices.ContainsFunc(e.Left, func(k form.Key) bool { return touched[k] }) {
			continue
		}
		if sum, ok := add(all, e.Left); ok {
			all[target] = Figure{Value: sum, Origin: FollowsFrom, Was: counted(base, target)}
			touched[target] = true
		}
	}
	return all
}

// Own are the body's own figures: of a merged report without those of the bodies below.
func (v *Version) Own() Figures { return Complete(v.Form(), v.Base, v.Entered) }

func counted(base Figures, k form.Key) *decimal.Decimal {
	f, ok := base[k]
	if !ok {
		return nil
	}
	return &f.Value
}

// add sums cells, and reports whether all have a value.
func add(all Figures, keys []form.Key) (sum decimal.Decimal, ok bool) {
	for _, k := range keys {
		f, known := all[k]
		if !known {
			return 0, false
		}
		var err error
		if sum, err = sum.Add(f.Value); err != nil {
			return 0, false
		}
	}
	return sum, true
}

// Sound says which of the form's sums figures break: a sum all of whose cells have a value and
// that does not close. What breaks a sum is refused when it is entered.
func Sound(f *form.Form, all Figures) error {
	var faults []error
	for _, e := range f.Equations() {
		left, ok := add(all, e.Left)
		right, also := add(all, e.Right)
		if ok && also && left != right {
			faults = append(faults, ErrSums.At(string(e.Right[0])).With("cell", f.Label(e.Right[0])).
				With("left", left.String()).With("right", right.String()).With("rule", e.Rule))
		}
	}
	return errors.Join(faults...)
}

// fits refuses what a cell of the form cannot hold. R-AR-05.
func fits(f *form.Form, k form.Key, v decimal.Decimal) error {
	c := f.Cell(k)
	switch {
	case c == nil:
		return ErrCell.At(string(k)).With("cell", string(k))
	case v < 0 && c.Kind != form.Change, !v.IsInt() && (c.Kind == form.Count || c.Kind == form.Change):
		return ErrCell.At(string(k)).With("cell", f.Label(k))
	}
	return nil
}

// Difference is a cell that the records now give otherwise than the version has it.
type Difference struct {
	Key      form.Key
	Have     *decimal.Decimal // nil: no value
	Now      *decimal.Decimal
	Entered  bool // because a person typed another figure
	Reworked bool // the number is the same, the records behind it are not
}

// Differences compares what a version was counted from with what the records give now, in the
// form's order.
func Differences(f *form.Form, have Figures, entered map[form.Key]Entry, before, now map[form.Key]Behind, present Figures) []Difference {
	var all []Difference
	for _, c := range f.Cells() {
		a, b := counted(have, c.Key), counted(present, c.Key)
		_, typed := entered[c.Key]
		same := a == nil && b == nil || a != nil && b != nil && *a == *b
		was, known := before[c.Key]
		is, also := now[c.Key]
		reworked := same && known && also && was.Digest != is.Digest
		if !same || reworked {
			all = append(all, Difference{c.Key, a, b, typed, reworked})
		}
	}
	return all
}
