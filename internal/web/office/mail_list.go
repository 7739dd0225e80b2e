package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
	"gongkai/internal/mailbox"
)

// mailRoutes are the mail that arrived at the body's mailbox: requests, answers, what came back.
func (o *Office) mailRoutes(rt *router) {
	if o.Mailbox == nil {
		return
	}
	rt.Page("GET /office/mail", o.listMail)
	rt.Page("GET /office/mail/{id}", o.showMail)
	rt.Page("POST /office/mail/{id}", o.actOnMail)
	rt.Page("GET /office/mail/{id}/files/{mailfile}", o.sendMailFile)
	if o.Mailbox.On() {
		rt.Nav(NavItem{Group: NavWork, Path: "/office/mail", Text: i18n.M("mail.title"), Icon: "import", Acts: []actor.Act{actor.MailboxView}})
	}
}

// mailTones are how the states of messages are shown.
var mailTones = map[mailbox.State]Tone{mailbox.New: Wait, mailbox.Assigned: Good, mailbox.Discarded: Gone}

var mailKinds = []mailbox.Kind{mailbox.Letter, mailbox.Bounce, mailbox.Auto, mailbox.Bulk}

func (o *Office) listMail(w http.ResponseWriter, r *http.Request) error {
	by, q := o.Actor(r), ReadList(r, nil, "")
	status, err := o.Mailbox.Status(r.Context(), by, o.Body(r))
	if err != nil {
		return err
	}
	all, err := o.Mailbox.List(r.Context(), by, mailbox.Filter{Agency: o.Body(r), State: mailbox.State(q.Filter.Get("state")), Kind: mailbox.Kind(q.Filter.Get("kind")),
		After: q.After, Before: q.Before, Limit: q.Size + 1})
	if err != nil {
		return err
	}
	return o.show(w, r, "list", o.mailPage(r, q, status, all))
}

func (o *Office) mailPage(r *http.Request, q ListQuery, status mailbox.Status, all []*mailbox.Message) *ListPage {
	p := &ListPage{Page: o.page(r, printer(r).T("mail.title"))}
	p.Lead = mailLead(p.Printer, o.Mailbox.On(), status)
	l := NewList(p.Page, p.Title, []Column{{Key: "subject", Text: p.T("mail.subject")}, {Key: "kind", Text: p.T("mail.kind"), Slim: true, Wide: true},
		{Key: "state", Text: p.T("mail.state"), Slim: true}, {Key: "at", Text: p.T("mail.arrived"), Slim: true, Wide: true}}, q)
	l.Export, l.Empty = false, p.T("mail.empty")
	l.FilterBy(Field{Name: "state", Label: p.T("mail.state"), Kind: SelectField, Choices: choices(p.Printer, p.T("office.any"), mailbox.States, mailbox.State.Message)},
		Field{Name: "kind", Label: p.T("mail.kind"), Kind: SelectField, Choices: choices(p.Printer, p.T("office.any"), mailKinds, mailbox.Kind.Message)})
	for _, m := range page(l, all, func(m *mailbox.Message) string { return m.ID }) {
		l.Rows = append(l.Rows, o.mailRow(r, p.Printer, m))
	}
	p.List = l
	return p
}

func (o *Office) mailRow(r *http.Request, p i18n.Printer, m *mailbox.Message) Row {
	state := Badge{p.Text(m.State.Message()), mailTones[m.State]}
	sub := m.Masked()
	if n := m.FileCount(); n > 0 {
		sub = p.T("mail.with_files", "from", sub, "n", n)
	}
	return Row{ID: m.ID, Name: mailSubject(p, m), Cells: []Cell{
		{Text: mailSubject(p, m), Href: o.path(r, "/office/mail/%s", m.ID), Sub: sub, Lang: "zh-CN"}, {Text: p.Text(m.Kind.Message())}, {Badge: &state}, {Text: When(m.Arrived)}}}
}

// mailSubject is what a message is called.
func mailSubject(p i18n.Printer, m *mailbox.Message) string {
	if m.Subject == "" {
		return p.T("mail.no_subject")
	}
	return m.Subject
}

// mailLead says how the reading of the mailbox goes.
func mailLead(p i18n.Printer, on bool, s mailbox.Status) string {
	switch {
	case !on:
		return p.T("mail.off")
	case s.Trouble != "":
		return p.T("mail.trouble", "why", s.Trouble)
	case s.Read.IsZero():
		return p.T("mail.never")
	}
	return p.T("mail.lead", "n", s.Waiting, "at", When(s.Read))
}
