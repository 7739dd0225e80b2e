package office

import (
	"net/http"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// sectionTones are how the states of sections are shown.
var sectionTones = map[section.State]Tone{section.Overdue: Bad, section.Soon: Warn, section.Current: Good, section.Unwatched: Plain}

var sectionStates = []section.State{section.Overdue, section.Soon, section.Current, section.Unwatched}

func sectionStateWord(s section.State) i18n.Message {
	return map[section.State]i18n.Message{
		section.Overdue: i18n.M("sections.state.overdue"), section.Soon: i18n.M("sections.state.soon"),
		section.Current: i18n.M("sections.state.current"), section.Unwatched: i18n.M("sections.state.unwatched"),
	}[s]
}

// sectionBadge says how a section stands: how many days are left or over.
func sectionBadge(p i18n.Printer, l *section.Line, today date.Date) Badge {
	if l.State == section.Unwatched && l.Fresh.Duty.Rhythm == section.Event {
		return Badge{p.T("sections.state.nothing"), Plain}
	}
	if l.State == section.Unwatched {
		return Badge{p.Text(sectionStateWord(l.State)), Plain}
	}
	b := Left(p, l.Watch.Due, today, 0)
	b.Tone = sectionTones[l.State]
	return b
}

func sectionColumns(p i18n.Printer) []Column {
	return []Column{
		{Key: "name", Text: p.T("sections.name")}, {Key: "kind", Text: p.T("sections.kind"), Slim: true, Wide: true},
		{Key: "duty", Text: p.T("sections.duty"), Wide: true}, {Key: "owner", Text: p.T("sections.owner")},
		{Key: "last", Text: p.T("sections.last"), Slim: true}, {Key: "state", Text: p.T("sections.state"), Slim: true},
	}
}

// sectionCells are a section's values in the order of sectionColumns.
func (o *Office) sectionCells(r *http.Request, l *section.Line, deep int, today date.Date) []Cell {
	p := printer(r)
	s := l.Section
	name := Cell{Text: s.Name, Href: o.path(r, "/office/sections/%s", s.ID), Deep: deep, Lang: "zh-CN"}
	if deep < 0 {
		name.Deep, name.Sub = 0, strings.TrimSuffix(strings.TrimSuffix(l.Path, s.Name), " / ")
	}
	badge := sectionBadge(p, l, today)
	return []Cell{
		name, {Text: p.Text(s.Kind.Message())}, {Text: p.Text(l.Fresh.Duty.Message())},
		{Text: s.OwnerName, Sub: s.Department, Lang: "zh-CN"}, {Text: l.Fresh.Last.String()}, {Badge: &badge},
	}
}

// listSections shows the tree of the body's sections, or those a filter fits.
func (o *Office) listSections(w http.ResponseWriter, r *http.Request) error {
	body, err := o.body(r)
	if err != nil {
		return err
	}
	lines, today, err := o.Sections.Lines(r.Context(), o.Actor(r), body)
	if err != nil {
		return err
	}
	p := ListPage{Page: o.page(r, printer(r).T("sections.title")), Lead: printer(r).T("sections.lead")}
	if r.URL.Query().Get("view") == "remarks" {
		return o.listRemarks(w, r, &p, lines)
	}
	q := ReadList(r, nil, "")
	found := fitting(lines, web.ReadQuery(r))
	if q.Format != "" {
		return o.exportSections(w, r, q, found, today)
	}
	p.List = NewList(p.Page, p.Title, sectionColumns(p.Printer), q)
	p.List.FilterBy(sectionFilter(p.Printer)...)
	p.List.Total = p.T("sections.total", "n", len(found))
	o.treeRows(r, p.List, found, today)
	o.sectionTools(r, &p, body, lines)
	return o.show(w, r, "list", &p)
}

// treeRows are sections as deep as they stand, or when filtered with what stands above them.
func (o *Office) treeRows(r *http.Request, l *List, found []*section.Line, today date.Date) {
	filtered := l.Filtered()
	for _, line := range window(l, found, func(l *section.Line) string { return l.Section.ID }) {
		deep := strings.Count(line.Path, " / ")
		if filtered {
			deep = -1
		}
		row := Row{ID: line.Section.ID, Name: line.Section.Name, Cells: o.sectionCells(r, line, deep, today)}
		if line.State == section.Overdue {
			row.Tone = Bad
		}
		l.Rows = append(l.Rows, row)
	}
}

func sectionFilter(p i18n.Printer) []Field {
	all := p.T("office.any")
	return []Field{
		{Name: "q", Label: p.T("sections.find")},
		{Name: "kind", Label: p.T("sections.kind"), Kind: SelectField, Choices: choices(p, all, section.Kinds, section.Kind.Message)},
		{Name: "state", Label: p.T("sections.state"), Kind: SelectField, Choices: choices(p, all, sectionStates, sectionStateWord)},
	}
}

// fitting returns the lines that a filter lets pass.
func fitting(lines []*section.Line, f *web.Form) []*section.Line {
	text, kind, state := f.Text("q"), f.Text("kind"), f.Text("state")
	var found []*section.Line
	for _, l := range lines {
		s := l.Section
		words := s.Name + " " + s.Department + " " + s.OwnerName + " " + s.Catalogue.Content
		if strings.Contains(words, text) && (kind == "" || string(s.Kind) == kind) && (state == "" || string(l.State) == state) {
			found = append(found, l)
		}
	}
	return found
}

// sectionTools are what can be done with the tree, and the tab of what to look at in it.
func (o *Office) sectionTools(r *http.Request, p *ListPage, body string, lines []*section.Line) {
	by, in := o.Actor(r), actor.In(body)
	if by.Can(actor.SectionImport, in) {
		p.Tools = append(p.Tools, Tool{Text: p.T("sections.import"), Href: o.path(r, "/office/sections/import")})
	}
	if by.Can(actor.SectionCreate, in) {
		p.Tools = append(p.Tools, Tool{Text: p.T("sections.new"), Href: o.path(r, "/office/sections/new"), Main: true, New: true})
		p.List.Start = web.Link{Text: p.T("sections.new"), Href: o.path(r, "/office/sections/new")}
	}
	p.List.Empty = p.T("sections.empty")
	remarks := o.remarks(r, body, lines)
	p.Tabs = o.sectionTabs(r, p.Page, "", len(remarks))
}

func (o *Office) sectionTabs(r *http.Request, p Page, view string, remarks int) *Tabs {
	return &Tabs{Label: p.T("sections.title"), Tabs: []Tab{
		{Text: p.T("sections.tree"), Href: o.path(r, "/office/sections"), On: view == ""},
		{Text: p.T("sections.remarks"), Href: o.path(r, "/office/sections?view=remarks"), On: view == "remarks", Count: remarks},
	}}
}

// remarks finds what in the tree is not as the platform shall be.
func (o *Office) remarks(r *http.Request, body string, lines []*section.Line) []section.Remark {
	all := make([]*section.Section, len(lines))
	for i, l := range lines {
		all[i] = l.Section
	}
	return section.NewTree(all).Remarks(o.levelOf(r, body))
}

// remarkTones are the severities as the page colours them, with their words.
var remarkTones = map[check.Severity]struct {
	tone Tone
	word i18n.Message
}{
	check.Error: {Bad, i18n.M("sections.remark.error")}, check.Warning: {Warn, i18n.M("sections.remark.warning")},
	check.Info: {Note, i18n.M("sections.remark.info")},
}

func (o *Office) listRemarks(w http.ResponseWriter, r *http.Request, p *ListPage, lines []*section.Line) error {
	remarks := o.remarks(r, o.Body(r), lines)
	q := ReadList(r, nil, "")
	q.Filter.Del("view") // which list it is, and no filter
	p.List = NewList(p.Page, p.T("sections.remarks"), []Column{
		{Key: "what", Text: p.T("sections.remarks")}, {Key: "grade", Text: p.T("sections.remark.grade"), Slim: true},
		{Key: "cite", Text: p.T("sections.remark.cite"), Wide: true},
	}, q)
	p.List.Export, p.List.Empty = false, p.T("sections.remark.none")
	for _, m := range remarks {
		t := remarkTones[m.Severity]
		what := Cell{Text: p.Text(m.Message)}
		if m.Section != nil {
			what.Href = o.path(r, "/office/sections/%s", m.Section.ID)
		}
		p.List.Rows = append(p.List.Rows, Row{Name: what.Text, Cells: []Cell{what, {Badge: &Badge{p.Text(t.word), t.tone}},
			{Text: citeOf(p.Printer, m.Cite), Sub: m.Code}}})
	}
	if slices.ContainsFunc(remarks, func(m section.Remark) bool { return m.Section == nil }) && o.Actor(r).Can(actor.SectionCreate, actor.In(o.Body(r))) {
		p.List.BulkTo = o.path(r, "/office/sections/establish")
		p.List.Bulk = []Bulk{{Value: "establish", Text: p.T("sections.establish")}}
	}
	p.Tabs = o.sectionTabs(r, p.Page, "remarks", len(remarks))
	return o.show(w, r, "list", p)
}

// establishSections makes the prescribed columns the body lacks.
func (o *Office) establishSections(w http.ResponseWriter, r *http.Request) error {
	n, err := o.Sections.Establish(r.Context(), o.Actor(r), o.Body(r))
	if err != nil {
		return err
	}
	return o.done(w, r, i18n.M("sections.established", "n", n), "/office/sections")
}

func (o *Office) exportSections(w http.ResponseWriter, r *http.Request, q ListQuery, found []*section.Line, today date.Date) error {
	p := printer(r)
	columns := append([]Column{{Text: p.T("sections.path")}}, sectionColumns(p)[1:]...)
	rows := make([][]string, len(found))
	for i, l := range found {
		b := sectionBadge(p, l, today)
		rows[i] = []string{l.Path, p.Text(l.Section.Kind.Message()), p.Text(l.Fresh.Duty.Message()),
			strings.Trim(l.Section.Department+" "+l.Section.OwnerName, " "), l.Fresh.Last.String(), b.Text}
	}
	return export(w, q, p.T("sections.title"), columns, each(rows))
}
