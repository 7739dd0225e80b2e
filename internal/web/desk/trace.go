package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/extract"
	"gongkai/internal/place"
)

// spot is a block of the source or, in a table, one of its cells.
type spot struct{ block, row, col int }

// spotOf returns the spot a place lies in; the zero spot is none.
func spotOf(p place.Place) spot { return spot{p.Block, p.Row, p.Col} }

// anchor is the id a spot has in the page.
func (s spot) anchor() string {
	switch {
	case s.block == 0:
		return ""
	case s.row > 0:
		return fmt.Sprintf("s%d-%d-%d", s.block, s.row, s.col)
	}
	return fmt.Sprintf("s%d", s.block)
}

// cellAnchor is the id a cell of the form has in the page.
func cellAnchor(k form.Key) string { return "c-" + string(k) }

// hit is a finding's interest in the runes start to end of a text; end 0 means all of it.
type hit struct{ finding, start, end int }

// trace ties findings to cells of the form and to spots of the source, so that each can
// lead to the others.
type trace struct {
	selected int // finding shown in all places, 0 for none
	cells    map[form.Key][]int
	spots    map[spot][]hit
	worst    map[int]check.Severity // by finding
	where    map[spot]bool          // spots the source has
}

// newTrace follows every place of the findings, numbered from 1.
func newTrace(doc *extract.Document, r *annual.Report, fs []check.Finding, selected int) *trace {
	t := &trace{
		selected: selected, cells: map[form.Key][]int{}, spots: map[spot][]hit{},
		worst: map[int]check.Severity{}, where: spotsOf(doc),
	}
	for i, f := range fs {
		t.worst[i+1] = gravityOf(r, f)
		for _, q := range f.Places {
			t.follow(r, i+1, q)
		}
	}
	return t
}

// whole reports whether q means the report as a whole: there is nothing to mark.
func whole(q check.Quote) bool { return q.Key == "" && q.Label.Key == "rule.at.report" }

func (t *trace) follow(r *annual.Report, no int, q check.Quote) {
	if whole(q) {
		return
	}
	at := q.At
	if k := form.Key(q.Key); q.Key != "" {
		if !slices.Contains(t.cells[k], no) {
			t.cells[k] = append(t.cells[k], no)
		}
		if at.Block == 0 {
			at = r.Cells[k].At
		}
	}
	if s := t.spot(at); s.block > 0 {
		t.spots[s] = append(t.spots[s], hit{no, at.Start, at.End})
	}
}

// spot returns the nearest spot the source shows: the cell, or else its block.
func (t *trace) spot(p place.Place) spot {
	if s := spotOf(p); t.where[s] {
		return s
	}
	if s := (spot{block: p.Block}); t.where[s] {
		return s
	}
	return spot{}
}

// spotsOf lists the spots of a document.
func spotsOf(doc *extract.Document) map[spot]bool {
	all := map[spot]bool{}
	if doc == nil {
		return all
	}
	for i, b := range doc.Blocks {
		all[spot{block: i + 1}] = true
		if b.Table == nil {
			continue
		}
		for _, row := range b.Table.Rows {
			for _, c := range row {
				all[spot{i + 1, c.Row + 1, c.Col + 1}] = true
			}
		}
	}
	return all
}

// on reports whether the selected finding is among nos.
func (t *trace) on(nos []int) bool { return t.selected > 0 && slices.Contains(nos, t.selected) }

// segment is a run of text that the same findings speak of.
type segment struct {
	Text     string
	Findings string // their numbers, parted by spaces; "" for plain text
	Severity check.Severity
	On       bool // the selected finding is among them
}

// segments cuts text where findings begin and end.
func (t *trace) segments(text string, hits []hit) []segment {
	if len(hits) == 0 {
		return []segment{{Text: text}}
	}
	runes := []rune(text)
	cuts := []int{0, len(runes)}
	for i, h := range hits {
		if h.end <= 0 || h.end > len(runes) {
			h.end = len(runes)
		}
		h.start = min(max(h.start, 0), h.end)
		hits[i] = h
		cuts = append(cuts, h.start, h.end)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []segment
	for i := 1; i < len(cuts); i++ {
		out = append(out, t.segment(string(runes[cuts[i-1]:cuts[i]]), cuts[i-1], cuts[i], hits))
	}
	return out
}

func (t *trace) segment(text string, from, to int, hits []hit) segment {
	s := segment{Text: text}
	var nos []int
	for _, h := range hits {
		if h.start <= from && to <= h.end && !slices.Contains(nos, h.finding) {
			nos = append(nos, h.finding)
		}
	}
	s.Findings, s.Severity, s.On = join(nos), t.gravest(nos), t.on(nos)
	return s
}

// gravest returns the gravest severity among findings, "" for none.
func (t *trace) gravest(nos []int) check.Severity {
	var worst check.Severity
	for _, no := range nos {
		if worst == "" || t.worst[no].Rank() < worst.Rank() {
			worst = t.worst[no]
		}
	}
	return worst
}

// paragraph cuts a text of the report, which may join several lines of the source.
func (t *trace) paragraph(x annual.Text) []segment {
	starts := append([]annual.Line{{Start: 0, At: x.At}}, x.Lines...)
	end := len([]rune(x.Text))
	var hits []hit
	for i, l := range starts {
		to := end
		if i+1 < len(starts) {
			to = starts[i+1].Start
		}
		for _, h := range t.spots[t.spot(l.At)] {
			hits = append(hits, h.within(l.Start, to, l.At.Start))
		}
	}
	return t.segments(x.Text, slices.DeleteFunc(hits, func(h hit) bool { return h.start >= h.end }))
}

// within moves h from a line of the source, of which the text uses what follows offset, to
// the runes from to to of the text.
func (h hit) within(from, to, offset int) hit {
	start, end := from+h.start-offset, from+h.end-offset
	if h.end <= 0 {
		start, end = from, to
	}
	return hit{h.finding, min(max(start, from), to), min(max(end, from), to)}
}

// join writes numbers parted by spaces, as HTML lists tokens.
func join(nos []int) string {
	nos = slices.SortedFunc(slices.Values(nos), cmp.Compare)
	parts := make([]string, len(nos))
	for i, n := range nos {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, " ")
}
