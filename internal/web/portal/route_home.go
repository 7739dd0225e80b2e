package portal

import (
	"net/http"
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/web"
)

// homeArea is the pages a visitor begins at.
func (p *portal) homeArea() area {
	return area{pages: map[string]web.Handler{
		"GET /{$}":          p.showHome,
		"GET /institution":  p.showColumn(section.Institution),
		"GET /proactive":    p.showColumn(section.Proactive),
		"GET /bodies":       p.listBodies,
		"GET /sitemap":      p.showMap,
		"GET /archive":      p.listArchive,
		"GET /archive/{no}": p.listArchive,
	}}
}

// tile is a card that leads somewhere.
type tile struct {
	Href, Title, About string
	Act                bool // stands out
}

// policy is a document with what explains it.
type policy struct {
	entry
	Explained []web.Link
}

// ended is a document that lost its effect.
type ended struct {
	entry
	State string
}

// place is a line of a list of sections or bodies, with the day something was last published.
type place struct {
	Href, Name, When string
	Depth            int
}

type homePage struct {
	page
	Policy, Directory string // addresses
	Columns           []tile
	Latest            []entry
	Policies          []policy
	Ended             []ended
	Bodies            []group
	Legal             []place // the sections of 法定主动公开内容
	Outside           []place // sections outside the platform
	Ways              []web.Link
	Contact           []field
}

// How much a home page shows.
const (
	homeLatest   = 10
	homePolicies = 6
	homeEnded    = 5
)

// showHome shows what a site has: the four columns, what is new, what is explained, what lost
// its effect, and the bodies or the sections it consists of.
func (p *portal) showHome(w http.ResponseWriter, r *http.Request) error {
	v := homePage{page: p.page(r, ""), Policy: p.path(r, "/policy"+ending), Directory: p.path(r, "/bodies"+ending)}
	v.Columns = p.columns(r, v.page)
	fill := p.homeOfBody
	if h := hereOf(r.Context()); h.Place == h.sites.Main && (h.Body == nil || len(h.sites.Tree.All) > 1) {
		fill = p.homeOfAll
	}
	if err := fill(r, &v); err != nil {
		return err
	}
	return p.pages.Write(w, r, http.StatusOK, "home", v)
}

// abouts say what the prescribed columns are for.
var abouts = map[section.Kind]string{
	section.Guide: "portal.column.guide.about", section.Institution: "portal.column.institution.about",
	section.Proactive: "portal.column.proactive.about", section.Reports: "portal.column.reports.about",
}

// columns are the four prescribed columns with the way to apply beside them: R-PLT-05, R-PLT-07.
func (p *portal) columns(r *http.Request, v page) (all []tile) {
	for _, t := range v.Tabs {
		if section.Kind(t.Key).Prescribed() {
			all = append(all, tile{t.Href, t.Text, v.T(abouts[section.Kind(t.Key)]), false})
		}
	}
	if len(all) > 0 {
		apply := p.path(r, "/guide"+ending) + "#apply"
		if p.has["/apply"] {
			apply = p.path(r, "/apply"+ending)
		}
		all = append(all, tile{apply, v.T("portal.apply"), v.T("portal.apply.about"), true})
	}
	return all
}

// homeOfAll fills the home page of the site above all others.
func (p *portal) homeOfAll(r *http.Request, v *homePage) error {
	depend(r, change.Published, change.Areas("normative"), change.Areas("section"))
	latest, err := p.Reader.Latest(r.Context(), disclosure.Page{Limit: homeLatest})
	if err != nil {
		return err
	}
	v.Latest = p.entries(r, latest.Rows)
	if err := p.explain(r, v, ""); err != nil {
		return err
	}
	if v.Bodies, err = p.groups(r, v.page); err != nil {
		return err
	}
	if a := hereOf(r.Context()).Body; a != nil {
		depend(r, change.Area("agency", a.ID))
		return p.introduce(r, v, a)
	}
	return nil
}

// homeOfBody fills the home page of a body's site.
func (p *portal) homeOfBody(r *http.Request, v *homePage) error {
	a := hereOf(r.Context()).Body
	depend(r, change.Agency(a.ID), change.Area("normative", a.ID), change.Area("section", a.ID))
	latest, err := p.Reader.Agency(r.Context(), a.ID, disclosure.Page{Limit: homeLatest})
	if err != nil {
		return err
	}
	v.Latest = p.entries(r, latest.Rows)
	if err := p.explain(r, v, a.ID); err != nil {
		return err
	}
	if v.Legal, v.Outside, err = p.places(r, a.ID); err != nil {
		return err
	}
	return p.introduce(r, v, a)
}

// explain lists documents with their interpretations and those that lost their effect; of all
// bodies if none is named.
func (p *portal) explain(r *http.Request, v *homePage, agency string) error {
	all, err := p.Reader.Policies(r.Context(), agency, homePolicies)
	if err != nil {
		return err
	}
	v.Policies = p.policies(r, all)
	gone, _, err := p.Normative.Ended(r.Context(), agency, 1, homeEnded)
	if err != nil {
		return err
	}
	for _, one := range gone {
		v.Ended = append(v.Ended, ended{entry{p.item(r, one.Agency, one.Item), one.Title, one.DocNo, one.EndedOn.String()},
			v.Text(normative.Word(string(one.State)))})
	}
	return nil
}

func (p *portal) policies(r *http.Request, all []disclosure.Policy) (out []policy) {
	for _, one := range all {
		line := policy{entry: p.entries(r, []disclosure.Row{one.Row})[0]}
		for _, e := range one.Explained {
			line.Explained = append(line.Explained, web.Link{Href: p.item(r, e.Agency, e.Item), Text: e.Title})
		}
		out = append(out, line)
	}
	return out
}

// places lists a body's sections: those of 法定主动公开内容, and those outside the platform.
func (p *portal) places(r *http.Request, agency string) (legal, others []place, err error) {
	tree, last, err := p.sections(r, agency)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range tree.All() {
		path := tree.Above(s.ID)
		top := path[len(path)-1]
		line := place{p.sectionPath(r, s.Agency, s.ID), s.Name, last[s.ID].String(), 0}
		switch {
		case s.Retired:
		case top.Kind == section.Proactive && len(path) == 2:
			legal = append(legal, line)
		case !top.Kind.Prescribed() && len(path) == 1:
			others = append(others, line)
		}
	}
	return legal, others, nil
}

// sections are a body's sections and the days something was last published in each.
func (p *portal) sections(r *http.Request, agency string) (tree *section.Tree, last map[string]date.Date, err error) {
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		all, err := section.All(tx, agency)
		if err != nil {
			return err
		}
		tree = section.NewTree(all)
		last, err = section.LastPublished(tx, agency)
		return err
	})
	return tree, last, err
}

// introduce adds a body's card and its registers.
func (p *portal) introduce(r *http.Request, v *homePage, a *agency.Agency) (err error) {
	if v.Contact, err = p.contact(r, v.page, a.ID); err != nil {
		return err
	}
	for _, way := range []struct{ path, key string }{{"/catalogue", "portal.catalogue"}, {"/normative", "portal.normative"}, {"/credit", "portal.credit"}, {"/archive", "portal.archive"}} {
		v.Ways = append(v.Ways, web.Link{Href: p.path(r, way.path+ending), Text: v.T(way.key)})
	}
	return nil
}

// card words what the contact card says; nothing stands for a field that is empty.
func (v *page) card(c *agency.Contact) (all []field) {
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

// showColumn shows one of the prescribed columns at an address of its own, so that head and foot
// of a page can lead to it without asking where it is kept.
func (p *portal) showColumn(k section.Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, err := p.body(r)
		if err != nil {
			return err
		}
		var s *section.Section
		err = p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
			s, err = section.OfKind(tx, a.ID, k)
			return err
		})
		if err != nil {
			return err
		}
		r.SetPathValue("id", s.ID)
		return p.showSection(w, r)
	}
}
