package portal

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"

	"gongkai/internal/change"
	"gongkai/internal/i18n"
	"gongkai/internal/site"
	"gongkai/internal/web"
)

// area is a part of the portal: its pages, whose addresses end in .html so that any server of
// plain files can send copies of them, and what has an address of another kind.
type area struct {
	pages map[string]web.Handler // patterns without the ending, such as "GET /items/{id}"
	raw   map[string]web.Handler
}

// ending is that of every page's address.
const ending = ".html"

type placeKey struct{}

// here is where a request is answered: the site, and all the others.
type here struct {
	*site.Place
	sites *site.Map
	host  bool   // the site has a host of its own
	rest  string // the path inside the site
	whole string // the path at the host
}

func hereOf(ctx context.Context) here {
	h, _ := ctx.Value(placeKey{}).(here)
	return h
}

// route finds the site an address belongs to and the page inside of it.
func (p *portal) route(pages, raw *http.ServeMux, s web.Server) http.Handler {
	none := s.Handle(p.sendOn)
	return s.Handle(func(w http.ResponseWriter, r *http.Request) error {
		sites, err := p.Sites.Map(r.Context())
		if err != nil {
			return err
		}
		place, rest, moved := sites.Find(r.Host, r.URL.Path)
		h := here{Place: place, sites: sites, rest: rest, whole: r.URL.Path, host: place.Host != "" && place.Base == ""}
		r = r.WithContext(context.WithValue(r.Context(), placeKey{}, h))
		r.Body = http.MaxBytesReader(w, r.Body, bounded(rest))
		if !direct(r.URL.Path) {
			none.ServeHTTP(w, r)
			return nil
		}
		if moved || rest == "" {
			rest = escaped("/" + strings.TrimPrefix(rest, "/"))
			if moved && h.host { // it was asked for at another's host
				return p.moved(w, r, p.full(r, place, rest))
			}
			return p.moved(w, r, p.at(r, place, rest))
		}
		r = web.WithPath(r, rest)
		name, page := strings.CutSuffix(rest, ending)
		switch {
		case rest == "/":
			pages.ServeHTTP(w, r)
		case page && name == "/index":
			return p.moved(w, r, p.path(r, "/"))
		case page:
			pages.ServeHTTP(w, web.WithPath(r, name))
		case known(raw, r):
			raw.ServeHTTP(w, r)
		case known(pages, r):
			return p.moved(w, r, p.path(r, escaped(rest)+ending))
		default:
			none.ServeHTTP(w, r)
		}
		return nil
	})
}

// mostPosted bounds what anybody may send: the longest is a record to be checked.
const mostPosted = maxRecord

// direct reports whether no part of a path is empty or leads up. Servers and browsers leave none
// of these in an address, but for those that hide in %2F; an answer that leads on to such a path
// leads to another host, //host/….
func direct(p string) bool {
	clean := path.Clean(p)
	return p == "" || p == clean || p == clean+"/"
}

// escaped is a path as it stands in an address.
func escaped(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// known reports whether a mux has a pattern of its own for the request.
func known(mux *http.ServeMux, r *http.Request) bool {
	_, pattern := mux.Handler(r)
	return pattern != "" && pattern != "/"
}

// moved sends whoever looks at an old address to the one that holds now.
func (p *portal) moved(w http.ResponseWriter, r *http.Request, to string) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return web.ErrNoPage
	}
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, to, http.StatusMovedPermanently)
	return nil
}

// path is an address of the site that is open, in the request's language.
func (p *portal) path(r *http.Request, rest string) string {
	return p.Base + web.Prefix(web.LanguageOf(r), p.Lang) + hereOf(r.Context()).Base + rest
}

// to is an address in the site of a body.
func (p *portal) to(r *http.Request, agency, rest string) string {
	return p.at(r, hereOf(r.Context()).sites.Of(agency), rest)
}

// at is an address in a site: a path where that has the host the request came to.
func (p *portal) at(r *http.Request, s *site.Place, rest string) string {
	h := hereOf(r.Context())
	path := p.Base + web.Prefix(web.LanguageOf(r), p.Lang) + s.Base + rest
	if s.Host == "" && !h.host || s.Agency == h.Agency {
		return path
	}
	return s.Origin + path
}

// full is an address with scheme and host, for feeds, tags and copies; a path alone where the
// installation was not told its address. The request has no say in it.
func (p *portal) full(r *http.Request, s *site.Place, rest string) string {
	return s.Origin + p.Base + web.Prefix(web.LanguageOf(r), p.Lang) + s.Base + rest
}

// item is the address of an item's page.
func (p *portal) item(r *http.Request, agency, id string) string {
	return p.to(r, agency, "/items/"+id+ending)
}

// section is the address of a section's page.
func (p *portal) sectionPath(r *http.Request, agency, id string) string {
	return p.to(r, agency, "/sections/"+id+ending)
}

// elsewhere sends on who looks for a body's page in another's site. It reports whether it did.
func (p *portal) elsewhere(w http.ResponseWriter, r *http.Request, agency, rest string) (bool, error) {
	h := hereOf(r.Context())
	if h.sites.Of(agency) == h.Place {
		return false, nil
	}
	return true, p.moved(w, r, p.to(r, agency, rest))
}

// others links to the same page in the other languages.
func (p *portal) others(r *http.Request, mine i18n.Lang) (all []web.Link) {
	h := hereOf(r.Context())
	for _, l := range []i18n.Lang{i18n.Chinese, i18n.English} {
		if l == mine || h.Place == nil {
			continue
		}
		path := p.Base + web.Prefix(l, p.Lang) + h.Base + escaped(h.rest)
		if r.URL.RawQuery != "" {
			path += "?" + r.URL.RawQuery
		}
		all = append(all, web.Link{Href: path, Text: web.Names[l], Lang: string(l)})
	}
	return all
}

// depend says what a page is made from, besides the sites and bodies, which every page shows.
func depend(r *http.Request, tags ...change.Tag) {
	web.Depend(r.Context(), append(tags, change.All, change.Areas("site"), change.Areas("agency"))...)
}
