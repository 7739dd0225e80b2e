package desk

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/print"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// mergedPage shows the superior's report and what became of every body.
type mergedPage struct {
	web.Page
	List, Self, Again string
	Title             string
	Sum               string
	Notices           []string
	Accounts          []accountView
	Unread            []string // files that could not be read at all
	Groups            []findingGroup
	Sheet             *sheetView
	Cell              *cellView
	Audit             *auditView
	Formats           []download
	Asked             []questionView // a merged report asks nothing
}

// accountView is bodies of one fate.
type accountView struct {
	Key, Title string
	Grave      bool
	Bodies     []bodyView
}

// bodyView is one body's line in the account.
type bodyView struct {
	Name, File string
	Notes      []string
}

// auditView is the printed report of the superior held against the sum.
type auditView struct {
	Title       string
	Notices     []string
	Compared    int
	Suspects    []string
	Differences []differenceView
}

// differenceView is a cell in which both differ.
type differenceView struct {
	Cell, Label, Printed, Summed, Delta string
	Hints                               []string
}

// showMerged shows the sum of what was chosen.
func (d *desk) showMerged(w http.ResponseWriter, r *http.Request, b *batch) error {
	m := b.merging()
	if m == nil {
		return d.goTo(w, r, "/desk/%s/merge", b.id)
	}
	merged, err := d.sum(b, *m)
	if err != nil {
		return err
	}
	p := d.mergedPage(r, b, *m, merged)
	if r.Header.Get("Desk-Part") == "cell" {
		return d.pages.WritePart(w, r, "merged", "cell", p.Cell)
	}
	return d.pages.Write(w, r, http.StatusOK, "merged", p)
}

func (d *desk) mergedPage(r *http.Request, b *batch, m merging, merged *annual.Merged) *mergedPage {
	p := &mergedPage{
		Page: d.page(r, merged.Report.Title.Text), Title: merged.Report.Title.Text,
		List: d.path(r, "/desk/%s/", b.id), Self: d.path(r, "/desk/%s/merged/", b.id),
		Again: d.path(r, "/desk/%s/merge", b.id),
	}
	p.Scripts, p.Wide = append(p.Scripts, d.assets.Path("report.js")), true
	p.Sum = p.T("desk.merged.sum", "n", len(merged.Of(annual.Included)), "files", len(merged.Entries))
	for _, n := range merged.Notices {
		p.Notices = append(p.Notices, p.Text(n))
	}
	p.account(merged)
	for _, e := range b.list() {
		if e.report == nil && slices.Contains(m.parts, e.no) {
			p.Unread = append(p.Unread, e.name)
		}
	}
	p.fillSheet(r, merged)
	if e, err := b.get(m.printed); err == nil && e.usable() {
		p.audit(e, merged)
	}
	for _, f := range print.Formats {
		p.Formats = append(p.Formats, download{p.Text(labels[f]), p.Self + "as/" + string(f)})
	}
	return p
}

// fates are the groups of the account, what needs action first.
var fates = []struct {
	key      string
	title    i18n.Message
	grave    bool
	outcomes []annual.Outcome
}{
	{"missing", i18n.M("desk.merged.missing"), true, []annual.Outcome{annual.Missing}},
	{"conflict", i18n.M("desk.merged.conflict"), true, []annual.Outcome{annual.Conflict}},
	{"refused", i18n.M("desk.merged.refused"), true, []annual.Outcome{annual.Refused}},
	{"wrong-year", i18n.M("desk.merged.wrong_year"), true, []annual.Outcome{annual.WrongYear, annual.Undated}},
	{"unlisted", i18n.M("desk.merged.unlisted"), true, []annual.Outcome{annual.Unlisted}},
	{"duplicate", i18n.M("desk.merged.duplicate"), false, []annual.Outcome{annual.Duplicate}},
	{"gone", i18n.M("desk.merged.gone"), false, []annual.Outcome{annual.Gone}},
	{"covered", i18n.M("desk.merged.covered"), false, []annual.Outcome{annual.Covered}},
	{"included", i18n.M("desk.merged.included"), false, []annual.Outcome{annual.Included}},
}

// account lists what became of every body: late and inconsistent ones also by themselves.
func (p *mergedPage) account(m *annual.Merged) {
	add := func(key string, title i18n.Message, grave bool, es []annual.Entry, note func(annual.Entry) []string) {
		v := accountView{Key: key, Title: p.Text(title), Grave: grave}
		for _, e := range es {
			v.Bodies = append(v.Bodies, bodyView{Name: e.Unit, File: e.File, Notes: note(e)})
		}
		if len(v.Bodies) > 0 {
			p.Accounts = append(p.Accounts, v)
		}
	}
	notices := func(e annual.Entry) []string {
		var out []string
		for _, n := range e.Notices {
			out = append(out, p.Text(n))
		}
		return out
	}
	add("late", i18n.M("desk.merged.late"), true, m.Late(), func(e annual.Entry) []string {
		return []string{p.T("desk.merged.late_by", "handed", e.Handed, "due", e.Due, "days", e.Late)}
	})
	add("faulty", i18n.M("desk.merged.faulty"), true, m.Inconsistent(), func(e annual.Entry) []string {
		var out []string
		for _, f := range e.Faults {
			out = append(out, m.Report.Form.Label(f.Equation.Right[0]))
		}
		return []string{p.T("desk.merged.faulty_in", "n", len(out), "cells", out[:min(3, len(out))])}
	})
	for _, f := range fates {
		add(f.key, f.title, f.grave, m.Of(f.outcomes...), notices)
	}
}

// fillSheet shows the merged report, its sums that do not close marked.
func (p *mergedPage) fillSheet(r *http.Request, m *annual.Merged) {
	var findings []check.Finding
	for _, f := range m.Faults {
		x := check.Finding{
			Code: f.Equation.Rule, Severity: check.Error, Working: f.Working(m.Report),
			Message: i18n.M("desk.merged.fault", "cell", m.Report.Form.Label(f.Equation.Right[0])),
		}
		for _, k := range slices.Concat(f.Equation.Right, f.Equation.Left) {
			x.Places = append(x.Places, check.Quote{Key: string(k), Text: held(p.Printer, m.Report, k)})
		}
		findings = append(findings, x)
	}
	number, _ := strconv.Atoi(r.URL.Query().Get("finding")) // what is no number selects nothing
	cell := form.Key(r.URL.Query().Get("cell"))
	tr := newTrace(nil, m.Report, findings, number)
	p.Groups = tr.groups(p.Printer, m.Report.Form, findings)
	s := sheet{Printer: p.Printer, report: m.Report, trace: tr, selected: cell, summed: true}
	view := s.view()
	p.Sheet = &view
	if m.Report.Form.Cell(cell) != nil {
		p.Cell = s.share(p.Self, m, cell)
	}
}

// share tells who gave what to a merged cell.
func (s *sheet) share(self string, m *annual.Merged, k form.Key) *cellView {
	c, have := m.Report.Cells[k]
	v := &cellView{
		Printer: s.Printer, Self: self, Key: string(k), Label: m.Report.Form.Label(k), Fixed: true,
		Value: held(s.Printer, m.Report, k), Cell: cellAnchor(k), State: s.stateOf(k, c, have), Why: s.Text(c.Why),
	}
	for _, x := range m.Contributions(k) {
		v.Shares = append(v.Shares, shareView{x.Unit, x.File, x.Value.String()})
	}
	for _, g := range m.Gaps(k) {
		v.Lacking = append(v.Lacking, s.T("desk.merged.gap", "unit", g.Unit, "why", gaps[g.Reason]))
	}
	return v
}

// gaps says why a body gives no figure.
var gaps = map[annual.GapReason]i18n.Message{
	annual.GapBlank:      i18n.M("desk.gap.blank"),
	annual.GapUnsettled:  i18n.M("desk.gap.unsettled"),
	annual.GapNotPrinted: i18n.M("desk.gap.not_printed"),
	annual.GapOtherForm:  i18n.M("desk.gap.other_form"),
}

// audit holds the superior's printed report against the sum (R-AR-13).
func (p *mergedPage) audit(e *entry, m *annual.Merged) {
	a := m.Check(e.report)
	v := &auditView{Title: e.name, Compared: a.Compared}
	for _, n := range a.Notices {
		v.Notices = append(v.Notices, p.Text(n))
	}
	for _, s := range a.Suspects {
		key := "desk.audit.left_out"
		if s.Twice {
			key = "desk.audit.twice"
		}
		v.Suspects = append(v.Suspects, p.T(key, "unit", s.Unit))
	}
	for _, d := range a.Differences {
		x := differenceView{
			Cell: cellAnchor(d.Key), Label: m.Report.Form.Label(d.Key),
			Printed: p.T("desk.mark.blank"), Summed: d.Summed.String(),
		}
		if d.HasPrinted {
			x.Printed, x.Delta = d.Printed.String(), signed(d.Delta)
		}
		for _, h := range d.Hints {
			x.Hints = append(x.Hints, p.Text(h))
		}
		v.Differences = append(v.Differences, x)
	}
	p.Audit = v
}

// sendMerged sends the superior's report.
func (d *desk) sendMerged(w http.ResponseWriter, r *http.Request, b *batch) error {
	format, err := print.ParseFormat(r.PathValue("format"))
	if err != nil {
		return err
	}
	m := b.merging()
	if m == nil {
		return ErrNothingChosen
	}
	merged, err := d.sum(b, *m)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := print.Write(&buf, merged.Report, format, print.Options{}); err != nil {
		return err
	}
	return send(w, safeName(merged.Report.Title.Text)+"."+string(format), format.MediaType(), buf.Bytes())
}

// sendWorkbook sends the whole collection as a workbook: the sum, the account, the bodies
// side by side and, where the batch holds last year's reports, beside their last year.
func (d *desk) sendWorkbook(w http.ResponseWriter, _ *http.Request, b *batch) error {
	m := b.merging()
	if m == nil {
		return ErrNothingChosen
	}
	spec := annual.MergeSpec{Agency: m.agency, Year: m.year, Units: m.units}
	var reports, previous []*annual.Report
	for _, e := range b.list() {
		switch {
		case e.report == nil:
		case e.no == m.own:
			spec.Own = e.report
		case slices.Contains(m.parts, e.no):
			reports = append(reports, e.report)
		case e.usable() && e.report.Year == m.year-1:
			previous = append(previous, e.report)
		}
	}
	c, err := annual.NewCollection(spec, reports, previous)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := print.Workbook(&buf, c); err != nil {
		return err
	}
	name := safeName(m.agency+strconv.Itoa(m.year)) + ".xlsx"
	return send(w, name, print.XLSX.MediaType(), buf.Bytes())
}
