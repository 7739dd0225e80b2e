package annual

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// Growth from nothing has no percentage; a blank is not a zero; halves round away from zero:
// 1 of 8 more is 12.5 %, 1 of 16 fewer is -6.3 %.
func TestGrowth(t *testing.T) {
	tests := []struct{ before, after, delta, growth string }{
		{"8", "9", "1", "+12.5%"},
		{"16", "15", "-1", "-6.3%"},
		{"21", "95", "74", "+352.4%"},
		{"3", "2", "-1", "-33.3%"},
		{"5", "0", "-5", "-100%"},
		{"0", "5", "5", "从0起"},
		{"0", "0", "0", "持平"},
		{"7730.28", "7545", "-185.28", "-2.4%"},
		{"-", "5", "0", "缺数，不能比较"},
		{"5", "-", "0", "缺数，不能比较"},
	}
	const k = "T2.fees.amount_wan"
	for _, tt := range tests {
		c := Compare(reportOf("样例局", 2023, map[string]string{k: tt.before}), reportOf("样例局", 2024, map[string]string{k: tt.after}))
		ch, ok := c.Change(k)
		if got := i18n.To(i18n.Chinese).Text(ch.Growth.Message()); !ok || ch.Delta.String() != tt.delta || got != tt.growth {
			t.Errorf("%s to %s: %s %s, want %s %s", tt.before, tt.after, ch.Delta, got, tt.delta, tt.growth)
		}
	}
}

// 本年增/减 of 2019 may be negative the year before, which no percentage can start from.
func TestGrowthFromNegative(t *testing.T) {
	const k = "T2.license.delta"
	c := Compare(reportOf("样例局", 2019, map[string]string{k: "-4"}), reportOf("样例局", 2020, map[string]string{k: "6"}))
	if ch, _ := c.Change(k); ch.Growth.Kind != GrowthSigned || ch.Delta.String() != "10" {
		t.Errorf("%+v", ch)
	}
}

// The last report on the form of 2019 beside the first on that of 2021: （六）其他处理 becomes
// 3.其他, documents are not compared.
func TestCompareAcrossForms(t *testing.T) {
	before := reportOf("样例局", 2020, map[string]string{
		"T3.done.other.natural": "4", "T2.normdocs.made": "3", "T2.penalty.decisions": "17",
	})
	after := reportOf("样例局", 2021, map[string]string{
		"T3.done.other.misc.natural": "6", "T2.normdocs.issued": "2", "T2.penalty.decisions": "20",
	})
	c := Compare(before, after)
	tests := []struct {
		key  form.Key
		kind GrowthKind
	}{
		{"T3.done.other.misc.natural", GrowthPercent},
		{"T2.penalty.decisions", GrowthPercent},
		{"T2.normdocs.issued", GrowthUnknown},
		{"T3.done.other.nopay.natural", GrowthUnknown},
	}
	for _, tt := range tests {
		if ch, ok := c.Change(tt.key); !ok || ch.Growth.Kind != tt.kind {
			t.Errorf("%s: %+v, want %s", tt.key, ch, tt.kind)
		}
	}
	// of the 22 cells of table two, all but three decisions are dropped
	if len(c.Dropped) != 19 {
		t.Errorf("dropped %d: %v", len(c.Dropped), c.Dropped)
	}
}

// R-AR-06: what was carried out comes in; R-AR-07: 101 = 100 + 3 - 2 documents in force.
func TestLinks(t *testing.T) {
	before := reportOf("样例局", 2023, map[string]string{
		"T3.carry_out.natural": "2", "T3.carry_out.total": "2", "T2.normdocs.in_force": "100",
	})
	after := reportOf("样例局", 2024, map[string]string{
		"T3.carry_in.biz": "2", "T3.carry_in.total": "2",
		"T2.normdocs.issued": "3", "T2.normdocs.repealed": "2", "T2.normdocs.in_force": "101",
	})
	want := map[form.Key][2]string{
		"T3.carry_in.natural": {"2", "0"}, "T3.carry_in.biz": {"0", "2"}, "T3.carry_in.total": {"2", "2"},
		"T2.normdocs.in_force": {"101", "101"}, "T2.rules.in_force": {"0", "0"},
	}
	links := Compare(before, after).Links
	if len(links) != 9 {
		t.Errorf("%d links, want 9", len(links))
	}
	for _, l := range links {
		if w, ok := want[l.Key]; ok && (l.Expected.Value.String() != w[0] || l.Stated.Value.String() != w[1]) {
			t.Errorf("%s: %s and %s, want %v", l.Key, l.Expected.Value, l.Stated.Value, w)
		}
	}
	before.Year = 2021
	if got := Compare(before, after); len(got.Links) != 0 || !strings.Contains(messages(got.Notices), "merge.compare.years") {
		t.Errorf("years apart: %d links", len(got.Links))
	}
}

// Half of 2 and half of 20 share the first rank, the next is third; what prints alike as
// 33.3 % is told apart by its fraction. No cases, no rank; a cell
// that is not there, no rank.
func TestRank(t *testing.T) {
	body := func(name string, open, done int) *Report {
		r := reportOf(name, 2023, nil)
		r.Cells["T3.done.open.total"] = Cell{State: Printed, Value: decimal.Int(int64(open))}
		r.Cells["T3.done.total.total"] = Cell{State: Printed, Value: decimal.Int(int64(done))}
		return r
	}
	blank := body("缺数局", 1, 1)
	delete(blank.Cells, "T3.done.open.total")
	r := Rank([]*Report{
		body("甲局", 1, 2), body("乙局", 10, 20), body("丙局", 3333, 10000), body("丁局", 3334, 10001), body("戊局", 0, 0), blank,
		body("己局", 4, 10), body("庚局", 3, 9),
	}, Indicators())
	var open Column
	for _, c := range r.Columns {
		if c.Indicator.Key == "open" {
			open = c
		}
	}
	// 0.5, 0.5, 0.33330, 0.33337, –, –, 0.4, 0.33333
	want := []struct {
		rank  int
		value string
		small bool
	}{{1, "50", true}, {1, "50", false}, {6, "33.3", false}, {4, "33.3", false}, {0, "0", false}, {0, "0", false},
		{3, "40", false}, {5, "33.3", true}}
	for i, w := range want {
		s := open.Scores[i]
		if s.Rank != w.rank || s.Value.String() != w.value || s.Small != w.small {
			t.Errorf("%s: %+v, want %+v", r.Bodies[i], s, w)
		}
	}
	if !open.Shared {
		t.Error("a shared rank is not said")
	}
	if got := open.Order(); got[0] != 0 || got[2] != 6 || got[7] != 5 {
		t.Errorf("order: %v", got)
	}
}

// Each indicator by hand on one table: reviews 4 upheld, 1 corrected, 0 other, 2 pending:
// 1/5; suits 3 upheld and 1 corrected direct, 0 after review: 1/4.
func TestIndicators(t *testing.T) {
	r := reportOf("样例局", 2023, map[string]string{
		"T3.new.total": "48", "T3.carry_in.total": "2", "T3.done.total.total": "40", "T3.carry_out.total": "10",
		"T3.done.open.total": "12", "T3.done.partial.total": "8", "T3.done.deny.law.total": "3", "T3.done.deny.query.total": "1",
		"T3.done.unable.nohold.total": "5", "T3.done.unable.unclear.total": "1", "T3.done.noproc.petition.total": "2",
		"T4.review.upheld": "4", "T4.review.corrected": "1", "T4.review.pending": "2", "T4.review.total": "7",
		"T4.direct.upheld": "3", "T4.direct.corrected": "1", "T4.direct.total": "4",
	})
	want := map[string]string{
		"new": "48", "done": "40", "open": "50", "deny": "10", "unable": "15", "noproc": "5", "pending": "20",
		"corrected": "20", "lost": "25",
	}
	for _, c := range Rank([]*Report{r}, Indicators()).Columns {
		if got := c.Scores[0].Value.String(); got != want[c.Indicator.Key] {
			t.Errorf("%s: %s, want %s", c.Indicator.Key, got, want[c.Indicator.Key])
		}
	}
}

// The keys of the indicators exist in both forms, or the indicator is never known.
func TestIndicatorKeys(t *testing.T) {
	for _, f := range form.All() {
		for _, ind := range Indicators() {
			for _, k := range append(append([]form.Key{}, ind.Parts...), ind.Whole...) {
				if f.Cell(k) == nil {
					t.Errorf("%s: %s needs %s", f.ID, ind.Key, k)
				}
			}
		}
	}
}

// A year beside itself changes nothing; the order of the bodies does not change the ranks.
func TestCompareProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := balanced(drawn(t), "样例甲局", 2023), balanced(drawn(t), "样例乙局", 2023)
		for _, ch := range Compare(a, a).Changes {
			if ch.Growth.Kind != GrowthNone {
				t.Fatalf("%s changed beside itself: %+v", ch.Key, ch)
			}
		}
		for _, ch := range Compare(a, b).Changes {
			if back, _ := Compare(b, a).Change(ch.Key); back.Delta != -ch.Delta {
				t.Fatalf("%s: %s forth, %s back", ch.Key, ch.Delta, back.Delta)
			}
		}
		one, two := Rank([]*Report{a, b}, Indicators()), Rank([]*Report{b, a}, Indicators())
		for i := range one.Columns {
			x, y := one.Columns[i].Scores[0], two.Columns[i].Scores[1]
			if x.Rank != y.Rank || x.Value != y.Value || x.Small != y.Small {
				t.Fatalf("rank depends on order: %+v", one.Columns[i])
			}
		}
	})
}

func BenchmarkCompare(b *testing.B) {
	before, after := reportOf("样例局", 2023, cases(9)), reportOf("样例局", 2024, cases(11))
	b.ReportAllocs()
	for b.Loop() {
		Compare(before, after)
	}
}
