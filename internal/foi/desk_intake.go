package foi

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi/letter"
)

// codeLetters are those of query codes: none that looks like another.
const codeLetters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

// newCode returns a query code of 16 characters in groups of four: as much as nobody guesses.
func newCode() string {
	raw := make([]byte, 16)
	rand.Read(raw)
	var b strings.Builder
	for i, c := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeLetters[int(c)%len(codeLetters)])
	}
	return b.String()
}

func (d *Desk) codeMark(code string) string {
	return d.Keys.Lookup("foi:code", strings.ToUpper(plain(code)))
}

// create makes a request of an application. What it returns is not yet written.
func (d *Desk) create(tx *db.Tx, by actor.Actor, agency string, channel Channel, a Application) (*work, error) {
	if _, err := body(tx, agency); err != nil {
		return nil, err
	}
	for _, s := range a.written() {
		*s = legible(*s)
	}
	s, err := loadSettings(tx, agency)
	if err != nil {
		return nil, err
	}
	r := &Request{
		ID: db.ID(), Agency: agency, Channel: channel, Nature: Information, State: Submitted, Sure: true,
		SubmittedOn: tx.Today(), Counted: true, CreatedAt: tx.Now,
	}
	c := &Record{Application: a, Code: newCode()}
	r.code = d.codeMark(c.Code)
	d.mask(r, &a)
	return &work{d: d, tx: tx, by: by, r: r, c: c, s: s, today: tx.Today(), detail: map[string]string{}}, nil
}

// Submission is what the portal or a mailbox takes in.
type Submission struct {
	Agency      string
	Channel     Channel
	Application Application
	Identified  bool // by a file among Files or by an account
	Files       []Upload
	// Mark is of the address it came from, against floods; "" checks none.
	Mark string
}

// Most submissions from one address, and in all, in an hour: a library's readers share one.
const mostFromOne = 20

// Submit takes in a request by internet, mail or fax. It is received on the day both sides
// confirm, so until then it waits: art. 31 (3), R-DL-01.
func (d *Desk) Submit(ctx context.Context, sub Submission) (r *Request, code string, err error) {
	files, err := d.receive(ctx, sub.Files)
	if err != nil {
		return nil, "", err
	}
	by := actor.System("applicant")
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.FoiApply, actor.In(sub.Agency)); err != nil {
			return err
		}
		w, err := d.submission(tx, by, sub)
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := w.attach(f, "applicant", true); err != nil {
				return err
			}
		}
		r, code = w.r, w.c.Code
		return w.created("submit")
	})
	if err != nil {
		return nil, "", err
	}
	return r, code, nil
}

// submission readies a submission .
func (d *Desk) submission(tx *db.Tx, by actor.Actor, sub Submission) (*work, error) {
	if sub.Channel == Web {
		if faults := sub.Application.Check(sub.Identified); len(faults) > 0 {
			return nil, faults[0]
		}
	}
	if sub.Mark != "" {
		if err := d.flood(tx, sub.Mark); err != nil {
			return nil, err
		}
	}
	w, err := d.create(tx, by, sub.Agency, sub.Channel, sub.Application)
	if err != nil {
		return nil, err
	}
	if sub.Channel == Web && !w.s.Online {
		return nil, ErrChannel
	}
	w.step("submit", w.today, "", true)
	w.tell("submitted")
	return w, nil
}

// flood refuses what comes too often from one address.
func (d *Desk) flood(tx *db.Tx, mark string) error {
	key := d.Keys.Lookup("foi:try", mark)
	n, err := triesSince(tx, key, tx.Now.Add(-hour))
	if err != nil {
		return err
	}
	if n >= mostFromOne {
		return ErrFlood
	}
	return addTry(tx, key)
}

// creators is by which permission a request comes about.
var creators = map[string]actor.Act{
	"submit": actor.FoiApply, "register": actor.FoiRegister, "import": actor.FoiImport,
	"transfer": actor.FoiClose, "divide": actor.FoiClose, "reopen": actor.FoiReopen,
}

// TakeIn takes in a submission inside another transaction, such as that of a mailbox.
func (d *Desk) TakeIn(tx *db.Tx, by actor.Actor, sub Submission) (*Request, error) {
	files, err := d.receive(tx.Context(), sub.Files)
	if err != nil {
		return nil, err
	}
	if err := by.May(actor.FoiApply, actor.In(sub.Agency)); err != nil {
		return nil, err
	}
	w, err := d.submission(tx, by, sub)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := w.attach(f, "applicant", true); err != nil {
			return nil, err
		}
	}
	return w.r, w.created("submit")
}

// created writes a new request.
func (w *work) created(name string) error {
	sealed, err := w.d.seal(w.r, w.c)
	if err != nil {
		return err
	}
	w.r.reckoned(w.clock())
	w.r.Version = 0
	if err := w.r.insert(w.tx, sealed); err != nil {
		return err
	}
	for _, f := range w.pending {
		if err := w.tx.Insert("foi_file", f.columns()); err != nil {
			return err
		}
	}
	w.pending = nil
	if name == "register" {
		if err := w.draft("L01", Effect{}); err != nil {
			return err
		}
	}
	return w.end(creators[name], name)
}

// Registration is a request that came on paper, by post, fax, at the counter or by mail, as the
// office writes it down.
type Registration struct {
	Agency      string
	Channel     Channel
	Nature      Nature
	Received    date.Date // as its channel has it: R-DL-01
	Application Application
	Title       string // without personal data; "" takes what is sought
	Files       []Upload
	// No is a number given elsewhere; "" gives the next.
	No string
}

// Register takes in a request on the day its channel says it was received. What it lacks is for a
// correction: a request is never refused at the counter, arts 29 and 30.
func (d *Desk) Register(ctx context.Context, by actor.Actor, g Registration) (r *Request, code string, err error) {
	files, err := d.receive(ctx, g.Files)
	if err != nil {
		return nil, "", err
	}
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.FoiRegister, actor.In(g.Agency)); err != nil {
			return err
		}
		w, err := d.registered(tx, by, g)
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := w.attach(f, "applicant", true); err != nil {
				return err
			}
		}
		if err := w.created("register"); err != nil {
			return err
		}
		r, code = w.r, w.c.Code
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	return r, code, nil
}

func (d *Desk) registered(tx *db.Tx, by actor.Actor, g Registration) (*work, error) {
	p := g.Application.Applicant
	switch {
	case !contains(Channels, g.Channel):
		return nil, ErrChannel
	case !contains(Kinds, p.Kind):
		return nil, ErrKind
	case strings.TrimSpace(p.Name) == "":
		return nil, ErrName
	case plain(g.Application.Sought.Name+g.Application.Sought.Features) == "":
		return nil, ErrSought
	case g.Received.IsZero():
		return nil, ErrDay.At("received")
	case g.Received.After(tx.Today()):
		return nil, ErrFuture.At("received")
	}
	w, err := d.create(tx, by, g.Agency, g.Channel, g.Application)
	if err != nil {
		return nil, err
	}
	if g.Nature == OwnRecord {
		w.r.Nature, w.r.Counted = OwnRecord, false
	}
	if t := strings.TrimSpace(g.Title); t != "" {
		w.r.Title = t
	}
	w.r.SubmittedOn = g.Received
	if err := w.move(Confirm); err != nil {
		return nil, err
	}
	if err := w.receivedOn(g.Received, g.No); err != nil {
		return nil, err
	}
	w.step(Confirm, g.Received, "", true)
	w.tell("registered")
	return w, nil
}

// receivedOn gives a request its number and starts its clock.
func (w *work) receivedOn(on date.Date, no string) (err error) {
	w.r.Received = on
	if err := holdNumbers(w.tx, w.r.Agency, "request"); err != nil {
		return err
	}
	if no = strings.TrimSpace(no); no != "" {
		taken, err := noTaken(w.tx, w.r.Agency, no)
		if err != nil || taken {
			return orTaken(err, no)
		}
		if err := checkNumber(no); err != nil {
			return err
		}
		w.r.No = no
		return nil
	}
	// A number that came with a register from elsewhere is passed over.
	for {
		n, err := nextNumber(w.tx, w.r.Agency, "request", on.Year())
		if err != nil {
			return err
		}
		w.r.No = numbered(w.s.RegisterPattern, on.Year(), n)
		if taken, err := noTaken(w.tx, w.r.Agency, w.r.No); err != nil || !taken {
			return err
		}
	}
}

// mostNumber is how many characters a number given by hand has at most.
const mostNumber = 60

// checkNumber refuses what is no number to print on a letter.
func checkNumber(no string) error {
	if len([]rune(no)) > mostNumber || strings.ContainsFunc(no, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return ErrNumber.With("most", mostNumber)
	}
	return nil
}

var numberPlace = regexp.MustCompile(`\{n(?::(\d))?\}`)

// numbered fills a pattern with a year and a running number.
func numbered(pattern string, year int, n int64) string {
	s := strings.ReplaceAll(pattern, "{year}", strconv.Itoa(year))
	return numberPlace.ReplaceAllStringFunc(s, func(m string) string {
		width := 0
		if p := numberPlace.FindStringSubmatch(m); p[1] != "" {
			width, _ = strconv.Atoi(p[1])
		}
		return fmt.Sprintf("%0*d", width, n)
	})
}

// Confirm records that both sides confirmed a request that came by internet, mail or fax, or
// that one by ordinary mail was confirmed with the applicant: on that day it is received.
func (d *Desk) Confirm(ctx context.Context, by actor.Actor, id string, version int64, on date.Date, title string) (*Request, error) {
	return d.act(ctx, by, actor.FoiRegister, id, version, Confirm, func(w *work) error {
		switch {
		case on.IsZero():
			return ErrDay
		case on.After(w.today):
			return ErrFuture
		case on.Before(w.r.SubmittedOn):
			return ErrEarly.With("received", w.r.SubmittedOn)
		}
		if err := w.move(Confirm); err != nil {
			return err
		}
		if t := strings.TrimSpace(title); t != "" {
			w.r.Title = t
		}
		if err := w.receivedOn(on, ""); err != nil {
			return err
		}
		w.step(Confirm, on, "", true)
		w.tell("registered")
		return w.draft(letter.Code("L01"), Effect{})
	})
}

// Retitle words anew what lists show of a request.
func (d *Desk) Retitle(ctx context.Context, by actor.Actor, id string, version int64, title string) (*Request, error) {
	return d.act(ctx, by, actor.FoiRegister, id, version, "retitle", func(w *work) error {
		if title = strings.TrimSpace(title); title == "" || len([]rune(title)) > mostShort {
			return ErrTitle
		}
		w.r.Title = title
		return nil
	})
}

// Discard sets aside what is no request: sent by mistake, a test, empty. It is kept and not
// counted.
func (d *Desk) Discard(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Request, error) {
	return d.act(ctx, by, actor.FoiRegister, id, version, Discard, func(w *work) error {
		if w.reason = strings.TrimSpace(reason); w.reason == "" {
			return ErrReason
		}
		w.step(Discard, w.today, w.reason, true)
		return w.move(Discard)
	})
}
