package annual_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/read"
)

// real reads a real report of the corpus.
func real(t *testing.T, name string) *annual.Report {
	t.Helper()
	dir := os.Getenv("GONGKAI_CORPUS")
	if dir == "" {
		dir = "../../../shared/corpus"
	}
	r, err := read.File(context.Background(), filepath.Join(dir, "reports", name))
	if err != nil {
		t.Fatalf("the corpus of real reports is missing: set GONGKAI_CORPUS (%v)", err)
	}
	return r
}

// Three real reports on 2023 as if they were one superior's: 9 + 0 + 21 = 30 requests,
// 93 + 166 + 550 = 809 licences, fees 0 + 0 + 7730.28; table four of R01 does not close
// (10+1+0+0 = 11, printed 0; 5, printed 0). S3 is no report, S1 is on 2022.
func TestMergeRealReports(t *testing.T) {
	m, err := annual.Merge(annual.MergeSpec{Agency: "示范省人民政府", Year: 2023},
		real(t, "seed/S0_黄石市民政局_2023.txt"), real(t, "seed/S4_焦作市民政局_2023.txt"),
		real(t, "full/R01_洪泽区_2023.txt"), real(t, "seed/S3_文档站转载_非统一格式.txt"),
		real(t, "seed/S1_咸宁市政务服务和大数据管理局_2022.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range map[form.Key]string{
		"T3.new.total": "30", "T3.done.total.total": "30", "T2.license.decisions": "809",
		"T2.penalty.decisions": "4119", "T2.fees.amount_wan": "7730.28",
		"T3.done.unable.nohold.total": "10", "T3.done.open.natural": "9",
	} {
		if v, ok := m.Report.Value(k); !ok || v.String() != want {
			t.Errorf("%s: %v, want %s", k, v, want)
		}
	}
	if in, no, other := m.Of(annual.Included), m.Of(annual.Refused), m.Of(annual.WrongYear); len(in) != 3 || len(no) != 1 || len(other) != 1 {
		t.Errorf("included %d, refused %d, of another year %d", len(in), len(no), len(other))
	}
	if len(m.Faults) != 2 || m.Faults[0].Equation.Rule != "R-AR-04" || m.Faults[1].Equation.Rule != "R-AR-04" {
		t.Errorf("faults: %+v", m.Faults)
	}
	if in := m.Inconsistent(); len(in) != 1 {
		t.Errorf("inconsistent: %d", len(in))
	}
}

// R01 and R02 are one district's reports on 2023 and 2024: requests 21 to 95 (+352.4 %),
// documents in force 5 + 3 - 0 = 8, as stated.
func TestCompareRealReports(t *testing.T) {
	c := annual.Compare(real(t, "full/R01_洪泽区_2023.txt"), real(t, "full/R02_洪泽区_2024.txt"))
	ch, ok := c.Change("T3.new.total")
	if !ok || ch.Delta.String() != "74" || ch.Growth.Percent.String() != "352.4" {
		t.Errorf("requests: %+v", ch)
	}
	for _, l := range c.Links {
		if l.Expected != l.Stated {
			t.Errorf("%s %s: %v, stated %v", l.Rule, l.Key, l.Expected.Value, l.Stated.Value)
		}
	}
}
