// Package notify sends reminders and letters by mail (通知送达) and keeps what was sent, when and
// to whom, and whether it came back.
// A mail is asked for in the act's transaction and sent by a job, so a server that does not
// answer delays a mail and never an act. Without a configured server nothing is recorded and
// nothing leaves the machine.
package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	Bounced State = "bounced" // taken by the server, and sent back later
)

var stateNames = map[State]string{Waiting: "notify.state.waiting", Sent: "notify.state.sent", Refused: "notify.state.refused", Bounced: "notify.state.bounced"}

// Message returns what people call the state.
func (s State) Message() i18n.Message { return i18n.M(stateNames[s]) }

// Letter is a mail to be sent.
type Letter struct {
	Account string // whose address it is
	To      string // the address
	Subject string
	Text    string // plain; names records, holds no personal data unless Private says so
	About   string // kind of record it is about, and its key
	AboutID string
	// ToName is the person's, as the mail shows it.
	ToName string
	// Private says that subject and text are somebody's own matter: they are sealed until the mail is
	// sent, and then forgotten.
	Private bool
	// Answers is the Message-ID of the mail it answers, without brackets.
	Answers string
	// Files go with it: sealed until it is sent, then forgotten.
	Files []File
}

// File goes with a letter, such as the letter itself as it is printed.
type File struct {
	Name  string `json:"name"`
	Media string `json:"media"`
	Data  []byte `json:"data"`
}

// mostFiles is what the files of a letter may have together, in bytes: with their encoding a mail
// then stays below what most servers take.
const mostFiles = 18 << 20

// ErrFiles refuses files that no mail carries.
var ErrFiles = &fault.Error{Kind: fault.TooLarge, Code: "notify.files"}

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

	sealed  string
	private string // sealed, see own
}

// own is what of a mail is the person's own matter.
type own struct {
	Name    string `json:"name"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Answers string `json:"answers"`
}

// parcel is a mail as it leaves.
type parcel struct {
	*Mail
	own
	to    string
	head  map[string]string
	files []File
}

// Post sends letters.
type Post struct {
	DB     *db.DB
	Keys   *secret.Keyring
	Server *Server // nil when no mail is sent
	// Outbox takes the mails of a demonstration in place of a server.
	Outbox *Outbox
	// Ended is told how a mail ended, in the transaction that records it, by the kind of record it is
	// about: so that a letter which did not arrive counts as not served. It may be nil.
	Ended map[string]func(tx *db.Tx, m *Mail) error
}

// On reports whether mail is sent at all.
func (p *Post) On() bool { return p != nil && (p.Server != nil || p.Outbox != nil) }

// hand gives a mail to whoever takes it.
func (p *Post) hand(ctx context.Context, one *parcel) error {
	if p.Outbox != nil {
		p.Outbox.put(one)
		return nil
	}
	return p.Server.send(ctx, one)
}

// Deliver sends a letter now, with further heads, and records nothing: for a job that decides at
// the last moment what its letter says. id makes the Message-ID, the same for each attempt.
// Without a server it does nothing.
func (p *Post) Deliver(ctx context.Context, id string, now time.Time, l Letter, head map[string]string) error {
	if !p.On() {
		return nil
	}
	one := &parcel{Mail: &Mail{ID: id, Asked: now}, own: own{l.ToName, oneLine(l.Subject), l.Text, l.Answers}, to: l.To, head: head, files: l.Files}
	switch err := p.hand(ctx, one); {
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
	_, err := p.SendAs(tx, l)
	return err
}

// SendAs is Send for a letter whose mail the caller must find again: it returns the mail's key, ""
// for one that was left out.
func (p *Post) SendAs(tx *db.Tx, l Letter) (id string, err error) {
	if _, wrong := mail.ParseAddress(l.To); !p.On() || wrong != nil {
		return "", nil
	}
	m := &Mail{ID: db.ID(), Account: l.Account, Masked: Mask(l.To), About: l.About, AboutID: l.AboutID,
		Subject: oneLine(l.Subject), Text: l.Text, State: Waiting, Asked: tx.Now}
	if err := p.seal(m, l); err != nil {
		return "", err
	}
	if err := tx.Insert("notify_mail", m.columns()); err != nil {
		return "", err
	}
	if err := p.keepFiles(tx, m.ID, l.Files); err != nil {
		return "", err
	}
	return m.ID, job.Enqueue(tx, MailJob, m.ID)
}

// seal puts the address, and what is the person's own matter, under seal.
func (p *Post) seal(m *Mail, l Letter) (err error) {
	if m.sealed, err = p.Keys.Seal(purpose(m.ID), []byte(l.To)); err != nil {
		return err
	}
	mine := own{l.ToName, m.Subject, m.Text, l.Answers}
	if !l.Private && l.ToName == "" && l.Answers == "" {
		return nil
	}
	text, err := json.Marshal(mine)
	if err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	if l.Private {
		m.Subject, m.Text = "", ""
	}
	m.private, err = p.Keys.Seal(purpose(m.ID)+":own", text)
	return err
}

// keepFiles seals the files of a mail.
func (p *Post) keepFiles(tx *db.Tx, id string, files []File) error {
	size := 0
	for i, f := range files {
		if size += len(f.Data); size > mostFiles {
			return ErrFiles.With("most", mostFiles>>20)
		}
		text, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("write a file of a mail: %w", err)
		}
		kept := &file{ID: db.ID(), Mail: id, No: int64(i)}
		if kept.Sealed, err = p.Keys.Seal(purpose(id)+":file:"+kept.ID, text); err != nil {
			return err
		}
		if err := tx.Insert("notify_file", kept.columns()); err != nil {
			return err
		}
	}
	return nil
}

// open takes a mail out of its seals.
func (p *Post) open(m *Mail, files []*file) (*parcel, error) {
	to, err := p.Keys.Open(purpose(m.ID), m.sealed)
	if err != nil {
		return nil, err
	}
	one := &parcel{Mail: m, own: own{Subject: m.Subject, Text: m.Text}, to: string(to)}
	if m.private != "" {
		text, err := p.Keys.Open(purpose(m.ID)+":own", m.private)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &one.own); err != nil {
			return nil, fmt.Errorf("read a mail: %w", err)
		}
	}
	for _, kept := range files {
		var f File
		text, err := p.Keys.Open(purpose(m.ID)+":file:"+kept.ID, kept.Sealed)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &f); err != nil {
			return nil, fmt.Errorf("read a file of a mail: %w", err)
		}
		one.files = append(one.files, f)
	}
	return one, nil
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
	var files []*file
	err := p.DB.View(ctx, func(tx *db.Tx) (err error) {
		if m, err = load(tx, id); err != nil || m.State != Waiting {
			return err
		}
		files, err = filesOf(tx, id)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return job.Cancel(err)
	}
	if err != nil || m.State != Waiting {
		return err
	}
	one, err := p.open(m, files)
	if err != nil {
		return job.Cancel(err)
	}
	err = p.hand(ctx, one)
	switch {
	case err == nil:
		return p.end(ctx, id, Sent, "")
	case permanent(err):
		return errors.Join(job.Cancel(errors.New(trouble(err))), p.end(ctx, id, Refused, trouble(err)))
	}
	return errors.New(trouble(err))
}

func (p *Post) end(ctx context.Context, id string, s State, why string) error {
	return p.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error { return p.ended(tx, id, s, why) })
}

// ended records what became of a mail and tells whoever the record it is about belongs to.
func (p *Post) ended(tx *db.Tx, id string, s State, why string) error {
	changed, err := ended(tx, id, s, why)
	if err != nil || !changed {
		return err
	}
	m, err := load(tx, id)
	if err != nil {
		return err
	}
	if tell := p.Ended[m.About]; tell != nil {
		return tell(tx, m)
	}
	return nil
}

// Bounced records that a mail which the server took was sent back, with the code of the failure
// such as "5.1.1". A mail that is not known, or ended otherwise, is left alone.
func (p *Post) Bounced(tx *db.Tx, id, code string) error { return p.ended(tx, id, Bounced, code) }

// Find returns the mail that has a Message-ID of ours, nil for none.
func Find(tx *db.Tx, messageID string) (*Mail, error) {
	id, _, ours := strings.Cut(messageID, "@")
	if !ours {
		return nil, nil
	}
	m, err := load(tx, id)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	return m, err
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
