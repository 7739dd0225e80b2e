package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"gongkai/internal/dbtest"
)

// corners is a picture of w by h, its upper left quarter red, the rest blue.
func corners(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{0, 0, 255, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{255, 0, 0, 255}
			}
			img.Set(x, y, c)
		}
	}
	return img
}

func encoded(t *testing.T, img image.Image, media string) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, img)
	if media == jpegM {
		b.Reset()
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 95})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// noted puts an Exif segment with an orientation and the words "GPS 39.9N" and a comment
// into a JPEG, and bytes after its end.
func noted(data []byte, orientation byte) []byte {
	exif := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), orientation, 0, 0, 0, 0, 0, 0)
	exif = append(exif, "GPS 39.9N"...)
	segment := func(mark byte, content []byte) []byte {
		head := []byte{0xFF, mark, 0, 0}
		binary.BigEndian.PutUint16(head[2:], uint16(len(content)+2))
		return append(head, content...)
	}
	out := append([]byte(nil), data[:2]...)
	out = append(out, segment(0xE1, exif)...)
	out = append(out, segment(0xFE, []byte("a comment of the camera"))...)
	return append(append(out, data[2:]...), "PK\x03\x04 appended"...)
}

func red(img image.Image, x, y int) bool {
	r, _, b, _ := img.At(x, y).RGBA()
	return r > b
}

func TestAPictureIsPublishedWithoutItsNotesAndUpright(t *testing.T) {
	plain := encoded(t, corners(64, 32), jpegM)
	for _, test := range []struct {
		orientation byte
		w, h        int
		x, y        int // a point of the red quarter
	}{
		{1, 64, 32, 8, 8}, {2, 64, 32, 56, 8}, {3, 64, 32, 56, 24}, {4, 64, 32, 8, 24},
		{5, 32, 64, 8, 8}, {6, 32, 64, 24, 8}, {7, 32, 64, 24, 56}, {8, 32, 64, 8, 56}, {9, 64, 32, 8, 8},
	} {
		clean, err := Clean(t.Context(), noted(plain, test.orientation))
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"Exif", "GPS", "comment", "appended"} {
			if bytes.Contains(clean, []byte(words)) {
				t.Errorf("orientation %d: %q is still in it", test.orientation, words)
			}
		}
		img, err := jpeg.Decode(bytes.NewReader(clean))
		if err != nil {
			t.Fatalf("orientation %d: %v", test.orientation, err)
		}
		if b := img.Bounds(); b.Dx() != test.w || b.Dy() != test.h || !red(img, test.x, test.y) {
			t.Errorf("orientation %d: %v, red where it should be: %v", test.orientation, b, red(img, test.x, test.y))
		}
	}
	if same, err := Clean(t.Context(), noted(plain, 1)); err != nil || !bytes.Equal(same, plain) {
		t.Errorf("an upright picture was compressed anew: %v", err)
	}
}

func TestTextAndDataAfterItsEndAreTakenOutOfAPNG(t *testing.T) {
	plain := encoded(t, corners(8, 8), pngM)
	part := []byte("\x00\x00\x00\x00tEXtAuthor\x00a person")
	binary.BigEndian.PutUint32(part, uint32(len(part)-8))
	part = binary.BigEndian.AppendUint32(part, crc32.ChecksumIEEE(part[4:]))
	end := len(plain) - 12
	dirty := append(append(append([]byte(nil), plain[:end]...), part...), plain[end:]...)
	dirty = append(dirty, "<script>alert(1)</script>"...)
	clean, err := Clean(t.Context(), dirty)
	if err != nil || !bytes.Equal(clean, plain) {
		t.Errorf("%d bytes, want %d; %v", len(clean), len(plain), err)
	}
}

// bomb is a PNG that says it is w by h.
func bomb(w, h uint32) []byte {
	head := []byte("IHDR")
	head = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(head, w), h)
	head = append(head, 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1A\n\x00\x00\x00\x0D"), head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestHostilePicturesAreRefused(t *testing.T) {
	good := encoded(t, corners(32, 32), jpegM)
	for _, test := range []struct {
		name string
		data []byte
		err  error
	}{
		{"SVG", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), ErrNotPicture},
		{"GIF", []byte("GIF89a"), ErrNotPicture},
		{"nothing", nil, ErrNotPicture},
		{"one billion points", bomb(100000, 10000), ErrPictureLarge},
		{"more than a machine can count", bomb(1<<31-1, 1<<31-1), ErrPictureBroken},
		{"a head alone", bomb(10, 10), ErrPictureBroken},
		{"half a picture", good[:len(good)/2], ErrPictureBroken},
		{"a start alone", []byte("\xFF\xD8\xFF"), ErrPictureBroken},
	} {
		if _, err := Clean(t.Context(), test.data); !errors.Is(err, test.err) {
			t.Errorf("%s: got %v, want %v", test.name, err, test.err)
		}
	}
}

func TestVariants(t *testing.T) {
	s := store(t, dbtest.SQLite(t))
	for _, media := range []string{jpegM, pngM} {
		b := put(t, s, string(encoded(t, corners(1000, 500), media)))
		for range 2 { // made, then found
			_, f, err := s.Variant(t.Context(), b.Digest, 320)
			if err != nil {
				t.Fatal(err)
			}
			img, kind, err := image.Decode(f)
			if f.Close(); err != nil {
				t.Fatal(err)
			}
			if img.Bounds().Dx() != 320 || img.Bounds().Dy() != 160 || !red(img, 10, 10) || red(img, 200, 100) || "image/"+kind != media {
				t.Errorf("%s: got %v %s", media, img.Bounds(), kind)
			}
		}
		for _, width := range []int{1600, 321, 0, -1} { // no wider, and not of the widths
			_, f, err := s.Variant(t.Context(), b.Digest, width)
			if err != nil {
				t.Fatal(err)
			}
			if img, _, err := image.Decode(f); err != nil || img.Bounds().Dx() != 1000 {
				t.Errorf("width %d: %v", width, err)
			}
			f.Close()
		}
	}
	if _, _, err := s.Variant(t.Context(), strings.Repeat("0", 64), 320); !errors.Is(err, ErrNone) {
		t.Errorf("got %v", err)
	}
}

func FuzzClean(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, corners(16, 8), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(noted(b.Bytes(), 6))
	f.Add(bomb(2, 2))
	f.Fuzz(func(t *testing.T, data []byte) {
		clean, err := Clean(t.Context(), data)
		if err != nil {
			return
		}
		if _, _, err := image.Decode(bytes.NewReader(clean)); err != nil {
			t.Errorf("what was cleaned cannot be read: %v", err)
		}
		if bytes.Contains(clean, []byte("Exif\x00\x00MM")) {
			t.Error("notes are left")
		}
	})
}
