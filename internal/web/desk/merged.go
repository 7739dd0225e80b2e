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
	Refused           []bodyView // files that are no report
	Unread            []string   // files that could not be read at all
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
	Assign     *assignView
}

// assignView lets a person say which unit of the list a report comes from.
type assignView struct {
	i18n.Printer
	Action, Given string
	No            int
	Units         []string
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
	merged, files, err := d.sum(b, *m)
	if err != nil {
		return err
	}
	p := d.mergedPage(r, b, *m, merged, numbersOf(files))
	if r.Header.Get("Desk-Part") == "cell" {
		return d.pages.WritePart(w, r, "merged", "cell", p.Cell)
	}
	return d.pages.Write(w, r, http.StatusOK, "merged", p)
}

func (d *desk) mergedPage(r *http.Request, b *batch, m merging, merged *annual.Merged, files map[*annual.Report]int) *mergedPage {
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
	p.account(merged, &assigner{
		p: p.Printer, m: m, action: d.path(r, "/desk/%s/assign", b.id), files: files, others: otherYears(b, m.year),
	})
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
	{"wrong-year", i18n.M("desk.merged.wrong_year"), true, []annual.Outcome{annual.WrongYear, annual.Undated}},
	{"unlisted", i18n.M("desk.merged.unlisted"), true, []annual.Outcome{annual.Unlisted}},
	{"duplicate", i18n.M("desk.merged.duplicate"), false, []annual.Outcome{annual.Duplicate}},
	{"gone", i18n.M("desk.merged.gone"), false, []annual.Outcome{annual.Gone}},
	{"covered", i18n.M("desk.merged.covered"), false, []annual.Outcome{annual.Covered}},
	{"included", i18n.M("desk.merged.included"), false, []annual.Outcome{annual.Included}},
}

// account lists what became of every body: late and inconsistent ones also by themselves.
func (p *mergedPage) account(m *annual.Merged, a *assigner) {
	add := func(key string, title i18n.Message, grave bool, es []annual.Entry, note func(annual.Entry) []string) {
		v := accountView{Key: key, Title: p.Text(title), Grave: grave}
		for _, e := range es {
			v.Bodies = append(v.Bodies, bodyView{Name: e.Unit, File: e.File, Notes: note(e), Assign: a.view(key, e)})
		}
		if len(v.Bodies) > 0 {
			p.Accounts = append(p.Accounts, v)
		}
	}
	notices := func(e annual.Entry) []string {
		var out []string
		switch e.Outcome {
		case annual.WrongYear:
			out = append(out, p.T("desk.merged.is_on", "year", e.Report.Year))
		case annual.Undated:
			out = append(out, p.T("desk.merge.no_year_stated"))
		}
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
		es := m.Of(f.outcomes...)
		if f.key != "missing" {
			add(f.key, f.title, f.grave, es, notices)
			continue
		}
		lacking, other := a.divide(es)
		add(f.key, f.title, f.grave, lacking, notices)
		add("other-year", i18n.M("desk.merged.other_year"), true, other, func(e annual.Entry) []string {
			return append(notices(e), p.T("desk.merged.other_year_has", "years", a.others[form.Normalize(e.Unit)]))
		})
	}
	for _, e := range m.Of(annual.Refused) {
		v := bodyView{Name: e.File}
		if why := e.Report.Refused; why != nil {
			for _, m := range why.Reasons {
				v.Notes = append(v.Notes, p.Text(m))
			}
		}
		p.Refused = append(p.Refused, v)
	}
}

// assigner knows which file of the batch an entry of the account is.
type assigner struct {
	p      i18n.Printer
	m      merging
	action string
	files  map[*annual.Report]int
	others map[string][]string // by body, the years of its reports that are not being merged
}

// numbersOf finds the files behind the reports of a sum.
func numbersOf(files []counted) map[*annual.Report]int {
	out := map[*annual.Report]int{}
	for _, f := range files {
		out[f.report] = f.no
	}
	return out
}

// otherYears lists for each body, by its normalised name, the other years the batch has
// reports on.
func otherYears(b *batch, year int) map[string][]string {
	out := map[string][]string{}
	for _, e := range sorted(b.list(), "agency") {
		if e.usable() && e.report.Year != year && e.report.Year > 0 {
			name := form.Normalize(e.report.Agency.Text)
			out[name] = append(out[name], strconv.Itoa(e.report.Year))
		}
	}
	return out
}

// divide parts the bodies of which the batch has nothing from those of which it has a
// report on another year.
func (a *assigner) divide(es []annual.Entry) (lacking, other []annual.Entry) {
	for _, e := range es {
		if len(a.others[form.Normalize(e.Unit)]) > 0 {
			other = append(other, e)
		} else {
			lacking = append(lacking, e)
		}
	}
	return lacking, other
}

// view offers to name the unit of a report the list does not know, or to change what was
// named; nil where there is nothing to say.
func (a *assigner) view(group string, e annual.Entry) *assignView {
	no, ok := a.files[e.Report]
	given := a.m.given[no]
	if !ok || len(a.m.units) == 0 || group != "unlisted" && (given == "" || group == "late" || group == "faulty") {
		return nil
	}
	v := &assignView{Printer: a.p, Action: a.action, No: no, Given: given}
	for _, u := range a.m.units {
		v.Units = append(v.Units, u.Name)
	}
	return v
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
	merged, _, err := d.sum(b, *m)
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
	spec, files := m.spec(b)
	var reports, previous []*annual.Report
	for _, f := range files {
		reports = append(reports, f.report)
	}
	for _, e := range b.list() {
		if e.usable() && e.report.Year == m.year-1 && e.no != m.own && !slices.Contains(m.parts, e.no) {
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
