package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
	"gongkai/internal/webhook"
)

// webhookRoutes are who is told of a body's events.
func (o *Office) webhookRoutes(rt *router) {
	if o.Webhooks == nil {
		return
	}
	rt.Page("GET /office/webhooks", o.listWebhooks)
	rt.Page("GET /office/webhooks/new", o.newWebhook)
	rt.Page("POST /office/webhooks/new", o.createWebhook)
	rt.Page("GET /office/webhooks/{id}", o.showWebhook)
	rt.Page("POST /office/webhooks/{id}", o.actOnWebhook)
	rt.Page("GET /office/webhooks/{id}/edit", o.editWebhook)
	rt.Page("POST /office/webhooks/{id}/edit", o.changeWebhook)
	rt.Nav(NavItem{Group: NavAdmin, Path: "/office/webhooks", Text: i18n.M("webhooks.title"), Icon: "publish", Acts: []actor.Act{actor.WebhookView}})
}

// webhookBody is the body whose subscriptions are shown: that which the person works for, or all of
// them to who runs the installation.
func (o *Office) webhookBody(r *http.Request) string {
	if o.Actor(r).Can(actor.WebhookView, actor.Scope{}) {
		return ""
	}
	return o.Body(r)
}

// webhookState is how a subscription stands.
func webhookState(p i18n.Printer, s *webhook.Subscription) Badge {
	switch {
	case s.Live:
		return Badge{p.T("webhooks.live"), Good}
	case s.Why != "":
		return Badge{p.T("webhooks.gone"), Bad}
	}
	return Badge{p.T("webhooks.off"), Gone}
}

func (o *Office) listWebhooks(w http.ResponseWriter, r *http.Request) error {
	all, err := o.Webhooks.List(r.Context(), o.Actor(r), o.webhookBody(r))
	if err != nil {
		return err
	}
	p := ListPage{Page: o.page(r, printer(r).T("webhooks.title")), Lead: printer(r).T("webhooks.lead")}
	if o.mayAddWebhook(r) {
		p.Tools = []Tool{{Text: p.T("webhooks.new"), Href: o.path(r, "/office/webhooks/new"), Main: true, New: true}}
	}
	p.List = NewList(p.Page, p.Title, []Column{
		{Key: "name", Text: p.T("webhooks.name")}, {Key: "types", Text: p.T("webhooks.types"), Slim: true, Num: true, Wide: true}, {Key: "state", Text: p.T("webhooks.state"), Slim: true},
	}, ListQuery{})
	p.List.Export, p.List.Empty = false, p.T("webhooks.empty")
	if len(p.Tools) > 0 {
		p.List.Start = web.Link{Href: p.Tools[0].Href, Text: p.Tools[0].Text}
	}
	for _, s := range all {
		state := webhookState(p.Printer, s)
		p.List.Rows = append(p.List.Rows, Row{ID: s.ID, Name: s.Name, Cells: []Cell{
			{Text: s.Name, Href: o.path(r, "/office/webhooks/%s", s.ID), Sub: s.URL, Lang: "zh-CN"}, {Text: grouped(int64(len(s.Types)))}, {Badge: &state}}})
	}
	return o.show(w, r, "list", &p)
}

func (o *Office) mayAddWebhook(r *http.Request) bool {
	return o.Body(r) != "" && o.Actor(r).Can(actor.WebhookChange, actor.In(o.Body(r)))
}
