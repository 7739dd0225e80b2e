package paper

import "math"

// ruleWidth is the width of a table's lines in points.
const ruleWidth = 0.5

// grid is a table measured for setting.
type grid struct {
	table   *Table
	edges   []float64 // of the columns, from the left
	heights []float64 // of the rows
	cells   []gridCell
}

// gridCell is a cell's text broken into lines.
type gridCell struct {
	cell    Cell
	setting setting
	lines   []line
	left    float64 // indents
	right   float64
}

// table measures t and adds its rows.
func (l *layout) table(t *Table, block int) {
	g := &grid{table: t, edges: []float64{0}, heights: make([]float64, len(t.Rows))}
	columns := t.columns()
	at := 0
	for _, w := range columns {
		at += w
		g.edges = append(g.edges, float64(at)/twip)
	}
	for row := range g.heights {
		g.heights[row] = math.Max(t.Least, t.lineHeight()+2*cellTop+ruleWidth)
	}
	for span := 1; span <= len(t.Rows); span++ {
		for _, cells := range t.Rows {
			for _, c := range cells {
				if c.RowSpan == span {
					g.measure(c, columns, l.lacking)
				}
			}
		}
	}
	for row, h := range g.heights {
		l.slabs = append(l.slabs, slab{height: h, keep: t.headRow(row) || g.labelOpen(row), block: block, table: g, row: row})
	}
	l.slabs = append(l.slabs, slab{height: 2 * ruleWidth, block: block})
}

// headRow reports whether a row names what stands in the next ones, so that it must not be
// the last on a page.
func (t *Table) headRow(row int) bool {
	if row+1 == len(t.Rows) {
		return false
	}
	for _, c := range t.Rows[row] {
		if !c.Role.top() && c.Role != Note {
			return row < t.Head
		}
	}
	return true
}

// labelOpen reports whether a label beside several rows needs more of them than those up to
// row.
func (g *grid) labelOpen(row int) bool {
	for _, gc := range g.cells {
		c := gc.cell
		if c.Role != SideHead || row < c.Row || row+1 >= c.Row+c.RowSpan {
			continue
		}
		have := 0.0
		for _, h := range g.heights[c.Row : row+1] {
			have += h
		}
		if have < g.need(gc) {
			return true
		}
	}
	return false
}

// need is the height a cell's text needs.
func (g *grid) need(gc gridCell) float64 {
	return float64(len(gc.lines))*g.table.lineHeight() + 2*cellTop + ruleWidth
}

// measure breaks a cell's text and makes its rows high enough; what several rows lack goes
// to the last of them.
func (g *grid) measure(c Cell, columns []int, lacking map[rune]bool) {
	t := g.table
	width := t.span(columns, c)
	faces := tableFaces(c.Text)
	if t.Least > 0 { // a form's words are beyond those of which we have 宋体
		faces = bodyFaces
	}
	if c.Role.top() || c.Mark {
		faces = headFaces
	}
	gc := gridCell{cell: c}
	gc.left, gc.right = t.indents(c, width)
	gc.setting = setting{faces: faces, size: t.fit(c, width), hang: true}
	gc.lines = gc.setting.lines(gc.setting.glyphs(c.Text, lacking), 0, width-2*t.side()-gc.left-gc.right)
	g.cells = append(g.cells, gc)
	g.grow(c.Row, c.Row+c.RowSpan, gc)
}

// grow makes rows high enough for a cell; what they lack goes to the last of them.
func (g *grid) grow(from, to int, gc gridCell) {
	need := g.need(gc)
	for _, h := range g.heights[from:to] {
		need -= h
	}
	g.heights[to-1] += math.Max(0, need)
}

// gridPart is what stands of a table on one page.
type gridPart struct {
	grid *grid
	rows []gridRow
}

// gridRow is a row and the height on the page it starts at.
type gridRow struct {
	row int
	y   float64
}

// draw draws the cells that reach into the part, each as far as it does. A cell's text
// stands where the cell starts; a label stands again in each further part, so that no row is
// without its name.
func (part *gridPart) draw(p *page) {
	g := part.grid
	for _, gc := range g.cells {
		c := gc.cell
		from, to := -1.0, -1.0
		text := c.Role.head()
		for _, r := range part.rows {
			if r.row < c.Row || r.row >= c.Row+c.RowSpan {
				continue
			}
			if from < 0 {
				from = r.y
			}
			to = r.y + g.heights[r.row]
			text = text || r.row == c.Row
		}
		if from >= 0 {
			g.box(p, gc, from, to, text)
		}
	}
}

// box draws one cell from height to height.
func (g *grid) box(p *page, gc gridCell, from, to float64, text bool) {
	c := gc.cell
	x1, x2 := left+g.edges[c.Col], left+g.edges[c.Col+c.ColSpan]
	if c.Mark {
		p.fills = append(p.fills, fillMark{x1, from, x2 - x1, to - from})
	}
	p.rules = append(p.rules, ruleMark{x1: x1, y1: from, x2: x2, y2: from}, ruleMark{x1: x1, y1: to, x2: x2, y2: to},
		ruleMark{x1: x1, y1: from, x2: x1, y2: to}, ruleMark{x1: x2, y1: from, x2: x2, y2: to})
	if !text {
		return
	}
	lineHeight := g.table.lineHeight()
	y := from + math.Max(cellTop, (to-from-float64(len(gc.lines))*lineHeight)/2)
	for _, ln := range gc.lines {
		x := x1 + g.table.side() + gc.left
		if !c.Role.left() {
			x = (x1+x2)/2 - ln.width/2
		}
		p.write(gc.setting, ln, x, y+0.8*lineHeight, 0)
		y += lineHeight
	}
}
