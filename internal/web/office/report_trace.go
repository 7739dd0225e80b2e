package office

import (
	"net/http"
	"net/url"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/annual"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/annual/form"
	"gongkai/internal/i18n"
)

// traceReport follows a figure one step down: to what each body gave, or to the records.
func (o *Office) traceReport(w http.ResponseWriter, r *http.Request) error {
	t, err := o.Reports.Trace(r.Context(), o.Actor(r), r.PathValue("id"), form.Key(r.PathValue("key")))
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, t.Label), Lead: printer(r).T("office.report.trace_of", "body", t.Name, "year", t.Version.Year)}
	p.Crumb(t.Version.Form().Title(t.Name, int(t.Version.Year)), o.path(r, "/office/reports/%s", t.Version.ID)+"?view="+viewTables)
	p.Cards = []Card{o.figureFacts(r, p.Printer, t)}
	if t.Version.Merged {
		p.Lists = []*List{o.partList(r, p.Page, t)}
	}
	if t.Behind != nil && t.Own {
		p.Side = append(p.Side, recordsCard(p.Printer, t))
	}
	return o.show(w, r, "record", p)
}

// figureFacts say what a figure is and how it came about.
func (o *Office) figureFacts(r *http.Request, p i18n.Printer, t *cycle.Trace) Card {
	c := Card{ID: "figure", Title: p.T("office.report.figure")}
	if !t.Known {
		c.Empty = p.T("office.report.none")
		return c
	}
	c.Facts = append(c.Facts, Fact{Label: p.T("office.report.value"), Value: t.Figure.Value.String()}, Fact{Label: p.T("office.report.origin"), Value: p.Text(t.Figure.Origin.Message())})
	if t.Figure.Was != nil {
		c.Facts = append(c.Facts, Fact{Label: p.T("office.report.was"), Value: t.Figure.Was.String()})
	}
	if t.Entry != nil {
		c.Facts = append(c.Facts, Fact{Label: p.T("office.report.basis"), Value: t.Entry.Reason, Lang: "zh-CN"}, Fact{Label: p.T("office.report.by"), Value: t.Entry.By + " " + When(t.Entry.At)})
	}
	if t.At != nil && !t.Version.Merged {
		c.Facts = append(c.Facts, Fact{Label: p.T("office.report.counted"), Value: When(t.At.At) + " " + t.At.ByName})
	}
	if t.Figure.Origin == cycle.FromRecords && t.Figure.Records > 0 || t.Version.Merged {
		if href := o.recordsHref(r, t); href != "" {
			c.More.Text, c.More.Href = p.T("office.report.records"), href
		}
	}
	return c
}

// recordsHref is where the records behind a figure stand today, for who may see them: those of
// table two, or the requests.
func (o *Office) recordsHref(r *http.Request, t *cycle.Trace) string {
	year := strconv.FormatInt(t.Version.Year, 10)
	switch {
	case t.Key.Table() == "T2" && t.Version.Agency == o.Body(r) && o.Actor(r).Can(actor.ReportCompile, actor.In(t.Version.Agency)) && o.Normative != nil:
		return o.path(r, "/office/table2/%s", string(t.Key)) + "?year=" + year
	case t.Key.Table() != "T2" && t.Version.Facts.Kept:
		if !o.Actor(r).Can(actor.FoiView, actor.In(t.Version.Agency)) {
			return ""
		}
		return o.path(r, "/office/requests/cell") + "?" + url.Values{"body": {t.Version.Agency}, "year": {year}, "cell": {string(t.Key)}}.Encode()
	}
	return ""
}

// partList is what each body gave to a figure of a merged report.
func (o *Office) partList(r *http.Request, p Page, t *cycle.Trace) *List {
	columns := []Column{{Key: "body", Text: p.T("annual.office.body")}, {Key: "no", Text: p.T("office.report.no"), Slim: true}, {Key: "value", Text: p.T("office.report.value"), Num: true, Slim: true}}
	l := NewList(p, p.T("office.report.parts"), columns, ListQuery{})
	for _, c := range t.Parts {
		row := Row{ID: c.Agency, Cells: []Cell{{Text: c.Name, Lang: "zh-CN"}, {}, {Text: c.Value.String()}}}
		if c.Report != "" {
			row.Cells[1].Text = p.T("office.report.nth", "n", c.No)
		}
		if c.May {
			row.Cells[0].Href = o.path(r, "/office/reports/%s/cells/%s", c.Report, string(t.Key))
		}
		l.Rows = append(l.Rows, row)
	}
	l.Export, l.Empty = false, p.T("office.report.no_parts")
	return l
}

// recordsCard names what was counted, as it was kept when it was.
func recordsCard(p i18n.Printer, t *cycle.Trace) Card {
	c := Card{ID: "records", Title: p.T("office.report.kept"), Note: p.T("office.report.kept_note", "n", t.Behind.N)}
	c.Facts = []Fact{{Label: p.T("office.report.digest"), Value: t.Behind.Digest[:16]}}
	return c
}

// mergedView is the account of a merged report, and the way to merge.
func (o *Office) mergedView(r *http.Request, p *ReportPage, l *cycle.Look) {
	if l.Outdated > 0 {
		p.Notices = append(p.Notices, Notice{p.T("office.report.outdated", "n", l.Outdated), Warn})
	}
	if l.Merged {
		p.Stats = mergedStats(p.Printer, l)
		p.Lists = []*List{o.accountList(r, p.Page, l)}
	}
	if !l.Inside || !cycle.Flow.May(l.State, cycle.Merge) || !o.Actor(r).Can(actor.ReportMerge, actor.In(l.Agency.ID)) {
		return
	}
	for _, s := range mergeActs {
		if s.main || l.Merged {
			p.Forms = append(p.Forms, stepSection(p.Page, l, s))
		}
	}
}

// mergedStats counts what became of the bodies.
func mergedStats(p i18n.Printer, l *cycle.Look) []Stat {
	n := map[annual.Outcome]int{}
	for _, line := range l.Account {
		n[line.Outcome]++
	}
	return []Stat{
		{Text: p.T("office.report.included"), Value: strconv.Itoa(n[annual.Included]), Tone: Good},
		{Text: p.T("office.report.lacking"), Value: strconv.Itoa(n[annual.Missing]), Tone: lackingTone(n[annual.Missing])},
		{Text: p.T("office.report.gone"), Value: strconv.Itoa(n[annual.Gone])},
	}
}

func lackingTone(n int) Tone {
	if n > 0 {
		return Bad
	}
	return Good
}

var outcomeTones = map[annual.Outcome]Tone{annual.Included: Good, annual.Covered: Good, annual.Missing: Bad, annual.Conflict: Bad, annual.Gone: Gone}

var outcomeWords = map[annual.Outcome]string{
	annual.Included: "office.report.fate.included", annual.Covered: "office.report.fate.covered", annual.Missing: "office.report.fate.missing",
	annual.Gone: "office.report.fate.gone", annual.Conflict: "office.report.fate.other", annual.Refused: "office.report.fate.other",
	annual.WrongYear: "office.report.fate.other", annual.Undated: "office.report.fate.other", annual.Unlisted: "office.report.fate.other", annual.Duplicate: "office.report.fate.other",
}

// accountList is what became of each body.
func (o *Office) accountList(r *http.Request, p Page, l *cycle.Look) *List {
	columns := []Column{{Key: "body", Text: p.T("annual.office.body")}, {Key: "fate", Text: p.T("law.column.state"), Slim: true},
		{Key: "no", Text: p.T("office.report.no"), Slim: true}, {Key: "note", Text: p.T("office.report.note"), Wide: true}}
	list := NewList(p, p.T("office.report.account"), columns, ListQuery{})
	for _, line := range l.Account {
		row := Row{ID: line.Agency, Cells: []Cell{{Text: line.Name, Lang: "zh-CN"}, {Badge: &Badge{p.T(outcomeWords[line.Outcome]), outcomeTones[line.Outcome]}}, {}, {Text: join(line.Notices), Lang: "zh-CN"}}}
		if line.Source != "" {
			row.Cells[2].Text = p.T("office.report.nth", "n", line.No)
			if o.Actor(r).Can(actor.ReportCollect, actor.In(line.Agency)) {
				row.Cells[0].Href = o.path(r, "/office/reports/%s", line.Source)
			}
		}
		list.Rows = append(list.Rows, row)
	}
	list.Export = false
	return list
}

func join(all []string) string {
	text := ""
	for i, s := range all {
		if i > 0 {
			text += "；"
		}
		text += s
	}
	return text
}
