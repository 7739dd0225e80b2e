package foi

import (
	"context"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/paper"
)

// ErrNoPost refuses to mail a letter that was not sent by e-mail.
var ErrNoPost = &fault.Error{Kind: fault.Conflict, Code: "foi.no_post"}

// Posting is a letter that leaves by e-mail, with the files it hands over.
type Posting struct {
	Agency, No, LetterNo string
	To, Name             string
	Title                string
	Paper                *paper.Document
	Files                []Upload
}

// Posting gathers a letter that was sent by e-mail, for the job that mails it.
func (d *Desk) Posting(ctx context.Context, request, key string) (p *Posting, err error) {
	var files []*File
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		r, err := load(tx, request)
		if err != nil {
			return err
		}
		c, err := d.record(tx, r)
		if err != nil {
			return err
		}
		l, err := loadLetter(tx, request, key)
		if err != nil {
			return err
		}
		if err := d.openLetter(l); err != nil {
			return err
		}
		if l.State != Sent || l.Way != ByEmail || c.Application.Applicant.Email == "" {
			return ErrNoPost
		}
		a := c.Application.Applicant
		p = &Posting{Agency: l.Text.Facts.Agency.Name, No: r.No, LetterNo: l.No, To: a.Email, Name: a.Name, Title: l.Text.Title}
		if p.Paper, err = l.Text.Final(); err != nil || !l.effect.Closes {
			return err
		}
		all, err := d.files(tx, request)
		for _, f := range all {
			if contains(c.Decision.Files, f.ID) {
				files = append(files, f)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		data, err := d.content(ctx, f)
		if err != nil {
			return nil, err
		}
		p.Files = append(p.Files, Upload{Kind: f.Kind, Name: f.Name, Data: data})
	}
	return p, nil
}

// MailFailed notes that a letter sent by e-mail was refused or came back: it was not served, and an
// officer sends it another way. why is the code of the failure.
func (d *Desk) MailFailed(tx *db.Tx, by actor.Actor, request, key, why string) error {
	w, err := d.begin(tx, by, request)
	if err != nil {
		return err
	}
	if err := by.May(actor.FoiApply, actor.In(w.r.Agency)); err != nil {
		return err
	}
	l, err := w.letter(key, 0, Sent)
	if err != nil {
		return err
	}
	l.Failed = cmpOr(why, "SMTP")
	if w.c.Delivery != nil && w.c.Delivery.Letter == l.ID {
		w.c.Delivery.Failed = l.Failed
	}
	w.detail["code"], w.detail["no"] = string(l.Code), l.No
	w.step("letter_failed", w.today, l.No, false)
	if err := w.saveLetter(l); err != nil {
		return err
	}
	return w.end(actor.FoiApply, "letter_failed")
}

// TakeAnswer adds to a request what its applicant, or somebody consulted, answered by e-mail. What
// it means, and from which day it counts, an officer enters.
func (d *Desk) TakeAnswer(tx *db.Tx, by actor.Actor, id, text string, files []Upload) error {
	if strings.TrimSpace(text) != "" {
		files = append([]Upload{{Kind: Opinion, Name: "mail.txt", Data: []byte(text)}}, files...)
	}
	got, err := d.receive(tx.Context(), files)
	if err != nil {
		return err
	}
	w, err := d.begin(tx, by, id)
	if err != nil {
		return err
	}
	if err := by.May(actor.FoiApply, actor.In(w.r.Agency)); err != nil {
		return err
	}
	for _, f := range got {
		if err := w.attach(f, "mail", false); err != nil {
			return err
		}
	}
	w.step("mail", w.today, "", false)
	w.tell("mail")
	return w.end(actor.FoiApply, "mail")
}

// Reach is how the applicant wants to hear of the request.
func (c *Record) Reach() (mail, phone string) {
	return c.Application.Applicant.Email, c.Application.Applicant.Phone
}
