package office

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/count"
	"gongkai/internal/foi/dispute"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// countRoutes are tables three and four as the records give them, at any time and for any period.
func (o *Office) countRoutes(rt *router) {
	if o.Counts == nil {
		return
	}
	rt.Page("GET /office/requests/tables", o.showCountTables)
	rt.Page("GET /office/requests/cell", o.listCell)
	rt.Page("GET /office/requests/statistics", o.showRequestStatistics)
	rt.Page("GET /office/requests/statistics/bodies", o.showRequestBodies)

	rt.Nav(NavItem{Group: NavKeep, Path: "/office/requests/tables", Text: i18n.M("count.title"), Icon: "report",
		Acts: []actor.Act{actor.FoiView, actor.FoiOversee}})
	rt.Nav(NavItem{Group: NavKeep, Path: "/office/requests/statistics", Text: i18n.M("count.statistics"), Icon: "report",
		Acts: []actor.Act{actor.FoiView, actor.FoiOversee}})
}

// countPeriod is the period an address asks for: from and to, or a year, this one if none.
func (o *Office) countPeriod(r *http.Request) (p count.Period, year int) {
	q := r.URL.Query()
	from, broken := date.Parse(q.Get("from"))
	to, also := date.Parse(q.Get("to"))
	if broken == nil && also == nil {
		return count.Period{From: from, To: to}, 0
	}
	y, err := strconv.Atoi(q.Get("year"))
	if err != nil || y < 2000 || y > o.today().Year() {
		y = o.today().Year()
	}
	return count.Year(y), y
}

// countBody is whose numbers an address asks for: the body worked for, or one that is supervised.
func (o *Office) countBody(r *http.Request) string {
	if other := r.URL.Query().Get("body"); other != "" {
		return other
	}
	return o.Body(r)
}

func periodQuery(p count.Period, body string) string {
	v := url.Values{"from": {p.From.String()}, "to": {p.To.String()}}
	if body != "" {
		v.Set("body", body)
	}
	return v.Encode()
}

// countTabs lead to the years, and to the view over several bodies where there is one.
func (o *Office) countTabs(r *http.Request, p Page, path string, year int, bodies bool) *Tabs {
	t := &Tabs{Label: p.T("count.years")}
	body := r.URL.Query().Get("body")
	if strings.HasPrefix(path, "/office/requests/statistics") && len(o.countedBodies(r)) > 1 {
		t.Tabs = append(t.Tabs, Tab{Text: p.T("count.bodies"), Href: o.path(r, "/office/requests/statistics/bodies"), On: bodies})
	}
	for y := o.today().Year(); y > o.today().Year()-statisticsYears; y-- {
		v := url.Values{"year": {strconv.Itoa(y)}}
		if body != "" {
			v.Set("body", body)
		}
		t.Tabs = append(t.Tabs, Tab{Text: strconv.Itoa(y), Href: o.path(r, "") + path + "?" + v.Encode(), On: y == year && !bodies})
	}
	return t
}

// periodForm asks for any other period.
func periodForm(p Page, period count.Period, body string) Section {
	f := NewForm(p, "", Group{Fields: []Field{
		{Name: "from", Label: p.T("count.from"), Kind: DateField, Half: true, Required: true, Value: period.From.String()},
		{Name: "to", Label: p.T("count.to"), Kind: DateField, Half: true, Required: true, Value: period.To.String()},
	}})
	f.Query, f.Buttons = true, []Button{{Text: p.T("count.show"), Tone: "primary"}}
	if body != "" {
		f.Hidden = []Field{{Name: "body", Value: body}}
	}
	return Section{ID: "period", Title: p.T("count.period_other"), Form: f, Folded: true}
}

func (o *Office) showCountTables(w http.ResponseWriter, r *http.Request) error {
	period, year := o.countPeriod(r)
	body := o.countBody(r)
	t, err := o.Counts.Tables(r.Context(), o.Actor(r), body, period)
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("count.of", "from", period.From, "to", period.To)), Lead: printer(r).T("count.lead")}
	p.Tabs = o.countTabs(r, p.Page, "/office/requests/tables", year, false)
	columns, rows := threeColumns(p.Printer), threeRows(t)
	q := ReadList(r, nil, "")
	if q.Format != "" {
		return o.exportCounts(w, r, q, p.Title, body, columns, rows)
	}
	three := NewList(p.Page, p.T("count.three"), columns, ListQuery{Filter: q.Filter})
	three.Export = o.Actor(r).Can(actor.StatisticsExport, actor.In(body))
	three.Total = p.T("count.balance", "new", t.Cells[count.Key(count.New, count.Total)], "in", t.Cells[count.Key(count.CarryIn, count.Total)],
		"done", t.Cells[count.Key(count.Done, count.Total)], "out", t.Cells[count.Key(count.CarryOut, count.Total)])
	open := o.Actor(r).Can(actor.FoiView, actor.In(body))
	for i, row := range countForm().Table("T3").Rows {
		three.Rows = append(three.Rows, o.threeRow(r, t, row, rows[i], open))
	}
	p.Cards = o.fourCards(r, p.Page, t)
	p.Lists, p.Forms = []*List{three}, []Section{periodForm(p.Page, period, r.URL.Query().Get("body"))}
	if year != 0 && open {
		card, err := o.carryCard(r, p.Page, body, year)
		if err != nil {
			return err
		}
		p.Cards = append(p.Cards, card...)
	}
	return o.show(w, r, "record", p)
}

func (o *Office) exportCounts(w http.ResponseWriter, r *http.Request, q ListQuery, name, body string, columns []Column, rows [][]string) error {
	if err := o.Actor(r).May(actor.StatisticsExport, actor.In(body)); err != nil {
		return err
	}
	return export(w, q, name, columns, each(rows))
}

func threeColumns(p i18n.Printer) []Column {
	all := []Column{{Key: "row", Text: p.T("count.row")}}
	for _, k := range foi.Kinds {
		all = append(all, Column{Key: string(k), Text: p.Text(foi.Word(string(k))), Num: true, Slim: true, Wide: true})
	}
	return append(all, Column{Key: count.Total, Text: p.T("dispute.column.total"), Num: true, Slim: true})
}

// threeRows are table three's lines as the form words them.
func threeRows(t *count.Tables) (rows [][]string) {
	for _, row := range countForm().Table("T3").Rows {
		line := []string{strings.TrimSpace(row.Group + " " + row.Label)}
		for _, c := range row.Cells {
			line = append(line, strconv.FormatInt(t.Cells[string(c.Key)], 10))
		}
		rows = append(rows, line)
	}
	return rows
}

// threeRow is a line whose figures open the requests behind them.
func (o *Office) threeRow(r *http.Request, t *count.Tables, row *form.Row, texts []string, open bool) Row {
	one := Row{Cells: []Cell{{Text: row.Label, Sub: row.Group, Lang: "zh-CN"}}}
	for i, c := range row.Cells {
		cell := Cell{Text: texts[i+1]}
		if open && t.Cells[string(c.Key)] > 0 {
			cell.Href = o.cellHref(r, t, string(c.Key))
		}
		one.Cells = append(one.Cells, cell)
	}
	return one
}

func (o *Office) cellHref(r *http.Request, t *count.Tables, key string) string {
	v := url.Values{"cell": {key}, "from": {t.From.String()}, "to": {t.To.String()}}
	return o.path(r, "/office/requests/cell") + "?" + v.Encode()
}

// fourCards are table four's three groups.
func (o *Office) fourCards(r *http.Request, p Page, t *count.Tables) (cards []Card) {
	open := o.Actor(r).Can(actor.FoiDispute, actor.In(t.Agency))
	for _, k := range dispute.Kinds {
		c := Card{ID: "four-" + string(k), Title: p.Text(dispute.Word(k)), Note: p.T("count.four")}
		for _, column := range append(slices.Clone(dispute.ColumnsOf), dispute.Bucket(dispute.Total)) {
			key := dispute.Key(k, string(column))
			f := Fact{Label: p.Text(column.Message()), Value: strconv.FormatInt(t.Cells[key], 10)}
			if open && t.Cells[key] > 0 {
				f.Href = o.cellHref(r, t, key)
			}
			c.Facts = append(c.Facts, f)
		}
		cards = append(cards, c)
	}
	return cards
}

// carryCard holds what the year begins with against the report published on the year before.
// R-AR-06.
func (o *Office) carryCard(r *http.Request, p Page, body string, year int) ([]Card, error) {
	published, at, err := o.publishedCarry(r, body, year-1)
	if err != nil || len(published) == 0 {
		return nil, err
	}
	c, err := o.Counts.Carry(r.Context(), o.Actor(r), body, year, published, at)
	if err != nil {
		return nil, err
	}
	card := Card{ID: "carry", Title: p.T("count.carry", "year", year-1), Note: p.T("count.carry_even")}
	if !c.Even {
		card.Note = p.T("count.carry_uneven")
	}
	for _, col := range c.Columns {
		if col.Published == col.Now && col.Column != count.Total {
			continue
		}
		name := p.T("dispute.column.total")
		if col.Column != count.Total {
			name = p.Text(foi.Word(col.Column))
		}
		f := Fact{Label: name, Value: p.T("count.carry_line", "published", col.Published, "now", col.Now)}
		if col.Published != col.Now {
			f.Badge = &Badge{p.T("count.carry_differs"), Bad}
		}
		card.Facts = append(card.Facts, f)
	}
	for _, why := range []struct {
		key string
		all []*foi.Request
	}{{"count.carry_late", c.Late}, {"count.carry_joined", c.Joined}} {
		for _, one := range why.all {
			card.Links = append(card.Links, web.Link{Text: p.T(why.key, "no", one.No, "title", one.Title), Href: o.path(r, "/office/requests/%s", one.ID)})
		}
	}
	return []Card{card}, nil
}

// listCell lists what one cell counts.
func (o *Office) listCell(w http.ResponseWriter, r *http.Request) error {
	period, _ := o.countPeriod(r)
	key := r.URL.Query().Get("cell")
	q := ReadList(r, nil, "")
	b, err := o.Counts.Cell(r.Context(), o.Actor(r), o.countBody(r), period, key, q.After, q.Size)
	if err != nil {
		return err
	}
	title := printer(r).T("count.behind", "n", b.N)
	p := ListPage{Page: o.page(r, title), Lead: printer(r).T("count.behind_lead", "cell", cellLabel(key), "from", period.From, "to", period.To)}
	p.Crumb(p.T("count.title"), o.path(r, "/office/requests/tables")+"?"+periodQuery(period, r.URL.Query().Get("body")))
	var l *List
	if strings.HasPrefix(key, "T4.") {
		l = o.disputeList(r, p.Page, b.Disputes, q)
	} else {
		l = o.cellList(r, p.Page, b, q)
	}
	l.Export, l.Next, l.Total, l.Empty = false, b.Next, p.T("law.total", "n", b.N), p.T("count.nothing")
	p.List = l
	return o.show(w, r, "list", &p)
}

// countForm is the form in force: earlier years are shown in its rows too.
func countForm() *form.Form { return form.All()[len(form.All())-1] }

// cellLabel words a cell as the form prints it.
func cellLabel(key string) string { return countForm().Label(form.Key(key)) }

func (o *Office) cellList(r *http.Request, p Page, b *count.Behind, q ListQuery) *List {
	columns := []Column{{Key: "title", Text: p.T("count.column.title")}, {Key: "no", Text: p.T("count.column.no"), Slim: true},
		{Key: "kind", Text: p.T("count.column.kind"), Slim: true, Wide: true}, {Key: "received", Text: p.T("count.column.received"), Slim: true},
		{Key: "closed", Text: p.T("count.column.closed"), Slim: true}, {Key: "result", Text: p.T("count.column.result"), Slim: true}}
	l := NewList(p, p.T("count.three"), columns, q)
	for _, one := range b.Requests {
		cells := []Cell{{Text: one.Title, Href: o.path(r, "/office/requests/%s", one.ID), Lang: "zh-CN"}, {Text: one.No, Lang: "zh-CN"},
			{Text: p.Text(foi.Word(string(one.Kind)))}, {Text: one.Received.String()}, {Text: one.ClosedOn.String()}, {}}
		if one.Outcome != "" {
			cells[5].Text = p.Text(one.Outcome.Message())
		}
		if one.Late {
			cells[4].Badge = &Badge{p.T("count.late"), Bad}
		}
		l.Rows = append(l.Rows, Row{ID: one.ID, Name: one.No, Cells: cells})
	}
	return l
}

// publishedCarry is the last row of table three as a year's report has it: the one signed in this
// system, else the one that was published and read. at is when it was made.
func (o *Office) publishedCarry(r *http.Request, body string, year int) (row map[string]int64, at time.Time, err error) {
	if o.Reports != nil && o.Actor(r).Can(actor.ReportView, actor.In(body)) {
		switch v, err := o.Reports.Opened(r.Context(), o.Actor(r), body, year); {
		case err == nil && !v.State.Open():
			return carryRow(func(k form.Key) (decimal.Decimal, bool) { f, ok := v.Figures[k]; return f.Value, ok }), v.StepAt, nil
		case err != nil && fault.KindOf(err) != fault.NotFound:
			return nil, at, err
		}
	}
	if o.Shelf == nil || !o.Actor(r).Can(actor.AnnualView, actor.In(body)) {
		return nil, at, nil
	}
	all, err := o.Shelf.List(r.Context(), o.Actor(r), body)
	if err != nil {
		return nil, at, err
	}
	for _, one := range all {
		if one.Agency != body || one.Year != int64(year) || !one.Listed {
			continue
		}
		look, err := o.Shelf.Get(r.Context(), o.Actor(r), one.ID)
		if err != nil || look.Report == nil {
			return nil, at, err
		}
		return carryRow(look.Report.Value), one.ReadAt, nil
	}
	return nil, at, nil
}

func carryRow(value func(form.Key) (decimal.Decimal, bool)) map[string]int64 {
	row := map[string]int64{}
	for _, col := range count.Columns() {
		if v, ok := value(form.Key(count.Key(count.CarryOut, col))); ok && v.IsInt() {
			row[col], _ = strconv.ParseInt(v.String(), 10, 64)
		}
	}
	return row
}
