package site

import (
	"context"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/db"
)

// Place is a site with its address.
type Place struct {
	Site
	Body *agency.Agency // nil for a main site that is no single body's
	// Base is what paths of the site begin with on its host: "" or such as "/mzj".
	Base string
	// Origin is scheme and host, such as "https://mzj.example.gov.cn"; "" where the
	// installation was not told the address it is reached under.
	Origin string
}

// Title is what pages call the site; "" where nobody named it.
func (p *Place) Title() string {
	switch {
	case p.Name != "":
		return p.Name
	case p.Body != nil:
		return p.Body.Name
	}
	return ""
}

// Owns reports whether what a body publishes stands in this site.
func (p *Place) Owns(agency string) bool { return p.Body != nil && p.Body.ID == agency }

// Map is all sites as they stand at one moment.
type Map struct {
	Tree   *agency.Tree
	Main   *Place
	byBody map[string]*Place
	byHost map[string]*Place
	bySlug map[string]*Place
}

// Of returns the site of a body; the main one for who has none any more.
func (m *Map) Of(agency string) *Place {
	if p := m.byBody[agency]; p != nil {
		return p
	}
	return m.Main
}

// bodies begins the path of a site that has neither host nor path of its own.
const bodies = "/bodies/"

// Find returns the site an address belongs to and the path inside of it. A host nobody has
// leads to the main site. moved is where else the site stands now: the path it had as long as
// it had no better one.
func (m *Map) Find(host, path string) (p *Place, rest string, moved bool) {
	if own := m.byHost[hostname(host)]; own != nil {
		return own, path, false
	}
	if rest, ok := strings.CutPrefix(path, bodies); ok {
		id, rest, deep := strings.Cut(rest, "/")
		if own := m.byBody[id]; own != nil {
			if deep || rest != "" {
				rest = "/" + rest
			}
			return own, rest, own.Base != bodies+id
		}
		return m.Main, path, false
	}
	slug, rest, deep := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if own := m.bySlug[slug]; own != nil {
		if deep {
			rest = "/" + rest
		}
		return own, rest, own.Host != ""
	}
	return m.Main, path, false
}

func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// Own returns the site that has a host name of its own, nil for names nobody has.
func (m *Map) Own(host string) *Place { return m.byHost[hostname(host)] }

// Hosts returns the sites that have a host name of their own, in no order.
func (m *Map) Hosts() (all []*Place) {
	for _, p := range m.byHost {
		all = append(all, p)
	}
	return all
}

// draw makes the map of settings and bodies.
func draw(address string, tree *agency.Tree, sites []*Site) *Map {
	m := &Map{Tree: tree, byBody: map[string]*Place{}, byHost: map[string]*Place{}, bySlug: map[string]*Place{}}
	origin, scheme, port := "", "https", ""
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		origin, scheme = u.Scheme+"://"+u.Host, u.Scheme
		if u.Port() != "" { // the same server answers for all names
			port = ":" + u.Port()
		}
	}
	set := map[string]*Site{}
	for _, s := range sites {
		set[s.Agency] = s
	}
	main := mainBody(tree, sites)
	for _, a := range tree.All {
		p := &Place{Body: a, Base: bodies + a.ID, Origin: origin, Site: Site{Agency: a.ID, Theme: Themes[0]}}
		if s := set[a.ID]; s != nil {
			p.Site = *s
		}
		switch {
		case a.ID == main:
			p.Base = ""
			m.Main = p
		case p.Host != "":
			p.Base, p.Origin = "", scheme+"://"+p.Host+port
			m.byHost[p.Host] = p
		case p.Slug != "":
			p.Base = "/" + p.Slug
		}
		if p.Slug != "" && a.ID != main {
			m.bySlug[p.Slug] = p
		}
		m.byBody[a.ID] = p
	}
	if m.Main == nil {
		m.Main = &Place{Origin: origin, Site: Site{Theme: Themes[0]}}
	}
	return m
}

// mainBody returns the body whose site is the main one: who was made that, or who stands alone
// at the top of all; "" if nobody is.
func mainBody(tree *agency.Tree, sites []*Site) string {
	for _, s := range sites {
		if s.Main && tree.Get(s.Agency) != nil {
			return s.Agency
		}
	}
	if top := tree.Children(""); len(top) == 1 {
		return top[0].ID
	}
	return ""
}

// Directory knows where sites stand, as fresh as fresh.
type Directory struct {
	DB  *db.DB
	URL string // address people reach the installation under, "" if nobody said
	Now func() time.Time

	looking sync.Mutex
	at      atomic.Pointer[view]
}

// fresh is how long what is known of sites is taken for true without asking.
const fresh = 300 * time.Millisecond

// view is the map with the change and the moment it was drawn at.
type view struct {
	*Map
	seq   int64
	asked time.Time
	day   string
}

// Map returns the sites. When the database does not answer, they are as they were last.
func (d *Directory) Map(ctx context.Context) (*Map, error) {
	now := d.Now()
	v := d.at.Load()
	if v != nil && now.Sub(v.asked) < fresh {
		return v.Map, nil
	}
	if v != nil && !d.looking.TryLock() {
		return v.Map, nil // somebody else is asking
	}
	if v == nil {
		d.looking.Lock()
	}
	defer d.looking.Unlock()
	if v == nil {
		return d.renew(ctx, now)
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	m, err := d.renew(ctx, now)
	if err != nil { // the database does not answer: nobody else waits for it until the next look
		last := d.at.Load()
		d.at.Store(&view{last.Map, last.seq, now, last.day})
		return last.Map, nil
	}
	return m, nil
}

// patience is how long a visitor waits to learn whether sites changed.
const patience = time.Second

// Renew looks whether sites changed, however fresh what is known is: after it Map knows every
// change that the log has.
func (d *Directory) Renew(ctx context.Context) (*Map, error) {
	d.looking.Lock()
	defer d.looking.Unlock()
	return d.renew(ctx, d.Now())
}

func (d *Directory) renew(ctx context.Context, now time.Time) (*Map, error) {
	next, err := d.look(ctx, d.at.Load(), now)
	if err != nil {
		return nil, err
	}
	d.at.Store(next)
	return next.Map, nil
}

// look draws the map anew if sites or bodies changed, or a day began.
func (d *Directory) look(ctx context.Context, old *view, now time.Time) (next *view, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		seq, err := change.Head(tx)
		if err != nil {
			return err
		}
		day := tx.Today().String()
		if old != nil && old.day == day && (old.seq == seq || !touched(tx, old.seq)) {
			next = &view{old.Map, seq, now, day}
			return nil
		}
		tree, err := agency.LoadTree(tx, tx.Today())
		if err != nil {
			return err
		}
		sites, err := loadAll(tx)
		if err != nil {
			return err
		}
		next = &view{draw(d.URL, tree, sites), seq, now, day}
		return nil
	})
	return next, err
}

// touched reports whether sites or bodies changed after a line of the log, or may have.
func touched(tx *db.Tx, after int64) bool {
	const many = 1000
	all, whole, err := change.Since(tx, after, many)
	if err != nil || !whole || len(all) == many {
		return true
	}
	for _, e := range all {
		if e.Tag == change.Areas("site") || e.Tag == change.Areas("agency") || e.Tag == change.All {
			return true
		}
	}
	return false
}
