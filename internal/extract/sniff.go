package extract

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// kind is what a file turned out to be: its format, the names such files go by, how it is
// read, and how many may be read at once, if that is bounded.
type kind struct {
	format   Format
	suffixes []string
	read     func(*reading) error
	room     chan struct{}
}

// One PDF and one conversion at a time.
var (
	pdfRoom     = make(chan struct{}, 1)
	convertRoom = make(chan struct{}, 1)
)

var (
	textKind = kind{Text, []string{"txt", "text", "md", "csv", "tsv", "log"}, readText, nil}
	htmlKind = kind{HTML, []string{"html", "htm", "xhtml", "shtml"}, readHTML, nil}
	mhtKind  = kind{HTML, []string{"mht", "mhtml"}, readMHT, nil}
	docxKind = kind{DOCX, []string{"docx", "docm", "dotx", "dotm"}, readDOCX, nil}
	xlsxKind = kind{XLSX, []string{"xlsx", "xlsm", "xltx", "xltm"}, readXLSX, nil}
	pdfKind  = kind{PDF, []string{"pdf"}, readPDF, pdfRoom}
	ofdKind  = kind{OFD, []string{"ofd"}, readOFD, nil}
	docKind  = kind{DOC, []string{"doc", "dot", "wps", "wpt"}, convertDocument, convertRoom}
	rtfKind  = kind{DOC, []string{"rtf", "doc"}, convertDocument, convertRoom}
	odtKind  = kind{DOC, []string{"odt", "ott", "fodt"}, convertDocument, convertRoom}
	flatKind = kind{DOC, []string{"xml"}, convertDocument, convertRoom}
	xlsKind  = kind{XLS, []string{"xls", "xlt", "et", "ett"}, convertSheet, convertRoom}
	odsKind  = kind{XLS, []string{"ods", "ots", "fods"}, convertSheet, convertRoom}
)

// belies reports whether a file of that name says it is something else.
func (k kind) belies(name string) bool {
	suffix := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	if suffix == "" || slices.Contains(k.suffixes, suffix) {
		return false
	}
	for _, other := range []kind{textKind, htmlKind, mhtKind, docxKind, xlsxKind, pdfKind, ofdKind, docKind, rtfKind, odtKind, xlsKind, odsKind} {
		if slices.Contains(other.suffixes, suffix) {
			return true
		}
	}
	return false // a name that says nothing, such as 某局2024.年报
}

// sniff tells a file's kind from its content.
func sniff(r *reading) (kind, error) {
	head := r.data[:min(len(r.data), 1024)]
	switch {
	case bytes.Contains(head, []byte("%PDF-")):
		return pdfKind, nil
	case bytes.HasPrefix(r.data, []byte("PK\x03\x04")), bytes.HasPrefix(r.data, []byte("PK\x05\x06")):
		return sniffZip(r)
	case bytes.HasPrefix(r.data, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return sniffOLE(r.data)
	case bytes.HasPrefix(bytes.TrimSpace(head), []byte(`{\rtf`)):
		return rtfKind, nil
	case picture(head) && r.inspected:
		return pictureKind, nil
	case picture(head):
		return kind{}, ErrImage
	case archive(head):
		return kind{}, ErrArchive
	}
	return sniffText(r.data)
}

// picture reports whether a file is an image: PNG, JPEG, GIF, TIFF, BMP, WebP.
func picture(head []byte) bool {
	for _, magic := range []string{"\x89PNG\r\n", "\xFF\xD8\xFF", "GIF8", "II*\x00", "MM\x00*"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	bmp := bytes.HasPrefix(head, []byte("BM")) && len(head) > 14 && bytes.Equal(head[6:10], make([]byte, 4))
	return bmp || bytes.HasPrefix(head, []byte("RIFF")) && bytes.Contains(head[:min(len(head), 16)], []byte("WEBP"))
}

// archive reports whether a file is packed by something else than zip.
func archive(head []byte) bool {
	for _, magic := range []string{"Rar!\x1A\x07", "7z\xBC\xAF\x27\x1C", "\x1F\x8B\x08", "BZh", "\xFD7zXZ\x00"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

var (
	markup = regexp.MustCompile(`(?i)^(<\?xml[^>]*>\s*)?(<!--|<!doctype\s+html|<(html|head|body|title|meta|link|style|script|div|p|span|table|tbody|tr|td|h[1-6]|center|font|section|article|main|ul|ol|br|hr|form|base|b|strong|a|img)\b)`)
	tagged = regexp.MustCompile(`(?i)</(p|div|td|tr|table|html|body|span|h[1-6]|li)>`)
	mhtml  = regexp.MustCompile(`(?i)^(from|date|subject|mime-version|content-type|message-id|x-[a-z-]+|snapshot-content-location):[^\n]*\n`)
	office = regexp.MustCompile(`<\?mso-application|<pkg:package|<w:wordDocument|<office:document\b`)
	sheets = regexp.MustCompile(`progid="Excel|spreadsheet`)
)

// tagsOfPages is how many end tags a text holds that begins with words and is a page all the
// same.
const tagsOfPages = 6

// sniffText tells the kinds that are text: markup, a saved web page, XML of old Word, plain.
func sniffText(data []byte) (kind, error) {
	sample := data[:min(len(data), 16<<10)]
	text := decode(sample, guess(sample))
	if binary(text) {
		return kind{}, ErrUnsupported
	}
	text = strings.TrimSpace(clean(text))
	switch {
	case office.MatchString(text):
		if sheets.MatchString(text) {
			return odsKind, nil
		}
		return flatKind, nil
	case mhtml.MatchString(text) && strings.Contains(strings.ToLower(text), "multipart/related"):
		return mhtKind, nil
	case strings.HasPrefix(text, "<!--") && !tagged.MatchString(text) && len(data) < len(sample):
		return textKind, nil
	case markup.MatchString(text), len(tagged.FindAllStringIndex(text, tagsOfPages)) == tagsOfPages:
		return htmlKind, nil
	}
	return textKind, nil
}

// sniffZip tells the kinds packed as zip by the entries that each must have.
func sniffZip(r *reading) (kind, error) {
	a, err := openArchive(r)
	if err != nil {
		return kind{}, err
	}
	switch main := a.officePart(); {
	case a.has("OFD.xml"):
		return ofdKind, nil
	case strings.HasPrefix(main, "word/"), a.has("word/document.xml"):
		return docxKind, nil
	case strings.HasPrefix(main, "xl/"), a.has("xl/workbook.xml"):
		return xlsxKind, nil
	case a.has("mimetype"):
		return sniffODF(a)
	case a.has("[Content_Types].xml"):
		return a.kindByContent()
	}
	return kind{}, ErrArchive
}

// sniffODF tells OpenDocument texts from sheets.
func sniffODF(a *archiveFile) (kind, error) {
	if !a.sane() {
		return kind{}, ErrBomb
	}
	if _, err := a.read("content.xml"); err != nil { // LibreOffice would unpack it whatever its size
		return kind{}, err
	}
	b, err := a.read("mimetype")
	switch {
	case err != nil:
		return kind{}, err
	case bytes.Contains(b, []byte("opendocument.text")):
		return odtKind, nil
	case bytes.Contains(b, []byte("opendocument.spreadsheet")):
		return odsKind, nil
	}
	return kind{}, ErrUnsupported
}

// kindByContent tells an Office file whose parts stand in unusual folders.
func (a *archiveFile) kindByContent() (kind, error) {
	types, err := a.read("[Content_Types].xml")
	switch {
	case err != nil:
		return kind{}, err
	case bytes.Contains(types, []byte("wordprocessingml")):
		return docxKind, nil
	case bytes.Contains(types, []byte("spreadsheetml")):
		return xlsxKind, nil
	}
	return kind{}, ErrUnsupported
}

// sniffOLE tells the old Office kinds by their streams. The directory of such a file holds
// 128-byte entries that begin with the name in UTF-16; looking for those at every multiple
// of 128 needs no walk through chains a damaged file could make endless.
func sniffOLE(data []byte) (kind, error) {
	stream := func(name string) bool {
		want := utf16LE(name)
		for at := 512; at+128 <= len(data); at += 128 {
			entry := data[at : at+128]
			size := int(entry[64]) | int(entry[65])<<8
			if size == len(want)+2 && bytes.HasPrefix(entry, want) && (entry[66] == 1 || entry[66] == 2) {
				return true
			}
		}
		return false
	}
	switch {
	case stream("EncryptedPackage"):
		return kind{}, ErrEncrypted
	case stream("WordDocument"), stream("WpsDocument"), stream("CONTENTS"):
		return docKind, nil
	case stream("Workbook"), stream("Book"):
		return xlsKind, nil
	case len(data) < 2048:
		return kind{}, ErrTruncated
	}
	return kind{}, ErrUnsupported
}
