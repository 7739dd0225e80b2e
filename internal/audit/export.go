package audit

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// Format is what entries are exported as.
type Format string

// The formats.
const (
	CSV   Format = "csv"
	Lines Format = "jsonl" // an object a line, every field, times in UTC
	XLSX  Format = "xlsx"
)

// The faults of exporting.
var (
	ErrFormat = &fault.Error{Kind: fault.Invalid, Code: "audit.bad_format", Field: "format"}
	// ErrSheetFull says that a workbook's sheet has no room for all entries.
	ErrSheetFull = &fault.Error{Kind: fault.TooLarge, Code: "audit.sheet_full"}
)

// ParseFormat reads a format's name.
func ParseFormat(s string) (Format, error) {
	switch f := Format(s); f {
	case CSV, Lines, XLSX:
		return f, nil
	}
	return "", ErrFormat.With("value", s)
}

// columns of CSV and XLSX, with their headings.
var headings = []string{"audit.col.seq", "audit.col.at", "audit.col.actor", "audit.col.behalf", "audit.col.remote", "audit.col.agency",
	"audit.col.act", "audit.col.subject", "audit.col.id", "audit.col.title", "audit.col.cite", "audit.col.reason", "audit.col.detail", "audit.col.digest"}

// Headings words the heads of the columns that Cells fills.
func Headings(p i18n.Printer) []string {
	all := make([]string, len(headings))
	for i, key := range headings {
		all[i] = p.Text(i18n.M(key))
	}
	return all
}

// Cells are an entry's values as a table shows them, times in China's.
func (r *Record) Cells(p i18n.Printer) []string {
	return []string{strconv.FormatInt(r.Seq, 10), r.At.In(date.China).Format(time.DateTime), r.ActorName, r.Behalf, r.Remote, r.Agency,
		p.Text(actor.Act(r.Act).Message()), r.Subject, r.SubjectID, r.Title, r.Cite, r.Reason, r.Detail, r.Digest}
}

func write(w io.Writer, f Format, p i18n.Printer, rows func(func(*Record, error) bool)) error {
	switch f {
	case CSV:
		return writeCSV(w, p, rows)
	case Lines:
		return writeLines(w, rows)
	case XLSX:
		return writeXLSX(w, p, rows)
	}
	return ErrFormat.With("value", string(f))
}

// writeCSV begins with the mark by which Excel and WPS know UTF-8.
func writeCSV(w io.Writer, p i18n.Printer, rows func(func(*Record, error) bool)) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(Headings(p)); err != nil {
		return err
	}
	for r, err := range rows {
		if err != nil {
			return err
		}
		cells := r.Cells(p)
		for i := range cells {
			cells[i] = tame(cells[i])
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// tame keeps a spreadsheet from taking a text for a formula.
func tame(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

// line is an entry as a line of JSON.
type line struct {
	Seq       int64           `json:"seq"`
	At        time.Time       `json:"at"`
	Actor     string          `json:"actor"`
	ActorName string          `json:"actor_name"`
	Behalf    string          `json:"behalf,omitempty"`
	Remote    string          `json:"remote,omitempty"`
	Agency    string          `json:"agency,omitempty"`
	Act       string          `json:"act"`
	Subject   string          `json:"subject"`
	SubjectID string          `json:"subject_id"`
	Version   int64           `json:"version"`
	Title     string          `json:"title,omitempty"`
	Cite      string          `json:"cite,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	Detail    json.RawMessage `json:"detail"`
	Previous  string          `json:"previous"`
	Digest    string          `json:"digest"`
}

func writeLines(w io.Writer, rows func(func(*Record, error) bool)) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for r, err := range rows {
		if err != nil {
			return err
		}
		if err := out.Encode(line{r.Seq, r.At, r.Actor, r.ActorName, r.Behalf, r.Remote, r.Agency, r.Act, r.Subject, r.SubjectID,
			r.Version, r.Title, r.Cite, r.Reason, json.RawMessage(r.Detail), r.Previous, r.Digest}); err != nil {
			return err
		}
	}
	return nil
}

// sheetRows is how many rows a sheet has.
const sheetRows = 1 << 20

// writeXLSX writes texts alone, which no program takes for formulas.
func writeXLSX(w io.Writer, p i18n.Printer, rows func(func(*Record, error) bool)) error {
	book := excelize.NewFile()
	defer book.Close()
	sheet, err := book.NewStreamWriter(book.GetSheetName(0))
	if err != nil {
		return fmt.Errorf("begin a sheet: %w", err)
	}
	n := 0
	put := func(cells []string) error {
		if n++; n > sheetRows {
			return ErrSheetFull
		}
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = c
		}
		return sheet.SetRow("A"+strconv.Itoa(n), values)
	}
	if err := put(Headings(p)); err != nil {
		return err
	}
	for r, err := range rows {
		if err == nil {
			err = put(r.Cells(p))
		}
		if err != nil {
			return err
		}
	}
	if err := sheet.Flush(); err != nil {
		return fmt.Errorf("end a sheet: %w", err)
	}
	return book.Write(w)
}
