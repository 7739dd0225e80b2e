package richtext

import (
	"bytes"
	"context"
	"io"
	"strings"

	"golang.org/x/net/html/charset"

	"gongkai/internal/extract"
	"gongkai/internal/i18n"
)

// FromFile makes a draft of a file of any kind that extract reads, told from its content: a
// Word file with all FromDOCX keeps, a page as if it were pasted, anything else as its lines
// and tables.
func FromFile(ctx context.Context, name string, data []byte) (Doc, error) {
	src, err := extract.Bytes(ctx, name, data)
	if err != nil {
		return Doc{}, err
	}
	var doc Doc
	switch src.Format {
	case extract.DOCX:
		doc, err = FromDOCX(ctx, name, data)
	case extract.HTML:
		doc, err = fromPage(src, data)
	default:
		doc = FromExtract(src)
	}
	if err != nil {
		return Doc{}, err
	}
	if doc.Title == "" {
		doc.Title = stated(src)
	}
	return doc, nil
}

// fromPage reads a saved page in the encoding that extract found.
func fromPage(src *extract.Document, data []byte) (Doc, error) {
	r, err := charset.NewReaderLabel(src.Charset, bytes.NewReader(data))
	if err != nil {
		return FromExtract(src), nil
	}
	text, err := io.ReadAll(io.LimitReader(r, 4*MaxHTML))
	if err != nil {
		return Doc{}, err
	}
	html, notes := FromPaste(string(text))
	if html == "" && len(notes) > 0 && notes[0].Key == NoteSize {
		return Doc{}, ErrTooLarge.At(src.Name)
	}
	return Doc{HTML: html, Notes: append(notes, sourceNotes(src)...)}, nil
}

// stated returns the title a page states about itself. What Word keeps as the title of a
// file is mostly that of the file it was copied from, so it is not taken.
func stated(src *extract.Document) string {
	for _, m := range src.Meta {
		if src.Format == extract.HTML && strings.EqualFold(m.Name, "title") {
			return m.Value
		}
	}
	return ""
}

// sourceNotes hands on what extract noted.
func sourceNotes(src *extract.Document) []Note {
	var notes []Note
	for _, key := range src.Notes {
		notes = append(notes, i18n.M(key))
	}
	return notes
}
