package extract

import (
	"math"
	"slices"
	"sort"
)

// alignment is a table without lines in the making.
type alignment struct {
	stacks  []*stack
	columns int
	rows    []*tableRow
	figures int      // the first column of figures
	owners  []*stack // by row and column, the cell that covers the position
}

// owner returns the cell that covers a position, nil if none does.
func (a *alignment) owner(row, c int) *stack { return a.owners[row*a.columns+c] }

// put notes the positions a cell covers, and reports false if another has one of them.
func (a *alignment) put(s *stack) bool {
	for i := s.r0; i < s.r1; i++ {
		for c := s.c0; c < s.c1; c++ {
			if o := a.owner(i, c); o != nil && o != s {
				return false
			}
			a.owners[i*a.columns+c] = s
		}
	}
	return true
}

// lift takes a cell off its positions.
func (a *alignment) lift(s *stack) {
	for i := s.r0; i < s.r1; i++ {
		for c := s.c0; c < s.c1; c++ {
			a.owners[i*a.columns+c] = nil
		}
	}
	s.r0, s.r1 = 0, 0
}

// tableRow is a row in the making: its cells and how far their ink reaches.
type tableRow struct {
	at, top, bottom float64
	cells           []*stack
}

// place finds the rows and puts every cell into its own. It reports false where cells would
// cover each other or find no place: the text is then no table after all.
func (a *alignment) place() bool {
	var tall []*stack
	a.rows, tall = rowsOf(a.stacks, anchorOf(a.stacks))
	if len(a.rows) == 0 || len(a.rows)*a.columns > mostCells {
		return false
	}
	a.owners = make([]*stack, len(a.rows)*a.columns)
	a.figures = a.columns
	head := len(a.rows)
	for i, row := range a.rows {
		for _, s := range row.cells {
			s.r0, s.r1 = i, i+1
			if !a.put(s) {
				return false
			}
			if s.numeric {
				a.figures, head = min(a.figures, s.c0), min(head, i)
			}
		}
	}
	for c := range a.columns {
		if !a.reachDown(c, tall) {
			return false
		}
	}
	for i, row := range a.rows {
		a.widen(i, row, i < head)
	}
	return !slices.ContainsFunc(a.stacks, func(s *stack) bool { return s.r1 == s.r0 })
}

// anchorOf returns by which height the cells of a row are level: their middles, first lines
// or last lines, whichever meets the most figures.
func anchorOf(stacks []*stack) func(*stack) float64 {
	ways := []func(*stack) float64{
		(*stack).middle,
		func(s *stack) float64 { return s.runs[0].base },
		func(s *stack) float64 { return s.runs[len(s.runs)-1].base },
	}
	var heights []float64
	for _, s := range stacks {
		if s.numeric {
			heights = append(heights, s.runs[0].base)
		}
	}
	sort.Float64s(heights)
	best, most := ways[0], -1
	for _, way := range ways {
		met := 0
		for _, s := range stacks {
			if len(s.runs) > 1 && len(heights) > 0 && math.Abs(heights[nearest(heights, way(s))]-way(s)) <= 0.35*s.runs[0].size {
				met++
			}
		}
		if met > most {
			best, most = way, met
		}
	}
	return best
}

// rowsOf gathers cells into rows, and returns apart those that reach over several: cells
// that share their height with no other and whose ink stands beside two rows.
func rowsOf(stacks []*stack, anchor func(*stack) float64) (rows []*tableRow, tall []*stack) {
	sorted := slices.Clone(stacks)
	sort.SliceStable(sorted, func(i, j int) bool { return anchor(sorted[i]) < anchor(sorted[j]) })
	var groups []*tableRow
	for _, s := range sorted {
		if n := len(groups); n > 0 && anchor(s)-groups[n-1].at <= 0.4*s.runs[0].size && groups[n-1].room(s) {
			groups[n-1].add(s)
			continue
		}
		row := &tableRow{at: anchor(s), top: math.Inf(1), bottom: math.Inf(-1)}
		row.add(s)
		groups = append(groups, row)
	}
	for i, g := range groups {
		if len(g.cells) == 1 && g.beside(groups, i) {
			tall = append(tall, g.cells[0])
		} else {
			rows = append(rows, g)
		}
	}
	return rows, tall
}

func (r *tableRow) add(s *stack) {
	r.cells = append(r.cells, s)
	r.top, r.bottom = min(r.top, s.top()), max(r.bottom, s.bottom())
}

// room reports whether no cell of the row stands where s does.
func (r *tableRow) room(s *stack) bool {
	return !slices.ContainsFunc(r.cells, func(o *stack) bool { return o.c0 < s.c1 && s.c0 < o.c1 })
}

// beside reports whether the row's only cell stands beside a row of several cells, or beside
// what is above and below.
func (r *tableRow) beside(groups []*tableRow, i int) bool {
	const slack = 1.5 // points
	n := 0
	for _, j := range []int{i - 1, i + 1} {
		if j >= 0 && j < len(groups) && groups[j].top < r.bottom-slack && r.top+slack < groups[j].bottom {
			n += min(len(groups[j].cells), 2)
		}
	}
	return n >= 2
}

// reachDown finds, in a label column, how many rows each cell covers that reaches over
// several. Rows without a cell of their own there are shared out so that each such cell
// stands as near as can be to the middle of its rows.
func (a *alignment) reachDown(c int, tall []*stack) bool {
	var mine []*stack
	for _, s := range tall {
		if s.c0 == c {
			mine = append(mine, s)
		}
	}
	for from := 0; from < len(a.rows); from++ {
		if a.covered(from, c) {
			continue
		}
		to := from
		for to < len(a.rows) && !a.covered(to, c) {
			to++
		}
		if !a.shareOut(c, from, to, mine) {
			return false
		}
		from = to
	}
	return true
}

// covered reports whether a cell of the row's own ends the rows that a tall cell in column c
// may cover. A cell with neighbours of its own column only by chance of height, as that in
// the middle of three rows, does not.
func (a *alignment) covered(row, c int) bool {
	s := a.owner(row, c)
	return s != nil && !a.chance(s, c)
}

// chance reports whether a cell of a row may be the label of several: it stands in a label
// column, alone in it among rows above and below, and has a label to its right.
func (a *alignment) chance(s *stack, c int) bool {
	if s.numeric || s.c0 != c || s.c1 != c+1 || c+1 >= a.figures {
		return false
	}
	return slices.ContainsFunc(a.rows[s.r0].cells, func(o *stack) bool { return o.c0 == c+1 && !o.numeric })
}

// shareOut gives rows from up to to of column c to the tall cells that stand among them.
func (a *alignment) shareOut(c, from, to int, tall []*stack) bool {
	var among []*stack
	for _, s := range tall {
		if m := s.middle(); m >= a.rows[from].top-nearRows && m <= a.rows[to-1].bottom+nearRows && s.r1 == s.r0 {
			among = append(among, s)
		}
	}
	for i := from; i < to; i++ {
		for _, s := range a.rows[i].cells {
			if s.c0 == c {
				among = append(among, s)
			}
		}
	}
	n := to - from
	if len(among) == 0 {
		return true
	}
	if len(among) > n || len(among)*n*n > mostTrials {
		return false
	}
	sort.SliceStable(among, func(i, j int) bool { return among[i].middle() < among[j].middle() })
	for _, s := range among {
		a.lift(s)
	}
	start := from
	for i, end := range a.bestEnds(from, to, among) {
		among[i].r0, among[i].r1 = start, end
		start = end
		if !a.put(among[i]) {
			return false
		}
	}
	return true
}

// bestEnds parts rows among cells so that the distances between each cell's middle and the
// middle of its rows add up to the least.
func (a *alignment) bestEnds(from, to int, cells []*stack) []int {
	n := to - from
	cost := make([][]float64, len(cells)+1)
	prev := make([][]int, len(cells)+1)
	for k := range cost {
		cost[k], prev[k] = make([]float64, n+1), make([]int, n+1)
		for e := range cost[k] {
			cost[k][e] = math.Inf(1)
		}
	}
	cost[0][0] = 0
	for k, s := range cells {
		for e := k + 1; e <= n; e++ {
			for b := k; b < e; b++ {
				middle := (a.rows[from+b].top + a.rows[from+e-1].bottom) / 2
				d := cost[k][b] + math.Abs(middle-(s.top()+s.bottom())/2)
				if d < cost[k+1][e] {
					cost[k+1][e], prev[k+1][e] = d, b
				}
			}
		}
	}
	ends := make([]int, len(cells))
	for k, e := len(cells), n; k > 0; k-- {
		ends[k-1] = from + e
		e = prev[k][e]
	}
	return ends
}

// widen lets labels cover the empty columns up to the figures, headings that cover several
// columns those to their right, and figures as many columns as the cell above them.
func (a *alignment) widen(i int, row *tableRow, heading bool) {
	for _, s := range row.cells {
		end := 0
		switch {
		case !s.numeric && s.c0 < a.figures && a.hasFigures(row):
			end = a.figures
		case !a.hasFigures(row) && s.c1-s.c0 > 1:
			end = a.columns
		case !heading:
			end = a.above(i, s.c0)
		}
		for s.c1 < end && a.free(s) {
			s.c1++
			a.put(s)
		}
	}
}

// free reports whether nothing covers the positions just right of a cell.
func (a *alignment) free(s *stack) bool {
	for i := s.r0; i < s.r1; i++ {
		if a.owner(i, s.c1) != nil {
			return false
		}
	}
	return true
}

func (a *alignment) hasFigures(row *tableRow) bool {
	return slices.ContainsFunc(row.cells, func(s *stack) bool { return s.numeric })
}

// above returns where the cell ends that begins at column c in the row above, 0 if none does.
func (a *alignment) above(row, c int) int {
	if row == 0 {
		return 0
	}
	for _, s := range a.rows[row-1].cells {
		if s.c0 == c {
			return s.c1
		}
	}
	return 0
}

// lattice hands the table on. Empty positions become cells: one in the figures' columns,
// where a blank is a statement; drawn together before them, where it belongs to a label.
func (a *alignment) lattice(lefts []float64) *lattice {
	l := &lattice{xs: append(slices.Clone(lefts), math.Inf(1)), rows: len(a.rows), open: true}
	l.ys = []float64{a.rows[0].top}
	for i := range a.rows {
		for c := range a.columns {
			if a.owner(i, c) == nil {
				a.blank(i, c)
			}
			if s := a.owner(i, c); s.r0 == i && s.c0 == c {
				l.cells = append(l.cells, &box{r0: s.r0, c0: s.c0, r1: s.r1, c1: s.c1, text: s.text()})
			}
		}
	}
	return l
}

// blank makes an empty cell at a position.
func (a *alignment) blank(row, c int) {
	s := &stack{r0: row, c0: c, r1: row + 1, c1: c + 1}
	if c < a.figures {
		for s.c1 < a.figures && a.owner(row, s.c1) == nil {
			s.c1++
		}
		for s.r1 < len(a.rows) && a.bareBelow(s) {
			s.r1++
		}
	}
	a.put(s)
}

// bareBelow reports whether the row below an empty cell is empty over just the same columns.
func (a *alignment) bareBelow(s *stack) bool {
	for c := s.c0; c < s.c1; c++ {
		if a.owner(s.r1, c) != nil {
			return false
		}
	}
	return (s.c0 == 0 || a.owner(s.r1, s.c0-1) != nil) && (s.c1 == a.figures || a.owner(s.r1, s.c1) != nil)
}
