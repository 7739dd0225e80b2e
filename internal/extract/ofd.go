package extract

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// points are what a millimetre, the unit of OFD, has.
const points = 72 / 25.4

// readOFD reads a document in the national fixed-layout format (GB/T 33190): the text its
// pages state, tables rebuilt from ruling lines as in PDF.
func readOFD(r *reading) error {
	a, err := openArchive(r)
	if err != nil {
		return err
	}
	o := &ofdReader{r: r, a: a, book: &book{r: r}}
	roots, err := o.roots()
	if err != nil {
		return err
	}
	if len(roots) == 0 {
		return ErrDamaged
	}
	for _, root := range roots {
		if err := o.document(root); err != nil {
			return err
		}
	}
	if o.written == 0 {
		if o.pictures > 0 {
			return ErrScan
		}
		return ErrEmpty
	}
	if o.pictures > 0 {
		r.note(NoteScanned)
	}
	o.book.finish()
	return nil
}

// ofdReader reads one package.
type ofdReader struct {
	r                 *reading
	a                 *archiveFile
	book              *book
	templates         map[string]string // path by ID
	written, pictures int               // pages with text, pages with pictures only
}

// roots reads the entry point: what the package states about itself, and where its documents
// begin.
func (o *ofdReader) roots() ([]string, error) {
	data, err := o.a.read("OFD.xml")
	if err != nil {
		return nil, err
	}
	var roots []string
	x := newXML(o.r, data)
	for x.next() {
		s, ok := x.start()
		if !ok {
			continue
		}
		switch name := s.Name.Local; name {
		case "Title", "Author", "Subject", "Creator":
			o.r.meta(strings.ToLower(name), x.content())
		case "DocRoot":
			roots = append(roots, located("OFD.xml", x.content()))
		}
	}
	return roots, x.err
}

// located resolves a path that a file of the package names.
func located(file, name string) string {
	name = strings.TrimSpace(strings.ReplaceAll(name, `\`, "/"))
	if strings.HasPrefix(name, "/") {
		return entryName(name)
	}
	return entryName(path.Join("/", path.Dir(file), name))
}

// document reads the pages of one document.
func (o *ofdReader) document(root string) error {
	data, err := o.a.read(root)
	switch {
	case err != nil:
		return err
	case data == nil:
		return ErrDamaged
	}
	box := rule{0, 0, 210, 297} // A4, should the file not say
	var pages []string
	o.templates = map[string]string{}
	x := newXML(o.r, data)
	for x.next() {
		s, ok := x.start()
		if !ok {
			continue
		}
		switch s.Name.Local {
		case "PhysicalBox":
			box = parseBox(x.content(), box)
		case "TemplatePage":
			o.templates[x.attr("ID")] = located(root, x.attr("BaseLoc"))
		case "Page":
			pages = append(pages, located(root, x.attr("BaseLoc")))
		case "Attachments", "Annotations":
			if o.listed(located(root, x.content())) {
				o.r.note(NoteAttached)
			}
		}
	}
	switch {
	case x.err != nil:
		return x.err
	case len(pages) > o.r.limit.Pages:
		return ErrPages.With("pages", len(pages)).With("limit", o.r.limit.Pages)
	}
	for _, name := range pages {
		if err := o.readPage(name, box); err != nil {
			return err
		}
	}
	return nil
}

// listed reports whether a list of attachments or annotations names any.
func (o *ofdReader) listed(name string) bool {
	data, err := o.a.read(name)
	if err != nil || data == nil {
		return false
	}
	x := newXML(o.r, data)
	for x.next() {
		if x.opens("Attachment") || x.opens("Page") {
			return true
		}
	}
	return false
}

// readPage reads one page with the templates it lies on.
func (o *ofdReader) readPage(name string, box rule) error {
	c := &ofdCanvas{o: o, page: &drawn{}, box: box}
	if err := c.draw(name, 0); err != nil {
		return err
	}
	c.page.width, c.page.height = (c.box.x1-c.box.x0)*points, (c.box.y1-c.box.y0)*points
	switch {
	case len(c.page.glyphs) > 0:
		o.written++
	case c.picture:
		o.pictures++
	}
	o.book.add(c.page)
	return o.r.check()
}

// ofdCanvas is a page being drawn.
type ofdCanvas struct {
	o       *ofdReader
	page    *drawn
	box     rule
	objects int
	picture bool
	drawn   []string // templates in use, lest one lies on itself
}

// draw draws a page or template.
func (c *ofdCanvas) draw(name string, depth int) error {
	data, err := c.o.a.read(name)
	switch {
	case err != nil:
		return err
	case data == nil:
		return ErrDamaged
	}
	c.drawn = append(c.drawn, name)
	x := newXML(c.o.r, data)
	for x.next() {
		s, ok := x.start()
		if !ok {
			continue
		}
		switch s.Name.Local {
		case "PhysicalBox":
			c.box = parseBox(x.content(), c.box)
		case "Template":
			if t := c.o.templates[x.attr("TemplateID")]; t != "" && depth < 2 && !slices.Contains(c.drawn, t) {
				box := c.box
				if err := c.draw(t, depth+1); err != nil {
					return err
				}
				c.box = box
			}
		case "TextObject":
			c.text(x)
		case "PathObject":
			c.path(x)
		case "ImageObject":
			c.picture = true
			x.skip()
		}
		if c.objects > c.o.r.limit.PageObjects {
			return ErrTooMuch
		}
	}
	return x.err
}

// place returns the transformation of the object whose start tag is at hand, from its own
// millimetres to points on the page: its matrix, then the corner of its boundary.
func (c *ofdCanvas) place(x *xmlReader) matrix {
	m := unit
	if n := numbers(x.attr("CTM")); len(n) == 6 {
		m = matrix{n[0], n[1], n[2], n[3], n[4], n[5]}
	}
	at := matrix{1, 0, 0, 1, -c.box.x0, -c.box.y0}
	if n := numbers(x.attr("Boundary")); len(n) == 4 {
		at.e, at.f = at.e+n[0], at.f+n[1]
	}
	return m.then(at).then(matrix{points, 0, 0, points, 0, 0})
}

// hiddenObject reports whether the object at hand does not show.
func hiddenObject(x *xmlReader) bool {
	return x.attr("Visible") == "false" || x.attr("Alpha") == "0"
}

// text places the characters of a text object.
func (c *ofdCanvas) text(x *xmlReader) {
	m, hidden := c.place(x), hiddenObject(x)
	size := number(x.attr("Size"), 0)
	scale := number(x.attr("HScale"), 1)
	var tx, ty float64
	for depth := x.depth(); x.inside(depth); {
		if !x.opens("TextCode") {
			continue
		}
		tx, ty = number(x.attr("X"), tx), number(x.attr("Y"), ty)
		dx, dy := deltas(x.attr("DeltaX")), deltas(x.attr("DeltaY"))
		text := x.content()
		switch {
		case hidden && strings.TrimSpace(text) != "":
			c.o.r.note(NoteHidden)
		case !hidden:
			c.run(text, m, tx, ty, size, scale, dx, dy)
		}
	}
}

// run places the characters of one text code. Where no distances are given each stands at
// the end of the one before. Where they are, a character is as wide as the way to the next,
// unless that way is a gap.
func (c *ofdCanvas) run(text string, m matrix, x, y, size, scale float64, dx, dy []float64) {
	for i, char := range []rune(text) {
		wide := size * scale
		if latin(char) {
			wide /= 2
		}
		if i < len(dx) && dx[i] > wide && dx[i] <= 1.3*size {
			wide = dx[i]
		}
		x0, base := m.apply(x, y)
		x1, _ := m.apply(x+wide, y)
		_, top := m.apply(x, y-size)
		if c.objects++; c.objects > c.o.r.limit.PageObjects || !onPaper(x0, x1, base, top) {
			return
		}
		if char >= ' ' {
			c.page.glyphs = append(c.page.glyphs, glyph{char: char, x0: min(x0, x1), x1: max(x0, x1), base: base, size: max(base-top, top-base)})
		}
		switch {
		case i < len(dx):
			x += dx[i]
		case len(dx) > 0 || len(dy) == 0:
			x += wide
		}
		if i < len(dy) {
			y += dy[i]
		}
	}
}

// onPaper reports whether numbers are such as stand on paper, and numbers at all.
func onPaper(all ...float64) bool {
	for _, v := range all {
		if !(v > -1e6 && v < 1e6) {
			return false
		}
	}
	return true
}

// path follows a path object for its ruling lines.
func (c *ofdCanvas) path(x *xmlReader) {
	m, shows := c.place(x), !hiddenObject(x)
	stroked, filled := x.attr("Stroke") != "false", x.attr("Fill") == "true"
	data := ""
	for depth := x.depth(); x.inside(depth); {
		switch {
		case x.opens("StrokeColor"):
			stroked = stroked && inked(x)
		case x.opens("FillColor"):
			filled = filled && inked(x)
		case x.opens("AbbreviatedData"):
			data = x.content()
		}
	}
	if shows && (stroked || filled) {
		c.trace(data, m, stroked)
	}
}

// inked reports whether the colour at hand shows on white paper.
func inked(x *xmlReader) bool {
	if x.attr("Alpha") == "0" {
		return false
	}
	value := numbers(x.attr("Value"))
	for _, v := range value {
		if v < 250 {
			return true
		}
	}
	return len(value) != 3
}

// operands is how many numbers follow each step of a path.
var operands = map[string]int{"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}

// trace follows a path's steps: S and M begin, L is straight, Q, B and A bend, C closes.
func (c *ofdCanvas) trace(data string, m matrix, stroked bool) {
	t := &tracer{page: c.page, stroked: stroked}
	steps := strings.Fields(data)
	for i := 0; i < len(steps); {
		step := steps[i]
		n, known := operands[step]
		if c.objects++; !known || i+n >= len(steps) || c.objects > c.o.r.limit.PageObjects {
			break
		}
		v := numbers(strings.Join(steps[i+1:i+1+n], " "))
		i += n + 1
		if len(v) != n {
			break
		}
		var px, py float64
		if n > 0 {
			px, py = m.apply(v[n-2], v[n-1])
		}
		switch step {
		case "S", "M":
			t.move(px, py)
		case "L":
			t.line(px, py)
		case "C":
			t.close()
		default:
			t.curve(px, py)
		}
	}
	t.end()
}

// numbers reads numbers parted by white space; nil if any is none.
func numbers(s string) []float64 {
	fields := strings.Fields(s)
	if len(fields) > 16 {
		return nil
	}
	var out []float64
	for _, f := range fields {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || !onPaper(v) {
			return nil
		}
		out = append(out, v)
	}
	return out
}

// number reads a number; otherwise if it is none.
func number(s string, otherwise float64) float64 {
	if v := numbers(s); len(v) == 1 {
		return v[0]
	}
	return otherwise
}

// mostDeltas is how many distances one text code may state: more than any line has letters.
const mostDeltas = 20_000

// deltas reads distances between characters, in which "g 3 5.0" stands for three times 5.0.
func deltas(s string) []float64 {
	var out []float64
	fields := strings.Fields(s)
	for i := 0; i < len(fields) && len(out) < mostDeltas; i++ {
		times, at := 1, i
		if fields[i] == "g" && i+2 < len(fields) {
			n, err := strconv.Atoi(fields[i+1])
			if err != nil || n < 0 {
				return out
			}
			times, at = min(n, mostDeltas-len(out)), i+2
		}
		v, err := strconv.ParseFloat(fields[at], 64)
		if err != nil || !onPaper(v) {
			return out
		}
		for range times {
			out = append(out, v)
		}
		i = at
	}
	return out
}

// parseBox reads a box given as corner, width and height.
func parseBox(s string, otherwise rule) rule {
	n := numbers(s)
	if len(n) != 4 || n[2] <= 0 || n[3] <= 0 {
		return otherwise
	}
	return rule{n[0], n[1], n[0] + n[2], n[1] + n[3]}
}
