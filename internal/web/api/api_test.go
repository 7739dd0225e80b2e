package api

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/internal/account"
	"gongkai/internal/account/token"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/foi"
	"gongkai/internal/foi/count"
	"gongkai/internal/search"
	"gongkai/internal/secret"
	"gongkai/internal/site"
	"gongkai/internal/workday"
)

// town is a body whose open interface is asked.
type town struct {
	t testing.TB
	Options
	handler       http.Handler
	body, section string
	now           time.Time
	all           actor.Actor // every role of the body
	levels        map[disclosure.Level]actor.Actor
	people        *account.Registry
}

func enter(t testing.TB, d *db.DB) *town {
	t.Helper()
	x := &town{t: t, now: dbtest.Noon}
	d.Clock = func() time.Time { return x.now }
	system := actor.System("test")
	a, err := (&agency.Registry{DB: d}).Create(t.Context(), system, agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{
		Name: "示例县人民政府", Kind: agency.Government, Level: agency.County, CreditCode: "11370322004222241N"}})
	x.must(err)
	x.body = a.ID
	s, err := (&section.Desk{DB: d, Calendar: workday.Embedded}).Create(t.Context(), system, a.ID, "", section.Draft{Name: "通知公告", Kind: section.News})
	x.must(err)
	x.section = s.ID
	blobs, err := blob.Open(d, t.TempDir())
	x.must(err)
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	x.must(err)
	index, err := search.Open(t.Context(), filepath.Join(t.TempDir(), "index.db"), d, disclosure.Texts{})
	x.must(err)
	t.Cleanup(func() { index.Close() })
	x.people, err = account.New(d, keys, account.Options{Name: "示例"})
	x.must(err)
	x.Options = Options{DB: d, Reader: &disclosure.Reader{DB: d}, Normative: &normative.Desk{DB: d, Calendar: workday.Embedded, Policy: normative.Usual},
		Credit: &credit.Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Policy: credit.Usual}, Annual: &shelf.Reader{DB: d}, Search: index,
		Items: &disclosure.Desk{DB: d, Calendar: workday.Embedded, Blobs: blobs, Changed: func(tx *db.Tx, i *disclosure.Item) error {
			if err := (disclosure.Texts{}).Changed(tx, i.ID); err != nil {
				return err
			}
			return disclosure.Note(tx, i.ID)
		}},
		Blobs: blobs, Tokens: &token.Desk{DB: d}, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return x.now },
		Sites: &site.Directory{DB: d, URL: "https://www.example.gov.cn", Now: func() time.Time { return x.now }}}
	x.Requests = &foi.Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Blobs: blobs, Address: "https://www.example.gov.cn/request.html"}
	x.Counts = &count.Desk{DB: d, Calendar: workday.Embedded}
	x.handler, err = New(x.Options)
	x.must(err)
	roles := func(id string, all ...actor.Role) actor.Actor {
		who := actor.Actor{ID: id, Name: id}
		for _, r := range all {
			who.Grants = append(who.Grants, actor.Grant{Role: r, Agency: x.body})
		}
		return who
	}
	x.all = roles("all", actor.Editor, actor.Publisher, actor.Officer)
	x.levels = map[disclosure.Level]actor.Actor{disclosure.First: roles("r1", actor.Reviewer1), disclosure.Second: roles("r2", actor.Reviewer2),
		disclosure.Third: roles("r3", actor.Reviewer3), disclosure.Clearer: roles("s", actor.Secrecy)}
	return x
}

func (x *town) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *town) draft(title string, kind disclosure.Kind) *disclosure.Edition {
	x.t.Helper()
	c := disclosure.Content{Title: title, Summary: title + "概述", Body: "<p>" + title + "正文</p>", Author: "示例起草人", FormedOn: date.Must(2026, 11, 16),
		Attribute: "proactive", Validity: "valid", Keywords: []string{title + "词"}, IssuedOn: date.Must(2026, 11, 17), Genre: "notice"}
	if kind == disclosure.List {
		c.DisplayUntil = date.Must(2026, 12, 20)
	}
	e, err := x.Items.Create(x.t.Context(), x.all, disclosure.New{Agency: x.body, Section: x.section, Kind: kind, Origin: disclosure.Made, Content: c})
	x.must(err)
	b, err := x.Blobs.Receive(x.t.Context(), strings.NewReader(title+"附件内容"), 1<<20)
	x.must(err)
	e, err = x.Items.Attach(x.t.Context(), x.all, e.ID, disclosure.Attachment{Name: title + "附件.txt"}, b)
	x.must(err)
	return e
}

func (x *town) approved(title string, kind disclosure.Kind) *disclosure.Edition {
	x.t.Helper()
	e := x.draft(title, kind)
	e, err := x.Items.Submit(x.t.Context(), x.all, e.ID, e.Version)
	x.must(err)
	return x.reviewed(e)
}

func (x *town) reviewed(e *disclosure.Edition) *disclosure.Edition {
	x.t.Helper()
	for _, l := range disclosure.Levels {
		var err error
		e, err = x.Items.Review(x.t.Context(), x.levels[l], e.ID, disclosure.Verdict{Level: l, Decision: disclosure.Approving, Hash: e.Hash, Opinion: "同意", Ticks: l.Ticks()})
		x.must(err)
	}
	return e
}

func (x *town) published(title string, kind disclosure.Kind) *disclosure.Edition {
	x.t.Helper()
	e := x.approved(title, kind)
	e, err := x.Items.Publish(x.t.Context(), x.all, e.ID, disclosure.Release{Version: e.Version})
	x.must(err)
	return e
}

// caughtUp lets the text index take in everything.
func (x *town) caughtUp() {
	x.t.Helper()
	_, err := x.Search.CatchUp(x.t.Context())
	x.must(err)
}

// ask asks as pairs of head fields say.
func (x *town) ask(method, path string, body io.Reader, head ...string) *httptest.ResponseRecorder {
	x.t.Helper()
	r := httptest.NewRequestWithContext(x.t.Context(), method, path, body)
	for n := 0; n+1 < len(head); n += 2 {
		r.Header.Set(head[n], head[n+1])
	}
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, r)
	return w
}

// read asks for JSON.
func (x *town) read(path string, into any) {
	x.t.Helper()
	w := x.ask("GET", path, nil)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" {
		x.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	x.must(json.Unmarshal(w.Body.Bytes(), into))
}

func titles(all []*Item) (out []string) {
	for _, i := range all {
		out = append(out, i.Title)
	}
	return out
}

// Pages follow one another without gap or repetition, and each filter lets pass what bears it.
func TestListsOfItems(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := enter(t, d)
		var want []string
		for n := range 5 {
			x.now = x.now.Add(time.Minute)
			title := fmt.Sprintf("公告第%d号", n)
			x.published(title, disclosure.Information)
			want = append([]string{title}, want...)
		}
		x.draft("公告草案", disclosure.Information)
		x.caughtUp()
		for _, first := range []string{"/api/v1/items?limit=2", "/api/v1/items?limit=2&body=" + x.body, "/api/v1/items?limit=2&section=" + x.section,
			"/api/v1/items?limit=2&year=2026&sort=newest", "/api/v1/items?limit=2&genre=notice&sort=newest&kind=information"} {
			var got []string
			for path := first; path != ""; {
				var page List
				x.read(path, &page)
				got = append(got, titles(page.Items)...)
				if path = page.Next; path != "" && !strings.HasPrefix(path, "https://www.example.gov.cn/api/v1/items?") {
					t.Fatalf("the next page is %s", path)
				}
				path = strings.TrimPrefix(path, "https://www.example.gov.cn")
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s lists %v, want %v", first, got, want)
			}
		}
		var none List
		x.read("/api/v1/items?year=1999", &none)
		if len(none.Items) > 0 || none.Items == nil {
			t.Errorf("of 1999 there is %v", none.Items)
		}
		var found Found
		x.read("/api/v1/search?q=%E5%85%AC%E5%91%8A", &found)
		if len(found.Hits) != 5 || found.Total != 5 {
			t.Errorf("%d hits of %d", len(found.Hits), found.Total)
		}
	})
}

// An answer that has not changed is not sent again; pages of any site may read it, and what is
// wrong is said in the caller's language with its code and field.
func TestManners(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := enter(t, d)
		e := x.published("供水公告", disclosure.Information)
		path := "/api/v1/items/" + e.Item
		w := x.ask("GET", path, nil)
		h := w.Header()
		if w.Code != 200 || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Cross-Origin-Resource-Policy") != "cross-origin" || h.Get("Last-Modified") == "" ||
			h.Get("Cache-Control") != "public, no-cache" || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%d %v", w.Code, h)
		}
		if again := x.ask("GET", path, nil, "If-None-Match", h.Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("asked again: %d, %d bytes", again.Code, again.Body.Len())
		}
		if head := x.ask("HEAD", path, nil); head.Code != 200 || head.Body.Len() > 0 || head.Header().Get("ETag") != h.Get("ETag") {
			t.Errorf("the head: %d %v", head.Code, head.Header())
		}
		if packed := x.ask("GET", path, nil, "Accept-Encoding", "gzip"); packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("ETag") == h.Get("ETag") {
			t.Errorf("packed: %v", packed.Header())
		}
		if o := x.ask("OPTIONS", path, nil, "Origin", "https://example.org"); o.Code != 204 || o.Header().Get("Access-Control-Allow-Methods") != "GET, HEAD, OPTIONS" {
			t.Errorf("options: %d %v", o.Code, o.Header())
		}
		for _, c := range []struct {
			method, path, lang string
			status             int
			code, field, text  string
		}{
			{"GET", "/api/v1/items/nothing", "zh-CN", 404, "item.none", "", "没有"},
			{"GET", "/api/v1/items?limit=1000", "zh-CN", 422, "api.limit", "limit", "1 至 100"},
			{"GET", "/api/v1/items?limit=1000", "en-GB", 422, "api.limit", "limit", "1 to 100"},
			{"GET", "/api/v1/items?year=20x", "en", 422, "api.number", "year", "four figures"},
			{"GET", "/api/v1/items?q=a&sort=odd", "en", 422, "api.choice", "sort", "newest"},
			{"GET", "/api/v1/changes?since=odd", "en", 422, "api.cursor", "since", "never given"},
			{"GET", "/api/v1/items?after=odd", "en", 422, "api.cursor", "after", "never given"},
			{"GET", "/api/v1/bodies/nobody", "zh-CN", 404, "api.no_body", "", "公开主体"},
			{"DELETE", "/api/v1/items", "zh-CN", 405, "api.method", "", "DELETE"},
			{"GET", "/api/v1/nothing", "zh-CN", 404, "web.no_page", "", ""},
			{"POST", "/api/v1/drafts", "zh-CN", 401, "token.unknown", "", "令牌"},
		} {
			w := x.ask(c.method, c.path, nil, "Accept-Language", c.lang)
			var p Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: %s %v", c.method, c.path, w.Body, w.Header())
				continue
			}
			if w.Code != c.status || p.Status != c.status || p.Code != c.code || p.Field != c.field || !strings.Contains(p.Detail, c.text) {
				t.Errorf("%s %s: %d %+v", c.method, c.path, w.Code, p)
			}
		}
	})
}

// An item is told with its files and text; once it is taken down with nothing of it.
func TestAnItemAndItsEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := enter(t, d)
		e := x.published("养老服务办法", disclosure.Information)
		var whole Whole
		x.read("/api/v1/items/"+e.Item, &whole)
		i := whole.Item
		if i.Title != "养老服务办法" || i.Body.Name != "示例县人民政府" || i.Section.Name != "通知公告" || i.FormedOn != "2026-11-16" || i.Issuer != "示例县人民政府" ||
			i.URL != "https://www.example.gov.cn/items/"+e.Item+".html" || len(i.Files) != 1 || i.Validity.Name != "有效" || whole.Text != "<p>养老服务办法正文</p>" {
			t.Errorf("%+v %q", i, whole.Text)
		}
		if want := "https://www.example.gov.cn/files/" + e.Item + "/" + i.Files[0].ID + "/"; !strings.HasPrefix(i.Files[0].URL, want) {
			t.Errorf("the file is at %s", i.Files[0].URL)
		}
		if b, err := json.Marshal(whole); err != nil || bytes.Contains(b, []byte("示例起草人")) {
			t.Errorf("who drafted is told: %s", b)
		}
		var before Changes
		x.read("/api/v1/changes", &before)
		x.now = x.now.Add(time.Hour)
		_, err := x.Items.Retract(t.Context(), x.all, e.ID, e.Version, "内容有误")
		x.must(err)
		var after Changes
		x.read("/api/v1/changes?since="+before.Since, &after)
		if len(after.Items) != 1 || !after.Items[0].Deleted || after.Items[0].ID != e.Item || after.Items[0].Title != "" {
			t.Errorf("%+v", after.Items)
		}
		if w := x.ask("GET", "/api/v1/items/"+e.Item, nil); w.Code != 200 || strings.Contains(w.Body.String(), "养老") || strings.Contains(w.Body.String(), "有误") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w := x.ask("GET", "/api/v1/items/"+e.Item+"/files", nil); w.Code != 404 {
			t.Errorf("its files: %d %s", w.Code, w.Body)
		}
	})
}

// One access policy: whatever state an item is in, no outlet for other systems says anything of
// one that the public cannot read, in any form; and every one says what it can.
func TestNoOutletTellsWhatIsNotPublic(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := enter(t, d)
		ctx, ids := t.Context(), map[string]string{}
		keep := func(word string, e *disclosure.Edition, err error) *disclosure.Edition {
			t.Helper()
			x.must(err)
			ids[word] = e.Item
			return e
		}
		keep("甲草稿甲", x.draft("甲草稿甲", disclosure.Information), nil)
		e := x.draft("乙在审乙", disclosure.Information)
		e, err := x.Items.Submit(ctx, x.all, e.ID, e.Version)
		keep("乙在审乙", e, err)
		keep("丙已审丙", x.approved("丙已审丙", disclosure.Information), nil)
		gone := x.published("丁撤下丁", disclosure.Information)
		gone, err = x.Items.Retract(ctx, x.all, gone.ID, gone.Version, "戊原因戊")
		keep("丁撤下丁", gone, err)
		list := x.published("己名单己", disclosure.List)
		e = x.draft("庚废弃庚", disclosure.Information)
		e, err = x.Items.Discard(ctx, x.all, e.ID, e.Version, "不再公开")
		keep("庚废弃庚", e, err)
		shown := x.published("辛公开辛", disclosure.Information)
		fix, err := x.Items.Correct(ctx, x.all, shown.ID, shown.Version, "壬更正壬")
		x.must(err)
		c := fix.Content
		c.Title, c.Body = "癸改稿癸", "<p>癸改稿癸</p>"
		fix, err = x.Items.Save(ctx, x.all, fix.ID, fix.Version, c)
		keep("癸改稿癸", fix, err)
		filed := x.published("子归档子", disclosure.Information)
		_, err = x.Items.Archive(ctx, x.all, filed.ID, filed.Version, "归档")
		x.must(err)
		x.now = x.now.AddDate(0, 2, 0)
		list, err = x.Items.Expire(ctx, actor.System("test"), list.ID)
		keep("己名单己", list, err)
		x.caughtUp()
		paths := []string{"/api/v1/items", "/api/v1/items?limit=100&body=" + x.body, "/api/v1/items?section=" + x.section, "/api/v1/items?year=2026", "/api/v1/changes",
			"/api/v1/bodies", "/api/v1/bodies/" + x.body, "/api/v1/bodies/" + x.body + "/sections", "/api/v1/bodies/" + x.body + "/annual",
			"/api/v1/bodies/" + x.body + "/decisions", "/data/catalog.jsonld", "/data/catalog.ttl", "/data/items.jsonl.gz", "/data/items.csv",
			"/data/bodies/" + x.body + "/items.jsonl.gz", "/data/bodies/" + x.body + "/items.csv", "/oai?verb=ListRecords&metadataPrefix=oai_dc",
			"/oai?verb=ListRecords&metadataPrefix=gongkai", "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc", "/oai?verb=ListSets", "/oai?verb=Identify"}
		for word, id := range ids {
			if word != "癸改稿癸" {
				paths = append(paths, "/api/v1/items/"+id, "/api/v1/items/"+id+"/files", "/oai?verb=GetRecord&metadataPrefix=gongkai&identifier=urn:uuid:"+id)
			}
		}
		hidden := []string{"示例起草人", "戊原因戊", "壬更正壬"}
		for word := range ids {
			hidden = append(hidden, word)
		}
		for _, word := range hidden {
			paths = append(paths, "/api/v1/search?q="+word, "/api/v1/suggestions?q="+word[:len(word)/3*2], "/api/v1/items?q="+word)
		}
		for _, path := range paths {
			body := x.plain(path)
			// what was asked for stands again in the address of a next page and in a suggestion
			for _, word := range hidden {
				if !strings.Contains(path, "?q=") && strings.Contains(body, word) || strings.Contains(body, word+"正文") || strings.Contains(body, word+"附件") || strings.Contains(body, word+"概述") || strings.Contains(body, word+"词") {
					t.Errorf("%s tells %s: %s", path, word, body)
				}
			}
		}
		for _, path := range []string{"/data/items.jsonl.gz", "/data/items.csv", "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/api/v1/changes"} {
			if body := x.plain(path); !strings.Contains(body, "辛公开辛") || !strings.Contains(body, "子归档子") {
				t.Errorf("%s lacks what is public: %s", path, body)
			}
		}
	})
}

// plain is an answer, unpacked.
func (x *town) plain(path string) string {
	x.t.Helper()
	w := x.ask("GET", strings.ReplaceAll(path, " ", "%20"), nil)
	b := w.Body.Bytes()
	if strings.HasSuffix(path, ".gz") && w.Code == 200 {
		z, err := gzip.NewReader(bytes.NewReader(b))
		x.must(err)
		b, err = io.ReadAll(z)
		x.must(err)
	}
	return string(b)
}

// A sheet opens in spreadsheet programs as it is meant: in UTF-8, each text one cell, none carried
// out as a formula.
func TestTheSheetOfEverything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := enter(t, d)
		evil := "=HYPERLINK(\"http://x\",\"甲\")\n乙,丙"
		x.published("供水公告", disclosure.Information)
		x.must(d.Update(t.Context(), func(tx *db.Tx) error {
			m := disclosure.NewImporter(tx, workday.Embedded(), x.all)
			ready, _ := disclosure.Import{Agency: x.body, Section: x.section, Kind: disclosure.Information, Origin: disclosure.Made,
				Content: disclosure.Content{Title: evil, Body: "<p>正文</p>", FormedOn: date.Must(2026, 11, 2), Attribute: "proactive"}, PublishedAt: x.now}.Ready()
			i, err := m.Add(ready)
			if err != nil {
				return err
			}
			if err := m.Close(); err != nil {
				return err
			}
			return disclosure.Note(tx, i.ID)
		}))
		w := x.ask("GET", "/data/items.csv", nil)
		text, marked := strings.CutPrefix(w.Body.String(), "\uFEFF")
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || !marked || len(rows) != 3 || rows[0][0] != "索引号" || rows[0][1] != "名称" {
			t.Fatalf("%v, %v %v", rows, marked, err)
		}
		for _, row := range rows[1:] {
			if strings.HasPrefix(row[1], "=") || row[1] != "供水公告" && !strings.HasPrefix(row[1], "'=") {
				t.Errorf("a title is %q", row[1])
			}
		}
		if again := x.ask("GET", "/data/items.csv", nil, "If-None-Match", w.Header().Get("ETag")); again.Code != 304 {
			t.Errorf("asked again: %d", again.Code)
		}
		x.published("停水公告", disclosure.Information)
		if again := x.ask("GET", "/data/items.csv", nil, "If-None-Match", w.Header().Get("ETag")); again.Code != 200 || !strings.Contains(again.Body.String(), "停水公告") {
			t.Errorf("asked again after a publication: %d", again.Code)
		}
		if again := x.ask("GET", "/data/bodies/nobody/items.csv", nil); again.Code != 404 {
			t.Errorf("of nobody: %d", again.Code)
		}
	})
}

// parted is a post with files.
func parted(t testing.TB, draft string, files map[string]string) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	if err := m.WriteField("draft", draft); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		w, err := m.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, text)
	}
	m.Close()
	return &b, m.FormDataContentType()
}
