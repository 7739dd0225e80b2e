package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/print"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// ReportPage is an annual report in the making: show it as "report".
type ReportPage struct {
	Page
	State    *Badge
	Lead     string
	Tools    []Tool
	Tabs     *Tabs
	Steps    []ReportStep
	Stats    []Stat
	Notices  []Notice
	Findings []ReportFinding
	Clean    string // said where nothing was found
	Tables   []ReportTable
	Entry    *Form // around the tables, where figures are typed in
	Cards    []Card
	Lists    []*List
	Forms    []Section
	Side     []Card
	Timeline []Event
}

// ReportStep is one station of the way from the records to the lock.
type ReportStep struct {
	Text, When string
	Done, On   bool
}

// ReportFinding is what a check found, with the form that explains it.
type ReportFinding struct {
	ID                            string
	Code, Text, Cite, Advice, Why string
	Badge                         Badge
	Places                        []ReportPlace
	Form                          *Form
}

// ReportPlace is a place a finding rests on.
type ReportPlace struct{ Label, Quote, Href string }

// ReportTable is a table of the form with its figures.
type ReportTable struct {
	i18n.Printer
	ID, Name string
	Rows     [][]ReportBox
	Input    bool // figures are fields
}

// ReportBox is a printed box: a label, or a figure that leads to where it comes from.
type ReportBox struct {
	form.Box
	Value   string
	Href    string
	Name    string // of the field, and what the figure is called
	Note    string // how it came about, where not from the records
	Tone    string // of the mark
	Problem string
	Head    bool
	Row1    bool // names a row
	Figure  bool
	Absent  bool
}

// The views of a report.
const (
	viewState  = ""
	viewTables = "tables"
	viewText   = "text"
	viewEnter  = "enter"
	viewMerged = "merged"
)

func (o *Office) showReport(w http.ResponseWriter, r *http.Request) error {
	p, _, err := o.reportPage(r, r.URL.Query().Get("view"))
	if err != nil {
		return err
	}
	return o.show(w, r, "report", p)
}

// reportPage is a view of a report.
func (o *Office) reportPage(r *http.Request, view string) (*ReportPage, *cycle.Look, error) {
	l, err := o.Reports.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, nil, err
	}
	p := &ReportPage{Page: o.page(r, l.Report.Title.Text), State: reportState(printer(r), l.State), Lead: printer(r).T("office.report.nth", "n", l.No)}
	if l.Inside {
		p.Crumb(p.T("office.report.nav"), o.path(r, "/office/reports"))
	} else {
		p.Crumb(p.T("office.report.board"), o.path(r, "/office/reports/board")+"?year="+strconv.FormatInt(l.Year, 10))
	}
	if l.Reason != "" {
		p.Lead = p.T("office.report.nth_because", "n", l.No, "reason", l.Reason)
	}
	p.Steps = reportSteps(p.Printer, l)
	p.Tabs = o.reportViews(r, p.Printer, l, view)
	p.Tools = o.reportFiles(r, p.Printer, l)
	switch view {
	case viewTables:
		p.Tables = o.reportTables(r, p.Printer, l, false)
		if o.mayEnter(r, l) {
			p.Tools = append([]Tool{{Text: p.T("office.report.enter"), Href: o.path(r, "/office/reports/%s", l.ID) + "?view=" + viewEnter, Main: true}}, p.Tools...)
		}
	case viewEnter:
		o.enterView(r, p, l)
	case viewText:
		o.textView(p, l)
	case viewMerged:
		o.mergedView(r, p, l)
	default:
		o.stateView(r, p, l)
	}
	return p, l, nil
}

// reportSteps is the way of a report with its days.
func reportSteps(p i18n.Printer, l *cycle.Look) []ReportStep {
	rank := map[cycle.State]int{cycle.Drafting: 0, cycle.Checked: 1, cycle.Reviewing: 2, cycle.Signing: 3, cycle.Signed: 4, cycle.Published: 5,
		cycle.Presented: 6, cycle.Submitted: 6, cycle.Returned: 6, cycle.Accepted: 7, cycle.Locked: 8, cycle.Superseded: 8}[l.State]
	approved := ""
	for _, op := range l.Opinions {
		if op.Step == cycle.Approve {
			approved = When(op.At)
		}
	}
	steps := []ReportStep{
		{Text: "office.report.step.compile", When: When(l.CreatedAt)}, {Text: "office.report.step.check", When: When(l.CheckedAt)},
		{Text: "office.report.step.review", When: approved}, {Text: "office.report.step.sign", When: l.SignedOn.String()},
		{Text: "office.report.step.publish", When: When(l.PublishedAt)}, {Text: "office.report.step.submit", When: When(l.SubmittedAt)},
		{Text: "office.report.step.accept", When: When(l.DecidedAt)}, {Text: "office.report.step.lock", When: When(l.LockedAt)},
	}
	at := []int{0, 1, 2, 3, 4, 5, 6, 7}
	for i := range steps {
		s := &steps[i]
		s.Text = p.T(s.Text)
		s.Done = rank > at[i]
		switch i {
		case 2: // handed in is not yet reviewed
			s.Done = rank > 2
		case 4:
			s.Done = !l.PublishedAt.IsZero() || l.Offline
		case 6:
			s.Done = rank > 6
		}
		if !s.Done {
			s.When = ""
		}
	}
	for i := range steps {
		if !steps[i].Done {
			steps[i].On = true
			break
		}
	}
	return steps
}

func (o *Office) reportViews(r *http.Request, p i18n.Printer, l *cycle.Look, view string) *Tabs {
	at := o.path(r, "/office/reports/%s", l.ID)
	t := &Tabs{Label: p.T("office.report.views"), Tabs: []Tab{
		{Text: p.T("office.report.view.state"), Href: at, On: view == viewState},
		{Text: p.T("office.report.view.tables"), Href: at + "?view=" + viewTables, On: view == viewTables || view == viewEnter},
		{Text: p.T("office.report.view.text"), Href: at + "?view=" + viewText, On: view == viewText},
	}}
	if l.Merged || l.Agency.Kind == "government" && l.Inside {
		t.Tabs = append(t.Tabs, Tab{Text: p.T("office.report.view.merged"), Href: at + "?view=" + viewMerged, On: view == viewMerged})
	}
	return t
}

// reportFiles are the prints to take away.
func (o *Office) reportFiles(r *http.Request, p i18n.Printer, l *cycle.Look) []Tool {
	var all []Tool
	for _, f := range []struct {
		format print.Format
		text   string
	}{{print.DOCX, "Word"}, {print.PDF, "PDF"}, {print.XLSX, "Excel"}} {
		all = append(all, Tool{Text: f.text, Href: o.path(r, "/office/reports/%s/files/%s", l.ID, string(f.format))})
	}
	return append(all, Tool{Text: p.T("office.report.data"), Href: o.path(r, "/office/reports/%s/files/json", l.ID)})
}

// stateView is where the report stands, what was found, and what can be done.
func (o *Office) stateView(r *http.Request, p *ReportPage, l *cycle.Look) {
	o.reportDue(p, l)
	if l.State == cycle.Returned || l.No > 1 && l.State == cycle.Drafting {
		if words := l.Remark + l.Reason; words != "" {
			p.Notices = append(p.Notices, Notice{p.T("office.report.returned", "reason", words), Bad})
		}
	}
	if l.Outdated > 0 {
		p.Notices = append(p.Notices, Notice{p.T("office.report.outdated", "n", l.Outdated), Warn})
	}
	if n := len(l.Missing()); n > 0 && l.Inside {
		key := "office.report.missing"
		if !l.Sourced {
			key = "office.report.unrecorded"
		}
		p.Notices = append(p.Notices, Notice{p.T(key, "n", n), Warn})
	}
	p.Findings = o.reportFindings(r, p.Page, l)
	if len(p.Findings) == 0 {
		p.Clean = p.T("office.report.clean")
	}
	if len(l.Differences) > 0 {
		p.Lists = append(p.Lists, o.differenceList(r, p.Page, l))
	}
	p.Forms = o.reportForms(r, p.Page, l)
	p.Timeline = o.reportEvents(r, p.Printer, l)
}

// reportDue is what is due and what remains of the time.
func (o *Office) reportDue(p *ReportPage, l *cycle.Look) {
	for _, d := range l.Due {
		s := Stat{Text: p.Text(d.What), Value: d.Day.String()}
		met := !l.PublishedAt.IsZero() && !l.SubmittedAt.IsZero() || l.Offline
		if met {
			s.Note, s.Tone = p.T("office.report.met"), Good
		} else {
			left := Left(p.Printer, d.Day, o.today(), 20)
			s.Note, s.Tone = left.Text, left.Tone
		}
		if !d.Cite.IsZero() {
			s.Note += " · " + citeOf(p.Printer, d.Cite)
		}
		p.Stats = append(p.Stats, s)
	}
	open, wants := 0, 0
	for _, f := range l.Findings {
		if f.Blocks {
			open++
		} else if f.Open() {
			wants++
		}
	}
	tone := func(n int, t Tone) Tone {
		if n == 0 {
			return Good
		}
		return t
	}
	p.Stats = append(p.Stats, Stat{Text: p.T("office.report.blocking"), Value: strconv.Itoa(open), Tone: tone(open, Bad), Href: "#findings"},
		Stat{Text: p.T("office.report.unexplained"), Value: strconv.Itoa(wants), Tone: tone(wants, Warn), Href: "#findings"})
}

// reportFindings are the findings, those that keep the report from going on first.
func (o *Office) reportFindings(r *http.Request, p Page, l *cycle.Look) []ReportFinding {
	var first, rest []ReportFinding
	may := l.Inside && cycle.Flow.May(l.State, cycle.Edit) && o.Actor(r).Can(actor.ReportEdit, actor.In(l.Agency.ID))
	for _, f := range l.Findings {
		one := ReportFinding{ID: "finding-" + f.ID, Code: f.Code, Text: p.Text(f.Message), Cite: citeOf(p.Printer, f.Cite), Badge: findingBadge(p.Printer, f)}
		if !f.Advice.IsZero() {
			one.Advice = p.Text(f.Advice)
		}
		for _, q := range f.Places {
			one.Places = append(one.Places, o.reportPlace(r, p.Printer, l, q))
		}
		if f.Explanation != nil {
			one.Why = p.T("office.report.explained", "who", f.Explanation.By, "text", f.Explanation.Text)
		}
		if may && f.Wants {
			g := NewForm(p, "", Group{Fields: []Field{{Name: "text", Label: p.T("office.report.explanation"), Required: true, Most: 500, Lang: "zh-CN"}}}).Apart(f.ID)
			g.Version, g.Hidden = l.Version.Version, []Field{{Name: "do", Value: "explain"}, {Name: "finding", Value: f.ID}}
			g.Buttons = []Button{{Text: p.T("office.report.explain")}}
			one.Form = g
		}
		if f.Open() {
			first = append(first, one)
		} else {
			rest = append(rest, one)
		}
	}
	return append(first, rest...)
}

func findingBadge(p i18n.Printer, f cycle.Finding) Badge {
	switch {
	case f.Blocks:
		return Badge{p.T("office.report.must"), Bad}
	case f.Open():
		return Badge{p.T("office.report.wants"), Warn}
	case f.Wants:
		return Badge{p.T("office.report.done"), Good}
	}
	return Badge{p.T("office.report.info"), Note}
}

// lastYearCell is what the rules call a cell of last year's report, which is not this one's.
const lastYearCell = "rule.at.last_cell"

func (o *Office) reportPlace(r *http.Request, p i18n.Printer, l *cycle.Look, q check.Quote) ReportPlace {
	place := ReportPlace{Quote: q.Text}
	if !q.Label.IsZero() {
		place.Label = p.Text(q.Label)
	}
	if k := form.Key(q.Key); q.Key != "" && l.Form().Cell(k) != nil && q.Label.Key != lastYearCell {
		place.Href = o.path(r, "/office/reports/%s/cells/%s", l.ID, q.Key)
	}
	return place
}

// differenceList is where the records now say otherwise than the report.
func (o *Office) differenceList(r *http.Request, p Page, l *cycle.Look) *List {
	columns := []Column{{Key: "cell", Text: p.T("office.report.cell")}, {Key: "have", Text: p.T("office.report.have"), Num: true, Slim: true},
		{Key: "now", Text: p.T("office.report.now"), Num: true, Slim: true}, {Key: "note", Text: p.T("office.report.note"), Wide: true}}
	list := NewList(p, p.T("office.report.differences"), columns, ListQuery{})
	for _, d := range l.Differences {
		note := ""
		switch {
		case d.Reworked:
			note = p.T("office.report.reworked")
		case d.Entered:
			note = p.T("office.report.typed")
		}
		have, now := p.T("office.report.none"), p.T("office.report.none")
		if d.Have != nil {
			have = d.Have.String()
		}
		if d.Now != nil {
			now = d.Now.String()
		}
		list.Rows = append(list.Rows, Row{ID: string(d.Key), Cells: []Cell{{Text: l.Form().Label(d.Key), Href: o.path(r, "/office/reports/%s/cells/%s", l.ID, string(d.Key)), Lang: "zh-CN"}, {Text: have}, {Text: now}, {Text: note}}})
	}
	list.Export = false
	return list
}

// reportEvents is who did what, and the versions there are.
func (o *Office) reportEvents(r *http.Request, p i18n.Printer, l *cycle.Look) []Event {
	var all []Event
	for i := len(l.Opinions) - 1; i >= 0; i-- {
		op := l.Opinions[i]
		tone := Good
		if op.Step == cycle.Return || op.Step == cycle.SendBack || op.Step == cycle.Reopen {
			tone = Bad
		}
		all = append(all, Event{When: When(op.At), Who: op.Name, Title: p.Text(op.Step.Message()), Note: op.Text, Tone: tone})
	}
	all = append(all, Event{When: When(l.CreatedAt), Title: p.T("office.report.step.compile"), Tone: Wait})
	for _, v := range l.Versions {
		if v.ID != l.ID {
			all = append(all, Event{When: When(v.CreatedAt), Title: p.T("office.report.nth", "n", v.No), Href: o.path(r, "/office/reports/%s", v.ID), Note: p.Text(v.State.Message())})
		}
	}
	return all
}

// textView is the text in its parts, each with what follows the figures.
func (o *Office) textView(p *ReportPage, l *cycle.Look) {
	may := l.Inside && cycle.Flow.May(l.State, cycle.Edit)
	if !may {
		for _, part := range cycle.Parts {
			if text := l.Body.Text(part); text != "" {
				p.Cards = append(p.Cards, Card{ID: part, Title: partName(p.Printer, l.Form(), part), Facts: paragraphFacts(l.Body.Sections[part])})
			}
		}
		return
	}
	var g Group
	for _, part := range cycle.Parts {
		all := l.Body.Sections[part]
		bound := 0
		for _, one := range all {
			if one.Bound() {
				bound++
			}
		}
		f := Field{Name: part, Label: partName(p.Printer, l.Form(), part), Kind: LongField, Value: l.Body.Text(part), Rows: min(max(3, 2*len(all)), 18), Lang: "zh-CN"}
		if bound > 0 {
			f.Hint = p.T("office.report.bound", "n", bound)
		}
		g.Fields = append(g.Fields, f)
	}
	form := NewForm(p.Page, "", g)
	form.Version, form.Hidden = l.Version.Version, []Field{{Name: "do", Value: "write"}}
	form.Buttons = []Button{{Text: p.T("office.report.save"), Tone: "primary"}}
	p.Forms = []Section{{ID: "write", Title: p.T("office.report.view.text"), Note: p.T("office.report.text_note"), Form: form}}
}

func partName(p i18n.Printer, f *form.Form, part string) string {
	if s := f.Section(part); s != nil {
		return s.Full
	}
	return p.T("office.report.preface")
}

func paragraphFacts(all []cycle.Paragraph) []Fact {
	var facts []Fact
	for i, one := range all {
		facts = append(facts, Fact{Label: strconv.Itoa(i + 1), Value: one.Text, Lang: "zh-CN"})
	}
	return facts
}

// sendReport sends a print, the signed file, or its receipt.
func (o *Office) sendReport(w http.ResponseWriter, r *http.Request) error {
	id, kind := r.PathValue("id"), r.PathValue("kind")
	var name string
	var data []byte
	var err error
	media := "application/json"
	switch kind {
	case "signed":
		name, data, err = o.Reports.Carry(r.Context(), o.Actor(r), id)
	case "receipt":
		name, data, err = o.Reports.Receipt(r.Context(), o.Actor(r), id)
	default:
		f, wrong := print.ParseFormat(kind)
		if wrong != nil {
			return web.ErrNoPage
		}
		media = f.MediaType()
		name, data, err = o.Reports.Print(r.Context(), o.Actor(r), id, f)
	}
	if err != nil {
		return err
	}
	attach(w, media, name)
	if _, err := w.Write(data); err != nil {
		return nil // the browser has gone
	}
	return nil
}
