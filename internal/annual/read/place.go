package read

import (
	"slices"
	"strings"

	"gongkai/internal/annual/form"
	"gongkai/internal/i18n"
)

// place finds the row of the form for each record that lost its label: the records between
// two labelled ones fill the rows between theirs, in order, when the numbers match. What
// cannot be placed comes back as a puzzle to ask about.
func (fl *filler) place(t *form.Table, recs []record, truncated bool) (placed []record, asked []*puzzle) {
	order := map[*form.Row]int{}
	for i, r := range t.Rows {
		order[r] = i
	}
	taken := map[*form.Row]bool{}
	merged := false
	for _, rec := range recs {
		if rec.row != nil {
			taken[rec.row] = true
			merged = merged || rec.merged && figures(rec.values) > 0
		}
	}
	out := slices.Clone(recs)
	for i := 0; i < len(out); i++ {
		if out[i].row != nil {
			continue
		}
		j := i
		for j < len(out) && out[j].row == nil {
			j++
		}
		lo, hi := -1, len(t.Rows)
		if i > 0 {
			lo = order[out[i-1].row]
		}
		if j < len(out) {
			hi = order[out[j].row]
		}
		var free []*form.Row
		for k := lo + 1; k < hi; k++ {
			r := t.Rows[k]
			if !taken[r] && !(merged && otherOutcome(r)) {
				free = append(free, r)
			}
		}
		fillGap(out[i:j], free, truncated && j == len(out))
		i = j
	}
	var byOrder []string
	for _, rec := range out {
		if rec.row == nil {
			if figures(rec.values) > 0 {
				asked = append(asked, unplaced(t, rec))
			}
			continue
		}
		if !taken[rec.row] {
			byOrder = append(byOrder, rec.row.Label)
		}
		placed = append(placed, rec)
	}
	if len(byOrder) > 0 {
		fl.note("annual.read.note.by_order", recs[0].at, "table", t.Name, "rows", byOrder)
	}
	return placed, asked
}

// fillGap gives the records of a gap their rows, by number, else by the labels that stand
// on lines of their own near them.
func fillGap(gap []record, free []*form.Row, truncated bool) {
	if len(gap) == len(free) || truncated && len(gap) < len(free) && hintless(gap) {
		for i := range gap {
			gap[i].row = free[i]
		}
		return
	}
	used := -1
	for i := range gap {
		for _, h := range slices.Backward(gap[i].hints) {
			if at := slices.Index(free, h); at > used {
				gap[i].row, used = h, at
				break
			}
		}
	}
	for i := range gap {
		if gap[i].row == nil {
			gap[i].free = free
		}
	}
}

// hintless reports that no label stands near any record of the gap.
func hintless(gap []record) bool {
	for _, r := range gap {
		if len(r.hints) > 0 {
			return false
		}
	}
	return true
}

// unplaced asks about the rows that a record without a label could be.
func unplaced(t *form.Table, rec record) *puzzle {
	p := &puzzle{rec: rec, tokens: rec.values, why: i18n.M("annual.read.why.no_row", "table", t.Name)}
	for _, r := range rec.free {
		p.cells = append(p.cells, r.Cells...)
	}
	return p
}

// rowText prints a row as one line for the extras.
func rowText(r row) string {
	if r.text != "" {
		return strings.TrimFunc(r.text, isSpace)
	}
	parts := make([]string, 0, len(r.toks))
	for _, t := range r.toks {
		parts = append(parts, t.text)
	}
	return strings.Join(parts, " ")
}
