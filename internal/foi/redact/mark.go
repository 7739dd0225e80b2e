package redact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"gongkai/internal/foi/outcome"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Box is an area of a page, from its upper left corner.
type Box struct{ X0, Y0, X1, Y1 float64 }

// empty reports whether a box has no area, or is no box at all.
func (b Box) empty() bool { return !(b.X1 > b.X0 && b.Y1 > b.Y0) }

// wider returns the box with a margin around it.
func (b Box) wider(by float64) Box { return Box{b.X0 - by, b.Y0 - by, b.X1 + by, b.Y1 + by} }

// within returns the part of the box that lies on a page.
func (b Box) within(p Page) Box {
	return Box{max(b.X0, 0), max(b.Y0, 0), min(b.X1, p.Width), min(b.Y1, p.Height)}
}

// join returns the smallest box that holds both.
func (b Box) join(o Box) Box {
	if b.empty() {
		return o
	}
	return Box{min(b.X0, o.X0), min(b.Y0, o.Y0), max(b.X1, o.X1), max(b.Y1, o.Y1)}
}

// meets reports whether two boxes share more than an edge.
func (b Box) meets(o Box) bool {
	const edge = 0.4 // of a point: characters stand that close
	return min(b.X1, o.X1)-max(b.X0, o.X0) > edge && min(b.Y1, o.Y1)-max(b.Y0, o.Y0) > edge
}

// Place is where something stands: an area of a page, or runes of a passage.
type Place struct {
	Page       int // from 1
	Box        Box
	Passage    int // from 1, 0 for an area
	Start, End int // runes of the passage
}

// Mark is one part to withhold, and why.
type Mark struct {
	Place
	Ground Ground
	Note   string // a word on the reason, for the report
	Here   bool   // only this place: the same words elsewhere may stay
}

// Ground is why a part is withheld (不予公开的理由): one of the refusals of arts 14 to 16, or
// that the part is no government information.
type Ground string

// Outside is the ground of art. 37 for “不属于政府信息的内容”.
const Outside Ground = "outside"

// Grounds lists the grounds in the order of the articles.
func Grounds() []Ground {
	return []Ground{
		Ground(outcome.Third), Ground(outcome.Internal), Ground(outcome.Process), Ground(outcome.CaseFile),
		Ground(outcome.Law), Ground(outcome.Safety), Ground(outcome.Secret), Outside,
	}
}

// Known reports whether g is a ground.
func (g Ground) Known() bool { return slices.Contains(Grounds(), g) }

// Secret reports whether g says that the file holds a state secret. 保守国家秘密法: such material
// must not be on a machine that the public can reach; a person must be told at once.
func (g Ground) Secret() bool { return g == Ground(outcome.Secret) }

// Cite returns the provision.
func (g Ground) Cite() statute.Ref {
	if g == Outside {
		return statute.OGI2019.Art(37)
	}
	o, _ := outcome.Of(outcome.Code(g))
	return o.Cite
}

// names are short: they stand in lists of what was withheld.
var names = map[Ground]string{
	Ground(outcome.Third): "redact.ground.third", Ground(outcome.Internal): "redact.ground.internal", Ground(outcome.Process): "redact.ground.process",
	Ground(outcome.CaseFile): "redact.ground.casefile", Ground(outcome.Law): "redact.ground.law", Ground(outcome.Safety): "redact.ground.safety",
	Ground(outcome.Secret): "redact.ground.secret", Outside: "redact.ground.outside",
}

// Message names the ground.
func (g Ground) Message() i18n.Message { return i18n.M(names[g]) }

// label is what stands where something was withheld. It is the same however much that was: its
// length would tell a name from an address.
func (g Ground) label() string {
	return "■■■〔第" + statute.Numeral(g.Cite().Article) + "条〕"
}

// squeeze brings the ways in which one text can be written to one: width and letter case, and
// no space or sign without width in between.
func squeeze(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(squeezed(r))
	}
	return b.String()
}

// squeezed is what squeezing leaves of a rune.
func squeezed(r rune) string {
	switch {
	case r < utf8.RuneSelf && r > ' ':
		return string(unicode.ToLower(r))
	case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.IsControl(r), r == utf8.RuneError:
		return ""
	case unicode.Is(unicode.Han, r) && r >= 0x4E00 && r <= 0x9FFF:
		return string(r)
	}
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(string(r))), ""))
}

// telling reports whether a squeezed text is so long that finding it elsewhere says something:
// two Chinese characters, or four letters or figures.
func telling(s string) bool {
	weight := 0
	for _, r := range s {
		switch {
		case r >= 0x2E80:
			weight += 2
		case unicode.IsLetter(r), unicode.IsDigit(r):
			weight++
		}
	}
	return weight >= 4
}
