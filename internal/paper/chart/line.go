package chart

import (
	"fmt"
	"math"
	"strings"
)

// Line is how figures went over time, such as items published month by month.
type Line struct {
	Title, Description string
	Labels             []string // of the points in time, from left to right
	Series             []Series // at most three
}

// Series is one line: a value for each label, NaN where there is none, which leaves a gap.
type Series struct {
	Name   string
	Values []float64
}

// plot is the room a line is drawn in.
const (
	plotHigh  = 150
	plotLeft  = 44
	plotRight = width - 12
)

// dashes keep the lines apart without colour.
var dashes = []string{"", "7 4", "2 4"}

// SVG draws the lines over a scale that begins at nought.
func (c Line) SVG() string {
	top, count := 0.0, len(c.Labels)
	for _, s := range c.Series {
		for _, v := range s.Values {
			if !math.IsNaN(v) {
				top = max(top, v)
			}
		}
		count = max(count, len(s.Values))
	}
	top = roundUp(top)
	d := newDrawing(c.Title, c.Description)
	if len(c.Series) > 1 {
		d.lineLegend(c.Series)
	}
	base := d.y + 10 + plotHigh
	for i := range 3 {
		v := top * float64(i) / 2
		y := base - plotHigh*float64(i)/2
		fmt.Fprintf(&d.marks, `<path d="M%d %sH%d" stroke="currentColor" stroke-width="0.5" stroke-opacity="0.35"/>`, plotLeft, number(y), plotRight)
		d.write(plotLeft-6, y+5, "currentColor", "end", number(v))
	}
	for i, s := range c.Series {
		d.line(s, i, count, top, base)
	}
	d.axis(c.Labels, base)
	d.y = base + line + 4
	return d.close()
}

// lineLegend names the lines by how they are drawn.
func (d *drawing) lineLegend(all []Series) {
	x := float64(margin)
	for i, s := range all {
		need := textWidth(s.Name) + 52
		if x > margin && x+need > width {
			x, d.y = margin, d.y+line
		}
		fmt.Fprintf(&d.marks, `<path d="M%s %sh28"%s stroke="%s" stroke-width="2.5" stroke-dasharray="%s" fill="none"/>`,
			number(x), number(d.y+9), class("line", lineTones, lineTones[i%len(lineTones)]), lineTones[i%len(lineTones)], dashes[i%len(dashes)])
		d.write(x+34, d.y+14, "currentColor", "start", s.Name)
		x += need
	}
	d.y += line + 4
}

// lineTones show on light and on dark pages alike.
var lineTones = []string{"#2f7fc1", "#c2641a", "#7a8794"}

func across(i, count int) float64 {
	if count < 2 {
		return (plotLeft + plotRight) / 2
	}
	return plotLeft + 8 + float64(i)/float64(count-1)*(plotRight-plotLeft-16)
}

func (d *drawing) line(s Series, nth, count int, top, base float64) {
	var path, dots strings.Builder
	tone := lineTones[nth%len(lineTones)]
	named := class("line", lineTones, tone)
	for i, v := range s.Values {
		if math.IsNaN(v) {
			continue
		}
		y := base
		if top > 0 {
			y = base - max(0, v)/top*plotHigh
		}
		x := across(i, count)
		move := "L"
		if i == 0 || math.IsNaN(s.Values[i-1]) {
			move = "M"
		}
		fmt.Fprintf(&path, "%s%s %s", move, number(x), number(y))
		fmt.Fprintf(&dots, `<circle cx="%s" cy="%s" r="2.5"%s fill="%s"/>`, number(x), number(y), named, tone)
	}
	fmt.Fprintf(&d.marks, `<path d="%s"%s stroke="%s" stroke-width="2.5" stroke-dasharray="%s" fill="none"/>`,
		path.String(), named, tone, dashes[nth%len(dashes)])
	d.marks.WriteString(dots.String())
}

// axis names as many of the points as fit.
func (d *drawing) axis(labels []string, base float64) {
	widestLabel := 1.0
	for _, l := range labels {
		widestLabel = max(widestLabel, textWidth(l)+10)
	}
	fit := max(1, int((plotRight-plotLeft)/widestLabel))
	every := (len(labels) + fit - 1) / fit
	for i, l := range labels {
		if (len(labels)-1-i)%max(1, every) != 0 {
			continue
		}
		x, anchor := across(i, len(labels)), "middle"
		if i == len(labels)-1 && x+textWidth(l)/2 > width {
			x, anchor = width-2, "end"
		}
		d.write(x, base+line-2, "currentColor", anchor, l)
	}
}

// roundUp returns the scale's top: 1, 2 or 5 times a power of ten, even so that its half
// is a whole number where figures are.
func roundUp(v float64) float64 {
	if v <= 2 {
		return 2
	}
	step := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 4, 6, 8, 10} {
		if top := m * step; top >= v {
			return top
		}
	}
	return 10 * step
}
