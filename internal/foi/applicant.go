package foi

import (
	"context"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/paper"
)

// Progress is a request as its applicant sees it.
type Progress struct {
	Request     *Request
	Application Application
	Clock       reckon.Count
	Correction  *Correction
	Reasons     *Reasons
	Fee         *Fee
	Delivery    *Delivery
	Decision    *Decision // once the reply was sent
	Steps       []Step    // those open to the applicant
	Letters     []*Letter // sent to the applicant
	Files       []*File   // the applicant's own and those handed over
	HowToPay    string
	Remedy      letter.Remedy
	Today       date.Date
	Code        string
}

// What the applicant may do now, by the state: correct, give reasons, say that the fee is paid,
// withdraw.
func (p *Progress) Can(a Act) bool {
	return Flow.May(p.Request.State, a) && contains([]Act{Correct, GiveReasons, Pay, Withdraw}, a)
}

// Follow returns a request to who has its query code.
func (d *Desk) Follow(ctx context.Context, code string) (p *Progress, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		r, err := d.coded(tx, code)
		if err != nil {
			return err
		}
		p, err = d.progress(tx, r)
		return err
	})
	return p, err
}

// coded finds a request by its query code.
func (d *Desk) coded(tx *db.Tx, code string) (*Request, error) {
	if len(plain(code)) != 16 {
		return nil, ErrNoCode
	}
	r, err := byCode(tx, d.codeMark(code))
	if err != nil {
		return nil, ErrNoCode.Because(err)
	}
	return r, nil
}

// Mine lists the requests of a citizen's account.
func (d *Desk) Mine(ctx context.Context, subject string) (all []*Progress, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		rows, err := ofSubject(tx, d.Keys.Lookup("foi:subject", subject))
		if err != nil {
			return err
		}
		all = nil
		for _, r := range rows {
			p, err := d.progress(tx, r)
			if err != nil {
				return err
			}
			all = append(all, p)
		}
		return nil
	})
	return all, err
}

func (d *Desk) progress(tx *db.Tx, r *Request) (*Progress, error) {
	v, err := d.view(tx, r)
	if err != nil {
		return nil, err
	}
	c := v.Record
	p := &Progress{
		Request: r, Application: c.Application, Clock: v.Clock, Correction: c.Correction, Reasons: c.Reasons, Fee: c.Fee, Today: v.Today,
		Delivery: c.Delivery, HowToPay: v.Settings.HowToPay, Code: c.Code,
		Remedy: letter.Remedy{Review: v.Settings.Authorities, Court: v.Settings.Courts, QueryFirst: v.Settings.QueryFirst},
	}
	if p.Correction != nil && p.Correction.Notified.IsZero() {
		p.Correction = nil
	}
	if p.Reasons != nil && p.Reasons.Notified.IsZero() {
		p.Reasons = nil
	}
	if p.Fee != nil && p.Fee.Notified.IsZero() {
		p.Fee = nil
	}
	if r.State == Closed {
		p.Decision = c.Decision
	}
	for _, s := range c.Steps {
		if s.Open {
			p.Steps = append(p.Steps, s)
		}
	}
	for _, l := range v.Letters {
		if l.State == Sent && toApplicant(l.Code) {
			p.Letters = append(p.Letters, l)
		}
	}
	for _, f := range v.Files {
		if f.Shared {
			p.Files = append(p.Files, f)
		}
	}
	return p, nil
}

// FollowLetter returns a letter that was sent to the applicant.
func (d *Desk) FollowLetter(ctx context.Context, code, key string) (no string, doc *paper.Document, err error) {
	p, err := d.Follow(ctx, code)
	if err != nil {
		return "", nil, err
	}
	for _, l := range p.Letters {
		if l.ID == key {
			doc, err := l.Text.Final()
			return l.No, doc, err
		}
	}
	return "", nil, ErrNoLetter
}

// FollowFile returns a file the applicant may have.
func (d *Desk) FollowFile(ctx context.Context, code, key string) (*File, []byte, error) {
	p, err := d.Follow(ctx, code)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range p.Files {
		if f.ID == key {
			data, err := d.content(ctx, f)
			return f, data, err
		}
	}
	return nil, nil, ErrNoFile
}

// own is an act of the applicant's.
func (d *Desk) own(ctx context.Context, code string, name Act, do func(w *work) error) (r *Request, err error) {
	by := actor.System("applicant")
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		one, err := d.coded(tx, code)
		if err != nil {
			return err
		}
		w, err := d.begin(tx, by, one.ID)
		if err != nil {
			return err
		}
		if err := by.May(actor.FoiApply, actor.In(w.r.Agency)); err != nil {
			return err
		}
		if err := do(w); err != nil {
			return err
		}
		r = w.r
		return w.end(actor.FoiApply, string(name))
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// OwnCorrection takes the applicant's corrected request. It is received the day it is sent:
// R-DL-08.
func (d *Desk) OwnCorrection(ctx context.Context, code, text string, files []Upload) (*Request, error) {
	got, err := d.receive(ctx, files)
	if err != nil {
		return nil, err
	}
	return d.own(ctx, code, Correct, func(w *work) error {
		if len([]rune(text)) > mostSought {
			return ErrLong.At("text").With("most", mostSought)
		}
		return w.correct(w.today, text, got, "applicant")
	})
}

// OwnReasons takes the applicant's reasons.
func (d *Desk) OwnReasons(ctx context.Context, code, text string) (*Request, error) {
	return d.own(ctx, code, GiveReasons, func(w *work) error {
		if strings.TrimSpace(text) == "" || len([]rune(text)) > mostSought {
			return ErrAnswer
		}
		return w.giveReasons(w.today, text)
	})
}

// OwnPayment takes the applicant's word, with the voucher, that the fee is paid. The office makes
// sure and enters the day.
func (d *Desk) OwnPayment(ctx context.Context, code, voucher string, files []Upload) (*Request, error) {
	got, err := d.receive(ctx, files)
	if err != nil {
		return nil, err
	}
	return d.own(ctx, code, "says_paid", func(w *work) error {
		if !Flow.May(w.r.State, Pay) {
			return w.move(Pay)
		}
		if strings.TrimSpace(voucher) == "" && len(files) == 0 {
			return ErrAnswer
		}
		if len([]rune(voucher)) > mostShort {
			return ErrLong.At("text").With("most", mostShort)
		}
		if w.c.saidPaid() >= mostSaid {
			return ErrHurry
		}
		for _, f := range got {
			if err := w.attach(f, "applicant", true); err != nil {
				return err
			}
		}
		w.step("says_paid", w.today, voucher, true)
		w.tell("says_paid")
		return nil
	})
}

// mostSaid is how often an applicant may say that the fee is paid: once, and with a better voucher.
const mostSaid = 5

// saidPaid counts how often the applicant said so.
func (c *Record) saidPaid() (n int) {
	for _, s := range c.Steps {
		if s.Act == "says_paid" {
			n++
		}
	}
	return n
}

// OwnWithdrawal ends the request because the applicant takes it back.
func (d *Desk) OwnWithdrawal(ctx context.Context, code, reason string) (*Request, error) {
	if len([]rune(reason)) > mostShort {
		return nil, ErrLong.At("reason").With("most", mostShort)
	}
	return d.own(ctx, code, Withdraw, func(w *work) error { return w.withdraw(cmpOr(reason, say("withdrawn_own"))) })
}
