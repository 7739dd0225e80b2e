package office

import (
	"net/http"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
	"gongkai/internal/mailbox"
	"gongkai/internal/web"
)

// mailView is one message as its page shows it.
type mailView struct {
	Page
	State   *Badge
	Notices []string
	Text    string
	Cards   []Card
	Forms   []Section
}

// showMail shows a message in full: who wrote is shown to those who deal with the mail, and each time
// is on record.
func (o *Office) showMail(w http.ResponseWriter, r *http.Request) error {
	m, err := o.Mailbox.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return o.show(w, r, "mail", o.mailOf(r, m))
}

func (o *Office) mailOf(r *http.Request, m *mailbox.Message) *mailView {
	p := &mailView{Page: o.page(r, mailSubject(printer(r), m)), Text: m.Text}
	p.State = &Badge{p.Printer.Text(m.State.Message()), mailTones[m.State]}
	p.Crumb(p.T("mail.title"), o.path(r, "/office/mail"))
	for _, one := range m.Remarks {
		p.Notices = append(p.Notices, p.Printer.Text(one.Message()))
	}
	if m.Kind == mailbox.Bounce {
		p.Notices = append(p.Notices, p.T("mail.bounced"))
	}
	p.Cards = []Card{o.mailFacts(r, p.Printer, m), o.mailFiles(r, p.Printer, m)}
	if o.Actor(r).Can(actor.MailboxHandle, actor.In(m.Agency)) {
		p.Forms = mailForms(p.Page, o.path(r, "/office/mail/%s", m.ID), m)
	}
	return p
}

func (o *Office) mailFacts(r *http.Request, p i18n.Printer, m *mailbox.Message) Card {
	c := Card{ID: "about", Title: p.T("mail.about"), Facts: []Fact{{Label: p.T("mail.from"), Value: strings.TrimSpace(m.From.Name + " " + m.From.Address)},
		{Label: p.T("mail.kind"), Value: p.Text(m.Kind.Message())}, {Label: p.T("mail.arrived"), Value: When(m.Arrived)}}}
	if m.Reason != "" {
		c.Facts = append(c.Facts, Fact{Label: p.T("mail.reason"), Value: m.Reason, Lang: "zh-CN"})
	}
	// What came back is about a letter of a request, everything else about the request.
	if request, letter, _ := strings.Cut(m.AboutID, "/"); request != "" {
		at := o.path(r, "/office/requests/%s", request)
		if letter != "" {
			at += "/letters/" + letter
		}
		c.Links = []web.Link{{Href: at, Text: p.T("mail.record")}}
	}
	return c
}

func (o *Office) mailFiles(r *http.Request, p i18n.Printer, m *mailbox.Message) Card {
	c := Card{ID: "files", Title: p.T("mail.files"), Empty: p.T("mail.no_files")}
	for _, f := range m.Files {
		c.Links = append(c.Links, web.Link{Href: o.path(r, "/office/mail/%s/files/%s", m.ID, f.ID), Text: f.Name + "（" + sizeOf(f.Size) + "）"})
	}
	return c
}

// mailForms are what can be done with a message as it stands.
func mailForms(p Page, at string, m *mailbox.Message) []Section {
	form := func(do, button, tone string, fields ...Field) Section {
		var groups []Group
		if len(fields) > 0 {
			groups = []Group{{Fields: fields}}
		}
		f := NewForm(p, at, groups...).Apart(do)
		f.Version, f.Hidden, f.Buttons = m.Version, []Field{{Name: "do", Value: do}}, []Button{{Text: p.T(button), Tone: tone}}
		return Section{ID: do, Title: p.T(button), Form: f}
	}
	admit := form("admit", "mail.admit", "primary")
	admit.Note = p.T("mail.admit_note")
	assign := form("assign", "mail.assign", "", Field{Name: "record", Label: p.T("mail.no"), Required: true, Most: 60})
	assign.Note = p.T("mail.assign_note")
	discard := form("discard", "mail.discard", "danger", Field{Name: "reason", Label: p.T("mail.reason"), Required: true, Most: 500, Lang: "zh-CN"})
	discard.Note = p.T("mail.discard_note")
	switch m.State {
	case mailbox.New:
		return []Section{admit, assign, discard}
	case mailbox.Discarded:
		return []Section{form("restore", "mail.restore", "")}
	}
	return nil
}

// actOnMail makes a request of a message, adds it to one, discards it or brings it back.
func (o *Office) actOnMail(w http.ResponseWriter, r *http.Request) error {
	f, by, id := web.ReadForm(r), o.Actor(r), r.PathValue("id")
	version, do := f.Int64("version"), f.Choice("do", "admit", "assign", "discard", "restore")
	err := f.Err()
	if err == nil {
		switch do {
		case "admit":
			err = o.Mailbox.Admit(r.Context(), by, id, version)
		case "assign":
			err = o.assignMail(r, id, version, f.Text("record"))
		case "discard":
			err = o.Mailbox.Discard(r.Context(), by, id, version, f.Text("reason"))
		case "restore":
			err = o.Mailbox.Restore(r.Context(), by, id, version)
		}
	}
	if err != nil {
		return o.mailAgain(w, r, do, err)
	}
	return o.done(w, r, i18n.M("mail.done"), "/office/mail/%s", id)
}

// assignMail adds a message to the request of a number: its text and files become files of it.
func (o *Office) assignMail(r *http.Request, id string, version int64, no string) error {
	by := o.Actor(r)
	if err := by.May(actor.MailboxHandle, actor.In(o.Body(r))); err != nil {
		return err
	}
	if no == "" {
		return mailbox.ErrRecord
	}
	found, err := o.Requests.List(r.Context(), by, foi.Filter{Agency: o.Body(r), No: no})
	if err != nil {
		return err
	}
	if len(found.Requests) == 0 {
		return mailbox.ErrRecord
	}
	to := found.Requests[0]
	return o.Mailbox.Assign(r.Context(), by, id, version, mailbox.Request, to.ID, func(tx *db.Tx, m *mailbox.Message) error {
		if m.Agency != to.Agency {
			return mailbox.ErrRecord
		}
		var files []foi.Upload
		for _, f := range m.Files {
			files = append(files, foi.Upload{Kind: foi.Attachment, Name: f.Name, Data: f.Data})
		}
		return o.Requests.TakeAnswer(tx, actor.System("mailbox"), to.ID, m.Text, files)
	})
}

// mailAgain shows a message again with what is wrong in the form that was sent.
func (o *Office) mailAgain(w http.ResponseWriter, r *http.Request, do string, wrong error) error {
	switch fault.KindOf(wrong) {
	case fault.Invalid, fault.Conflict, fault.TooLarge:
	default:
		return wrong
	}
	m, err := o.Mailbox.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	p := o.mailOf(r, m)
	for i := range p.Forms {
		if p.Forms[i].ID == do {
			p.Forms[i].Form.Keep(r.PostForm)
			return o.showAs(w, r, p.Forms[i].Form.Tell(wrong), "mail", p)
		}
	}
	return wrong
}

// sendMailFile sends an attachment as it was sent to us, for no program to open by itself.
func (o *Office) sendMailFile(w http.ResponseWriter, r *http.Request) error {
	f, err := o.Mailbox.File(r.Context(), o.Actor(r), r.PathValue("id"), r.PathValue("mailfile"))
	if err != nil {
		return err
	}
	attach(w, "application/octet-stream", f.Name)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(f.Data) // who left needs no answer
	return nil
}
