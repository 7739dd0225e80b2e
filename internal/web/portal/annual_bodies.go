package portal

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/print"
	annualshelf "gongkai/internal/annual/shelf"
	"gongkai/internal/i18n"
	"gongkai/internal/paper/chart"
	"gongkai/internal/web"
)

// scored is a body's place by one indicator.
type scored struct{ Value, Note string }

// bodyLine is a body beside the others.
type bodyLine struct {
	ID, Name, Href string
	On             bool
	Day            string
	Scores         []scored
}

// indicator is a column with what it means.
type indicator struct{ Name, Definition string }

// sumRow is a figure of the bodies below, added up, beside what the government states.
type sumRow struct{ Name, Sum, Stated string }

type annualBodiesPage struct {
	annualBase
	Year       int
	Years      []web.Link
	Self       string
	Choose     string // where the form of choosing bodies goes
	Report     string // the government's own
	Workbook   string
	Indicators []indicator
	Bodies     []bodyLine
	Choosing   []bodyLine // every body with figures, to choose from
	Absent     []matrixRow
	Charts     []drawing
	Sums       []sumRow
	Counted    int
}

// compareBodies sets the reports of the bodies below a government beside each other, all of a
// year or those asked for, and adds them up.
func (p *portal) compareBodies(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	year, err := reportYear(r.PathValue("year"))
	if err != nil {
		return err
	}
	h, err := p.published().Holdings(r.Context(), a.ID)
	if err != nil {
		return err
	}
	if !slices.Contains(h.Years, year) || len(h.Rows) < 2 {
		return annualshelf.ErrNone
	}
	v := annualBodiesPage{annualBase: p.annualPage(r, a), Year: year, Self: p.path(r, "/annual/"+strconv.Itoa(year)+"/bodies"+ending),
		Choose:   p.asking(r, "/annual/"+strconv.Itoa(year)+"/bodies"+ending),
		Workbook: p.path(r, "/annual/"+strconv.Itoa(year)+"/bodies.xlsx")}
	v.under(p, r)
	v.Title = v.T("portal.annual.bodies.title", "body", a.Name, "year", year)
	for _, y := range h.Years {
		v.Years = append(v.Years, web.Link{Href: p.path(r, "/annual/"+strconv.Itoa(y)+"/bodies"+ending), Text: strconv.Itoa(y)})
	}
	v.fill(p, r, h)
	return p.pages.Write(w, r, http.StatusOK, "annual_bodies", v)
}

// fill lines the bodies up.
func (v *annualBodiesPage) fill(p *portal, r *http.Request, h *annualshelf.Holdings) {
	reportsDepend(r, "")
	chosen := r.URL.Query()["body"]
	var reports []*annual.Report
	for _, row := range h.Rows[1:] {
		c := row.In(v.Year)
		if c.Volume == nil || !c.Volume.Readable() {
			if m := p.mark(r, v.Printer, row.Body, *c); c.Standing != annualshelf.None {
				v.Absent = append(v.Absent, matrixRow{Name: row.Body.Name, Href: m.Href, Marks: []mark{m}})
			}
			continue
		}
		depend(r, itemTag(c.Volume))
		line := bodyLine{ID: row.Body.ID, Name: row.Body.Name, Href: p.to(r, row.Body.ID, yearPath(v.Year)), Day: c.Volume.Day().String(), On: slices.Contains(chosen, row.Body.ID)}
		v.Choosing = append(v.Choosing, line)
		if len(chosen) > 0 && !line.On {
			continue
		}
		v.Bodies = append(v.Bodies, line)
		reports = append(reports, c.Volume.Figures())
	}
	v.rank(reports)
	v.total(h)
}

// rank works the indicators out. It names no first and no last: bodies differ in size and task.
func (v *annualBodiesPage) rank(reports []*annual.Report) {
	ranking := annual.Rank(reports, annual.Indicators())
	for _, c := range ranking.Columns {
		v.Indicators = append(v.Indicators, indicator{v.Text(c.Indicator.Name), v.Text(c.Indicator.Definition)})
		for i := range v.Bodies {
			v.Bodies[i].Scores = append(v.Bodies[i].Scores, scoreOf(v.Printer, c, c.Scores[i]))
		}
		if c.Indicator.Key == "new" || c.Indicator.Key == "open" {
			if d, ok := v.chart(c); ok {
				v.Charts = append(v.Charts, d)
			}
		}
	}
}

func scoreOf(p i18n.Printer, c annual.Column, s annual.Score) scored {
	if !s.Known {
		return scored{Value: p.T("portal.annual.unknown")}
	}
	out := scored{Value: s.Value.String()}
	if c.Indicator.Measure == annual.Share {
		out.Value += "%"
	}
	if s.Small {
		out.Note = p.T("portal.annual.bodies.small")
	}
	return out
}

// mostBars bounds a chart: beyond, the table reads better.
const mostBars = 30

// chart draws the bodies by one indicator.
func (v *annualBodiesPage) chart(c annual.Column) (drawing, bool) {
	order := slices.DeleteFunc(c.Order(), func(i int) bool { return !c.Scores[i].Known })
	if len(order) < 2 {
		return drawing{}, false
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.Scores[b].Value, c.Scores[a].Value) })
	name := v.Text(c.Indicator.Name)
	g := chart.Ranked{Title: v.T("portal.annual.chart.title", "body", v.T("portal.annual.year", "year", v.Year), "what", name), Description: v.T("portal.annual.chart.table")}
	for _, i := range order[:min(len(order), mostBars)] {
		g.Bars = append(g.Bars, chart.Bar{Label: v.Bodies[i].Name, Value: c.Scores[i].Value.Float(), Text: v.Bodies[i].Scores[len(v.Bodies[i].Scores)-1].Value, Faint: c.Scores[i].Small})
	}
	return drawing{name, template.HTML(g.SVG())}, true // package chart escapes every text
}

// total adds the bodies below up, beside what the government's own report states.
func (v *annualBodiesPage) total(h *annualshelf.Holdings) {
	c, err := h.Collection(v.Year)
	if err != nil || len(c.Reports) == 0 {
		return // a year whose reports follow no form has nothing to add up
	}
	var own *annual.Report
	if cell := h.Rows[0].In(v.Year); cell.Volume != nil {
		own = cell.Volume.Figures()
	}
	v.Counted = len(c.Reports)
	for _, l := range annualshelf.Lines() {
		sum, known := l.Of(c.Merged.Report)
		if !known {
			continue
		}
		row := sumRow{Name: v.Text(l.Name), Sum: sum.String(), Stated: v.T("portal.annual.unknown")}
		if n, known := l.Of(own); known {
			row.Stated = n.String()
		}
		v.Sums = append(v.Sums, row)
	}
}

// sendWorkbook sends all bodies of a year as a spreadsheet.
func (p *portal) sendWorkbook(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	year, err := reportYear(r.PathValue("year"))
	if err != nil {
		return err
	}
	c, err := p.collection(r, a, year)
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := print.Workbook(&b, c); err != nil {
		return err
	}
	send(w, print.XLSX.MediaType(), i18n.To(i18n.Chinese).Text(c.Title())+".xlsx", b.String())
	return nil
}

// collection gathers what the bodies below published on a year.
func (p *portal) collection(r *http.Request, a *agency.Agency, year int) (*annual.Collection, error) {
	h, err := p.published().Holdings(r.Context(), a.ID)
	if err != nil {
		return nil, err
	}
	reportsDepend(r, "")
	c, err := h.Collection(year)
	if err != nil {
		return nil, err
	}
	if len(c.Reports) == 0 {
		return nil, annualshelf.ErrNone
	}
	for _, row := range h.Rows {
		for _, cell := range row.Cells {
			if cell.Volume != nil {
				depend(r, itemTag(cell.Volume))
			}
		}
	}
	return c, nil
}
