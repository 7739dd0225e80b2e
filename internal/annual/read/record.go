package read

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/internal/annual/form"
	"gongkai/internal/place"
)

// record is one row of figures as the source prints it, with the row of the form it
// belongs to once that is known.
type record struct {
	row     *form.Row
	values  []token
	raw     []token // the values before they were lined up with the headers
	at      place.Place
	exact   bool        // the source keeps every position, so blanks are where they stand
	table   bool        // from a true table, whose cells stand where they stand
	sure    bool        // label and figures stand on one line
	partial bool        // the source lacks columns of the form: a page cut them off
	cut     bool        // other words stand among its figures
	order   []int       // the column each cell stands under, where the headers say another order than the form
	last    bool        // nothing of the table follows: the source may break off here
	merged  bool        // （六）其他处理 printed as one row
	hints   []*form.Row // labels that stand alone just before it
	free    []*form.Row // the rows it could be, when that is not known
}

// gathered is what one table's part of the source holds.
type gathered struct {
	records []record
	strays  []token  // figures that stand in no row
	extras  []row    // lines with figures the form does not know
	alone   []record // labels without a figure on their line, in sources that set rows on lines
	seen    bool     // any label of the table was found
	mixed   bool     // headers stand between a label and figures
	from    int      // first row of the table
	to      int      // one past its last
	end     bool     // the source ends inside the table
}

// collector walks the rows of one table.
type collector struct {
	book   *book
	table  *form.Table
	out    gathered
	lines  bool // rows of figures stand on one physical line
	open   *record
	loose  []*form.Row // labels without figures since the last record, in row-wise sources
	cols   map[int]int // grid column -> value column, from the header seen last
	colsAt int         // the block that header stands in
	block  string      // item of article 20 seen last, in table two
	prev   *form.Row   // the row named last
	heads  bool        // column headers stand on this line or on the one before it
	local  int         // figures that may follow of a row the place added
	apart  bool        // a header stands behind the label of the open row

	heading []string // headers seen so far, in sources without a grid
	headed  []int    // the order of columns they state; empty if none
}

// gather collects a table's records between rows from and to. In a source that sets each
// cell on a line of its own an empty line may be an empty cell; it is taken for one where
// every row comes out whole that way, and not otherwise.
func gather(b *book, t *form.Table, rows []row, from, to int) gathered {
	out := collect(b, t, rows, from, to)
	if rowWise(t, rows[from:to]) || out.whole(t) || t.ID == "T2" && !out.seen {
		return out
	}
	filled := make([]row, len(rows))
	copy(filled, rows)
	gaps := false
	for i := from; i < to; i++ {
		if r := &filled[i]; r.ends && !r.grid && strings.TrimFunc(r.text, isSpace) == "" {
			gaps = true
			*r = row{at: r.at, block: r.block, toks: []token{newToken("", r.at)}}
		}
	}
	if !gaps {
		return out
	}
	if other := collect(b, t, filled, from, to); other.whole(t) {
		return other
	}
	return out
}

// whole reports whether every row of the table stands there with all its cells.
func (g gathered) whole(t *form.Table) bool {
	if t.ID == "T4" {
		return len(g.records) == 1 && filled(g.records[0], len(t.Rows)*len(t.Rows[0].Cells))
	}
	if len(g.records) < len(t.Rows) {
		return false
	}
	for _, rec := range g.records {
		if rec.row == nil || !filled(rec, len(rec.row.Cells)) {
			return false
		}
	}
	return true
}

// filled reports whether a record has n cells, empty ones behind them not counted: those
// stand where a merged label of the next row covers.
func filled(rec record, n int) bool {
	have := len(rec.values)
	for have > n && rec.values[have-1].kind == blank {
		have--
	}
	return have == n
}

// collect walks rows from and to once.
func collect(b *book, t *form.Table, rows []row, from, to int) gathered {
	c := &collector{book: b, table: t}
	c.out.from, c.out.to = to, from
	c.lines = rowWise(t, rows[from:to])
	for i := from; i < to; i++ {
		c.walk(rows[i], i)
	}
	c.close()
	c.out.end = to == len(rows)
	if n := len(c.out.records); n > 0 && c.out.end {
		c.out.records[n-1].last = true
	}
	return c.out
}

// rowWise reports whether the source prints a row of the table on one line.
func rowWise(t *form.Table, rows []row) bool {
	need := 3
	if t.ID == "T2" {
		need = 2
	}
	for _, r := range rows {
		vals := r.values()
		if r.grid && len(r.toks) > 1 {
			return true
		}
		if len(vals) >= need && figures(vals) > 0 {
			return true
		}
		if t.ID == "T2" && len(vals) > 0 && figures(vals) > 0 && len(r.toks) > len(vals) && len(r.text) < 120 {
			return true
		}
	}
	return false
}

func (c *collector) walk(r row, i int) {
	if r.ends {
		return
	}
	if !r.grid && c.prose(r) {
		c.out.mixed = c.out.mixed || c.table.ID == "T4" && c.out.seen && crowded(r.text)
		c.close()
		return
	}
	values := r.values()
	labels := r.toks[:len(r.toks)-len(values)]
	if len(labels) == 0 && !r.grid && pageNumber(r) {
		return
	}
	labels, values = c.unglue(labels, values)
	named, merged := c.name(labels)
	touched := named != nil
	if named != nil {
		c.prev, c.local, c.apart = named, 0, false
	}
	c.heads = false
	for _, l := range labels {
		if c.book.blocks[l.norm] {
			c.block = l.norm
		}
		if c.isHeader(l.norm) {
			touched = true
			c.heads = named == nil
			c.apart = c.apart || c.heads && c.open != nil && !r.grid
			if c.heads && len(values) == 0 && c.headed == nil {
				c.heading = append(c.heading, l.norm)
			}
		}
	}
	if touched && !c.onlyCommon(labels, named) {
		c.out.seen = true
	}
	if c.table.ID == "T4" {
		c.fourth(r, labels, values, touched)
	} else {
		c.take(r, labels, values, named, merged)
	}
	if touched || len(values) > 0 {
		c.out.from, c.out.to = min(c.out.from, i), max(c.out.to, i+1)
	}
}

// onlyCommon reports labels that also stand elsewhere in reports, so that they alone do
// not show that the table is there.
func (c *collector) onlyCommon(labels []token, named *form.Row) bool {
	if named != nil {
		return false
	}
	for _, l := range labels {
		if utf8.RuneCountInString(l.norm) > 2 {
			return false
		}
	}
	return true
}

// unglue parts a label from figures printed right behind it: 行政处罚30.
func (c *collector) unglue(labels, values []token) ([]token, []token) {
	if len(labels) != 1 || len(values) != 0 {
		return labels, values
	}
	text := compact(labels[0].text)
	cut := len(text)
	for cut > 0 && (text[cut-1] >= '0' && text[cut-1] <= '9' || text[cut-1] == '.') {
		cut--
	}
	if cut == len(text) || cut == 0 {
		return labels, values
	}
	name := newToken(text[:cut], labels[0].at)
	if name.kind != words || c.book.find(c.table.ID, name.norm) == nil {
		return labels, values
	}
	name.col, name.span = labels[0].col, labels[0].span
	return []token{name}, []token{newToken(text[cut:], labels[0].at)}
}

// name finds the form's row among labels. The last one decides: what stands left of it are
// merged labels over several rows.
func (c *collector) name(labels []token) (r *form.Row, merged bool) {
	for i := len(labels) - 1; i >= 0; i-- {
		n := labels[i].norm
		if g := c.book.merged[n]; g != nil && g.Table == c.table.ID && i == len(labels)-1 {
			return g, true
		}
		if r := c.find(n); r != nil {
			return r, false
		}
	}
	if len(labels) > 1 {
		whole := ""
		for _, l := range labels {
			whole += l.norm
		}
		return c.find(whole), false
	}
	return nil, false
}

// find returns the row that words name, nil if they name none. A label without its number
// that is also a column's names the row that is due: 其他 behind 2.申请人逾期未按收费通知….
func (c *collector) find(n string) *form.Row {
	if r := c.book.find(c.table.ID, n); r != nil || c.heads || utf8.RuneCountInString(n) > 8 {
		return r
	}
	entries := c.book.rows[c.table.ID]
	for i, e := range entries {
		if i > 0 && entries[i-1].row == c.prev && (e.bare == n || shortened(n, e)) {
			return e.row
		}
	}
	return nil
}

// shortened reports whether words are a short label that lost a character.
func shortened(n string, e entry) bool {
	enum, bare := splitEnum(n)
	return enum != "" && sameEnum(enum, e.enum) && utf8.RuneCountInString(bare) == 3 && likeness(bare, e.bare) >= 0.8
}

func (c *collector) isHeader(n string) bool { return c.book.header(n) }

// take adds a physical row to the records of tables two and three.
func (c *collector) take(r row, labels, values []token, named *form.Row, merged bool) {
	c.learnColumns(r)
	switch {
	case len(values) > 0 && named != nil:
		c.close()
		if merged && c.groupOnly(r, values) {
			return
		}
		c.start(r, named, values, merged)
		if c.lines {
			c.close()
		}
	case len(values) > 0:
		c.unnamed(r, labels, values)
	case named != nil && !merged:
		if c.lines && !strings.Contains(r.text, "|") {
			c.loose = append(c.loose, named)
			c.out.alone = append(c.out.alone, record{row: named, at: r.at, last: true})
			return
		}
		c.close()
		c.start(r, named, nil, false)
		if c.lines {
			c.close()
		}
	case named != nil && merged && !c.lines:
		c.close()
		c.start(r, named, nil, true)
	case len(labels) > 0 && !c.lines && c.open != nil && !c.isHeader(labels[0].norm):
		if len(c.open.values) < c.expect(c.open) && !strings.HasPrefix(labels[0].norm, "其中") {
			c.open.cut = true // the rest of its label, or a page's line among its figures
			return
		}
		c.close()
		if utf8.RuneCountInString(labels[0].norm) >= 4 && !c.partOfLabel(labels[0].norm) {
			c.local = len(c.table.Rows[0].Cells)
		}
	}
}

// groupOnly reports a row that holds the group label and no figure, above its sub-rows.
func (c *collector) groupOnly(r row, values []token) bool {
	return figures(values) == 0 && !r.grid
}

func (c *collector) start(r row, named *form.Row, values []token, merged bool) {
	c.open = &record{row: named, at: r.at, merged: merged, hints: c.loose, values: values, sure: len(values) > 0, table: r.grid && !r.set}
	c.settleAlone()
	c.settleColumns(r, c.open)
}

// settleAlone forgets the labels that stood alone before a record, behind which the source
// surely goes on.
func (c *collector) settleAlone() {
	c.loose = nil
	for i := range c.out.alone {
		c.out.alone[i].last = false
	}
}

// unnamed deals with figures that have no label on their line.
func (c *collector) unnamed(r row, labels, values []token) {
	if len(labels) > 0 && figures(values) == 0 {
		return
	}
	if c.apart && c.table.ID == "T3" && c.open != nil && !c.lines && len(c.open.values) == c.expect(c.open) {
		c.close() // a row whose label the source set elsewhere, behind that of its group
		c.open, c.apart = &record{at: r.at}, false
	}
	switch {
	case c.open != nil && !c.lines && (len(values) == 1 || len(c.open.values) == 0):
		c.open.values = append(c.open.values, values...)
		c.out.mixed = c.out.mixed || c.apart && figures(values) > 0
	case c.lines && len(values) >= 2 && figures(values) > 0:
		c.close()
		c.open = &record{at: r.at, values: values, hints: c.loose}
		c.settleAlone()
		c.settleColumns(r, c.open)
		c.close()
	case len(labels) == 0 && len(values) <= c.local:
		c.local -= len(values)
		c.out.extras = append(c.out.extras, r)
	case figures(values) > 0 && len(labels) > 0:
		c.out.extras = append(c.out.extras, r)
	case figures(values) > 0:
		for _, v := range values {
			if v.kind == number {
				c.out.strays = append(c.out.strays, v)
			}
		}
	}
}

// learnColumns remembers which grid columns the value columns stand in.
func (c *collector) learnColumns(r row) {
	if !r.grid {
		return
	}
	rowsOf := c.table.Rows
	if len(rowsOf) == 0 {
		return
	}
	found := map[int]int{}
	hits := 0
	for _, t := range r.toks {
		if t.kind != words {
			continue
		}
		for _, fr := range rowsOf {
			if c.table.ID == "T2" && c.block != "" && c.book.items[fr] != c.block {
				continue
			}
			for i, column := range c.book.columns[fr] {
				if c.book.form.CanonicalOf(t.norm) == column {
					for x := range t.span {
						found[t.col+x] = i
					}
					hits++
				}
			}
			break
		}
	}
	if hits == 0 {
		return
	}
	if r.set && c.colsAt != r.block {
		c.cols = nil
	}
	c.colsAt = r.block
	if c.table.ID == "T2" || c.cols == nil {
		c.cols = found
		return
	}
	for k, v := range found {
		c.cols[k] = v
	}
}

// settleColumns lines the values of a grid row up with the headers when the row has more
// or fewer cells than the form.
func (c *collector) settleColumns(r row, rec *record) {
	if rec.row == nil && c.table.ID == "T2" {
		return
	}
	n := c.expect(rec)
	rec.exact = r.grid || len(rec.values) == n
	rec.order = c.orderOf(r, rec, n)
	if len(rec.values) == n || !c.headsOf(r) {
		return
	}
	if len(rec.values) < n && c.headedColumns() < n {
		rec.partial = true
		return
	}
	rec.raw = rec.values
	aligned := make([]token, n)
	filled := make([]bool, n)
	for i := range aligned {
		aligned[i] = token{kind: blank, at: r.at, col: -1}
	}
	for _, v := range rec.values {
		i, ok := c.cols[v.col]
		if v.kind == blank && (!ok || i >= n || filled[i]) || ok && i < n && filled[i] && v.text == aligned[i].text {
			continue // nothing, or the value of a merged cell once more
		}
		if !ok || i >= n || filled[i] {
			rec.exact = false
			return
		}
		aligned[i], filled[i] = v, true
	}
	rec.values = aligned
}

// headedColumns counts the columns of the form that the headers name.
func (c *collector) headedColumns() int {
	seen := map[int]bool{}
	for _, at := range c.cols {
		seen[at] = true
	}
	return len(seen)
}

// headsOf reports whether the headers seen last stand in the columns of a row: those of a
// true table, or of the same stretch of lines.
func (c *collector) headsOf(r row) bool {
	return r.grid && len(c.cols) > 0 && (!r.set || c.colsAt == r.block)
}

// orderOf is the order of the columns that the headers above a row state, nil if it is the
// form's or they do not say.
func (c *collector) orderOf(r row, rec *record, n int) []int {
	order := make([]int, 0, n)
	switch {
	case !c.headsOf(r):
		if c.headed == nil {
			c.headed = c.stated()
		}
		order = c.headed
	case len(rec.values) == n:
		for _, v := range rec.values {
			if at, ok := c.cols[v.col]; ok {
				order = append(order, at)
			}
		}
	}
	if len(order) != n || slices.IsSorted(order) {
		return nil
	}
	for i := range n {
		if !slices.Contains(order, i) {
			return nil
		}
	}
	return order
}

// stated reads the order of table three's columns off its headers, which stand one after
// the other: those under 法人或其他组织 belong where it stands.
func (c *collector) stated() []int {
	if c.table.ID != "T3" {
		return []int{}
	}
	columns := c.book.columns[c.table.Rows[0]]
	var outer, inner []int
	group := -1
	for _, n := range c.heading {
		at := slices.Index(columns, c.book.form.CanonicalOf(n))
		switch {
		case group < 0 && n == c.book.group:
			group = len(outer)
		case at < 0 || slices.Contains(outer, at) || slices.Contains(inner, at):
		case at == 0 || at == len(columns)-1:
			outer = append(outer, at)
		default:
			inner = append(inner, at)
		}
	}
	if group < 0 {
		return []int{}
	}
	return slices.Insert(outer, group, inner...)
}

// disordered reports whether figures stand apart from their labels: many in no row, or all
// in one. What then stands behind a label need not belong to it.
func (g gathered) disordered(t *form.Table) bool {
	if g.mixed || len(g.strays) > 2*len(t.Rows[0].Cells) {
		return true
	}
	for _, rec := range g.records {
		if rec.row != nil && !rec.sure && len(rec.values) > len(rec.row.Cells)+3 {
			return true
		}
	}
	return false
}

// surplus reports whether there are figures that may be those of a row that holds none: in
// no row, or more in one than it has cells. Two may be the numbers of pages.
func (g gathered) surplus(t *form.Table) bool {
	pages := 2
	if t.ID == "T2" {
		pages = 0
	}
	if len(g.strays) > pages {
		return true
	}
	for _, rec := range g.records {
		if rec.row != nil && !rec.sure && len(rec.values) > len(rec.row.Cells) {
			return true
		}
	}
	return false
}

// expect is the number of cells in the record's row.
func (c *collector) expect(rec *record) int {
	if rec.row != nil {
		return len(rec.row.Cells)
	}
	return len(c.table.Rows[0].Cells)
}

// fourth collects table four, which has one row of figures under its headers.
func (c *collector) fourth(r row, labels, values []token, header bool) {
	if len(labels) > 0 && !header && figures(values) == 0 {
		c.out.mixed = c.out.mixed || c.out.seen && crowded(labels[len(labels)-1].text)
		if c.open != nil && !c.lines {
			c.close()
		}
		return
	}
	if header && figures(values) == 0 && len(values) < 15 {
		if c.open != nil && figures(c.open.values) == 0 {
			c.open = nil
		}
		return
	}
	if len(values) == 0 || !c.out.seen {
		return
	}
	if c.open == nil {
		c.open = &record{at: r.at, table: r.grid && !r.set}
	}
	if last := len(values) - 1; r.grid && len(values)%len(c.table.Rows[0].Cells) == 1 && values[last].kind == blank {
		values = values[:last] // beside a part of the table that is narrower than another
	}
	c.open.values = append(c.open.values, values...)
}

// close ends the open record.
func (c *collector) close() {
	if c.open == nil {
		return
	}
	if c.open.merged && len(c.open.values) == 0 {
		c.open = nil
		return
	}
	c.out.records = append(c.out.records, *c.open)
	c.open = nil
}

// crowded reports words that hold many figures and are no sentence: cells whose bounds the
// source marks in a way of its own.
func crowded(text string) bool {
	return len(digitRuns.FindAllString(text, 5)) == 5 && !strings.Contains(text, "。")
}

// prose reports a line of running text: a sentence, not a label or a row.
func (c *collector) prose(r row) bool {
	n := utf8.RuneCountInString(r.text)
	if n < 14 || r.pipes {
		return false
	}
	full := ""
	for _, t := range r.toks {
		full += t.norm
	}
	if utf8.RuneCountInString(full) > longestLabel {
		return strings.ContainsAny(r.text, "。；，,;")
	}
	if c.find(full) != nil || c.isHeader(full) {
		return false
	}
	vals := r.values()
	if len(vals) >= 3 {
		return false
	}
	return strings.ContainsAny(r.text, "。；，,;") && (n >= 20 || strings.Contains(r.text, "。")) && !c.partOfLabel(full)
}

// partOfLabel reports a broken-off part of a row label or note, such as 不计其他情形）.
func (c *collector) partOfLabel(n string) bool {
	for _, e := range c.book.rows[c.table.ID] {
		if strings.Contains(e.full, n) {
			return true
		}
	}
	for _, note := range c.book.notes {
		if strings.Contains(note, n) || likeness(n, note) > 0.7 {
			return true
		}
	}
	return false
}

// pageNumber reports a line that only numbers its page: "- 3 -", "— 3 —", "第3页 共5页".
func pageNumber(r row) bool {
	t := compact(r.text)
	digits := strings.Trim(t, "-—–－·.第页共/0123456789")
	if digits != "" || t == "" {
		return false
	}
	if strings.ContainsAny(t, "第页共") {
		return true
	}
	inner := strings.Trim(t, "-—–－")
	if len(inner) == len(t) || inner == "" || !strings.HasPrefix(t, t[:1]) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(t)
	end, _ := utf8.DecodeLastRuneInString(t)
	dash := "-—–－"
	return strings.ContainsRune(dash, first) && strings.ContainsRune(dash, end) && utf8.RuneCountInString(inner) <= 3
}
