package desk

import (
	"cmp"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/paper/chart"
	"gongkai/internal/web"
)

// comparePage sets one body's years, or many bodies of one year, side by side.
type comparePage struct {
	web.Page
	List    string
	Problem string
	Choices []orderView   // the years that may be compared, if there are several
	Left    []leftOutView // reports that are not listed, and why
	Pairs   []pairView    // bodies of which two years are there
	Years   *yearsView
	Ranks   *ranksView
}

// leftOutView is a file that was to be compared and is not listed.
type leftOutView struct{ Href, Name, File, Why string }

// pairView is a body with two years to compare.
type pairView struct{ Href, Text string }

// yearsView is two years of one body.
type yearsView struct {
	i18n.Printer
	Body, Before, After string
	Notices             []string
	Links               []linkView
	Rows                []changeView
	All                 bool // every cell, not only those that changed
	AllHref, SomeHref   string
	Chart               template.HTML
}

// linkView is what must carry over from one year to the next.
type linkView struct {
	Label, Expected, Stated string
	Agrees, Known           bool
}

// changeView is one cell in two years.
type changeView struct {
	Label, Before, After, Delta, Growth string
	Table                               string // set where a table begins
}

// ranksView is a set of bodies side by side.
type ranksView struct {
	i18n.Printer
	Year    string
	Columns []columnView
	Rows    []bodyRow
	Charts  []chartView
}

// chartView is a drawing with its caption.
type chartView struct {
	Caption string
	Drawing template.HTML
}

// columnView is an indicator.
type columnView struct{ Name, Definition string }

// bodyRow is one body's scores.
type bodyRow struct {
	Name   string
	Href   string
	Scores []scoreView
}

// scoreView is one body's place by one indicator.
type scoreView struct {
	Value, Rank, Why string
	Small            bool
}

// compare shows what the chosen reports allow: the two years of one body, or else the
// bodies of one year, the one asked for or that most of them are on, with links to those
// whose two years are there.
func (d *desk) compare(w http.ResponseWriter, r *http.Request, b *batch) error {
	p := comparePage{Page: d.page(r, printer(r).T("desk.compare.title")), List: d.path(r, "/desk/%s/", b.id)}
	chosen, again := single(b.chosen(r))
	here := d.path(r, "/desk/%s/compare", b.id)
	years := twoYears(chosen)
	if len(chosen) == 2 && chosen[0].report.Year != chosen[1].report.Year {
		years = [][2]*entry{inOrder(chosen[0], chosen[1])}
	}
	asked, _ := strconv.Atoi(r.URL.Query().Get("year")) // what is no year leaves the choice to us
	ranked := sameYear(chosen, asked)
	switch {
	case asked == 0 && len(years) == 1 && len(ranked) < 3:
		p.Years = yearsOf(p.Printer, years[0], r.URL.Query().Has("all"), here)
	case len(ranked) >= 2:
		p.Ranks, p.Wide = d.ranks(r, b, p.Printer, ranked), true
	case len(years) == 0:
		p.Problem = p.T("desk.compare.nothing")
	}
	if p.Years == nil {
		p.Choices = yearChoices(p.Printer, r, chosen, ranked)
		p.leaveOut(d, r, b, ranked, again)
		for _, y := range years {
			p.Pairs = append(p.Pairs, pairView{
				Href: pairHref(here, y), Text: p.T("desk.compare.pair", "body", y[1].report.Agency.Text,
					"before", y[0].report.Year, "after", y[1].report.Year),
			})
		}
	}
	return d.pages.Write(w, r, http.StatusOK, "compare", p)
}

// single keeps the first of several reports of one body on one year, as a sum counts it
// once; again says for each of the others which one that is.
func single(es []*entry) (kept []*entry, again map[int]*entry) {
	again = map[int]*entry{}
	for _, e := range es {
		at := slices.IndexFunc(kept, func(k *entry) bool {
			return e.report.Agency.Text != "" && k.report.Year == e.report.Year && sameBody(k, e)
		})
		if at < 0 {
			kept = append(kept, e)
		} else {
			again[e.no] = kept[at]
		}
	}
	return kept, again
}

// yearChoices leads to each year that several of the chosen reports are on.
func yearChoices(p i18n.Printer, r *http.Request, chosen, ranked []*entry) []orderView {
	count := map[int]int{}
	for _, e := range chosen {
		count[e.report.Year]++
	}
	var out []orderView
	for _, y := range slices.Sorted(maps.Keys(count)) {
		if y == 0 || count[y] < 2 {
			continue
		}
		q := r.URL.Query()
		q.Set("year", strconv.Itoa(y))
		q.Del("format")
		out = append(out, orderView{
			Href: "?" + q.Encode(), Text: p.T("desk.compare.year", "year", y, "n", count[y]),
			On: len(ranked) > 0 && ranked[0].report.Year == y,
		})
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// leaveOut says of every file that was to be compared why it is not listed.
func (p *comparePage) leaveOut(d *desk, r *http.Request, b *batch, ranked []*entry, again map[int]*entry) {
	nos := numbers(r.URL.Query()["f"])
	for _, e := range sorted(b.list(), "agency") {
		if len(nos) > 0 && !slices.Contains(nos, e.no) || slices.Contains(ranked, e) {
			continue
		}
		v := leftOutView{Href: d.path(r, "/desk/%s/%d/", b.id, e.no), Name: reportName(p.Printer, e), File: e.name}
		first := again[e.no]
		switch {
		case !e.usable():
			v.Why = p.T("desk.compare.no_report")
		case e.report.Year == 0:
			v.Why = p.T("desk.merge.no_year_stated")
		case first != nil && sameFigures(first.report, e.report):
			v.Why = p.T("desk.compare.same_again", "file", first.name)
		case first != nil:
			v.Why = p.T("desk.compare.other_again", "file", first.name)
		default:
			v.Why = p.T("desk.year", "year", e.report.Year)
		}
		p.Left = append(p.Left, v)
	}
}

// sameFigures reports whether two reports hold the same in every cell.
func sameFigures(a, b *annual.Report) bool {
	return maps.EqualFunc(a.Cells, b.Cells, func(x, y annual.Cell) bool {
		return x.Value == y.Value && (x.State == annual.Blank) == (y.State == annual.Blank)
	})
}

func pairHref(here string, y [2]*entry) string {
	return here + "?f=" + strconv.Itoa(y[0].no) + "&f=" + strconv.Itoa(y[1].no)
}

func inOrder(a, b *entry) [2]*entry {
	if a.report.Year > b.report.Year {
		a, b = b, a
	}
	return [2]*entry{a, b}
}

// twoYears finds reports of one body on a year and the next.
func twoYears(es []*entry) [][2]*entry {
	var out [][2]*entry
	for _, after := range es {
		if before := previousOf(es, after); before != nil {
			out = append(out, [2]*entry{before, after})
		}
	}
	return out
}

// sameYear returns the reports on the year asked for, or if none is on that one, on the
// year most of es are on, the later of two.
func sameYear(es []*entry, asked int) []*entry {
	byYear := map[int][]*entry{}
	var best int
	for _, e := range es {
		byYear[e.report.Year] = append(byYear[e.report.Year], e)
	}
	if len(byYear[asked]) > 0 {
		return byYear[asked]
	}
	for y, of := range byYear {
		if best == 0 || cmp.Or(cmp.Compare(len(of), len(byYear[best])), cmp.Compare(y, best)) > 0 {
			best = y
		}
	}
	return byYear[best]
}

// yearsOf sets two years beside each other.
func yearsOf(p i18n.Printer, y [2]*entry, all bool, here string) *yearsView {
	c := annual.Compare(y[0].report, y[1].report)
	v := &yearsView{
		Printer: p, Body: y[1].report.Agency.Text, All: all,
		Before: strconv.Itoa(y[0].report.Year), After: strconv.Itoa(y[1].report.Year),
		SomeHref: pairHref(here, y), AllHref: pairHref(here, y) + "&all",
	}
	for _, n := range c.Notices {
		v.Notices = append(v.Notices, p.Text(n))
	}
	f := y[1].report.Form
	for _, l := range c.Links {
		v.Links = append(v.Links, linkView{
			Label: f.Label(l.Key), Expected: figure(p, l.Expected), Stated: figure(p, l.Stated),
			Known:  l.Expected.Known() && l.Stated.Known(),
			Agrees: l.Expected.Value == l.Stated.Value,
		})
	}
	v.changes(p, c, f, all)
	v.Chart = growthChart(p, c, v)
	return v
}

func (v *yearsView) changes(p i18n.Printer, c *annual.Comparison, f *form.Form, all bool) {
	table := ""
	for _, ch := range c.Changes {
		if !all && (ch.Growth.Kind == annual.GrowthNone || !ch.Before.Known() && !ch.After.Known()) {
			continue
		}
		x := changeView{
			Label: f.Label(ch.Key), Before: figure(p, ch.Before), After: figure(p, ch.After), Growth: p.Text(ch.Growth.Message()),
		}
		if ch.Before.Known() && ch.After.Known() {
			x.Delta = signed(ch.Delta)
		}
		if t := ch.Key.Table(); t != table {
			table, x.Table = t, f.Table(t).Name
		}
		v.Rows = append(v.Rows, x)
	}
}

// growthChart draws the figures people ask for first.
func growthChart(p i18n.Printer, c *annual.Comparison, v *yearsView) template.HTML {
	g := chart.Grouped{
		Title: p.T("desk.compare.chart", "body", v.Body), Series: []string{v.Before, v.After},
		Description: p.T("desk.compare.chart_about", "before", v.Before, "after", v.After),
	}
	for _, k := range []form.Key{"T3.new.total", "T3.done.total.total", "T3.done.open.total", "T3.carry_out.total", "T4.review.total"} {
		ch, ok := c.Change(k)
		if !ok || !ch.Before.Known() || !ch.After.Known() {
			continue
		}
		g.Groups = append(g.Groups, chart.Group{Label: c.After.Form.Label(k), Bars: []chart.Bar{
			{Value: ch.Before.Value.Float(), Text: ch.Before.Value.String()},
			{Value: ch.After.Value.Float(), Text: ch.After.Value.String()},
		}})
	}
	if len(g.Groups) == 0 {
		return ""
	}
	return template.HTML(g.SVG()) // package chart escapes every text
}

func figure(p i18n.Printer, f annual.Figure) string {
	if f.Known() {
		return f.Value.String()
	}
	return p.Text(gaps[f.Gap])
}

// signed writes a difference with its sign.
func signed(v decimal.Decimal) string {
	if v > 0 {
		return "+" + v.String()
	}
	return v.String()
}

// ranks sets bodies side by side.
func (d *desk) ranks(r *http.Request, b *batch, p i18n.Printer, es []*entry) *ranksView {
	reports := make([]*annual.Report, len(es))
	for i, e := range es {
		reports[i] = e.report
	}
	ranking := annual.Rank(reports, annual.Indicators())
	v := &ranksView{Printer: p, Year: strconv.Itoa(es[0].report.Year)}
	for i, e := range es {
		row := bodyRow{Name: cmp.Or(ranking.Bodies[i], e.name), Href: d.path(r, "/desk/%s/%d/", b.id, e.no)}
		for _, c := range ranking.Columns {
			row.Scores = append(row.Scores, score(p, c, c.Scores[i]))
		}
		v.Rows = append(v.Rows, row)
	}
	for _, c := range ranking.Columns {
		v.Columns = append(v.Columns, columnView{p.Text(c.Indicator.Name), p.Text(c.Indicator.Definition)})
		if svg := rankChart(p, c, ranking.Bodies, v.Year); svg != "" {
			v.Charts = append(v.Charts, chartView{p.Text(c.Indicator.Name), svg})
		}
	}
	return v
}

func score(p i18n.Printer, c annual.Column, s annual.Score) scoreView {
	v := scoreView{Why: p.Text(s.Why), Small: s.Small}
	if s.Known {
		v.Value = measured(c.Indicator, s)
	}
	if s.Rank > 0 {
		v.Rank = strconv.Itoa(s.Rank)
	}
	return v
}

// measured writes a score with its unit.
func measured(ind annual.Indicator, s annual.Score) string {
	if ind.Measure == annual.Share {
		return s.Value.String() + "%"
	}
	return s.Value.String()
}

// chartBars bounds a chart: beyond, a table reads better.
const chartBars = 30

// rankChart draws the bodies in the order of one indicator.
func rankChart(p i18n.Printer, c annual.Column, bodies []string, year string) template.HTML {
	var order []int
	for i, s := range c.Scores {
		if s.Known {
			order = append(order, i)
		}
	}
	if len(order) < 2 {
		return ""
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.Scores[b].Value, c.Scores[a].Value) })
	g := chart.Ranked{Title: p.Text(c.Indicator.Name), Description: p.T("desk.compare.rank_about",
		"indicator", c.Indicator.Name, "year", year, "n", len(order))}
	for _, i := range order[:min(len(order), chartBars)] {
		s := c.Scores[i]
		g.Bars = append(g.Bars, chart.Bar{Label: bodies[i], Value: s.Value.Float(), Text: measured(c.Indicator, s), Faint: s.Small})
	}
	return template.HTML(g.SVG()) // package chart escapes every text
}
