package office

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/paper/chart"
)

// statisticsRoutes are the figures of what was published and how the work went.
func (o *Office) statisticsRoutes(rt *router) {
	if o.Items == nil {
		return
	}
	rt.Page("GET /office/statistics", o.showStatistics)
	rt.Page("GET /office/statistics/bodies", o.showBodiesStatistics)

	rt.Nav(NavItem{Group: NavKeep, Path: "/office/statistics", Text: i18n.M("statistics.title"), Icon: "report",
		Acts: []actor.Act{actor.StatisticsView}, Keys: "g c"})
}

// statisticsYears is how many years back statistics can be looked at.
const statisticsYears = 5

// statisticsYear is the year the address asks for, this year if none.
func (o *Office) statisticsYear(r *http.Request) int {
	y, err := strconv.Atoi(r.URL.Query().Get("year"))
	if err != nil || y > o.today().Year() || y < o.today().Year()-statisticsYears {
		return o.today().Year()
	}
	return y
}

// statisticsTabs lead to the years, and to the view over several bodies if there are any.
func (o *Office) statisticsTabs(r *http.Request, p Page, year int, bodies bool) *Tabs {
	t := &Tabs{Label: p.T("statistics.title")}
	path := o.path(r, "/office/statistics")
	several, _ := o.Actor(r).Agencies(actor.StatisticsView)
	if len(several) > 1 {
		other := path + "/bodies?year=" + strconv.Itoa(year)
		t.Tabs = append(t.Tabs, Tab{Text: p.T("statistics.bodies"), Href: other, On: bodies})
	}
	if bodies {
		path += "/bodies"
	}
	for y := o.today().Year(); y >= o.today().Year()-statisticsYears; y-- {
		t.Tabs = append(t.Tabs, Tab{Text: strconv.Itoa(y), Href: path + "?year=" + strconv.Itoa(y), On: y == year && !bodies})
	}
	return t
}

// showStatistics shows one body's year: its own, or one the person supervises.
func (o *Office) showStatistics(w http.ResponseWriter, r *http.Request) error {
	body, year := o.Body(r), o.statisticsYear(r)
	if other := r.URL.Query().Get("body"); other != "" {
		body = other
	}
	s, err := o.Items.Year(r.Context(), o.Actor(r), body, year)
	if err != nil {
		return err
	}
	name, err := o.Items.BodyName(r.Context(), body)
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("statistics.of", "body", name, "year", year)), Lead: printer(r).T("statistics.lead")}
	columns := []Column{{Key: "what", Text: p.T("statistics.what")}, {Key: "key", Text: p.T("statistics.key")}, {Key: "n", Text: p.T("statistics.n"), Num: true, Slim: true}}
	q := ReadList(r, nil, "")
	rows := statisticsRows(p.Printer, s)
	if q.Format != "" {
		return o.exportStatistics(w, r, q, p.Title, body, columns, rows)
	}
	p.Tabs = o.statisticsTabs(r, p.Page, year, false)
	p.Cards = statisticsCards(p.Page, s)
	l := NewList(p.Page, p.T("statistics.table"), columns, ListQuery{Filter: q.Filter})
	l.Export = o.Actor(r).Can(actor.StatisticsExport, actor.In(body))
	for _, row := range rows {
		l.Rows = append(l.Rows, Row{Cells: []Cell{{Text: row[0]}, {Text: row[1], Lang: "zh-CN"}, {Text: row[2]}}})
	}
	p.Lists = []*List{l}
	return o.show(w, r, "record", p)
}

func (o *Office) exportStatistics(w http.ResponseWriter, r *http.Request, q ListQuery, name, body string, columns []Column, rows [][]string) error {
	if err := o.Actor(r).May(actor.StatisticsExport, actor.In(body)); err != nil {
		return err
	}
	return export(w, q, name, columns, each(rows))
}

// statisticsRows are all figures, one a row: what the charts draw, for reading and exporting.
func statisticsRows(p i18n.Printer, s *disclosure.Statistics) (rows [][]string) {
	add := func(what, key string, n int) { rows = append(rows, []string{what, key, strconv.Itoa(n)}) }
	for m, n := range s.Months {
		add(p.T("statistics.months"), month(s.Year, m), n)
	}
	for _, t := range s.Sections {
		add(p.T("statistics.sections"), t.Name, t.N)
	}
	for _, t := range s.States {
		add(p.T("statistics.states"), p.Text(t.Key.Message()), t.N)
	}
	for _, t := range s.Reviews {
		add(p.Text(t.Level.Message()), p.T("statistics.approved"), t.Approved)
		add(p.Text(t.Level.Message()), p.T("statistics.returned"), t.Returned)
	}
	add(p.T("statistics.timing"), p.T("statistics.late"), s.Late)
	return rows
}

func month(year, m int) string { return fmt.Sprintf("%d-%02d", year, m+1) }

// mostBars is how many sections a chart names; the table has all.
const mostBars = 10

func statisticsCards(p Page, s *disclosure.Statistics) []Card {
	values, labels, total := make([]float64, 12), make([]string, 12), 0
	for m, n := range s.Months {
		values[m], labels[m] = float64(n), strconv.Itoa(m+1)
		total += n
	}
	months := p.T("statistics.months")
	var sections, states []chart.Bar
	for _, t := range s.Sections[:min(len(s.Sections), mostBars)] {
		sections = append(sections, chart.Bar{Label: t.Name, Value: float64(t.N), Text: strconv.Itoa(t.N)})
	}
	for _, t := range s.States {
		states = append(states, chart.Bar{Label: p.Text(t.Key.Message()), Value: float64(t.N), Text: strconv.Itoa(t.N)})
	}
	reviews := chart.Grouped{Title: p.T("statistics.reviews"), Series: []string{p.T("statistics.approved"), p.T("statistics.returned")}}
	for _, t := range s.Reviews {
		reviews.Groups = append(reviews.Groups, chart.Group{Label: p.Text(t.Level.Message()), Bars: []chart.Bar{
			{Value: float64(t.Approved), Text: strconv.Itoa(t.Approved)}, {Value: float64(t.Returned), Text: strconv.Itoa(t.Returned)}}})
	}
	cards := []Card{
		{ID: "months", Title: months, Note: p.T("statistics.total", "n", total), Chart: Draw(chart.Line{Title: months, Labels: labels, Series: []chart.Series{{Name: p.T("statistics.published"), Values: values}}})},
		timingCard(p, s), {ID: "states", Title: p.T("statistics.states"), Empty: p.T("statistics.none")},
		{ID: "sections", Title: p.T("statistics.sections"), Empty: p.T("statistics.none")},
		{ID: "reviews", Title: reviews.Title, Note: p.T("statistics.reviews_note"), Chart: Draw(reviews)},
	}
	if len(states) > 0 {
		cards[2].Chart = Draw(chart.Ranked{Title: cards[2].Title, Bars: states})
	}
	if len(sections) > 0 {
		cards[3].Chart = Draw(chart.Ranked{Title: cards[3].Title, Bars: sections})
	}
	return cards
}

// timingCard tells how long publication took.
func timingCard(p Page, s *disclosure.Statistics) Card {
	c := Card{ID: "timing", Title: p.T("statistics.timing"), Note: p.T("statistics.timing_note", "n", s.Waits.Of),
		Facts: []Fact{{Label: p.T("statistics.late"), Value: strconv.Itoa(s.Late)}}}
	if s.Late > 0 {
		c.Facts[0].Badge = &Badge{p.T("statistics.late_badge"), Warn}
	}
	if s.Waits.Of == 0 {
		return c
	}
	for _, f := range []struct {
		key string
		d   time.Duration
	}{{"statistics.median", s.Waits.Median}, {"statistics.ninety", s.Waits.Ninety}, {"statistics.longest", s.Waits.Longest}} {
		c.Facts = append(c.Facts, Fact{Label: p.T(f.key), Value: p.T("statistics.days", "n", strconv.FormatFloat(f.d.Hours()/24, 'f', 1, 64))})
	}
	return c
}

// showBodiesStatistics compares the bodies a person may see, those with most that is late first.
func (o *Office) showBodiesStatistics(w http.ResponseWriter, r *http.Request) error {
	year := o.statisticsYear(r)
	all, err := o.Items.Bodies(r.Context(), o.Actor(r), year)
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("statistics.bodies_of", "year", year)), Lead: printer(r).T("statistics.bodies_lead")}
	columns := []Column{
		{Key: "body", Text: p.T("agency.column.name")}, {Key: "published", Text: p.T("statistics.published"), Num: true, Slim: true},
		{Key: "public", Text: p.T("statistics.public"), Num: true, Slim: true}, {Key: "drafts", Text: p.T("statistics.drafts"), Num: true, Slim: true, Wide: true},
		{Key: "reviewing", Text: p.T("statistics.reviewing"), Num: true, Slim: true, Wide: true}, {Key: "late", Text: p.T("statistics.open_late"), Num: true, Slim: true},
		{Key: "unsettled", Text: p.T("statistics.unsettled"), Num: true, Slim: true, Wide: true},
	}
	q := ReadList(r, nil, "")
	if q.Format != "" {
		return o.exportStatistics(w, r, q, p.Title, o.Body(r), columns, bodyRows(all))
	}
	p.Tabs = o.statisticsTabs(r, p.Page, year, true)
	l := NewList(p.Page, p.Title, columns, ListQuery{Filter: q.Filter})
	l.Export = o.Actor(r).Can(actor.StatisticsExport, actor.In(o.Body(r)))
	var bars []chart.Bar
	for i, row := range bodyRows(all) {
		cells := []Cell{{Text: row[0], Lang: "zh-CN", Href: o.path(r, "/office/statistics?year=%d&body=%s", year, all[i].ID)}}
		for _, text := range row[1:] {
			cells = append(cells, Cell{Text: text})
		}
		one := Row{ID: all[i].ID, Name: all[i].Name, Cells: cells}
		if all[i].Late > 0 {
			one.Tone = Bad
		}
		l.Rows = append(l.Rows, one)
		bars = append(bars, chart.Bar{Label: all[i].Name, Value: float64(all[i].Published), Text: row[1]})
	}
	p.Cards = []Card{{ID: "bodies", Title: p.T("statistics.published"), Chart: Draw(chart.Ranked{Title: p.T("statistics.published"), Bars: bars[:min(len(bars), mostBars)]})}}
	p.Lists = []*List{l}
	return o.show(w, r, "record", p)
}

func bodyRows(all []disclosure.BodyTally) (rows [][]string) {
	for _, b := range all {
		row := []string{b.Name}
		for _, n := range []int{b.Published, b.Public, b.Drafts, b.Reviewing, b.Late, b.Unsettled} {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	return rows
}
