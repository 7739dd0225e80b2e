package annual

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
)

// balanced draws a report whose sums all close: leaves are free, totals follow, and what is
// not concluded is carried over.
func balanced(draw func(most int) int, body string, year int) *Report {
	r := reportOf(body, year, nil)
	set := func(k form.Key, n int) {
		r.Cells[k] = Cell{State: Printed, Value: decimal.Int(int64(n)), Raw: fmt.Sprint(n)}
	}
	get := func(k form.Key) int { return int(r.Cells[k].Value.Int64()) }
	t3 := r.Form.Table("T3")
	for _, col := range t3.Rows[0].Cells[:6] {
		column := "." + col.Key.Column()
		done := 0
		for _, row := range t3.Rows {
			if row.Key == "T3.new" || row.Key == "T3.carry_in" || row.Key == "T3.carry_out" || row.Key == "T3.done.total" {
				continue
			}
			n := max(0, draw(12)-8)
			set(form.Key(row.Key+column), n)
			done += n
		}
		out, in := draw(3), draw(2)
		set(form.Key("T3.done.total"+column), done)
		set(form.Key("T3.carry_out"+column), out)
		in = min(in, done+out)
		set(form.Key("T3.carry_in"+column), in)
		set(form.Key("T3.new"+column), done+out-in)
	}
	for _, row := range t3.Rows {
		total := 0
		for _, c := range row.Cells[:6] {
			total += get(c.Key)
		}
		set(row.Cells[6].Key, total)
	}
	for _, row := range r.Form.Table("T4").Rows {
		total := 0
		for _, c := range row.Cells[:4] {
			n := max(0, draw(6)-4)
			set(c.Key, n)
			total += n
		}
		set(row.Cells[4].Key, total)
	}
	set("T2.license.decisions", draw(2000))
	set("T2.penalty.decisions", draw(300))
	return r
}

// drawn draws one seed for a whole report, whose two hundred cells need not shrink.
func drawn(t *rapid.T) func(int) int {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 50))
	return func(most int) int { return random.IntN(most + 1) }
}

func sameFigures(a, b *Report) error {
	for _, c := range a.Form.Cells() {
		x, okx := a.Value(c.Key)
		y, oky := b.Value(c.Key)
		if x != y || okx != oky {
			return fmt.Errorf("%s: %v and %v", c.Key, x, y)
		}
	}
	return nil
}

// If all children satisfy the sums of the form, the parent does (spec §2.8); the order in
// which reports come does not matter; a merge of merges is the merge of all.
func TestMergeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "bodies")
		var reports []*Report
		for i := range n {
			r := balanced(drawn(t), fmt.Sprintf("样例%d局", i), 2023)
			if faults := readFigures(r, planFor(r.Form)).imbalances(); len(faults) > 0 {
				t.Fatalf("the generator made %v", faults)
			}
			reports = append(reports, r)
		}
		spec := MergeSpec{Agency: "示范市", Year: 2023}
		all, err := Merge(spec, reports...)
		if err != nil {
			t.Fatal(err)
		}
		if len(all.Faults) > 0 {
			t.Fatalf("children close, the parent does not: %v", all.Faults)
		}
		shuffled, _ := Merge(spec, rapid.Permutation(reports).Draw(t, "order")...)
		if err := sameFigures(all.Report, shuffled.Report); err != nil {
			t.Fatalf("another order: %v", err)
		}
		cut := rapid.IntRange(0, n).Draw(t, "cut")
		left, _ := Merge(MergeSpec{Agency: "示范市东区", Year: 2023}, reports[:cut]...)
		right, _ := Merge(MergeSpec{Agency: "示范市西区", Year: 2023}, reports[cut:]...)
		var parts []*Report
		for _, m := range []*Merged{left, right} {
			if len(m.Entries) > 0 {
				parts = append(parts, m.Report)
			}
		}
		whole, _ := Merge(spec, parts...)
		if err := sameFigures(all.Report, whole.Report); err != nil {
			t.Fatalf("a merge of merges: %v", err)
		}
		if a := all.Check(whole.Report); len(a.Differences) > 0 {
			t.Fatalf("the sum differs from itself: %v", a.Differences)
		}
	})
}

// BenchmarkMerge10000 merges ten thousand reports one at a time, as they would come from
// files, and reports the memory the Merger holds at the end.
func BenchmarkMerge10000(b *testing.B) {
	const bodies = 10_000
	random := rand.New(rand.NewPCG(50, 2019))
	draw := func(most int) int { return random.IntN(most + 1) }
	var stock []*Report
	for i := range 200 {
		stock = append(stock, balanced(draw, fmt.Sprint("样例", i), 2023))
	}
	units := make([]Unit, bodies)
	for i := range units {
		units[i] = Unit{Name: fmt.Sprintf("示范市第%d局", i), Kind: Department, Row: i + 2}
	}
	before := heap()
	b.ReportAllocs()
	for b.Loop() {
		m := NewMerger(MergeSpec{Agency: "示范市", Year: 2023, Units: units})
		for i := range bodies {
			r := *stock[i%len(stock)]
			r.Agency.Text = units[i].Name
			m.Add(&r)
		}
		res, err := m.Result()
		if err != nil || len(res.Faults) > 0 || len(res.Lacking()) > 0 {
			b.Fatal(err, len(res.Faults))
		}
		b.StopTimer()
		b.ReportMetric(float64(heap()-before)/(1<<20), "MiB-held")
		b.StartTimer()
		runtime.KeepAlive(res)
		runtime.KeepAlive(m)
	}
	b.ReportMetric(float64(b.N*bodies)/b.Elapsed().Seconds(), "reports/s")
}

func heap() uint64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}
