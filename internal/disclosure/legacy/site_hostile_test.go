package legacy

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
)

// listed serves a site of a widely used system: list pages drawn by a call, pages in GBK,
// attachments and pictures, and some that are broken.
func listed(t *testing.T) (start string, asked map[string]int) {
	t.Helper()
	asked = map[string]int{}
	gb := func(text string) []byte {
		out, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	article := func(n int) []byte {
		return gb(fmt.Sprintf(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>关于第%d件事的通知_云岭市</title>
			<meta name="PubDate" content="2021-02-0%d 10:20"></head><body><div class="TRS_Editor"><p>　　第%d件事的正文。</p>
			<p><img src="./W0%d.png" alt="图%d"></p><p><a href="./P0%d.doc">附件：名单</a> <a href="/gone/x.pdf">没有的附件</a> <a href="./soft.xls">变成网页的附件</a></p></div></body></html>`, n, n, n, n, n, n))
	}
	var list string
	for n := 1; n <= 3; n++ {
		list += fmt.Sprintf(`<li><a href="./t2021020%d_%d.html" target="_blank">关于第%d件事的通知</a></li>`, n, n, n)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		switch r.URL.Path {
		case "/zwgk/tzgg":
			http.Redirect(w, r, "/zwgk/tzgg/", http.StatusMovedPermanently)
		case "/zwgk/tzgg/":
			_, _ = w.Write(gb(`<meta charset=gbk><meta name="ColumnName" content="通知公告"><ul>` + list + `</ul><script>createPageHTML(2, 0, "index", "html");</script>`))
		case "/zwgk/tzgg/index_1.html":
			_, _ = w.Write(gb(`<meta charset=gbk><meta name="ColumnName" content="通知公告"><a href="t4.html">第四件事坏了</a><a href="t5.html">绕圈子的文章</a><a href="t6.html">炸弹一样的文章</a>
				<a href="t20210203_3.html">关于第三件事的通知</a><a href="t7.html">话没说完的文章</a>`))
		case "/zwgk/tzgg/t20210201_1.html", "/zwgk/tzgg/t20210202_2.html", "/zwgk/tzgg/t20210203_3.html":
			_, _ = w.Write(article(int(r.URL.Path[len(r.URL.Path)-6] - '0')))
		case "/zwgk/tzgg/t4.html":
			http.Error(w, "坏了", http.StatusInternalServerError)
		case "/zwgk/tzgg/t5.html":
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		case "/zwgk/tzgg/t6.html":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 64 {
				_, _ = z.Write(make([]byte, 1<<20))
			}
			z.Close()
		case "/zwgk/tzgg/t7.html":
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte("<title>"))
		case "/zwgk/tzgg/soft.xls":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte("<p>您访问的页面不存在</p>"))
		case "/zwgk/tzgg/W01.png", "/zwgk/tzgg/W02.png", "/zwgk/tzgg/W03.png":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" + r.URL.Path))
		case "/zwgk/tzgg/P01.doc", "/zwgk/tzgg/P02.doc", "/zwgk/tzgg/P03.doc":
			w.Header().Set("Content-Type", "application/msword")
			if r.URL.Path == "/zwgk/tzgg/P03.doc" { // it breaks off
				w.Header().Set("Content-Length", "1000")
			}
			_, _ = w.Write([]byte("名单" + r.URL.Path))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL + "/zwgk/tzgg", asked
}

func TestASiteIsBroughtInWithItsFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		start, asked := listed(t)
		read := func() (Tally, map[string]Line) {
			s, err := Open(t.Context(), start, Site{Private: true, Delay: time.Nanosecond, Known: func(ctx context.Context, address string) (bool, error) {
				return w.desk.Has(ctx, w.agency, address)
			}})
			if err != nil {
				t.Fatal(err)
			}
			tally, lines := w.run(t, s.Rows, func(o *Options) { o.Source, o.Live = s.Name, s.Live })
			by := map[string]Line{}
			for _, l := range lines {
				by[l.Where[strings.LastIndexByte(l.Where, '/')+1:]] = l
			}
			return tally, by
		}
		tally, lines := read()
		if tally != (Tally{Read: 7, Created: 3, Refused: 4}) {
			t.Errorf("%+v: %+v", tally, lines)
		}
		for name, code := range map[string]string{"t4.html": "legacy.site.status", "t5.html": "legacy.site.status",
			"t6.html": "legacy.too_long", "t7.html": "legacy.site.unreached"} {
			if lines[name].Reason.Key != code {
				t.Errorf("%s: %+v", name, lines[name])
			}
		}
		leaf, err := (&disclosure.Reader{DB: d}).Item(t.Context(), lines["t20210201_1.html"].Item)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, a := range leaf.Edition.Attachments {
			names = append(names, a.Name)
		}
		if leaf.Edition.Title != "关于第1件事的通知" || strings.Join(names, " ") != "W01.png 附件：名单.doc" ||
			!strings.HasPrefix(leaf.Edition.Body, "<p>第1件事的正文。</p>") || len(lines["t20210201_1.html"].Notes) != 2 {
			t.Errorf("%+v, files %v, %+v", leaf.Edition.Content, names, lines["t20210201_1.html"])
		}
		if n := len(lines["t20210203_3.html"].Notes); n != 3 {
			t.Errorf("of the third, whose attachment breaks off, %d notes", n)
		}
		tally, _ = read()
		if tally != (Tally{Read: 7, Known: 3, Refused: 4}) || asked["/zwgk/tzgg/t20210201_1.html"] != 1 {
			t.Errorf("again: %+v; the first page was asked for %d times", tally, asked["/zwgk/tzgg/t20210201_1.html"])
		}
	})
}

func TestASiteThatFallsSilentIsLeft(t *testing.T) {
	var list bytes.Buffer
	for n := range 40 {
		fmt.Fprintf(&list, `<a href="a%d.html">文章的标题%d</a>`, n, n)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			_, _ = w.Write(list.Bytes())
		case "/robots.txt":
			http.NotFound(w, r)
		default:
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(s.Close)
	got := 0
	var last Row
	o, err := Open(t.Context(), s.URL+"/", Site{Private: true, Delay: time.Nanosecond})
	for _, r := range all(t, o.Rows, err) {
		got++
		last = r
	}
	if got != siteSilent+1 || !errors.Is(last.Err, ErrSilent) {
		t.Errorf("%d rows, the last %v", got, last.Err)
	}
}

func TestRowsWithoutAnEndFillNoMemory(t *testing.T) {
	huge := func(name, begin, end string) string {
		path := filepath.Join(t.TempDir(), name)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		fmt.Fprint(f, begin)
		part := strings.Repeat("长", 1<<20/3)
		for range 100 {
			fmt.Fprint(f, part)
		}
		fmt.Fprint(f, end)
		return path
	}
	for name, test := range map[string]struct {
		path string
		rows int
		want error
	}{
		"a table":           {huge("a.csv", "标题,正文\n甲,乙\n丙,", "\n丁,戊\n"), 2, ErrEndless},
		"an open quotation": {huge("b.csv", "标题,正文\n甲,乙\n丙,\"", "\n丁,戊\n"), 2, ErrEndless},
		"a million columns": {write(t, "c.csv", "标题,正文\n甲,乙\n"+strings.Repeat("x,", 1_000_000)+"\n丁,戊\n"), 3, ErrFields},
		"a line of JSON":    {huge("d.jsonl", `{"title":"甲"}`+"\n"+`{"title":"`, "\"}\n{\"title\":\"丁\"}\n"), 3, ErrTooLong},
		"a value in a list": {huge("e.json", `[{"title":"甲"},{"title":"`, `"}]`), 2, ErrEndless},
		"a text too long":   {write(t, "f.jsonl", `{"title":"甲"}`+"\n"+`{"title":"乙","text":"`+strings.Repeat("x", maxRow+1)+`"}`), 2, ErrTooLong},
	} {
		s, err := Open(t.Context(), test.path, Site{})
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		n := 0
		var last error
		for r := range s.Rows {
			n++
			if r.Err != nil {
				last = r.Err
			}
		}
		runtime.ReadMemStats(&after)
		if n != test.rows || !errors.Is(last, test.want) {
			t.Errorf("%s: %d rows, %v", name, n, last)
		}
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 400<<20 {
			t.Errorf("%s: the heap grew by %d MB", name, grown>>20)
		}
	}
	for _, head := range []string{strings.Repeat("标题,", 1_000_000), "标题," + strings.Repeat("x,", 1_000_000), strings.Repeat("x", 20<<20)} {
		if _, err := Open(t.Context(), write(t, "g.csv", head+"\n甲\n"), Site{}); err == nil {
			t.Error("a table with a million columns was opened")
		}
	}
}

func TestLinksOutOfAFolderAreNotFollowed(t *testing.T) {
	outside := write(t, "secret/x.html", fmt.Sprintf(page, "utf-8"))
	inside := write(t, "site/a.html", strings.Replace(fmt.Sprintf(page, "utf-8"), "<script>x()</script>", `<img src="link.png">`, 1))
	dir := filepath.Dir(inside)
	for name, to := range map[string]string{"b.html": outside, "link.png": outside, "sub": filepath.Dir(outside)} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := Folder(dir)
	got := all(t, rows, err)
	if len(got) != 1 || got[0].Where != "a.html" || len(got[0].Files) != 1 {
		t.Fatalf("got %+v", got)
	}
	if r, err := got[0].Files[0].Open(t.Context()); err == nil {
		r.Close()
		t.Error("a picture outside the folder was opened")
	}
}

func TestAChangedFileIsAnotherSource(t *testing.T) {
	path := write(t, "a.csv", "标题\n甲\n")
	name := func() string {
		s, err := Open(t.Context(), path, Site{})
		if err != nil {
			t.Fatal(err)
		}
		return s.Name
	}
	before := name()
	if again := name(); again != before {
		t.Errorf("%s, then %s", before, again)
	}
	if err := os.WriteFile(path, []byte("标题\n乙\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if after := name(); after == before {
		t.Errorf("changed, and still %s", after)
	}
}

func TestShortTextsAreKnownByTheirDayToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		rule := func(day string) Row {
			return article(1, func(r *Record) { r.URL, r.Title, r.Body, r.PublishedAt = "", "示例督导规定", "", moment(day) })
		}
		tally, _ := w.run(t, list(rule("2002-05-13"), rule("2017-09-29"), rule("2017-09-29")))
		if tally != (Tally{Read: 3, Created: 2, Known: 1}) {
			t.Errorf("%+v", tally)
		}
	})
}
