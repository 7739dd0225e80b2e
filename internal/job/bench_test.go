package job

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// BenchmarkJobs enqueues jobs in one act, and counts only their running, by four workers.
func BenchmarkJobs(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			d := open(b)
			if err := d.Update(b.Context(), func(tx *db.Tx) error {
				for range b.N {
					if err := Enqueue(tx, "test", 1); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
			ctx, stop := context.WithCancel(b.Context())
			var left atomic.Int64
			left.Store(int64(b.N))
			r := &Runner{DB: d, Poll: time.Millisecond, Handlers: map[string]Handler{"test": func(context.Context, []byte) error {
				if left.Add(-1) == 0 {
					stop()
				}
				return nil
			}}}
			b.ResetTimer()
			if err := r.Run(ctx); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
		})
	}
}
