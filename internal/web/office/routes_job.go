package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
	"gongkai/internal/job"
	"gongkai/internal/web"
)

// jobRoutes are the work done after acts: what waits, what failed.
func (o *Office) jobRoutes(rt *router) {
	if o.Jobs == nil {
		return
	}
	rt.Page("GET /office/jobs", o.listJobs)
	rt.Page("POST /office/jobs", o.actOnJobs)
	rt.Page("GET /office/jobs/{id}", o.showJob)

	rt.Nav(NavItem{Group: NavAdmin, Path: "/office/jobs", Text: i18n.M("jobs.title"), Icon: "jobs", Acts: []actor.Act{actor.JobView}, Keys: "g j", Count: "jobs"})
	rt.Count("jobs", o.failedJobs)
}

// failedJobs counts the jobs that wait for a person.
func (o *Office) failedJobs(r *http.Request) (Count, error) {
	if !o.Actor(r).Can(actor.JobView, actor.Scope{}) {
		return Count{}, nil
	}
	counts, err := job.Counts(r.Context(), o.Jobs.DB)
	return Count{N: counts[job.Failed], Tone: Bad}, err
}

func jobColumns(p i18n.Printer) []Column {
	return []Column{
		{Key: "kind", Text: p.T("jobs.kind")}, {Key: "state", Text: p.T("jobs.state"), Slim: true}, {Key: "attempts", Text: p.T("jobs.attempts"), Slim: true, Num: true},
		{Key: "run", Text: p.T("jobs.run"), Slim: true, Wide: true}, {Key: "enqueued", Text: p.T("jobs.enqueued"), Slim: true},
	}
}

// jobTones are how the states are shown.
var jobTones = map[job.State]Tone{job.Ready: Plain, job.Running: Wait, job.Done: Good, job.Failed: Bad, job.Cancelled: Gone}

func jobState(p i18n.Printer, s job.State) Badge { return Badge{p.Text(s.Message()), jobTones[s]} }

func (o *Office) listJobs(w http.ResponseWriter, r *http.Request) error {
	p := ListPage{Page: o.page(r, printer(r).T("jobs.title")), Lead: printer(r).T("jobs.lead")}
	q := ReadList(r, nil, "")
	f := job.Filter{State: job.State(q.Filter.Get("state")), Kind: q.Filter.Get("kind"), After: q.After, Before: q.Before, Limit: q.Size + 1}
	jobs, err := o.Jobs.List(r.Context(), o.Actor(r), f)
	if err != nil {
		return err
	}
	p.List = NewList(p.Page, p.Title, jobColumns(p.Printer), q)
	p.List.Export, p.List.Empty = false, p.T("jobs.empty")
	p.List.FilterBy(Field{Name: "state", Label: p.T("jobs.state"), Kind: SelectField, Choices: choices(p.Printer, p.T("office.any"), job.States, job.State.Message)},
		Field{Name: "kind", Label: p.T("jobs.kind")})
	o.jobRows(r, p.List, jobs)
	p.List.BulkTo = o.path(r, "/office/jobs")
	p.List.Bulk = []Bulk{{Value: "retry", Text: p.T("jobs.retry")}, {Value: "cancel", Text: p.T("jobs.cancel"), Tone: "danger"}}
	return o.show(w, r, "list", &p)
}

func (o *Office) jobRows(r *http.Request, l *List, jobs []*job.Job) {
	jobs = page(l, jobs, func(j *job.Job) string { return j.ID })
	for _, j := range jobs {
		state := jobState(l.Printer, j.State)
		row := Row{ID: j.ID, Name: j.Kind, Cells: []Cell{
			{Text: j.Kind, Href: o.path(r, "/office/jobs/%s", j.ID), Sub: j.Trouble}, {Badge: &state},
			{Text: l.T("jobs.of", "n", j.Attempts, "most", j.Most)}, {Text: When(j.RunAt)}, {Text: When(j.Enqueued)},
		}}
		if j.State == job.Failed {
			row.Tone = Bad
		}
		l.Rows = append(l.Rows, row)
	}
}

// page cuts what was read for one page, one row more than it shows, and tells the list
// whether others stand before or follow.
func page[T any](l *List, read []T, id func(T) string) []T {
	more := len(read) > l.Query.Size
	if more && l.Query.Before != "" {
		read = read[1:]
	} else if more {
		read = read[:l.Query.Size]
	}
	if len(read) == 0 {
		return nil
	}
	if more || l.Query.Before != "" {
		l.Next = id(read[len(read)-1])
	}
	if l.Query.After != "" || more && l.Query.Before != "" {
		l.Prev = id(read[0])
	}
	if l.Query.Before == "" && !more {
		l.Next = ""
	}
	return read
}

// actOnJobs retries or cancels the ticked jobs. One that cannot be says so; the rest is done.
func (o *Office) actOnJobs(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	do := o.Jobs.Retry
	if f.Choice("do", "retry", "cancel") == "cancel" {
		do = o.Jobs.Cancel
	}
	done, ids := 0, f.List("id")
	var last error
	for _, id := range ids {
		if err := do(r.Context(), o.Actor(r), id); err != nil {
			last = err
			continue
		}
		done++
	}
	if done == 0 && last != nil {
		return last
	}
	return o.done(w, r, i18n.M("jobs.done", "n", done, "all", len(ids)), "/office/jobs")
}

func (o *Office) showJob(w http.ResponseWriter, r *http.Request) error {
	j, err := o.Jobs.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return o.show(w, r, "record", o.jobPage(r, j))
}

func (o *Office) jobPage(r *http.Request, j *job.Job) *RecordPage {
	state := jobState(printer(r), j.State)
	p := &RecordPage{Page: o.page(r, j.Kind), State: &state}
	p.Crumb(p.T("jobs.title"), o.path(r, "/office/jobs"))
	p.Cards = []Card{{ID: "job", Title: p.T("jobs.about"), Facts: []Fact{
		{Label: p.T("jobs.attempts"), Value: p.T("jobs.of", "n", j.Attempts, "most", j.Most)}, {Label: p.T("jobs.enqueued"), Value: When(j.Enqueued)},
		{Label: p.T("jobs.run"), Value: When(j.RunAt)}, {Label: p.T("jobs.finished"), Value: When(j.Finished)},
		{Label: p.T("jobs.args"), Value: j.Args}, {Label: p.T("jobs.trouble"), Value: j.Trouble},
	}}}
	form := NewForm(p.Page, o.path(r, "/office/jobs"))
	form.Hidden = []Field{{Name: "id", Value: j.ID}}
	switch j.State {
	case job.Failed, job.Cancelled:
		form.Buttons = []Button{{Text: p.T("jobs.retry"), Tone: "primary", Name: "do", Value: "retry"}}
	case job.Ready, job.Running:
		form.Buttons = []Button{{Text: p.T("jobs.cancel"), Tone: "danger", Name: "do", Value: "cancel"}}
	default:
		return p
	}
	p.Forms = []Section{{ID: "acts", Title: p.T("jobs.act"), Form: form}}
	return p
}
