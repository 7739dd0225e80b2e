package print

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/read"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/extract"
)

// report makes a report whose applicants are natural persons, all answered in full.
func bookReport(body string, year, requests int) *annual.Report {
	f := form.ForYear(year)
	r := &annual.Report{File: body + ".txt", Form: f, Year: year, Agency: annual.Text{Text: body}, Cells: map[form.Key]annual.Cell{}}
	for _, c := range f.Cells() {
		r.Cells[c.Key] = annual.Cell{State: annual.Printed, Raw: "0"}
	}
	for _, k := range []form.Key{"T3.new.natural", "T3.new.total", "T3.done.open.natural", "T3.done.open.total",
		"T3.done.total.natural", "T3.done.total.total"} {
		r.Cells[k] = annual.Cell{State: annual.Printed, Value: decimal.Int(int64(requests))}
	}
	r.Signed.Date = date.Must(year+1, 2, 3)
	return r
}

func bookOf(t *testing.T, c *annual.Collection) *excelize.File {
	t.Helper()
	var buf bytes.Buffer
	if err := Workbook(&buf, c); err != nil {
		t.Fatal(err)
	}
	if out := os.Getenv("WORKBOOK_OUT"); out != "" {
		if err := os.WriteFile(out, buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The sheets of the collection hold what was merged: 3 + 9 = 12 requests, 3 days late, one
// sum that does not close, 9 after 4 the year before, first and second in rank.
func TestWorkbook(t *testing.T) {
	a, b := bookReport("=样例甲局", 2023, 3), bookReport("样例乙局", 2023, 9)
	b.Cells["T4.review.upheld"] = annual.Cell{State: annual.Printed, Value: decimal.Int(10)}
	b.Cells["T2.fees.amount_wan"] = annual.Cell{State: annual.Printed, Value: decimal.MustParse("7730.28")}
	a.Cells["T2.penalty.decisions"] = annual.Cell{State: annual.Blank}
	units := []annual.Unit{
		{Name: "=样例甲局", Kind: annual.Department}, {Name: "样例乙局", Kind: annual.Department}, {Name: "样例丙局", Kind: annual.Department},
	}
	c, err := annual.NewCollection(annual.MergeSpec{Agency: "示范市人民政府", Year: 2023, Units: units},
		[]*annual.Report{a, b}, []*annual.Report{bookReport("样例乙局", 2022, 4)})
	if err != nil {
		t.Fatal(err)
	}
	f := bookOf(t, c)
	if got := strings.Join(f.GetSheetList(), " "); got != "汇总表 明细 勾稽核对 报送情况 两年对比 排名" {
		t.Errorf("sheets: %s", got)
	}
	for _, want := range []struct{ sheet, text string }{
		{"汇总表", "12"}, {"汇总表", "7,730.28"}, {"汇总表", "三、收到和处理政府信息公开申请情况"},
		{"明细", "=样例甲局"}, {"明细", "合计"},
		{"勾稽核对", "10+0+0+0=10≠0"},
		{"报送情况", "未报送"}, {"报送情况", "3"}, {"报送情况", "样例丙局"},
		{"两年对比", "+125%"},
		{"排名", "新收申请"}, {"排名", "1（基数小）"},
	} {
		if !holds(t, f, want.sheet, want.text) {
			t.Errorf("%s lacks %q", want.sheet, want.text)
		}
	}
	if kind, err := f.GetCellType("明细", "A3"); err != nil || kind == excelize.CellTypeFormula {
		t.Errorf("a body's name is taken for a formula: %v %v", kind, err)
	}
	if v, err := f.GetCellFormula("明细", "B5"); err != nil || v != "SUM(B3:B4)" {
		t.Errorf("sum: %q %v", v, err)
	}
	if charts := strings.Count(strings.Join(bookParts(t, f), " "), "xl/charts/chart"); charts != 3 {
		t.Errorf("%d charts, want 3", charts)
	}
}

func holds(t *testing.T, f *excelize.File, sheet, text string) bool {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		for _, c := range r {
			if c == text {
				return true
			}
		}
	}
	return false
}

func bookParts(t *testing.T, f *excelize.File) []string {
	t.Helper()
	var names []string
	f.Pkg.Range(func(k, _ any) bool {
		names = append(names, k.(string))
		return true
	})
	return names
}

// The printed sum of a workbook reads back as the merged report, cell by cell.
func TestSumReadsBack(t *testing.T) {
	c, err := annual.NewCollection(annual.MergeSpec{Agency: "示范市人民政府", Year: 2023},
		[]*annual.Report{bookReport("样例甲局", 2023, 3), bookReport("样例乙局", 2023, 9)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := Workbook(&buf, c); err != nil {
		t.Fatal(err)
	}
	doc, err := extract.Bytes(context.Background(), "汇总.xlsx", buf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	r := read.Document(doc)
	if r.Refused != nil {
		t.Fatalf("refused: %v", r.Refused.Reasons)
	}
	for _, cell := range c.Form.Cells() {
		want, _ := c.Merged.Report.Value(cell.Key)
		if got, ok := r.Value(cell.Key); !ok || got != want {
			t.Errorf("%s: %v %v, want %v", cell.Key, got, ok, want)
		}
	}
}

// BenchmarkWorkbook10000 writes the workbook of ten thousand bodies: two million cells.
func BenchmarkWorkbook10000(b *testing.B) {
	var reports []*annual.Report
	for i := range 10_000 {
		reports = append(reports, bookReport(fmt.Sprintf("示范市第%d局", i), 2023, i%50))
	}
	c, err := annual.NewCollection(annual.MergeSpec{Agency: "示范市人民政府", Year: 2023}, reports, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		var n counter
		if err := Workbook(&n, c); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n)/(1<<20), "MiB")
	}
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
