package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/i18n"
)

// reportRoutes are the annual reports in the making, and for the supervising body those that were
// submitted to it.
func (o *Office) reportRoutes(rt *router) {
	if o.Reports == nil {
		return
	}
	rt.Page("GET /office/reports", o.listReports)
	rt.Page("POST /office/reports", o.beginReport)
	rt.Page("GET /office/reports/board", o.showReportBoard)
	rt.Page("POST /office/reports/board", o.actReportBoard)
	rt.Upload("POST /office/reports/board/file", reportLimit, o.unpackReport)
	rt.Page("GET /office/reports/{id}", o.showReport)
	rt.Page("POST /office/reports/{id}", o.actReport)
	rt.Upload("POST /office/reports/{id}/receipt", reportLimit, o.answerReport)
	rt.Page("GET /office/reports/{id}/cells/{key}", o.traceReport)
	rt.Page("GET /office/reports/{id}/files/{kind}", o.sendReport)

	rt.Nav(NavItem{Group: NavKeep, Path: "/office/reports", Text: i18n.M("office.report.nav"), Icon: "draft",
		Acts: []actor.Act{actor.ReportView, actor.ReportCollect}, Count: "reports"})
	rt.Count("reports", o.countReports)
	rt.Tasks(o.reportTasks)
}

// countReports is the figure beside the navigation: the reports that wait for the person.
func (o *Office) countReports(r *http.Request) (Count, error) {
	all, err := o.Reports.Waiting(r.Context(), o.Actor(r), o.Body(r))
	return Count{N: len(all)}, err
}

// reportTasks are the reports of the body worked for in which a step is the person's.
func (o *Office) reportTasks(r *http.Request, limit int) ([]Task, error) {
	all, err := o.Reports.Waiting(r.Context(), o.Actor(r), o.Body(r))
	var tasks []Task
	for _, v := range all[:min(len(all), limit)] {
		p := printer(r)
		tasks = append(tasks, Task{Kind: i18n.M("office.report.task"), Title: reportName(p, v), Href: o.path(r, "/office/reports/%s", v.ID), Since: v.StepAt,
			Note: p.Text(v.State.Message())})
	}
	return tasks, err
}

func reportName(p i18n.Printer, v *cycle.Version) string {
	return p.T("office.report.of", "year", strconv.FormatInt(v.Year, 10))
}

var reportTones = map[cycle.State]Tone{
	cycle.Drafting: Wait, cycle.Checked: Wait, cycle.Reviewing: Wait, cycle.Signing: Wait, cycle.Signed: Note, cycle.Published: Note,
	cycle.Presented: Note, cycle.Submitted: Note, cycle.Returned: Bad, cycle.Accepted: Good, cycle.Locked: Good, cycle.Superseded: Gone,
}

func reportState(p i18n.Printer, s cycle.State) *Badge {
	return &Badge{p.Text(s.Message()), reportTones[s]}
}
