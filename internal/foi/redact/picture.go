package redact

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"

	_ "golang.org/x/image/bmp"  // pictures of scanners
	_ "golang.org/x/image/tiff" // and of fax machines

	xdraw "golang.org/x/image/draw"

	"gongkai/internal/extract"
)

// picturePixels bounds a picture: A3 at 400 dots an inch.
const picturePixels = 40_000_000

// onScreen is how wide and high a picture for marking is at most.
const onScreen = 1600

// picturePaper makes pictures anew from their pixels alone.
type picturePaper struct{ jpeg bool }

// isPicture reports whether a file is one of the pictures that can be opened.
func isPicture(head []byte) bool {
	for _, magic := range []string{"\x89PNG\r\n", "\xFF\xD8\xFF", "GIF8", "II*\x00", "MM\x00*"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return bytes.HasPrefix(head, []byte("BM")) && len(head) > 14 && bytes.Equal(head[6:10], make([]byte, 4))
}

func openPicture(ctx context.Context, f *File) error {
	img, kind, err := decode(f.data)
	if err != nil {
		return err
	}
	doc, err := extract.Inspect(ctx, f.Name, f.data)
	if err == nil {
		f.Hidden = doc.Hidden
	}
	f.Format, f.maker = Picture, picturePaper{jpeg: kind == "jpeg"}
	f.Pages = []Page{{float64(img.Bounds().Dx()), float64(img.Bounds().Dy())}}
	return nil
}

// decode reads a picture, turned upright as its maker says it is to be seen.
func decode(data []byte) (*image.RGBA, string, error) {
	size, kind, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return nil, "", ErrPicture.Because(err)
	case size.Width <= 0 || size.Height <= 0 || size.Width > picturePixels/size.Height:
		return nil, "", ErrTooLarge.With("limit", mostBytes>>20)
	case severalPictures(kind, data):
		return nil, "", ErrSeveral
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, "", ErrPicture.Because(err)
	}
	flat := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src) // what shines through shows on paper
	draw.Draw(flat, flat.Bounds(), img, img.Bounds().Min, draw.Over)
	if kind == "jpeg" {
		flat = upright(flat, orientation(data))
	}
	return flat, kind, nil
}

// severalPictures reports whether a file holds more pictures than the one that would be shown.
func severalPictures(kind string, data []byte) bool {
	switch kind {
	case "gif":
		all, err := gif.DecodeAll(bytes.NewReader(data))
		return err != nil || len(all.Image) > 1
	case "tiff":
		var order binary.ByteOrder = binary.LittleEndian
		if data[0] == 'M' {
			order = binary.BigEndian
		}
		at := int64(order.Uint32(data[4:8]))
		if at+2 > int64(len(data)) {
			return true
		}
		next := at + 2 + 12*int64(order.Uint16(data[at:]))
		return next+4 > int64(len(data)) || order.Uint32(data[next:]) != 0
	}
	return false
}

// orientation returns how a camera says its picture is to be turned (EXIF tag 274), 1 for as it
// is.
func orientation(data []byte) int {
	at := bytes.Index(data[:min(len(data), 1<<16)], []byte("Exif\x00\x00"))
	if at < 0 || at+14 > len(data) {
		return 1
	}
	tiff := data[at+6:]
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	dir := int(order.Uint32(tiff[4:]))
	if dir < 8 || dir+2 > len(tiff) {
		return 1
	}
	for i := range int(order.Uint16(tiff[dir:])) {
		entry := dir + 2 + 12*i
		if entry+12 > len(tiff) {
			return 1
		}
		if order.Uint16(tiff[entry:]) == 274 {
			return int(order.Uint16(tiff[entry+8:]))
		}
	}
	return 1
}

// upright turns and mirrors a picture as its orientation says.
func upright(img *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return img
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			copy(out.Pix[out.PixOffset(tx, ty):][:4], img.Pix[img.PixOffset(x, y):][:4])
		}
	}
	return out
}

func (p picturePaper) suffix() string {
	if p.jpeg {
		return "jpg"
	}
	return "png"
}

func (picturePaper) place(f *File, m Mark) ([]string, bool) {
	return nil, m.Passage == 0 && m.Page == 1 && !m.Box.within(f.Pages[0]).empty()
}

func (picturePaper) picture(_ context.Context, f *File, _ int) ([]byte, error) {
	img, _, err := decode(f.data)
	if err != nil {
		return nil, err
	}
	return screen(img)
}

// screen makes of a picture one to mark on.
func screen(img *image.RGBA) ([]byte, error) {
	var out bytes.Buffer
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if most := max(w, h); most > onScreen {
		small := image.NewRGBA(image.Rect(0, 0, max(1, w*onScreen/most), max(1, h*onScreen/most)))
		xdraw.ApproxBiLinear.Scale(small, small.Bounds(), img, img.Bounds(), draw.Src, nil)
		img = small
	}
	err := png.Encode(&out, img)
	return out.Bytes(), err
}

func (p picturePaper) build(_ context.Context, f *File, marks []Mark) ([]byte, error) {
	img, _, err := decode(f.data)
	if err != nil {
		return nil, err
	}
	stained(img, f.Pages[0], marks, 1)
	return p.encode(img)
}

// stainsOf gathers the areas marked on a picture.
func stainsOf(page Page, marks []Mark, number int) (out []stain) {
	for _, m := range marks {
		if m.Passage == 0 && m.Page == number {
			area := m.Box.within(page)
			out = addStain(out, stain{area, area, m.Ground.label()})
		}
	}
	return out
}

// stained paints the marks of a page on its picture.
func stained(img *image.RGBA, page Page, marks []Mark, number int) {
	for _, s := range stainsOf(page, marks, number) {
		paint(img, pixels(s.paint, page, img.Bounds()), s.label)
	}
}

// encode writes pixels and nothing else.
func (p picturePaper) encode(img *image.RGBA) ([]byte, error) {
	var out bytes.Buffer
	if p.jpeg {
		err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 90})
		return out.Bytes(), err
	}
	err := png.Encode(&out, img)
	return out.Bytes(), err
}
