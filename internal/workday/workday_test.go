package workday

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"

	"pgregory.net/rapid"
)

func day(t *testing.T, s string) date.Date {
	t.Helper()
	d, err := date.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The dates were counted by hand on the notices of 2025 and 2026; the cases are those of the
// specification's rules named beside them.
func TestAdd(t *testing.T) {
	tests := []struct {
		name, from string
		n          int
		want       string
	}{
		{"R-PUB-01 条例第二十六条: 20 days over 国庆 and a make-up Saturday", "2026-09-28", 20, "2026-10-30"},
		{"R-PUB-07: 10 plain days", "2026-03-02", 10, "2026-03-16"},
		{"R-DL-03 条例第三十三条: over 春节 with two make-up Saturdays", "2026-01-28", 20, "2026-03-03"},
		{"R-DL-04: from a make-up Saturday", "2026-02-14", 20, "2026-03-20"},
		{"R-DL-05: from a Sunday", "2026-03-08", 20, "2026-04-03"},
		{"R-DL-06: over 中秋 and 国庆", "2026-09-18", 20, "2026-10-22"},
		{"R-DL-06: the Monday after the make-up Sunday", "2026-09-21", 20, "2026-10-26"},
		{"R-DL-07 条例第三十条: 7 days", "2026-03-02", 7, "2026-03-11"},
		{"R-DL-07: 7 days over two holidays", "2026-09-21", 7, "2026-10-08"},
		{"R-DL-08: after a correction", "2026-03-20", 20, "2026-04-20"},
		{"R-DL-09: 14 more after the base date", "2026-04-30", 14, "2026-05-22"},
		{"R-DL-10: 17 more after the base date", "2026-04-30", 17, "2026-05-27"},
		{"R-DL-11: 15 days from the third party's receipt", "2026-04-14", 15, "2026-05-08"},
		{"R-DL-12: ten more", "2026-05-22", 10, "2026-06-05"},
		{"R-DL-12: twenty more, over 端午", "2026-05-22", 20, "2026-06-22"},
		{"R-DL-16: over the year's end", "2025-12-10", 20, "2026-01-08"},
		{"R-FEE-06: 20 days over 端午 from 五一", "2026-05-06", 20, "2026-06-02"},
		{"R-FEE-07: 20 summer days", "2026-07-10", 20, "2026-08-07"},
		{"R-NRM-30: 3 days over 国庆", "2026-09-28", 3, "2026-10-08"},
		{"R-FLW-10: 7 days over 国庆, the make-up Saturday counted", "2026-09-28", 7, "2026-10-13"},
		{"R-FLW-11: 3 days over 五一", "2026-04-30", 3, "2026-05-08"},
		{"none", "2026-10-03", 0, "2026-10-03"},
		{"five before, for a warning", "2026-10-30", -5, "2026-10-23"},
		{"back over 国庆", "2026-10-09", -3, "2026-09-29"},
	}
	for _, tt := range tests {
		got := Embedded().Add(day(t, tt.from), tt.n)
		if got.Date.String() != tt.want || !got.Sure {
			t.Errorf("%s: %s %+d is %s (sure %v), want %s", tt.name, tt.from, tt.n, got.Date, got.Sure, tt.want)
		}
	}
}

func TestCount(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       int
	}{
		{"R-DL-09: a consultation", "2026-04-10", "2026-04-30", 14},
		{"R-DL-10: two that overlap", "2026-04-10", "2026-05-08", 17},
		{"2025", "2024-12-31", "2025-12-31", 248},
		{"2026 but for its last three days", "2025-12-31", "2026-12-28", 245},
		{"a make-up Saturday alone", "2026-02-13", "2026-02-14", 1},
		{"backwards", "2026-04-30", "2026-04-10", 0},
		{"the same day", "2026-04-30", "2026-04-30", 0},
	}
	for _, tt := range tests {
		got := Embedded().Count(day(t, tt.a), day(t, tt.b))
		if got.Days != tt.want || !got.Sure {
			t.Errorf("%s: %+v, want %d", tt.name, got, tt.want)
		}
	}
}

// The notice of a year comes out in October to December of the year before and may reach back
// to 29 December. R-DL-00.
func TestACountThatLacksANoticeIsNotSure(t *testing.T) {
	tests := []struct {
		name, from string
		n          int
		want       string
		sure       bool
		why        string
	}{
		{"up to 28 December 2026", "2026-12-21", 5, "2026-12-28", true, ""},
		{"29 December 2026, which the notice of 2027 may touch", "2026-12-21", 6, "2026-12-29", false, "2027年放假安排尚未导入，日期按周一至周五推算，导入后可能改变"},
		{"into January 2027", "2026-12-30", 5, "2027-01-06", false, "2027年放假安排尚未导入，日期按周一至周五推算，导入后可能改变"},
		{"through 2027 into 2028", "2026-12-30", 270, "2028-01-12", false, "2027年至2028年放假安排尚未导入，日期按周一至周五推算，导入后可能改变"},
		{"a year before all notices", "2005-03-01", 1, "2005-03-02", false, "2005年放假安排尚未导入，日期按周一至周五推算，导入后可能改变"},
	}
	for _, tt := range tests {
		got := Embedded().Add(day(t, tt.from), tt.n)
		if why := i18n.To(i18n.Chinese).Text(got.Why); got.Date.String() != tt.want || got.Sure != tt.sure || why != tt.why {
			t.Errorf("%s: %s, sure %v, %q; want %s, %v, %q", tt.name, got.Date, got.Sure, why, tt.want, tt.sure, tt.why)
		}
	}
	if got := Embedded().Count(day(t, "2026-12-25"), day(t, "2027-01-04")); got.Sure || got.Days != 6 {
		t.Errorf("a count into 2027: %+v, want 6 days, not sure", got)
	}
	if Embedded().Add(date.Date{}, 3).Sure {
		t.Error("counting from no date is sure")
	}
}

func TestALoadedNoticeMakesSure(t *testing.T) {
	// A made-up arrangement: 1 to 3 January off, Sunday 27 December 2026 worked.
	notice := `{"year": 2027, "papers": [], "days": [
		{"name": "元旦", "date": "2026-12-27", "isOffDay": false},
		{"name": "元旦", "date": "2027-01-01", "isOffDay": true},
		{"name": "春节", "date": "2027-02-05", "isOffDay": true}, {"name": "春节", "date": "2027-02-08", "isOffDay": true},
		{"name": "春节", "date": "2027-02-09", "isOffDay": true}, {"name": "春节", "date": "2027-02-10", "isOffDay": true},
		{"name": "清明节", "date": "2027-04-05", "isOffDay": true}, {"name": "劳动节", "date": "2027-05-03", "isOffDay": true}]}`
	n, faults := ParseNotice([]byte(notice))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	got := Embedded().With(n).Add(day(t, "2026-12-25"), 6)
	if got.Date.String() != "2027-01-04" || !got.Sure {
		t.Errorf("25 December and six days: %+v, want 2027-01-04, sure", got)
	}
	if Embedded().Sure(day(t, "2027-01-04")) {
		t.Error("With changed the calendar it was called on")
	}
	text, err := n.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if again, faults := ParseNotice(text); len(faults) > 0 || !slices.Equal(again.Days, n.Days) {
		t.Errorf("written and read again: %v %v", again, faults)
	}
}

func TestParseNoticeNamesEveryFault(t *testing.T) {
	row := func(name, date, off string) string {
		return fmt.Sprintf(`{"name": %q, "date": %q, "isOffDay": %s}`, name, date, off)
	}
	tests := []struct {
		name, json string
		want       []error
		says       string
	}{
		{"no JSON", "2027年", []error{ErrNotice}, "不是"},
		{"no year", `{"days": []}`, []error{ErrYear}, "年份"},
		{"no days", `{"year": 2027}`, []error{ErrFew}, "0"},
		{"a day the calendar lacks", `{"year": 2027, "days": [` + row("元旦", "2027-02-30", "true") + `]}`, []error{ErrRowDate}, "第1行"},
		{"every fault of every row", `{"year": 2027, "days": [` + strings.Join([]string{
			row("元旦", "2027-01-01", "true"), row("", "2027-01-02", "true"), row("元旦", "2027-01-01", "false"),
			row("元旦", "2028-01-01", "true"), row("元旦", "2027-01-05", "false"), row("元旦", "2027-01-05", "null"),
			row("元旦", "2026-11-30", "true"),
		}, ",") + `]}`, []error{ErrRowName, ErrRowTwice, ErrRowYear, ErrRowKind, ErrRowYear, ErrRowWeekday}, "第2行"},
		{"the same day twice", `{"year": 2027, "days": [` + row("元旦", "2027-01-01", "true") + "," + row("元旦", "2027-01-01", "true") + `]}`, []error{ErrRowTwice}, "第1行"},
	}
	for _, tt := range tests {
		_, faults := ParseNotice([]byte(tt.json))
		if len(faults) != len(tt.want) {
			t.Errorf("%s: %v, want %d faults", tt.name, faults, len(tt.want))
			continue
		}
		for i, f := range faults {
			if !f.Is(tt.want[i]) || f.Kind != fault.Invalid {
				t.Errorf("%s: fault %d is %s, want %v", tt.name, i+1, f.Code, tt.want[i])
			}
		}
		if !strings.Contains(faults[0].Error(), tt.says) {
			t.Errorf("%s: %q does not say %s", tt.name, faults[0], tt.says)
		}
	}
}

func TestExplain(t *testing.T) {
	acc := Embedded().Explain(day(t, "2026-09-18"), day(t, "2026-10-13"))
	var lines []string
	for _, s := range acc.Spans {
		lines = append(lines, i18n.To(i18n.Chinese).Text(s.Message()))
	}
	want := []string{
		"2026年9月19日周末，不计", "2026年9月20日国庆节调休上班，计入",
		"2026年9月25日至2026年9月27日中秋节放假3天，不计", "2026年10月1日至2026年10月7日国庆节放假7天，不计",
		"2026年10月10日国庆节调休上班，计入", "2026年10月11日周末，不计",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("passed over:\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if acc.Days != 13 || !acc.Sure {
		t.Errorf("%d days, sure %v; want 13, sure", acc.Days, acc.Sure)
	}
}

// The embedded lines say what the collected notices say, day by day.
func TestEmbeddedNoticesEqualTheCorpus(t *testing.T) {
	paths, err := filepath.Glob("../../../shared/corpus/holidays/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notices in ../shared/corpus/holidays: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var want struct {
			Year int
			Days []struct {
				Name, Date string
				IsOffDay   bool
			}
		}
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		have, ok := Embedded().Notice(want.Year)
		if !ok || len(have.Days) != len(want.Days) {
			t.Errorf("%d: %d days, want %d", want.Year, len(have.Days), len(want.Days))
			continue
		}
		for _, d := range want.Days {
			if !slices.Contains(have.Days, Day{day(t, d.Date), d.Name, d.IsOffDay}) {
				t.Errorf("%d lacks %v", want.Year, d)
			}
		}
		if _, faults := ParseNotice(text); len(faults) > 0 {
			t.Errorf("%d as collected: %v", want.Year, faults)
		}
	}
	if years := Embedded().Years(); years[0] != 2007 || years[len(years)-1] != 2026 || len(years) != 20 {
		t.Errorf("years %v", years)
	}
}

func TestProperties(t *testing.T) {
	c := Embedded()
	rapid.Check(t, func(t *rapid.T) {
		from := date.Must(2007, 1, 1).Plus(rapid.IntRange(0, 7200).Draw(t, "day"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		m := rapid.IntRange(1, 60).Draw(t, "m")
		due := c.Add(from, n).Date
		if !c.IsWorkday(due) {
			t.Fatalf("%s is no working day", due)
		}
		if got := c.Count(from, due).Days; got != n {
			t.Fatalf("%d working days to a date %d away", got, n)
		}
		if a, b := c.Add(due, m).Date, c.Add(from, n+m).Date; a != b {
			t.Fatalf("%d then %d days end on %s, %d at once on %s", n, m, a, n+m, b)
		}
		if c.IsWorkday(from) && c.Add(due, -n).Date != from {
			t.Fatalf("%d days forth and back from %s", n, from)
		}
	})
}
