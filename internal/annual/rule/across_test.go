package rule

import (
	"testing"

	"gongkai/internal/annual"
)

// pair returns last year's report and this year's, both all zero but for the given cells.
func pair(thenForm, nowForm string, year int, then, now map[string]string) (*annual.Report, *annual.Report) {
	p, r := filled(thenForm, then), filled(nowForm, now)
	p.Year, r.Year = year-1, year
	return p, r
}

// R-AR-06 to R-AR-11: each at its limit and to both sides of it.
func TestAcrossYears(t *testing.T) {
	tests := []struct {
		name               string
		code               string
		thenForm, nowForm  string
		year               int
		then, now          map[string]string
		want, wantsWorking string
	}{
		{"carried over alike", "R-AR-06", "2021", "2021", 2025,
			map[string]string{"T3.carry_out.natural": "2", "T3.carry_out.total": "2"},
			map[string]string{"T3.carry_in.natural": "2", "T3.carry_in.total": "2"}, "", ""},
		{"one lost on the way", "R-AR-06", "2021", "2021", 2025,
			map[string]string{"T3.carry_out.natural": "2", "T3.carry_out.total": "2"},
			map[string]string{"T3.carry_in.natural": "1", "T3.carry_in.total": "1"},
			"error 2024年结转下年度继续办理2件，本年“上年结转”填1件", "2≠1"},
		{"the same total under another applicant", "R-AR-06", "2021", "2021", 2025,
			map[string]string{"T3.carry_out.natural": "2", "T3.carry_out.total": "2"},
			map[string]string{"T3.carry_in.biz": "2", "T3.carry_in.total": "2"},
			"warning 上年结转总数与2024年相同，但申请人分类不同：自然人、商业企业，请说明是否调整了分类", ""},
		{"across the change of forms", "R-AR-06", "2019", "2021", 2021,
			map[string]string{"T3.carry_out.natural": "3", "T3.carry_out.total": "3"}, nil,
			"error 2020年结转下年度继续办理3件，本年“上年结转”填0件", "3≠0"},

		{"徐闻县: 101 = 100+3−2", "R-AR-07", "2021", "2021", 2023,
			map[string]string{"T2.normdocs.in_force": "100"},
			map[string]string{"T2.normdocs.issued": "3", "T2.normdocs.repealed": "2", "T2.normdocs.in_force": "101"}, "", ""},
		{"one too few in force", "R-AR-07", "2021", "2021", 2023,
			map[string]string{"T2.normdocs.in_force": "100"},
			map[string]string{"T2.normdocs.issued": "3", "T2.normdocs.repealed": "2", "T2.normdocs.in_force": "100"},
			"warning 行政规范性文件：2022年现行有效100件，本年制发3件、废止2件，应为101件，实填100件", "100+3-2=101≠100"},
		{"the forms of 2019 and 2021 count different things", "R-AR-07", "2019", "2021", 2021,
			map[string]string{"T2.normdocs.open_total": "50"}, map[string]string{"T2.normdocs.in_force": "9"}, "", ""},

		{"items as reported", "R-AR-09", "2019", "2019", 2020,
			map[string]string{"T2.license.prev_items": "6", "T2.license.delta": "-1"}, map[string]string{"T2.license.prev_items": "5"}, "", ""},
		{"items one off", "R-AR-09", "2019", "2019", 2020,
			map[string]string{"T2.license.prev_items": "6", "T2.license.delta": "-1"}, map[string]string{"T2.license.prev_items": "6"},
			"warning 行政许可：2019年填6项、增减-1项，本年“上一年项目数量”应为5，实填6", "6+(-1)=5≠6"},

		{"as many as were pending", "R-AR-11", "2021", "2021", 2024,
			map[string]string{"T4.review.pending": "3", "T4.review.total": "3"}, map[string]string{"T4.review.upheld": "3", "T4.review.total": "3"}, "", ""},
		{"one fewer than were pending", "R-AR-11", "2021", "2021", 2024,
			map[string]string{"T4.review.pending": "3", "T4.review.total": "3"}, map[string]string{"T4.review.upheld": "2", "T4.review.total": "2"},
			"warning 行政复议：2023年尚未审结3件，本年总计只有2件，上年未结的也应计入", "2<3"},
	}
	for _, tt := range tests {
		p, r := pair(tt.thenForm, tt.nowForm, tt.year, tt.then, tt.now)
		fs := only(Check(r, Context{Previous: p}).Findings, tt.code)
		if got := messages(fs, tt.code); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
		if len(fs) == 1 && fs[0].Working != tt.wantsWorking {
			t.Errorf("%s: working %q, want %q", tt.name, fs[0].Working, tt.wantsWorking)
		}
	}
}

// A report on another year than the one before is not compared.
func TestPreviousMustBeTheYearBefore(t *testing.T) {
	p, r := pair("2021", "2021", 2024, map[string]string{"T3.carry_out.total": "2"}, nil)
	p.Year = 2022
	if got := messages(Check(r, Context{Previous: p}).Findings, "R-AR-06"); got != "" {
		t.Errorf("compared with 2022: %s", got)
	}
}

// R-AR-08, R-AR-10 and R-AR-12.
func TestBounds(t *testing.T) {
	tests := []struct {
		name, form, code string
		year             int
		values           map[string]string
		want             string
	}{
		{"issued 5, in force 5", "2021", "R-AR-08", 2023, map[string]string{"T2.normdocs.issued": "5", "T2.normdocs.in_force": "5"}, ""},
		{"issued 5, in force 4", "2021", "R-AR-08", 2023, map[string]string{"T2.normdocs.issued": "5", "T2.normdocs.in_force": "4"},
			"warning 行政规范性文件：本年制发5件、废止0件，现行有效却只有4件，请核对"},
		{"issued 5, repealed 1, in force 4", "2021", "R-AR-08", 2023,
			map[string]string{"T2.normdocs.issued": "5", "T2.normdocs.repealed": "1", "T2.normdocs.in_force": "4"}, ""},
		{"opened 3, open 3", "2019", "R-AR-10", 2020, map[string]string{"T2.normdocs.opened": "3", "T2.normdocs.open_total": "3"}, ""},
		{"opened 3, open 2", "2019", "R-AR-10", 2020, map[string]string{"T2.normdocs.opened": "3", "T2.normdocs.open_total": "2"},
			"warning 规范性文件：本年新公开3件，对外公开总数量却只有2件"},
		{"direct suit in 2023", "2021", "R-AR-12", 2023, map[string]string{"T4.direct.upheld": "1", "T4.direct.total": "1"}, ""},
		{"direct suit in 2024", "2021", "R-AR-12", 2024, map[string]string{"T4.direct.upheld": "1", "T4.direct.total": "1"},
			"info 未经复议直接起诉1件。2024年起，对不予公开决定不服的应先申请复议，请确认这些案件属于其他情形"},
	}
	for _, tt := range tests {
		r := filled(tt.form, tt.values)
		r.Year = tt.year
		if got := messages(Check(r, Context{}).Findings, tt.code); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// R-AR-15: 表三“逾期未按收费通知要求缴纳费用” asks for a statement; without it a hint is enough.
func TestFee(t *testing.T) {
	tests := []struct{ name, unpaid, text, want string }{
		{"stated", "3", "全年收取信息处理费300元。", ""},
		{"stated as none", "0", "今年度无收取信息公开费用情况。", ""},
		{"not stated, three unpaid", "3", "无其他事项。", "warning 表三有3件因逾期未缴费不再处理，第六部分没有写信息处理费收取情况"},
		{"not stated, none unpaid", "0", "无其他事项。", "info 第六部分没有写信息处理费收取情况；没有收取的也应写明"},
	}
	for _, tt := range tests {
		r := filled("2021", map[string]string{"T3.done.other.nopay.total": tt.unpaid})
		r.Year = 2023
		r.Sections = []annual.Section{{Key: "s6", Paragraphs: []annual.Text{{Text: tt.text}}}}
		if got := messages(Check(r, Context{}).Findings, "R-AR-15"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
