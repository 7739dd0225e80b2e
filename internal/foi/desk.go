package foi

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/secret"
	"gongkai/internal/statute"
	"gongkai/internal/workday"
)

// Desk is where requests are made, handled and answered.
type Desk struct {
	DB       *db.DB
	Keys     *secret.Keyring
	Calendar func() *workday.Calendar
	Blobs    *blob.Store
	// Address is where applicants enter query codes, as letters name it.
	Address string
	// Told, if set, hears of what other systems and the applicant may want to know, in the act's
	// transaction.
	Told func(tx *db.Tx, n News) error
	// Guard, if set, refuses a change that would break what was counted: before is the request as
	// it stood, nil for a new one.
	Guard func(tx *db.Tx, before, after *Request) error
}

// News is something that happened to a request. It holds nothing personal but what Reach opens.
type News struct {
	Event   string // registered, correction, extended, fee, decided, closed, submitted, assigned
	Request *Request
	Record  *Record
	Letter  *Letter // that was sent, if the news is one
}

// work is one act on one request while its transaction lasts.
type work struct {
	d      *Desk
	tx     *db.Tx
	by     actor.Actor
	before *Request // as it stood, nil for a new one
	r      *Request
	c      *Record
	s      *Settings
	today  date.Date
	// What the entry of the act says beside its name.
	reason string
	cite   statute.Ref
	detail map[string]string
	news   []News
	// pending are files of a request that is not yet written.
	pending []*File
}

// act does something to a request in one transaction: what is the permission it takes, name the
// word of the act. Version 0 takes the request as it is; another must be the present one.
func (d *Desk) act(ctx context.Context, by actor.Actor, what actor.Act, id string, version int64, name Act, do func(w *work) error) (r *Request, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		w, err := d.begin(tx, by, id)
		if err != nil {
			return err
		}
		if err := allowed(by, what, w.r); err != nil {
			return err
		}
		if version != 0 && w.r.Version != version {
			return ErrStale
		}
		if err := do(w); err != nil {
			return err
		}
		r = w.r
		return w.end(what, string(name))
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// begin loads a request to be changed.
func (d *Desk) begin(tx *db.Tx, by actor.Actor, id string) (*work, error) {
	if err := hold(tx, id); err != nil {
		return nil, err
	}
	r, err := load(tx, id)
	if err != nil {
		return nil, err
	}
	c, err := d.record(tx, r)
	if err != nil {
		return nil, err
	}
	s, err := loadSettings(tx, r.Agency)
	if err != nil {
		return nil, err
	}
	before := *r
	return &work{d: d, tx: tx, by: by, before: &before, r: r, c: c, s: s, today: tx.Today(), detail: map[string]string{}}, nil
}

// end saves the request with its deadline counted anew and writes the entry of the act.
func (w *work) end(what actor.Act, name string) error {
	if err := w.keep(); err != nil {
		return err
	}
	for _, n := range w.news {
		if w.d.Told == nil {
			break
		}
		n.Request, n.Record = w.r, w.c
		if err := w.d.Told(w.tx, n); err != nil {
			return err
		}
	}
	w.detail["act"], w.detail["state"] = name, string(w.r.State)
	return audit.Append(w.tx, w.by, audit.Entry{
		Act: what, Agency: w.r.Agency, Subject: "foi", ID: w.r.ID, Version: w.r.Version, Title: w.r.No,
		Cite: w.cite, Reason: w.reason, Detail: w.detail,
	})
}

func (w *work) keep() error {
	w.r.reckoned(w.clock())
	w.r.charged(w.c.Fee)
	if w.d.Guard != nil {
		if err := w.d.Guard(w.tx, w.before, w.r); err != nil {
			return err
		}
	}
	sealed, err := w.d.seal(w.r, w.c)
	if err != nil {
		return err
	}
	return w.r.save(w.tx, sealed)
}

// clock counts the deadline as the record now stands.
func (w *work) clock() reckon.Count { return reckonOf(w.d.Calendar(), w.r, w.c, w.s, w.today) }

// move makes an act's move.
func (w *work) move(a Act) error {
	m, ok := Flow.Find(w.r.State, a)
	if !ok {
		_, err := Flow.Next(w.r.State, a)
		return err
	}
	w.r.State = m.To
	if w.cite.IsZero() {
		w.cite = m.Cite
	}
	return nil
}

// step notes what happened; open says that the applicant sees it.
func (w *work) step(a Act, on date.Date, note string, open bool) {
	w.c.Steps = append(w.c.Steps, Step{At: w.tx.Now, On: on, Act: string(a), By: w.by.Name, Note: note, Open: open})
}

// tell notes news of the act.
func (w *work) tell(event string) { w.news = append(w.news, News{Event: event}) }

// past refuses a day that is not yet, or before the request was received.
func (w *work) past(on date.Date) error {
	switch {
	case on.IsZero():
		return ErrDay
	case on.After(w.today):
		return ErrFuture
	case !w.r.Received.IsZero() && on.Before(w.r.Received):
		return ErrEarly.With("received", w.r.Received)
	}
	return nil
}

// allowed checks an act's permission. A handler may do with the requests that are his what
// handling them takes.
func allowed(by actor.Actor, what actor.Act, r *Request) error {
	scope := actor.In(r.Agency)
	if what != actor.FoiHandle && what != actor.FoiView {
		return by.May(what, scope)
	}
	if by.Can(actor.FoiRegister, scope) || what == actor.FoiView && by.Can(actor.FoiView, scope) {
		return nil
	}
	if r.Handled(by.ID) {
		return by.May(actor.FoiHandle, scope)
	}
	return by.May(actor.FoiRegister, scope)
}

// record opens what is sealed of a request.
func (d *Desk) record(tx *db.Tx, r *Request) (*Record, error) {
	sealed, err := sealedRecord(tx, r.ID)
	if err != nil {
		return nil, err
	}
	plain, err := d.Keys.Open("foi.record "+r.ID, sealed)
	if err != nil {
		return nil, err
	}
	c := new(Record)
	if err := json.Unmarshal(plain, c); err != nil {
		return nil, fmt.Errorf("read the record of %s: %w", r.ID, err)
	}
	return c, nil
}

func (d *Desk) seal(r *Request, c *Record) (string, error) {
	plain, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("write the record of %s: %w", r.ID, err)
	}
	return d.Keys.Seal("foi.record "+r.ID, plain)
}

// mark returns the mark by which an applicant's requests are found together: of the number of the
// identity paper or the credit code, else of the name with a way to reach it.
func (d *Desk) mark(p Applicant) string {
	key := strings.ToUpper(strings.TrimSpace(p.IDNumber))
	if p.Kind != Natural {
		key = strings.ToUpper(strings.TrimSpace(p.Credit))
	}
	if key == "" {
		key = plain(p.Name) + " " + plain(cmpOr(p.Phone, p.Email, p.Address))
	}
	return d.Keys.Lookup("foi:applicant", key)
}

func cmpOr(all ...string) string {
	i := slices.IndexFunc(all, func(s string) bool { return strings.TrimSpace(s) != "" })
	if i < 0 {
		return ""
	}
	return all[i]
}

// mask readies the columns that lists and searches use.
func (d *Desk) mask(r *Request, a *Application) {
	r.Kind, r.Masked = a.Applicant.Kind, maskName(a.Applicant)
	r.applicant = d.mark(a.Applicant)
	r.sought = d.Keys.Lookup("foi:sought", plain(a.Sought.Name+a.Sought.DocNo+a.Sought.Features))
	if a.Subject != "" {
		r.subject = d.Keys.Lookup("foi:subject", a.Subject)
	}
	if r.Title == "" {
		r.Title = neutral(a)
	}
}

// body loads the body a request is addressed to.
func body(tx *db.Tx, id string) (*agency.Agency, error) {
	a, err := agency.Load(tx, id)
	if err != nil {
		return nil, ErrAgency.Because(err)
	}
	if !a.Active() {
		return nil, ErrAgency
	}
	return a, nil
}
