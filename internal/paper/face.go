package paper

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// The fonts are cut from free ones (font/NOTICE.md) so that a PDF looks the same wherever
// it is made and the program needs nothing but itself.
//
//go:embed font/*.gz.*
var fontFiles embed.FS

// face is a font with the measures a layout needs.
type face struct {
	name     string
	data     []byte
	units    int // of the em
	advances []uint16
	glyphs   map[rune]uint16
}

// The faces, each read on first use.
var (
	fang         = sync.OnceValue(func() *face { return loadFace("fang") })
	kai          = sync.OnceValue(func() *face { return loadFace("kai") })
	hei          = sync.OnceValue(func() *face { return loadFace("hei") })
	xiaobiaosong = sync.OnceValue(func() *face { return loadFace("xiaobiaosong") })
	song         = sync.OnceValue(func() *face { return loadFace("song") })
	latin        = sync.OnceValue(func() *face { return loadFace("latin") })
)

// chain is a list of faces; a character is set in the first that has it.
type chain []func() *face

// The chains of the text's styles. Latin letters and figures are set in the Latin face,
// but for titles and page numbers, whose Chinese faces have figures of their own.
var (
	bodyFaces  = chain{narrow(latin), fang, song, kai, hei, latin}
	songFaces  = chain{narrow(latin), song, fang, kai, hei, latin}
	headFaces  = chain{narrow(latin), hei, song, kai, latin}
	kaiFaces   = chain{narrow(latin), kai, song, hei, latin}
	titleFaces = chain{xiaobiaosong, song, hei, kai, latin}
	pageFaces  = chain{song, latin}
)

// tableFaces returns the chain for a table's text: 宋体, of which we have the forms' labels
// and rare characters only, or for text with others the body's faces, never a mixture.
func tableFaces(text string) chain {
	for _, r := range text {
		if wide(r) && !song().has(r) {
			return bodyFaces
		}
	}
	return songFaces
}

// narrow leaves of a face the characters that are not set in a full square.
func narrow(load func() *face) func() *face {
	return sync.OnceValue(func() *face {
		whole := load()
		part := *whole
		part.glyphs = map[rune]uint16{}
		for r, g := range whole.glyphs {
			if !wide(r) {
				part.glyphs[r] = g
			}
		}
		return &part
	})
}

// missing stands for a character no face has: the mark printers set for a type they lack.
const missing = '〓'

// find returns the face for r and r itself, or if no face has it, 〓.
func (c chain) find(r rune) (*face, rune) {
	for _, load := range c {
		if f := load(); f.has(r) {
			return f, r
		}
	}
	return song(), missing
}

func (f *face) has(r rune) bool {
	_, ok := f.glyphs[r]
	return ok
}

// advance returns how wide r is set at a size, in points.
func (f *face) advance(r rune, size float64) float64 {
	g := int(f.glyphs[r])
	if g >= len(f.advances) {
		g = len(f.advances) - 1
	}
	return float64(f.advances[g]) * size / float64(f.units)
}

// loadFace unpacks a font. The fonts are part of the program: one that does not load is a
// mistake of the build.
func loadFace(name string) *face {
	var packed bytes.Buffer
	for part := 0; ; part++ {
		b, err := fontFiles.ReadFile(fmt.Sprintf("font/%s.ttf.gz.%d", name, part))
		if err != nil {
			break
		}
		packed.Write(b)
	}
	z, err := gzip.NewReader(&packed)
	if err != nil {
		panic(fmt.Sprintf("paper: font %s: %v", name, err))
	}
	data, err := io.ReadAll(z)
	if err != nil {
		panic(fmt.Sprintf("paper: font %s: %v", name, err))
	}
	f := &face{name: name, data: data}
	f.measure()
	return f
}

// measure reads the widths and the character map of a TrueType font.
func (f *face) measure() {
	table := map[string][]byte{}
	for i := range int(u16(f.data, 4)) {
		entry := f.data[12+16*i:]
		table[string(entry[:4])] = f.data[u32(entry, 8) : u32(entry, 8)+u32(entry, 12)]
	}
	f.units = int(u16(table["head"], 18))
	f.advances = make([]uint16, u16(table["hhea"], 34))
	for i := range f.advances {
		f.advances[i] = u16(table["hmtx"], 4*i)
	}
	f.glyphs = map[rune]uint16{}
	cmap := table["cmap"]
	for i := range int(u16(cmap, 2)) {
		sub := cmap[u32(cmap, 8+8*i):]
		switch u16(sub, 0) {
		case 4:
			f.segments(sub)
		case 12:
			f.groups(sub)
		}
	}
}

// segments reads a character map of format 4.
func (f *face) segments(sub []byte) {
	n := int(u16(sub, 6)) / 2
	for i := range n {
		end, start := int(u16(sub, 14+2*i)), int(u16(sub, 16+2*n+2*i))
		delta, offset := u16(sub, 16+4*n+2*i), int(u16(sub, 16+6*n+2*i))
		for c := start; c <= end && c != 0xFFFF; c++ {
			g := uint16(c) + delta
			if offset != 0 {
				g = u16(sub, 16+6*n+2*i+offset+2*(c-start))
				if g != 0 {
					g += delta
				}
			}
			if g != 0 {
				f.glyphs[rune(c)] = g
			}
		}
	}
}

// groups reads a character map of format 12.
func (f *face) groups(sub []byte) {
	for i := range int(u32(sub, 12)) {
		group := sub[16+12*i:]
		for c := u32(group, 0); c <= u32(group, 4); c++ {
			f.glyphs[rune(c)] = uint16(u32(group, 8) + c - u32(group, 0))
		}
	}
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
