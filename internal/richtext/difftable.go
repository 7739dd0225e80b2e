package richtext

import "strings"

// line is a row as it is compared: cells that reach down from above stand in it again, so
// that every row can be read, and shown, by itself.
type line struct {
	cells []lineCell
	unit  *unit // its words, for alignment
}

type lineCell struct {
	*element
	above bool // reaches down from a row above
}

// lineRows takes a table apart into rows that stand by themselves.
func (t *element) lineRows() []*line {
	type reach struct {
		cell *element
		left int
	}
	open := map[int]reach{} // by column
	columns := t.columns()
	var out []*line
	for i, r := range t.kids {
		l := &line{}
		col := 0
		fromAbove := func(to int) {
			for col < to {
				from, ok := open[col]
				if !ok {
					return
				}
				l.cells = append(l.cells, lineCell{from.cell, true})
				if from.left--; from.left == 0 {
					delete(open, col)
				} else {
					open[col] = from
				}
				col += from.cell.colspan
			}
		}
		for j, c := range r.kids {
			fromAbove(columns[i][j])
			col = columns[i][j]
			l.cells = append(l.cells, lineCell{c, false})
			if c.rowspan > 1 {
				open[col] = reach{c, c.rowspan - 1}
			}
			col += c.colspan
		}
		fromAbove(maxColumns)
		l.unit = l.words()
		out = append(out, l)
	}
	return out
}

// words makes a unit of a row, with its cells' words and how they are merged as its key.
func (l *line) words() *unit {
	var key strings.Builder
	all := &element{kind: row}
	for _, c := range l.cells {
		own := *c.element
		own.rowspan = 1
		key.WriteString(document{&own}.html())
		all.kids = append(all.kids, &own)
	}
	return &unit{element: &element{kind: table, kids: []*element{all}}, key: key.String()}
}

// twoLines is a row of each edition, either of which may be missing, with its cells
// compared.
type twoLines struct {
	old, new *line
	cells    []twoCells
}

type twoCells struct {
	old, new *lineCell
	changes  []Change
}

// compareTables compares two tables row by row and cell by cell.
func compareTables(a, b *unit) Change {
	var rows []twoLines
	as, bs := a.lineRows(), b.lineRows()
	ua, ub := make([]*unit, len(as)), make([]*unit, len(bs))
	for i, l := range as {
		ua[i] = l.unit
	}
	for i, l := range bs {
		ub[i] = l.unit
	}
	add := func(i, j int) {
		var t twoLines
		if i >= 0 {
			t.old = as[i]
		}
		if j >= 0 {
			t.new = bs[j]
		}
		t.compare()
		rows = append(rows, t)
	}
	i, j := 0, 0
	between := func(toA, toB int) {
		for _, p := range alike(ua[i:toA], ub[j:toB]) {
			x, y := -1, -1
			if p.old >= 0 {
				x = i + p.old
			}
			if p.new >= 0 {
				y = j + p.new
			}
			add(x, y)
		}
	}
	for _, p := range align(keys(ua, ub)) {
		between(p.old, p.new)
		add(p.old, p.new)
		i, j = p.old+1, p.new+1
	}
	between(len(as), len(bs))
	return showTables(a, b, rows)
}

// compare compares the cells of two rows: in order where there are as many, else the equal
// ones first.
func (t *twoLines) compare() {
	var a, b []lineCell
	if t.old != nil {
		a = t.old.cells
	}
	if t.new != nil {
		b = t.new.cells
	}
	for _, p := range cellPairs(a, b) {
		var c twoCells
		var before, after []*unit
		if p.old >= 0 {
			c.old = &a[p.old]
			before = units(c.old.kids)
		}
		if p.new >= 0 {
			c.new = &b[p.new]
			after = units(c.new.kids)
		}
		c.changes = diff(before, after)
		t.cells = append(t.cells, c)
	}
}

func cellPairs(a, b []lineCell) []pair {
	var out []pair
	if len(a) == len(b) {
		for i := range a {
			out = append(out, pair{i, i})
		}
		return out
	}
	make := func(all []lineCell) []*unit {
		var out []*unit
		for _, c := range all {
			out = append(out, &unit{element: c.element, key: document(c.kids).html()})
		}
		return out
	}
	i, j := 0, 0
	fill := func(toA, toB int) {
		for ; i < toA && j < toB; i, j = i+1, j+1 {
			out = append(out, pair{i, j})
		}
		for ; i < toA; i++ {
			out = append(out, pair{i, -1})
		}
		for ; j < toB; j++ {
			out = append(out, pair{-1, j})
		}
	}
	for _, p := range align(keys(make(a), make(b))) {
		fill(p.old, p.new)
		out = append(out, p)
		i, j = p.old+1, p.new+1
	}
	fill(len(a), len(b))
	return out
}

// showTables writes the comparison of two tables for each side.
func showTables(a, b *unit, rows []twoLines) Change {
	caption := compareTokens(tokens(a.runs), tokens(b.runs))
	c := Change{Kind: Restyled}
	if plainChange(caption) {
		c.Kind = Changed
	}
	for _, r := range rows {
		for _, x := range r.cells {
			for _, y := range x.changes {
				if y.Kind != Same && y.Kind != Restyled {
					c.Kind = Changed
				}
			}
		}
	}
	show := func(s side) string {
		var w writer
		w.open("table")
		if len(caption) > 0 {
			w.open("caption")
			w.stretches(caption, s)
			w.close("caption")
		}
		w.open("tbody")
		for _, r := range rows {
			r.show(&w, s)
		}
		w.close("tbody")
		w.close("table")
		return w.String()
	}
	c.Old, c.New, c.Both = show(inOld), show(inNew), show(inBoth)
	return c
}

func (t *twoLines) show(w *writer, s side) {
	class := ""
	switch {
	case t.old == nil && s == inOld, t.new == nil && s == inNew:
		return
	case t.old == nil:
		class = "added"
	case t.new == nil:
		class = "removed"
	}
	w.open("tr", "class", class)
	for _, c := range t.cells {
		c.show(w, s)
	}
	w.close("tr")
}

func (c *twoCells) show(w *writer, s side) {
	as := c.new
	if as == nil || s == inOld && c.old != nil {
		as = c.old
	}
	if s == inOld && c.old == nil || s == inNew && c.new == nil {
		return
	}
	class := ""
	if as.above {
		class = "above"
	}
	w.open(string(as.kind), "class", class, "colspan", above(as.colspan, 1), "scope", as.scope)
	for _, x := range c.changes {
		switch s {
		case inOld:
			w.WriteString(x.Old)
		case inNew:
			w.WriteString(x.New)
		default:
			w.WriteString(x.Both)
		}
	}
	w.close(string(as.kind))
}

// wholeTable writes a table all of whose words came or went.
func (w *writer) wholeTable(e *element, tag string) {
	w.open("table")
	if len(e.runs) > 0 {
		w.open("caption")
		w.within(tag, e.runs)
		w.close("caption")
	}
	w.open("tbody")
	for _, r := range e.kids {
		w.open("tr")
		for _, c := range r.kids {
			w.open(string(c.kind), "colspan", above(c.colspan, 1), "rowspan", above(c.rowspan, 1), "scope", c.scope)
			for _, k := range c.kids {
				w.content(k, tag)
			}
			w.close(string(c.kind))
		}
		w.close("tr")
	}
	w.close("tbody")
	w.close("table")
}
