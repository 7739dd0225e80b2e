package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
	"gongkai/internal/subscription"
)

// subscriptionRoutes are how many subscribe to what; whom, nobody is shown.
func (o *Office) subscriptionRoutes(rt *router) {
	if o.Subscriptions == nil {
		return
	}
	rt.Page("GET /office/subscriptions", o.listSubscriptions)
	rt.Nav(NavItem{Group: NavKeep, Path: "/office/subscriptions", Text: i18n.M("subscriptions.title"), Icon: "board", Acts: []actor.Act{actor.StatisticsView}})
}

// subscriptionKinds are what the kinds are called in the list.
var subscriptionKinds = map[subscription.Kind]string{
	subscription.All: "subscriptions.kind.all", subscription.Agency: "subscriptions.kind.agency",
	subscription.Section: "subscriptions.kind.section", subscription.Search: "subscriptions.kind.search",
}

func (o *Office) listSubscriptions(w http.ResponseWriter, r *http.Request) error {
	all, err := o.Subscriptions.Counts(r.Context(), o.Actor(r), o.Body(r))
	if err != nil {
		return err
	}
	p := ListPage{Page: o.page(r, printer(r).T("subscriptions.title")), Lead: printer(r).T("subscriptions.lead")}
	if !o.Subscriptions.On(r.Context()) {
		p.Flash = append(p.Flash, Notice{p.T("subscriptions.off"), Warn})
	}
	p.List = NewList(p.Page, p.Title, []Column{
		{Key: "topic", Text: p.T("subscriptions.topic")}, {Key: "kind", Text: p.T("subscriptions.kind"), Slim: true}, {Key: "n", Text: p.T("subscriptions.n"), Num: true, Slim: true},
	}, ListQuery{})
	p.List.Export, p.List.Empty = false, p.T("subscriptions.empty")
	for i, c := range all {
		name := p.T("subscriptions.searches")
		if c.Kind != subscription.Search {
			if name, err = o.Subscriptions.Name(r.Context(), p.Lang(), subscription.Topic{Kind: c.Kind, Target: c.Target}); err != nil {
				return err
			}
		}
		p.List.Rows = append(p.List.Rows, Row{ID: strconv.Itoa(i), Name: name, Cells: []Cell{
			{Text: name}, {Text: p.T(subscriptionKinds[c.Kind])}, {Text: grouped(int64(c.N))},
		}})
	}
	return o.show(w, r, "list", &p)
}
