package office

import (
	"net/http"
	"strconv"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// requestPage is a request with all that happened to it and all that can be done: show it as
// "request".
type requestPage struct {
	Page
	State   *Badge
	Lead    string
	Tools   []Tool
	Tabs    *Tabs
	Said    string // what to do next
	Next    []Tool
	Notices []Notice
	Clock   *clockView
	Days    bool // shows the count day by day
	Acts    []actGroup
	Cards   []Card
	Lists   []*List
	Offer   *Section // to draft for the public what many asked for
	Events  []Event
	Reveal  string // where the applicant's data in full are asked for, "" if they may not be
}

// actGroup is acts that belong together.
type actGroup struct {
	Title string
	Links []actLink
}

// actLink leads to the page of an act.
type actLink struct{ Text, Href, Note string }

// The views of a request.
const (
	requestHandle = ""
	requestClock  = "clock"
	requestPapers = "papers"
	requestSteps  = "steps"
)

func (o *Office) showRequest(w http.ResponseWriter, r *http.Request) error {
	v, err := o.Requests.Load(r.Context(), o.Actor(r), r.PathValue("id"), false)
	if err != nil {
		return err
	}
	p := o.requestPageOf(r, v, r.URL.Query().Get("view"))
	if p.Said != "" {
		if p.Offer, err = o.itemOffer(r, p.Page, v); err != nil {
			return err
		}
	}
	return o.show(w, r, "request", p)
}

// revealRequest shows the applicant's data in full. It is posted, as each time is on record.
func (o *Office) revealRequest(w http.ResponseWriter, r *http.Request) error {
	v, err := o.Requests.Load(r.Context(), o.Actor(r), r.PathValue("id"), true)
	if err != nil {
		return err
	}
	return o.show(w, r, "request", o.requestPageOf(r, v, requestHandle))
}

func (o *Office) requestPageOf(r *http.Request, v *foi.View, view string) *requestPage {
	p := &requestPage{Page: o.page(r, v.Request.Title), State: requestState(printer(r), v.Request.State), Lead: o.requestLead(r, v)}
	p.Crumb(p.T("requests.title"), o.path(r, "/office/requests"))
	at := o.path(r, "/office/requests/%s", v.Request.ID)
	p.Tabs = &Tabs{Label: p.T("requests.views"), Tabs: []Tab{
		{Text: p.T("requests.view.handle"), Href: at, On: view == requestHandle}, {Text: p.T("requests.view.clock"), Href: at + "?view=clock", On: view == requestClock},
		{Text: p.T("requests.view.papers"), Href: at + "?view=papers", On: view == requestPapers, Count: len(v.Letters) + len(v.Files)},
		{Text: p.T("requests.view.steps"), Href: at + "?view=steps", On: view == requestSteps}}}
	p.Clock = o.clockOf(r, p.Printer, v)
	p.Tools = o.exportTools(r, p.Printer, v)
	switch view {
	case requestClock:
		p.Days = true
	case requestPapers:
		p.Lists = []*List{o.letterList(r, p.Page, v), o.requestFileList(r, p.Page, v)}
		p.Acts = o.actGroups(r, p.Printer, v, "papers")
		p.Cards = []Card{o.requestForms(r, p.Printer, v)}
	case requestSteps:
		p.Events = requestEvents(p.Printer, at, v)
	default:
		o.handleView(r, p, v)
	}
	return p
}

// requestLead is the line under the title: number, channel, applicant.
func (o *Office) requestLead(r *http.Request, v *foi.View) string {
	p, q := printer(r), v.Request
	no := q.No
	if no == "" {
		no = p.T("requests.no_number")
	}
	parts := []string{no, p.Text(foi.Word(string(q.Nature))), p.Text(foi.Word(string(q.Channel))), q.Masked}
	if q.Department != "" {
		parts = append(parts, q.Department)
	}
	return strings.Join(parts, " · ")
}

// handleView is what has to be done now, what can be done, and what is on record.
func (o *Office) handleView(r *http.Request, p *requestPage, v *foi.View) {
	by := o.Actor(r)
	p.Said, p.Next = o.requestNext(r, p.Printer, v)
	p.Notices = o.requestNotices(r, p.Printer, v)
	p.Acts = o.actGroups(r, p.Printer, v, "")
	p.Cards = append(p.Cards, o.applicationCards(p.Printer, v)...)
	p.Cards = append(p.Cards, o.recordCards(r, p.Printer, v)...)
	if !v.Revealed && by.Can(actor.FoiReveal, actor.In(v.Request.Agency)) {
		p.Reveal = o.path(r, "/office/requests/%s/reveal", v.Request.ID)
	}
	if l := o.neighbourList(r, p.Page, v); l != nil {
		p.Lists = append(p.Lists, l)
	}
	if l := o.familyList(r, p.Page, v); l != nil {
		p.Lists = append(p.Lists, l)
	}
}

// requestNotices are what to know before anything is done.
func (o *Office) requestNotices(r *http.Request, p i18n.Printer, v *foi.View) (all []Notice) {
	q, c := v.Request, v.Record
	if q.State.Open() && !q.Due.IsZero() && v.Clock.Overdue {
		all = append(all, Notice{p.T("requests.notice.overdue", "due", v.Clock.Due), Bad})
	}
	if len(v.Reviews) > 0 && c.Decision != nil && q.State == foi.Reviewing {
		all = append(all, Notice{p.T("requests.notice.reviewing", "who", c.Decision.ByName, "left", p.List(reviewWords(p, v.Reviews))), Wait})
	}
	for _, s := range c.Reviews {
		if !s.OK && q.State == foi.Handling {
			all = append(all, Notice{p.T("requests.notice.returned", "review", p.Text(foi.Word("review_"+string(s.Kind))), "who", s.Name, "note", s.Note), Bad})
		}
	}
	if e := c.Extension; e != nil && e.Approved.IsZero() {
		all = append(all, Notice{p.T("requests.notice.extension", "n", e.Days, "who", e.ByName), Wait})
	}
	if d := c.Delivery; d != nil && d.Failed != "" {
		all = append(all, Notice{p.T("requests.notice.failed", "why", d.Failed), Bad})
	}
	if askedOften(v) {
		all = append(all, Notice{p.T("requests.notice.alike", "n", len(v.SameSought)+1), Note})
	}
	return all
}

func reviewWords(p i18n.Printer, all []foi.ReviewKind) []string {
	var out []string
	for _, k := range all {
		out = append(out, p.Text(foi.Word("review_"+string(k))))
	}
	return out
}

// requestNext says what the next step is and leads to it.
func (o *Office) requestNext(r *http.Request, p i18n.Printer, v *foi.View) (string, []Tool) {
	at := o.path(r, "/office/requests/%s", v.Request.ID)
	do := func(act, key string) Tool { return Tool{Text: p.T(key), Href: at + "/do/" + act, Main: true} }
	for _, l := range v.Letters {
		if l.State != foi.Drafted && l.State != foi.Finished || !v.Can(o.Actor(r), actor.FoiHandle) {
			continue
		}
		key := "requests.next.letter"
		if l.State == foi.Finished {
			key = "requests.next.send"
		}
		return p.T(key, "name", letterName(l)), []Tool{{Text: p.T("requests.next.open_letter"), Href: at + "/letters/" + l.ID, Main: true}}
	}
	c := v.Record
	switch v.Request.State {
	case foi.Submitted:
		return p.T("requests.next.confirm"), o.offered(r, v, do("confirm", "requests.act.confirm"))
	case foi.Correcting:
		return p.T("requests.next.correcting", "due", c.Correction.Due), o.offered(r, v, do("corrected", "requests.act.corrected"))
	case foi.Reasoning:
		return p.T("requests.next.reasoning", "due", c.Reasons.Due), o.offered(r, v, do("given", "requests.act.given"))
	case foi.Paying:
		return p.T("requests.next.paying", "due", c.Fee.Due), o.offered(r, v, do("pay", "requests.act.pay"))
	case foi.Reviewing:
		return p.T("requests.next.review", "left", p.List(reviewWords(p, v.Reviews))), o.reviewTool(r, p, v)
	case foi.Approved:
		return p.T("requests.next.approved"), nil
	case foi.Handling:
		return o.handlingNext(r, p, v, do)
	case foi.Closed:
		if v.Request.Outcome != "" {
			return p.T("requests.next.closed", "outcome", p.Text(v.Request.Outcome.Message())), nil
		}
	}
	return p.T("requests.next.none"), nil
}

// handlingNext goes by what is on record: who handles it, what was looked for, who is asked.
func (o *Office) handlingNext(r *http.Request, p i18n.Printer, v *foi.View, do func(act, key string) Tool) (string, []Tool) {
	c, by := v.Record, o.Actor(r)
	if e := c.Extension; e != nil && e.Approved.IsZero() && v.Can(by, actor.FoiApprove) && e.By != by.ID {
		return p.T("requests.next.extension", "n", e.Days), []Tool{do("extension", "requests.act.extension")}
	}
	if c.Assignment.Department == "" && len(c.Assignment.Handlers) == 0 && v.Can(by, actor.FoiAssign) {
		return p.T("requests.next.assign"), o.offered(r, v, do("assign", "requests.act.assign"))
	}
	for _, one := range c.Consulted {
		if !one.Sent.IsZero() && one.Replied.IsZero() {
			key, note := "requests.act.opinion", "requests.next.consulting"
			return p.T(note, "name", one.Name), o.offered(r, v, Tool{Text: p.T(key), Href: o.path(r, "/office/requests/%s/do/opinion?item=%d", v.Request.ID, one.ID), Main: true})
		}
	}
	if len(c.Searches) == 0 {
		return p.T("requests.next.search"), append(o.offered(r, v, do("search", "requests.act.search")), o.decideTool(r, p, v, false)...)
	}
	return p.T("requests.next.decide"), o.decideTool(r, p, v, true)
}

// offered leaves of some tools those whose acts the person may do now.
func (o *Office) offered(r *http.Request, v *foi.View, tools ...Tool) (all []Tool) {
	for _, t := range tools {
		_, name, _ := strings.Cut(t.Href, "/do/")
		name, _, _ = strings.Cut(name, "?")
		if a := requestActNamed(name); a != nil && a.open(o.Actor(r), v) {
			all = append(all, t)
		}
	}
	return all
}

func (o *Office) decideTool(r *http.Request, p i18n.Printer, v *foi.View, main bool) []Tool {
	if v.Request.State != foi.Handling || !v.Can(o.Actor(r), actor.FoiPropose) {
		return nil
	}
	return []Tool{{Text: p.T("requests.act.decide"), Href: o.path(r, "/office/requests/%s/decide", v.Request.ID), Main: main}}
}

func (o *Office) reviewTool(r *http.Request, p i18n.Printer, v *foi.View) []Tool {
	return []Tool{{Text: p.T("requests.act.review"), Href: o.path(r, "/office/requests/%s/review", v.Request.ID), Main: o.nextReview(r, v) != ""}}
}

// applicationCards are who asks and for what, masked unless it was revealed.
func (o *Office) applicationCards(p i18n.Printer, v *foi.View) []Card {
	a, q := v.Record.Application, v.Request
	who := Card{ID: "who", Title: p.T("requests.card.applicant")}
	add := func(c *Card, key, value string) {
		if value != "" {
			c.Facts = append(c.Facts, Fact{Label: p.T(key), Value: value, Lang: "zh-CN"})
		}
	}
	add(&who, "requests.field.name", a.Applicant.Name)
	add(&who, "requests.filter.kind", p.Text(foi.Word(string(a.Applicant.Kind))))
	add(&who, "requests.field.id_number", a.Applicant.IDNumber)
	add(&who, "requests.field.credit", a.Applicant.Credit)
	add(&who, "requests.field.contact", a.Applicant.Contact)
	add(&who, "requests.field.phone", a.Applicant.Phone)
	add(&who, "requests.field.email", a.Applicant.Email)
	add(&who, "requests.field.address", a.Applicant.Address)
	add(&who, "requests.field.agent_name", a.Agent.Name)
	add(&who, "requests.field.help", a.Help)
	add(&who, "requests.field.code", v.Record.Code)
	what := Card{ID: "what", Title: p.T("requests.card.sought")}
	add(&what, "requests.field.sought_name", a.Sought.Name)
	add(&what, "requests.field.doc_no", a.Sought.DocNo)
	add(&what, "requests.field.features", a.Sought.Features)
	add(&what, "requests.field.purpose", a.Sought.Purpose)
	if a.Form != "" {
		add(&what, "requests.field.form", p.Text(foi.Word(string(a.Form))))
	}
	if a.Way != "" {
		add(&what, "requests.field.way", p.Text(foi.WayWord(a.Way)))
	}
	add(&what, "requests.field.submitted", q.SubmittedOn.String())
	if !q.Received.IsZero() {
		add(&what, "requests.field.received", q.Received.String())
	}
	return []Card{what, who}
}

// neighbourList lists requests that may be the same again.
func (o *Office) neighbourList(r *http.Request, p Page, v *foi.View) *List {
	columns := []Column{{Key: "title", Text: p.T("requests.column.title")}, {Key: "why", Text: p.T("requests.column.why"), Slim: true}, {Key: "state", Text: p.T("requests.column.state"), Slim: true},
		{Key: "outcome", Text: p.T("requests.filter.outcome"), Wide: true}, {Key: "do", Text: p.T("requests.column.same"), Slim: true}}
	l := NewList(p, p.T("requests.neighbours"), columns, ListQuery{})
	l.Export = false
	seen := map[string]bool{}
	add := func(one *foi.Request, why string) {
		if seen[one.ID] {
			return
		}
		seen[one.ID] = true
		row := Row{ID: one.ID, Name: one.Title, Cells: []Cell{{Text: one.Title, Href: o.path(r, "/office/requests/%s", one.ID), Sub: one.No, Lang: "zh-CN"},
			{Text: why}, {Badge: requestState(p.Printer, one.State)}, {}, {}}}
		if one.Outcome != "" {
			row.Cells[3] = Cell{Text: p.Text(one.Outcome.Message()), Sub: one.ClosedOn.String()}
		}
		row.Cells[4] = o.sameAs(r, p, v, one)
		l.Rows = append(l.Rows, row)
	}
	for _, one := range v.SameApplicant {
		why := p.T("requests.same.applicant")
		for _, other := range v.SameSought {
			if other.ID == one.ID {
				why = p.T("requests.same.both")
			}
		}
		add(one, why)
	}
	for _, one := range v.SameSought {
		add(one, p.T("requests.same.sought"))
	}
	if len(l.Rows) == 0 {
		return nil
	}
	return l
}

// sameAs offers to treat a request as the same again: joined with one still open, answered as
// repeated after one that was answered.
func (o *Office) sameAs(r *http.Request, p Page, v *foi.View, one *foi.Request) Cell {
	mine := false
	for _, other := range v.SameApplicant {
		mine = mine || other.ID == one.ID
	}
	switch {
	case !mine || v.Request.State != foi.Handling:
	case one.State.Open() && one.State != foi.Submitted && v.Can(o.Actor(r), actor.FoiClose):
		return Cell{Text: p.T("requests.same.merge"), Href: o.path(r, "/office/requests/%s/do/merge?into=%s", v.Request.ID, one.ID)}
	case one.State == foi.Closed && v.Can(o.Actor(r), actor.FoiPropose):
		return Cell{Text: p.T("requests.same.repeat"), Href: o.path(r, "/office/requests/%s/decide?outcome=%s&earlier=%s", v.Request.ID, string(outcome.Repeat), one.ID)}
	}
	return Cell{}
}

// familyList lists what the request was split from or into, merged with, or answers again.
func (o *Office) familyList(r *http.Request, p Page, v *foi.View) *List {
	if len(v.Family) == 0 {
		return nil
	}
	l := NewList(p, p.T("requests.family"), []Column{{Key: "title", Text: p.T("requests.column.title")}, {Key: "why", Text: p.T("requests.column.why"), Slim: true}, {Key: "state", Text: p.T("requests.column.state"), Slim: true}}, ListQuery{})
	l.Export = false
	for _, one := range v.Family {
		l.Rows = append(l.Rows, Row{ID: one.ID, Name: one.Title, Cells: []Cell{{Text: one.Title, Href: o.path(r, "/office/requests/%s", one.ID), Sub: one.No, Lang: "zh-CN"},
			{Text: p.T(kinship(v.Request, one))}, {Badge: requestState(p.Printer, one.State)}}})
	}
	return l
}

// kinship says how another request belongs to one.
func kinship(q, one *foi.Request) string {
	switch {
	case one.ID == q.Parent:
		return "requests.kin.parent"
	case one.Parent == q.ID:
		return "requests.kin.part"
	case one.ID == q.Reopens:
		return "requests.kin.earlier"
	case one.Reopens == q.ID:
		return "requests.kin.again"
	case one.ID == q.Into:
		return "requests.kin.into"
	}
	return "requests.kin.merged"
}

// requestEvents is what happened, the latest first.
func requestEvents(p i18n.Printer, at string, v *foi.View) []Event {
	var all []Event
	for i := len(v.Record.Steps) - 1; i >= 0; i-- {
		s := v.Record.Steps[i]
		e := Event{When: s.On.String(), Who: s.By, Title: p.Text(foi.StepWord(s.Act)), Note: strings.TrimSpace(s.Note), Tone: Plain}
		if day := Day(s.At); day != s.On {
			e.Note = strings.TrimSpace(e.Note + "\n" + p.T("requests.entered", "at", When(s.At)))
		}
		if s.Letter != "" {
			e.Href = at + "/letters/" + s.Letter
		}
		switch s.Act {
		case "submit", "confirm", "register", "propose":
			e.Tone = Wait
		case "deliver", "approve", "send_letter":
			e.Tone = Good
		case "return", "letter_failed", "refuse_extension":
			e.Tone = Bad
		}
		all = append(all, e)
	}
	return all
}

// letterName is what a letter is called.
func letterName(l *foi.Letter) string {
	if k, ok := letter.Find(l.Code); ok {
		return k.Name
	}
	return string(l.Code)
}

var letterTones = map[foi.LetterState]Tone{foi.Drafted: Wait, foi.Finished: Warn, foi.Sent: Good, foi.Voided: Gone}

func (o *Office) letterList(r *http.Request, p Page, v *foi.View) *List {
	l := NewList(p, p.T("requests.letters"), []Column{{Key: "name", Text: p.T("requests.letter.name")}, {Key: "no", Text: p.T("requests.letter.no"), Slim: true}, {Key: "state", Text: p.T("requests.column.state"), Slim: true},
		{Key: "sent", Text: p.T("requests.letter.sent"), Slim: true}, {Key: "arrived", Text: p.T("requests.letter.arrived"), Slim: true}}, ListQuery{})
	l.Export, l.Empty = false, p.T("requests.letters.empty")
	for i := len(v.Letters) - 1; i >= 0; i-- {
		one := v.Letters[i]
		row := Row{ID: one.ID, Name: letterName(one), Cells: []Cell{{Text: letterName(one), Href: o.path(r, "/office/requests/%s/letters/%s", v.Request.ID, one.ID), Sub: string(one.Code), Lang: "zh-CN"},
			{Text: one.No, Lang: "zh-CN"}, {Badge: &Badge{p.Text(foi.LetterStateWord(one.State)), letterTones[one.State]}}, {}, {}}}
		if !one.SentOn.IsZero() {
			row.Cells[3] = Cell{Text: one.SentOn.String(), Sub: p.Text(foi.WayWord(one.Way))}
		}
		switch {
		case one.Failed != "":
			row.Cells[4] = Cell{Badge: &Badge{p.T("requests.letter.failed"), Bad}, Sub: one.Failed}
		case !one.ArrivedOn.IsZero():
			row.Cells[4] = Cell{Text: one.ArrivedOn.String()}
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

func (o *Office) requestFileList(r *http.Request, p Page, v *foi.View) *List {
	l := NewList(p, p.T("requests.files"), []Column{{Key: "name", Text: p.T("requests.file.name")}, {Key: "kind", Text: p.T("requests.file.kind"), Slim: true},
		{Key: "size", Text: p.T("requests.file.size"), Slim: true, Num: true}, {Key: "at", Text: p.T("requests.file.at"), Slim: true, Wide: true}, {Key: "shared", Text: p.T("requests.file.shared"), Slim: true}, {Key: "do", Text: p.T("requests.file.do"), Slim: true}}, ListQuery{})
	add := requestActNamed("file")
	redacts := add != nil && add.open(o.Actor(r), v)
	l.Export, l.Empty = false, p.T("requests.files.empty")
	for _, f := range v.Files {
		href := o.path(r, "/office/requests/%s/files/%s", v.Request.ID, f.ID)
		if f.Personal() && !v.Can(o.Actor(r), actor.FoiReveal) {
			href = ""
		}
		row := Row{ID: f.ID, Name: f.Name, Cells: []Cell{{Text: f.Name, Href: href, Lang: "zh-CN", Sub: f.Report},
			{Text: p.Text(foi.Word(string(f.Kind)))}, {Text: sizeOf(f.Size)}, {Text: When(f.At), Sub: fileOrigin(p.Printer, f.By)}, {}, {}}}
		if f.Shared {
			row.Cells[4] = Cell{Badge: &Badge{p.T("requests.file.yes"), Note}}
		}
		if redacts && f.Kind == foi.Found {
			row.Cells[5] = Cell{Text: p.T("requests.file.redact"), Href: o.path(r, "/office/requests/%s/files/%s/redact", v.Request.ID, f.ID)}
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

// fileOrigin is who handed a file in: a person's name, or the applicant, whose name is masked.
func fileOrigin(p i18n.Printer, by string) string {
	if by == "applicant" {
		return p.T("requests.card.applicant")
	}
	return by
}

// requestForms are the forms that stay in the file, made from the record as it stands.
func (o *Office) requestForms(r *http.Request, p i18n.Printer, v *foi.View) Card {
	c := Card{ID: "forms", Title: p.T("requests.forms"), Note: p.T("requests.forms_note")}
	for _, code := range []letter.Code{letter.Application, letter.Register, letter.Approval, letter.ServiceReturn} {
		bare := code == letter.Application || code == letter.Register
		if k, ok := letter.Find(code); ok && (!bare || v.Can(o.Actor(r), actor.FoiReveal)) {
			c.Links = append(c.Links, web.Link{Text: k.Name, Href: o.path(r, "/office/requests/%s/forms/%s", v.Request.ID, string(code)), Lang: "zh-CN"})
		}
	}
	return c
}

// openRequestFile sends a file of a request. Each time is on record.
func (o *Office) openRequestFile(w http.ResponseWriter, r *http.Request) error {
	f, data, err := o.Requests.OpenFile(r.Context(), o.Actor(r), r.PathValue("id"), r.PathValue("doc"))
	if err != nil {
		return err
	}
	attach(w, f.Media, f.Name)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(data) // who left needs no answer
	return nil
}
