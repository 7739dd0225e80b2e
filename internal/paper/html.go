package paper

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"strings"
)

//go:embed page.css
var pageStyle string

// Tag is a <meta> of a web page.
type Tag struct{ Name, Content string }

// WriteHTML writes d as a web page that needs no other file, with the given tags. It prints
// on A4 in the layout of the document and reads on a phone.
func WriteHTML(w io.Writer, d *Document, tags []Tag) error {
	b := bufio.NewWriter(w)
	title := d.Title
	if title == "" {
		title = d.Meta.Title
	}
	fmt.Fprintf(b, "<!DOCTYPE html>\n<html lang=\"%s\">\n", escape(d.Meta.language()))
	b.WriteString("<head>\n<meta charset=\"utf-8\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
	fmt.Fprintf(b, "<title>%s</title>\n", escape(title))
	for _, t := range tags {
		fmt.Fprintf(b, "<meta name=\"%s\" content=\"%s\">\n", escape(t.Name), escape(t.Content))
	}
	b.WriteString("<style>\n" + pageStyle + "</style>\n</head>\n<body>\n<main>\n")
	if d.Head != nil {
		d.Head.html(b)
	}
	if t := d.factTable(); t != nil {
		t.html(b, "facts")
	}
	if d.Title != "" {
		fmt.Fprintf(b, "<h1>%s</h1>\n", htmlTitle(d.Title))
	}
	if d.To != "" {
		fmt.Fprintf(b, "<p class=\"to\">%s</p>\n", htmlText(d.To))
	}
	tables := 0
	for _, k := range d.Body {
		if k.Picture != nil {
			continue
		}
		if k.Table != nil {
			tables++
			k.Table.html(b, fmt.Sprintf("t%d", tables))
			continue
		}
		k.html(b)
	}
	d.htmlEnclosures(b)
	if d.Signature != "" || d.Date != "" {
		b.WriteString("<footer>\n")
		if d.Seal {
			fmt.Fprintf(b, "<p class=\"seal\">%s</p>\n", sealText)
		}
		for _, line := range []string{d.Signature, d.Date} {
			if line != "" {
				fmt.Fprintf(b, "<p>%s</p>\n", htmlText(line))
			}
		}
		b.WriteString("</footer>\n")
	}
	if d.CopyTo != "" {
		fmt.Fprintf(b, "<p class=\"copies\">%s</p>\n", htmlText(d.copyText()))
	}
	b.WriteString("</main>\n</body>\n</html>\n")
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}

// htmlTitle allows the title to turn where titleLines turns it.
func htmlTitle(title string) string {
	lines := titleLines(title)
	for i := range lines {
		lines[i] = "<span>" + escape(lines[i]) + "</span>"
	}
	return strings.Join(lines, "")
}

func htmlText(s string) string { return strings.ReplaceAll(escape(s), "\n", "<br>") }

func (k Block) html(b *bufio.Writer) {
	switch k.Style {
	case Heading:
		fmt.Fprintf(b, "<h2>%s</h2>\n", htmlText(k.Text))
	case Subheading:
		fmt.Fprintf(b, "<h3>%s</h3>\n", htmlText(k.Text))
	default:
		lead := ""
		if k.Lead > 0 {
			lead = "<b>" + htmlText(k.Text[:k.Lead]) + "</b>"
		}
		fmt.Fprintf(b, "<p>%s%s</p>\n", lead, htmlText(k.Text[k.Lead:]))
	}
}

// html writes the table as wide as its columns are in print.
func (t *Table) html(b *bufio.Writer, id string) {
	class := "narrow"
	if len(t.Widths) > 5 {
		class = "wide"
	}
	fmt.Fprintf(b, "<section class=\"sheet\" aria-label=\"%s\" tabindex=\"0\">\n<table class=\"%s\" id=\"%s\" aria-label=\"%s\">\n<colgroup>", escape(t.Name), class, id, escape(t.Name))
	whole := 0.0
	for _, w := range t.Widths {
		whole += w
	}
	for _, w := range t.Widths {
		fmt.Fprintf(b, "<col style=\"width:%.2f%%\">", 100*w/whole)
	}
	b.WriteString("</colgroup>\n")
	t.htmlRows(b, id)
	b.WriteString("</table>\n</section>\n")
}

// HTML returns the table for a page that has styles of its own, under a caption; id begins the
// names of its cells and is unique in the page.
func (t *Table) HTML(id, caption string) string {
	var s strings.Builder
	b := bufio.NewWriter(&s)
	fmt.Fprintf(b, "<table id=\"%s\"><caption>%s</caption>\n", id, escape(caption))
	t.htmlRows(b, id)
	b.WriteString("</table>")
	_ = b.Flush() // into memory
	return s.String()
}

// htmlRows writes the rows; each figure names the cells that head it, so that a screen reader
// says what a figure counts.
func (t *Table) htmlRows(b *bufio.Writer, id string) {
	if t.Head > 0 {
		b.WriteString("<thead>\n")
	} else {
		b.WriteString("<tbody>\n")
	}
	for row, cells := range t.Rows {
		if row > 0 && row == t.Head {
			b.WriteString("</thead>\n<tbody>\n")
		}
		b.WriteString("<tr>")
		for _, c := range cells {
			t.htmlCell(b, id, c)
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n")
}

func (t *Table) htmlCell(b *bufio.Writer, id string, c Cell) {
	name, attributes := "td", ""
	if c.Role.head() {
		name, attributes = "th", fmt.Sprintf(` id="%s"`, c.id(id))
	}
	switch c.Role {
	case ColumnHead:
		attributes += htmlScope("col", c.ColSpan)
	case GroupHead:
		attributes += ` scope="colgroup"`
	case RowHead, SideHead:
		attributes += htmlScope("row", c.RowSpan)
	case Value:
		if heads := t.heads(id, c); heads != "" {
			attributes += ` headers="` + heads + `"`
		}
	}
	if c.RowSpan > 1 {
		attributes += fmt.Sprintf(` rowspan="%d"`, c.RowSpan)
	}
	if c.ColSpan > 1 {
		attributes += fmt.Sprintf(` colspan="%d"`, c.ColSpan)
	}
	text := htmlText(c.Text)
	if c.Mark {
		text = "<mark>" + text + "</mark>"
	}
	fmt.Fprintf(b, "<%s%s>%s</%s>", name, attributes, text, name)
}

func htmlScope(of string, span int) string {
	if span > 1 {
		of += "group"
	}
	return ` scope="` + of + `"`
}

// id names a heading cell within the page.
func (c Cell) id(table string) string { return fmt.Sprintf("%sr%dc%d", table, c.Row+1, c.Col+1) }

// heads returns the ids of the cells that name v: those beside it, and the block of heads
// nearest above it.
func (t *Table) heads(id string, v Cell) string {
	var ids []string
	for col := 0; col < v.Col; {
		c, _ := t.at(v.Row, col)
		if c == nil {
			break
		}
		if c.Role == RowHead || c.Role == SideHead {
			ids = append(ids, c.id(id))
		}
		col = c.Col + c.ColSpan
	}
	var above []string
	for row := v.Row - 1; row >= 0; row-- {
		c, _ := t.at(row, v.Col)
		if c == nil || !c.Role.top() {
			if len(above) > 0 {
				break
			}
			continue
		}
		if name := c.id(id); len(above) == 0 || above[0] != name {
			above = append([]string{name}, above...)
		}
	}
	return strings.Join(append(above, ids...), " ")
}
