package section

import (
	"context"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/job"
)

// The kinds of jobs.
const (
	// RemindJob finds each morning what is overdue or from that day about to be.
	RemindJob = "section.remind"
	// MailJob tells one person by e-mail what they were reminded of on a day.
	MailJob = "section.mail"
)

// Mailer sends a person's reminder by e-mail. A person without an address is no error.
type Mailer interface {
	Remind(ctx context.Context, person string, day date.Date, lines []*Line) error
}

// ErrNobody says that nobody answers for the chosen sections, or all were reminded today.
var ErrNobody = &fault.Error{Kind: fault.Conflict, Code: "section.remind.nobody"}

// Daily is the schedule of RemindJob: before the offices open.
func Daily() job.Schedule { return job.Daily(RemindJob, 8, 0) }

// Handlers are the jobs of sections.
func (d *Desk) Handlers() map[string]job.Handler {
	return map[string]job.Handler{
		RemindJob: job.Handle(func(ctx context.Context, _ struct{}) error { _, err := d.RemindAll(ctx); return err }),
		MailJob:   job.Handle(d.mail),
	}
}

// letter names a person's e-mail of a day.
type letter struct {
	Person string    `json:"person"`
	Day    date.Date `json:"day"`
}

// RemindAll reminds everybody of what is overdue or from today about to be, on working days.
// However often it runs, nobody is told of a section twice a day. It returns how many
// reminders there were.
func (d *Desk) RemindAll(ctx context.Context) (n int, err error) {
	by := actor.System(RemindJob)
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		n = 0
		if !d.Calendar().IsWorkday(tx.Today()) {
			return nil
		}
		all, err := urgent(tx, tx.Today())
		if err != nil {
			return err
		}
		if n, err = remind(tx, by, all); err != nil || n == 0 {
			return err
		}
		return audit.Append(tx, by, audit.Entry{
			Act: actor.BoardRemind, Subject: "section", ID: tx.Today().String(), Detail: map[string]int{"reminders": n},
		})
	})
	return n, err
}

// remind notes the reminders and asks for one e-mail a person.
func remind(tx *db.Tx, by actor.Actor, all []*Fresh) (n int, err error) {
	today := tx.Today()
	var people []string
	for _, f := range all {
		first, err := reminded(tx, f.Section, f.Owner, by.Name, f.Due, today)
		if err != nil {
			return 0, err
		}
		if !first {
			continue
		}
		n++
		if !slices.Contains(people, f.Owner) {
			people = append(people, f.Owner)
		}
	}
	for _, p := range people {
		if err := job.Enqueue(tx, MailJob, letter{p, today}, job.Unique(p+"/"+today.String())); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// Remind reminds the owners of sections, chosen by hand from a board of one body.
func (d *Desk) Remind(ctx context.Context, by actor.Actor, agencyID string, ids []string) (n int, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		var all []*Fresh
		for _, id := range ids {
			s, err := open(tx, by, actor.BoardRemind, id)
			if err != nil {
				return err
			}
			f, err := LoadFresh(tx, id)
			if err != nil {
				return err
			}
			if s.Agency == agencyID && f.Owner != "" && !s.Retired {
				all = append(all, f)
			}
		}
		if n, err = remind(tx, by, all); err != nil {
			return err
		}
		if n == 0 {
			return ErrNobody
		}
		return audit.Append(tx, by, audit.Entry{
			Act: actor.BoardRemind, Agency: agencyID, Subject: "section", ID: ids[0], Detail: map[string]any{"sections": ids},
		})
	})
	return n, err
}

// mail sends a person's e-mail of a day.
func (d *Desk) mail(ctx context.Context, l letter) error {
	if d.Mail == nil {
		return nil
	}
	var lines []*Line
	err := d.DB.View(ctx, func(tx *db.Tx) error {
		ids, err := remindedOn(tx, l.Person, l.Day)
		if err != nil {
			return err
		}
		all, err := ownedBy(tx, l.Person, tx.Today())
		lines = slices.DeleteFunc(all, func(l *Line) bool { return !slices.Contains(ids, l.Section.ID) || l.State == Current })
		return err
	})
	if err != nil || len(lines) == 0 {
		return err
	}
	return d.Mail.Remind(ctx, l.Person, l.Day, lines)
}
