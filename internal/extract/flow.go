package extract

import (
	"strings"
	"unicode/utf8"
)

// flow is what HTML and DOCX hold between two tags: paragraphs and tables in order, tables
// holding flows again. It is unfolded into blocks once it is known which tables hold data
// and which only lay out a page.
type flow []piece

// piece is a line of text or a table, with the page it stands on.
type piece struct {
	text  string
	table *grid
	page  int
}

// grid is a table in the making.
type grid struct {
	columns int
	rows    [][]*slot
}

// slot is a cell in the making.
type slot struct {
	row, col, rowSpan, colSpan int
	page                       int
	content                    flow
}

// unfold adds a flow to the document.
func (r *reading) unfold(f flow) {
	for _, p := range f {
		if r.check() != nil {
			return
		}
		if p.page > 0 {
			r.turn(p.page)
		}
		switch {
		case p.table == nil:
			r.line(p.text)
		case p.table.layout():
			r.unfoldLayout(p.table)
		default:
			r.table(p.table.settle())
		}
	}
}

// unfoldLayout adds what a table that only lays out the page holds, cell by cell.
func (r *reading) unfoldLayout(g *grid) {
	for _, row := range g.rows {
		for _, s := range row {
			r.unfold(s.content)
		}
	}
}

// What tells a cell that holds a piece of a page from one that holds a value. The longest
// label of the statutory form has 44 characters, explanations in its cells stay below 100.
const (
	pageRunes      = 400 // text of a cell that is part of a page, if it also has
	pageParagraphs = 3   // that many paragraphs
	dataCells      = 6   // cells of a table that is worth more than the one around it
)

// layout reports whether the table lays out a page: it has one column, a cell with several
// long paragraphs, a table in it that is one, or smaller tables and little else.
func (g *grid) layout() bool {
	widest, filled, nested := 0, 0, 0
	for _, row := range g.rows {
		widest = max(widest, len(row))
		for _, s := range row {
			runes, paragraphs, inner := s.content.measure()
			if runes > pageRunes && paragraphs >= pageParagraphs {
				return true
			}
			if nested = max(nested, inner); inner == 0 && runes > 0 {
				filled++
			}
		}
	}
	if widest <= 1 {
		return true
	}
	return nested >= dataCells || nested > 0 && filled < dataCells
}

// measure returns how much text a flow holds beside its tables, in how many paragraphs, and
// how many cells the tables in it have.
func (f flow) measure() (runes, paragraphs, cells int) {
	for _, p := range f {
		if p.table != nil {
			cells += p.table.size()
			continue
		}
		if n := utf8.RuneCountInString(p.text); n > 0 {
			runes += n
			paragraphs++
		}
	}
	return runes, paragraphs, cells
}

// size returns how many cells a table has, those of tables in it included.
func (g *grid) size() int {
	n := 0
	for _, row := range g.rows {
		for _, s := range row {
			_, _, inner := s.content.measure()
			n += 1 + inner
		}
	}
	return n
}

// settle turns the grid into a table.
func (g *grid) settle() *Table {
	t := &Table{Columns: g.columns, Rows: make([][]Cell, len(g.rows))}
	for i, row := range g.rows {
		for _, s := range row {
			c := Cell{Text: s.content.inline(), Row: s.row, Col: s.col, RowSpan: s.rowSpan, ColSpan: s.colSpan}
			c.At.Page = s.page
			t.Rows[i] = append(t.Rows[i], c)
		}
	}
	return t
}

// inline writes a cell's content as its lines; of a table in it each row is a line.
func (f flow) inline() string {
	var lines []string
	for _, p := range f {
		if p.table == nil {
			lines = append(lines, strings.TrimSpace(p.text))
			continue
		}
		for _, row := range p.table.rows {
			var cells []string
			for _, s := range row {
				cells = append(cells, s.content.inline())
			}
			lines = append(lines, strings.Join(cells, "\t"))
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
