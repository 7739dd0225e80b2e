package form

import "testing"

// 国办公开办函〔2021〕30号: table three has 25 rows of seven values, table four fifteen values;
// the trial form of 2019 has （六）其他处理 as one row (spec §2.5).
func TestForms(t *testing.T) {
	tests := []struct {
		id         string
		t2, t3, t4 int
		span       int
	}{
		{"2021", 10, 175, 15, 22},
		{"2019", 22, 161, 15, 20},
	}
	for _, tt := range tests {
		f := ByID(tt.id)
		if f == nil {
			t.Fatalf("no form %s", tt.id)
		}
		n := map[string]int{}
		for _, c := range f.Cells() {
			n[c.Key.Table()]++
		}
		if n["T2"] != tt.t2 || n["T3"] != tt.t3 || n["T4"] != tt.t4 {
			t.Errorf("%s: cells %v, want %d %d %d", tt.id, n, tt.t2, tt.t3, tt.t4)
		}
		span := 0
		for _, row := range f.Table("T3").Grid {
			for _, b := range row {
				if b.Text == "三、本年度办理结果" {
					span = b.RowSpan
				}
			}
		}
		if span != tt.span {
			t.Errorf("%s: 三、本年度办理结果 spans %d rows, want %d", tt.id, span, tt.span)
		}
	}
}

// R-AR-18: no unified form up to 2018, the trial form for 2019 and 2020, that of 2021 since.
func TestForYear(t *testing.T) {
	want := map[int]string{2018: "", 2019: "2019", 2020: "2019", 2021: "2021", 2025: "2021"}
	for year, id := range want {
		got := ""
		if f := ForYear(year); f != nil {
			got = f.ID
		}
		if got != id {
			t.Errorf("%d: form %q, want %q", year, got, id)
		}
	}
}

// R-AR-01 and R-AR-02 hold per column (7 each), R-AR-03 per row, R-AR-04 per group (3).
func TestEquations(t *testing.T) {
	want := map[string]map[string]int{
		"2021": {"R-AR-01": 7, "R-AR-02": 7, "R-AR-03": 25, "R-AR-04": 3},
		"2019": {"R-AR-01": 7, "R-AR-02": 7, "R-AR-03": 23, "R-AR-04": 3},
	}
	for id, rules := range want {
		f := ByID(id)
		n := map[string]int{}
		for _, e := range f.Equations() {
			n[e.Rule]++
			for _, k := range append(append([]Key{}, e.Left...), e.Right...) {
				if f.Cell(k) == nil {
					t.Errorf("%s: %s sums an unknown cell %s", id, e.Rule, k)
				}
			}
			if e.Rule == "R-AR-02" && len(e.Left) != map[string]int{"2021": 21, "2019": 19}[id] {
				t.Errorf("%s: outcome rows in the sum: %d", id, len(e.Left))
			}
		}
		for rule, c := range rules {
			if n[rule] != c {
				t.Errorf("%s: %d equations %s, want %d", id, n[rule], rule, c)
			}
		}
	}
}

func TestNormalize(t *testing.T) {
	tests := []struct{ printed, want string }{
		{"第二十条  第(一)项", "第二十条第（一）项"},
		{"商业\n企业", "商业企业"},
		{"3.危及\"三安全一稳定\"", "3.危及“三安全一稳定”"},
		{"３.其他", "3.其他"},
		{"总　计：", "总计"},
	}
	for _, tt := range tests {
		if got := Normalize(tt.printed); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.printed, got, tt.want)
		}
	}
	if got := ByID("2019").Canonical("行政规范性文件"); got != "规范性文件" {
		t.Errorf("2019 prints 规范性文件, got %q", got)
	}
	if got := ByID("2021").Canonical("规范性文件"); got != "行政规范性文件" {
		t.Errorf("2021 prints 行政规范性文件, got %q", got)
	}
}
