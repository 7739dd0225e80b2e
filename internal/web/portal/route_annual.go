package portal

import (
	"fmt"
	"html/template"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/print"
	annualshelf "gongkai/internal/annual/shelf"
	"gongkai/internal/change"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/paper/chart"
	"gongkai/internal/web"
)

// annualArea is the annual reports of the body whose site is open and of those below it.
func (p *portal) annualArea() area {
	return area{
		pages: map[string]web.Handler{
			"GET /annual":                p.listReports,
			"GET /annual/{year}":         p.showReport,
			"GET /annual/{year}/compare": p.compareYears,
			"GET /annual/{year}/bodies":  p.compareBodies,
		},
		raw: map[string]web.Handler{
			"GET /annual/{file}":             p.sendReport,
			"GET /annual/{year}/bodies.xlsx": p.sendWorkbook,
		},
	}
}

func (p *portal) published() *annualshelf.Reader { return &annualshelf.Reader{DB: p.DB} }

// annualBase is what pages of annual reports have in common.
type annualBase struct {
	page
	Body string
}

func (p *portal) annualPage(r *http.Request, a *agency.Agency) annualBase {
	v := annualBase{page: p.page(r, ""), Body: a.Name}
	v.Styles = append(v.Styles, p.assets.Path("annual.css"))
	v.Trail = p.trail(r, v.page, nil, nil)
	v.stand(string(section.Reports))
	return v
}

// under adds the pages above to the trail.
func (v *annualBase) under(p *portal, r *http.Request, more ...web.Link) {
	v.Trail = append(v.Trail, web.Link{Href: p.path(r, "/annual"+ending), Text: v.T("portal.annual.title")})
	v.Trail = append(v.Trail, more...)
}

// itemTag is what changes when a report is corrected or taken down.
func itemTag(v *annualshelf.Volume) change.Tag { return change.Item(v.Item) }

// reportsDepend says that a page is made from the reports of bodies.
func reportsDepend(r *http.Request, body string, volumes ...*annualshelf.Volume) {
	tags := []change.Tag{change.Area("annual", body)}
	if body == "" {
		tags = []change.Tag{change.Areas("annual")}
	}
	for _, v := range volumes {
		tags = append(tags, itemTag(v))
	}
	depend(r, tags...)
}

func yearPath(year int) string { return "/annual/" + strconv.Itoa(year) + ending }

// yearLine is a year in the list of a body's reports.
type yearLine struct {
	Year      string
	Href      string // the report on the page, else the document
	Title     string
	Document  string
	Day       string
	Readable  bool
	Downloads []web.Link
}

// drawing is a chart with its heading.
type drawing struct {
	Title string
	SVG   template.HTML
}

// dataRow is a figure over the years.
type dataRow struct {
	Name  string
	Sub   bool
	Cells []string
}

type annualListPage struct {
	annualBase
	Years  []yearLine
	Charts []drawing
	Heads  []string // the years of Rows
	Rows   []dataRow
	Matrix *matrix
}

// listReports lists a body's annual reports of all years, draws their figures, and for who has
// bodies below it, shows which of these have published when. R-PLT-09.
func (p *portal) listReports(w http.ResponseWriter, r *http.Request) error {
	a := hereOf(r.Context()).Body
	if a == nil {
		a = &agency.Agency{Facts: agency.Facts{Name: p.page(r, "").Site}}
	}
	v := annualListPage{annualBase: p.annualPage(r, a)}
	v.Title = v.T("portal.annual.of", "body", a.Name)
	if a.ID != "" {
		all, err := p.published().Years(r.Context(), a.ID)
		if err != nil {
			return err
		}
		reportsDepend(r, a.ID, all...)
		v.list(p, r, all)
	}
	if a.ID == "" || len(hereOf(r.Context()).sites.Tree.Children(a.ID)) > 0 {
		h, err := p.published().Holdings(r.Context(), a.ID)
		if err != nil {
			return err
		}
		v.Matrix = p.matrix(r, v.Printer, h)
	}
	return p.pages.Write(w, r, http.StatusOK, "annual", v)
}

// list fills in the years, and the charts where several are readable.
func (v *annualListPage) list(p *portal, r *http.Request, all []*annualshelf.Volume) {
	var readable []*annualshelf.Volume
	for _, one := range all {
		line := yearLine{Year: strconv.Itoa(one.Year()), Title: one.Title, Document: p.item(r, one.Publisher, one.Item), Day: one.Day().String(), Readable: one.Readable()}
		line.Href = line.Document
		if one.Readable() {
			readable = append(readable, one)
			line.Href = p.path(r, yearPath(one.Year()))
			line.Downloads = p.reportFiles(r, one.Year())
		}
		v.Years = append(v.Years, line)
	}
	slices.Reverse(readable) // the oldest first, as charts run
	v.figures(readable)
}

// figures fills in charts and the table of their figures.
func (v *annualListPage) figures(readable []*annualshelf.Volume) {
	if len(readable) < 2 {
		return
	}
	reports := make([]*annual.Report, len(readable))
	for i, one := range readable {
		reports[i] = one.Figures()
		v.Heads = append(v.Heads, v.T("portal.annual.year", "year", one.Year()))
	}
	v.Rows = dataRows(v.Printer, reports)
	for _, c := range []struct {
		title string
		lines []string
	}{
		{"portal.annual.chart.requests", []string{"new", "done", "carry_out"}},
		{"portal.annual.chart.disputes", []string{"review", "suit"}},
		{"portal.annual.chart.decisions", []string{"licence", "penalty"}},
	} {
		v.Charts = append(v.Charts, lineChart(v.Printer, v.T(c.title), v.Body, readable, reports, c.lines))
	}
	v.Charts = append(v.Charts, outcomeChart(v.Printer, v.Body, readable, reports))
}

func dataRows(p i18n.Printer, reports []*annual.Report) (rows []dataRow) {
	for _, l := range annualshelf.Lines() {
		row := dataRow{Name: p.Text(l.Name), Sub: l.Sub}
		any := false
		for _, rep := range reports {
			text := p.T("portal.annual.unknown")
			if n, known := l.Of(rep); known {
				text, any = n.String(), true
			}
			row.Cells = append(row.Cells, text)
		}
		if any {
			rows = append(rows, row)
		}
	}
	return rows
}

// lineNamed returns one of the shelf's lines.
func lineNamed(key string) annualshelf.Line {
	all := annualshelf.Lines()
	return all[slices.IndexFunc(all, func(l annualshelf.Line) bool { return l.Key == key })]
}

// lineChart draws figures over the years; a year that is not there leaves a gap.
func lineChart(p i18n.Printer, title, body string, volumes []*annualshelf.Volume, reports []*annual.Report, keys []string) drawing {
	g := chart.Line{Title: p.T("portal.annual.chart.title", "body", body, "what", title)}
	first, last := volumes[0].Year(), volumes[len(volumes)-1].Year()
	for y := first; y <= last; y++ {
		g.Labels = append(g.Labels, strconv.Itoa(y))
	}
	var told []string
	for _, key := range keys {
		l := lineNamed(key)
		s := chart.Series{Name: p.Text(l.Name), Values: make([]float64, last-first+1)}
		for i := range s.Values {
			s.Values[i] = math.NaN()
		}
		from, to := "", ""
		for i, rep := range reports {
			if n, known := l.Of(rep); known {
				s.Values[volumes[i].Year()-first] = n.Float()
				if to = p.T("portal.annual.chart.point", "year", volumes[i].Year(), "n", n.String()); from == "" {
					from = to
				}
			}
		}
		told = append(told, p.T("portal.annual.chart.run", "name", s.Name, "from", from, "to", to))
		g.Series = append(g.Series, s)
	}
	g.Description = strings.Join(told, p.T("portal.annual.semicolon")) + p.T("portal.annual.chart.table")
	return drawing{title, template.HTML(g.SVG())} // package chart escapes every text
}

// outcomes are the three ways requests end that a chart tells apart.
var outcomes = []struct {
	name string
	keys []string
}{
	{"portal.annual.outcome.open", []string{"open", "partial"}},
	{"portal.annual.outcome.not", []string{"deny", "unable"}},
	{"portal.annual.outcome.none", []string{"noproc", "other"}},
}

// mostYears is how many years the bars of outcomes show: more are read in the table.
const mostYears = 4

// outcomeChart draws how the requests of the latest years ended.
func outcomeChart(p i18n.Printer, body string, volumes []*annualshelf.Volume, reports []*annual.Report) drawing {
	title := p.T("portal.annual.chart.outcomes")
	g := chart.Grouped{Title: p.T("portal.annual.chart.title", "body", body, "what", title), Description: p.T("portal.annual.chart.ended") + p.T("portal.annual.chart.table")}
	for _, o := range outcomes {
		g.Series = append(g.Series, p.T(o.name))
	}
	for i, rep := range slices.Backward(reports) {
		if len(g.Groups) == mostYears {
			break
		}
		group := chart.Group{Label: p.T("portal.annual.year", "year", volumes[i].Year())}
		for _, o := range outcomes {
			sum := 0.0
			for _, key := range o.keys {
				n, _ := lineNamed(key).Of(rep)
				sum += n.Float()
			}
			group.Bars = append(group.Bars, chart.Bar{Value: sum, Text: fmt.Sprint(sum)})
		}
		g.Groups = append(g.Groups, group)
	}
	return drawing{title, template.HTML(g.SVG())} // package chart escapes every text
}

// mark is a body's year in the matrix.
type mark struct{ Href, Text, Note, Class, Label string }

// matrixRow is a body with its years.
type matrixRow struct {
	Name  string
	Href  string // its own list
	Depth int
	Marks []mark
}

// matrix is which body published its report on which year.
type matrix struct {
	Years  []web.Link // each leads to the bodies of the year
	Rows   []matrixRow
	Query  string
	Self   string
	Found  int
	Total  int
	Answer string
}

// standings are the words for a body's year.
var standings = map[annualshelf.Standing]string{
	annualshelf.InTime: "portal.annual.mark.in_time", annualshelf.After: "portal.annual.mark.after", annualshelf.Published: "portal.annual.mark.in_time",
	annualshelf.Ahead: "portal.annual.mark.absent", annualshelf.Absent: "portal.annual.mark.absent", annualshelf.None: "portal.annual.mark.none",
}

// matrix draws the holdings, those rows whose body's name has the words asked for.
func (p *portal) matrix(r *http.Request, pr i18n.Printer, h *annualshelf.Holdings) *matrix {
	reportsDepend(r, "")
	m := &matrix{Query: strings.TrimSpace(r.FormValue("q")), Self: p.asking(r, "/annual"+ending), Total: len(h.Rows)}
	for _, y := range h.Years {
		m.Years = append(m.Years, web.Link{Href: p.path(r, "/annual/"+strconv.Itoa(y)+"/bodies"+ending), Text: strconv.Itoa(y)})
	}
	for _, row := range h.Rows {
		if !strings.Contains(row.Body.Name+row.Body.ShortName, m.Query) {
			continue
		}
		one := matrixRow{Name: row.Body.Name, Href: p.to(r, row.Body.ID, "/annual"+ending), Depth: min(row.Depth, deepest)}
		for _, c := range row.Cells {
			one.Marks = append(one.Marks, p.mark(r, pr, row.Body, c))
		}
		m.Rows = append(m.Rows, one)
	}
	if m.Found = len(m.Rows); m.Query != "" {
		m.Answer = pr.T("portal.annual.found", "n", m.Found, "total", m.Total)
	}
	return m
}

// mark says how a body's year stands: a fact, and no judgement of it.
func (p *portal) mark(r *http.Request, pr i18n.Printer, a *agency.Agency, c annualshelf.Cell) mark {
	m := mark{Class: string(c.Standing), Text: pr.T(standings[c.Standing])}
	switch {
	case c.Volume != nil:
		depend(r, itemTag(c.Volume))
		m.Note = c.Volume.Day().String()
		m.Href = p.to(r, a.ID, yearPath(c.Year))
		if !c.Volume.Readable() {
			m.Href = p.item(r, c.Volume.Publisher, c.Volume.Item)
		}
		m.Label = pr.T("portal.annual.mark.label", "body", a.Name, "year", c.Year, "text", m.Text, "day", m.Note)
	case c.Standing == annualshelf.Ahead, c.Standing == annualshelf.Absent:
		m.Class, m.Note = string(annualshelf.Absent), pr.T("portal.annual.mark.due", "day", c.Due.String())
	}
	return m
}

// asking is where a form of a page goes; "" in a copy of the page, which nobody answers.
func (p *portal) asking(r *http.Request, rest string) string {
	if web.IsCopy(r.Context()) {
		return ""
	}
	return p.path(r, rest)
}

// reportFiles are the forms a report is offered in.
func (p *portal) reportFiles(r *http.Request, year int) (all []web.Link) {
	for _, f := range downloads {
		all = append(all, web.Link{Href: p.path(r, "/annual/"+strconv.Itoa(year)+"."+string(f)), Text: strings.ToUpper(string(f))})
	}
	return all
}

// downloads are the formats of a report the public takes away.
var downloads = []print.Format{print.DOCX, print.PDF, print.XLSX, print.JSON}

// reportYear reads the year of an address.
func reportYear(text string) (int, error) {
	y, err := strconv.Atoi(text)
	if err != nil || len(text) != 4 {
		return 0, web.ErrNoPage
	}
	return y, nil
}

// sendReport sends a report as a file. It has what the page has: the report that is public now.
func (p *portal) sendReport(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	name, kind, _ := strings.Cut(r.PathValue("file"), ".")
	year, err := reportYear(name)
	if err != nil {
		return err
	}
	if kind == "" {
		return p.moved(w, r, p.path(r, yearPath(year)))
	}
	f := print.Format(kind)
	if !slices.Contains(downloads, f) {
		return web.ErrNoPage
	}
	v, rep, err := p.published().Report(r.Context(), a.ID, year)
	if err != nil {
		return err
	}
	if rep == nil {
		return annualshelf.ErrNone
	}
	reportsDepend(r, a.ID, v)
	var b strings.Builder
	if err := print.Write(&b, rep, f, print.Options{PublishedAt: v.PublishedAt}); err != nil {
		return err
	}
	send(w, f.MediaType(), v.Title+"."+kind, b.String())
	return nil
}

// send answers with a file that was made for the purpose.
func send(w http.ResponseWriter, media, name, data string) {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = io.WriteString(w, data) // a browser that has gone needs no answer
}
