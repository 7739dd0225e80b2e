package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
)

// countReviews is how many editions wait for a review the person may give.
func (o *Office) countReviews(r *http.Request) (Count, error) {
	if o.Body(r) == "" {
		return Count{}, nil
	}
	w, err := o.Items.Waiting(r.Context(), o.Actor(r), o.Body(r))
	return Count{N: w.Reviews}, err
}

// itemTasks is what waits for a person in the body worked for: drafts sent back, reviews,
// what is ready to be published.
func (o *Office) itemTasks(r *http.Request, limit int) ([]Task, error) {
	if o.Body(r) == "" {
		return nil, nil
	}
	all, err := o.askedTask(r)
	if err != nil {
		return nil, err
	}
	for _, f := range o.taskFilters(r) {
		f.Agency, f.Limit, f.Sort = o.Body(r), limit, "updated"
		found, err := o.Items.List(r.Context(), o.Actor(r), f)
		if err != nil {
			return nil, err
		}
		for _, e := range found.Rows {
			if task, mine := o.itemTask(r, f, e); mine {
				all = append(all, task)
			}
		}
	}
	return all, nil
}

// taskFilters are the lists a person's tasks come from.
func (o *Office) taskFilters(r *http.Request) []disclosure.Filter {
	by := o.Actor(r)
	var all []disclosure.Filter
	if by.Somewhere(actor.ItemEdit) {
		all = append(all, disclosure.Filter{States: []disclosure.State{disclosure.Draft}, Creator: by.ID}, disclosure.Filter{Watch: disclosure.Correcting})
	}
	for _, l := range disclosure.Levels {
		if by.Somewhere(l.Act()) {
			all = append(all, disclosure.Filter{Await: l})
		}
	}
	if by.Somewhere(actor.ItemReview1) || by.Somewhere(actor.ItemReview2) || by.Somewhere(actor.ItemReview3) {
		all = append(all, disclosure.Filter{States: []disclosure.State{disclosure.Urgent}})
	}
	if by.Somewhere(actor.ItemPublish) {
		all = append(all, disclosure.Filter{States: []disclosure.State{disclosure.Approved}})
	}
	if by.Somewhere(actor.ItemSchedule) {
		all = append(all, disclosure.Filter{Watch: disclosure.Missed})
	}
	if by.Somewhere(actor.ItemReassess) {
		all = append(all, disclosure.Filter{Watch: disclosure.Reassessed}, disclosure.Filter{Watch: disclosure.Unsettled})
	}
	return all
}

// askedTask is that other bodies ask to be shown here, if any do.
func (o *Office) askedTask(r *http.Request) ([]Task, error) {
	if !o.Actor(r).Can(actor.ItemPlace, actor.In(o.Body(r))) {
		return nil, nil
	}
	asked, err := o.Items.Asked(r.Context(), o.Actor(r), o.Body(r))
	if err != nil || len(asked) == 0 {
		return nil, err
	}
	return []Task{{
		Kind: i18n.M("item.asked"), Title: printer(r).T("item.task.asked", "n", len(asked)),
		Href: o.path(r, "/office/items/asked"), Since: asked[0].AskedAt,
	}}, nil
}

// watched words a task that a deadline nobody met makes.
func watched(f disclosure.Filter, e *disclosure.Edition, t Task) Task {
	switch f.Watch {
	case disclosure.Missed:
		t.Kind, t.Due, t.Since = i18n.M("item.task.missed"), Day(e.PublishAt), e.PublishAt
	case disclosure.Unsettled:
		t.Kind, t.Due = i18n.M("item.task.unsettled"), e.ApproveBy
	case disclosure.Reassessed:
		t.Kind, t.Due = i18n.M("item.task.reassess"), e.ReassessOn
	}
	return t
}

// correction is the task of writing a new edition that someone else opened: a publisher opens
// one and may not write it, so all are told who may. It is among the own drafts of who did.
func (o *Office) correction(r *http.Request, e *disclosure.Edition, t Task) (Task, bool) {
	t.Kind, t.Href = i18n.M(string(actor.ItemCorrect)), o.path(r, "/office/editions/%s/edit", e.ID)
	return t, e.CreatedBy != o.Actor(r).ID
}

// itemTask words a task. A review is nobody's task who wrote or changed the text.
func (o *Office) itemTask(r *http.Request, f disclosure.Filter, e *disclosure.Edition) (Task, bool) {
	t := Task{Title: titleOf(printer(r), e), Due: e.DueOn, Since: e.StepAt, Href: o.path(r, "/office/items/%s", e.Item)}
	switch {
	case f.Watch == disclosure.Correcting:
		return o.correction(r, e, t)
	case f.Watch != "":
		return watched(f, e, t), true
	case f.Await != "":
		t.Kind, t.Href = f.Await.Message(), o.path(r, "/office/editions/%s/review", e.ID)
		if by := o.Items.ReviewBy(e); t.Due.IsZero() || by.Before(t.Due) {
			t.Due = by
		}
		return t, !contains(e.Editors, o.Actor(r).ID)
	case e.State == disclosure.Urgent:
		t.Kind, t.Due, t.Href = disclosure.Settle.Message(), e.ApproveBy, o.path(r, "/office/editions/%s/review", e.ID)
		return t, !contains(e.Editors, o.Actor(r).ID)
	case e.State == disclosure.Approved:
		t.Kind = disclosure.Publish.Message()
	case e.Returned:
		t.Kind, t.Href = i18n.M("item.returned"), o.path(r, "/office/editions/%s/edit", e.ID)
	default:
		t.Kind, t.Href = i18n.M("item.task.draft"), o.path(r, "/office/editions/%s/edit", e.ID)
	}
	return t, true
}
