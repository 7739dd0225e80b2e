package read

import (
	"context"
	"strings"
	"testing"

	"gongkai/internal/annual/form"
	"gongkai/internal/extract"
)

// What stands around the tables, read off the sources by hand.
func TestHead(t *testing.T) {
	tests := []struct {
		id, title, agency, signed, published, index string
	}{
		{"S0", "", "黄石市民政局", "2024-01-19", "2024-01-29", "000014349/2024-06676"},
		{"S1", "咸宁市政务服务和大数据管理局2022年政府信息公开工作年度报告", "咸宁市政务服务和大数据管理局", "2023-01-17", "2023-01-28", ""},
		{"S2", "民政局2020年政府信息公开工作年度报告", "集安市民政局", "2021-01-11", "", ""},
		{"S4", "焦作市民政局2023年政府信息公开工作年度报告", "焦作市民政局", "", "", ""},
		{"R01", "洪泽区人民政府2023年政府信息公开工作年度报告", "洪泽区人民政府", "", "", ""},
		{"R02", "淮安市洪泽区人民政府2024年政府信息公开工作年度报告", "淮安市洪泽区人民政府", "", "", ""},
		{"R06", "2024年上海市科委政府信息公开工作年度报告", "上海市科委", "", "", ""},
		{"R09", "测试市2025年政府信息公开工作年度报告", "测试市", "", "", ""},
	}
	all := truths(t)
	for _, tt := range tests {
		r, err := File(context.Background(), corpus(t, all[tt.id].File))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []struct{ what, got, want string }{
			{"title", r.Title.Text, tt.title}, {"agency", r.Agency.Text, tt.agency},
			{"signed", r.Signed.Date.String(), tt.signed}, {"published", r.Published.Date.String(), tt.published},
			{"index number", r.IndexNo.Text, tt.index},
		} {
			if p.got != p.want {
				t.Errorf("%s: %s %q, want %q", tt.id, p.what, p.got, p.want)
			}
		}
	}
}

// Headings of real reports, and lines that look like headings but are not.
func TestHeadingOf(t *testing.T) {
	tests := []struct{ line, key string }{
		{"一、总体情况", "s1"},
		{"  二、主动公开政府信息情况 ", "s2"},
		{"二、行政机关主动公开政府信息情况", "s2"},
		{"三、行政机关收到和处理政府信息公开申请情况", "s3"},
		{"四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "s4"},
		{"五、政府信息公开工作存在的主要问题及改进措施", "s5"},
		{"六、其他需要报告的事项。本年度未收取信息处理费。", "s6"},
		{"总体情况", "s1"},
		{"一、本年新收政府信息公开申请数量", ""},
		{"四、结转下年度继续办理", ""},
		{"三、主动公开工作情况", ""},
		{"（二）依申请公开情况。今年我局未接到公开申请。", ""},
		{"一是加强学习，二是解决存在的主要问题及改进不力的情况。", ""},
	}
	f := version(nil, &extract.Document{})
	for _, tt := range tests {
		h, _ := headingOf(tt.line, books()[f])
		if h.key != tt.key {
			t.Errorf("%q heads %q, want %q", tt.line, h.key, tt.key)
		}
	}
}

// A report whose lines were broken at the margin comes back in paragraphs, and a passage
// is found in the line where it stands.
func TestLocate(t *testing.T) {
	r, err := File(context.Background(), corpus(t, truths(t)["R01"].File))
	if err != nil {
		t.Fatal(err)
	}
	p := r.Section("s6").Paragraphs[0]
	want := "2023 年，区政府严格落实《政府信息公开信息处理费管理办法》，全年收取政府信息公开信息处理费 0 元。"
	if p.Text != want {
		t.Fatalf("paragraph %q", p.Text)
	}
	runes := []rune(p.Text)
	for i := range runes {
		if string(runes[i:i+2]) == "全年" {
			at := p.Locate(i, i+2)
			if at.Line != 137 || at.Start != 3 || at.End != 5 {
				t.Errorf("全年 is found at %+v, want line 137, runes 3 to 5", at)
			}
			return
		}
	}
	t.Error("全年 not in the paragraph")
}

// Seed S2 adds a line to table two that the form does not have (spec §2.10).
func TestLocalLine(t *testing.T) {
	r, err := File(context.Background(), corpus(t, truths(t)["S2"].File))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Extras) != 1 || r.Extras[0].At.Line != 153 {
		t.Errorf("extras %v, want the line on 政府信息公开发布总数量", r.Extras)
	}
}

func FuzzDocument(f *testing.F) {
	f.Add("示范市样例局2024年政府信息公开工作年度报告\n一、总体情况\n三、收到和处理政府信息公开申请情况\n一、本年新收政府信息公开申请数量 | 9 | 9 | |||||||\n")
	f.Add("四、政府信息公开行政复议、行政诉讼情况\n行政复议 | 行政诉讼 |\n结果维持\n1 1 2\n")
	f.Add("第二十条第（一）项\n规章\n0\n35\n212204\n")
	f.Fuzz(func(t *testing.T, text string) {
		r := Document(extract.Paste(text))
		if r.Refused == nil {
			asked := r.Unsettled()
			for k := range r.Cells {
				if _, both := asked[k]; both {
					t.Errorf("%s is both read and asked about", k)
				}
			}
		}
	})
}

// A page header names several days and titles: the day of publication is not that of the
// signature, and the site's name before the title is no part of the body's.
func TestPageHeader(t *testing.T) {
	r, err := Bytes(context.Background(), "x.html", []byte(`<html><head><title>示范市信息公开目录 示范市样例局2023年政府信息公开工作年度报告</title></head><body>
<ul><li><b>索&nbsp;引&nbsp;号：</b>MB000000/2024-00001</li><li><b>成文日期：</b>2024年1月18日</li><li><b>发布日期：</b>2024年1月29日</li></ul>
<h1>示范市样例局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>本年度工作正常。</p></body></html>`))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Published.Date.String(); got != "2024-01-29" || r.Agency.Text != "示范市样例局" {
		t.Errorf("published %s by %q", got, r.Agency.Text)
	}
}

// A page printed without its table's lines gives labels and values apart; a title breaks
// within its last word.
func TestScatteredHeader(t *testing.T) {
	cell := func(row, col int, text string) extract.Cell {
		return extract.Cell{Text: text, Row: row, Col: col, RowSpan: 1, ColSpan: 1}
	}
	r := Document(&extract.Document{Format: extract.PDF, Blocks: []extract.Block{
		{Table: &extract.Table{Columns: 3, Rows: [][]extract.Cell{
			{cell(0, 0, "索引号\n发布机构"), cell(0, 1, "MB000000/2024-00001"), cell(0, 2, "发布日期")},
			{cell(1, 0, "示范市样例局"), cell(1, 1, "其他"), cell(1, 2, "年报\n2024-01-29")},
		}}},
		{Text: "示范市样例局2023年政府信息公开工作年度报"}, {Text: "告"},
		{Text: "一、总体情况"}, {Text: "本年度工作正常。"}, {Text: "二、主动公开政府信息情况"},
		{Text: "三、收到和处理政府信息公开申请情况"}, {Text: "四、政府信息公开行政复议、行政诉讼情况"},
	}})
	if r.IndexNo.Text != "MB000000/2024-00001" || r.Published.Date.String() != "2024-01-29" {
		t.Errorf("index %q, published %s", r.IndexNo.Text, r.Published.Date)
	}
	if want := "示范市样例局2023年政府信息公开工作年度报告"; r.Title.Text != want {
		t.Errorf("title %q, want %q", r.Title.Text, want)
	}
}

// Columns that a page cut off are asked about, not blank.
func TestColumnsCutOff(t *testing.T) {
	r, err := Bytes(context.Background(), "x.html", []byte(`<p>示范市样例局2023年政府信息公开工作年度报告</p><p>三、收到和处理政府信息公开申请情况</p>
<table><tr><td rowspan=3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td><td colspan=3>申请人情况</td></tr>
<tr><td rowspan=2>自然人</td><td colspan=2>法人或其他组织</td></tr><tr><td>商业企业</td><td>科研机构</td></tr>
<tr><td>一、本年新收政府信息公开申请数量</td><td>3</td><td>1</td><td></td></tr></table>`))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := r.Unsettled()["T3.new.legal"]; !ok {
		t.Errorf("T3.new.legal is not asked about: %v", r.Cells["T3.new.legal"])
	}
}

// Titles as bodies word them, each with the body and the year it names.
func TestParseTitle(t *testing.T) {
	for _, title := range []string{
		"示范市样例局2023年政府信息公开工作年度报告",
		"2023年度示范市样例局政府信息公开工作年度报告",
		"示范市样例局政府信息公开工作2023年度报告",
		"示范市样例局政府信息公开工作年度报告（2023年）",
		"示范市样例局2023年政府信息公开工作报告",
		"示范市样例局2023年政府信息公开工作情况报告",
		"示范市样例局2023年政府信息公开年报",
		"示范市样例局二〇二三年政府信息公开工作年度报告",
	} {
		m := parseTitle(title)
		if m == nil || m[2] != "2023" || bodyOf(m) != "示范市样例局" {
			t.Errorf("%s: %q", title, m)
		}
	}
	for _, other := range []string{"2023年政府信息公开申请办理情况", "示范市样例局2023年工作报告", "政府信息公开工作年度报告"} {
		if m := parseTitle(other); m != nil {
			t.Errorf("%s is no title of a year's report: %q", other, m)
		}
	}
}

// Signatures on one line or two, with the words for a seal.
func TestSignature(t *testing.T) {
	for _, text := range []string{
		"示范市样例局\n2024年1月19日", "示范市样例局2024年1月19日", "示范市样例局　　2024 年 1 月 19 日",
		"示范市样例局（盖章）\n2024年1月19日", "2024年1月19日\n（此件公开发布）",
	} {
		who, day, _ := signature(rows(extract.Paste("本年度没有其他事项。\n"+text)), 0)
		if day.Date.String() != "2024-01-19" || who.Text != "示范市样例局" && strings.HasPrefix(text, "示范市") {
			t.Errorf("%q: %s by %q", text, day.Date, who.Text)
		}
	}
}

// Parts numbered in other ways than 一、 are told where the report has no others.
func TestLooseHeadings(t *testing.T) {
	f := form.ByID("2021")
	for _, number := range []string{"第%s部分 ", "（%s）", "%s ", "%s，"} {
		src := ""
		for _, s := range f.Sections {
			src += strings.Replace(number, "%s", s.No, 1) + s.Heading + "\n本年度没有需要说明的情况。\n"
		}
		if got := headings(rows(extract.Paste(src)), books()[f]); len(got) != 6 {
			t.Errorf("%q: %d headings", number, len(got))
		}
	}
	src := "一、总体情况\n（二）主动公开政府信息情况\n全年公开。\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n"
	if got := headings(rows(extract.Paste(src)), books()[f]); len(got) != 3 || got[1].row != 3 {
		t.Errorf("a paragraph's heading is taken for a part's: %v", got)
	}
}

// A title may be a heading of markdown; a line of properties above the text is no title.
func TestMarkdownTitle(t *testing.T) {
	r := Document(extract.Paste(`# title=别的报告2020年政府信息公开工作年度报告; year=2020; source=somewhere
# 示范市样例局2024年政府信息公开工作年度报告
## 一、总体情况
本年度按照规定做好公开工作。
## 二、主动公开政府信息情况
第二十条第（一）项
规章 | 0 | 0 | 0 |
行政规范性文件 | 1 | 0 | 3 |`))
	if r.Agency.Text != "示范市样例局" || r.Year != 2024 || r.Section("s1").Missing {
		t.Errorf("agency %q, year %d, refused %v", r.Agency.Text, r.Year, r.Refused)
	}
}
