package narrative

import "testing"

// BenchmarkNarrative checks R06, some three thousand characters with two dozen statements.
func BenchmarkNarrative(b *testing.B) {
	r := realReports(b)["R06"]
	n := 0
	for _, s := range r.Sections {
		for _, p := range s.Paragraphs {
			n += len([]rune(p.Text))
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(Check(r)) == 0 {
			b.Fatal("no judgements")
		}
	}
	b.ReportMetric(float64(n), "chars")
}
