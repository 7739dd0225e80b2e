package office

import (
	"net/http"
	"slices"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/paper/chart"
	"gongkai/internal/web"
)

// boardTabs are the boards a person may look at.
func (o *Office) boardTabs(r *http.Request, p Page, view string) *Tabs {
	t := &Tabs{Label: p.T("board.title"), Tabs: []Tab{
		{Text: p.T("board.body"), Href: o.path(r, "/office/board"), On: view == "body"},
		{Text: p.T("board.mine"), Href: o.path(r, "/office/board/mine"), On: view == "mine"},
	}}
	if o.Actor(r).Somewhere(actor.BoardOversee) {
		t.Tabs = append(t.Tabs, Tab{Text: p.T("board.bodies"), Href: o.path(r, "/office/board/bodies"), On: view == "bodies"})
	}
	return t
}

// showBoard shows how current the sections of the person's body are.
func (o *Office) showBoard(w http.ResponseWriter, r *http.Request) error {
	body, err := o.body(r)
	if err != nil {
		return err
	}
	return o.showBoardOf(w, r, body, "body", printer(r).T("board.title"))
}

// showBodyBoard is the same of a body below the person's, where the supervisor's board leads.
func (o *Office) showBodyBoard(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	names, err := o.bodyNames(r, []string{id})
	if err != nil {
		return err
	}
	return o.showBoardOf(w, r, id, "bodies", names[id])
}

func (o *Office) showBoardOf(w http.ResponseWriter, r *http.Request, body, view, title string) error {
	lines, today, err := o.Sections.Lines(r.Context(), o.Actor(r), body)
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, title), Lead: printer(r).T("board.lead", "on", today)}
	if view == "bodies" {
		p.Crumb(p.T("board.bodies"), o.path(r, "/office/board/bodies"))
	}
	p.Tabs = o.boardTabs(r, p.Page, view)
	q := ReadList(r, nil, "")
	found := fitting(lines, web.ReadQuery(r))
	slices.SortStableFunc(found, byUrgency)
	if q.Format != "" {
		return o.exportSections(w, r, q, found, today)
	}
	p.Cards = o.boardCards(p.Page, lines)
	l := NewList(p.Page, p.T("board.sections"), sectionColumns(p.Printer), q)
	l.FilterBy(sectionFilter(p.Printer)...)
	l.Total, l.Empty = p.T("sections.total", "n", len(found)), p.T("sections.empty")
	for _, line := range window(l, found, func(l *section.Line) string { return l.Section.ID }) {
		l.Rows = append(l.Rows, Row{ID: line.Section.ID, Name: line.Section.Name, Cells: o.sectionCells(r, line, -1, today)})
	}
	if o.Actor(r).Can(actor.BoardRemind, actor.In(body)) {
		l.BulkTo, l.Bulk = o.path(r, "/office/board/remind?body=%s", body), []Bulk{{Value: "remind", Text: p.T("board.remind_picked")}}
	}
	p.Lists = []*List{l}
	return o.show(w, r, "record", p)
}

// byUrgency puts the overdue first, the longest overdue at the top, and what is not watched last.
func byUrgency(a, b *section.Line) int {
	if a.Watch.Due.IsZero() != b.Watch.Due.IsZero() {
		return before(b.Watch.Due.IsZero())
	}
	return a.Watch.Due.Compare(b.Watch.Due)
}

// boardCards draw the states of a body's sections, and who has most of them overdue.
func (o *Office) boardCards(p Page, lines []*section.Line) []Card {
	count := map[section.State]int{}
	for _, l := range lines {
		count[l.State]++
	}
	var bars []chart.Bar
	for _, s := range sectionStates {
		bars = append(bars, chart.Bar{Label: p.Text(sectionStateWord(s)), Value: float64(count[s]), Text: strconv.Itoa(count[s])})
	}
	cards := []Card{{ID: "states", Title: p.T("board.states"), Chart: Draw(chart.Ranked{Title: p.T("board.states"), Bars: bars})}}
	for _, g := range []struct {
		id, title string
		name      func(*section.Section) string
	}{
		{"departments", "board.departments", func(s *section.Section) string { return s.Department }},
		{"people", "board.people", func(s *section.Section) string { return s.OwnerName }},
	} {
		cards = append(cards, groupCard(p, g.id, p.T(g.title), section.GroupBy(lines, g.name)))
	}
	return cards
}

// mostGroups is how many departments or people a card lists.
const mostGroups = 8

func groupCard(p Page, id, title string, groups []section.Group) Card {
	c := Card{ID: id, Title: title, Empty: p.T("sections.empty")}
	for _, g := range groups[:min(len(groups), mostGroups)] {
		name := g.Name
		if name == "" {
			name = p.T("board.nobody")
		}
		f := Fact{Label: name, Value: p.T("board.of", "n", g.Sections)}
		switch {
		case g.Overdue > 0:
			f.Badge = &Badge{p.T("board.overdue", "n", g.Overdue), Bad}
		case g.Soon > 0:
			f.Badge = &Badge{p.T("board.soon", "n", g.Soon), Warn}
		}
		c.Facts = append(c.Facts, f)
	}
	return c
}

// showMine lists the sections the person answers for, in all bodies.
func (o *Office) showMine(w http.ResponseWriter, r *http.Request) error {
	lines, today, err := o.Sections.Mine(r.Context(), o.Actor(r))
	if err != nil {
		return err
	}
	p := ListPage{Page: o.page(r, printer(r).T("board.mine")), Lead: printer(r).T("board.mine_lead")}
	q := ReadList(r, nil, "")
	if q.Format != "" {
		return o.exportSections(w, r, q, lines, today)
	}
	p.Tabs = o.boardTabs(r, p.Page, "mine")
	p.List = NewList(p.Page, p.Title, sectionColumns(p.Printer), q)
	p.List.Empty, p.List.Total = p.T("board.mine_empty"), p.T("sections.total", "n", len(lines))
	for _, line := range window(p.List, lines, func(l *section.Line) string { return l.Section.ID }) {
		p.List.Rows = append(p.List.Rows, Row{ID: line.Section.ID, Name: line.Section.Name, Cells: o.sectionCells(r, line, -1, today)})
	}
	return o.show(w, r, "list", &p)
}

func bodiesBoardColumns(p i18n.Printer) []Column {
	return []Column{
		{Key: "body", Text: p.T("agency.column.name")}, {Key: "overdue", Text: p.T("sections.state.overdue"), Num: true, Slim: true, Sort: true},
		{Key: "soon", Text: p.T("sections.state.soon"), Num: true, Slim: true}, {Key: "current", Text: p.T("sections.state.current"), Num: true, Slim: true},
		{Key: "empty", Text: p.T("board.empty"), Num: true, Slim: true}, {Key: "stale", Text: p.T("board.stale"), Num: true, Slim: true, Wide: true},
		{Key: "oldest", Text: p.T("board.oldest"), Slim: true, Wide: true}, {Key: "risk", Text: p.T("board.risk"), Slim: true},
	}
}

// showBodiesBoard is the supervisor's board: all bodies below, worst first.
func (o *Office) showBodiesBoard(w http.ResponseWriter, r *http.Request) error {
	all, today, err := o.Sections.Board(r.Context(), o.Actor(r))
	if err != nil {
		return err
	}
	ids := make([]string, len(all))
	for i, s := range all {
		ids[i] = s.Agency
	}
	names, err := o.bodyNames(r, ids)
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("board.bodies")), Lead: printer(r).T("board.bodies_lead", "on", today)}
	columns := bodiesBoardColumns(p.Printer)
	q := ReadList(r, columns, "-overdue")
	if q.Format != "" {
		return export(w, q, p.Title, columns, each(o.standingTexts(p.Printer, all, names)))
	}
	p.Tabs = o.boardTabs(r, p.Page, "bodies")
	p.Cards = standingCards(p.Page, all, names)
	p.Lists = []*List{o.standingList(r, p.Page, columns, q, all, names)}
	return o.show(w, r, "record", p)
}

func (o *Office) standingList(r *http.Request, p Page, columns []Column, q ListQuery, all []*section.Standing, names map[string]string) *List {
	l := NewList(p, p.T("board.bodies"), columns, q)
	l.Total, l.Empty = p.T("board.total", "n", len(all)), p.T("board.bodies_empty")
	if q.Sort == "overdue" && !q.Down {
		slices.Reverse(all)
	}
	for _, s := range window(l, all, func(s *section.Standing) string { return s.Agency }) {
		row := Row{ID: s.Agency, Name: names[s.Agency], Cells: []Cell{
			{Text: names[s.Agency], Href: o.path(r, "/office/board/bodies/%s", s.Agency), Lang: "zh-CN"},
			{Text: strconv.Itoa(s.Overdue), Href: o.path(r, "/office/board/bodies/%s?state=overdue", s.Agency)},
			{Text: strconv.Itoa(s.Soon)}, {Text: strconv.Itoa(s.Current)}, {Text: strconv.Itoa(s.Empty)},
			{Text: strconv.Itoa(s.News + s.Notices)}, {Text: s.Oldest.String()}, {},
		}}
		if s.Fails() {
			row.Cells[len(row.Cells)-1].Badge = &Badge{p.T("board.fails"), Bad}
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

func (o *Office) standingTexts(p i18n.Printer, all []*section.Standing, names map[string]string) [][]string {
	rows := make([][]string, len(all))
	for i, s := range all {
		risk := ""
		if s.Fails() {
			risk = p.T("board.fails")
		}
		rows[i] = []string{names[s.Agency], strconv.Itoa(s.Overdue), strconv.Itoa(s.Soon), strconv.Itoa(s.Current),
			strconv.Itoa(s.Empty), strconv.Itoa(s.News + s.Notices), s.Oldest.String(), risk}
	}
	return rows
}

// standingCards sum the bodies up and draw those with most overdue.
func standingCards(p Page, all []*section.Standing, names map[string]string) []Card {
	var sum section.Standing
	fails := 0
	for _, s := range all {
		sum.Sections += s.Sections
		sum.Overdue += s.Overdue
		sum.Soon += s.Soon
		sum.Empty += s.Empty
		if s.Fails() {
			fails++
		}
	}
	facts := []Fact{
		{Label: p.T("board.count"), Value: strconv.Itoa(len(all))}, {Label: p.T("board.sections"), Value: strconv.Itoa(sum.Sections)},
		{Label: p.T("sections.state.overdue"), Value: strconv.Itoa(sum.Overdue)}, {Label: p.T("sections.state.soon"), Value: strconv.Itoa(sum.Soon)},
		{Label: p.T("board.empty"), Value: strconv.Itoa(sum.Empty)}, {Label: p.T("board.risk_bodies"), Value: strconv.Itoa(fails)},
	}
	var bars []chart.Bar
	for _, s := range all[:min(len(all), mostGroups)] {
		if s.Overdue > 0 {
			bars = append(bars, chart.Bar{Label: names[s.Agency], Value: float64(s.Overdue), Text: strconv.Itoa(s.Overdue)})
		}
	}
	cards := []Card{{ID: "sum", Title: p.T("board.sum"), Facts: facts, Note: p.T("board.risk_note")}}
	if len(bars) > 0 {
		cards = append(cards, Card{ID: "worst", Title: p.T("board.worst"), Chart: Draw(chart.Ranked{Title: p.T("board.worst"), Bars: bars})})
	}
	return cards
}

// bodyNames returns what bodies are called; one not on record goes by its key.
func (o *Office) bodyNames(r *http.Request, ids []string) (names map[string]string, err error) {
	err = o.Sections.DB.View(r.Context(), func(tx *db.Tx) error {
		names, err = agency.Names(tx, ids)
		return err
	})
	for _, id := range ids {
		if err == nil && names[id] == "" {
			names[id] = id
		}
	}
	return names, err
}

// remindOwners reminds the owners of the ticked sections.
func (o *Office) remindOwners(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	body := r.URL.Query().Get("body")
	n, err := o.Sections.Remind(r.Context(), o.Actor(r), body, f.List("id"))
	if err != nil {
		return err
	}
	if body == o.Body(r) {
		return o.done(w, r, i18n.M("board.reminded", "n", n), "/office/board")
	}
	return o.done(w, r, i18n.M("board.reminded", "n", n), "/office/board/bodies/%s", body)
}

// pressing are the person's sections that are overdue or about to be.
func (o *Office) pressing(r *http.Request) ([]*section.Line, date.Date, error) {
	lines, today, err := o.Sections.Mine(r.Context(), o.Actor(r))
	return slices.DeleteFunc(lines, func(l *section.Line) bool { return l.State != section.Overdue && l.State != section.Soon }), today, err
}

// sectionTasks are the person's sections that must be updated.
func (o *Office) sectionTasks(r *http.Request, limit int) ([]Task, error) {
	lines, _, err := o.pressing(r)
	var all []Task
	for _, l := range lines[:min(len(lines), limit)] {
		all = append(all, Task{Kind: i18n.M("sections.task"), Title: l.Section.Name, Href: o.path(r, "/office/sections/%s", l.Section.ID), Due: l.Watch.Due})
	}
	return all, err
}

// countSections counts them, for the navigation.
func (o *Office) countSections(r *http.Request) (Count, error) {
	lines, _, err := o.pressing(r)
	c := Count{N: len(lines)}
	if slices.ContainsFunc(lines, func(l *section.Line) bool { return l.State == section.Overdue }) {
		c.Tone = Bad
	}
	return c, err
}
