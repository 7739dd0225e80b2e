package extract

import (
	"math"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// book puts drawn pages together: lines and tables in reading order, tables that go on over
// the page joined.
type book struct {
	r     *reading
	pages int
	items []*item
	at    map[string]int // how many pages show a text at a height: headers and footers
}

// item is a line or a table of a page.
type item struct {
	page   int
	line   int // number on its page
	y      float64
	text   string
	x0, x1 float64 // how far a line reaches
	size   float64 // of its characters
	margin string  // by which headers and footers of other pages are known again
	table  *lattice
}

// add takes in the next page.
func (b *book) add(p *drawn) {
	b.pages++
	tables, err := p.lattices(b.r.limit)
	if err != nil {
		b.r.hit(err)
		return
	}
	var items []*item
	var loose []glyph
	for _, g := range p.glyphs {
		g.char = unified(g.char)
		if !slices.ContainsFunc(tables, func(l *lattice) bool { return l.take(g) }) {
			loose = append(loose, g)
		}
	}
	for _, l := range tables {
		l.write()
	}
	unruled, rest := aligned(lines(loose))
	if len(unruled) > 0 {
		b.r.note(NoteAligned)
	}
	for _, l := range append(tables, unruled...) {
		l.stamp(b.pages)
		if b.r.spendCells(len(l.cells)) {
			items = append(items, &item{page: b.pages, y: l.ys[0], table: l})
		}
	}
	for _, line := range rest {
		text := line.text()
		if text != "" && b.r.spend(len(text)) {
			items = append(items, &item{page: b.pages, y: line.base - line.size/2, text: text, x0: line.glyphs[0].x0, x1: line.glyphs[len(line.glyphs)-1].x1, size: line.size, margin: margin(text, line.base, p.height)})
		}
	}
	sort.SliceStable(items, func(i, j int) bool { return items[i].y < items[j].y })
	n := 0
	for _, it := range items {
		if it.table == nil {
			n++
			it.line = n
			b.count(it.margin)
		}
	}
	b.items = append(b.items, items...)
}

func (b *book) count(margin string) {
	if margin == "" {
		return
	}
	if b.at == nil {
		b.at = map[string]int{}
	}
	b.at[margin]++
}

// margin names a line in the upper or lower seventh of a page by its height and its text
// without digits; "" for a line elsewhere.
func margin(text string, base, height float64) string {
	if base > height/7 && base < height*6/7 {
		return ""
	}
	name := strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) || unicode.IsSpace(c) {
			return -1
		}
		return c
	}, text)
	return string(rune('0'+int(math.Round(base/10))%1000)) + name
}

// write turns each cell's characters into text.
func (l *lattice) write() {
	for _, b := range l.cells {
		var rows []string
		for _, line := range lines(b.glyphs) {
			if text := strings.TrimSpace(line.text()); text != "" {
				rows = append(rows, text)
			}
		}
		b.text, b.glyphs = strings.Join(rows, "\n"), nil
	}
	l.dropSlivers()
}

// stamp notes on which page the table stands.
func (l *lattice) stamp(page int) {
	l.page, l.last = page, page
	for _, b := range l.cells {
		b.page = page
	}
}

// sliver is the width, in points, up to which an empty column is the gap between two
// borders: no character fits in.
const sliver = 6.0

// dropSlivers takes out columns that only come of borders set apart, and rows that come of
// these or of a page that ends before the next row: at most one cell is theirs alone, and
// it is empty.
func (l *lattice) dropSlivers() {
	for i := l.rows - 1; i >= 0 && l.rows > 1; i-- {
		own := func(b *box) bool { return b.r0 == i && b.r1 == i+1 }
		if !l.idle(own) {
			continue
		}
		l.cells = slices.DeleteFunc(l.cells, own)
		for _, b := range l.cells {
			b.r0, b.r1 = less(b.r0, i), less(b.r1, i)
		}
		l.ys = slices.Delete(l.ys, i, i+1)
		l.rows--
	}
	for j := l.columns() - 1; j >= 0 && l.columns() > 1; j-- {
		own := func(b *box) bool { return b.c0 == j && b.c1 == j+1 }
		if l.xs[j+1]-l.xs[j] > sliver || !l.idle(own) {
			continue
		}
		l.cells = slices.DeleteFunc(l.cells, own)
		for _, b := range l.cells {
			b.c0, b.c1 = less(b.c0, j), less(b.c1, j)
		}
		l.xs = slices.Delete(l.xs, j, j+1)
	}
}

// less returns a row or column number after row or column gone was taken out.
func less(n, gone int) int {
	if n > gone {
		return n - 1
	}
	return n
}

// idle reports whether at most one cell matches, and it holds no text.
func (l *lattice) idle(match func(*box) bool) bool {
	n := 0
	for _, b := range l.cells {
		if match(b) {
			if n++; n > 1 || b.text != "" {
				return false
			}
		}
	}
	return true
}

// finish hands lines and tables on, joining tables over pages.
func (b *book) finish() {
	items := b.joined()
	indent(items)
	for _, it := range items {
		b.r.turn(it.page)
		if it.table == nil {
			b.r.lineAt(it.text, it.line)
		} else {
			b.r.table(it.table.table())
		}
	}
	b.r.doc.Pages = b.pages
}

// What tells the first line of a paragraph: it begins two characters right of the edge at
// which the others begin. The size of characters is the height of their font, which may be
// a third more than the square they stand in.
const (
	leastIndent = 1.4 // characters
	mostIndent  = 2.5
)

// indent writes the indent of first lines as the two wide spaces that texts have there: only
// the drawing tells where paragraphs begin.
func indent(items []*item) {
	lines := slices.DeleteFunc(slices.Clone(items), func(it *item) bool { return it.table != nil || it.text == "" })
	begin, sample := map[int]int{}, lines[:min(len(lines), 2000)] // some forty pages show the edge
	for _, it := range sample {
		begin[int(math.Round(it.x0))]++
	}
	edge, most := 0, 0
	for x, n := range begin {
		indented := 0
		for _, it := range sample {
			if it.indented(x) {
				indented++
			}
		}
		if pairs := min(n, indented); pairs > most || pairs == most && x < edge {
			edge, most = x, pairs
		}
	}
	for _, it := range lines {
		if most > 0 && it.indented(edge) {
			it.text = "　　" + it.text
		}
	}
}

// indented reports whether a line begins as a paragraph does where others begin at edge.
func (it *item) indented(edge int) bool {
	in := (it.x0 - float64(edge)) / max(it.size, 1)
	return in >= leastIndent && in <= mostIndent
}

// joined returns the items with tables that go on over the page made one. Between the parts
// may stand furniture, and the end of a cell's text that found no room above the last line.
func (b *book) joined() []*item {
	var open *item      // the table that ended the page before
	var between []*item // what followed it
	var kept []*item
	for _, it := range b.items {
		switch {
		case it.table != nil && open != nil && it.page == open.table.last+1 && open.table.join(it.table, overhang(open.table, between)):
			kept = slices.DeleteFunc(kept, func(o *item) bool { return o.text == "" && o.table == nil })
			between = nil
			continue
		case it.table != nil:
			open, between = it, nil
		case b.furniture(it):
		case open != nil && it.page == open.table.last && open.table.over(it) != nil:
			between = append(between, it)
		default:
			open = nil
		}
		kept = append(kept, it)
	}
	return kept
}

// overhang returns which cells the lines below a table belong to.
func overhang(l *lattice, below []*item) map[*box][]*item {
	m := map[*box][]*item{}
	for _, it := range below {
		if b := l.over(it); b != nil {
			m[b] = append(m[b], it)
		}
	}
	return m
}

// over returns the cell of the last row that a line stands below of, within its columns.
func (l *lattice) over(it *item) *box {
	for _, b := range l.cells {
		if b.r1 == l.rows && b.c1-b.c0 < l.columns() && b.text != "" && it.x0 >= l.xs[b.c0]-near && it.x1 <= l.xs[b.c1]+near {
			return b
		}
	}
	return nil
}

// pageNumber is a line that only counts pages: 3, - 3 -, — 3 —, 第3页 共5页, 3/5.
var pageNumber = regexp.MustCompile(`^[\s—–―－\-·.]*(第?\s*[0-9０-９]{1,4}\s*页?)(\s*[,，/／]?\s*共?\s*[0-9０-９]{1,4}\s*页?)?[\s—–―－\-·.]*$`)

// furniture reports whether a line is a page number, or a header or footer that other pages
// have in the same place.
func (b *book) furniture(it *item) bool {
	return it.margin != "" && (b.at[it.margin] > 1 || pageNumber.MatchString(it.text))
}

// table hands the lattice on as a table.
func (l *lattice) table() *Table {
	t := &Table{Columns: l.columns(), Rows: make([][]Cell, l.rows)}
	for _, b := range l.cells {
		c := Cell{Text: b.text, Row: b.r0, Col: b.c0, RowSpan: b.r1 - b.r0, ColSpan: b.c1 - b.c0}
		c.At.Page = b.page
		t.Rows[b.r0] = append(t.Rows[b.r0], c)
	}
	return t
}

// visualLine is a line as the eye sees it.
type visualLine struct {
	glyphs     []glyph
	base, size float64
}

// lines gathers characters into lines from top to bottom.
func lines(glyphs []glyph) []*visualLine {
	glyphs = slices.Clone(glyphs)
	sort.SliceStable(glyphs, func(i, j int) bool { return glyphs[i].base < glyphs[j].base })
	var out []*visualLine
	for _, g := range glyphs {
		if n := len(out); n > 0 {
			last := out[n-1]
			if g.base-last.base <= 0.45*max(g.size, last.size) {
				last.glyphs = append(last.glyphs, g)
				last.size = max(last.size, g.size)
				continue
			}
		}
		out = append(out, &visualLine{glyphs: []glyph{g}, base: g.base, size: g.size})
	}
	for _, l := range out {
		sort.SliceStable(l.glyphs, func(i, j int) bool { return l.glyphs[i].x0 < l.glyphs[j].x0 })
	}
	return out
}

// Gaps in parts of a character's height. A quarter is what typesetters put between Chinese
// and Latin; two characters set apart to fill a line stay below the gap of a column.
const (
	wordGap   = 0.3 // between Latin words
	spaceGap  = 0.7 // between any characters
	columnGap = 1.6 // between columns: written as a tab
)

// text writes a line, its gaps as spaces and tabs.
func (l *visualLine) text() string {
	var b strings.Builder
	var last *glyph
	for i := range l.glyphs {
		g := &l.glyphs[i]
		if last != nil {
			if again(last, g) {
				continue
			}
			b.WriteString(gapText(last, g))
		}
		b.WriteRune(g.char)
		last = g
	}
	return strings.TrimRight(clean(b.String()), " \t\u3000\u00A0")
}

// again reports whether g is the character before printed once more to look bold.
func again(last, g *glyph) bool {
	return last.char == g.char && g.char != ' ' && math.Abs(g.x0-last.x0) < 0.15*g.size
}

// gapText returns what parts two characters.
func gapText(a, b *glyph) string {
	gap := (b.x0 - a.x1) / max(min(a.size, b.size), 1)
	blank := unicode.IsSpace(a.char) || unicode.IsSpace(b.char)
	switch {
	case gap > columnGap:
		return "\t"
	case blank:
		return ""
	case gap > spaceGap, gap > wordGap && latin(a.char) && latin(b.char):
		return " "
	}
	return ""
}

func latin(c rune) bool { return c < 0x2E80 && utf8.RuneLen(c) < 3 }
