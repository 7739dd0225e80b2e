package installation

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/foi"
	"gongkai/internal/holiday"
	"gongkai/internal/job"
	"gongkai/internal/ledger"
	"gongkai/internal/search"
	"gongkai/internal/subscription"
)

// The kinds of the installation's own daily jobs.
const (
	purgeJob     = "account.purge"    // sessions and attempts that ended long ago
	normativeJob = "normative.expire" // terms of normative documents that ended, R-NRM-15
	creditJob    = "credit.expire"    // displays whose term ended, R-FLW-13
	trimJob      = "search.trim"      // changes every index has long taken in
)

// keptChanges is how many lines the logs of changes keep: a text index, or a copy of the
// portal, that is further behind is made anew.
const keptChanges = 1_000_000

// Runner returns what runs the installation's jobs.
func (n *Installation) Runner(log *slog.Logger) *job.Runner {
	all := map[string]job.Handler{
		audit.AnchorJob: n.anchor(log),
		purgeJob:        plain(func(ctx context.Context) error { return errors.Join(n.People.Purge(ctx), n.Tokens.Purge(ctx)) }),
		normativeJob: plain(func(ctx context.Context) error {
			_, err := n.Normative.Sweep(ctx, actor.System(normativeJob))
			return err
		}),
		creditJob: plain(func(ctx context.Context) error {
			_, err := n.Credit.Sweep(ctx, actor.System(creditJob))
			return err
		}),
		trimJob:            plain(n.trim),
		ledger.AdoptJob:    plain(n.adopt),
		holiday.RecountJob: plain(n.recount),
		foi.WatchJob:       plain(n.watch),
		alarmJob:           plain(n.alarm),
		postJob:            job.Handle(n.postLetter),
		foi.PurgeJob:       plain(n.Requests.Purge),
	}
	for kind, do := range n.Blobs.Handlers(log) {
		all[kind] = do
	}
	maps.Copy(all, n.Items.Jobs())
	maps.Copy(all, n.Sections.Handlers())
	maps.Copy(all, n.Shelf.Handlers())
	maps.Copy(all, n.Post.Handlers())
	maps.Copy(all, n.Subscriptions.Handlers())
	queues := map[string]int{job.Common: 4, disclosure.ReadQueue: 1, subscription.MailQueue: 2}
	channels := n.channelJobs(all, queues)
	return &job.Runner{
		DB: n.DB, Handlers: all, Log: log, Queues: queues, Schedules: slices.Concat([]job.Schedule{
			section.Daily(),
			job.Daily(normativeJob, 0, 5), job.Daily(creditJob, 0, 10), job.Daily(audit.AnchorJob, 0, 30), job.Daily(shelf.SweepJob, 1, 0), job.Daily(foi.WatchJob, 0, 15), job.Daily(foi.PurgeJob, 2, 15), job.Daily(alarmJob, 7, 30),
			job.Daily(purgeJob, 2, 0), job.Daily(trimJob, 2, 30), job.Daily(ledger.AdoptJob, 1, 30), job.Daily(blob.VerifyJob, 3, 0),
			job.Daily(blob.CollectJob, 4, 0),
		}, subscription.Schedules(), channels),
	}
}

func plain(do func(ctx context.Context) error) job.Handler {
	return job.Handle(func(ctx context.Context, _ struct{}) error { return do(ctx) })
}

// adopt takes into the public log what was published before there was one.
func (n *Installation) adopt(ctx context.Context) error {
	_, err := n.Ledger.Adopt(ctx)
	return err
}

// anchor writes the ends of the audit chain and of the public log into the server's log.
func (n *Installation) anchor(log *slog.Logger) job.Handler {
	chain := audit.LogAnchor(n.DB, log)
	return func(ctx context.Context, args []byte) error {
		return errors.Join(chain(ctx, args), n.Ledger.Anchor(ctx, log))
	}
}

func (n *Installation) trim(ctx context.Context) error {
	return n.DB.Update(ctx, func(tx *db.Tx) error {
		if err := search.Trim(tx, keptChanges); err != nil {
			return err
		}
		return change.Trim(tx, keptChanges)
	})
}

// recount counts time limits anew that a loaded holiday notice has made sure.
func (n *Installation) recount(ctx context.Context) error {
	if err := n.Holidays.Refresh(ctx); err != nil {
		return err
	}
	if err := n.DB.Update(ctx, n.Sections.Recount); err != nil {
		return err
	}
	if _, err := n.Requests.Recount(ctx, actor.System(holiday.RecountJob)); err != nil {
		return err
	}
	return n.Items.Recount(ctx)
}

// watch ends the requests whose applicant let a period pass, and counts every deadline anew, so
// that lists tell what the day changed.
func (n *Installation) watch(ctx context.Context) error {
	by := actor.System(foi.WatchJob)
	_, err1 := n.Requests.Watch(ctx, by)
	_, err2 := n.Requests.Recount(ctx, by)
	return errors.Join(err1, err2)
}
