package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/legacy"
)

// scripts are texts that have run as scripts in one product or another: plain, hidden in
// addresses, broken apart, and such as only become one when a parser mends them.
var scripts = []string{
	`<script>alert(1)</script>`, `<ScRiPt/x>alert(1)</sCrIpT>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`,
	`<img src=x onerror=alert(1)>`, `<img/src="x"/onerror="alert(1)">`, "<img src=x\x00 onerror=alert(1)>", `<p onmouseover=alert(1)>甲</p>`,
	`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><a xlink:href="javascript:alert(1)"><text y=9>甲</text></a></svg>`,
	`<svg><animate xlink:href=#x attributeName=href values=javascript:alert(1) /><a id=x>甲</a></svg>`, `<svg><foreignObject><iframe srcdoc="<script>alert(1)</script>"></foreignObject></svg>`,
	`<a href="javascript:alert(1)">甲</a>`, `<a href="JaVaScRiPt&colon;alert(1)">甲</a>`, "<a href=\"java\tscript:alert(1)\">甲</a>", "<a href=\"\x01javascript:alert(1)\">甲</a>",
	`<a href="&#106;avascript:alert(1)">甲</a>`, `<a href="vbscript:msgbox(1)">甲</a>`, `<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">甲</a>`,
	`<a href="//evil.example\@good.example">甲</a>`, `<img src="data:image/svg+xml,<svg onload=alert(1)>">`, `<iframe src="javascript:alert(1)"></iframe>`,
	`<object data="data:text/html,<script>alert(1)</script>"></object>`, `<embed src="//evil.example/x.swf">`, `<base href="//evil.example/">`, `<meta http-equiv="refresh" content="0;url=javascript:alert(1)">`,
	`<link rel=stylesheet href="//evil.example/x.css">`, `<style>@import "//evil.example/x.css";*{background:url(javascript:alert(1))}</style>`, `<p style="background:url(//evil.example/x);behavior:url(x.htc)">甲</p>`,
	`<form action="//evil.example"><input name=password><button formaction="javascript:alert(1)">甲</button></form>`, `<isindex action=javascript:alert(1) type=image>`, `<input autofocus onfocus=alert(1)>`,
	`<details open ontoggle=alert(1)>`, `<video><source onerror=alert(1)></video>`, `<audio src=x onerror=alert(1)>`, `<marquee onstart=alert(1)>甲</marquee>`, `<body onload=alert(1)>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;"></table></mtext></math>`,
	`<math><mi//xlink:href="data:x,<script>alert(1)</script>">`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<template><script>alert(1)</script></template>`,
	`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`, `<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<textarea></textarea><script>alert(1)</script>`, `<xmp><p title="</xmp><img src=x onerror=alert(1)>">`, `<!--><img src=x onerror=alert(1)>-->`, `<![CDATA[><script>alert(1)</script>]]>`, `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`,
	`"><script>alert(1)</script>`, `' autofocus onfocus=alert(1) x='`, "`${alert(1)}`", `{{.}}{{template "frame.html"}}`, `{{printf "%s" .Session}}`, `</title><script>alert(1)</script>`, `\u003cscript\u003ealert(1)\u003c/script\u003e`, `＜script＞alert(1)＜/script＞`,
	`<table><td background="javascript:alert(1)"><p>甲</table>`, `<a href="https://good.example" target=_blank ping="//evil.example">甲</a>`, `<img srcset="x 1x, javascript:alert(1) 2x" src=x>`, `<p data-x='{"a":"</script><script>alert(1)</script>"}'>甲</p>`,
}

// unsafe returns what a browser would run or fetch from elsewhere on a page.
func unsafe(page string) (found []string) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script":
			// Linked data is no program, as long as it is data from its beginning to its end.
			data := attribute(n, "type") == "application/ld+json" && n.FirstChild != nil && json.Valid([]byte(n.FirstChild.Data))
			if !data && (n.FirstChild != nil || !strings.Contains(attribute(n, "src"), "/static/")) {
				found = append(found, "script "+attribute(n, "src"))
			}
		case "style", "iframe", "frame", "object", "embed", "base", "foreignobject", "animate", "set", "math", "applet", "template":
			found = append(found, n.Data)
		case "meta":
			if attribute(n, "http-equiv") != "" {
				found = append(found, "meta http-equiv")
			}
		case "link":
			if !strings.HasPrefix(attribute(n, "href"), "/") {
				found = append(found, "link "+attribute(n, "href"))
			}
		case "textarea": // the editor makes a document of what stands in it
			if attribute(n, "name") == "body" && n.FirstChild != nil {
				found = append(found, unsafe(n.FirstChild.Data)...)
			}
		}
		found = append(found, unsafeAttributes(n)...)
	}
	return found
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// addresses are the attributes that browsers follow, fetch or send forms to.
var addresses = []string{"href", "src", "action", "formaction", "data", "poster", "background", "cite", "longdesc", "xlink:href"}

func unsafeAttributes(n *html.Node) (found []string) {
	for _, a := range n.Attr {
		name := strings.ToLower(a.Key)
		switch {
		case strings.HasPrefix(name, "on"), name == "style", name == "srcdoc", name == "srcset", name == "ping":
			found = append(found, n.Data+" "+a.Key+"="+a.Val)
		case slices.Contains(addresses, name) || a.Namespace == "xlink":
			if !harmless(n.Data, a.Val) {
				found = append(found, n.Data+" "+a.Key+"="+a.Val)
			}
		}
	}
	return found
}

// harmless tells an address that browsers open as a page of its own, or of this site, from
// one that runs.
func harmless(element, address string) bool {
	address = strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, address)
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return false
	case u.Scheme == "" && u.Host == "":
		return !strings.HasPrefix(address, `\`)
	case element == "a":
		return slices.Contains([]string{"http", "https", "mailto", "tel"}, u.Scheme)
	}
	return false
}

func TestUnsafe(t *testing.T) {
	for _, s := range []string{`<script>x</script>`, `<p onclick=x>`, `<a href="java&#10;script:x">`, `<img src=//evil.example/x>`, `<svg><a xlink:href="javascript:x">`, `<p style="x">`, `<textarea name=body>&lt;script&gt;x&lt;/script&gt;</textarea>`,
		`<script type="application/ld+json">{"name":"</script><script>x</script>`} {
		if len(unsafe(s)) == 0 {
			t.Errorf("%s is taken for harmless", s)
		}
	}
	for _, s := range []string{`<a href="https://good.example/">x</a><script src="/static/a.js"></script><img src="/files/1/2">`, `<p>&lt;script&gt;</p>`, `<script type="application/ld+json">{"name":"\u003c/script>"}</script>`} {
		if found := unsafe(s); len(found) > 0 {
			t.Errorf("%s is refused for %q", s, found)
		}
	}
}

// Whatever people write, paste or bring in, no page of the office or of the site runs it.
func TestStoredScripts(t *testing.T) {
	w := newWorld(t, "")
	ctx, b := t.Context(), w.bodies["a"]
	who := func(r actor.Role) *person { return w.people["a."+string(r)] }
	file, err := w.n.Blobs.Receive(ctx, strings.NewReader("甲"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var rows []legacy.Row
	var pages []struct{ who, path string }
	page := func(p *person, path string) { pages = append(pages, struct{ who, path string }{p.login, path}) }
	for i, s := range scripts {
		c := w.content(&body{}, "")
		c.Title, c.Summary, c.Body, c.Author, c.Source, c.SourceURL, c.Subtitle = s, s, "<p>甲</p>"+s, s, s, s, s
		c.DocNo, c.Issuer, c.Reason, c.Department, c.Audience, c.Keywords = s, s, s, s, s, []string{s}
		e, err := w.n.Items.Create(ctx, who(actor.Editor).actor, disclosure.New{Agency: b.id, Section: b.ids["other"], Kind: disclosure.Information, Origin: disclosure.Made, Content: c})
		if err == nil {
			e, err = w.n.Items.Attach(ctx, who(actor.Editor).actor, e.ID, disclosure.Attachment{Name: s + ".txt", Alt: s, Transcript: s}, file)
		}
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if _, err := w.n.Items.RunGate(ctx, who(actor.Editor).actor, e.ID); err != nil {
			t.Fatal(err)
		}
		c.Body += "<p>乙</p>" + s
		if _, err = w.n.Items.Save(ctx, who(actor.Editor).actor, e.ID, e.Version, c); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"", "/edit", "/compare", "/sheet"} {
			page(who(actor.Editor), "/office/editions/"+e.ID+path)
		}
		rows = append(rows, legacy.Row{Where: fmt.Sprint(i), Record: legacy.Record{
			URL: fmt.Sprintf("http://old.example/%d.html", i), Title: "标题" + s, Summary: s, Body: "<p>正文</p>" + s, Section: "x", Source: s, Issuer: s, DocNumber: s,
			PublishedAt: legacy.Moment{Day: date.Must(2026, 1, 5), Hour: 9, HasTime: true}, IndexNo: fmt.Sprint("索引", i),
		}})
	}
	tally, err := w.n.Legacy.Run(ctx, actor.System("test"), func(yield func(legacy.Row) bool) {
		for _, r := range rows {
			if !yield(r) {
				return
			}
		}
	}, legacy.Options{Source: "test", Agency: b.id, Map: map[string]string{"x": b.ids["other"]}})
	if err != nil || tally.Created != int64(len(rows)) {
		t.Fatalf("brought in: %+v, %v", tally, err)
	}
	shown := w.published(t, b.ids["other"])
	if len(shown) < len(scripts) {
		t.Errorf("only %d of %d are on the site", len(shown), len(scripts))
	}
	for _, path := range append(shown, "/", "/en/", "/bodies/"+b.id+"/", "/bodies/"+b.id+"/sections/"+b.ids["other"]+".html") {
		w.inspect(t, nil, path)
	}
	page(who(actor.Editor), "/office/items?size=200&q="+url.QueryEscape(`"><script>`))
	page(who(actor.Officer), "/office/catalogue")
	page(who(actor.Officer), "/office/sections/"+b.ids["other"])
	page(w.people["auditor"], "/office/audit?q="+url.QueryEscape(`"><script>`))
	for _, one := range pages {
		w.inspect(t, w.people[one.who], one.path)
	}
}

// inspect fails if a page would run anything.
func (w *world) inspect(t *testing.T, p *person, path string) {
	t.Helper()
	got := w.open(p, path)
	if got.status != http.StatusOK {
		t.Errorf("%s: status %d", path, got.status)
	}
	if found := unsafe(got.body); len(found) > 0 {
		t.Errorf("%s: %q", path, found)
	}
	if policy := got.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; style-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("%s: policy %q", path, policy)
	}
}

// published are the pages of what stands in a section.
func (w *world) published(t *testing.T, in string) (paths []string) {
	after := ""
	for range 50 {
		page, err := w.n.Reader.Section(t.Context(), in, disclosure.Page{After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Rows {
			paths = append(paths, "/items/"+row.Item)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	return paths
}

// upload posts a file to a draft as a browser does.
func (w *world) upload(p *person, path, name string, data []byte) answer {
	w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", `form-data; name="file"; filename="`+strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace(name)+`"`)
	head.Set("Content-Type", "text/html") // a browser may claim anything
	part, err := form.CreatePart(head)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(w.t.Context(), "POST", w.server.URL+path, &b)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("X-Form-Token", p.token)
	r.AddCookie(&http.Cookie{Name: "gongkai-office", Value: p.secret})
	return w.send(r)
}

// A file is served as what it is and never as a page of the site, whatever its name, its
// beginning or the browser that sent it says.
func TestHostileFiles(t *testing.T) {
	w := newWorld(t, "")
	p, b := w.people["a.editor"], w.bodies["a"]
	base := "/office/editions/" + b.ids["draft"]
	for _, one := range []struct{ name, data string }{
		{"a.html", "<html><script>alert(1)</script>"}, {"a.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`},
		{"a.xml", `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`}, {"a.xhtml", `<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>`},
		{"a.pdf", "%PDF-1.4\n<script>alert(1)</script>"}, {"a.gif", "GIF89a/*<svg onload=alert(1)>*/=1;alert(1)"}, {"a.jpg", "\xFF\xD8\xFF\xFE<script>alert(1)</script>"},
		{"a.txt", strings.Repeat(" ", 2000) + "<script>alert(1)</script>"}, {"a.mhtml", "MIME-Version: 1.0\nContent-Type: text/html\n\n<script>alert(1)</script>"},
		{"../../../etc/passwd", "甲"}, {`..\..\windows\win.ini`, "甲"}, {"a\r\nSet-Cookie: x=y.txt", "甲"}, {"a.txt; filename=a.html", "甲"}, {strings.Repeat("长", 400) + ".docx", "甲"}, {"\u202Egnp.exe", "MZ"},
	} {
		got := w.upload(p, base+"/files", one.name, []byte(one.data))
		if got.status != http.StatusOK {
			t.Errorf("%s: status %d: %s", one.name, got.status, got.body)
			continue
		}
		_, id, _ := strings.Cut(got.body, `"id":"`)
		id, _, _ = strings.Cut(id, `"`)
		h := w.as(p, "GET", base+"/files/"+id, nil, nil).header
		kind, how, policy := h.Get("Content-Type"), h.Get("Content-Disposition"), h.Get("Content-Security-Policy")
		for _, bad := range []string{"html", "svg", "xml", "javascript"} {
			if strings.Contains(kind, bad) {
				t.Errorf("%s is sent as %s", one.name, kind)
			}
		}
		if !strings.HasPrefix(how, "attachment") && !strings.HasPrefix(kind, "image/jpeg") {
			t.Errorf("%s: %s, %s", one.name, kind, how)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(policy, "default-src 'none'") || h.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v", one.name, h)
		}
		if _, name, _ := strings.Cut(how, "''"); strings.ContainsAny(name, "/\\\r\n;\"") || strings.Contains(name, "%2F") || strings.Contains(name, "%5C") {
			t.Errorf("%s: saved as %s", one.name, how)
		}
	}
	before := w.digest()
	for _, other := range []string{"b.editor", "a.supervisor", "sysadmin", "a.reviewer1"} {
		if got := w.upload(w.people[other], base+"/files", "x.txt", []byte("甲")); got.status != 403 && got.status != 404 {
			t.Errorf("%s attaches a file: status %d", other, got.status)
		}
	}
	if got := changed(before, w.digest()); len(got) > 0 {
		t.Errorf("refused uploads changed %v", got)
	}
}

// hostileValues break out of statements, patterns, search expressions, cursors and encodings.
var hostileValues = []string{
	`'`, `' OR '1'='1' --`, `'; DROP TABLE item; --`, `" OR ""="`, `\`, `%`, `_`, `$1`, `?`, "\x00", "甲\x00乙", "\xff\xfe", `NEAR(a b)`, `"`, `a* OR b:*`, `{{.}}`, `${x}`,
	`-1`, `99999999999999999999`, `1e309`, `NaN`, `2026-13-45`, `../../etc/passwd`, `%00`, `[]`, `{"a":1}`, "\r\nX: y", strings.Repeat("甲", 3000), `updated; DROP TABLE item`, `-updated,1`,
}

// gap is a place of an address that a record fills.
var gap = regexp.MustCompile(`\{[^}]*\}`)

// names are the fields that lists take from addresses.
var names = []string{"q", "sort", "after", "before", "size", "state", "kind", "section", "view", "from", "to", "year", "body", "actor", "act", "subject", "id", "only", "role",
	"format", "file", "parent", "layout", "level", "old", "new", "key", "stage", "next", "lang", "page"}

// No value of any field or address ends in an error of the program, on either engine.
func TestHostileValues(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		before := w.digest()
		for _, one := range probes {
			path, isGet := strings.CutPrefix(one.route, "GET ")
			if !isGet || strings.Contains(path, "?") || one.reach == anybody {
				continue
			}
			for _, login := range []string{"a.officer", "a.publisher", "sysadmin", "secadmin", "auditor"} {
				if p := w.people[login]; strings.Contains(one.may, letters[p.role]) {
					w.tryValues(t, p, path)
					break
				}
			}
		}
		if got := changed(before, w.digest()); len(got) > 0 {
			t.Errorf("changed %v", got)
		}
		for _, path := range []string{"/items/%s", "/sections/%s", "/bodies/%s", "/files/%s/x", "/sections/" + w.bodies["a"].ids["other"] + "?after=%s"} {
			for _, v := range hostileValues {
				w.try(t, nil, fmt.Sprintf(path, url.PathEscape(v)))
			}
		}
	})
}

// tryValues puts every hostile value in the gaps of an address, and all of them in its fields.
func (w *world) tryValues(t *testing.T, p *person, path string) {
	if gaps := strings.Contains(path, "{"); gaps && !strings.Contains(path, "{$}") {
		for _, v := range hostileValues {
			w.try(t, p, gap.ReplaceAllLiteralString(path, url.PathEscape(v)))
		}
		return
	}
	path = strings.ReplaceAll(path, "{$}", "")
	for _, v := range hostileValues {
		all := url.Values{}
		for _, name := range names {
			if name != "body" && name != "from" && name != "to" && name != "format" && name != "year" {
				all.Set(name, v)
			}
		}
		w.try(t, p, path+"?"+all.Encode())
	}
	for i, name := range names { // each by itself: one refused field hides the others
		w.try(t, p, path+"?"+url.Values{name: {hostileValues[9+i%3]}}.Encode())
	}
}

func (w *world) try(t *testing.T, p *person, path string) {
	t.Helper()
	got := w.open(p, path)
	if got.status >= 500 {
		t.Errorf("%.120s: status %d", path, got.status)
	}
	for _, tell := range []string{"SQLSTATE", "SQL logic", "syntax error", "goroutine", "/internal/", "panic:"} {
		if strings.Contains(got.body, tell) {
			t.Errorf("%.120s: the answer tells of %s", path, tell)
		}
	}
}

// A role that ends is gone with the next request, held oneself or for another.
func TestAccessEndsAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		ctx, a := t.Context(), w.bodies["a"]
		p, sec := w.people["a.editor"], w.people["secadmin"].actor
		path := "/office/editions/" + a.ids["draft"]
		status := func(p *person, want int) {
			t.Helper()
			if got := w.as(p, "GET", path, nil, nil); got.status != want {
				t.Errorf("status %d, want %d", got.status, want)
			}
		}
		status(p, 200)
		grants := must[[]*account.Grant](t)(w.n.People.Grants(ctx, sec, p.id))
		if err := w.n.People.Revoke(ctx, sec, grants[0].ID, grants[0].Version, "调离"); err != nil {
			t.Fatal(err)
		}
		if got := w.as(p, "GET", path, nil, nil); got.status == 200 {
			t.Error("a role taken away still opens the draft")
		}
		holder, deputy := w.people["a.reviewer2"], w.people["b.reviewer2"]
		status(deputy, 403)
		held := must[[]*account.Grant](t)(w.n.People.Grants(ctx, sec, holder.id))
		d := must[*account.Delegation](t)(w.n.People.Delegate(ctx, holder.actor, account.Leave{Deputy: deputy.id, Until: date.Must(2026, 11, 27), Grants: []string{held[0].ID}, Reason: "休假"}))
		status(deputy, 200)
		if err := w.n.People.EndDelegation(ctx, holder.actor, d.ID, d.Version); err != nil {
			t.Fatal(err)
		}
		status(deputy, 403)
		p = w.people["a.publisher"]
		if got := w.as(p, "POST", "/office/sign-out", url.Values{"x": {"1"}}, nil); got.status != 303 {
			t.Errorf("signing out: status %d", got.status)
		}
		if got := w.as(p, "GET", "/office/", nil, nil); got.status != 303 || !strings.Contains(got.header.Get("Location"), "/office/sign-in") {
			t.Errorf("the session lives on after signing out: status %d", got.status)
		}
	})
}

// A stranger with any address and any secret of the world gets no page of the office.
func TestStrangers(t *testing.T) {
	w := newWorld(t, "")
	before := w.digest()
	for _, one := range probes {
		if one.reach == anybody {
			continue
		}
		got := w.call(nil, one, w.bodies["a"])
		if got.status != 303 && got.status != 403 {
			t.Errorf("%s: status %d", one.route, got.status)
		}
		if strings.Contains(got.body, w.bodies["a"].mark) {
			t.Errorf("%s tells a stranger of a draft", one.route)
		}
	}
	for _, public := range []string{"/", "/bodies/" + w.bodies["a"].id, "/sections/" + w.bodies["a"].ids["other"], "/items/" + w.bodies["a"].ids["public-item"]} {
		if got := w.open(nil, public); got.status != 200 || strings.Contains(got.body, "密标") {
			t.Errorf("%s: status %d, or it shows a draft", public, got.status)
		}
	}
	for _, secret := range []string{"draft-item", "review-item", "secrecy-item", "approved-item", "withheld-item"} {
		id := w.bodies["a"].ids[secret]
		for _, path := range []string{"/items/" + id, "/files/" + id + "/" + w.bodies["a"].ids["file"]} {
			if got := w.open(nil, path); got.status != 404 {
				t.Errorf("%s: status %d", path, got.status)
			}
		}
	}
	if got := changed(before, w.digest()); len(got) > 0 {
		t.Errorf("a stranger changed %v", got)
	}
}

// Forms of other sites are refused with and without the browser's help, before anything is done.
func TestForeignForms(t *testing.T) {
	w := newWorld(t, "")
	p := w.people["a.editor"]
	before := w.digest()
	for _, one := range probes {
		if !strings.HasPrefix(one.route, "POST") || one.reach == anybody {
			continue
		}
		_, _, path := cut(one.route)
		path = w.bodies["a"].filled(path, one.id)
		for name, change := range map[string]func(*http.Request){
			"no token":       func(r *http.Request) { r.Header.Del("X-Form-Token") },
			"foreign token":  func(r *http.Request) { r.Header.Set("X-Form-Token", w.people["b.editor"].token) },
			"foreign site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
			"sibling site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
			"foreign origin": func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		} {
			if got := w.as(p, "POST", path, url.Values{"version": {"1"}, "sure": {"1"}}, change); got.status != 403 {
				t.Errorf("%s, %s: status %d", one.route, name, got.status)
			}
		}
	}
	if got := changed(before, w.digest()); len(got) > 0 {
		t.Errorf("changed %v", got)
	}
}

// No answer follows what a browser or proxy claims about hosts.
func TestHostHeaders(t *testing.T) {
	w := newWorld(t, "")
	for _, path := range []string{"/", "/en/", "/office", "/office/", "/office/sign-in?next=//evil.example/", "/office/sign-in?next=javascript:alert(1)", "/desk", "/desk/", "//evil.example/office/", "/office//evil.example"} {
		for _, p := range []*person{nil, w.people["a.editor"]} {
			got := w.as(p, "GET", path, nil, func(r *http.Request) {
				r.Host = "evil.example"
				for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Server", "X-Original-URL", "X-Rewrite-URL", "X-Host", "Forwarded"} {
					r.Header.Set(name, "evil.example")
				}
			})
			to := got.header.Get("Location")
			if u, err := url.Parse(to); err != nil || u.Host != "" || u.Scheme != "" {
				t.Errorf("%s leads to %s", path, to)
			}
			if strings.Contains(got.body, `href="//evil`) || strings.Contains(got.body, "http://evil") || strings.Contains(got.body, `="javascript`) {
				t.Errorf("%s leads elsewhere", path)
			}
			if strings.HasPrefix(path, "/office/") && got.status == 200 && got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s may be kept: %s", path, got.header.Get("Cache-Control"))
			}
		}
	}
}

// What is too large or too deep is refused as such.
func TestHugeForms(t *testing.T) {
	w := newWorld(t, "")
	p, b := w.people["a.editor"], w.bodies["a"]
	huge := url.Values{"title": {strings.Repeat("x", 9<<20)}}
	if got := w.as(p, "POST", "/office/editions/"+b.ids["draft"]+"/autosave", huge, nil); got.status != 413 {
		t.Errorf("nine megabytes: status %d", got.status)
	}
	deep := strings.Repeat(`[`, 200000)
	for path, form := range map[string]url.Values{
		"/office/me/passkey/finish":                    {"credential": {deep}},
		"/office/sections/import/done":                 {"catalogue": {deep}, "parent": {b.ids["section"]}},
		"/office/editions/" + b.ids["draft"] + "/edit": {"body": {strings.Repeat("<div>", 200000)}, "version": {"999"}, "title": {"x"}},
	} {
		if got := w.as(w.people["a.officer"], "POST", path, form, nil); got.status >= 500 || got.status < 400 {
			t.Errorf("%s: status %d", path, got.status)
		}
	}
	many := url.Values{}
	for i := range 20000 {
		many.Add("id", fmt.Sprint(i))
	}
	many.Set("do", "nonsense")
	if got := w.as(p, "POST", "/office/items", many, nil); got.status >= 500 {
		t.Errorf("20,000 fields: status %d", got.status)
	}
}

// The log tells nothing of drafts, people's data, passwords and secrets, even of failures.
func TestTheLogIsSilent(t *testing.T) {
	w := newWorld(t, "")
	b, p := w.bodies["a"], w.people["a.editor"]
	for _, one := range []string{"/office/items?q=" + url.QueryEscape(b.mark), "/office/editions/" + b.ids["draft"], "/office/none/" + b.mark} {
		w.as(p, "GET", one, nil, nil)
	}
	err := w.n.DB.Update(t.Context(), func(tx *db.Tx) error { // the tables a page needs are gone: it fails
		for _, table := range []string{"item_saved", "item_check"} {
			if _, err := tx.Exec("ALTER TABLE " + table + " RENAME TO gone_" + table); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "/compare"} {
		got := w.as(p, "GET", "/office/editions/"+b.ids["draft"]+path, nil, nil)
		if got.status != 500 || strings.Contains(got.body, "item_") || strings.Contains(got.body, "SQL") || strings.Contains(got.body, b.mark) {
			t.Errorf("the failure is told: status %d", got.status)
		}
	}
	w.as(p, "POST", "/office/editions/"+b.ids["draft"]+"/autosave", url.Values{"title": {b.mark}, "body": {b.mark}, "version": {"1"}}, nil)
	text := w.log.text()
	if !strings.Contains(text, "request failed") {
		t.Fatalf("the failures are not in the log: %s", text)
	}
	for what, s := range map[string]string{"a draft": "密标", "a password": password, "a session": p.secret, "a token": p.token, "a telephone": "13900001234", "an address": "@example.org", "a login name": "a.editor"} {
		if strings.Contains(text, s) {
			t.Errorf("the log tells of %s: %s", what, text)
		}
	}
}
