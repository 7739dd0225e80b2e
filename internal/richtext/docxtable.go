package richtext

import "gongkai/internal/extract"

// table reads a table of Word; nil if it has no rows.
func (r *docxReader) table(n *extract.Node) *element {
	t := &element{kind: table}
	var widths []int
	open := map[int]*element{} // by column, the cell that may go on below
	r.rows(n, t, &widths, &open)
	if len(t.kids) == 0 {
		return nil
	}
	setWidths(t, widths)
	return t
}

func (r *docxReader) rows(n *extract.Node, t *element, widths *[]int, open *map[int]*element) {
	for _, k := range n.Kids {
		switch k.Name {
		case "tblGrid":
			for _, c := range k.Kids {
				if c.Name == "gridCol" && len(*widths) < maxColumns {
					*widths = append(*widths, number(c.Attr("w"), 1<<20))
				}
			}
		case "tr":
			if row, below := r.row(k, *open); row != nil {
				t.kids = append(t.kids, row)
				*open = below
			}
		case "ins", "sdt", "sdtContent", "customXml":
			r.rows(k, t, widths, open)
		}
	}
}

// row reads a row and returns the cells that may go on in the next; nil if the row was
// deleted.
func (r *docxReader) row(n *extract.Node, above map[int]*element) (*element, map[int]*element) {
	out, below, col := &element{kind: row}, map[int]*element{}, 0
	kind := cell
	if p := n.Kid("trPr"); p != nil {
		if p.Kid("del") != nil {
			r.note(NoteDeleted)
			return nil, nil
		}
		if h := p.Kid("tblHeader"); h != nil && on(h.Attr("val")) {
			kind = headCell
		}
		for range number(val(p, "gridBefore"), maxColumns) {
			out.kids = append(out.kids, &element{kind: cell, colspan: 1, rowspan: 1, kids: document{{kind: paragraph}}})
			col++
		}
	}
	for _, c := range cellsOf(n) {
		if col >= maxColumns {
			break
		}
		e := &element{kind: kind, colspan: 1, rowspan: 1}
		down, up, left := false, false, false
		if p := c.Kid("tcPr"); p != nil {
			e.colspan = max(1, number(val(p, "gridSpan"), maxSpan))
			if m := p.Kid("vMerge"); m != nil {
				down = m.Attr("val") == "restart"
				up = !down
			}
			if m := p.Kid("hMerge"); m != nil {
				left = m.Attr("val") != "restart"
			}
		}
		over := above[col]
		switch {
		case left && len(out.kids) > 0:
			out.kids[len(out.kids)-1].colspan += e.colspan
		case up && over != nil:
			over.rowspan++
			below[col] = over
		default:
			e.kids = foldItems(r.cellBlocks(c))
			out.kids = append(out.kids, e)
			if down || up {
				below[col] = e
			}
		}
		col += e.colspan
	}
	return out, below
}

// cellsOf returns the cells of a row, looking through what wraps them.
func cellsOf(n *extract.Node) []*extract.Node {
	var out []*extract.Node
	for _, k := range n.Kids {
		switch k.Name {
		case "tc":
			out = append(out, k)
		case "sdt", "sdtContent", "customXml", "ins":
			out = append(out, cellsOf(k)...)
		}
	}
	return out
}

// cellBlocks reads a cell; a table in it is left to Sanitise to unfold. The first line of a
// paragraph in a cell is not indented.
func (r *docxReader) cellBlocks(n *extract.Node) []item {
	all := r.blocks(n)
	for _, it := range all {
		if it.kind.textual() {
			it.element.kind, it.element.style = paragraph, ""
			if it.empty() {
				it.runs = nil
			}
		}
	}
	return all
}

// setWidths says how wide columns are where they are not all alike: a tenth of an even share
// is no difference a reader sees.
func setWidths(t *element, widths []int) {
	total := 0
	for _, w := range widths {
		total += w
	}
	if total == 0 || len(widths) < 2 || len(widths) > 12 {
		return
	}
	even := true
	for _, w := range widths {
		share := 100 * w / total
		even = even && 10*abs(share-100/len(widths)) <= 100/len(widths)
	}
	if even {
		return
	}
	for _, r := range t.kids {
		if len(r.kids) != len(widths) {
			continue
		}
		for i, c := range r.kids {
			c.width = step(100 * widths[i] / total)
		}
		return
	}
}

func abs(n int) int { return max(n, -n) }
