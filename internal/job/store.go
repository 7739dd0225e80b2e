package job

import (
	"strconv"
	"strings"
	"time"

	"gongkai/internal/db"
)

func (j *Job) columns() db.Columns {
	return db.Columns{
		db.Col("id", &j.ID), db.Col("kind", &j.Kind), db.Col("queue", &j.Queue), db.Col("args", &j.Args),
		db.Col("state", &j.State), db.Col("run_at", &j.RunAt), db.Col("attempts", &j.Attempts), db.Col("most", &j.Most),
		db.Col("claims", &j.claims), db.Col("again", &j.again), db.Col("worker", &j.worker),
		db.Col("lease_until", &j.lease), db.Col("trouble", &j.Trouble), db.Col("enqueued_at", &j.Enqueued),
		db.Col("finished_at", &j.Finished), db.Col("unique_key", &j.Key),
	}
}

// insert writes j, or puts it in the place of the unfinished one with its key.
func insert(tx *db.Tx, j *Job) error {
	_, err := tx.Exec(`INSERT INTO job (id, kind, queue, args, unique_key, state, run_at, attempts, most, claims, again, enqueued_at)
		VALUES ($1, $2, $3, $4, $5, 'ready', $6, 0, $7, 0, FALSE, $8)
		ON CONFLICT (kind, unique_key) WHERE finished_at IS NULL DO UPDATE SET
			queue = excluded.queue, args = excluded.args, run_at = excluded.run_at, attempts = 0,
			most = excluded.most, again = (job.state = 'running')`,
		j.ID, j.Kind, j.Queue, j.Args, orNull(j.Key), j.RunAt, j.Most, j.Enqueued)
	return err
}

// orNull keeps keys that are none from being alike.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func withdraw(tx *db.Tx, kind, key string) error {
	if _, err := tx.Exec(`UPDATE job SET again = FALSE WHERE kind = $1 AND unique_key = $2 AND state = 'running'`, kind, key); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE job SET state = 'cancelled', finished_at = $1
		WHERE kind = $2 AND unique_key = $3 AND state = 'ready'`, tx.Now, kind, key)
	return err
}

// due counts up to one job that could be run now, so that looking costs no lock.
func due(tx *db.Tx, queue string, kinds []string) (bool, error) {
	in, args := db.In(2, kinds)
	n, err := tx.Count(`SELECT count(*) FROM (SELECT 1 FROM job WHERE state = 'ready' AND queue = $1 AND run_at <= $2
		AND kind IN `+in+` LIMIT 1) AS one`, append([]any{queue, tx.Now}, args...)...)
	return n > 0, err
}

// dueQueues returns the queues with due jobs.
func dueQueues(tx *db.Tx, kinds []string) (all []string, err error) {
	in, args := db.In(1, kinds)
	err = tx.Each(`SELECT DISTINCT queue FROM job WHERE state = 'ready' AND run_at <= $1 AND kind IN `+in+` ORDER BY queue`,
		func(scan func(...any) error) error {
			var q string
			if err := scan(&q); err != nil {
				return err
			}
			all = append(all, q)
			return nil
		}, append([]any{tx.Now}, args...)...)
	return all, err
}

// claim hands up to most due jobs to worker until lease. Of several processes one claims at
// a time, so that no row is fought over.
func claim(tx *db.Tx, queue, worker string, kinds []string, most int, lease time.Time) ([]*Job, error) {
	if err := tx.Lock("job.claim." + queue); err != nil {
		return nil, err
	}
	in, args := db.In(5, kinds)
	args = append([]any{worker, lease, queue, tx.Now, most}, args...)
	var all []*Job
	err := tx.Each(`UPDATE job SET state = 'running', worker = $1, lease_until = $2, claims = claims + 1, attempts = attempts + 1
		WHERE state = 'ready' AND id IN (SELECT id FROM job WHERE state = 'ready' AND queue = $3 AND run_at <= $4
			AND kind IN `+in+` ORDER BY run_at, id LIMIT $5)
		RETURNING id, kind, queue, args, unique_key, attempts, most, claims, enqueued_at`,
		func(scan func(...any) error) error {
			j := &Job{State: Running}
			all = append(all, j)
			return scan(&j.ID, &j.Kind, &j.Queue, &j.Args, &j.Key, &j.Attempts, &j.Most, &j.claims, &j.Enqueued)
		}, args...)
	return all, err
}

// settle writes what became of an attempt, unless the job is no longer this claim's. A job
// asked for again meanwhile is ready again, with the arguments and time it was given then.
func settle(tx *db.Tx, j *Job, o outcome) error {
	counted := j.Attempts
	if !o.counted {
		counted--
	}
	finished := tx.Now
	if o.state == Ready {
		finished = time.Time{}
	}
	_, err := tx.Exec(`UPDATE job SET
			state = CASE WHEN again THEN 'ready' ELSE $1 END,
			run_at = CASE WHEN again THEN run_at ELSE $2 END,
			attempts = CASE WHEN again THEN 0 ELSE $3 END,
			finished_at = CASE WHEN again THEN finished_at ELSE $4 END,
			trouble = $5, again = FALSE, worker = NULL, lease_until = NULL
		WHERE id = $6 AND claims = $7 AND state = 'running'`,
		o.state, o.runAt, counted, finished, orNull(o.trouble), j.ID, j.claims)
	return err
}

// extend moves the lease of the worker's running jobs and returns the ids it still holds.
func extend(tx *db.Tx, worker string, until time.Time) (map[string]bool, error) {
	held := map[string]bool{}
	err := tx.Each(`UPDATE job SET lease_until = $1 WHERE worker = $2 AND state = 'running' RETURNING id`,
		func(scan func(...any) error) error {
			var id string
			if err := scan(&id); err != nil {
				return err
			}
			held[id] = true
			return nil
		}, until, worker)
	return held, err
}

// expired reports whether a lease has run out.
func expired(tx *db.Tx) (bool, error) {
	n, err := tx.Count(`SELECT count(*) FROM job WHERE state = 'running' AND lease_until < $1`, tx.Now)
	return n > 0, err
}

// rescue takes the jobs whose lease has run out from their workers: the process was killed.
func rescue(tx *db.Tx) (int64, error) {
	const lost = "the process that ran it ended without a word"
	if _, err := tx.Exec(`UPDATE job SET state = 'failed', finished_at = $1, worker = NULL, lease_until = NULL, trouble = $2
		WHERE state = 'running' AND lease_until < $1 AND attempts >= most AND again = FALSE`, tx.Now, lost); err != nil {
		return 0, err
	}
	return tx.Exec(`UPDATE job SET state = 'ready', again = FALSE, worker = NULL, lease_until = NULL, trouble = $2
		WHERE state = 'running' AND lease_until < $1`, tx.Now, lost)
}

// takeSlot records that a schedule's slot is used, and reports whether this process was the
// one to do so. A schedule seen for the first time begins with its next slot.
func takeSlot(tx *db.Tx, name string, slot time.Time) (bool, error) {
	n, err := tx.Exec(`UPDATE job_schedule SET slot = $1 WHERE name = $2 AND slot < $1`, slot, name)
	if err != nil || n == 1 {
		return n == 1, err
	}
	_, err = tx.Exec(`INSERT INTO job_schedule (name, slot) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, slot)
	return false, err
}

// slots returns the last slot used of each schedule.
func slots(tx *db.Tx) (map[string]time.Time, error) {
	all := map[string]time.Time{}
	err := tx.Each(`SELECT name, slot FROM job_schedule`, func(scan func(...any) error) error {
		var name string
		var slot time.Time
		if err := scan(&name, &slot); err != nil {
			return err
		}
		all[name] = slot
		return nil
	})
	return all, err
}

// thin takes away what has been finished for long.
func thin(tx *db.Tx, done, failed time.Time) (int64, error) {
	n, err := tx.Exec(`DELETE FROM job WHERE finished_at < $1 AND state IN ('done', 'cancelled')`, done)
	if err != nil {
		return 0, err
	}
	m, err := tx.Exec(`DELETE FROM job WHERE finished_at < $1 AND state = 'failed'`, failed)
	return n + m, err
}

func load(tx *db.Tx, id string) (*Job, error) {
	return db.Get(tx, (*Job).columns, "job WHERE id = $1", id)
}

// restart makes a finished job ready for a first attempt.
func restart(tx *db.Tx, id string) (int64, error) {
	return tx.Exec(`UPDATE job SET state = 'ready', run_at = $1, attempts = 0, finished_at = NULL
		WHERE id = $2 AND state IN ('failed', 'cancelled')`, tx.Now, id)
}

// stop ends a job that is not finished.
func stop(tx *db.Tx, id string) (int64, error) {
	return tx.Exec(`UPDATE job SET state = 'cancelled', finished_at = $1, again = FALSE, worker = NULL, lease_until = NULL
		WHERE id = $2 AND state IN ('ready', 'running')`, tx.Now, id)
}

// list returns the jobs of a filter, the latest enqueued first.
func list(tx *db.Tx, f Filter) ([]*Job, error) {
	var where []string
	var args []any
	add := func(condition string, value string) {
		if value != "" {
			args = append(args, value)
			where = append(where, condition+"$"+strconv.Itoa(len(args)))
		}
	}
	add("state = ", string(f.State))
	add("kind = ", f.Kind)
	add("id < ", f.After)
	add("id > ", f.Before)
	order := " ORDER BY id DESC"
	if f.Before != "" {
		order = " ORDER BY id"
	}
	rest := "job"
	if len(where) > 0 {
		rest += " WHERE " + strings.Join(where, " AND ")
	}
	args = append(args, f.Limit)
	return db.Select(tx, (*Job).columns, rest+order+" LIMIT $"+strconv.Itoa(len(args)), args...)
}

// counts returns how many jobs are in each state.
func counts(tx *db.Tx) (map[State]int, error) {
	all := map[State]int{}
	err := tx.Each(`SELECT state, count(*) FROM job GROUP BY state`, func(scan func(...any) error) error {
		var s State
		var n int
		if err := scan(&s, &n); err != nil {
			return err
		}
		all[s] = n
		return nil
	})
	return all, err
}
