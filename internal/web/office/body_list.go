package office

import (
	"iter"
	"net/http"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// choices are the values of a closed list with their words, after an empty one that says
// none where text is not "".
func choices[T ~string](p i18n.Printer, none string, values []T, word func(T) i18n.Message) []Choice {
	var all []Choice
	if none != "" {
		all = append(all, Choice{Text: none})
	}
	for _, v := range values {
		all = append(all, Choice{Value: string(v), Text: p.Text(word(v))})
	}
	return all
}

func bodyColumns(p i18n.Printer) []Column {
	return []Column{
		{Key: "name", Text: p.T("agency.column.name")}, {Key: "kind", Text: p.T("agency.column.kind"), Slim: true},
		{Key: "level", Text: p.T("agency.column.level"), Slim: true, Wide: true},
		{Key: "code", Text: p.T("agency.column.credit_code"), Slim: true, Wide: true},
		{Key: "state", Text: p.T("body.state"), Slim: true},
	}
}

// listBodies shows the bodies in their tree, or those a filter fits.
func (o *Office) listBodies(w http.ResponseWriter, r *http.Request) error {
	p := ListPage{Page: o.page(r, printer(r).T("body.title")), Lead: printer(r).T("body.lead")}
	columns := bodyColumns(p.Printer)
	q := ReadList(r, columns, "name")
	f := web.ReadQuery(r)
	found, err := o.Agencies.Search(r.Context(), o.Actor(r), agency.Query{
		Text: f.Text("q"), Kind: agency.Kind(f.Text("kind")), Level: agency.Level(f.Text("level")), Ended: f.Bool("ended"),
	})
	if err != nil {
		return err
	}
	if q.Format != "" {
		return o.exportBodies(w, r, q, found)
	}
	p.List = NewList(p.Page, p.Title, columns, q)
	p.List.FilterBy(bodyFilter(p.Printer)...)
	p.List.Total = p.T("body.total", "n", len(found))
	o.bodyRows(r, p.List, found)
	p.List.Empty = p.T("body.empty")
	if o.Actor(r).Can(actor.AgencyCreate, actor.Scope{}) {
		p.Tools = []Tool{{Text: p.T("body.import"), Href: o.path(r, "/office/bodies/import")}, {Text: p.T("body.new"), Href: o.path(r, "/office/bodies/new"), Main: true, New: true}}
		p.List.Start = web.Link{Text: p.T("body.new"), Href: o.path(r, "/office/bodies/new")}
	}
	return o.show(w, r, "list", &p)
}

func bodyFilter(p i18n.Printer) []Field {
	all := p.T("office.any")
	return []Field{
		{Name: "q", Label: p.T("body.find")},
		{Name: "kind", Label: p.T("agency.column.kind"), Kind: SelectField, Choices: choices(p, all, agency.Kinds, agency.Kind.Message)},
		{Name: "level", Label: p.T("agency.column.level"), Kind: SelectField, Choices: choices(p, all, agency.Levels, agency.Level.Message)},
		{Name: "ended", Label: p.T("body.ended_only"), Kind: TickField},
	}
}

// bodyRows are the bodies of one page of the list, each as deep as it stands in the tree.
func (o *Office) bodyRows(r *http.Request, l *List, found []*agency.Agency) {
	tree := agency.NewTree(found)
	for _, a := range window(l, found, func(a *agency.Agency) string { return a.ID }) {
		state := bodyState(l.Printer, a)
		l.Rows = append(l.Rows, Row{ID: a.ID, Name: a.Name, Cells: []Cell{
			{Text: a.Name, Href: o.path(r, "/office/bodies/%s", a.ID), Sub: a.ShortName, Deep: tree.Depth(a.ID), Lang: "zh-CN"},
			{Text: l.Text(a.Kind.Message())}, {Text: l.Text(a.Level.Message())}, {Text: a.CreditCode}, {Badge: &state},
		}})
	}
}

// window cuts a list that is held whole to the page its address asks for, and tells the
// list whether others stand before or follow.
func window[T any](l *List, all []T, id func(T) string) []T {
	from := 0
	at := func(key string) int { return slices.IndexFunc(all, func(v T) bool { return id(v) == key }) }
	if l.Query.After != "" {
		from = at(l.Query.After) + 1
	}
	if l.Query.Before != "" {
		from = max(0, at(l.Query.Before)-l.Query.Size)
	}
	to := min(from+l.Query.Size, len(all))
	if from > 0 {
		l.Prev = id(all[from])
	}
	if to < len(all) {
		l.Next = id(all[to-1])
	}
	return all[from:to]
}

func bodyState(p i18n.Printer, a *agency.Agency) Badge {
	if a.Active() {
		return Badge{p.T("body.active"), Good}
	}
	return Badge{p.Text(a.Ending.Message()), Gone}
}

// exportBodies sends the whole tree in the form that can be imported, or what a filter
// found with the columns of the page.
func (o *Office) exportBodies(w http.ResponseWriter, r *http.Request, q ListQuery, found []*agency.Agency) error {
	p := printer(r)
	table, err := o.Agencies.Table(r.Context(), o.Actor(r), p)
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, a := range found {
		names[a.Name] = true
	}
	var head []Column
	for _, text := range table[0] {
		head = append(head, Column{Text: text})
	}
	kept := slices.DeleteFunc(table[1:], func(row []string) bool { return !names[row[0]] })
	return export(w, q, p.T("body.title"), head, each(kept))
}

// each hands on rows that are held whole.
func each(rows [][]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// tree returns the bodies of today.
func (o *Office) tree(r *http.Request) (*agency.Tree, error) {
	return o.Agencies.Tree(r.Context(), o.Actor(r), date.Date{})
}

// bodyChoices are the bodies of a tree as options, each as deep as it stands.
func bodyChoices(t *agency.Tree, none string) []Choice {
	all := []Choice{{Text: none}}
	for _, a := range t.All {
		text := a.Name
		for range t.Depth(a.ID) {
			text = "　" + text
		}
		all = append(all, Choice{Value: a.ID, Text: text})
	}
	return all
}
