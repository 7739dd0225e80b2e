package extract

import (
	"strings"
	"testing"
)

// body returns what a document says, without its properties.
func body(d *Document) string {
	_, text, _ := strings.Cut(sketch(d), "\n")
	return text
}

func TestOFDTableFromRulingLines(t *testing.T) {
	xs, ys := []float64{20, 70, 110, 150}, []float64{40, 50, 60, 70}
	page := ofdText(60, 30, 6, "某市某局2024年政府信息公开工作年度报告") + ofdRules(xs, ys) +
		ofdText(22, 47, 4, "信息内容") + ofdText(72, 47, 4, "本年制发件数") + ofdText(112, 47, 4, "现行有效件数") +
		ofdText(22, 57, 4, "规章") + ofdText(72, 57, 4, "3") + ofdText(112, 57, 4, "74") +
		ofdText(22, 67, 4, "行政规范性文件") + ofdText(72, 67, 4, "564") + ofdText(112, 67, 4, "4185")
	d := mustRead(t, "报告.ofd", makeOFD(t, page))
	want := `ofd  pages=1 notes=[] meta=[{title 某市某局2024年政府信息公开工作年度报告}]
[p1 l1] 某市某局2024年政府信息公开工作年度报告
table 1 (p1), 3 columns
 |0,0 信息内容 |0,1 本年制发件数 |0,2 现行有效件数
 |1,0 规章 |1,1 3 |1,2 74
 |2,0 行政规范性文件 |2,1 564 |2,2 4185
`
	if got := sketch(d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestOFDMergedCells(t *testing.T) {
	page := ofdLine(20, 40, 110, 40) + ofdLine(50, 50, 110, 50) + ofdLine(20, 60, 110, 60) +
		ofdLine(20, 40, 20, 60) + ofdLine(50, 40, 50, 60) + ofdLine(80, 50, 80, 60) + ofdLine(110, 40, 110, 60) +
		ofdText(22, 51, 4, "甲") + ofdText(60, 47, 4, "乙") + ofdText(52, 57, 4, "1") + ofdText(82, 57, 4, "2")
	want := "table 1 (p1), 3 columns\n |0,0(2x1) 甲 |0,1(1x2) 乙\n |1,1 1 |1,2 2\n"
	if got := body(mustRead(t, "a.ofd", makeOFD(t, page))); got != want {
		t.Errorf("got\n%s", got)
	}
}

// The first page ends within the rows of 三、, its second part repeats the header, and a page
// number and a running title stand between.
func TestOFDTableOverThePageBreak(t *testing.T) {
	xs := []float64{20, 50, 90, 120}
	frame := func(y0 float64) string {
		return ofdText(60, 12, 4, "某局年度报告") + ofdText(100, 290, 4, "—1—") +
			ofdLine(20, y0, 120, y0) + ofdLine(20, y0+10, 120, y0+10) + ofdText(22, y0+7, 4, "事项") + ofdText(92, y0+7, 4, "总计")
	}
	first := frame(250)
	for _, x := range xs {
		first += ofdLine(x, 250, x, 280)
	}
	first += ofdLine(50, 270, 120, 270) + ofdLine(20, 280, 120, 280) +
		ofdText(22, 272, 4, "三、结果") + ofdText(52, 267, 4, "（一）甲") + ofdText(92, 267, 4, "7") + ofdText(52, 277, 4, "（二）乙") + ofdText(92, 277, 4, "2")
	second := frame(30)
	for _, x := range xs {
		second += ofdLine(x, 30, x, 60)
	}
	second += ofdLine(50, 50, 120, 50) + ofdLine(20, 60, 120, 60) +
		ofdText(52, 47, 4, "（三）丙") + ofdText(92, 47, 4, "1") + ofdText(52, 57, 4, "（四）丁") + ofdText(92, 57, 4, "0")
	d := mustRead(t, "a.ofd", makeOFD(t, first, second))
	want := `[p1 l1] 某局年度报告
table 1 (p1), 3 columns
 |0,0 事项 |0,1  |0,2 总计
 |1,0(4x1) 三、结果 |1,1 （一）甲 |1,2 7
 |2,1 （二）乙 |2,2 2
 |3,1 （三）丙 |3,2 1
 |4,1 （四）丁 |4,2 0
[p1 l2] —1—
[p2 l1] 某局年度报告
[p2 l2] —1—
`
	if got := body(d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var table *Table
	for _, b := range d.Blocks {
		if b.Table != nil {
			table = b.Table
		}
	}
	if at := table.Rows[3][0].At; at.Page != 2 || at.Row != 4 || at.Col != 2 {
		t.Errorf("（三） stands at %+v, want page 2, row 4, column 2", at)
	}
}

func TestOFDTextBetweenPartsKeepsTablesApart(t *testing.T) {
	table := func(y float64) string {
		return ofdRules([]float64{20, 50, 90}, []float64{y, y + 10}) + ofdText(22, y+7, 4, "甲") + ofdText(52, y+7, 4, "1")
	}
	d := mustRead(t, "a.ofd", makeOFD(t, table(250), ofdText(20, 80, 4, "三、收到申请情况")+table(100)))
	want := "table 1 (p1), 2 columns\n |0,0 甲 |0,1 1\n[p2 l1] 三、收到申请情况\ntable 2 (p2), 2 columns\n |0,0 甲 |0,1 1\n"
	if got := body(d); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestOFDOpenSidedTable(t *testing.T) { // only inner upright lines, as in 三线表 with columns
	page := ofdLine(20, 40, 120, 40) + ofdLine(20, 50, 120, 50) + ofdLine(20, 60, 120, 60) + ofdLine(70, 40, 70, 60) +
		ofdText(22, 47, 4, "规章") + ofdText(72, 47, 4, "3") + ofdText(22, 57, 4, "许可") + ofdText(72, 57, 4, "5")
	want := "table 1 (p1), 2 columns\n |0,0 规章 |0,1 3\n |1,0 许可 |1,1 5\n"
	if got := body(mustRead(t, "a.ofd", makeOFD(t, page))); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestOFDFramesAndUnderlinesAreNoTables(t *testing.T) {
	page := ofdRules([]float64{10, 200}, []float64{10, 280}) + ofdText(20, 40, 4, "正文") + ofdLine(20, 41, 60, 41)
	if got := body(mustRead(t, "a.ofd", makeOFD(t, page))); got != "[p1 l1] 正文\n" {
		t.Errorf("got\n%s", got)
	}
}

func TestOFDPositions(t *testing.T) {
	for what, c := range map[string]struct{ page, want string }{
		"a gap between columns":       {`<ofd:TextObject Boundary="20 20 180 5" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4 30 4">甲乙丙丁</ofd:TextCode></ofd:TextObject>`, "[p1 l1] 甲乙\t丙丁\n"},
		"no distances":                {`<ofd:TextObject Boundary="20 20 180 5" Size="4"><ofd:TextCode X="0" Y="4">新收9件</ofd:TextCode></ofd:TextObject>`, "[p1 l1] 新收9件\n"},
		"scaled by a matrix":          {`<ofd:TextObject Boundary="20 20 180 5" CTM="4 0 0 4 0 0" Size="1"><ofd:TextCode X="0" Y="1" DeltaX="g 1 1">年报</ofd:TextCode></ofd:TextObject>`, "[p1 l1] 年报\n"},
		"printed twice to look bold":  {ofdText(20, 20, 4, "年报") + ofdText(20.2, 20, 4, "年报"), "[p1 l1] 年报\n"},
		"hidden":                      {`<ofd:TextObject Visible="false" Boundary="20 20 180 5" Size="4"><ofd:TextCode X="0" Y="4">草稿</ofd:TextCode></ofd:TextObject>` + ofdText(20, 60, 4, "正文"), "[p1 l1] 正文\n"},
		"several codes in one object": {`<ofd:TextObject Boundary="20 20 180 20" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4">甲乙</ofd:TextCode><ofd:TextCode X="0" Y="12" DeltaX="4">丙丁</ofd:TextCode></ofd:TextObject>`, "[p1 l1] 甲乙\n[p1 l2] 丙丁\n"},
	} {
		if got := body(mustRead(t, "a.ofd", makeOFD(t, c.page))); got != c.want {
			t.Errorf("%s: got\n%s", what, got)
		}
	}
}

// Forms are often templates under the pages: the lines stand there, the figures above.
func TestOFDTemplate(t *testing.T) {
	const space = `xmlns:ofd="http://www.ofdspec.org/2016"`
	layer := func(s string) string {
		return `<ofd:Content><ofd:Layer ID="3">` + s + `</ofd:Layer></ofd:Content></ofd:Page>`
	}
	data := pack(t,
		part{"OFD.xml", `<ofd:OFD ` + space + `><ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`},
		part{"Doc_0/Document.xml", `<ofd:Document ` + space + `><ofd:CommonData><ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>`},
		part{"Doc_0/Attachs/Attachments.xml", `<ofd:Attachments ` + space + `><ofd:Attachment ID="1" Name="x"/></ofd:Attachments>`},
		part{"Doc_0/Tpls/Tpl_0/Content.xml", `<ofd:Page ` + space + `>` + layer(ofdRules([]float64{20, 50, 90}, []float64{40, 50})+ofdText(22, 47, 4, "规章"))},
		part{"Doc_0/Pages/Page_0/Content.xml", `<ofd:Page ` + space + `><ofd:Template TemplateID="9"/>` + layer(ofdText(52, 47, 4, "3"))})
	d := mustRead(t, "a.ofd", data)
	if got := body(d); got != "table 1 (p1), 2 columns\n |0,0 规章 |0,1 3\n" || len(d.Notes) != 1 || d.Notes[0] != NoteAttached {
		t.Errorf("got\n%s", sketch(d))
	}
}
