package paper

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // texts have pictures of this kind
	"image/jpeg"
	_ "image/png" // and of this
	"strings"

	"github.com/signintech/gopdf"
)

// Picture is an image between two paragraphs. DOCX and PDF print it; the other back ends leave it to
// the paragraph behind it, which says what it shows.
type Picture struct {
	Source string // names the image, so that two documents can be told apart
	Alt    string // what it shows, for those who do not see it
	jpeg   []byte
	w, h   int // pixels
}

// Bounds of a picture: what a few bytes can unfold to in memory, and what paper shows of it.
const (
	mostPixels  = 16 << 20
	longestSide = 1600
	quality     = 85
	pixel       = 0.75 // points, as browsers show it
)

// ErrPicture says that an image is of no kind that can be printed, or too large.
var ErrPicture = errors.New("no picture to be printed")

// Load takes in the image, PNG, JPEG or GIF: brought to a size that paper can show, on white.
func (p *Picture) Load(file []byte) error {
	c, _, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || c.Width < 1 || c.Height < 1 || c.Width > mostPixels/c.Height {
		return fmt.Errorf("%w: %s", ErrPicture, p.Source)
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrPicture, p.Source, err)
	}
	small := shrink(img)
	p.w, p.h = small.Rect.Dx(), small.Rect.Dy()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: quality}); err != nil {
		return fmt.Errorf("print picture %s: %w", p.Source, err)
	}
	p.jpeg = b.Bytes()
	return nil
}

// Loaded reports whether there is an image to print.
func (p *Picture) Loaded() bool { return len(p.jpeg) > 0 }

// shrink returns an image on white whose sides are at most longestSide, each of its pixels the
// mean of those it stands for.
func shrink(img image.Image) *image.RGBA {
	r := img.Bounds()
	whole := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(whole, whole.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(whole, whole.Rect, img, r.Min, draw.Over)
	w, h := r.Dx(), r.Dy()
	if long := max(w, h); long > longestSide {
		w, h = max(1, w*longestSide/long), max(1, h*longestSide/long)
	} else {
		return whole
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.SetRGBA(x, y, mean(whole, x*r.Dx()/w, y*r.Dy()/h, (x+1)*r.Dx()/w, (y+1)*r.Dy()/h))
		}
	}
	return out
}

// mean is the middle of the colours in a rectangle.
func mean(img *image.RGBA, x1, y1, x2, y2 int) color.RGBA {
	x2, y2 = max(x2, x1+1), max(y2, y1+1)
	var sum [3]int
	for y := y1; y < y2; y++ {
		for at := img.PixOffset(x1, y); at < img.PixOffset(x2, y); at += 4 {
			for i := range sum {
				sum[i] += int(img.Pix[at+i])
			}
		}
	}
	n := (x2 - x1) * (y2 - y1)
	return color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255}
}

// size returns the picture's width and height in points: at most the width of the text and two
// thirds of a page.
func (p *Picture) size() (w, h float64) {
	w, h = float64(p.w)*pixel, float64(p.h)*pixel
	scale := min(1, width/w, height*2/3/h)
	return w * scale, h * scale
}

// pictureMark is a picture on a page.
type pictureMark struct {
	x, y, w, h float64
	picture    *Picture
}

// picture sets a picture in the middle, on one page with the first line behind it.
func (l *layout) picture(p *Picture, block int) {
	w, h := p.size()
	l.slabs = append(l.slabs, slab{height: h + pitch/2, keep: true, block: block, draw: func(pg *page, y float64) {
		pg.pictures = append(pg.pictures, pictureMark{left + (width-w)/2, y + pitch/4, w, h, p})
	}})
}

func (p *pdfPen) picture(m pictureMark) {
	holder, err := gopdf.ImageHolderByBytes(m.picture.jpeg)
	p.do(err)
	if err == nil {
		p.do(p.pdf.ImageByHolder(holder, m.x, m.y, &gopdf.Rect{W: m.w, H: m.h}))
	}
}

// pictures are those of a document that can be printed, in order.
func (d *Document) pictures() (all []*Picture) {
	for _, k := range d.Body {
		if k.Picture != nil && k.Picture.Loaded() {
			all = append(all, k.Picture)
		}
	}
	return all
}

// docxPicture writes the n-th picture, counted from 1, in a paragraph of its own.
func docxPicture(b *strings.Builder, p *Picture, n int) {
	w, h := p.size()
	const emu = 12700 // of a point
	fmt.Fprintf(b, `<w:p><w:pPr><w:pStyle w:val="Normal"/><w:keepNext/><w:spacing w:before="120" w:after="120" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/><w:jc w:val="center"/></w:pPr><w:r><w:drawing>`+
		`<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/>`+
		`<wp:docPr id="%d" name="Picture %d" descr="%s"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">`+
		`<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="%d" name="image%d.jpeg"/><pic:cNvPicPr/></pic:nvPicPr>`+
		`<pic:blipFill><a:blip r:embed="%s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>`+
		`</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
		int(w*emu), int(h*emu), n, n, escape(p.Alt), n, n, pictureID(n), int(w*emu), int(h*emu))
}

// pictureID is the name of the n-th picture's relationship.
func pictureID(n int) string { return fmt.Sprintf("rIdPicture%d", n) }

// docxPictures are the parts of the file that differ with its pictures: their kind, the ways to them
// and they themselves.
func (d *Document) docxPictures() (kinds, ways string, parts []docxPart) {
	kinds, ways = contentTypes, documentRels
	for i, p := range d.pictures() {
		name := fmt.Sprintf("media/image%d.jpeg", i+1)
		ways = strings.Replace(ways, "</Relationships>", `<Relationship Id="`+pictureID(i+1)+`" Type="`+relSpace+`/image" Target="`+name+`"/></Relationships>`, 1)
		parts = append(parts, docxPart{"word/" + name, string(p.jpeg)})
	}
	if len(parts) > 0 {
		kinds = strings.Replace(kinds, `<Default Extension="xml"`, `<Default Extension="jpeg" ContentType="image/jpeg"/><Default Extension="xml"`, 1)
	}
	return kinds, ways, parts
}

// docxPart is a file inside a Word file.
type docxPart struct{ name, text string }
