// Package chart draws small charts as inline SVG (图表): ranked bars, years side by side,
// and shares of a whole. Every figure also stands as text, so that nothing depends on
// colour; lightness steps keep series apart in print, outlines follow the page's text
// colour so that the charts work on light and dark pages. Pure functions; text is escaped.
package chart

import (
	"fmt"
	"hash/fnv"
	"html"
	"math"
	"strings"
	"unicode/utf8"
)

// Bar is one labelled value.
type Bar struct {
	Label string
	Value float64 // its length; not below zero
	Text  string  // the value as shown; "" shows nothing
	Faint bool    // drawn hatched: a value to be read with caution
}

// Ranked is bars in the order given, the first on top.
type Ranked struct {
	Title, Description string
	Bars               []Bar
}

// Grouped is the same things at several times, such as two years.
type Grouped struct {
	Title, Description string
	Series             []string // what each bar of a group stands for; at most three
	Groups             []Group
}

// Group is one thing with a bar for each series.
type Group struct {
	Label string
	Bars  []Bar // labels are not used
}

// Stacked is wholes divided into parts.
type Stacked struct {
	Title, Description string
	Parts              []string // at most six
	Wholes             []Whole
}

// Whole is one bar and the sizes of its parts.
type Whole struct {
	Label string
	Parts []Bar // labels are not used
}

// Measures of a drawing, in its own units.
const (
	width    = 720
	margin   = 4
	text     = 14 // size of type
	line     = 20 // height of a line of text
	thick    = 18 // of a bar
	gap      = 10 // between bars
	labelMax = 260
	valueMax = 110
)

// tone is a fill and the colour of figures on it; each pair has a contrast of 4.5 or more.
type tone struct{ fill, ink string }

// tones fall from dark to light in steps that stay apart without colour.
var tones = []tone{
	{"#12355b", "#ffffff"}, {"#1d6a96", "#ffffff"}, {"#cf7a48", "#000000"},
	{"#8fae5d", "#000000"}, {"#e6c65a", "#000000"}, {"#efeadf", "#000000"},
}

// SVG draws the bars.
func (c Ranked) SVG() string {
	left := labelWidth(func(yield func(string)) {
		for _, b := range c.Bars {
			yield(b.Label)
		}
	})
	top := highest(func(yield func(Bar)) { each(c.Bars, yield) })
	d := newDrawing(c.Title, c.Description, width)
	for _, b := range c.Bars {
		d.label(b.Label, left, d.y+thick-4)
		d.bar(b, left, top, tones[1])
		d.y += thick + gap
	}
	return d.close()
}

// SVG draws the groups, their bars one under the other.
func (c Grouped) SVG() string {
	left := labelWidth(func(yield func(string)) {
		for _, g := range c.Groups {
			yield(g.Label)
		}
	})
	top := highest(func(yield func(Bar)) {
		for _, g := range c.Groups {
			each(g.Bars, yield)
		}
	})
	shades := []tone{tones[4], tones[1], tones[0]}
	d := newDrawing(c.Title, c.Description, width)
	d.legend(c.Series, shades)
	for _, g := range c.Groups {
		middle := d.y + float64(len(g.Bars))*thick/2 + 5
		d.label(g.Label, left, middle)
		for i, b := range g.Bars {
			d.bar(b, left, top, shades[i%len(shades)])
			d.y += thick
		}
		d.y += gap
	}
	return d.close()
}

// SVG draws the wholes, all of one length, with their parts in proportion.
func (c Stacked) SVG() string {
	left := labelWidth(func(yield func(string)) {
		for _, w := range c.Wholes {
			yield(w.Label)
		}
	})
	d := newDrawing(c.Title, c.Description, width)
	d.legend(c.Parts, tones)
	for _, w := range c.Wholes {
		d.label(w.Label, left, d.y+thick-3)
		d.stack(w, left)
		d.y += thick + gap + 4
	}
	return d.close()
}

// drawing gathers the marks and the height they need.
type drawing struct {
	id, title, description string
	marks                  strings.Builder
	y                      float64
	hatched                bool
	width                  float64
}

func newDrawing(title, description string, width float64) *drawing {
	h := fnv.New32a()
	fmt.Fprint(h, title, "\x00", description)
	return &drawing{id: fmt.Sprintf("chart-%08x", h.Sum32()), title: title, description: description,
		y: margin, width: width}
}

func (d *drawing) close() string {
	var b strings.Builder
	height := d.y + margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 %s %s" `,
		number(d.width), number(height))
	fmt.Fprintf(&b, `aria-labelledby="%s-t %s-d" font-size="%d" fill="currentColor" style="max-width:100%%;height:auto">`,
		d.id, d.id, text)
	fmt.Fprintf(&b, `<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`,
		d.id, html.EscapeString(d.title), d.id, html.EscapeString(d.description))
	if d.hatched {
		fmt.Fprintf(&b, `<defs><pattern id="%s-h" width="6" height="6" patternUnits="userSpaceOnUse" `+
			`patternTransform="rotate(45)"><path d="M0 0V6" stroke="currentColor" stroke-width="2.5"/></pattern></defs>`, d.id)
	}
	b.WriteString(d.marks.String())
	b.WriteString("</svg>")
	return b.String()
}

// label writes a bar's name, ending where the bars begin, cut to what fits.
func (d *drawing) label(s string, left, y float64) {
	cut := fit(s, left-10)
	fmt.Fprintf(&d.marks, `<text x="%s" y="%s" text-anchor="end">%s</text>`,
		number(left-8), number(y), html.EscapeString(cut))
}

// bar draws one value and writes its text behind it.
func (d *drawing) bar(b Bar, left, top float64, t tone) {
	length := 0.0
	if top > 0 && b.Value > 0 {
		length = max(1, b.Value/top*(d.width-left-valueMax))
	}
	fill := t.fill
	if b.Faint {
		fill, d.hatched = "url(#"+d.id+"-h)", true
	}
	fmt.Fprintf(&d.marks, `<rect x="%s" y="%s" width="%s" height="%d" fill="%s" stroke="currentColor" stroke-width="0.75"/>`,
		number(left), number(d.y+1), number(length), thick-2, fill)
	if b.Text != "" {
		fmt.Fprintf(&d.marks, `<text x="%s" y="%s">%s</text>`,
			number(left+length+6), number(d.y+thick-4), html.EscapeString(b.Text))
	}
}

// stack draws the parts of a whole; a figure stands in a part that has room for it.
func (d *drawing) stack(w Whole, left float64) {
	sum := 0.0
	for _, p := range w.Parts {
		sum += max(0, p.Value)
	}
	if sum == 0 {
		return
	}
	x, room := left, d.width-left-margin
	for i, p := range w.Parts {
		length := max(0, p.Value) / sum * room
		if length == 0 {
			continue
		}
		t := tones[i%len(tones)]
		fmt.Fprintf(&d.marks, `<rect x="%s" y="%s" width="%s" height="%d" fill="%s" stroke="currentColor" stroke-width="0.75"/>`,
			number(x), number(d.y), number(length), thick+4, t.fill)
		if p.Text != "" && textWidth(p.Text)+6 <= length {
			fmt.Fprintf(&d.marks, `<text x="%s" y="%s" text-anchor="middle" fill="%s">%s</text>`,
				number(x+length/2), number(d.y+thick-2), t.ink, html.EscapeString(p.Text))
		}
		x += length
	}
}

// legend names the fills, as many to a line as fit.
func (d *drawing) legend(names []string, ts []tone) {
	x := float64(margin)
	for i, n := range names {
		need := textWidth(n) + 36
		if x > margin && x+need > d.width {
			x, d.y = margin, d.y+line
		}
		fmt.Fprintf(&d.marks, `<rect x="%s" y="%s" width="14" height="14" fill="%s" stroke="currentColor" stroke-width="0.75"/>`,
			number(x), number(d.y+2), ts[i%len(ts)].fill)
		fmt.Fprintf(&d.marks, `<text x="%s" y="%s">%s</text>`, number(x+20), number(d.y+14), html.EscapeString(n))
		x += need
	}
	if len(names) > 0 {
		d.y += line + 6
	}
}

// labelWidth returns where the bars begin: after the widest label, within bounds.
func labelWidth(labels func(func(string))) float64 {
	w := 40.0
	labels(func(s string) { w = max(w, textWidth(s)+12) })
	return min(w, labelMax)
}

func highest(bars func(func(Bar))) float64 {
	top := 0.0
	bars(func(b Bar) { top = max(top, b.Value) })
	return top
}

func each(bars []Bar, yield func(Bar)) {
	for _, b := range bars {
		yield(b)
	}
}

// textWidth estimates the width of s: a Chinese character is as wide as the type is high,
// a Latin letter or figure six tenths of it.
func textWidth(s string) float64 {
	w := 0.0
	for _, r := range s {
		if r < 0x2000 {
			w += text * 0.6
		} else {
			w += text
		}
	}
	return w
}

// fit cuts s to a width, marking the cut.
func fit(s string, room float64) string {
	if textWidth(s) <= room {
		return s
	}
	for len(s) > 0 && textWidth(s)+text > room {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s + "…"
}

// number writes a coordinate with one decimal place.
func number(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		f = 0
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0")
}
