package desk

import (
	"cmp"
	"html/template"
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
	Pairs   []pairView // bodies of which two years are there
	Years   *yearsView
	Ranks   *ranksView
}

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
// bodies of the year most of them are on, with links to those whose two years are there.
func (d *desk) compare(w http.ResponseWriter, r *http.Request, b *batch) error {
	p := comparePage{Page: d.page(r, printer(r).T("desk.compare.title")), List: d.path(r, "/desk/%s/", b.id)}
	chosen := b.chosen(r)
	here := d.path(r, "/desk/%s/compare", b.id)
	years := twoYears(chosen)
	if len(chosen) == 2 && chosen[0].report.Year != chosen[1].report.Year {
		years = [][2]*entry{inOrder(chosen[0], chosen[1])}
	}
	ranked := sameYear(chosen)
	switch {
	case len(years) == 1 && len(ranked) < 3:
		p.Years = yearsOf(p.Printer, years[0], r.URL.Query().Has("all"), here)
	case len(ranked) >= 2:
		p.Ranks, p.Wide = d.ranks(r, b, p.Printer, ranked), true
	case len(years) == 0:
		p.Problem = p.T("desk.compare.nothing")
	}
	if p.Years == nil {
		for _, y := range years {
			p.Pairs = append(p.Pairs, pairView{
				Href: pairHref(here, y), Text: p.T("desk.compare.pair", "body", y[1].report.Agency.Text,
					"before", y[0].report.Year, "after", y[1].report.Year),
			})
		}
	}
	return d.pages.Write(w, r, http.StatusOK, "compare", p)
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
		for _, before := range es {
			if after.report.Year == before.report.Year+1 && before.report.Year > 0 && sameBody(before, after) {
				out = append(out, [2]*entry{before, after})
				break
			}
		}
	}
	return out
}

// sameYear returns the reports of the year most of es are on, the later of two.
func sameYear(es []*entry) []*entry {
	byYear := map[int][]*entry{}
	var best int
	for _, e := range es {
		byYear[e.report.Year] = append(byYear[e.report.Year], e)
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
	return template.HTML(g.SVG()) //nolint:gosec // package chart escapes every text
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
	return template.HTML(g.SVG()) //nolint:gosec // package chart escapes every text
}
