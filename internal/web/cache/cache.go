// Package cache keeps the public's pages as they were sent (页面缓存), compressed once, until what
// they were made from changes, and sends them again while the database is locked or gone.
//
// A page is made for nothing but site, path, query, language and size of print: what else a
// request says never reaches the handler, so that nobody can have a page kept that others should
// not see. It is kept with the number the log of changes had before its making began and with the
// tags it named; it is sent as long as none of them was noted since. Whether any was is looked up
// several times a second, by each process for itself.
package cache

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/i18n"
	"gongkai/internal/site"
	"gongkai/internal/web"
)

// Options are what the cache is built from; Next, DB, Sites, Now and Log must be set.
type Options struct {
	Next  http.Handler // the portal
	DB    *db.DB
	Sites *site.Directory
	Now   func() time.Time
	Log   *slog.Logger
	Base  string    // path everything is served under
	Lang  i18n.Lang // language of paths without a prefix
	Bytes int64     // what pages may take in memory; Usual if 0
	// Personal tells the pages that show what is the visitor's own, by path: they pass untouched. It
	// may be nil.
	Personal func(path string) bool
	// Aside sends a page from elsewhere, such as a static copy, while the database does not
	// answer, and reports whether it had one that was right as far as is known. It may be nil.
	Aside func(w http.ResponseWriter, r *http.Request, place *site.Place, changed Changed) bool
}

// Usual is the memory kept pages take where nobody said.
const Usual = 192 << 20

// Cache is a handler before the portal's.
type Cache struct {
	Options
	state   atomic.Pointer[state]
	follows atomic.Bool
	looking sync.Mutex
	hint    chan struct{}
	log     seen

	plain, asked store // pages without and with a query: who makes up queries pushes out no others
	flights      flights
	turns        chan struct{} // of pages being made
	sorry        *sorry
	hits, makes  atomic.Int64
}

// New returns a cache, empty.
func New(o Options) (*Cache, error) {
	if o.Bytes == 0 {
		o.Bytes = Usual
	}
	o.Lang = cmp.Or(o.Lang, i18n.Chinese)
	o.Base = strings.TrimRight(o.Base, "/")
	c := &Cache{Options: o, hint: make(chan struct{}, 1)}
	c.plain.limit, c.asked.limit = o.Bytes-o.Bytes/8, o.Bytes/8
	c.flights.all, c.turns = map[key]*flight{}, make(chan struct{}, atOnce())
	var err error
	c.sorry, err = newSorry(o.Base)
	return c, err
}

// Figures are what monitoring shows of the cache.
type Figures struct {
	Hits, Makes  int64 // pages sent from memory, pages made
	Bytes, Pages int64 // held
	Away         bool  // the database does not answer
}

// Figures returns the present figures.
func (c *Cache) Figures() Figures {
	f := Figures{Hits: c.hits.Load(), Makes: c.makes.Load()}
	for _, s := range []*store{&c.plain, &c.asked} {
		bytes, pages := s.held()
		f.Bytes, f.Pages = f.Bytes+bytes, f.Pages+pages
	}
	if st := c.state.Load(); st != nil {
		f.Away = st.away
	}
	return f
}

// key is what a page is made for, and everything of a request that reaches its making.
type key struct {
	host  string // of a site with a host of its own, "" for the rest
	path  string // as asked for, with base path, language and the site's path
	query string // sorted
	large bool
}

// longestQuery bounds what is kept in keys; nobody has an honest use for more.
const longestQuery = 1024

// keyOf returns what is asked for. ok is false for what is not a page: it passes untouched.
func (c *Cache) keyOf(r *http.Request, sites *site.Map) (k key, ok bool) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return k, false
	}
	if c.Personal != nil && c.Personal(r.URL.Path) {
		return k, false
	}
	if r.URL.RawPath != "" || !kept(r.URL.Path) || len(r.URL.RawQuery) > longestQuery {
		return k, false
	}
	k.path = r.URL.Path
	if r.URL.RawQuery != "" {
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return k, false
		}
		k.query = values.Encode()
	}
	if own := sites.Own(r.Host); own != nil {
		k.host = own.Host
	}
	k.large = large(r)
	return k, true
}

// endings are those of pages, lists for readers and for robots. What else there is, files and
// answers for programs, has its own ways.
var endings = []string{"/", ".html", ".atom", ".rss", ".xml", ".txt"}

func kept(path string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(path, e) })
}

// sizeCookie is the one cookie pages know.
const sizeCookie = "size=large"

// large reports whether the visitor reads in large print. It reads the header itself, since most
// requests have none and parsing costs more than the rest of an answer.
func large(r *http.Request) bool {
	for _, line := range r.Header["Cookie"] {
		for part := range strings.SplitSeq(line, ";") {
			if strings.TrimSpace(part) == sizeCookie {
				return true
			}
		}
	}
	return false
}

// request is what the handler sees: what k says and nothing else.
func (k key) request(ctx context.Context, sites *site.Map) *http.Request {
	host := k.host
	if u, err := url.Parse(sites.Main.Origin); host == "" && err == nil {
		host = u.Host
	}
	r := &http.Request{Method: http.MethodGet, Host: cmp.Or(host, "localhost"), Header: http.Header{}, Body: http.NoBody,
		URL: &url.URL{Path: k.path, RawQuery: k.query}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	r.RequestURI = r.URL.RequestURI()
	if k.large {
		r.Header["Cookie"] = []string{sizeCookie}
	}
	return r.WithContext(ctx)
}

// Front sends what is kept before anything else sees the request; the rest goes on to next, of
// which the cache's own handler is a part.
func (c *Cache) Front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !c.quick(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// quick sends a page that is in memory and known to be right.
func (c *Cache) quick(w http.ResponseWriter, r *http.Request) bool {
	if !c.follows.Load() {
		return false
	}
	st := c.state.Load()
	if st == nil || st.away || c.Now().Sub(st.at) > trust {
		return false
	}
	k, ok := c.keyOf(r, st.sites)
	if !ok {
		return false
	}
	e := c.valid(k, st)
	if e == nil {
		return false
	}
	c.hits.Add(1)
	e.send(w, r, "")
	return true
}

// ServeHTTP sends a page from memory, or makes it.
func (c *Cache) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	st := c.current(r.Context())
	if st == nil { // nothing was ever known: the portal says what is wrong
		c.Next.ServeHTTP(w, r)
		return
	}
	k, ok := c.keyOf(r, st.sites)
	if !ok {
		c.pass(w, r, st)
		return
	}
	if e := c.valid(k, st); e != nil {
		c.hits.Add(1)
		e.send(w, r, st.mark())
		return
	}
	if st.away {
		c.without(w, r, st)
		return
	}
	c.fetch(w, r, k, st)
}

// pass hands on what is no page. Files are sent from elsewhere while the database is away.
func (c *Cache) pass(w http.ResponseWriter, r *http.Request, st *state) {
	if st.away && r.Method != http.MethodPost && c.aside(w, r, st) {
		return
	}
	c.Next.ServeHTTP(w, r)
}

func (c *Cache) aside(w http.ResponseWriter, r *http.Request, st *state) bool {
	if c.Aside == nil {
		return false
	}
	_, path := web.LanguageIn(strings.TrimPrefix(r.URL.Path, c.Base), c.Lang)
	place, _, _ := st.sites.Find(r.Host, path)
	return c.Aside(w, r, place, c.log.changed)
}
