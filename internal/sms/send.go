package sms

import (
	"context"
	"errors"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/job"
)

// The rhythms: our own arrangement. Networks report within minutes, or within three days for a
// telephone that is switched off.
const (
	firstReport = time.Minute
	nextReport  = 30 * time.Minute
	lastReport  = 3 * 24 * time.Hour
	keepFor     = 365 * 24 * time.Hour
	attempts    = 8
)

// Handlers returns what runs the jobs.
func (d *Desk) Handlers() map[string]job.Handler {
	return map[string]job.Handler{
		SendJob: job.Handle(d.send), ReportJob: job.Handle(d.report),
		PurgeJob: job.Handle(func(ctx context.Context, _ struct{}) error {
			return d.DB.Update(ctx, func(tx *db.Tx) error { return forget(tx, tx.Now.Add(-keepFor)) })
		}),
	}
}

// Schedules returns when the jobs run by themselves.
func Schedules() []job.Schedule { return []job.Schedule{job.Daily(PurgeJob, 2, 10)} }

// load returns a message with its number. ok is false where there is nothing left to do.
func (d *Desk) load(ctx context.Context, id string, in State) (r *Record, to string, ok bool, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		r, err = load(tx, id)
		return err
	})
	switch {
	case errors.Is(err, db.ErrNone):
		return nil, "", false, nil
	case err != nil || r.State != in || d.Sender == nil:
		return nil, "", false, err
	}
	number, err := d.Keys.Open(purpose(id), r.sealed)
	if err != nil {
		return nil, "", false, job.Cancel(err)
	}
	if r.Template == Code && in == Waiting {
		if r.params, err = d.openCode(r); err != nil {
			return nil, "", false, job.Cancel(err)
		}
	}
	return r, string(number), true, nil
}

// send hands one message to the provider. One killed between the answer and its record is sent
// again: the person gets it twice, which does less harm than not at all.
func (d *Desk) send(ctx context.Context, id string) error {
	r, to, ok, err := d.load(ctx, id, Waiting)
	if err != nil || !ok {
		return err
	}
	if d.DB.Clock().Sub(r.Asked) > staleAfter(r.Template) {
		return d.end(ctx, id, Failed, "late")
	}
	ticket, err := d.Sender.Send(ctx, Outgoing{ID: r.ID, To: to, Template: r.Template, Params: r.params})
	var no *Refusal
	switch {
	case err == nil:
		return d.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error {
			if err := took(tx, id, ticket); err != nil {
				return err
			}
			return job.Enqueue(tx, ReportJob, id, job.Queue(Queue), job.At(tx.Now.Add(firstReport)), job.Attempts(attempts))
		})
	case errors.As(err, &no) && no.Final:
		return errors.Join(job.Cancel(err), d.end(ctx, id, Failed, no.Code))
	case errors.As(err, &no) && no.Wait > 0:
		return job.Snooze(no.Wait)
	}
	return err
}

// staleAfter is when a message is of no use any more: a code after minutes, news after two days.
func staleAfter(t Template) time.Duration {
	if t == Code {
		return 10 * time.Minute
	}
	return 48 * time.Hour
}

// report asks what became of a message, until that is known.
func (d *Desk) report(ctx context.Context, id string) error {
	r, to, ok, err := d.load(ctx, id, Sent)
	if err != nil || !ok {
		return err
	}
	got, err := d.Sender.Report(ctx, r.ticket, to, r.Sent)
	late := d.DB.Clock().Sub(r.Sent) > lastReport
	switch {
	case late && (err != nil || got.State == Sent):
		return d.end(ctx, id, Sent, "no_report")
	case err != nil:
		return err
	case got.State == Sent:
		return job.Snooze(nextReport)
	}
	return d.end(ctx, id, got.State, got.Code)
}

func (d *Desk) end(ctx context.Context, id string, s State, why string) error {
	return d.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error { return ended(tx, id, s, why) })
}
