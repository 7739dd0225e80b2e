// Package job does work after the act that asked for it (后台任务). A job is a row written in
// the act's own transaction, so it exists exactly when the act was done. It is run at least
// once: handlers are idempotent. Arguments name records by their keys and hold no personal
// data.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/i18n"
)

// State is where a job stands.
type State string

// The states. Failed jobs have used up their attempts and wait for a person.
const (
	Ready     State = "ready"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// States lists the states in the order pages show them.
var States = []State{Failed, Running, Ready, Cancelled, Done}

var stateNames = map[State]string{
	Ready: "job.state.ready", Running: "job.state.running", Done: "job.state.done",
	Failed: "job.state.failed", Cancelled: "job.state.cancelled",
}

// Message returns what people call the state.
func (s State) Message() i18n.Message { return i18n.M(stateNames[s]) }

// Job is one piece of work.
type Job struct {
	ID       string
	Kind     string // names the handler and is the key of its message; never renamed once used
	Queue    string
	Args     string // JSON
	Key      string // of a unique job, else ""
	State    State
	RunAt    time.Time // not before
	Attempts int64     // begun
	Most     int64     // attempts before it is given up
	Trouble  string    // why the last attempt failed
	Enqueued time.Time
	Finished time.Time

	claims int64
	again  bool
	worker string
	lease  time.Time
}

// Message returns what people call the job's kind.
func (j *Job) Message() i18n.Message { return i18n.M(j.Kind) }

// Common is the queue of jobs that name none.
const Common = "common"

// attempts is how often a job is tried unless it says otherwise: with the waits of backoff
// the last is some three days after the first.
const attempts = 12

// Option says something about a job that is not usual.
type Option func(*Job)

// At makes a job wait until t.
func At(t time.Time) Option { return func(j *Job) { j.RunAt = t } }

// Unique lets only one job of a kind and key wait at a time: a later one takes its place,
// with its own arguments and time. If it is being run, it is run once more afterwards.
func Unique(key string) Option { return func(j *Job) { j.Key = key } }

// Queue puts a job into a queue with workers of its own, such as one for long work.
func Queue(name string) Option { return func(j *Job) { j.Queue = name } }

// Attempts sets how often a job is tried.
func Attempts(n int) Option { return func(j *Job) { j.Most = int64(n) } }

// Enqueue asks for a job of that kind in the transaction of the act.
func Enqueue(tx *db.Tx, kind string, args any, options ...Option) error {
	text, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("write the arguments of %s: %w", kind, err)
	}
	j := Job{ID: db.ID(), Kind: kind, Queue: Common, Args: string(text), State: Ready,
		RunAt: tx.Now, Most: attempts, Enqueued: tx.Now}
	for _, o := range options {
		o(&j)
	}
	return insert(tx, &j)
}

// Withdraw takes back the waiting job of a kind and unique key, if there is one. One that
// is being run is not stopped, only not run again.
func Withdraw(tx *db.Tx, kind, key string) error { return withdraw(tx, kind, key) }

// Handler does the work of one kind of job. ctx ends when the job is cancelled, when its
// lease is lost, or when the program stops.
type Handler func(ctx context.Context, args []byte) error

// Handle makes a Handler of a function that takes its arguments as a value.
func Handle[T any](do func(ctx context.Context, args T) error) Handler {
	return func(ctx context.Context, args []byte) error {
		var v T
		if err := json.Unmarshal(args, &v); err != nil {
			return Cancel(fmt.Errorf("read the arguments: %w", err))
		}
		return do(ctx, v)
	}
}

// cancelled is the error of work that no further attempt can do.
type cancelled struct{ cause error }

func (c *cancelled) Error() string { return c.cause.Error() }
func (c *cancelled) Unwrap() error { return c.cause }

// Cancel makes the job end for good, with cause as its trouble.
func Cancel(cause error) error { return &cancelled{cause} }

// snoozed is the error of work whose time has not come.
type snoozed struct{ wait time.Duration }

func (s *snoozed) Error() string { return "not before " + s.wait.String() + " from now" }

// Snooze puts the job back for a while, without counting the attempt.
func Snooze(wait time.Duration) error { return &snoozed{wait} }

// backoff is how long to wait after a number of attempts that failed.
func backoff(attempts int64) time.Duration {
	const first, longest = 15 * time.Second, 12 * time.Hour
	wait := first
	for range attempts - 1 {
		if wait *= 3; wait >= longest {
			return longest
		}
	}
	return wait
}

// outcome is what became of an attempt.
type outcome struct {
	state   State
	runAt   time.Time
	counted bool // whether the attempt counts
	trouble string
}

// judge says what becomes of j after an attempt that ended with err.
func (j *Job) judge(err error, now time.Time) outcome {
	var c *cancelled
	var s *snoozed
	switch {
	case err == nil:
		return outcome{Done, now, true, ""}
	case errors.As(err, &s):
		return outcome{Ready, now.Add(s.wait), false, ""}
	case errors.As(err, &c):
		return outcome{Cancelled, now, true, brief(err)}
	case j.Attempts >= j.Most:
		return outcome{Failed, now, true, brief(err)}
	}
	return outcome{Ready, now.Add(backoff(j.Attempts)), true, brief(err)}
}

// brief is an error as the list of jobs shows it.
func brief(err error) string {
	const most = 500
	text := []rune(err.Error())
	return string(text[:min(len(text), most)])
}
