package read

import (
	"context"
	"testing"

	"gongkai/internal/extract"
)

// BenchmarkDocument reads extracted reports; extraction is measured in its own package.
func BenchmarkDocument(b *testing.B) {
	for _, id := range []string{"S0", "S1", "R06", "R09"} {
		b.Run(id, func(b *testing.B) {
			doc, err := extract.File(context.Background(), corpus(b, truths(b)[id].File))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				Document(doc)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reports/s")
		})
	}
}
