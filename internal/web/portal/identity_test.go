package portal

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/identity"
	"gongkai/internal/secret"
)

// counter vouches for one person, as somebody at a counter would.
type counter struct{}

// Name is what it is called.
func (counter) Name() string { return "示范省统一身份认证平台" }

// Begin leads to its page.
func (counter) Begin(_ context.Context, h identity.Handshake) (string, error) {
	return "https://id.example.gov.cn/authorize?state=" + h.State, nil
}

// Finish knows one code.
func (counter) Finish(_ context.Context, _ identity.Handshake, code string) (*identity.Person, error) {
	if code != "gut" {
		return nil, identity.ErrRefused
	}
	return &identity.Person{Kind: identity.Natural, Subject: "u-1", Name: "甲某", IDNumber: "11010519491231002X", Phone: "13800138000", Email: "jia@example.com"}, nil
}

// End is its page for signing out.
func (counter) End() string { return "https://id.example.gov.cn/logout" }

// browser keeps cookies as one does.
type browser struct {
	x   *public
	jar map[string]*http.Cookie
}

func (b *browser) ask(method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for _, c := range b.jar {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.x.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode {
			b.x.t.Errorf("the cookie %+v", c)
		}
		if b.jar[c.Name] = c; c.MaxAge < 0 {
			delete(b.jar, c.Name)
		}
	}
	return w
}

// From the page that explains to the platform and back, the account, and out again.
func TestSigningIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		if w := x.look("/identity/sign-in"); w.Code != http.StatusNotFound {
			t.Errorf("without a platform: %d", w.Code)
		}
		keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
		if err != nil {
			t.Fatal(err)
		}
		x.Identity, x.Secure = &identity.Desk{DB: d, Keys: keys, Provider: counter{}}, true
		if x.handler, err = New(x.Options); err != nil {
			t.Fatal(err)
		}
		x.has("/identity/sign-in?next=/annual.html", "前往示范省统一身份认证平台", `href="/identity/begin?next=%2Fannual.html"`, "不登录也可以")
		b := &browser{x: x, jar: map[string]*http.Cookie{}}
		if w := b.ask("GET", "/identity/account"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/identity/sign-in" {
			t.Errorf("nobody's account: %d to %s", w.Code, w.Header().Get("Location"))
		}
		state := func(next string) string {
			w := b.ask("GET", "/identity/begin?next="+url.QueryEscape(next))
			to, err := w.Result().Location()
			if err != nil || to.Host != "id.example.gov.cn" {
				t.Fatalf("%d to %v, %v", w.Code, to, err)
			}
			return to.Query().Get("state")
		}
		for next, want := range map[string]string{"/annual.html": "/annual.html", "//evil.example/": "/identity/account", "https://evil.example/": "/identity/account", `/\evil.example`: "/identity/account", "": "/identity/account"} {
			w := b.ask("GET", "/identity/callback?code=gut&state="+state(next))
			if w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
				t.Errorf("%q: %d to %s", next, w.Code, w.Header().Get("Location"))
			}
		}
		w := b.ask("GET", "/identity/account")
		for _, want := range []string{"甲某", "110*************2X", "138****8000", "j***@example.com", "个人"} {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("the account lacks %s: %s", want, w.Body)
			}
		}
		if strings.Contains(w.Body.String(), "19491231") || w.Header().Get("Cache-Control") != "no-store" {
			t.Error("the account shows the number, or may be kept")
		}
		kept := b.jar[personCookie]
		if w := b.ask("POST", "/identity/sign-out"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "https://id.example.gov.cn/logout") || b.jar[personCookie] != nil {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		b.jar[personCookie] = kept
		if w := b.ask("GET", "/identity/account"); w.Code != http.StatusSeeOther {
			t.Errorf("the old cookie still opens the account: %d", w.Code)
		}
		for _, one := range []struct{ query, state, want string }{{"code=gut", "x", "超时"}, {"code=falsch", "", "无法验证"}, {"error=access_denied", "", "没有完成登录"}} {
			b.jar = map[string]*http.Cookie{}
			if s := state("/"); one.state == "" {
				one.state = s
			}
			w := b.ask("GET", "/identity/callback?"+one.query+"&state="+one.state)
			if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), one.want) || b.jar[personCookie] != nil {
				t.Errorf("%s: %d %s", one.query, w.Code, w.Body)
			}
		}
	})
}
