package sample

import (
	"context"
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/read"
	"gongkai/internal/extract"
)

// Every file is listed, and only those; no name of a real place has stayed in one.
func TestFiles(t *testing.T) {
	entries, err := files.ReadDir("files")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(Files()); got != len(entries) {
		t.Errorf("%d files listed, %d there", got, len(entries))
	}
	for _, f := range Files() {
		for _, real := range []string{"黄石", "咸宁", "集安", "焦作", "洪泽", "淮安", "上海", "杭州"} {
			if strings.Contains(f.Name+string(f.Data), real) {
				t.Errorf("%s names %s", f.Name, real)
			}
		}
	}
}

func document(t *testing.T, f File) *extract.Document {
	t.Helper()
	doc, err := extract.Bytes(context.Background(), f.Name, f.Data)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return doc
}

func reports(t *testing.T, role Role) []*annual.Report {
	t.Helper()
	var rs []*annual.Report
	for _, f := range Of(role) {
		rs = append(rs, read.Document(document(t, f)))
	}
	return rs
}

func collection(t *testing.T) *annual.Collection {
	t.Helper()
	units, err := annual.ReadUnits(document(t, Of(Units)[0]))
	if err != nil {
		t.Fatal(err)
	}
	c, err := annual.NewCollection(annual.MergeSpec{Agency: Agency, Year: Year, Units: units},
		reports(t, Report), reports(t, Previous))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each sample comes to what it is there to show.
func TestOutcomes(t *testing.T) {
	m := collection(t).Merged
	want := `示范市人民政府办公室 included
示范市民政局 included
示范市政务服务和数据局 included
示范市司法局 included
示范市科学技术局 included
示范市林业局 included
示范市水务局 missing
示范市文化和旅游局 included
示范市文化局 gone
样例区人民政府 included
文库转载_政务信息工作总结.txt refused
示例市人民政府 unlisted`
	var got []string
	for _, e := range m.Entries {
		got = append(got, e.Unit+" "+string(e.Outcome))
	}
	if strings.Join(got, "\n") != want {
		t.Errorf("outcomes:\n%s\nwant:\n%s", strings.Join(got, "\n"), want)
	}
	// 46 + 9 + 0 + 0 + 34 + 0 + 14 + 95
	if v, _ := m.Report.Value("T3.new.total"); v.String() != "198" {
		t.Errorf("new requests: %s, want 198", v)
	}
	if late := m.Late(); len(late) != 1 || late[0].Unit != "示范市文化和旅游局" || late[0].Late != 14 {
		t.Errorf("late: %+v", late)
	}
}

// The printed sum lacks 示范市文化和旅游局, and the check says so. It also holds the one document
// of 示范市民政局 whose cell is not settled here: 24 against 25, 25 - 2 + 1.
func TestParent(t *testing.T) {
	a := collection(t).Merged.Check(reports(t, Parent)[0])
	if len(a.Suspects) != 1 || a.Suspects[0].Unit != "示范市文化和旅游局" || a.Suspects[0].Twice {
		t.Errorf("suspects: %+v", a.Suspects)
	}
	for _, d := range a.Differences {
		var hints []string
		for _, h := range d.Hints {
			hints = append(hints, h.Key)
		}
		want := "merge.audit.suspect"
		if d.Key == "T2.normdocs.issued" {
			want = "merge.audit.suspect merge.audit.twice merge.audit.lacking"
		}
		if got := strings.Join(hints, " "); got != want {
			t.Errorf("%s: %s, want %s", d.Key, got, want)
		}
	}
}

// R-AR-06: 示范市科学技术局 carried 3 out and 2 in. The renamed body is paired by its old name.
func TestYears(t *testing.T) {
	c := collection(t)
	bodies := map[string]*annual.Comparison{}
	for _, cmp := range c.Comparisons {
		bodies[cmp.Body] = cmp
	}
	if len(bodies) != 5 || bodies["示范市政务服务和数据局"] == nil {
		t.Errorf("%d bodies compared: %v", len(bodies), bodies)
	}
	for _, l := range bodies["示范市科学技术局"].Links {
		if l.Key == form.Key("T3.carry_in.total") && (l.Expected.Value.String() != "3" || l.Stated.Value.String() != "2") {
			t.Errorf("carry-over: %+v", l)
		}
	}
}

// The faults the samples are there for survive reading.
func TestFaults(t *testing.T) {
	unsettled, unbalanced := map[string]int{}, map[string]int{}
	for _, r := range append(reports(t, Report), reports(t, Previous)...) {
		if r.Refused == nil {
			m, err := annual.Merge(annual.MergeSpec{Agency: "虚构", Year: r.Year}, r)
			if err != nil {
				t.Fatal(err)
			}
			unsettled[r.File], unbalanced[r.File] = len(r.Unsettled()), len(m.Entries[0].Faults)
		}
	}
	if n := unsettled["林业局2024年.txt"]; n != 3 {
		t.Errorf("run-together cells: %d unsettled, want 3", n)
	}
	if n := unsettled["示范市民政局2024年.txt"]; n != 6 {
		t.Errorf("lost cells: %d unsettled, want 6", n)
	}
	for file, n := range unbalanced {
		want := 0
		if file == "样例区人民政府2023年.txt" {
			want = 2 // 行政复议 and 复议后起诉
		}
		if n != want {
			t.Errorf("%s: %d sums do not close, want %d", file, n, want)
		}
	}
}
