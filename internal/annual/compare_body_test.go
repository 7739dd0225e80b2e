package annual

import (
	"strings"
	"testing"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
)

func TestLongerName(t *testing.T) {
	for _, tt := range []struct {
		long, short string
		want        bool
	}{
		{"示范市样例区人民政府", "样例区人民政府", true},
		{"示例省示范市样例区人民政府", "样例区人民政府", true},
		{"示范市民政局", "民政局", true},
		{"示范市民政局", "市民政局", true},
		{"样例区人民政府", "示范市样例区人民政府", false},
		{"示范市民政局", "示范市民政局", false},
		{"示范市民政局", "政局", false},        // too short to be a name
		{"示范人民政府办公室", "民政府办公室", false}, // no place in front
		{"示范市卫生健康局", "健康局", false},
		{"示范市民政局", "", false},
	} {
		if got := LongerName(tt.long, tt.short); got != tt.want {
			t.Errorf("LongerName(%s, %s) = %v", tt.long, tt.short, got)
		}
	}
}

// bodyReport is a report of a body on a year with one figure.
func bodyReport(file, body string, year int, n int64) *Report {
	return &Report{
		File: file, Year: year, Form: form.ByID("2021"), Agency: Text{Text: body},
		Cells: map[form.Key]Cell{"T3.new.total": {State: Printed, Value: decimal.Int(n)}},
	}
}

func TestPreviousIsPairedByNameAndOnlyWhereOneFits(t *testing.T) {
	const district, county = "示范市样例区人民政府", "样例区人民政府"
	r := bodyReport("今", district, 2024, 1)
	for _, tt := range []struct {
		name  string
		among []*Report
		want  string // files, rivals parted by +
		other bool
	}{
		{"the same name", []*Report{bodyReport("a", district, 2023, 1)}, "a", false},
		{"without the city", []*Report{bodyReport("a", county, 2023, 1)}, "a", true},
		{"the same name comes first", []*Report{bodyReport("a", county, 2023, 1), bodyReport("b", district, 2023, 1)}, "b", false},
		{"another year", []*Report{bodyReport("a", district, 2022, 1)}, "", false},
		{"two formats of one report", []*Report{bodyReport("b", district, 2023, 1), bodyReport("a", district, 2023, 1)}, "a", false},
		{"two that differ", []*Report{bodyReport("a", district, 2023, 1), bodyReport("b", district, 2023, 2)}, "a+b", false},
		{"it fits another city's district too", []*Report{bodyReport("a", county, 2023, 1), bodyReport("b", "虚构市样例区人民政府", 2024, 1)}, "a", false},
		{"it has a report of its own this year", []*Report{bodyReport("a", county, 2023, 1), bodyReport("b", county, 2024, 1)}, "a", false},
		{"another body", []*Report{bodyReport("a", "虚构市样例区人民政府", 2023, 1)}, "", false},
	} {
		p := Previous(r, append(tt.among, r))
		got := ""
		if p.Report != nil {
			got = p.Report.File
		}
		for _, x := range p.Rivals {
			got = strings.TrimPrefix(got+"+"+x.File, "+")
		}
		if got != tt.want || p.Renamed != tt.other {
			t.Errorf("%s: %q (by another name: %v), want %q (%v)", tt.name, got, p.Renamed, tt.want, tt.other)
		}
		if doubtful := strings.Contains(tt.name, "fits another") || strings.Contains(tt.name, "of its own") || strings.Contains(tt.name, "differ"); doubtful && p.Report != nil {
			t.Errorf("%s: paired with %s", tt.name, p.Report.File)
		}
	}
}

func TestLineupsRankOneYearAtATime(t *testing.T) {
	ls := Lineups([]*Report{
		bodyReport("a23", "示范市甲局", 2023, 9),
		bodyReport("a24.txt", "示范市甲局", 2024, 5),
		bodyReport("a24.pdf", "示范市甲局", 2024, 5),
		bodyReport("b24", "示范市乙局", 2024, 7),
		bodyReport("c24", "示范市丙局", 2024, 1),
		bodyReport("c24 改", "示范市丙局", 2024, 2),
		bodyReport("x", "", 2024, 3),
		{File: "no", Refused: &Refusal{}},
	})
	if len(ls) != 2 || ls[0].Year != 2024 || ls[1].Year != 2023 {
		t.Fatalf("years %v", ls)
	}
	l := ls[0]
	if got := strings.Join(l.Names, " "); got != "示范市甲局 示范市乙局 示范市丙局（c24） 示范市丙局（c24 改） x" {
		t.Errorf("bodies %s", got)
	}
	if len(l.Repeats) != 1 || l.Repeats[0].Report.File != "a24.txt" || l.Repeats[0].Of.File != "a24.pdf" {
		t.Errorf("repeats %v", l.Repeats)
	}
	if len(l.Conflicts) != 1 || len(l.Conflicts[0]) != 2 || len(l.Notices()) != 2 {
		t.Errorf("conflicts %v", l.Conflicts)
	}
	r := l.Rank(Indicators()[:1])
	if got := r.Columns[0].Scores[1].Rank; r.Bodies[1] != "示范市乙局" || got != 1 {
		t.Errorf("%s has rank %d among %d", r.Bodies[1], got, len(r.Bodies))
	}
	if one := ls[1].Names; len(one) != 1 || one[0] != "示范市甲局" {
		t.Errorf("2023: %v", one)
	}
}

// A body whose report on another year came along under a longer name is not lacking.
func TestWithoutAListALongerNameIsNotLacking(t *testing.T) {
	spec := MergeSpec{Agency: "示范市人民政府", Year: 2024}
	m := merge(t, spec, bodyReport("a", "示范市样例区人民政府", 2024, 5), bodyReport("b", "样例区人民政府", 2023, 4))
	if got := m.Lacking(); len(got) != 0 {
		t.Errorf("lacking %v", got)
	}
	told := false
	for _, n := range m.Notices {
		told = told || n.Key == "merge.notice.other_name"
	}
	if !told {
		t.Error("the matching is not named")
	}
	m = merge(t, spec, bodyReport("a", "示范市样例区人民政府", 2024, 5), bodyReport("c", "虚构市样例区人民政府", 2024, 5), bodyReport("b", "样例区人民政府", 2023, 4))
	if got := strings.Join(m.Lacking(), " "); got != "样例区人民政府" {
		t.Errorf("a name that fits two: lacking %q", got)
	}
}
