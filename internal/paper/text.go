package paper

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteText writes d as plain text: a paragraph a line, indented by two squares, tables as rows of cells parted by
// upright strokes, blank ones too, so that every figure keeps its column.
func WriteText(w io.Writer, d *Document) error {
	b := bufio.NewWriter(w)
	if d.Head != nil {
		fmt.Fprintln(b, flat(d.Head.Mark))
		if d.Head.Number != "" {
			fmt.Fprintln(b, flat(d.Head.Number))
		}
		fmt.Fprintln(b)
	}
	if t := d.factTable(); t != nil {
		t.text(b)
		fmt.Fprintln(b)
	}
	if d.Title != "" {
		fmt.Fprintln(b, flat(d.Title))
	}
	if d.To != "" {
		fmt.Fprintf(b, "\n%s\n", flat(d.To))
	}
	for i, k := range d.Body {
		if k.Picture != nil {
			continue
		}
		after := i > 0 && d.Body[i-1].Table != nil
		if k.Style == Heading || k.Table != nil || after || i == 0 && d.Title != "" && d.To == "" {
			fmt.Fprintln(b)
		}
		if k.Table != nil {
			k.Table.text(b)
			continue
		}
		if k.Style != Heading {
			b.WriteString("　　")
		}
		fmt.Fprintln(b, flat(k.Text))
	}
	d.textEnclosures(b)
	if d.Signature != "" || d.Date != "" {
		fmt.Fprintln(b)
	}
	for _, line := range []string{d.Signature, d.Date} {
		if line != "" {
			fmt.Fprintln(b, flat(line))
		}
	}
	if d.CopyTo != "" {
		fmt.Fprintf(b, "\n%s\n", flat(d.copyText()))
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write text: %w", err)
	}
	return nil
}

// flat puts text on one line.
func flat(s string) string { return strings.ReplaceAll(s, "\n", " ") }

// text writes the table's rows, columns aligned for fixed-width letters. A merged cell stands
// once, in its first row, as wide as the columns it covers.
func (t *Table) text(b *bufio.Writer) {
	widths := t.textWidths()
	for row := range t.Rows {
		var line strings.Builder
		for col := 0; col < len(widths); {
			c, origin := t.at(row, col)
			if c == nil { // a hole in the grid prints as an empty cell
				c, origin = &Cell{Col: col, ColSpan: 1}, true
			}
			room := 3 * (c.ColSpan - 1)
			for _, w := range widths[c.Col : c.Col+c.ColSpan] {
				room += w
			}
			if origin {
				text := flat(strings.ReplaceAll(c.Text, "|", "｜"))
				line.WriteString("| " + text + strings.Repeat(" ", max(0, room-squares(text))+1))
			} else {
				line.WriteString(strings.Repeat(" ", room+3))
			}
			col = c.Col + c.ColSpan
		}
		fmt.Fprintln(b, line.String()+"|")
	}
}

// textWidths returns the widths of the columns in letters: what their own cells need, and
// for cells over several columns what is lacking, given to the last of these.
func (t *Table) textWidths() []int {
	widths := make([]int, len(t.Widths))
	for span := 1; span <= len(widths); span++ {
		for _, row := range t.Rows {
			for _, c := range row {
				if c.ColSpan != span || c.Role == Note || c.Role == GroupHead {
					continue
				}
				lack := squares(c.Text) - 3*(span-1)
				for _, w := range widths[c.Col : c.Col+span] {
					lack -= w
				}
				widths[c.Col+span-1] += max(0, lack)
			}
		}
	}
	return widths
}

// squares returns the width of text in letters of a fixed-width screen.
func squares(s string) int { return int(2 * ems(s)) }
