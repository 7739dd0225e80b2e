package extract

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
)

// readDOCX reads a Word document: its body with tables, text boxes and numbers as Word
// shows them, then its footnotes. Headers and footers are furniture and left out.
func readDOCX(r *reading) error {
	a, err := openArchive(r)
	if err != nil {
		return err
	}
	if a.has("word/vbaProject.bin") {
		r.note(NoteMacros)
	}
	a.properties()
	part := a.officePart()
	if part == "" || !a.has(part) {
		part = "word/document.xml"
	}
	data, err := a.read(part)
	switch {
	case err != nil:
		return err
	case data == nil:
		return ErrDamaged
	}
	d := &docxReader{r: r, a: a, part: part}
	if err := d.loadNumbering(); err != nil {
		return err
	}
	d.rendered = bytes.Contains(data, []byte("lastRenderedPageBreak"))
	if d.rendered || bytes.Contains(data, []byte(`type="page"`)) || bytes.Contains(data, []byte("pageBreakBefore")) {
		d.page = 1
	}
	body, err := d.flow(data)
	if err != nil {
		return err
	}
	r.unfold(body)
	if err := d.notes("footnotes", d.footnotes); err != nil {
		return err
	}
	if err := d.notes("endnotes", d.endnotes); err != nil {
		return err
	}
	return d.inspect()
}

// inspect records what the document hides, if that was asked for.
func (d *docxReader) inspect() error {
	if !d.r.inspected {
		return nil
	}
	d.a.inspect()
	if err := d.comments(); err != nil {
		return err
	}
	return d.margins()
}

// properties keeps what the file states about itself.
func (a *archiveFile) properties() {
	data, err := a.read("docProps/core.xml")
	if err != nil || data == nil {
		return
	}
	x := newXML(a.r, data)
	for x.next() {
		s, ok := x.start()
		if !ok {
			continue
		}
		switch name := s.Name.Local; name {
		case "title", "subject", "creator", "keywords", "description", "created", "modified":
			a.r.meta(name, x.content())
		}
	}
}

// docxReader walks one part of a Word document.
type docxReader struct {
	r    *reading
	a    *archiveFile
	part string
	x    *xmlReader

	numbering numbering
	rendered  bool         // the file says where pages ended when it was last saved
	page      int          // 0 if nothing in the file says where pages end
	chosen    map[int]bool // depths at which an alternative was read already
	sample    bool         // the content control at hand shows its placeholder only

	footnotes, endnotes []string // those referred to, in order
}

// flow reads a part into paragraphs and tables.
func (d *docxReader) flow(data []byte) (flow, error) {
	d.x, d.chosen = newXML(d.r, data), map[int]bool{}
	var out flow
	for d.x.next() {
		d.block(&out)
	}
	return out, d.x.err
}

// word reports whether a name belongs to WordprocessingML, of either edition.
func word(n xml.Name) bool { return strings.Contains(n.Space, "wordprocessingml") }

// block reads the paragraph or table that begins at the token; elements that only wrap
// others are walked through.
func (d *docxReader) block(out *flow) {
	s, ok := d.x.start()
	if !ok || d.passOver(s) {
		return
	}
	switch {
	case !word(s.Name):
	case s.Name.Local == "p":
		d.paragraph(out)
	case s.Name.Local == "tbl":
		d.table(out)
	case s.Name.Local == "sectPr":
		d.x.skip()
	case s.Name.Local == "altChunk":
		d.chunk(out)
	}
}

// chunk reads a web page that the document takes in as a whole: programs that make Word
// files of pages leave the conversion to Word this way.
func (d *docxReader) chunk(out *flow) {
	id := d.x.attr("id")
	for _, rel := range d.a.relations(relationsOf(d.part)) {
		if rel.id != id {
			continue
		}
		data, err := d.a.read(rel.target)
		if err != nil {
			d.r.hit(err)
			return
		}
		var f flow
		switch head := strings.TrimSpace(string(data[:min(len(data), 1024)])); {
		case mhtml.MatchString(head):
			f, err = d.r.mhtFlow(data)
		case markup.MatchString(head):
			f, err = d.r.htmlFlow(data, "")
		default:
			d.r.note(NoteAttached) // another Word file, or something unknown
		}
		if err != nil {
			d.r.hit(err)
		}
		*out = append(*out, f...)
	}
}

// passOver skips what is not part of the text as it stands: deleted and moved text, the
// second of two alternatives, placeholders, former properties. It reports whether it did.
func (d *docxReader) passOver(s xml.StartElement) bool {
	depth := d.x.depth()
	switch s.Name.Local {
	case "AlternateContent":
		d.chosen[depth+1] = false
	case "Choice":
		if d.chosen[depth] {
			d.x.skip()
			return true
		}
		d.chosen[depth] = true
	case "Fallback":
		if d.chosen[depth] {
			d.x.skip()
			return true
		}
	case "del", "moveFrom":
		if word(s.Name) {
			author := attr(s, "author")
			if text := d.x.content(); text != "" {
				d.r.note(NoteDeleted)
				d.r.hideText(HiddenDeleted, author, text)
			}
			return true
		}
	case "sdtPr":
		d.sample = d.holds("showingPlcHdr")
		return true
	case "sdtContent":
		if d.sample {
			d.sample = false
			d.x.skip()
			return true
		}
	case "pPrChange", "rPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "rt":
		d.x.skip()
		return true
	}
	return false
}

// holds walks through the element at hand and reports whether it holds one of that name.
func (d *docxReader) holds(local string) bool {
	found := false
	for depth := d.x.depth(); d.x.inside(depth); {
		if d.x.opens(local) && d.on() {
			found = true
		}
	}
	return found
}

// on reads a switch: present means on unless it says otherwise.
func (d *docxReader) on() bool {
	switch d.x.attr("val") {
	case "0", "false", "off":
		return false
	}
	return true
}

// number reads an attribute as a number between 0 and most; what is none is 0.
func (d *docxReader) number(local string, most int) int {
	n, err := strconv.Atoi(d.x.attr(local))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, most)
}

// paragraph is one in the making. Breaks part it into lines.
type paragraph struct {
	style, num, level string
	lines             flow
	buf               strings.Builder
	page              int // on which the line in the making began
	hidden            bool
	boxes             flow // text boxes anchored in it
}

// paragraph reads the paragraph at hand and the text boxes in it.
func (d *docxReader) paragraph(out *flow) {
	p := &paragraph{page: d.page}
	for depth := d.x.depth(); d.x.inside(depth); {
		d.inline(p)
	}
	p.end(d)
	if len(p.lines) > 0 {
		p.lines[0].text = d.numbering.label(p.style, p.num, p.level) + p.lines[0].text
	}
	*out = append(append(*out, p.lines...), p.boxes...)
}

// end ends the line in the making.
func (p *paragraph) end(d *docxReader) {
	text := clean(p.buf.String())
	p.buf.Reset()
	if d.r.spend(len(text)) {
		p.lines = append(p.lines, piece{text: text, page: p.page})
	}
	p.page = d.page
}

// inline reads what stands at the token within a paragraph.
func (d *docxReader) inline(p *paragraph) {
	s, ok := d.x.start()
	if !ok || d.passOver(s) {
		return
	}
	math := strings.Contains(s.Name.Space, "/math")
	if s.Name.Local == "t" && (word(s.Name) || math) {
		d.words(p)
		return
	}
	if !word(s.Name) {
		return
	}
	switch s.Name.Local {
	case "pPr":
		d.paragraphProperties(p)
	case "r":
		p.hidden = false
	case "rPr":
		p.hidden = d.holds("vanish")
	case "tab", "ptab":
		p.buf.WriteByte('\t')
	case "noBreakHyphen":
		p.buf.WriteByte('-')
	case "sym":
		p.buf.WriteString(symbol(d.x.attr("font"), d.x.attr("char")))
	case "br", "cr":
		d.lineBreak(p)
	case "lastRenderedPageBreak":
		d.page++
		if strings.TrimSpace(p.buf.String()) == "" {
			p.page = d.page
		}
	case "footnoteReference":
		d.footnotes = append(d.footnotes, d.x.attr("id"))
	case "endnoteReference":
		d.endnotes = append(d.endnotes, d.x.attr("id"))
	case "txbxContent":
		for depth := d.x.depth(); d.x.inside(depth); {
			d.block(&p.boxes)
		}
	}
}

// words adds a run's text, unless it is hidden.
func (d *docxReader) words(p *paragraph) {
	kept := d.x.attr("space") == "preserve"
	text := d.x.content()
	if !kept {
		text = strings.Trim(text, " \t\r\n")
	}
	text = strings.Map(func(c rune) rune {
		if c == '\n' || c == '\r' {
			return ' '
		}
		return c
	}, text)
	if p.hidden {
		if text != "" {
			d.r.note(NoteHidden)
			d.r.hideText(HiddenText, "", text)
		}
		return
	}
	p.buf.WriteString(text)
}

// lineBreak ends the line; a page break turns the page, unless the file itself says where
// pages ended.
func (d *docxReader) lineBreak(p *paragraph) {
	if d.x.attr("type") == "page" {
		if !d.rendered {
			d.page++
		}
		if strings.TrimSpace(p.buf.String()) == "" {
			p.page = d.page
			return
		}
	}
	p.end(d)
}

// paragraphProperties reads the style, the number and the page break before.
func (d *docxReader) paragraphProperties(p *paragraph) {
	for depth := d.x.depth(); d.x.inside(depth); {
		s, ok := d.x.start()
		if !ok || d.passOver(s) {
			continue
		}
		switch s.Name.Local {
		case "pStyle":
			p.style = d.x.attr("val")
		case "numId":
			p.num = d.x.attr("val")
		case "ilvl":
			p.level = d.x.attr("val")
		case "rPr", "sectPr":
			d.x.skip()
		case "pageBreakBefore":
			if d.on() && !d.rendered {
				d.page++
				p.page = d.page
			}
		}
	}
}

// table reads the table at hand.
func (d *docxReader) table(out *flow) {
	g, page := &grid{}, d.page
	open := map[int]*slot{} // by column, the cell that the row above reaches down with
	for depth := d.x.depth(); d.x.inside(depth); {
		s, ok := d.x.start()
		if !ok || d.passOver(s) || !word(s.Name) {
			continue
		}
		switch s.Name.Local {
		case "tblPr":
			d.x.skip()
		case "gridCol":
			g.columns = min(g.columns+1, d.r.limit.Columns)
		case "tr":
			open = d.row(g, open)
		}
	}
	if len(g.rows) > 0 {
		*out = append(*out, piece{table: g, page: page})
	}
}

// row reads one row and returns the cells that reach down into the next.
func (d *docxReader) row(g *grid, above map[int]*slot) map[int]*slot {
	row, below, col, deleted := []*slot{}, map[int]*slot{}, 0, false
	for depth := d.x.depth(); d.x.inside(depth); {
		s, ok := d.x.start()
		if !ok {
			continue
		}
		switch s.Name.Local {
		case "trPr":
			col, deleted = d.rowProperties()
			continue
		case "tc":
		case "sdtPr":
			d.x.skip() // a placeholder in a cell must not take the cell with it
			continue
		default:
			d.passOver(s)
			continue
		}
		page := d.page
		props, content := d.cell()
		if col+props.span > d.r.limit.Columns {
			d.r.hit(ErrTooMuch)
		}
		if !d.r.spendCells(1) {
			return below
		}
		cell := &slot{row: len(g.rows), col: col, rowSpan: 1, colSpan: props.span, page: page, content: content}
		over := above[col]
		switch {
		case props.leftward && len(row) > 0:
			row[len(row)-1].colSpan += props.span
		case props.upward && over != nil:
			over.rowSpan++
			below[col] = over
			if text := content.inline(); text != "" {
				d.r.note(NoteHidden) // Word shows the first of merged cells only
				d.r.hideText(HiddenText, "", text)
			}
		default:
			row = append(row, cell)
			if props.downward || props.upward {
				below[col] = cell
			}
		}
		col += props.span
	}
	if deleted {
		d.r.note(NoteDeleted)
		for _, c := range row {
			d.r.hideText(HiddenDeleted, "", c.content.inline())
		}
		return above
	}
	g.columns = max(g.columns, col)
	g.rows = append(g.rows, row)
	return below
}

// rowProperties returns how many columns the row leaves out at its beginning, and whether it
// was deleted under track changes.
func (d *docxReader) rowProperties() (before int, deleted bool) {
	for depth := d.x.depth(); d.x.inside(depth); {
		switch {
		case d.x.opens("gridBefore"):
			before = d.number("val", d.r.limit.Columns)
		case d.x.opens("del"):
			deleted = true
		case d.x.opens("trPrChange"):
			d.x.skip()
		}
	}
	return before, deleted
}

// cellProperties says how a cell is merged.
type cellProperties struct {
	span             int
	downward, upward bool // begins, continues a vertical merge
	leftward         bool // continues a horizontal merge
}

// cell reads the cell at hand.
func (d *docxReader) cell() (cellProperties, flow) {
	props := cellProperties{span: 1}
	var content flow
	for depth := d.x.depth(); d.x.inside(depth); {
		if d.x.opens("tcPr") {
			props = d.cellProperties()
		} else {
			d.block(&content)
		}
	}
	return props, content
}

func (d *docxReader) cellProperties() cellProperties {
	props := cellProperties{span: 1}
	for depth := d.x.depth(); d.x.inside(depth); {
		switch {
		case d.x.opens("tcPrChange"):
			d.x.skip()
		case d.x.opens("gridSpan"):
			props.span = max(1, d.number("val", d.r.limit.Columns+1))
		case d.x.opens("vMerge"):
			props.downward = d.x.attr("val") == "restart"
			props.upward = !props.downward
		case d.x.opens("hMerge"):
			props.leftward = d.x.attr("val") != "restart"
		}
	}
	return props
}

// notes appends the footnotes or endnotes that the text refers to, in its order.
func (d *docxReader) notes(kind string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	data, err := d.a.read(d.sibling(kind))
	if err != nil || data == nil {
		return err
	}
	all := map[string]flow{}
	d.x, d.chosen, d.page = newXML(d.r, data), map[int]bool{}, 0
	for d.x.next() {
		if !d.x.opens("footnote") && !d.x.opens("endnote") {
			continue
		}
		id := d.x.attr("id")
		var text flow
		for depth := d.x.depth(); d.x.inside(depth); {
			d.block(&text)
		}
		all[id] = text
	}
	for _, id := range ids {
		d.r.unfold(all[id])
		delete(all, id)
	}
	return d.x.err
}

// sibling returns the part beside the document that its relations call so.
func (d *docxReader) sibling(kind string) string {
	for _, rel := range d.a.relations(relationsOf(d.part)) {
		if strings.HasSuffix(rel.kind, "/"+kind) {
			return rel.target
		}
	}
	return "word/" + kind + ".xml"
}

// wingdings are the boxes and ticks that forms print in symbol fonts.
var wingdings = map[rune]string{
	0x6F: "□", 0x71: "□", 0x72: "□", 0xA8: "□", 0xA3: "□", 0x52: "☑", 0xFE: "☑", 0x53: "☒", 0xFD: "☒",
	0xFC: "✓", 0x50: "✓", 0xFB: "✗", 0x4F: "✗", 0x6C: "●", 0x6E: "■", 0xA7: "▪", 0xA1: "○", 0x75: "◆", 0xD8: "➢",
}

// symbol reads a character given by font and code.
func symbol(font, code string) string {
	n, err := strconv.ParseUint(code, 16, 32)
	if err != nil {
		return ""
	}
	c := rune(n)
	if c >= 0xF000 && c <= 0xF0FF {
		c -= 0xF000
	}
	if strings.HasPrefix(font, "Wingdings") || strings.HasPrefix(font, "Webdings") {
		return wingdings[c]
	}
	if c < ' ' || c >= 0xD800 && c < 0xF900 || c > 0x10FFFF {
		return ""
	}
	return string(c)
}
