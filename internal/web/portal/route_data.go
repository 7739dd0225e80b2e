package portal

import (
	"net/http"

	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// dataArea is the page that tells makers of other systems how to have everything.
func (p *portal) dataArea() area {
	return area{pages: map[string]web.Handler{"GET /data": p.showData}}
}

// dataPage is the page of open data. Addresses are the main site's: the interface is one for the
// installation.
type dataPage struct {
	page
	Files  []dataFile
	Follow []dataFile
	Root   string
	Groups []dataGroup
}

// dataFile is something to fetch as a whole.
type dataFile struct{ Href, Name, About, Kind string }

// dataGroup is questions under a heading.
type dataGroup struct {
	Name       string
	Token      bool
	Operations []web.Operation
}

func (p *portal) showData(w http.ResponseWriter, r *http.Request) error {
	h := hereOf(r.Context())
	depend(r)
	v := dataPage{page: p.page(r, "")}
	v.Title = v.T("portal.data")
	v.Styles = append(v.Styles, p.assets.Path("data.css"))
	v.Trail = p.trail(r, v.page, nil, nil)
	main := h.sites.Main.Origin + p.Base
	v.Root = main
	folder := "/data/"
	if h.Place != h.sites.Main && h.Body != nil {
		folder += "bodies/" + h.Agency + "/"
	}
	v.Files = []dataFile{
		{main + folder + "items.csv", "items.csv", v.T("portal.data.csv"), "CSV"},
		{main + folder + "items.jsonl.gz", "items.jsonl.gz", v.T("portal.data.jsonl"), "JSON Lines"},
		{main + "/data/catalog.ttl", "catalog.ttl", v.T("portal.data.dcat"), "DCAT, Turtle"},
		{main + "/data/catalog.jsonld", "catalog.jsonld", v.T("portal.data.dcat"), "DCAT, JSON-LD"},
		{main + "/api/v1/openapi.json", "openapi.json", v.T("portal.data.openapi"), "OpenAPI 3.1"},
		{main + "/api/v1/openapi.yaml", "openapi.yaml", v.T("portal.data.openapi"), "OpenAPI 3.1"},
	}
	v.Follow = []dataFile{{Href: p.path(r, "/feed.atom"), Name: "Atom", About: v.T("portal.data.feed")}}
	if h.Origin != "" {
		v.Follow = append(v.Follow, dataFile{Href: p.path(r, "/feed.rss"), Name: "RSS", About: v.T("portal.data.feed")},
			dataFile{Href: p.path(r, "/sitemap.xml"), Name: "sitemap.xml", About: v.T("portal.data.sitemap")})
	}
	if web.IsCopy(r.Context()) { // which has the files, and nobody who answers questions
		v.Files = v.Files[:4]
		return p.pages.Write(w, r, http.StatusOK, "data", v)
	}
	v.Follow = append(v.Follow, dataFile{Href: main + "/oai?verb=Identify", Name: "OAI-PMH 2.0", About: v.T("portal.data.oai")})
	for _, o := range p.operations(v.Printer.Lang()) {
		if n := len(v.Groups); n == 0 || v.Groups[n-1].Name != o.Group {
			v.Groups = append(v.Groups, dataGroup{Name: o.Group, Token: o.Token})
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Operations = append(g.Operations, o)
	}
	return p.pages.Write(w, r, http.StatusOK, "data", v)
}

// operations is what can be asked, nothing where no interface is served.
func (p *portal) operations(l i18n.Lang) []web.Operation {
	if p.Operations == nil {
		return nil
	}
	return p.Operations(l)
}
