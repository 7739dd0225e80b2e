package office

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/foi"
	"gongkai/internal/foi/count"
	"gongkai/internal/i18n"
	"gongkai/internal/paper/chart"
)

// showRequestStatistics shows how one body's requests went: its own, or one's that is supervised.
func (o *Office) showRequestStatistics(w http.ResponseWriter, r *http.Request) error {
	period, year := o.countPeriod(r)
	body := o.countBody(r)
	s, err := o.Counts.Statistics(r.Context(), o.Actor(r), body, period)
	if err != nil {
		return err
	}
	names, err := o.bodyNames(r, []string{body})
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("count.statistics_of", "body", names[body], "from", period.From, "to", period.To)), Lead: printer(r).T("count.statistics_lead")}
	columns := []Column{{Key: "what", Text: p.T("statistics.what")}, {Key: "key", Text: p.T("statistics.key")}, {Key: "n", Text: p.T("statistics.n"), Num: true, Slim: true}}
	q, rows := ReadList(r, nil, ""), requestFigures(p.Printer, s)
	if q.Format != "" {
		return o.exportCounts(w, r, q, p.Title, body, columns, rows)
	}
	p.Tabs = o.countTabs(r, p.Page, "/office/requests/statistics", year, false)
	p.Cards = requestCards(p.Page, s)
	l := NewList(p.Page, p.T("statistics.table"), columns, ListQuery{Filter: q.Filter})
	l.Export = o.Actor(r).Can(actor.StatisticsExport, actor.In(body))
	for _, row := range rows {
		l.Rows = append(l.Rows, Row{Cells: []Cell{{Text: row[0]}, {Text: row[1]}, {Text: row[2]}}})
	}
	p.Lists = []*List{departmentList(p.Page, s), l}
	p.Forms = []Section{periodForm(p.Page, period, r.URL.Query().Get("body"))}
	return o.show(w, r, "record", p)
}

func plainN(n int64) string { return strconv.FormatInt(n, 10) }

// requestFigures are all figures, one a row: what the charts draw, for reading and exporting.
func requestFigures(p i18n.Printer, s *count.Statistics) (rows [][]string) {
	add := func(what, key string, n int64) { rows = append(rows, []string{what, key, plainN(n)}) }
	for _, f := range []struct {
		key string
		n   int64
	}{{"count.new", s.New}, {"count.done", s.Done}, {"count.late", s.Late}, {"count.open", s.Open}, {"count.overdue", s.Overdue},
		{"count.median", int64(s.Times.Median)}, {"count.ninety", int64(s.Times.Ninety)}, {"count.longest", int64(s.Times.Longest)}} {
		add(p.T("count.all"), p.T(f.key), f.n)
	}
	for _, m := range s.Months {
		name := fmt.Sprintf("%d-%02d", m.Year, m.Month)
		add(p.T("count.new"), name, m.New)
		add(p.T("count.done"), name, m.Done)
	}
	for _, one := range s.Results {
		add(p.T("count.results"), p.Text(one.Code.Message()), one.N)
	}
	for _, one := range s.Results {
		if one.Late > 0 {
			add(p.T("count.late"), p.Text(one.Code.Message()), one.Late)
		}
	}
	for _, one := range s.Channels {
		add(p.T("count.channels"), p.Text(foi.Word(one.Name)), one.N)
	}
	return rows
}

func requestCards(p Page, s *count.Statistics) []Card {
	facts := Card{ID: "sums", Title: p.T("count.all"), Note: p.T("count.times_note"), Facts: []Fact{
		{Label: p.T("count.new"), Value: plainN(s.New)}, {Label: p.T("count.done"), Value: plainN(s.Done)}, {Label: p.T("count.late"), Value: plainN(s.Late)},
		{Label: p.T("count.open"), Value: plainN(s.Open)}, {Label: p.T("count.overdue"), Value: plainN(s.Overdue)},
	}}
	if s.Late > 0 {
		facts.Facts[2].Badge = &Badge{p.T("count.late"), Bad}
	}
	if s.Overdue > 0 {
		facts.Facts[4].Badge = &Badge{p.T("count.overdue"), Bad}
	}
	if s.Times.Of > 0 {
		for _, f := range []struct {
			key string
			n   int
		}{{"count.median", s.Times.Median}, {"count.ninety", s.Times.Ninety}, {"count.longest", s.Times.Longest}} {
			facts.Facts = append(facts.Facts, Fact{Label: p.T(f.key), Value: p.T("count.days", "n", f.n)})
		}
	}
	months := chart.Line{Title: p.T("count.months"), Series: []chart.Series{{Name: p.T("count.new")}, {Name: p.T("count.done")}}}
	for _, m := range s.Months {
		months.Labels = append(months.Labels, fmt.Sprintf("%d-%02d", m.Year%100, m.Month))
		months.Series[0].Values = append(months.Series[0].Values, float64(m.New))
		months.Series[1].Values = append(months.Series[1].Values, float64(m.Done))
	}
	var results, grounds, channels []chart.Bar
	for _, one := range s.Results {
		bar := chart.Bar{Label: p.Text(one.Code.Message()), Value: float64(one.N), Text: plainN(one.N)}
		results = append(results, bar)
		if one.Code.Denial() {
			grounds = append(grounds, bar)
		}
	}
	for _, one := range s.Channels {
		channels = append(channels, chart.Bar{Label: p.Text(foi.Word(one.Name)), Value: float64(one.N), Text: plainN(one.N)})
	}
	return []Card{facts, {ID: "months", Title: months.Title, Chart: Draw(months)}, ranked(p, "results", "count.results", results),
		ranked(p, "grounds", "count.grounds", grounds), ranked(p, "channels", "count.channels", channels)}
}

// ranked is a card with a chart of bars, the longest first.
func ranked(p Page, id, key string, bars []chart.Bar) Card {
	c := Card{ID: id, Title: p.T(key), Empty: p.T("count.nothing")}
	slices.SortStableFunc(bars, func(a, b chart.Bar) int { return int(b.Value - a.Value) })
	if len(bars) > 0 {
		c.Chart = Draw(chart.Ranked{Title: c.Title, Bars: bars[:min(len(bars), 2*mostBars)]})
	}
	return c
}

// departmentList is each unit's share.
func departmentList(p Page, s *count.Statistics) *List {
	columns := []Column{{Key: "unit", Text: p.T("count.department")}, {Key: "new", Text: p.T("count.new"), Num: true, Slim: true}, {Key: "done", Text: p.T("count.done"), Num: true, Slim: true},
		{Key: "late", Text: p.T("count.late"), Num: true, Slim: true}, {Key: "median", Text: p.T("count.median"), Num: true, Slim: true, Wide: true}, {Key: "ninety", Text: p.T("count.ninety"), Num: true, Slim: true, Wide: true}}
	l := NewList(p, p.T("count.departments"), columns, ListQuery{})
	for _, d := range s.Departments {
		name := d.Name
		if name == "" {
			name = p.T("count.no_department")
		}
		row := Row{Cells: []Cell{{Text: name}, {Text: plainN(d.New)}, {Text: plainN(d.Done)}, {Text: plainN(d.Late)}, {Text: plainN(int64(d.Times.Median))}, {Text: plainN(int64(d.Times.Ninety))}}}
		if d.Late > 0 {
			row.Tone = Warn
		}
		l.Rows = append(l.Rows, row)
	}
	l.Export, l.Empty = false, p.T("count.nothing")
	return l
}

// countedBodies are the bodies whose numbers a person may see.
func (o *Office) countedBodies(r *http.Request) []string {
	all, _ := o.Actor(r).Agencies(actor.FoiView)
	below, _ := o.Actor(r).Agencies(actor.FoiOversee)
	for _, id := range below {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// showRequestBodies compares bodies by numbers alone, those with most that is overdue first.
func (o *Office) showRequestBodies(w http.ResponseWriter, r *http.Request) error {
	period, year := o.countPeriod(r)
	ids := o.countedBodies(r)
	if len(ids) == 0 {
		return o.Actor(r).May(actor.FoiOversee, actor.In(o.Body(r)))
	}
	all, err := o.Counts.Bodies(r.Context(), o.Actor(r), ids, period)
	if err != nil {
		return err
	}
	names, err := o.bodyNames(r, ids)
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b count.BodyN) int { return int(b.Overdue*1000 + b.Late - a.Overdue*1000 - a.Late) })
	p := &RecordPage{Page: o.page(r, printer(r).T("count.bodies_of", "from", period.From, "to", period.To)), Lead: printer(r).T("count.bodies_lead")}
	columns := []Column{{Key: "body", Text: p.T("agency.column.name")}, {Key: "new", Text: p.T("count.new"), Num: true, Slim: true}, {Key: "done", Text: p.T("count.done"), Num: true, Slim: true},
		{Key: "late", Text: p.T("count.late"), Num: true, Slim: true}, {Key: "open", Text: p.T("count.open"), Num: true, Slim: true}, {Key: "overdue", Text: p.T("count.overdue"), Num: true, Slim: true}}
	var rows [][]string
	for _, b := range all {
		rows = append(rows, []string{names[b.Agency], plainN(b.New), plainN(b.Done), plainN(b.Late), plainN(b.Open), plainN(b.Overdue)})
	}
	q := ReadList(r, nil, "")
	if q.Format != "" {
		return o.exportCounts(w, r, q, p.Title, o.Body(r), columns, rows)
	}
	p.Tabs = o.countTabs(r, p.Page, "/office/requests/statistics/bodies", year, true)
	p.Lists = []*List{o.bodiesList(r, p.Page, columns, rows, all, period)}
	return o.show(w, r, "record", p)
}

func (o *Office) bodiesList(r *http.Request, p Page, columns []Column, rows [][]string, all []count.BodyN, period count.Period) *List {
	l := NewList(p, p.Title, columns, ListQuery{})
	l.Export, l.Total = o.Actor(r).Can(actor.StatisticsExport, actor.In(o.Body(r))), p.T("law.total", "n", len(all))
	for i, row := range rows {
		one := Row{ID: all[i].Agency, Name: row[0], Cells: []Cell{{Text: row[0], Lang: "zh-CN", Href: o.path(r, "/office/requests/statistics") + "?" + periodQuery(period, all[i].Agency)}}}
		for _, text := range row[1:] {
			one.Cells = append(one.Cells, Cell{Text: text})
		}
		if all[i].Overdue > 0 {
			one.Tone = Bad
		}
		l.Rows = append(l.Rows, one)
	}
	return l
}
