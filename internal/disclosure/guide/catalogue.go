package guide

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/check"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Entry is a line of the catalogue with the most its summary may hold.
type Entry struct {
	disclosure.Row
	Most int // characters; local rules say 100 or 150 (R-GDE-05, unverified), 0 for no limit
}

// EntryRules are the checks of one line of the catalogue.
var EntryRules = []check.Rule[Entry]{rowRule, summaryRule}

// rowRule: index, name, summary and day of making. R-GDE-02.
var rowRule = check.Rule[Entry]{
	Code: "R-GDE-02", Severity: check.Error, Cite: statute.OGI2019.Art(12, 3), Title: i18n.M("guide.rule.row"),
	Find: func(e Entry) []check.Finding {
		var lacks []i18n.Message
		for _, f := range []struct{ word, text string }{
			{"guide.catalogue.index", e.IndexNo}, {"guide.catalogue.name", e.Title},
			{"guide.catalogue.summary", e.Summary}, {"guide.catalogue.formed", e.FormedOn.String()},
		} {
			if strings.TrimSpace(f.text) == "" {
				lacks = append(lacks, i18n.M(f.word))
			}
		}
		if len(lacks) == 0 {
			return nil
		}
		return []check.Finding{{Message: i18n.M("guide.check.row", "fields", lacks), Places: []check.Quote{{Text: e.Title}}}}
	},
}

// summaryRule: the summary is short. R-GDE-05.
var summaryRule = check.Rule[Entry]{
	Code: "R-GDE-05", Severity: check.Warning, Title: i18n.M("guide.rule.summary"),
	Find: func(e Entry) []check.Finding {
		n := utf8.RuneCountInString(e.Summary)
		if e.Most == 0 || n <= e.Most {
			return nil
		}
		return []check.Finding{{Message: i18n.M("guide.check.summary", "n", n, "most", e.Most), Places: []check.Quote{{Text: e.Title}}}}
	},
}

// Catalogue returns a page of a body's catalogue: what is public, newest first.
func (d *Desk) Catalogue(ctx context.Context, agency, after string, limit int) (*disclosure.Rows, error) {
	return d.Reader.Agency(ctx, agency, disclosure.Page{After: after, Limit: limit})
}

// heads are the catalogue's columns: the four of article 12, then what pages commonly add.
var heads = []string{"guide.catalogue.index", "guide.catalogue.name", "guide.catalogue.summary", "guide.catalogue.formed", "guide.catalogue.doc_no", "guide.catalogue.issuer"}

// Line returns a row's cells in the catalogue's columns.
func Line(r disclosure.Row) []string {
	return []string{r.IndexNo, r.Title, r.Summary, r.FormedOn.String(), r.DocNo, r.Issuer}
}

// Heads returns the catalogue's headings.
func Heads(p i18n.Printer) []string {
	out := make([]string, len(heads))
	for i, h := range heads {
		out[i] = p.T(h)
	}
	return out
}

// WriteXLSX writes a body's whole catalogue as a workbook, a page of the database at a time.
func (d *Desk) WriteXLSX(ctx context.Context, w io.Writer, p i18n.Printer, agency string) error {
	book := excelize.NewFile()
	defer book.Close()
	sheet, err := book.NewStreamWriter(book.GetSheetName(0))
	if err != nil {
		return fmt.Errorf("write the catalogue: %w", err)
	}
	for col, width := range []float64{28, 60, 60, 14, 24, 24} {
		if err := sheet.SetColWidth(col+1, col+1, width); err != nil {
			return fmt.Errorf("write the catalogue: %w", err)
		}
	}
	n := 0
	put := func(cells []string) error {
		n++
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = c
		}
		return sheet.SetRow(fmt.Sprintf("A%d", n), values)
	}
	if err := put(Heads(p)); err != nil {
		return fmt.Errorf("write the catalogue: %w", err)
	}
	for after := ""; ; {
		rows, err := d.Catalogue(ctx, agency, after, disclosure.MaxPage)
		if err != nil {
			return err
		}
		for _, r := range rows.Rows {
			if err := put(Line(r)); err != nil {
				return fmt.Errorf("write the catalogue: %w", err)
			}
		}
		if after = rows.Next; after == "" {
			break
		}
	}
	if err := sheet.Flush(); err != nil {
		return fmt.Errorf("write the catalogue: %w", err)
	}
	return book.Write(w)
}
