package office

import (
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

var creditTones = map[credit.State]Tone{
	credit.Recorded: Wait, credit.Withheld: Note, credit.Shown: Good, credit.Withdrawn: Gone, credit.Ended: Gone,
}

func creditWord[T ~string](s T) i18n.Message { return credit.Word(string(s)) }

func creditState(p i18n.Printer, s credit.State) *Badge {
	return &Badge{p.Text(creditWord(s)), creditTones[s]}
}

func creditColumns(p i18n.Printer) []Column {
	return []Column{
		{Key: "no", Text: p.T("law.column.decision_no")}, {Key: "name", Text: p.T("law.column.party")},
		{Key: "kind", Text: p.T("law.column.kind"), Slim: true}, {Key: "state", Text: p.T("law.column.state"), Slim: true},
		{Key: "decided", Text: p.T("law.column.decided"), Slim: true, Sort: true},
		{Key: "published", Text: p.T("law.field.published_on"), Slim: true, Wide: true},
		{Key: "until", Text: p.T("law.column.show_until"), Slim: true, Wide: true},
	}
}

func creditFilter(r *http.Request, agency string, q ListQuery) credit.Filter {
	f := web.ReadQuery(r)
	year, _ := strconv.Atoi(f.Text("year"))
	return credit.Filter{Agency: agency, Kind: credit.Kind(f.Text("kind")), State: credit.State(f.Text("state")), Year: year, Text: f.Text("q"),
		After: q.After, Before: q.Before, Up: !q.Down, Limit: q.Size}
}

func (o *Office) listCredit(w http.ResponseWriter, r *http.Request) error {
	p := ListPage{Page: o.page(r, printer(r).T("law.credit.title")), Lead: printer(r).T("law.credit.lead")}
	columns := creditColumns(p.Printer)
	q := ReadList(r, columns, "-decided")
	f := creditFilter(r, o.Body(r), q)
	if q.Format != "" {
		return export(w, q, p.Title, columns, o.creditRows(r, p.Printer, f))
	}
	found, err := o.Credit.List(r.Context(), o.Actor(r), f)
	if err != nil {
		return err
	}
	l := NewList(p.Page, p.Title, columns, q)
	l.FilterBy(creditFields(p.Printer)...)
	for _, d := range found.Decisions {
		cells := creditCells(p.Printer, d)
		row := Row{ID: d.ID, Name: d.No, Cells: []Cell{{Text: d.No, Href: o.path(r, "/office/credit/%s", d.ID), Lang: "zh-CN"}, {Text: cells[1], Lang: "zh-CN"}, {Text: cells[2]}, {Badge: creditState(p.Printer, d.State)}, {Text: cells[4]}, {Text: cells[5]}, {Text: cells[6]}}}
		l.Rows = append(l.Rows, row)
	}
	l.Next, l.Prev, l.Total, l.Empty = found.Next, found.Prev, p.T("law.total", "n", found.Total), p.T("law.credit.empty")
	if o.Actor(r).Can(actor.CreditPublish, actor.In(o.Body(r))) {
		l.BulkTo, l.Bulk = o.path(r, "/office/credit"), []Bulk{{Value: "publish", Text: p.T("credit.act.publish")}, {Value: "withhold", Text: p.T("credit.act.withhold")}}
	}
	p.List, p.Tabs, p.Tools = l, o.creditTabs(r, p.Printer), o.creditTools(r, p.Printer)
	return o.show(w, r, "list", &p)
}

func creditFields(p i18n.Printer) []Field {
	any := p.T("law.any")
	states := []credit.State{credit.Recorded, credit.Shown, credit.Withheld, credit.Withdrawn, credit.Ended}
	return []Field{
		{Name: "q", Label: p.T("law.search"), Placeholder: p.T("law.credit.search_hint")},
		{Name: "kind", Label: p.T("law.column.kind"), Kind: SelectField, Choices: choices(p, any, credit.Kinds, creditWord[credit.Kind])},
		{Name: "state", Label: p.T("law.column.state"), Kind: SelectField, Choices: choices(p, any, states, creditWord[credit.State])},
		{Name: "year", Label: p.T("law.year"), Kind: NumberField, Least: "2000", Top: "2099"},
	}
}

// creditCells are a decision's values in the columns of lists; natural persons are masked.
func creditCells(p i18n.Printer, d *credit.Decision) []string {
	return []string{d.No, d.Masked(), p.Text(creditWord(d.Kind)), p.Text(creditWord(d.State)), d.DecidedOn.String(), d.PublishedOn.String(), d.ShowUntil.String()}
}

func (o *Office) creditRows(r *http.Request, p i18n.Printer, f credit.Filter) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for f.Limit = 500; ; {
			found, err := o.Credit.List(r.Context(), o.Actor(r), f)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, d := range found.Decisions {
				if !yield(creditCells(p, d), nil) {
					return
				}
			}
			if f.After = found.Next; f.After == "" {
				return
			}
		}
	}
}

func (o *Office) creditTabs(r *http.Request, p i18n.Printer) *Tabs {
	at := func(state string) string {
		return o.path(r, "/office/credit") + "?" + url.Values{"state": {state}}.Encode()
	}
	state, watching := r.URL.Query().Get("state"), r.URL.Path == "/office/credit/watch"
	tabs := []Tab{{Text: p.T("law.view.all"), Href: o.path(r, "/office/credit"), On: state == "" && !watching}}
	for _, s := range []credit.State{credit.Recorded, credit.Shown, credit.Withheld} {
		tabs = append(tabs, Tab{Text: p.Text(creditWord(s)), Href: at(string(s)), On: state == string(s)})
	}
	return &Tabs{Label: p.T("law.views"), Tabs: append(tabs, Tab{Text: p.T("law.view.watch"), Href: o.path(r, "/office/credit/watch"), On: watching})}
}

func (o *Office) creditTools(r *http.Request, p i18n.Printer) []Tool {
	if !o.Actor(r).Can(actor.CreditImport, actor.In(o.Body(r))) {
		return nil
	}
	return []Tool{{Text: p.T("law.credit.import"), Href: o.path(r, "/office/credit/import"), Main: true, New: true}}
}

// bulkCredit publishes or withholds the ticked decisions, all or none.
func (o *Office) bulkCredit(w http.ResponseWriter, r *http.Request) error {
	f, p := web.ReadForm(r), printer(r)
	ids, n := f.List("id"), 0
	var err error
	switch f.Text("do") {
	case "publish":
		n, err = o.Credit.Publish(r.Context(), o.Actor(r), ids)
	case "withhold":
		sure, broken := o.sure(w, r, Confirm{Title: p.T("law.credit.withhold", "n", len(ids)), Text: p.T("law.credit.withhold_text"), Yes: p.T("credit.act.withhold"),
			Back:   web.Link{Text: p.T("office.form.back"), Href: o.path(r, "/office/credit")},
			Reason: &Field{Name: "reason", Label: p.T("law.field.reason"), Kind: LongField, Rows: 3, Required: true, Most: 300}})
		if !sure {
			return broken
		}
		n, err = o.Credit.Withhold(r.Context(), o.Actor(r), ids, f.Text("reason"))
	default:
		return web.ErrChoice
	}
	if m, ok := fault.MessageOf(err); err != nil && ok {
		o.flash(w, r, Bad, m)
		return o.goTo(w, r, "/office/credit")
	}
	if err != nil {
		return err
	}
	return o.done(w, r, i18n.M("law.credit.bulk_done", "n", n), "/office/credit")
}

// watchCredit lists what is to be published or withdrawn, the most urgent first.
func (o *Office) watchCredit(w http.ResponseWriter, r *http.Request) error {
	duties, err := o.Credit.Watch(r.Context(), o.Actor(r), o.Body(r))
	if err != nil {
		return err
	}
	p := ListPage{Page: o.page(r, printer(r).T("law.credit.title")), Lead: printer(r).T("law.credit.watch_lead")}
	columns := []Column{{Key: "no", Text: p.T("law.column.decision_no")}, {Key: "duty", Text: p.T("law.column.duty"), Slim: true}, {Key: "decided", Text: p.T("law.column.decided"), Slim: true, Wide: true}, {Key: "due", Text: p.T("law.column.due"), Slim: true}}
	l := NewList(p.Page, p.T("law.view.watch"), columns, ReadList(r, columns, "due"))
	words := map[credit.DutyKind]string{credit.OwesPublication: "credit.act.publish", credit.OwesWithdrawal: "credit.act.withdraw"}
	for _, d := range duties {
		left := Left(p.Printer, d.Due, o.today(), 2)
		l.Rows = append(l.Rows, Row{ID: d.Decision.ID, Name: d.Decision.No, Cells: []Cell{
			{Text: d.Decision.No, Href: o.path(r, "/office/credit/%s", d.Decision.ID), Sub: d.Decision.Masked(), Lang: "zh-CN"},
			{Text: p.T(words[d.Kind])}, {Text: d.Decision.DecidedOn.String()}, {Text: d.Due.String(), Sub: unsure(p.Printer, d.Sure), Badge: &left},
		}})
	}
	l.Export, l.Empty, l.Total = false, p.T("law.watch.none"), p.T("law.total", "n", len(duties))
	p.List, p.Tabs, p.Tools = l, o.creditTabs(r, p.Printer), o.creditTools(r, p.Printer)
	return o.show(w, r, "list", &p)
}
