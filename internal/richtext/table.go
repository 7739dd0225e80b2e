package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// maxColumns bounds a table. The widest in the corpora has 19.
const maxColumns = 200

// table reads a table into a grid in which every row covers as many columns as any other.
// A table in a cell is unfolded: no reader of a document can follow it on a telephone.
func (f *flowing) table(n *html.Node, s setting) {
	if s.inCell {
		f.p.note(NoteNested)
		f.unfold(n, s)
		return
	}
	t := &element{kind: table}
	var rows []*html.Node
	f.rows(n, t, &rows, s)
	g := &grid{p: f.p, limit: len(rows)}
	for _, r := range rows {
		t.kids = append(t.kids, g.row(r, setting{inCell: true}))
	}
	if g.square(t); len(t.kids) == 0 {
		for _, r := range t.runs {
			f.push(r, s)
		}
		f.end()
		return
	}
	scopes(t)
	f.add(t)
}

// rows gathers the rows of a table and reads its caption.
func (f *flowing) rows(n *html.Node, t *element, rows *[]*html.Node, s setting) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		switch c.Data {
		case "tr":
			*rows = append(*rows, c)
		case "thead", "tbody", "tfoot":
			f.rows(c, t, rows, s)
		case "caption":
			t.runs = wordsOf(append(document{{kind: paragraph, runs: t.runs}}, f.p.within(c, s, false)...))
		}
	}
}

// unfold reads a table's cells one after another.
func (f *flowing) unfold(n *html.Node, s setting) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		switch c.Data {
		case "td", "th", "caption":
			f.end()
			f.children(c, s)
			f.end()
		case "tr", "thead", "tbody", "tfoot":
			f.unfold(c, s)
		}
	}
}

// grid lays cells out as a browser does.
type grid struct {
	p     *parser
	limit int   // rows of the table
	done  int   // rows laid out
	taken []int // by column, how many more rows a cell from above covers
	wide  int
}

// row reads a row. Cells past the bound of columns are left out.
func (g *grid) row(n *html.Node, s setting) *element {
	r := &element{kind: row}
	col := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.Data != "td" && c.Data != "th" {
			continue
		}
		for col < len(g.taken) && g.taken[col] > 0 {
			col++
		}
		if col >= maxColumns {
			break
		}
		e := g.cell(c, s)
		for i := range e.colspan { // a span ends where a cell from above stands
			if col+i >= maxColumns || i > 0 && col+i < len(g.taken) && g.taken[col+i] > 0 {
				e.colspan = i
				break
			}
		}
		for len(g.taken) < col+e.colspan {
			g.taken = append(g.taken, 0)
		}
		for i := range e.colspan {
			g.taken[col+i] = e.rowspan
		}
		col += e.colspan
		g.wide = max(g.wide, col)
		r.kids = append(r.kids, e)
	}
	for i := range g.taken {
		g.taken[i] = max(0, g.taken[i]-1)
	}
	g.done++
	return r
}

func (g *grid) cell(n *html.Node, s setting) *element {
	e := &element{kind: kind(n.Data), colspan: max(1, number(attr(n, "colspan"), maxSpan)), rowspan: max(1, number(attr(n, "rowspan"), maxSpan))}
	e.rowspan = min(e.rowspan, g.limit-g.done)
	e.width = widthClass(n)
	if to := alignment(n); to != "left" {
		s.align = to
	}
	if scope := attr(n, "scope"); e.kind == headCell && (scope == "colgroup" || scope == "rowgroup" || scope == "col" || scope == "row") {
		e.scope = scope
	}
	if e.kids = g.p.within(n, s, false); len(e.kids) == 0 {
		e.kids = document{&element{kind: paragraph}}
	}
	return e
}

// widthClass reads a width from the class w-25 or an attribute in per cent.
func widthClass(n *html.Node) int {
	for _, c := range strings.Fields(attr(n, "class")) {
		if after, ok := strings.CutPrefix(c, "w-"); ok {
			if w := number(after, 100); w%5 == 0 {
				return w
			}
		}
	}
	if per, ok := strings.CutSuffix(attr(n, "width"), "%"); ok {
		return step(number(per, 100))
	}
	return 0
}

// step rounds a width to the next of the twenty there are classes for.
func step(percent int) int {
	if percent == 0 {
		return 0
	}
	return max(5, (percent+2)/5*5)
}

// square drops rows without cells, shortening what spanned them, and fills short rows.
func (g *grid) square(t *element) {
	for i := len(t.kids) - 1; i >= 0; i-- {
		if len(t.kids[i].kids) > 0 {
			continue
		}
		for j, above := range t.kids[:i] {
			for _, c := range above.kids {
				if j+c.rowspan > i {
					c.rowspan--
				}
			}
		}
		t.kids = slices.Delete(t.kids, i, i+1)
	}
	kept := t.kids
	covered := make([]int, len(kept))
	for i, r := range kept {
		for _, c := range r.kids {
			for k := i; k < min(i+c.rowspan, len(kept)); k++ {
				covered[k] += c.colspan
			}
		}
	}
	for i, r := range kept {
		for range g.wide - covered[i] {
			r.kids = append(r.kids, &element{kind: cell, kids: document{&element{kind: paragraph}}, colspan: 1, rowspan: 1})
		}
	}
}

// scopes says of head cells what they head, so that a screen reader can tell: a row of
// head cells heads columns, a head cell among others heads its row.
func scopes(t *element) {
	for _, r := range t.kids {
		all := true
		for _, c := range r.kids {
			all = all && c.kind == headCell
		}
		for _, c := range r.kids {
			switch {
			case c.kind != headCell || c.scope != "":
			case all:
				c.scope = "col"
			default:
				c.scope = "row"
			}
		}
	}
}
