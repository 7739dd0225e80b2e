package narrative

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/i18n"
)

// expected is what a careful auditor says of every number in the real reports that has
// something to be held against. Each line is verdict, rule, arithmetic. What has no line
// here must get no judgement: for instance S0's 局长信箱 30条, R06's 1016823 followers, S1's
// six inspections.
var expected = map[string][]string{
	"S0": {
		"explain R-AR-24 657=657", // 本地新闻657条 against 网站主动公开信息657条
		"ok R-AR-14 9=9",          // 依申请公开信息9条
		"ok R-AR-14 93=93",        // 行政许可93件
		"ok R-AR-14 0=0",          // 行政处罚0件
		"ok R-AR-14 0=0",          // 无行政强制和行政事业性收费
		"ok R-AR-14 9=9",          // 收到政府信息公开申请9件
	},
	"S1": {
		"ok R-AR-14 0=0",     // 办理依申请公开0件
		"ok R-AR-14 1=1",     // 规范性文件1个
		"ok R-AR-14 0=0",     // 收到信息公开申请0件
		"remark R-AR-14 0=0", // 行政复议共0条: 件
		"ok R-AR-24 6+11=17", // 人大建议6件、政协提案11件
	},
	"S2": {},
	"S3": {}, // refused: no report in the unified form
	"S4": {
		"explain R-AR-24 ",    // 1名工作人员（兼职） against 1名同志专职
		"explain R-AR-14 7≠2", // 公开规范性文件7件: 公开 is not 制发
		"ok R-AR-14 0=0",      // 未接到公开申请
	},
	"R01": {"ok R-AR-14 21=21"},
	"R02": {"explain R-AR-14 17≠95"}, // 区政府办代表区政府 against the whole district
	"R06": {
		"ok R-AR-24 6=6",
		"ok R-AR-14 1=1", // 1件行政复议
		"ok R-AR-14 0=0", // 未被纠错
		"ok R-AR-14 0=0", // 行政诉讼数为0件
		"ok R-AR-14 13=13",
		"ok R-AR-14 34=34",
		"ok R-AR-14 2=2",
		"explain R-AR-14 1≠0", // 所有申请均已办理完成, one carried over
		"ok R-AR-14 9=9",
		"ok R-AR-14 0=0",
		"ok R-AR-14 2=1+1=2",
		"ok R-AR-14 10=4+6=10",
		"ok R-AR-14 0=0",
		"ok R-AR-14 14=10+4=14",
		"ok R-AR-14 1=1",
		"error R-AR-24 1744+393+21+2=2160≠2139",
	},
	"R09": {}, // 400元 of processing fee, stated once
	"E01": {"ok R-AR-14 0=0"},
	"E02": {"explain R-AR-14 2≠3"}, // 受理2件 against 新收3
	"E03": {},
	"E04": {
		"explain R-AR-24 5≠6", // 等六部分 lists five
		"ok R-AR-24 4+10+30+6=50",
	},
	"E05": {},
	"E06": {},
	"E07": {"ok R-AR-24 6=6"},
	"E08": {},
	"E09": {},
	"E10": {},
	"E11": {"ok R-AR-24 6=6"},
}

// TestRealReports counts misses and false alarms in the real reports.
func TestRealReports(t *testing.T) {
	reports := realReports(t)
	var s score
	for _, name := range names(expected) {
		r, ok := reports[name]
		if !ok {
			t.Errorf("%s is not in the corpus", name)
			continue
		}
		s.compare(t, name, r, expected[name])
	}
	t.Log("\n" + s.table.String())
}

// score counts what was expected, found, missed and raised falsely.
type score struct {
	table                          strings.Builder
	expected, found, missed, false int
}

// compare judges a report and holds the judgements against those expected.
func (s *score) compare(t *testing.T, name string, r *annual.Report, want []string) {
	t.Helper()
	var got []string
	for _, j := range Check(r) {
		got = append(got, fmt.Sprintf("%s %s %s", j.Verdict, j.Code, j.Working))
	}
	missed, extra := difference(want, got), difference(got, want)
	s.expected += len(want)
	s.found += len(want) - len(missed)
	s.missed += len(missed)
	s.false += len(extra)
	fmt.Fprintf(&s.table, "%-4s expected %2d  found %2d  missed %d  false %d\n", name, len(want), len(want)-len(missed), len(missed), len(extra))
	for _, m := range missed {
		t.Errorf("%s: missed %s", name, m)
	}
	for _, x := range extra {
		t.Errorf("%s: false alarm %s", name, x)
	}
	if len(extra) > 0 {
		for _, j := range Check(r) {
			t.Logf("%s: %s %s: %s: %s", name, j.Verdict, j.Working, i18n.To(i18n.Chinese).Text(j.Message), quotes(j))
		}
	}
}

func quotes(j Judgement) string {
	var b strings.Builder
	for _, q := range j.Places {
		b.WriteString("「" + q.Text + "」" + q.Key + " ")
	}
	return b.String()
}

// difference returns what of a is not in b, counting repetitions.
func difference(a, b []string) []string {
	rest := slices.Clone(b)
	var out []string
	for _, x := range a {
		if i := slices.Index(rest, x); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
			continue
		}
		out = append(out, x)
	}
	return out
}

func names(m map[string][]string) []string {
	var ns []string
	for n := range m {
		ns = append(ns, n)
	}
	slices.Sort(ns)
	return ns
}
