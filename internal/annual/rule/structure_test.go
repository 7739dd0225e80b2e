package rule

import (
	"fmt"
	"strings"
	"testing"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
)

// faultless returns a report of a made-up bureau in which no rule finds anything.
func faultless() *annual.Report {
	r := filled("2021", nil)
	r.Year = 2023
	line := 0
	at := func() place.Place { line++; return place.Place{Block: line, Line: line} }
	t := func(s string) annual.Text { return annual.Text{Text: s, At: at()} }
	r.Title = t("某某市民政局2023年政府信息公开工作年度报告")
	r.Agency = annual.Text{Text: "某某市民政局"}
	bodies := map[string][]string{
		"s1": {
			"本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。",
			"（一）主动公开。及时公布机构职能和办事指南。",
			"（二）依申请公开。受理渠道畅通。",
			"（三）政府信息管理。严格执行保密审查制度。",
			"（四）平台建设。改版了网站栏目。",
			"（五）监督保障。组织业务学习。",
		},
		"s5": {"部分栏目更新慢，下一步加强值守。"},
		"s6": {"本年度没有收取信息处理费。"},
	}
	for _, s := range r.Form.Sections {
		sec := annual.Section{Key: s.Key, Heading: t(s.Full)}
		for _, p := range bodies[s.Key] {
			sec.Paragraphs = append(sec.Paragraphs, t(p))
		}
		r.Sections = append(r.Sections, sec)
	}
	r.Period = annual.Text{Text: bodies["s1"][0]}
	r.Signed = day("2024-01-15")
	r.Published = day("2024-01-20")
	return r
}

func day(s string) annual.Day {
	d, err := date.Parse(s)
	if err != nil {
		panic(err)
	}
	return annual.Day{Date: d}
}

// all prints every finding as "code severity message".
func all(fs []check.Finding) string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Code+" "+string(f.Severity)+" "+text(f))
	}
	return strings.Join(out, "\n")
}

func TestSoundReport(t *testing.T) {
	if got := all(Check(faultless(), Context{Today: date.Must(2024, 2, 1)}).Findings); got != "" {
		t.Errorf("false alarms:\n%s", got)
	}
}

// Every change to the sound report yields exactly the findings named.
func TestStructure(t *testing.T) {
	heading := func(key, text string) func(*annual.Report) {
		return func(r *annual.Report) { r.Section(key).Heading.Text = text }
	}
	title := func(s string) func(*annual.Report) { return func(r *annual.Report) { r.Title.Text = s } }
	tests := []struct {
		name string
		edit func(*annual.Report)
		want string
	}{
		{"half-width punctuation is no other heading", heading("s4", "四.政府信息公开行政复议,行政诉讼情况："), "R-AR-17 warning 标题“四.政府信息公开行政复议,行政诉讼情况：”应为“四、政府信息公开行政复议、行政诉讼情况”"},
		{"spaces in a heading", heading("s1", "一、 总体 情况"), ""},
		{"an accepted variant", heading("s5", "五、存在问题及改进情况"), "R-AR-17 warning 标题“五、存在问题及改进情况”应为“五、存在的主要问题及改进情况”"},
		{"上海市科委2024: numbering starts again", func(r *annual.Report) {
			r.Section("s2").Heading.Text = "一、主动公开政府信息情况"
			r.Section("s3").Heading.Text = "二、收到和处理政府信息公开申请情况"
		}, "R-AR-17 error 2个标题序号不符合格式：“一、主动公开政府信息情况”→“二、主动公开政府信息情况”；“二、收到和处理政府信息公开申请情况”→“三、收到和处理政府信息公开申请情况”"},
		{"a heading is missing", func(r *annual.Report) { r.Section("s5").Missing = true }, "R-AR-17 error 缺1个标题：“五、存在的主要问题及改进情况”"},
		{"a heading in other words", func(r *annual.Report) {
			s := r.Section("s5")
			s.Missing = true
			s.Paragraphs = append([]annual.Text{{Text: "五、工作中的不足"}}, s.Paragraphs...)
		}, "R-AR-17 warning 标题“五、工作中的不足”应为“五、存在的主要问题及改进情况”"},
		{"headings out of order", func(r *annual.Report) { r.Section("s6").Heading.At.Block = 1; r.Section("s6").Heading.At.Line = 1 },
			"R-AR-17 error “六、其他需要报告的事项”排在了“五、存在的主要问题及改进情况”前面"},
		{"a table is missing", func(r *annual.Report) {
			for k := range r.Cells {
				if k.Table() == "T4" {
					delete(r.Cells, k)
				}
			}
		}, "R-AR-17 error “四、政府信息公开行政复议、行政诉讼情况”没有表四"},
		{"no title", title(""), "R-AR-17 warning 没有读到标题"},
		{"七家子镇2023: letters swapped", title("某某市民政局2023年政府信息公开 工作告年度报"), "R-AR-17 error 标题应含“政府信息公开工作年度报告”，现为“政府信息公开工作告年度报”"},
		{"工作 left out", title("某某市民政局2023年政府信息公开年度报告"), "R-AR-17 warning 标题应含“政府信息公开工作年度报告”，现为“政府信息公开年度报告”"},
		{"the year first", title("2023年度某某市民政局政府信息公开工作年度报告"), ""},
		{"no year", title("某某市民政局政府信息公开工作年度报告"), "R-AR-17 error 标题没有年度"},
		{"no body", title("2023年政府信息公开工作年度报告"), "R-AR-17 error 标题没有公开主体名称"},
		{"集安市民政局2020: the place left out", func(r *annual.Report) {
			r.Title.Text, r.Signature.Text = "民政局2023年政府信息公开工作年度报告", "某某市民政局"
		}, "R-AR-17 warning 标题中的“民政局”缺地区名，落款为“某某市民政局”"},
		{"a local line in a table", func(r *annual.Report) { r.Extras = []annual.Text{{Text: "政府信息公开发布总数量：75"}} },
			"R-AR-17 info 表格里有1行是格式没有的，这类数字请写入正文"},
		{"the source breaks off", func(r *annual.Report) {
			for _, key := range []string{"s3", "s4", "s5", "s6"} {
				r.Section(key).Missing = true
			}
			r.Signed, r.Published = annual.Day{}, annual.Day{}
			for k := range r.Cells {
				if k.Table() != "T2" || k.Row() == "T2.fees" {
					delete(r.Cells, k)
				}
			}
		}, "R-AR-17 error 材料到“二、主动公开政府信息情况”为止，后面的“三、收到和处理政府信息公开申请情况”、“四、政府信息公开行政复议、行政诉讼情况”、“五、存在的主要问题及改进情况”、“六、其他需要报告的事项”都没有"},
		{"a refused source", func(r *annual.Report) { *r = annual.Report{Refused: &annual.Refusal{}} }, "R-AR-17 error 这不是统一格式的政府信息公开工作年度报告："},
	}
	for _, tt := range tests {
		r := faultless()
		tt.edit(r)
		if got := all(Check(r, Context{}).Findings); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// R-AR-16, 条例第四十九条: departments by 31 January, governments by 31 March.
func TestDays(t *testing.T) {
	tests := []struct {
		name, body, signed, published string
		want                          string
	}{
		{"department on the last day", "某某市民政局", "2024-01-31", "2024-01-31", ""},
		{"department one day late", "某某市民政局", "2024-01-31", "2024-02-01", "error 2024年2月1日发布，晚于2024年1月31日，逾期1天"},
		{"government on the last day", "某某市人民政府", "2024-03-31", "2024-03-31", ""},
		{"government one day late", "某某市人民政府", "2024-03-31", "2024-04-01", "error 2024年4月1日发布，晚于2024年3月31日，逾期1天"},
		{"township, held to the later day", "某某镇人民政府", "2024-02-20", "2024-02-21", ""},
		{"kind unknown, held to the later day", "某某协调组", "2024-04-02", "2024-04-03", "error 2024年4月3日发布，晚于2024年3月31日，逾期3天"},
		{"signed late, publication not stated", "某某市民政局", "2024-02-29", "", "error 落款日期2024年2月29日，晚于2024年1月31日，逾期29天"},
		{"signed after publication", "某某市民政局", "2024-01-20", "2024-01-19", "error 落款日期2024年1月20日晚于发布日期2024年1月19日"},
		{"signed on the last day of the year", "某某市民政局", "2023-12-31", "2024-01-05", ""},
		{"signed with last year's number", "某某市民政局", "2023-01-15", "2024-01-20", "warning 落款日期2023年1月15日早于2023年年底，年份可能写错，或统计未满全年"},
		{"neither", "某某市民政局", "", "", "info 没有落款日期和发布日期，无法核对是否按期公布"},
	}
	for _, tt := range tests {
		r := faultless()
		r.Agency.Text = tt.body
		r.Signed, r.Published = annual.Day{}, annual.Day{}
		if tt.signed != "" {
			r.Signed = day(tt.signed)
		}
		if tt.published != "" {
			r.Published = day(tt.published)
		}
		if got := messages(Check(r, Context{}).Findings, "R-AR-16"); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
	r := faultless()
	if got, want := messages(Check(r, Context{Today: date.Must(2024, 1, 19)}).Findings, "R-AR-16"), "warning 日期2024年1月20日还没有到"; got != want {
		t.Errorf("today is before publication: got %s, want %s", got, want)
	}
	r.Published = day("2024-02-01")
	if got := messages(Check(r, Context{Kind: agency.Government}).Findings, "R-AR-16"); got != "" {
		t.Errorf("the context says it is a government: %s", got)
	}
}

// R-AR-18: which form for which year.
func TestVersion(t *testing.T) {
	tests := []struct {
		form string
		year int
		want string
	}{
		{"2019", 2020, ""},
		{"2021", 2021, ""},
		{"2021", 2025, ""},
		{"2019", 2021, "error 2021年年报用了国办公开办函〔2019〕60号的旧格式，应使用国办公开办函〔2021〕30号《中华人民共和国政府信息公开工作年度报告格式》"},
		{"2019", 2023, "error 2023年年报用了国办公开办函〔2019〕60号的旧格式，应使用国办公开办函〔2021〕30号《中华人民共和国政府信息公开工作年度报告格式》"},
	}
	for _, tt := range tests {
		r := filled(tt.form, nil)
		r.Year = tt.year
		if got := messages(Check(r, Context{}).Findings, "R-AR-18"); got != tt.want {
			t.Errorf("form %s, %d: got %q, want %q", tt.form, tt.year, got, tt.want)
		}
	}
	cited := faultless()
	cited.Sections[0].Paragraphs[1].Text = "根据有关通知(国办公开办函〔2019〕60号)编制，主动公开机构职能。"
	if got, want := messages(Check(cited, Context{}).Findings, "R-AR-18"), "warning 引用了已被替代的国办公开办函〔2019〕60号，现行依据是国办公开办函〔2021〕30号"; got != want {
		t.Errorf("太平镇2022: got %q, want %q", got, want)
	}
}

// R-AR-19, 立法法第九十一条、第九十三条.
func TestPower(t *testing.T) {
	tests := []struct{ body, value, want string }{
		{"某某镇人民政府", "0", ""},
		{"某某镇人民政府", "6", "error “某某镇人民政府”没有规章制定权，表二“规章”一行应填0"},
		{"某某市某某区人民政府", "1", "error “某某市某某区人民政府”没有规章制定权，表二“规章”一行应填0"},
		{"某某县司法局", "1", "warning “某某县司法局”一般没有规章制定权，请核对表二“规章”一行"},
		{"某某市人民政府", "74", ""},
		{"某某省人民政府", "74", ""},
	}
	for _, tt := range tests {
		r := filled("2021", map[string]string{"T2.rules.in_force": tt.value})
		r.Agency.Text = tt.body
		if got := messages(Check(r, Context{}).Findings, "R-AR-19"); got != tt.want {
			t.Errorf("%s, %s: got %q, want %q", tt.body, tt.value, got, tt.want)
		}
	}
	town := filled("2021", map[string]string{"T2.rules.in_force": "6"})
	town.Sections = []annual.Section{{Key: "s1", Paragraphs: []annual.Text{{Text: "现将我镇工作报告如下。"}}}}
	if got, want := messages(Check(town, Context{}).Findings, "R-AR-19"), "error “我镇”没有规章制定权，表二“规章”一行应填0"; got != want {
		t.Errorf("a town that only says 我镇: got %q, want %q", got, want)
	}
}

// R-IDX-04 and R-IDX-05.
func TestIndex(t *testing.T) {
	tests := []struct{ index, body, want string }{
		{"000014349/2024-06676", "黄石市民政局", "R-IDX-04 warning 索引号机构代码与发布机构不符：000014349是国务院办公厅的代码，发布机构为“黄石市民政局”"},
		{"000014349/2017-00110", "国务院办公厅", ""},
		{"014225972/2019-00001", "某某市民政局", ""},
		{"014225973/2019-00001", "某某市民政局", "R-IDX-05 warning 索引号中的组织机构代码014225973校验位不对，请核对"},
		{"11441700007280420Y/2021-00050", "某某市民政局", ""},
		{"11441700007280420X/2021-00050", "某某市民政局", "R-IDX-05 warning 索引号中的统一社会信用代码11441700007280420X校验位不对，请核对"},
		{"6107280000/2024-001005", "某某县民政局", ""},
		{"无", "某某县民政局", ""},
	}
	for _, tt := range tests {
		r := filled("2021", nil)
		r.IndexNo.Text, r.Agency.Text = tt.index, tt.body
		if got := all(only(Check(r, Context{}).Findings, "R-IDX-04", "R-IDX-05")); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.index, got, tt.want)
		}
	}
}

// R-AR-00b: one or two aspects missing is a hint, more is a warning; a list of the report's
// parts covers nothing.
func TestAspects(t *testing.T) {
	tests := []struct {
		name, text string
		kind       agency.Kind
		want       string
	}{
		{"two missing", "主动公开信息44篇，未收到公开申请，管理好网站。", agency.Department, "info 第一部分没有写到2个方面：政府信息管理、监督保障"},
		{"three missing", "主动公开信息44篇，管理好网站。", agency.Department, "warning 第一部分没有写到3个方面：依申请公开、政府信息管理、监督保障"},
		{"龙岗区2024: only a list of parts", "由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在的主要问题及改进情况组成。", agency.Department,
			"warning 第一部分没有写到5个方面：主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障"},
		{"government", "主动公开、依申请公开、保密审查、网站、监督、考核。", agency.Government, "info 政府年报还应写明：社会评议、责任追究结果"},
	}
	for _, tt := range tests {
		r := filled("2021", nil)
		r.Sections = []annual.Section{{Key: "s1", Paragraphs: []annual.Text{{Text: tt.text}}}}
		if got := messages(Check(r, Context{Kind: tt.kind}).Findings, "R-AR-00b"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Findings are the same however often they are asked for, gravest first.
func TestOrder(t *testing.T) {
	r := faultless()
	set(r, "T4.review.upheld", "3")
	r.Title.Text = ""
	r.Section("s5").Paragraphs[0].Text += "资金资金。"
	first := all(Check(r, Context{}).Findings)
	for range 5 {
		if again := all(Check(r, Context{}).Findings); again != first {
			t.Fatalf("order changes:\n%s\n%s", first, again)
		}
	}
	if !strings.HasPrefix(first, "R-AR-04 error") {
		t.Errorf("the gravest is not first:\n%s", first)
	}
}

// Each finding has a place, a message in both languages and a citation.
func TestFindingsAreWhole(t *testing.T) {
	r := faultless()
	for _, c := range form.ByID("2021").Cells() {
		if c.Index%3 == 0 {
			set(r, string(c.Key), "")
		} else {
			set(r, string(c.Key), fmt.Sprint(c.Index%7))
		}
	}
	r.Title, r.Signed, r.Published = annual.Text{}, annual.Day{}, annual.Day{}
	p, _ := pair("2021", "2021", 2023, map[string]string{"T3.carry_out.total": "9"}, nil)
	for _, f := range Check(r, Context{Previous: p}).Findings {
		if len(f.Places) == 0 || f.Places[0].Label.IsZero() {
			t.Errorf("%s has no place", f.Code)
		}
		if f.Cite.IsZero() {
			t.Errorf("%s cites nothing", f.Code)
		}
		for _, l := range i18n.Langs {
			s := i18n.To(l).Text(f.Message) + i18n.To(l).Text(f.Advice)
			if strings.ContainsAny(s, "⟦{}") {
				t.Errorf("%s: %s: %s", f.Code, l, s)
			}
		}
	}
}
