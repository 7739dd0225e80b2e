package office

import (
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// normativeTones are the colours of the states.
var normativeTones = map[normative.State]Tone{
	normative.Drafting: Plain, normative.Consultation: Wait, normative.LegalReview: Wait, normative.Decided: Wait,
	normative.Numbered: Warn, normative.Published: Note, normative.InForce: Good, normative.Amended: Good,
	normative.Repealed: Gone, normative.Expired: Gone, normative.Invalidated: Gone, normative.Dropped: Gone,
}

// normativeStates are the states in the order filters offer them.
var normativeStates = normative.Flow.States()

func stateWord[T ~string](s T) i18n.Message { return normative.Word(string(s)) }

func normativeState(p i18n.Printer, s normative.State) *Badge {
	return &Badge{p.Text(stateWord(s)), normativeTones[s]}
}

func normativeColumns(p i18n.Printer) []Column {
	return []Column{
		{Key: "title", Text: p.T("law.column.title")}, {Key: "doc_no", Text: p.T("law.column.doc_no"), Slim: true},
		{Key: "kind", Text: p.T("law.column.kind"), Slim: true, Wide: true}, {Key: "state", Text: p.T("law.column.state"), Slim: true},
		{Key: "issued", Text: p.T("law.column.issued"), Slim: true, Sort: true},
		{Key: "effective", Text: p.T("law.column.effective"), Slim: true, Wide: true},
		{Key: "expires", Text: p.T("law.column.expires"), Slim: true, Wide: true},
	}
}

// normativeViews are the tabs of the list.
var normativeViews = map[string][]normative.State{
	"force": {normative.InForce, normative.Amended, normative.Published},
	"draft": {normative.Drafting, normative.Consultation, normative.LegalReview, normative.Decided, normative.Numbered},
	"ended": {normative.Repealed, normative.Expired, normative.Invalidated, normative.Dropped},
}

func (o *Office) normativeFilter(r *http.Request, q ListQuery) normative.Filter {
	f := web.ReadQuery(r)
	year, _ := strconv.Atoi(f.Text("year"))
	out := normative.Filter{Agency: o.Body(r), Kind: normative.Kind(f.Text("kind")), Year: year, Text: f.Text("q"),
		After: q.After, Before: q.Before, Up: !q.Down, Limit: q.Size, States: normativeViews[f.Text("view")]}
	if s := f.Text("state"); s != "" {
		out.States = []normative.State{normative.State(s)}
	}
	return out
}

func (o *Office) listNormative(w http.ResponseWriter, r *http.Request) error {
	p := ListPage{Page: o.page(r, printer(r).T("law.normative.title")), Lead: printer(r).T("law.normative.lead")}
	columns := normativeColumns(p.Printer)
	q := ReadList(r, columns, "-issued")
	f := o.normativeFilter(r, q)
	if q.Format != "" {
		return export(w, q, p.Title, columns, o.normativeRows(r, p.Printer, f))
	}
	found, err := o.Normative.List(r.Context(), o.Actor(r), f)
	if err != nil {
		return err
	}
	l := NewList(p.Page, p.Title, columns, q)
	l.FilterBy(normativeFields(p.Printer, web.ReadQuery(r).Text("view"))...)
	for _, n := range found.Records {
		l.Rows = append(l.Rows, o.normativeRow(r, p.Printer, n))
	}
	l.Next, l.Prev, l.Total, l.Empty = found.Next, found.Prev, p.T("law.total", "n", found.Total), p.T("law.normative.empty")
	p.List, p.Tabs, p.Tools = l, o.normativeTabs(r, p.Printer), o.normativeTools(r, p.Printer)
	return o.show(w, r, "list", &p)
}

func normativeFields(p i18n.Printer, view string) []Field {
	any := p.T("law.any")
	return []Field{
		{Name: "q", Label: p.T("law.search"), Placeholder: p.T("law.search_hint")},
		{Name: "kind", Label: p.T("law.column.kind"), Kind: SelectField, Choices: choices(p, any, normative.Kinds, stateWord[normative.Kind])},
		{Name: "state", Label: p.T("law.column.state"), Kind: SelectField, Choices: choices(p, any, normativeStates, stateWord[normative.State])},
		{Name: "year", Label: p.T("law.year"), Kind: NumberField, Least: "1949", Top: "2099"},
		{Name: "view", Kind: HiddenField, Value: view},
	}
}

func (o *Office) normativeRow(r *http.Request, p i18n.Printer, n *normative.Record) Row {
	return Row{ID: n.ID, Name: n.Title, Cells: []Cell{
		{Text: n.Title, Href: o.path(r, "/office/normative/%s", n.ID), Lang: "zh-CN"}, {Text: n.DocNo, Lang: "zh-CN"},
		{Text: p.Text(stateWord(n.Kind))}, {Badge: normativeState(p, n.State)},
		{Text: n.IssuedOn.String()}, {Text: n.EffectiveOn.String()}, {Text: n.ExpiresOn.String()},
	}}
}

// normativeRows are all rows of a filtered list, for a file.
func (o *Office) normativeRows(r *http.Request, p i18n.Printer, f normative.Filter) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for f.Limit = 500; ; {
			found, err := o.Normative.List(r.Context(), o.Actor(r), f)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, n := range found.Records {
				row := []string{n.Title, n.DocNo, p.Text(stateWord(n.Kind)), p.Text(stateWord(n.State)), n.IssuedOn.String(), n.EffectiveOn.String(), n.ExpiresOn.String()}
				if !yield(row, nil) {
					return
				}
			}
			if f.After = found.Next; f.After == "" {
				return
			}
		}
	}
}

func (o *Office) normativeTabs(r *http.Request, p i18n.Printer) *Tabs {
	view := r.URL.Query().Get("view")
	at := func(v string) string { return o.path(r, "/office/normative") + "?" + url.Values{"view": {v}}.Encode() }
	watching := r.URL.Path == "/office/normative/watch"
	return &Tabs{Label: p.T("law.views"), Tabs: []Tab{
		{Text: p.T("law.view.all"), Href: o.path(r, "/office/normative"), On: view == "" && !watching},
		{Text: p.T("law.view.force"), Href: at("force"), On: view == "force"},
		{Text: p.T("law.view.draft"), Href: at("draft"), On: view == "draft"},
		{Text: p.T("law.view.ended"), Href: at("ended"), On: view == "ended"},
		{Text: p.T("law.view.watch"), Href: o.path(r, "/office/normative/watch"), On: watching},
	}}
}

func (o *Office) normativeTools(r *http.Request, p i18n.Printer) []Tool {
	in, by := actor.In(o.Body(r)), o.Actor(r)
	var tools []Tool
	if by.Can(actor.NormativeClean, in) {
		tools = append(tools, Tool{Text: p.T("law.clean.title"), Href: o.path(r, "/office/normative/clean")})
	}
	if by.Can(actor.NormativeEdit, in) {
		tools = append(tools, Tool{Text: p.T("law.normative.register"), Href: o.path(r, "/office/normative/register")},
			Tool{Text: p.T("law.normative.new"), Href: o.path(r, "/office/normative/new"), Main: true, New: true})
	}
	return tools
}

// watchNormative lists what documents owe, the most urgent first.
func (o *Office) watchNormative(w http.ResponseWriter, r *http.Request) error {
	duties, err := o.Normative.Watch(r.Context(), o.Actor(r), o.Body(r))
	if err != nil {
		return err
	}
	p := ListPage{Page: o.page(r, printer(r).T("law.normative.title")), Lead: printer(r).T("law.watch.lead")}
	columns := []Column{{Key: "title", Text: p.T("law.column.title")}, {Key: "duty", Text: p.T("law.column.duty"), Slim: true}, {Key: "due", Text: p.T("law.column.due"), Slim: true}}
	l := NewList(p.Page, p.T("law.view.watch"), columns, ReadList(r, columns, "due"))
	for _, d := range duties {
		left := Left(p.Printer, d.Due, o.today(), 3)
		l.Rows = append(l.Rows, Row{ID: d.Record.ID, Cells: []Cell{
			{Text: d.Record.Title, Href: o.path(r, "/office/normative/%s", d.Record.ID), Sub: d.Record.DocNo, Lang: "zh-CN"},
			{Text: p.Text(d.Kind.Message())}, {Text: d.Due.String(), Sub: unsure(p.Printer, d.Sure), Badge: &left},
		}})
	}
	l.Export, l.Empty, l.Total = false, p.T("law.watch.none"), p.T("law.total", "n", len(duties))
	p.List, p.Tabs = l, o.normativeTabs(r, p.Printer)
	return o.show(w, r, "list", &p)
}

// unsure says that a deadline lacks a holiday notice.
func unsure(p i18n.Printer, sure bool) string {
	if sure {
		return ""
	}
	return p.T("law.unsure")
}

// dayText writes a day for facts, in the page's language.
func dayText(p i18n.Printer, d date.Date) string {
	if p.Lang() == i18n.English {
		return d.String()
	}
	return d.Chinese()
}
