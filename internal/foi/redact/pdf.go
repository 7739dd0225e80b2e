package redact

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"slices"
	"strings"

	"gongkai/internal/extract"
)

// Resolutions, in dots an inch: of the copy, as offices scan papers, and of the picture a person
// marks on.
const (
	copyReso = 200
	markReso = 96
)

// batch is how many pages are done in one opening of a PDF: only one can be open at a time, and
// others wait.
const batch = 8

// pdfPaper makes PDF files anew, from pictures of the pages and the characters that show on
// them and are not withheld. Rewriting a page's own instructions was weighed and left: what an
// instruction draws depends on fonts, forms, patterns and layers that it shares with others, and
// one that is read wrongly leaves in the file what the eye does not see.
type pdfPaper struct {
	leaves []*extract.Leaf
	glyphs [][]int // by passage: of each rune its glyph, -1 for a space put in
}

func openPDF(ctx context.Context, f *File) error {
	p := &pdfPaper{}
	f.Format, f.maker = PDF, p
	for from, count := 0, 1; from < count; from += batch {
		err := extract.ReadLeaves(ctx, f.Name, f.data, func(l *extract.Leaves) (err error) {
			if count, err = l.Count(); err != nil {
				return err
			}
			if count > mostPages {
				return ErrPages.With("pages", count).With("limit", mostPages).At(f.Name)
			}
			for i := from; i < min(from+batch, count); i++ {
				leaf, err := l.Leaf(i)
				if err != nil {
					return err
				}
				p.add(f, leaf)
			}
			if from == 0 {
				f.Hidden = nil
			}
			f.Hidden = append(f.Hidden, fresh(l.Hidden(), from)...)
			return nil
		})
		if err != nil {
			return err
		}
	}
	if len(f.Pages) == 0 {
		return extract.ErrDamaged.At(f.Name)
	}
	return nil
}

// fresh leaves out what every opening of a file finds again: what belongs to no page.
func fresh(all []extract.Hidden, from int) []extract.Hidden {
	if from == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(h extract.Hidden) bool {
		return len(h.Blocks) == 0 || h.Blocks[0].At.Page == 0
	})
}

// gapWidth is the gap, in parts of a character's height, that is written as a space.
const gapWidth = 0.6

// add takes in a page and its lines.
func (p *pdfPaper) add(f *File, leaf *extract.Leaf) {
	p.leaves = append(p.leaves, leaf)
	f.Pages = append(f.Pages, Page{leaf.Width, leaf.Height})
	for _, line := range leaf.Lines() {
		passage := Passage{Part: Body, Page: len(f.Pages)}
		var text strings.Builder
		var at []int
		for i, n := range line {
			g := leaf.Glyphs[n]
			if i > 0 && g.X0-leaf.Glyphs[line[i-1]].X1 > gapWidth*(g.Y1-g.Y0) {
				text.WriteByte(' ')
				at = append(at, -1)
			}
			text.WriteRune(g.Char)
			at = append(at, n)
			passage.Box = passage.Box.join(boxOf(g))
		}
		passage.Text = text.String()
		f.Passages = append(f.Passages, passage)
		p.glyphs = append(p.glyphs, at)
	}
}

func boxOf(g extract.Glyph) Box { return Box{g.X0, g.Y0, g.X1, g.Y1} }

func (p *pdfPaper) suffix() string { return "pdf" }

// box returns where a rune of a passage stands.
func (p *pdfPaper) box(f *File, passage, rune int) (Box, bool) {
	n := p.glyphs[passage-1][rune]
	if n < 0 {
		return Box{}, false
	}
	return boxOf(p.leaves[f.Passages[passage-1].Page-1].Glyphs[n]), true
}

// order lays the characters out as the file holds them.
func (p *pdfPaper) order(f *File) strip {
	where := make([]map[int]spot, len(p.leaves))
	for i, at := range p.glyphs {
		page := f.Passages[i].Page - 1
		if where[page] == nil {
			where[page] = map[int]spot{}
		}
		for k, n := range at {
			if n >= 0 {
				where[page][n] = spot{i + 1, k}
			}
		}
	}
	var s strip
	for page, leaf := range p.leaves {
		last := 0
		for n, g := range leaf.Glyphs {
			at := where[page][n]
			if at.passage != last {
				s.text, s.at = append(s.text, '\n'), append(s.at, spot{})
			}
			last = at.passage
			s.text, s.at = append(s.text, g.Char), append(s.at, at)
		}
	}
	return s
}

// inkMargin is how far, in points, ink may stand out of a character's box.
const inkMargin = 0.7

// area returns what a mark covers of its page: of words exactly their boxes.
func (p *pdfPaper) area(f *File, m Mark) (page int, area Box) {
	if m.Passage == 0 {
		return m.Page, m.Box
	}
	for i := m.Start; i < m.End; i++ {
		if box, ok := p.box(f, m.Passage, i); ok {
			area = area.join(box)
		}
	}
	return f.Passages[m.Passage-1].Page, area
}

func (p *pdfPaper) place(f *File, m Mark) ([]string, bool) {
	if m.Passage != 0 {
		if _, ok := f.taken(m); !ok {
			return nil, false
		}
	}
	page, area := p.area(f, m)
	if page < 1 || page > len(f.Pages) || area.within(f.Pages[page-1]).empty() {
		return nil, false
	}
	if m.Passage != 0 {
		return f.taken(m)
	}
	return p.words(f, page, area), true
}

// words returns the texts under an area, a line each.
func (p *pdfPaper) words(f *File, page int, area Box) []string {
	var out []string
	for i, passage := range f.Passages {
		if passage.Page != page || !passage.Box.meets(area) {
			continue
		}
		var word strings.Builder
		for k, r := range []rune(passage.Text) {
			if box, ok := p.box(f, i+1, k); ok && box.meets(area) {
				word.WriteRune(r)
			}
		}
		out = append(out, word.String())
	}
	return out
}

// Box lays the box of a proposal on its page, for those who show it.
func (f *File) Box(at Place) (page int, area Box) {
	if p, ok := f.maker.(*pdfPaper); ok {
		page, area := p.area(f, Mark{Place: at})
		return page, area.wider(inkMargin)
	}
	return at.Page, at.Box
}

func (p *pdfPaper) picture(ctx context.Context, f *File, page int) ([]byte, error) {
	return pdfPicture(ctx, f.Name, f.data, page)
}

func pdfPicture(ctx context.Context, name string, data []byte, page int) ([]byte, error) {
	var out bytes.Buffer
	err := extract.ReadLeaves(ctx, name, data, func(l *extract.Leaves) error {
		if n, err := l.Count(); err != nil || page < 1 || page > n {
			return errors.Join(err, ErrPlace)
		}
		img, err := l.Picture(page-1, markReso)
		if err != nil {
			return err
		}
		return png.Encode(&out, img)
	})
	return out.Bytes(), err
}

// stain is an area to be painted and what to write on it. Characters that meet the area itself
// are withheld; the paint reaches a little further.
type stain struct {
	box, paint Box
	label      string
}

// addStain adds an area. One that overlaps another bears no label, so that none is cut.
func addStain(all []stain, s stain) []stain {
	if slices.ContainsFunc(all, func(o stain) bool { return o.paint.meets(s.paint) }) {
		s.label = ""
	}
	return append(all, s)
}

// stains gathers the areas of each page.
func (p *pdfPaper) stains(f *File, marks []Mark) map[int][]stain {
	out := map[int][]stain{}
	for _, m := range marks {
		page, area := p.area(f, m)
		paint := area
		if m.Passage > 0 {
			paint = area.wider(inkMargin)
		}
		out[page] = addStain(out[page], stain{area.within(f.Pages[page-1]), paint.within(f.Pages[page-1]), m.Ground.label()})
	}
	return out
}

func (p *pdfPaper) build(ctx context.Context, f *File, marks []Mark) ([]byte, error) {
	w := newPDFWriter()
	stains := p.stains(f, marks)
	for from := 0; from < len(f.Pages); from += batch {
		err := extract.ReadLeaves(ctx, f.Name, f.data, func(l *extract.Leaves) error {
			for i := from; i < min(from+batch, len(f.Pages)); i++ {
				leaf, img, err := l.Draw(i, copyReso)
				if err != nil {
					return err
				}
				if err := w.page(leaf, img, stains[i+1]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return w.finish()
}

// stay returns the lines of characters that may stand behind the picture: those that show, are
// not withheld, and share their place with no other character.
func stay(leaf *extract.Leaf, stains []stain) [][]extract.Glyph {
	var out [][]extract.Glyph
	for _, line := range leaf.Lines() {
		var kept []extract.Glyph
		for i, n := range line {
			g := leaf.Glyphs[n]
			hit := slices.ContainsFunc(stains, func(s stain) bool { return s.box.meets(boxOf(g)) })
			if hit || !g.Seen || shared(leaf, line, i) {
				continue
			}
			if k := len(kept); k > 0 && kept[k-1].Char == g.Char && g.X0-kept[k-1].X0 < 0.15*(g.Y1-g.Y0) {
				continue // printed twice to look bold
			}
			kept = append(kept, g)
		}
		if len(kept) > 0 {
			out = append(out, kept)
		}
	}
	return out
}

// shared reports whether most of a character's place is another one's too: one of the two is
// written over the other, and which of them shows cannot be told.
func shared(leaf *extract.Leaf, line []int, i int) bool {
	g := leaf.Glyphs[line[i]]
	for _, j := range []int{i - 2, i - 1, i + 1, i + 2} {
		if j < 0 || j >= len(line) {
			continue
		}
		o := leaf.Glyphs[line[j]]
		if o.Char != g.Char && min(g.X1, o.X1)-max(g.X0, o.X0) > 0.5*min(g.X1-g.X0, o.X1-o.X0) {
			return true
		}
	}
	return false
}

// pixels returns which pixels of a picture an area covers, those it only touches too.
func pixels(b Box, page Page, img image.Rectangle) image.Rectangle {
	w, h := float64(img.Dx())/page.Width, float64(img.Dy())/page.Height
	return image.Rect(int(b.X0*w), int(b.Y0*h), int(b.X1*w)+1, int(b.Y1*h)+1).Add(img.Min).Intersect(img)
}
