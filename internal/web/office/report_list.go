package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// firstReportYear is the first year of the present form.
const firstReportYear = 2021

// listReports lists the annual reports of the body worked for, a year a line.
func (o *Office) listReports(w http.ResponseWriter, r *http.Request) error {
	in := actor.In(o.Body(r))
	if by := o.Actor(r); !by.Can(actor.ReportView, in) && by.Can(actor.ReportCollect, in) {
		return o.goTo(w, r, "/office/reports/board")
	}
	p, err := o.reportList(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "list", p)
}

func (o *Office) reportList(r *http.Request) (*ListPage, error) {
	all, a, err := o.Reports.Years(r.Context(), o.Actor(r), o.Body(r))
	if err != nil {
		return nil, err
	}
	p := &ListPage{Page: o.page(r, printer(r).T("office.report.nav")), Lead: printer(r).T("office.report.lead")}
	columns := []Column{{Key: "year", Text: p.T("office.report.year"), Slim: true}, {Key: "state", Text: p.T("law.column.state"), Slim: true},
		{Key: "no", Text: p.T("office.report.no"), Slim: true}, {Key: "signed", Text: p.T("office.report.signed"), Slim: true},
		{Key: "published", Text: p.T("office.report.published"), Slim: true}, {Key: "submitted", Text: p.T("office.report.submitted"), Slim: true},
		{Key: "reason", Text: p.T("office.report.reason"), Wide: true}}
	l := NewList(p.Page, p.Title, columns, ListQuery{})
	begun, done := map[int64]bool{}, map[int64]bool{}
	for _, v := range all {
		begun[v.Year] = true
		done[v.Year] = done[v.Year] || !v.PublishedAt.IsZero()
		l.Rows = append(l.Rows, Row{ID: v.ID, Name: reportName(p.Printer, v), Cells: []Cell{
			{Text: reportName(p.Printer, v), Href: o.path(r, "/office/reports/%s", v.ID)}, {Badge: reportState(p.Printer, v.State)},
			{Text: p.T("office.report.nth", "n", v.No)}, {Text: v.SignedOn.String()}, {Text: When(v.PublishedAt)}, {Text: When(v.SubmittedAt)},
			{Text: v.Reason, Lang: "zh-CN"}}})
	}
	l.Export, l.Empty = false, p.T("office.report.empty")
	p.List, p.Tabs = l, o.reportTabs(r, p.Printer, false)
	year := o.today().Year() - 1
	if done[int64(year)] { // what comes next is this year's
		year++
	}
	for _, d := range o.Reports.Policy.DueOf(a, year) {
		left := Left(p.Printer, d.Day, o.today(), 20)
		if begun[int64(year)] || left.Tone != Bad {
			p.Stats = append(p.Stats, Stat{Text: p.T("office.report.due", "what", p.Text(d.What), "year", year), Value: d.Day.String(), Note: left.Text})
		}
	}
	if f := beginForm(p.Page, begun, o.today().Year()); f != nil && o.Actor(r).Can(actor.ReportCompile, actor.In(o.Body(r))) {
		p.Forms = []Section{{ID: "begin", Title: p.T("office.report.begin"), Note: p.T("office.report.begin_note"), Form: f}}
	}
	return p, nil
}

// beginForm offers the years that were not begun, last year first: its report is due.
func beginForm(p Page, begun map[int64]bool, year int) *Form {
	field := Field{Name: "year", Label: p.T("office.report.year"), Kind: SelectField, Half: true}
	offer := func(y int) {
		if !begun[int64(y)] {
			field.Choices = append(field.Choices, Choice{Value: strconv.Itoa(y), Text: strconv.Itoa(y)})
		}
	}
	offer(year - 1)
	offer(year)
	for y := year - 2; y >= firstReportYear; y-- {
		offer(y)
	}
	if len(field.Choices) == 0 {
		return nil
	}
	f := NewForm(p, "", Group{Fields: []Field{field}})
	f.Buttons = []Button{{Text: p.T("office.report.begin"), Tone: "primary"}}
	return f
}

// beginReport compiles the report on a year for the first time.
func (o *Office) beginReport(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	year := f.Int("year")
	err := f.Err()
	if err == nil {
		v, wrong := o.Reports.Begin(r.Context(), o.Actor(r), o.Body(r), year)
		if wrong == nil {
			return o.done(w, r, i18n.M("office.report.begun"), "/office/reports/%s", v.ID)
		}
		err = wrong
	}
	if !mendable(err) {
		return err
	}
	p, broken := o.reportList(r)
	if broken != nil {
		return broken
	}
	for _, s := range p.Forms {
		s.Form.Keep(r.PostForm)
		s.Form.Tell(err)
	}
	return o.showAs(w, r, http.StatusUnprocessableEntity, "list", p)
}

// reportTabs parts the body's own reports from those submitted to it.
func (o *Office) reportTabs(r *http.Request, p i18n.Printer, board bool) *Tabs {
	by, in := o.Actor(r), actor.In(o.Body(r))
	if !by.Can(actor.ReportCollect, in) {
		return nil
	}
	t := &Tabs{Label: p.T("office.report.nav")}
	if by.Can(actor.ReportView, in) {
		t.Tabs = append(t.Tabs, Tab{Text: p.T("office.report.own"), Href: o.path(r, "/office/reports"), On: !board})
	}
	t.Tabs = append(t.Tabs, Tab{Text: p.T("office.report.board"), Href: o.path(r, "/office/reports/board"), On: board})
	return t
}
