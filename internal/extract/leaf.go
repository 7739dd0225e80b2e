package extract

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image"
	"image/draw"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// Leaves is a PDF open within this package's bounds, for those who need its pages as they
// look and where each character stands on them.
type Leaves struct{ p *pdfReader }

// Leaf is a page as it is drawn, in points from the upper left corner, turned as it is read.
type Leaf struct {
	Width, Height float64
	Glyphs        []Glyph // in the order of the file
	Annotated     bool    // notes, stamps or form fields lie on it
}

// Glyph is a character of a page and the box it stands in.
type Glyph struct {
	Char           rune
	X0, Y0, X1, Y1 float64
	Base           float64 // its base line
	Seen           bool    // its ink shows in the picture; told by Draw only
}

// Bounds of one opening, and of a picture of a page.
const (
	leavesTime = 90 * time.Second
	mostLeaves = 1_000
	mostPixels = 24_000_000
	leastReso  = 20
	inch       = 72.0 // points
)

// ReadLeaves opens a PDF and hands it to read, which must be done with it when it returns: one
// PDF is open at a time, so long work opens it again for every few pages.
func ReadLeaves(ctx context.Context, name string, data []byte, read func(*Leaves) error) error {
	if size := int64(len(data)); size > limits.Input {
		return named(tooLarge(size, limits.Input), name)
	}
	l := limits
	l.Time, l.Pages = leavesTime, mostLeaves
	r := newReading(ctx, name, data, l)
	r.inspected = true
	r.doc.Format = PDF
	err := pdfKind.inTurn(ctx, func() error {
		return r.timed(ctx, func() error { return openLeaves(r, read) })
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return named(err, name)
}

func openLeaves(r *reading, read func(*Leaves) error) (err error) {
	start := bytes.Index(r.data[:min(len(r.data), 1024)], []byte("%PDF-"))
	if start < 0 {
		return ErrUnsupported
	}
	lib, err := theEngine.start(r.ctx)
	if err != nil {
		return err
	}
	defer lib.Close()
	defer func() {
		if p := recover(); p != nil {
			err = ErrDamaged.Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	data := r.data[start:]
	opened, err := lib.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return refusedPDF(data, err)
	}
	p := &pdfReader{r: r, lib: lib, doc: opened.Document}
	l := &Leaves{p}
	if n, err := l.Count(); err != nil {
		return err
	} else if n > r.limit.Pages {
		return ErrPages.With("pages", n).With("limit", r.limit.Pages)
	}
	if n, err := lib.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: p.doc}); err == nil {
		p.carried(n.AttachmentCount)
	}
	return read(l)
}

// Count returns how many pages there are.
func (l *Leaves) Count() (int, error) {
	count, err := l.p.lib.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: l.p.doc})
	if err != nil {
		return 0, ErrDamaged.Because(err)
	}
	return count.PageCount, nil
}

// Hidden returns what was found hidden so far: in the document, and on the leaves read.
func (l *Leaves) Hidden() []Hidden { return l.p.r.doc.Hidden }

// Leaf reads the page of that number, from 0.
func (l *Leaves) Leaf(index int) (*Leaf, error) {
	var leaf *Leaf
	err := l.p.leaf(index, func(page *drawn) (err error) {
		leaf, err = l.p.leafOf(page)
		return err
	})
	return leaf, err
}

// Picture draws the page of that number as it looks on paper, at a resolution in dots an inch,
// less for a page of uncommon size.
func (l *Leaves) Picture(index, reso int) (*image.RGBA, error) {
	var out *image.RGBA
	err := l.p.leaf(index, func(page *drawn) (err error) {
		out, err = l.p.picturePage(page, reso)
		return err
	})
	return out, err
}

// Draw draws and reads a page and tells which of its characters show. It draws the page again
// without any text: where that changes nothing, the character stands under a picture or a bar,
// has no ink or the colour of the paper, or belongs to a layer that is switched off.
func (l *Leaves) Draw(index, reso int) (*Leaf, *image.RGBA, error) {
	var leaf *Leaf
	var full *image.RGBA
	err := l.p.leaf(index, func(page *drawn) (err error) {
		if full, err = l.p.picturePage(page, reso); err != nil {
			return err
		}
		if err := l.p.showTexts(false); err != nil {
			return err
		}
		bare, err := l.p.picturePage(page, reso)
		if err != nil {
			return err
		}
		if err := l.p.showTexts(true); err != nil {
			return err
		}
		// Read last: reading takes marks off the page, those of layers too.
		if leaf, err = l.p.leafOf(page); err == nil {
			leaf.tell(full, bare)
		}
		return err
	})
	return leaf, full, err
}

// tell notes which characters differ between a picture and that without text.
func (l *Leaf) tell(full, bare *image.RGBA) {
	if full.Bounds() != bare.Bounds() {
		return
	}
	w, h := float64(full.Bounds().Dx())/l.Width, float64(full.Bounds().Dy())/l.Height
	for i := range l.Glyphs {
		g := &l.Glyphs[i]
		box := image.Rect(int(g.X0*w), int(g.Y0*h), int(g.X1*w)+1, int(g.Y1*h)+1).Intersect(full.Bounds())
		for y := box.Min.Y; y < box.Max.Y && !g.Seen; y++ {
			from, to := full.PixOffset(box.Min.X, y), full.PixOffset(box.Max.X, y)
			g.Seen = differ(full.Pix[from:to], bare.Pix[from:to])
		}
	}
}

// inkStep is by how much, of 255, a colour changes at least where ink shows.
const inkStep = 24

func differ(a, b []byte) bool {
	for i := range a {
		if d := int(a[i]) - int(b[i]); d > inkStep || d < -inkStep {
			return true
		}
	}
	return false
}

// leafOf reads the page at hand.
func (p *pdfReader) leafOf(page *drawn) (*Leaf, error) {
	if err := p.undescribe(); err != nil {
		return nil, err
	}
	if err := p.text(page); err != nil {
		return nil, err
	}
	if err := p.drawings(page); err != nil {
		return nil, err
	}
	if err := p.covered(page); err != nil {
		return nil, err
	}
	n, err := p.lib.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: p.ref()})
	if err != nil {
		return nil, ErrDamaged.Because(err)
	}
	p.annotations()
	leaf := &Leaf{Width: page.width, Height: page.height, Annotated: n.Count > 0}
	for _, g := range page.glyphs {
		leaf.Glyphs = append(leaf.Glyphs, Glyph{Char: unified(g.char), X0: g.x0, X1: g.x1, Y0: g.top, Y1: g.top + g.size, Base: g.base})
	}
	return leaf, nil
}

// picturePage draws the page at hand.
func (p *pdfReader) picturePage(page *drawn, reso int) (*image.RGBA, error) {
	w, h := page.width/inch, page.height/inch
	if !(w > 0 && h > 0) {
		return nil, ErrDamaged
	}
	reso = min(reso, int(math.Sqrt(mostPixels/(w*h))))
	if reso < leastReso {
		return nil, ErrTooMuch
	}
	shown, err := p.lib.RenderPageInDPI(&requests.RenderPageInDPI{
		Page: p.ref(), DPI: reso, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT, RenderForm: true, Document: &p.doc,
	})
	if err != nil {
		return nil, ErrDamaged.Because(err)
	}
	defer shown.Cleanup()
	seen := shown.Result.RenderedImage
	out := image.NewRGBA(seen.Bounds())
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), seen, seen.Bounds().Min, draw.Over)
	return out, p.r.check()
}

// leaf loads a page for as long as read takes.
func (p *pdfReader) leaf(index int, read func(*drawn) error) error {
	if err := p.r.check(); err != nil {
		return err
	}
	loaded, err := p.lib.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: p.doc, Index: index})
	if err != nil {
		return ErrDamaged.Because(fmt.Errorf("page %d: %w", index+1, err))
	}
	p.page, p.objects, p.picture, p.layers, p.covers = loaded.Page, 0, false, nil, 0
	p.r.page = index + 1
	defer p.lib.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: p.page})
	page, err := p.frame()
	if err != nil {
		return err
	}
	return read(page)
}

// showTexts switches the page's texts on or off, those in forms too.
func (p *pdfReader) showTexts(on bool) error {
	return p.eachText(func(o references.FPDF_PAGEOBJECT) error {
		_, err := p.lib.FPDFPageObj_SetIsActive(&requests.FPDFPageObj_SetIsActive{PageObject: o, Active: on})
		return err
	})
}

// undescribe takes all marks off the page's texts, among them what they are to be read as
// (ActualText): PDFium reads that in place of the characters drawn, whatever it says. A page whose
// marks are off must not be drawn: layers are marks too.
func (p *pdfReader) undescribe() error {
	return p.eachText(func(o references.FPDF_PAGEOBJECT) error {
		n, err := p.lib.FPDFPageObj_CountMarks(&requests.FPDFPageObj_CountMarks{PageObject: o})
		if err != nil {
			return err
		}
		for i := n.Count - 1; i >= 0; i-- {
			mark, err := p.lib.FPDFPageObj_GetMark(&requests.FPDFPageObj_GetMark{PageObject: o, Index: uint64(i)})
			if err != nil {
				return err
			}
			if _, err := p.lib.FPDFPageObj_RemoveMark(&requests.FPDFPageObj_RemoveMark{PageObject: o, PageObjectMark: mark.Mark}); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachText hands the texts of the page to do, those in forms too. What is nested deeper than
// files have it is left alone, so that its text counts as text that does not show.
func (p *pdfReader) eachText(do func(references.FPDF_PAGEOBJECT) error) error {
	n, err := p.lib.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p.ref()})
	if err != nil {
		return ErrDamaged.Because(err)
	}
	for i := range n.Count {
		o, err := p.lib.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p.ref(), Index: i})
		if err == nil {
			err = p.textsOf(o.PageObject, 0, do)
		}
		if err != nil {
			return ErrDamaged.Because(err)
		}
	}
	return nil
}

func (p *pdfReader) textsOf(o references.FPDF_PAGEOBJECT, depth int, do func(references.FPDF_PAGEOBJECT) error) error {
	if err := p.r.check(); err != nil {
		return err
	}
	kind, err := p.lib.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o})
	switch {
	case err != nil:
		return err
	case kind.Type == enums.FPDF_PAGEOBJ_TEXT:
		return do(o)
	case kind.Type != enums.FPDF_PAGEOBJ_FORM || depth >= 8:
		return nil
	}
	n, err := p.lib.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: o})
	if err != nil {
		return err
	}
	for i := range n.Count {
		inner, err := p.lib.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: o, Index: uint64(i)})
		if err == nil {
			err = p.textsOf(inner.PageObject, depth+1, do)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Lines gathers the page's characters into lines from top to bottom, each from left to right,
// as indexes of Glyphs.
func (l *Leaf) Lines() [][]int {
	order := make([]int, len(l.Glyphs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(l.Glyphs[a].Base, l.Glyphs[b].Base) })
	var out [][]int
	for _, i := range order {
		if n := len(out); n > 0 {
			last, g := l.Glyphs[out[n-1][len(out[n-1])-1]], l.Glyphs[i]
			if g.Base-last.Base <= 0.45*max(g.Y1-g.Y0, last.Y1-last.Y0) {
				out[n-1] = append(out[n-1], i)
				continue
			}
		}
		out = append(out, []int{i})
	}
	for _, line := range out {
		slices.SortStableFunc(line, func(a, b int) int { return cmp.Compare(l.Glyphs[a].X0, l.Glyphs[b].X0) })
	}
	return out
}
