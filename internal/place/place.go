// Package place says where in a source something stood (出处), so that every value and
// every finding can be shown where it came from.
package place

import (
	"strconv"
	"strings"
)

// Place is a position in one source document. Numbers count from 1; 0 means the format
// has no such thing or it is not known.
type Place struct {
	Block int    `json:"block,omitempty"` // block of the extracted document, in reading order
	Sheet string `json:"sheet,omitempty"` // worksheet name
	Page  int    `json:"page,omitempty"`
	Line  int    `json:"line,omitempty"`  // line of a text source, paragraph of others
	Table int    `json:"table,omitempty"` // table in the document
	Row   int    `json:"row,omitempty"`   // row in the table
	Col   int    `json:"col,omitempty"`   // column in the table, merged cells counted as columns
	Start int    `json:"start,omitempty"` // runes of the block's or cell's text before the quoted part
	End   int    `json:"end,omitempty"`   // runes up to its end; 0 means the whole text
}

// IsZero reports whether p says nothing.
func (p Place) IsZero() bool { return p == Place{} }

// Span returns p narrowed to runes start to end of its text.
func (p Place) Span(start, end int) Place {
	p.Start, p.End = start, end
	return p
}

// String writes p as readers of Chinese cite it: "第3页 表2 第5行 第3列", "第120行".
func (p Place) String() string {
	var parts []string
	add := func(before string, n int, after string) {
		if n > 0 {
			parts = append(parts, before+strconv.Itoa(n)+after)
		}
	}
	if p.Sheet != "" {
		parts = append(parts, "工作表“"+p.Sheet+"”")
	}
	add("第", p.Page, "页")
	if p.Table > 0 {
		add("表", p.Table, "")
		add("第", p.Row, "行")
		add("第", p.Col, "列")
	} else {
		add("第", p.Line, "行")
	}
	return strings.Join(parts, " ")
}

// English writes p as readers of English cite it: "page 3, table 2, row 5, column 3".
func (p Place) English() string {
	var parts []string
	add := func(name string, n int) {
		if n > 0 {
			parts = append(parts, name+" "+strconv.Itoa(n))
		}
	}
	if p.Sheet != "" {
		parts = append(parts, "sheet "+strconv.Quote(p.Sheet))
	}
	add("page", p.Page)
	if p.Table > 0 {
		add("table", p.Table)
		add("row", p.Row)
		add("column", p.Col)
	} else {
		add("line", p.Line)
	}
	return strings.Join(parts, ", ")
}
