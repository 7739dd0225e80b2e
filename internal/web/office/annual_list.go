package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/i18n"
)

var readingTones = map[shelf.State]Tone{shelf.Asked: Wait, shelf.Shelved: Good, shelf.Plain: Note, shelf.Foreign: Gone}

func readingState(p i18n.Printer, s shelf.State) *Badge {
	return &Badge{p.Text(s.Message()), readingTones[s]}
}

// listReadings lists the published annual reports of the body worked for, and how each was read.
func (o *Office) listReadings(w http.ResponseWriter, r *http.Request) error {
	all, err := o.Shelf.List(r.Context(), o.Actor(r), o.Body(r))
	if err != nil {
		return err
	}
	p := ListPage{Page: o.page(r, printer(r).T("annual.office.title")), Lead: printer(r).T("annual.office.lead")}
	columns := []Column{{Key: "year", Text: p.T("annual.office.year"), Slim: true}, {Key: "title", Text: p.T("law.column.title")},
		{Key: "state", Text: p.T("law.column.state"), Slim: true}, {Key: "asks", Text: p.T("annual.office.asks")},
		{Key: "found", Text: p.T("annual.office.found"), Slim: true, Wide: true}, {Key: "read", Text: p.T("annual.office.read_at"), Slim: true, Wide: true}}
	l := NewList(p.Page, p.Title, columns, ListQuery{})
	for _, one := range all {
		l.Rows = append(l.Rows, o.readingRow(r, p.Printer, one))
	}
	l.Export, l.Empty, l.Total = false, p.T("annual.office.empty"), p.T("law.total", "n", len(all))
	p.List, p.Tabs = l, o.readingTabs(r, p.Printer, false)
	return o.show(w, r, "list", &p)
}

func (o *Office) readingRow(r *http.Request, p i18n.Printer, one *shelf.Reading) Row {
	year := ""
	if one.Year > 0 {
		year = strconv.FormatInt(one.Year, 10)
	}
	var asks []string
	for _, a := range one.Asks {
		asks = append(asks, p.Text(a.Message()))
	}
	found := Cell{}
	if one.Form != "" {
		found.Text = p.T("annual.office.counts", "errors", one.Errors, "warnings", one.Warnings, "infos", one.Infos)
	}
	return Row{ID: one.ID, Name: one.Title, Cells: []Cell{{Text: year}, {Text: one.Title, Href: o.path(r, "/office/annual/%s", one.ID), Lang: "zh-CN"},
		{Badge: readingState(p, one.State)}, {Text: p.List(asks)}, found, {Text: When(one.ReadAt)}}}
}

// readingTabs parts the body's own reports from those of the bodies below it.
func (o *Office) readingTabs(r *http.Request, p i18n.Printer, below bool) *Tabs {
	if !o.Actor(r).Can(actor.BoardOversee, actor.In(o.Body(r))) {
		return nil
	}
	return &Tabs{Label: p.T("annual.office.title"), Tabs: []Tab{
		{Text: p.T("annual.office.own"), Href: o.path(r, "/office/annual"), On: !below},
		{Text: p.T("annual.office.below"), Href: o.path(r, "/office/annual/below"), On: below},
	}}
}

var standingTones = map[shelf.Standing]Tone{shelf.InTime: Good, shelf.Published: Good, shelf.After: Warn, shelf.Ahead: Wait, shelf.Absent: Bad}

var standingWords = map[shelf.Standing]string{
	shelf.InTime: "annual.office.in_time", shelf.Published: "annual.office.published", shelf.After: "annual.office.after",
	shelf.Ahead: "annual.office.ahead", shelf.Absent: "annual.office.absent",
}

// shownYears is how many years a row of the list has room for; the portal shows all.
const shownYears = 5

// listHoldings lists for who oversees them which of the bodies below have published their
// reports, and when. Art. 49.
func (o *Office) listHoldings(w http.ResponseWriter, r *http.Request) error {
	if err := o.Actor(r).May(actor.BoardOversee, actor.In(o.Body(r))); err != nil {
		return err
	}
	h, err := (&shelf.Reader{DB: o.Shelf.DB}).Holdings(r.Context(), o.Body(r))
	if err != nil {
		return err
	}
	p := ListPage{Page: o.page(r, printer(r).T("annual.office.below")), Lead: printer(r).T("annual.office.below_lead")}
	columns := []Column{{Key: "body", Text: p.T("annual.office.body")}}
	years := h.Years[:min(len(h.Years), shownYears)]
	for _, y := range years {
		columns = append(columns, Column{Key: strconv.Itoa(y), Text: strconv.Itoa(y), Slim: true})
	}
	l := NewList(p.Page, p.Title, columns, ListQuery{})
	for _, row := range h.Rows {
		line := Row{ID: row.Body.ID, Name: row.Body.Name, Cells: []Cell{{Text: row.Body.Name, Deep: row.Depth, Lang: "zh-CN"}}}
		for i := range years {
			line.Cells = append(line.Cells, standingCell(p.Printer, row.Cells[i]))
		}
		l.Rows = append(l.Rows, line)
	}
	l.Export, l.Empty = false, p.T("annual.office.empty")
	p.List, p.Tabs = l, o.readingTabs(r, p.Printer, true)
	return o.show(w, r, "list", &p)
}

func standingCell(p i18n.Printer, c shelf.Cell) Cell {
	word := standingWords[c.Standing]
	if word == "" {
		return Cell{}
	}
	out := Cell{Badge: &Badge{p.T(word), standingTones[c.Standing]}}
	switch {
	case c.Volume != nil:
		out.Sub = c.Volume.Day().String()
	case !c.Due.IsZero():
		out.Sub = p.T("annual.office.due", "day", c.Due.String())
	}
	return out
}
