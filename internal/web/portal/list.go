package portal

import (
	"net/http"
	"strings"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/web"
)

// entry is a line of a list of items.
type entry struct{ Href, Title, Number, Day string }

// node is a line of a tree.
type node struct {
	Href, Name string
	Depth      int
}

// deepest is how far lines of a tree are set in; what is deeper stands under the same edge.
const deepest = 3

func (p *portal) entries(r *http.Request, rows []disclosure.Row) (all []entry) {
	for _, row := range rows {
		all = append(all, entry{p.item(r, row.Agency, row.Item), row.Title, row.DocNo, day(row.PublishedAt)})
	}
	return all
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return date.Of(t.In(date.China)).String()
}

type homePage struct {
	page
	Latest []entry
	Bodies []node
}

// bodyArea is the pages of bodies and their sections.
func (p *portal) bodyArea() area {
	return area{pages: map[string]web.Handler{
		"GET /{$}":       p.showHome,
		"GET /guide":     p.showGuide,
		"GET /catalogue": p.showCatalogue,
		"GET /credit":    p.showCredit,
	}}
}

// showHome lists the bodies and what they published last; the site of a body, and of one that
// is alone, shows that body.
func (p *portal) showHome(w http.ResponseWriter, r *http.Request) error {
	h := hereOf(r.Context())
	if h.Place != h.sites.Main || h.Body != nil && len(h.sites.Tree.All) == 1 {
		return p.showAgency(w, r)
	}
	depend(r, change.Published)
	v := homePage{page: p.page(r, "")}
	tree := h.sites.Tree
	for _, a := range tree.All {
		v.Bodies = append(v.Bodies, node{p.to(r, a.ID, "/"), a.Name, min(len(tree.Path(a.ID))-1, deepest)})
	}
	latest, err := p.Reader.Latest(r.Context(), disclosure.Page{Limit: 12})
	if err != nil {
		return err
	}
	v.Latest = p.entries(r, latest.Rows)
	return p.pages.Write(w, r, http.StatusOK, "home", v)
}

// field is a label with its value.
type field struct{ Label, Value string }

type agencyPage struct {
	page
	Ways     []web.Link // guide, catalogue, licences and penalties
	Sections []node
	Contact  []field
	Latest   []entry
}

// showAgency shows a body: its columns, its card and what it published last.
func (p *portal) showAgency(w http.ResponseWriter, r *http.Request) error {
	a := hereOf(r.Context()).Body
	depend(r, change.Agency(a.ID), change.Area("section", a.ID))
	var c *agency.Contact
	var tree *section.Tree
	err := p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		if c, err = agency.LoadContact(tx, a.ID); err != nil {
			return err
		}
		all, err := section.All(tx, a.ID)
		tree = section.NewTree(all)
		return err
	})
	if err != nil {
		return err
	}
	latest, err := p.Reader.Agency(r.Context(), a.ID, disclosure.Page{})
	if err != nil {
		return err
	}
	v := agencyPage{page: p.page(r, a.Name), Latest: p.entries(r, latest.Rows)}
	v.Contact = v.card(c)
	for _, way := range []struct{ path, key string }{{"guide", "portal.guide"}, {"catalogue", "portal.catalogue"}, {"credit", "portal.credit"}} {
		v.Ways = append(v.Ways, web.Link{Href: p.path(r, "/"+way.path+ending), Text: v.T(way.key)})
	}
	v.Trail = p.trail(r, v.page, nil, nil)
	for _, s := range tree.All() {
		if !s.Retired {
			v.Sections = append(v.Sections, node{p.sectionPath(r, s.Agency, s.ID), s.Name, min(tree.Depth(s.ID), deepest)})
		}
	}
	return p.pages.Write(w, r, http.StatusOK, "agency", v)
}

// card words what the contact card says; nothing stands for a field that is empty.
func (v *agencyPage) card(c *agency.Contact) (all []field) {
	for _, f := range []field{
		{v.T("agency.contact.office"), c.Office}, {v.T("agency.contact.address"), c.Address},
		{v.T("agency.contact.hours"), c.Hours}, {v.T("agency.contact.phone"), c.Phone},
		{v.T("agency.contact.fax"), c.Fax}, {v.T("agency.contact.online"), c.Online},
	} {
		if strings.TrimSpace(f.Value) != "" {
			all = append(all, f)
		}
	}
	return all
}

// trail links to the pages above: home, the body, the sections from the top.
func (p *portal) trail(r *http.Request, v page, a *agency.Agency, path []*section.Section) []web.Link {
	all := []web.Link{{Href: v.Home, Text: v.T("portal.home")}}
	if a != nil {
		all = append(all, web.Link{Href: p.to(r, a.ID, "/"), Text: a.Name})
	}
	for i := len(path) - 1; i >= 0; i-- {
		all = append(all, web.Link{Href: p.sectionPath(r, path[i].Agency, path[i].ID), Text: path[i].Name})
	}
	return all
}

// section loads a section with its body, those above it, itself first, and those below.
func (p *portal) section(r *http.Request, id string) (a *agency.Agency, path, below []*section.Section, err error) {
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		if path, err = section.Above(tx, id); err != nil {
			return err
		}
		if len(path) == 0 {
			return web.ErrNoPage
		}
		if a, err = agency.Load(tx, path[0].Agency); err != nil {
			return err
		}
		all, err := section.All(tx, a.ID)
		if err != nil {
			return err
		}
		for _, s := range section.NewTree(all).Under(id) {
			if !s.Retired {
				below = append(below, s)
			}
		}
		return nil
	})
	return a, path, below, err
}
