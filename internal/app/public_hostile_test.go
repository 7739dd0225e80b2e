package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/disclosure/legacy"
	"gongkai/internal/mirror"
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

// splitting are texts that end what they stand in: a feed, a sheet, a line, a head, a script, an
// attribute, the direction of reading.
var splitting = []string{
	`]]></title><entry><id>urn:evil</id></entry>`, `</urlset><url><loc>https://evil.example/</loc></url>`, `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;`, `&lt;script&gt;alert(1)&lt;/script&gt;`,
	`</script><script>alert(1)</script>`, `<!--<script>`, `-->`, `"},{"id":"evil","title":"`, "甲\r\nSet-Cookie: x=y", "甲\u2028乙\u2029丙", "甲\u0001\u0008\u001b[31m乙", "\ufffe\uffff", "\u202e告公\u202c", "甲\u200b乙\u2066丙\u2069",
	`=HYPERLINK("https://evil.example/","甲")`, `+1+cmd|' /C calc'!A0`, `-2+3`, `@SUM(1,1)`, "\t=1+1", "＝1+1", `%0d%0aX: y`, `{{.Title}}`, `'; DROP TABLE item; --`, `\u003c/script\u003e`, `&#x3c;img src=x onerror=alert(1)&#x3e;`,
}

// split publishes a document for each text, which is its title, summary, issuer, keyword, source
// and number, and returns how many there are.
func (w *world) split(t *testing.T) (all []string) {
	t.Helper()
	b := w.bodies["a"]
	all = append(append(all, splitting...), scripts...)
	tally, err := w.n.Legacy.Run(t.Context(), actor.System("test"), func(yield func(legacy.Row) bool) {
		for i, s := range all {
			row := legacy.Row{Where: fmt.Sprint(i), Record: legacy.Record{URL: fmt.Sprintf("http://old.example/%d.html", i), Title: "标题" + s, Summary: s, Body: "<p>正文" + fmt.Sprint(i) + "</p>" + s, Section: "x",
				Source: s, Issuer: s, DocNumber: s, Keywords: s, PublishedAt: legacy.Moment{Day: date.Must(2026, 1, 5), Hour: 9, HasTime: true}, IndexNo: fmt.Sprint("索引", i)}}
			if i%2 == 1 {
				row.Record.Title = s
			}
			if !yield(row) {
				return
			}
		}
	}, legacy.Options{Source: "test", Agency: b.id, Map: map[string]string{"x": b.ids["other"]}})
	if err != nil || tally.Created != int64(len(all)) {
		t.Fatalf("brought in: %+v, %v", tally, err)
	}
	w.settle(t)
	return all
}

// Whatever a document is called, feeds, site maps, harvests, catalogues, sheets and answers for
// programs say of it as a text and are of one piece.
func TestOutletsAreNotSplit(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		all := w.split(t)
		a, s := w.bodies["a"].id, w.bodies["a"].ids["other"]
		for _, path := range []string{
			"/feed.atom", "/feed.rss", "/bodies/{a}/feed.atom", "/bodies/{a}/sections/{s}.atom", "/search.atom?q=%E6%A0%87%E9%A2%98", "/search.atom?q=%3C%2Ftitle%3E%5D%5D%3E", "/sitemap.xml",
			"/oai?verb=Identify", "/oai?verb=ListSets", "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/oai?verb=ListRecords&metadataPrefix=gongkai", "/oai?verb=%3Cx%3E", "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=%22%3E%3Cx%2F%3E",
			"/oai?verb=ListRecords&metadataPrefix=oai_dc&set=%00", "/oai?verb=ListRecords&resumptionToken=oai_dc!%00!%27!!1.%FF", "/oai?verb=ListRecords&metadataPrefix=%5D%5D%3E&%3Cx%3E=1", "/api/v1/item.xsd",
		} {
			got := w.as(nil, "GET", strings.NewReplacer("{a}", a, "{s}", s).Replace(path), nil, nil)
			if got.status == http.StatusNotFound && (strings.HasSuffix(path, ".rss") || strings.HasSuffix(path, ".xml")) {
				continue // they need the installation's address
			}
			if got.status != http.StatusOK {
				t.Errorf("%s: status %d: %.200s", path, got.status, got.body)
			}
			if found := markup(got.body); found != "" {
				t.Errorf("%s: %s", path, found)
			}
		}
		w.sheets(t, len(all))
		for _, path := range []string{"/", "/search.html?q=%E6%A0%87%E9%A2%98", "/search.html?q=" + url.QueryEscape(`"><script>`), "/bodies/" + a + "/sections/" + s + ".html", "/catalogue.html", "/sitemap.html", "/nothing%22%3E%3Cscript%3E标题"} {
			w.harms(t, path)
		}
		for _, path := range w.published(t, s) {
			w.harms(t, path+".html")
		}
	})
}

// markup reads a document of XML and returns what in it nobody but a stranger can have written.
func markup(text string) string {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return ""
		}
		if err != nil {
			return err.Error()
		}
		switch e := token.(type) {
		case xml.StartElement:
			if name := strings.ToLower(e.Name.Local); name == "script" || name == "img" || name == "svg" || name == "x" || name == "a" {
				return "an element " + name
			}
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Value, "https://evil.example") || strings.HasPrefix(a.Value, "javascript:") {
					return e.Name.Local + " " + a.Name.Local + "=" + a.Value
				}
			}
		case xml.CharData:
			if text := strings.TrimSpace(string(e)); text == "urn:evil" || text == "https://evil.example/" {
				return "an element of its own: " + text
			}
		case xml.Directive:
			return "a directive"
		}
	}
}

// sheets reads the files of everything.
func (w *world) sheets(t *testing.T, n int) {
	t.Helper()
	got := w.as(nil, "GET", "/data/items.csv", nil, nil)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) < n+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
				t.Errorf("a sheet carries out %q", cell)
			}
		}
	}
	lines := strings.Split(strings.TrimSpace(unpacked("/data/items.jsonl.gz", w.as(nil, "GET", "/data/items.jsonl.gz", nil, nil).body)), "\n")
	if len(lines) != len(rows)-1 {
		t.Errorf("%d lines, %d rows", len(lines), len(rows)-1)
	}
	for _, path := range []string{"/api/v1/items?limit=100", "/api/v1/search?q=%E6%A0%87%E9%A2%98", "/api/v1/changes", "/data/catalog.jsonld", "/api/v1/openapi.json", "/search/suggest?q=%E6%A0%87", "/api/v1/items/%00", "/api/v1/bodies/%00/sections", "/api/v1/items?body=%00&section=%FF&q=%00", "/api/v1/search?q=a&body=%00&issuer=%00", "/api/v1/suggest?q=%00%FF", "/api/v1/changes?since=1.%00", "/api/v1/items?after=%00", "/data/bodies/%00/items.csv"} {
		got := w.as(nil, "GET", path, nil, nil)
		if got.status >= 500 || !json.Valid([]byte(got.body)) || got.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(got.header.Get("Content-Type"), "json") {
			t.Errorf("%s: status %d, %s: %.200s", path, got.status, got.header.Get("Content-Type"), got.body)
		}
	}
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("a line is no JSON: %.200s", line)
		}
	}
}

// harms is inspect for pages of whatever status, also of the data in them.
func (w *world) harms(t *testing.T, path string) {
	t.Helper()
	got := w.open(nil, path)
	if got.status >= 500 || got.status == http.StatusMovedPermanently {
		t.Errorf("%s: status %d", path, got.status)
	}
	page := got.body
	for _, m := range dataScripts.FindAllStringSubmatch(page, -1) {
		if !json.Valid([]byte(m[1])) {
			t.Errorf("%s: data that is no JSON: %.300s", path, m[1])
		}
	}
	if found := unsafe(dataScripts.ReplaceAllString(page, "")); len(found) > 0 {
		t.Errorf("%s: %q", path, found)
	}
}

// dataScripts are the data of a page for search engines.
var dataScripts = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

// Cache poisoning and host header: what a request says besides its address changes neither the
// answer nor what the next visitor gets.
func TestNobodyPoisonsAPage(t *testing.T) {
	w := newWorld(t, "")
	w.split(t)
	a := w.bodies["a"].id
	w.settings(t, "b", func(s *site.Site) { s.Slug, s.Host = "yi", "yi.example.gov.cn" })
	heads := []http.Header{
		{"Host": {"evil.example"}}, {"Host": {"evil.example:80"}}, {"Host": {"yi.example.gov.cn.evil.example"}}, {"X-Forwarded-Host": {"evil.example"}}, {"Forwarded": {"host=evil.example;proto=https"}},
		{"X-Forwarded-Proto": {"https"}, "X-Forwarded-Prefix": {"/evil.example"}}, {"X-Original-Url": {"/evil.example"}, "X-Rewrite-Url": {"/evil.example"}}, {"X-Http-Method-Override": {"POST"}},
		{"Accept-Language": {"en"}}, {"Accept": {"application/json"}}, {"Cookie": {"size=evil; gongkai-office=evil.example; lang=en"}}, {"Cookie": {"size=larger"}}, {"Cookie": {`size="large`}}, {"Referer": {"https://evil.example/"}},
		{"Origin": {"https://evil.example"}}, {"User-Agent": {"evil.example"}}, {"Range": {"bytes=0-3"}}, {"If-None-Match": {`"x", W/"y"`}}, {"If-Modified-Since": {"Mon, 23 Nov 2099 00:00:00 GMT"}}, {"X-Forwarded-For": {"192.0.2.1, evil.example"}},
	}
	for _, path := range []string{"/", "/en/", "/guide.html", "/bodies/" + a + "/", "/bodies/" + a + "/guide.html", "/search.html?q=x", "/feed.atom", "/robots.txt", "/sitemap.html", "/ledger.html", "/subscribe.html", "/nothing.html", "/annual.html", "/api/v1/bodies", "/api/v1/", "/oai?verb=Identify", "/data/catalog.jsonld", "/data.html"} {
		ask := func(head http.Header) answer {
			got := w.as(nil, "GET", path, nil, func(r *http.Request) {
				for name, values := range head {
					r.Header[name] = values
				}
				if to := head.Get("Host"); to != "" {
					r.Host = to
				}
			})
			got.body = stamps.ReplaceAllString(got.body, "")
			return got
		}
		clean := ask(nil)
		for _, head := range heads {
			got := ask(head)
			if strings.Contains(fmt.Sprint(got.header), "evil.example") || strings.Contains(got.body, "evil.example") && !strings.Contains(clean.body, "evil.example") {
				t.Errorf("%s with %v repeats it", path, head)
			}
			api := strings.HasPrefix(path, "/api") && head.Get("Accept-Language") != ""
			if head.Get("Range") == "" && !api && (got.status != clean.status || got.body != clean.body) {
				t.Errorf("%s with %v: another page, status %d instead of %d", path, head, got.status, clean.status)
			}
			if after := ask(nil); after.status != clean.status || after.body != clean.body {
				t.Errorf("%s after %v: another page, status %d instead of %d", path, head, after.status, clean.status)
			}
			if head := w.as(nil, "HEAD", path, nil, nil); head.status != clean.status || head.body != "" {
				t.Errorf("HEAD %s: status %d, %d bytes", path, head.status, len(head.body))
			}
		}
	}
}

// stamps are the moments an answer says it was made at.
var stamps = regexp.MustCompile(`<responseDate>[^<]*</responseDate>`)

// A page of one site, language or size of print is never another's, whatever the address looks like.
func TestPagesAreNotMistaken(t *testing.T) {
	w := newWorld(t, "")
	b := w.bodies["b"].id
	w.settings(t, "b", func(s *site.Site) { s.Slug, s.Host = "yi", "yi.example.gov.cn" })
	at := func(host, path, cookie string) answer {
		return w.as(nil, "GET", path, nil, func(r *http.Request) {
			r.Host = host
			if cookie != "" {
				r.Header.Set("Cookie", cookie)
			}
		})
	}
	ways := []struct{ host, path, cookie string }{}
	for _, host := range []string{"www.example.gov.cn", "yi.example.gov.cn", "YI.example.gov.cn:8080", "evil.example"} {
		for _, path := range []string{"/", "/en/", "/guide.html", "/en/guide.html", "/guide.html?x=1", "/guide.html?x=1&x=2", "/guide.html?x=1%26x=2", "/GUIDE.html", "/guide.html/", "/sitemap.html", "/bodies/" + b + "/guide.html"} {
			for _, cookie := range []string{"", "size=large", "x=size=large", "size=largex"} {
				ways = append(ways, struct{ host, path, cookie string }{host, path, cookie})
			}
		}
	}
	first := map[string]answer{}
	for round := range 3 {
		for i := range ways {
			o := ways[(i*7+round*13)%len(ways)]
			got, key := at(o.host, o.path, o.cookie), fmt.Sprint(o)
			if old, known := first[key]; known && (old.body != got.body || old.status != got.status) {
				t.Errorf("%v: another page than before", o)
			}
			first[key] = got
			if large := strings.Contains(got.body, `data-size="large"`); got.status == http.StatusOK && large != (o.cookie == "size=large") {
				t.Errorf("%v: large print is %t", o, large)
			}
			if own := strings.HasPrefix(strings.ToLower(o.host), "yi."); got.status == http.StatusOK && strings.Contains(got.body, "示范市乙局") != own && o.path == "/guide.html" {
				t.Errorf("%v: the page of another site", o)
			}
			if got.status == http.StatusOK && strings.Contains(got.body, `<html lang="en"`) != strings.HasPrefix(o.path, "/en/") {
				t.Errorf("%v: another language", o)
			}
		}
	}
}

// Nobody without an account has the server keep or read what is larger than any record.
func TestStrangersSendLittle(t *testing.T) {
	w := newWorld(t, "")
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part := must[io.Writer](t)(form.CreateFormFile("file", "x.json"))
	if _, err := io.Copy(part, strings.NewReader(strings.Repeat("[", 12<<20))); err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	before := w.digest()
	for path, want := range map[string]int{"/ledger.html": 413, "/subscribe.html": 413, "/subscribe/confirm.html": 413, "/subscribe/manage.html": 413, "/display": 303, "/nothing": 404, "/api/v1/drafts": 401, "/api/v1/items": 405, "/oai": 200} {
		r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "POST", w.server.URL+path, bytes.NewReader(b.Bytes())))
		r.Header.Set("Content-Type", form.FormDataContentType())
		got, err := client.Do(r)
		if err != nil { // the server hung up on it
			continue
		}
		got.Body.Close()
		if got.StatusCode != want && got.StatusCode < 400 {
			t.Errorf("%s: status %d, want %d", path, got.StatusCode, want)
		}
	}
	for _, text := range []string{strings.Repeat("[", 1<<20), strings.Repeat(`{"a":`, 1<<18), `{"record":` + strings.Repeat("9", 1<<20) + `}`, "\x00\xff", `{"index":-1,"size":99999999999999999999}`, strings.Repeat("\n", 1<<20)} {
		got := w.as(nil, "POST", "/ledger.html", url.Values{"text": {text}}, nil)
		if got.status != http.StatusOK || len(unsafe(got.body)) > 0 {
			t.Errorf("%.20q: status %d", text, got.status)
		}
	}
	if got := changed(before, w.digest()); len(got) > 0 {
		t.Errorf("strangers changed %v", got)
	}
	for _, head := range []http.Header{{"Origin": {"https://evil.example"}}, {"Sec-Fetch-Site": {"cross-site"}}} {
		for _, path := range []string{"/subscribe.html", "/display", "/ledger.html", "/api/v1/drafts", "/oai"} {
			got := w.as(nil, "POST", path, url.Values{"email": {"jia@example.com"}, "topic": {"all"}, "rhythm": {"daily"}, "size": {"large"}}, func(r *http.Request) { r.Header[http.CanonicalHeaderKey(keyOf(head))] = head[keyOf(head)] })
			if got.status != http.StatusForbidden || got.header.Get("Set-Cookie") != "" {
				t.Errorf("%s from elsewhere: status %d", path, got.status)
			}
		}
	}
}

func keyOf(h http.Header) string {
	for name := range h {
		return name
	}
	return ""
}

// In a copy a document's file never acts as a page, in whichever site and language it stands.
func TestFilesOfACopyDoNotAct(t *testing.T) {
	dir := t.TempDir()
	f := mirror.Files{Dir: dir}
	for _, path := range []string{"/files/a/b/x.html", "/mzj/files/a/b/x.html", "/mzj/files/a/b/x.XHTML", "/bodies/b/files/a/b/x.svg", "/en/mzj/files/a/b/x.js", "/mzj/files/a/b/x.mht"} {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte("<script>"), 0o600)); err != nil {
			t.Fatal(err)
		}
		got := httptest.NewRecorder()
		f.ServeHTTP(got, httptest.NewRequest("GET", path, nil))
		kind, policy := got.Header().Get("Content-Type"), got.Header().Get("Content-Security-Policy")
		if got.Code != http.StatusOK || kind != "application/octet-stream" || policy != "sandbox; default-src 'none'" {
			t.Errorf("%s: status %d, sent as %s under %s", path, got.Code, kind, policy)
		}
	}
}
