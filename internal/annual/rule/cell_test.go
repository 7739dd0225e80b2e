package rule

import (
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
)

// text prints a finding's message in Chinese.
func text(f check.Finding) string { return i18n.To(i18n.Chinese).Text(f.Message) }

// messages prints the findings of a code as "severity message".
func messages(fs []check.Finding, code string) string {
	var out []string
	for _, f := range only(fs, code) {
		out = append(out, string(f.Severity)+" "+text(f))
	}
	return strings.Join(out, "\n")
}

// R-AR-05: counts are whole and not negative, 本年增/减 may be negative, 万元 may have decimals.
func TestDomain(t *testing.T) {
	tests := []struct {
		form, key, value, want string
	}{
		{"2021", "T3.new.natural", "0", ""},
		{"2021", "T2.license.decisions", "-1", "error 表二“行政许可”本年处理决定数量填-1，不应为负数"},
		{"2021", "T2.license.decisions", "1.5", "error 表二“行政许可”本年处理决定数量填1.5，应为整数"},
		{"2021", "T2.fees.amount_wan", "7730.28", ""},
		{"2021", "T2.fees.amount_wan", "-0.01", "error 表二“行政事业性收费”本年收费金额（单位：万元）填-0.01，不应为负数"},
		{"2019", "T2.license.delta", "-3", ""},
		{"2019", "T2.license.delta", "0.5", "error 表二“行政许可”本年增/减填0.5，应为整数"},
		{"2019", "T2.procurement.amount", "12.5", ""},
	}
	for _, tt := range tests {
		r := filled(tt.form, map[string]string{tt.key: tt.value})
		if got := messages(Check(r, Context{}).Findings, "R-AR-05"); got != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.key, tt.value, got, tt.want)
		}
	}
}

// R-AR-05: what has no number is counted once per table and named where it can be.
func TestBlanks(t *testing.T) {
	row := func(r *annual.Report, key, v string) {
		for _, c := range r.Form.Row(key).Cells {
			set(r, string(c.Key), v)
		}
	}
	tests := []struct {
		name string
		edit func(*annual.Report)
		want string
	}{
		{"none", func(*annual.Report) {}, ""},
		{"two cells", func(r *annual.Report) {
			set(r, "T2.normdocs.repealed", "")
			set(r, "T2.normdocs.in_force", "")
		}, "warning 表二有2格没有填数字：“行政规范性文件”本年废止件数、现行有效件数"},
		{"a row, as a stroke", func(r *annual.Report) {
			for _, c := range r.Form.Row("T2.rules").Cells {
				r.Cells[c.Key] = annual.Cell{State: annual.Blank, Raw: "/"}
			}
		}, "warning 表二有3格没有填数字（填的是“/”）：“规章”"},
		{"a group of table four", func(r *annual.Report) { row(r, "T4.review", "") }, "warning 表四有5格没有填数字：行政复议"},
		{"the whole of table four", func(r *annual.Report) {
			row(r, "T4.review", "")
			row(r, "T4.direct", "")
			row(r, "T4.after", "")
		}, "error 表四全部15格都没有填数字"},
		{"a row the source does not print", func(r *annual.Report) { row(r, "T3.carry_out", "?") },
			"error 表三缺7格：“四、结转下年度继续办理”"},
	}
	for _, tt := range tests {
		r := filled("2021", nil)
		tt.edit(r)
		if got := messages(Check(r, Context{}).Findings, "R-AR-05"); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// 集安市民政局 2020: “35” and “212204” in a row of three cells.
func TestQuestion(t *testing.T) {
	r := filled("2019", nil)
	keys := []form.Key{"T2.services.prev_items", "T2.services.delta", "T2.services.decisions"}
	for _, k := range keys {
		delete(r.Cells, k)
	}
	m := func(v string) annual.Maybe { return annual.Maybe{Value: decimal.MustParse(v)} }
	r.Questions = []annual.Question{{
		Keys: keys, Raw: []string{"35", "212204"},
		Options: []annual.Assignment{{m("35"), m("2"), m("12204")}, {m("35"), m("212204"), {Blank: true}}},
	}}
	fs := only(Check(r, Context{}).Findings, "R-AR-05")
	if len(fs) != 1 {
		t.Fatalf("%d findings, want 1", len(fs))
	}
	f := fs[0]
	if want := "表二“其他对外管理服务事项”共3格，原件只有“35、212204”，不能确定各在哪一格"; text(f) != want || f.Severity != check.Error {
		t.Errorf("%s %s", f.Severity, text(f))
	}
	if got, want := i18n.To(i18n.Chinese).Text(f.Advice), "可能的填法有2种，如：35｜2｜12204；35｜212204｜□（□为空白）。请对照原始台账确定"; got != want {
		t.Errorf("advice %s", got)
	}
	if len(f.Places) != 3 || f.Places[2].Key != "T2.services.decisions" {
		t.Errorf("places %v: want one for each cell", f.Places)
	}
}

// Deduced cells are told once, not cell by cell.
func TestDeduced(t *testing.T) {
	r := filled("2021", nil)
	for _, k := range []form.Key{"T3.new.natural", "T3.new.total"} {
		r.Cells[k] = annual.Cell{State: annual.Deduced, Raw: "0"}
	}
	want := "info 表三有2格原件位置或数字不清，系根据勾稽关系推定：“一、本年新收政府信息公开申请数量”自然人、总计"
	if got := messages(Check(r, Context{}).Findings, "R-AR-05"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// R-AR-05: （六）其他处理 printed as one row is one fault of form, not fourteen blanks.
func TestMergedRow(t *testing.T) {
	r := filled("2021", nil)
	at := place.Place{Block: 7, Line: 7}
	for _, row := range []string{"T3.done.other.nocorrect", "T3.done.other.nopay"} {
		for _, c := range r.Form.Row(row).Cells {
			r.Cells[c.Key] = annual.Cell{State: annual.Blank, At: at}
		}
	}
	r.Notes = []annual.Note{{Message: i18n.M("annual.read.note.merged_other", "group", "（六）其他处理", "row", "3.其他"), At: at}}
	want := "warning 表三“（六）其他处理”印成了一行，应分3行填写"
	if got := messages(Check(r, Context{}).Findings, "R-AR-05"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
