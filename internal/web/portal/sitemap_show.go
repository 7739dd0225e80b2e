package portal

import (
	"net/http"

	"gongkai/internal/change"
	"gongkai/internal/web"
)

type mapPage struct {
	page
	Parts    []web.Link
	Sections []place
	Bodies   []group
}

// showMap shows all that a site has on one page (网站地图): R-WEB-04.
func (p *portal) showMap(w http.ResponseWriter, r *http.Request) error {
	h := hereOf(r.Context())
	v := mapPage{page: p.page(r, "")}
	v.Title = v.T("portal.map")
	v.Trail = p.trail(r, v.page, nil, nil)
	v.column(v.Title, "", "", v.T("portal.column.kind.disclosure"))
	for _, t := range v.Tabs {
		v.Parts = append(v.Parts, web.Link{Href: t.Href, Text: t.Text})
	}
	v.Parts = append(v.Parts, v.Foot.Links...)
	depend(r, change.Areas("section"))
	if any, err := p.anyReplies(r); err != nil {
		return err
	} else if any {
		v.Parts = append(v.Parts, web.Link{Href: p.path(r, "/replies"+ending), Text: v.T("portal.replies.title")})
	}
	if h.Body != nil {
		tree, last, err := p.sections(r, h.Body.ID)
		if err != nil {
			return err
		}
		for _, s := range tree.All() {
			if !s.Retired {
				v.Sections = append(v.Sections, place{p.sectionPath(r, s.Agency, s.ID), s.Name, last[s.ID].String(), min(tree.Depth(s.ID), deepest)})
			}
		}
	}
	if h.Place == h.sites.Main {
		var err error
		if v.Bodies, err = p.groups(r, v.page); err != nil {
			return err
		}
	}
	return p.pages.Write(w, r, http.StatusOK, "sitemap", v)
}
