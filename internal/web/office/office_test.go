package office

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
)

// held are the sessions of a test, by their secrets.
type held map[string]Session

// Session finds one of them.
func (h held) Session(_ context.Context, secret, remote string) (Session, error) {
	s, ok := h[secret]
	if !ok {
		return Session{}, ErrSignedOut
	}
	s.Actor.Remote = remote
	return s, nil
}

// clerk is an editor in two made-up bodies.
func clerk() Session {
	return Session{
		Actor: actor.Actor{ID: "p1", Name: "示例员甲", Grants: []actor.Grant{
			{Role: actor.Editor, Agency: "a1"}, {Role: actor.Publisher, Agency: "a2"},
		}},
		Bodies: []Body{{"a1", "示范市民政局"}, {"a2", "示范市司法局"}},
	}
}

// house is an office being served.
type house struct {
	*httptest.Server
	t   testing.TB
	o   *Office
	log *bytes.Buffer
}

func serve(t testing.TB, change func(*Options)) *house {
	t.Helper()
	return serveAt(t, func(_ string, o *Options) {
		if change != nil {
			change(o)
		}
	})
}

// serveAt is serve for offices that must know their address.
func serveAt(t testing.TB, change func(url string, o *Options)) *house {
	t.Helper()
	h := &house{t: t, log: &bytes.Buffer{}}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.o.Handler().ServeHTTP(w, r) }))
	t.Cleanup(h.Close)
	options := Options{
		Now:      func() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) },
		Log:      slog.New(slog.NewTextHandler(h.log, nil)),
		Sessions: held{"clerk": clerk()},
	}
	change(h.URL, &options)
	var err error
	if h.o, err = New(options); err != nil {
		t.Fatal(err)
	}
	return h
}

// guest is a person's browser, without script.
type guest struct {
	*house
	client *http.Client
}

// visitor opens a browser; secret is the session it holds, "" for none.
func (h *house) visitor(secret string) *guest {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	if secret != "" {
		u, err := url.Parse(h.URL)
		if err != nil {
			h.t.Fatal(err)
		}
		jar.SetCookies(u, []*http.Cookie{{Name: sessionCookie, Value: secret, Path: "/"}})
	}
	return &guest{h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// seen is an answer.
type seen struct {
	t      testing.TB
	status int
	body   string
	header http.Header
}

func (g *guest) send(method, path string, form url.Values, change func(*http.Request)) seen {
	g.t.Helper()
	r, err := http.NewRequest(method, g.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		g.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if change != nil {
		change(r)
	}
	resp, err := g.client.Do(r)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return seen{g.t, resp.StatusCode, string(b), resp.Header}
}

func (g *guest) get(path string) seen { g.t.Helper(); return g.send("GET", path, nil, nil) }

// post sends a form with the token of the page at from.
func (g *guest) post(from, path string, form url.Values) seen {
	g.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	form.Set("token", g.get(from).token())
	return g.send("POST", path, form, nil)
}

var tokenInPage = regexp.MustCompile(`name="token" value="([^"]+)"`)

func (s seen) token() string {
	m := tokenInPage.FindStringSubmatch(s.body)
	if m == nil {
		s.t.Helper()
		s.t.Fatalf("no token in a page of status %d", s.status)
	}
	return m[1]
}

func (s seen) is(status int) seen {
	s.t.Helper()
	if s.status != status {
		s.t.Errorf("status %d, want %d: %.300s", s.status, status, s.body)
	}
	return s
}

func (s seen) has(texts ...string) seen {
	s.t.Helper()
	for _, text := range texts {
		if !strings.Contains(s.body, text) {
			s.t.Errorf("lacks %q", text)
		}
	}
	return s
}

func (s seen) lacks(texts ...string) seen {
	s.t.Helper()
	for _, text := range texts {
		if strings.Contains(s.body, text) {
			s.t.Errorf("has %q", text)
		}
	}
	return s
}

func (s seen) leads(to string) seen {
	s.t.Helper()
	if got := s.header.Get("Location"); got != to {
		s.t.Errorf("leads to %q, want %q", got, to)
	}
	return s
}

// Who asks for what sees what, in both languages and under a base path.
func TestShell(t *testing.T) {
	tests := []struct {
		name, secret, path string
		status             int
		has, lacks         []string
		leads              string
	}{
		{"start page", "clerk", "/office/", 200, []string{"我的工作台", "示例员甲", "示范市司法局", `lang="zh-CN"`}, []string{"⟦"}, ""},
		{"start page in English", "clerk", "/en/office/", 200, []string{"My desk", `href="/en/office/help"`, `href="/office/"`}, []string{"⟦"}, ""},
		{"help", "clerk", "/office/help", 200, []string{"快捷键", `aria-current="page"`}, []string{"⟦"}, ""},
		{"without the last stroke", "clerk", "/office", 303, nil, nil, "/office/"},
		{"nobody signed in", "", "/office/help?x=1", 303, nil, nil, "/office/sign-in?next=%2Foffice%2Fhelp%3Fx%3D1"},
		{"nobody signed in, in English", "", "/en/office/", 303, nil, nil, "/en/office/sign-in?next=%2Fen%2Foffice%2F"},
		{"a session that ended", "old", "/office/", 303, nil, nil, "/office/sign-in?next=%2Foffice%2F"},
		{"no such page", "clerk", "/office/none", 404, []string{"没有这个页面", "示例员甲"}, nil, ""},
		{"no such page, signed out", "", "/office/none", 404, []string{"没有这个页面"}, []string{"示例员甲", `id="nav"`}, ""},
	}
	for _, base := range []string{"", "/gongkai"} {
		h := serve(t, func(o *Options) { o.Base = base })
		for _, tt := range tests {
			t.Run(base+" "+tt.name, func(t *testing.T) {
				h.t = t
				if base != "" && tt.leads != "" {
					tt.leads = strings.ReplaceAll(base+tt.leads, "next=%2F", "next=%2Fgongkai%2F")
				}
				s := h.visitor(tt.secret).get(base + tt.path).is(tt.status).leads(tt.leads)
				if base == "" {
					s.has(tt.has...).lacks(tt.lacks...)
				}
			})
		}
	}
}
