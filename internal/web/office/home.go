package office

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// Task is one thing that waits for a person (待办).
type Task struct {
	Kind  i18n.Message // what is to be done: 二审, 修改, 更新栏目
	Title string
	Href  string    // of the page where it is done, as Office.path makes it
	Body  string    // name of the body it is for, "" for the one worked for
	Due   date.Date // zero for no deadline
	Since time.Time // when it began to wait
	Note  string    // such as the remark it was sent back with
}

// tasker returns what waits for the person who asks, at most limit of it, the most urgent
// first.
type tasker func(r *http.Request, limit int) ([]Task, error)

// counter returns the figure beside an entry of the navigation.
type counter func(r *http.Request) (Count, error)

// sharer adds an area's figures and cards to the start page. One that has nothing to say
// to the person adds nothing.
type sharer func(r *http.Request, p *HomePage) error

// Tasks registers a source of tasks.
func (rt *router) Tasks(t tasker) { rt.taskers = append(rt.taskers, t) }

// Count registers the figure of the navigation's entries with that key.
func (rt *router) Count(key string, c counter) { rt.counters[key] = c }

// Home registers an area's share of the start page.
func (rt *router) Home(s sharer) { rt.sharers = append(rt.sharers, s) }

// HomePage is where a person's day begins (我的工作台).
type HomePage struct {
	Page
	Stats []Stat
	Tasks *List
	Cards []Card
}

// soon is how many days before its deadline a task is shown as due soon.
const soon = 3

// urgent is how many tasks the start page shows, and most how many the page of tasks does.
const (
	urgent = 12
	most   = 300
)

func (o *Office) showHome(w http.ResponseWriter, r *http.Request) error {
	p := HomePage{Page: o.page(r, printer(r).T("office.home.title"))}
	tasks, err := o.tasks(r, most)
	if err != nil {
		return err
	}
	p.Stats = o.taskStats(r, p.Page, tasks)
	p.Tasks = o.taskList(p.Page, tasks[:min(len(tasks), urgent)], ListQuery{Size: urgent})
	for _, share := range o.sharers {
		if err := share(r, &p); err != nil {
			return err
		}
	}
	return o.show(w, r, "home", &p)
}

// tasks gathers what waits for a person, the most urgent first: by deadline, and those
// without one by how long they wait.
func (o *Office) tasks(r *http.Request, limit int) ([]Task, error) {
	var all []Task
	for _, t := range o.taskers {
		some, err := t(r, limit)
		if err != nil && fault.KindOf(err) != fault.Forbidden {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Task) int {
		if a.Due.IsZero() != b.Due.IsZero() {
			return before(b.Due.IsZero())
		}
		return cmp.Or(a.Due.Compare(b.Due), a.Since.Compare(b.Since))
	})
	return all[:min(len(all), limit)], nil
}

// urgency tells how many tasks are overdue and how many due within soon days.
func (o *Office) urgency(tasks []Task) (late, near int) {
	for _, t := range tasks {
		switch days := t.Due.Days(o.today()); {
		case t.Due.IsZero():
		case days < 0:
			late++
		case days <= soon:
			near++
		}
	}
	return late, near
}

// taskStats are the tiles of tasks.
func (o *Office) taskStats(r *http.Request, p Page, tasks []Task) []Stat {
	late, near := o.urgency(tasks)
	stats := []Stat{
		{Text: p.T("office.tasks.waiting"), Value: grouped(int64(len(tasks))), Href: o.path(r, "/office/tasks"), Tone: Wait},
		{Text: p.T("office.tasks.late"), Value: grouped(int64(late)), Href: o.path(r, "/office/tasks?only=late")},
		{Text: p.T("office.tasks.near", "n", soon), Value: grouped(int64(near)), Href: o.path(r, "/office/tasks?only=near")},
	}
	if late > 0 {
		stats[1].Tone = Bad
	}
	if near > 0 {
		stats[2].Tone = Warn
	}
	return stats
}

// taskColumns are those of a list of tasks.
func taskColumns(p i18n.Printer) []Column {
	return []Column{
		{Key: "title", Text: p.T("office.tasks.what")}, {Key: "kind", Text: p.T("office.tasks.kind"), Slim: true},
		{Key: "due", Text: p.T("office.tasks.due"), Slim: true}, {Key: "since", Text: p.T("office.tasks.since"), Slim: true, Wide: true},
	}
}

func (o *Office) taskList(p Page, tasks []Task, q ListQuery) *List {
	l := NewList(p, p.T("office.tasks.title"), taskColumns(p.Printer), q)
	l.Export, l.Empty = false, p.T("office.home.empty")
	for _, t := range tasks {
		row := Row{ID: t.Href, Name: t.Title, Cells: []Cell{
			{Text: t.Title, Href: t.Href, Sub: cmp.Or(t.Note, t.Body), Lang: "zh-CN"}, {Text: p.Text(t.Kind)}, {}, {Text: When(t.Since)},
		}}
		if !t.Due.IsZero() {
			badge := Left(p.Printer, t.Due, o.today(), soon)
			row.Cells[2] = Cell{Badge: &badge, Sub: t.Due.String()}
			if badge.Tone == Bad {
				row.Tone = Bad
			}
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

// showTasks lists everything that waits for the person.
func (o *Office) showTasks(w http.ResponseWriter, r *http.Request) error {
	p := ListPage{Page: o.page(r, printer(r).T("office.tasks.title")), Lead: printer(r).T("office.tasks.lead")}
	tasks, err := o.tasks(r, most)
	if err != nil {
		return err
	}
	late, near := o.urgency(tasks)
	only := web.ReadQuery(r).Choice("only", "late", "near")
	p.Tabs = &Tabs{Label: p.Title, Tabs: []Tab{
		{Text: p.T("office.tasks.all"), Href: "?", Count: len(tasks), On: only == ""},
		{Text: p.T("office.tasks.late"), Href: "?only=late", Count: late, On: only == "late"},
		{Text: p.T("office.tasks.near", "n", soon), Href: "?only=near", Count: near, On: only == "near"},
	}}
	tasks = slices.DeleteFunc(tasks, func(t Task) bool {
		days := t.Due.Days(o.today())
		return only != "" && t.Due.IsZero() || only == "late" && days >= 0 || only == "near" && (days < 0 || days > soon)
	})
	p.List = o.taskList(p.Page, tasks, ListQuery{Size: most})
	return o.show(w, r, "list", &p)
}

// counts asks for the figures beside the navigation. A page without them is better than
// none, so a failure is logged only.
func (o *Office) counts(r *http.Request) map[string]Count {
	all := map[string]Count{}
	var failed error
	for key, c := range o.counters {
		n, err := c(r)
		if fault.KindOf(err) == fault.Forbidden {
			continue
		}
		failed = errors.Join(failed, err)
		all[key] = n
	}
	if failed != nil && r.Context().Err() == nil {
		o.Log.Error("counts failed", "route", r.Pattern, "err", failed)
	}
	return all
}

// before is -1 if what is said of it holds, else 1.
func before(holds bool) int {
	if holds {
		return -1
	}
	return 1
}
