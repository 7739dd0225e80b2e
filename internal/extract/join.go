package extract

import (
	"math"
	"regexp"
	"slices"
	"strings"
)

// join appends a table that goes on with l on the next page, and reports false if it is
// another table: one whose columns do not line up. The lines of overhang belong to the cells
// they stand below of; they are emptied.
func (l *lattice) join(next *lattice, overhang map[*box][]*item) bool {
	if l.open != next.open {
		return false
	}
	xs, ok := together(l.xs, next.xs)
	if !ok {
		return false
	}
	for b, lines := range overhang {
		for _, it := range lines {
			b.text, it.text = carried(b.text, it.text), ""
		}
	}
	l.dropStrip(l.rows - 1)
	next.dropStrip(0)
	shift := l.xs[0] - next.xs[0]
	if l.open {
		shift = 0
	}
	l.spread(xs, 0)
	next.spread(xs, shift)
	l.xs, next.xs = xs, xs
	next.dropRows(l.sameHead(next))
	l.append(next)
	return true
}

// together returns the columns of two parts of a table together, and false if they are not
// of one: their sides differ, or fewer than half the inner edges of the one with fewer are
// edges of the other.
func together(a, b []float64) ([]float64, bool) {
	shift := a[0] - b[0]
	right, other := a[len(a)-1], b[len(b)-1]
	switch {
	case math.IsInf(right, 1):
		if math.Abs(shift) > near {
			return nil, false
		}
		shift = 0
	case math.Abs(right-other-shift) > 2*near:
		return nil, false
	}
	all, shared := slices.Clone(a), 0
	for _, x := range b[1 : len(b)-1] {
		if math.Abs(a[nearest(a, x+shift)]-x-shift) <= near {
			shared++
		} else {
			all = append(all, x+shift)
		}
	}
	slices.Sort(all)
	return all, shared*2 >= min(len(a), len(b))-2
}

// spread counts the columns of l's cells by the edges xs.
func (l *lattice) spread(xs []float64, shift float64) {
	for _, b := range l.cells {
		b.c0, b.c1 = nearest(xs, l.xs[b.c0]+shift), nearest(xs, l.xs[b.c1]+shift)
	}
}

// stripHeight is the height, in points, below which a row without text at a page's edge is what the
// page break left of a row that stands on the other page.
const stripHeight = 11.0

// dropStrip takes out the first or last row if it is such a strip.
func (l *lattice) dropStrip(row int) {
	if l.open || l.rows < 2 || len(l.ys) != l.rows+1 || l.ys[row+1]-l.ys[row] > stripHeight {
		return
	}
	own := func(b *box) bool { return b.r0 == row && b.r1 == row+1 }
	if slices.ContainsFunc(l.cells, func(b *box) bool { return own(b) && b.text != "" }) {
		return
	}
	l.cells = slices.DeleteFunc(l.cells, own)
	for _, b := range l.cells {
		b.r0, b.r1 = less(b.r0, row), less(b.r1, row)
	}
	l.ys = slices.Delete(l.ys, row, row+1)
	l.rows--
}

// sameHead returns how many rows at the top of next repeat the top of l.
func (l *lattice) sameHead(next *lattice) int {
	head := 0
	for n := 1; n < min(l.rows, next.rows); n++ {
		a, okA := l.head(n)
		b, okB := next.head(n)
		if okA && okB && !slices.Equal(a, b) {
			break
		}
		if okA && okB {
			head = n
		}
	}
	return head
}

// headCell is what a cell of a repeated header repeats.
type headCell struct {
	r0, c0, r1, c1 int
	text           string
}

// head describes the first n rows; ok is false if a cell reaches out of them, or if they
// say nothing.
func (l *lattice) head(n int) (out []headCell, ok bool) {
	said := false
	for _, b := range l.cells {
		if b.r0 >= n {
			continue
		}
		if b.r1 > n {
			return nil, false
		}
		said = said || b.text != ""
		out = append(out, headCell{b.r0, b.c0, b.r1, b.c1, b.text})
	}
	return out, said
}

// dropRows takes the first n rows out.
func (l *lattice) dropRows(n int) {
	if n == 0 {
		return
	}
	l.cells = slices.DeleteFunc(l.cells, func(b *box) bool { return b.r0 < n })
	for _, b := range l.cells {
		b.r0, b.r1 = b.r0-n, b.r1-n
	}
	l.rows -= n
}

// append puts the rows of next below l's. Cells that the page break cut in two are made one.
func (l *lattice) append(next *lattice) {
	offset := l.rows
	cutRow := l.cutRow(next)
	if cutRow {
		offset--
	}
	for _, b := range next.cells {
		above := l.above(b)
		b.r0, b.r1 = b.r0+offset, b.r1+offset
		if above != nil && (cutRow && b.r0 == offset || above.goesOn(b)) {
			above.r1 = max(above.r1, b.r1)
			above.text = carried(above.text, b.text)
			continue
		}
		l.cells = append(l.cells, b)
	}
	l.rows = offset + next.rows
	l.last = next.last
	l.ys = nil // heights on several pages mean nothing
}

// above returns the cell of l's last row over the same columns as a cell of the first row of
// the next page.
func (l *lattice) above(b *box) *box {
	if b.r0 != 0 {
		return nil
	}
	for _, a := range l.cells {
		if a.r1 == l.rows && a.c0 == b.c0 && a.c1 == b.c1 {
			return a
		}
	}
	return nil
}

// itemNumber is how the rows of a form begin: （一） 1. 一、
var itemNumber = regexp.MustCompile(`^\s*[（(]?[0-9０-９一二三四五六七八九十]+\s*[)）.．、]`)

// goesOn reports whether a cell of the next page continues a: either reaches over several
// rows, and the continuation is empty, repeats the text, or does not begin an item of its
// own.
func (b *box) goesOn(next *box) bool {
	tall := b.r1-b.r0 > 1 || next.r1-next.r0 > 1
	if !tall {
		return false
	}
	switch next.text {
	case "":
		return true
	case b.text:
		return b.text != ""
	}
	return b.text != "" && !itemNumber.MatchString(next.text)
}

// carried returns the text of a cell cut by the page break.
func carried(above, below string) string {
	switch {
	case below == "", below == above:
		return above
	case above == "":
		return below
	}
	return above + "\n" + below
}

// cutRow reports whether the page break cut a row in two: the first row of the next page has
// the same cells as the last of this one, and is empty but for a label that goes on in
// mid-sentence.
func (l *lattice) cutRow(next *lattice) bool {
	words, blanks := 0, 0
	for _, b := range next.cells {
		if b.r0 != 0 {
			continue
		}
		a := l.above(b)
		switch {
		case a == nil:
			return false
		case b.r1 > 1 || a.r1-a.r0 > 1:
			continue // reaches over more rows and is looked at by itself
		case b.text == "":
			blanks++
		case itemNumber.MatchString(b.text) || a.text == "" || strings.ContainsAny(b.text, "0123456789"):
			return false
		default:
			words++
		}
	}
	return words == 1 || words == 0 && blanks > 1
}
