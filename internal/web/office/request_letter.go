package office

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/i18n"
	"gongkai/internal/paper"
	"gongkai/internal/web"
)

// paperView is a document as the page shows it, sheet-like.
type paperView struct {
	Mark, Number, Title, To string
	Blocks                  []paperBlock
	Enclosures              []string
	Signature, Date         string
	Seal                    bool
}

// paperBlock is a paragraph or a table.
type paperBlock struct {
	Text  string
	Head  bool
	Table template.HTML // the grid of a form; package paper escapes every text in it
}

func paperOf(d *paper.Document) paperView {
	v := paperView{Title: d.Title, To: d.To, Enclosures: d.Enclosures, Signature: d.Signature, Date: d.Date, Seal: d.Seal}
	if d.Head != nil {
		v.Mark, v.Number = d.Head.Mark, d.Head.Number
	}
	for i, b := range d.Body {
		one := paperBlock{Text: b.Text, Head: b.Style != paper.Body}
		if b.Table != nil {
			one.Table = template.HTML(b.Table.HTML("paper-"+strconv.Itoa(i), ""))
		}
		v.Blocks = append(v.Blocks, one)
	}
	return v
}

// showRequestLetter shows a letter with what can be done with it.
func (o *Office) showRequestLetter(w http.ResponseWriter, r *http.Request) error {
	v, l, err := o.letterAt(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "letter", o.letterPageOf(r, v, l))
}

func (o *Office) letterAt(r *http.Request) (*foi.View, *foi.Letter, error) {
	_, l, err := o.Requests.Letter(r.Context(), o.Actor(r), r.PathValue("id"), r.PathValue("letter"))
	if err != nil {
		return nil, nil, err
	}
	v, err := o.Requests.Load(r.Context(), o.Actor(r), r.PathValue("id"), false)
	return v, l, err
}

func (o *Office) letterPageOf(r *http.Request, v *foi.View, l *foi.Letter) *letterPage {
	p := &letterPage{Page: o.page(r, letterName(l)), State: &Badge{printer(r).Text(foi.LetterStateWord(l.State)), letterTones[l.State]}, Lead: o.requestLead(r, v)}
	at := o.path(r, "/office/requests/%s", v.Request.ID)
	p.Crumb(p.T("requests.title"), o.path(r, "/office/requests"))
	p.Crumb(v.Request.Title, at)
	p.Paper = paperOf(l.Text.Document())
	here, by := at+"/letters/"+l.ID, o.Actor(r)
	for _, format := range []string{"docx", "pdf"} {
		p.Tools = append(p.Tools, Tool{Text: p.T(paperFormats[format]), Href: here + "/" + format})
	}
	p.Said = p.T(letterSaid[l.State])
	switch l.State {
	case foi.Drafted:
		p.Gaps = o.letterGaps(r, p.Printer, v, l)
		if v.MayEdit(by, l) == nil {
			p.Editor, p.Fixed = letterEditor(p.Page, here, l)
		}
		if v.MayEdit(by, l) == nil && (p.Editor == nil || len(p.Gaps) > 0) {
			f := letterForm(p.Page, here, "refresh", l)
			f.Buttons = []Button{{Text: p.T("requests.letter.refresh")}}
			p.Forms = append(p.Forms, Section{ID: "refresh", Title: p.T("requests.letter.refresh"), Note: p.T("requests.letter.refresh_note"), Form: f})
		}
		if v.Can(by, actor.FoiSend) {
			p.Forms = append(p.Forms, finishForm(p.Page, here, l, len(p.Gaps)))
		}
	case foi.Finished:
		if v.Can(by, actor.FoiSend) {
			p.Forms = append(p.Forms, o.sendForm(p.Page, here, v, l))
		}
	case foi.Sent:
		if v.Can(by, actor.FoiSend) {
			p.Forms = append(p.Forms, o.arrivedForm(p.Page, here, l))
		}
	}
	if (l.State == foi.Drafted || l.State == foi.Finished) && v.Can(by, actor.FoiSend) {
		f := letterForm(p.Page, here, "void", l, Field{Name: "reason", Label: p.T("requests.field.reason"), Required: true, Most: 300, Lang: "zh-CN"})
		f.Buttons = []Button{{Text: p.T("requests.letter.void"), Tone: "danger"}}
		p.Forms = append(p.Forms, Section{ID: "void", Title: p.T("requests.letter.void"), Form: f, Folded: true})
	}
	p.Cards = letterCards(p.Printer, l)
	return p
}

var paperFormats = map[string]string{"docx": "requests.letter.docx", "pdf": "requests.letter.pdf"}

var letterSaid = map[foi.LetterState]string{
	foi.Drafted: "requests.letter.said_draft", foi.Finished: "requests.letter.said_ready", foi.Sent: "requests.letter.said_sent", foi.Voided: "requests.letter.said_void",
}

func letterCards(p i18n.Printer, l *foi.Letter) []Card {
	b := &recordBuilder{Printer: p}
	way := ""
	if l.Way != "" {
		way = p.Text(foi.WayWord(l.Way))
	}
	c := b.card("letter", p.T("requests.letter.about"), b.text("requests.letter.no", l.No), b.day("requests.letter.on", l.Text.On), b.day("requests.letter.sent", l.SentOn), Fact{Label: p.T("requests.field.way"), Value: way},
		b.text("requests.field.tracking", l.Tracking), b.text("requests.field.signer", l.Signer), b.day("requests.letter.arrived", l.ArrivedOn), b.text("requests.letter.failed", l.Failed))
	if k, ok := letter.Find(l.Code); ok {
		for _, ref := range k.Law {
			c.Facts = append(c.Facts, Fact{Label: p.T("requests.side.cite"), Value: citeOf(p, ref)})
		}
		if k.Note != "" {
			c.Note = p.T(k.Note)
		}
	}
	return b.all
}

// letterForm is a form of the letter's page that does one thing.
func letterForm(p Page, at, do string, l *foi.Letter, fields ...Field) *Form {
	f := NewForm(p, at, Group{Fields: fields}).Apart(do)
	f.Version, f.Hidden = l.Version, []Field{{Name: "do", Value: do}}
	return f
}

// letterEditor offers the parts of a draft that may be worded; the others stand beside it.
func letterEditor(p Page, at string, l *foi.Letter) (*Form, []Fact) {
	var fields []Field
	var fixed []Fact
	for _, s := range l.Text.Slots {
		if !s.Editable {
			fixed = append(fixed, Fact{Label: p.Text(s.Label()), Value: s.Text, Lang: "zh-CN"})
			continue
		}
		f := Field{Name: slotField(s.Name), Label: p.Text(s.Label()), Kind: LongField, Value: s.Text, Rows: min(max(3, len([]rune(s.Text))/38+strings.Count(s.Text, "\n")+1), 14), Most: s.Most, Lang: "zh-CN"}
		if len(s.Keep) > 0 {
			f.Hint = p.T("requests.letter.keep", "words", p.List(s.Keep))
		}
		fields = append(fields, f)
	}
	if len(fields) == 0 {
		return nil, nil
	}
	f := letterForm(p, at, "save", l, fields...)
	f.Buttons = []Button{{Text: p.T("requests.letter.save"), Tone: "primary"}, {Text: p.T("requests.letter.refresh"), Name: "refresh", Value: "1", NoCheck: true}}
	return f, fixed
}

func slotField(name string) string { return "slot-" + name }

func finishForm(p Page, at string, l *foi.Letter, gaps int) Section {
	f := letterForm(p, at, "finish", l, Field{Name: "no", Label: p.T("requests.letter.no"), Most: 60, Hint: p.T("requests.hint.letter_no"), Lang: "zh-CN"})
	f.Buttons = []Button{{Text: p.T("requests.letter.finish"), Tone: "primary"}}
	s := Section{ID: "finish", Title: p.T("requests.letter.finish"), Note: p.T("requests.letter.finish_note"), Form: f}
	if gaps > 0 {
		s.Note, s.Folded = p.T("requests.letter.finish_gaps", "n", gaps), true
	}
	return s
}

// sendForm asks how and when the letter left, the way the applicant chose first.
func (o *Office) sendForm(p Page, at string, v *foi.View, l *foi.Letter) Section {
	way := v.Record.Application.Way
	if k, ok := letter.Find(l.Code); ok && k.To != letter.ToApplicant {
		way = foi.ByEMS
	}
	on := o.pastDay(p.Printer, "on", "requests.letter.sent")
	on.Least, on.Hint = l.Text.On.String(), p.T("requests.hint.sent")
	f := letterForm(p, at, "send", l,
		Field{Name: "way", Label: p.T("requests.field.delivery"), Kind: RadioField, Required: true, Value: string(way), Choices: wayChoices(p.Printer, "", foi.Deliveries), Hint: p.T("requests.hint.delivery")}, on,
		Field{Name: "tracking", Label: p.T("requests.field.tracking"), Half: true, Most: 60, Hint: p.T("requests.hint.tracking")}, Field{Name: "signer", Label: p.T("requests.field.signer"), Half: true, Most: 60, Hint: p.T("requests.hint.signer"), Lang: "zh-CN"})
	f.Buttons = []Button{{Text: p.T("requests.letter.send"), Tone: "primary"}}
	return Section{ID: "send", Title: p.T("requests.letter.send"), Note: p.T("requests.letter.send_note"), Form: f}
}

func (o *Office) arrivedForm(p Page, at string, l *foi.Letter) Section {
	on := o.pastDay(p.Printer, "on", "requests.letter.arrived")
	on.Required, on.Least = false, l.SentOn.String()
	if !l.ArrivedOn.IsZero() {
		on.Value = l.ArrivedOn.String()
	}
	f := letterForm(p, at, "arrived", l, on, Field{Name: "failed", Label: p.T("requests.field.failed"), Most: 300, Hint: p.T("requests.hint.failed"), Lang: "zh-CN"})
	f.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	return Section{ID: "arrived", Title: p.T("requests.letter.arrived_title"), Note: p.T("requests.letter.arrived_note"), Form: f, Folded: !l.ArrivedOn.IsZero()}
}

// letterGaps lists what a letter lacks, each with the way to fill it. Its number is given last.
func (o *Office) letterGaps(r *http.Request, p i18n.Printer, v *foi.View, l *foi.Letter) (all []web.Link) {
	for _, g := range l.Text.Missing() {
		if g.Field == "Number" {
			continue
		}
		text := p.Text(g.Message)
		if !g.Cite.IsZero() {
			text += " " + p.T("office.cite", "cite", citeOf(p, g.Cite))
		}
		all = append(all, web.Link{Text: text, Href: o.gapHref(r, v, l, g.Field)})
	}
	return all
}

// gapPlaces lead from a missing fact to the page where it is entered.
var gapPlaces = []struct{ prefix, to string }{
	{"Correction.", "do/correction"}, {"Reasons.", "do/reasons"}, {"Extension.", "do/extend"}, {"Deferral.", "do/later"}, {"Consultation.", "do/consult"}, {"Fee.", "do/charge"},
	{"Answer.Search", "do/search"}, {"Answer", "decide"}, {"Rectify.", "decide"}, {"Review.", "decide"}, {"Request.", ""}, {"Applicant.", ""},
}

func (o *Office) gapHref(r *http.Request, v *foi.View, l *foi.Letter, field string) string {
	if i := slices.IndexFunc(l.Text.Slots, func(s letter.Slot) bool { return s.Name == field }); i >= 0 {
		return "#f-save-" + slotField(field)
	}
	switch {
	case strings.HasPrefix(field, "Agency."):
		return o.path(r, "/office/bodies/%s/contact", v.Request.Agency)
	case strings.HasPrefix(field, "Remedy."):
		return o.path(r, "/office/requests/settings")
	}
	at := o.path(r, "/office/requests/%s", v.Request.ID)
	for _, place := range gapPlaces {
		if !strings.HasPrefix(field, place.prefix) {
			continue
		}
		if place.to == "decide" && v.Request.State == foi.Approved {
			return at + "/do/takeback"
		}
		return at + "/" + place.to
	}
	return at
}

// actRequestLetter words, numbers, sends a letter, notes that it arrived, or voids it.
func (o *Office) actRequestLetter(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	do := f.Text("do")
	if do == "save" && f.Bool("refresh") {
		do = "refresh"
	}
	if err := o.mayStepLetter(r, do); err != nil {
		return err
	}
	_, before, err := o.letterAt(r)
	if err != nil {
		return err
	}
	if err = o.stepLetter(r, f, do, before); err == nil {
		return o.done(w, r, i18n.M(letterDone[do]), "/office/requests/%s%s", r.PathValue("id"), steps(afterLetter(do, before)))
	}
	if !mendable(err) {
		return err
	}
	v, l, broken := o.letterAt(r)
	if broken != nil {
		return broken
	}
	p, status := o.letterPageOf(r, v, l), web.Status(fault.KindOf(err))
	if p.Editor != nil && do == "save" {
		p.Editor.Keep(r.PostForm)
		p.Editor.Tell(err)
		return o.showAs(w, r, status, "letter", p)
	}
	told := false
	for _, s := range p.Forms {
		if s.ID == do {
			s.Form.Keep(r.PostForm)
			s.Form.Tell(err)
			told = true
		}
	}
	if !told {
		return err
	}
	return o.showAs(w, r, status, "letter", p)
}

// mayStepLetter refuses who may not take a step, before anything is read.
func (o *Office) mayStepLetter(r *http.Request, do string) error {
	if do == "save" || do == "refresh" {
		return o.Requests.MayEditLetter(r.Context(), o.Actor(r), r.PathValue("id"), r.PathValue("letter"))
	}
	return o.Requests.May(r.Context(), o.Actor(r), actor.FoiSend, r.PathValue("id"))
}

var letterDone = map[string]string{
	"save": "office.saved", "refresh": "requests.done.refreshed", "finish": "requests.done.finished", "send": "requests.done.sent", "arrived": "office.saved", "void": "requests.done.voided",
}

// afterLetter is where a step of a letter leads: on the letter until it is sent, then back.
func afterLetter(do string, l *foi.Letter) string {
	if do == "send" || do == "void" {
		return ""
	}
	return "/letters/" + l.ID
}

func (o *Office) stepLetter(r *http.Request, f *web.Form, do string, l *foi.Letter) error {
	ctx, by, id, version := r.Context(), o.Actor(r), l.Request, f.Int64("version")
	s := foi.Sending{Way: foi.Way(f.Text("way")), On: f.Date("on"), Tracking: f.AtMost("tracking", 60), Signer: f.AtMost("signer", 60)}
	no, failed, reason := f.AtMost("no", 60), f.AtMost("failed", 300), f.AtMost("reason", 300)
	if err := f.Err(); err != nil {
		return err
	}
	var err error
	switch do {
	case "save":
		parts, wrong := letterParts(f, l)
		if len(wrong) > 0 {
			return wrong
		}
		_, err = o.Requests.EditLetter(ctx, by, id, l.ID, version, parts)
	case "refresh":
		_, err = o.Requests.RefreshLetter(ctx, by, id, l.ID, version)
	case "finish":
		_, err = o.Requests.FinishLetter(ctx, by, id, l.ID, version, no)
	case "send":
		_, err = o.Requests.SendLetter(ctx, by, id, l.ID, version, s)
	case "arrived":
		_, err = o.Requests.LetterArrived(ctx, by, id, l.ID, version, s.On, failed)
	case "void":
		_, err = o.Requests.VoidLetter(ctx, by, id, l.ID, version, reason)
	default:
		err = web.ErrChoice
	}
	return err
}

// letterParts reads the texts of the editable parts, and what is wrong with each.
func letterParts(f *web.Form, l *foi.Letter) (parts map[string]string, wrong web.Faults) {
	parts = map[string]string{}
	for _, s := range l.Text.Slots {
		name := slotField(s.Name)
		if !s.Editable || !f.Has(name) {
			continue
		}
		text := f.Text(name)
		if text == strings.TrimSpace(s.Text) {
			continue
		}
		if err := l.Text.Edit(s.Name, text); err != nil {
			for _, e := range web.FaultsOf(err) {
				wrong = append(wrong, e.At(name))
			}
			continue
		}
		parts[s.Name] = text
	}
	return parts, wrong
}

// sendRequestLetter sends a letter as a file to print.
func (o *Office) sendRequestLetter(w http.ResponseWriter, r *http.Request) error {
	_, l, err := o.Requests.Letter(r.Context(), o.Actor(r), r.PathValue("id"), r.PathValue("letter"))
	if err != nil {
		return err
	}
	name := letterName(l)
	if l.No != "" {
		name += " " + l.No
	}
	return o.sendPaper(w, r, l.Text.Document(), name)
}

// showRequestForm shows a form that stays in the file.
func (o *Office) showRequestForm(w http.ResponseWriter, r *http.Request) error {
	doc, k, err := o.formAt(r)
	if err != nil {
		return err
	}
	p := &letterPage{Page: o.page(r, k.Name), Paper: paperOf(doc)}
	at := o.path(r, "/office/requests/%s", r.PathValue("id"))
	p.Crumb(p.T("requests.title"), o.path(r, "/office/requests"))
	p.Crumb(p.T("requests.view.papers"), at+"?view=papers")
	for _, format := range []string{"docx", "pdf"} {
		p.Tools = append(p.Tools, Tool{Text: p.T(paperFormats[format]), Href: at + "/forms/" + string(k.Code) + "/" + format})
	}
	return o.show(w, r, "letter", p)
}

func (o *Office) formAt(r *http.Request) (*paper.Document, letter.Kind, error) {
	k, ok := letter.Find(letter.Code(r.PathValue("code")))
	if !ok || k.To != letter.ToFile {
		return nil, k, web.ErrNoPage
	}
	doc, err := o.Requests.Form(r.Context(), o.Actor(r), r.PathValue("id"), k.Code)
	return doc, k, err
}

func (o *Office) sendRequestForm(w http.ResponseWriter, r *http.Request) error {
	doc, k, err := o.formAt(r)
	if err != nil {
		return err
	}
	return o.sendPaper(w, r, doc, k.Name)
}

// sendPaper sends a document in the format the address ends with.
func (o *Office) sendPaper(w http.ResponseWriter, r *http.Request, doc *paper.Document, name string) error {
	var b bytes.Buffer
	var media string
	var err error
	switch r.PathValue("format") {
	case "docx":
		media, err = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", paper.WriteDOCX(&b, doc)
	case "pdf":
		media = "application/pdf"
		_, err = paper.WritePDF(&b, doc)
	default:
		return web.ErrNoPage
	}
	if err != nil {
		return err
	}
	attach(w, media, name+"."+r.PathValue("format"))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes()) // who left needs no answer
	return nil
}
