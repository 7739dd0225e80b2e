package portal

import (
	"archive/zip"
	stdbytes "bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/web"
	"gongkai/internal/workday"
)

// publish puts further items before the public, in the section of the others, and has the index take them in.
func (x *public) publish(all ...disclosure.Import) (ids []string) {
	x.t.Helper()
	l, err := x.Reader.Item(x.t.Context(), x.old)
	if err != nil {
		x.t.Fatal(err)
	}
	err = x.DB.Update(x.t.Context(), func(tx *db.Tx) error {
		m := disclosure.NewImporter(tx, workday.Embedded(), actor.System("test"))
		ids = ids[:0]
		for _, in := range all {
			in.Agency, in.Section, in.Origin = x.body, l.Item.Section, disclosure.Made
			if in.Kind == "" {
				in.Kind = disclosure.Document
			}
			in.Content.Attribute = "proactive"
			ready, _ := in.Ready()
			i, err := m.Add(ready)
			if err != nil {
				return err
			}
			ids = append(ids, i.ID)
		}
		if err := (disclosure.Texts{}).Imported(tx, ids...); err != nil {
			return err
		}
		return m.Close()
	})
	if err == nil {
		_, err = x.Search.CatchUp(x.t.Context())
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return ids
}

// get asks for an address.
func (x *public) get(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

// notice is a document that has everything a page shows.
func notice() disclosure.Import {
	return disclosure.Import{IndexNo: "示-9", PublishedAt: dbtest.Noon.Add(-30 * time.Minute), Content: disclosure.Content{
		Title: "关于印发《养老服务补贴办法》的通知", Theme: "0201", Genre: "notice", DocNo: "示政发〔2026〕9号", Issuer: "示例县人民政府办公室",
		IssuedOn: date.Must(2026, 11, 1), Keywords: []string{"养老", "补贴"}, Summary: "补贴的对象和标准", Validity: "valid",
		Body: `<h2>一、对象</h2><p>六十岁以上。</p><h2>二、标准</h2><table><tbody><tr><th>项目</th><th>金额</th></tr><tr><td colspan="2">高龄津贴</td></tr></tbody></table>` +
			`<h2>三、申请</h2><p>按照示政发〔2025〕3号办理。<span class="footnote">见原文</span></p><h2>四、其他</h2><ol><li><p>第一项</p></li><li><p>第二项</p></li></ol><p class="align-right">示例县人民政府办公室</p><p class="align-right">2026年11月1日</p>`,
	}}
}

var metaTag = regexp.MustCompile(`<meta name="([A-Za-z]+)" content="([^"]*)">`)

// R-WEB-01, R-WEB-03: the tags of an article, none empty, with the stored time of publication.
func TestTagsOfADocument(t *testing.T) {
	x := open(t, dbtest.SQLite(t))
	id := x.publish(notice())[0]
	body := x.has("/items/" + id + ".html")
	got := map[string]string{}
	for _, m := range metaTag.FindAllStringSubmatch(body, -1) {
		if m[2] == "" || m[2] == "null" {
			t.Errorf("%s is empty", m[1])
		}
		got[m[1]] = m[2]
	}
	for name, want := range map[string]string{
		"SiteName": "示例县人民政府", "ColumnName": "通知公告", "ColumnDescription": "通知公告", "ColumnKeywords": "通知公告", "ColumnType": "政务动态",
		"ArticleTitle": "关于印发《养老服务补贴办法》的通知", "PubDate": "2026-11-23 11:30", "ContentSource": "示例县人民政府办公室",
		"Keywords": "养老,补贴", "Description": "补贴的对象和标准",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

// The head, the text and the ways on from a document.
func TestADocument(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		older := notice()
		older.IndexNo, older.Content.DocNo, older.Content.Title, older.PublishedAt = "示-8", "示政发〔2025〕3号", "示例县高龄津贴发放办法", dbtest.Noon.Add(-48*time.Hour)
		ids := x.publish(notice(), older)
		body := x.has("/items/"+ids[0]+".html",
			"示-9", "综合政务", "示例县人民政府办公室", "2026-11-01", "示政发〔2026〕9号", "2026-11-23", "养老 补贴", // the official head
			`<h2 id="part-1">一、对象</h2>`, `href="#part-4"`, `<div class="scroll" tabindex="0" role="region" aria-label="表格 1"><table>`, `id="note-1"`,
			"文中提到的文件", "示例县高龄津贴发放办法", "下一条", "下载 Word", ".pdf\"", `datetime="2026-11-23T11:30:00&#43;08:00"`, "?theme=0201")
		if strings.Contains(body, "暂无") || strings.Contains(body, "null") {
			t.Error("the page words what is not there")
		}
		var data map[string]any
		script := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(body)
		if script == nil {
			t.Fatal("no JSON-LD")
		}
		if err := json.Unmarshal([]byte(script[1]), &data); err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]any{"@type": "Legislation", "legislationIdentifier": "示政发〔2026〕9号", "identifier": "示-9", "datePublished": "2026-11-23T11:30:00+08:00", "legislationDate": "2026-11-01"} {
			if data[key] != want {
				t.Errorf("%s is %v, want %v", key, data[key], want)
			}
		}
	})
}

// What a title says stays words, wherever the page puts it.
func TestHostileTitles(t *testing.T) {
	x := open(t, dbtest.SQLite(t))
	hostile := `</script><script>alert(1)</script>"'><img src=x onerror=alert(2)>`
	in := notice()
	in.IndexNo, in.Content.DocNo, in.Content.Title, in.Content.Issuer, in.Content.Summary, in.Content.Keywords = `示"><b>`, `"><i>`, hostile, hostile, hostile, []string{hostile}
	id := x.publish(in)[0]
	for _, path := range []string{"/items/" + id + ".html", "/en/items/" + id + ".html", "/search.html?q=alert", "/search.html?q=" + url.QueryEscape(hostile), "/search/suggest?q=alert"} {
		body := x.get(path).Body.String()
		for _, bad := range []string{"<script>alert", "<img src=x", `"><b>`, `"><i>`} {
			if strings.Contains(body, bad) {
				t.Errorf("%s holds %s: %s", path, bad, body)
			}
		}
	}
	w := x.get("/items/" + id + "/" + url.PathEscape(fileName(hostile)) + ".pdf")
	if w.Code != http.StatusOK || strings.ContainsAny(w.Header().Get("Content-Disposition"), "<>\r\n\"") {
		t.Errorf("%d %q", w.Code, w.Header().Get("Content-Disposition"))
	}
}

// Article 24: documents can be taken away. What is taken away says what the page says.
func TestDownloads(t *testing.T) {
	x := open(t, dbtest.SQLite(t))
	id := x.publish(notice())[0]
	name := "/items/" + id + "/" + url.PathEscape("关于印发《养老服务补贴办法》的通知")
	w := x.get(name + ".docx")
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	z, err := zip.NewReader(stdbytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	words := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(text), "")
	for _, want := range []string{"示-9", "示政发〔2026〕9号", "一、对象", "六十岁以上。", "高龄津贴", "1. 第一项", "2. 第二项", "注1：见原文", "2026年11月1日"} {
		if strings.Count(words, want) == 0 {
			t.Errorf("the file lacks %s: %s", want, words)
		}
	}
	if strings.Count(words, "2026年11月1日") != 1 || !strings.Contains(string(text), `<w:gridSpan w:val="2"/>`) {
		t.Error("the date stands twice, or a cell does not span")
	}
	pdf := x.get(name + ".pdf")
	if pdf.Code != http.StatusOK || !strings.HasPrefix(pdf.Body.String(), "%PDF-") || pdf.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("%d %v", pdf.Code, pdf.Header())
	}
	again := httptest.NewRequest("GET", name+".pdf", nil)
	again.Header.Set("If-None-Match", pdf.Header().Get("ETag"))
	w = httptest.NewRecorder()
	if x.handler.ServeHTTP(w, again); w.Code != http.StatusNotModified {
		t.Errorf("asked again: %d", w.Code)
	}
	for path, want := range map[string]int{"/items/" + id + "/x.pdf": 301, "/items/" + id + "/x.exe": 404, "/items/none/x.pdf": 404, name: 404} {
		if w := x.get(path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}

// A document leads to those whose texts mention its number.
func TestDocumentsThatMentionAnother(t *testing.T) {
	x := open(t, dbtest.SQLite(t))
	old := notice()
	old.IndexNo, old.Content.DocNo, old.Content.Title, old.Content.Body = "示-8", "示政发〔2025〕3号", "补贴申请办法", "<p>申请。</p>"
	ids := x.publish(old, notice())
	to := "/search.html?q=" + url.QueryEscape(`"示政发〔2025〕3号"`)
	x.has("/items/"+ids[0]+".html", `href="`+to+`"`, "提到示政发〔2025〕3号的信息")
	x.has(to, "/items/"+ids[1]+".html", "/items/"+ids[0]+".html")
}

// A number leads to its document, whatever brackets it is typed with.
func TestNumbersLeadToDocuments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		id := x.publish(notice())[0]
		for no, want := range map[string]string{
			"示-9": "/items/" + id + ".html", "示政发〔2026〕9号": "/items/" + id + ".html", "示政发[2026]9号": "/items/" + id + ".html",
			"示-99": "/search.html?q=%E7%A4%BA-99", `\\evil.example`: "/search.html?q=%5C%5Cevil.example", "x\r\nSet-Cookie: a=b": "/search.html?q=x%0D%0ASet-Cookie%3A+a%3Db",
		} {
			w := x.get("/index/" + url.PathEscape(no))
			if w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
				t.Errorf("%s: %d %s, want %s", no, w.Code, w.Header().Get("Location"), want)
			}
		}
	})
}

// Pages of a list have addresses that stay, and lead to each other.
func TestListPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		l, err := x.Reader.Item(t.Context(), x.old)
		if err != nil {
			t.Fatal(err)
		}
		at := "/sections/" + l.Item.Section
		x.has(at+".html", "示例县养老服务新办法")
		var all []disclosure.Import
		for i := range 45 {
			one := notice()
			one.IndexNo, one.Content.DocNo, one.Content.Title = fmt.Sprintf("列-%d", i), "", fmt.Sprintf("列表中的第%02d件", i)
			one.PublishedAt = dbtest.Noon.Add(time.Duration(i) * time.Minute)
			all = append(all, one)
		}
		x.publish(all...)
		desk := &disclosure.Desk{DB: d}
		if err := desk.Jobs()[disclosure.PagesJob](t.Context(), []byte(`{"section":"`+l.Item.Section+`"}`)); err != nil {
			t.Fatal(err)
		}
		body := x.has(at+".html", "列表中的第44件", "列表中的第18件", at+"/1.html") // page 2 in part and page 3: 27 items
		if strings.Contains(body, "列表中的第17件") {
			t.Error("the newest items reach into page 1")
		}
		body = x.has(at+"/1.html", "示例县养老服务办法", "列表中的第17件", at+"/2.html", "第 1 页")
		if strings.Contains(body, "列表中的第18件") || strings.Contains(body, at+"/0.html") {
			t.Error("page 1 holds what belongs to page 2")
		}
		for path, want := range map[string]int{at + "/0.html": 404, at + "/4.html": 404, at + "/01.html": 404, at + "/x.html": 404, at + "/99999999999999999999.html": 404, at + "/2": 301} {
			if w := x.get(path); w.Code != want {
				t.Errorf("%s: %d, want %d", path, w.Code, want)
			}
		}
	})
}

// A page says what it is made from, and no more.
func TestWhatADocumentsPageIsMadeFrom(t *testing.T) {
	x := open(t, dbtest.SQLite(t))
	ids := x.publish(notice())
	ctx, made := web.Depending(t.Context())
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, httptest.NewRequest("GET", "/items/"+ids[0]+".html", nil).WithContext(ctx))
	tags := fmt.Sprint(made.Tags())
	for _, want := range []change.Tag{change.Item(ids[0]), change.Area("normative", x.body), change.Area("section", x.body), change.Number("〔2025〕3号")} {
		if !strings.Contains(tags, string(want)) {
			t.Errorf("%s is not among %s", want, tags)
		}
	}
	if strings.Contains(tags, string(change.Published)) || strings.Contains(tags, string(change.Agency(x.body))) || made.Once() {
		t.Errorf("made anew with every publication: %s", tags)
	}
	ctx, made = web.Depending(t.Context())
	x.handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/search.html?q=a", nil).WithContext(ctx))
	if !made.Once() {
		t.Error("a page of hits may be kept")
	}
}

func TestAnchors(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"too few", "<h2>一</h2><p>字</p>", "0"},
		{"headings", "<h2>甲</h2><h3>乙</h3><h2 class=\"align-center\">丙</h2><h2>丁</h2><p>五、戊</p>", "4 甲1 乙2 丙1 丁1"},
		{"numbered paragraphs", "<p>一、总则</p><p>文。</p><p><strong>二、范围</strong></p><p>三、对象</p><p>四、办法</p><p>五、这一句是正文，因为它以句号结束。</p>", "4 一、总则1 二、范围1 三、对象1 四、办法1"},
		{"chapters", "<p>第一章 总则</p><p>第二章 范围</p><p>第三章 程序</p><p>第十章 附则</p>", "4 第一章 总则1 第二章 范围1 第三章 程序1 第十章 附则1"},
		{"not in tables", "<table><tbody><tr><td><p>一、甲</p><p>二、乙</p><p>三、丙</p><p>四、丁</p></td></tr></tbody></table>", "0"},
	} {
		shown, all := anchored(c.in, "表")
		got := fmt.Sprint(len(all))
		for _, h := range all {
			got += fmt.Sprintf(" %s%d", h.Text, h.Level)
			if !strings.Contains(shown, `id="`+strings.TrimPrefix(h.Href, "#")+`"`) {
				t.Errorf("%s: %s leads nowhere", c.name, h.Href)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestCitedNumbers(t *testing.T) {
	got := citedIn("根据国办发〔2019〕61号和示政〔2020〕1号，参见《办法》（2019）。")
	for _, want := range []string{"国办发〔2019〕61号", "示政〔2020〕1号"} {
		if !strings.Contains(strings.Join(got, " "), want) {
			t.Errorf("%s is not among %v", want, got)
		}
	}
	if n := len(citedIn(strings.Repeat("号办发办发办发办发〔2019〕61号，", 1000))); n > 100 {
		t.Errorf("%d numbers are looked up", n)
	}
}

func TestFileNames(t *testing.T) {
	for title, want := range map[string]string{
		"关于“一件事”的通知": "关于“一件事”的通知", "../../etc/passwd": "etcpasswd", "a\x00b\r\nc": "ab c", "": "document", "...": "document", strings.Repeat("长", 100): strings.Repeat("长", 60),
	} {
		if got := fileName(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}
