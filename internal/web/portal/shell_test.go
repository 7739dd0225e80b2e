package portal

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/site"
	"gongkai/internal/web"
	"gongkai/internal/workday"
)

// ask asks for a page and returns what it was made from.
func (x *public) ask(path string, status int) (body string, tags []change.Tag) {
	x.t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	ctx, made := web.Depending(r.Context())
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, r.WithContext(ctx))
	if w.Code != status {
		x.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String(), made.Tags()
}

// notes returns the tags an act notes.
func (x *public) notes(act func()) (tags []change.Tag) {
	x.t.Helper()
	read := func(after int64) (last int64) {
		err := x.DB.View(x.t.Context(), func(tx *db.Tx) error {
			all, _, err := change.Since(tx, after, 10_000)
			for _, e := range all {
				last, tags = e.Seq, append(tags, e.Tag)
			}
			return err
		})
		if err != nil {
			x.t.Fatal(err)
		}
		return last
	}
	before := read(0)
	tags = nil
	act()
	read(before)
	return tags
}

// Every page names something that the acts note which change what it shows.
func TestPagesAreMadeAnewWhenTheirRecordsChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		desk := &section.Desk{DB: d, Calendar: workday.Embedded}
		system := actor.System("test")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := desk.Establish(t.Context(), system, x.body); err != nil {
			t.Fatal(err)
		}
		var news *section.Section
		must(d.View(t.Context(), func(tx *db.Tx) (err error) {
			all, err := section.All(tx, x.body)
			for _, s := range all {
				if s.Name == "通知公告" {
					news = s
				}
			}
			return err
		}))
		acts := map[string]func(){
			"section": func() {
				_, err := desk.Create(t.Context(), system, x.body, "", section.Draft{Name: "新栏目" + db.ID(), Kind: section.News})
				must(err)
			},
			"document": func() {
				_, err := x.Normative.Register(t.Context(), x.officer, normative.Record{Agency: x.body, Kind: normative.Document, Title: "示例县养老服务办法", Item: x.old,
					DocNo: "示政规〔2026〕" + db.ID() + "号", State: normative.InForce, IssuedOn: date.Must(2026, 11, 2), PublishedOn: date.Must(2026, 11, 2), EffectiveOn: date.Must(2026, 11, 2)})
				must(err)
			},
			"card": func() {
				var c *agency.Contact
				must(d.View(t.Context(), func(tx *db.Tx) (err error) { c, err = agency.LoadContact(tx, x.body); return err }))
				_, err := (&agency.Registry{DB: d}).SetContact(t.Context(), x.officer, agency.Contact{Agency: x.body, Office: "示例办公室", Address: "示例路1号",
					Hours: "工作日", Phone: "0710-1234567", Fax: "无", Online: db.ID() + "@example.invalid", Version: c.Version})
				must(err)
			},
			"site": func() {
				sites := &site.Desk{DB: d}
				s, err := sites.Show(t.Context(), system, x.body)
				must(err)
				s.Name += "网"
				_, err = sites.Change(t.Context(), system, s.Site)
				must(err)
			},
		}
		for path, needs := range map[string][]string{
			"/":                               {"section", "document", "card", "site"},
			"/bodies.html":                    {"section", "site"},
			"/guide.html":                     {"card", "site"},
			"/catalogue.html":                 {"section", "site"},
			"/catalogue/" + news.ID + ".html": {"section", "site"},
			"/normative.html":                 {"document", "site"},
			"/normative/ended.html":           {"document", "site"},
			"/policy.html":                    {"site"},
			"/credit.html":                    {"site"},
			"/archive.html":                   {"section", "site"},
			"/sitemap.html":                   {"section", "site"},
			"/institution.html":               {"section", "site"},
			"/proactive.html":                 {"section", "site"},
		} {
			_, made := x.ask(path, http.StatusOK)
			for _, need := range needs {
				tags := x.notes(acts[need])
				if !slices.ContainsFunc(tags, func(g change.Tag) bool { return slices.Contains(made, g) }) {
					t.Errorf("%s stays as it was after %s changed: made from %v, noted %v", path, need, made, tags)
				}
			}
		}
		// What an agency publishes is noted as its own and as anybody's.
		for path, tag := range map[string]change.Tag{"/": change.Agency(x.body), "/policy.html": change.Agency(x.body), "/catalogue.html": change.Agency(x.body),
			"/catalogue/" + news.ID + ".html": change.Section(news.ID), "/archive.html": change.Agency(x.body), "/normative.html": change.Agency(x.body),
			"/bodies.html": change.Published, "/credit.html": change.Area("credit", x.body), "/guide.html": change.Area("guide", x.body)} {
			if _, made := x.ask(path, http.StatusOK); !slices.Contains(made, tag) {
				t.Errorf("%s does not name %s but %v", path, tag, made)
			}
		}
	})
}

var tagForm = regexp.MustCompile(`<meta name="([A-Z][A-Za-z]+)" content="([^"]*)">`)

// R-WEB-01: the tags a home page and a list must bear, none empty or null; R-WEB-04: the marks of
// the foot, and none that nobody set.
func TestTagsAndMarksOfPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.Sites.URL = "https://www.shili.example"
		body := x.has("/")
		for _, mark := range []string{"ICP", "公网安备", "找错", "网站标识码", "SiteIDCode", "emblem", "null"} {
			if strings.Contains(body, mark) {
				t.Errorf("the home page bears %s, which nobody set", mark)
			}
		}
		registry := &agency.Registry{DB: d}
		system := actor.System("test")
		b, err := registry.Get(t.Context(), system, x.body)
		if err != nil {
			t.Fatal(err)
		}
		facts := b.Agency.Facts
		facts.SiteCode = "3703220001"
		if _, err := registry.Change(t.Context(), system, x.body, agency.Change{Version: b.Agency.Version, Facts: facts}); err != nil {
			t.Fatal(err)
		}
		if _, err := (&site.Desk{DB: d}).Change(t.Context(), system, site.Site{Agency: x.body, Name: "示例县公开网", ICP: "示ICP备1号", Police: "示公网安备2号",
			FaultURL: "https://fault.example/", MarkURL: "https://mark.example/", Operator: "示例中心", Contact: "0710", ClosingOn: date.Must(2027, 1, 31), MovedName: "新网", MovedURL: "https://new.example/"}); err != nil {
			t.Fatal(err)
		}
		if _, err := x.Sites.Renew(t.Context()); err != nil {
			t.Fatal(err)
		}
		x.has("/", "示ICP备1号", "示公网安备2号", "https://fault.example/", "https://mark.example/", "承办单位：示例中心", "联系方式：0710", "主办单位：示例县人民政府", "网站标识码：3703220001",
			"2027年1月31日", `href="https://new.example/"`, `<link rel="canonical" href="https://www.shili.example/">`)
		column := []string{"ColumnDescription", "ColumnKeywords", "ColumnName", "ColumnType", "SiteDomain", "SiteIDCode", "SiteName"}
		for path, want := range map[string][]string{"/": column[4:], "/bodies.html": column, "/guide.html": column, "/catalogue.html": column, "/normative.html": column,
			"/policy.html": column, "/credit.html": column, "/archive.html": column, "/sitemap.html": column} {
			var got []string
			for _, m := range tagForm.FindAllStringSubmatch(x.has(path), -1) {
				got = append(got, m[1])
				if m[2] == "" || m[2] == "null" || m[1] == "SiteDomain" && m[2] != "www.shili.example" || m[1] == "SiteIDCode" && m[2] != "3703220001" || m[1] == "SiteName" && m[2] != "示例县公开网" {
					t.Errorf("%s: %s is %q", path, m[1], m[2])
				}
			}
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("%s bears %v", path, got)
			}
		}
	})
}

// A dead address helps on: the search holds its words, and nothing of it is taken for markup.
func TestADeadAddressHelps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		body, _ := x.ask("/"+url.PathEscape(`养老服务"><script>alert(1)</script>`)+".html", http.StatusNotFound)
		for _, want := range []string{`value="养老服务"`, "示例县养老服务新办法", "/guide.html", "没有这个页面"} {
			if !strings.Contains(body, want) {
				t.Errorf("the page lacks %s: %s", want, body)
			}
		}
		if strings.Contains(body, "alert(1)") || strings.Contains(body, "canonical") {
			t.Error("the page repeats what was asked for")
		}
	})
}

// Names are found under the letter people look for them.
func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"安全局": "A", "民政局": "M", "司法局": "S", "科学技术局": "K", "住房局": "Z", "亳州局": "#", "ABC": "#", "欧阳局": "O", "驿城区": "#", "宜城区": "Y", "": "#"} {
		if got := initial(name); got != want {
			t.Errorf("%q stands under %s, not %s", name, got, want)
		}
	}
}
