package office

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gongkai/internal/i18n"
)

// A form is accepted with the token of the person's own pages alone, wherever it comes from.
func TestForeignForms(t *testing.T) {
	h := serve(t, func(o *Options) { o.Sessions = held{"clerk": clerk(), "other": clerk()} })
	me := h.visitor("clerk")
	good := me.get("/office/").token()
	foreign := h.visitor("other").get("/office/").token()
	body := func(token string) url.Values {
		return url.Values{"token": {token}, "body": {"a2"}, "next": {"/office/help"}}
	}
	tests := []struct {
		name   string
		form   url.Values
		change func(*http.Request)
		status int
	}{
		{"own token", body(good), nil, 303},
		{"own token in the header", url.Values{"body": {"a2"}}, func(r *http.Request) { r.Header.Set(tokenHeader, good) }, 303},
		{"no token", body(""), nil, 403},
		{"another person's token", body(foreign), nil, 403},
		{"half a token", body(good[:20]), nil, 403},
		{"no base64", body("%%%"), nil, 403},
		{"own token from another site", body(good), func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		{"own token from another origin", body(good), func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.t = t
			me.send("POST", "/office/body", tt.form, tt.change).is(tt.status)
		})
	}
	if again := me.get("/office/").token(); again == good {
		t.Error("two pages carry the same token, which a compressed page could betray")
	}
}

// The cookie of the session is out of reach of scripts, other sites' forms and, behind TLS,
// plain connections; pages cannot be framed, cached or made to load foreign things.
func TestHeaders(t *testing.T) {
	h := serve(t, func(o *Options) { o.Secure = true; o.Base = "/gongkai" })
	w := httptest.NewRecorder()
	h.o.SignIn(w, httptest.NewRequest("POST", "/", nil), "secret")
	cookies := w.Result().Cookies()
	if len(cookies) != 2 || cookies[0].Name != visitorCookie || cookies[0].MaxAge >= 0 {
		t.Fatalf("signing in sets %v", cookies)
	}
	c := cookies[1]
	if c.Name != sessionCookie || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/gongkai/" {
		t.Errorf("the session's cookie is %v", c)
	}
	s := h.visitor("").get("/gongkai/office/none")
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
	} {
		if got := s.header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s is %q", name, got)
		}
	}
	if csp := s.header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") {
		t.Errorf("the policy is %q", csp)
	}
}

// A link to our sign-in page leads nobody elsewhere.
func TestSafeNext(t *testing.T) {
	for _, base := range []string{"", "/gongkai"} {
		h := serve(t, func(o *Options) { o.Base = base })
		r := httptest.NewRequest("GET", "/", nil)
		home := base + "/office/"
		tests := map[string]string{
			base + "/office/items?state=draft": base + "/office/items?state=draft",
			base + "/en/office/":               base + "/en/office/",
			base + "/office":                   base + "/office",
			"":                                 home,
			"https://evil.example/office/":     home,
			"//evil.example/office/":           home,
			"/\\evil.example/office/":          home,
			"\\\\evil.example":                 home,
			"javascript:alert(1)":              home,
			base + "/office/../../evil":        home,
			base + "//evil.example/office/":    home,
			base + "/desk/":                    home,
			base + "/officer":                  home,
			base + "/office/\r\nSet-Cookie: a": home,
			"http:" + base + "/office/":        home,
			"office/":                          home,
		}
		for next, want := range tests {
			if got := h.o.safeNext(r, next); got != want {
				t.Errorf("%q leads to %q, want %q", next, got, want)
			}
		}
	}
}

// No page and no redirect repeats the Host header.
func TestHostHeader(t *testing.T) {
	h := serve(t, nil)
	for _, path := range []string{"/office/", "/office", "/office/none"} {
		for _, secret := range []string{"", "clerk"} {
			s := h.visitor(secret).send("GET", path, nil, func(r *http.Request) { r.Host = "evil.example" })
			if strings.Contains(s.body+s.header.Get("Location"), "evil.example") {
				t.Errorf("%s repeats the host: %s", path, s.header.Get("Location"))
			}
		}
	}
}

// A message on its way in a cookie is shown once, as text, whatever a cookie says.
func TestFlash(t *testing.T) {
	h := serve(t, nil)
	r := httptest.NewRequest("GET", "/office/", nil)
	w := httptest.NewRecorder()
	if err := h.o.done(w, r, i18n.M("office.list.pick_one", "name", `<script>x</script>`), "/office/items/%s", "a/b?c"); err != nil {
		t.Fatal(err)
	}
	if got := w.Header().Get("Location"); got != "/office/items/a%2Fb%3Fc" {
		t.Errorf("leads to %s", got)
	}
	g := h.visitor("clerk")
	u, err := url.Parse(h.URL)
	if err != nil {
		t.Fatal(err)
	}
	g.client.Jar.SetCookies(u, w.Result().Cookies())
	g.get("/office/").is(200).has("选择“&lt;script&gt;x&lt;/script&gt;”").lacks("<script>x")
	g.get("/office/").is(200).lacks("&lt;script&gt;")
	g.client.Jar.SetCookies(u, []*http.Cookie{{Name: flashCookie, Value: "bm9uc2Vuc2U", Path: "/"}})
	g.get("/office/").is(200)
}

// A person switches between the bodies they work for, and to no other.
func TestSwitchBody(t *testing.T) {
	h := serve(t, nil)
	g := h.visitor("clerk")
	g.get("/office/").has(`<option value="a1" selected>`)
	g.post("/office/", "/office/body", url.Values{"body": {"a2"}, "next": {"//evil.example"}}).is(303).leads("/office/")
	g.get("/office/").has(`<option value="a2" selected>`)
	g.post("/office/", "/office/body", url.Values{"body": {"a3"}}).is(422)
}
