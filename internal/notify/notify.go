// Package notify sends reminders by mail (通知送达) and keeps what was sent, when and to whom.
// A mail is asked for in the act's transaction and sent by a job, so a server that does not
// answer delays a mail and never an act. Without a configured server nothing is recorded and
// nothing leaves the machine.
package notify

import (
	"context"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/job"
	"gongkai/internal/secret"
)

// MailJob is the kind of the job that sends a mail, and its message.
const MailJob = "notify.mail"

// State is what became of a mail.
type State string

// The states.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Refused State = "refused" // by the server, for good
)

var stateNames = map[State]string{Waiting: "notify.state.waiting", Sent: "notify.state.sent", Refused: "notify.state.refused"}

// Message returns what people call the state.
func (s State) Message() i18n.Message { return i18n.M(stateNames[s]) }

// Letter is a mail to be sent.
type Letter struct {
	Account string // whose address it is
	To      string // the address
	Subject string
	Text    string // plain; names records, holds no personal data
	About   string // kind of record it is about, and its key
	AboutID string
}

// Mail is a letter as it is kept.
type Mail struct {
	ID      string
	Account string
	Masked  string // the address, so far as it may be shown
	About   string
	AboutID string
	Subject string
	Text    string
	State   State
	Trouble string
	Asked   time.Time
	Ended   time.Time

	sealed string
}

// Post sends letters.
type Post struct {
	DB     *db.DB
	Keys   *secret.Keyring
	Server *Server // nil when no mail is sent
	// Outbox takes the mails of a demonstration in place of a server.
	Outbox *Outbox
}

// On reports whether mail is sent at all.
func (p *Post) On() bool { return p != nil && (p.Server != nil || p.Outbox != nil) }

// hand gives a mail to whoever takes it.
func (p *Post) hand(ctx context.Context, m *Mail, to string, head map[string]string) error {
	if p.Outbox != nil {
		p.Outbox.put(m, to, head)
		return nil
	}
	return p.Server.send(ctx, m, to, head)
}

// Deliver sends a letter now, with further heads, and records nothing: for a job that decides at
// the last moment what its letter says. id makes the Message-ID, the same for each attempt.
// Without a server it does nothing.
func (p *Post) Deliver(ctx context.Context, id string, now time.Time, l Letter, head map[string]string) error {
	if !p.On() {
		return nil
	}
	m := &Mail{ID: id, Subject: oneLine(l.Subject), Text: l.Text, Asked: now}
	switch err := p.hand(ctx, m, l.To, head); {
	case err == nil:
		return nil
	case permanent(err):
		return ErrRefused.Because(errors.New(trouble(err)))
	default:
		return errors.New(trouble(err))
	}
}

// ErrRefused says that the server refuses a letter for good.
var ErrRefused = &fault.Error{Kind: fault.Conflict, Code: "notify.refused"}

// purpose is what the address of a mail is sealed for.
func purpose(id string) string { return "notify.mail:" + id }

// Send asks for a letter in the transaction of the act. A letter without a usable address is
// left out: not everybody has one.
func (p *Post) Send(tx *db.Tx, l Letter) error {
	if !p.On() {
		return nil
	}
	if _, err := mail.ParseAddress(l.To); err != nil {
		return nil
	}
	m := &Mail{ID: db.ID(), Account: l.Account, Masked: Mask(l.To), About: l.About, AboutID: l.AboutID,
		Subject: oneLine(l.Subject), Text: l.Text, State: Waiting, Asked: tx.Now}
	sealed, err := p.Keys.Seal(purpose(m.ID), []byte(l.To))
	if err != nil {
		return err
	}
	m.sealed = sealed
	if err := tx.Insert("notify_mail", m.columns()); err != nil {
		return err
	}
	return job.Enqueue(tx, MailJob, m.ID)
}

// oneLine keeps a subject from carrying further heads.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Mask shows of an address its first letter and where it is: 甲***@example.com.
func Mask(address string) string {
	name, host, found := strings.Cut(address, "@")
	if !found || name == "" {
		return "***"
	}
	_, n := utf8.DecodeRuneInString(name)
	return name[:n] + "***@" + host
}

// Handlers returns what runs the jobs.
func (p *Post) Handlers() map[string]job.Handler {
	return map[string]job.Handler{MailJob: job.Handle(p.deliver)}
}

// deliver sends one mail, unless it has been sent. One killed between the server's answer
// and its record is sent again, under the same Message-ID.
func (p *Post) deliver(ctx context.Context, id string) error {
	if !p.On() {
		return job.Snooze(time.Hour)
	}
	var m *Mail
	err := p.DB.View(ctx, func(tx *db.Tx) (err error) {
		m, err = load(tx, id)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return job.Cancel(err)
	}
	if err != nil || m.State != Waiting {
		return err
	}
	to, err := p.Keys.Open(purpose(id), m.sealed)
	if err != nil {
		return job.Cancel(err)
	}
	err = p.hand(ctx, m, string(to), nil)
	switch {
	case err == nil:
		return p.end(ctx, id, Sent, "")
	case permanent(err):
		return errors.Join(job.Cancel(errors.New(trouble(err))), p.end(ctx, id, Refused, trouble(err)))
	}
	return errors.New(trouble(err))
}

func (p *Post) end(ctx context.Context, id string, s State, why string) error {
	return p.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error { return ended(tx, id, s, why) })
}

// List returns the mails asked for last, before the one named if there is one.
func (p *Post) List(ctx context.Context, by actor.Actor, before string, limit int) (all []*Mail, err error) {
	if err := by.May(actor.SystemView, actor.Scope{}); err != nil {
		return nil, err
	}
	err = p.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = list(tx, before, limit)
		return err
	})
	return slices.Clip(all), err
}
