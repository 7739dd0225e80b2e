package extract

import (
	"bytes"
	"math"
	"strings"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// A layer is a thing drawn on a page that matters for what covers what: a text object, or an
// area or picture that lets nothing through. Layers stand in the order of drawing.
type layer struct {
	box   rule
	cover bool
	text  references.FPDF_PAGEOBJECT
}

// Bounds of the search for covered text, and what counts as a cover: a bar as high as small
// print at least, and no more than half the page, as backgrounds and scans are.
const (
	mostLayers = 20_000
	mostCovers = 500
	barWidth   = 4.0
	barHeight  = 4.0
	wholePage  = 0.5
)

// layer notes a drawn thing for inspect. m leads from the coordinates of the form it stands
// in to the page's.
func (p *pdfReader) layer(page *drawn, o references.FPDF_PAGEOBJECT, kind enums.FPDF_PAGEOBJ, m matrix) {
	if !p.r.inspected || len(p.layers) >= mostLayers {
		return
	}
	bounds, err := p.lib.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: o})
	if err != nil {
		return
	}
	l := layer{box: p.boxOf(float64(bounds.Left), float64(bounds.Bottom), float64(bounds.Right), float64(bounds.Top), m)}
	switch kind {
	case enums.FPDF_PAGEOBJ_TEXT:
		l.text = o
	case enums.FPDF_PAGEOBJ_PATH, enums.FPDF_PAGEOBJ_IMAGE:
		w, h := l.box.x1-l.box.x0, l.box.y1-l.box.y0
		if p.covers >= mostCovers || w < barWidth || h < barHeight || w*h > wholePage*page.width*page.height || !p.opaque(o, kind) {
			return
		}
		l.cover = true
		p.covers++
	default:
		return
	}
	p.layers = append(p.layers, l)
}

// boxOf turns a box of a form's coordinates into one of ours.
func (p *pdfReader) boxOf(l, b, r, t float64, m matrix) rule {
	out := rule{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, c := range [][2]float64{{l, b}, {l, t}, {r, b}, {r, t}} {
		x, y := p.turn(m.apply(c[0], c[1]))
		out = rule{min(out.x0, x), min(out.y0, y), max(out.x1, x), max(out.y1, y)}
	}
	return out
}

// opaque reports whether nothing shows through a filled path or a picture.
func (p *pdfReader) opaque(o references.FPDF_PAGEOBJECT, kind enums.FPDF_PAGEOBJ) bool {
	through, err := p.lib.FPDFPageObj_HasTransparency(&requests.FPDFPageObj_HasTransparency{PageObject: o})
	if err != nil || through.HasTransparency {
		return false
	}
	if kind == enums.FPDF_PAGEOBJ_IMAGE {
		return true
	}
	mode, err := p.lib.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: o})
	if err != nil || mode.FillMode == enums.FPDF_FILLMODE_NONE {
		return false
	}
	c, err := p.lib.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: o})
	return err == nil && c.FillColor.A >= 250
}

// covered records the text of the page that lies under an area or picture drawn later.
func (p *pdfReader) covered(page *drawn) error {
	var under []layer // texts drawn before the cover at hand
	for i, l := range p.layers {
		if !l.cover {
			under = append(under, l)
			continue
		}
		if err := p.r.check(); err != nil {
			return err
		}
		above := p.layers[i+1:]
		var said strings.Builder
		for _, g := range page.glyphs {
			x, y := g.middle()
			if l.box.holds(x, y) && anyHolds(under, x, y) && !anyHolds(above, x, y) {
				said.WriteRune(g.char)
			}
		}
		p.r.hideText(HiddenCovered, "", said.String())
	}
	return nil
}

// holds reports whether a point lies in a box.
func (k rule) holds(x, y float64) bool { return x >= k.x0 && x <= k.x1 && y >= k.y0 && y <= k.y1 }

// anyHolds reports whether a text among the layers lies there. A text's box is a little
// narrower than its characters are.
func anyHolds(layers []layer, x, y float64) bool {
	for _, l := range layers {
		k := l.box
		if !l.cover && (rule{k.x0 - 2, k.y0 - 2, k.x1 + 2, k.y1 + 2}).holds(x, y) {
			return true
		}
	}
	return false
}

// annotations records the notes and remarks on the page. Links and the fields of forms are no
// remarks.
func (p *pdfReader) annotations() {
	if !p.r.inspected {
		return
	}
	n, err := p.lib.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: p.ref()})
	if err != nil {
		return
	}
	for i := range min(n.Count, p.r.limit.Hidden) {
		a, err := p.lib.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: p.ref(), Index: i})
		if err != nil {
			continue
		}
		p.annotation(a.Annotation)
		p.lib.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: a.Annotation})
	}
}

func (p *pdfReader) annotation(a references.FPDF_ANNOTATION) {
	kind, err := p.lib.FPDFAnnot_GetSubtype(&requests.FPDFAnnot_GetSubtype{Annotation: a})
	if err != nil {
		return
	}
	switch kind.Subtype {
	case enums.FPDF_ANNOT_SUBTYPE_LINK, enums.FPDF_ANNOT_SUBTYPE_WIDGET, enums.FPDF_ANNOT_SUBTYPE_POPUP:
		return
	case enums.FPDF_ANNOT_SUBTYPE_FILEATTACHMENT:
		p.r.hide(HiddenObject, p.stated(a, "Contents"))
		return
	}
	p.r.hideText(HiddenAnnotation, p.stated(a, "T"), p.stated(a, "Contents"))
}

// stated returns what an annotation says under a key.
func (p *pdfReader) stated(a references.FPDF_ANNOTATION, key string) string {
	v, err := p.lib.FPDFAnnot_GetStringValue(&requests.FPDFAnnot_GetStringValue{Annotation: a, Key: key})
	if err != nil {
		return ""
	}
	return strings.TrimRight(v.Value, "\x00")
}

// carried records who made the document, what is attached to it, and whether it holds
// programs.
func (p *pdfReader) carried(attachments int) {
	if !p.r.inspected {
		return
	}
	if v, err := p.lib.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: p.doc, Tag: "Author"}); err == nil {
		p.r.hideText(HiddenProperty, "Author", v.Value)
	}
	for i := range min(attachments, mostObjects) {
		a, err := p.lib.FPDFDoc_GetAttachment(&requests.FPDFDoc_GetAttachment{Document: p.doc, Index: i})
		if err != nil {
			continue
		}
		if name, err := p.lib.FPDFAttachment_GetName(&requests.FPDFAttachment_GetName{Attachment: a.Attachment}); err == nil {
			p.r.hide(HiddenObject, name.Name)
		}
	}
	if bytes.Contains(p.r.data, []byte("/JavaScript")) {
		p.r.hide(HiddenMacro, "JavaScript")
	}
}
