package redact

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"slices"
	"strings"

	"gongkai/internal/extract"
)

// docxPaper makes Word files anew: the paragraphs that were shown, in elements and attributes of
// a list, and pictures from their pixels.
type docxPaper struct{}

func (docxPaper) suffix() string { return "docx" }

// openDOCX reads the paragraphs and pictures that the copy can hold.
func openDOCX(ctx context.Context, f *File) error {
	f.Format, f.maker = DOCX, docxPaper{}
	w, err := readWord(ctx, f)
	if err != nil {
		return err
	}
	for _, p := range w.passages {
		f.Passages = append(f.Passages, Passage{Part: p.part, Text: p.text()})
	}
	for _, img := range w.pictures {
		f.Pages = append(f.Pages, Page{float64(img.pixels.Bounds().Dx()), float64(img.pixels.Bounds().Dy())})
	}
	f.Lost = w.lost
	return nil
}

func (docxPaper) place(f *File, m Mark) ([]string, bool) {
	if m.Passage > 0 {
		return f.taken(m)
	}
	return nil, m.Passage == 0 && m.Page >= 1 && m.Page <= len(f.Pages) && !m.Box.within(f.Pages[m.Page-1]).empty()
}

func (docxPaper) picture(ctx context.Context, f *File, page int) ([]byte, error) {
	w, err := readWord(ctx, f)
	if err != nil {
		return nil, err
	}
	return screen(w.pictures[page-1].pixels)
}

func (docxPaper) build(ctx context.Context, f *File, marks []Mark) ([]byte, error) {
	w, err := readWord(ctx, f)
	if err != nil {
		return nil, err
	}
	for i, p := range w.passages {
		p.withhold(reasons(p.size(), i+1, marks))
	}
	for i, img := range w.pictures {
		stained(img.pixels, f.Pages[i], marks, i+1)
	}
	return w.pack()
}

// element is an element of a part to be written; without a name it is text.
type element struct {
	name  string
	attrs [][2]string
	kids  []*element
	text  string
}

func (e *element) write(b *bytes.Buffer) {
	if e.name == "" {
		escape(b, e.text)
		return
	}
	b.WriteString("<" + e.name)
	for _, a := range e.attrs {
		b.WriteString(" " + a[0] + `="`)
		escape(b, a[1])
		b.WriteString(`"`)
	}
	if len(e.kids) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	for _, k := range e.kids {
		if !k.bare() {
			k.write(b)
		}
	}
	b.WriteString("</" + e.name + ">")
}

// bare reports whether nothing is left of a run: in how many a text was parted may tell of it.
func (e *element) bare() bool {
	switch e.name {
	case "w:t":
		return len(e.kids) == 0 || e.kids[0].text == ""
	case "w:r":
		return !slices.ContainsFunc(e.kids, func(k *element) bool { return k.name != "w:rPr" && !k.bare() })
	}
	return false
}

// escape writes text for XML, without the signs it forbids.
func escape(b *bytes.Buffer, s string) {
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r < ' ' && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
		default:
			b.WriteRune(r)
		}
	}
}

// el makes an element of attributes given as name, value, name, value.
func el(name string, attrs []string, kids ...*element) *element {
	e := &element{name: name, kids: kids}
	for i := 0; i+1 < len(attrs); i += 2 {
		e.attrs = append(e.attrs, [2]string{attrs[i], attrs[i+1]})
	}
	return e
}

// passageText is a paragraph: what of it can be withheld, piece by piece.
type passageText struct {
	part   Part
	pieces []piece
}

// piece is a run of text, or a sign such as a tab, that stands in the copy as an element.
type piece struct {
	e    *element // w:t, or w:tab, w:br …
	text []rune
}

func (p *passageText) text() string {
	var b strings.Builder
	for _, k := range p.pieces {
		b.WriteString(string(k.text))
	}
	return b.String()
}

func (p *passageText) size() (n int) {
	for _, k := range p.pieces {
		n += len(k.text)
	}
	return n
}

// withhold takes away the runes that have a reason. Where they began stands the label.
func (p *passageText) withhold(why []Ground) {
	at := 0
	for _, k := range p.pieces {
		var left strings.Builder
		hit := false
		for i, r := range k.text {
			switch g := why[at+i]; {
			case g == "":
				left.WriteRune(r)
			case at+i == 0 || why[at+i-1] == "":
				left.WriteString(g.label())
				hit = true
			default:
				hit = true
			}
		}
		if hit { // a tab or a line break taken away becomes text too
			*k.e = *textElement(left.String())
		}
		at += len(k.text)
	}
}

func textElement(text string) *element {
	return el("w:t", []string{"xml:space", "preserve"}, &element{text: text})
}

// wordPicture is a picture of the document and its size on paper, in EMU.
type wordPicture struct {
	pixels        *image.RGBA
	jpeg          bool
	width, height int64
}

// word is a Word file being read into what its copy may hold.
type word struct {
	parts    *extract.Parts
	hidden   map[string]bool // styles whose text does not show
	styles   map[string]string
	passages []*passageText
	pictures []*wordPicture
	lost     []string

	part     Part // the one being read
	out      []written
	headers  map[string]string // by relation of the main part, its new name
	field    int               // fields open
	skip     int               // the field from which on results are dropped, as the number is counted anew
	later    []*element        // paragraphs of text boxes, written behind the paragraph they hang on
	depth    int
	resolved map[string]string
}

// written is a part of the copy.
type written struct {
	name, kind string // kind is the last word of its content type
	id         string // of the main part's relation to it
	root       *element
}

func (w *word) lose(key string) {
	if !slices.Contains(w.lost, key) {
		w.lost = append(w.lost, key)
	}
}

// readWord reads a Word file.
func readWord(ctx context.Context, f *File) (*word, error) {
	w := &word{headers: map[string]string{}, hidden: map[string]bool{}, styles: map[string]string{}}
	err := extract.ReadParts(ctx, f.Name, f.data, func(p *extract.Parts) error {
		w.parts = p
		return w.read()
	})
	return w, err
}

// read reads the styles, the numbering, the text, and what stands around it.
func (w *word) read() error {
	if err := w.readStyles(); err != nil {
		return err
	}
	if err := w.readPart(w.parts.Main(), Body, "document", "main"); err != nil {
		return err
	}
	for _, kind := range []string{"footnotes", "endnotes"} {
		if name := w.parts.Sibling(kind); name != "" && w.parts.Has(name) {
			if err := w.readPart(name, Footnote, kind, kind); err != nil {
				return err
			}
		}
	}
	if err := w.readNumbering(); err != nil {
		return err
	}
	return w.settings()
}

// settings says that the copy is of today's Word, and whether even pages have headers of their
// own.
func (w *word) settings() error {
	tree, err := w.parts.Tree(w.parts.Sibling("settings"))
	if err != nil {
		return err
	}
	root := el("w:settings", []string{"xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"})
	if tree != nil && tree.Kid("evenAndOddHeaders") != nil {
		root.kids = append(root.kids, el("w:evenAndOddHeaders", nil))
	}
	root.kids = append(root.kids, el("w:compat", nil, el("w:compatSetting",
		[]string{"w:name", "compatibilityMode", "w:uri", "http://schemas.microsoft.com/office/word", "w:val", "15"})))
	w.out = append(w.out, written{"settings.xml", "settings", fmt.Sprintf("rId%d", len(w.out)+1), root})
	return nil
}

// readPart reads a part with paragraphs.
func (w *word) readPart(name string, part Part, root, kind string) error {
	tree, err := w.parts.Tree(name)
	if err != nil {
		return err
	}
	if tree == nil || !tree.Word() {
		return extract.ErrDamaged
	}
	w.part, w.field, w.skip = part, 0, 0
	w.resolved = w.parts.Related(name)
	e := el("w:"+root, []string{
		"xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
		"xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
	})
	id := fmt.Sprintf("rId%d", len(w.out)+1)
	at := len(w.out)
	w.out = append(w.out, written{name: fmt.Sprintf("%s%d.xml", root, at), kind: kind, id: id, root: e})
	if kind == "main" {
		w.out[at].name = "document.xml"
	}
	e.kids = w.blocks(tree.Kids)
	return nil
}

// header reads a header or footer that a section names, once, and returns its new relation.
func (w *word) header(id, kind string) (string, error) {
	target := w.resolved[id]
	if target == "" || !w.parts.Has(target) {
		return "", nil
	}
	if known := w.headers[target]; known != "" {
		return known, nil
	}
	keep := *w
	root, part := "hdr", Header
	if kind == "footer" {
		root, part = "ftr", Footer
	}
	w.later = nil
	if err := w.readPart(target, part, root, kind); err != nil {
		return "", err
	}
	w.part, w.resolved, w.field, w.skip, w.later, w.depth = keep.part, keep.resolved, keep.field, keep.skip, keep.later, keep.depth
	w.headers[target] = w.out[len(w.out)-1].id
	return w.headers[target], nil
}

// Addresses of the format, before the word that tells them apart.
const (
	officeRelation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	wordType       = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// pack writes the copy.
func (w *word) pack() ([]byte, error) {
	z := newZip()
	types := `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="jpg" ContentType="image/jpeg"/>`
	rels, media := "", ""
	for i, img := range w.pictures {
		media += fmt.Sprintf(`<Relationship Id="rImg%d" Type="%simage" Target="%s"/>`, i+1, officeRelation, img.name(i))
	}
	for _, p := range w.out {
		kind := p.kind
		if kind == "main" {
			kind = "document.main"
		} else {
			rels += fmt.Sprintf(`<Relationship Id="%s" Type="%s%s" Target="%s"/>`, p.id, officeRelation, p.kind, p.name)
		}
		types += fmt.Sprintf(`<Override PartName="/word/%s" ContentType="%s%s+xml"/>`, p.name, wordType, kind)
	}
	z.add("[Content_Types].xml", []byte(xmlHead+`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`+types+"</Types>"))
	z.add("_rels/.rels", []byte(xmlHead+relsOpen+`<Relationship Id="rId1" Type="`+officeRelation+`officeDocument" Target="word/document.xml"/></Relationships>`))
	z.add("word/_rels/document.xml.rels", []byte(xmlHead+relsOpen+rels+media+"</Relationships>"))
	for _, p := range w.out {
		var b bytes.Buffer
		p.root.write(&b)
		z.add("word/"+p.name, []byte(xmlHead+b.String()))
		if set("header footer footnotes endnotes")[p.kind] {
			z.add("word/_rels/"+p.name+".rels", []byte(xmlHead+relsOpen+media+"</Relationships>"))
		}
	}
	for i, img := range w.pictures {
		data, err := (picturePaper{img.jpeg}).encode(img.pixels)
		if err != nil {
			return nil, err
		}
		z.add("word/"+img.name(i), data)
	}
	return z.finish()
}

// name is where the picture stands in the copy.
func (p *wordPicture) name(i int) string {
	return fmt.Sprintf("media/image%d.%s", i+1, picturePaper{p.jpeg}.suffix())
}

const (
	xmlHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	relsOpen = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
)

// readPicture reads a picture of the document; false if it is of a kind that cannot be read.
func (w *word) readPicture(id string, width, height int64) (*element, bool) {
	target := w.resolved[id]
	if target == "" || !w.parts.Has(target) || len(w.pictures) >= mostPages {
		return nil, false
	}
	data, err := w.parts.Bytes(target)
	if err != nil {
		return nil, false
	}
	pixels, kind, err := decode(data)
	if err != nil {
		return nil, false
	}
	const emu = 914400 / 96 // a pixel on a screen
	if width <= 0 || height <= 0 || width > 1<<31 || height > 1<<31 {
		width, height = int64(pixels.Bounds().Dx())*emu, int64(pixels.Bounds().Dy())*emu
	}
	w.pictures = append(w.pictures, &wordPicture{pixels, kind == "jpeg", width, height})
	return drawing(len(w.pictures), width, height), true
}

// drawing shows a picture in the line.
func drawing(n int, width, height int64) *element {
	const a, pic = "http://schemas.openxmlformats.org/drawingml/2006/main", "http://schemas.openxmlformats.org/drawingml/2006/picture"
	num, cx, cy := fmt.Sprint(n), fmt.Sprint(width), fmt.Sprint(height)
	picture := el("pic:pic", []string{"xmlns:pic", pic},
		el("pic:nvPicPr", nil, el("pic:cNvPr", []string{"id", num, "name", num}), el("pic:cNvPicPr", nil)),
		el("pic:blipFill", nil, el("a:blip", []string{"r:embed", "rImg" + num}), el("a:stretch", nil, el("a:fillRect", nil))),
		el("pic:spPr", nil,
			el("a:xfrm", nil, el("a:off", []string{"x", "0", "y", "0"}), el("a:ext", []string{"cx", cx, "cy", cy})),
			el("a:prstGeom", []string{"prst", "rect"}, el("a:avLst", nil))))
	return el("w:drawing", nil, el("wp:inline", []string{"xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing", "distT", "0", "distB", "0", "distL", "0", "distR", "0"},
		el("wp:extent", []string{"cx", cx, "cy", cy}),
		el("wp:docPr", []string{"id", num, "name", num}),
		el("a:graphic", []string{"xmlns:a", a}, el("a:graphicData", []string{"uri", pic}, picture))))
}
