package redact

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"io"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongkai/internal/extract"
)

// verify reads a finished copy as a stranger would and reports ErrRemains if a withheld text can
// be found: in its words, in any stream or part once unpacked, in any of the encodings that
// files use, or on the areas that were painted. It trusts nothing of what made the copy.
func verify(ctx context.Context, f *File, data []byte, marks []Mark, words []string) error {
	for _, b := range unpacked(f.Format, data) {
		if err := scan(b, words); err != nil {
			return err
		}
	}
	switch f.Format {
	case PDF:
		return verifyPDF(ctx, f, data, marks, words)
	case Picture:
		img, _, err := decode(data)
		if err != nil {
			return fmt.Errorf("read the copy: %w", err)
		}
		return verifyPixels(img, f.Pages[0], marks)
	}
	return verifyWords(ctx, f, data, words)
}

// remains says that a text is still there, where but not which.
func remains(where string) error { return ErrRemains.Because(errors.New(where)) }

// tags are the marks of XML: text that they cut in pieces is put together again.
var tags = regexp.MustCompile(`<[^>]*>`)

// scan looks for words in bytes: as text of each encoding, whole and without XML marks, and
// written in hexadecimal or base64.
func scan(data []byte, words []string) error {
	views := [][]byte{[]byte(squeeze(string(data)))}
	if bytes.Contains(data, []byte("<?xml")) || bytes.Contains(data, []byte("</")) {
		views = append(views, []byte(squeeze(string(tags.ReplaceAll(data, nil)))))
	}
	for _, w := range words {
		for _, v := range views {
			if bytes.Contains(v, []byte(w)) {
				return remains("text")
			}
		}
		for _, code := range encodings {
			if err := scanCoded(data, w, code); err != nil {
				return err
			}
		}
	}
	return nil
}

// encodings are those in which formats write text.
var encodings = []encoding.Encoding{
	encoding.Nop,
	unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	simplifiedchinese.GB18030,
}

// leastBytes is the length from which a run of bytes is no chance: a megabyte of noise holds a
// given run of six once in a hundred million files.
const leastBytes = 6

func scanCoded(data []byte, word string, code encoding.Encoding) error {
	raw, err := code.NewEncoder().Bytes([]byte(word))
	if err != nil || len(raw) < leastBytes {
		return nil
	}
	lower := hex.EncodeToString(raw)
	forms := [][]byte{raw, []byte(lower), []byte(strings.ToUpper(lower))}
	for shift := range 3 { // base64 writes a text in three ways, by where it begins
		text := base64.StdEncoding.EncodeToString(append(make([]byte, shift), raw...))
		if from, to := 4*((shift+2)/3), len(text)-4; to-from >= 8 {
			forms = append(forms, []byte(text[from:to]))
		}
	}
	for _, form := range forms {
		if bytes.Contains(data, form) {
			return remains("bytes")
		}
	}
	return nil
}

// unpacked returns a file's bytes and everything packed in it. The pixels of pictures are left
// out: they are looked at as pictures.
func unpacked(format Format, data []byte) [][]byte {
	switch format {
	case PDF:
		return streams(data)
	case DOCX, XLSX:
		return entries(data)
	case Picture:
		return nil
	}
	return [][]byte{data}
}

var (
	streamStart = regexp.MustCompile(`<<([^\n]*)/Length (\d+)>>\nstream\n`)
	pictureDict = []byte("/Subtype/Image")
)

// streams returns a PDF's objects and its streams unpacked.
func streams(data []byte) [][]byte {
	var rest bytes.Buffer
	var out [][]byte
	for {
		at := streamStart.FindSubmatchIndex(data)
		if at == nil {
			rest.Write(data)
			return append(out, rest.Bytes())
		}
		rest.Write(data[:at[1]])
		size := 0
		fmt.Sscan(string(data[at[4]:at[5]]), &size)
		size = min(size, len(data)-at[1])
		body := data[at[1] : at[1]+size]
		if !bytes.Contains(data[at[2]:at[3]], pictureDict) {
			if z, err := zlib.NewReader(bytes.NewReader(body)); err == nil {
				body, _ = io.ReadAll(io.LimitReader(z, mostOutput))
			}
			out = append(out, body)
		}
		data = data[at[1]+size:]
	}
}

// entries returns the names and contents of a packed file.
func entries(data []byte) [][]byte {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return [][]byte{data}
	}
	out := [][]byte{[]byte(z.Comment)}
	for _, f := range z.File {
		out = append(out, []byte(f.Name), []byte(f.Comment), f.Extra)
		r, err := f.Open()
		if err != nil {
			continue
		}
		body, _ := io.ReadAll(io.LimitReader(r, mostOutput))
		if !isPicture(body) {
			out = append(out, body)
		}
	}
	return out
}

// verifyWords reads the copy with all that may hide in it.
func verifyWords(ctx context.Context, f *File, data []byte, words []string) error {
	name := f.copyName()
	doc, err := extract.Inspect(ctx, name, data)
	if err != nil && !errors.Is(err, extract.ErrEmpty) {
		return fmt.Errorf("read the copy: %w", err)
	}
	if doc == nil {
		return nil
	}
	all := extract.Hidden{Blocks: doc.Blocks}
	texts := []string{all.Text()}
	for _, h := range doc.Hidden {
		texts = append(texts, h.Name, h.Text())
	}
	for _, m := range doc.Meta {
		texts = append(texts, m.Value)
	}
	return verifyText(strings.Join(texts, "\n"), words)
}

func verifyText(text string, words []string) error {
	text = squeeze(text)
	if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
		return remains("words")
	}
	return nil
}

// verifyPDF reads the copy's words, and looks at each painted area: no character of the old file
// may be read there, and nothing may show through.
func verifyPDF(ctx context.Context, f *File, data []byte, marks []Mark, words []string) error {
	p := f.maker.(*pdfPaper)
	stains := p.stains(f, marks)
	var text strings.Builder
	for from := 0; from < len(f.Pages); from += batch {
		err := extract.ReadLeaves(ctx, f.copyName(), data, func(l *extract.Leaves) error {
			if n, err := l.Count(); err != nil || n != len(f.Pages) {
				return remains("pages")
			}
			for i := from; i < min(from+batch, len(f.Pages)); i++ {
				leaf, err := l.Leaf(i)
				if err != nil {
					return err
				}
				writeLeaf(&text, leaf)
				if len(stains[i+1]) == 0 {
					continue
				}
				if err := verifyStains(l, i, leaf, stains[i+1]); err != nil {
					return err
				}
			}
			if len(l.Hidden()) > 0 {
				return remains("hidden")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return verifyText(text.String(), words)
}

// writeLeaf writes a page's characters, by lines and in the order of the file.
func writeLeaf(b *strings.Builder, leaf *extract.Leaf) {
	for _, line := range leaf.Lines() {
		for _, n := range line {
			b.WriteRune(leaf.Glyphs[n].Char)
		}
	}
	b.WriteByte('\n')
	for _, g := range leaf.Glyphs {
		b.WriteRune(g.Char)
	}
	b.WriteByte('\n')
}

// verifyStains holds the painted areas of a page against what may be there: the label.
func verifyStains(l *extract.Leaves, page int, leaf *extract.Leaf, stains []stain) error {
	for _, s := range stains {
		for _, g := range leaf.Glyphs {
			x, y := (g.X0+g.X1)/2, (g.Y0+g.Y1)/2
			inside := x > s.box.X0 && x < s.box.X1 && y > s.box.Y0 && y < s.box.Y1
			if inside && !slices.ContainsFunc(stains, func(o stain) bool { return strings.ContainsRune(o.label, g.Char) }) {
				return remains("area")
			}
		}
	}
	img, err := l.Picture(page, copyReso)
	if err != nil {
		return err
	}
	for _, s := range stains {
		if !painted(img, pixels(s.paint, Page{leaf.Width, leaf.Height}, img.Bounds()), s.label) {
			return remains("pixels")
		}
	}
	return nil
}

// verifyPixels looks at the painted areas of a picture.
func verifyPixels(img *image.RGBA, page Page, marks []Mark) error {
	for _, s := range stainsOf(page, marks, 1) {
		if !painted(img, pixels(s.paint, page, img.Bounds()), s.label) {
			return remains("pixels")
		}
	}
	return nil
}
