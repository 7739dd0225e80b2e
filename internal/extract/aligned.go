package extract

import (
	"math"
	"regexp"
	"slices"
	"sort"
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
