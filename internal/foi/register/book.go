package register

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongkai/internal/i18n"
)

// Book is a file as it was read: the cells of its sheets.
type Book struct {
	Sheets []*Sheet
	Notes  []i18n.Message
}

// Sheet is one sheet. Its first row is row 1 as the spreadsheet counts.
type Sheet struct {
	Name  string
	rows  [][]string
	epoch bool // days count from 1904
	head  int  // the last row of headings, counted from 1; 0 where none was understood
	// columns are the headings by position, each with the one that spans it.
	columns []string
}

// Read reads a workbook or CSV: UTF-8, UTF-16 or GB18030.
func Read(ctx context.Context, data []byte) (*Book, error) {
	b := &Book{}
	var err error
	switch {
	case len(data) > MostBytes:
		return nil, ErrLarge.With("most", MostBytes>>20)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		err = b.workbook(ctx, data)
	default:
		err = b.csv(data)
	}
	if err != nil {
		return nil, err
	}
	n := 0
	for _, s := range b.Sheets {
		if n += len(s.rows); n > MostRows {
			return nil, ErrRows.With("most", MostRows)
		}
		s.understand()
	}
	if !slices.ContainsFunc(b.Sheets, func(s *Sheet) bool { return s.head > 0 }) {
		return nil, ErrHead
	}
	return b, nil
}

func (b *Book) workbook(ctx context.Context, data []byte) error {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: mostUnzip, UnzipXMLSizeLimit: mostUnzip, RawCellValue: true})
	if err != nil {
		return ErrFile.Because(err)
	}
	defer f.Close()
	epoch := false
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		epoch = *p.Date1904
	}
	counted := formulas(data)
	names := f.GetSheetList()
	if len(names) > mostSheet {
		return ErrRows.With("most", MostRows)
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if shown, err := f.GetSheetVisible(name); err == nil && !shown {
			b.Notes = append(b.Notes, i18n.M("register.note.hidden_sheet", "name", name))
			continue
		}
		s := &Sheet{Name: name, epoch: epoch}
		if err := b.cells(f, s); err != nil {
			return err
		}
		if counted {
			s.unsaved(f)
		}
		if len(s.rows) > 0 {
			b.Sheets = append(b.Sheets, s)
		}
	}
	return nil
}

// cells reads a sheet row by row, then fills merged cells with what they show.
func (b *Book) cells(f *excelize.File, s *Sheet) error {
	rows, err := f.Rows(s.Name)
	if err != nil {
		return ErrFile.Because(err)
	}
	defer rows.Close()
	hidden := false
	for rows.Next() {
		row, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return ErrFile.Because(err)
		}
		hidden = hidden || rows.GetRowOpts().Hidden
		if s.rows = append(s.rows, row[:min(len(row), mostCols)]); len(s.rows) > MostRows {
			return ErrRows.With("most", MostRows)
		}
	}
	if err := rows.Error(); err != nil {
		return ErrFile.Because(err)
	}
	merged, err := f.GetMergeCells(s.Name)
	if err != nil {
		return ErrFile.Because(err)
	}
	for _, m := range merged {
		s.fill(m.GetStartAxis(), m.GetEndAxis(), m.GetCellValue())
	}
	s.trim()
	b.concealed(f, s, hidden)
	return nil
}

// formulas reports whether a workbook holds any. Those that a spreadsheet program saved bring their
// values with them.
func formulas(data []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false
	}
	for _, part := range z.File {
		if !strings.HasPrefix(part.Name, "xl/worksheets/") {
			continue
		}
		r, err := part.Open()
		if err != nil {
			return false
		}
		text, err := io.ReadAll(io.LimitReader(r, mostUnzip))
		r.Close()
		if err != nil || bytes.Contains(text, []byte("<f>")) || bytes.Contains(text, []byte("<f ")) {
			return err == nil
		}
	}
	return false
}

// mostReckoned bounds how many blank cells are looked at for a formula: each is searched for.
const mostReckoned = 20_000

// unsaved puts formulas where a program wrote them without their values, so that such a cell is not
// taken for a blank one.
func (s *Sheet) unsaved(f *excelize.File) {
	looked := 0
	for r, row := range s.rows {
		for c, text := range row {
			if text != "" {
				continue
			}
			if looked++; looked > mostReckoned {
				return
			}
			cell, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				return
			}
			if formula, err := f.GetCellFormula(s.Name, cell); err == nil && formula != "" {
				row[c] = "=" + formula
			}
		}
	}
}

// fill puts the value of a merged cell into all it covers.
func (s *Sheet) fill(from, to, value string) {
	c1, r1, err1 := excelize.CellNameToCoordinates(from)
	c2, r2, err2 := excelize.CellNameToCoordinates(to)
	if err1 != nil || err2 != nil || value == "" {
		return
	}
	for r := r1; r <= min(r2, len(s.rows)); r++ {
		for c := c1; c <= min(c2, mostCols); c++ {
			for len(s.rows[r-1]) < c {
				s.rows[r-1] = append(s.rows[r-1], "")
			}
			s.rows[r-1][c-1] = value
		}
	}
}

// trim cuts what is too long and takes off the blank rows at the end.
func (s *Sheet) trim() {
	for _, row := range s.rows {
		for i, text := range row {
			if text = strings.TrimSpace(text); len(text) > mostCell {
				text = string([]rune(text)[:min(mostCell, utf8.RuneCountInString(text))])
			}
			row[i] = text
		}
	}
	for len(s.rows) > 0 && blank(s.rows[len(s.rows)-1]) {
		s.rows = s.rows[:len(s.rows)-1]
	}
}

// concealed notes that hidden rows and columns were read like others: a filter left on hides
// requests that count all the same.
func (b *Book) concealed(f *excelize.File, s *Sheet, rows bool) {
	columns := false
	for i := 1; len(s.rows) > 0 && i <= len(s.rows[0]) && !columns; i++ {
		name, err := excelize.ColumnNumberToName(i)
		if err != nil {
			return
		}
		shown, err := f.GetColVisible(s.Name, name)
		columns = err == nil && !shown
	}
	if rows || columns {
		b.Notes = append(b.Notes, i18n.M("register.note.hidden", "name", s.Name))
	}
}

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(s string) bool { return squeeze(s) != "" })
}

func (b *Book) csv(data []byte) error {
	text, err := decode(data)
	if err != nil {
		return err
	}
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord, in.LazyQuotes = -1, true
	first, _, _ := strings.Cut(text, "\n")
	if strings.Count(first, "\t") > strings.Count(first, ",") {
		in.Comma = '\t'
	}
	s, broken := &Sheet{}, false // a cell had lines of its own: lines are no rows any more
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return ErrFile.Because(err)
		}
		// Blank lines count as rows: what is said of row 7 is found in row 7 of the spreadsheet.
		if line, _ := in.FieldPos(0); !broken {
			for len(s.rows) < min(line-1, MostRows) {
				s.rows = append(s.rows, nil)
			}
		}
		broken = broken || strings.Contains(strings.Join(row, ""), "\n")
		if s.rows = append(s.rows, row[:min(len(row), mostCols)]); len(s.rows) > MostRows {
			return ErrRows.With("most", MostRows)
		}
	}
	s.trim()
	b.Sheets = []*Sheet{s}
	return nil
}

func decode(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", ErrFile.Because(err)
		}
		data = text
	case !utf8.Valid(data):
		text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			return "", ErrFile.Because(err)
		}
		data = text
	}
	if bytes.IndexByte(data, 0) >= 0 || !utf8.Valid(data) {
		return "", ErrFile
	}
	return string(data), nil
}

// understand finds the row of headings: the one that names most fields, alone or under the row
// above it that spans it.
func (s *Sheet) understand() {
	best := 2 // a heading names at least three
	for i := range min(headRows, len(s.rows)) {
		columns := s.headings(i)
		n, seen := 0, map[Field]bool{}
		for _, c := range columns {
			if f, ok := fieldOf(c); ok && !seen[f] {
				seen[f] = true
				n++
			}
		}
		if n > best {
			best, s.head, s.columns = n, i+1, columns
		}
	}
}

// headings are the headings of row i, each behind the one that spans it: 补正·告知日期.
func (s *Sheet) headings(i int) (all []string) {
	for c, text := range s.rows[i] {
		text = strings.Join(strings.Fields(text), "")
		if i > 0 && c < len(s.rows[i-1]) {
			above := strings.Join(strings.Fields(s.rows[i-1][c]), "")
			if wide := span(s.rows[i-1], c); above != "" && above != text && wide < len(s.rows[i]) {
				text = strings.Trim(above+"·"+text, "·")
			}
		}
		all = append(all, text)
	}
	return all
}

// span counts the cells of a row that hold what a cell of it holds: a title spans them all.
func span(row []string, c int) (n int) {
	for _, text := range row {
		if text == row[c] {
			n++
		}
	}
	return n
}

// fieldOf finds the field a heading names, with what spans it or without.
func fieldOf(heading string) (Field, bool) {
	if f, ok := headings()[squeeze(heading)]; ok {
		return f, true
	}
	_, own, spanned := strings.Cut(heading, "·")
	if !spanned {
		return "", false
	}
	f, ok := headings()[squeeze(own)]
	return f, ok
}
