package redact

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/extract"
)

// SheetName is the part of a passage that is the name of a sheet.
const SheetName Part = "sheet_name"

// Bounds of a workbook.
const (
	mostCells    = 200_000
	mostUnpacked = 256 << 20
	mostPart     = 64 << 20
)

// xlsxPaper makes workbooks anew from the values that show.
type xlsxPaper struct{ cells []cell }

// cell is what of a cell goes into the copy, and the passage that shows it.
type cell struct {
	sheet, at string
	number    bool
	style     *excelize.Style
}

func (*xlsxPaper) suffix() string { return "xlsx" }

func (*xlsxPaper) picture(context.Context, *File, int) ([]byte, error) { return nil, ErrPlace }

func (*xlsxPaper) place(f *File, m Mark) ([]string, bool) { return f.taken(m) }

// workbook opens the workbook and hands it on. A file that makes its reader panic is damaged.
func workbook(f *File, read func(*excelize.File) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = extract.ErrDamaged.Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack())).At(f.Name)
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(f.data), excelize.Options{UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostPart})
	if err != nil {
		return extract.ErrDamaged.Because(err).At(f.Name)
	}
	defer book.Close()
	return read(book)
}

func openXLSX(ctx context.Context, f *File) error {
	p := &xlsxPaper{}
	f.Format, f.maker = XLSX, p
	lost := map[string]bool{}
	if bytes.Contains(f.data, []byte("xl/drawings/")) || bytes.Contains(f.data, []byte("xl/media/")) {
		lost["redact.lost.drawings"] = true
	}
	err := workbook(f, func(book *excelize.File) error {
		for _, sheet := range book.GetSheetList() {
			if shown, err := book.GetSheetVisible(sheet); err != nil || !shown {
				lost["redact.lost.hidden"] = true
				continue
			}
			f.Passages = append(f.Passages, Passage{Part: SheetName, Where: sheet, Text: sheet})
			p.cells = append(p.cells, cell{sheet: sheet})
			if err := p.read(ctx, f, book, sheet, lost); err != nil {
				return err
			}
		}
		return nil
	})
	for _, key := range []string{"redact.lost.hidden", "redact.lost.formulas", "redact.lost.drawings"} {
		if lost[key] {
			f.Lost = append(f.Lost, key)
		}
	}
	return err
}

// read reads the cells of a sheet that show.
func (p *xlsxPaper) read(ctx context.Context, f *File, book *excelize.File, sheet string, lost map[string]bool) error {
	covered, err := coveredCells(book, sheet)
	if err != nil {
		return err
	}
	rows, err := book.Rows(sheet)
	if err != nil {
		return extract.ErrDamaged.Because(err)
	}
	defer rows.Close()
	hidden := map[int]bool{}
	for row := 1; rows.Next(); row++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		texts, err := rows.Columns()
		if err != nil {
			return extract.ErrDamaged.Because(err)
		}
		for i, text := range texts {
			at, err := excelize.CoordinatesToCellName(i+1, row)
			if err != nil {
				return extract.ErrDamaged.Because(err)
			}
			switch {
			case text == "" || covered[at]:
				continue
			case rows.GetRowOpts().Hidden || columnHidden(book, sheet, i+1, hidden):
				lost["redact.lost.hidden"] = true
				continue
			case len(p.cells) >= mostCells:
				return extract.ErrTooMuch
			}
			if code, err := book.GetCellFormula(sheet, at); err == nil && code != "" {
				lost["redact.lost.formulas"] = true
			}
			f.Passages = append(f.Passages, Passage{Part: Sheet, Where: sheet + "!" + at, Text: text})
			p.cells = append(p.cells, cell{sheet, at, numeric(book, sheet, at), styleOf(book, sheet, at)})
		}
	}
	return nil
}

// coveredCells returns the cells that lie under a merged one: they may hold text all the same.
func coveredCells(book *excelize.File, sheet string) (map[string]bool, error) {
	merged, err := book.GetMergeCells(sheet)
	if err != nil {
		return nil, extract.ErrDamaged.Because(err)
	}
	out := map[string]bool{}
	for _, m := range merged {
		c0, r0, err0 := excelize.CellNameToCoordinates(m.GetStartAxis())
		c1, r1, err1 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err0 != nil || err1 != nil || (c1-c0+1)*(r1-r0+1) > mostCells {
			return nil, extract.ErrDamaged
		}
		for c := c0; c <= c1; c++ {
			for r := r0; r <= r1; r++ {
				if at, err := excelize.CoordinatesToCellName(c, r); err == nil && (c != c0 || r != r0) && len(out) < mostCells {
					out[at] = true
				}
			}
		}
	}
	return out, nil
}

func columnHidden(book *excelize.File, sheet string, column int, known map[int]bool) bool {
	if hidden, ok := known[column]; ok {
		return hidden
	}
	name, err := excelize.ColumnNumberToName(column)
	if err != nil {
		return true
	}
	shown, err := book.GetColVisible(sheet, name)
	known[column] = err != nil || !shown
	return known[column]
}

// numeric reports whether a cell holds a number.
func numeric(book *excelize.File, sheet, at string) bool {
	kind, err := book.GetCellType(sheet, at)
	return err == nil && (kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber || kind == excelize.CellTypeFormula)
}

// plainFormat is a format of numbers that says nothing besides.
var plainFormat = regexp.MustCompile(`^[0#,.%;_() \-?*ER+\\\[\]$¥￥]{1,60}$`)

// styleOf returns how a cell looks.
func styleOf(book *excelize.File, sheet, at string) *excelize.Style {
	id, err := book.GetCellStyle(sheet, at)
	if err != nil || id == 0 {
		return nil
	}
	style, err := book.GetStyle(id)
	if err != nil {
		return nil
	}
	if c := style.CustomNumFmt; c != nil && !plainFormat.MatchString(*c) {
		style.CustomNumFmt = nil
	}
	if style.Font != nil && !fontName.MatchString(style.Font.Family) {
		style.Font.Family = ""
	}
	return style
}

func (p *xlsxPaper) build(_ context.Context, f *File, marks []Mark) (data []byte, err error) {
	err = workbook(f, func(old *excelize.File) error {
		data, err = p.write(f, old, marks)
		return err
	})
	return data, err
}

// write writes what shows and is not withheld into a new workbook.
func (p *xlsxPaper) write(f *File, old *excelize.File, marks []Mark) ([]byte, error) {
	w := &sheetWriter{old: old, book: excelize.NewFile(), styles: map[string]int{}}
	defer w.book.Close()
	withheld := map[int]bool{}
	for _, m := range marks {
		withheld[m.Passage] = true
	}
	for i, c := range p.cells {
		text := f.Passages[i].Text
		if withheld[i+1] {
			text = f.left(i+1, marks)
		}
		if c.at == "" {
			w.sheet(c.sheet, text)
			continue
		}
		w.cell(c, text, withheld[i+1])
	}
	return w.finish()
}

// sheetWriter writes a workbook. The first error stops it.
type sheetWriter struct {
	old, book *excelize.File
	name      string // of the sheet at hand, in the copy
	sheets    int
	styles    map[string]int
	err       error
}

func (w *sheetWriter) do(err error) {
	if w.err == nil {
		w.err = err
	}
}

// notInNames are the signs a sheet's name cannot have.
var notInNames = regexp.MustCompile(`[\[\]:*?/\\']`)

// longestName is how long the name of a sheet may be.
const longestName = 31

// sheet begins a sheet: its columns' widths and its merged cells are as they were.
func (w *sheetWriter) sheet(old, name string) {
	w.sheets++
	name = notInNames.ReplaceAllString(name, "")
	if r := []rune(name); len(r) > longestName-4 {
		name = string(r[:longestName-4])
	}
	if n, err := w.book.GetSheetIndex(name); err != nil || n >= 0 && w.sheets > 1 || name == "" {
		name = fmt.Sprintf("%s %d", name, w.sheets)
	}
	if w.sheets == 1 {
		w.do(w.book.SetSheetName("Sheet1", name))
	} else {
		_, err := w.book.NewSheet(name)
		w.do(err)
	}
	w.name = name
	const widths = 100 // columns
	for i := 1; i <= widths; i++ {
		column, err := excelize.ColumnNumberToName(i)
		w.do(err)
		if width, err := w.old.GetColWidth(old, column); err == nil && width > 0 && width <= 255 {
			w.do(w.book.SetColWidth(name, column, column, width))
		}
	}
	merged, err := w.old.GetMergeCells(old)
	w.do(err)
	for _, m := range merged {
		w.do(w.book.MergeCell(name, m.GetStartAxis(), m.GetEndAxis()))
	}
}

// cell writes a value as it showed: a number that was shown rounded is rounded in the copy.
func (w *sheetWriter) cell(c cell, text string, withheld bool) {
	number, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	if c.number && !withheld && err == nil {
		w.do(w.book.SetCellFloat(w.name, c.at, number, -1, 64))
	} else {
		w.do(w.book.SetCellStr(w.name, c.at, text))
	}
	if c.style == nil {
		return
	}
	key := fmt.Sprintf("%+v %+v %+v %+v", c.style.Font, c.style.Alignment, c.style.Fill, c.style.Border)
	key += fmt.Sprint(c.style.NumFmt)
	if c.style.CustomNumFmt != nil {
		key += *c.style.CustomNumFmt
	}
	id, known := w.styles[key]
	if !known {
		if id, err = w.book.NewStyle(c.style); err != nil {
			return // a look that cannot be had again is no loss
		}
		w.styles[key] = id
	}
	w.do(w.book.SetCellStyle(w.name, c.at, c.at, id))
}

// finish writes the workbook without what its maker states of itself.
func (w *sheetWriter) finish() ([]byte, error) {
	if w.err != nil {
		return nil, fmt.Errorf("write the workbook: %w", w.err)
	}
	if err := w.book.SetDocProps(&excelize.DocProperties{Creator: "gongkai"}); err != nil {
		return nil, fmt.Errorf("write the workbook: %w", err)
	}
	var out bytes.Buffer
	if _, err := w.book.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("write the workbook: %w", err)
	}
	return out.Bytes(), nil
}
