package rule

import (
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/place"
)

// saying returns the faultless report of 2023 with another paragraph in a section.
func saying(section, words string) *annual.Report {
	r := faultless()
	s := r.Section(section)
	s.Paragraphs = append(s.Paragraphs, annual.Text{Text: words, At: place.Place{Block: 90, Line: 90}})
	return r
}

// R-AR-23: a year is stale only where this year's work is meant.
func TestStaleYears(t *testing.T) {
	const one = "warning 2023年年报的正文有1处写2022年，是否应为2023年"
	tests := []struct{ section, words, want string }{
		{"s1", "在局网站对2022年行政许可、行政处罚信息全部进行公示。", one}, // 焦作市民政局2023
		{"s1", "2022年，我局主动公开信息。", one},
		{"s3", "2022 年我局收到申请0件。", one},
		{"s1", "2022年我局公开信息。2022年又公开信息。", "warning 2023年年报的正文有2处写2022年，是否应为2023年"},
		{"s5", "2022年，我局存在公开深度不够的问题。", ""},
		{"s1", "及时公开2022年度部门决算和2023年度部门预算。", ""},
		{"s1", "公开信息较2022年增长三成。", ""},
		{"s1", "自2022年起实行集体审核。", ""},
		{"s1", "印发《2022年政务公开工作要点》。", ""},
		{"s1", "公布2022年12月修订的目录。", ""},
		{"s1", "2022—2023年连续两年开展业务学习。", ""},
		{"s6", "2024年，我局将继续努力。", ""},
		{"s1", "2021年我局成立。", ""},
		{"s1", "编号120225年。", ""},
		{"s1", "连同2022年未办结的申请一并答复。", ""},
		{"s5", "2021年，我局将继续完善栏目。", "warning 今后的打算写的是2021年，是否应为2024年"},
		{"s5", "2023年我局将进一步充实解读。", "warning 今后的打算写的是2023年，是否应为2024年"},
		{"s5", "2023年，我局将公开工作列入议程。", ""},
		{"s1", "2023年，我局将继续教育信息全部公开。", ""},
		{"s5", "2024年，我局将继续完善栏目。", ""},
		{"s5", "2022年底提出将进一步充实解读，现已完成。", ""},
	}
	for _, tt := range tests {
		if got := messages(Check(saying(tt.section, tt.words), Context{}).Findings, "R-AR-23"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.words, got, tt.want)
		}
	}
}

// R-AR-23: the statement of the statistical period.
func TestPeriod(t *testing.T) {
	const malformed, other, part = "warning 统计期限的日期书写有误", "warning 统计期限的年份与报告年度2023年不符", "warning 统计期限不是2023年全年"
	tests := []struct{ words, want string }{
		{"本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。", ""},
		{"数据统计期限自 2023 年 1 月 1 日起至 2023 年 12 月 31 日止。", ""},
		{"统计期限为2023年1月1日至12月31日。", ""},
		{"统计周期为2023年度。", ""},
		{"本报告数据自2023年1月1日至2023年12月31日。", ""},
		{"统计期限为二〇二三年一月一日至二〇二三年十二月三十一日。", ""},
		{"所列数据统计时限为20231月1日至202312月31日。", malformed}, // 万潮镇2023
		{"统计期限自2023年1月1日起至2023年12月32日止。", malformed},
		{"统计期限自2022年1月1日起至2022年12月31日止。", other},
		{"统计期限自2022年1月1日起至2023年12月31日止。", other},
		{"统计期限自2023年1月1日起至2023年11月30日止。", part},
		{"", "warning 没有写明统计期限"},
	}
	for _, tt := range tests {
		r := faultless()
		r.Period = annual.Text{}
		r.Section("s1").Paragraphs[0].Text = tt.words
		if got := messages(Check(r, Context{}).Findings, "R-AR-23"); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.words, got, tt.want)
		}
	}
	broken := faultless()
	broken.Period = annual.Text{}
	broken.Section("s1").Paragraphs = append([]annual.Text{
		{Text: "报告中所列数据统计期限自 2023 年 1 月"}, {Text: "1 日起至 2023 年 12 月 31 日止。"},
	}, broken.Section("s1").Paragraphs[1:]...)
	if got := messages(Check(broken, Context{}).Findings, "R-AR-23"); got != "" {
		t.Errorf("broken over two lines: %s", got)
	}
	r := faultless()
	r.Year = 0
	if got, want := messages(Check(r, Context{}).Findings, "R-AR-23"), "warning 没有写明是哪一年的年报"; got != want {
		t.Errorf("no year: got %q, want %q", got, want)
	}
}

// R-AR-25: each slip with the nearest thing that is none.
func TestDebris(t *testing.T) {
	tests := []struct{ words, want string }{
		{"[bookmark: _GoBack]整改措施如下。", "warning “[bookmark: _GoBack]”是网页或文档的残留"},
		{"由××局负责。", "warning “××”是占位符，没有替换成实际内容"},
		{"印发《关于XX的通知》。", "warning “XX”是占位符，没有替换成实际内容"},
		{"网址www.xx.gov.cn/xxgk/。", ""},
		{"面积为3×4米。", ""},
		{"点击查看原文", "warning “点击查看”是网页或文档的残留"},
		{"方便群众随时点击查看条例细则。", ""}, // 集安市民政局2020
		{"（文字描述）", "warning “（文字描述）”是格式里的填写说明，应删去或换成内容"},
		{"持续突进制度化建设。", "warning “持续突进”应为“持续推进”"},
		{"截止2023年12月31日，共办结。", "warning “截止”应为“截至”"},
		{"截止目前，共办结。", "warning “截止目前”应为“截至目前”"},
		{"截至2023年12月31日，共办结。", ""},
		{"报名截止日期为10月1日。", ""},
		{"全面贯彻落实贯彻《条例》。", "warning “贯彻落实贯彻”词语重复"},
		{"全面贯彻落实《条例》，贯彻到位。", ""},
		{"科技计划资金资金分配。", "warning “资金资金”词语重复"},
		{"专项资金、资金分配。", ""},
		{"人民政府政府信息公开。", ""},
		{"办公室办公室主任。", ""},
		{"一步一步推进。", ""},
		{"政策政策解读。", ""},
		{"进一步进一步规范。", "warning “进一步进一步”词语重复"},
		{"以服务群众为目的的工作。", ""},
		{"公开的的内容。", "warning “的的”词语重复"},
		{"公开内容，，形式。", "info “，，”标点重复"},
		{"可以经网站查询，所以经办人方便。", ""},
		{"以经济建设为中心，按排污许可证管理，按排名通报，群众自己经办，既使用网站又使用微信。", ""},
		{"某某某某某局。", ""},
		{"联系电话：XXXX-XXXXXXX。", "warning “XXXX-XXXXXXX”是占位符，没有替换成实际内容"},
		{"X月X日召开会议。", "warning “X月X日”是占位符，没有替换成实际内容"},
		{"20××年更新指南。", "warning “20××年”是占位符，没有替换成实际内容"},
		{"由**局负责。", "warning “**”是占位符，没有替换成实际内容"},
		{"**（一）主动公开。**及时更新。", ""},
		{"共公开信息____条。", "warning “____”是占位符，没有替换成实际内容"},
		{"X光检查与5*8小时服务，见a_b网址。", ""},
	}
	for _, tt := range tests {
		if got := messages(Check(saying("s5", tt.words), Context{}).Findings, "R-AR-25"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.words, got, tt.want)
		}
	}
}

// The same slip in two places is one finding with two places.
func TestDebrisIsGathered(t *testing.T) {
	fs := only(Check(saying("s5", "由××局负责，××科配合。"), Context{}).Findings, "R-AR-25")
	if len(fs) != 1 || len(fs[0].Places) != 2 {
		t.Fatalf("findings %v, want one with two places", fs)
	}
	if at := fs[0].Places[1].At; at.Start != 7 || at.End != 9 {
		t.Errorf("second place %d to %d, want 7 to 9", at.Start, at.End)
	}
}

// Two made-up passages of 72 and 69 characters, punctuation left out.
const (
	improve = "一是全面梳理和优化申请办理流程，健全会商机制，强化科室协同配合，提升答复文书规范化水平。二是围绕中心工作明确公开重点领域，优化解读和回应，让群众找得到看得懂。"
	learn   = "实行工作人员跟班学习制度，请业务骨干逐件讲评典型案例，每季度通报一次办理质量，把讲评结果作为年终评优的参考，不断提高各单位工作人员的认识和业务水平。"
)

// R-AR-22: against last year, a neighbour and itself.
func TestAlike(t *testing.T) {
	year := func(y int, words string) *annual.Report {
		r := saying("s5", words)
		r.Year = y
		r.Agency.Text = "某某市文化局"
		return r
	}
	own := "今年换了做法，逐项列出清单，由分管负责人每月督办，年底请群众代表现场打分，分数低的科室说明原因并限期改正，改正情况再次公布，接受群众监督评价。"
	tests := []struct {
		name string
		text string
		c    Context
		want string
	}{
		{"nothing to compare with", improve, Context{}, ""},
		{"the same as last year", improve, Context{Previous: year(2022, improve)},
			"warning “五、存在的主要问题及改进情况”有100%的文字与2022年年报雷同"},
		{"figures and years changed, still the same", "2023年" + improve + "共5次。", Context{Previous: year(2022, "2022年"+improve+"共4次。")},
			"warning “五、存在的主要问题及改进情况”有100%的文字与2022年年报雷同"},
		{"written anew", own, Context{Previous: year(2022, improve)}, ""},
		{"the same as a neighbour", improve, Context{Neighbours: []*annual.Report{year(2023, improve)}},
			"warning “五、存在的主要问题及改进情况”有100%的文字与某某市文化局年报雷同"},
	}
	for _, tt := range tests {
		if got := messages(Check(alone(saying("s5", tt.text)), bare(tt.c)).Findings, "R-AR-22"); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// alone leaves only the last paragraph of section five, and none elsewhere.
func alone(r *annual.Report) *annual.Report {
	for i := range r.Sections {
		s := &r.Sections[i]
		if s.Key != "s5" {
			s.Paragraphs = nil
			continue
		}
		s.Paragraphs = s.Paragraphs[len(s.Paragraphs)-1:]
	}
	return r
}

// bare does the same to the reports of a context.
func bare(c Context) Context {
	if c.Previous != nil {
		alone(c.Previous)
	}
	for _, n := range c.Neighbours {
		alone(n)
	}
	return c
}

// Shared passages are quoted in both places, the longest first.
func TestAlikeQuotesBothPlaces(t *testing.T) {
	r, p := alone(saying("s5", learn+"本年新增两个专栏。"+improve)), alone(saying("s5", improve+learn))
	p.Year = 2022
	fs := only(Check(r, Context{Previous: p}).Findings, "R-AR-22")
	if len(fs) != 1 || len(fs[0].Places) != 4 {
		t.Fatalf("%d findings, want one with two passages in two places each", len(fs))
	}
	mine, theirs := fs[0].Places[0], fs[0].Places[1]
	if !strings.HasPrefix(mine.Text, "一是全面梳理") || mine.Text != theirs.Text {
		t.Errorf("quotes %q and %q", mine.Text, theirs.Text)
	}
	if theirs.At.Start != 0 || mine.At.Start == 0 {
		t.Errorf("places %v and %v", mine.At, theirs.At)
	}
}

// A paragraph that repeats an earlier one is found; a turn of phrase is not.
func TestRepeats(t *testing.T) {
	r := saying("s1", "2."+improve+"另设专人。")
	s := r.Section("s1")
	s.Paragraphs = append(s.Paragraphs,
		annual.Text{Text: "7." + improve, At: place.Place{Block: 95, Line: 95}},
		annual.Text{Text: "健全会商机制，强化科室协同配合。", At: place.Place{Block: 96, Line: 96}})
	fs := only(Check(r, Context{}).Findings, "R-AR-22")
	if len(fs) != 1 {
		t.Fatalf("%d findings, want 1", len(fs))
	}
	if fs[0].Places[0].At.Line != 95 || fs[0].Places[1].At.Line != 90 {
		t.Errorf("places %v, want the repetition first", fs[0].Places)
	}
}
