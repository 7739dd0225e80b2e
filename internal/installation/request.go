package installation

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
	"gongkai/internal/job"
	"gongkai/internal/mailbox"
	"gongkai/internal/notify"
	"gongkai/internal/paper"
	"gongkai/internal/sms"
	"gongkai/internal/webhook"
)

// postJob mails a letter that was sent by e-mail, with what it hands over.
const postJob = "foi.post"

// aboutLetter is what a mail that carries a letter is about: the keys of the request and the letter.
const aboutLetter = "foi-letter"

// post names the letter to be mailed; it holds nothing personal.
type post struct{ Request, Letter string }

// requestNews tells other systems and the applicant what happened to a request, in the act's
// transaction. What it says outside holds no personal data; a letter by e-mail is mailed by a job.
func (n *Installation) requestNews(tx *db.Tx, e foi.News) error {
	if err := hookOf(tx, e); err != nil {
		return err
	}
	if e.Letter != nil && e.Letter.Way == foi.ByEmail {
		return job.Enqueue(tx, postJob, post{e.Request.ID, e.Letter.ID}, job.Unique(e.Letter.ID))
	}
	return n.short(tx, e)
}

var hooks = map[string]webhook.Type{
	"registered": webhook.RequestRegistered, "due_changed": webhook.RequestDue, "extended": webhook.RequestDue, "corrected": webhook.RequestDue,
	"decided": webhook.RequestDecided, "closed": webhook.RequestClosed,
}

func hookOf(tx *db.Tx, e foi.News) error {
	kind, known := hooks[e.Event]
	if !known {
		return nil
	}
	r := e.Request
	data := map[string]string{"no": r.No, "state": string(r.State), "received": r.Received.String(), "due": r.Due.String()}
	if e.Event == "closed" {
		data["outcome"], data["day"] = string(r.Outcome), r.ClosedOn.String()
	}
	return webhook.Note(tx, webhook.Event{Type: kind, Agency: r.Agency, ID: r.ID, Data: data})
}

// short sends the applicant a short message that points to what is waiting.
func (n *Installation) short(tx *db.Tx, e foi.News) error {
	r := e.Request
	t := sms.Text{About: "foi", AboutID: r.ID, Params: map[string]string{"number": r.No}}
	_, t.To = e.Record.Reach()
	switch {
	case e.Event == "registered":
		t.Template = sms.Registered
	case e.Event == "correction":
		t.Template, t.Params["day"] = sms.Correct, e.Record.Correction.Due.String()
	case e.Event == "extended":
		t.Template, t.Params["day"] = sms.Extended, r.Due.String()
	case e.Event == "fee" && !e.Record.Fee.Due.IsZero():
		t.Template, t.Params["day"] = sms.Fee, e.Record.Fee.Due.String()
	case e.Event == "closed" && e.Record.Delivery != nil:
		t.Template = sms.Replied
	default:
		return nil
	}
	return n.SMS.Send(tx, t)
}

// postLetter mails a letter.
func (n *Installation) postLetter(ctx context.Context, a post) error {
	if !n.Post.On() {
		return nil
	}
	p, err := n.Requests.Posting(ctx, a.Request, a.Letter)
	if err != nil {
		if fault.KindOf(err) != fault.Internal {
			return job.Cancel(err)
		}
		return err
	}
	var pdf bytes.Buffer
	if _, err := paper.WritePDF(&pdf, p.Paper); err != nil {
		return fmt.Errorf("print a letter: %w", err)
	}
	files := []notify.File{{Name: p.LetterNo + ".pdf", Media: "application/pdf", Data: pdf.Bytes()}}
	for _, f := range p.Files {
		files = append(files, notify.File{Name: f.Name, Media: "application/octet-stream", Data: f.Data})
	}
	say := i18n.To(i18n.Chinese)
	return n.DB.Update(ctx, func(tx *db.Tx) error {
		return n.Post.Send(tx, notify.Letter{
			To: p.To, ToName: p.Name, Private: true, About: aboutLetter, AboutID: a.Request + "/" + a.Letter,
			Subject: say.T("foi.mail.subject", "agency", p.Agency, "title", p.Title),
			Text:    say.T("foi.mail.text", "agency", p.Agency, "title", p.Title, "no", p.No, "letter", p.LetterNo), Files: files,
		})
	})
}

// mailEnded marks a letter that was refused or came back as not served.
func (n *Installation) mailEnded(tx *db.Tx, m *notify.Mail) error {
	if m.State != notify.Refused && m.State != notify.Bounced {
		return nil
	}
	request, letter, _ := strings.Cut(m.AboutID, "/")
	return n.Requests.MailFailed(tx, actor.System("mail"), request, letter, m.Trouble)
}

// mailed makes a request of a mail, or adds it to the request whose letter it answers.
func (n *Installation) mailed(tx *db.Tx, _ actor.Actor, m *mailbox.Message) error {
	files := make([]foi.Upload, 0, len(m.Files))
	for _, f := range m.Files {
		files = append(files, foi.Upload{Kind: foi.Attachment, Name: f.Name, Data: f.Data})
	}
	by := actor.System("mailbox")
	if m.Answers != nil && m.Answers.About == aboutLetter {
		request, _, _ := strings.Cut(m.Answers.AboutID, "/")
		if err := n.Requests.TakeAnswer(tx, by, request, m.Text, files); err != nil {
			return err
		}
		m.About, m.AboutID = mailbox.Request, request
		return nil
	}
	name := strings.TrimSpace(m.From.Name)
	if name == "" {
		name = m.From.Address
	}
	r, err := n.Requests.TakeIn(tx, by, foi.Submission{
		Agency: m.Agency, Channel: foi.Email, Files: files,
		Application: foi.Application{
			Applicant: foi.Applicant{Kind: foi.Natural, Name: name, Email: m.From.Address},
			Sought:    foi.Sought{Name: m.Subject, Features: m.Text}, Form: foi.Electronic, Way: foi.ByEmail,
		},
	})
	if err != nil {
		return err
	}
	m.About, m.AboutID = mailbox.Request, r.ID
	return nil
}
