package office

import (
	"encoding/csv"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/xuri/excelize/v2"
)

// export sends every row of a filtered list as a file, named name, in the format the query
// asks for. Rows come one at a time, so that a long list needs no memory. What goes out
// is what the person may see on the page: the handler hands over the same rows. Nothing is
// sent before the first of them is there, so that a refusal is answered as one.
func export(w http.ResponseWriter, q ListQuery, name string, columns []Column, rows iter.Seq2[[]string, error]) error {
	next, stop := iter.Pull2(rows)
	defer stop()
	first, err, some := next()
	if err != nil {
		return err
	}
	rows = func(yield func([]string, error) bool) {
		for row, err, more := first, error(nil), some; more; row, err, more = next() {
			if !yield(row, err) {
				return
			}
		}
	}
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = c.Text
	}
	if q.Format == "xlsx" {
		return exportXLSX(w, name, head, rows)
	}
	return exportCSV(w, name, head, rows)
}

func attach(w http.ResponseWriter, kind, name string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
}

// exportCSV begins with a byte order mark, without which Excel and WPS take the text for GBK.
func exportCSV(w http.ResponseWriter, name string, head []string, rows iter.Seq2[[]string, error]) error {
	attach(w, "text/csv; charset=utf-8", name+".csv")
	if _, err := w.Write([]byte("\ufeff")); err != nil {
		return nil // the browser has gone
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(head); err != nil {
		return nil
	}
	for row, err := range rows {
		if err != nil {
			return fmt.Errorf("export %s: %w", name, err)
		}
		for i := range row {
			row[i] = tame(row[i])
		}
		if err := out.Write(row); err != nil {
			return nil
		}
	}
	out.Flush()
	return nil
}

// tame keeps a spreadsheet from taking a text for a formula: one that a person outside the
// office wrote could otherwise run a command when a clerk opens the export.
func tame(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// exportXLSX streams the sheet through a temporary file of the library's.
func exportXLSX(w http.ResponseWriter, name string, head []string, rows iter.Seq2[[]string, error]) error {
	book := excelize.NewFile()
	defer book.Close()
	sheet, err := book.NewStreamWriter(book.GetSheetName(0))
	if err != nil {
		return fmt.Errorf("export %s: %w", name, err)
	}
	n := 0
	put := func(row []string) error {
		n++
		values := make([]any, len(row))
		for i, v := range row {
			values[i] = v
		}
		return sheet.SetRow(fmt.Sprintf("A%d", n), values)
	}
	if err := put(head); err != nil {
		return fmt.Errorf("export %s: %w", name, err)
	}
	for row, err := range rows {
		if err == nil {
			err = put(row)
		}
		if err != nil {
			return fmt.Errorf("export %s: %w", name, err)
		}
	}
	if err := sheet.Flush(); err != nil {
		return fmt.Errorf("export %s: %w", name, err)
	}
	attach(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name+".xlsx")
	if err := book.Write(w); err != nil {
		return nil // the browser has gone
	}
	return nil
}
