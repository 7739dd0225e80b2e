package narrative

import (
	"maps"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
)

// Every statement that is found to agree with a cell is doubted once the cell holds another
// number: nothing agrees by not being read.
func TestWhatAgreesIsDoubtedWhenTheCellChanges(t *testing.T) {
	changed := 0
	for name, r := range realReports(t) {
		for _, j := range Check(r) {
			if j.Code != numbersTold || j.Verdict != OK || len(j.Places) < 2 {
				continue
			}
			changed++
			other := *r
			other.Cells = maps.Clone(r.Cells)
			k := form.Key(j.Places[1].Key)
			for _, same := range twins(k) {
				c := other.Cells[same]
				c.Value += decimal.Int(7)
				c.State = annual.Printed
				other.Cells[same] = c
			}
			if !isDoubted(&other, j) {
				t.Errorf("%s: %s (%s) still agrees with %s", name, j.Places[0].Text, j.Working, k)
			}
		}
	}
	if changed < 20 {
		t.Errorf("only %d statements were tried", changed)
	}
}

// twins are the cells that a statement may mean instead of k when both hold the same: the
// requests received and those finished, a total and its parts.
func twins(k form.Key) []form.Key {
	switch k {
	case "T3.new.total":
		return []form.Key{k, "T3.done.total.total", "T3.done.open.total"}
	case "T4.review.total":
		return []form.Key{k, "T4.review.upheld"}
	case "T4.direct.total":
		return []form.Key{k, "T4.direct.upheld"}
	case "T2.normdocs.issued":
		return []form.Key{k, "T2.normdocs.in_force"}
	}
	return []form.Key{k}
}

// isDoubted reports whether the statement j quotes is doubted in r.
func isDoubted(r *annual.Report, j Judgement) bool {
	for _, k := range Check(r) {
		if k.Verdict != OK && k.Verdict != Remark && k.Places[0].At == j.Places[0].At {
			return true
		}
	}
	return false
}
