package rule

import (
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// filled returns a report whose cells are all zero but for the given ones.
func filled(id string, values map[string]string) *annual.Report {
	f := form.ByID(id)
	r := &annual.Report{Form: f, Year: f.From, Cells: map[form.Key]annual.Cell{}}
	for _, c := range f.Cells() {
		r.Cells[c.Key] = annual.Cell{State: annual.Printed, Raw: "0"}
	}
	for k, v := range values {
		set(r, k, v)
	}
	return r
}

// set puts a figure in a cell; "" makes it blank, "?" takes it out.
func set(r *annual.Report, key, v string) {
	k := form.Key(key)
	if r.Form.Cell(k) == nil {
		panic("no cell " + key)
	}
	switch v {
	case "":
		r.Cells[k] = annual.Cell{State: annual.Blank}
	case "?":
		delete(r.Cells, k)
	default:
		r.Cells[k] = annual.Cell{State: annual.Printed, Raw: v, Value: decimal.MustParse(v)}
	}
}

// only returns the findings of the given codes.
func only(fs []check.Finding, codes ...string) []check.Finding {
	var out []check.Finding
	for _, f := range fs {
		for _, c := range codes {
			if f.Code == c {
				out = append(out, f)
			}
		}
	}
	return out
}

// line writes a finding as a test compares it: code, severity, working, advice.
func line(f check.Finding) string {
	return strings.TrimSpace(f.Code + " " + string(f.Severity) + " " + f.Working + " " + i18n.To(i18n.Chinese).Text(f.Advice))
}

// R-AR-01 to R-AR-04: the limit, both sides of it, and what cannot be decided.
func TestSums(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]string
		want   []string
	}{
		{"all zero", nil, nil},
		{"one request answered", map[string]string{
			"T3.new.natural": "1", "T3.new.total": "1", "T3.done.open.natural": "1", "T3.done.open.total": "1",
			"T3.done.total.natural": "1", "T3.done.total.total": "1",
		}, nil},
		{"洪泽区2023: totals of 10+1 and 5 left at zero", map[string]string{
			"T4.review.upheld": "10", "T4.review.corrected": "1", "T4.after.upheld": "5",
		}, []string{
			"R-AR-04 error 10+1+0+0=11≠0 总计应为11，请补填或核对各分项",
			"R-AR-04 error 5+0+0+0=5≠0 总计应为5，请补填或核对各分项",
		}},
		{"total one too few", map[string]string{
			"T4.review.upheld": "10", "T4.review.corrected": "1", "T4.review.total": "10",
		}, []string{"R-AR-04 error 10+1+0+0=11≠10 对照台账逐格核对，改正填错的一格"}},
		{"total one too many", map[string]string{
			"T4.review.upheld": "10", "T4.review.corrected": "1", "T4.review.total": "12",
		}, []string{"R-AR-04 error 10+1+0+0=11≠12 对照台账逐格核对，改正填错的一格"}},
		{"one cell off breaks its row and its column, and is named", map[string]string{
			"T3.new.natural": "21", "T3.new.total": "21",
			"T3.done.open.natural": "12", "T3.done.open.total": "21",
			"T3.done.total.natural": "21", "T3.done.total.total": "21",
		}, []string{
			"R-AR-02 error 12≠21 只要把表三“（一）予以公开”自然人由12改为21，所有勾稽关系就都成立，请先核对这一格",
			"R-AR-03 error 12+0+0+0+0+0=12≠21 只要把表三“（一）予以公开”自然人由12改为21，所有勾稽关系就都成立，请先核对这一格",
		}},
		{"a request nobody handled shows in its column and in the total", map[string]string{
			"T3.new.natural": "21", "T3.new.total": "21",
			"T3.done.open.natural": "20", "T3.done.open.total": "20",
			"T3.done.total.natural": "20", "T3.done.total.total": "20",
		}, []string{"R-AR-01 error 21+0=21≠20=20+0；21+0=21≠20=20+0 对照台账逐格核对，改正填错的一格"}},
		{"carried over both ways", map[string]string{
			"T3.new.natural": "34", "T3.new.total": "34", "T3.carry_in.natural": "2", "T3.carry_in.total": "2",
			"T3.done.open.natural": "35", "T3.done.open.total": "35",
			"T3.done.total.natural": "35", "T3.done.total.total": "35", "T3.carry_out.natural": "1", "T3.carry_out.total": "1",
		}, nil},
		{"total not filled in", map[string]string{
			"T4.direct.upheld": "2", "T4.direct.corrected": "1", "T4.direct.total": "",
		}, []string{"R-AR-04 error 2+1+0+0=3≠0 总计应为3，请补填或核对各分项"}},
		{"a blank total in table three is one finding, not one for each sum it stands in", map[string]string{
			"T3.new.natural": "36", "T3.new.total": "36", "T3.done.open.natural": "35", "T3.done.open.total": "35",
			"T3.done.total.natural": "35", "T3.done.total.total": "35", "T3.carry_out.natural": "1", "T3.carry_out.total": "",
		}, []string{"R-AR-03 error 1+0+0+0+0+0=1≠0 总计应为1，请补填或核对各分项"}},
		{"（七）总计 left blank in both directions", map[string]string{
			"T3.new.natural": "2", "T3.new.total": "2", "T3.done.open.natural": "2", "T3.done.open.total": "2",
			"T3.done.total.natural": "2", "T3.done.total.total": "",
		}, []string{"R-AR-03 error 2+0+0+0+0+0=2≠0 总计应为2，请补填或核对各分项"}},
		{"parts not filled in", map[string]string{
			"T4.direct.upheld": "", "T4.direct.corrected": "", "T4.direct.other": "", "T4.direct.pending": "", "T4.direct.total": "3",
		}, []string{"R-AR-04 error 0≠3"}},
		{"blank row over a total of zero", map[string]string{
			"T4.direct.upheld": "", "T4.direct.corrected": "", "T4.direct.other": "", "T4.direct.pending": "",
		}, nil},
		{"one part is unsettled and the rest is below the total", map[string]string{
			"T4.direct.upheld": "?", "T4.direct.corrected": "1", "T4.direct.total": "3",
		}, nil},
		{"one part is unsettled and the rest is already above the total", map[string]string{
			"T4.direct.upheld": "?", "T4.direct.corrected": "4", "T4.direct.total": "3",
		}, []string{"R-AR-04 error 4+0+0=4≠3 对照台账逐格核对，改正填错的一格"}},
		{"blank part, rest below the total: the difference is in the blank", map[string]string{
			"T4.direct.upheld": "", "T4.direct.corrected": "1", "T4.direct.total": "3",
		}, []string{"R-AR-04 warning 1+0+0=1≠3"}},
	}
	for _, tt := range tests {
		a := Check(filled("2021", tt.values), Context{})
		var got []string
		for _, f := range only(a.Findings, "R-AR-01", "R-AR-02", "R-AR-03", "R-AR-04") {
			got = append(got, line(f))
		}
		if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, strings.Join(got, "\n     "), strings.Join(tt.want, "\n     "))
		}
	}
}

// Two faults that share no cell are both named.
func TestTwoFaults(t *testing.T) {
	r := filled("2021", map[string]string{
		"T3.new.natural": "10", "T3.new.biz": "4", "T3.new.total": "14",
		"T3.done.open.natural": "9", "T3.done.open.total": "10", // should be 10
		"T3.done.partial.biz": "2", "T3.done.partial.total": "4", // should be 4
		"T3.done.total.natural": "10", "T3.done.total.biz": "4", "T3.done.total.total": "14",
	})
	advice := map[string]int{}
	for _, f := range Check(r, Context{}).Findings {
		if !f.Advice.IsZero() && f.Advice.Key == "rule.sum.repair" {
			advice[i18n.To(i18n.Chinese).Text(f.Advice)]++
		}
	}
	for _, want := range []string{
		"只要把表三“（一）予以公开”自然人由9改为10，所有勾稽关系就都成立，请先核对这一格",
		"只要把表三“（二）部分公开（区分处理的，只计这一情形，不计其他情形）”商业企业由2改为4，所有勾稽关系就都成立，请先核对这一格",
	} {
		if advice[want] != 2 {
			t.Errorf("%s: %d times, want 2; %v", want, advice[want], advice)
		}
	}
}

// The message is a sentence an auditor would write.
func TestSumMessage(t *testing.T) {
	r := filled("2021", map[string]string{"T4.review.upheld": "10", "T4.review.corrected": "1"})
	f := only(Check(r, Context{}).Findings, "R-AR-04")[0]
	want := "表四行政复议：结果维持10＋结果纠正1＋其他结果0＋尚未审结0＝11，总计填0，相差11"
	if got := i18n.To(i18n.Chinese).Text(f.Message); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if f.Places[0].Key != "T4.review.total" || len(f.Places) != 3 {
		t.Errorf("places %v: want the total and the two figures that are not zero", f.Places)
	}
	if got := f.Cite.String(); got != "年报格式表四" {
		t.Errorf("cites %s", got)
	}
}

// A statement that says what a wrong cell should be bears out the failing sum, and is no
// finding of its own (R-AR-01, R-AR-03, R-AR-14): the row gives 2, the total 3, the text 2.
func TestTextBearsOutRepair(t *testing.T) {
	r := saying("s1", "（二）依申请公开。全年收到政府信息公开申请2件。")
	for k, v := range map[string]string{
		"T3.new.natural": "2", "T3.new.total": "3", "T3.done.open.natural": "2", "T3.done.open.total": "2",
		"T3.done.total.natural": "2", "T3.done.total.total": "2",
	} {
		set(r, k, v)
	}
	fs := Check(r, Context{}).Findings
	if got := messages(fs, "R-AR-14"); got != "" {
		t.Errorf("R-AR-14: %s", got)
	}
	rows := only(fs, "R-AR-03")
	if len(rows) != 1 {
		t.Fatalf("R-AR-03: %d findings, want 1", len(rows))
	}
	if got := rows[0].Advice.Key; got != "rule.sum.repair.told" {
		t.Errorf("advice %s", got)
	}
	if last := rows[0].Places[len(rows[0].Places)-1]; last.At.Block != 90 {
		t.Errorf("last place %v, want the sentence", last)
	}
}
