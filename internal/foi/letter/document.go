package letter

import (
	"strings"

	"gongkai/internal/paper"
)

// tableSize is the size of a form's letters in points, 五号; rowHeight leaves room to write.
const (
	tableSize = 10.5
	rowHeight = 24
)

// Document sets the letter out in the layout of GB/T 9704. What is missing stands in it as a
// blank to be seen.
func (l *Letter) Document() *paper.Document {
	kind, _ := Find(l.Code)
	d := &paper.Document{Title: l.Title, Meta: paper.Meta{Title: l.Title, Author: l.Facts.Agency.Name, Subject: kind.Name, Created: l.On}}
	for _, s := range l.Slots {
		name, _, _ := strings.Cut(s.Name, ".")
		switch {
		case name == "to":
			d.To = s.Text
		case len(s.Widths) > 0:
			d.Body = append(d.Body, paper.Block{Table: s.table(l.Title)})
		case name == "about":
			d.Body = append(d.Body, paper.Block{Style: paper.Heading, Text: s.Text})
		default:
			for _, line := range strings.Split(s.Text, "\n") {
				d.Body = append(d.Body, paper.Paragraph(line))
			}
		}
	}
	if kind.To != ToFile {
		l.send(d)
	}
	return d
}

// send gives the document what only one sent out bears.
func (l *Letter) send(d *paper.Document) {
	mark := l.Facts.Agency.Name
	if mark == "" {
		mark = blank
	}
	d.Head = &paper.Head{Mark: mark, Number: l.Facts.Number}
	if own, _ := inForce(string(l.Code), l.On, l.Templates); own != nil && !own.number {
		d.Head.Number = ""
	} else if d.Head.Number == "" {
		d.Head.Number = blank
	}
	for _, e := range l.Facts.Enclosures {
		d.Enclosures = append(d.Enclosures, phrase(e))
	}
	d.CopyTo = list(l.Facts.CopyTo)
	d.Signature, d.Date, d.Seal = mark, l.On.Chinese(), true
}

// table reads a slot that is a form: a row a line, its cells parted by strokes. # names what stands
// beside it, = heads the rows under it, ^ a column, < is text from the left; the last cell of a row reaches
// to the right edge.
func (s Slot) table(name string) *paper.Table {
	t := &paper.Table{Name: name, Widths: s.Widths, Size: tableSize, Least: rowHeight}
	for r, line := range strings.Split(s.Text, "\n") {
		var row []paper.Cell
		texts := strings.Split(line, "|")
		for c, text := range texts {
			cell := formCell(text)
			cell.Row, cell.Col, cell.RowSpan, cell.ColSpan = r, c, 1, 1
			if c == len(texts)-1 {
				cell.ColSpan = len(s.Widths) - c
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// formCell reads one cell of a form.
func formCell(text string) paper.Cell {
	c := paper.Cell{Text: strings.TrimSpace(text)}
	for mark, role := range map[string]paper.Role{"#": paper.RowHead, "=": paper.GroupHead, "^": paper.ColumnHead, "<": paper.Note} {
		if rest, found := strings.CutPrefix(c.Text, mark); found {
			c.Text, c.Role = strings.TrimSpace(rest), role
			break
		}
	}
	c.Text = strings.ReplaceAll(c.Text, lineMark, "\n")
	return c
}
