package extract

import (
	"math"
	"slices"
	"sort"
)

// How near, in points, lines must be to be one or to meet. Borders are drawn double, in
// dashes and short of each other; the narrowest cell with a character in it is wider.
const (
	near = 3.0
	same = 4.5 // lines that far apart are the two borders of cells set apart
	edge = 5.0 // how far rules must jut out beyond the outermost line to mark an open side
)

// lattice is a table rebuilt from ruling lines.
type lattice struct {
	xs, ys []float64 // the edges of its columns and rows
	cells  []*box
	at     []int // by row and column, the cell that covers the position
	page   int   // the first page it stands on
	last   int   // the last
	rows   int
	open   bool // made of aligned text: it has no right edge
}

// box is a cell of a lattice: rows r0 up to r1 and columns c0 up to c1.
type box struct {
	r0, c0, r1, c1 int
	page           int
	glyphs         []glyph
	text           string
}

func (l *lattice) columns() int { return len(l.xs) - 1 }

// lattices finds the tables that a page's ruling lines form, the smallest first, so that a
// table within another's cell gets its text.
func (p *drawn) lattices(limit Limits) ([]*lattice, error) {
	level, upright := joined(p.rules)
	if len(level)*len(upright) > limit.PageObjects*10 {
		return nil, ErrTooMuch
	}
	var found []*lattice
	for _, group := range connected(level, upright) {
		l, err := group.lattice(limit)
		if err != nil {
			return nil, err
		}
		if l != nil {
			found = append(found, l)
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].area() < found[j].area() })
	return found, nil
}

func (l *lattice) area() float64 {
	return (l.xs[len(l.xs)-1] - l.xs[0]) * (l.ys[len(l.ys)-1] - l.ys[0])
}

// joined parts the rules into level and upright ones and joins those that continue each
// other: borders are drawn cell by cell, or in dashes.
func joined(rules []rule) (level, upright []rule) {
	for _, k := range rules {
		if k.horizontal() {
			level = append(level, k)
		} else {
			upright = append(upright, rule{k.y0, k.x0, k.y1, k.x1}) // as if level
		}
	}
	level, upright = joinLevel(level), joinLevel(upright)
	for i, k := range upright {
		upright[i] = rule{k.y0, k.x0, k.y1, k.x1}
	}
	return level, upright
}

// joinLevel joins level rules at about the same height that touch or overlap.
func joinLevel(rules []rule) []rule {
	sort.SliceStable(rules, func(i, j int) bool { return rules[i].y0 < rules[j].y0 })
	var out []rule
	for i := 0; i < len(rules); {
		end := i + 1
		for end < len(rules) && rules[end].y0-rules[end-1].y0 <= 0.7 && rules[end].y0-rules[i].y0 <= near {
			end++
		}
		band := slices.Clone(rules[i:end])
		sort.SliceStable(band, func(a, b int) bool { return band[a].x0 < band[b].x0 })
		run := band[0]
		for _, k := range band[1:] {
			if k.x0 <= run.x1+near {
				run.x1 = max(run.x1, k.x1)
			} else {
				out, run = append(out, run), k
			}
		}
		out = append(out, run)
		i = end
	}
	return slices.DeleteFunc(out, func(k rule) bool { return k.x1-k.x0 < edge }) // specks
}

// mesh is a set of rules that hang together.
type mesh struct{ level, upright []rule }

// connected groups rules that cross or meet.
func connected(level, upright []rule) []mesh {
	group := make([]int, len(level)+len(upright))
	for i := range group {
		group[i] = i
	}
	root := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	for i, h := range level {
		for j, v := range upright {
			if v.x0 >= h.x0-near && v.x0 <= h.x1+near && h.y0 >= v.y0-near && h.y0 <= v.y1+near {
				group[root(i)] = root(len(level) + j)
			}
		}
	}
	var meshes []mesh
	index := map[int]int{}
	of := func(i int) *mesh {
		k := root(i)
		n, ok := index[k]
		if !ok {
			n = len(meshes)
			index[k] = n
			meshes = append(meshes, mesh{})
		}
		return &meshes[n]
	}
	for i, h := range level {
		m := of(i)
		m.level = append(m.level, h)
	}
	for j, v := range upright {
		m := of(len(level) + j)
		m.upright = append(m.upright, v)
	}
	return meshes
}

// lattice makes a table of a mesh, nil if it is none: a frame, an underline, one column.
func (m mesh) lattice(limit Limits) (*lattice, error) {
	if len(m.level) < 2 || len(m.upright) < 1 {
		return nil, nil
	}
	xs := edges(m.upright, func(k rule) float64 { return k.x0 })
	ys := edges(m.level, func(k rule) float64 { return k.y0 })
	xs = opened(xs, m.level, func(k rule) (float64, float64) { return k.x0, k.x1 })
	ys = opened(ys, m.upright, func(k rule) (float64, float64) { return k.y0, k.y1 })
	if len(xs) < 3 || len(ys) < 2 {
		return nil, nil
	}
	l := &lattice{xs: xs, ys: ys, rows: len(ys) - 1}
	if l.columns() > limit.Columns || l.columns()*l.rows > limit.Cells {
		return nil, ErrTooMuch
	}
	l.partition(m)
	if len(l.cells) < 2 {
		return nil, nil
	}
	return l, nil
}

// edges draws positions together that are near each other.
func edges(rules []rule, of func(rule) float64) []float64 {
	all := make([]float64, len(rules))
	for i, k := range rules {
		all[i] = of(k)
	}
	sort.Float64s(all)
	var out []float64
	for i := 0; i < len(all); {
		end := i + 1
		for end < len(all) && all[end]-all[i] <= same {
			end++
		}
		out = append(out, (all[i]+all[end-1])/2)
		i = end
	}
	return out
}

// opened adds the outer edges of a table whose sides are open: there, at least two rules jut
// out beyond the outermost line.
func opened(at []float64, across []rule, ends func(rule) (float64, float64)) []float64 {
	if len(at) == 0 {
		return at
	}
	first, last := at[0], at[len(at)-1]
	lowest, highest, below, above := first, last, 0, 0
	for _, k := range across {
		from, to := ends(k)
		if from < first-edge {
			below, lowest = below+1, min(lowest, from)
		}
		if to > last+edge {
			above, highest = above+1, max(highest, to)
		}
	}
	if below >= 2 {
		at = append([]float64{lowest}, at...)
	}
	if above >= 2 {
		at = append(at, highest)
	}
	return at
}

// partition finds the cells: positions with no line between them are one.
func (l *lattice) partition(m mesh) {
	rows, cols := l.rows, l.columns()
	left := l.walls(m.upright, l.xs, l.ys, func(k rule) (float64, float64, float64) { return k.x0, k.y0, k.y1 })
	top := l.walls(m.level, l.ys, l.xs, func(k rule) (float64, float64, float64) { return k.y0, k.x0, k.x1 })
	var cells []*box
	at := make([]int, rows*cols)
	for i := range at {
		at[i] = -1
	}
	for i := range rows {
		for j := range cols {
			if at[i*cols+j] >= 0 {
				continue
			}
			b := &box{r0: i, c0: j, r1: i + 1, c1: j + 1}
			flood(b, at, rows, cols, len(cells), func(i, j int) bool { return left[j][i] }, func(i, j int) bool { return top[i][j] })
			cells = append(cells, b)
		}
	}
	l.cells = squared(cells)
	l.index()
}

// walls returns, for each edge and each step across it, whether a line covers half of it.
func (l *lattice) walls(rules []rule, edges, steps []float64, of func(rule) (at, from, to float64)) [][]bool {
	covered := make([][]float64, len(edges))
	for i := range covered {
		covered[i] = make([]float64, len(steps)-1)
	}
	for _, k := range rules {
		at, from, to := of(k)
		e := nearest(edges, at)
		for s := range covered[e] {
			covered[e][s] += max(0, min(to, steps[s+1])-max(from, steps[s]))
		}
	}
	out := make([][]bool, len(edges))
	for e, row := range covered {
		out[e] = make([]bool, len(row))
		for s, c := range row {
			out[e][s] = c >= (steps[s+1]-steps[s])/2
		}
	}
	return out
}

// nearest returns the index of the edge nearest to at.
func nearest(edges []float64, at float64) int {
	i := sort.SearchFloat64s(edges, at)
	if i == len(edges) || i > 0 && at-edges[i-1] <= edges[i]-at {
		i--
	}
	return i
}

// flood spreads a cell over all positions that no line parts from it.
func flood(b *box, at []int, rows, cols, number int, left, top func(i, j int) bool) {
	stack := [][2]int{{b.r0, b.c0}}
	at[b.r0*cols+b.c0] = number
	visit := func(i, j int) {
		if at[i*cols+j] < 0 {
			at[i*cols+j] = number
			stack = append(stack, [2]int{i, j})
		}
	}
	for len(stack) > 0 {
		i, j := stack[len(stack)-1][0], stack[len(stack)-1][1]
		stack = stack[:len(stack)-1]
		b.r0, b.c0, b.r1, b.c1 = min(b.r0, i), min(b.c0, j), max(b.r1, i+1), max(b.c1, j+1)
		if j > 0 && !left(i, j) {
			visit(i, j-1)
		}
		if j+1 < cols && !left(i, j+1) {
			visit(i, j+1)
		}
		if i > 0 && !top(i, j) {
			visit(i-1, j)
		}
		if i+1 < rows && !top(i+1, j) {
			visit(i+1, j)
		}
	}
}

// squared joins cells whose rectangles overlap until none do: a missing bit of border makes
// a cell that is no rectangle, and a table has none.
func squared(cells []*box) []*box {
	for {
		sort.SliceStable(cells, func(i, j int) bool { return cells[i].r0 < cells[j].r0 })
		merged := false
		for i := 0; i < len(cells); i++ {
			for j := i + 1; j < len(cells) && cells[j].r0 < cells[i].r1; j++ {
				a, b := cells[i], cells[j]
				if b.c0 < a.c1 && a.c0 < b.c1 {
					a.r1, a.c0, a.c1 = max(a.r1, b.r1), min(a.c0, b.c0), max(a.c1, b.c1)
					cells = slices.Delete(cells, j, j+1)
					merged = true
					j = i
				}
			}
		}
		if !merged {
			break
		}
	}
	sort.SliceStable(cells, func(i, j int) bool {
		a, b := cells[i], cells[j]
		return a.r0 < b.r0 || a.r0 == b.r0 && a.c0 < b.c0
	})
	return cells
}

// index notes which cell covers each position.
func (l *lattice) index() {
	cols := l.columns()
	l.at = make([]int, l.rows*cols)
	for n, b := range l.cells {
		for i := b.r0; i < b.r1; i++ {
			for j := b.c0; j < b.c1; j++ {
				l.at[i*cols+j] = n
			}
		}
	}
}

// take gives a character to the cell it stands in, and reports false if it stands outside.
func (l *lattice) take(g glyph) bool {
	x, y := g.middle()
	i, j := position(l.ys, y), position(l.xs, x)
	if i < 0 || j < 0 {
		return false
	}
	b := l.cells[l.at[i*l.columns()+j]]
	b.glyphs = append(b.glyphs, g)
	return true
}

// position returns between which edges at lies, -1 if outside.
func position(edges []float64, at float64) int {
	if math.IsNaN(at) || at < edges[0] || at > edges[len(edges)-1] {
		return -1
	}
	return min(max(sort.SearchFloat64s(edges, at)-1, 0), len(edges)-2)
}
