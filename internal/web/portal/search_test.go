package portal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/workday"
)

// What a search finds, how it is narrowed, and what it tells who found nothing.
func TestSearching(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		id := x.publish(notice())[0]
		x.has("/search.html", `type="search"`, "noindex")
		body := x.has("/search.html?q="+url.QueryEscape("高龄津贴"), "<mark>高龄津贴</mark>", "/items/"+id+".html", "示政发〔2026〕9号", "找到 1 条", "noindex")
		if strings.Contains(body, `rel="canonical"`) {
			t.Error("a page of hits names itself as an address to keep")
		}
		x.has("/search.html?q="+url.QueryEscape("示政发2026 9号"), "/items/"+id)
		x.has("/search.html?q="+url.QueryEscape("养老")+"&year=2026", `name="year" value="2026"`, "去掉全部筛选条件")
		x.has("/search.html?year=2026&genre=notice", "/items/"+id)
		body = x.has("/search.html?q="+url.QueryEscape("养老")+"&year=1999", "没有找到相符的信息", "申请公开")
		if strings.Contains(body, "/items/"+id) {
			t.Error("a filter lets pass what it should not")
		}
		body = x.has("/search.html?q=" + url.QueryEscape("养老") + "&from=2026-11-23&to=2026-11-23")
		if !strings.Contains(body, "/items/"+id) {
			t.Errorf("the day of publication is not within its own range: %s", body)
		}
		body = x.has("/search.html?q=" + url.QueryEscape("养老") + "&from=2026-11-24")
		if strings.Contains(body, "/items/"+id) {
			t.Error("found before its day")
		}
	})
}

// No query breaks the page, and none comes back as anything but words.
func TestHostileSearches(t *testing.T) {
	x := open(t, dbtest.SQLite(t))
	for _, q := range []string{
		`"`, `""`, `-`, `-养老`, `*`, `%`, `' OR 1=1 --`, `<script>alert(1)</script>`, `" onfocus="alert(1)`, "\x00", "\xff\xfe", "养\u202e老", strings.Repeat("养", 5000), strings.Repeat("养 ", 5000),
		`NEAR(a b)`, `a AND NOT`, `^a`, `{{.Title}}`, `javascript:alert(1)`, "🙂", "\r\nSet-Cookie: a=b",
	} {
		for _, path := range []string{"/search.html?q=", "/en/search.html?q=", "/search/suggest?q=", "/search.html?section=", "/search.html?issuer=", "/search.html?year=", "/search.html?q=a&from=", "/search.html?q=a&after=", "/search.html?q=a&sort=", "/search.html?scope=", "/search.html?agency="} {
			w := x.get(path + url.QueryEscape(q))
			body := w.Body.String()
			if w.Code != http.StatusOK || strings.Contains(body, "<script>alert") || strings.Contains(body, `" onfocus="`) || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s%.40q: %d %.300s", path, q, w.Code, body)
			}
		}
	}
	w := x.get("/search.html?" + strings.Repeat("year=2026&theme=01&section=x&", 300))
	if w.Code != http.StatusOK || w.Body.Len() > 100_000 {
		t.Errorf("%d, %d bytes", w.Code, w.Body.Len())
	}
}

// What was taken down is found no more, even before the index knows of it; what was published
// anew shows nothing of what it said before.
func TestSearchesFollowTheRecords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		id := x.publish(notice())[0]
		at := "/search.html?q=" + url.QueryEscape("高龄津贴")
		x.has(at, "/items/"+id)
		desk := &disclosure.Desk{DB: d, Calendar: workday.Embedded}
		all := actor.Actor{ID: "p", Name: "示例", Grants: []actor.Grant{{Role: actor.Publisher, Agency: x.body}, {Role: actor.Officer, Agency: x.body}}}
		l, err := x.Reader.Item(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := desk.Retract(t.Context(), all, l.Edition.ID, l.Edition.Version, "含有个人信息"); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{at, "/search/suggest?q=" + url.QueryEscape("关于印发")} {
			if body := x.get(path).Body.String(); strings.Contains(body, id) || strings.Contains(body, "六十岁") {
				t.Errorf("%s still shows what was taken down: %s", path, body)
			}
		}
		w := x.get("/items/" + id + ".html")
		if body := w.Body.String(); w.Code != http.StatusGone || !strings.Contains(body, "含有个人信息") || strings.Contains(body, "六十岁") || strings.Contains(body, "ld+json") || strings.Contains(body, "ArticleTitle") {
			t.Errorf("%d %s", w.Code, body)
		}
		if w := x.get("/items/" + id + "/" + url.PathEscape(fileName(l.Edition.Title)) + ".pdf"); w.Code != http.StatusNotFound {
			t.Errorf("what was taken down can be taken away: %d", w.Code)
		}
	})
}

func TestSuggestions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		id := x.publish(notice())[0]
		w := x.get("/search/suggest?q=" + url.QueryEscape("关于印发"))
		var all []suggestion
		if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil || len(all) == 0 {
			t.Fatalf("%s, %v", w.Body, err)
		}
		if !strings.Contains(fmt.Sprint(all), "养老服务补贴办法") {
			t.Errorf("%v", all)
		}
		for _, s := range all {
			if s.Href != "/items/"+id+".html" && !strings.HasPrefix(s.Href, "/search.html?q=") {
				t.Errorf("%s leads to %s", s.Text, s.Href)
			}
		}
		if w := x.get("/search/suggest?q="); w.Body.String() != "[]\n" {
			t.Errorf("nothing typed: %s", w.Body)
		}
	})
}
