package extract

import (
	"strings"
	"testing"
)

func TestDOCXTables(t *testing.T) {
	cases(t, "报告.docx", map[string][2]string{
		"merged both ways": {`<w:tbl>` + wr(wc(`<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>`, "甲"), wc("", "乙")) + wr(wc(`<w:gridSpan w:val="2"/><w:vMerge/>`, ""), wc("", "丙")) + `</w:tbl>`, `
table 1 (p0), 3 columns
 |0,0(2x2) 甲 |0,2 乙
 |1,2 丙
`},
		"merged the old way": {`<w:tbl>` + wr(wc(`<w:hMerge w:val="restart"/>`, "甲"), wc(`<w:hMerge/>`, ""), wc("", "乙")) + wr(wc("", "1"), wc("", "2"), wc("", "3")) + `</w:tbl>`, `
table 1 (p0), 3 columns
 |0,0(1x2) 甲 |0,2 乙
 |1,0 1 |1,1 2 |1,2 3
`},
		"a row that begins later": {`<w:tbl>` + wr(wc("", "甲"), wc("", "乙")) + `<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>` + wc("", "丙") + `</w:tr></w:tbl>`, `
table 1 (p0), 2 columns
 |0,0 甲 |0,1 乙
 |1,1 丙
`},
		"a merge that continues nothing begins anew": {`<w:tbl>` + wr(wc(`<w:vMerge/>`, "甲"), wc("", "1")) + wr(wc(`<w:vMerge/>`, ""), wc("", "2")) + `</w:tbl>`, `
table 1 (p0), 2 columns
 |0,0(2x1) 甲 |0,1 1
 |1,1 2
`},
		"former properties do not count": {`<w:tbl>` + wr(wc(`<w:gridSpan w:val="2"/><w:tcPrChange><w:tcPr><w:gridSpan w:val="9"/></w:tcPr></w:tcPrChange>`, "甲"), wc("", "1")) + wr(wc("", "a"), wc("", "b"), wc("", "c")) + `</w:tbl>`, `
table 1 (p0), 3 columns
 |0,0(1x2) 甲 |0,2 1
 |1,0 a |1,1 b |1,2 c
`},
		"a table that lays out the page": {`<w:tbl>` + wr(wc("", "左"), `<w:tc><w:tbl>`+wr(wc("", "规章"), wc("", "3"))+`</w:tbl><w:p/></w:tc>`) + `</w:tbl>`, `
[p0 l1] 左
table 1 (p0), 2 columns
 |0,0 规章 |0,1 3
[p0 l2] 
`},
	}, func(s string) []byte { return makeDOCX(t, s) })
}

func TestDOCXText(t *testing.T) {
	cases(t, "报告.docx", map[string][2]string{
		"tabs, breaks, hyphens":             {`<w:p><w:r><w:t>规章</w:t><w:tab/><w:t>3</w:t><w:br/><w:t>一</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>二</w:t></w:r></w:p>`, "\n[p0 l1] 规章\t3\n[p0 l2] 一-二\n"},
		"an empty paragraph":                {wp("甲") + `<w:p/>` + wp("乙"), "\n[p0 l1] 甲\n[p0 l2] \n[p0 l3] 乙\n"},
		"a box from a symbol font":          {`<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t><w:sym w:font="Wingdings 2" w:char="F0A3"/><w:t>否</w:t></w:r></w:p>`, "\n[p0 l1] ☑是□否\n"},
		"inserted text stays, deleted goes": {`<w:p><w:ins><w:r><w:t>新收9件</w:t></w:r></w:ins><w:del><w:r><w:delText>8件</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom></w:p>`, "\n[p0 l1] 新收9件\n"},
		"hidden text goes":                  {`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>批注</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>正文</w:t></w:r></w:p>`, "\n[p0 l1] 正文\n"},
		"field codes go, results stay":      {`<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>3</w:t></w:r></w:p>`, "\n[p0 l1] 3\n"},
		"placeholders go":                   {`<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>` + wp("单击此处输入文字") + `</w:sdtContent></w:sdt><w:sdt><w:sdtPr/><w:sdtContent>` + wp("某局") + `</w:sdtContent></w:sdt>`, "\n[p0 l1] 某局\n"},
		"a text box is read once":           {`<w:p><w:r><w:t>正文</w:t><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx><w:txbxContent>` + wp("框") + `</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><v:textbox><w:txbxContent>` + wp("框") + `</w:txbxContent></v:textbox></mc:Fallback></mc:AlternateContent></w:r></w:p>`, "\n[p0 l1] 正文\n[p0 l2] 框\n"},
		"a text box of old":                 {`<w:p><w:r><w:pict><v:textbox><w:txbxContent>` + wp("框") + `</w:txbxContent></v:textbox></w:pict></w:r></w:p>`, "\n[p0 l1] \n[p0 l2] 框\n"},
		"page breaks turn the page":         {wp("一") + `<w:p><w:r><w:br w:type="page"/><w:t>二</w:t></w:r></w:p><w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>三</w:t></w:r></w:p>`, "\n[p1 l1] 一\n[p2 l2] 二\n[p3 l3] 三\n"},
		"where Word broke pages":            {wp("一") + `<w:p><w:r><w:lastRenderedPageBreak/><w:t>二</w:t></w:r></w:p><w:p><w:r><w:t>三</w:t><w:br w:type="page"/></w:r><w:r><w:lastRenderedPageBreak/><w:t>四</w:t></w:r></w:p>`, "\n[p1 l1] 一\n[p2 l2] 二\n[p2 l3] 三\n[p3 l4] 四\n"},
	}, func(s string) []byte { return makeDOCX(t, s) })
}

func TestDOCXNotesWhatWasLeftOut(t *testing.T) {
	for name, c := range map[string]struct{ body, note string }{
		"deleted": {`<w:p><w:del><w:r><w:delText>8件</w:delText></w:r></w:del></w:p>`, NoteDeleted},
		"hidden":  {`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>批注</w:t></w:r></w:p>`, NoteHidden},
	} {
		if d := mustRead(t, "a.docx", makeDOCX(t, c.body)); len(d.Notes) != 1 || d.Notes[0] != c.note {
			t.Errorf("%s: notes %v", name, d.Notes)
		}
	}
	d := mustRead(t, "a.docm", makeDOCX(t, wp("甲"), part{"word/vbaProject.bin", "x"}))
	if len(d.Notes) != 1 || d.Notes[0] != NoteMacros || d.Blocks[0].Text != "甲" {
		t.Errorf("macros: %s", sketch(d))
	}
}

func TestDOCXFootnotesFollowTheText(t *testing.T) {
	notes := `<w:footnotes ` + wordSpace + `><w:footnote w:id="1">` + wp("注一") + `</w:footnote><w:footnote w:id="2">` + wp("注二") + `</w:footnote></w:footnotes>`
	body := `<w:p><w:r><w:t>甲</w:t><w:footnoteReference w:id="2"/></w:r></w:p>` + wp("乙")
	d := mustRead(t, "a.docx", makeDOCX(t, body, part{"word/footnotes.xml", notes}))
	if _, got, _ := strings.Cut(sketch(d), "\n"); got != "[p0 l1] 甲\n[p0 l2] 乙\n[p0 l3] 注二\n" {
		t.Errorf("got %s", got)
	}
}

// Headings of reports are often numbered automatically; their text then lacks the 一、 by
// which a reader knows the section.
func TestDOCXAutomaticNumbers(t *testing.T) {
	level := func(i, format, text, more string) string {
		return `<w:lvl w:ilvl="` + i + `"><w:start w:val="1"/><w:numFmt w:val="` + format + `"/><w:lvlText w:val="` + text + `"/>` + more + `</w:lvl>`
	}
	numbering := `<w:numbering ` + wordSpace + `>` +
		`<w:abstractNum w:abstractNumId="0">` + level("0", "chineseCountingThousand", "%1、", `<w:pStyle w:val="H1"/>`) + level("1", "chineseCounting", "（%2）", "") + level("2", "decimal", "%3.", "") + `</w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="1">` + level("0", "ideographDigital", "%1", `<w:suff w:val="nothing"/>`) + level("1", "decimal", "%1.%2", `<w:isLgl/>`) + `</w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="2">` + level("0", "bullet", "", "") + `</w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>` +
		`<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="2"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>`
	styles := `<w:styles ` + wordSpace + `><w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="H1b"><w:basedOn w:val="H1"/></w:style></w:styles>`
	p := func(style, num, level, text string) string {
		s := `<w:p><w:pPr>`
		if style != "" {
			s += `<w:pStyle w:val="` + style + `"/>`
		}
		if num != "" {
			s += `<w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + num + `"/></w:numPr>`
		}
		return s + `</w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	body := p("H1", "", "", "总体情况") + p("", "1", "1", "主动公开") + p("", "1", "1", "依申请公开") + p("", "1", "2", "新收") +
		p("H1b", "", "", "主动公开情况") + p("", "1", "1", "又一") + p("H1", "0", "0", "无号") +
		p("", "2", "0", "甲") + p("", "2", "1", "乙") + p("", "3", "0", "点") + p("", "4", "2", "五")
	d := mustRead(t, "a.docx", makeDOCX(t, body, part{"word/numbering.xml", numbering}, part{"word/styles.xml", styles}))
	want := []string{"一、总体情况", "（一）主动公开", "（二）依申请公开", "1. 新收", "二、主动公开情况", "（一）又一", "无号", "一甲", "1.1 乙", "点", "5. 五"}
	for i, b := range d.Blocks {
		if b.Text != want[i] {
			t.Errorf("paragraph %d: %q, want %q", i+1, b.Text, want[i])
		}
	}
}

func TestNumerals(t *testing.T) {
	for _, c := range []struct {
		n            int
		format, want string
	}{
		{10, "chineseCountingThousand", "十"}, {11, "chineseCounting", "十一"}, {20, "chineseCountingThousand", "二十"},
		{21, "japaneseCounting", "二十一"}, {101, "chineseCountingThousand", "一百零一"}, {110, "chineseCountingThousand", "一百一十"},
		{1001, "chineseCountingThousand", "一千零一"}, {12, "ideographDigital", "一二"}, {3, "chineseLegalSimplified", "叁"},
		{10, "chineseLegalSimplified", "壹拾"}, {2, "ideographTraditional", "乙"}, {3, "decimalEnclosedCircle", "③"},
		{7, "decimalZero", "07"}, {4, "upperRoman", "IV"}, {28, "lowerLetter", "bb"}, {15, "decimalFullWidth", "１５"},
	} {
		if got := numeral(c.n, c.format); got != c.want {
			t.Errorf("%d as %s: %s, want %s", c.n, c.format, got, c.want)
		}
	}
}

func TestDOCXOfTheCorpusIsThePage(t *testing.T) {
	docx := mustRead(t, "R09.docx", corpusFile(t, "reports", "derived", "R09_杭州式_2025.docx"))
	page := mustRead(t, "R09.html", corpusFile(t, "reports", "full", "R09_杭州式_2025.html"))
	sameTables(t, docx, page)
	form := mustRead(t, "blank.docx", corpusFile(t, "reports", "blank-form-2021.docx"))
	tables := 0
	for _, b := range form.Blocks {
		if b.Table != nil {
			tables++
		}
	}
	if tables < 3 {
		t.Errorf("the blank form has %d tables, want 3 or more", tables)
	}
}

// Programs that make Word files of web pages put the page in as it is.
func TestDOCXThatTakesInAPage(t *testing.T) {
	page := "<html><body><p>一、总体情况</p><table><tr><td>规章</td><td>3</td></tr></table></body></html>"
	mht := "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n" + page + "\n--b--\n"
	for name, chunk := range map[string]string{"page": page, "saved page": mht} {
		data := makeDOCX(t, `<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="c1"/>`+wp("完。"),
			part{"word/_rels/document.xml.rels", `<Relationships><Relationship Id="c1" Type="http://x/aFChunk" Target="/word/afchunk.mht"/></Relationships>`},
			part{"word/afchunk.mht", chunk})
		want := "[p0 l1] 一、总体情况\ntable 1 (p0), 2 columns\n |0,0 规章 |0,1 3\n[p0 l2] 完。\n"
		if got := body(mustRead(t, "a.docx", data)); got != want {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
}
