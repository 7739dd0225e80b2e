package portal

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	annualshelf "gongkai/internal/annual/shelf"
	"gongkai/internal/i18n"
	"gongkai/internal/paper/chart"
	"gongkai/internal/web"
)

// choice is a year that may be compared with.
type choice struct {
	Value string
	On    bool
}

// changeRow is a cell in two years.
type changeRow struct{ Name, Group, Before, After, Delta, Growth string }

// changeTable is a table's cells in two years.
type changeTable struct {
	i18n.Printer
	ID, Title     string
	Before, After string // the years
	Rows          []changeRow
	Folded        bool
	Grouped       bool // the rows name columns
}

type annualYearsPage struct {
	annualBase
	Before, After int
	BeforeHref    string
	AfterHref     string
	Self          string
	Choices       []choice
	Notices       []string
	Chart         template.HTML
	Tables        []changeTable
}

// compareYears sets a body's report beside that of another year, the one before unless another
// is asked for.
func (p *portal) compareYears(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	year, err := reportYear(r.PathValue("year"))
	if err != nil {
		return err
	}
	all, err := p.published().Years(r.Context(), a.ID)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(v *annualshelf.Volume) bool { return !v.Readable() })
	reportsDepend(r, a.ID, all...)
	after, before := pair(all, year, r.FormValue("with"))
	if after == nil || before == nil {
		return annualshelf.ErrNone
	}
	v := annualYearsPage{annualBase: p.annualPage(r, a), Before: before.Year(), After: year,
		BeforeHref: p.path(r, yearPath(before.Year())), AfterHref: p.path(r, yearPath(year)), Self: p.asking(r, "/annual/"+strconv.Itoa(year)+"/compare"+ending)}
	v.under(p, r, web.Link{Href: v.AfterHref, Text: v.T("portal.annual.year", "year", year)})
	v.Title = v.T("portal.annual.compare.title", "body", a.Name, "before", before.Year(), "after", year)
	for _, o := range all {
		if o.Year() != year {
			v.Choices = append(v.Choices, choice{strconv.Itoa(o.Year()), o == before})
		}
	}
	v.fill(annual.Compare(before.Figures(), after.Figures()))
	return p.pages.Write(w, r, http.StatusOK, "annual_compare", v)
}

// pair finds the report on a year and the one to set it beside: as asked for, else the nearest
// before, else the nearest after.
func pair(all []*annualshelf.Volume, year int, with string) (after, before *annualshelf.Volume) {
	i := slices.IndexFunc(all, func(v *annualshelf.Volume) bool { return v.Year() == year })
	if i < 0 {
		return nil, nil
	}
	asked, _ := strconv.Atoi(with) // what is no year leaves the choice to us
	j := slices.IndexFunc(all, func(v *annualshelf.Volume) bool { return v.Year() == asked && v.Year() != year })
	switch {
	case j >= 0:
		return all[i], all[j]
	case i+1 < len(all):
		return all[i], all[i+1]
	case i > 0:
		return all[i], all[i-1]
	}
	return all[i], nil
}

func (v *annualYearsPage) fill(c *annual.Comparison) {
	for _, n := range c.Notices {
		v.Notices = append(v.Notices, v.Text(n))
	}
	g := chart.Grouped{Title: v.Title, Description: v.T("portal.annual.chart.table"), Series: []string{strconv.Itoa(v.Before), strconv.Itoa(v.After)}}
	for _, key := range []string{"new", "done", "open", "carry_out", "review", "suit"} {
		l := lineNamed(key)
		was, known := l.Of(c.Before)
		is, also := l.Of(c.After)
		if known && also {
			g.Groups = append(g.Groups, chart.Group{Label: v.Text(l.Name), Bars: []chart.Bar{
				{Value: was.Float(), Text: was.String()}, {Value: is.Float(), Text: is.String()}}})
		}
	}
	if len(g.Groups) > 0 {
		v.Chart = template.HTML(g.SVG()) // package chart escapes every text
	}
	v.tables(c)
}

// tables lists what the two years say, table three at first by its totals alone.
func (v *annualYearsPage) tables(c *annual.Comparison) {
	for _, t := range c.After.Form.Tables {
		s := c.After.Form.Section(t.Section)
		whole := changeTable{Printer: v.Printer, ID: "c-" + t.ID, Title: t.Name + " " + s.Heading,
			Before: strconv.Itoa(v.Before), After: strconv.Itoa(v.After), Grouped: t.ID == "T2"}
		rest := whole
		rest.ID, rest.Title, rest.Folded, rest.Grouped = "d-"+t.ID, v.T("portal.annual.compare.applicants", "table", t.Name), true, true
		for _, ch := range c.Changes {
			switch {
			case ch.Key.Table() != t.ID:
			case t.ID == "T3" && ch.Key.Column() != "total":
				rest.add(c.After.Form, ch)
			default:
				whole.add(c.After.Form, ch)
			}
		}
		v.Tables = append(v.Tables, whole)
		if len(rest.Rows) > 0 {
			v.Tables = append(v.Tables, rest)
		}
	}
}

// add lists a cell, but one of an applicants' column that is nothing in both years.
func (t *changeTable) add(f *form.Form, ch annual.Change) {
	nothing := ch.Before.Value == 0 && ch.After.Value == 0
	if t.Folded && nothing {
		return
	}
	cell := f.Cell(ch.Key)
	row := changeRow{Name: strings.TrimSuffix(cell.Row.Label, "数量"), Group: cell.Column, Before: figureOf(t.Printer, ch.Before), After: figureOf(t.Printer, ch.After)}
	if ch.Key.Table() == "T4" {
		row.Name = cell.Column
	}
	if cell.Row.Group != "" {
		row.Name = cell.Row.Group + " " + row.Name
	}
	if ch.Before.Known() && ch.After.Known() {
		row.Delta, row.Growth = sign(ch), t.Text(ch.Growth.Message())
	}
	t.Rows = append(t.Rows, row)
}

func sign(ch annual.Change) string {
	if ch.Delta > 0 {
		return "+" + ch.Delta.String()
	}
	return ch.Delta.String()
}

func figureOf(p i18n.Printer, f annual.Figure) string {
	if f.Known() {
		return f.Value.String()
	}
	return p.T("portal.annual.unknown")
}
