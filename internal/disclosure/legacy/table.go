package legacy

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"gongkai/internal/fault"
)

const (
	// longest bounds one row of a table as it stands in the file: its text, and as much
	// again for what escapes and the other columns take.
	longest = 2 * maxRow
	// columnsMost bounds the columns of a table: the widest export we have seen has 60.
	columnsMost = 1000
)

// CSV reads a table whose first row names columns, in any order, in Chinese or English;
// columns of other names are left out and told by Source.Unknown.
func CSV(path string) (Rows, error) { return new(Source).csv(path) }

func (s *Source) csv(path string) (Rows, error) {
	t, f, err := s.table(path)
	if err != nil {
		return nil, err
	}
	for _, name := range t.unknown {
		s.unknown(name)
	}
	f.Close()
	s.read.Store(0)
	return func(yield func(Row) bool) {
		t, f, err := s.table(path)
		if err != nil {
			yield(Row{Where: filepath.Base(path), Err: asFileFault(err)})
			return
		}
		defer f.Close()
		for more := true; more; {
			var row Row
			var skip bool
			if row, skip, more = t.next(); !skip && !yield(row) {
				return
			}
		}
	}, nil
}

func asFileFault(err error) *fault.Error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	return ErrFile.Because(err)
}

// table is a table that is being read.
type table struct {
	name    string
	text    *bufio.Reader
	tape    *tape
	csv     *csv.Reader
	columns []Column
	fields  []int // per field the index of its column, -1 for none
	unknown []string
}

// table opens a table and reads its first row. The caller closes the file.
func (s *Source) table(path string) (*table, *os.File, error) {
	name := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, ErrFile.With("file", name).Because(err)
	}
	text := decoded(s.counted(f))
	head, _ := text.Peek(probe)
	t := &table{name: name, text: text, tape: &tape{r: text, most: longest}, columns: Columns()}
	t.csv = csv.NewReader(t.tape)
	t.csv.Comma, t.csv.FieldsPerRecord = delimiter(head), -1
	if err := t.heading(); err != nil {
		f.Close()
		return nil, nil, err
	}
	t.tape.cut(t.csv.InputOffset())
	return t, f, nil
}

// heading reads which field is which column.
func (t *table) heading() error {
	names, err := t.csv.Read()
	if err != nil || len(names) > columnsMost {
		return ErrNoColumns.With("file", t.name).Because(err)
	}
	seen := map[int]string{}
	for _, name := range names {
		i, ok := column(t.columns, name)
		if !ok {
			t.fields = append(t.fields, -1)
			t.unknown = append(t.unknown, strings.TrimSpace(name))
			continue
		}
		if other, twice := seen[i]; twice {
			return ErrTwice.With("first", other).With("second", name)
		}
		seen[i] = name
		t.fields = append(t.fields, i)
	}
	if _, titled := seen[0]; !titled {
		return ErrNoColumns.With("file", t.name)
	}
	return nil
}

// delimiter is what the first line is divided by: a comma, a tab or a semicolon.
func delimiter(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', 0
	for _, c := range []rune{',', '\t', ';'} {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// next reads one row. skip is set for a line of nothing but separators, as spreadsheets
// leave them behind a table; more is not set at the end.
func (t *table) next() (row Row, skip, more bool) {
	fields, err := t.csv.Read()
	end := t.csv.InputOffset()
	defer func() { t.tape.cut(end) }()
	line := 0
	var syntax *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return row, true, false
	case errors.As(err, &syntax):
		line = syntax.StartLine
		if again, ok := t.bare(syntax, end); ok {
			fields, err = again, nil
		}
	case err != nil:
		row.Where = t.name
		row.Err = asFileFault(ErrFile.With("file", t.name).Because(err))
		if errors.Is(err, errRowLong) {
			row.Err = ErrEndless.With("most", longest>>20)
		}
		return row, false, false
	default:
		line, _ = t.csv.FieldPos(0)
	}
	row.Where = fmt.Sprintf("%s:%d", t.name, line)
	if err != nil {
		if row.Err = ErrQuote.Because(err); t.swallowed(end) {
			row.Err = ErrEndless.With("most", longest>>20).Because(err)
		}
		return row, false, true
	}
	if strings.Join(fields, "") == "" {
		return row, true, true
	}
	row.Record, row.Err = t.record(fields)
	return row, false, true
}

// swallowed reports whether a row took all that was left of the file because its quotation
// was never closed.
func (t *table) swallowed(end int64) bool {
	_, err := t.text.Peek(1)
	return err != nil && t.tape.from+int64(len(t.tape.kept)) == end && bytes.Count(t.tape.upTo(end), []byte(`"`))%2 == 1
}

// bare reads a line again in which a quotation mark stands within words, as in
// 关于"一网通办"的通知: there it is no more than a mark. What spans lines, or has half a pair, is
// left refused.
func (t *table) bare(syntax *csv.ParseError, end int64) ([]string, bool) {
	raw := t.tape.upTo(end)
	if !errors.Is(syntax.Err, csv.ErrBareQuote) || syntax.StartLine != syntax.Line || bytes.Count(raw, []byte(`"`))%2 != 0 {
		return nil, false
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = t.csv.Comma, true, -1
	fields, err := r.Read()
	return fields, err == nil && len(fields) == len(t.fields)
}

// record makes a record of one row's fields.
func (t *table) record(fields []string) (r Record, _ *fault.Error) {
	if len(fields) > len(t.fields) && strings.Join(fields[len(t.fields):], "") == "" {
		fields = fields[:len(t.fields)]
	}
	if len(fields) != len(t.fields) {
		return r, ErrFields.With("want", len(t.fields)).With("got", len(fields))
	}
	for i, v := range fields {
		if t.fields[i] < 0 {
			continue
		}
		if !utf8.ValidString(v) || strings.ContainsRune(v, utf8.RuneError) {
			return r, ErrEncoding
		}
		if f := t.columns[t.fields[i]].set(&r, v); f != nil {
			return r, f
		}
	}
	return r, r.finish()
}
