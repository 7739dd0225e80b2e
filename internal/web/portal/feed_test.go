package portal

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/site"
)

// machine asks as a reader of feeds does, and makes sure that the answer is what its schema says.
func (x *public) machine(path string, status int) string {
	x.t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", path, nil)
	r.Host = "evil.example.org"
	x.handler.ServeHTTP(w, r)
	if w.Code != status {
		x.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	if status == 200 && strings.Contains(w.Header().Get("Content-Type"), "xml") {
		if said := valid(x.t, w.Body.String()); said != "" {
			x.t.Errorf("%s: %s", path, said)
		}
	}
	if strings.Contains(w.Body.String(), "evil.example.org") {
		x.t.Errorf("%s takes its address from the request", path)
	}
	return w.Body.String()
}

// Feeds and sitemaps say what is public, under addresses that come from the configuration alone;
// what is taken down leaves them at once.
func TestFeedsAndSitemaps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.Sites.URL = "https://www.example.gov.cn"
		x.noted(x.old, x.new)
		section := x.sectionOf(x.new)
		for _, path := range []string{"/feed.atom", "/sections/" + section + ".atom"} {
			s := x.machine(path, 200)
			if !strings.Contains(s, "<id>urn:uuid:"+x.new+"</id>") || !strings.Contains(s, `href="https://www.example.gov.cn/items/`+x.new+`.html"`) ||
				!strings.Contains(s, `rel="self" type="application/atom+xml" href="https://www.example.gov.cn`+path+`"`) || !strings.Contains(s, "示例县养老服务新办法") {
				t.Errorf("%s: %s", path, s)
			}
		}
		if s := x.machine("/feed.rss", 200); !strings.Contains(s, "<link>https://www.example.gov.cn/items/"+x.new+".html</link>") {
			t.Error(s)
		}
		if s := x.machine("/sitemap.xml", 200); !strings.Contains(s, "<loc>https://www.example.gov.cn/sitemaps/pages.xml</loc>") || !strings.Contains(s, "/sitemaps/first.xml</loc><lastmod>") {
			t.Error(s)
		}
		if s := x.machine("/sitemaps/first.xml", 200); strings.Count(s, "<loc>https://www.example.gov.cn/items/") != 2 {
			t.Error(s)
		}
		for page, feed := range map[string]string{"/": "/feed.atom", "/sections/" + section + ".html": "/sections/" + section + ".atom", "/search.html?q=x&sort=newest": "/search.atom?q=x&amp;sort=newest"} {
			x.has(page, `type="application/atom+xml"`, `href="`+feed+`"`)
			x.machine(strings.ReplaceAll(feed, "&amp;", "&"), 200)
		}
		pages := x.machine("/sitemaps/pages.xml", 200)
		for _, path := range []string{"/", "/guide.html", "/annual.html", "/policy.html", "/normative.html", "/ledger.html", "/sections/" + section + ".html"} {
			if !strings.Contains(pages, "<loc>https://www.example.gov.cn"+path+"</loc>") || x.get(path).Code != 200 {
				t.Errorf("%s of %s", path, pages)
			}
		}
		if s := x.machine("/robots.txt", 200); !strings.Contains(s, "Sitemap: https://www.example.gov.cn/sitemap.xml\n") {
			t.Error(s)
		}
		x.machine("/sitemaps/../x.xml", 404)
		x.machine("/sitemaps/nothing.xml", 404)
		x.machine("/sections/nothing.atom", 404)
		x.retracted(x.new)
		for _, path := range []string{"/feed.atom", "/feed.rss", "/sections/" + section + ".atom", "/sections/" + section + ".rss", "/sitemaps/first.xml"} {
			if s := x.machine(path, 200); strings.Contains(s, x.new) || !strings.Contains(s, x.old) {
				t.Errorf("%s: %s", path, s)
			}
		}
	})
}

// Where the installation was not told its address, Atom stays valid with relative addresses; RSS
// and sitemaps, which need whole ones, are not there.
func TestFeedsWithoutAnAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.noted(x.old, x.new)
		if s := x.machine("/feed.atom", 200); !strings.Contains(s, `href="/items/`+x.new+`.html"`) {
			t.Error(s)
		}
		for _, path := range []string{"/feed.rss", "/sitemap.xml", "/sitemaps/pages.xml"} {
			x.machine(path, 404)
		}
		if s := x.machine("/robots.txt", 200); strings.Contains(s, "Sitemap:") {
			t.Error(s)
		}
	})
}

// A body with a host of its own is mapped there and nowhere else.
func TestSitemapsOfHosts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.Sites.URL = "https://www.example.gov.cn"
		now := time.Now()
		x.Sites.Now = func() time.Time { now = now.Add(time.Second); return now }
		program := actor.System("test")
		var ids []string
		for _, name := range []string{"示例县民政局", "示例县档案局"} {
			a, err := (&agency.Registry{DB: d}).Create(t.Context(), program, agency.New{Since: date.Must(2020, 1, 1),
				Facts: agency.Facts{Name: name, Kind: agency.Department, Level: agency.County, Parent: x.body}})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, a.ID)
		}
		if _, err := (&site.Desk{DB: d}).Change(t.Context(), program, site.Site{Agency: ids[0], Host: "mzj.example.gov.cn"}); err != nil {
			t.Fatal(err)
		}
		s := x.machine("/sitemap.xml", 200)
		if strings.Contains(s, ids[0]) || strings.Contains(s, "mzj.example") || !strings.Contains(s, "https://www.example.gov.cn/bodies/"+ids[1]+"/sitemaps/pages.xml") {
			t.Error(s)
		}
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/sitemap.xml", nil)
		r.Host = "mzj.example.gov.cn"
		x.handler.ServeHTTP(w, r)
		if s := w.Body.String(); !strings.Contains(s, "<loc>https://mzj.example.gov.cn/sitemaps/pages.xml</loc>") || strings.Contains(s, "www.example") {
			t.Error(s)
		}
	})
}

// noted tells those who keep copies of items, as every act does.
func (x *public) noted(items ...string) {
	x.t.Helper()
	if err := x.DB.Update(x.t.Context(), func(tx *db.Tx) error { return disclosure.Note(tx, items...) }); err != nil {
		x.t.Fatal(err)
	}
}

func (x *public) sectionOf(item string) string {
	x.t.Helper()
	l, err := x.Reader.Item(x.t.Context(), item)
	if err != nil {
		x.t.Fatal(err)
	}
	return l.Item.Section
}

func (x *public) retracted(item string) {
	x.t.Helper()
	l, err := x.Reader.Item(x.t.Context(), item)
	if err != nil {
		x.t.Fatal(err)
	}
	desk := &disclosure.Desk{DB: x.DB, Calendar: x.Normative.Calendar, Changed: func(tx *db.Tx, i *disclosure.Item) error { return disclosure.Note(tx, i.ID) }}
	if _, err := desk.Retract(x.t.Context(), x.officer, l.Edition.ID, l.Edition.Version, "内容有误"); err != nil {
		x.t.Fatal(err)
	}
}

// The page for makers of other systems names every way, in both languages, with the body's own
// files in the body's site.
func TestThePageOfOpenData(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.has("/data.html", "开放数据", "/data/items.csv", "/data/catalog.ttl", "/api/v1/openapi.json", "/oai?verb=Identify", "/feed.atom")
	})
}
