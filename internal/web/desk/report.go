package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/print"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// reportPage shows one file of a batch: its findings, the report as the form prints it,
// and the source.
type reportPage struct {
	web.Page
	List     string // the batch
	Self     string // this page
	Name     string
	Head     headView
	Outcome  string // of a form just sent: saved, nothing or wrong
	Wrong    []linkedProblem
	Groups   []findingGroup
	Asked    []questionView
	Sheet    *sheetView
	Cell     *cellView
	Source   *sourceView
	Notes    []noteView
	Verified []verifiedView
	Edits    []editView
	Formats  []download
	Results  []download // the findings
	Refused  []string
	Broken   string
	Editing  bool
	CanKeep  bool
	Kept     string
	Before   string // the file of the year before that the report was checked against
	Earlier  string // the files before and after in the list
	Later    string
}

// linkedProblem leads to a field whose entry could not be taken.
type linkedProblem struct{ Href, Label, Text string }

// Found counts the findings that are no open questions.
func (p *reportPage) Found() int {
	t := p.Head.Verdict.tally
	return t.Errors + t.Warnings + t.Infos
}

// Said is the outcome of a form in words, for eyes and for screen readers.
func (p *reportPage) Said() string {
	switch {
	case len(p.Wrong) > 0:
		return p.T("desk.settle.problems", "n", len(p.Wrong))
	case p.Outcome == nothing:
		return p.T("desk.settle.nothing")
	case p.Outcome == saved && len(p.Asked) > 0:
		return p.T("desk.settle.saved_more", "n", len(p.Asked))
	case p.Outcome == saved:
		return p.T("desk.settle.saved")
	}
	return ""
}

// headView is what a report says of itself, and the verdict.
type headView struct {
	i18n.Printer
	Title   string
	Agency  string
	Year    string
	Form    string
	Verdict verdictView
}

// verdictView is the outcome in one line.
type verdictView struct {
	i18n.Printer
	tally
	State string // "ok", "faults", "refused", "broken"
}

// OnlyNotes reports whether there is nothing but notes.
func (v verdictView) OnlyNotes() bool { return v.State == "ok" && v.Infos > 0 }

// noteView is something the reader noticed.
type noteView struct{ Message, Where, Source, Quote string }

// verifiedView is a statement found to agree with the tables.
type verifiedView struct {
	Message, Working string
	Places           []placeView
}

// editView is a decision taken here.
type editView struct{ Key, Label, Was, Now string }

// cellView is where one value comes from, and the way to change it.
type cellView struct {
	i18n.Printer
	Self     string
	Key      string
	Label    string
	Value    string
	State    string
	Why      string
	Raw      string
	Where    string
	Source   string // anchor in the source view
	Cell     string // anchor in the form
	Input    string
	Problem  string
	Edited   bool
	Findings []findingView
	Shares   []shareView // who gave what, in a merged report
	Lacking  []string    // and who gave nothing, and why
	Fixed    bool        // it cannot be changed here
}

// shareView is what one body gave to a merged value.
type shareView struct{ Unit, File, Value string }

func (d *desk) showReport(w http.ResponseWriter, r *http.Request, b *batch, e *entry) error {
	var t *typed
	if r.URL.Query().Has(wrong) {
		t = b.typedFor(e.no)
	}
	p := d.reportPage(r, b, e, t)
	switch r.Header.Get("Desk-Part") {
	case "cell":
		return d.pages.WritePart(w, r, "report", "cell", p.Cell)
	case "live":
		return d.pages.WritePart(w, r, "report", "live", p)
	}
	return d.pages.Write(w, r, http.StatusOK, "report", p)
}

// reportPage fills the page for e; t is what a person typed wrongly, nil for nothing.
func (d *desk) reportPage(r *http.Request, b *batch, e *entry, t *typed) *reportPage {
	p := &reportPage{
		Page: d.page(r, e.name), Name: e.name,
		List: d.path(r, "/desk/%s/", b.id), Self: d.path(r, "/desk/%s/%d/", b.id, e.no),
		CanKeep: d.Keep != "" && e.data != nil, Kept: e.kept,
	}
	for _, outcome := range []string{saved, nothing} {
		if r.URL.Query().Has(outcome) {
			p.Outcome = outcome
		}
	}
	p.Scripts = append(p.Scripts, d.assets.Path("report.js"))
	p.Wide = e.usable()
	p.Head = head(p.Printer, e)
	d.neighbourFiles(r, b, e, p)
	if e.report == nil {
		p.Broken = broken(p.Printer, e)
		return p
	}
	p.fillSource(r, e, t)
	if e.usable() {
		p.fillReport(r, e, t)
	}
	return p
}

// head says what e is.
func head(p i18n.Printer, e *entry) headView {
	h := headView{Printer: p, Title: e.name, Verdict: verdictView{Printer: p, tally: e.tally()}}
	r := e.report
	switch {
	case r == nil:
		h.Verdict.State = "broken"
		return h
	case r.Refused != nil:
		h.Verdict.State = "refused"
		return h
	}
	h.Title = reportName(p, e)
	h.Agency, h.Form = r.Agency.Text, r.Form.ID
	if r.Year > 0 {
		h.Year = strconv.Itoa(r.Year)
	}
	h.Verdict.State = "ok"
	if h.Verdict.Errors+h.Verdict.Warnings+h.Verdict.Questions > 0 {
		h.Verdict.State = "faults"
	}
	return h
}

// broken says why a file could not be read.
func broken(p i18n.Printer, e *entry) string {
	return p.Text(messageOf(e.err))
}

// neighbourFiles sets the links to the files before and after e.
func (d *desk) neighbourFiles(r *http.Request, b *batch, e *entry, p *reportPage) {
	es := sorted(b.list(), "")
	if o := previousOf(es, e); o != nil {
		p.Before = o.name
	}
	for i := range es {
		if es[i].no != e.no {
			continue
		}
		if i > 0 {
			p.Earlier = d.path(r, "/desk/%s/%d/", b.id, es[i-1].no)
		}
		if i+1 < len(es) {
			p.Later = d.path(r, "/desk/%s/%d/", b.id, es[i+1].no)
		}
	}
}

// fillSource adds what can be said of any file that could be read.
func (p *reportPage) fillSource(r *http.Request, e *entry, t *typed) {
	number, _ := strconv.Atoi(r.URL.Query().Get("finding")) // what is no number selects nothing
	tr := newTrace(e.doc, e.report, e.audit.Findings, number)
	cell := form.Key(r.URL.Query().Get("cell"))
	source := tr.source(p.Printer, e.doc, tr.spotOfCell(e, cell))
	p.Source = &source
	for _, key := range e.doc.Notes {
		p.Notes = append(p.Notes, noteView{Message: p.Text(i18n.Message{Key: key})})
	}
	for _, n := range e.report.Notes {
		p.Notes = append(p.Notes, noteView{
			Message: p.Text(n.Message), Quote: n.Text,
			Where: p.Text(i18n.M("desk.where", "place", n.At)), Source: tr.spot(n.At).anchor(),
		})
	}
	if e.report.Refused != nil {
		for _, m := range e.report.Refused.Reasons {
			p.Refused = append(p.Refused, p.Text(m))
		}
		return
	}
	p.Groups = tr.groups(p.Printer, e.report.Form, e.audit.Findings)
	s := sheet{
		Printer: p.Printer, report: e.report, trace: tr, asked: askedCells(e.report),
		editing: r.URL.Query().Has("edit") || t.editing(), selected: cell, typed: t, edited: e.editedCells(),
	}
	p.Editing = s.editing
	view := s.view()
	p.Sheet = &view
	if k := t.one(); k != "" {
		cell = k
	}
	if e.report.Form.Cell(cell) != nil {
		p.Cell = s.cell(p.Self, e, cell)
	}
	p.fillWrong(e.report.Form, t)
}

// fillWrong lists the fields whose entries could not be taken, in the form's order.
func (p *reportPage) fillWrong(f *form.Form, t *typed) {
	if t.count() == 0 {
		return
	}
	for _, c := range f.Cells() {
		text := t.problem(p.Printer, c.Key)
		if text == "" {
			continue
		}
		at := "#v-" + string(c.Key)
		switch {
		case t.editing():
			at = "#i-" + string(c.Key)
		case t.one() == c.Key:
			at = "#one"
		}
		p.Wrong = append(p.Wrong, linkedProblem{at, f.Label(c.Key), text})
	}
}

// fillReport adds what only a report has: questions, decisions, what agrees, downloads.
func (p *reportPage) fillReport(r *http.Request, e *entry, t *typed) {
	tr := newTrace(e.doc, e.report, nil, 0)
	for _, q := range e.report.Questions {
		p.Asked = append(p.Asked, tr.question(p.Printer, e.report.Form, q, t))
	}
	for _, j := range e.audit.Verified {
		v := verifiedView{Message: p.Text(j.Message), Working: j.Working}
		for _, q := range j.Places {
			v.Places = append(v.Places, tr.place(p.Printer, e.report.Form, q))
		}
		p.Verified = append(p.Verified, v)
	}
	for _, x := range e.edits {
		p.Edits = append(p.Edits, editView{
			Key: string(x.key), Label: e.report.Form.Label(x.key),
			Was: held(p.Printer, e.source, x.key), Now: held(p.Printer, e.report, x.key),
		})
	}
	for _, f := range print.Formats {
		p.Formats = append(p.Formats, download{p.Text(labels[f]), p.Self + "as/" + string(f)})
	}
	p.Results = findingDownloads(p.Printer, p.Self+"findings/")
}

// held writes what a report holds in a cell.
func held(p i18n.Printer, r *annual.Report, k form.Key) string {
	c, ok := r.Cells[k]
	switch {
	case ok && c.State == annual.Blank:
		return p.T("desk.mark.blank")
	case ok:
		return c.Value.String()
	case askedCells(r)[k]:
		return p.T("desk.mark.asked")
	}
	return p.T("desk.mark.missing")
}

// cell tells where the value of k comes from.
func (s *sheet) cell(self string, e *entry, k form.Key) *cellView {
	c, printed := s.report.Cells[k]
	v := &cellView{
		Printer: s.Printer, Self: self, Key: string(k), Label: s.report.Form.Label(k),
		Value: held(s.Printer, s.report, k), Cell: cellAnchor(k), State: s.stateOf(k, c, printed),
		Why: s.Text(c.Why), Raw: strings.TrimSpace(e.source.Cells[k].Raw),
	}
	at := s.trace.spotOfCell(e, k)
	v.Source, v.Where = at.anchor(), s.Text(i18n.M("desk.where", "place", e.source.Cells[k].At))
	if printed && c.State != annual.Blank {
		v.Input = c.Value.String()
	}
	v.Input, v.Problem = s.typed.echo("c:"+string(k), v.Input), s.typed.problem(s.Printer, k)
	for _, x := range e.edits {
		v.Edited = v.Edited || x.key == k
	}
	for _, no := range s.trace.cells[k] {
		v.Findings = append(v.Findings, s.trace.finding(s.Printer, s.report.Form, no, e.audit.Findings[no-1]))
	}
	return v
}

func (s *sheet) stateOf(k form.Key, c annual.Cell, printed bool) string {
	switch {
	case s.asked[k]:
		return s.T("desk.state.asked")
	case s.edited[k]:
		return s.T("desk.state.settled")
	case !printed:
		return s.T("desk.state.missing")
	case c.State == annual.Printed:
		return s.T("desk.state.printed")
	}
	return s.Text(states[c.State][1])
}

// questionView is a question about cells the source lost.
type questionView struct {
	i18n.Printer
	Name    string // of its radio buttons
	Why     string
	Raw     []string
	Where   string
	Source  string
	Labels  []string
	Options []optionView
	More    bool
	Fields  []fieldView
	Free    bool // the own entry was chosen
}

// optionView is one possible reading.
type optionView struct {
	ID, Value string
	On        bool // it was chosen before something else was refused
	Parts     []partView
}

// partView is one cell of a reading.
type partView struct{ Label, Value string }

// fieldView is an own entry for one cell.
type fieldView struct {
	ID, Name, BlankName, Label, Cell, Typed, Problem string
	Blank                                            bool
}

func (t *trace) question(p i18n.Printer, f *form.Form, q annual.Question, ty *typed) questionView {
	name := "q:" + string(q.Keys[0])
	v := questionView{
		Printer: p, Name: name, Why: p.Text(q.Why), Raw: q.Raw, More: q.More,
		Where: p.Text(i18n.M("desk.where", "place", q.At)), Source: t.spot(q.At).anchor(),
	}
	v.Free = ty.chose(name, "free")
	for _, k := range q.Keys {
		v.Labels = append(v.Labels, f.Label(k))
	}
	for i, o := range q.Options {
		x := optionView{ID: fmt.Sprintf("%s-%d", name, i), Value: encode(q.Keys, o)}
		x.On = ty.chose(name, x.Value)
		for n, k := range q.Keys {
			x.Parts = append(x.Parts, partView{short(f, k, q.Keys), maybe(p, o[n])})
		}
		v.Options = append(v.Options, x)
	}
	for _, k := range q.Keys {
		field := fieldView{
			ID: "v-" + string(k), Name: "v:" + string(k), BlankName: "b:" + string(k),
			Label: f.Label(k), Cell: cellAnchor(k),
		}
		field.Typed, field.Problem = ty.echo(field.Name, ""), ty.problem(p, k)
		field.Blank = ty.chose(field.BlankName, "1")
		v.Fields = append(v.Fields, field)
	}
	return v
}

// short names a cell among others: by its column where all stand in one row.
func short(f *form.Form, k form.Key, among []form.Key) string {
	for _, o := range among {
		if o.Row() != k.Row() {
			return f.Label(k)
		}
	}
	if len(among) == 1 {
		return ""
	}
	return f.Cell(k).Column
}

func maybe(p i18n.Printer, m annual.Maybe) string {
	if m.Blank {
		return p.T("desk.mark.blank")
	}
	return m.Value.String()
}

// encode writes a reading as a form carries it: T2.a=35|T2.b=. The values stand for
// themselves, so that a form opened earlier still says what it meant.
func encode(keys []form.Key, o annual.Assignment) string {
	v := url.Values{}
	for i, k := range keys {
		x := ""
		if !o[i].Blank {
			x = o[i].Value.String()
		}
		v.Set(string(k), x)
	}
	return v.Encode()
}
