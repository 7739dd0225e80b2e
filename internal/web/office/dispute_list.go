package office

import (
	"net/http"
	"net/url"

	"gongkai/internal/actor"
	"gongkai/internal/foi/dispute"
	"gongkai/internal/i18n"
)

// paperLimit bounds a form with a dispute's paper.
const paperLimit = 52 << 20

// disputeRoutes are reconsideration and suits about requests.
func (o *Office) disputeRoutes(rt *router) {
	if o.Disputes == nil {
		return
	}
	rt.Page("GET /office/disputes", o.listDisputes)
	rt.Page("GET /office/disputes/new", o.newDispute)
	rt.Page("POST /office/disputes/new", o.enterDispute)
	rt.Page("GET /office/disputes/columns", o.showDisputeColumns)
	rt.Page("POST /office/disputes/columns", o.setDisputeColumns)
	rt.Page("GET /office/disputes/{id}", o.showDispute)
	rt.Page("POST /office/disputes/{id}", o.actDispute)
	rt.Upload("POST /office/disputes/{id}/file", paperLimit, o.addDisputeFile)
	rt.Page("GET /office/disputes/{id}/files/{paper}", o.openDisputeFile)

	rt.Nav(NavItem{Group: NavWork, Path: "/office/disputes", Text: i18n.M("disputes.title"), Icon: "rules",
		Acts: []actor.Act{actor.FoiDispute}, Count: "disputes"})
	rt.Count("disputes", o.countDisputes)
	rt.Tasks(o.disputeTasks)
}

// countDisputes is the figure beside the navigation: what disputes ask of the body.
func (o *Office) countDisputes(r *http.Request) (c Count, err error) {
	if !o.Actor(r).Can(actor.FoiDispute, actor.In(o.Body(r))) {
		return c, nil
	}
	duties, err := o.Disputes.Watch(r.Context(), o.Actor(r), o.Body(r))
	c.N = len(duties)
	for _, d := range duties {
		if d.Due.Before(o.today()) {
			c.Tone = Bad
		}
	}
	return c, err
}

// disputeTasks are what disputes ask of the body, the most urgent first.
func (o *Office) disputeTasks(r *http.Request, limit int) (tasks []Task, err error) {
	if !o.Actor(r).Can(actor.FoiDispute, actor.In(o.Body(r))) {
		return nil, nil
	}
	duties, err := o.Disputes.Watch(r.Context(), o.Actor(r), o.Body(r))
	for _, d := range duties[:min(len(duties), limit)] {
		tasks = append(tasks, Task{Kind: i18n.M(d.What), Title: d.Last().Authority, Href: o.path(r, "/office/disputes/%s", d.ID), Due: d.Due, Since: d.CreatedAt})
	}
	return tasks, err
}

// listDisputes lists a body's disputes, without who applied or sued.
func (o *Office) listDisputes(w http.ResponseWriter, r *http.Request) error {
	q := ReadList(r, nil, "")
	kind, open := dispute.Kind(r.URL.Query().Get("kind")), r.URL.Query().Get("open") != ""
	found, err := o.Disputes.List(r.Context(), o.Actor(r), dispute.Filter{Agency: o.Body(r), Kind: kind, Open: open, Request: r.URL.Query().Get("request"), After: q.After, Limit: q.Size})
	if err != nil {
		return err
	}
	p := ListPage{Page: o.page(r, printer(r).T("disputes.title")), Lead: printer(r).T("disputes.lead")}
	p.Tools = []Tool{{Text: p.T("disputes.columns"), Href: o.path(r, "/office/disputes/columns")},
		{Text: p.T("disputes.new"), Href: o.path(r, "/office/disputes/new"), Main: true, New: true}}
	p.Tabs = &Tabs{Label: p.T("law.views"), Tabs: []Tab{
		{Text: p.T("law.view.all"), Href: o.path(r, "/office/disputes"), On: kind == "" && !open},
		{Text: p.T("disputes.open"), Href: o.path(r, "/office/disputes") + "?open=1", On: open}}}
	for _, k := range dispute.Kinds {
		p.Tabs.Tabs = append(p.Tabs.Tabs, Tab{Text: p.Text(dispute.Word(k)), Href: o.path(r, "/office/disputes") + "?" + url.Values{"kind": {string(k)}}.Encode(), On: kind == k})
	}
	l := o.disputeList(r, p.Page, found.Disputes, q)
	l.Export, l.Next, l.Total, l.Empty = false, found.Next, p.T("law.total", "n", found.Total), p.T("disputes.empty")
	p.List = l
	return o.show(w, r, "list", &p)
}

func (o *Office) disputeList(r *http.Request, p Page, all []*dispute.Dispute, q ListQuery) *List {
	columns := []Column{{Key: "authority", Text: p.T("disputes.authority")}, {Key: "kind", Text: p.T("disputes.kind"), Slim: true},
		{Key: "level", Text: p.T("disputes.level"), Slim: true, Wide: true}, {Key: "filed", Text: p.T("disputes.filed"), Slim: true},
		{Key: "decided", Text: p.T("disputes.decided"), Slim: true}, {Key: "result", Text: p.T("disputes.result"), Slim: true}}
	l := NewList(p, p.T("disputes.title"), columns, q)
	for _, d := range all {
		at := d.Last()
		result := &Badge{p.Text(dispute.Pending.Message()), Wait}
		if !d.Open() {
			result = &Badge{p.Text(dispute.Word(d.Result())), resultTone(d)}
		}
		l.Rows = append(l.Rows, Row{ID: d.ID, Name: at.Authority, Cells: []Cell{{Text: at.Authority, Sub: at.No, Href: o.path(r, "/office/disputes/%s", d.ID), Lang: "zh-CN"},
			{Text: p.Text(dispute.Word(d.Kind))}, {Text: p.Text(dispute.Word(at.Level))}, {Text: d.Filed.String()}, {Text: d.Settled.String()}, {Badge: result}}})
	}
	return l
}

// resultTone colours a result by the column it counts in.
func resultTone(d *dispute.Dispute) Tone {
	switch dispute.Buckets(nil).Of(d.Kind, d.Result()) {
	case dispute.InFavour:
		return Good
	case dispute.Corrected:
		return Bad
	}
	return Note
}
