package annual

import (
	"context"
	"errors"
	"strings"
	"testing"

	"gongkai/internal/date"
	"gongkai/internal/extract"
)

func unitsFrom(t *testing.T, name, text string) ([]Unit, error) {
	t.Helper()
	doc, err := extract.Bytes(context.Background(), name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return ReadUnits(doc)
}

// One list in the shapes it comes in reads the same.
func TestReadUnits(t *testing.T) {
	lists := map[string]string{
		"名单.csv": "名称,曾用名,上级,类型,口径,并入,生效日期\n" +
			"示范市甲局,甲局、老甲局,示范市人民政府,部门,,,2023-06-01\n" +
			"示范市乙局,,,部门,,示范市甲局,2023年3月1日\n" +
			"样例区人民政府,,,政府,汇总,,\n",
		"表格粘贴.txt": "单位名称\t简称\t上级单位\t类型\t口径\t并入\t生效日期\n" +
			"示范市甲局\t甲局；老甲局\t示范市人民政府\t部门\t\t\t2023/6/1\n" +
			"示范市乙局\t\t\t部门\t\t示范市甲局\t2023.3.1\n\n" +
			"样例区人民政府\t\t\t政府\t汇总\t\t\n",
		"名单.html": "<table><tr><th>名称<th>曾用名<th>上级<th>类型<th>口径<th>并入<th>生效日期</tr>" +
			"<tr><td>示范市甲局<td>甲局、老甲局<td>示范市人民政府<td>部门<td><td><td>2023-06-01</tr>" +
			"<tr><td>示范市乙局<td><td><td>部门<td><td>示范市甲局<td>2023-03-01</tr>" +
			"<tr><td>样例区人民政府<td><td><td>政府<td>汇总<td><td></tr></table>",
		"名单.json": `[{"名称":"示范市甲局","曾用名":["甲局","老甲局"],"上级":"示范市人民政府","类型":"部门","生效日期":"2023-06-01"},
			{"名称":"示范市乙局","类型":"部门","并入":"示范市甲局","生效日期":"2023-03-01"},
			{"名称":"样例区人民政府","类型":"政府","口径":"汇总"}]`,
	}
	for name, text := range lists {
		units, err := unitsFrom(t, name, text)
		if err != nil || len(units) != 3 {
			t.Errorf("%s: %d units, %v", name, len(units), err)
			continue
		}
		a, b, c := units[0], units[1], units[2]
		if a.Name != "示范市甲局" || strings.Join(a.Aliases, " ") != "甲局 老甲局" || a.Kind != Department ||
			a.Renamed != date.Must(2023, 6, 1) || !a.Until.IsZero() || a.Parent != "示范市人民政府" {
			t.Errorf("%s: %+v", name, a)
		}
		if b.MergedInto != "示范市甲局" || b.Until != date.Must(2023, 3, 1) || !b.Renamed.IsZero() {
			t.Errorf("%s: %+v", name, b)
		}
		if c.Kind != Government || c.Scope != WholeRegion {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// What cannot be read is said with its row.
func TestReadUnitsFaults(t *testing.T) {
	tests := []struct{ text, want string }{
		{"单位编号,电话\n1,2\n", "名单中有读不懂的内容，请改正后再用：没有找到“名称”一列，请在首行写明各列的名称"},
		{"名称,类型\n甲局,局\n,部门\n", "名单中有读不懂的内容，请改正后再用：第2行的类型“局”不认识，请填“部门”“政府”或者“其他”、第3行没有填写名称"},
		{"名称,撤并日期\n甲局,2023-02-30\n", "名单中有读不懂的内容，请改正后再用：第2行的撤并日期“2023-02-30”不是日期，请写成 2023-05-01 这样"},
		{"名称,口径\n甲局,全部\n", "名单中有读不懂的内容，请改正后再用：第2行的口径“全部”不认识，请填“本级”或者“汇总”"},
	}
	for _, tt := range tests {
		if _, err := unitsFrom(t, "名单.csv", tt.text); err == nil || err.Error() != tt.want {
			t.Errorf("%q:\n got %v\nwant %s", tt.text, err, tt.want)
		}
	}
	if _, err := unitsFrom(t, "名单.csv", "名称,类型\n"); !errors.Is(err, ErrNoUnits) {
		t.Errorf("an empty list: %v", err)
	}
}

// 条例第四十九条 and spec §2.8: who is expected to report on 2023.
func TestExpected(t *testing.T) {
	tests := []struct {
		name string
		unit Unit
		want bool
	}{
		{"always there", Unit{}, true},
		{"set up on the last day", Unit{Since: date.Must(2023, 12, 31)}, true},
		{"set up the day after", Unit{Since: date.Must(2024, 1, 1)}, false},
		{"merged on the first day", Unit{Until: date.Must(2023, 1, 1), MergedInto: "甲"}, false},
		{"merged on the last day", Unit{Until: date.Must(2023, 12, 31), MergedInto: "甲"}, false},
		{"merged the day after", Unit{Until: date.Must(2024, 1, 1), MergedInto: "甲"}, true},
		{"dissolved in the year without a successor", Unit{Until: date.Must(2023, 7, 1)}, true},
		{"dissolved the year before", Unit{Until: date.Must(2022, 12, 31)}, false},
	}
	for _, tt := range tests {
		if got := tt.unit.Expected(2023); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// A body's years are paired under its present name, and last year's report among this
// year's files is no mistake.
func TestCollectionPairsYears(t *testing.T) {
	units := []Unit{{Name: "示范市新局", Aliases: []string{"示范市旧局"}}}
	c, err := NewCollection(MergeSpec{Agency: "示范市", Year: 2023, Units: units},
		[]*Report{reportOf("示范市新局", 2023, cases(4)), reportOf("示范市旧局", 2022, cases(2))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Comparisons) != 1 || c.Comparisons[0].Body != "示范市新局" {
		t.Fatalf("comparisons: %+v", c.Comparisons)
	}
	if ch, _ := c.Comparisons[0].Change("T3.new.total"); ch.Delta.String() != "2" {
		t.Errorf("change: %+v", ch)
	}
	if len(c.Merged.Entries) != 1 || c.Ranking.Bodies[0] != "示范市新局" {
		t.Errorf("entries: %v", outcomes(c.Merged))
	}
}

func FuzzReadUnits(f *testing.F) {
	f.Add("名称,类型\n甲局,部门\n")
	f.Add("名称\t类型\n\"甲\n局\t部门")
	f.Add(`[{"名称":["甲"]}]`)
	f.Fuzz(func(t *testing.T, text string) {
		units, err := ReadUnits(extract.Paste(text))
		if err == nil && len(units) == 0 {
			t.Error("neither units nor an error")
		}
		CheckUnits(units)
	})
}
