package paper

import (
	"fmt"
	"math"
)

// page is what stands on one page, in points from its upper left corner.
type page struct {
	texts    []textMark
	rules    []ruleMark
	fills    []fillMark
	pictures []pictureMark
	headings []string // that begin here, for the list readers show beside the page
}

type (
	// textMark is a run of letters in one face on one baseline.
	textMark struct {
		x, y, size float64
		spacing    float64 // added behind each letter
		face       *face
		text       string
		ink        ink
	}
	ruleMark struct {
		x1, y1, x2, y2 float64
		weight         float64 // in points; that of tables if zero
		ink            ink
	}
	fillMark struct{ x, y, w, h float64 }
)

// slab is a strip of the page that is not cut: a line of text or a row of a table.
type slab struct {
	height  float64
	keep    bool // stays on the page of the slab behind it
	block   int  // index in the body; negative for what stands around it
	draw    func(p *page, y float64)
	heading string
	table   *grid // of a row
	row     int
}

// layout sets a document in pages.
type layout struct {
	doc     *Document
	slabs   []slab
	pages   []*page
	y       float64
	lacking map[rune]bool // characters no face has
	breaks  map[int]bool  // blocks moved to the next page to keep a table whole
	part    *gridPart     // rows of the table being set on this page
}

// The edges of the text in points.
const (
	left   = marginLeft * mmPoint
	top    = marginTop * mmPoint
	width  = textWidth * mmPoint
	height = textHeight * mmPoint
	pitch  = linePitch / twip
)

// set lays d out.
func set(d *Document) *layout {
	l := &layout{doc: d, lacking: map[rune]bool{}, breaks: map[int]bool{}}
	if d.Head != nil {
		l.head(d.Head)
	}
	if t := d.factTable(); t != nil {
		l.table(t, -1)
		l.blank(-1, false)
	}
	if d.Title != "" {
		l.title(d.Title)
		l.blank(-1, false)
	}
	if d.To != "" {
		l.to(d.To)
	}
	for i, k := range d.Body {
		if k.Table != nil {
			l.table(k.Table, i)
			if i+1 == len(d.Body) || d.Body[i+1].Table != nil {
				l.slabs = append(l.slabs, slab{height: 6, block: i})
			}
			continue
		}
		if k.Picture != nil {
			if k.printed() {
				l.picture(k.Picture, i)
			}
			continue
		}
		l.paragraph(k, i)
	}
	l.enclosures()
	l.closing()
	l.copies()
	l.paginate()
	return l
}

// text styles.
func bodySetting(faces chain) setting {
	return setting{faces: faces, size: bodySize, tighten: tightening / twip, hang: true}
}

func (l *layout) blank(block int, keep bool) {
	l.slabs = append(l.slabs, slab{height: pitch, keep: keep, block: block})
}

// title sets the title's lines in the middle.
func (l *layout) title(title string) {
	s := setting{faces: titleFaces, size: titleSize}
	for _, text := range titleLines(title) {
		for _, ln := range s.lines(s.glyphs(text, l.lacking), 0, width) {
			l.line(s, ln, (width-ln.width)/2, 0, -1, true)
		}
	}
}

// paragraph sets a paragraph, its first line indented by two characters.
func (l *layout) paragraph(k Block, block int) {
	faces := map[Style]chain{Body: bodyFaces, Heading: headFaces, Subheading: kaiFaces}[k.Style]
	s := bodySetting(faces)
	gs := append(bodySetting(kaiFaces).glyphs(k.Text[:k.Lead], l.lacking), s.glyphs(k.Text[k.Lead:], l.lacking)...)
	indent := 2 * charPitch
	for i, ln := range s.lines(gs, indent, textRoom) {
		x := 0.0
		if i == 0 {
			x = indent
		}
		stretch := 0.0
		if !ln.last {
			stretch = width - x - ln.width
		}
		l.line(s, ln, x, stretch, block, k.Style != Body)
		if i == 0 && k.Style == Heading {
			l.slabs[len(l.slabs)-1].heading = k.Text
		}
	}
}

// line adds a line of text, stretched over its letters' gaps.
func (l *layout) line(s setting, ln line, x, stretch float64, block int, keep bool) {
	l.slabs = append(l.slabs, slab{height: pitch, keep: keep, block: block, draw: func(p *page, y float64) {
		p.write(s, ln, left+x, y+0.8*pitch, stretch)
	}})
}

// closing sets signature and date at the right.
func (l *layout) closing() {
	d := l.doc
	if d.Signature == "" && d.Date == "" {
		return
	}
	l.blank(len(d.Body), true)
	s := bodySetting(bodyFaces)
	signature, date := d.closingIndents()
	if d.Seal {
		l.seal(date)
	}
	for _, item := range []struct {
		text   string
		indent float64
		keep   bool
	}{{d.Signature, signature, d.Date != ""}, {d.Date, date, false}} {
		if item.text == "" {
			continue
		}
		for _, ln := range s.lines(s.glyphs(item.text, l.lacking), item.indent, width-item.indent) {
			l.line(s, ln, width-item.indent-ln.width, 0, len(d.Body), item.keep)
		}
	}
}

// paginate puts the slabs on pages.
func (l *layout) paginate() {
	l.turn()
	for i := 0; i < len(l.slabs); {
		n, need := l.together(i)
		if l.y+need > height+0.01 && l.y > 0 {
			if l.holdsTable(i, n) {
				l.breaks[l.slabs[i].block] = true
			}
			l.turn()
			l.repeatHead(l.slabs[i])
			l.repeatLabels(i)
		}
		for _, s := range l.slabs[i : i+n] {
			l.put(s)
		}
		i += n
	}
	l.endPart()
	for n := range l.pages {
		l.number(n + 1)
	}
}

// together returns how many slabs from the i-th on stay on one page, and their height. A
// table stays whole with what heads it where a page holds both: a form is read across its
// rows and down its columns, and one cut in two is neither.
func (l *layout) together(i int) (n int, need float64) {
	for n = 1; l.slabs[i+n-1].keep && i+n < len(l.slabs); n++ {
	}
	end := i + n
	if t := l.slabs[end-1].table; t != nil && l.starts(i, end) {
		for end < len(l.slabs) && l.slabs[end].table == t {
			end++
		}
	}
	if whole := l.heights(i, end); whole <= height {
		return end - i, whole
	}
	return n, l.heights(i, i+n)
}

// starts reports whether a table starts among the slabs.
func (l *layout) starts(from, to int) bool {
	for _, s := range l.slabs[from:to] {
		if s.table != nil && s.row == 0 {
			return true
		}
	}
	return false
}

func (l *layout) heights(from, to int) float64 {
	h := 0.0
	for _, s := range l.slabs[from:to] {
		h += s.height
	}
	return h
}

// holdsTable reports whether the n slabs from the i-th on hold a table from its first row
// to its last. A break before anything less would be wrong where lines turn otherwise.
func (l *layout) holdsTable(i, n int) bool {
	s := l.slabs[i+n-1]
	return s.table != nil && s.row == len(s.table.heights)-1 && s.block >= 0 && l.starts(i, i+n)
}

// turn starts a page.
func (l *layout) turn() {
	l.endPart()
	l.pages = append(l.pages, &page{})
	l.y = 0
}

// put sets a slab at the current height.
func (l *layout) put(s slab) {
	switch {
	case s.table != nil:
		if l.part == nil || l.part.grid != s.table {
			l.endPart()
			l.part = &gridPart{grid: s.table}
		}
		l.part.rows = append(l.part.rows, gridRow{s.row, top + l.y})
	default:
		l.endPart()
		p := l.pages[len(l.pages)-1]
		if s.draw != nil {
			s.draw(p, top+l.y)
		}
		if s.heading != "" {
			p.headings = append(p.headings, s.heading)
		}
	}
	l.y += s.height
}

// repeatHead sets the head of a table again above a row that starts a page.
func (l *layout) repeatHead(s slab) {
	if s.table == nil || s.row < s.table.table.Head || s.row == 0 {
		return
	}
	for row := range s.table.table.Head {
		l.put(slab{height: s.table.heights[row], table: s.table, row: row})
	}
}

// repeatLabels makes room for the labels that reach over a page's end, which stand again
// beside their rows on the next one. i is the slab of the first row there.
func (l *layout) repeatLabels(i int) {
	g, row := l.slabs[i].table, l.slabs[i].row
	if g == nil {
		return
	}
	for _, gc := range g.cells {
		if end := gc.cell.Row + gc.cell.RowSpan; gc.cell.Row < row && row < end && gc.cell.Role.head() {
			g.grow(row, end, gc)
			l.slabs[i+end-1-row].height = g.heights[end-1]
		}
	}
}

// endPart draws the rows set so far of the table in hand.
func (l *layout) endPart() {
	if l.part != nil {
		l.part.draw(l.pages[len(l.pages)-1])
		l.part = nil
	}
}

// number sets the page number, odd ones at the right, even ones at the left.
func (l *layout) number(n int) {
	s := setting{faces: pageFaces, size: footerSize}
	gs := s.glyphs(fmt.Sprintf("— %d —", n), l.lacking)
	for i := range gs {
		gs[i].gap = 0
	}
	ln := line{glyphs: gs, width: measure(gs)}
	x := left + footerSize
	if n%2 == 1 {
		x = left + width - footerSize - ln.width
	}
	l.pages[n-1].write(s, ln, x, top+height+dashGap*mmPoint+0.35*footerSize, 0)
}

// widest is how far letters are stretched apart at most, in squares; a line that a long web
// address left half empty stays ragged.
const widest = 0.25

// write sets a line of glyphs from x on, its rest spread over the gaps after wide letters
// and spaces.
func (p *page) write(s setting, ln line, x, y, stretch float64) {
	gs := ln.glyphs
	gaps := 0
	for i := range gs {
		if i+1 < len(gs) && loose(gs[i].r) {
			gaps++
		}
	}
	extra := 0.0
	if gaps > 0 && stretch/float64(gaps) <= widest*s.size {
		extra = stretch / float64(gaps)
	}
	var run textMark
	flush := func() {
		if run.text != "" {
			p.texts = append(p.texts, run)
		}
		run = textMark{}
	}
	for i, g := range gs {
		if i > 0 && g.gap > 0 {
			flush()
			x += g.gap
		}
		spacing := s.tighten
		if loose(g.r) {
			spacing += extra
		}
		if run.face != nil && (run.face.name != g.face.name || math.Abs(run.spacing-spacing) > 1e-9) {
			flush()
		}
		if run.text == "" {
			run = textMark{x: x, y: y, size: s.size, spacing: spacing, face: g.face, ink: s.ink}
		}
		run.text += string(g.r)
		x += g.w
		if loose(g.r) {
			x += extra
		}
	}
	flush()
}

// loose reports whether a line may be stretched behind r.
func loose(r rune) bool { return wide(r) || r == ' ' }
