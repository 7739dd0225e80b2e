package disclosure

import (
	"context"
	"errors"

	"gongkai/internal/actor"
	"gongkai/internal/fault"
	"gongkai/internal/flow"
	"gongkai/internal/job"
)

// The kinds of jobs on editions.
const (
	PublishJob = "item.publish"
	ExpireJob  = "item.expire"
)

type editionArgs struct {
	Edition string `json:"edition"`
}

// Jobs returns the handlers of the desk's jobs.
func (d *Desk) Jobs() map[string]job.Handler {
	return map[string]job.Handler{
		PublishJob: job.Handle(d.publishDue),
		ExpireJob:  job.Handle(d.expireDue),
		ReadJob:    job.Handle(d.readFiles),
		PagesJob:   job.Handle(d.cutPages),
	}
}

// publishDue publishes an edition whose time has come. One that is no longer scheduled, or
// scheduled for later, is left alone.
func (d *Desk) publishDue(ctx context.Context, a editionArgs) error {
	_, err := d.update(ctx, actor.System(PublishJob), actor.ItemPublish, a.Edition, func(w *work) error {
		if w.edition.State != Scheduled || w.edition.PublishAt.After(w.tx.Now) {
			return errDone
		}
		return w.publish(Release{})
	})
	return ended(err)
}

// expireDue takes a list down whose posting period is over.
func (d *Desk) expireDue(ctx context.Context, a editionArgs) error {
	_, err := d.Expire(ctx, actor.System(ExpireJob), a.Edition)
	if errors.Is(err, flow.ErrMove) { // it was taken down before
		return nil
	}
	return ended(err)
}

// errDone says that there is nothing left to do.
var errDone = errors.New("nothing to do")

// ended makes of an error what the job runner does next: what no later attempt can change ends
// the job, and people find it in the list of jobs.
func ended(err error) error {
	switch kind := fault.KindOf(err); {
	case err == nil, errors.Is(err, errDone), errors.Is(err, ErrEarly):
		return nil
	case errors.Is(err, ErrStale):
		return err
	case kind == fault.Conflict, kind == fault.NotFound, kind == fault.Invalid:
		return job.Cancel(err)
	}
	return err
}
