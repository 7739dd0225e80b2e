package portal

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/job"
	"gongkai/internal/notify"
	"gongkai/internal/secret"
	"gongkai/internal/site"
	"gongkai/internal/subscription"
)

// subscribing is the public's pages with subscriptions, whose mails stay in an outbox.
func subscribing(t *testing.T, d *db.DB) (*public, *subscription.Desk) {
	x := open(t, d)
	keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	x.Outbox = &notify.Outbox{}
	desk := &subscription.Desk{DB: d, Keys: keys, Post: &notify.Post{DB: d, Keys: keys, Outbox: x.Outbox}, Reader: x.Reader,
		Search: x.Search.Search, Sites: &site.Directory{DB: d, URL: "https://www.example.gov.cn", Now: time.Now}}
	x.Subscriptions = desk
	if x.handler, err = New(x.Options); err != nil {
		t.Fatal(err)
	}
	return x, desk
}

// send posts a form, as a browser of this site or a mail program does, and returns the answer.
func (x *public) send(path string, form url.Values) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	x.handler.ServeHTTP(w, r)
	return w
}

func (x *public) look(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

// From the form to the mail to the person's page and out again, without a script or a cookie.
func TestSubscribing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, desk := subscribing(t, d)
		has := func(what string, w *httptest.ResponseRecorder, status int, want ...string) {
			t.Helper()
			body := w.Body.String()
			if w.Code != status || strings.Contains(body, "⟦") {
				t.Fatalf("%s: %d %s", what, w.Code, body)
			}
			for _, one := range want {
				if !strings.Contains(body, one) {
					t.Errorf("%s: no %q in %s", what, one, body)
				}
			}
		}
		has("the form", x.look("/subscribe.html"), 200, "示例县人民政府公开的信息", "通知公告", "全部新公开的信息", "撤回同意", "演示")
		has("in English", x.look("/en/subscribe.html"), 200, "withdraw your consent")
		has("from a search", x.look("/subscribe.html?q=养老&year=2026"), 200, "搜索“养老”的新结果", `name="year" value="2026"`)
		has("of a section that is gone", x.look("/subscribe.html?section=x"), 200, "示例县人民政府公开的信息")
		ask := url.Values{"email": {"jia"}, "topic": {"search"}, "q": {"养老"}, "year": {"2026"}, "rhythm": {"weekly"}}
		has("a wrong address", x.send("/subscribe.html", ask), 422, "有效的邮箱地址", `value="jia"`, `value="search" selected`, `value="weekly" checked`)
		ask.Set("email", "jia@example.com")
		w := x.send("/subscribe.html", ask)
		has("sent", w, 303)
		if to := w.Header().Get("Location"); to != "/subscribe/sent.html" {
			t.Errorf("led to %s", to)
		}
		has("what was sent", x.look("/subscribe/sent.html"), 200, "请查收")
		if err := (&job.Runner{DB: d, Handlers: desk.Handlers()}).Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		has("the outbox", x.look("/outbox.html"), 200, "没有发出", "/subscribe/confirm.html?t=")
		confirm := linkIn(t, x.Outbox.Posted()[0].Text, "/subscribe/confirm.html")
		has("the link alone", x.look(confirm.String()), 200, "确认订阅", "每周一封")
		has("twice", x.look(confirm.String()), 200, "确认订阅")
		w = x.send("/subscribe/confirm.html", url.Values{"t": {confirm.Query().Get("t")}})
		has("confirmed", w, 303)
		manage := w.Header().Get("Location")
		has("the person's page", x.look(manage), 200, "订阅成功", "j***@example.com", "搜索“养老”的新结果")
		has("a used link", x.look(confirm.String()), 404, "链接已经失效")
		if w := x.look(manage); strings.Contains(w.Body.String(), "jia@") || strings.Contains(w.Body.String(), "canonical") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v %s", w.Header(), w.Body)
		}
		key := mustURL(t, manage).Query().Get("k")
		has("asked before leaving", x.look("/subscribe/leave.html?k="+key), 200, "搜索“养老”的新结果", "退订")
		has("one click", x.send("/subscribe/leave.html?k="+key, url.Values{"List-Unsubscribe": {"One-Click"}}), 200, "已退订")
		has("afterwards", x.look(manage), 404, "链接已经失效")
		has("a forged key", x.send("/subscribe/leave.html?k=x.y", nil), 404, "链接已经失效")
	})
}

// Without a mail server the page says so and leads to what needs none.
func TestNoMailServer(t *testing.T) {
	x, desk := subscribing(t, dbtest.SQLite(t))
	desk.Post.Outbox, x.Outbox = nil, nil
	var err error
	if x.handler, err = New(x.Options); err != nil {
		t.Fatal(err)
	}
	body := x.look("/subscribe.html").Body.String()
	if !strings.Contains(body, "没有开通邮件订阅") || strings.Contains(body, "type=\"email\"") {
		t.Errorf("%s", body)
	}
	if w := x.look("/outbox.html"); w.Code != 404 {
		t.Errorf("an outbox outside of a demonstration: %d", w.Code)
	}
	if w := x.send("/subscribe.html", url.Values{"email": {"jia@example.com"}, "topic": {"all"}, "rhythm": {"daily"}}); w.Code != http.StatusNotImplemented || !strings.Contains(w.Body.String(), "没有开通") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func linkIn(t *testing.T, text, path string) *url.URL {
	t.Helper()
	for _, one := range pieces(text) {
		if strings.Contains(one.Href, path) {
			u := mustURL(t, one.Href)
			u.Scheme, u.Host = "", ""
			return u
		}
	}
	t.Fatalf("no %s in %s", path, text)
	return nil
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
