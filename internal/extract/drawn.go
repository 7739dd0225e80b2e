package extract

import (
	"math"

	"golang.org/x/text/unicode/norm"
)

// drawn is a page as it is drawn: characters and ruling lines, in points from the upper left
// corner. PDF and OFD both come down to it.
type drawn struct {
	width, height float64
	glyphs        []glyph
	rules         []rule
}

// glyph is one character: where it begins and ends, its base line and its height.
type glyph struct {
	char               rune
	x0, x1, base, size float64
	top                float64 // of its box; set for PDF
}

// middle returns the point by which a character belongs to a cell.
func (g glyph) middle() (x, y float64) { return (g.x0 + g.x1) / 2, g.base - g.size*0.3 }

// rule is a horizontal or vertical line.
type rule struct{ x0, y0, x1, y1 float64 }

func (k rule) horizontal() bool { return k.x1-k.x0 >= k.y1-k.y0 }

// thin is how thick, in points, a filled strip may be to be a line and not an area, and how
// far from straight a line may run.
const thin = 3.5

// tracer follows a path and leaves its ruling lines on the page: strokes that run level or
// upright, and filled strips so thin that they are lines.
type tracer struct {
	page    *drawn
	stroked bool
	points  [][2]float64
	bent    bool
}

func (t *tracer) move(x, y float64) {
	t.end()
	t.points = append(t.points, [2]float64{x, y})
}

func (t *tracer) line(x, y float64) { t.points = append(t.points, [2]float64{x, y}) }

func (t *tracer) curve(x, y float64) {
	t.bent = true
	t.points = append(t.points, [2]float64{x, y})
}

func (t *tracer) close() {
	if len(t.points) > 0 {
		t.points = append(t.points, t.points[0])
	}
}

// end takes the figure drawn so far as lines.
func (t *tracer) end() {
	points, bent := t.points, t.bent
	t.points, t.bent = nil, false
	if bent || len(points) < 2 {
		return
	}
	box := rule{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		box = rule{min(box.x0, p[0]), min(box.y0, p[1]), max(box.x1, p[0]), max(box.y1, p[1])}
	}
	if min(box.x1-box.x0, box.y1-box.y0) <= thin {
		t.keep(box)
		return
	}
	if !t.stroked {
		return // an area of colour
	}
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		t.keep(rule{min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])})
	}
}

// keep adds a line if it runs level or upright, drawn to its middle.
func (t *tracer) keep(k rule) {
	w, h := k.x1-k.x0, k.y1-k.y0
	switch {
	case !(w < 1e5 && h < 1e5) || math.Abs(k.x0) > 1e6 || math.Abs(k.y0) > 1e6: // also not a number
		return
	case h <= thin && w > h:
		y := (k.y0 + k.y1) / 2
		k.y0, k.y1 = y, y
	case w <= thin && h > w:
		x := (k.x0 + k.x1) / 2
		k.x0, k.x1 = x, x
	default:
		return
	}
	t.page.rules = append(t.page.rules, k)
}

// matrix is a transformation of the plane, as PDF and OFD write it.
type matrix struct{ a, b, c, d, e, f float64 }

// unit leaves everything where it is.
var unit = matrix{1, 0, 0, 1, 0, 0}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// then returns the transformation by m followed by n.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

// supplement holds the radicals that Unicode gives no equal to, although fonts draw them as
// these characters.
var supplement = map[rune]rune{
	'⺟': '母', '⺠': '民', '⻁': '虎', '⻄': '西', '⻅': '见', '⻆': '角', '⻉': '贝', '⻋': '车', '⻓': '长', '⻔': '门',
	'⻘': '青', '⻙': '韦', '⻚': '页', '⻛': '风', '⻜': '飞', '⻝': '食', '⻢': '马', '⻤': '鬼', '⻥': '鱼', '⻦': '鸟',
	'⻨': '麦', '⻩': '黄', '⻬': '齐', '⻮': '齿', '⻰': '龙', '⻳': '龟',
}

// unified replaces a radical by the character that looks the same. Fonts that share one
// outline for both make PDF files say ⼀ (U+2F00) where 一 was typed.
func unified(c rune) rune {
	if c < 0x2E80 || c > 0x2FDF {
		return c
	}
	if u, ok := supplement[c]; ok {
		return u
	}
	for _, u := range norm.NFKC.String(string(c)) {
		return u
	}
	return c
}
