package mirror

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gongkai/internal/change"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/site"
	"gongkai/internal/web"
)

// address is where a page is found: host is that of a site with a name of its own, path begins
// with a slash and leaves the base out.
type address struct{ host, path string }

// target is something to ask for.
type target struct {
	address
	from []change.Tag // of the page it was found on: files name no tags themselves
	have bool         // the copy has it: only its links are of interest
}

// roots are asked for in every site, whether or not something leads there.
var roots = []string{"/", "/sitemap.html", "/search.html", "/404.html", "/sitemap.xml", "/robots.txt", "/feed.atom", "/feed.rss"}

// seed queues what a round begins with.
func (r *run) seed(ctx context.Context) error {
	for _, p := range r.places() {
		for _, root := range roots {
			r.add(target{address: at(p, root)})
		}
	}
	r.ledger(ctx)
	for a, rec := range r.state.all {
		if r.whole || r.state.stale(rec) {
			r.add(target{address: a, from: r.state.tags(rec)})
		}
	}
	if r.whole || r.state.partial {
		return r.everything(ctx)
	}
	for t := range r.state.changed {
		if id, ok := strings.CutPrefix(string(t), "item:"); ok {
			r.item(ctx, id)
		}
	}
	return nil
}

// places are all sites, the main one first.
func (r *run) places() []*site.Place {
	all := []*site.Place{r.sites.Main}
	for _, a := range r.sites.Tree.All {
		if p := r.sites.Of(a.ID); p != r.sites.Main {
			all = append(all, p)
		}
	}
	return all
}

func at(p *site.Place, path string) address {
	if p.Host != "" && p.Base == "" && !p.Main {
		return address{p.Host, path}
	}
	return address{"", p.Base + path}
}

// everything queues all documents, also those no list leads to any more.
func (r *run) everything(ctx context.Context) error {
	for after := ""; ; {
		rows, err := r.Reader.Latest(ctx, disclosure.Page{After: after, Limit: disclosure.MaxPage})
		if err != nil {
			return err
		}
		for _, row := range rows.Rows {
			r.add(target{address: at(r.sites.Of(row.Agency), "/items/"+row.Item+".html")})
		}
		if after = rows.Next; after == "" {
			return nil
		}
	}
}

// item queues the page of one that changed. What is not public any more has none.
func (r *run) item(ctx context.Context, id string) {
	if l, err := r.Reader.Item(ctx, id); err == nil {
		r.add(target{address: at(r.sites.Of(l.Item.Agency), "/items/"+id+".html")})
	}
}

// ledger queues the public log: its tiles never change once they are full.
func (r *run) ledger(ctx context.Context) {
	if r.Ledger == nil {
		return
	}
	st, err := r.Ledger.Status(ctx)
	if err != nil {
		return
	}
	r.add(target{address: address{"", "/ledger/checkpoint"}})
	r.add(target{address: address{"", "/ledger/key"}})
	for _, t := range proof.Tiles(st.Size) {
		a := address{"", "/ledger/" + t.Path()}
		if _, known := r.state.all[a]; !known || r.whole || t.W < proof.Width {
			r.add(target{address: a})
		}
	}
}

// elsewhere are first parts of paths that need the program and are not copied.
var elsewhere = []string{"office", "desk", "display", "api", "oai"}

// add queues what was not yet seen in this round, unless the copy has it and it is right.
func (r *run) add(t target) {
	first, _, _ := strings.Cut(strings.TrimPrefix(t.path, "/"), "/")
	if slices.Contains(elsewhere, first) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[t.address] {
		return
	}
	r.seen[t.address] = true
	if rec := r.state.all[t.address]; rec != nil && !r.whole && !r.state.stale(rec) {
		if !r.state.partial || !t.isPage() {
			return
		}
		t.have, t.from = true, r.state.tags(rec)
	}
	r.queue = append(r.queue, t)
	r.wake.Signal()
}

// work asks for what is queued, and what that leads to, until nothing is left.
func (r *run) work(ctx context.Context) error {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.fault = ctx.Err()
		r.wake.Broadcast()
	})
	defer stop()
	for range r.workers() {
		go func() {
			for {
				t, ok := r.next()
				if !ok {
					break
				}
				r.done(r.fetch(ctx, t))
			}
			done <- struct{}{}
		}()
	}
	for range r.workers() {
		<-done
	}
	return r.fault
}

// next waits for something to do; ok is false when nothing will come.
func (r *run) next() (t target, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.queue) == 0 && r.busy > 0 && r.fault == nil {
		r.wake.Wait()
	}
	if len(r.queue) == 0 || r.fault != nil {
		return t, false
	}
	last := len(r.queue) - 1
	t, r.queue = r.queue[last], r.queue[:last]
	r.busy++
	return t, true
}

func (r *run) done(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy--
	if err != nil && r.fault == nil {
		r.fault = err
	}
	if r.busy == 0 && len(r.queue) == 0 || r.fault != nil {
		r.wake.Broadcast()
	}
}

// fetch asks the portal for one page and writes it.
func (r *run) fetch(ctx context.Context, t target) error {
	if t.have {
		page, err := os.ReadFile(filepath.Join(r.Dir, filepath.FromSlash(t.name())))
		r.follow(t.address, page, t.from)
		return err
	}
	ctx, from := web.Depending(web.Copying(ctx))
	w := newFile(r.Dir, t.address)
	defer w.discard()
	host := t.host
	if u, err := url.Parse(r.sites.Main.Origin); host == "" && err == nil && u.Host != "" {
		host = u.Host
	} else if host == "" {
		host = "localhost"
	}
	req := (&http.Request{Method: http.MethodGet, Host: host, Header: http.Header{}, Body: http.NoBody, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		URL: &url.URL{Path: r.Base + t.path}}).WithContext(ctx)
	req.RequestURI = req.URL.RequestURI()
	r.Handler.ServeHTTP(w, req)
	r.mu.Lock()
	r.Asked++
	r.mu.Unlock()
	tags := from.Tags()
	switch {
	case w.err != nil:
		return fmt.Errorf("write %s: %w", t.path, w.err)
	case w.status >= http.StatusInternalServerError || w.status == 0:
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s%s: the portal answers %d", t.host, t.path, w.status)
	case w.status == http.StatusOK, w.status == http.StatusGone, w.status == http.StatusNotFound && path.Base(t.path) == "404.html":
		r.follow(t.address, w.page(), tags)
		if len(tags) == 0 {
			tags = t.from
		}
		return r.keep(t, w, tags)
	}
	return nil // not there, or somewhere else: forget takes away what was there
}

// follow queues what a page leads to.
func (r *run) follow(from address, page []byte, tags []change.Tag) {
	for _, link := range r.links(from, page) {
		r.add(target{address: link, from: tags})
	}
}

// forget removes what was asked for and is not there any more.
func (r *run) forget() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for a, rec := range r.state.all {
		if rec.round == r.seq || a.path == "" || !r.whole && !r.state.stale(rec) || r.own(a) {
			continue
		}
		if err := r.remove(a, rec); err != nil {
			return err
		}
	}
	return nil
}

// own reports whether the copy itself makes a file, and not the portal.
func (r *run) own(a address) bool { return strings.HasPrefix(a.path, searchPath) }

var (
	linkForm     = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	locationForm = regexp.MustCompile(`<loc>([^<]*)</loc>`)
)

// links returns what a page of HTML, or a site map, leads to inside the sites.
func (r *run) links(from address, page []byte) (all []address) {
	form := linkForm
	if bytes.HasPrefix(page, []byte("<?xml")) {
		form = locationForm
	}
	found := map[address]bool{}
	for _, m := range form.FindAllSubmatch(page, -1) {
		if a, ok := r.resolve(from, html.UnescapeString(string(m[1]))); ok {
			found[a] = true
		}
	}
	return slices.Collect(maps.Keys(found))
}

// resolve reads a link. Those with a query ask a program and are left.
func (r *run) resolve(from address, link string) (a address, ok bool) {
	link, _, _ = strings.Cut(link, "#")
	if link == "" || strings.Contains(link, "?") || strings.HasPrefix(link, "//") {
		return a, false
	}
	u, err := url.Parse(link)
	if err != nil || u.Opaque != "" {
		return a, false
	}
	a = address{from.host, u.Path}
	if u.Host != "" {
		main, _ := url.Parse(r.sites.Main.Origin)
		own := r.sites.Own(u.Host)
		switch {
		case own != nil:
			a.host = own.Host
		case main != nil && u.Host == main.Host:
			a.host = ""
		default:
			return a, false
		}
	} else if !strings.HasPrefix(link, "/") {
		return a, false
	}
	if a.path, ok = strings.CutPrefix(a.path, r.Base); !ok {
		return a, false
	}
	if a.path == "" {
		a.path = "/"
	}
	_, rest := web.LanguageIn(a.path, r.lang())
	first, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	return a, a.path[0] == '/' && !slices.Contains(elsewhere, first)
}

func (r *run) lang() i18n.Lang {
	if r.Lang == "" {
		return i18n.Chinese
	}
	return r.Lang
}
