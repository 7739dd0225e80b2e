package redact

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"gongkai/internal/paper"
)

// bold is the font of labels. It is part of the program: one that does not load is a mistake of
// the build.
var bold = sync.OnceValue(func() *opentype.Font {
	f, err := opentype.Parse(paper.Bold())
	if err != nil {
		panic("redact: font of labels: " + err.Error())
	}
	return f
})

// Sizes of labels, in pixels: what is smaller cannot be read, what is larger shouts.
const (
	leastLabel = 9
	mostLabel  = 40
)

// paint blackens an area and writes on it which article it is withheld by, where that has room.
func paint(img *image.RGBA, area image.Rectangle, label string) {
	draw.Draw(img, area, image.NewUniform(color.Black), image.Point{}, draw.Src)
	if label = strings.TrimLeft(label, "■"); label == "" {
		return
	}
	size := min(float64(area.Dy())*0.7, float64(area.Dx())*0.9/float64(len([]rune(label))), mostLabel)
	if size < leastLabel {
		return
	}
	face, err := opentype.NewFace(bold(), &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		return
	}
	defer face.Close()
	d := font.Drawer{Dst: img.SubImage(area).(*image.RGBA), Src: image.White, Face: face}
	width := d.MeasureString(label).Round()
	d.Dot = fixed.P(area.Min.X+(area.Dx()-width)/2, area.Min.Y+int((float64(area.Dy())+size*0.76)/2))
	d.DrawString(label)
}

// painted reports whether an area looks as paint leaves it: black, but for the strokes of the
// label and what lies right beside them, as JPEG wavers.
func painted(img *image.RGBA, area image.Rectangle, label string) bool {
	const dark, beside = 70, 3 // of 255; pixels
	want := image.NewRGBA(area)
	paint(want, area, label)
	inner := area.Inset(2)
	for y := inner.Min.Y; y < inner.Max.Y; y++ {
		for x := inner.Min.X; x < inner.Max.X; x++ {
			c := img.Pix[img.PixOffset(x, y):]
			if max(c[0], c[1], c[2]) > dark && !bright(want, x, y, beside) {
				return false
			}
		}
	}
	return true
}

// bright reports whether a pixel near another is not black.
func bright(img *image.RGBA, x, y, near int) bool {
	r := image.Rect(x-near, y-near, x+near+1, y+near+1).Intersect(img.Bounds())
	for v := r.Min.Y; v < r.Max.Y; v++ {
		for u := r.Min.X; u < r.Max.X; u++ {
			if img.Pix[img.PixOffset(u, v)] > 0 {
				return true
			}
		}
	}
	return false
}
