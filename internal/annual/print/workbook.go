package print

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/annual"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// Workbook writes a whole collection as a spreadsheet: the sum as the printed form, each
// body with all its cells, the sums that do not close, who has handed in and who has not,
// the year before beside this one, and the bodies ranked, with charts. It is written in
// Chinese, the language of the form.
func Workbook(w io.Writer, c *annual.Collection) error {
	b, err := newBook(c)
	if err != nil {
		return err
	}
	defer b.file.Close()
	for _, write := range []func() error{
		b.writeSum, b.writeDetail, b.writeFaults, b.writeAccount, b.writeYears, b.writeRanking,
	} {
		if err := write(); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := b.file.DeleteSheet(defaultSheet); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	b.file.SetActiveSheet(0)
	if err := b.file.Write(w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// defaultSheet is the empty sheet every new file has.
const defaultSheet = "Sheet1"

// book is the workbook being written.
type book struct {
	file  *excelize.File
	c     *annual.Collection
	p     i18n.Printer
	style styles
}

func newBook(c *annual.Collection) (*book, error) {
	b := &book{file: excelize.NewFile(), c: c, p: i18n.To(i18n.Chinese)}
	err := b.makeStyles()
	if err == nil {
		err = b.file.SetDocProps(&excelize.DocProperties{Title: b.p.Text(c.Title()), Creator: c.Agency, Language: "zh-CN"})
	}
	if err != nil {
		return nil, fmt.Errorf("start workbook: %w", err)
	}
	return b, nil
}

// styles are the looks of cells.
type styles struct {
	title, section, note, head, vertical, label, text, number, fraction, percent, rank, gap, gapNumber, gapFraction, bad int
}

const (
	song    = "宋体"
	headBg  = "DDE6EE" // readable under black type, and in black and white
	gapBg   = "FFF2CC"
	badInk  = "9C0006"
	lineInk = "7F7F7F"
)

func (b *book) makeStyles() error {
	var lines []excelize.Border
	for _, side := range []string{"left", "right", "top", "bottom"} {
		lines = append(lines, excelize.Border{Type: side, Color: lineInk, Style: 1})
	}
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	font := func(size float64, bold bool, color string) *excelize.Font {
		return &excelize.Font{Family: song, Size: size, Bold: bold, Color: color}
	}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	left := &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true}
	right := &excelize.Alignment{Horizontal: "right", Vertical: "center", Indent: 1}
	whole, exact, share := "#,##0", "#,##0.0#####", `0.0"%"`
	plain := font(10, false, "")
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.style.title, excelize.Style{Font: font(16, true, ""), Alignment: middle}},
		{&b.style.section, excelize.Style{Font: font(11, true, ""), Alignment: &excelize.Alignment{Vertical: "center"}}},
		{&b.style.note, excelize.Style{Font: plain, Alignment: left}},
		{&b.style.head, excelize.Style{Font: font(10, true, ""), Fill: fill(headBg), Border: lines, Alignment: middle}},
		{&b.style.vertical, excelize.Style{Font: font(10, true, ""), Fill: fill(headBg), Border: lines,
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true, TextRotation: 255}}},
		{&b.style.label, excelize.Style{Font: plain, Fill: fill(headBg), Border: lines, Alignment: left}},
		{&b.style.text, excelize.Style{Font: plain, Border: lines, Alignment: left}},
		{&b.style.number, excelize.Style{Font: plain, Border: lines, Alignment: right, CustomNumFmt: &whole}},
		{&b.style.fraction, excelize.Style{Font: plain, Border: lines, Alignment: right, CustomNumFmt: &exact}},
		{&b.style.percent, excelize.Style{Font: plain, Border: lines, Alignment: right, CustomNumFmt: &share}},
		{&b.style.rank, excelize.Style{Font: plain, Border: lines, Alignment: middle}},
		{&b.style.gap, excelize.Style{Font: plain, Fill: fill(gapBg), Border: lines, Alignment: middle}},
		{&b.style.gapNumber, excelize.Style{Font: plain, Fill: fill(gapBg), Border: lines, Alignment: right, CustomNumFmt: &whole}},
		{&b.style.gapFraction, excelize.Style{Font: plain, Fill: fill(gapBg), Border: lines, Alignment: right, CustomNumFmt: &exact}},
		{&b.style.bad, excelize.Style{Font: font(10, true, badInk), Border: lines, Alignment: right}},
	} {
		id, err := b.file.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	return nil
}

// numberStyle returns the look of a figure: whole numbers without a decimal point.
func (b *book) numberStyle(d decimal.Decimal) int {
	if d.IsInt() {
		return b.style.number
	}
	return b.style.fraction
}

// figure is a figure as a cell of a streamed row: a number, or a mark that there is none.
func (b *book) figure(f annual.Figure) excelize.Cell {
	switch f.Gap {
	case 0:
		return b.number(f.Value)
	case annual.GapUnsettled:
		return excelize.Cell{StyleID: b.style.gap, Value: b.p.T("merge.book.unsettled")}
	case annual.GapOtherForm:
		return excelize.Cell{StyleID: b.style.gap, Value: b.p.T("merge.book.other_form")}
	}
	return excelize.Cell{StyleID: b.style.gap}
}

func (b *book) number(d decimal.Decimal) excelize.Cell {
	return excelize.Cell{StyleID: b.numberStyle(d), Value: d.Float()}
}

func (b *book) text(s string) excelize.Cell {
	return excelize.Cell{StyleID: b.style.text, Value: s}
}

// How a sheet lies on A4.
const (
	upright = "portrait"
	across  = "landscape"
)

// addSheet makes a sheet that prints on A4, as wide as the page, with page numbers.
func (b *book) addSheet(name, orientation string) error {
	if err := b.addWideSheet(name, orientation); err != nil {
		return err
	}
	one, many, fit := 1, 0, true
	if err := b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return b.file.SetPageLayout(name, &excelize.PageLayoutOptions{FitToWidth: &one, FitToHeight: &many})
}

// addWideSheet makes a sheet that prints over as many pages as it is wide.
func (b *book) addWideSheet(name, orientation string) error {
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	a4 := 9
	if err := b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation}); err != nil {
		return err
	}
	centred := true
	side := 0.5
	if err := b.file.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{
		Horizontally: &centred, Left: &side, Right: &side,
	}); err != nil {
		return err
	}
	return b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&C" + "— &P —"})
}

// streamed is a streamed sheet: a heading that stays in view and is repeated on each page,
// and rows.
type streamed struct {
	book   *book
	sw     *excelize.StreamWriter
	row    int
	widths []float64 // of the columns whose text may take several lines
}

// newStreamed starts a sheet with columns of these headings and widths; fixed columns stay in
// view.
func (b *book) newStreamed(name string, headings []string, widths []float64, fixed int) (*streamed, error) {
	if err := b.addSheet(name, across); err != nil {
		return nil, err
	}
	if err := b.repeat(name, "$1:$1"); err != nil {
		return nil, err
	}
	sw, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	for i, w := range widths {
		if err := sw.SetColWidth(i+1, i+1, w); err != nil {
			return nil, err
		}
	}
	if err := sw.SetPanes(freeze(fixed, 1)); err != nil {
		return nil, err
	}
	l := &streamed{book: b, sw: sw}
	cells := make([]any, len(headings))
	for i, h := range headings {
		cells[i] = excelize.Cell{StyleID: b.style.head, Value: h}
	}
	if err := l.add(cells, excelize.RowOpts{Height: 28}); err != nil {
		return nil, err
	}
	l.widths = widths
	return l, nil
}

// add writes the next row, as high as its longest text needs.
func (l *streamed) add(cells []any, o ...excelize.RowOpts) error {
	l.row++
	if len(o) == 0 && l.widths != nil {
		lines := 1
		for i, w := range l.widths[:min(len(cells), len(l.widths))] {
			if c, ok := cells[i].(excelize.Cell); ok {
				s, _ := c.Value.(string)
				lines = max(lines, linesOf(s, w))
			}
		}
		o = append(o, excelize.RowOpts{Height: 4 + 13*float64(lines)})
	}
	return l.sw.SetRow(at(1, l.row), cells, o...)
}

// linesOf estimates how many lines a text takes in a column so many figures wide; a Chinese
// character is as wide as two figures.
func linesOf(s string, columnWidth float64) int {
	lines := 0
	for part := range strings.SplitSeq(s, "\n") {
		w := 0.0
		for _, r := range part {
			w++
			if r >= 0x2000 {
				w++
			}
		}
		lines += max(1, int(math.Ceil(w/(columnWidth-1))))
	}
	return lines
}

// freeze keeps columns and rows in view.
func freeze(columns, rows int) *excelize.Panes {
	pane := "bottomRight"
	if columns == 0 {
		pane = "bottomLeft"
	}
	return &excelize.Panes{
		Freeze: true, XSplit: columns, YSplit: rows, TopLeftCell: at(columns+1, rows+1), ActivePane: pane,
	}
}

// repeat prints rows ("$1:$2") or columns ("$A:$A") on every page.
func (b *book) repeat(sheet string, lines ...string) error {
	for i, l := range lines {
		lines[i] = "'" + sheet + "'!" + l
	}
	return b.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", RefersTo: strings.Join(lines, ","), Scope: sheet,
	})
}

// at names a cell by its column and row, from 1.
func at(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err) // a table wider than a spreadsheet is a mistake of the program
	}
	return name
}
