package office

import (
	"strings"
	"unicode"

	"gongkai/internal/gate"
	"gongkai/internal/richtext"
)

// bodyPlaces tells where in the plain text of a body, as the editor counts it, a rune stands
// that the gate counts otherwise: the gate leaves footnotes where they are called and gives
// merged cells their columns, the plain text has footnotes at its end.
type bodyPlaces struct {
	text []rune
	at   []int // for each rune of the gate's text its place in text, -1 for none
}

// footnote is how a stored body begins a footnote, which holds words only.
const footnote = `<span class="footnote">`

// placesIn sets the words of both texts side by side, those of footnotes apart; white space,
// which each text has its own of, is passed over.
func placesIn(body string) bodyPlaces {
	blocks, part := richtext.Blocks(body), gate.Body(body)
	p := bodyPlaces{text: []rune(richtext.Text(body)), at: make([]int, part.Len())}
	prose, notes := 0, len(p.text)
	for _, b := range blocks {
		if b.Kind == "note" {
			notes = min(notes, b.Start)
		}
	}
	end, inNote := notes, noteBytes(body)
	for i := range p.at {
		p.at[i] = -1
		here, ok := part.Byte(i)
		switch c := []rune(part.Slice(i, i+1))[0]; {
		case !ok || unicode.IsSpace(c):
		case inNote[here]:
			p.at[i], notes = p.next(c, notes, len(p.text))
		default:
			p.at[i], prose = p.next(c, prose, end)
		}
	}
	return p
}

// next returns where the next word of the text from at stands, if it is c, and what follows it.
func (p bodyPlaces) next(c rune, at, end int) (place, after int) {
	for at < end && unicode.IsSpace(p.text[at]) {
		at++
	}
	if at < end && p.text[at] == c {
		return at, at + 1
	}
	return -1, at
}

// noteBytes are the bytes of a body that stand in footnotes.
func noteBytes(body string) []bool {
	in := make([]bool, len(body)+1)
	for at := 0; ; {
		begin := strings.Index(body[at:], footnote)
		if begin < 0 {
			return in
		}
		at += begin + len(footnote)
		for at < len(body) && body[at] != '<' {
			in[at] = true
			at++
		}
	}
}

// find returns the place in the plain text of what stands from start to end in the gate's.
func (p bodyPlaces) find(start, end int) (from, to int, ok bool) {
	from, to = len(p.text), -1
	for i := max(start, 0); i < min(end, len(p.at)); i++ {
		if p.at[i] >= 0 {
			from, to = min(from, p.at[i]), max(to, p.at[i]+1)
		}
	}
	return from, to, from < to
}
