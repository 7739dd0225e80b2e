package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/i18n"
)

// reportLimit bounds a file in which an annual report is handed in: the largest real ones, with
// scanned pages, stay below it.
const reportLimit = 32 << 20

// annualRoutes are the shelf of published annual reports: how each was read, and what a person
// must say about it.
func (o *Office) annualRoutes(rt *router) {
	if o.Shelf == nil {
		return
	}
	rt.Page("GET /office/annual", o.listReadings)
	rt.Page("GET /office/annual/below", o.listHoldings)
	rt.Page("GET /office/annual/{id}", o.showReading)
	rt.Page("POST /office/annual/{id}", o.actReading)
	rt.Upload("POST /office/annual/{id}/file", reportLimit, o.supplyReading)

	rt.Nav(NavItem{Group: NavKeep, Path: "/office/annual", Text: i18n.M("annual.office.title"), Icon: "report",
		Acts: []actor.Act{actor.AnnualView}, Count: "annual"})
	rt.Count("annual", o.countReadings)
	rt.Tasks(o.readingTasks)
}

// countReadings is the figure beside the navigation: the reports a person must look at.
func (o *Office) countReadings(r *http.Request) (Count, error) {
	if !o.Actor(r).Can(actor.AnnualSettle, actor.In(o.Body(r))) {
		return Count{}, nil
	}
	n, err := o.Shelf.Waiting(r.Context(), o.Actor(r), o.Body(r))
	return Count{N: n}, err
}

// readingTasks are the reports of the body worked for that could not be read for certain.
func (o *Office) readingTasks(r *http.Request, limit int) ([]Task, error) {
	if !o.Actor(r).Can(actor.AnnualSettle, actor.In(o.Body(r))) {
		return nil, nil
	}
	all, err := o.Shelf.List(r.Context(), o.Actor(r), o.Body(r))
	var tasks []Task
	for _, one := range all {
		if one.State == shelf.Asked && len(tasks) < limit {
			tasks = append(tasks, Task{Kind: i18n.M("annual.office.task"), Title: one.Title, Href: o.path(r, "/office/annual/%s", one.ID), Since: one.ReadAt})
		}
	}
	return tasks, err
}
