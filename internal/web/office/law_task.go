package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
)

// normativeTasks are what documents of the body worked for owe, of who keeps or decides them.
func (o *Office) normativeTasks(r *http.Request, limit int) ([]Task, error) {
	in := actor.In(o.Body(r))
	if by := o.Actor(r); !by.Can(actor.NormativeEdit, in) && !by.Can(actor.NormativeDecide, in) {
		return nil, nil
	}
	duties, err := o.Normative.Watch(r.Context(), o.Actor(r), o.Body(r))
	var all []Task
	for _, d := range duties[:min(len(duties), limit)] {
		all = append(all, Task{Kind: d.Kind.Message(), Title: d.Record.Title, Href: o.path(r, "/office/normative/%s", d.Record.ID), Due: d.Due})
	}
	return all, err
}

// creditTasks is one task for all licences and penalties to be published or withdrawn: they
// are worked off on a list of their own, many at once.
func (o *Office) creditTasks(r *http.Request, _ int) ([]Task, error) {
	if !o.Actor(r).Can(actor.CreditPublish, actor.In(o.Body(r))) {
		return nil, nil
	}
	n, overdue, err := o.Credit.Waiting(r.Context(), o.Actor(r), o.Body(r))
	if err != nil || n == 0 {
		return nil, err
	}
	t := Task{Kind: i18n.M("law.credit.title"), Title: printer(r).T("law.task.credit", "n", n), Href: o.path(r, "/office/credit/watch")}
	if overdue {
		t.Title = printer(r).T("law.task.credit_overdue", "n", n)
	}
	return []Task{t}, nil
}
