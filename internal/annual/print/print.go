// Package print prints an annual report (年度报告) in the formats offices exchange: DOCX in
// the layout of GB/T 9704, PDF page for page the same, XLSX, a standalone web page, plain
// text, and JSON that keeps the origin of every figure. What it prints reads back as the
// same report, cell by cell.
package print

import (
	"io"
	"slices"
	"strings"
	"time"

	"gongkai/internal/annual"
	"gongkai/internal/annual/datafile"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/paper"
)

// Format is a kind of file a report is printed as.
type Format string

// The formats.
const (
	DOCX Format = "docx"
	PDF  Format = "pdf"
	XLSX Format = "xlsx"
	HTML Format = "html"
	JSON Format = "json"
	TXT  Format = "txt"
)

// Formats lists the formats, the one offices ask for most first.
var Formats = []Format{DOCX, PDF, XLSX, HTML, TXT, JSON}

// ErrFormat is the error for a format nobody prints.
var ErrFormat = &fault.Error{Kind: fault.Invalid, Code: "print.format.unknown", Field: "to"}

// ErrRefused is the error for printing a document that is no report in the unified form;
// only JSON can say what it is.
var ErrRefused = &fault.Error{Kind: fault.Invalid, Code: "print.refused"}

// ParseFormat reads a format as people write it: "docx", ".PDF".
func ParseFormat(s string) (Format, error) {
	f := Format(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), ".")))
	if !slices.Contains(Formats, f) {
		return "", ErrFormat.With("format", s)
	}
	return f, nil
}

// MediaType returns the format's media type, for downloads.
func (f Format) MediaType() string {
	return map[Format]string{
		DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		PDF:  "application/pdf",
		XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		HTML: "text/html; charset=utf-8",
		JSON: "application/json",
		TXT:  "text/plain; charset=utf-8",
	}[f]
}

// Options is what a print may state beyond the report itself.
type Options struct {
	Site        Site      // the website the page is published on
	PublishedAt time.Time // when it was published there, zero if it is not
	Lang        i18n.Lang // of the words around findings; Chinese unless set
	// Notice is told what a person should know of the print, such as page tags left out for
	// lack of facts. Nil if nobody listens.
	Notice func(i18n.Message)
}

// Write prints r as f.
func Write(w io.Writer, r *annual.Report, f Format, o Options) error {
	if f == JSON {
		return datafile.Write(w, r)
	}
	if r.Form == nil {
		return ErrRefused
	}
	switch f {
	case DOCX:
		return paper.WriteDOCX(w, Document(r))
	case PDF:
		return writePDF(w, Document(r), o)
	case XLSX:
		return writeXLSX(w, r)
	case HTML:
		return writeHTML(w, r, o)
	case TXT:
		return paper.WriteText(w, Document(r))
	}
	return ErrFormat.With("format", string(f))
}

// writePDF prints a document as a PDF and says which characters its fonts lack.
func writePDF(w io.Writer, d *paper.Document, o Options) error {
	lacking, err := paper.WritePDF(w, d)
	if err == nil && lacking != "" && o.Notice != nil {
		o.Notice(i18n.M("print.font.lacking", "characters", lacking))
	}
	return err
}
