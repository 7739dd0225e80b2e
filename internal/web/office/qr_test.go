package office

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

// A code of three by three fields, seven modules each, drawn at five pixels a module and
// set off from the border, keeps its modules.
func TestQR(t *testing.T) {
	const pixels, off, count = 5, 9, 21
	img := image.NewGray(image.Rect(0, 0, count*pixels+2*off, count*pixels+2*off))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	black := func(col, row int) bool {
		return row < 7 && (col < 7 || col > 13) || row > 13 && col < 7 || row == 10 && col == 12
	}
	for y := range count * pixels {
		for x := range count * pixels {
			if black(x/pixels, y/pixels) {
				img.SetGray(x+off, y+off, color.Gray{})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	got, err := qr(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(got), "h1v1h-1z"); n != 3*49+1 {
		t.Errorf("%d modules, want 148", n)
	}
	for _, want := range []string{`viewBox="0 0 29 29"`, "M4 4h1", "M16 14h1v1h-1z", "M24 4h1", "M4 24h1"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("lacks %s", want)
		}
	}
	for _, bad := range [][]byte{nil, []byte("no picture")} {
		if _, err := qr(bad); err == nil {
			t.Errorf("%q is drawn", bad)
		}
	}
}
