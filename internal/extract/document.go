// Package extract reads files of every kind that offices exchange into one shape: lines
// and tables in reading order, each knowing where it stood (文件读取). It trusts nothing:
// sizes, nesting, pages and time are bounded, and what is refused is refused with a
// message that says what to do.
package extract

import (
	"strings"

	"gongkai/internal/place"
)

// Format is a kind of file, told from its content, not its name.
type Format string

// The formats. Legacy ones are converted by LibreOffice where it is installed.
const (
	Text Format = "txt"
	HTML Format = "html"
	DOCX Format = "docx"
	XLSX Format = "xlsx"
	PDF  Format = "pdf"
	OFD  Format = "ofd"
	DOC  Format = "doc" // also .wps
	XLS  Format = "xls"

	Picture Format = "image" // read by Inspect only
)

// Document is what a file says.
type Document struct {
	Name    string   // file name as given
	Format  Format   // what it is
	Charset string   // encoding of a text source: UTF-8, GB18030, UTF-16LE …
	Pages   int      // where the format has pages
	Meta    []Meta   // <title>, <meta>, document properties
	Blocks  []Block  // in reading order
	Notes   []string // message keys of what a reader should know: extract.note.macros …
	Hidden  []Hidden // what readers of the file do not see at first; only Inspect looks for it
}

// HiddenKind says how something is hidden in a file.
type HiddenKind string

// The kinds of hidden things. Margin is not hidden but stands outside the running text.
const (
	HiddenSheet      HiddenKind = "sheet"      // a hidden worksheet
	HiddenRows       HiddenKind = "rows"       // hidden rows or columns
	HiddenComment    HiddenKind = "comment"    // a comment or note
	HiddenDeleted    HiddenKind = "deleted"    // deleted under track changes and still in the file
	HiddenText       HiddenKind = "text"       // formatted as hidden, or as small or pale as that
	HiddenProperty   HiddenKind = "property"   // a document property: author, company
	HiddenCovered    HiddenKind = "covered"    // under a filled area or a picture drawn later
	HiddenAnnotation HiddenKind = "annotation" // a PDF annotation
	HiddenPicture    HiddenKind = "picture"    // what a picture states about itself
	HiddenGPS        HiddenKind = "gps"        // where a picture was taken
	HiddenThumbnail  HiddenKind = "thumbnail"  // a small copy, possibly of an earlier state
	HiddenMacro      HiddenKind = "macro"      // a program in the file
	HiddenObject     HiddenKind = "object"     // an embedded file
	HiddenLink       HiddenKind = "link"       // a link to another file or address
	HiddenMargin     HiddenKind = "margin"     // headers and footers
)

// Hidden is something a file carries that its readers do not see at first.
type Hidden struct {
	Kind   HiddenKind
	Name   string  // sheet, author of a comment, property, embedded file
	Blocks []Block // what it says; none where it is no text
}

// Text returns what the hidden thing says, a line per block.
func (h Hidden) Text() string {
	var b strings.Builder
	for i, block := range h.Blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(block.Text)
		if block.Table == nil {
			continue
		}
		for j, row := range block.Table.Rows {
			if j > 0 {
				b.WriteByte('\n')
			}
			for k, c := range row {
				if k > 0 {
					b.WriteByte('\t')
				}
				b.WriteString(c.Text)
			}
		}
	}
	return b.String()
}

// Meta is one property the file states about itself.
type Meta struct{ Name, Value string }

// Block is a line of text or a table.
type Block struct {
	Text  string // of a line: its text, inner tabs and pipes kept; "" for an empty line
	Table *Table // of a table
	At    place.Place
}

// Table is a grid with merged cells. Covered positions have no cell.
type Table struct {
	Columns int // physical columns
	Rows    [][]Cell
}

// Cell is one cell of a table; lines in it are parted by \n.
type Cell struct {
	Text             string
	Row, Col         int // origin in the grid, from 0
	RowSpan, ColSpan int // at least 1
	At               place.Place
}
