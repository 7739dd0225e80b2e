package legacy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/fault"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func all(t *testing.T, rows Rows, err error) []Row {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var got []Row
	for r := range rows {
		got = append(got, r)
	}
	return got
}

func TestCSVReadsEveryRowOrSaysWhy(t *testing.T) {
	text := "\ufeff标题*,发文字号,发布日期,正文,备注\n" +
		"关于甲事的通知,云政发〔2026〕1号,2026年3月5日,第一行,x\n" +
		"\"含\"\"引号\"\"、\n换行\",,2026-03-06 09:30,<p>正文</p>,\n" +
		"日期不对,,2026-02-30,正文,\n" +
		"少一格,,2026-03-07,正文\n" +
		",,2026-03-08,没有标题,\n" +
		"最后一行,,,,\n"
	path := write(t, "a.csv", text)
	rows, err := CSV(path)
	got := all(t, rows, err)
	if len(got) != 6 {
		t.Fatalf("%d rows: %+v", len(got), got)
	}
	for i, want := range []struct {
		where, title string
		err          error
	}{
		{"a.csv:2", "关于甲事的通知", nil}, {"a.csv:3", "含\"引号\"、换行", nil}, {"a.csv:5", "", ErrDate},
		{"a.csv:6", "", ErrFields}, {"a.csv:7", "", ErrNoTitle}, {"a.csv:8", "最后一行", nil},
	} {
		r := got[i]
		if r.Where != want.where || want.err == nil && (r.Err != nil || r.Record.Title != want.title) ||
			want.err != nil && (r.Err == nil || !errors.Is(r.Err, want.err)) {
			t.Errorf("row %d: %+v", i, r)
		}
	}
	if r := got[0].Record; r.DocNumber != "云政发〔2026〕1号" || r.PublishedAt.Day.String() != "2026-03-05" ||
		r.PublishedAt.HasTime || r.Body != "<p>第一行</p>\n" {
		t.Errorf("first row: %+v", r)
	}
	if r := got[1].Record; r.PublishedAt.Time() != time.Date(2026, 3, 6, 1, 30, 0, 0, time.UTC) || r.Body != "<p>正文</p>" {
		t.Errorf("second row: %+v", r)
	}
	s, err := Open(t.Context(), path, Site{})
	if err != nil {
		t.Fatal(err)
	}
	if unknown := s.Unknown(); len(unknown) != 1 || unknown[0] != "备注" {
		t.Errorf("unknown columns %v", unknown)
	}
}

func TestCSVInGB18030WithTabs(t *testing.T) {
	text, err := simplifiedchinese.GB18030.NewEncoder().String("标题\t发文机关\n关于堃字的公告\t云岭市示例局\n")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := CSV(write(t, "gb.csv", text))
	got := all(t, rows, err)
	if len(got) != 1 || got[0].Record.Title != "关于堃字的公告" || got[0].Record.Issuer != "云岭市示例局" {
		t.Errorf("got %+v", got)
	}
}

func TestTablesThatCannotBeRead(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want error
	}{
		"no title column":   {"文号,正文\n1,2\n", ErrNoColumns},
		"empty":             {"", ErrNoColumns},
		"a column twice":    {"标题,title\n甲,乙\n", ErrTwice},
		"an open quotation": {"标题,正文\n甲,\"乙\n丙\n", ErrEndless},
		"half a quotation":  {"标题,正文\n\"甲\"乙,丙\n丁,戊\n", ErrQuote},
	} {
		rows, err := CSV(write(t, "x.csv", test.text))
		if err == nil {
			for r := range rows {
				if r.Err != nil {
					err = r.Err
				}
			}
		}
		if !errors.Is(err, test.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := CSV(filepath.Join(t.TempDir(), "none.csv")); !errors.Is(err, ErrFile) {
		t.Errorf("a file that is not there: got %v", err)
	}
}

func TestJSONLines(t *testing.T) {
	path := write(t, "a.jsonl", `{"title":"甲法","category":"刑法","date":"1979-07-01","text":"# 甲法\n\n<!-- INFO END -->\n\n第一条 内容<1>"}
not json

{"title":"乙","date":"","text":null,"path":"a/b.md","serial":7}
{"title":"丙","标题":"丁"}
`)
	rows, err := JSONLines(path)
	got := all(t, rows, err)
	if len(got) != 4 {
		t.Fatalf("%d rows", len(got))
	}
	if r := got[0].Record; r.Section != "刑法" || r.IssuedOn.String() != "1979-07-01" ||
		r.Body != "<p>第一条 内容&lt;1&gt;</p>\n" {
		t.Errorf("got %+v", r)
	}
	if !errors.Is(got[1].Err, ErrJSON) || got[1].Where != "a.jsonl:2" {
		t.Errorf("got %+v", got[1])
	}
	if r := got[2].Record; got[2].Err != nil || r.URL != "a/b.md" {
		t.Errorf("got %+v", got[2])
	}
	if !errors.Is(got[3].Err, ErrTwice) {
		t.Errorf("got %+v", got[3])
	}
}

func TestMoments(t *testing.T) {
	for v, want := range map[string]string{
		"2023-09-25": "2023-09-25", "2023/9/5": "2023-09-05", "2023.09.05": "2023-09-05", "2023年9月5日": "2023-09-05",
		"20230925": "2023-09-25", "2023-09-25 10:30": "2023-09-25 10:30", "2023年9月5日 8:05:59": "2023-09-05 08:05",
		"2024-02-29T00:00:00Z": "2024-02-29 08:00", "": "", "2023-09-24T16:00:00Z": "2023-09-25 00:00",
		"2023-09-25T10:30:00.000+08:00": "2023-09-25 10:30", "2023-09-25T10:30:00+0800": "2023-09-25 10:30",
		"2023-09-25T10:30": "2023-09-25 10:30", "2023-09-25 10:30:00.0": "2023-09-25 10:30",
		"45194": "2023-09-25", "45194.4375": "2023-09-25 10:30", "1695609000": "2023-09-25 10:30",
		"1695609000000": "2023-09-25 10:30", "[2023-09-25]": "2023-09-25", "２０２３年９月２５日": "2023-09-25",
		"2023年9月25日 星期一": "2023-09-25", "2023年9月25日（星期一）10时30分": "2023-09-25 10:30", "2023年9月5日10：30": "2023-09-05 10:30",
		"二〇二三年九月二十五日": "2023-09-25", "二○二三年十月十日": "2023-10-10", "二〇二三年十二月三十一日": "2023-12-31",
		"12345": "no", "99999": "no", "4519": "no", "二〇二三年十三月一日": "no", "2023": "no", "2023-09-25 8点": "no",
		"2023-02-29": "no", "09/25/2023": "no", "2023-9": "no", "昨天": "no", "2023-09-25 24:00": "no", "1899-01-01": "no",
		"2023-09-25 10:30 发布": "no",
	} {
		m, ok := parseMoment(v)
		got := m.Day.String()
		if m.HasTime {
			got += fmt.Sprintf(" %02d:%02d", m.Hour, m.Minute)
		}
		if !ok {
			got = "no"
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", v, got, want)
		}
	}
}

const page = `<!doctype html><html><head><meta charset="%s"><title>标题 - 云岭市政府</title>
<meta name="ArticleTitle" content="关于甲事的公告"><meta name="PubDate" content="2025-06-01 08:30">
<meta name="ContentSource" content="示例局"><meta name="ColumnName" content="通知公告"></head><body>
<nav><a href="/">首页很长的导航文字不应当成为正文的一部分</a></nav>
<table><tr><td>索 引 号：</td><td>000014349/2025-00001</td><td>发文字号:</td><td>云示发〔2025〕3号</td></tr></table>
<div id="zoom" class="TRS_Editor"><p>这是公告的正文，说明了事情的来龙去脉，有二十个字以上。</p><script>x()</script></div>
<footer>版权所有</footer></body></html>`

func nowhere(string) Opener { return nil }

func TestPage(t *testing.T) {
	r, _, f := Page([]byte(fmt.Sprintf(page, "utf-8")), nowhere)
	if f != nil {
		t.Fatal(f)
	}
	if r.Title != "关于甲事的公告" || r.Source != "示例局" || r.Section != "通知公告" || r.IndexNo != "000014349/2025-00001" ||
		r.DocNumber != "云示发〔2025〕3号" || r.PublishedAt.Time() != time.Date(2025, 6, 1, 0, 30, 0, 0, time.UTC) {
		t.Errorf("got %+v", r)
	}
	if !strings.HasPrefix(r.Body, "<p>这是公告的正文") || strings.Contains(r.Body, "导航") || strings.Contains(r.Body, "版权") {
		t.Errorf("body %q", r.Body)
	}
	gb, err := simplifiedchinese.GBK.NewEncoder().String(fmt.Sprintf(page, "gb2312"))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, f := Page([]byte(gb), nowhere); f != nil || r.Title != "关于甲事的公告" {
		t.Errorf("in GBK: %+v, %v", r, f)
	}
	if _, _, f := Page([]byte("<html><body><a href=x>只有链接</a></body></html>"), nowhere); !errors.Is(f, ErrNoArticle) {
		t.Errorf("a page without an article: %v", f)
	}
}

func TestFolder(t *testing.T) {
	path := write(t, "zwgk/a.html", fmt.Sprintf(page, "utf-8"))
	dir := filepath.Dir(filepath.Dir(path))
	for name, text := range map[string]string{"zwgk/empty.htm": "<p>x</p>", "zwgk/style.css": "p{}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := Folder(dir)
	got := all(t, rows, err)
	if len(got) != 2 || got[0].Where != "zwgk/a.html" || got[0].Err != nil || !errors.Is(got[1].Err, ErrNoArticle) {
		t.Errorf("got %+v", got)
	}
	if _, err := Folder(t.TempDir()); !errors.Is(err, ErrEmpty) {
		t.Errorf("an empty folder: %v", err)
	}
}

// site serves two list pages with three articles, a page that robots.txt closes, one that
// is missing, and links to elsewhere.
func site(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "User-agent: *\nDisallow: /zwgk/closed.html\n")
	})
	mux.HandleFunc("/zwgk/index.html", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<ul><li><a href="a.html">第一篇文章</a><li><a href="b.html#x">第二篇文章</a><li><a href="b.html">第二篇文章</a>
			<li><a href="http://203.0.113.9/c.html">外站的文章</a><li><a href="closed.html">不许看的文章</a>
			<li><a href="away.html">转到外站的文章</a><li><a href="../">返回上级目录</a></ul><a href="index_1.html">下一页</a>`)
	})
	mux.HandleFunc("/zwgk/index_1.html", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<a href="gone.html">不存在的文章</a><a href="c.html">第三篇文章</a><a href="index.html">上一页</a>`)
	})
	mux.HandleFunc("/zwgk/away.html", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://203.0.113.9/secret", http.StatusFound)
	})
	for _, name := range []string{"a", "b", "c"} {
		mux.HandleFunc("/zwgk/"+name+".html", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, page, "utf-8") })
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestSiteIsReadWithinItsHost(t *testing.T) {
	s := site(t)
	rows, err := Site{Start: s.URL + "/zwgk/index.html", Host: "127.0.0.1", Private: true, Delay: time.Nanosecond}.Rows(t.Context())
	got := map[string]string{}
	for _, r := range all(t, rows, err) {
		word := "ok"
		if r.Err != nil {
			word = r.Err.Code
		}
		got[strings.TrimPrefix(r.Where, s.URL)] = word
	}
	want := map[string]string{
		"/zwgk/a.html": "ok", "/zwgk/b.html": "ok", "/zwgk/c.html": "ok", "/zwgk/closed.html": "legacy.site.robots",
		"/zwgk/gone.html": "legacy.site.status", "/zwgk/away.html": "legacy.site.host",
	}
	for where, word := range want {
		if got[where] != word && !(where == "/zwgk/b.html" && got[where+"#x"] == word) {
			t.Errorf("%s: got %q, want %q", where, got[where], word)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
}

func TestSiteRefusesOtherHostsAndInnerAddresses(t *testing.T) {
	s := site(t)
	for name, test := range map[string]struct {
		site Site
		want error
	}{
		"another host":    {Site{Start: s.URL + "/", Host: "www.example.gov.cn"}, ErrHost},
		"no address":      {Site{Start: "zwgk/index.html", Host: "127.0.0.1"}, ErrAddress},
		"a file":          {Site{Start: "file:///etc/passwd", Host: ""}, ErrAddress},
		"an inner server": {Site{Start: s.URL + "/zwgk/index.html", Host: "127.0.0.1", Delay: time.Nanosecond}, ErrInner},
	} {
		rows, err := test.site.Rows(t.Context())
		if err == nil {
			for r := range rows {
				err = r.Err
			}
		}
		if !errors.Is(err, test.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestSiteStopsWhenAsked(t *testing.T) {
	s := site(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	rows, err := Site{Start: s.URL + "/zwgk/index.html", Host: "127.0.0.1", Private: true, Delay: time.Nanosecond}.Rows(ctx)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for range rows {
		n++
		stop()
	}
	if n > 2 {
		t.Errorf("%d rows after the stop", n)
	}
}

// The real lists of three provincial governments: every row is read.
func TestCorpusTablesAreRead(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "..", "shared", "corpus", "site")
	if d := os.Getenv("GONGKAI_CORPUS"); d != "" {
		dir = filepath.Join(d, "site")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the corpus is missing at %s", dir)
	}
	count := func(rows Rows, err error) (n, bad int, first *fault.Error) {
		for _, r := range all(t, rows, err) {
			n++
			if r.Err != nil {
				bad++
				first = r.Err
			}
		}
		return n, bad, first
	}
	if n, bad, first := count(CSV(filepath.Join(dir, "documents.csv"))); n != 19752 || bad != 0 {
		t.Errorf("documents.csv: %d rows, %d bad: %v", n, bad, first)
	}
	if n, bad, first := count(JSONLines(filepath.Join(dir, "laws.jsonl"))); n != 1084 || bad != 0 {
		t.Errorf("laws.jsonl: %d rows, %d bad: %v", n, bad, first)
	}
}
