package extract

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// cases reads each source and compares what it says.
func cases(t *testing.T, name string, sources map[string][2]string, read func(string) []byte) {
	t.Helper()
	for what, c := range sources {
		t.Run(what, func(t *testing.T) {
			got := sketch(mustRead(t, name, read(c[0])))
			_, got, _ = strings.Cut(got, "\n") // the line of properties is tested apart
			if want := strings.TrimPrefix(c[1], "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestHTMLTablesAreLaidOutAsABrowserDoes(t *testing.T) {
	cases(t, "报告.html", map[string][2]string{
		"cells after a cell that reaches down": {`<table><tr><td rowspan=2>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>`, `
table 1 (p0), 2 columns
 |0,0(2x1) 甲 |0,1 乙
 |1,1 丙
`},
		"rowspan 0 reaches to the end of its group": {`<table><tbody><tr><td rowspan=0>甲</td><td>1</td></tr><tr><td>2</td></tr></tbody><tbody><tr><td>3</td><td>4</td></tr></tbody></table>`, `
table 1 (p0), 2 columns
 |0,0(2x1) 甲 |0,1 1
 |1,1 2
 |2,0 3 |2,1 4
`},
		"rowspan never leaves its group": {`<table><thead><tr><td rowspan=9>甲</td><td>乙</td></tr></thead><tr><td>1</td><td>2</td></tr></table>`, `
table 1 (p0), 2 columns
 |0,0 甲 |0,1 乙
 |1,0 1 |1,1 2
`},
		"the foot is last": {`<table><tfoot><tr><td>总计</td><td>3</td></tr></tfoot><tr><td>甲</td><td>1</td></tr></table>`, `
table 1 (p0), 2 columns
 |0,0 甲 |0,1 1
 |1,0 总计 |1,1 3
`},
		"colspan beyond 1000 is 1000, nonsense is 1": {`<table><tr><td colspan=100000>甲</td></tr><tr><td colspan=-3>1</td><td colspan=x>2</td><td colspan="2;">3</td></tr></table>`, `
table 1 (p0), 1000 columns
 |0,0(1x1000) 甲
 |1,0 1 |1,1 2 |1,2(1x2) 3
`},
		"cells left open": {`<table><tr><td>甲<td>1<tr><td>乙<td>2</table>`, `
table 1 (p0), 2 columns
 |0,0 甲 |0,1 1
 |1,0 乙 |1,1 2
`},
		"lines in a cell": {`<table><tr><td><p>科研</p><p>机构</p></td><td>社会<br>公益</td><td> &nbsp; </td></tr></table>`, `
table 1 (p0), 3 columns
 |0,0 科研⏎机构 |0,1 社会⏎公益 |0,2 
`},
		"a caption stands before the table": {`<table><caption>表一</caption><tr><td>甲</td><td>1</td></tr></table>`, `
[p0 l1] 表一
table 1 (p0), 2 columns
 |0,0 甲 |0,1 1
`},
		"a figure in an input field": {`<table><tr><td>规章</td><td><input value="3"><input type=hidden value="9"></td></tr></table>`, `
table 1 (p0), 2 columns
 |0,0 规章 |0,1 3
`},
	}, func(s string) []byte { return []byte("<!DOCTYPE html><html><body>" + s) })
}

func TestHTMLLayoutTablesAreUnfolded(t *testing.T) {
	data := `<table><tr><td>规章</td><td>3</td></tr><tr><td>许可</td><td>5</td></tr></table>`
	want := `table 1 (p0), 2 columns
 |0,0 规章 |0,1 3
 |1,0 许可 |1,1 5
`
	long := strings.Repeat("本机关依法公开政府信息。", 20)
	cases(t, "报告.html", map[string][2]string{
		"a table around a table":     {`<table><tr><td>首页</td><td>正文` + data + `</td></tr></table>`, "\n[p0 l1] 首页\n[p0 l2] 正文\n" + want},
		"three deep":                 {`<table><tr><td><table><tr><td>` + data + `</td></tr></table></td></tr></table>`, "\n" + want},
		"a table of one column":      {`<table><tr><td>一、总体情况</td></tr><tr><td>依法公开。</td></tr></table>`, "\n[p0 l1] 一、总体情况\n[p0 l2] 依法公开。\n"},
		"paragraphs beside a margin": {`<table><tr><td>栏目</td><td><p>` + long + `</p><p>` + long + `</p><p>完。</p></td></tr></table>`, "\n[p0 l1] 栏目\n[p0 l2] " + long + "\n[p0 l3] " + long + "\n[p0 l4] 完。\n"},
		"a page with much around its table": {`<table><tr><td>1</td><td>2</td><td>3</td><td>4</td></tr><tr><td>5</td><td>6</td><td>7</td><td><table><tr><td>a</td><td>b</td><td>c</td></tr><tr><td>d</td><td>e</td><td>f</td></tr></table></td></tr></table>`, `
[p0 l1] 1
[p0 l2] 2
[p0 l3] 3
[p0 l4] 4
[p0 l5] 5
[p0 l6] 6
[p0 l7] 7
table 1 (p0), 3 columns
 |0,0 a |0,1 b |0,2 c
 |1,0 d |1,1 e |1,2 f
`},
		"a table within a value stays in its cell": {`<table><tr><td>甲</td><td>1</td><td>2</td></tr><tr><td>乙</td><td>3</td><td>4</td></tr><tr><td>丙</td><td>5</td><td><table><tr><td>6</td><td>元</td></tr></table></td></tr></table>`, `
table 1 (p0), 3 columns
 |0,0 甲 |0,1 1 |0,2 2
 |1,0 乙 |1,1 3 |1,2 4
 |2,0 丙 |2,1 5 |2,2 6	元
`},
	}, func(s string) []byte { return []byte("<html><body>" + s) })
}

func TestHTMLText(t *testing.T) {
	cases(t, "报告.html", map[string][2]string{
		"blocks and breaks are lines":     {`<div id="zoom">某局<b>2024</b>年报告<br>一、总体<span>情况</span><p>　　依法公开。</p></div>`, "\n[p0 l1] 某局2024年报告\n[p0 l2] 一、总体情况\n[p0 l3] 　　依法公开。\n"},
		"white space is drawn together":   {"<p>\n  新收  9 件\n\t</p><p> </p>", "\n[p0 l1] 新收 9 件\n"},
		"scripts and hidden text are out": {`<script>var a="总计";</script><style>p{}</style><p style="display: none">草稿</p><p hidden>甲</p><p>正文</p>`, "\n[p0 l1] 正文\n"},
		"pre keeps its lines":             {"<pre>甲\t1\n乙\t2</pre>", "\n[p0 l1] 甲\t1\n[p0 l2] 乙\t2\n"},
		"soft hyphens are no characters":  {"<p>行政&shy;许可&#8203;数</p>", "\n[p0 l1] 行政许可数\n"},
	}, func(s string) []byte { return []byte("<html><body>" + s) })
}

func TestHTMLStatesItsPropertiesAndWhatWasLeftOut(t *testing.T) {
	d := mustRead(t, "a.html", []byte(`<html><head><title> 某局 年报 </title><meta name="PubDate" content="2025-01-20"><meta charset=utf-8></head><body><p style="visibility:hidden">草稿</p><p>正文</p>`))
	if len(d.Meta) != 2 || d.Meta[0] != (Meta{"title", "某局 年报"}) || d.Meta[1] != (Meta{"PubDate", "2025-01-20"}) {
		t.Errorf("meta %v", d.Meta)
	}
	if len(d.Notes) != 1 || d.Notes[0] != NoteHidden {
		t.Errorf("notes %v, want %s", d.Notes, NoteHidden)
	}
}

func TestHTMLEncodings(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("<p>政府信息公开年度报告，镕喆堃</p>")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, data, charset string }{
		{"gb2312 as stated, with characters beyond it", `<html><head><meta charset="gb2312"></head>` + gb, "GB18030"},
		{"gbk in the old form", `<html><head><meta http-equiv="Content-Type" content="text/html; charset=gbk"></head>` + gb, "GB18030"},
		{"nothing stated", `<html><body>` + gb, "GB18030"},
		{"utf-8 stated, gb18030 sent", `<html><head><meta charset="utf-8"></head>` + gb, "GB18030"},
		{"gb2312 stated, utf-8 sent", `<html><head><meta charset="gb2312"></head><p>政府信息公开年度报告，镕喆堃</p>`, "UTF-8"},
		{"utf-8", `<html><head><meta charset="utf-8"></head><p>政府信息公开年度报告，镕喆堃</p>`, "UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := mustRead(t, "a.html", []byte(c.data))
			if d.Charset != c.charset || len(d.Blocks) != 1 || d.Blocks[0].Text != "政府信息公开年度报告，镕喆堃" {
				t.Errorf("got %s", sketch(d))
			}
		})
	}
}

func TestSavedWebPage(t *testing.T) {
	mht := "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><p>=E5=B9=B4=E6=8A=A5</p></body></html>\r\n--b1\r\nContent-Type: image/png\r\n\r\nx\r\n--b1--\r\n"
	d := mustRead(t, "报告.doc", []byte(mht))
	if d.Format != HTML || len(d.Blocks) != 1 || d.Blocks[0].Text != "年报" || len(d.Notes) != 1 || d.Notes[0] != NoteMislabelled {
		t.Errorf("got %s", sketch(d))
	}
}
