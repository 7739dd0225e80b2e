package portal

import (
	"net/http"
	"net/url"
	"strconv"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/web"
)

// sectionArea is the lists of sections, whose pages are numbered from the oldest, so that an old
// page stays what it is when something new is published.
func (p *portal) sectionArea() area {
	return area{pages: map[string]web.Handler{
		"GET /sections/{id}":      p.showSection,
		"GET /sections/{id}/{no}": p.showStretch,
	}}
}

type sectionPage struct {
	page
	About  string
	Closed string   // that the section is closed, "" while it is kept
	Next   web.Link // where readers of a closed section go on
	Below  []node
	Parts  []sectionPart // of a section that holds others and nothing itself
	Items  []entry
	Span   string // the days of the items on a numbered page
	Pages  pages
	Facets []facet
	Search string // the search page for this section, "" in a copy

	Subscribe string // where mail about this section is asked for, "" where that is not offered
}

// sectionPart is a section below, with what was published in it last.
type sectionPart struct {
	node
	Items []entry
}

// pages lead through a list.
type pages struct {
	Newest, Newer, Older, Oldest string
	No                           int64 // of this page, 0 for the newest items
}

// showSection lists what was published last in a section.
func (p *portal) showSection(w http.ResponseWriter, r *http.Request) error {
	v, s, below, err := p.openSection(w, r, ending)
	if v == nil || err != nil {
		return err
	}
	depend(r, change.Section(s.ID))
	list, err := p.Reader.Newest(r.Context(), s.ID)
	if err != nil {
		return err
	}
	v.fill(p, r, s, list)
	if len(v.Items) == 0 {
		if err := v.parts(p, r, below); err != nil {
			return err
		}
	}
	v.facets(p, r, s)
	return p.pages.Write(w, r, http.StatusOK, "section", v)
}

// showStretch shows a numbered page of a section's list.
func (p *portal) showStretch(w http.ResponseWriter, r *http.Request) error {
	no, err := strconv.ParseInt(r.PathValue("no"), 10, 64)
	if err != nil || strconv.FormatInt(no, 10) != r.PathValue("no") {
		return web.ErrNoPage
	}
	v, s, _, err := p.openSection(w, r, "/"+strconv.FormatInt(no, 10)+ending)
	if v == nil || err != nil {
		return err
	}
	depend(r, change.SectionPage(s.ID, no), change.SectionPages(s.ID))
	list, err := p.Reader.Stretch(r.Context(), s.ID, no)
	if err != nil {
		return err
	}
	v.fill(p, r, s, list)
	v.Title = v.T("portal.list.numbered", "name", s.Name, "no", no)
	return p.pages.Write(w, r, http.StatusOK, "section", v)
}

// openSection begins the page of a section, nil where the reader was sent on.
func (p *portal) openSection(w http.ResponseWriter, r *http.Request, end string) (v *sectionPage, s *section.Section, below []*section.Section, err error) {
	var a *agency.Agency
	var path []*section.Section
	if a, path, below, err = p.section(r, r.PathValue("id")); err != nil {
		return nil, nil, nil, err
	}
	s = path[0]
	if away, err := p.elsewhere(w, r, a.ID, "/sections/"+s.ID+end); away {
		return nil, nil, nil, err
	}
	depend(r, change.Area("section", a.ID))
	v = &sectionPage{page: p.page(r, s.Name), About: s.Description}
	v.Styles = append(v.Styles, p.assets.Path("search.css"))
	v.Trail = p.trail(r, v.page, a, path[1:])
	if !web.IsCopy(r.Context()) {
		v.Feeds = append(v.Feeds, web.Link{Href: p.path(r, "/sections/"+s.ID+".atom"), Text: v.T("portal.feed", "site", s.Name)})
	}
	v.columnOf(s)
	v.stand(string(path[len(path)-1].Kind))
	if s.Retired {
		v.Closed = v.T("portal.list.closed", "day", s.RetiredOn, "reason", s.RetiredReason)
		if s.Successor != "" {
			v.Next = web.Link{Href: p.sectionPath(r, a.ID, s.Successor), Text: v.T("portal.list.successor")}
		}
	}
	for _, b := range below {
		v.Below = append(v.Below, node{p.sectionPath(r, b.Agency, b.ID), b.Name, 0})
	}
	return v, s, below, nil
}

// fill writes the items and the ways to the pages before and after.
func (v *sectionPage) fill(p *portal, r *http.Request, s *section.Section, list *disclosure.Stretch) {
	v.Items = p.entries(r, list.Rows)
	at := func(no int64) string {
		if no < 1 {
			return ""
		}
		return p.to(r, s.Agency, "/sections/"+s.ID+"/"+strconv.FormatInt(no, 10)+ending)
	}
	v.Pages = pages{No: list.No, Newer: at(list.Newer), Older: at(list.Older)}
	if list.No > 0 {
		v.Pages.Newest = p.sectionPath(r, s.Agency, s.ID)
	}
	if list.Older > 1 {
		v.Pages.Oldest = at(1)
	}
	if n := len(v.Items); list.No > 0 && n > 0 {
		v.Span = v.T("portal.list.span", "from", v.Items[n-1].Day, "to", v.Items[0].Day)
	}
}

// mostParts and partItems bound what a section that holds only others shows of them.
const (
	mostParts = 12
	partItems = 5
)

// parts shows what was published last in the sections below.
func (v *sectionPage) parts(p *portal, r *http.Request, below []*section.Section) error {
	for _, b := range below[:min(len(below), mostParts)] {
		depend(r, change.Section(b.ID))
		rows, err := p.Reader.Section(r.Context(), b.ID, disclosure.Page{Limit: partItems})
		if err != nil {
			return err
		}
		if len(rows.Rows) > 0 {
			v.Parts = append(v.Parts, sectionPart{node{p.sectionPath(r, b.Agency, b.ID), b.Name, 0}, p.entries(r, rows.Rows)})
		}
	}
	return nil
}

// facets lead to the search page, narrowed to the section.
func (v *sectionPage) facets(p *portal, r *http.Request, s *section.Section) {
	if web.IsCopy(r.Context()) {
		return
	}
	v.Search = p.to(r, s.Agency, "/search"+ending) + "?" + url.Values{"section": {s.ID}}.Encode()
	v.Facets = p.countIn(r, v.page, s)
	if p.Subscriptions != nil {
		v.Subscribe = p.to(r, s.Agency, "/subscribe"+ending) + "?" + url.Values{"section": {s.ID}}.Encode()
	}
}
