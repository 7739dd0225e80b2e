package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gongkai/internal/db"
)

// The kinds and times of the runner's own.
const (
	thinKind   = "job.thin"
	keepDone   = 30 * 24 * time.Hour
	keepFailed = 180 * 24 * time.Hour
)

// Runner runs jobs. Several runners, in one process or many, share one database.
type Runner struct {
	DB        *db.DB
	Handlers  map[string]Handler // by kind; jobs of other kinds are left for who knows them
	Schedules []Schedule
	Queues    map[string]int // workers of each queue; none means four for Common
	Log       *slog.Logger
	Poll      time.Duration // between looks; a second when zero
	Lease     time.Duration // five minutes when zero; extended while the process lives
	Grace     time.Duration // for running jobs to end when the program stops; ten seconds when zero

	looked  atomic.Int64 // when it looked last, by the database's clock
	closing atomic.Bool  // no further jobs are taken
	worker  string
	mu      sync.Mutex
	busy    map[string]running // by job
	group   sync.WaitGroup
}

type running struct {
	queue string
	stop  context.CancelFunc
}

// Run runs jobs until ctx ends, then waits for those that run, and gives back those that
// do not end in time.
func (r *Runner) Run(ctx context.Context) error {
	r.prepare()
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ticker := time.NewTicker(r.Poll)
	defer ticker.Stop()
	heart := time.NewTicker(r.Lease / 3)
	defer heart.Stop()
	for {
		r.look(ctx, work)
		select {
		case <-ctx.Done():
			return r.leave(stop)
		case <-heart.C:
			r.logged("extend leases", r.beat(work))
		case <-ticker.C:
		}
	}
}

func (r *Runner) prepare() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy != nil {
		return
	}
	r.busy, r.worker = map[string]running{}, db.ID()
	r.Poll = or(r.Poll, time.Second)
	r.Lease = or(r.Lease, 5*time.Minute)
	r.Grace = or(r.Grace, 10*time.Second)
	if len(r.Queues) == 0 {
		r.Queues = map[string]int{Common: 4}
	}
	if r.Log == nil {
		r.Log = slog.New(slog.DiscardHandler)
	}
	own := map[string]Handler{thinKind: r.thin}
	for kind, h := range r.Handlers {
		own[kind] = h
	}
	r.Handlers = own
	r.Schedules = append(slices.Clone(r.Schedules), Daily(thinKind, 3, 10))
}

func or(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

// look enqueues what schedules ask for, rescues lost jobs and starts due ones, until there
// is nothing to start.
func (r *Runner) look(ctx, work context.Context) {
	r.looked.Store(r.DB.Clock().UnixNano())
	r.logged("look after schedules and leases", r.tend(ctx))
	for queue := range r.Queues {
		for ctx.Err() == nil {
			jobs, err := r.claim(ctx, queue)
			r.logged("claim jobs", err)
			for _, j := range jobs {
				r.start(work, j)
			}
			if len(jobs) == 0 {
				break
			}
		}
	}
}

// LookedAt returns when the runner last looked for jobs, by the database's clock: the zero
// time if it never has.
func (r *Runner) LookedAt() time.Time {
	if n := r.looked.Load(); n != 0 {
		return time.Unix(0, n).UTC()
	}
	return time.Time{}
}

// logged records trouble with the queue itself. The next look tries again.
func (r *Runner) logged(what string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		r.Log.Error("jobs: "+what, "error", err)
	}
}

// tend looks without a lock whether a slot is open or a lease has run out, and only then
// writes.
func (r *Runner) tend(ctx context.Context) error {
	var left []Schedule
	var lost bool
	err := r.DB.View(ctx, func(tx *db.Tx) (err error) {
		if left, err = open(tx, r.Schedules); err == nil {
			lost, err = expired(tx)
		}
		return err
	})
	if err != nil || len(left) == 0 && !lost {
		return err
	}
	return r.DB.Update(ctx, func(tx *db.Tx) error {
		for _, s := range left {
			if err := s.enqueue(tx); err != nil {
				return err
			}
		}
		_, err := rescue(tx)
		return err
	})
}

// claim takes as many due jobs of a queue as it has idle workers.
func (r *Runner) claim(ctx context.Context, queue string) (jobs []*Job, err error) {
	idle := r.Queues[queue] - r.occupied(queue)
	if idle <= 0 {
		return nil, nil
	}
	found := false
	err = r.DB.View(ctx, func(tx *db.Tx) (err error) {
		found, err = due(tx, queue, r.kinds())
		return err
	})
	if err != nil || !found {
		return nil, err
	}
	return r.take(ctx, queue, idle)
}

func (r *Runner) take(ctx context.Context, queue string, most int) (jobs []*Job, err error) {
	err = r.DB.Update(ctx, func(tx *db.Tx) (err error) {
		jobs, err = claim(tx, queue, r.worker, r.kinds(), most, tx.Now.Add(r.Lease))
		return err
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

func (r *Runner) kinds() []string {
	all := make([]string, 0, len(r.Handlers))
	for kind := range r.Handlers {
		all = append(all, kind)
	}
	slices.Sort(all)
	return all
}

func (r *Runner) occupied(queue string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.busy {
		if b.queue == queue {
			n++
		}
	}
	return n
}

// start gives j to a worker, which goes on with the jobs of its queue that are due by then.
func (r *Runner) start(work context.Context, j *Job) {
	ctx, stop := context.WithCancel(work)
	r.mu.Lock()
	r.busy[j.ID] = running{j.Queue, stop}
	r.mu.Unlock()
	r.group.Go(func() {
		for j != nil {
			ended := outcomeOf(ctx, r.attempt(ctx, j))
			stop()
			next, err := r.settle(context.WithoutCancel(work), j, ended)
			r.logged("settle a job", err)
			ctx, stop = context.WithCancel(work)
			j = r.turn(j, next, stop)
		}
		stop()
	})
}

// turn notes that a worker has gone over from one job to the next, if there is one.
func (r *Runner) turn(ended, next *Job, stop context.CancelFunc) *Job {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.busy, ended.ID)
	if next != nil {
		r.busy[next.ID] = running{next.Queue, stop}
	}
	return next
}

// attempt runs the handler of j. A panic is an error like any other.
func (r *Runner) attempt(ctx context.Context, j *Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("job panicked", "kind", j.Kind, "job", j.ID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return r.Handlers[j.Kind](ctx, []byte(j.Args))
}

// errStopped is the end of an attempt that the program's own stop brought about.
var errStopped = Snooze(0)

// outcomeOf returns err, or errStopped when it came of ctx: the job is given back as if it had
// not been tried. (One cancelled by a person, or lost to another process, is no longer this
// claim's anyway.)
func outcomeOf(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return errStopped
	}
	return err
}

// settle records what became of an attempt and, in the same transaction, claims the next job
// of the queue, if one is due.
func (r *Runner) settle(ctx context.Context, j *Job, err error) (next *Job, failed error) {
	failed = r.DB.Update(ctx, func(tx *db.Tx) error {
		next = nil
		o := j.judge(err, tx.Now)
		if o.trouble != "" {
			r.Log.Warn("job failed", "kind", j.Kind, "job", j.ID, "attempt", j.Attempts, "state", o.state, "error", o.trouble)
		}
		if err := settle(tx, j, o); err != nil || r.closing.Load() {
			return err
		}
		found, err := due(tx, j.Queue, r.kinds())
		if err != nil || !found {
			return err
		}
		jobs, err := claim(tx, j.Queue, r.worker, r.kinds(), 1, tx.Now.Add(r.Lease))
		if len(jobs) > 0 {
			next = jobs[0]
		}
		return err
	})
	if failed != nil {
		next = nil
	}
	return next, failed
}

// beat extends the leases of the running jobs and stops those that are no longer ours.
func (r *Runner) beat(ctx context.Context) error {
	var held map[string]bool
	err := r.DB.Update(ctx, func(tx *db.Tx) (err error) {
		held, err = extend(tx, r.worker, tx.Now.Add(r.Lease))
		return err
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, b := range r.busy {
		if !held[id] {
			b.stop()
		}
	}
	return nil
}

// leave waits for the running jobs, tells those that take too long to stop, and waits for
// them to say so.
func (r *Runner) leave(stop context.CancelFunc) error {
	r.closing.Store(true)
	ended := make(chan struct{})
	go func() { r.group.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-time.After(r.Grace):
	}
	stop()
	select {
	case <-ended:
		return nil
	case <-time.After(r.Grace):
		return errors.New("jobs: some handlers did not stop; their leases will run out")
	}
}

// Drain runs every due job, one after the other, until none is left, and returns what
// failed. Tests call it in place of Run.
func (r *Runner) Drain(ctx context.Context) error {
	r.prepare()
	var failed []error
	for {
		if err := r.tend(ctx); err != nil {
			return err
		}
		j, err := r.first(ctx)
		if err != nil || j == nil {
			return errors.Join(append(failed, err)...)
		}
		for j != nil {
			err := r.attempt(ctx, j)
			var s *snoozed
			if err != nil && !errors.As(err, &s) {
				failed = append(failed, fmt.Errorf("%s: %w", j.Kind, err))
			}
			if j, err = r.settle(ctx, j, err); err != nil {
				return err
			}
		}
	}
}

// first claims one due job of any queue, or none.
func (r *Runner) first(ctx context.Context) (*Job, error) {
	var queues []string
	err := r.DB.View(ctx, func(tx *db.Tx) (err error) {
		queues, err = dueQueues(tx, r.kinds())
		return err
	})
	if err != nil || len(queues) == 0 {
		return nil, err
	}
	jobs, err := r.take(ctx, queues[0], 1)
	if err != nil || len(jobs) == 0 {
		return nil, err
	}
	return jobs[0], nil
}

// thin takes away jobs that ended long ago.
func (r *Runner) thin(ctx context.Context, _ []byte) error {
	return r.DB.Update(ctx, func(tx *db.Tx) error {
		n, err := thin(tx, tx.Now.Add(-keepDone), tx.Now.Add(-keepFailed))
		if n > 0 {
			r.Log.Info("jobs: took away finished ones", "jobs", n)
		}
		return err
	})
}
