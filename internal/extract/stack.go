package extract

import (
	"math"
	"slices"
	"sort"
	"strings"
)

// stack is a cell in the making: pieces of text below each other.
type stack struct {
	runs           []run
	x0, x1         float64
	c0, c1, r0, r1 int
	numeric        bool
}

// top and bottom are how far a cell's ink reaches, middle is halfway.
func (s *stack) top() float64    { return s.runs[0].base - 0.8*s.runs[0].size }
func (s *stack) bottom() float64 { return s.runs[len(s.runs)-1].base + 0.2*s.runs[0].size }
func (s *stack) middle() float64 { return (s.runs[0].base + s.runs[len(s.runs)-1].base) / 2 }

func (s *stack) text() string {
	var lines []string
	for _, r := range s.runs {
		lines = append(lines, r.text)
	}
	return strings.Join(lines, "\n")
}

// column makes a table of a region, nil if it is none after all.
func column(bands []band) *lattice {
	seeds := 0
	for _, b := range bands {
		if b.seed() {
			seeds++
		}
	}
	stacks, tall := stacked(bands)
	if len(stacks) < 5 || seeds < 2 && !tall {
		return nil
	}
	lefts := columnsOf(stacks)
	if len(lefts) < 2 {
		return nil
	}
	a := &alignment{stacks: stacks, columns: len(lefts)}
	if !a.place() {
		return nil
	}
	return a.lattice(lefts)
}

// piled is the state of gathering pieces of text into cells.
type piled struct {
	bands  []band
	lefts  []float64       // of the columns, as the pieces show them
	single map[*run]*stack // each piece with the columns it covers
	line   map[*stack]int  // the line of a cell's last piece
	recent []*stack        // cells that may go on
}

// stacked gathers pieces of text into cells, and reports whether any has several lines.
func stacked(bands []band) (stacks []*stack, tall bool) {
	p := &piled{bands: bands, single: map[*run]*stack{}, line: map[*stack]int{}}
	var singles []*stack
	for i := range bands {
		for j := range bands[i].runs {
			r := &bands[i].runs[j]
			s := &stack{runs: []run{*r}, x0: r.x0, x1: r.x1, numeric: figure.MatchString(r.text)}
			singles, p.single[r] = append(singles, s), s
		}
	}
	p.lefts = columnsOf(singles)
	for i := range bands {
		for j := range bands[i].runs {
			r := &bands[i].runs[j]
			s := p.single[r]
			if above := p.above(i, j); above != nil {
				above.runs = append(above.runs, *r)
				above.x0, above.x1 = min(above.x0, r.x0), max(above.x1, r.x1)
				s, tall = above, true
			} else {
				stacks, p.recent = append(stacks, s), append(p.recent, s)
			}
			p.line[s] = i
		}
		p.recent = slices.DeleteFunc(p.recent, func(s *stack) bool {
			return bands[i].line.base-s.runs[len(s.runs)-1].base > leading*bands[i].line.size
		})
	}
	return stacks, tall
}

// above returns the cell that piece j of line i goes on with, nil if it begins its own: the
// piece begins or centres where the cell's last line does, at the distance of lines; that
// line was full; nothing else stands below it; the piece begins no item of its own; and the
// two are not the labels of two rows of figures.
func (p *piled) above(i, j int) *stack {
	r := &p.bands[i].runs[j]
	s := p.single[r]
	if s.numeric || itemNumber.MatchString(r.text) {
		return nil
	}
	for _, a := range p.recent {
		last := a.runs[len(a.runs)-1]
		inLine := math.Abs(last.x0-r.x0) <= exact || math.Abs(last.x0+last.x1-r.x0-r.x1) <= 2*exact
		switch {
		case a.numeric, !inLine, r.base <= last.base, r.base-last.base > leading*r.size:
		case s.c0 < a.c0, s.c1 > a.c1, !p.full(a, last, *r), p.shared(i, a, s):
		case p.labels(i, j) && p.figures(p.line[a]):
		default:
			return a
		}
	}
	return nil
}

// full reports whether a line reached the end of its cell, so that its text had to go on
// below. Lines break early before a comma, and centred ones leave half of the rest before
// them.
func (p *piled) full(a *stack, last, next run) bool {
	if a.c1 >= len(p.lefts) {
		return true
	}
	room := 1.6
	if math.Abs(last.x0-next.x0) <= exact {
		room = 3.2
	}
	return last.x1+room*last.size > p.lefts[a.c1]
}

// shared reports whether another piece stands below the same cell, in the line or in one so
// near that it stands side by side with it.
func (p *piled) shared(i int, a, s *stack) bool {
	beside := func(k int) bool {
		return k >= 0 && k < len(p.bands) && math.Abs(p.bands[k].line.base-p.bands[i].line.base) < level*p.bands[i].line.size
	}
	for _, step := range []int{-1, 1} {
		for k := i; beside(k); k += step {
			for n := range p.bands[k].runs {
				o := p.single[&p.bands[k].runs[n]]
				if o != s && o.c0 < a.c1 && a.c0 < o.c1 && (o.c1 <= s.c0 || s.c1 <= o.c0) {
					return true
				}
			}
		}
	}
	return false
}

// figures reports whether figures stand in a line.
func (p *piled) figures(i int) bool {
	return slices.ContainsFunc(p.bands[i].runs, func(r run) bool { return figure.MatchString(r.text) })
}

// labels reports whether the piece stands just before a figure.
func (p *piled) labels(i, j int) bool {
	runs := p.bands[i].runs
	return j+1 < len(runs) && figure.MatchString(runs[j+1].text)
}

// columnsOf finds the columns and which of them each cell covers, and returns their left
// edges. Cells above or below of which two others stand side by side cover several; the
// rest make the columns, the narrow ones first.
func columnsOf(stacks []*stack) []float64 {
	var columns strips
	single := slices.DeleteFunc(slices.Clone(stacks), func(s *stack) bool { return s.spans(stacks) })
	sort.SliceStable(single, func(i, j int) bool { return single[i].x1-single[i].x0 < single[j].x1-single[j].x0 })
	for _, s := range single {
		columns.take(s.x0, s.x1)
		if len(columns) > mostAlign {
			return nil
		}
	}
	if len(columns) == 0 {
		return nil
	}
	leftmost := math.Inf(1)
	for _, s := range stacks {
		leftmost = min(leftmost, s.x0)
	}
	if leftmost < columns[0].x0-2*exact { // a column with labels that cover others only
		columns = slices.Insert(columns, 0, strip{leftmost, columns[0].x0})
	}
	for _, s := range stacks {
		i, n := columns.under(s.x0, s.x1)
		s.c0, s.c1 = i, i+max(n, 1)
	}
	lefts := make([]float64, len(columns))
	for i, c := range columns {
		lefts[i] = c.x0
	}
	return lefts
}

// spans reports whether two other cells that stand side by side both overlap s in width.
func (s *stack) spans(stacks []*stack) bool {
	ends, begins := math.Inf(1), math.Inf(-1)
	for _, o := range stacks {
		if o != s && o.x0 < s.x1 && s.x0 < o.x1 {
			ends, begins = min(ends, o.x1), max(begins, o.x0)
		}
	}
	return ends <= begins
}

// strips are columns from left to right, none overlapping.
type strips []strip

// strip is the width of a column that text was seen in.
type strip struct{ x0, x1 float64 }

// under returns the first column that text covers, and how many. Text that covers none
// belongs to the one before it.
func (c strips) under(x0, x1 float64) (first, n int) {
	for i, s := range c {
		switch {
		case x0 < s.x1 && s.x0 < x1:
			if n == 0 {
				first = i
			}
			n++
		case n == 0 && s.x0 <= x0:
			first = i
		}
	}
	return first, n
}

// take makes a column of text that stands in none, and widens one that it stands in alone.
func (c *strips) take(x0, x1 float64) {
	switch i, n := c.under(x0, x1); {
	case n == 1:
		(*c)[i] = strip{min((*c)[i].x0, x0), max((*c)[i].x1, x1)}
	case n == 0:
		at := 0
		for at < len(*c) && (*c)[at].x0 < x0 {
			at++
		}
		*c = slices.Insert(*c, at, strip{x0, x1})
	}
}
