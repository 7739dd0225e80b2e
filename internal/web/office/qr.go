package office

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
)

// quiet is the empty border a QR code needs to be found, in modules.
const quiet = 4

// qr draws the picture of a QR code into the page itself, so that the secret in it has no
// address of its own and the policy needs no exception for data in addresses.
func qr(picture []byte) (markup, error) {
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return "", fmt.Errorf("read the QR code: %w", err)
	}
	x, y, module, count := modules(img)
	if count == 0 {
		return "", errors.New("the picture holds no QR code")
	}
	var path strings.Builder
	for row := range count {
		for col := range count {
			if dark(img, x+col*module+module/2, y+row*module+module/2) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", col+quiet, row+quiet)
			}
		}
	}
	side := count + 2*quiet
	return markup(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="code" viewBox="0 0 %d %d" width="220" height="220" role="presentation">`+
		`<path fill="#fff" d="M0 0h%dv%dh-%dz"/><path fill="#000" d="%s"/></svg>`, side, side, side, side, side, path.String())), nil
}

func dark(img image.Image, x, y int) bool {
	r, g, b, _ := img.At(x, y).RGBA()
	return r+g+b < 3*0x8000
}

// modules finds where the code begins, how many pixels one of its modules has and how many
// stand in a row. The corner at the top left is a dark bar of seven modules.
func modules(img image.Image) (x, y, module, count int) {
	b := img.Bounds()
	for y = b.Min.Y; y < b.Max.Y; y++ {
		for x = b.Min.X; x < b.Max.X; x++ {
			if !dark(img, x, y) {
				continue
			}
			end, last := x, x
			for end < b.Max.X && dark(img, end, y) {
				end++
			}
			for i := x; i < b.Max.X; i++ {
				if dark(img, i, y) {
					last = i
				}
			}
			if module = (end - x) / 7; module == 0 {
				return 0, 0, 0, 0
			}
			return x, y, module, (last + 1 - x) / module
		}
	}
	return 0, 0, 0, 0
}
