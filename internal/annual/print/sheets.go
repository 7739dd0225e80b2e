package print

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/annual"
	"gongkai/internal/decimal"
	"gongkai/internal/paper"
)

// The sheets with text that goes before and behind the tables; a table's sheet also holds
// its section's heading and text, so that sheet after sheet reads as the report does.
const (
	textSheet = "正文"
	restSheet = "正文（续）"
)

// sheets writes one report's workbook. The first error stops it; the calls that follow do
// nothing.
type sheets struct {
	file   *excelize.File
	styles map[string]int
	err    error
}

// writeXLSX prints the report as a workbook: each table on a sheet of its own, the text on
// sheets before and behind them, numbers as numbers.
func writeXLSX(w io.Writer, r *annual.Report) error {
	s := &sheets{file: excelize.NewFile(), styles: map[string]int{}}
	d := Document(r)
	s.do(s.file.SetDefaultFont("宋体")) // by whose figures the widths of columns are counted
	s.do(s.file.SetSheetName("Sheet1", textSheet))
	front := s.open(textSheet, nil)
	front.opening(d)
	for _, part := range parts(d.Body) {
		if t := tableOf(part); t != nil {
			s.open(t.Name, t).blocks(part)
			front = nil
			continue
		}
		if front == nil {
			front = s.open(restSheet, nil)
		}
		front.blocks(part)
	}
	if front == nil {
		front = s.open(restSheet, nil)
	}
	front.closing(d)
	s.do(s.file.SetDocProps(&excelize.DocProperties{
		Title: d.Meta.Title, Creator: d.Meta.Author, Subject: d.Meta.Subject, Language: "zh-CN",
		Created: "1980-01-01T00:00:00Z", Modified: "1980-01-01T00:00:00Z",
	}))
	if s.err == nil {
		_, s.err = s.file.WriteTo(w)
	}
	s.do(s.file.Close())
	if s.err != nil {
		return fmt.Errorf("write xlsx: %w", s.err)
	}
	return nil
}

// parts cuts a document's blocks before each heading.
func parts(body []paper.Block) [][]paper.Block {
	var out [][]paper.Block
	for i, k := range body {
		if i == 0 || k.Style == paper.Heading {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], k)
	}
	return out
}

// tableOf returns the table of a part, nil if it is all text.
func tableOf(part []paper.Block) *paper.Table {
	for _, k := range part {
		if k.Table != nil {
			return k.Table
		}
	}
	return nil
}

// do keeps the first error.
func (s *sheets) do(err error) {
	if s.err == nil {
		s.err = err
	}
}

// look is how a cell is dressed.
type look struct {
	font   string
	size   float64
	bold   bool
	across string // horizontal alignment
	border bool
	fill   string
	number string // number format
	indent int
}

// style returns the workbook's number for a look, made on first use.
func (s *sheets) style(l look) int {
	key := fmt.Sprint(l)
	if id, ok := s.styles[key]; ok {
		return id
	}
	st := &excelize.Style{
		Font:      &excelize.Font{Family: l.font, Size: l.size, Bold: l.bold},
		Alignment: &excelize.Alignment{Horizontal: l.across, Vertical: "center", WrapText: true, Indent: l.indent},
	}
	if l.border {
		for _, side := range []string{"left", "top", "right", "bottom"} {
			st.Border = append(st.Border, excelize.Border{Type: side, Color: "000000", Style: 1})
		}
	}
	if l.fill != "" {
		st.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.number != "" {
		st.CustomNumFmt = &l.number
	}
	id, err := s.file.NewStyle(st)
	s.do(err)
	s.styles[key] = id
	return id
}

// at names a cell, counted from 0.
func (s *sheets) at(row, col int) string {
	name, err := excelize.CoordinatesToCellName(col+1, row+1)
	s.do(err)
	return name
}

// sheetWidth is the width of a sheet's columns together, in letters of its standard font.
const sheetWidth = 76

// sheet is a sheet being filled from the top.
type sheet struct {
	*sheets
	name   string
	row    int       // the next free one
	widths []float64 // of the columns, in letters
}

// open adds a sheet with the columns of t, or with one column for text.
func (s *sheets) open(name string, t *paper.Table) *sheet {
	_, err := s.file.NewSheet(name)
	s.do(err)
	sh := &sheet{sheets: s, name: name, widths: []float64{sheetWidth}}
	if t != nil {
		sh.widths = columnLetters(t)
	}
	for i, w := range sh.widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		s.do(err)
		s.do(s.file.SetColWidth(name, column, column, w))
	}
	s.page(name)
	return sh
}

// columnLetters returns the widths of a table's columns: their share of the sheet, or more
// where a long number needs it, since a sheet shows ##### for one that does not fit.
func columnLetters(t *paper.Table) []float64 {
	whole := 0.0
	for _, w := range t.Widths {
		whole += w
	}
	out := make([]float64, len(t.Widths))
	for i, w := range t.Widths {
		out[i] = w / whole * sheetWidth
	}
	for _, row := range t.Rows {
		for _, c := range row {
			if number, _ := figureOf(c); number != "" && c.ColSpan == 1 {
				out[c.Col] = math.Max(out[c.Col], float64(len(c.Text))+2)
			}
		}
	}
	return out
}

// tableSize is that of a table's letters in points: table three stays on one page of A4.
const tableSize = 10

// The looks of text.
var (
	bodyLook    = look{font: "仿宋", size: 12, across: "left"}
	titleLook   = look{font: "宋体", size: 18, bold: true, across: "center"}
	headingLook = look{font: "黑体", size: 14, across: "left"}
	subLook     = look{font: "楷体", size: 12, across: "left"}
	closeLook   = look{font: "仿宋", size: 12, across: "right", indent: 4}
)

func (sh *sheet) opening(d *paper.Document) {
	for _, f := range d.Facts {
		sh.line(f.Name+"："+f.Value, bodyLook)
	}
	sh.line(d.Title, titleLook)
}

func (sh *sheet) closing(d *paper.Document) {
	sh.line(d.Signature, closeLook)
	sh.line(d.Date, closeLook)
}

func (sh *sheet) blocks(blocks []paper.Block) {
	for _, k := range blocks {
		switch {
		case k.Table != nil:
			sh.table(k.Table)
		case k.Style == paper.Heading:
			sh.line(k.Text, headingLook)
		case k.Style == paper.Subheading:
			sh.line(k.Text, subLook)
		default:
			sh.line(k.Text, bodyLook)
		}
	}
}

// line writes a paragraph over the whole width.
func (sh *sheet) line(text string, l look) {
	if text == "" {
		return
	}
	from, to := sh.at(sh.row, 0), sh.at(sh.row, len(sh.widths)-1)
	sh.do(sh.file.SetCellStr(sh.name, from, text))
	sh.do(sh.file.SetCellStyle(sh.name, from, to, sh.style(l)))
	if from != to {
		sh.do(sh.file.MergeCell(sh.name, from, to))
	}
	width := 0.0
	for _, w := range sh.widths {
		width += w
	}
	sh.height(text, l.size, width-2*float64(l.indent))
	sh.row++
}

// height makes the current row as high as text of that size in a cell of that width needs:
// a sheet does not grow around merged cells by itself. 409 points are the limit.
func (sh *sheet) height(text string, size, width float64) {
	lines := 0.0
	for _, part := range strings.Split(text, "\n") {
		lines += math.Max(1, math.Ceil(float64(utf8.RuneCountInString(part))*size*0.18/width))
	}
	sh.do(sh.file.SetRowHeight(sh.name, sh.row+1, math.Min(409, lines*size*1.35+3)))
}

// table lays out a table with its merges.
func (sh *sheet) table(t *paper.Table) {
	top := sh.row
	for i, row := range t.Rows {
		longest, width := "", 1.0
		for _, c := range row {
			sh.cell(top, c)
			span := 0.0
			for _, w := range sh.widths[c.Col : c.Col+c.ColSpan] {
				span += w
			}
			if n := float64(utf8.RuneCountInString(c.Text)); c.RowSpan == 1 && n/span > float64(utf8.RuneCountInString(longest))/width {
				longest, width = c.Text, span
			}
		}
		sh.row = top + i
		sh.height(longest, tableSize, width)
	}
	sh.row = top + len(t.Rows)
	if t.Head > 0 {
		sh.do(sh.file.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", Scope: sh.name, RefersTo: fmt.Sprintf("'%s'!$%d:$%d", sh.name, top+1, top+t.Head),
		}))
	}
}

// cell writes one cell of a table that starts in row top.
func (s *sheet) cell(top int, c paper.Cell) {
	from, to := s.at(top+c.Row, c.Col), s.at(top+c.Row+c.RowSpan-1, c.Col+c.ColSpan-1)
	l := look{font: "宋体", size: tableSize, across: "center", border: true}
	switch c.Role {
	case paper.ColumnHead, paper.GroupHead:
		l.font = "黑体"
	case paper.RowHead, paper.Note:
		l.across = "left"
	}
	if c.Mark {
		l.bold, l.fill = true, "FFF2CC"
	}
	number, format := figureOf(c)
	if number != "" {
		l.number = format
		s.do(s.file.SetCellDefault(s.name, from, number))
	} else {
		s.do(s.file.SetCellStr(s.name, from, c.Text))
	}
	s.do(s.file.SetCellStyle(s.name, from, to, s.style(l)))
	if from != to {
		s.do(s.file.MergeCell(s.name, from, to))
	}
}

// figureOf returns the number a cell shows and the format that shows all its digits, ""
// for a cell without a number.
func figureOf(c paper.Cell) (number, format string) {
	number, unit := strings.CutSuffix(c.Text, "万元")
	if _, err := decimal.Parse(number); c.Role != paper.Value || err != nil {
		return "", ""
	}
	format = "0"
	if _, places, dotted := strings.Cut(number, "."); dotted {
		format += "." + strings.Repeat("0", len(places))
	}
	if unit {
		format += `"万元"`
	}
	return number, format
}

// page sets a sheet up for printing on A4, as many columns as there are on one page.
func (s *sheets) page(sheet string) {
	a4, width, height, portrait := 9, 1, 0, "portrait"
	s.do(s.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &portrait, FitToWidth: &width, FitToHeight: &height}))
	fit := true
	s.do(s.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	side, end := 0.5, 0.7
	s.do(s.file.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &end, Bottom: &end}))
	s.do(s.file.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&C&P / &N"}))
}
