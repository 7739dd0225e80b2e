// Package redact makes the copy of a file from which parts are withheld (区分处理). 条例第三十七条:
// “申请公开的信息中含有不应当公开或者不属于政府信息的内容，但是能够作区分处理的，行政机关应当向申请人提供
// 可以公开的政府信息内容，并对不予公开的内容说明理由。”
//
// No copy is the old file with something taken out: each is built anew from what was shown to
// the person who marked it, and from nothing else. What a file carries besides, such as earlier
// versions, comments, hidden sheets, properties or attachments, has no way into the copy; what is
// not understood stays behind. The finished copy is then read again, and is not handed out while
// a withheld text can be found in it.
package redact

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"

	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// Format is what a file can be redacted as.
type Format string

// The formats. A picture is one of JPEG, PNG, GIF, TIFF or BMP.
const (
	PDF     Format = "pdf"
	DOCX    Format = "docx"
	XLSX    Format = "xlsx"
	Picture Format = "picture"
	Text    Format = "txt"
)

// What a file or its marks can be refused for. Each message says what to do.
var (
	ErrFormat    = &fault.Error{Kind: fault.Invalid, Code: "redact.format"}
	ErrOld       = &fault.Error{Kind: fault.Invalid, Code: "redact.old"}
	ErrMacros    = &fault.Error{Kind: fault.Invalid, Code: "redact.macros"}
	ErrTooLarge  = &fault.Error{Kind: fault.TooLarge, Code: "redact.too_large"}
	ErrPages     = &fault.Error{Kind: fault.TooLarge, Code: "redact.pages"}
	ErrPicture   = &fault.Error{Kind: fault.Invalid, Code: "redact.picture"}
	ErrSeveral   = &fault.Error{Kind: fault.Invalid, Code: "redact.several"}
	ErrNothing   = &fault.Error{Kind: fault.Invalid, Code: "redact.nothing"}
	ErrPlace     = &fault.Error{Kind: fault.Invalid, Code: "redact.place"}
	ErrGround    = &fault.Error{Kind: fault.Invalid, Code: "redact.ground"}
	ErrElsewhere = &fault.Error{Kind: fault.Conflict, Code: "redact.elsewhere"}
	ErrRemains   = &fault.Error{Kind: fault.Halted, Code: "redact.remains"}
	ErrManyMarks = &fault.Error{Kind: fault.TooLarge, Code: "redact.many"}
)

// Bounds of one file. Scans of a whole file of papers stay below.
const (
	mostBytes = 100 << 20
	mostPages = 300
	mostMarks = 5_000
)

// File is a file open for marking.
type File struct {
	Name     string
	Format   Format
	Pages    []Page    // what areas can be marked on: pages of a PDF, pictures of a document
	Passages []Passage // everything readable, in reading order
	Hidden   []extract.Hidden
	Lost     []string // message keys of what the copy will lack besides: redact.lost.charts …

	data  []byte
	maker maker // how the format is read and made
}

// maker is what a format must be able to do.
type maker interface {
	// place returns the texts that a mark takes away, and false if it stands nowhere.
	place(f *File, m Mark) (words []string, ok bool)
	// build makes the copy.
	build(ctx context.Context, f *File, marks []Mark) ([]byte, error)
	// picture draws a page for marking.
	picture(ctx context.Context, f *File, page int) ([]byte, error)
	// name is the suffix of the copy.
	suffix() string
}

// Page is a picture on which areas can be marked. Width and Height are the measures in which
// boxes are given.
type Page struct {
	Width, Height float64
}

// Passage is a line, a paragraph or a cell.
type Passage struct {
	Part  Part
	Where string // of a cell: 名单!B3
	Page  int    // from 1; 0 where the format has no pages
	Box   Box    // of a line of a PDF
	Text  string
}

// Part says which part of a document a passage stands in.
type Part string

// The parts.
const (
	Body     Part = "body"
	Header   Part = "header"
	Footer   Part = "footer"
	Footnote Part = "footnote"
	Sheet    Part = "sheet"
)

// Open recognises a file by its content and reads what can be marked in it.
func Open(ctx context.Context, name string, data []byte) (*File, error) {
	if len(data) > mostBytes {
		return nil, ErrTooLarge.With("limit", mostBytes>>20).At(name)
	}
	f := &File{Name: name, data: data}
	open, err := sniff(data)
	if err == nil {
		err = open(ctx, f)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// sniff returns how a file is opened.
func sniff(data []byte) (func(context.Context, *File) error, error) {
	head := data[:min(len(data), 1024)]
	switch {
	case bytes.Contains(head, []byte("%PDF-")):
		return openPDF, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return openOffice, nil
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")), bytes.HasPrefix(bytes.TrimSpace(head), []byte(`{\rtf`)):
		return nil, ErrOld
	case isPicture(head):
		return openPicture, nil
	}
	return openText, nil
}

// openOffice opens a Word or Excel file.
func openOffice(ctx context.Context, f *File) error {
	doc, err := extract.Inspect(ctx, f.Name, f.data) // within its bounds, before anything else unpacks it
	if err != nil {
		return err
	}
	f.Hidden = doc.Hidden
	if slices.ContainsFunc(doc.Hidden, func(h extract.Hidden) bool { return h.Kind == extract.HiddenMacro }) {
		return ErrMacros.At(f.Name)
	}
	switch doc.Format {
	case extract.DOCX:
		return openDOCX(ctx, f)
	case extract.XLSX:
		return openXLSX(ctx, f)
	}
	return ErrOld.At(f.Name)
}

// Draw draws a page of a file, from 1, as PNG, at a resolution for marking on a screen. Of a
// PDF no more than that page is read.
func Draw(ctx context.Context, name string, data []byte, page int) ([]byte, error) {
	if len(data) <= mostBytes && bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return pdfPicture(ctx, name, data, page)
	}
	f, err := Open(ctx, name, data)
	if err != nil {
		return nil, err
	}
	if page < 1 || page > len(f.Pages) {
		return nil, ErrPlace
	}
	return f.maker.picture(ctx, f, page)
}

// Output is the copy.
type Output struct {
	Name   string
	Data   []byte
	Report Report
}

// Report says what was withheld and why, without saying what it was. Letters list it (R-DEC-06).
type Report struct {
	Withheld []Withheld
	Removed  int // hidden things left behind: comments, properties, hidden sheets …
}

// Withheld is one part withheld.
type Withheld struct {
	Place  Place
	Part   Part
	Where  string
	Ground Ground
	Note   string
}

// Apply makes the copy without what is marked. It refuses while a withheld text stands
// elsewhere too, unless the mark says that only the one place is meant, and it refuses to hand
// out a copy in which a withheld text can still be found.
func (f *File) Apply(ctx context.Context, marks []Mark) (*Output, error) {
	words, err := f.check(marks)
	if err != nil {
		return nil, err
	}
	if found := f.Elsewhere(marks); len(found) > 0 {
		return nil, ErrElsewhere.With("count", len(found))
	}
	data, err := f.maker.build(ctx, f, marks)
	if err != nil {
		return nil, err
	}
	if err := verify(ctx, f, data, marks, words); err != nil {
		return nil, err
	}
	return &Output{Name: f.copyName(), Data: data, Report: f.report(marks)}, nil
}

// check refuses marks that stand nowhere or without a ground, and returns the texts that must
// not remain anywhere.
func (f *File) check(marks []Mark) ([]string, error) {
	switch {
	case len(marks) == 0:
		return nil, ErrNothing
	case len(marks) > mostMarks:
		return nil, ErrManyMarks.With("limit", mostMarks)
	}
	var words []string
	for _, m := range marks {
		if !m.Ground.Known() {
			return nil, ErrGround
		}
		taken, ok := f.maker.place(f, m)
		if !ok {
			return nil, ErrPlace
		}
		if m.Here {
			continue
		}
		for _, w := range taken {
			if w = squeeze(w); telling(w) && !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	return words, nil
}

// copyName names the copy after the file, without what the name may tell of its making.
func (f *File) copyName() string {
	base := strings.TrimSuffix(filepath.Base(f.Name), filepath.Ext(f.Name))
	return base + "（区分处理）." + f.maker.suffix()
}

func (f *File) report(marks []Mark) Report {
	r := Report{Removed: len(f.Hidden)}
	for _, m := range marks {
		w := Withheld{Place: m.Place, Ground: m.Ground, Note: m.Note}
		if p := m.Passage; p > 0 {
			w.Part, w.Where = f.Passages[p-1].Part, f.Passages[p-1].Where
			w.Place.Page = f.Passages[p-1].Page
		}
		r.Withheld = append(r.Withheld, w)
	}
	return r
}
