package portal

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/print"
	annualshelf "gongkai/internal/annual/shelf"
	"gongkai/internal/i18n"
	"gongkai/internal/paper"
	"gongkai/internal/paper/chart"
	"gongkai/internal/web"
)

// part is one of the six parts of a report.
type part struct {
	ID, Heading string
	Blocks      []block
}

// block is a paragraph or a table.
type block struct {
	Text  string
	Label string        // of the table
	Wide  bool          // it has more columns than a narrow screen
	Table template.HTML // as package paper wrote it, which escapes every text
}

// keyFigure is a key figure with how it changed.
type keyFigure struct{ Name, Value, Change string }

type annualReportPage struct {
	annualBase
	Year      int
	Facts     [][]field
	Document  string
	Supplied  bool
	Downloads []web.Link
	Before    *web.Link // the report before, in time
	After     *web.Link
	Compare   string // differences to the year before
	Bodies    string // the bodies below, in this year
	Tiles     []keyFigure
	TilesOf   string // what the changes are against
	Outcomes  template.HTML
	Intro     []string
	Parts     []part
	Signature string
	Signed    string
}

// showReport shows a report as its form prints it.
func (p *portal) showReport(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	year, err := reportYear(r.PathValue("year"))
	if err != nil {
		return err
	}
	volume, rep, err := p.published().Report(r.Context(), a.ID, year)
	if err != nil {
		return err
	}
	if rep == nil { // its figures are not on the shelf: it is read where it stands
		http.Redirect(w, r, p.item(r, volume.Publisher, volume.Item), http.StatusFound)
		return nil
	}
	all, err := p.published().Years(r.Context(), a.ID)
	if err != nil {
		return err
	}
	reportsDepend(r, a.ID, all...)
	v := annualReportPage{annualBase: p.annualPage(r, a), Year: year, Document: p.item(r, volume.Publisher, volume.Item), Supplied: volume.Supplied()}
	v.under(p, r)
	v.Title, v.Downloads = volume.Title, p.reportFiles(r, year)
	v.Facts = v.facts(volume, rep)
	before := v.neighbours(p, r, all, year)
	if len(hereOf(r.Context()).sites.Tree.Children(a.ID)) > 0 {
		v.Bodies = p.path(r, "/annual/"+strconv.Itoa(year)+"/bodies"+ending)
	}
	v.tiles(rep, before)
	v.Outcomes = endings(v.Printer, a.Name, year, rep)
	v.fill(rep)
	return p.pages.Write(w, r, http.StatusOK, "annual_report", v)
}

// facts are the report's own, two to a row.
func (v *annualReportPage) facts(volume *annualshelf.Volume, rep *annual.Report) [][]field {
	all := slices.DeleteFunc([]field{
		{v.T("portal.annual.fact.body"), v.Body}, {v.T("portal.annual.fact.index"), volume.IndexNo},
		{v.T("portal.annual.fact.period"), v.T("portal.annual.period", "year", v.Year)},
		{v.T("portal.annual.fact.published"), volume.Day().String()}, {v.T("portal.annual.fact.form"), rep.Form.DocNo},
	}, func(f field) bool { return f.Value == "" })
	return slices.Collect(slices.Chunk(all, 2))
}

// neighbours links to the reports before and after, and returns the figures of the one before.
func (v *annualReportPage) neighbours(p *portal, r *http.Request, all []*annualshelf.Volume, year int) *annualshelf.Volume {
	i := slices.IndexFunc(all, func(o *annualshelf.Volume) bool { return o.Year() == year })
	link := func(o *annualshelf.Volume) *web.Link {
		return &web.Link{Href: p.path(r, yearPath(o.Year())), Text: v.T("portal.annual.year", "year", o.Year())}
	}
	if i > 0 {
		v.After = link(all[i-1])
	}
	if i+1 == len(all) {
		return nil
	}
	v.Before = link(all[i+1])
	if !all[i+1].Readable() {
		return nil
	}
	v.Compare = p.path(r, "/annual/"+strconv.Itoa(year)+"/compare"+ending)
	return all[i+1]
}

// tiles are the figures people ask for first.
func (v *annualReportPage) tiles(rep *annual.Report, before *annualshelf.Volume) {
	var old *annual.Report
	if before != nil {
		old = before.Figures()
		v.TilesOf = v.T("portal.annual.than", "year", before.Year())
	}
	for _, key := range []string{"new", "done", "open", "carry_out", "review", "suit"} {
		l := lineNamed(key)
		n, known := l.Of(rep)
		if !known {
			continue
		}
		t := keyFigure{Name: v.Text(l.Name), Value: n.String()}
		if was, known := l.Of(old); known {
			t.Change = v.change(n.Float() - was.Float())
		}
		v.Tiles = append(v.Tiles, t)
	}
}

// change words a difference; its sign is written, not drawn.
func (v *annualBase) change(d float64) string {
	n := strconv.FormatFloat(d, 'f', -1, 64)
	switch {
	case d > 0:
		return v.T("portal.annual.more", "n", n)
	case d < 0:
		return v.T("portal.annual.less", "n", strings.TrimPrefix(n, "-"))
	}
	return v.T("portal.annual.same")
}

// endings draws how the year's requests ended.
func endings(p i18n.Printer, body string, year int, rep *annual.Report) template.HTML {
	g := chart.Ranked{Title: p.T("portal.annual.chart.title", "body", body, "what", p.T("portal.annual.chart.ended_in", "year", year)),
		Description: p.T("portal.annual.chart.t3")}
	for _, key := range []string{"open", "partial", "deny", "unable", "noproc", "other"} {
		l := lineNamed(key)
		n, known := l.Of(rep)
		if !known {
			return ""
		}
		g.Bars = append(g.Bars, chart.Bar{Label: p.Text(l.Name), Value: n.Float(), Text: n.String()})
	}
	if n, _ := lineNamed("done").Of(rep); n == 0 {
		return ""
	}
	return template.HTML(g.SVG()) // package chart escapes every text
}

// fill sets the report as it is printed, its parts under the form's headings.
func (v *annualReportPage) fill(rep *annual.Report) {
	d := print.Document(rep)
	v.Signature, v.Signed = d.Signature, d.Date
	keys := rep.Form.Sections
	for _, b := range d.Body {
		switch {
		case b.Style == paper.Heading:
			s := keys[min(len(v.Parts), len(keys)-1)]
			v.Parts = append(v.Parts, part{ID: s.Key, Heading: b.Text})
		case len(v.Parts) == 0:
			v.Intro = append(v.Intro, b.Text)
		default:
			last := &v.Parts[len(v.Parts)-1]
			last.Blocks = append(last.Blocks, v.block(b, keys[len(v.Parts)-1]))
		}
	}
}

// narrow is how many columns a telephone's screen has room for.
const narrow = 5

func (v *annualReportPage) block(b paper.Block, s form.Section) block {
	if b.Table == nil {
		return block{Text: b.Text}
	}
	label := b.Table.Name + " " + s.Heading
	return block{Label: label, Wide: len(b.Table.Widths) > narrow, Table: template.HTML(b.Table.HTML("t-"+s.Key, label))}
}
