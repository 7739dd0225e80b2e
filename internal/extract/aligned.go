package extract

import (
	"math"
	"regexp"
	"slices"
	"strings"
)

// This file finds tables without ruling lines: text that stands in columns. Web pages are
// printed so when their style sheet is lost, and converters drop borders.

// Bounds and measures of tables without lines, in characters' heights unless said otherwise.
const (
	mostRuns   = 4_000     // pieces of text on a page, past which no columns are looked for
	mostAlign  = 200       // columns
	mostCells  = 50_000    // positions in a table
	mostTrials = 2_000_000 // ways to share rows out among the labels of a column
	nearRows   = 45.0      // points a label may stand outside its rows, as one cut by a page break does
	cellGap    = 0.3       // what parts two cells at least; justified text stays below
	hairGap    = 0.1       // what parts cells where others begin at the same place
	clearGap   = 1.0       // what surely parts two cells
	leading    = 1.75      // from one line of a cell to its next at most
	reach      = 3.6       // from one row to the next at most
	level      = 0.9       // nearer lines than that stand side by side
	exact      = 0.7       // points by which left edges of a column differ
)

// run is a piece of text of one line that belongs to one cell.
type run struct {
	x0, x1, base, size float64
	text               string
}

// band is a line of the page as pieces of cells.
type band struct {
	line *visualLine
	runs []run
}

// figure is what stands in a cell of numbers, blanks written as strokes included.
var figure = regexp.MustCompile(`^[-－—–/／\\]+$|^[-－]?[0-9０-９][0-9０-９,，.．\s]*%?$`)

// bandOf parts a line where cells may end: at gaps, narrow ones only where cells of other
// lines begin.
func bandOf(l *visualLine, edges leftEdges) band {
	b := band{line: l}
	from := 0
	cut := func(to int) {
		part := visualLine{glyphs: l.glyphs[from:to], base: l.base, size: l.size}
		if text := strings.TrimSpace(part.text()); text != "" {
			b.runs = append(b.runs, run{l.glyphs[from].x0, l.glyphs[to-1].x1, l.base, l.size, text})
		}
		from = to
	}
	for i := 1; i < len(l.glyphs); i++ {
		a, g := l.glyphs[i-1], l.glyphs[i]
		gap := (g.x0 - a.x1) / max(min(a.size, g.size), 1)
		words := latin(a.char) && latin(g.char) && gap < cellGap*1.3
		if gap > cellGap && !words || gap > hairGap && edges.at(g.x0) {
			cut(i)
		}
	}
	cut(len(l.glyphs))
	return b
}

// leftEdges are where pieces begin: by half points, in how many lines.
type leftEdges map[int]int

// at reports whether pieces begin at x in two other lines.
func (e leftEdges) at(x float64) bool {
	k := int(math.Round(x * 2))
	return e[k-1]+e[k]+e[k+1] >= 2
}

// recut parts lines once more where cells of other lines begin, though the gap be narrow.
func recut(bands []band) []band {
	edges := leftEdges{}
	for _, b := range bands {
		for _, r := range b.runs {
			edges[int(math.Round(r.x0*2))]++
		}
	}
	out := make([]band, len(bands))
	for i, b := range bands {
		out[i] = bandOf(b.line, edges)
	}
	return out
}

// seed reports whether a line surely is part of a table: two of its pieces stand far apart.
func (b band) seed() bool {
	for i := 1; i < len(b.runs); i++ {
		if b.runs[i].x0-b.runs[i-1].x1 > clearGap*b.line.size {
			return true
		}
	}
	return false
}

// sectionHead begins a part of a document and never continues a table.
var sectionHead = regexp.MustCompile(`^[一二三四五六七八九十]+、`)

// aligned finds the tables without ruling lines among a page's lines. It returns them and
// the lines that belong to none.
func aligned(all []*visualLine) (tables []*lattice, rest []*visualLine) {
	bands, total := make([]band, len(all)), 0
	for i, l := range all {
		bands[i] = bandOf(l, nil)
		total += len(bands[i].runs)
	}
	if total > mostRuns {
		return nil, all
	}
	i := 0
	for i < len(bands) {
		from, to := region(bands, i)
		if from < 0 {
			break
		}
		rest = append(rest, all[i:from]...)
		if l := column(recut(bands[from:to])); l != nil {
			tables = append(tables, l)
		} else {
			rest = append(rest, all[from:to]...)
		}
		i = to
	}
	return tables, append(rest, all[i:]...)
}

// region returns the lines from the first table at or after line i on, -1 if there is none.
func region(bands []band, i int) (from, to int) {
	seed := i
	for seed < len(bands) && !bands[seed].seed() {
		seed++
	}
	if seed == len(bands) {
		return -1, -1
	}
	var lefts, centres []float64
	learn := func(b band) {
		for _, r := range b.runs {
			lefts, centres = append(lefts, r.x0), append(centres, (r.x0+r.x1)/2)
		}
	}
	known := func(all []float64, x float64) bool {
		return slices.ContainsFunc(all, func(k float64) bool { return math.Abs(k-x) <= exact })
	}
	belongs := func(at, step int) bool {
		b, next := bands[at], bands[at-step]
		gap := math.Abs(b.line.base - next.line.base)
		size := max(b.line.size, next.line.size)
		switch {
		case gap < level*size, b.seed() && gap < reach*size:
			return true
		case gap > reach*size, len(b.runs) == 0, len(b.runs) == 1 && sectionHead.MatchString(b.runs[0].text):
			return false
		}
		if i := at + step; i >= 0 && i < len(bands) && bands[i].seed() && math.Abs(bands[i].line.base-b.line.base) < reach*size && inside(b, bands[i]) {
			return true // alone between two rows
		}
		return !slices.ContainsFunc(b.runs, func(r run) bool {
			return !known(lefts, r.x0) && !known(centres, (r.x0+r.x1)/2)
		})
	}
	from, to = seed, seed+1
	learn(bands[seed])
	for to < len(bands) && belongs(to, 1) {
		learn(bands[to])
		to++
	}
	for from > i && belongs(from-1, -1) {
		from--
		learn(bands[from])
	}
	return from, to
}

// inside reports whether a line stands inside the width of another.
func inside(b, wide band) bool {
	first, last := wide.runs[0], wide.runs[len(wide.runs)-1]
	return b.runs[0].x0 >= first.x0-exact && b.runs[len(b.runs)-1].x1 <= last.x1+exact
}
