package redact

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"strings"
	"unicode/utf16"

	"gongkai/internal/extract"
)

// mostOutput bounds a copy.
const mostOutput = 400 << 20

// pdfWriter writes a PDF of pictures with words behind them. It knows no document information,
// no attachments, annotations, forms, programs, layers or structure: there is no way to write
// one. Numbers of objects: see the constants.
type pdfWriter struct {
	out     bytes.Buffer
	offsets []int // by object, from 1
	pages   []int // objects of the pages
	codes   map[rune]int
	runes   []rune // by code, from 1
}

// The objects every file has; those of pages follow.
const (
	rootObject = iota + 1
	pagesObject
	fontObject
	cidObject
	descriptorObject
	programObject
	unicodeObject
	shapesObject
	fixedObjects = shapesObject
)

func newPDFWriter() *pdfWriter {
	w := &pdfWriter{offsets: make([]int, fixedObjects+1), codes: map[rune]int{}, runes: []rune{0}}
	w.out.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	return w
}

// next gives the number of a new object.
func (w *pdfWriter) next() int {
	w.offsets = append(w.offsets, 0)
	return len(w.offsets) - 1
}

func (w *pdfWriter) object(n int, format string, args ...any) {
	w.offsets[n] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n", n)
	fmt.Fprintf(&w.out, format, args...)
	w.out.WriteString("\nendobj\n")
}

// stream writes data as an object, deflated unless dict names another filter.
func (w *pdfWriter) stream(n int, dict string, data []byte) error {
	if !strings.Contains(dict, "/Filter") {
		packed, err := deflate(data)
		if err != nil {
			return err
		}
		dict, data = dict+"/Filter/FlateDecode", packed
	}
	w.offsets[n] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n<<%s/Length %d>>\nstream\n", n, dict, len(data))
	w.out.Write(data)
	w.out.WriteString("\nendstream\nendobj\n")
	if w.out.Len() > mostOutput {
		return ErrTooLarge.With("limit", mostOutput>>20)
	}
	return nil
}

func deflate(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		return nil, err
	}
	err := z.Close()
	return b.Bytes(), err
}

// page paints the stains on the picture of a page and writes it with what stays of its words.
func (w *pdfWriter) page(leaf *extract.Leaf, img *image.RGBA, stains []stain) error {
	page := Page{leaf.Width, leaf.Height}
	for _, s := range stains {
		paint(img, pixels(s.paint, page, img.Bounds()), s.label)
	}
	n, content, picture := w.next(), w.next(), w.next()
	w.pages = append(w.pages, n)
	w.object(n, "<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.2f %.2f]/Contents %d 0 R/Resources<</XObject<</P %d 0 R>>/Font<</F %d 0 R>>>>>>",
		pagesObject, page.Width, page.Height, content, picture, fontObject)
	var b strings.Builder
	fmt.Fprintf(&b, "q %.2f 0 0 %.2f 0 0 cm /P Do Q\nBT 3 Tr\n", page.Width, page.Height)
	for _, line := range stay(leaf, stains) {
		for _, g := range line {
			w.letter(&b, g.Char, g.X0, page.Height-g.Base, g.Y1-g.Y0, g.X1-g.X0)
		}
	}
	for _, s := range stains {
		w.words(&b, s, page)
	}
	b.WriteString("ET\n")
	if err := w.stream(content, "", []byte(b.String())); err != nil {
		return err
	}
	dict, data, err := packPicture(img)
	if err != nil {
		return err
	}
	return w.stream(picture, "/Type/XObject/Subtype/Image"+dict, data)
}

// letter writes one character without ink, as wide as it stands on the page.
func (w *pdfWriter) letter(b *strings.Builder, char rune, x, y, size, width float64) {
	if !(size > 0 && width > 0) {
		return
	}
	code, known := w.codes[char]
	if !known {
		if len(w.runes) > 0xFFFF {
			return
		}
		code = len(w.runes)
		w.codes[char], w.runes = code, append(w.runes, char)
	}
	fmt.Fprintf(b, "/F %.1f Tf %.0f Tz 1 0 0 1 %.2f %.2f Tm <%04X> Tj\n", size, 100*width/size, x, y, code)
}

// words writes the label of a stain, for those who search or have the page read to them.
func (w *pdfWriter) words(b *strings.Builder, s stain, page Page) {
	label := []rune(s.label)
	if len(label) == 0 {
		return
	}
	size := min(s.box.Y1-s.box.Y0, 12)
	width := (s.box.X1 - s.box.X0) / float64(len(label))
	for i, r := range label {
		w.letter(b, r, s.box.X0+float64(i)*width, page.Height-(s.box.Y0+s.box.Y1+size*0.6)/2, size, width)
	}
}

// finish writes the font, the list of pages and the table of objects.
func (w *pdfWriter) finish() ([]byte, error) {
	w.object(rootObject, "<</Type/Catalog/Pages %d 0 R/Lang(zh-CN)>>", pagesObject)
	var kids strings.Builder
	for _, n := range w.pages {
		fmt.Fprintf(&kids, "%d 0 R ", n)
	}
	w.object(pagesObject, "<</Type/Pages/Count %d/Kids[%s]>>", len(w.pages), kids.String())
	if err := w.font(); err != nil {
		return nil, err
	}
	table := w.out.Len()
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets))
	for _, at := range w.offsets[1:] {
		fmt.Fprintf(&w.out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&w.out, "trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets), rootObject, table)
	return w.out.Bytes(), nil
}

// font writes a font of empty shapes, each a full square wide, and which character each code is.
func (w *pdfWriter) font() error {
	const name = "GongkaiBlank"
	w.object(fontObject, "<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", name, cidObject, unicodeObject)
	w.object(cidObject, "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/FontDescriptor %d 0 R/CIDToGIDMap %d 0 R>>",
		name, descriptorObject, shapesObject)
	w.object(descriptorObject, "<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[0 -200 1000 800]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 800/StemV 80/FontFile2 %d 0 R>>", name, programObject)
	program := blankFont()
	if err := w.stream(programObject, fmt.Sprintf("/Length1 %d", len(program)), program); err != nil {
		return err
	}
	if err := w.stream(unicodeObject, "", w.characters()); err != nil {
		return err
	}
	return w.stream(shapesObject, "", bytes.Repeat([]byte{0, 1}, len(w.runes)))
}

// characters says which character each code is.
func (w *pdfWriter) characters() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	const most = 100 // in one list, by the format
	for from := 1; from < len(w.runes); from += most {
		to := min(from+most, len(w.runes))
		fmt.Fprintf(&b, "%d beginbfchar\n", to-from)
		for code := from; code < to; code++ {
			fmt.Fprintf(&b, "<%04X> <", code)
			for _, unit := range utf16.Encode([]rune{w.runes[code]}) {
				fmt.Fprintf(&b, "%04X", unit)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// blankFont makes a TrueType font of two empty shapes.
func blankFont() []byte {
	be := binary.BigEndian
	u16 := func(vs ...uint16) (b []byte) {
		for _, v := range vs {
			b = be.AppendUint16(b, v)
		}
		return b
	}
	head := append(u16(1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, 1000), make([]byte, 16)...)
	tables := []struct {
		tag  string
		data []byte
	}{
		{"glyf", make([]byte, 12)},
		{"head", append(head, u16(0, 0xFF38, 1000, 800, 0, 8, 2, 0, 0)...)},
		{"hhea", u16(1, 0, 800, 0xFF38, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, 1)},
		{"hmtx", u16(1000, 0, 0)},
		{"loca", u16(0, 0, 0)},
		{"maxp", u16(1, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)},
	}
	var dir, body []byte
	dir = append(dir, u16(1, 0, uint16(len(tables)), 64, 2, uint16(16*len(tables)-64))...)
	for _, t := range tables {
		data := append(t.data, make([]byte, (4-len(t.data)%4)%4)...)
		sum := uint32(0)
		for i := 0; i < len(data); i += 4 {
			sum += be.Uint32(data[i:])
		}
		dir = append(dir, t.tag...)
		dir = be.AppendUint32(dir, sum)
		dir = be.AppendUint32(dir, uint32(12+16*len(tables)+len(body)))
		dir = be.AppendUint32(dir, uint32(len(t.data)))
		body = append(body, data...)
	}
	return append(dir, body...)
}

// jpegQuality keeps the strokes of small print whole.
const jpegQuality = 82

// smallPage is up to how many bytes a page without loss is not tried as JPEG too.
const smallPage = 300 << 10

// packPicture packs a page: in few colours, as printed pages have, without loss; else as JPEG.
func packPicture(img *image.RGBA) (dict string, data []byte, err error) {
	size := fmt.Sprintf("/Width %d/Height %d/BitsPerComponent 8", img.Bounds().Dx(), img.Bounds().Dy())
	flatDict, flat := "", []byte(nil)
	if palette, pixels := fewColours(img); palette != nil {
		if flat, err = deflate(pixels); err != nil {
			return "", nil, err
		}
		flatDict = fmt.Sprintf("%s/ColorSpace[/Indexed/DeviceRGB %d<%X>]/Filter/FlateDecode", size, len(palette)/3-1, palette)
		if len(flat) <= smallPage {
			return flatDict, flat, nil
		}
	}
	var shot bytes.Buffer
	space := "/DeviceRGB"
	if gray := grayOf(img); gray != nil {
		space = "/DeviceGray"
		err = jpeg.Encode(&shot, gray, &jpeg.Options{Quality: jpegQuality})
	} else {
		err = jpeg.Encode(&shot, img, &jpeg.Options{Quality: jpegQuality})
	}
	if err != nil {
		return "", nil, err
	}
	if flat != nil && len(flat) <= shot.Len() {
		return flatDict, flat, nil
	}
	return size + "/ColorSpace" + space + "/Filter/DCTDecode", shot.Bytes(), nil
}

// grayOf returns a picture without colours as one of greys; nil if it has colours.
func grayOf(img *image.RGBA) *image.Gray {
	const tint = 6 // of 255; scanners tint that much
	out := image.NewGray(img.Bounds())
	for i, j := 0, 0; i+3 < len(img.Pix); i, j = i+4, j+1 {
		r, g, b := int(img.Pix[i]), int(img.Pix[i+1]), int(img.Pix[i+2])
		if max(r, g, b)-min(r, g, b) > tint {
			return nil
		}
		out.Pix[j] = uint8((r + g + b) / 3)
	}
	return out
}

// fewColours returns a picture by the entries of a palette, its colours rounded to sixteen steps
// each; nothing if more than 256 are left.
func fewColours(img *image.RGBA) (palette, flat []byte) {
	index := make([]int16, 4096)
	flat = make([]byte, 0, len(img.Pix)/4)
	for i := 0; i+3 < len(img.Pix); i += 4 {
		r, g, b := img.Pix[i]>>4, img.Pix[i+1]>>4, img.Pix[i+2]>>4
		k := int(r)<<8 | int(g)<<4 | int(b)
		if index[k] == 0 {
			if len(palette) == 3*256 {
				return nil, nil
			}
			palette = append(palette, r*17, g*17, b*17)
			index[k] = int16(len(palette) / 3)
		}
		flat = append(flat, byte(index[k]-1))
	}
	return palette, flat
}
