// Package extract reads files of every kind that offices exchange into one shape: lines
// and tables in reading order, each knowing where it stood (文件读取). It trusts nothing:
// sizes, nesting, pages and time are bounded, and what is refused is refused with a
// message that says what to do.
package extract

import "gongkai/internal/place"

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
