// Package chart draws small charts as inline SVG (图表): ranked bars and years side by
// side. Figures stand beside their bars; a page shows the same figures in a table too. Lightness steps
// keep series apart in print, outlines follow the page's text colour, so that the charts
// work on light and dark pages; names stand above their bars, so that type stays readable
// on a phone. The page scales them with svg.chart { max-width: 100%; height: auto }.
// Pure functions; text is escaped.
package chart

import (
	"fmt"
	"hash/fnv"
	"html"
	"math"
	"slices"
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

const (
	width    = 400
	widest   = 520 // pixels on a page, so that type does not outgrow the text around it
	margin   = 4
	text     = 14 // size of type
	line     = 20 // height of a line of text
	thick    = 18 // of a bar
	gap      = 8  // between groups
	valueMax = 110
)

// tones fall from dark to light in steps that stay apart without colour.
var tones = []string{"#12355b", "#1d6a96", "#e6c65a"}

// SVG draws the bars.
func (c Ranked) SVG() string {
	top := 0.0
	for _, b := range c.Bars {
		top = max(top, b.Value)
	}
	d := newDrawing(c.Title, c.Description)
	for _, b := range c.Bars {
		d.label(b.Label)
		d.bar(b, top, tones[1])
		d.y += gap
	}
	return d.close()
}

// SVG draws the groups, their bars one under the other.
func (c Grouped) SVG() string {
	top := 0.0
	for _, g := range c.Groups {
		for _, b := range g.Bars {
			top = max(top, b.Value)
		}
	}
	shades := []string{tones[2], tones[1], tones[0]}
	d := newDrawing(c.Title, c.Description)
	d.legend(c.Series, shades)
	for _, g := range c.Groups {
		d.label(g.Label)
		for i, b := range g.Bars {
			d.bar(b, top, shades[i%len(shades)])
		}
		d.y += gap
	}
	return d.close()
}

// drawing gathers the marks and the height they need.
type drawing struct {
	id, title, description string
	marks                  strings.Builder
	y                      float64
	hatched                bool
}

func newDrawing(title, description string) *drawing {
	h := fnv.New32a()
	fmt.Fprint(h, title, "\x00", description)
	return &drawing{id: fmt.Sprintf("chart-%08x", h.Sum32()), title: title, description: description,
		y: margin}
}

func (d *drawing) close() string {
	var b strings.Builder
	height := d.y + margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 %d %s" width="%d" `,
		width, number(height), widest)
	fmt.Fprintf(&b, `aria-labelledby="%s-t %s-d" font-size="%d" fill="currentColor">`, d.id, d.id, text)
	fmt.Fprintf(&b, `<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`,
		d.id, html.EscapeString(d.title), d.id, html.EscapeString(d.description))
	if d.hatched {
		fmt.Fprintf(&b, `<defs><pattern id="%s-h" width="6" height="6" patternUnits="userSpaceOnUse" `+
			`patternTransform="rotate(45)"><path d="M0 0V6" stroke="#4a90c0" stroke-width="2.5"/></pattern></defs>`, d.id)
	}
	b.WriteString(d.marks.String())
	b.WriteString("</svg>")
	return b.String()
}

// label writes a name on a line of its own, cut to what fits.
func (d *drawing) label(s string) {
	d.write(margin, d.y+text, "currentColor", "start", fit(s, width-2*margin))
	d.y += line
}

func (d *drawing) write(x, y float64, ink, anchor, s string) {
	fmt.Fprintf(&d.marks, `<text x="%s" y="%s" fill="%s" text-anchor="%s">%s</text>`,
		number(x), number(y), ink, anchor, html.EscapeString(s))
}

// box draws a filled rectangle.
func (d *drawing) box(x, y, w, h float64, fill string) {
	fmt.Fprintf(&d.marks, `<rect x="%s" y="%s" width="%s" height="%s"%s fill="%s" stroke="currentColor" stroke-width="0.75"/>`,
		number(x), number(y), number(w), number(h), class("tone", tones, fill), fill)
}

// class names the place of a colour among ours, so that a page's theme may put its own there:
// tone-1 to tone-3 fill bars, line-1 to line-3 are the strokes of lines.
func class(kind string, among []string, colour string) string {
	if i := slices.Index(among, colour); i >= 0 {
		return fmt.Sprintf(` class="%s-%d"`, kind, i+1)
	}
	return ""
}

// bar draws one value and writes its text behind it.
func (d *drawing) bar(b Bar, top float64, fill string) {
	length := 0.0
	if top > 0 && b.Value > 0 {
		length = max(1, b.Value/top*(width-2*margin-valueMax))
	}
	if b.Faint {
		fill, d.hatched = "url(#"+d.id+"-h)", true
	}
	d.box(margin, d.y+1, length, thick-2, fill)
	d.write(margin+length+6, d.y+thick-4, "currentColor", "start", b.Text)
	d.y += thick
}

// legend names the fills, as many to a line as fit.
func (d *drawing) legend(names, ts []string) {
	x := float64(margin)
	for i, n := range names {
		need := textWidth(n) + 36
		if x > margin && x+need > width {
			x, d.y = margin, d.y+line
		}
		d.box(x, d.y+2, 14, 14, ts[i%len(ts)])
		d.write(x+20, d.y+14, "currentColor", "start", n)
		x += need
	}
	if len(names) > 0 {
		d.y += line + 6
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
