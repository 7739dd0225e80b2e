package extract

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// Bounds of what is looked for in one Office file.
const (
	mostPictures = 200
	mostObjects  = 50
)

// inspect records what an Office file carries besides its text: properties, programs,
// embedded files, pictures' own facts, links out of the file.
func (a *archiveFile) inspect() {
	if !a.r.inspected {
		return
	}
	a.authors()
	pictures, objects := 0, 0
	for _, name := range a.names() {
		base := path.Base(name)
		folder := path.Base(path.Dir(name))
		switch {
		case base == "vbaproject.bin":
			a.r.hide(HiddenMacro, base)
		case folder == "embeddings" && objects < mostObjects:
			objects++
			a.object(name)
		case folder == "media" && pictures < mostPictures:
			pictures++
			a.photo(name)
		case strings.HasSuffix(name, ".rels"):
			a.outward(name)
		}
	}
}

// names lists the entries in order, so that what is recorded does not change by chance.
func (a *archiveFile) names() []string {
	names := make([]string, 0, len(a.entries))
	for name := range a.entries {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// authors records who made the file, and where.
func (a *archiveFile) authors() {
	for part, wanted := range map[string][]string{
		"docProps/core.xml": {"creator", "lastModifiedBy"},
		"docProps/app.xml":  {"Company", "Manager"},
	} {
		data, err := a.read(part)
		if err != nil || data == nil {
			continue
		}
		x := newXML(a.r, data)
		for x.next() {
			if s, ok := x.start(); ok && slices.Contains(wanted, s.Name.Local) {
				a.r.hideText(HiddenProperty, s.Name.Local, x.content())
			}
		}
	}
	data, err := a.read("docProps/custom.xml")
	if err != nil || data == nil {
		return
	}
	x := newXML(a.r, data)
	for x.next() {
		if x.opens("property") {
			name := x.attr("name")
			if !strings.HasPrefix(name, "KSO") && name != "ICV" { // the office program's own marks
				a.r.hideText(HiddenProperty, name, x.content())
			}
		}
	}
}

// photo records what a picture in the file states about itself. A picture too large to
// unpack is passed over: the file's other parts are worth reading.
func (a *archiveFile) photo(name string) {
	if data, err := a.read(name); err == nil {
		inspectPicture(a.r, path.Base(name), data)
	}
}

// object records an embedded file, and what it says if it is an Office file itself. Files in
// embedded files are named but not read.
func (a *archiveFile) object(name string) {
	data, err := a.read(name)
	if err != nil {
		return
	}
	a.r.hide(HiddenObject, path.Base(name), a.embedded(name, data)...)
}

// embedded reads an embedded Office file. What cannot be read is named all the same.
func (a *archiveFile) embedded(name string, data []byte) []Block {
	read := map[string]func(*reading) error{".docx": readDOCX, ".xlsx": readXLSX}[path.Ext(name)]
	if read == nil || a.r.nested {
		return nil
	}
	inner := newReading(a.r.ctx, path.Base(name), data, a.r.limit)
	inner.nested, inner.text, inner.cells = true, a.r.text, a.r.cells
	if read(inner) != nil {
		return nil
	}
	a.r.cells = inner.cells
	return inner.doc.Blocks
}

// outward records links to other files and addresses that are loaded with the file. Links
// that readers click are in the text and left out.
func (a *archiveFile) outward(name string) {
	data, err := a.read(name)
	if err != nil || data == nil {
		return
	}
	x := newXML(a.r, data)
	for x.next() {
		if !x.opens("Relationship") || x.attr("TargetMode") != "External" {
			continue
		}
		if kind := path.Base(x.attr("Type")); kind != "hyperlink" {
			a.r.hide(HiddenLink, x.attr("Target"))
		}
	}
}

// comments records the comments of a Word document.
func (d *docxReader) comments() error {
	data, err := d.a.read(d.sibling("comments"))
	if err != nil || data == nil {
		return err
	}
	d.x, d.chosen, d.page = newXML(d.r, data), map[int]bool{}, 0
	for d.x.next() {
		if !d.x.opens("comment") {
			continue
		}
		author := d.x.attr("author")
		var said flow
		for depth := d.x.depth(); d.x.inside(depth); {
			d.block(&said)
		}
		d.r.hideFlow(HiddenComment, author, said)
	}
	return d.x.err
}

// margins records headers and footers, where marks of secrecy stand.
func (d *docxReader) margins() error {
	for _, rel := range d.a.relations(relationsOf(d.part)) {
		if kind := path.Base(rel.kind); kind != "header" && kind != "footer" {
			continue
		}
		data, err := d.a.read(rel.target)
		if err != nil {
			return err
		}
		said, err := d.flow(data)
		if err != nil {
			return err
		}
		d.r.hideFlow(HiddenMargin, "", said)
	}
	return nil
}

// hideFlow records paragraphs and tables as one hidden thing.
func (r *reading) hideFlow(kind HiddenKind, name string, said flow) {
	if blocks := r.aside(func() { r.unfold(said) }); len(blocks) > 0 {
		r.hide(kind, name, blocks...)
	}
}

// aside returns the blocks that add adds, without adding them to the document.
func (r *reading) aside(add func()) []Block {
	blocks, tables, line := r.doc.Blocks, r.tables, r.lineNo
	r.doc.Blocks = nil
	add()
	out := r.doc.Blocks
	r.doc.Blocks, r.tables, r.lineNo = blocks, tables, line
	return slices.DeleteFunc(out, func(b Block) bool { return b.Table == nil && strings.TrimSpace(b.Text) == "" })
}

// hiddenSheet records a worksheet that does not show.
func (w *workbook) hiddenSheet(s worksheet) (err error) {
	blocks := w.r.aside(func() { err = w.readSheet(s) })
	w.r.hide(HiddenSheet, s.name, blocks...)
	return err
}

// unseen gathers the rows and columns of a sheet that do not show.
type unseen struct {
	rows, columns map[int]bool
	ranges        [][2]int
}

// maxColumns is how many columns a sheet has.
const maxColumns = 1 << 14

// column notes a range of columns that do not show.
func (c *unseen) column(x *xmlReader) {
	from, err1 := strconv.Atoi(x.attr("min"))
	to, err2 := strconv.Atoi(x.attr("max"))
	if err1 == nil && err2 == nil && from >= 1 && to <= maxColumns && len(c.ranges) < maxColumns {
		c.ranges = append(c.ranges, [2]int{from - 1, to - 1})
	}
}

// of returns the rows and columns that do not show and hold something, as sheets write them:
// 3, B. Unused columns are hidden often.
func (c *unseen) of(cells []sheetCell) (names []string) {
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] && len(names) < 20 {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, cell := range cells {
		if c.rows[cell.row] {
			add(strconv.Itoa(cell.row + 1))
		}
		if c.hides(cell.col) {
			add(columnName(cell.col))
		}
	}
	return names
}

// hides reports whether a column is one that does not show.
func (c *unseen) hides(column int) bool {
	if c.columns == nil {
		c.columns = map[int]bool{}
		for _, r := range c.ranges {
			for i := r[0]; i <= r[1] && len(c.columns) < maxColumns; i++ {
				c.columns[i] = true
			}
		}
	}
	return c.columns[column]
}

// columnName writes a column as sheets do: 0 is A, 26 is AA.
func columnName(column int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// remarks records the comments on a sheet's cells.
func (w *workbook) remarks(s worksheet) error {
	for _, rel := range w.a.relations(relationsOf(s.part)) {
		if kind := path.Base(rel.kind); kind != "comments" && kind != "threadedComment" {
			continue
		}
		data, err := w.a.read(rel.target)
		if err != nil || data == nil {
			return err
		}
		w.r.sheet = s.name
		x := newXML(w.r, data)
		for x.next() {
			if x.opens("comment") || x.opens("threadedComment") {
				where := s.name + "!" + x.attr("ref")
				w.r.hideText(HiddenComment, where, remark(x))
			}
		}
		w.r.sheet = ""
		if x.err != nil {
			return x.err
		}
	}
	return nil
}

// remark returns the text of a comment, of the old kind or the new.
func remark(x *xmlReader) string {
	var b strings.Builder
	for depth := x.depth(); x.inside(depth); {
		if x.opens("t") || x.opens("text") && x.attr("space") != "" {
			b.WriteString(x.content())
		} else {
			b.WriteString(strings.TrimSpace(x.chars()))
		}
	}
	return b.String()
}

// caches records what pivot tables keep of data that may stand in no sheet any more.
func (w *workbook) caches() {
	for _, name := range w.a.names() {
		if !strings.HasPrefix(path.Base(name), "pivotcachedefinition") || !strings.HasSuffix(name, ".xml") {
			continue
		}
		data, err := w.a.read(name)
		if err != nil {
			continue
		}
		var kept []string
		x := newXML(w.r, data)
		for x.next() {
			if x.opens("s") && len(kept) < w.r.limit.Columns {
				kept = append(kept, clean(x.attr("v")))
			}
		}
		w.r.hideText(HiddenSheet, path.Base(name), strings.Join(kept, "\t"))
	}
}
