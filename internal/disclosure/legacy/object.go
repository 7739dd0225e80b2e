package legacy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"gongkai/internal/fault"
)

// JSONLines reads JSON objects with the documented columns as keys: one a line, or, where
// the file is one list or its objects span lines, one after the other. Keys of other names
// are left out and told by Source.Unknown.
func JSONLines(path string) (Rows, error) { return new(Source).json(path) }

func (s *Source) json(path string) (Rows, error) {
	name := filepath.Base(path)
	if _, err := os.Stat(path); err != nil {
		return nil, ErrFile.With("file", name).Because(err)
	}
	return func(yield func(Row) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(Row{Where: name, Err: ErrFile.With("file", name).Because(err)})
			return
		}
		defer f.Close()
		text := decoded(s.counted(f))
		if byLine(text) {
			s.lines(name, text, yield)
		} else {
			s.objects(name, text, yield)
		}
	}, nil
}

// byLine tells whether each line is an object of its own, by the first that holds anything.
func byLine(text *bufio.Reader) bool {
	head, err := text.Peek(probe)
	head = bytes.TrimLeft(head, " \t\r\n")
	line, _, whole := bytes.Cut(head, []byte("\n"))
	line = bytes.TrimSpace(line)
	switch {
	case bytes.HasPrefix(line, []byte("[")):
		return false
	case !bytes.HasPrefix(line, []byte("{")) || !whole && err == nil:
		return true
	}
	return json.Valid(line) || !bytes.Equal(line, []byte("{"))
}

// lines reads an object a line. A line that cannot be read costs no other.
func (s *Source) lines(name string, text *bufio.Reader, yield func(Row) bool) {
	for n := 1; ; n++ {
		line, long, err := readLine(text)
		row := Row{Where: fmt.Sprintf("%s:%d", name, n)}
		switch line = bytes.TrimSpace(line); {
		case err != nil && !errors.Is(err, io.EOF):
			row.Err = ErrFile.With("file", name).Because(err)
		case long:
			row.Err = ErrTooLong.With("most", maxRow>>20)
		case len(line) > 0:
			row.Record, row.Err = s.object(line)
		default:
			if err != nil {
				return
			}
			continue
		}
		if !yield(row) || err != nil {
			return
		}
	}
}

// readLine reads a line; of one that is too long it reads the end and keeps nothing.
func readLine(text *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := text.ReadSlice('\n')
		if long = long || len(line)+len(part) > longest; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, long, err
		}
	}
}

// objects reads one object after the other, in a list or not. Behind one that cannot be
// read nobody knows where the next begins.
func (s *Source) objects(name string, text *bufio.Reader, yield func(Row) bool) {
	t := &tape{r: text, most: longest}
	d := json.NewDecoder(t)
	if head, _ := text.Peek(probe); bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("[")) {
		_, _ = d.Token()
	}
	for n := 1; d.More(); n++ {
		var one json.RawMessage
		row := Row{Where: fmt.Sprintf("%s#%d", name, n)}
		err := d.Decode(&one)
		switch {
		case errors.Is(err, errRowLong):
			row.Err = ErrEndless.With("most", longest>>20)
		case err != nil:
			row.Err = ErrBroken.Because(err)
		default:
			t.cut(d.InputOffset())
			row.Record, row.Err = s.object(one)
		}
		if !yield(row) || err != nil {
			return
		}
	}
}

// object makes a record of one object.
func (s *Source) object(text []byte) (r Record, _ *fault.Error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var object map[string]any
	err := d.Decode(&object)
	if err == nil && d.More() {
		err = errors.New("more than one value")
	}
	if err != nil || object == nil {
		return r, ErrJSON.With("example", `{"title": "…", "body": "…"}`).Because(err)
	}
	columns := Columns()
	seen := map[int]string{}
	for key, value := range object {
		i, ok := column(columns, key)
		if !ok {
			s.unknown(key)
		}
		if !ok || value == nil {
			continue
		}
		words, plain := wordsOf(value)
		switch other, twice := seen[i]; {
		case twice:
			return r, ErrTwice.With("first", min(other, key)).With("second", max(other, key))
		case !plain:
			return r, ErrShape.With("column", columns[i].Chinese)
		case strings.ContainsRune(words, utf8.RuneError):
			return r, ErrEncoding
		}
		seen[i] = key
		if f := columns[i].set(&r, words); f != nil {
			return r, f
		}
	}
	return r, r.finish()
}

// wordsOf returns the words of a value: a text, a number, or a list of those, a line each.
func wordsOf(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case []any:
		var lines []string
		for _, one := range v {
			if _, list := one.([]any); list {
				return "", false
			}
			line, plain := wordsOf(one)
			if !plain {
				return "", false
			}
			lines = append(lines, line)
		}
		return strings.Join(lines, "\n"), true
	}
	return "", false
}
