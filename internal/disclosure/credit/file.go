package credit

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// The bounds of a file. A county makes some ten thousand decisions a year.
const (
	maxRows   = 50_000
	maxUnzip  = 256 << 20
	headRows  = 5    // how far down the headings may stand: above them are titles
	maxLetter = 4000 // characters of one field
)

// readRows reads a CSV (UTF-8 with or without a mark, UTF-16 not, GB18030) or XLSX file.
func readRows(data []byte) ([][]string, error) {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return readBook(data)
	}
	return readCSV(data)
}

func readBook(data []byte) ([][]string, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: maxUnzip})
	if err != nil {
		return nil, ErrFile.Because(err)
	}
	defer book.Close()
	rows, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		return nil, ErrFile.Because(err)
	}
	defer rows.Close()
	var all [][]string
	for rows.Next() {
		row, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, ErrFile.Because(err)
		}
		if all = append(all, row); len(all) > maxRows+headRows {
			return nil, ErrRows.With("most", maxRows)
		}
	}
	if err := rows.Error(); err != nil {
		return nil, ErrFile.Because(err)
	}
	return all, nil
}

func readCSV(data []byte) ([][]string, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			return nil, ErrFile.Because(err)
		}
		data = text
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, ErrFile
	}
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord, in.LazyQuotes = -1, true
	first, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.Count(first, []byte("\t")) > bytes.Count(first, []byte(",")) {
		in.Comma = '\t'
	}
	var all [][]string
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, ErrFile.Because(err)
		}
		if all = append(all, row); len(all) > maxRows+headRows {
			return nil, ErrRows.With("most", maxRows)
		}
	}
}

// table is a file whose headings were understood.
type table struct {
	columns map[int]Column // by position
	unknown []string       // headings nobody knows
	rows    [][]string
	first   int // number of the first row under the headings, counted from 1
}

// understand finds the row of headings, by code or label, and what it lacks.
func understand(kind Kind, rows [][]string) (*table, error) {
	best := &table{}
	for i := range min(headRows, len(rows)) {
		t := headings(kind, rows[i])
		if len(t.columns) > len(best.columns) {
			t.rows, t.first = rows[i+1:], i+2
			best = t
		}
	}
	if len(best.columns) < 3 {
		return nil, ErrHead
	}
	have := map[string]bool{}
	for _, c := range best.columns {
		have[c.Code] = true
	}
	var lacks []string
	for _, c := range Columns(kind) {
		if c.Required && !have[c.Code] {
			lacks = append(lacks, c.Label)
		}
	}
	if len(lacks) > 0 {
		return nil, ErrColumn.With("columns", lacks)
	}
	return best, nil
}

// headings takes a row for headings.
func headings(kind Kind, row []string) *table {
	t := &table{columns: map[int]Column{}}
	taken := map[string]bool{}
	for i, text := range row {
		c, ok := columnOf(kind, text)
		switch {
		case ok && !taken[c.Code]:
			t.columns[i], taken[c.Code] = c, true
		case squeeze(text) != "":
			t.unknown = append(t.unknown, strings.TrimSpace(text))
		}
	}
	return t
}

// columnOf finds the field a heading names.
func columnOf(kind Kind, heading string) (Column, bool) {
	h := squeeze(heading)
	for _, c := range Columns(kind) {
		for _, name := range append([]string{c.Code, c.Label}, c.Aliases...) {
			if h != "" && h == squeeze(name) {
				return c, true
			}
		}
	}
	return Column{}, false
}

// squeeze makes headings comparable: no spaces, marks of required fields or wide brackets.
func squeeze(s string) string {
	s = strings.NewReplacer("（", "(", "）", ")", "*", "", "＊", "", "：", "", ":", "").Replace(s)
	return strings.ToUpper(strings.Join(strings.Fields(s), ""))
}
