package paper

import "strings"

// glyph is a character with its face and width.
type glyph struct {
	r    rune
	face *face
	w    float64 // with what the style takes off each letter
	gap  float64 // before it, between Han and Latin
}

// setting is how text is set.
type setting struct {
	faces   chain
	size    float64
	tighten float64 // added to each letter's width, negative
	hang    bool    // punctuation may hang over the right edge
	ink     ink
}

// glyphs measures text. Word processors part Han and Latin letters by a fifth of a square,
// and set no letter closer there.
func (s setting) glyphs(text string, lacking map[rune]bool) []glyph {
	var out []glyph
	for _, r := range text {
		if r == '\t' {
			r = '　'
		}
		if r < ' ' && r != '\n' {
			continue
		}
		g := s.glyph(r)
		if g.r != r {
			lacking[r] = true
		}
		if n := len(out); n > 0 && apart(out[n-1].r, g.r) {
			g.gap = s.size/5 - s.tighten
		}
		out = append(out, g)
	}
	return out
}

// glyph measures one character. A line break has no width.
func (s setting) glyph(r rune) glyph {
	if r == '\n' {
		f, _ := s.faces.find(' ')
		return glyph{r: r, face: f}
	}
	f, shown := s.faces.find(r)
	return glyph{r: shown, face: f, w: f.advance(shown, s.size) + s.tighten}
}

// apart reports whether word processors leave a gap between a and b: one is a Han
// character and the other a Latin letter or figure.
func apart(a, b rune) bool {
	return han(a) && alphanumeric(b) || alphanumeric(a) && han(b)
}

func han(r rune) bool {
	return r >= 0x3400 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF || r >= 0x20000 || r == '〇'
}

func alphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 0xC0 && r < 0x2000
}

// Characters that may not start or end a line, and those that may hang over its end.
const (
	neverFirst = "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞！＂％＇），．：；？］｀｜｝～￠"
	neverLast  = "$([{£¥‘“〈《「『【〔〖〝＄（．［｛￡￥"
	hanging    = "，。、；：！？．,.;:!?"
)

// turns reports whether a line may end between a and b.
func turns(a, b rune) bool {
	switch {
	case strings.ContainsRune(neverFirst, b), strings.ContainsRune(neverLast, a):
		return false
	case a == ' ' || b == ' ':
		return a == ' '
	case wide(a) || wide(b):
		return true
	}
	return a == '/' // not behind a hyphen: who reads the file takes it for one that parts a word
}

// line is one line of a paragraph.
type line struct {
	glyphs []glyph
	width  float64 // without what hangs
	last   bool    // of its paragraph, or before a forced break: not stretched
}

// lines breaks glyphs into lines of a width, the first one shorter by indent.
func (s setting) lines(gs []glyph, indent, width float64) []line {
	var out []line
	for len(gs) > 0 {
		room := width
		if len(out) == 0 {
			room -= indent
		}
		n, forced := s.take(gs, room)
		for !forced && n < len(gs) && gs[n].r == ' ' { // a space stays behind, for who copies the text
			n++
		}
		l := line{glyphs: gs[:n], last: forced || n == len(gs)}
		gs = gs[n:]
		if forced {
			gs = gs[1:]
		}
		seen := l.glyphs
		for len(seen) > 0 && seen[len(seen)-1].r == ' ' {
			seen = seen[:len(seen)-1]
		}
		l.width = measure(seen)
		if k := len(seen); k > 0 && l.width > room && strings.ContainsRune(hanging, seen[k-1].r) {
			l.width = measure(seen[:k-1])
		}
		out = append(out, l)
	}
	if len(out) == 0 {
		out = []line{{last: true}}
	}
	return out
}

// take returns how many glyphs the next line holds, and whether a forced break ends it.
func (s setting) take(gs []glyph, room float64) (n int, forced bool) {
	x := 0.0
	for i, g := range gs {
		if g.r == '\n' {
			return i, true
		}
		w := g.w
		if i > 0 {
			w += g.gap
		}
		if x += w; x <= room+0.05 || i == 0 {
			continue
		}
		if s.hang && strings.ContainsRune(hanging, g.r) && wide(g.r) && (i+1 == len(gs) || turns(g.r, gs[i+1].r)) {
			return i + 1, false
		}
		if g.r == ' ' {
			return i, false
		}
		for k := i; k > 0; k-- {
			if turns(gs[k-1].r, gs[k].r) {
				return k, false
			}
		}
		return i, false
	}
	return len(gs), false
}

// measure returns the width of a line of glyphs; the gap before the first does not count.
func measure(gs []glyph) float64 {
	x := 0.0
	for i, g := range gs {
		x += g.w
		if i > 0 {
			x += g.gap
		}
	}
	return x
}
