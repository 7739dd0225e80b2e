package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gongkai/internal/web"
)

// formerArea sends on who comes from the host of a site that is no more.
func (p *portal) formerArea() area {
	return area{raw: map[string]web.Handler{"GET /from/{address...}": p.sendFrom}}
}

// longestFormer is the most characters of an address that is looked for among former ones.
const longestFormer = 2000

// sendOn answers for an address at which there is nothing: what stood there before the site was
// taken over has a page still, and the address leads to it (R-WEB-08).
func (p *portal) sendOn(w http.ResponseWriter, r *http.Request) error {
	h := hereOf(r.Context())
	var hosts []string
	for _, origin := range []string{h.Origin, h.sites.Main.Origin} {
		if u, err := url.Parse(origin); err == nil && u.Host != "" && !slices.Contains(hosts, u.Host) {
			hosts = append(hosts, u.Host)
		}
	}
	return p.sendFormer(w, r, hosts, h.whole)
}

// sendFrom answers for /from/HOST/PATH, to which the server of a former host sends its visitors.
func (p *portal) sendFrom(w http.ResponseWriter, r *http.Request) error {
	host, path, _ := strings.Cut(r.PathValue("address"), "/")
	return p.sendFormer(w, r, []string{host}, "/"+path)
}

// sendFormer leads from an address of a former site to the item's page of today. Nothing of
// the request but its path and query has a say in where that is.
func (p *portal) sendFormer(w http.ResponseWriter, r *http.Request, hosts []string, path string) error {
	if (r.Method != http.MethodGet && r.Method != http.MethodHead) || len(path)+len(r.URL.RawQuery) > longestFormer {
		return web.ErrNoPage
	}
	found, ok, err := p.Reader.Former(r.Context(), formerly(hosts, path, r.URL.RawQuery))
	if err != nil {
		return err
	}
	if !ok {
		return web.ErrNoPage
	}
	http.Redirect(w, r, p.item(r, found.Agency, found.Item), http.StatusMovedPermanently)
	return nil
}

// formerly lists how an address may have been written down: with either scheme, its path as it is
// read or as it is sent.
func formerly(hosts []string, path, query string) (all []string) {
	if query != "" {
		query = "?" + query
	}
	for _, host := range hosts {
		for _, scheme := range []string{"http://", "https://"} {
			for _, one := range []string{path, escaped(path)} {
				if a := scheme + strings.ToLower(host) + one + query; !slices.Contains(all, a) {
					all = append(all, a)
				}
			}
		}
	}
	return all
}
