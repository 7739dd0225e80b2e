package paper

import (
	"archive/zip"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// WriteDOCX writes d as a Word document. The file names the fonts the standard asks for
// and lets the reader's computer put its own in their place; the same document always
// gives the same bytes.
func WriteDOCX(w io.Writer, d *Document) error {
	kinds, ways, pictures := d.docxPictures()
	parts := []docxPart{
		{"[Content_Types].xml", kinds},
		{"_rels/.rels", packageRels},
		{"docProps/core.xml", d.coreProperties()},
		{"docProps/app.xml", appProperties},
		{"word/document.xml", d.docxBody()},
		{"word/_rels/document.xml.rels", ways},
		{"word/styles.xml", docxStyles()},
		{"word/settings.xml", docxSettings},
		{"word/fontTable.xml", docxFonts()},
		{"word/footer1.xml", docxFooter("right")},
		{"word/footer2.xml", docxFooter("left")},
	}
	z := zip.NewWriter(w)
	for _, p := range append(parts, pictures...) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: zipTime})
		if err != nil {
			return fmt.Errorf("write docx: %w", err)
		}
		if _, err := io.WriteString(f, p.text); err != nil {
			return fmt.Errorf("write docx: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write docx: %w", err)
	}
	return nil
}

// zipTime is the time every part bears: the first the format can hold. A real one would
// make two prints of one report differ.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// docxBody returns the part with the text.
func (d *Document) docxBody() string {
	breaks := set(d).breaks
	var b strings.Builder
	b.WriteString(xmlHead + `<w:document xmlns:w="` + wordSpace + `" xmlns:r="` + relSpace + `"><w:body>`)
	if d.Head != nil {
		d.Head.docx(&b)
	}
	if t := d.factTable(); t != nil {
		t.docx(&b, "")
		docxParagraph(&b, "Normal", "", nil)
	}
	if d.Title != "" {
		docxTitle(&b, d.Title)
		docxParagraph(&b, "Normal", "", nil)
	}
	if d.To != "" {
		docxParagraph(&b, "Addressee", "", []run{{d.To, ""}})
	}
	pictures := 0
	for i, block := range d.Body {
		if block.Picture != nil {
			if block.printed() {
				pictures++
				docxPicture(&b, block.Picture, pictures)
			}
			continue
		}
		block.docx(&b, breaks[i])
		if block.Table != nil && (i+1 == len(d.Body) || d.Body[i+1].Table != nil) {
			docxGap(&b)
		}
	}
	d.docxEnclosures(&b)
	d.docxClose(&b)
	d.docxCopies(&b)
	fmt.Fprintf(&b, `<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>`+
		`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>`+
		`<w:cols w:space="425"/><w:docGrid w:type="linesAndChars" w:linePitch="%d" w:charSpace="%d"/></w:sectPr></w:body></w:document>`,
		mm(pageWidth), mm(pageHeight), mm(marginTop), mm(marginRight), mm(marginBottom), mm(marginLeft),
		mm(15), mm(marginBottom-dashGap)-twips(footerSize*0.65), linePitch, charSpace())
	return b.String()
}

// mm returns millimetres in twips.
func mm(x float64) int { return twips(x * mmPoint) }

// charSpace is what the page's grid adds to a letter to put 28 of them on a line, in 4096ths
// of a point.
func charSpace() int { return int(math.Floor((textWidth*mmPoint/lineChars - bodySize) * 4096)) }

// docx writes a paragraph or a table, on a new page if it is moved there.
func (k Block) docx(b *strings.Builder, moved bool) {
	newPage := ""
	if moved {
		newPage = `<w:pageBreakBefore/>`
	}
	if k.Table != nil {
		k.Table.docx(b, newPage)
		return
	}
	style := map[Style]string{Body: "BodyText", Heading: "Heading1", Subheading: "Heading2"}[k.Style]
	docxParagraph(b, style, newPage, []run{{k.Text[:k.Lead], "Lead"}, {k.Text[k.Lead:], ""}})
}

// run is text in one character style.
type run struct{ text, style string }

// docxParagraph writes one paragraph; extra are properties that follow its style.
func docxParagraph(b *strings.Builder, style, extra string, runs []run) {
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + extra + `</w:pPr>`)
	for _, r := range runs {
		docxRun(b, r)
	}
	b.WriteString(`</w:p>`)
}

// docxRun writes text; a tab and a line break in it become the elements that mean them.
func docxRun(b *strings.Builder, r run) {
	if r.text == "" {
		return
	}
	b.WriteString(`<w:r>`)
	if r.style != "" {
		b.WriteString(`<w:rPr><w:rStyle w:val="` + r.style + `"/></w:rPr>`)
	}
	docxText(b, r.text)
	b.WriteString(`</w:r>`)
}

func docxText(b *strings.Builder, text string) {
	for text != "" {
		i := strings.IndexAny(text, "\t\n")
		if i < 0 {
			i = len(text)
		}
		if i > 0 {
			b.WriteString(`<w:t xml:space="preserve">` + escape(text[:i]) + `</w:t>`)
		}
		if i == len(text) {
			return
		}
		b.WriteString(map[byte]string{'\t': `<w:tab/>`, '\n': `<w:br/>`}[text[i]])
		text = text[i+1:]
	}
}

// docxTitle writes the title, turned where titleLines turns it.
func docxTitle(b *strings.Builder, title string) {
	docxParagraph(b, "Title", "", []run{{strings.Join(titleLines(title), "\n"), ""}})
}

// docxGap parts two tables, or a table and the end, by the smallest paragraph there is.
func docxGap(b *strings.Builder) {
	docxParagraph(b, "Normal", `<w:spacing w:line="120" w:lineRule="exact"/>`, nil)
}

// docxClose writes signature and date.
//
// GB/T 9704-2012 7.3.5.1: “成文日期一般右空四字编排”，“在成文日期之上、以成文日期为准居中编排
// 发文机关署名”.
func (d *Document) docxClose(b *strings.Builder) {
	if d.Signature == "" && d.Date == "" {
		return
	}
	docxParagraph(b, "Normal", `<w:keepNext/>`, nil)
	signature, date := d.closingIndents()
	if d.Seal {
		docxParagraph(b, "Seal", docxRight(d.sealIndent(date)), []run{{sealText, ""}})
	}
	if d.Signature != "" {
		docxParagraph(b, "Signature", docxKeepNext(d.Date != "")+docxRight(signature), []run{{d.Signature, ""}})
	}
	if d.Date != "" {
		docxParagraph(b, "Date", docxRight(date), []run{{d.Date, ""}})
	}
}

func docxKeepNext(keep bool) string {
	if keep {
		return `<w:keepNext/>`
	}
	return ""
}

func docxRight(indent float64) string {
	return fmt.Sprintf(`<w:ind w:right="%d" w:firstLine="0"/>`, twips(indent))
}

// closingIndents returns what stays free to the right of signature and date, in points.
func (d *Document) closingIndents() (signature, date float64) {
	date = dateIndent * charPitch
	half := (ems(d.Date) - ems(d.Signature)) / 2 * charPitch
	if d.Date == "" {
		half = 0
	}
	if signature = date + half; signature < 0 {
		signature, date = 0, date-signature
	}
	return signature, date
}

// docx writes the table with true merges: gridSpan across, vMerge down. first is the property
// of its first paragraph that puts it on a new page, if it goes there.
func (t *Table) docx(b *strings.Builder, first string) {
	columns := t.columns()
	whole := 0
	for _, c := range columns {
		whole += c
	}
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/>`+
		`<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="%d" w:type="dxa"/><w:left w:w="%d" w:type="dxa"/><w:bottom w:w="%d" w:type="dxa"/><w:right w:w="%d" w:type="dxa"/></w:tblCellMar>`+
		`<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>`+
		`<w:tblCaption w:val="%s"/></w:tblPr><w:tblGrid>`, whole, twips(cellTop), twips(t.side()), twips(cellTop), twips(t.side()), escape(t.Name))
	for _, c := range columns {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, c)
	}
	b.WriteString(`</w:tblGrid>`)
	for row := range t.Rows {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
		if t.Least > 0 {
			fmt.Fprintf(b, `<w:trHeight w:val="%d" w:hRule="atLeast"/>`, twips(t.Least-2*cellTop)) // word processors add the margins of cells
		}
		if row < t.Head {
			b.WriteString(`<w:tblHeader/>`)
		}
		b.WriteString(`</w:trPr>`)
		for col := 0; col < len(columns); {
			c, origin := t.at(row, col)
			if c == nil { // a hole in the grid prints as an empty cell
				c, origin = &Cell{Row: row, Col: col, RowSpan: 1, ColSpan: 1}, true
			}
			t.docxCell(b, columns, *c, origin, docxKeepNext(t.headRow(row))+first)
			first = ""
			col = c.Col + c.ColSpan
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
}

// docxCell writes a cell, or where a cell above reaches down, its continuation. flow are the
// properties that keep its paragraph with the next or put it on a new page.
func (t *Table) docxCell(b *strings.Builder, columns []int, c Cell, origin bool, flow string) {
	width := t.span(columns, c)
	fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, twips(width))
	if c.ColSpan > 1 {
		fmt.Fprintf(b, `<w:gridSpan w:val="%d"/>`, c.ColSpan)
	}
	switch {
	case c.RowSpan > 1 && origin:
		b.WriteString(`<w:vMerge w:val="restart"/>`)
	case c.RowSpan > 1:
		b.WriteString(`<w:vMerge/>`)
	}
	if c.Mark && origin {
		b.WriteString(`<w:shd w:val="clear" w:color="auto" w:fill="FFF2CC"/>`)
	}
	b.WriteString(`<w:vAlign w:val="center"/></w:tcPr>`)
	style := "TableText"
	if c.Role.top() {
		style = "TableHead"
	}
	size := t.fit(c, width)
	align := "center"
	if c.Role.left() {
		align = "left"
	}
	left, right := t.indents(c, width)
	indents := ""
	if left > 0 {
		indents = fmt.Sprintf(`<w:ind w:left="%d" w:right="%d"/>`, twips(left), twips(right))
	}
	fmt.Fprintf(b, `<w:p><w:pPr><w:pStyle w:val="%s"/>%s<w:spacing w:line="%d" w:lineRule="exact"/>%s<w:jc w:val="%s"/></w:pPr>`,
		style, flow, twips(t.lineHeight()), indents, align)
	if origin && c.Text != "" {
		fmt.Fprintf(b, `<w:r><w:rPr>%s<w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr>`, docxBold(c.Mark), halves(size), halves(size))
		docxText(b, c.Text)
		b.WriteString(`</w:r>`)
	}
	b.WriteString(`</w:p></w:tc>`)
}

func docxBold(bold bool) string {
	if bold {
		return `<w:b/>`
	}
	return ""
}

// lineHeight is that of the table's text, in points.
func (t *Table) lineHeight() float64 { return float64(int(t.Size*lineShare*2+0.5)) / 2 }

// halves returns points in half points.
func halves(points float64) int { return int(points*2 + 0.5) }

// escape makes text safe in XML, in attributes as well. Control characters have no place
// in XML and none in a document; they are left out.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r < 0x20 && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
