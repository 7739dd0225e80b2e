package blob

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
)

// Media types that are told apart. Unknown is what browsers only ever save.
const (
	Unknown = "application/octet-stream"
	jpegM   = "image/jpeg"
	pngM    = "image/png"
	gifM    = "image/gif"
	webpM   = "image/webp"
	svgM    = "image/svg+xml"
	htmlM   = "text/html"
	xmlM    = "text/xml"
	textM   = "text/plain"
	pdfM    = "application/pdf"
	zipM    = "application/zip"
	oleM    = "application/x-ole-storage" // the old Office formats and WPS
)

// magic is how a format's files begin.
var magic = []struct {
	at    int
	bytes string
	media string
}{
	{0, "\xFF\xD8\xFF", jpegM},
	{0, "\x89PNG\r\n\x1A\n", pngM},
	{0, "GIF87a", gifM},
	{0, "GIF89a", gifM},
	{0, "II*\x00", "image/tiff"},
	{0, "MM\x00*", "image/tiff"},
	{0, "%PDF-", pdfM},
	{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", oleM},
	{0, `{\rtf`, "application/rtf"},
	{0, "Rar!\x1A\x07", "application/vnd.rar"},
	{0, "7z\xBC\xAF\x27\x1C", "application/x-7z-compressed"},
	{0, "\x1F\x8B", "application/gzip"},
	{4, "ftypM4A", "audio/mp4"},
	{4, "ftyp", "video/mp4"},
	{0, "\x1A\x45\xDF\xA3", "video/webm"},
	{0, "ID3", "audio/mpeg"},
	{0, "\xFF\xFB", "audio/mpeg"},
	{0, "OggS", "audio/ogg"},
}

// packed are the formats that are zip archives, by an entry each of them has.
var packed = []struct{ entry, media string }{
	{"OFD.xml", "application/ofd"},
	{"word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	{"xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{"ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
}

// sniff tells a file's media type from its content; its name is never asked.
func sniff(f io.ReaderAt, size int64) string {
	head := make([]byte, min(size, 1024))
	if _, err := f.ReadAt(head, 0); err != nil && err != io.EOF {
		return Unknown
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return sniffZip(f, size)
	}
	switch {
	case bytes.HasPrefix(head, []byte("RIFF")) && len(head) > 12 && string(head[8:12]) == "WEBP":
		return webpM
	case bytes.HasPrefix(head, []byte("RIFF")) && len(head) > 12 && string(head[8:12]) == "WAVE":
		return "audio/wav"
	case bytes.HasPrefix(head, []byte("BM")) && len(head) > 14 && string(head[6:10]) == "\x00\x00\x00\x00":
		return "image/bmp"
	}
	for _, m := range magic {
		if len(head) >= m.at && bytes.HasPrefix(head[m.at:], []byte(m.bytes)) {
			return m.media
		}
	}
	return sniffText(head)
}

func sniffZip(f io.ReaderAt, size int64) string {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return zipM
	}
	for _, e := range z.File {
		for _, p := range packed {
			if e.Name == p.entry {
				return p.media
			}
		}
	}
	return zipM
}

// sniffText tells text from bytes, and markup from text: a page must never be served as one.
func sniffText(head []byte) string {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	if bytes.IndexByte(head, 0) >= 0 {
		return Unknown
	}
	low := strings.ToLower(string(head))
	switch {
	case strings.Contains(low, "<svg"):
		return svgM
	case strings.HasPrefix(strings.TrimSpace(low), "<?xml"):
		return xmlM
	case strings.Contains(low, "<html"), strings.Contains(low, "<!doctype"), strings.Contains(low, "<script"), strings.Contains(low, "<body"):
		return htmlM
	}
	for _, c := range head {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1B {
			return Unknown
		}
	}
	return textM
}

// Picture reports whether the file is a picture that pages may show.
func (b *Blob) Picture() bool { return b.Media == jpegM || b.Media == pngM }

// inline are the types a browser may show in place; all others it saves. HTML, XML and SVG
// may carry script and are not among them.
var inline = map[string]bool{
	jpegM: true, pngM: true, gifM: true, webpM: true, pdfM: true, textM: true,
	"video/mp4": true, "video/webm": true, "audio/mpeg": true, "audio/mp4": true, "audio/ogg": true, "audio/wav": true,
}

// Header is a field of an answer's head.
type Header struct{ Name, Value string }

// Headers returns with what a file is served under a name: shown in place if it was asked
// for and the type allows it, else saved. Neither way can it act as a page of the site.
func (b *Blob) Headers(name string, show bool) []Header {
	media, how := b.Media, "attachment"
	if show && inline[media] {
		how = "inline"
	}
	if media == htmlM || media == svgM || media == xmlM {
		media = Unknown
	}
	if media == textM {
		media = textM + "; charset=utf-8"
	}
	policy := "default-src 'none'; style-src 'unsafe-inline'; sandbox"
	if b.Media == pdfM { // readers of PDF built into browsers do not start in a sandbox
		policy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
	}
	return []Header{
		{"Content-Type", media},
		{"Content-Disposition", how + "; filename*=UTF-8''" + escape(name)},
		{"X-Content-Type-Options", "nosniff"},
		{"Content-Security-Policy", policy},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"ETag", `"` + b.Digest + `"`},
	}
}

// escape writes a file name as RFC 8187 does, without what a path is made of.
func escape(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case strings.IndexByte(plain, c) >= 0:
			out.WriteByte(c)
		case c >= 0x20 && c != 0x7F:
			out.WriteByte('%')
			out.WriteByte(hex[c>>4])
			out.WriteByte(hex[c&15])
		}
	}
	if out.Len() == 0 {
		return "file"
	}
	return out.String()
}

// MediaOf tells the media type of a file from its content.
func MediaOf(data []byte) string { return sniff(bytes.NewReader(data), int64(len(data))) }
