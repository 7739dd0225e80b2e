package office

import (
	"iter"
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// itemViews are the tabs of the list of items: each is a filter people ask for daily.
var itemViews = []string{"all", "mine", "review", "ready", "late", "public", "ended"}

// itemTones are the colours of the states.
var itemTones = map[disclosure.State]Tone{
	disclosure.Draft: Plain, disclosure.Review1: Wait, disclosure.Review2: Wait, disclosure.Review3: Wait,
	disclosure.Secrecy: Wait, disclosure.Approved: Warn, disclosure.Scheduled: Note, disclosure.Urgent: Warn,
	disclosure.Published: Good, disclosure.Withheld: Note, disclosure.Corrected: Gone, disclosure.TakenDown: Gone,
	disclosure.Lapsed: Gone, disclosure.Filed: Gone, disclosure.Discarded: Gone,
}

func itemState(p i18n.Printer, e *disclosure.Edition) Badge {
	if e.State == disclosure.Draft && e.Returned {
		return Badge{p.T("item.returned"), Bad}
	}
	return Badge{p.Text(e.State.Message()), itemTones[e.State]}
}

func itemColumns(p i18n.Printer) []Column {
	return []Column{
		{Key: "title", Text: p.T("item.field.title")}, {Key: "state", Text: p.T("item.column.state"), Slim: true},
		{Key: "kind", Text: p.T("item.column.kind"), Slim: true, Wide: true},
		{Key: "person", Text: p.T("item.column.person"), Slim: true, Wide: true},
		{Key: "due", Text: p.T("item.column.due"), Slim: true, Sort: true},
		{Key: "published", Text: p.T("item.column.published"), Slim: true, Sort: true, Wide: true},
		{Key: "updated", Text: p.T("item.column.updated"), Slim: true, Sort: true},
	}
}

// itemFilter reads what the address asks for.
func (o *Office) itemFilter(r *http.Request, q ListQuery) disclosure.Filter {
	f := web.ReadQuery(r)
	out := disclosure.Filter{
		Agency: o.Body(r), Section: f.Text("section"), Kind: disclosure.Kind(f.Text("kind")), Words: f.Text("q"),
		Sort: q.Sort, Down: q.Down, After: q.After, Before: q.Before, Limit: q.Size,
	}
	if s := f.Text("state"); s != "" {
		out.States = []disclosure.State{disclosure.State(s)}
	}
	o.itemView(r, f.Choice("view", itemViews...), &out)
	return out
}

// itemView narrows the filter to a tab.
func (o *Office) itemView(r *http.Request, view string, out *disclosure.Filter) {
	switch view {
	case "mine":
		out.Creator = o.Actor(r).ID
	case "late":
		out.Late = true
	case "ready":
		out.States = []disclosure.State{disclosure.Approved, disclosure.Scheduled}
	case "public":
		out.States = []disclosure.State{disclosure.Published, disclosure.Urgent}
	case "ended":
		out.States = []disclosure.State{disclosure.TakenDown, disclosure.Lapsed, disclosure.Filed, disclosure.Discarded, disclosure.Withheld}
	case "review":
		out.Await = o.itemLevel(r)
		if out.Await == "" {
			out.States = []disclosure.State{disclosure.Review1, disclosure.Review2, disclosure.Review3, disclosure.Secrecy, disclosure.Urgent}
		}
	}
}

// itemLevel is the review a person gives in the body worked for, "" for none or several.
func (o *Office) itemLevel(r *http.Request) disclosure.Level {
	var found []disclosure.Level
	for _, l := range disclosure.Levels {
		agencies, all := o.Actor(r).Agencies(l.Act())
		if all || contains(agencies, o.Body(r)) {
			found = append(found, l)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return ""
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

// listItems shows the items of the body worked for.
func (o *Office) listItems(w http.ResponseWriter, r *http.Request) error {
	p := ListPage{Page: o.page(r, printer(r).T("item.title"))}
	columns := itemColumns(p.Printer)
	q := ReadList(r, columns, "-updated")
	if q.Format != "" {
		return export(w, q, p.Title, columns, o.itemRows(r, p.Printer, q))
	}
	found, err := o.Items.List(r.Context(), o.Actor(r), o.itemFilter(r, q))
	if err != nil {
		return err
	}
	p.List = NewList(p.Page, p.Title, columns, q)
	if err := o.fillItems(r, &p, found); err != nil {
		return err
	}
	return o.show(w, r, "list", &p)
}

// fillItems completes the page of items.
func (o *Office) fillItems(r *http.Request, p *ListPage, found *disclosure.Listing) error {
	homes, err := o.Items.Homes(r.Context(), o.Actor(r), actor.ItemView, o.Body(r))
	if err != nil {
		return err
	}
	l := p.List
	l.FilterBy(itemSieve(p.Printer, homes, web.ReadQuery(r).Text("view"))...)
	l.Next, l.Prev = found.Next, found.Prev
	for _, e := range found.Rows {
		l.Rows = append(l.Rows, o.itemRow(r, p.Printer, e))
	}
	l.Total = p.T("item.total", "n", found.Total)
	if found.Total >= disclosure.MostCounted {
		l.Total = p.T("item.total_more", "n", found.Total)
	}
	l.Empty, l.BulkTo = p.T("item.empty"), o.path(r, "/office/items")
	l.Bulk = itemBulk(p.Printer, o.Actor(r))
	p.Tabs = o.itemTabs(r, p.Printer)
	if o.Actor(r).Somewhere(actor.ItemCreate) {
		start := web.Link{Text: p.T("item.new"), Href: o.path(r, "/office/items/new")}
		l.Start = start
		p.Tools = []Tool{{Text: start.Text, Href: start.Href, Main: true, New: true}}
	}
	if o.Actor(r).Somewhere(actor.ItemPlace) {
		p.Tools = append(p.Tools, Tool{Text: p.T("item.asked"), Href: o.path(r, "/office/items/asked")})
	}
	return nil
}

func (o *Office) itemTabs(r *http.Request, p i18n.Printer) *Tabs {
	on := web.ReadQuery(r).Text("view")
	tabs := &Tabs{Label: p.T("item.title")}
	for _, v := range itemViews {
		href := "?view=" + v
		if v == "all" {
			href = "?"
		}
		tabs.Tabs = append(tabs.Tabs, Tab{Text: p.T(itemViewNames[v]), Href: href, On: v == on || v == "all" && on == ""})
	}
	return tabs
}

func itemSieve(p i18n.Printer, homes []disclosure.Home, view string) []Field {
	all := p.T("office.any")
	sections := []Choice{{Text: all}}
	for _, h := range homes {
		sections = append(sections, Choice{Value: h.ID, Text: h.Title})
	}
	fields := []Field{
		{Name: "q", Label: p.T("item.find")},
		{Name: "section", Label: p.T("item.column.section"), Kind: SelectField, Choices: sections},
		{Name: "kind", Label: p.T("item.column.kind"), Kind: SelectField, Choices: choices(p, all, disclosure.Kinds, disclosure.Kind.Message)},
	}
	if view == "" || view == "all" || view == "mine" {
		fields = append(fields, Field{Name: "state", Label: p.T("item.column.state"), Kind: SelectField, Choices: choices(p, all, disclosure.States, disclosure.State.Message)})
	}
	return append(fields, Field{Name: "view", Kind: HiddenField})
}

// itemRow is one line of the list.
func (o *Office) itemRow(r *http.Request, p i18n.Printer, e *disclosure.Edition) Row {
	state := itemState(p, e)
	row := Row{ID: e.ID, Name: e.Title, Cells: []Cell{
		{Text: titleOf(p, e), Href: o.path(r, "/office/items/%s", e.Item), Sub: e.DocNo, Lang: "zh-CN"}, {Badge: &state},
		{Text: p.Text(e.Kind.Message())}, {Text: e.Creator, Lang: "zh-CN"}, {}, {Text: When(e.PublishedAt)}, {Text: When(e.UpdatedAt)},
	}}
	if e.State.Open() && !e.DueOn.IsZero() {
		left := Left(p, e.DueOn, o.today(), soon)
		row.Cells[4] = Cell{Badge: &left, Sub: e.DueOn.String()}
		row.Tone = left.Tone
	}
	return row
}

func titleOf(p i18n.Printer, e *disclosure.Edition) string {
	if e.Title == "" {
		return p.T("item.untitled")
	}
	return e.Title
}

// itemRows hands on every row of a list for an export, a page at a time.
func (o *Office) itemRows(r *http.Request, p i18n.Printer, q ListQuery) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		q.Size = disclosure.MaxPage
		for {
			found, err := o.Items.List(r.Context(), o.Actor(r), o.itemFilter(r, q))
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range found.Rows {
				if !yield([]string{e.Title, p.Text(e.State.Message()), p.Text(e.Kind.Message()), e.Creator,
					e.DueOn.String(), When(e.PublishedAt), When(e.UpdatedAt)}, nil) {
					return
				}
			}
			if q.After = found.Next; q.After == "" {
				return
			}
		}
	}
}

// itemBulk is what can be done to many items at once.
func itemBulk(p i18n.Printer, by actor.Actor) []Bulk {
	var all []Bulk
	for _, b := range []struct {
		act  actor.Act
		do   string
		tone string
	}{{actor.ItemSubmit, "submit", ""}, {actor.ItemPublish, "publish", ""}, {actor.ItemArchive, "archive", "danger"}} {
		if by.Somewhere(b.act) {
			all = append(all, Bulk{Value: b.do, Text: p.T(itemSteps[b.do]), Tone: b.tone})
		}
	}
	return all
}

// bulkItems does one thing to each ticked item, and says what could not be done and why.
func (o *Office) bulkItems(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	ids, do, p := f.List("id"), f.Choice("do", "submit", "publish", "archive"), printer(r)
	if err := f.Err(); err != nil || len(ids) == 0 || do == "" {
		o.flash(w, r, Warn, i18n.M("item.bulk.none"))
		return o.goTo(w, r, "/office/items")
	}
	c := Confirm{Title: p.T(itemSteps[do]), Text: p.T("item.bulk.sure", "n", len(ids)), Yes: p.T(itemSteps[do]),
		Back: web.Link{Text: p.T("office.form.back"), Href: o.path(r, "/office/items")}}
	if do == "archive" {
		c.Danger, c.Reason = true, &Field{Name: "reason", Label: p.T("office.reason"), Kind: LongField, Rows: 2, Required: true}
	}
	if ok, err := o.sure(w, r, c); !ok {
		return err
	}
	done, failed := 0, i18n.Message{}
	for _, id := range ids {
		if err := o.bulkOne(r, id, do, f.Text("reason")); err != nil {
			message, known := fault.MessageOf(err)
			if !known {
				return err
			}
			failed = message
			continue
		}
		done++
	}
	if done < len(ids) {
		o.flash(w, r, Warn, i18n.M("item.bulk.some", "done", done, "left", len(ids)-done, "why", failed))
		return o.goTo(w, r, "/office/items")
	}
	return o.done(w, r, i18n.M("item.bulk.done", "n", done), "/office/items")
}

func (o *Office) bulkOne(r *http.Request, id, do, reason string) error {
	ctx, by := r.Context(), o.Actor(r)
	file, err := o.Items.Look(ctx, by, id)
	if err != nil {
		return err
	}
	switch version := file.Edition.Version; do {
	case "submit":
		_, err = o.Items.Submit(ctx, by, id, version)
	case "publish":
		_, err = o.Items.Publish(ctx, by, id, disclosure.Release{Version: version})
	case "archive":
		_, err = o.Items.Archive(ctx, by, id, version, reason)
	}
	return err
}
