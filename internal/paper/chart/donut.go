package chart

import (
	"fmt"
	"math"
)

// Donut is how a whole divides, such as documents by their state. Beyond five parts a
// ranked chart reads better.
type Donut struct {
	Title, Description string
	Middle             string // the whole, in the hole
	Parts              []Bar
}

// donutTones fall from dark to light; a gap parts neighbours without colour.
var donutTones = []string{"#12355b", "#1d6a96", "#4fa3c7", "#e6c65a", "#b9c2cc"}

const (
	donutRadius = 62
	donutThick  = 26
	donutX      = margin + donutRadius + donutThick/2
)

// SVG draws the ring with its parts named beside it.
func (c Donut) SVG() string {
	whole := 0.0
	for _, p := range c.Parts {
		whole += max(0, p.Value)
	}
	d := newDrawing(c.Title, c.Description)
	ring := 2.0*donutRadius + donutThick
	names := float64(len(c.Parts)) * (line + 8)
	d.y = margin + max(ring, names)
	middle := margin + max(ring, names)/2
	d.ring(c.Parts, whole, middle)
	d.write(donutX, middle+text*0.36, "currentColor", "middle", fit(c.Middle, 2*(donutRadius-donutThick/2)-8))
	d.parts(c.Parts, middle-names/2)
	return d.close()
}

// ring draws the parts as strokes of one circle, a small gap between them.
func (d *drawing) ring(parts []Bar, whole, y float64) {
	round := 2 * math.Pi * donutRadius
	if whole == 0 {
		fmt.Fprintf(&d.marks, `<circle cx="%d" cy="%s" r="%d" fill="none" stroke="#b9c2cc" stroke-width="%d"/>`, donutX, number(y), donutRadius, donutThick)
		return
	}
	at := 0.0
	for i, p := range parts {
		share := max(0, p.Value) / whole * round
		gap := 1.5
		if share < 3 || share == round {
			gap = 0
		}
		if share > 0 {
			fmt.Fprintf(&d.marks, `<circle cx="%d" cy="%s" r="%d" fill="none" stroke="%s" stroke-width="%d" stroke-dasharray="%s %s" stroke-dashoffset="%s" transform="rotate(-90 %d %s)"/>`,
				donutX, number(y), donutRadius, donutTones[i%len(donutTones)], donutThick,
				number(share-gap), number(round-share+gap), number(-at), donutX, number(y))
		}
		at += share
	}
}

// parts names the parts with their figures.
func (d *drawing) parts(parts []Bar, y float64) {
	x := 2.0*donutX + 14
	for i, p := range parts {
		d.box(x, y+4, 14, 14, donutTones[i%len(donutTones)])
		room := width - x - 22 - textWidth(p.Text) - 10
		d.write(x+22, y+16, "currentColor", "start", fit(p.Label, room))
		d.write(width-margin, y+16, "currentColor", "end", p.Text)
		y += line + 8
	}
}
