package narrative

import (
	"strings"
	"testing"
	"time"
)

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

// FuzzCheck looks for text that the reading of sentences cannot bear.
func FuzzCheck(f *testing.F) {
	for _, sn := range snippets[:40] {
		f.Add(sn.text)
	}
	f.Add("其中（）其中，0件（1件，占0%），共1件")
	f.Fuzz(func(t *testing.T, text string) {
		for _, j := range Check((snippet{body: district, text: text, cells: common}).report()) {
			if len(j.Places) == 0 || j.Message.IsZero() || j.Code == "" {
				t.Fatalf("%q: %+v", text, j)
			}
			for _, q := range j.Places {
				if q.Key == "" && (q.At.Start < 0 || q.At.End <= q.At.Start) {
					t.Fatalf("%q: no place: %+v", text, q)
				}
			}
		}
	})
}

// A page of figures without a full stop, or a list without an end, must not take long.
func TestLongTextsTakeTimeInProportion(t *testing.T) {
	for _, piece := range []string{"其中1条，", "公开信息1件（其中", "占1%，2条，", "收到政府信息公开申请3件、", "百千万亿一二三", "未收到", "1,"} {
		r := snippet{body: bureau, text: strings.Repeat(piece, 60_000/len(piece)), cells: common}.report()
		done := make(chan struct{})
		go func() {
			Check(r)
			close(done)
		}()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Fatalf("%q repeated takes more than 20 seconds", piece)
		}
	}
}
