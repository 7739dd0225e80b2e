package rule

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/read"
	"gongkai/internal/extract"
	"gongkai/internal/i18n"
)

// corpus returns the folder of real reports, and fails the test when it is missing.
func corpus(t testing.TB) string {
	dir := os.Getenv("GONGKAI_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	dir = filepath.Join(dir, "reports")
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the corpus of real reports is missing: set GONGKAI_CORPUS to its folder: %v", err)
	}
	return dir
}

// expected is what an auditor who read each report by hand would write about it, one code per
// finding, with the reason. R02 is checked against R01, the same district's year before.
var expected = map[string][]string{
	"S0": {
		"R-AR-05", // the one figure in row 规章 may stand in three cells
		"R-AR-05", // the one figure in row 行政规范性文件, too
		"R-AR-05", // table three: blanks instead of 0
		"R-AR-05", // table four is blank
		"R-AR-05", // the nines were placed by the sums
		"R-AR-15", // section six: proposals, no word on the fee
		"R-AR-17", // no title in the extract
		"R-AR-24", // 657 is local news here and everything published there
		"R-IDX-04",
	},
	"S1": {"R-AR-14"}, // 行政复议共0条: cases are counted in 件
	"S2": {
		"R-AR-05", // 35 and 212204 for three cells
		"R-AR-17", // title without the city
		"R-AR-17", // a line of the place below table two
		"R-AR-22", // item 6 repeats item 2
		"R-AR-22", // item 7, too
		"R-AR-23", // no period
		"R-AR-25", // 贯彻落实贯彻
	},
	"S3": {"R-AR-17"}, // no report in the unified form
	"S4": {
		"R-AR-14", // 7 documents published, 2 issued
		"R-AR-16", // no date
		"R-AR-23", // no period
		"R-AR-23", // 2022年行政许可 in the report on 2023
		"R-AR-24", // 兼职 and 专职
		"R-AR-25", // [bookmark: _GoBack]
		"R-AR-25", // 持续突进
	},
	"R01": {
		"R-AR-00b", // a government: assessment, evaluation, accountability
		"R-AR-04",  // 10+1+0+0, total 0
		"R-AR-04",  // 5, total 0
		"R-AR-05",  // 其他处理 as one row: two rows blank
		"R-AR-16",  // no date
	},
	"R02": {
		"R-AR-00b",
		"R-AR-05",
		"R-AR-12", // one direct suit in 2024
		"R-AR-14", // 17 of the office, 95 of the district
		"R-AR-16",
		"R-AR-22", // section five: sentences of 2023
	},
	"R06": {
		"R-AR-05", // 结转 total worked out
		"R-AR-14", // all done, yet one carried over
		"R-AR-16",
		"R-AR-17", // numbering starts again
		"R-AR-17", // section five without its heading
		"R-AR-24", // 1744+393+21+2=2160≠2139
		"R-AR-25", // 资金资金
	},
	"R09": {
		"R-AR-00b", // three of five aspects
		"R-AR-00b", // a government's own
		"R-AR-12",
		"R-AR-16",
		"R-AR-17", // 存在问题及改进情况
	},
	"E01": {"R-AR-00b", "R-AR-17", "R-AR-17"}, // breaks off; no title
	"E02": {
		"R-AR-00b", "R-AR-17", "R-AR-17", "R-AR-23",
		"R-AR-14", // 2 against 3
		"R-AR-25", // 截止2023年12月31日
	},
	"E03": {"R-AR-17", "R-AR-17", "R-AR-18"}, // the form of 2019 in 2023
	"E04": {
		"R-AR-00b", "R-AR-17", "R-AR-17", "R-AR-23",
		"R-AR-05", // strokes
		"R-AR-05", // blanks
		"R-AR-05", // rows of table two left out
		"R-AR-24", // six parts, five named
	},
	"E05": {"R-AR-00b", "R-AR-05", "R-AR-17", "R-AR-17", "R-AR-23"},
	"E06": {"R-AR-00b", "R-AR-17", "R-AR-17"},
	"E07": {
		"R-AR-00b", "R-AR-17", "R-AR-17", "R-AR-23",
		"R-AR-19", // a town with six 规章
		"R-AR-25", // 该部分以表格形式报告
	},
	"E08": {
		"R-AR-00b", "R-AR-17", "R-AR-23",
		"R-AR-17", // 工作告年度报
	},
	"E09": {
		"R-AR-00b", "R-AR-17",
		"R-AR-18", // cites 〔2019〕60号
	},
	"E10": {
		"R-AR-05", // table two wholly blank
		"R-AR-05", // table three as far as it goes
		"R-AR-17",
		"R-AR-18", // the form of 2019 in 2022
		"R-AR-23",
	},
	"E11": {
		"R-AR-00b", "R-AR-17",
		"R-AR-23", // 20231月1日
	},
}

// reports reads every report of the corpus by its short name.
func reports(t testing.TB) map[string]*annual.Report {
	dir := corpus(t)
	out := map[string]*annual.Report{}
	for _, pattern := range []string{"seed/*.txt", "full/*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			r, err := read.File(context.Background(), f)
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			name, _, _ := strings.Cut(filepath.Base(f), "_")
			out[name] = r
		}
	}
	f, err := os.Open(filepath.Join(dir, "openings.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var o struct{ ID, Text string }
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			t.Fatal(err)
		}
		out[o.ID] = read.Document(extract.Paste(o.Text))
	}
	return out
}

// Every finding that a careful auditor would make is made, and no other. The table counts
// misses and false alarms; either fails the test.
func TestCorpus(t *testing.T) {
	all := reports(t)
	names := slices.Sorted(maps.Keys(expected))
	if len(all) != len(expected) {
		t.Errorf("%d reports in the corpus, %d expected", len(all), len(expected))
	}
	var table strings.Builder
	fmt.Fprintf(&table, "\n%-5s %8s %6s %6s %6s\n", "file", "expected", "found", "missed", "false")
	misses, alarms := 0, 0
	for _, name := range names {
		c := Context{}
		if name == "R02" {
			c.Previous = all["R01"]
		}
		found := Check(all[name], c).Findings
		want := map[string]int{}
		for _, code := range expected[name] {
			want[code]++
		}
		extra := 0
		for _, f := range found {
			if want[f.Code]--; want[f.Code] < 0 {
				extra++
				t.Errorf("%s: false alarm: %s %s", name, f.Code, i18n.To(i18n.Chinese).Text(f.Message))
			}
		}
		missed := 0
		for code, n := range want {
			if n > 0 {
				missed += n
				t.Errorf("%s: missed %d of %s", name, n, code)
			}
		}
		misses, alarms = misses+missed, alarms+extra
		fmt.Fprintf(&table, "%-5s %8d %6d %6d %6d\n", name, len(expected[name]), len(found), missed, extra)
	}
	fmt.Fprintf(&table, "%-5s %22s %6d %6d", "all", "", misses, alarms)
	t.Log(table.String())
}

// Every place a finding points at lies in the source: it has a line, a page or a cell. Only
// the report as such has none where its title stands in a file's properties.
func TestPlacesLieInTheSource(t *testing.T) {
	for name, r := range reports(t) {
		if r.Refused != nil {
			continue
		}
		for _, f := range Check(r, Context{}).Findings {
			for _, q := range f.Places {
				if q.At.IsZero() && q.Text != "" && q.Label.Key != "rule.at.report" {
					t.Errorf("%s: %s %s quotes %q without a place", name, f.Code, text(f), q.Text)
				}
			}
		}
	}
}

// A parsed report is checked in well under a millisecond: the largest tables (R09) and the
// longest text (S2).
func BenchmarkCheck(b *testing.B) {
	all := reports(b)
	for _, name := range []string{"R09", "S2", "R06"} {
		r := all[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Check(r, Context{})
			}
		})
	}
	b.Run("R02 against R01", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Check(all["R02"], Context{Previous: all["R01"]})
		}
	})
}
