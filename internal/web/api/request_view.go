package api

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/foi/count"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/i18n"
)

// RequestRow is a request as lists show it: nothing of its applicant but a masked name.
type RequestRow struct {
	ID         string       `json:"id"`
	No         string       `json:"no,omitempty"`
	State      foi.State    `json:"state"`
	StateName  string       `json:"state_name"`
	Channel    foi.Channel  `json:"channel"`
	Nature     foi.Nature   `json:"nature"`
	Title      string       `json:"title"`
	Kind       foi.Kind     `json:"kind"`
	Applicant  string       `json:"applicant"`
	Department string       `json:"department,omitempty"`
	Submitted  date.Date    `json:"submitted_on,omitzero"`
	Received   date.Date    `json:"received_on,omitzero"`
	Due        date.Date    `json:"due_on,omitzero"`
	Certain    bool         `json:"due_certain"`
	Extended   bool         `json:"extended"`
	Closed     date.Date    `json:"closed_on,omitzero"`
	Outcome    outcome.Code `json:"outcome,omitempty"`
	Late       bool         `json:"late"`
	Counted    bool         `json:"counted"`
	Reopens    string       `json:"reopens,omitempty"`
	Parent     string       `json:"parent,omitempty"`
	Into       string       `json:"into,omitempty"`
	Version    int64        `json:"version"`
}

func rowOf(p i18n.Printer, r *foi.Request) RequestRow {
	return RequestRow{
		ID: r.ID, No: r.No, State: r.State, StateName: p.Text(foi.Word(string(r.State))), Channel: r.Channel, Nature: r.Nature, Title: r.Title,
		Kind: r.Kind, Applicant: r.Masked, Department: r.Department, Submitted: r.SubmittedOn, Received: r.Received, Due: r.Due, Certain: r.Sure,
		Extended: r.Extended, Closed: r.ClosedOn, Outcome: r.Outcome, Late: r.Late, Counted: r.Counted, Reopens: r.Reopens, Parent: r.Parent, Into: r.Into, Version: r.Version,
	}
}

func rowsOf(p i18n.Printer, all []*foi.Request) []RequestRow {
	rows := []RequestRow{}
	for _, r := range all {
		rows = append(rows, rowOf(p, r))
	}
	return rows
}

// RequestWhole is a request with its record. Whoever may not see the applicant in full sees
// him masked; personal data of others that the record holds is masked with him.
type RequestWhole struct {
	RequestRow
	Revealed     bool                `json:"revealed"`
	Application  foi.Application     `json:"application"`
	Assignment   foi.Assignment      `json:"assignment,omitzero"`
	CoHandling   []foi.CoHandling    `json:"co_handling,omitempty"`
	Correction   *foi.Correction     `json:"correction,omitempty"`
	Reasons      *foi.Reasons        `json:"reasons,omitempty"`
	Later        date.Date           `json:"later_on,omitzero"`
	Consulted    []foi.Consultation  `json:"consultations,omitempty"`
	Searches     []foi.SearchRecord  `json:"searches,omitempty"`
	Extension    *foi.Extension      `json:"extension,omitempty"`
	Fee          *foi.Fee            `json:"fee,omitempty"`
	Decision     *RequestDecision    `json:"decision,omitempty"`
	Reviews      []RequestReviewed   `json:"reviews,omitempty"`
	Outstanding  []foi.ReviewKind    `json:"reviews_outstanding,omitempty"`
	Delivery     *foi.Delivery       `json:"delivery,omitempty"`
	Withdrawal   string              `json:"withdrawal,omitempty"`
	Steps        []foi.Step          `json:"steps"`
	Letters      []RequestLetterLine `json:"letters"`
	Files        []RequestFile       `json:"files"`
	Acts         []foi.Act           `json:"acts"`
	SameAsked    []RequestRow        `json:"same_sought,omitempty"`
	SameAsker    []RequestRow        `json:"same_applicant,omitempty"`
	Family       []RequestRow        `json:"family,omitempty"`
	Overdue      bool                `json:"overdue"`
	DaysLeft     int                 `json:"days_left"`
	ClockDue     date.Date           `json:"clock_due_on,omitzero"`
	ClockCertain bool                `json:"clock_certain"`
}

// RequestReviewed is one person's opinion of a proposed decision.
type RequestReviewed struct {
	Kind foi.ReviewKind `json:"kind"`
	Name string         `json:"name"`
	At   time.Time      `json:"at"`
	OK   bool           `json:"ok"`
	Note string         `json:"note,omitempty"`
}

// RequestLetterLine is a letter without what it says.
type RequestLetterLine struct {
	ID        string          `json:"id"`
	Code      letter.Code     `json:"code"`
	Title     string          `json:"title"`
	No        string          `json:"no,omitempty"`
	State     foi.LetterState `json:"state"`
	Way       foi.Way         `json:"way,omitempty"`
	SentOn    date.Date       `json:"sent_on,omitzero"`
	ArrivedOn date.Date       `json:"arrived_on,omitzero"`
	Tracking  string          `json:"tracking,omitempty"`
	Failed    string          `json:"failed,omitempty"`
	Version   int64           `json:"version"`
}

func letterLine(l *foi.Letter) RequestLetterLine {
	return RequestLetterLine{l.ID, l.Code, l.Text.Title, l.No, l.State, l.Way, l.SentOn, l.ArrivedOn, l.Tracking, l.Failed, l.Version}
}

// RequestFile is a file of a request without its content.
type RequestFile struct {
	ID     string       `json:"id"`
	Kind   foi.FileKind `json:"kind"`
	Name   string       `json:"name"`
	Size   int64        `json:"size"`
	Media  string       `json:"media"`
	Origin string       `json:"origin"`
	Shared bool         `json:"shared"`
	Report string       `json:"report,omitempty"`
	At     time.Time    `json:"at"`
}

func fileOf(f *foi.File) RequestFile {
	return RequestFile{f.ID, f.Kind, f.Name, f.Size, f.Media, f.Origin, f.Shared, f.Report, f.At}
}

// RequestDone is what an act answers: the request as it now stands, and what is told once.
type RequestDone struct {
	Request *RequestWhole `json:"request"`
	Code    string        `json:"query_code,omitempty"`
	Link    string        `json:"link,omitempty"`
	File    string        `json:"file,omitempty"`
}

// RequestList is a page of requests.
type RequestList struct {
	Requests []RequestRow `json:"requests"`
	Total    int          `json:"total"`
	After    string       `json:"after,omitempty"` // where the next page begins
}

// whole loads a request as the token may see it. Each time is on record.
func (c *call) whole(id string, reveal bool) (*RequestWhole, error) {
	v, err := c.Requests.Load(c.ctx, c.by, id, reveal)
	if err != nil {
		return nil, err
	}
	return c.wholeOf(v), nil
}

func (c *call) wholeOf(v *foi.View) *RequestWhole {
	p, k := c.printer(), v.Record
	w := &RequestWhole{
		RequestRow: rowOf(p, v.Request), Revealed: v.Revealed, Application: k.Application, Assignment: k.Assignment, CoHandling: k.CoHandling,
		Correction: k.Correction, Reasons: k.Reasons, Later: k.Later, Consulted: k.Consulted, Searches: k.Searches, Extension: k.Extension, Fee: k.Fee,
		Decision: decisionOf(k.Decision), Outstanding: v.Reviews, Delivery: k.Delivery, Withdrawal: k.Withdrawal, Steps: k.Steps,
		Letters: []RequestLetterLine{}, Files: []RequestFile{}, Acts: v.Acts, Overdue: v.Clock.Overdue, DaysLeft: v.Clock.Left, ClockDue: v.Clock.Due, ClockCertain: v.Clock.Certain,
	}
	if w.Acts == nil {
		w.Acts = []foi.Act{}
	}
	for _, one := range k.Reviews {
		w.Reviews = append(w.Reviews, RequestReviewed{one.Kind, one.Name, one.At, one.OK, one.Note})
	}
	for _, l := range v.Letters {
		w.Letters = append(w.Letters, letterLine(l))
	}
	for _, f := range v.Files {
		w.Files = append(w.Files, fileOf(f))
	}
	w.SameAsker, w.SameAsked, w.Family = rowsOf(p, v.SameApplicant), rowsOf(p, v.SameSought), rowsOf(p, v.Family)
	if !v.Revealed {
		w.mask()
	}
	return w
}

// mask takes away what names people besides the applicant, and what he may have signed himself.
func (w *RequestWhole) mask() {
	if w.Delivery != nil {
		d := *w.Delivery
		d.Signer = ""
		w.Delivery = &d
	}
	w.Consulted = slices.Clone(w.Consulted)
	for i := range w.Consulted {
		if one := &w.Consulted[i]; one.Person {
			one.Name, one.Address = masked(one.Name), ""
		}
	}
}

// masked leaves the first character of a name.
func masked(name string) string {
	for i := range name {
		if i > 0 {
			return name[:i] + strings.Repeat("*", len([]rune(name[i:])))
		}
	}
	return strings.Repeat("*", len([]rune(name)))
}

// listRequests lists the requests of the token's body as its person may see them.
func (c *call) listRequests() (any, error) {
	f, err := filterOf(c.r.URL.Query())
	if err != nil {
		return nil, err
	}
	return c.page(f)
}

func (c *call) page(f foi.Filter) (any, error) {
	f.Agency = c.t.Agency
	p, err := c.Requests.List(c.ctx, c.by, f)
	if err != nil {
		return nil, err
	}
	return RequestList{rowsOf(c.printer(), p.Requests), p.Total, p.Next}, nil
}

// filterOf reads the filters of an address: none of them names a person.
func filterOf(q url.Values) (f foi.Filter, err error) {
	for _, s := range q["state"] {
		f.States = append(f.States, foi.State(s))
	}
	f.Outcome, f.Kind, f.Channel, f.Department = q.Get("outcome"), foi.Kind(q.Get("kind")), foi.Channel(q.Get("channel")), q.Get("department")
	f.No, f.Words, f.After, f.Late, f.ByDue = q.Get("no"), q.Get("q"), q.Get("after"), q.Get("late") == "true", q.Get("order") == "due"
	for name, at := range map[string]*date.Date{"from": &f.From, "to": &f.To, "due_by": &f.DueBy} {
		if *at, err = dayOf(q, name); err != nil {
			return f, err
		}
	}
	f.Limit, err = limitOf(q)
	return f, err
}

func dayOf(q url.Values, name string) (date.Date, error) {
	if q.Get(name) == "" {
		return date.Date{}, nil
	}
	d, err := date.Parse(q.Get(name))
	if err != nil {
		return d, ErrDay.With("value", q.Get(name)).At(name)
	}
	return d, nil
}

const mostRows = 200

func limitOf(q url.Values) (int, error) {
	if q.Get("limit") == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(q.Get("limit"))
	if err != nil || n < 1 || n > mostRows {
		return 0, ErrLimit.With("most", mostRows)
	}
	return n, nil
}

// RequestSought asks for an applicant's requests: by the number of the identity paper or the
// organisation's code, else by the name with a way to reach him. It stands in the message, since
// addresses are kept in many places.
type RequestSought struct {
	Kind     foi.Kind `json:"kind"`
	Name     string   `json:"name,omitempty"`
	IDNumber string   `json:"id_number,omitempty"`
	Credit   string   `json:"credit,omitempty"`
	Phone    string   `json:"phone,omitempty"`
	Email    string   `json:"email,omitempty"`
	Address  string   `json:"address,omitempty"`
	After    string   `json:"after,omitempty"`
	Limit    int      `json:"limit,omitempty"`
}

func (c *call) findRequests(in *RequestSought) (any, error) {
	return c.page(foi.Filter{Limit: min(in.Limit, mostRows), After: in.After, Applicant: &foi.Applicant{
		Kind: in.Kind, Name: in.Name, IDNumber: in.IDNumber, Credit: in.Credit, Phone: in.Phone, Email: in.Email, Address: in.Address}})
}

func (c *call) showRequest() (any, error) {
	w, err := c.whole(c.id, false)
	if err != nil {
		return nil, err
	}
	c.tag(w.Version)
	return w, nil
}

// RequestNothing is a message that says nothing.
type RequestNothing struct{}

func (c *call) revealRequest(*RequestNothing) (any, error) {
	w, err := c.whole(c.id, true)
	if err != nil {
		return nil, err
	}
	c.tag(w.Version)
	return w, nil
}

// showClock is the count as gongkai foi reckon --json prints it.
func (c *call) showClock() (any, error) {
	v, err := c.Requests.Load(c.ctx, c.by, c.id, false)
	if err != nil {
		return nil, err
	}
	return v.Clock.Print(c.printer()), nil
}

// RequestBoards are the clocks of the open requests.
type RequestBoards struct {
	Boards []RequestBoard `json:"boards"`
}

// RequestBoard is how the clocks of one body stand.
type RequestBoard struct {
	Body        string `json:"body"`
	Open        int    `json:"open"`
	Unconfirmed int    `json:"unconfirmed"`
	Overdue     int    `json:"overdue"`
	Today       int    `json:"due_today"`
	One         int    `json:"within_1"`
	Three       int    `json:"within_3"`
	Five        int    `json:"within_5"`
	Later       int    `json:"later"`
	Waiting     int    `json:"waiting"`
}

func (c *call) showBoards() (any, error) {
	all, err := c.Requests.Boards(c.ctx, c.by, []string{c.t.Agency})
	if err != nil {
		return nil, err
	}
	out := RequestBoards{[]RequestBoard{}}
	for _, b := range all {
		out.Boards = append(out.Boards, RequestBoard{b.Agency, b.Open, b.Unconfirmed, b.Overdue, b.Today, b.One, b.Three, b.Five, b.Later, b.Off})
	}
	return out, nil
}

// RequestCounts are tables three and four of a period, by the keys of the unified form.
type RequestCounts struct {
	Body  string           `json:"body"`
	From  date.Date        `json:"from"`
	To    date.Date        `json:"to"`
	Cells map[string]int64 `json:"cells"`
}

// periodOf reads a year, or the days from and to.
func periodOf(q url.Values) (p count.Period, err error) {
	if y := q.Get("year"); y != "" {
		n, err := strconv.Atoi(y)
		if err != nil || n < 1000 || n > 9999 {
			return p, ErrNumber.At("year")
		}
		return count.Year(n), nil
	}
	from, err := dayOf(q, "from")
	if err != nil {
		return p, err
	}
	to, err := dayOf(q, "to")
	p = count.Period{From: from, To: to}
	return p, errors.Join(err, p.Check())
}

func (c *call) showCounts() (any, error) {
	p, err := periodOf(c.r.URL.Query())
	if err != nil {
		return nil, err
	}
	t, err := c.Counts.Tables(c.ctx, c.by, c.t.Agency, p)
	if err != nil {
		return nil, err
	}
	return RequestCounts{t.Agency, p.From, p.To, t.Cells}, nil
}

// RequestCell are the records a cell counts.
type RequestCell struct {
	Key      string           `json:"key"`
	N        int64            `json:"n"`
	Requests []RequestRow     `json:"requests"`
	Disputes []RequestDispute `json:"disputes,omitempty"`
	After    string           `json:"after,omitempty"`
}

// RequestDispute is a reconsideration or suit that table four counts.
type RequestDispute struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Request string `json:"request,omitempty"`
}

func (c *call) showCell() (any, error) {
	q := c.r.URL.Query()
	p, err := periodOf(q)
	if err != nil {
		return nil, err
	}
	limit, err := limitOf(q)
	if err != nil {
		return nil, err
	}
	b, err := c.Counts.Cell(c.ctx, c.by, c.t.Agency, p, q.Get("cell"), q.Get("after"), limit)
	if err != nil {
		return nil, err
	}
	out := RequestCell{Key: b.Key, N: b.N, Requests: rowsOf(c.printer(), b.Requests), After: b.Next}
	for _, d := range b.Disputes {
		out.Disputes = append(out.Disputes, RequestDispute{d.ID, string(d.Kind), d.Request})
	}
	return out, nil
}

// RequestLetters are the letters of a request.
type RequestLetters struct {
	Letters []RequestLetterLine `json:"letters"`
}

// RequestFiles are the files of a request.
type RequestFiles struct {
	Files []RequestFile `json:"files"`
}

func (c *call) listLetters() (any, error) {
	w, err := c.whole(c.id, false)
	if err != nil {
		return nil, err
	}
	return RequestLetters{w.Letters}, nil
}

func (c *call) listRequestFiles() (any, error) {
	w, err := c.whole(c.id, false)
	if err != nil {
		return nil, err
	}
	return RequestFiles{w.Files}, nil
}

// full allows what shows an applicant in full: letters name him, files are his.
func (c *call) full() error { return c.by.May(actor.FoiReveal, actor.In(c.t.Agency)) }
