package subscription

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/fault"
	"gongkai/internal/job"
	"gongkai/internal/notify"
)

// The kinds of jobs.
const (
	ConfirmJob = "subscription.confirm" // send the mail that asks for confirmation
	GatherJob  = "subscription.gather"  // find who is to be written to
	DigestJob  = "subscription.digest"  // write to one person
	PurgeJob   = "subscription.purge"   // forget whom and what must be forgotten
)

// MailQueue is the queue of mails, with workers of its own: a slow mail server holds up nothing
// else.
const MailQueue = "mail"

// Handlers returns what runs the jobs.
func (d *Desk) Handlers() map[string]job.Handler {
	plain := func(do func(ctx context.Context) error) job.Handler {
		return job.Handle(func(ctx context.Context, _ struct{}) error { return do(ctx) })
	}
	return map[string]job.Handler{
		ConfirmJob: job.Handle(d.askConfirmation), DigestJob: job.Handle(d.digest),
		GatherJob: plain(d.gather), PurgeJob: plain(d.Purge),
	}
}

// Schedules returns when the jobs run by themselves.
func Schedules() []job.Schedule {
	return []job.Schedule{job.Every(GatherJob, 2*time.Minute), job.Daily(PurgeJob, 2, 40)}
}

// askConfirmation sends the mail with a new token; to who confirmed before, one that says so.
// Only the digest of the token is kept.
func (d *Desk) askConfirmation(ctx context.Context, id string) error {
	if !d.On(ctx) {
		return job.Cancel(ErrOff)
	}
	token, digest := newToken()
	var s *Subscription
	var to []byte
	err := d.DB.Update(ctx, func(tx *db.Tx) error {
		var err error
		if s, err = loadTopic(tx, id); err != nil {
			return err
		}
		if to, err = d.addressOf(tx, s.subscriber); err != nil || !s.confirmed.IsZero() {
			return err
		}
		s.token = digest
		return s.save(tx)
	})
	if errors.Is(err, db.ErrNone) {
		return job.Cancel(err)
	}
	if err != nil {
		return err
	}
	l, err := d.confirmation(ctx, s, token)
	if err != nil {
		return err
	}
	l.To = string(to)
	err = d.Post.Deliver(ctx, db.ID(), d.DB.Clock(), l, nil)
	if errors.Is(err, notify.ErrRefused) {
		return job.Cancel(err)
	}
	return err
}

func (d *Desk) addressOf(tx *db.Tx, subscriber string) ([]byte, error) {
	who, err := load(tx, subscriber)
	if err != nil {
		return nil, err
	}
	return d.Keys.Open(purpose(who.ID), who.sealed)
}

// mostWaiting bounds the mails asked for in one go; the rest follows at the next.
const mostWaiting = 5000

// gather asks for a mail to each who has one coming.
func (d *Desk) gather(ctx context.Context) error {
	if !d.On(ctx) {
		return nil
	}
	newest, err := d.Reader.Latest(ctx, disclosure.Page{Limit: 1})
	if err != nil {
		return err
	}
	var latest time.Time
	if len(newest.Rows) > 0 {
		latest = newest.Rows[0].PublishedAt.Add(overlap)
	}
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		ids, err := waiting(tx, latest, mostWaiting)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := job.Enqueue(tx, DigestJob, id, job.Unique(id), job.Queue(MailQueue), job.Attempts(1)); err != nil {
				return err
			}
		}
		return nil
	})
}

// overlap is how far back a mail looks behind the one before: a publication bears the time its
// transaction began, and ends a little later. Nothing is told twice all the same.
const overlap = 10 * time.Minute

// Bounds of a mail, and of trouble with it.
const (
	mostItems    = 50
	mostWalked   = 500
	mostFailures = 3                // refusals in a row; then the address is taken for gone
	refusedWait  = 24 * time.Hour   // after a refusal
	troubleWait  = 30 * time.Minute // after other trouble with the mail server
)

// digest writes to one person what is new of all that is due, if anything is. What it says is
// read at this moment, so that what was taken down meanwhile is not in it.
func (d *Desk) digest(ctx context.Context, id string) error {
	if !d.On(ctx) {
		return nil
	}
	n, err := d.news(ctx, id)
	if err != nil || n == nil {
		return err
	}
	if len(n.rows) == 0 {
		return d.told(ctx, n)
	}
	l, head, err := d.letter(ctx, n)
	if err != nil {
		return err
	}
	err = d.Post.Deliver(ctx, n.due[0].ID+"."+n.at.UTC().Format("20060102150405"), n.at, l, head)
	switch {
	case err == nil:
		return d.told(ctx, n)
	case errors.Is(err, notify.ErrRefused):
		return d.refused(ctx, n)
	}
	wait := func(tx *db.Tx) error { return postpone(tx, id, tx.Now.Add(troubleWait)) }
	return errors.Join(err, d.DB.Update(ctx, wait))
}

// news is what one person is to be told.
type news struct {
	who  *subscriber
	to   string
	at   time.Time
	due  []*Subscription
	rows []disclosure.Row
}

// news gathers it; nil if nothing is due or the person has withdrawn.
func (d *Desk) news(ctx context.Context, id string) (*news, error) {
	n := &news{}
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		if n.who, err = load(tx, id); err != nil {
			return err
		}
		n.at = tx.Now
		n.due, err = dueOf(tx, id)
		return err
	})
	if errors.Is(err, db.ErrNone) || err == nil && len(n.due) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	to, err := d.Keys.Open(purpose(id), n.who.sealed)
	if err != nil {
		return nil, err
	}
	n.to = string(to)
	for _, s := range n.due {
		rows, err := d.matching(ctx, s)
		if err != nil {
			return nil, err
		}
		n.rows = append(n.rows, rows...)
	}
	return n, d.unheard(ctx, n)
}

// unheard leaves each item once, without those told before, the newest first.
func (d *Desk) unheard(ctx context.Context, n *news) error {
	slices.SortFunc(n.rows, func(a, b disclosure.Row) int {
		return cmp.Or(b.PublishedAt.Compare(a.PublishedAt), cmp.Compare(a.Item, b.Item))
	})
	n.rows = slices.CompactFunc(n.rows, func(a, b disclosure.Row) bool { return a.Item == b.Item })
	items := make([]string, len(n.rows))
	for i, r := range n.rows {
		items[i] = r.Item
	}
	var told map[string]bool
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		told, err = toldOf(tx, n.who.ID, items)
		return err
	})
	n.rows = slices.DeleteFunc(n.rows, func(r disclosure.Row) bool { return told[r.Item] })
	return err
}

// matching lists what became public for a subscription since it was served last.
func (d *Desk) matching(ctx context.Context, s *Subscription) ([]disclosure.Row, error) {
	since := s.Since.Add(-overlap)
	if since.Before(s.confirmed) {
		since = s.confirmed
	}
	switch s.Topic.Kind {
	case All:
		return walk(since, func(p disclosure.Page) (*disclosure.Rows, error) { return d.Reader.Latest(ctx, p) })
	case Agency:
		return walk(since, func(p disclosure.Page) (*disclosure.Rows, error) { return d.Reader.Agency(ctx, s.Topic.Target, p) })
	case Section:
		return d.inSection(ctx, s.Topic.Target, since)
	}
	return d.searched(ctx, s.Topic.Query, since)
}

// walk goes back along a list, newest first, to a time.
func walk(since time.Time, list func(p disclosure.Page) (*disclosure.Rows, error)) (all []disclosure.Row, err error) {
	for p := (disclosure.Page{Limit: 100}); len(all) < mostWalked; {
		rows, err := list(p)
		if err != nil {
			return nil, err
		}
		for _, r := range rows.Rows {
			if !r.PublishedAt.After(since) {
				return all, nil
			}
			all = append(all, r)
		}
		if p.After = rows.Next; p.After == "" {
			break
		}
	}
	return all, nil
}

// inSection lists what stands in a section and those below it.
func (d *Desk) inSection(ctx context.Context, id string, since time.Time) (all []disclosure.Row, err error) {
	var ids []string
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		s, err := section.Load(tx, id)
		if err != nil {
			return err
		}
		tree, err := section.All(tx, s.Agency)
		ids = below(tree, id)
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	for _, one := range ids {
		rows, err := walk(since, func(p disclosure.Page) (*disclosure.Rows, error) { return d.Reader.Section(ctx, one, p) })
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, err
}

// below lists a section and those below it that are open.
func below(tree []*section.Section, id string) (ids []string) {
	for _, s := range tree {
		if s.ID == id && !s.Retired {
			ids = append(ids, id)
		}
		if s.Parent == id {
			ids = append(ids, below(tree, s.ID)...)
		}
	}
	return ids
}

// searched lists what a search finds now of what became public since.
func (d *Desk) searched(ctx context.Context, q Query, since time.Time) ([]disclosure.Row, error) {
	found, err := d.Search(ctx, q.search(date.Of(since.In(date.China))))
	if fault.KindOf(err) == fault.Invalid { // a query of nothing but signs
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, h := range found.Hits {
		ids = append(ids, disclosure.ItemOf(h.ID))
	}
	rows, err := d.Reader.Public(ctx, ids)
	return slices.DeleteFunc(rows, func(r disclosure.Row) bool { return !r.PublishedAt.After(since) }), err
}

// told records what a person was told.
func (d *Desk) told(ctx context.Context, n *news) error {
	return d.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		who, err := load(tx, n.who.ID)
		if errors.Is(err, db.ErrNone) { // withdrawn meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		for _, r := range n.rows {
			if err := tell(tx, who.ID, r.Item); err != nil {
				return err
			}
		}
		if who.failures > 0 && len(n.rows) > 0 {
			if err := setFailures(tx, who.ID, 0); err != nil {
				return err
			}
		}
		return served(tx, n)
	})
}

// served moves on what was due, unless it was changed or ended meanwhile.
func served(tx *db.Tx, n *news) error {
	for _, s := range n.due {
		now, err := loadTopic(tx, s.ID)
		if errors.Is(err, db.ErrNone) {
			continue
		}
		if err != nil {
			return err
		}
		now.Since, now.nextAt = n.at, now.Rhythm.next(n.at)
		if err := now.save(tx); err != nil {
			return err
		}
	}
	return nil
}

// refused counts a refusal. After several the address is taken for gone, and everything about it
// is deleted: the purpose it was given for can no longer be reached.
func (d *Desk) refused(ctx context.Context, n *news) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if n.who.failures+1 >= mostFailures {
			return forget(tx, n.who.ID)
		}
		if err := setFailures(tx, n.who.ID, n.who.failures+1); err != nil {
			return err
		}
		return postpone(tx, n.who.ID, tx.Now.Add(refusedWait))
	})
}
