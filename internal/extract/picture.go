package extract

import (
	"bytes"
	"compress/zlib"
	endian "encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var pictureKind = kind{Picture, []string{"jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp"}, readPicture, nil}

// readPicture reads what a picture states about itself. Its pixels are not looked at.
func readPicture(r *reading) error {
	inspectPicture(r, r.name, r.data)
	return r.check()
}

// inspectPicture records what a picture states about itself: the EXIF and XMP of JPEG, TIFF
// and WebP, the text chunks of PNG.
func inspectPicture(r *reading, name string, data []byte) {
	if !r.inspected {
		return
	}
	p := &photo{r: r, name: name}
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xD8")):
		p.jpeg(data)
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1A\n")):
		p.png(data)
	case bytes.HasPrefix(data, []byte("II*\x00")), bytes.HasPrefix(data, []byte("MM\x00*")):
		p.tiff(data, false)
	case bytes.HasPrefix(data, []byte("RIFF")):
		p.webp(data)
	}
}

// photo is a picture being read.
type photo struct {
	r     *reading
	name  string
	facts int
}

// Bounds of what is read of one picture.
const (
	mostFacts   = 64
	longestFact = 4096
	mostChunks  = 4096
)

// fact records one thing the picture states.
func (p *photo) fact(kind HiddenKind, what, said string) {
	said = strings.TrimSpace(strings.TrimRight(clean(strings.ToValidUTF8(said, "\uFFFD")), "\x00"))
	if said == "" || p.facts >= mostFacts {
		return
	}
	p.facts++
	if r := []rune(said); len(r) > longestFact {
		said = string(r[:longestFact])
	}
	name := p.name
	if kind == HiddenPicture {
		name = what
	}
	p.r.hideText(kind, name, said)
}

// jpeg walks the segments before the pixels.
func (p *photo) jpeg(data []byte) {
	at := 2
	for range mostChunks {
		if at+4 > len(data) || data[at] != 0xFF {
			return
		}
		marker := data[at+1]
		if marker == 0xFF || marker == 0x01 || marker >= 0xD0 && marker <= 0xD8 {
			at++
			if marker != 0xFF {
				at++
			}
			continue
		}
		if marker == 0xDA || marker == 0xD9 {
			return
		}
		size := int(endian.BigEndian.Uint16(data[at+2:]))
		if size < 2 || at+2+size > len(data) {
			return
		}
		p.segment(marker, data[at+4:at+2+size])
		at += 2 + size
	}
}

func (p *photo) segment(marker byte, body []byte) {
	const exif, xmp = "Exif\x00\x00", "http://ns.adobe.com/xap/1.0/\x00"
	switch {
	case marker == 0xFE:
		p.fact(HiddenPicture, "Comment", string(body[:min(len(body), longestFact)]))
	case marker == 0xE1 && bytes.HasPrefix(body, []byte(exif)):
		p.tiff(body[len(exif):], true)
	case marker == 0xE1 && bytes.HasPrefix(body, []byte(xmp)):
		p.xmp(body[len(xmp):])
	}
}

// xmp looks for a place and a creator in a packet of XMP.
func (p *photo) xmp(packet []byte) {
	for _, tag := range []string{"exif:GPSLatitude", "exif:GPSLongitude"} {
		if v := after(packet, tag, "\"", "<"); v != "" {
			p.fact(HiddenGPS, tag, v)
		}
	}
	if i := bytes.Index(packet, []byte("<dc:creator")); i >= 0 {
		if v := after(packet[i:], "rdf:li", "", "<"); v != "" {
			p.fact(HiddenPicture, "creator", v)
		}
	}
}

// after returns what stands behind a tag, as attribute or content, up to one of the ends.
func after(packet []byte, tag string, ends ...string) string {
	i := bytes.Index(packet, []byte(tag))
	if i < 0 {
		return ""
	}
	rest := packet[i+len(tag):]
	if j := bytes.IndexAny(rest[:min(len(rest), 80)], "\">"); j >= 0 {
		rest = rest[j+1:]
	}
	rest = rest[:min(len(rest), 200)]
	for _, end := range ends {
		if j := bytes.Index(rest, []byte(end)); end != "" && j >= 0 {
			rest = rest[:j]
		}
	}
	return strings.TrimSpace(string(rest))
}

// png walks the chunks.
func (p *photo) png(data []byte) {
	at := 8
	for range mostChunks {
		if at+8 > len(data) {
			return
		}
		size := int(endian.BigEndian.Uint32(data[at:]))
		if size < 0 || size > len(data)-at-8 {
			return
		}
		body := data[at+8 : at+8+size]
		switch string(data[at+4 : at+8]) {
		case "tEXt":
			key, value, _ := bytes.Cut(body, []byte{0})
			p.fact(HiddenPicture, keyword(key), latin1(value))
		case "zTXt":
			key, value, _ := bytes.Cut(body, []byte{0})
			if len(value) > 1 {
				p.fact(HiddenPicture, keyword(key), latin1(inflate(value[1:])))
			}
		case "iTXt":
			p.international(body)
		case "eXIf":
			p.tiff(body, true)
		case "IEND":
			return
		}
		at += 12 + size
	}
}

// international reads a chunk of UTF-8 text, which may be packed.
func (p *photo) international(body []byte) {
	key, rest, found := bytes.Cut(body, []byte{0})
	if !found || len(rest) < 2 {
		return
	}
	packed := rest[0] == 1
	_, rest, _ = bytes.Cut(rest[2:], []byte{0}) // language
	_, value, _ := bytes.Cut(rest, []byte{0})   // translated keyword
	if packed {
		value = inflate(value)
	}
	if keyword(key) == "XML:com.adobe.xmp" {
		p.xmp(value)
		return
	}
	p.fact(HiddenPicture, keyword(key), string(value[:min(len(value), longestFact)]))
}

// inflate unpacks at most as much as one fact may say.
func inflate(packed []byte) []byte {
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	defer z.Close()
	out, err := io.ReadAll(io.LimitReader(z, longestFact))
	if err != nil && len(out) == 0 {
		return nil
	}
	return out
}

func keyword(b []byte) string { return latin1(b[:min(len(b), 79)]) }

func latin1(b []byte) string {
	if utf8.Valid(b) {
		return string(b[:min(len(b), longestFact)])
	}
	var s strings.Builder
	for _, c := range b[:min(len(b), longestFact)] {
		s.WriteRune(rune(c))
	}
	return s.String()
}

// webp walks the chunks of a RIFF file.
func (p *photo) webp(data []byte) {
	at := 12
	for range mostChunks {
		if at+8 > len(data) {
			return
		}
		size := int(endian.LittleEndian.Uint32(data[at+4:]))
		if size < 0 || size > len(data)-at-8 {
			return
		}
		body := data[at+8 : at+8+size]
		switch string(data[at : at+4]) {
		case "EXIF":
			p.tiff(bytes.TrimPrefix(body, []byte("Exif\x00\x00")), true)
		case "XMP ":
			p.xmp(body)
		}
		at += 8 + size + size%2
	}
}

// exifTags are the tags worth telling, by number.
var exifTags = map[uint16]string{
	0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x0131: "Software", 0x013B: "Artist", 0x8298: "Copyright",
	0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords", 0x9C9F: "XPSubject",
	0x9003: "DateTimeOriginal", 0xA430: "CameraOwnerName", 0xA431: "BodySerialNumber", 0x9286: "UserComment",
}

// tiffFile is EXIF data being read.
type tiffFile struct {
	p     *photo
	data  []byte
	order endian.ByteOrder
	read  int // directories read
}

// tiff reads the directories of EXIF data. embedded says that a second directory is one of a
// thumbnail, as in a JPEG, not of a second page.
func (p *photo) tiff(data []byte, embedded bool) {
	if len(data) < 8 {
		return
	}
	t := &tiffFile{p: p, data: data, order: endian.BigEndian}
	if data[0] == 'I' {
		t.order = endian.LittleEndian
	}
	next := t.directory(t.order.Uint32(data[4:]), false)
	if embedded && next != 0 && t.thumbnail(next) {
		p.r.hide(HiddenThumbnail, p.name)
	}
}

// directory reads one directory and returns where the next one begins.
func (t *tiffFile) directory(at uint32, gps bool) uint32 {
	t.read++
	if t.read > 8 || int64(at)+2 > int64(len(t.data)) {
		return 0
	}
	n := int(t.order.Uint16(t.data[at:]))
	where := map[uint16]string{}
	for i := range n {
		e := int(at) + 2 + 12*i
		if e+12 > len(t.data) {
			return 0
		}
		tag := t.order.Uint16(t.data[e:])
		switch name, known := exifTags[tag]; {
		case gps:
			where[tag] = t.coordinate(e)
		case tag == 0x8825:
			t.directory(t.order.Uint32(t.data[e+8:]), true)
		case tag == 0x8769:
			t.directory(t.order.Uint32(t.data[e+8:]), false)
		case known:
			t.p.fact(HiddenPicture, name, t.text(tag, e))
		}
	}
	if gps && where[2] != "" && where[4] != "" {
		t.p.fact(HiddenGPS, "GPS", where[1]+where[2]+" "+where[3]+where[4])
	}
	end := int(at) + 2 + 12*n
	if end+4 > len(t.data) {
		return 0
	}
	return t.order.Uint32(t.data[end:])
}

// thumbnail reports whether the directory at hand holds a small copy.
func (t *tiffFile) thumbnail(at uint32) bool {
	if int64(at)+2 > int64(len(t.data)) {
		return false
	}
	for i := range int(t.order.Uint16(t.data[at:])) {
		e := int(at) + 2 + 12*i
		if e+12 > len(t.data) {
			return false
		}
		if tag := t.order.Uint16(t.data[e:]); tag == 0x0201 || tag == 0x0111 {
			return true
		}
	}
	return false
}

// bytes returns what an entry holds, nil if it points outside.
func (t *tiffFile) bytes(e int) []byte {
	sizes := [...]int64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8}
	kind, n := int(t.order.Uint16(t.data[e+2:])), int64(t.order.Uint32(t.data[e+4:]))
	if kind >= len(sizes) {
		return nil
	}
	size := sizes[kind] * n
	if size <= 4 {
		return t.data[e+8 : e+8+int(size)]
	}
	from := int64(t.order.Uint32(t.data[e+8:]))
	if size > 1<<16 || from+size > int64(len(t.data)) {
		return nil
	}
	return t.data[from : from+size]
}

// text returns what an entry says.
func (t *tiffFile) text(tag uint16, e int) string {
	b := t.bytes(e)
	switch {
	case tag >= 0x9C9B && tag <= 0x9C9F: // UTF-16 whatever the order of the rest
		units := make([]uint16, 0, len(b)/2)
		for i := 0; i+1 < len(b); i += 2 {
			if u := endian.LittleEndian.Uint16(b[i:]); u != 0 {
				units = append(units, u)
			}
		}
		return string(utf16.Decode(units))
	case tag == 0x9286 && len(b) > 8:
		return strings.TrimRight(string(b[8:]), "\x00 ")
	}
	return strings.TrimRight(string(b), "\x00 ")
}

// coordinate returns a hemisphere, or degrees, minutes and seconds as decimal degrees.
func (t *tiffFile) coordinate(e int) string {
	b := t.bytes(e)
	if len(b) != 24 {
		return strings.TrimRight(string(b[:min(len(b), 1)]), "\x00")
	}
	sum, unit := 0.0, 1.0
	for i := range 3 {
		above, below := t.order.Uint32(b[8*i:]), t.order.Uint32(b[8*i+4:])
		if below != 0 {
			sum += float64(above) / float64(below) / unit
		}
		unit *= 60
	}
	return fmt.Sprintf("%.5f", sum)
}
