package db_test

import (
	"fmt"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// engines runs a benchmark on each engine.
func engines(b *testing.B, run func(b *testing.B, d *db.DB)) {
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { run(b, dbtest.Postgres(b)) })
}

func BenchmarkUpdate(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		n := 0
		for b.Loop() {
			n++
			if err := d.Update(b.Context(), func(tx *db.Tx) error { return tx.Lock(fmt.Sprint(n)) }); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "updates/s")
	})
}

func BenchmarkView(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		b.ResetTimer()
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if err := d.View(b.Context(), func(tx *db.Tx) error {
					_, err := tx.Count("SELECT count(*) FROM audit_head WHERE id = $1", "head")
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "views/s")
	})
}
