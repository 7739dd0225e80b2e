package extract

import (
	"math"
	"path"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// readXLSX reads a workbook: each sheet as a table, or as lines if it has one column. The
// sheets are streamed by a reader of our own: a library that holds whole sheets cannot be
// stopped, and one merged range written over all rows and columns costs it gigabytes.
func readXLSX(r *reading) error {
	a, err := openArchive(r)
	if err != nil {
		return err
	}
	if a.has("xl/vbaProject.bin") {
		r.note(NoteMacros)
	}
	a.properties()
	w := &workbook{r: r, a: a, part: a.officePart()}
	if w.part == "" || !a.has(w.part) {
		w.part = "xl/workbook.xml"
	}
	if err := w.open(); err != nil {
		return err
	}
	for _, s := range w.sheets {
		read := w.readSheet
		if s.hidden {
			r.note(NoteSheets)
			read = w.hiddenSheet
		}
		if s.hidden && !r.inspected {
			continue
		}
		if err := read(s); err != nil {
			return err
		}
	}
	return w.inspect()
}

// inspect records what the workbook hides besides worksheets, if that was asked for.
func (w *workbook) inspect() error {
	if !w.r.inspected {
		return nil
	}
	w.a.inspect()
	w.caches()
	for _, s := range w.sheets {
		if err := w.remarks(s); err != nil {
			return err
		}
	}
	return nil
}

// workbook is the workbook being read.
type workbook struct {
	r         *reading
	a         *archiveFile
	part      string
	sheets    []worksheet
	strings   []string
	dates     []bool // by cell style: shows a date
	percents  []int  // by cell style: decimals of a percentage, -1 if it is none
	since1904 bool
}

// worksheet is a sheet as the workbook lists it.
type worksheet struct {
	name, part string
	hidden     bool
}

// open reads the list of sheets, the shared strings and the styles.
func (w *workbook) open() error {
	data, err := w.a.read(w.part)
	switch {
	case err != nil:
		return err
	case data == nil:
		return ErrDamaged
	}
	parts := map[string]string{}
	shared, styles := "xl/sharedStrings.xml", "xl/styles.xml"
	for _, rel := range w.a.relations(relationsOf(w.part)) {
		parts[rel.id] = rel.target
		switch path.Base(rel.kind) {
		case "sharedStrings":
			shared = rel.target
		case "styles":
			styles = rel.target
		}
	}
	x := newXML(w.r, data)
	for x.next() {
		switch {
		case x.opens("workbookPr"):
			w.since1904 = x.attr("date1904") == "1" || x.attr("date1904") == "true"
		case x.opens("sheet"):
			w.addSheet(x, parts)
		}
	}
	if x.err != nil {
		return x.err
	}
	if len(w.sheets) > w.r.limit.Sheets {
		return ErrTooMuch
	}
	if err := w.readStrings(shared); err != nil {
		return err
	}
	return w.readStyles(styles)
}

// addSheet notes a sheet. Its relation is an attribute called id of another namespace.
func (w *workbook) addSheet(x *xmlReader, parts map[string]string) {
	s, _ := x.start()
	sheet := worksheet{name: x.attr("name"), hidden: strings.HasSuffix(strings.ToLower(x.attr("state")), "hidden")}
	for _, a := range s.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			sheet.part = parts[a.Value]
		}
	}
	w.sheets = append(w.sheets, sheet)
}

// readStrings reads the strings that cells share. Phonetic readings are left out.
func (w *workbook) readStrings(part string) error {
	data, err := w.a.read(part)
	if err != nil || data == nil {
		return err
	}
	x := newXML(w.r, data)
	for x.next() {
		if x.opens("si") {
			s := richText(x)
			if !w.r.spend(len(s)) || len(w.strings) > w.r.limit.Cells {
				return ErrTooMuch
			}
			w.strings = append(w.strings, s)
		}
	}
	return x.err
}

// richText returns the text of a string item or inline string, whatever its runs.
func richText(x *xmlReader) string {
	var b strings.Builder
	for depth := x.depth(); x.inside(depth); {
		switch {
		case x.opens("rPh"):
			x.skip()
		case x.opens("t"):
			b.WriteString(x.content())
		}
	}
	return b.String()
}

// readStyles finds the cell styles that show dates or percentages. All other number formats
// only round or decorate, and a figure is read as it is stored: 7730.28 stays 7730.28.
func (w *workbook) readStyles(part string) error {
	data, err := w.a.read(part)
	if err != nil || data == nil {
		return err
	}
	custom := map[string]string{}
	x := newXML(w.r, data)
	for x.next() {
		switch {
		case x.opens("numFmt"):
			custom[x.attr("numFmtId")] = x.attr("formatCode")
		case x.opens("cellXfs"):
			for depth := x.depth(); x.inside(depth); {
				if x.opens("xf") {
					id := x.attr("numFmtId")
					w.dates = append(w.dates, datedFormat(id, custom[id]))
					w.percents = append(w.percents, percentFormat(id, custom[id]))
				}
			}
		}
	}
	return x.err
}

// datedFormat reports whether a number format shows a date.
func datedFormat(id, code string) bool {
	if code == "" {
		n, _ := strconv.Atoi(id)
		return n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 36 || n >= 50 && n <= 58
	}
	code = strings.ToLower(plainFormat(code))
	return strings.ContainsAny(code, "yde") && !strings.Contains(code, "e+") && !strings.ContainsAny(code, "0#?")
}

// percentFormat returns how many decimals a percentage shows, -1 if the format is none.
func percentFormat(id, code string) int {
	switch {
	case id == "9" && code == "":
		return 0
	case id == "10" && code == "":
		return 2
	}
	code, _, _ = strings.Cut(plainFormat(code), ";")
	if !strings.Contains(code, "%") {
		return -1
	}
	_, decimals, _ := strings.Cut(code, ".")
	return strings.Count(decimals, "0")
}

// plainFormat drops quoted text, colours and conditions from a number format.
func plainFormat(code string) string {
	var b strings.Builder
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case !bracket:
			b.WriteByte(c)
		}
	}
	return strings.ReplaceAll(b.String(), "General", "")
}

// sheetCell is a cell that holds something.
type sheetCell struct {
	row, col int
	text     string
}

// mergedRange is a merged range, both ends included.
type mergedRange struct{ r0, c0, r1, c1 int }

// readSheet reads one sheet.
func (w *workbook) readSheet(s worksheet) error {
	data, err := w.a.read(s.part)
	if err != nil || data == nil {
		return err
	}
	var cells []sheetCell
	var merged []mergedRange
	off := unseen{rows: map[int]bool{}}
	row := -1
	x := newXML(w.r, data)
	for x.next() {
		start, ok := x.start()
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "col":
			if x.attr("hidden") == "1" || x.attr("hidden") == "true" {
				w.r.note(NoteRows)
				off.column(x)
			}
		case "row":
			row = w.rowNumber(x, row)
			if on := x.attr("hidden"); on == "1" || on == "true" {
				off.rows[row] = true
			}
		case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
			if w.r.inspected {
				w.r.hideText(HiddenMargin, s.name, x.content())
			}
		case "mergeCell":
			if m, ok := parseRange(x.attr("ref")); ok && len(merged) < w.r.limit.Cells {
				merged = append(merged, m)
			}
		case "c":
			cell, ok := w.cell(x, row, cells)
			if ok && w.r.spendCells(1) && w.r.spend(len(cell.text)) {
				cells = append(cells, cell)
			}
		}
	}
	if x.err != nil {
		return x.err
	}
	if w.r.inspected {
		for _, name := range off.of(cells) {
			w.r.hide(HiddenRows, s.name+"!"+name)
		}
	}
	return w.arrange(s.name, cells, merged)
}

// rowNumber returns the index of the row at hand; a row that does not say follows the last.
func (w *workbook) rowNumber(x *xmlReader, last int) int {
	if x.attr("hidden") == "1" || x.attr("hidden") == "true" {
		w.r.note(NoteRows)
	}
	if n, err := strconv.Atoi(x.attr("r")); err == nil && n > 0 && n <= 1<<20 {
		return n - 1
	}
	return last + 1
}

// cell reads the cell at hand, and reports false if it is empty.
func (w *workbook) cell(x *xmlReader, row int, before []sheetCell) (sheetCell, bool) {
	c := sheetCell{row: row}
	kind := x.attr("t")
	style, err := strconv.Atoi(x.attr("s"))
	if err != nil {
		style = -1
	}
	if r, col, ok := parseCell(x.attr("r")); ok {
		c.row, c.col = r, col
	} else if n := len(before); n > 0 && before[n-1].row == row {
		c.col = before[n-1].col + 1
	}
	for depth := x.depth(); x.inside(depth); {
		switch {
		case x.opens("v"):
			c.text = w.value(kind, x.content(), style)
		case x.opens("is"):
			c.text = richText(x)
		case x.opens("f"):
			x.skip()
		}
	}
	c.text = strings.TrimSpace(newlines.Replace(clean(c.text)))
	return c, c.text != "" && c.row >= 0
}

// value returns what a cell shows.
func (w *workbook) value(kind, stored string, style int) string {
	switch kind {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(stored)); err == nil && i >= 0 && i < len(w.strings) {
			return w.strings[i]
		}
		return ""
	case "str", "inlineStr", "d":
		return stored
	case "b":
		if strings.TrimSpace(stored) == "1" {
			return "TRUE"
		}
		return "FALSE"
	case "e":
		w.r.note(NoteErrors)
		return stored
	}
	return w.figure(strings.TrimSpace(stored), style)
}

// figure writes a number as it was entered. Files store binary fractions with 17 digits, so
// that 7730.28 may stand there as 7730.2799999999997; 15 digits are what a sheet keeps.
func (w *workbook) figure(stored string, style int) string {
	f, err := strconv.ParseFloat(stored, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return stored
	}
	if style >= 0 && style < len(w.dates) {
		switch {
		case w.dates[style] && f >= 1 && f < 2958466: // to the end of 9999
			return w.day(f)
		case w.percents[style] >= 0:
			return strconv.FormatFloat(f*100, 'f', w.percents[style], 64) + "%"
		}
	}
	if short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64); err == nil {
		f = short
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// day writes a day number as a date: day 1 is 1 January 1900, and 1900 counts as a leap
// year, an error all sheets keep.
func (w *workbook) day(f float64) string {
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if w.since1904 {
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if f < 60 {
		base = base.AddDate(0, 0, 1)
	}
	return base.AddDate(0, 0, int(f)).Format("2006年1月2日")
}

// arrange makes lines and tables of a sheet's cells: rows of running text and headings
// become lines, the rows between them a table each.
func (w *workbook) arrange(name string, cells []sheetCell, merged []mergedRange) error {
	sort.SliceStable(cells, func(i, j int) bool {
		a, b := cells[i], cells[j]
		return a.row < b.row || a.row == b.row && a.col < b.col
	})
	w.r.sheet = name
	defer func() { w.r.sheet = "" }()
	heads := map[[2]int]mergedRange{}
	for _, m := range merged {
		heads[[2]int{m.r0, m.c0}] = m
	}
	prose := proseRows(cells, heads)
	for len(cells) > 0 {
		n := 0
		for n < len(cells) && prose[cells[n].row] == prose[cells[0].row] {
			n++
		}
		if prose[cells[0].row] {
			w.lines(cells[:n])
		} else if err := w.block(cells[:n], heads); err != nil {
			return err
		}
		cells = cells[n:]
	}
	return w.r.check()
}

// What tells a row of text from a row of a table with its figures left blank: it is longer
// than any label of the form, or a section's heading over most of the sheet's width.
const (
	proseRunes = 60
	proseWidth = 0.8
)

// proseRows finds the rows that hold nothing but one piece of running text or a heading, and
// the titles right above them.
func proseRows(cells []sheetCell, heads map[[2]int]mergedRange) map[int]bool {
	single, width := map[int]sheetCell{}, 0
	for i, c := range cells {
		width = max(width, c.col+1)
		alone := (i == 0 || cells[i-1].row != c.row) && (i+1 == len(cells) || cells[i+1].row != c.row)
		if alone {
			single[c.row] = c
		}
	}
	prose, above := map[int]bool{}, false
	for i := len(cells) - 1; i >= 0; i-- {
		c := cells[i]
		_, alone := single[c.row]
		m := heads[[2]int{c.row, c.col}]
		wide := float64(m.c1-m.c0+1) >= proseWidth*float64(width)
		above = alone && (utf8.RuneCountInString(c.text) >= proseRunes || wide && (above || sectionHead.MatchString(c.text)))
		prose[c.row] = above
	}
	return prose
}

// lines adds cells as lines of text.
func (w *workbook) lines(cells []sheetCell) {
	for _, c := range cells {
		for line := range strings.SplitSeq(c.text, "\n") {
			w.r.lineAt(line, c.row+1)
		}
	}
}

// block adds cells as a table within the rows and columns they take up, or as lines if that
// is one column.
func (w *workbook) block(cells []sheetCell, heads map[[2]int]mergedRange) error {
	g := &sheetGrid{filled: map[[2]int]string{}, used: mergedRange{math.MaxInt, math.MaxInt, 0, 0}, heads: heads}
	for _, c := range cells {
		g.filled[[2]int{c.row, c.col}] = c.text
		g.used = mergedRange{min(g.used.r0, c.row), min(g.used.c0, c.col), max(g.used.r1, c.row), max(g.used.c1, c.col)}
	}
	if g.used.c0 == g.used.c1 {
		w.lines(cells)
		return nil
	}
	t, err := g.table(w.r)
	if err != nil {
		return err
	}
	w.r.table(t)
	for i := range t.Rows { // the place a person finds in the sheet, not in the used range
		for j := range t.Rows[i] {
			c := &t.Rows[i][j]
			c.At.Row, c.At.Col = c.Row+g.used.r0+1, c.Col+g.used.c0+1
		}
	}
	return nil
}

// sheetGrid is a part of a sheet that is a table.
type sheetGrid struct {
	filled map[[2]int]string
	used   mergedRange
	heads  map[[2]int]mergedRange // merged ranges by their first cell
}

// table lays the used range out: every position that no merged range covers is a cell.
func (g *sheetGrid) table(r *reading) (*Table, error) {
	columns, rows := g.used.c1-g.used.c0+1, g.used.r1-g.used.r0+1
	if columns > r.limit.Columns || rows > r.limit.Cells || rows*columns > r.limit.Cells || !r.spendCells(rows*columns-len(g.filled)) {
		return nil, ErrTooMuch
	}
	t := &Table{Columns: columns, Rows: make([][]Cell, rows)}
	below := make([]int, columns) // for each column, how many rows below are still covered
	for i := range rows {
		if err := r.check(); err != nil {
			return nil, err
		}
		g.row(t, i, below)
	}
	return t, nil
}

// row lays one row out.
func (g *sheetGrid) row(t *Table, i int, below []int) {
	for j := 0; j < len(below); {
		if below[j] > 0 {
			below[j]--
			j++
			continue
		}
		at := [2]int{g.used.r0 + i, g.used.c0 + j}
		c := Cell{Text: g.filled[at], Row: i, Col: j, RowSpan: 1, ColSpan: 1}
		if m, ok := g.heads[at]; ok { // what reaches beyond the used range covers nothing there
			c.RowSpan = min(m.r1, g.used.r1) - m.r0 + 1
			for c.ColSpan < min(m.c1, g.used.c1)-m.c0+1 && below[j+c.ColSpan] == 0 {
				c.ColSpan++
			}
		}
		for k := j; k < j+c.ColSpan; k++ {
			below[k] = c.RowSpan - 1
		}
		t.Rows[i] = append(t.Rows[i], c)
		j += c.ColSpan
	}
}

// parseRange reads a range such as A1:C3.
func parseRange(ref string) (mergedRange, bool) {
	from, to, found := strings.Cut(ref, ":")
	r0, c0, ok := parseCell(from)
	if !ok || !found {
		return mergedRange{}, false
	}
	r1, c1, ok := parseCell(to)
	return mergedRange{min(r0, r1), min(c0, c1), max(r0, r1), max(c0, c1)}, ok
}

// parseCell reads a cell's name such as AB12 as row and column from 0, within the bounds of
// a sheet: 1,048,576 rows and 16,384 columns.
func parseCell(ref string) (row, col int, ok bool) {
	ref = strings.ReplaceAll(ref, "$", "")
	i := 0
	for i < len(ref) && i < 4 && ref[i] >= 'A' && ref[i] <= 'Z' {
		col = col*26 + int(ref[i]-'A') + 1
		i++
	}
	row, err := strconv.Atoi(ref[i:])
	if err != nil || i == 0 || row < 1 || row > 1<<20 || col > 1<<14 {
		return 0, 0, false
	}
	return row - 1, col - 1, true
}
