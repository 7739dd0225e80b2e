package blob

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// The faults of pictures.
var (
	// ErrNotPicture refuses what is neither JPEG nor PNG, SVG above all, which may carry script.
	ErrNotPicture = &fault.Error{Kind: fault.Invalid, Code: "blob.not_picture"}
	// ErrPictureBroken refuses a picture that cannot be read to its end.
	ErrPictureBroken = &fault.Error{Kind: fault.Invalid, Code: "blob.picture_broken"}
	// ErrPictureLarge refuses a picture of too many points: small files may unpack to many.
	ErrPictureLarge = &fault.Error{Kind: fault.TooLarge, Code: "blob.picture_large"}
)

// maxPoints bounds a picture: a camera of 48 megapixels, in memory some 200 MB.
const maxPoints = 50_000_000

// room lets one picture be unpacked at a time.
var room = make(chan struct{}, 1)

// ReceivePicture takes in a picture that will be published: without what the file says
// beside the picture (who took it, where, with what; earlier versions; data appended), the
// right way up, and known to be readable.
func (s *Store) ReceivePicture(ctx context.Context, r io.Reader, limit int64) (*Blob, error) {
	data, err := io.ReadAll(io.LimitReader(&stoppable{ctx, r}, limit+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) > limit:
		return nil, ErrTooLarge.With("limit", amount(limit))
	}
	cleaned, err := Clean(ctx, data)
	if err != nil {
		return nil, err
	}
	return s.Receive(ctx, bytes.NewReader(cleaned), int64(len(cleaned)))
}

// Clean returns a JPEG or PNG with the picture alone. A JPEG that stands upright keeps its
// compressed data; one that its notes turn is turned and written anew.
func Clean(ctx context.Context, data []byte) ([]byte, error) {
	img, err := unpack(ctx, data)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(data, []byte("\x89PNG")) {
		return cleanPNG(data)
	}
	clean, turn, err := cleanJPEG(data)
	if err != nil || turn == upright {
		return clean, err
	}
	return pack(turned(img, turn), jpegM)
}

// unpack reads a picture, after having seen how large it is.
func unpack(ctx context.Context, data []byte) (image.Image, error) {
	decode, config := jpeg.Decode, jpeg.DecodeConfig
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xD8\xFF")):
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1A\n")):
		decode, config = png.Decode, png.DecodeConfig
	default:
		return nil, ErrNotPicture
	}
	size, err := config(bytes.NewReader(data))
	if err != nil {
		return nil, ErrPictureBroken.Because(err)
	}
	if size.Width < 1 || size.Height < 1 || size.Width > maxPoints/size.Height {
		return nil, ErrPictureLarge
	}
	select {
	case room <- struct{}{}:
		defer func() { <-room }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	img, err := decode(bytes.NewReader(data))
	if err != nil {
		return nil, ErrPictureBroken.Because(err)
	}
	return img, nil
}

func pack(img image.Image, media string) ([]byte, error) {
	var b bytes.Buffer
	var err error
	if media == pngM {
		err = png.Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 88})
	}
	return b.Bytes(), err
}

// pngParts are the parts of a PNG that the picture needs; text, times and notes are not
// among them.
var pngParts = map[string]bool{"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "gAMA": true,
	"cHRM": true, "sRGB": true, "iCCP": true, "pHYs": true, "sBIT": true, "bKGD": true}

// cleanPNG copies the parts of the picture, up to its end.
func cleanPNG(data []byte) ([]byte, error) {
	const head, frame = 8, 12 // a part is its length, name, content and check sum
	out := append([]byte(nil), data[:head]...)
	for rest := data[head:]; len(rest) >= frame; {
		n := int64(binary.BigEndian.Uint32(rest)) + frame
		if n > int64(len(rest)) {
			break
		}
		name := string(rest[4:8])
		if pngParts[name] {
			out = append(out, rest[:n]...)
		}
		if name == "IEND" {
			return out, nil
		}
		rest = rest[n:]
	}
	return nil, ErrPictureBroken
}

// upright is the orientation of a picture that needs no turning (Exif 2.3, tag 0x0112).
const upright = 1

// The markers of a JPEG that are told apart.
const (
	markEnd     = 0xD9
	markScan    = 0xDA
	markApp0    = 0xE0
	markExif    = 0xE1
	markProfile = 0xE2
	markAdobe   = 0xEE
	markApp15   = 0xEF
	markComment = 0xFE
)

// cleanJPEG copies the segments of the picture and its colour profile, up to its end, and
// returns the orientation its notes gave.
func cleanJPEG(data []byte) (out []byte, orientation int, err error) {
	orientation = upright
	out = append(out, data[:2]...)
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xFF {
			return nil, 0, ErrPictureBroken
		}
		mark := data[at+1]
		switch {
		case mark == 0xFF: // a byte of padding
			at++
			continue
		case mark == markScan:
			end := endOfPicture(data, at)
			return append(append(out, data[at:end]...), 0xFF, markEnd), orientation, nil
		}
		n := 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		if n < 4 || at+n > len(data) {
			return nil, 0, ErrPictureBroken
		}
		segment := data[at : at+n]
		if mark == markExif {
			orientation = max(orientation, orientationOf(segment[4:]))
		}
		if needed(mark, segment[4:]) {
			out = append(out, segment...)
		}
		at += n
	}
	return nil, 0, ErrPictureBroken
}

// needed reports whether the picture is shown differently without a segment.
func needed(mark byte, content []byte) bool {
	switch {
	case mark == markProfile:
		return bytes.HasPrefix(content, []byte("ICC_PROFILE\x00"))
	case mark == markAdobe:
		return bytes.HasPrefix(content, []byte("Adobe"))
	case mark == markApp0:
		return bytes.HasPrefix(content, []byte("JFIF\x00"))
	}
	return (mark < markApp0 || mark > markApp15) && mark != markComment
}

// endOfPicture returns where the scans that begin at from end: before the end marker, or at
// the end of what there is. Within a scan a marker is 0xFF and neither 0 nor a restart; segments
// between the scans of a progressive picture are stepped over by their length.
func endOfPicture(data []byte, from int) int {
	for at := from; at+1 < len(data); at++ {
		if data[at] != 0xFF || data[at+1] == 0 || data[at+1] == 0xFF || data[at+1] >= 0xD0 && data[at+1] <= 0xD7 {
			continue
		}
		if data[at+1] == markEnd {
			return at
		}
		if at+4 <= len(data) {
			at += 1 + int(binary.BigEndian.Uint16(data[at+2:]))
		}
	}
	return len(data)
}

// orientationOf reads the orientation from an Exif segment, and takes anything it does not
// understand as upright.
func orientationOf(content []byte) int {
	tiff, found := bytes.CutPrefix(content, []byte("Exif\x00\x00"))
	if !found || len(tiff) < 10 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return upright
	}
	n := int(order.Uint16(tiff[at:]))
	for i := range n {
		entry := at + 2 + int64(i)*12
		if entry+12 > int64(len(tiff)) {
			break
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if v := int(order.Uint16(tiff[entry+8:])); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return upright
}

// turned returns img as its orientation says it is meant to be seen.
func turned(img image.Image, orientation int) image.Image {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if orientation >= 5 {
		w, h = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := origin(orientation, x, y, w, h)
			out.Set(x, y, img.At(b.Min.X+sx, b.Min.Y+sy))
		}
	}
	return out
}

// origin says which point of the stored picture is seen at x, y of the one shown, w by h.
func origin(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}

// Widths are what pictures are made smaller to, so that nobody fills the disk by asking.
var Widths = []int{320, 800, 1600}

// Variant opens a kept picture at one of the Widths, making it when it is first asked for.
// A picture that is no wider is opened as it is.
func (s *Store) Variant(ctx context.Context, digest string, width int) (*Blob, File, error) {
	b, f, err := s.Open(ctx, digest)
	if err != nil || !b.Picture() || !allowed(width) {
		return b, f, err
	}
	path := filepath.Join(s.dir, variants, digest+"-"+strconv.Itoa(width))
	if v, err := os.Open(path); err == nil {
		f.Close()
		return b, v, nil
	}
	data, err := io.ReadAll(f)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	small, err := shrink(ctx, data, b.Media, width)
	if err != nil || small == nil { // what cannot be made smaller is shown as it is
		_, seekErr := f.Seek(0, io.SeekStart)
		return b, f, errors.Join(seekErr, ctx.Err())
	}
	f.Close()
	v, err := s.writeVariant(path, small)
	return b, v, err
}

func allowed(width int) bool {
	for _, w := range Widths {
		if w == width {
			return true
		}
	}
	return false
}

func (s *Store) writeVariant(path string, data []byte) (File, error) {
	temp, err := os.CreateTemp(filepath.Join(s.dir, incoming), "variant-")
	if err != nil {
		return nil, db.Explain(err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Close()); err != nil {
		return nil, db.Explain(err)
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return nil, db.Explain(err)
	}
	return os.Open(path)
}

// shrink returns a picture made smaller to width, or nothing when it is no wider.
func shrink(ctx context.Context, data []byte, media string, width int) ([]byte, error) {
	img, err := unpack(ctx, data)
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	if b.Dx() <= width {
		return nil, nil
	}
	return pack(averaged(img, width, max(1, b.Dy()*width/b.Dx())), media)
}

// averaged makes img smaller: each new point is the mean of those it stands for.
func averaged(img image.Image, w, h int) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		y0, y1 := y*b.Dy()/h, max((y+1)*b.Dy()/h, y*b.Dy()/h+1)
		for x := range w {
			x0, x1 := x*b.Dx()/w, max((x+1)*b.Dx()/w, x*b.Dx()/w+1)
			var sum [4]uint64
			for sy := y0; sy < y1; sy++ {
				for sx := x0; sx < x1; sx++ {
					r, g, bl, a := img.At(b.Min.X+sx, b.Min.Y+sy).RGBA()
					sum[0], sum[1], sum[2], sum[3] = sum[0]+uint64(r), sum[1]+uint64(g), sum[2]+uint64(bl), sum[3]+uint64(a)
				}
			}
			n := uint64((x1-x0)*(y1-y0)) << 8 // 16 bits to 8
			i := out.PixOffset(x, y)
			for c, v := range sum {
				out.Pix[i+c] = uint8(v / n)
			}
		}
	}
	return out
}
