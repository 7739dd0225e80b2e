package normative

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/i18n"
	"gongkai/internal/paper"
	"gongkai/internal/statute"
)

// heads are the columns of a printed cleaning list.
var heads = []string{"normative.clean.no", "normative.clean.name", "normative.clean.doc_no", "normative.clean.issued", "normative.clean.kind", "normative.clean.reason"}

// values are the cells of a line, numbered n.
func (l Line) values(p i18n.Printer, n int) []string {
	return []string{fmt.Sprint(n), l.Title, l.DocNo, l.IssuedOn.Chinese(), p.Text(Word(string(l.Kind))), l.Reason}
}

// WriteXLSX prints the list as a workbook, one sheet a verdict.
func (c *Cleaning) WriteXLSX(w io.Writer, p i18n.Printer) error {
	book := excelize.NewFile()
	defer book.Close()
	first := true
	for _, v := range append(append([]Verdict{}, Verdicts...), Undecided) {
		lines := c.Of(v)
		if v == Undecided && len(lines) == 0 {
			continue
		}
		name := p.Text(v.Message())
		if first {
			if err := book.SetSheetName("Sheet1", name); err != nil {
				return err
			}
			first = false
		} else if _, err := book.NewSheet(name); err != nil {
			return err
		}
		if err := c.sheet(book, name, p, lines); err != nil {
			return fmt.Errorf("write the sheet %s: %w", name, err)
		}
	}
	return book.Write(w)
}

func (c *Cleaning) sheet(book *excelize.File, name string, p i18n.Printer, lines []Line) error {
	rows := [][]string{{}}
	for _, h := range heads {
		rows[0] = append(rows[0], p.T(h))
	}
	for i, l := range lines {
		rows = append(rows, l.values(p, i+1))
	}
	for i, row := range rows {
		cells := make([]any, len(row))
		for k, v := range row {
			cells[k] = v
		}
		if err := book.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &cells); err != nil {
			return err
		}
	}
	for col, width := range map[string]float64{"A": 6, "B": 60, "C": 24, "D": 16, "E": 16, "F": 40} {
		if err := book.SetColWidth(name, col, col, width); err != nil {
			return err
		}
	}
	return nil
}

// WriteDOCX prints the list as a document in the layout of GB/T 9704, a table a verdict.
func (c *Cleaning) WriteDOCX(w io.Writer, p i18n.Printer, body string) error {
	d := &paper.Document{Title: c.Title, Signature: body, Date: c.DecidedOn.Chinese(), Meta: paper.Meta{Title: c.Title, Author: body, Created: c.DecidedOn}}
	n := 0
	for _, v := range append(append([]Verdict{}, Verdicts...), Undecided) {
		lines := c.Of(v)
		if len(lines) == 0 {
			continue
		}
		n++
		heading := p.T("normative.clean.heading", "no", statute.Numeral(n), "verdict", v.Message(), "n", len(lines))
		d.Body = append(d.Body, paper.Block{Style: paper.Heading, Text: heading}, paper.Block{Table: printed(p, v, lines)})
	}
	return paper.WriteDOCX(w, d)
}

// printed is the printed table of one verdict.
func printed(p i18n.Printer, v Verdict, lines []Line) *paper.Table {
	t := &paper.Table{Name: p.Text(v.Message()), Widths: []float64{1, 7, 4, 3, 3, 4}, Head: 1, Size: 10.5}
	row := func(n int, values []string, role paper.Role) {
		var cells []paper.Cell
		for i, text := range values {
			r := role
			if role == paper.Value && (i == 1 || i == 5) {
				r = paper.RowHead
			}
			cells = append(cells, paper.Cell{Text: text, Role: r, Row: n, Col: i, RowSpan: 1, ColSpan: 1})
		}
		t.Rows = append(t.Rows, cells)
	}
	var head []string
	for _, h := range heads {
		head = append(head, p.T(h))
	}
	row(0, head, paper.ColumnHead)
	for i, l := range lines {
		row(i+1, l.values(p, i+1), paper.Value)
	}
	return t
}
