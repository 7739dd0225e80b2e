package paper

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"unicode/utf16"

	"github.com/signintech/gopdf"
)

// WritePDF writes d as a PDF with its fonts embedded. It returns the characters that none of
// the fonts has; each stands as 〓 on the page.
func WritePDF(w io.Writer, d *Document) (lacking string, err error) {
	l := set(d)
	pdf := &gopdf.GoPdf{}
	pdf.Start(gopdf.Config{Unit: gopdf.UnitPT, PageSize: gopdf.Rect{W: pageWidth * mmPoint, H: pageHeight * mmPoint}})
	p := pdfPen{pdf: pdf, ready: map[string]bool{}}
	for _, pg := range l.pages {
		p.page(pg)
	}
	var file bytes.Buffer
	if p.err == nil {
		_, p.err = pdf.WriteTo(&file)
	}
	if p.err == nil {
		p.err = d.Meta.amend(&file)
	}
	if p.err == nil {
		_, p.err = w.Write(file.Bytes())
	}
	if p.err != nil {
		return "", fmt.Errorf("write pdf: %w", p.err)
	}
	return l.missing(), nil
}

// amend adds to a finished file what gopdf cannot write: the language, and the properties as
// an object of its own, without which half of all readers do not see them. The addition is
// an incremental update (ISO 32000-1, 7.5.6).
func (m Meta) amend(file *bytes.Buffer) error {
	old := file.Bytes()
	catalog := between(old, "1 0 obj\n<<\n", ">>\nendobj")
	size, err := strconv.Atoi(between(old[bytes.LastIndex(old, []byte("trailer\n")):], "/Size ", "\n"))
	if err != nil || catalog == "" {
		return errors.New("the file has another build than expected")
	}
	start := between(old[bytes.LastIndex(old, []byte("startxref\n")):], "startxref\n", "\n")
	root := file.Len()
	fmt.Fprintf(file, "1 0 obj\n<<\n%s  /Lang (%s)\n  /ViewerPreferences << /DisplayDocTitle true >>\n>>\nendobj\n", catalog, m.language())
	info := file.Len()
	fmt.Fprintf(file, "%d 0 obj\n<<\n", size)
	for _, p := range []struct{ name, value string }{
		{"Title", m.Title}, {"Author", m.Author}, {"Subject", m.Subject}, {"Creator", "gongkai"},
	} {
		if p.value != "" {
			fmt.Fprintf(file, "/%s <FEFF", p.name)
			for _, unit := range utf16.Encode([]rune(p.value)) {
				fmt.Fprintf(file, "%04X", unit)
			}
			fmt.Fprint(file, ">\n")
		}
	}
	if c := m.Created; !c.IsZero() {
		fmt.Fprintf(file, "/CreationDate (D:%04d%02d%02d)\n", c.Year(), c.Month(), c.Day())
	}
	fmt.Fprint(file, ">>\nendobj\n")
	xref := file.Len()
	fmt.Fprintf(file, "xref\n1 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n", root, size, info)
	fmt.Fprintf(file, "trailer\n<<\n/Size %d\n/Root 1 0 R\n/Info %d 0 R\n/Prev %s\n>>\nstartxref\n%d\n%%%%EOF\n", size+1, size, start, xref)
	return nil
}

// between returns what stands between two marks, "" if they are not there.
func between(b []byte, from, to string) string {
	_, rest, found := bytes.Cut(b, []byte(from))
	text, _, closed := bytes.Cut(rest, []byte(to))
	if !found || !closed {
		return ""
	}
	return string(text)
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
	for _, h := range pg.headings {
		p.pdf.AddOutline(h)
	}
	p.pdf.SetFillColor(0xFF, 0xF2, 0xCC)
	for _, f := range pg.fills {
		p.pdf.RectFromUpperLeftWithStyle(f.x, f.y, f.w, f.h, "F")
	}
	p.pdf.SetFillColor(0, 0, 0)
	p.pdf.SetLineWidth(ruleWidth)
	for _, r := range pg.rules {
		p.rule(r)
	}
	for _, t := range pg.texts {
		p.text(t)
	}
	for _, m := range pg.pictures {
		p.picture(m)
	}
}

// rule draws a line, in its own ink and weight if it has them.
func (p *pdfPen) rule(r ruleMark) {
	if r.weight == 0 {
		p.pdf.Line(r.x1, r.y1, r.x2, r.y2)
		return
	}
	p.pdf.SetLineWidth(r.weight)
	p.pdf.SetStrokeColor(r.ink.rgb())
	p.pdf.Line(r.x1, r.y1, r.x2, r.y2)
	p.pdf.SetStrokeColor(black.rgb())
	p.pdf.SetLineWidth(ruleWidth)
}

func (p *pdfPen) text(t textMark) {
	if t.ink != black {
		p.pdf.SetTextColor(t.ink.rgb())
		defer p.pdf.SetTextColor(black.rgb())
	}
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
