package portal

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	stdbytes "bytes"

	"gongkai/internal/blob"
	"gongkai/internal/foi"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/paper"
	"gongkai/internal/web"
)

// requestPage is a request as its applicant follows it.
type requestPage struct {
	page
	troubled
	Did              string
	No, Body, Sought string
	Number, Features string
	On               string
	State, About     string
	Good, Asks       bool // closed with an answer; the applicant has to do something
	Line             []stage
	Due              *due
	Task             *task
	Letters          []ownLetter
	Files            []ownFile
	Happened         []happening
	Outcome          string
	Remedy           *remedy
	Withdraw         string
	Form, FormDOCX   string
	Leave            string
	Contact          []field
	Code             string
}

// stage is one of the four a request goes through.
type stage struct {
	Text, Day string
	Done, Now bool
}

// due is the deadline with the account of its days.
type due struct {
	Day, Left string
	Sure      bool
	Why       string
	Late      bool
	Waiting   bool // for the applicant: the clock stands
	Lines     []accounted
}

// accounted is a line of the account: a stretch of days treated alike, or what happened on one.
type accounted struct {
	When, Text, Cite, Effect string
	Off                      []string // days in it that are no plain working days
	Days                     []countedDay
}

type countedDay struct {
	Day, Text string
	Counted   bool
}

type ownLetter struct {
	Title, No, Day, PDF, DOCX string
}

type ownFile struct {
	Kind, Name, Size, Href string
	Mine                   bool
}

type happening struct{ Day, Text, Note string }

// letterCode begins the note of a step by which a letter left; it means nothing to its reader.
var letterCode = regexp.MustCompile(`^L\d\d `)

// codeForm asks for the query code.
func (p *portal) codeForm(r *http.Request) *codePage {
	v := &codePage{page: p.foiFrame(r, "portal.foi.follow", false), Self: p.path(r, "/request"+ending)}
	v.Lead, v.Button = v.T("portal.foi.follow.lead"), v.T("portal.foi.follow.button")
	v.Code = input{Name: "code", Label: v.T("portal.foi.query_code"), Help: v.T("portal.foi.code.help"), Auto: "off", Most: 40, Must: true}
	v.Links = []web.Link{{Href: p.path(r, "/apply"+ending), Text: v.T("portal.foi.begin_new")}, {Href: p.path(r, "/apply/resume"+ending), Text: v.T("portal.foi.resume")}}
	return v
}

// showRequest shows the request the browser was let in to, or asks for its code.
func (p *portal) showRequest(w http.ResponseWriter, r *http.Request) error {
	if web.IsCopy(r.Context()) {
		return p.showCopyRequest(w, r)
	}
	one, err := p.followed(r)
	if errors.Is(err, foi.ErrNoCode) {
		return p.pages.Write(w, r, http.StatusOK, "foi_code", p.codeForm(r))
	}
	if err != nil {
		return err
	}
	v, err := p.requestPage(r, one)
	if err != nil {
		return err
	}
	if key := didRequest[r.URL.Query().Get("did")]; key != "" {
		v.Did = v.T(key)
	}
	return p.pages.Write(w, r, http.StatusOK, "foi_request", v)
}

// didRequest are what the page says was done.
var didRequest = map[string]string{
	"correct": "portal.foi.did.correct", "reasons": "portal.foi.did.reasons", "paid": "portal.foi.did.paid", "withdraw": "portal.foi.did.withdraw", "kept": "portal.foi.did.kept",
}

// copyNotePage says in a copy where the form is.
type copyNotePage struct {
	page
	Live string
}

// live is where a page stands that a copy has without its form, "" where nobody said under which
// address that is.
func (p *portal) live(r *http.Request, page string) string {
	h := hereOf(r.Context())
	if h.Origin == "" {
		return ""
	}
	return p.full(r, h.Place, page+ending)
}

func (p *portal) showCopyRequest(w http.ResponseWriter, r *http.Request) error {
	v := &copyNotePage{page: p.foiFrame(r, "portal.foi.follow", false), Live: p.live(r, "/request")}
	return p.pages.Write(w, r, http.StatusOK, "foi_copy", v)
}

// followed is the request the browser's pass opens.
func (p *portal) followed(r *http.Request) (*foi.Progress, error) {
	return p.Requests.Follow(r.Context(), p.passed(r, followCookie, "request"))
}

// enterCode lets the browser follow a request.
func (p *portal) enterCode(w http.ResponseWriter, r *http.Request) error {
	form := web.ReadForm(r)
	pass, err := p.Requests.Enter(r.Context(), remote(r), form.Text("code"))
	if err == nil {
		p.let(w, followCookie, pass)
		return p.onTo(w, r, "/request"+ending)
	}
	return p.codeAgain(w, r, p.codeForm(r), form, err)
}

// leaveRequest takes the browser's passes back, on a computer others use.
func (p *portal) leaveRequest(w http.ResponseWriter, r *http.Request) error {
	p.let(w, followCookie, "")
	p.let(w, draftCookie, "")
	return p.onTo(w, r, "/request"+ending)
}

func (p *portal) requestPage(r *http.Request, one *foi.Progress) (*requestPage, error) {
	q := one.Request
	v := &requestPage{page: p.foiFrame(r, "portal.foi.follow", true), No: q.No, Body: p.bodyName(r, q.Agency), Code: one.Code,
		Sought: one.Application.Sought.Name, Number: one.Application.Sought.DocNo, Features: one.Application.Sought.Features}
	if v.Sought == "" {
		v.Sought = q.Title
	}
	v.Leave, v.Form, v.FormDOCX = p.path(r, "/request/leave"+ending), p.path(r, "/request/form/pdf"), p.path(r, "/request/form/docx")
	v.state(one)
	v.line(one)
	v.deadline(one)
	v.letters(p, r, one)
	for _, s := range one.Steps {
		v.Happened = append(v.Happened, happening{s.On.String(), v.Text(foi.StepWord(s.Act)), letterCode.ReplaceAllString(s.Note, "")})
	}
	v.Remedy = v.remedy(one)
	if one.Can(foi.Withdraw) {
		v.Withdraw = p.path(r, "/request/withdraw"+ending)
	}
	var err error
	if v.Contact, err = p.contact(r, v.page, q.Agency); err != nil {
		return nil, err
	}
	return v, v.task(p, r, one)
}

// The words of states for who is no clerk.
var plainStates = map[foi.State][2]string{
	foi.Submitted: {"portal.foi.state.submitted", "portal.foi.state.submitted.about"}, foi.Handling: {"portal.foi.state.handling", "portal.foi.state.handling.about"},
	foi.Correcting: {"portal.foi.state.correcting", "portal.foi.state.correcting.about"}, foi.Reasoning: {"portal.foi.state.reasoning", "portal.foi.state.reasoning.about"},
	foi.Paying: {"portal.foi.state.paying", "portal.foi.state.paying.about"}, foi.Reviewing: {"portal.foi.state.handling", "portal.foi.state.reviewing.about"},
	foi.Approved: {"portal.foi.state.approved", "portal.foi.state.approved.about"}, foi.Closed: {"portal.foi.state.closed", "portal.foi.state.closed.about"},
	foi.Void: {"portal.foi.state.void", "portal.foi.state.void.about"}, foi.Merged: {"portal.foi.state.merged", "portal.foi.state.merged.about"},
	foi.Split: {"portal.foi.state.split", "portal.foi.state.split.about"},
}

func (v *requestPage) state(one *foi.Progress) {
	words := plainStates[one.Request.State]
	v.State, v.About = v.T(words[0]), v.T(words[1])
	switch s := one.Request.State; s {
	case foi.Correcting, foi.Reasoning, foi.Paying:
		v.Asks = true
	case foi.Closed:
		v.Good = one.Delivery != nil
		if one.Decision != nil && one.Request.Outcome != "" {
			v.Outcome = v.Text(one.Request.Outcome.Message())
		}
		if one.Delivery == nil {
			v.State, v.About = v.T("portal.foi.state.ended"), v.T("portal.foi.state.ended.about")
		}
		if one.Decision != nil && one.Decision.Variant == foi.Withdrawn {
			v.State = v.T("portal.foi.state.withdrawn")
		}
	}
}

// line draws the four stages with their days.
func (v *requestPage) line(one *foi.Progress) {
	q := one.Request
	v.Line = []stage{
		{Text: v.T("portal.foi.line.sent"), Day: q.SubmittedOn.String(), Done: true},
		{Text: v.T("portal.foi.line.received"), Day: q.Received.String(), Done: !q.Received.IsZero()},
		{Text: v.T("portal.foi.line.handled"), Done: q.State == foi.Approved || q.State == foi.Closed},
		{Text: v.T("portal.foi.line.answered"), Day: q.ClosedOn.String(), Done: q.State == foi.Closed},
	}
	if !q.State.Open() && one.Delivery == nil {
		v.Line = v.Line[:1]
		if !q.ClosedOn.IsZero() {
			v.Line = append(v.Line, stage{Text: v.T("portal.foi.line.ended"), Day: q.ClosedOn.String(), Done: true})
		}
		return
	}
	for i := range v.Line {
		if !v.Line[i].Done {
			v.Line[i].Now = true
			break
		}
	}
}

// deadline says until when the body has to answer and why it is that day.
func (v *requestPage) deadline(one *foi.Progress) {
	n := one.Clock
	if n.Due.IsZero() {
		return
	}
	d := &due{Day: v.on(n.Due), Sure: n.Certain, Late: n.Overdue, Waiting: n.State == reckon.AwaitCorrection || n.State == reckon.AwaitPayment}
	if !n.Certain {
		d.Why = v.Text(n.Why)
	}
	switch {
	case one.Request.State == foi.Closed && one.Delivery == nil:
		return
	case n.State == reckon.Answered || one.Request.State == foi.Closed:
		d.Left = v.T("portal.foi.due.answered", "day", v.on(one.Request.ClosedOn))
	case n.State == reckon.NotCorrected || n.State == reckon.NotPaid:
		d.Waiting, d.Left = true, v.T("portal.foi.due.lapsed")
	case n.Overdue:
		d.Left = v.T("portal.foi.due.late", "n", -n.Left)
	case d.Waiting:
		d.Left = v.T("portal.foi.due.waiting")
	default:
		d.Left = v.T("portal.foi.due.left", "n", n.Left)
	}
	for _, s := range n.Steps {
		d.Lines = append(d.Lines, v.accounted(s))
	}
	v.Due = d
}

func (v *requestPage) accounted(s reckon.Step) accounted {
	one := accounted{When: s.From.String(), Text: v.Text(s.Message), Effect: string(s.Effect)}
	if s.To.After(s.From) {
		one.When = v.T("portal.foi.from_to", "from", s.From.String(), "to", s.To.String())
	}
	if !s.Cite.IsZero() {
		if one.Cite = s.Cite.String(); v.Lang() == "en" {
			one.Cite = s.Cite.English()
		}
	}
	for _, x := range s.Spans {
		one.Off = append(one.Off, v.Text(x.Message()))
	}
	for _, x := range s.Days {
		day := countedDay{Day: x.Date.String(), Counted: x.Counted, Text: v.T("portal.foi.day.off")}
		switch {
		case x.Counted:
			day.Text = v.T("portal.foi.day.counted", "n", x.N)
		case x.Working:
			day.Text = v.T("portal.foi.day.not_counted")
		case x.Name != "":
			day.Text = v.T("portal.foi.day.holiday", "name", x.Name)
		}
		one.Days = append(one.Days, day)
	}
	return one
}

func (v *requestPage) letters(p *portal, r *http.Request, one *foi.Progress) {
	for _, l := range one.Letters {
		at := p.path(r, "/request/letters/"+l.ID)
		title := l.No
		if l.Text != nil && l.Text.Title != "" {
			title = l.Text.Title
		}
		v.Letters = append(v.Letters, ownLetter{title, l.No, l.SentOn.String(), at + "/pdf", at + "/docx"})
	}
	for _, f := range one.Files {
		v.Files = append(v.Files, ownFile{v.Text(foi.Word(string(f.Kind))), f.Name, bytes(f.Size), p.path(r, "/request/files/"+f.ID), f.Origin == "applicant"})
	}
}

// sendOwnLetter sends a letter as a file.
func (p *portal) sendOwnLetter(w http.ResponseWriter, r *http.Request) error {
	no, doc, err := p.Requests.FollowLetter(r.Context(), p.passed(r, followCookie, "request"), r.PathValue("id"))
	if err != nil {
		return err
	}
	return sendPrinted(w, r, no, doc)
}

// sendOwnForm sends the application on its standard form.
func (p *portal) sendOwnForm(w http.ResponseWriter, r *http.Request) error {
	no, doc, err := p.Requests.FollowForm(r.Context(), p.passed(r, followCookie, "request"))
	if err != nil {
		return err
	}
	return sendPrinted(w, r, doc.Title+" "+no, doc)
}

// sendPrinted prints a document for one reader; it is kept nowhere.
func sendPrinted(w http.ResponseWriter, r *http.Request, name string, doc *paper.Document) (err error) {
	kind := "." + r.PathValue("kind")
	var b stdbytes.Buffer
	switch kind {
	case ".pdf":
		_, err = paper.WritePDF(&b, doc)
	case ".docx":
		err = paper.WriteDOCX(&b, doc)
	default:
		return web.ErrNoPage
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", media[kind])
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(fileName(name)+kind))
	_, err = b.WriteTo(w)
	return err
}

// sendOwnFile sends a file of the request.
func (p *portal) sendOwnFile(w http.ResponseWriter, r *http.Request) error {
	f, data, err := p.Requests.FollowFile(r.Context(), p.passed(r, followCookie, "request"), r.PathValue("id"))
	if err != nil {
		return err
	}
	for _, one := range (&blob.Blob{Media: f.Media, Size: f.Size}).Headers(strings.TrimSpace(f.Name), false) {
		w.Header().Set(one.Name, one.Value)
	}
	_, err = w.Write(data)
	return err
}
