package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/site"
)

// settings writes the settings of a body's site.
func (w *world) settings(t *testing.T, key string, change func(s *site.Site)) {
	t.Helper()
	program := actor.System("test")
	p := must[*site.Place](t)(w.n.Sites.Show(t.Context(), program, w.bodies[key].id))
	s := p.Site
	change(&s)
	must[*site.Site](t)(w.n.Sites.Change(t.Context(), program, s))
	w.forgotten(t)
}

// forgotten waits until sites are looked up anew.
func (w *world) forgotten(t *testing.T) {
	t.Helper()
	must[*site.Map](t)(w.pages.sites.Renew(t.Context()))
}

// No address of the site answers with a way to another host, however its parts are written.
func TestNoAddressLeadsAway(t *testing.T) {
	w := newWorld(t, "")
	a, b, city := w.bodies["a"].id, w.bodies["b"].id, w.bodies["city"].id
	w.settings(t, "a", func(s *site.Site) { s.Slug = "jia" })
	w.settings(t, "b", func(s *site.Site) { s.Slug, s.Host = "yi", "yi.example.gov.cn" })
	for _, path := range []string{
		"/%2Fevil.example/..%2Fguide", "/%2Fevil.example/..%2Fsearch", "/%2F/evil.example", "//evil.example/", "/%2Fevil.example%2F..%2Fsections%2Fx", "/%5Cevil.example/..%2Fguide", "/%5C%5Cevil.example/",
		"/en/%2Fevil.example/..%2Fguide", "/zh/%2Fevil.example/", "/en%2F%2Fevil.example/", "/bodies/" + city + "/%2Fevil.example/", "/bodies/" + city + "/%2Fevil.example/x.html", "/bodies/" + city + "%2F%2Fevil.example/",
		"/bodies/" + city + "/%2F%2Fevil.example", "/bodies/" + a + "/%2Fevil.example/", "/bodies/" + b + "/%2Fevil.example/", "/jia/%2Fevil.example/..%2Fguide", "/jia%2F%2Fevil.example/", "/yi/%2Fevil.example/", "/yi/%5Cevil.example/",
		"/index/%2F%2Fevil.example", "/index/http:%2F%2Fevil.example", "/items/%2F%2Fevil.example", "/items/..%2F..%2F%2Fevil.example.html", "/sections/%2F%2Fevil.example", "/sections/https:evil.example", "/annual/2024%2F%2Fevil.example", "/static/..%2F%2Fevil.example/",
		"/%09/evil.example/..%2Fguide", "/%0D%0ALocation:%20http:%2F%2Fevil.example/..%2Fguide", "/guide?x=//evil.example", "/guide%2F..%2F%2Fevil.example", "/.%2F%2Fevil.example/..%2Fguide", "/%2E%2E%2F%2Fevil.example",
	} {
		got := w.as(nil, "GET", path, nil, func(r *http.Request) { r.URL.Opaque = path })
		if to := got.header.Get("Location"); got.status >= 500 || leadsAway(to, "https://yi.example.gov.cn/") {
			t.Errorf("%s: status %d, leads to %q", path, got.status, to)
		}
	}
	for _, back := range []string{"//evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)", "evil.example", "/.//evil.example", "/%0d%0a//evil.example", "\t//evil.example", "///evil.example"} {
		got := w.as(nil, "POST", "/display", url.Values{"size": {"large"}, "back": {back}}, nil)
		if to := got.header.Get("Location"); got.status != http.StatusSeeOther || leadsAway(to, "\x00") {
			t.Errorf("back to %q: status %d, leads to %q", back, got.status, to)
		}
	}
	if got := w.as(nil, "POST", "/display", url.Values{"back": {"/jia/search.html?q=a&scope=all"}}, nil); got.header.Get("Location") != "/jia/search.html?q=a&scope=all" {
		t.Errorf("back to a page: %q", got.header.Get("Location"))
	}
}

// leadsAway reports whether a browser would go to another host, but for one known.
func leadsAway(to, known string) bool {
	if to == "" || strings.HasPrefix(to, known) {
		return false
	}
	u, err := url.Parse(to)
	return err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\t\r\n")
}

// A site that got a host of its own is led to by every path it had, never to another's page.
func TestASiteThatMovedToAHost(t *testing.T) {
	w := newWorld(t, "")
	b := w.bodies["b"].id
	w.settings(t, "b", func(s *site.Site) { s.Slug, s.Host = "yi", "yi.example.gov.cn" })
	for path, want := range map[string]string{
		"/yi/guide.html": "https://yi.example.gov.cn/guide.html", "/yi": "https://yi.example.gov.cn/", "/en/yi/": "https://yi.example.gov.cn/en/",
		"/bodies/" + b + "/search.html?q=a": "https://yi.example.gov.cn/search.html?q=a",
	} {
		if got := w.as(nil, "GET", path, nil, nil); got.status != http.StatusMovedPermanently || got.header.Get("Location") != want {
			t.Errorf("%s: status %d to %q", path, got.status, got.header.Get("Location"))
		}
	}
}
