// Package sms sends short messages (短信) through a provider and keeps what was sent, when and
// what became of it. As with mail, a message is asked for in the act's transaction and sent by a
// job. A short message only points to what is waiting: it carries a number, a day or a code, no
// names and no contents, and no time limit hangs on it. Without a provider nothing is recorded.
package sms

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/i18n"
	"gongkai/internal/job"
	"gongkai/internal/secret"
)

// Template is a prepared text. What it says is registered with the provider, as the networks
// demand; here stand its purpose and what is filled in.
type Template string

// The templates.
const (
	Registered Template = "registered" // a request was registered: number
	Correct    Template = "correct"    // a request must be corrected until a day: number, day
	Extended   Template = "extended"   // the reply is due later: number, day
	Replied    Template = "replied"    // the reply is ready: number
	Fee        Template = "fee"        // a fee notice waits: number, day
	Code       Template = "code"       // a one-time code: code, minutes
)

// Templates lists them in the order the settings do.
var Templates = []Template{Registered, Correct, Extended, Replied, Fee, Code}

// fields are what each template is filled in with. Nothing else can be sent.
var fields = map[Template][]string{
	Registered: {"number"}, Correct: {"number", "day"}, Extended: {"number", "day"}, Replied: {"number"}, Fee: {"number", "day"},
	Code: {"code", "minutes"},
}

// State is what became of a message.
type State string

// The states.
const (
	Waiting   State = "waiting"   // to be sent
	Sent      State = "sent"      // taken by the provider
	Delivered State = "delivered" // the network says so
	Failed    State = "failed"    // refused, or not delivered
	Held      State = "held"      // not sent, because the number was sent enough
)

var stateNames = map[State]string{
	Waiting: "sms.state.waiting", Sent: "sms.state.sent", Delivered: "sms.state.delivered", Failed: "sms.state.failed", Held: "sms.state.held",
}

// Message returns what people call the state.
func (s State) Message() i18n.Message { return i18n.M(stateNames[s]) }

// Text is a short message to be sent.
type Text struct {
	To       string // a mobile number of the mainland
	Template Template
	Params   map[string]string
	About    string // kind of record it is about, and its key
	AboutID  string
}

// Record is a message as it is kept.
type Record struct {
	ID       string
	Masked   string // the number, so far as it may be shown
	Template Template
	About    string
	AboutID  string
	State    State
	Trouble  string // the provider's code, never its words
	Asked    time.Time
	Sent     time.Time
	Ended    time.Time

	sealed, mark, ticket string
	params               map[string]string
}

// Outgoing is a message as a provider is given it.
type Outgoing struct {
	ID       string // ours, for the provider's records
	To       string
	Template Template
	Params   map[string]string
}

// Report is what the network says became of a message.
type Report struct {
	State State  // Sent while nothing is known
	Code  string // of a failure
}

// Sender is a provider of short messages.
type Sender interface {
	// Can reports whether the provider has the text of a template.
	Can(t Template) bool
	// Send hands a message over and returns the provider's ticket for it.
	Send(ctx context.Context, o Outgoing) (ticket string, err error)
	// Report asks what became of a message sent on that day to that number.
	Report(ctx context.Context, ticket, to string, sent time.Time) (Report, error)
}

// Refusal is a provider's answer that no.
type Refusal struct {
	Code  string
	Final bool          // trying again is of no use
	Wait  time.Duration // not before
}

// Error names the provider's code alone: its words may repeat the number.
func (r *Refusal) Error() string { return "the provider answers " + r.Code }

// Desk sends short messages.
type Desk struct {
	DB     *db.DB
	Keys   *secret.Keyring
	Sender Sender // nil for none
}

// On reports whether a template can be sent at all.
func (d *Desk) On(t Template) bool { return d != nil && d.Sender != nil && d.Sender.Can(t) }

// The kinds of jobs.
const (
	SendJob   = "sms.send"
	ReportJob = "sms.report" // ask what became of it
	PurgeJob  = "sms.purge"
)

// Queue is the queue of short messages, with workers of its own.
const Queue = "sms"

// The bounds of one number and of all, against a form of ours being used to pester people, and
// against the bill. Providers have their own, which are about the same.
const (
	mostHour    = 5    // to one number
	mostDay     = 10   // to one number
	mostAllHour = 2000 // altogether
)

// errParams refuses a message filled in with other than its template's: a fault of the program.
var errParams = errors.New("a short message is filled in with other than its template asks for")

// longestParam is what networks take as one value, in characters.
const longestParam = 35

// Send asks for a message in the transaction of the act. One to no usable number, of a template the
// provider does not have, or beyond the bounds is left out: what it would have said stands in a
// letter too.
func (d *Desk) Send(tx *db.Tx, t Text) error {
	to, ok := Number(t.To)
	if !d.On(t.Template) || !ok {
		return nil
	}
	if err := t.check(); err != nil {
		return err
	}
	r := &Record{ID: db.ID(), Masked: Mask(to), Template: t.Template, About: t.About, AboutID: t.AboutID, State: Waiting, Asked: tx.Now,
		mark: d.Keys.Lookup("sms:number", to), params: t.Params}
	if err := tx.Lock("sms/limits"); err != nil { // limits are counted one after the other
		return err
	}
	many, err := tooMany(tx, r.mark)
	if err != nil {
		return err
	}
	if many {
		r.State, r.Ended, r.params = Held, tx.Now, nil
		return tx.Insert("sms_text", r.columns())
	}
	if r.sealed, err = d.Keys.Seal(purpose(r.ID), []byte(to)); err != nil {
		return err
	}
	if r.Template == Code { // it opens something: it is no business of whoever reads the table
		if r.params, err = d.sealCode(r); err != nil {
			return err
		}
	}
	if err := tx.Insert("sms_text", r.columns()); err != nil {
		return err
	}
	return job.Enqueue(tx, SendJob, r.ID, job.Queue(Queue))
}

// check makes sure that the values are those of the template, and short.
func (t Text) check() error {
	want := fields[t.Template]
	if len(want) == 0 || len(want) != len(t.Params) {
		return fmt.Errorf("%w: %s", errParams, t.Template)
	}
	for name, value := range t.Params {
		if !slices.Contains(want, name) || value == "" || utf8.RuneCountInString(value) > longestParam {
			return fmt.Errorf("%w: %s, %s", errParams, t.Template, name)
		}
	}
	return nil
}

// tooMany reports whether a number, or all of them, were sent enough.
func tooMany(tx *db.Tx, mark string) (bool, error) {
	hour, day := tx.Now.Add(-time.Hour), tx.Now.Add(-24*time.Hour)
	for _, one := range []struct {
		mark  string
		since time.Time
		most  int
	}{{mark, hour, mostHour}, {mark, day, mostDay}, {"", hour, mostAllHour}} {
		n, err := asked(tx, one.mark, one.since)
		if err != nil || n >= one.most {
			return n >= one.most, err
		}
	}
	return false, nil
}

func purpose(id string) string { return "sms.number:" + id }

// sealCode puts a code's values under seal.
func (d *Desk) sealCode(r *Record) (map[string]string, error) {
	out := map[string]string{}
	for name, value := range r.params {
		sealed, err := d.Keys.Seal(purpose(r.ID)+":"+name, []byte(value))
		if err != nil {
			return nil, err
		}
		out[name] = sealed
	}
	return out, nil
}

// openCode takes them out again.
func (d *Desk) openCode(r *Record) (map[string]string, error) {
	out := map[string]string{}
	for name, sealed := range r.params {
		value, err := d.Keys.Open(purpose(r.ID)+":"+name, sealed)
		if err != nil {
			return nil, err
		}
		out[name] = string(value)
	}
	return out, nil
}

// Number brings a mobile number of the mainland into one form: eleven figures.
func Number(text string) (string, bool) {
	var n []rune
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			n = append(n, r)
		case r >= '０' && r <= '９':
			n = append(n, r-'０'+'0')
		case r == '+' || r == '-' || r == ' ' || r == '　':
		default:
			return "", false
		}
	}
	s := string(n)
	switch {
	case len(s) == 15 && s[:4] == "0086":
		s = s[4:]
	case len(s) == 13 && s[:2] == "86":
		s = s[2:]
	}
	return s, len(s) == 11 && s[0] == '1' && s[1] >= '3'
}

// Mask shows of a number its beginning and end: 138****0000.
func Mask(number string) string {
	if len(number) != 11 {
		return "***"
	}
	return number[:3] + "****" + number[7:]
}

// List returns the messages asked for last, before the one named if there is one.
func (d *Desk) List(ctx context.Context, by actor.Actor, before string, limit int) (all []*Record, err error) {
	if err := by.May(actor.SystemView, actor.Scope{}); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = list(tx, before, limit)
		return err
	})
	return all, err
}

// About returns the messages about a record, the latest first, for a caller that has made sure of
// the right to see it.
func About(tx *db.Tx, about, id string) ([]*Record, error) { return of(tx, about, id) }
