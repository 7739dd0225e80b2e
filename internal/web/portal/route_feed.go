package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/fault"
	"gongkai/internal/search"
	"gongkai/internal/site"
	"gongkai/internal/web"
	"gongkai/internal/web/feed"
)

// ErrNoAddress says that a list needs whole addresses, which the installation was not told. Atom
// does without; RSS and sitemaps must have them, and a request's host has no say in them.
var ErrNoAddress = &fault.Error{Kind: fault.NotFound, Code: "portal.feed.no_address"}

// feedSize is how many entries a feed has: more than any site publishes between two readings.
const feedSize = 50

// feedArea is what machines follow: feeds of sites, sections and searches, sitemaps, the word to
// robots.
func (p *portal) feedArea() area {
	return area{raw: map[string]web.Handler{
		"GET /feed.atom":       p.sendFeed,
		"GET /feed.rss":        p.sendFeed,
		"GET /sections/{file}": p.sendFeed,
		"GET /search.atom":     p.sendFeed,
		"GET /search.rss":      p.sendFeed,
		"GET /sitemap.xml":     p.sendSitemaps,
		"GET /sitemaps/{file}": p.sendSitemap,
		"GET /robots.txt":      p.sendRobots,
	}}
}

// sendFeed sends a feed in the form its address ends with.
func (p *portal) sendFeed(w http.ResponseWriter, r *http.Request) error {
	name, atom := strings.CutSuffix(r.URL.Path, ".atom")
	if !atom {
		var rss bool
		if name, rss = strings.CutSuffix(name, ".rss"); !rss {
			return p.moved(w, r, p.path(r, escaped(name)+ending))
		}
		if hereOf(r.Context()).Origin == "" {
			return ErrNoAddress
		}
	}
	id, inSection := strings.CutPrefix(name, "/sections/")
	var f *feed.Feed
	var err error
	switch {
	case inSection:
		var away bool
		if f, away, err = p.sectionFeed(w, r, id); away {
			return err
		}
	case name == "/search":
		f, err = p.searchFeed(r)
	default:
		f, err = p.siteFeed(r)
	}
	if err != nil {
		return err
	}
	f.Lang, f.Self = "zh-CN", p.full(r, hereOf(r.Context()).Place, escaped(r.URL.Path))
	if r.URL.RawQuery != "" {
		f.Self += "?" + r.URL.RawQuery
	}
	if atom {
		return sendXML(w, r, "application/atom+xml; charset=utf-8", f.Atom())
	}
	return sendXML(w, r, "application/rss+xml; charset=utf-8", f.RSS())
}

// sendXML sends a document that any page may read.
func sendXML(w http.ResponseWriter, _ *http.Request, kind string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "public, no-cache")
	_, _ = w.Write(body) // the reader may leave at any time
	return nil
}

// siteFeed is what a body published last; at the government's site what all did.
func (p *portal) siteFeed(r *http.Request) (*feed.Feed, error) {
	h := hereOf(r.Context())
	depend(r)
	var rows *disclosure.Rows
	var err error
	if h.Place == h.sites.Main {
		depend(r, change.Published)
		rows, err = p.Reader.Latest(r.Context(), disclosure.Page{Limit: feedSize})
	} else {
		depend(r, change.Agency(h.Agency))
		rows, err = p.Reader.Agency(r.Context(), h.Agency, disclosure.Page{Limit: feedSize})
	}
	if err != nil {
		return nil, err
	}
	return p.feed(r, feedID("site", h.Agency), p.siteTitle(h), p.full(r, h.Place, "/"), idsOf(rows))
}

// siteTitle is what the site that is open is called.
func (p *portal) siteTitle(h here) string { return cmp.Or(h.Title(), p.Site) }

// sectionFeed is what stands in a section. away is true when it was sent on to the section's site.
func (p *portal) sectionFeed(w http.ResponseWriter, r *http.Request, id string) (f *feed.Feed, away bool, err error) {
	a, path, _, err := p.section(r, id)
	if err != nil {
		return nil, false, err
	}
	if away, err := p.elsewhere(w, r, a.ID, escaped(r.URL.Path)); away {
		return nil, true, err
	}
	depend(r, change.Section(id), change.Area("section", a.ID))
	rows, err := p.Reader.Section(r.Context(), id, disclosure.Page{Limit: feedSize})
	if err != nil {
		return nil, false, err
	}
	title := path[len(path)-1].Name + " – " + a.Name
	f, err = p.feed(r, feedID("section", id), title, p.full(r, hereOf(r.Context()).Place, "/sections/"+id+ending), idsOf(rows))
	return f, false, err
}

// searchFeed is what a search finds, the newest first. As the page of a search it is never kept.
func (p *portal) searchFeed(r *http.Request) (*feed.Feed, error) {
	web.Once(r.Context())
	depend(r, change.Published, change.Areas("synonyms"))
	h, asked := hereOf(r.Context()), p.ask(r)
	q := asked.query
	q.Order, q.Facets, q.After, q.Limit = search.Newest, nil, "", feedSize
	res, err := p.Search.Search(r.Context(), q)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, hit := range res.Hits {
		ids = append(ids, hit.ID)
	}
	query := asked.values.Encode()
	page := p.full(r, h.Place, "/search"+ending)
	if query != "" {
		page += "?" + query
	}
	return p.feed(r, feedID("search", h.Agency+"?"+query), cmp.Or(q.Text, p.siteTitle(h))+" – "+p.siteTitle(h), page, ids)
}

func idsOf(rows *disclosure.Rows) (ids []string) {
	for _, row := range rows.Rows {
		ids = append(ids, row.Item)
	}
	return ids
}

// feedSpace is what the names of feeds are made in, so that one is called the same for ever,
// whatever address it has.
var feedSpace = uuid.MustParse("6f1c5c0e-4d0a-5b43-9d0f-2f7a8c1be9d4")

func feedID(kind, key string) string {
	return "urn:uuid:" + uuid.NewSHA1(feedSpace, []byte(kind+" "+key)).String()
}

// feed makes a feed of items, of which those are left out that are public no more. Items are
// named by their keys, which are UUIDs: a correction changes the entry, an address does not.
func (p *portal) feed(r *http.Request, id, title, page string, items []string) (*feed.Feed, error) {
	all, err := p.Reader.Records(r.Context(), items)
	if err != nil {
		return nil, err
	}
	h := hereOf(r.Context())
	f := &feed.Feed{ID: id, Title: cmp.Or(title, page), Page: page, Author: cmp.Or(p.siteTitle(h), title, page)}
	for _, one := range all {
		if !one.Gone() {
			f.Entries = append(f.Entries, p.feedEntry(r, h, one))
			if one.PublishedAt.After(f.Updated) {
				f.Updated = one.PublishedAt
			}
		}
	}
	if f.Updated.IsZero() {
		f.Updated = time.Unix(0, 0)
	}
	return f, nil
}

func (p *portal) feedEntry(r *http.Request, h here, one *disclosure.Record) feed.Entry {
	e := feed.Entry{ID: "urn:uuid:" + one.Item, Title: one.Title, Link: p.full(r, h.sites.Of(one.Agency), "/items/"+one.Item+ending), Summary: one.Summary,
		Author: one.Issuer, Published: one.FirstAt, Updated: one.PublishedAt}
	if b := h.sites.Tree.Get(one.Agency); e.Author == "" && b != nil {
		e.Author = b.Name
	}
	if one.Note != "" {
		e.Summary = strings.TrimSpace(e.Summary + " " + one.Note)
	}
	if one.Theme != "" {
		e.Subjects = []string{class.PathName(one.Theme, "zh-CN")}
	}
	return e
}

// sitemapPart is how many items a sitemap lists; a hundred pages stand beside them at most.
const sitemapPart = 40_000

// mapped are the sites whose addresses a host's sitemaps list: its own, and at the main one those
// of every body that has no host.
func mapped(h here) (all []*site.Place) {
	if h.Place != h.sites.Main {
		return []*site.Place{h.Place}
	}
	for _, a := range h.sites.Tree.All {
		if s := h.sites.Of(a.ID); s.Host == "" || s == h.Place {
			all = append(all, s)
		}
	}
	return all
}

// sendSitemaps sends the list of a host's sitemaps: the pages of each site, and its items in parts.
func (p *portal) sendSitemaps(w http.ResponseWriter, r *http.Request) error {
	h := hereOf(r.Context())
	if h.Origin == "" {
		return ErrNoAddress
	}
	depend(r, change.Published)
	var all []feed.Place
	for _, s := range mapped(h) {
		all = append(all, feed.Place{Address: p.full(r, s, "/sitemaps/pages.xml")})
		parts, err := p.Reader.Anchors(r.Context(), s.Agency, sitemapPart)
		if err != nil {
			return err
		}
		for _, part := range parts {
			all = append(all, feed.Place{Address: p.full(r, s, "/sitemaps/"+cmp.Or(part.Item, "first")+".xml"), Changed: part.At})
		}
	}
	return sendXML(w, r, "application/xml", feed.SitemapIndex(all))
}

// sendSitemap sends a part: the pages of a site, or the items after one of them.
func (p *portal) sendSitemap(w http.ResponseWriter, r *http.Request) error {
	h := hereOf(r.Context())
	name, ok := strings.CutSuffix(r.PathValue("file"), ".xml")
	if !ok || h.Body == nil {
		return web.ErrNoPage
	}
	if h.Origin == "" {
		return ErrNoAddress
	}
	list := p.sitemapPages
	if name != "pages" {
		list = func(r *http.Request, h here) ([]feed.Place, error) { return p.sitemapItems(r, h, name) }
	}
	all, err := list(r, h)
	if err != nil {
		return err
	}
	return sendXML(w, r, "application/xml", feed.Sitemap(all))
}

func (p *portal) sitemapItems(r *http.Request, h here, after string) (all []feed.Place, err error) {
	depend(r, change.Agency(h.Agency))
	if after == "first" {
		after = ""
	} else if uuid.Validate(after) != nil {
		return nil, web.ErrNoPage
	}
	items, err := p.Reader.Addresses(r.Context(), h.Agency, after, sitemapPart)
	for _, i := range items {
		all = append(all, feed.Place{Address: p.full(r, h.Place, "/items/"+i.Item+ending), Changed: i.At})
	}
	return all, err
}

// mappedPages are the pages of every site that search engines are told of.
var mappedPages = []string{"/guide", "/institution", "/proactive", "/annual", "/policy", "/normative", "/catalogue", "/credit", "/bodies", "/sitemap", "/archive", "/data",
	"/ledger", "/subscribe", "/apply", "/request"}

// sitemapPages lists the pages that are no items: the site's own, its annual reports', and its
// sections'.
func (p *portal) sitemapPages(r *http.Request, h here) (all []feed.Place, err error) {
	depend(r, change.Area("section", h.Agency))
	all = []feed.Place{{Address: p.full(r, h.Place, "/")}}
	for _, path := range mappedPages {
		if p.has[path] {
			all = append(all, feed.Place{Address: p.full(r, h.Place, path+ending)})
		}
	}
	if any, err := p.anyReplies(r); err != nil {
		return nil, err
	} else if any {
		all = append(all, feed.Place{Address: p.full(r, h.Place, "/replies"+ending)})
	}
	years, err := p.published().Years(r.Context(), h.Agency)
	if err != nil {
		return nil, err
	}
	reportsDepend(r, h.Agency, years...)
	for _, v := range years {
		if v.Readable() {
			all = append(all, feed.Place{Address: p.full(r, h.Place, yearPath(v.Year()))})
		}
	}
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		sections, err := section.All(tx, h.Agency)
		for _, s := range sections {
			all = append(all, feed.Place{Address: p.full(r, h.Place, "/sections/"+s.ID+ending)})
		}
		return err
	})
	return all, err
}

// sendRobots tells robots where the sitemaps are and to leave alone what only searches.
func (p *portal) sendRobots(w http.ResponseWriter, r *http.Request) error {
	h := hereOf(r.Context())
	depend(r)
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, path := range []string{"/search.html", "/search/", "/display", "/office", "/desk"} {
		b.WriteString("Disallow: " + (&url.URL{Path: p.Base + h.Base + path}).EscapedPath() + "\n")
	}
	if h.Origin != "" {
		b.WriteString("Sitemap: " + p.full(r, h.Place, "/sitemap.xml") + "\n")
	}
	hd := w.Header()
	hd.Set("Content-Type", "text/plain; charset=utf-8")
	hd.Set("Cache-Control", "public, no-cache")
	_, _ = w.Write([]byte(b.String())) // the robot may leave at any time
	return nil
}
