package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
)

var admin = actor.Actor{ID: "a", Name: "系统管理员甲", Grants: []actor.Grant{{Role: actor.SysAdmin}}}

// clock is a database's clock that a test moves.
type clock struct{ nanos atomic.Int64 }

func newClock(d *db.DB) *clock {
	c := &clock{}
	c.nanos.Store(dbtest.Noon.UnixNano())
	d.Clock = func() time.Time { return time.Unix(0, c.nanos.Load()).UTC() }
	return c
}

func (c *clock) pass(d time.Duration) { c.nanos.Add(int64(d)) }

func enqueue(t *testing.T, d *db.DB, kind string, args any, options ...Option) {
	t.Helper()
	if err := d.Update(t.Context(), func(tx *db.Tx) error { return Enqueue(tx, kind, args, options...) }); err != nil {
		t.Fatal(err)
	}
}

func all(t *testing.T, d *db.DB) []*Job {
	t.Helper()
	jobs, err := (&Desk{d}).List(t.Context(), admin, Filter{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(jobs, func(j *Job) bool { return j.Kind == thinKind })
}

func only(t *testing.T, d *db.DB) *Job {
	t.Helper()
	jobs := all(t, d)
	if len(jobs) != 1 {
		t.Fatalf("%d jobs, want one", len(jobs))
	}
	return jobs[0]
}

// recorder notes the arguments its handler was given.
type recorder struct {
	mu   sync.Mutex
	seen []string
	err  error
}

func (r *recorder) handle(_ context.Context, args string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, args)
	return r.err
}

func (r *recorder) runner(d *db.DB) *Runner {
	return &Runner{DB: d, Handlers: map[string]Handler{"test": Handle(r.handle)}}
}

func TestAJobIsRunOnlyIfItsActIsDone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var r recorder
		undone := errors.New("undone")
		if err := d.Update(t.Context(), func(tx *db.Tx) error {
			if err := Enqueue(tx, "test", "lost"); err != nil {
				return err
			}
			return undone
		}); !errors.Is(err, undone) {
			t.Fatal(err)
		}
		enqueue(t, d, "test", "kept")
		if err := r.runner(d).Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.seen, []string{"kept"}) {
			t.Errorf("ran %v", r.seen)
		}
		if j := only(t, d); j.State != Done || j.Attempts != 1 || j.Finished.IsZero() {
			t.Errorf("got %+v", j)
		}
	})
}

func TestAJobWaitsForItsTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock(d)
		var r recorder
		enqueue(t, d, "test", "later", At(dbtest.Noon.Add(time.Hour)))
		enqueue(t, d, "unknown here", "left")
		for _, step := range []struct {
			pass time.Duration
			runs int
		}{{0, 0}, {time.Hour - time.Microsecond, 0}, {time.Microsecond, 1}, {time.Hour, 1}} {
			c.pass(step.pass)
			if err := r.runner(d).Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(r.seen) != step.runs {
				t.Errorf("%d runs, want %d", len(r.seen), step.runs)
			}
		}
	})
}

// A failing job waits 15 s, 45 s, 135 s … and is given up after its attempts.
func TestAFailingJobIsTriedAgainEverLaterAndThenGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock(d)
		r := recorder{err: errors.New("the mail server does not answer")}
		enqueue(t, d, "test", "x", Attempts(4))
		for i, wait := range []time.Duration{15 * time.Second, 45 * time.Second, 135 * time.Second} {
			if err := r.runner(d).Drain(t.Context()); err == nil {
				t.Error("no error")
			}
			j := only(t, d)
			if j.State != Ready || j.Attempts != int64(i+1) || j.Trouble != "the mail server does not answer" || j.RunAt.Sub(d.Clock()) != wait {
				t.Errorf("after attempt %d: %+v", i+1, j)
			}
			c.pass(wait)
		}
		r.runner(d).Drain(t.Context())
		if j := only(t, d); j.State != Failed || j.Attempts != 4 || j.Finished.IsZero() {
			t.Errorf("got %+v", j)
		}
		c.pass(24 * time.Hour)
		r.runner(d).Drain(t.Context())
		if len(r.seen) != 4 {
			t.Errorf("%d runs, want 4", len(r.seen))
		}
	})
}

func TestBackoffStopsGrowing(t *testing.T) {
	for n, want := range map[int64]time.Duration{1: 15 * time.Second, 7: 10935 * time.Second, 8: 32805 * time.Second, 9: 12 * time.Hour, 60: 12 * time.Hour} {
		if got := backoff(n); got != want {
			t.Errorf("after %d attempts: %v, want %v", n, got, want)
		}
	}
}

func TestAHandlerMayCancelSnoozeAndPanic(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock(d)
		enqueue(t, d, "test", "x")
		r := recorder{err: Snooze(time.Hour)}
		if err := r.runner(d).Drain(t.Context()); err != nil {
			t.Error(err)
		}
		if j := only(t, d); j.State != Ready || j.Attempts != 0 || !j.RunAt.Equal(dbtest.Noon.Add(time.Hour)) {
			t.Errorf("snoozed: %+v", j)
		}
		c.pass(time.Hour)
		panicking := &Runner{DB: d, Handlers: map[string]Handler{"test": func(context.Context, []byte) error { panic("zero") }}}
		if err := panicking.Drain(t.Context()); err == nil {
			t.Error("a panic was no error")
		}
		if j := only(t, d); j.State != Ready || j.Attempts != 1 || j.Trouble != "panic: zero" {
			t.Errorf("panicked: %+v", j)
		}
		c.pass(time.Hour)
		r.err = Cancel(errors.New("the record is gone"))
		r.runner(d).Drain(t.Context())
		if j := only(t, d); j.State != Cancelled || j.Trouble != "the record is gone" {
			t.Errorf("cancelled: %+v", j)
		}
	})
}

func TestAUniqueJobReplacesTheWaitingOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock(d)
		var r recorder
		enqueue(t, d, "test", "first", Unique("k"))
		enqueue(t, d, "test", "second", Unique("k"), At(dbtest.Noon.Add(time.Hour)))
		enqueue(t, d, "test", "other", Unique("l"))
		enqueue(t, d, "test", "none")
		enqueue(t, d, "test", "none")
		if err := r.runner(d).Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		slices.Sort(r.seen)
		if !slices.Equal(r.seen, []string{"none", "none", "other"}) {
			t.Errorf("ran %v", r.seen)
		}
		c.pass(time.Hour)
		if err := r.runner(d).Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(r.seen) != 4 || r.seen[3] != "second" {
			t.Errorf("ran %v", r.seen)
		}
		enqueue(t, d, "test", "after the end", Unique("k"))
		if err := d.Update(t.Context(), func(tx *db.Tx) error { return Withdraw(tx, "test", "k") }); err != nil {
			t.Fatal(err)
		}
		if err := r.runner(d).Drain(t.Context()); err != nil || len(r.seen) != 4 {
			t.Errorf("a withdrawn job ran: %v %v", r.seen, err)
		}
	})
}

// What is asked for while the job runs may have come after it looked: it runs once more.
func TestAUniqueJobAskedForWhileItRunsRunsOnceMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var seen []string
		r := &Runner{DB: d}
		r.Handlers = map[string]Handler{"test": Handle(func(_ context.Context, args string) error {
			seen = append(seen, args)
			if args == "first" {
				enqueue(t, d, "test", "second", Unique("k"))
				enqueue(t, d, "test", "third", Unique("k"))
			}
			return nil
		})}
		enqueue(t, d, "test", "first", Unique("k"))
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(seen, []string{"first", "third"}) {
			t.Errorf("ran %v", seen)
		}
		if j := only(t, d); j.State != Done || j.Attempts != 1 {
			t.Errorf("got %+v", j)
		}
	})
}

// Four processes work off 200 jobs: each is run by one of them, once.
func TestEachJobIsRunByOneProcess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const jobs = 200
		if err := d.Update(t.Context(), func(tx *db.Tx) error {
			for i := range jobs {
				if err := Enqueue(tx, "test", fmt.Sprint(i)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var r recorder
		var left atomic.Int64
		left.Store(jobs)
		var processes sync.WaitGroup
		for range 4 {
			one := &Runner{DB: d, Poll: time.Millisecond, Handlers: map[string]Handler{"test": Handle(func(ctx context.Context, args string) error {
				defer func() {
					if left.Add(-1) == 0 {
						stop()
					}
				}()
				return r.handle(ctx, args)
			})}}
			processes.Go(func() {
				if err := one.Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		processes.Wait()
		slices.Sort(r.seen)
		if n := len(slices.Compact(r.seen)); n != jobs || len(r.seen) != jobs {
			t.Errorf("%d runs of %d jobs, want %d", len(r.seen), n, jobs)
		}
		for _, j := range all(t, d) {
			if j.State != Done {
				t.Errorf("%s is %s", j.Args, j.State)
			}
		}
	})
}

// A process that claimed a job and was killed says nothing more: its lease runs out.
func TestAJobOfAKilledProcessIsRescued(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock(d)
		var r recorder
		enqueue(t, d, "test", "x", Attempts(2))
		kill := func() *Job {
			killed := r.runner(d)
			killed.prepare()
			jobs, err := killed.take(t.Context(), Common, 1)
			if err != nil || len(jobs) != 1 {
				t.Fatalf("claimed %d: %v", len(jobs), err)
			}
			return jobs[0]
		}
		lost := kill()
		c.pass(5 * time.Minute)
		if err := r.runner(d).Drain(t.Context()); err != nil || len(r.seen) != 0 {
			t.Errorf("taken away before the lease ran out: %v", err)
		}
		c.pass(time.Microsecond)
		if err := r.runner(d).Drain(t.Context()); err != nil || len(r.seen) != 1 {
			t.Errorf("not rescued: %v", err)
		}
		// Were it not dead but slow, its word would no longer count.
		late := r.runner(d)
		late.prepare()
		if _, err := late.settle(t.Context(), lost, errors.New("late")); err != nil {
			t.Fatal(err)
		}
		if j := only(t, d); j.State != Done || j.Attempts != 2 {
			t.Errorf("got %+v", j)
		}
		// A job that kills each process that runs it is given up in the end.
		enqueue(t, d, "test", "poison", Attempts(1))
		kill()
		c.pass(6 * time.Minute)
		if err := r.runner(d).Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if j := all(t, d)[0]; j.State != Failed || len(r.seen) != 1 {
			t.Errorf("got %+v", j)
		}
	})
}

func TestALivingProcessKeepsItsLeaseAndLearnsOfCancelling(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock(d)
		enqueue(t, d, "test", "x")
		started, ended := make(chan struct{}), make(chan error, 1)
		r := &Runner{DB: d, Handlers: map[string]Handler{"test": func(ctx context.Context, _ []byte) error {
			close(started)
			<-ctx.Done()
			ended <- ctx.Err()
			return ctx.Err()
		}}}
		r.prepare()
		r.look(t.Context(), t.Context())
		<-started
		for range 3 {
			c.pass(4 * time.Minute)
			if err := r.beat(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := r.tend(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if j := only(t, d); j.State != Running {
			t.Errorf("got %+v", j)
		}
		if err := (&Desk{d}).Cancel(t.Context(), admin, only(t, d).ID); err != nil {
			t.Fatal(err)
		}
		if err := r.beat(t.Context()); err != nil {
			t.Fatal(err)
		}
		<-ended
		r.group.Wait()
		if j := only(t, d); j.State != Cancelled {
			t.Errorf("got %+v", j)
		}
	})
}

func TestStoppingGivesRunningJobsBackUncounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		enqueue(t, d, "test", "x")
		ctx, stop := context.WithCancel(t.Context())
		r := &Runner{DB: d, Grace: time.Millisecond, Handlers: map[string]Handler{"test": func(ctx context.Context, _ []byte) error {
			stop()
			<-ctx.Done()
			return fmt.Errorf("read a page: %w", ctx.Err())
		}}}
		r.Grace = 50 * time.Millisecond
		if err := r.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if j := only(t, d); j.State != Ready || j.Attempts != 0 || j.Trouble != "" {
			t.Errorf("got %+v", j)
		}
	})
}

// 2026-11-23 is a Monday; the day in China begins at 16:00 UTC of the day before.
func TestSlots(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, test := range []struct {
		schedule  Schedule
		now, slot string
	}{
		{Daily("x", 3, 30), "2026-11-23T04:00:00Z", "2026-11-22T19:30:00Z"},
		{Daily("x", 3, 30), "2026-11-22T19:30:00Z", "2026-11-22T19:30:00Z"},
		{Daily("x", 3, 30), "2026-11-22T19:29:59Z", "2026-11-21T19:30:00Z"},
		{Daily("x", 23, 0), "2026-03-01T10:00:00Z", "2026-02-28T15:00:00Z"},
		{Every("x", 10*time.Minute), "2026-11-23T04:09:59Z", "2026-11-23T04:00:00Z"},
		{Every("x", 10*time.Minute), "2026-11-23T04:10:00Z", "2026-11-23T04:10:00Z"},
	} {
		if got := test.schedule.slot(at(test.now)); !got.Equal(at(test.slot)) {
			t.Errorf("at %s: slot %s, want %s", test.now, got, test.slot)
		}
	}
}

func TestASlotIsUsedOnceByAllProcesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock(d)
		var r recorder
		processes := make([]*Runner, 5)
		for i := range processes {
			processes[i] = &Runner{DB: d, Schedules: []Schedule{Every("test", 10*time.Minute)},
				Handlers: map[string]Handler{"test": func(ctx context.Context, _ []byte) error { return r.handle(ctx, "slot") }}}
			processes[i].prepare()
		}
		for i, want := range []int{0, 1, 1, 2, 3} { // the first look only begins the schedule
			var all sync.WaitGroup
			for _, p := range processes {
				all.Go(func() {
					if err := p.tend(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if err := processes[0].Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(r.seen) != want {
				t.Errorf("step %d: %d runs, want %d", i, len(r.seen), want)
			}
			c.pass([]time.Duration{10 * time.Minute, 9 * time.Minute, time.Minute, time.Hour, 0}[i])
		}
	})
}

func TestActsOfAdministrators(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock(d)
		desk := &Desk{d}
		r := recorder{err: errors.New("no")}
		enqueue(t, d, "test", "x", Attempts(1), Unique("k"))
		r.runner(d).Drain(t.Context())
		id := only(t, d).ID
		want := func(what string, err, want error) {
			t.Helper()
			if !errors.Is(err, want) {
				t.Errorf("%s: got %v, want %v", what, err, want)
			}
		}
		want("retry by nobody", desk.Retry(t.Context(), actor.Actor{}, id), actor.ErrForbidden)
		want("cancel by nobody", desk.Cancel(t.Context(), actor.Actor{}, id), actor.ErrForbidden)
		_, err := desk.List(t.Context(), actor.Actor{}, Filter{Limit: 1})
		want("list by nobody", err, actor.ErrForbidden)
		want("retry of nothing", desk.Retry(t.Context(), admin, "none"), ErrNotFound)
		want("cancel of what ended", desk.Cancel(t.Context(), admin, id), ErrFinished)
		want("retry", desk.Retry(t.Context(), admin, id), nil)
		want("retry of what is ready", desk.Retry(t.Context(), admin, id), ErrNotFailed)
		want("cancel", desk.Cancel(t.Context(), admin, id), nil)
		enqueue(t, d, "test", "y", Unique("k"))
		want("retry of what was replaced", desk.Retry(t.Context(), admin, id), ErrReplaced)
		if n := entries(t, d); n != 2 {
			t.Errorf("%d audit entries, want 2: one for each act that was done", n)
		}
		c.pass(time.Second)
	})
}

func entries(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.View(t.Context(), func(tx *db.Tx) (err error) {
		n, err = tx.Count("SELECT count(*) FROM audit_entry WHERE subject = 'job'")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPagesOfTheList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, name := range []string{"1", "2", "3", "4", "5"} {
			enqueue(t, d, "test", name)
		}
		page := func(f Filter) (args string, jobs []*Job) {
			t.Helper()
			f.Limit, f.State, f.Kind = 2, Ready, "test"
			jobs, err := (&Desk{d}).List(t.Context(), admin, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range jobs {
				args += j.Args
			}
			return args, jobs
		}
		first, jobs := page(Filter{})
		second, jobs := page(Filter{After: jobs[1].ID})
		back, _ := page(Filter{Before: jobs[0].ID})
		if first != `"5""4"` || second != `"3""2"` || back != first {
			t.Errorf("got %s, %s, back %s", first, second, back)
		}
		counted, err := Counts(t.Context(), d)
		if err != nil || counted[Ready] != 5 || counted[Done] != 0 {
			t.Errorf("got %v, %v", counted, err)
		}
	})
}

func TestEndedJobsAreClearedAfterATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock(d)
		var r recorder
		enqueue(t, d, "test", "done")
		r.runner(d).Drain(t.Context())
		r.err = errors.New("no")
		enqueue(t, d, "test", "failed", Attempts(1))
		r.runner(d).Drain(t.Context())
		for _, step := range []struct {
			pass time.Duration
			left int
		}{{30 * 24 * time.Hour, 2}, {24 * time.Hour, 1}, {149 * 24 * time.Hour, 1}, {24 * time.Hour, 0}} {
			c.pass(step.pass)
			enqueue(t, d, thinKind, nil)
			if err := r.runner(d).Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := len(all(t, d)); n != step.left {
				t.Errorf("%d jobs left, want %d", n, step.left)
			}
		}
	})
}

func TestArgumentsThatCannotBeReadEndTheJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var r recorder
		enqueue(t, d, "test", map[string]int{"not": 1})
		if err := r.runner(d).Drain(t.Context()); err == nil || fault.KindOf(err) != fault.Internal {
			t.Errorf("got %v", err)
		}
		if j := only(t, d); j.State != Cancelled {
			t.Errorf("got %+v", j)
		}
	})
}
