package showcase

import (
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/print"
	"gongkai/internal/annual/sample"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/legacy"
)

// reportsOf is what the demonstration shows of a body's annual reports: how many requests a
// year brings, and how many years before the last it published none, late, or a text whose
// tables lost their columns, so that a person must say what two cells held.
var reportsOf = []struct {
	key                string
	size               int
	lacks, late, loose int
}{
	{"city", 640, -1, -1, -1}, {"civil", 12, -1, 4, 1}, {"justice", 35, 3, -1, -1}, {"science", 14, -1, -1, -1}, {"district", 130, -1, 2, -1},
}

// loose is the sample of such a text.
const loose = "示范市民政局2024年.txt"

// firstReport is the first year of the unified form.
const firstReport = 2019

// makeReports publishes the annual reports of the bodies in their column: the last year's
// through all reviews, those before it as they came from the old sites, the oldest in the plain
// text of the years before the form. Then the shelf reads them, as its job would.
func (b *builder) makeReports() error {
	last := b.today.Plus(-120).Year() - 1 // by May every body has published
	for _, of := range reportsOf {
		t := b.bodies[of.key]
		first := max(firstReport, last-6)
		if err := b.oldReport(t, firstReport-1); err != nil {
			return err
		}
		for year := first; year < last; year++ {
			back := last - year
			if back == of.lacks {
				continue
			}
			page, err := b.pageOf(sample.Made(t.Name, year, of.size), back == of.loose)
			if err != nil {
				return err
			}
			if err := b.bring(t, form.ForYear(year).Title(t.Name, year), page, year, publishedOn(of.key, year, back == of.late)); err != nil {
				return fmt.Errorf("report of %s on %d: %w", t.Name, year, err)
			}
		}
		way := b.reviewReport
		if upTo[of.key] != "" {
			way = b.cycleReport
		}
		if err := way(t, sample.Made(t.Name, last, of.size), last); err != nil {
			return fmt.Errorf("report of %s on %d: %w", t.Name, last, err)
		}
	}
	if err := b.readReports(); err != nil {
		return err
	}
	return b.mergeReport(last)
}

// publishedOn is when a report is published: departments by the end of January, governments by
// the end of March, late ones after.
func publishedOn(key string, year int, late bool) date.Date {
	government := key == "city" || key == "district"
	switch {
	case government && late:
		return date.Must(year+1, 4, 9)
	case government:
		return date.Must(year+1, 3, 18)
	case late:
		return date.Must(year+1, 2, 5)
	}
	return date.Must(year+1, 1, 17+year%9)
}

// pageOf prints a report as a site's page, or takes the text whose tables lost their columns.
func (b *builder) pageOf(r *annual.Report, broken bool) (string, error) {
	if broken {
		for _, f := range sample.Of(sample.Report) {
			if f.Name == loose {
				return matter(strings.Split(strings.NewReplacer("2024", fmt.Sprint(r.Year), "2025", fmt.Sprint(r.Year+1)).Replace(string(f.Data)), "\n")...), nil
			}
		}
		return "", fmt.Errorf("no sample %s", loose)
	}
	var page strings.Builder
	err := print.Write(&page, r, print.HTML, print.Options{})
	return page.String(), err
}

// oldReport brings in a report from before the unified form.
func (b *builder) oldReport(t *town, year int) error {
	return b.bring(t, fmt.Sprintf("%s%d年政府信息公开工作年度报告", t.Name, year), matter(
		"一、概述。"+fmt.Sprint(year)+"年，本机关按照《中华人民共和国政府信息公开条例》要求，健全制度，明确责任。",
		"二、主动公开政府信息情况。通过网站、公告栏公开机构职能、办事指南和工作动态。",
		"三、依申请公开政府信息情况。受理的申请均在规定时间内答复。",
		"四、存在的不足和改进措施。公开的内容还不够丰富，将逐步充实。"), year, date.Must(year+1, 3, 2))
}

func (b *builder) bring(t *town, title, html string, year int, on date.Date) error {
	b.at(b.ago(14), 9, 0)
	row := legacy.Row{Where: title, Record: legacy.Record{
		URL: fmt.Sprintf("http://old.shifan.example/%s/nb/%d.html", t.Key, year), Title: title, Body: html, Section: "reports", Genre: "报告",
		IssuedOn: on, Issuer: t.Name, Source: t.Short, PublishedAt: legacy.Moment{Day: on, Hour: 10, HasTime: true},
	}}
	tally, err := b.Legacy.Run(b.ctx, b.program, func(yield func(legacy.Row) bool) { yield(row) },
		legacy.Options{Source: title, Agency: t.agency.ID, Map: map[string]string{"reports": t.sections["reports"]}})
	if err == nil && tally.Created != 1 {
		err = fmt.Errorf("not brought in: %+v", tally)
	}
	return err
}

// reviewReport takes a report through the reviews to the public, in the January after its year.
func (b *builder) reviewReport(t *town, r *annual.Report, year int) error {
	html, err := b.pageOf(r, false)
	if err != nil {
		return err
	}
	if _, after, ok := strings.Cut(html, "</h1>"); ok { // the item has a title of its own
		html = after
	}
	_, err = b.process(t, draft{title: r.Title.Text, section: "reports", kind: disclosure.Information, html: html,
		formed: b.today.Days(date.Must(year+1, 1, 16)), change: func(c *disclosure.Content) { c.Genre = "report" }}, disclosure.Published)
	return err
}

// readReports has the shelf read what was published.
func (b *builder) readReports() error {
	b.at(b.today, 8, 0)
	for _, of := range reportsOf {
		t := b.bodies[of.key]
		rows, err := b.Reader.Section(b.ctx, t.sections["reports"], disclosure.Page{Limit: 100})
		if err != nil {
			return err
		}
		for _, row := range slices.Backward(rows.Rows) { // the oldest first
			if _, err := b.Shelf.Read(b.ctx, actor.System("annual.read"), row.Item); err != nil {
				return fmt.Errorf("read %s: %w", row.Title, err)
			}
		}
	}
	return nil
}
