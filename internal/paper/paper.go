// Package paper sets official documents (公文版式): one model of title, levelled paragraphs,
// tables with merged cells, signature and date, printed as DOCX, PDF, HTML or plain text in
// the layout of GB/T 9704-2012 《党政机关公文格式》.
//
// All back ends print the same model, so what one of them says the others say too.
package paper

import (
	"strings"
	"unicode/utf8"

	"gongkai/internal/date"
)

// Document is an official document (公文).
type Document struct {
	Head       *Head    // 版头, of a document that is sent out
	Facts      []Fact   // what stands above the title: 索引号, 发布机构 …
	Title      string   // 标题
	To         string   // 主送机关, with its colon
	Body       []Block  // 正文
	Enclosures []string // 附件说明
	Signature  string   // 发文机关署名
	Date       string   // 成文日期, as printed
	Seal       bool     // the place of the seal is marked
	CopyTo     string   // 抄送, in the 版记 at the foot of the last page
	Meta       Meta
}

// Fact is a name and a value printed above the title.
type Fact struct{ Name, Value string }

// Meta is what a file says of itself without printing it.
type Meta struct {
	Title   string
	Author  string
	Subject string
	Created date.Date // zero if the document bears no date
	Lang    string    // language tag of the text; Chinese of the mainland if empty
}

// language returns the tag of the text's language.
func (m Meta) language() string {
	if m.Lang == "" {
		return "zh-CN"
	}
	return m.Lang
}

// Block is a paragraph, a table or a picture.
type Block struct {
	Style Style
	Text  string
	Lead  int // bytes of Text that are a heading run in with the paragraph: （一）主动公开。
	Table *Table
	// Picture is an image instead of a text; the block behind it says what it shows.
	Picture *Picture
}

// printed reports whether a block is a picture that can be printed, or is none.
func (k Block) printed() bool { return k.Picture == nil || k.Picture.Loaded() }

// Style is what a paragraph is for.
type Style int

// The styles of paragraphs. GB/T 9704-2012 7.3.3: “文中结构层次序数依次可以用‘一、’‘（一）’‘1.’
// ‘（1）’标注；一般第一层用黑体字、第二层用楷体字、第三层和第四层用仿宋体字标注。”
const (
	Body       Style = iota // 仿宋
	Heading                 // 一、 黑体
	Subheading              // （一） 楷体
)

// Table is a grid with merged cells.
type Table struct {
	Name   string    // what it is called aloud: 表三
	Widths []float64 // of the columns, relative to each other
	Head   int       // rows repeated at the top of each page
	Size   float64   // of the letters, in points
	Least  float64   // height of a row in points, at least: of a form that hands write on
	Rows   [][]Cell  // covered positions have no cell
}

// Cell is one cell of a table.
type Cell struct {
	Text             string
	Role             Role
	Mark             bool // set off from the others: it waits for a decision
	Row, Col         int  // origin in the grid, from 0
	RowSpan, ColSpan int  // at least 1
}

// Role is what a cell is for.
type Role int

// The roles of cells.
const (
	Value      Role = iota
	ColumnHead      // names the columns under it
	GroupHead       // names the rows under it, over the whole width
	RowHead         // names the row beside it
	SideHead        // names several rows beside it
	Note            // explains
)

// left reports whether the role's text starts at the left edge instead of the middle.
func (r Role) left() bool { return r == RowHead || r == Note }

// head reports whether the cell names others.
func (r Role) head() bool { return r != Value && r != Note }

// top reports whether the cell names what stands under it.
func (r Role) top() bool { return r == ColumnHead || r == GroupHead }

// maxLead is how many characters a heading run in with its paragraph may have; a longer
// first sentence is text that merely starts with a number.
const maxLead = 40

// Paragraph returns text as a block of the level its number gives it: a paragraph that is
// all heading becomes one, a heading followed by text in the same paragraph is run in.
func Paragraph(text string) Block {
	if !numbered(text, "（", "）") && !numbered(text, "(", ")") {
		return Block{Text: text}
	}
	end := strings.IndexRune(text, '。')
	switch {
	case end < 0 && utf8.RuneCountInString(text) <= maxLead && !strings.ContainsAny(text, "；;，,\t|"):
		return Block{Style: Subheading, Text: text}
	case end >= 0 && utf8.RuneCountInString(text[:end]) <= maxLead:
		end += len("。")
		if end == len(text) {
			return Block{Style: Subheading, Text: text}
		}
		return Block{Text: text, Lead: end}
	}
	return Block{Text: text}
}

// numbered reports whether text starts with a Chinese number between open and shut: （一）.
func numbered(text, open, shut string) bool {
	rest, found := strings.CutPrefix(text, open)
	no, _, closed := strings.Cut(rest, shut)
	return found && closed && no != "" && strings.Trim(no, "一二三四五六七八九十百") == ""
}

// factTable lays the facts out as pairs, two to a row.
func (d *Document) factTable() *Table {
	if len(d.Facts) == 0 {
		return nil
	}
	t := &Table{Name: "基本信息", Widths: []float64{12, 39, 12, 37}, Size: 10.5}
	for i := 0; i < len(d.Facts); i += 2 {
		row := i / 2
		cells := []Cell{
			{Text: d.Facts[i].Name, Role: RowHead, Row: row, Col: 0, RowSpan: 1, ColSpan: 1},
			{Text: d.Facts[i].Value, Row: row, Col: 1, RowSpan: 1, ColSpan: 3},
		}
		if i+1 < len(d.Facts) {
			cells[1].ColSpan = 1
			cells = append(cells,
				Cell{Text: d.Facts[i+1].Name, Role: RowHead, Row: row, Col: 2, RowSpan: 1, ColSpan: 1},
				Cell{Text: d.Facts[i+1].Value, Row: row, Col: 3, RowSpan: 1, ColSpan: 1})
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// at returns the cell that covers row and column, and whether it starts there.
func (t *Table) at(row, col int) (c *Cell, origin bool) {
	for r := range t.Rows {
		for i := range t.Rows[r] {
			c := &t.Rows[r][i]
			if c.Row <= row && row < c.Row+c.RowSpan && c.Col <= col && col < c.Col+c.ColSpan {
				return c, c.Row == row && c.Col == col
			}
		}
	}
	return nil, false
}
