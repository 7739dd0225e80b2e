package paper

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/signintech/gopdf"
)

// WritePDF writes d as a PDF with its fonts embedded. It returns the characters that none of
// the fonts has; each stands as 〓 on the page.
func WritePDF(w io.Writer, d *Document) (lacking string, err error) {
	l := set(d)
	pdf := &gopdf.GoPdf{}
	pdf.Start(gopdf.Config{Unit: gopdf.UnitPT, PageSize: gopdf.Rect{W: pageWidth * mmPoint, H: pageHeight * mmPoint}})
	info := gopdf.PdfInfo{Title: d.Meta.Title, Author: d.Meta.Author, Subject: d.Meta.Subject, Creator: "gongkai"}
	if c := d.Meta.Created; !c.IsZero() {
		info.CreationDate = time.Date(c.Year(), time.Month(c.Month()), c.Day(), 0, 0, 0, 0, time.UTC)
	}
	pdf.SetInfo(info)
	p := pdfPen{pdf: pdf, ready: map[string]bool{}}
	for _, pg := range l.pages {
		p.page(pg)
	}
	if p.err == nil {
		_, p.err = pdf.WriteTo(w)
	}
	if p.err != nil {
		return "", fmt.Errorf("write pdf: %w", p.err)
	}
	return l.missing(), nil
}

// missing lists the characters no face has.
func (l *layout) missing() string {
	var rs []rune
	for r := range l.lacking {
		rs = append(rs, r)
	}
	slices.Sort(rs)
	return string(rs)
}

// pdfFonts holds the fonts once parsed, for all documents.
var pdfFonts = struct {
	sync.Mutex
	container gopdf.FontContainer
	ready     map[string]bool
}{ready: map[string]bool{}}

// pdfPen draws pages. The first error stops it.
type pdfPen struct {
	pdf   *gopdf.GoPdf
	ready map[string]bool // fonts this document has
	err   error
}

func (p *pdfPen) page(pg *page) {
	p.pdf.AddPage()
	p.pdf.SetFillColor(0xFF, 0xF2, 0xCC)
	for _, f := range pg.fills {
		p.pdf.RectFromUpperLeftWithStyle(f.x, f.y, f.w, f.h, "F")
	}
	p.pdf.SetFillColor(0, 0, 0)
	p.pdf.SetLineWidth(0.5)
	for _, r := range pg.rules {
		p.pdf.Line(r.x1, r.y1, r.x2, r.y2)
	}
	for _, t := range pg.texts {
		p.text(t)
	}
}

func (p *pdfPen) text(t textMark) {
	p.font(t.face)
	p.do(p.pdf.SetFont(t.face.name, "", t.size))
	p.do(p.pdf.SetCharSpacing(t.spacing))
	p.pdf.SetXY(t.x, t.y)
	p.do(p.pdf.Text(t.text))
}

// do keeps the first error.
func (p *pdfPen) do(err error) {
	if p.err == nil {
		p.err = err
	}
}

// font makes a face ready for this document.
func (p *pdfPen) font(f *face) {
	if p.ready[f.name] {
		return
	}
	pdfFonts.Lock()
	defer pdfFonts.Unlock()
	if !pdfFonts.ready[f.name] {
		p.do(pdfFonts.container.AddTTFFontData(f.name, f.data))
		pdfFonts.ready[f.name] = true
	}
	p.do(p.pdf.AddTTFFontFromFontContainer(f.name, &pdfFonts.container))
	p.ready[f.name] = true
}
