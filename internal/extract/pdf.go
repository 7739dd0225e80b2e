package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// wasmPages is the memory PDFium may take, in pages of 64 KiB: 768 MiB, enough for a file
// of the largest size we accept and what it unfolds to.
const wasmPages = 12288

// engine is PDFium, made ready once: translating and checking its code takes seconds the
// first time and a tenth of a second ever after. The code is kept on disk where the user has
// a cache folder, so that the next start finds it, else in memory. It runs in a sandbox
// without files.
type engine struct {
	pool pdfium.Pool
	file relay
}

// theEngine is used by one file at a time: see pdfRoom.
var theEngine engine

// relay is a context that stands for that of the file being read. PDFium's instances take
// theirs from the pool's, which outlives them all; through the relay each ends with its file.
type relay struct{ context.Context }

// start makes PDFium ready for one file. Closing the instance frees all that the file took.
func (e *engine) start(ctx context.Context) (pdfium.Pdfium, error) {
	if e.pool == nil {
		if err := e.prepare(); err != nil {
			return nil, fmt.Errorf("start PDFium: %w", err)
		}
	}
	e.file.Context = ctx
	instance, err := e.pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("start PDFium: %w", err)
	}
	return instance, nil
}

// prepare makes the pool, with the cache on disk if that can be used.
func (e *engine) prepare() (err error) {
	e.file.Context = context.Background()
	if dir, failed := os.UserCacheDir(); failed == nil {
		if cache, failed := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "gongkai", "pdfium")); failed == nil {
			if e.pool, err = e.make(cache); err == nil {
				return nil
			}
		}
	}
	e.pool, err = e.make(wazero.NewCompilationCache())
	return err
}

func (e *engine) make(cache wazero.CompilationCache) (pdfium.Pool, error) {
	return webassembly.Init(webassembly.Config{
		Context:  &e.file,
		MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(),
		Stdout:   io.Discard,
		Stderr:   io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithCompilationCache(cache).
			WithMemoryLimitPages(wasmPages).
			WithCloseOnContextDone(true),
	})
}

// readPDF reads the text layer of a PDF and rebuilds its tables from their ruling lines.
func readPDF(r *reading) error {
	lib, err := theEngine.start(r.ctx)
	if err != nil {
		return err
	}
	defer lib.Close() // what closing a stopped sandbox says is of no use
	data := r.data[bytes.Index(r.data[:min(len(r.data), 1024)], []byte("%PDF-")):]
	opened, err := lib.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return refusedPDF(data, err)
	}
	p := &pdfReader{r: r, lib: lib, doc: opened.Document}
	return p.read()
}

// refusedPDF tells why PDFium would not open a file.
func refusedPDF(data []byte, err error) error {
	tail := data[max(0, len(data)-2048):]
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		return ErrEncrypted.Because(err)
	case !bytes.Contains(tail, []byte("%%EOF")):
		return ErrTruncated.Because(err)
	}
	return ErrDamaged.Because(err)
}

// pdfReader reads one open document.
type pdfReader struct {
	r   *reading
	lib pdfium.Pdfium
	doc references.FPDF_DOCUMENT

	page           references.FPDF_PAGE
	objects        int // drawn things met on the page
	picture        bool
	layers         []layer // what may cover what, when inspected
	covers         int
	known, unknown int                                   // characters that the fonts name, and do not
	turn           func(x, y float64) (float64, float64) // from the page's own coordinates to ours
}

func (p *pdfReader) read() error {
	count, err := p.lib.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: p.doc})
	if err != nil {
		return ErrDamaged.Because(err)
	}
	if count.PageCount > p.r.limit.Pages {
		return ErrPages.With("pages", count.PageCount).With("limit", p.r.limit.Pages)
	}
	p.properties()
	b := &book{r: p.r}
	written, pictures := 0, 0
	for i := range count.PageCount {
		page, err := p.readPage(i)
		if err != nil {
			return err
		}
		switch {
		case len(page.glyphs) > 0:
			written++
		case p.picture:
			pictures++
		}
		b.add(page)
	}
	switch {
	case written == 0:
		return ErrScan
	case p.unknown*2 > p.known:
		return ErrUnnamed
	case p.unknown > 0:
		p.r.note(NoteGarbled)
	}
	if pictures > 0 {
		p.r.note(NoteScanned)
	}
	b.finish()
	return nil
}

// properties keeps what the file states about itself.
func (p *pdfReader) properties() {
	for _, tag := range []string{"Title", "Author", "Subject", "Keywords"} {
		if v, err := p.lib.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: p.doc, Tag: tag}); err == nil {
			p.r.meta(strings.ToLower(tag), clean(v.Value))
		}
	}
	if n, err := p.lib.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: p.doc}); err == nil && n.AttachmentCount > 0 {
		p.r.note(NoteAttached)
		p.carried(n.AttachmentCount)
	} else {
		p.carried(0)
	}
}

// readPage reads one page. A page that cannot be read is damaged, and so is its document: a
// report with a page missing would be checked as if it were whole.
func (p *pdfReader) readPage(index int) (*drawn, error) {
	if err := p.r.check(); err != nil {
		return nil, err
	}
	loaded, err := p.lib.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: p.doc, Index: index})
	if err != nil {
		return nil, ErrDamaged.Because(fmt.Errorf("page %d: %w", index+1, err))
	}
	p.page, p.objects, p.picture, p.layers, p.covers = loaded.Page, 0, false, nil, 0
	defer p.lib.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: p.page})
	page, err := p.frame()
	if err == nil {
		err = p.text(page)
	}
	if err == nil {
		err = p.drawings(page)
	}
	if err == nil && p.r.inspected {
		p.r.page = index + 1
		err = p.covered(page)
		p.annotations()
		p.r.page = 0
	}
	if err != nil {
		return nil, fmt.Errorf("page %d: %w", index+1, err)
	}
	return page, nil
}

// ref names the page in requests.
func (p *pdfReader) ref() requests.Page { return requests.Page{ByReference: &p.page} }

// frame works out how the page lies: its box and how it is turned for reading.
func (p *pdfReader) frame() (*drawn, error) {
	box, err := p.lib.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: p.ref()})
	if err != nil {
		return nil, ErrDamaged.Because(err)
	}
	turned, err := p.lib.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: p.ref()})
	if err != nil {
		return nil, ErrDamaged.Because(err)
	}
	l, b, rt, t := float64(box.Rect.Left), float64(box.Rect.Bottom), float64(box.Rect.Right), float64(box.Rect.Top)
	switch turned.PageRotation {
	case enums.FPDF_PAGE_ROTATION_90_CW:
		p.turn = func(x, y float64) (float64, float64) { return y - b, x - l }
		return &drawn{width: t - b, height: rt - l}, nil
	case enums.FPDF_PAGE_ROTATION_180_CW:
		p.turn = func(x, y float64) (float64, float64) { return rt - x, y - b }
	case enums.FPDF_PAGE_ROTATION_270_CW:
		p.turn = func(x, y float64) (float64, float64) { return t - y, rt - x }
		return &drawn{width: t - b, height: rt - l}, nil
	default:
		p.turn = func(x, y float64) (float64, float64) { return x - l, t - y }
	}
	return &drawn{width: rt - l, height: t - b}, nil
}

// text collects the page's characters. Those PDFium makes up to part words and lines are
// left out: where they belong follows from the positions.
func (p *pdfReader) text(page *drawn) error {
	opened, err := p.lib.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: p.ref()})
	if err != nil {
		return ErrDamaged.Because(err)
	}
	text := opened.TextPage
	defer p.lib.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text})
	count, err := p.lib.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text})
	if err != nil {
		return ErrDamaged.Because(err)
	}
	if count.Count > p.r.limit.PageObjects {
		return ErrTooMuch
	}
	high := rune(0) // first half of a surrogate pair
	for i := range count.Count {
		if err := p.r.check(); err != nil {
			return err
		}
		c, err := p.lib.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text, Index: i})
		if err != nil {
			return ErrDamaged.Because(err)
		}
		char := rune(uint32(c.Unicode))
		if utf16.IsSurrogate(char) {
			if high == 0 {
				high = char
				continue
			}
			char = utf16.DecodeRune(high, char)
		}
		high = 0
		if g, ok := p.glyph(text, i, char); ok {
			p.known++
			page.glyphs = append(page.glyphs, g)
		}
	}
	return nil
}

// glyph returns a character with its place, and false if it does not show.
func (p *pdfReader) glyph(text references.FPDF_TEXTPAGE, i int, char rune) (glyph, bool) {
	switch char {
	case '\r', '\n', '\uFFFE':
		return glyph{}, false
	case 0: // the font does not say which character it draws; something stands there
		char = utf8.RuneError
		p.unknown++
	}
	if char == ' ' {
		made, err := p.lib.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: text, Index: i})
		if err != nil || made.IsGenerated {
			return glyph{}, false
		}
	}
	box, err := p.lib.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text, Index: i})
	if err != nil {
		return glyph{}, false
	}
	origin, err := p.lib.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: text, Index: i})
	if err != nil {
		return glyph{}, false
	}
	x0, y0 := p.turn(float64(box.Rect.Left), float64(box.Rect.Top))
	x1, y1 := p.turn(float64(box.Rect.Right), float64(box.Rect.Bottom))
	_, base := p.turn(origin.X, origin.Y)
	size := max(y0, y1) - min(y0, y1)
	return glyph{char: char, x0: min(x0, x1), x1: max(x0, x1), base: base, size: size, top: min(y0, y1)}, true
}

// drawings collects the page's ruling lines and notices pictures.
func (p *pdfReader) drawings(page *drawn) error {
	n, err := p.lib.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p.ref()})
	if err != nil {
		return ErrDamaged.Because(err)
	}
	for i := range n.Count {
		o, err := p.lib.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p.ref(), Index: i})
		if err != nil {
			continue
		}
		if err := p.object(page, o.PageObject, unit, 0); err != nil {
			return err
		}
	}
	return nil
}

// object collects the ruling lines of one drawn thing. m leads from the coordinates of the
// form it stands in to the page's.
func (p *pdfReader) object(page *drawn, o references.FPDF_PAGEOBJECT, m matrix, depth int) error {
	p.objects++
	if p.objects > p.r.limit.PageObjects {
		return ErrTooMuch
	}
	if err := p.r.check(); err != nil {
		return err
	}
	kind, err := p.lib.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o})
	if err != nil {
		return nil // a thing that cannot be looked at draws no line we could use
	}
	p.layer(page, o, kind.Type, m)
	switch kind.Type {
	case enums.FPDF_PAGEOBJ_IMAGE:
		p.picture = true
	case enums.FPDF_PAGEOBJ_PATH:
		return p.path(page, o, p.matrixOf(o).then(m))
	case enums.FPDF_PAGEOBJ_FORM:
		if depth < 8 {
			return p.form(page, o, p.matrixOf(o).then(m), depth+1)
		}
	}
	return nil
}

// form walks through the things a form holds.
func (p *pdfReader) form(page *drawn, o references.FPDF_PAGEOBJECT, m matrix, depth int) error {
	n, err := p.lib.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: o})
	if err != nil {
		return nil
	}
	for i := range n.Count {
		inner, err := p.lib.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: o, Index: uint64(i)})
		if err != nil {
			continue
		}
		if err := p.object(page, inner.PageObject, m, depth); err != nil {
			return err
		}
	}
	return nil
}

func (p *pdfReader) matrixOf(o references.FPDF_PAGEOBJECT) matrix {
	m, err := p.lib.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o})
	if err != nil {
		return unit
	}
	return matrix{float64(m.Matrix.A), float64(m.Matrix.B), float64(m.Matrix.C), float64(m.Matrix.D), float64(m.Matrix.E), float64(m.Matrix.F)}
}

// path collects the ruling lines of a path that shows.
func (p *pdfReader) path(page *drawn, o references.FPDF_PAGEOBJECT, m matrix) error {
	mode, err := p.lib.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: o})
	if err != nil || !p.shows(o, mode.Stroke, mode.FillMode) {
		return nil
	}
	n, err := p.lib.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: o})
	if err != nil {
		return nil
	}
	if p.objects += n.Count; p.objects > p.r.limit.PageObjects {
		return ErrTooMuch
	}
	t := &tracer{page: page, stroked: mode.Stroke}
	for i := range n.Count {
		kind, x, y, closes, err := p.segment(o, i)
		if err != nil {
			return nil
		}
		x, y = p.turn(m.apply(x, y))
		switch kind {
		case enums.FPDF_SEGMENT_MOVETO:
			t.move(x, y)
		case enums.FPDF_SEGMENT_LINETO:
			t.line(x, y)
		default:
			t.curve(x, y)
		}
		if closes {
			t.close()
		}
	}
	t.end()
	return nil
}

// segment returns one step of a path.
func (p *pdfReader) segment(o references.FPDF_PAGEOBJECT, i int) (kind enums.FPDF_SEGMENT, x, y float64, closes bool, err error) {
	s, err := p.lib.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: o, Index: i})
	if err != nil {
		return 0, 0, 0, false, err
	}
	point, err := p.lib.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: s.PathSegment})
	if err != nil {
		return 0, 0, 0, false, err
	}
	t, err := p.lib.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: s.PathSegment})
	if err != nil {
		return 0, 0, 0, false, err
	}
	end, err := p.lib.FPDFPathSegment_GetClose(&requests.FPDFPathSegment_GetClose{PathSegment: s.PathSegment})
	if err != nil {
		return 0, 0, 0, false, err
	}
	return t.Type, float64(point.X), float64(point.Y), end.IsClose, nil
}

// shows reports whether a path leaves a mark on white paper.
func (p *pdfReader) shows(o references.FPDF_PAGEOBJECT, stroked bool, fill enums.FPDF_FILLMODE) bool {
	if stroked {
		c, err := p.lib.FPDFPageObj_GetStrokeColor(&requests.FPDFPageObj_GetStrokeColor{PageObject: o})
		if err != nil || visible(c.StrokeColor) {
			return true
		}
	}
	if fill == enums.FPDF_FILLMODE_NONE {
		return false
	}
	c, err := p.lib.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: o})
	return err != nil || visible(c.FillColor)
}

// visible reports whether a colour shows on white paper.
func visible(c structs.FPDF_COLOR) bool {
	return c.A > 0 && (c.R < 250 || c.G < 250 || c.B < 250)
}
