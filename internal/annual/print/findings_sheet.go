package print

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/annual"
	"gongkai/internal/check"
)

// findingWidths are the widths of a list of findings' columns, in figures.
var findingWidths = []float64{30, 20, 8, 9, 11, 46, 24, 26, 30, 26, 30, 18, 36}

// tallyWidths are the widths of the columns of the reports' list.
var tallyWidths = []float64{46, 26, 8, 40, 8, 8, 8, 8, 10, 60}

// writeXLSX writes a workbook: a sheet with a row for each finding, to be filtered and shared
// out, and one with a row for each report.
func (a account) writeXLSX(w io.Writer, checked []Checked) error {
	b := &book{file: excelize.NewFile(), p: a.p}
	err := b.makeStyles()
	if err == nil {
		err = b.file.SetDocProps(&excelize.DocProperties{Title: a.title(checked), Language: string(a.p.Lang()),
			Created: "1980-01-01T00:00:00Z", Modified: "1980-01-01T00:00:00Z"})
	}
	if err == nil {
		err = a.listFindings(b, checked)
	}
	if err == nil {
		err = a.listReports(b, checked)
	}
	if err == nil {
		err = b.file.DeleteSheet("Sheet1")
	}
	if err == nil {
		_, err = b.file.WriteTo(w)
	}
	if closed := b.file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write findings as xlsx: %w", err)
	}
	return nil
}

// listFindings writes the sheet of findings.
func (a account) listFindings(b *book, checked []Checked) error {
	name := a.p.T("print.findings.sheet")
	l, err := b.newStreamed(name, headings(a.p.T("print.findings.sheet_head")), findingWidths, 1)
	if err != nil {
		return err
	}
	for _, c := range checked {
		for _, row := range a.rows(c) {
			cells := make([]any, len(row))
			for i, text := range row {
				cells[i] = b.text(text)
			}
			if c.Report.Year > 0 {
				cells[2] = b.year(c.Report)
			}
			if err := l.add(cells); err != nil {
				return err
			}
		}
	}
	return b.filter(l, name, len(findingWidths))
}

// listReports writes the sheet of reports with the number of their findings.
func (a account) listReports(b *book, checked []Checked) error {
	name := a.p.T("print.findings.summary")
	l, err := b.newStreamed(name, headings(a.p.T("print.findings.summary_head")), tallyWidths, 1)
	if err != nil {
		return err
	}
	for _, c := range checked {
		r, remark := c.Report, ""
		if r.Refused != nil {
			remark = a.p.T("print.findings.refused_row", "reasons", a.reasons(r))
		}
		if c.Previous != nil {
			remark = a.previous(c.Previous)
		}
		t := c.tally()
		cells := []any{b.text(a.name(r)), b.text(flat(r.Agency.Text)), b.year(r), b.text(file(r)), b.count(t.Errors), b.count(t.Unsettled),
			b.count(t.Warnings), b.count(t.Infos), b.count(len(c.Audit.Verified)), b.text(remark)}
		if err := l.add(cells); err != nil {
			return err
		}
	}
	return b.filter(l, name, len(tallyWidths))
}

// year shows a report's year as a number, nothing if it is not known.
func (b *book) year(r *annual.Report) excelize.Cell {
	if r.Year == 0 {
		return b.text("")
	}
	return excelize.Cell{StyleID: b.style.rank, Value: r.Year}
}

// filter lets the reader of a finished list choose among its rows.
func (b *book) filter(l *streamed, sheet string, columns int) error {
	if err := b.file.AutoFilter(sheet, at(1, 1)+":"+at(columns, l.row), nil); err != nil {
		return err
	}
	return l.sw.Flush()
}

// rows returns a report's findings in the order of the sheet's columns; a refused report is
// one row.
func (a account) rows(c Checked) [][]string {
	r := c.Report
	report := []string{a.name(r), flat(r.Agency.Text), ""}
	if r.Refused != nil {
		row := append(report, a.p.T("print.findings.refused_short"), "",
			a.p.T("print.findings.refused_row", "reasons", a.reasons(r)), "", a.at(r.Refused.At), "", "", "", "", "")
		return [][]string{row}
	}
	var rows [][]string
	for _, f := range c.Audit.Findings {
		row := append(report[:3:3], a.severity(r, f), f.Code, a.message(f), f.Working)
		row = append(row, a.placeCells(f.Places)...)
		row = append(row, a.cite(f.Cite), flat(a.p.Text(f.Advice)))
		rows = append(rows, row)
	}
	return rows
}

// placeCells returns place and words of the first two places; any others follow the second
// place in its cell, a line each.
func (a account) placeCells(places []check.Quote) []string {
	cells := make([]string, 4)
	for i, q := range places {
		if i < 2 {
			cells[2*i], cells[2*i+1] = a.where(q), flat(q.Text)
			continue
		}
		cells[2] = strings.TrimPrefix(cells[2]+"\n"+a.place(q), "\n")
	}
	return cells
}
