package legacy

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongkai/internal/richtext"
)

// Pages as real sites write them; what is expected was written by hand.
func TestOddPagesReadWell(t *testing.T) {
	for name, test := range map[string]struct{ page, want string }{
		"paragraphs are divisions": {
			`<html><head><title>关于甲事的通知_云岭市</title><meta name=PubDate content="2021-02-03"></head><body><div class=top><a href=/>首页</a></div>
			<div class="xl"><h2>关于甲事的通知</h2><div>　　各县（区）人民政府：</div><div>&nbsp;&nbsp;&nbsp;&nbsp;为做好甲事，现将有关事项通知如下，请认真执行。</div><div>一、加强领导，落实责任，确保各项工作落到实处。</div></div></body></html>`,
			`<p>各县（区）人民政府：</p><p>为做好甲事，现将有关事项通知如下，请认真执行。</p><p>一、加强领导，落实责任，确保各项工作落到实处。</p>`,
		},
		"fonts and spans": {
			`<title>关于乙事的通知</title><meta name=PubDate content="2021-02-03"><div id=zoom><p style="text-indent:2em;line-height:28px"><font face="仿宋" size=4><span style="font-size:16pt">第一段</span><span>接着说</span></font></p>
			<p>&nbsp;</p><p></p><P align=center><FONT color=red><B>小标题</B></FONT></P><p>【打印】【关闭】</p></div>`,
			`<p>第一段接着说</p><p class="align-center"><strong>小标题</strong></p>`,
		},
		"breaks for paragraphs": {
			`<title>关于丙事的通知</title><meta name=PubDate content="2021-02-03"><div id=zoom>　　第一段话。<br>　　第二段话。<br><br>　　第三段话。</div>`,
			`<p>第一段话。</p><p>第二段话。</p><p>第三段话。</p>`,
		},
		"breaks within a paragraph": {
			`<title>关于壬事的通知</title><meta name=PubDate content="2021-02-03"><div id=zoom><p align="center">标题上行<br>标题下行</p><p>　　第一段。<br>　　第二段。</p></div>`,
			`<p class="align-center">标题上行<br>标题下行</p><p>第一段。</p><p>第二段。</p>`,
		},
		"a table framed by tables, a line set right by style": {
			`<title>关于癸事的通知</title><meta name=PubDate content="2021-02-03"><div id=zoom><p style="text-align:right">单位：万元</p><table><tr><td><table><tr><td><table><tr><td>一</td><td>二</td></tr></table></td></tr></table></td></tr></table></div>`,
			`<p class="align-right">单位：万元</p><table><tbody><tr><td><p>一</p></td><td><p>二</p></td></tr></tbody></table>`,
		},
		"a layout of tables": {
			`<title>关于丁事的通知</title><meta name=PubDate content="2021-02-03"><table><tr><td><a href=a.html>首页</a></td></tr><tr><td><table><tr><td class="bt">关于丁事的通知</td></tr>
			<tr><td>发布时间：2021-02-03 10:20 来源：本局 字体：大 中 小</td></tr><tr><td><p>正文第一段，说的是丁事的来龙去脉和要求。</p><p>正文第二段，说的是如何落实和督查。</p></td></tr></table></td></tr></table>`,
			`<p>正文第一段，说的是丁事的来龙去脉和要求。</p><p>正文第二段，说的是如何落实和督查。</p>`,
		},
		"a table within the text tells of other things": {
			`<title>关于戊事的公告</title><meta name=PubDate content="2021-02-03"><div class="TRS_Editor"><style>.TRS_Editor P{}</style><table><tr><td>来源</td><td>个人</td></tr><tr><td>文号</td><td>不是文号</td></tr></table></div>`,
			`<table><tbody><tr><td><p>来源</p></td><td><p>个人</p></td></tr><tr><td><p>文号</p></td><td><p>不是文号</p></td></tr></tbody></table>`,
		},
		"a loose container around everything": {
			`<title>关于己事的通知</title><meta name=PubDate content="2021-02-03"><div class=content><ul class=left><li><a href=1.html>机构职能介绍页面</a><li><a href=2.html>法规文件列表页面</a></ul>
			<div class=r><p>正文第一段，说的是己事的来龙去脉和要求。</p><p>正文第二段，说的是如何落实和督查。</p></div></div>`,
			`<p>正文第一段，说的是己事的来龙去脉和要求。</p><p>正文第二段，说的是如何落实和督查。</p>`,
		},
		"sections beside each other": {
			`<title>关于庚事的通知</title><meta name=PubDate content="2021-02-03"><div class=x><div class=a><p>上半篇说的是庚事的来龙去脉和要求，共有二十多个字。</p></div><div class=b><p>下半篇说的是庚事的落实和督查，也有二十来个字。</p></div></div>`,
			`<p>上半篇说的是庚事的来龙去脉和要求，共有二十多个字。</p><p>下半篇说的是庚事的落实和督查，也有二十来个字。</p>`,
		},
		"a word in spans of one character": {
			`<title>关于辛事的通知</title><meta name=PubDate content="2021-02-03"><div id=zoom><p><span>大</span><span>中</span><span>小</span>学均须执行。</p></div>`,
			`<p>大中小学均须执行。</p>`,
		},
	} {
		r, _, f := Page([]byte(test.page), nowhere)
		if f != nil {
			t.Errorf("%s: %v", name, f)
			continue
		}
		got, _ := richtext.Sanitise(r.Body)
		if got = strings.ReplaceAll(got, "\n", ""); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, test.want)
		}
		if r.DocNumber != "" || r.Source == "个人" || !strings.HasPrefix(r.Title, "关于") || strings.ContainsAny(r.Title, "_") {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestTitlesOfPages(t *testing.T) {
	body := `<div id=zoom>这是公告的正文，说明了事情的来龙去脉，有二十个字以上。</div>`
	for page, want := range map[string]string{
		`<title>云岭市2020-2035年规划_云岭市政府</title>`:                                             "云岭市2020-2035年规划",
		`<title>关于甲事的通知 - 云岭市政府</title><h1 class=logo>云岭市</h1>`:                            "云岭市",
		`<title>关于甲事的通知-云岭市人民政府</title><h1 class=logo>云岭市人民政府</h1><h2>关于甲事的通知</h2>`:        "关于甲事的通知",
		`<title>云岭市政府</title><header><h1>云岭市政府门户</h1></header><div><h1>关于乙事的公告</h1></div>`: "关于乙事的公告",
	} {
		if r, _, f := Page([]byte("<html><head>"+page+body), nowhere); f != nil || r.Title != want {
			t.Errorf("%s: %q, %v", page, r.Title, f)
		}
	}
}

func TestTheHeaderOfAPage(t *testing.T) {
	r, _, f := Page([]byte(`<title>关于甲事的通知</title><div>发布时间：2021-02-03 10:20&nbsp;&nbsp;来源：示例局&nbsp;&nbsp;浏览次数：35</div>
		<ul><li><b>索引号：</b>11530000015/2021-00003</li><li>[成文日期] 不详</li></ul><div id=zoom>正文</div>`), nowhere)
	if f != nil || r.PublishedAt != (Moment{moment("2021-02-03").Day, 10, 20, true}) || r.IndexNo != "11530000015/2021-00003" || !r.IssuedOn.IsZero() {
		t.Errorf("%+v, %v", r, f)
	}
}

func TestTablesInEveryEncoding(t *testing.T) {
	text := "标题,发布日期,正文\n关于堃字的公告,2023-05-06,正文\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(text, ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	big, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"UTF-8": text, "its mark": "\ufeff" + text, "GB18030": gb, "the mark of GB18030": "\x84\x31\x95\x33" + gb,
		"the mark of UTF-8 before GB18030": "\ufeff" + gb, "UTF-16 with tabs": utf16, "UTF-16, big end first": big,
		"semicolons": strings.ReplaceAll(text, ",", ";"), "ends of Windows": strings.ReplaceAll(text, "\n", "\r\n"),
		"a heading over two lines": strings.Replace(text, "标题", "\"标题\n*\"", 1), "separators behind": strings.ReplaceAll(text, "\n", ",,\n"),
		"no end": strings.TrimSuffix(text, "\n"),
	} {
		rows, err := CSV(write(t, "x.csv", data))
		got := all(t, rows, err)
		if len(got) != 1 || got[0].Err != nil || got[0].Record.Title != "关于堃字的公告" || got[0].Record.PublishedAt.Day.String() != "2023-05-06" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestQuotationMarksWithinWords(t *testing.T) {
	rows, err := CSV(write(t, "x.csv", "标题,正文\n关于\"一网通办\"的通知,甲\n\"关于\"乙\"的通知\",乙\n关于\"丙的通知,丙\n丁,丁\n"))
	got := all(t, rows, err)
	if len(got) != 4 || got[0].Err != nil || got[0].Record.Title != `关于"一网通办"的通知` ||
		got[1].Err == nil || got[2].Err == nil || got[3].Err != nil || got[3].Where != "x.csv:5" {
		t.Errorf("got %+v", got)
	}
}

func TestObjectsInAList(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want string // titles, ! for a row that is refused
	}{
		"a list":                 {`[{"title":"甲"},{"title":"乙"}]`, "甲 乙"},
		"objects over lines":     {"{\n\"title\":\"甲\"\n}\n{\n\"title\":\"乙\"\n}\n", "甲 乙"},
		"a list that breaks off": {`[{"title":"甲"},{"title":"乙"`, "甲 !"},
		"a list in a list":       {`[[{"title":"甲"}]]`, "!"},
		"deep":                   {strings.Repeat("[", 100_000), "!"},
		"a deep line":            {`{"title":` + strings.Repeat("[", 100_000) + "\n" + `{"title":"乙"}`, "! 乙"},
		"an object for a title":  {`{"title":{"zh":"甲"}}`, "!"},
		"two objects in a line":  {`{"title":"甲"}{"title":"乙"}`, "!"},
	} {
		rows, err := JSONLines(write(t, "x.json", test.text))
		var got []string
		for _, r := range all(t, rows, err) {
			if r.Err != nil {
				r.Record.Title = "!"
			}
			got = append(got, r.Record.Title)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
