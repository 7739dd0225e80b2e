package portal

import (
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/ledger/proof"
)

// raw asks for what is no page.
func (x *public) raw(path string, status int) (string, http.Header) {
	x.t.Helper()
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	if w.Code != status {
		x.t.Errorf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String(), w.Header()
}

// kept sends a file to be checked and returns the page.
func (x *public) kept(content string) string {
	x.t.Helper()
	var b strings.Builder
	m := multipart.NewWriter(&b)
	f, err := m.CreateFormFile("file", "kept.json")
	if err != nil {
		x.t.Fatal(err)
	}
	if _, err := f.Write([]byte(content)); err != nil {
		x.t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		x.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/ledger.html", strings.NewReader(b.String()))
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "⟦") {
		x.t.Errorf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestThePublicLogExplainsItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.has("/ledger.html", "公开存证", "登记簿里还没有条目", "example.gov.cn/ledger")
		if _, err := x.Ledger.Adopt(t.Context()); err != nil {
			t.Fatal(err)
		}
		x.has("/ledger.html", "示例县养老服务办法", "补录", "/items/"+x.old+"/proof.json", "核对一件信息")
		x.has("/ledger.html?no=%E7%A4%BA-1", "核对相符", "第 0 号条目")
		x.has("/ledger.html?no=%3Cscript%3E", "没有公开过索引号为“&lt;script&gt;”的信息", "核对不符")

		key, _ := x.raw("/ledger/key", 200)
		keys, err := proof.ParseKeys(key)
		if err != nil {
			t.Fatal(err)
		}
		checkpoint, h := x.raw("/ledger/checkpoint", 200)
		c, err := proof.OpenCheckpoint([]byte(checkpoint), keys)
		if err != nil || c.Size != 2 || h.Get("Cache-Control") != "no-cache" {
			t.Errorf("%+v, %v, %v", c, err, h)
		}
		entries, h := x.raw("/ledger/tile/entries/000.p/2", 200)
		if all, err := proof.ReadBundle([]byte(entries)); err != nil || len(all) != 2 || !strings.Contains(h.Get("Cache-Control"), "immutable") {
			t.Errorf("%q, %v, %v", all, err, h)
		}
		if tile, _ := x.raw("/ledger/tile/0/000.p/2", 200); len(tile) != 64 {
			t.Errorf("a tile of %d bytes", len(tile))
		}
		for _, none := range []string{"/ledger/tile/0/000", "/ledger/tile/0/000.p/3", "/ledger/tile/entries/000.p/3", "/ledger/tile/9/000.p/1", "/ledger/tile/0/0", "/ledger/tile/x", "/items/none/record.json", "/items/none/proof.json"} {
			x.raw(none, 404)
		}
	})
}

func TestWhatWasKeptIsChecked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		if _, err := x.Ledger.Adopt(t.Context()); err != nil {
			t.Fatal(err)
		}
		record, _ := x.raw("/items/"+x.old+"/record.json", 200)
		document, _ := x.raw("/items/"+x.old+"/proof.json", 200)
		for _, test := range []struct{ name, content, want string }{
			{"a record", record, "与登记簿第 0 号条目（补录"},
			{"a record whose end of line was lost", strings.TrimSpace(record), "与登记簿第 0 号条目（补录"},
			{"an altered record", strings.Replace(record, "正文", "正义", 1), "登记簿里没有这份记录"},
			{"a proof", document, "证明成立：登记簿第 0 号条目"},
			{"an altered proof", strings.Replace(document, "act taken", "act published", 1), "证明不成立"},
			{"something else", "{}", "这不是存证记录，也不是存证证明"},
			{"nothing", "", "这不是存证记录，也不是存证证明"},
		} {
			if got := x.kept(test.content); !strings.Contains(got, test.want) {
				t.Errorf("%s: %s", test.name, got)
			}
		}
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/ledger.html", strings.NewReader("text="+strings.Repeat("a", maxRecord)))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		x.handler.ServeHTTP(w, r)
		if w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("what is too large: %d", w.Code)
		}
	})
}
