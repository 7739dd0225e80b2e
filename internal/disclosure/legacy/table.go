package legacy

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/fault"
)

// CSV reads a table whose first row names columns, in any order, in Chinese or English;
// columns of other names are left out and told by Unknown. Text is UTF-8 or GB18030.
func CSV(path string) (Rows, error) {
	head, _, err := header(path)
	if err != nil {
		return nil, err
	}
	return func(yield func(Row) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(Row{Where: path, Err: ErrFile.With("file", path).Because(err)})
			return
		}
		defer f.Close()
		r := reader(f)
		r.Comma = head.comma
		if _, err := r.Read(); err != nil {
			yield(Row{Where: path, Err: ErrQuote.Because(err)})
			return
		}
		for {
			fields, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(head.row(path, r, fields, err)) {
				return
			}
		}
	}, nil
}

// Unknown returns the headers of a table that name no documented column.
func Unknown(path string) ([]string, error) {
	_, unknown, err := header(path)
	return unknown, err
}

// heading is the first row of a table: which field is which column.
type heading struct {
	comma   rune
	columns []Column
	fields  []int // per field the index of its column, -1 for none
}

func header(path string) (h heading, unknown []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return h, nil, ErrFile.With("file", filepath.Base(path)).Because(err)
	}
	defer f.Close()
	first, err := bufio.NewReader(decoded(f)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return h, nil, fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	h.comma = delimiter(first)
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(first, "\ufeff")))
	r.Comma = h.comma
	names, err := r.Read()
	if err != nil {
		return h, nil, ErrNoColumns.With("file", filepath.Base(path)).Because(err)
	}
	h.columns = Columns()
	seen := map[int]string{}
	for _, name := range names {
		i, ok := column(h.columns, name)
		if !ok {
			h.fields = append(h.fields, -1)
			unknown = append(unknown, strings.TrimSpace(name))
			continue
		}
		if other, twice := seen[i]; twice {
			return h, nil, ErrTwice.With("first", other).With("second", name)
		}
		seen[i] = name
		h.fields = append(h.fields, i)
	}
	if _, titled := seen[0]; !titled {
		return h, nil, ErrNoColumns.With("file", filepath.Base(path))
	}
	return h, unknown, nil
}

// delimiter is what the first line is divided by: a comma, a tab or a semicolon.
func delimiter(line string) rune {
	best, most := ',', 0
	for _, c := range []rune{',', '\t', ';'} {
		if n := strings.Count(line, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

func reader(f io.Reader) *csv.Reader {
	r := csv.NewReader(decoded(f))
	r.FieldsPerRecord = -1
	return r
}

// row makes a record of one line's fields.
func (h heading) row(path string, r *csv.Reader, fields []string, err error) Row {
	line := 0
	if len(fields) > 0 {
		line, _ = r.FieldPos(0)
	}
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		line = syntax.StartLine
	}
	row := Row{Where: fmt.Sprintf("%s:%d", filepath.Base(path), line)}
	switch {
	case err != nil:
		row.Err = ErrQuote.Because(err)
		return row
	case len(fields) != len(h.fields):
		row.Err = ErrFields.With("want", len(h.fields)).With("got", len(fields))
		return row
	}
	for i, v := range fields {
		if h.fields[i] < 0 {
			continue
		}
		if !utf8.ValidString(v) {
			row.Err = ErrEncoding
			return row
		}
		if f := h.columns[h.fields[i]].set(&row.Record, v); f != nil {
			row.Err = f
			return row
		}
	}
	row.Err = row.Record.finish()
	return row
}

// probe is how much of a file tells its encoding.
const probe = 64 << 10

// decoded reads UTF-8 with or without its mark, and everything else as GB18030, which
// holds GB 2312 and GBK.
func decoded(f io.Reader) io.Reader {
	b := bufio.NewReaderSize(f, probe)
	head, _ := b.Peek(probe)
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		_, _ = b.Discard(3)
		return b
	}
	if valid(head) {
		return b
	}
	return simplifiedchinese.GB18030.NewDecoder().Reader(b)
}

// valid reports whether head is UTF-8, a character cut off at its end allowed.
func valid(head []byte) bool {
	for cut := 0; cut < utf8.UTFMax && cut <= len(head); cut++ {
		if utf8.Valid(head[:len(head)-cut]) {
			return true
		}
	}
	return false
}

// JSONLines reads one JSON object a line, with the documented columns as keys. Keys of
// other names are left out.
func JSONLines(path string) (Rows, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, ErrFile.With("file", filepath.Base(path)).Because(err)
	}
	return func(yield func(Row) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(Row{Where: path, Err: ErrFile.With("file", path).Because(err)})
			return
		}
		defer f.Close()
		lines := bufio.NewScanner(decoded(f))
		lines.Buffer(make([]byte, 1<<20), maxRow)
		n := 0
		for lines.Scan() {
			n++
			line := bytes.TrimSpace(lines.Bytes())
			if len(line) == 0 {
				continue
			}
			row := Row{Where: fmt.Sprintf("%s:%d", filepath.Base(path), n)}
			row.Record, row.Err = fromJSON(line)
			if !yield(row) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Row{Where: fmt.Sprintf("%s:%d", filepath.Base(path), n+1), Err: ErrTooLong.With("most", maxRow>>20).Because(err)})
		}
	}, nil
}

func fromJSON(line []byte) (r Record, _ *fault.Error) {
	var object map[string]any
	if err := json.Unmarshal(line, &object); err != nil {
		return r, ErrJSON.With("example", `{"title": "…", "body": "…"}`).Because(err)
	}
	columns := Columns()
	seen := map[int]string{}
	for key, value := range object {
		i, ok := column(columns, key)
		if !ok || value == nil {
			continue
		}
		text, isText := value.(string)
		if !isText {
			text = fmt.Sprint(value)
		}
		if other, twice := seen[i]; twice {
			return r, ErrTwice.With("first", min(other, key)).With("second", max(other, key))
		}
		seen[i] = key
		if f := columns[i].set(&r, text); f != nil {
			return r, f
		}
	}
	return r, r.finish()
}
