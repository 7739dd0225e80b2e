package extract

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// Bounds of a bound volume, and the measures of its pages in points.
const (
	bindTime   = 5 * time.Minute
	mostBound  = 2_000     // pages
	mostFiles  = 200 << 20 // bytes of all files
	shortSide  = 595.28    // A4
	longSide   = 841.89
	sideMargin = 24.0
	headMargin = 34.0 // kept clear above and below for stamps
)

// Binder binds PDFs into one whose pages are all A4, each with its content inside margins that stay
// free for stamps. Notes, stamps and filled forms become part of their pages.
type Binder struct {
	r     *reading
	lib   pdfium.Pdfium
	dest  references.FPDF_DOCUMENT
	sizes [][2]float64 // of the pages bound so far
	taken int
}

// Bind makes a volume of what do adds to it. Like ReadLeaves it has PDFium to itself meanwhile.
func Bind(ctx context.Context, do func(b *Binder) error) error {
	l := limits
	l.Time, l.Pages = bindTime, mostBound
	r := newReading(ctx, "", nil, l)
	err := pdfKind.inTurn(ctx, func() error {
		return r.timed(ctx, func() error { return bind(r, do) })
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func bind(r *reading, do func(b *Binder) error) (err error) {
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
	made, err := lib.FPDF_CreateNewDocument(&requests.FPDF_CreateNewDocument{})
	if err != nil {
		return fmt.Errorf("begin a PDF: %w", err)
	}
	return do(&Binder{r: r, lib: lib, dest: made.Document})
}

// Pages returns how many pages are bound so far.
func (b *Binder) Pages() int { return len(b.sizes) }

// Count returns how many pages a PDF has, without binding it.
func (b *Binder) Count(data []byte) (int, error) {
	doc, err := b.open(data)
	if err != nil {
		return 0, err
	}
	defer b.lib.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc})
	return b.count(doc)
}

func (b *Binder) count(doc references.FPDF_DOCUMENT) (int, error) {
	n, err := b.lib.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil || n.PageCount == 0 {
		return 0, ErrDamaged.Because(err)
	}
	return n.PageCount, nil
}

// Add binds a PDF behind the others and returns how many pages it has.
func (b *Binder) Add(name string, data []byte) (pages int, err error) {
	return b.Insert(name, data, b.Pages())
}

// Insert binds a PDF before the page at, counted from 0, and returns how many pages it has.
func (b *Binder) Insert(name string, data []byte, at int) (pages int, err error) {
	if b.taken += len(data); b.taken > mostFiles {
		return 0, named(tooLarge(int64(b.taken), mostFiles), name)
	}
	source, err := b.open(data)
	if err != nil {
		return 0, named(err, name)
	}
	defer b.lib.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: source})
	count, err := b.count(source)
	switch {
	case err != nil:
		return 0, named(err, name)
	case b.Pages()+count > mostBound:
		return 0, ErrPages.With("pages", b.Pages()+count).With("limit", mostBound).At(name)
	}
	for i := range count {
		if err := b.flatten(source, i); err != nil {
			return 0, named(err, name)
		}
	}
	if _, err := b.lib.FPDF_ImportPages(&requests.FPDF_ImportPages{Source: source, Destination: b.dest, Index: at}); err != nil {
		return 0, named(ErrDamaged.Because(err), name)
	}
	for i := range count {
		if err := b.onPage(at+i, func(p requests.Page) error { return b.fit(p, at+i) }); err != nil {
			return 0, named(err, name)
		}
	}
	return count, b.r.check()
}

func (b *Binder) open(data []byte) (doc references.FPDF_DOCUMENT, err error) {
	start := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-"))
	if start < 0 {
		return doc, ErrUnsupported
	}
	data = data[start:]
	opened, err := b.lib.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return doc, refusedPDF(data, err)
	}
	return opened.Document, nil
}

// flatten makes notes, stamps and filled fields part of a page.
func (b *Binder) flatten(doc references.FPDF_DOCUMENT, index int) error {
	_, err := b.lib.FPDFPage_Flatten(&requests.FPDFPage_Flatten{
		Page:  requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: index}},
		Usage: requests.FPDFPage_FlattenUsageNormalDisplay,
	})
	if err != nil {
		return ErrDamaged.Because(fmt.Errorf("page %d: %w", index+1, err))
	}
	return nil
}

// onPage does something with a page of the volume.
func (b *Binder) onPage(index int, do func(p requests.Page) error) error {
	loaded, err := b.lib.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: b.dest, Index: index})
	if err == nil {
		defer b.lib.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
		err = do(requests.Page{ByReference: &loaded.Page})
	}
	if err != nil {
		return ErrDamaged.Because(fmt.Errorf("page %d: %w", index+1, err))
	}
	return nil
}

// fit brings a page to A4, upright or lying as it is read, its content within the margins. Nothing
// is enlarged: a receipt stays as small as it is.
func (b *Binder) fit(p requests.Page, index int) error {
	box, err := b.lib.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: p})
	if err != nil {
		return err
	}
	turned, err := b.lib.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: p})
	if err != nil {
		return err
	}
	m, w, h := upright(box.Rect, turned.PageRotation)
	width, height := shortSide, longSide
	if w > h {
		width, height = longSide, shortSide
	}
	scale := min(1, (width-2*sideMargin)/w, (height-2*headMargin)/h)
	x, y := (width-w*scale)/2, (height-h*scale)/2
	_, err = b.lib.FPDFPage_TransFormWithClip(&requests.FPDFPage_TransFormWithClip{
		Page:     p,
		Matrix:   placed(m, scale, x, y),
		ClipRect: &structs.FPDF_FS_RECTF{Left: float32(x), Bottom: float32(y), Right: float32(x + w*scale), Top: float32(y + h*scale)},
	})
	if err != nil {
		return err
	}
	b.sizes = slices.Insert(b.sizes, index, [2]float64{width, height})
	return b.frame(p, float32(width), float32(height))
}

// frame sets the measures of a page.
func (b *Binder) frame(p requests.Page, width, height float32) error {
	if _, err := b.lib.FPDFPage_SetRotation(&requests.FPDFPage_SetRotation{Page: p, Rotate: enums.FPDF_PAGE_ROTATION_NONE}); err != nil {
		return err
	}
	if _, err := b.lib.FPDFPage_SetMediaBox(&requests.FPDFPage_SetMediaBox{Page: p, Right: width, Top: height}); err != nil {
		return err
	}
	_, err := b.lib.FPDFPage_SetCropBox(&requests.FPDFPage_SetCropBox{Page: p, Right: width, Top: height})
	return err
}

// upright returns what turns a page as it is read, and its width and height then.
func upright(r structs.FPDF_FS_RECTF, turned enums.FPDF_PAGE_ROTATION) (m [6]float64, w, h float64) {
	left, right, bottom, top := float64(r.Left), float64(r.Right), float64(r.Bottom), float64(r.Top)
	w, h = max(right-left, 1), max(top-bottom, 1)
	switch turned {
	case enums.FPDF_PAGE_ROTATION_90_CW:
		return [6]float64{0, -1, 1, 0, -bottom, right}, h, w
	case enums.FPDF_PAGE_ROTATION_180_CW:
		return [6]float64{-1, 0, 0, -1, right, top}, w, h
	case enums.FPDF_PAGE_ROTATION_270_CW:
		return [6]float64{0, 1, -1, 0, top, -left}, h, w
	}
	return [6]float64{1, 0, 0, 1, -left, -bottom}, w, h
}

func placed(m [6]float64, scale, x, y float64) *structs.FPDF_FS_MATRIX {
	return &structs.FPDF_FS_MATRIX{
		A: float32(m[0] * scale), B: float32(m[1] * scale), C: float32(m[2] * scale), D: float32(m[3] * scale),
		E: float32(m[4]*scale + x), F: float32(m[5]*scale + y),
	}
}

// Stamp is a line written in the margin of a page.
type Stamp struct {
	Text string
	Size float64
	Foot bool // in the middle below, else at the right above
}

// Stamp writes in the margins of every page what of says of it, pages counted from 0. sample is a
// PDF that holds one text in the font of the stamps, with every character they need.
func (b *Binder) Stamp(sample []byte, of func(page int) []Stamp) error {
	doc, err := b.open(sample)
	if err != nil {
		return err
	}
	defer b.lib.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc})
	last := b.Pages()
	if _, err := b.lib.FPDF_ImportPages(&requests.FPDF_ImportPages{Source: doc, Destination: b.dest, Index: last}); err != nil {
		return fmt.Errorf("take in the font of stamps: %w", err)
	}
	if err := b.onPage(last, func(p requests.Page) error {
		font, err := b.fontOf(p)
		if err != nil {
			return err
		}
		for i := range last {
			if err := b.onPage(i, func(p requests.Page) error { return b.stamp(p, i, font, of(i)) }); err != nil {
				return err
			}
		}
		return b.r.check()
	}); err != nil {
		return err
	}
	_, err = b.lib.FPDFPage_Delete(&requests.FPDFPage_Delete{Document: b.dest, PageIndex: last})
	return err
}

func (b *Binder) fontOf(p requests.Page) (font references.FPDF_FONT, err error) {
	text, err := b.lib.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p, Index: 0})
	if err != nil {
		return font, err
	}
	got, err := b.lib.FPDFTextObj_GetFont(&requests.FPDFTextObj_GetFont{PageObject: text.PageObject})
	if err != nil {
		return font, err
	}
	return got.Font, nil
}

func (b *Binder) stamp(p requests.Page, index int, font references.FPDF_FONT, all []Stamp) error {
	for _, s := range all {
		o, err := b.lib.FPDFPageObj_CreateTextObj(&requests.FPDFPageObj_CreateTextObj{Document: b.dest, Font: font, FontSize: float32(s.Size)})
		if err != nil {
			return err
		}
		if _, err := b.lib.FPDFText_SetText(&requests.FPDFText_SetText{PageObject: o.PageObject, Text: s.Text}); err != nil {
			return err
		}
		size, err := b.lib.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: o.PageObject})
		if err != nil {
			return err
		}
		long := float64(size.Right - size.Left)
		at := structs.FPDF_FS_MATRIX{A: 1, D: 1}
		if s.Foot {
			at.E, at.F = float32((b.sizes[index][0]-long)/2), float32(headMargin/2-s.Size/2)
		} else {
			at.E, at.F = float32(b.sizes[index][0]-sideMargin-long), float32(b.sizes[index][1]-headMargin/2-s.Size/2)
		}
		if _, err := b.lib.FPDFPageObj_SetMatrix(&requests.FPDFPageObj_SetMatrix{PageObject: o.PageObject, Transform: at}); err != nil {
			return err
		}
		if _, err := b.lib.FPDFPage_InsertObject(&requests.FPDFPage_InsertObject{Page: p, PageObject: o.PageObject}); err != nil {
			return err
		}
	}
	_, err := b.lib.FPDFPage_GenerateContent(&requests.FPDFPage_GenerateContent{Page: p})
	return err
}

// Write writes the volume.
func (b *Binder) Write(w io.Writer) error {
	if _, err := b.lib.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Flags: requests.SaveFlagNoIncremental, Document: b.dest, FileWriter: w}); err != nil {
		return fmt.Errorf("write the volume: %w", err)
	}
	return b.r.check()
}
