package app

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/blob"
	"gongkai/internal/disclosure"
)

// seeds are addresses of the public outlets that no page needs to lead to. {q} is a text nobody
// outside may find, {r} how the title of a draft begins, {g} that of what was taken down, {n} a text near
// to a hidden one; {a} a body, {s} a section.
var seeds = []string{
	"/", "/en/", "/bodies/{a}/", "/bodies/{a}/sections/{s}.html", "/robots.txt", "/sitemap.xml", "/feed.atom", "/feed.rss",
	"/bodies/{a}/feed.atom", "/bodies/{a}/sections/{s}.atom", "/bodies/{a}/sections/{s}.rss",
	"/search.html?q={q}", "/bodies/{a}/search.html?q={q}", "/search.html?section={s}", "/search/suggest?q={q}", "/search.atom?q={q}",
	"/search.html?q={r}", "/search/suggest?q={r}", "/search.html?q={g}", "/search/suggest?q={g}", "/search.html?q={n}", "/api/v1/search?q={n}",
	"/oai?verb=Identify", "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc", "/oai?verb=ListSets",
	"/api/v1/", "/api/v1/openapi.json", "/api/v1/bodies", "/api/v1/items", "/api/v1/changes", "/api/v1/search?q={q}", "/api/v1/suggest?q={q}", "/api/v1/credit?body={a}",
	"/data/catalog.jsonld", "/data/catalog.ttl", "/data/items.jsonl.gz", "/data/items.csv",
	"/ledger.html", "/ledger/checkpoint", "/ledger/tile/0/000.p/1", "/ledger/tile/entries/000.p/1", "/annual.html", "/sitemap.html", "/archive.html",
	"/normative.html", "/subscribe.html", "/404.html",
}

// outlets are what an item is reached by when its key is known: {id} is its key, {e} its edition,
// {f} a file of it, {a} its body.
var outlets = []string{
	"/items/{id}.html", "/bodies/{a}/items/{id}.html", "/en/bodies/{a}/items/{id}.html", "/bodies/{a}/items/{id}/record.json",
	"/bodies/{a}/items/{id}/proof.json", "/bodies/{a}/items/{id}/document.docx", "/bodies/{a}/items/{id}/document.pdf", "/bodies/{a}/items/{id}/document.jsonld",
	"/bodies/{a}/files/{id}/{f}", "/bodies/{a}/files/{id}/{f}/x.txt", "/files/{id}/{f}", "/api/v1/items/{id}", "/api/v1/items/{e}", "/api/v1/items/{id}/files/{f}",
	"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={id}", "/items/{e}.html", "/bodies/{a}/index/{id}",
}

// links finds what a page, feed, list or answer leads to.
var links = regexp.MustCompile(`(?:href|src|action)="([^"]+)"|<(?:loc|link|guid)>([^<]+)<|"(/[^"\s]{1,300})"`)

// crawl asks for everything the outlets lead to, from the seeds on, and hands each answer to
// look. It stops at most pages, which a world this small does not have.
func (w *world) crawl(t *testing.T, seeds []string, most int, look func(path string, got answer)) (seen []string) {
	t.Helper()
	todo := slices.Clone(seeds)
	known := map[string]bool{}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		if known[at] {
			continue
		}
		if known[at] = true; len(seen) >= most {
			t.Fatalf("more than %d addresses; the last is %s", most, at)
		}
		seen = append(seen, at)
		got := w.as(nil, "GET", at, nil, nil)
		got.body = unpacked(at, got.body)
		look(at, got)
		if to := got.header.Get("Location"); to != "" {
			todo = append(todo, w.inside(at, to)...)
		}
		for _, m := range links.FindAllStringSubmatch(got.body, -1) {
			for _, to := range m[1:] {
				todo = append(todo, w.inside(at, to)...)
			}
		}
	}
	return seen
}

// inside is where a link leads if that is an outlet of the portal.
func (w *world) inside(from, to string) []string {
	base, err := url.Parse(w.server.URL + from)
	if err != nil {
		return nil
	}
	u, err := base.Parse(strings.ReplaceAll(to, "&amp;", "&"))
	if err != nil || u.Host != base.Host || u.Scheme != "http" {
		return nil
	}
	for _, other := range []string{"/office", "/desk", "/static/"} {
		if strings.HasPrefix(strings.TrimPrefix(u.Path, "/en"), other) {
			return nil
		}
	}
	u.Fragment = ""
	return []string{u.RequestURI()}
}

// unpacked is what an answer says when it comes in a container.
func unpacked(at, body string) string {
	at, _, _ = strings.Cut(at, "?")
	switch path.Ext(at) {
	case ".gz":
		if z, err := gzip.NewReader(strings.NewReader(body)); err == nil {
			if b, err := io.ReadAll(z); err == nil {
				return string(b)
			}
		}
	case ".docx", ".xlsx", ".zip":
		z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
		if err != nil {
			return body
		}
		var all bytes.Buffer
		for _, f := range z.File {
			if in, err := f.Open(); err == nil {
				_, _ = io.Copy(&all, in)
				in.Close()
			}
		}
		return all.String()
	}
	return body
}

// ended gives a body an item that was public, with a file, and no longer is.
func (w *world) ended(t *testing.T, key string) {
	ctx, b, d := t.Context(), w.bodies[key], w.n.Items
	who := func(r actor.Role) actor.Actor { return w.people[key+"."+string(r)].actor }
	edition := must[*disclosure.Edition](t)
	e := edition(d.Create(ctx, who(actor.Editor), disclosure.New{Agency: b.id, Section: b.ids["other"], Kind: disclosure.Information, Origin: disclosure.Made, Content: w.content(b, "已撤下")}))
	file := must[*blob.Blob](t)(w.n.Blobs.Receive(ctx, strings.NewReader("附件"+b.mark), 1<<20))
	e = edition(d.Attach(ctx, who(actor.Editor), e.ID, disclosure.Attachment{Name: "附件" + b.mark + ".txt"}, file))
	b.ids["ended-item"], b.ids["ended"], b.ids["ended-file"] = e.Item, e.ID, e.Attachments[0].ID
	e = w.passed(t, key, e)
	w.settle(t)
	if got := w.open(nil, "/items/"+e.Item+".html"); got.status != http.StatusOK || !strings.Contains(got.body, b.mark) {
		t.Fatalf("the page to be taken down: status %d", got.status)
	}
	edition(d.Retract(ctx, who(actor.Publisher), e.ID, e.Version, "内容有误"))
	w.settle(t)
}

// passed takes an edition through its reviews to the public.
func (w *world) passed(t *testing.T, key string, e *disclosure.Edition) *disclosure.Edition {
	ctx, d := t.Context(), w.n.Items
	who := func(r actor.Role) actor.Actor { return w.people[key+"."+string(r)].actor }
	edition := must[*disclosure.Edition](t)
	e = edition(d.Submit(ctx, who(actor.Editor), e.ID, e.Version))
	for _, s := range []struct {
		level disclosure.Level
		role  actor.Role
	}{{disclosure.First, actor.Reviewer1}, {disclosure.Second, actor.Reviewer2}, {disclosure.Third, actor.Reviewer3}, {disclosure.Clearer, actor.Secrecy}} {
		e = edition(d.Review(ctx, who(s.role), e.ID, disclosure.Verdict{Level: s.level, Decision: disclosure.Approving, Hash: e.Hash, Opinion: "同意", Ticks: s.level.Ticks()}))
	}
	return edition(d.Publish(ctx, who(actor.Publisher), e.ID, disclosure.Release{Version: e.Version}))
}

// settle lets the text index catch up with the acts.
func (w *world) settle(t *testing.T) {
	t.Helper()
	if _, err := w.n.Search.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// One access policy for every outlet: whatever leads out of the house, by links or by an address
// somebody knows, holds nothing of a draft, of what is under review, withheld, scheduled,
// retracted, or of a file of these, for a stranger and for whoever is signed in to the office.
func TestNothingLeaks(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		for _, key := range []string{"a", "b"} {
			w.ended(t, key)
		}
		a := w.bodies["a"]
		start := make([]string, len(seeds))
		for i, s := range seeds {
			start[i] = strings.NewReplacer("{q}", url.QueryEscape("密标A"), "{a}", a.id, "{s}", a.ids["other"],
				"{r}", url.QueryEscape("草稿"), "{g}", url.QueryEscape("已撤下"), "{n}", url.QueryEscape("已撤下密表")).Replace(s)
		}
		shown := 0
		seen := w.crawl(t, start, 3000, func(at string, got answer) {
			if got.status >= 500 {
				t.Errorf("%s: status %d", at, got.status)
			}
			w.clean(t, "a stranger", at, got)
			if strings.Contains(got.body, "已公开的信息a") {
				shown++
			}
		})
		if shown < 8 {
			t.Errorf("only %d of %d addresses show what is public: the walk saw too little", shown, len(seen))
		}
		for _, p := range append([]*person{nil}, w.everyone()...) {
			w.knocks(t, p)
		}
	})
}

// everyone are all who can sign in.
func (w *world) everyone() (all []*person) {
	for _, p := range w.people {
		all = append(all, p)
	}
	return all
}

// knocks asks, as a person, for every hidden item by every address it might have.
func (w *world) knocks(t *testing.T, p *person) {
	t.Helper()
	name := "a stranger"
	if p != nil {
		name = p.login
	}
	for _, key := range []string{"a", "b"} {
		b := w.bodies[key]
		for _, hidden := range []string{"draft", "review", "secrecy", "approved", "withheld", "scheduled", "ended"} {
			file := b.ids["file"]
			if hidden == "ended" {
				file = b.ids["ended-file"]
			}
			fill := strings.NewReplacer("{id}", b.ids[hidden+"-item"], "{e}", b.ids[hidden], "{f}", file, "{a}", b.id)
			for _, o := range outlets {
				at := fill.Replace(o)
				got := w.open(p, at)
				got.body = unpacked(at, got.body)
				if got.status >= 500 || got.status == http.StatusOK && hidden != "ended" && !strings.HasPrefix(at, "/oai") {
					t.Errorf("%s, %s (%s): status %d", name, at, hidden, got.status)
				}
				w.clean(t, name, at, got)
			}
		}
	}
}

// clean fails if an answer holds what only the office may see. What somebody looked for stands
// in the answer to it; that is theirs.
func (w *world) clean(t *testing.T, who, at string, got answer) {
	t.Helper()
	body := strings.ToLower(got.body)
	if u, err := url.Parse(at); err == nil {
		for _, asked := range u.Query() {
			for _, s := range asked {
				body = strings.ReplaceAll(strings.ReplaceAll(body, strings.ToLower(s), ""), strings.ToLower(url.QueryEscape(s)), "")
			}
		}
	}
	if i := strings.Index(body, "密标"); i >= 0 {
		t.Errorf("%s, %s: status %d tells …%s…", who, at, got.status, strings.ToValidUTF8(body[max(0, i-120):min(len(body), i+120)], ""))
	}
}
