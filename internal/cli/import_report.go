package cli

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"gongkai/internal/disclosure/legacy"
	"gongkai/internal/i18n"
)

// report is the file that says of every row what became of it.
type report struct {
	p    i18n.Printer
	file *os.File
	buf  *bufio.Writer
	csv  *csv.Writer
	rows int
}

// newReport makes the file, or goes on writing that of a call that was stopped. What is
// there already is never replaced.
func (s *session) newReport(path string, goesOn bool) (*report, error) {
	mode := os.O_CREATE | os.O_EXCL | os.O_WRONLY
	if _, err := os.Stat(path); goesOn && err == nil {
		mode = os.O_APPEND | os.O_WRONLY
	}
	f, err := os.OpenFile(path, mode, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, errNotReplaced.With("file", path)
	}
	if err != nil {
		return nil, &fileError{path, err}
	}
	r := &report{p: s.p, file: f, buf: bufio.NewWriter(f)}
	r.csv = csv.NewWriter(r.buf)
	if mode&os.O_EXCL != 0 {
		_, _ = r.buf.WriteString("\ufeff") // Excel would else read GB18030; an error is kept for close
		r.put("cli.import.column.where", "cli.import.column.title", "cli.import.column.outcome", "cli.import.column.reason",
			"cli.import.column.notes", "cli.import.column.item")
	}
	return r, nil
}

func (r *report) put(keys ...string) {
	var cells []string
	for _, k := range keys {
		cells = append(cells, r.p.T(k))
	}
	_ = r.csv.Write(cells) // kept for close
}

var outcomes = map[legacy.Outcome]string{
	legacy.Created: "cli.import.outcome.created", legacy.Known: "cli.import.outcome.known", legacy.Refused: "cli.import.outcome.refused",
}

// flushed is how many rows pass until they are sent to the disk.
const flushed = 100

// write writes one row.
func (r *report) write(l legacy.Line) {
	why := ""
	if l.Outcome == legacy.Refused {
		why = r.p.Text(l.Reason)
	}
	var notes []string
	for _, n := range l.Notes {
		notes = append(notes, r.p.Text(n))
	}
	cells := []string{l.Where, l.Title, r.p.T(outcomes[l.Outcome]), why, strings.Join(notes, "\n"), strings.Trim(l.Item, "-")}
	for i, v := range cells {
		cells[i] = tame(v)
	}
	_ = r.csv.Write(cells) // kept for close
	if r.rows++; r.rows%flushed == 0 {
		r.csv.Flush()
		_ = r.buf.Flush()
	}
}

// close writes what is left and returns the first thing that went wrong.
func (r *report) close() error {
	r.csv.Flush()
	return errors.Join(r.csv.Error(), r.buf.Flush(), r.file.Close())
}

// tame keeps a spreadsheet from taking a text for a formula: titles are other people's words.
func tame(s string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \u00a0\u3000"))
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}
