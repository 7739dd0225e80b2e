package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/site"
	"gongkai/internal/web"
)

// page is what every page knows: the frame's data, the head and foot of the site, and the tags
// of its head.
type page struct {
	web.Page
	Site    string    // the site's name
	Emblem  string    // address of the emblem's picture, "" for none
	Above   *web.Link // the government's portal, nil on its own pages
	Office  string
	Desk    string
	Back    string // this page, to come back to
	Show    string // where the choice of large print is sent
	Find    string // where searches are sent
	Query   string // what stands in the search box
	Suggest string // where its suggestions are asked for, "" in a copy
	Tabs    []tab
	Trail   []web.Link
	Foot    foot
	Moving  *moving // notice of a site that moves or closes, nil for none
	Account string  // of whoever is signed in, "" where nobody can
	Copy    bool    // the page is for a copy that plain servers send

	Marks     []tag // tags of the head, R-WEB-01
	Canonical string
	Feeds     []web.Link
}

// tab is a part of the site that every page leads to.
type tab struct {
	Key, Href, Text string
	Here            bool
}

// tag is one of a page's head. Its name is written as the guidelines write it.
type tag struct{ Name, Content string }

// foot is the marks of R-WEB-04; what is not set is left out.
type foot struct {
	Sponsor, Operator, Contact, Code string
	ICP, Police                      string
	MarkURL, FaultURL, Map           string
	Links                            []web.Link
}

// moving says that a site closes on a day, and where its readers go on.
type moving struct{ Text, Href, Name string }

// tabs are the parts of a body's site. The four columns bear the names that
// 国办公开办函〔2019〕61号 gives them, in every language's own words: R-PLT-04.
var tabs = []struct{ key, path, text string }{
	{"home", "/", "portal.home"},
	{string(section.Guide), "/guide", "portal.column.guide"},
	{string(section.Institution), "/institution", "portal.column.institution"},
	{string(section.Proactive), "/proactive", "portal.column.proactive"},
	{string(section.Reports), "/annual", "portal.column.reports"},
	{"policy", "/policy", "portal.policy"},
	{"normative", "/normative", "portal.normative"},
	{"credit", "/credit", "portal.credit"},
}

// page begins a page: title is its own, "" to be set later.
func (p *portal) page(r *http.Request, title string) page {
	depend(r)
	h := hereOf(r.Context())
	lang := web.LanguageOf(r)
	prefix := web.Prefix(lang, p.Lang)
	v := page{
		Page: web.Page{
			Printer: i18n.To(lang), Title: title, Home: p.Base + prefix + "/", Icon: p.assets.Path("icon.svg"), Theme: string(site.Themes[0]),
			Styles: []string{p.assets.Path("base.css"), p.assets.Path("portal.css")}, Others: p.others(r, lang), Size: size(r),
		},
		Office: p.Base + prefix + "/office/", Desk: p.Base + "/desk" + prefix + "/",
	}
	v.Site = cmp.Or(p.Site, v.T("portal.site"))
	if h.Place == nil { // not even the sites can be read
		return v
	}
	v.Home, v.Show, v.Find, v.Back = p.path(r, "/"), p.path(r, "/display"), p.path(r, "/search"+ending), p.back(r)
	if !web.IsCopy(r.Context()) {
		v.Suggest, v.Scripts = p.path(r, "/search/suggest"), append(v.Scripts, p.assets.Path("search.js"))
	}
	if h.Title() != "" && (!h.Main || p.Site == "") {
		v.Site = h.Title()
	}
	v.Theme, v.Canonical = string(h.Theme), p.full(r, h.Place, escaped(h.rest))
	if h.Place != h.sites.Main {
		v.Above = &web.Link{Href: p.at(r, h.sites.Main, "/"), Text: cmp.Or(h.sites.Main.Title(), p.Site, v.T("portal.site"))}
	}
	v.Tabs, v.Foot, v.Marks = p.tabs(r, v.Printer), p.foot(r, v.Printer), siteMarks(h, v.Site)
	if h.Emblem && h.EmblemFile != "" {
		v.Emblem = p.path(r, "/emblem/"+h.EmblemFile)
	}
	v.Moving, v.Account = moves(h, v.Printer), p.accountLink(r)
	if web.IsCopy(r.Context()) {
		p.copied(&v)
	}
	if p.has["/feed.atom"] {
		v.Feeds = []web.Link{{Href: p.path(r, "/feed.atom"), Text: v.T("portal.feed", "site", v.Site)}}
	}
	return v
}

// moves is the notice of a site that moves or closes, nil for one that stays.
func moves(h here, say i18n.Printer) *moving {
	switch {
	case h.ClosingOn.IsZero() && h.MovedURL == "":
		return nil
	case h.ClosingOn.IsZero():
		return &moving{say.T("portal.moved"), h.MovedURL, h.MovedName}
	}
	return &moving{say.T("portal.closing", "day", h.ClosingOn), h.MovedURL, h.MovedName}
}

// back is the address of a page as the browser asked for it, without the host.
func (p *portal) back(r *http.Request) string {
	to := p.path(r, escaped(hereOf(r.Context()).rest))
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	return to
}

// tabs are the parts of the site that is open.
func (p *portal) tabs(r *http.Request, say i18n.Printer) (all []tab) {
	h := hereOf(r.Context())
	for _, one := range tabs {
		path := one.path
		if path != "/" {
			if !p.has[path] || h.Body == nil {
				continue
			}
			path += ending
		}
		all = append(all, tab{one.key, p.path(r, path), say.T(one.text), h.rest == path})
	}
	return all
}

// stand marks the tab a page belongs to.
func (v *page) stand(key string) {
	for i := range v.Tabs {
		v.Tabs[i].Here = v.Tabs[i].Key == key
	}
}

// siteMarks are the tags of every page: R-WEB-01. A tag whose value nobody set is left out: an
// empty one counts as a fault of its own.
func siteMarks(h here, name string) (all []tag) {
	domain := ""
	if u, err := url.Parse(h.Origin); err == nil {
		domain = u.Hostname()
	}
	for _, m := range []tag{{"SiteName", name}, {"SiteDomain", domain}, {"SiteIDCode", siteCode(h)}} {
		if m.Content != "" {
			all = append(all, m)
		}
	}
	return all
}

// siteCode is the number of the site (政府网站标识码): a body's own, or of the government's site
// that its pages are part of.
func siteCode(h here) string {
	if h.Body != nil && h.Body.SiteCode != "" {
		return h.Body.SiteCode
	}
	if h.Host == "" && h.sites.Main.Body != nil {
		return h.sites.Main.Body.SiteCode
	}
	return ""
}

// column writes the tags of a list's page, and of an article's for the list it stands in. None
// is ever empty: what nobody wrote, the name says.
func (v *page) column(name, description, keywords, kind string) {
	v.Marks = append(v.Marks, tag{"ColumnName", name}, tag{"ColumnDescription", oneLine(cmp.Or(description, name))},
		tag{"ColumnKeywords", oneLine(cmp.Or(keywords, name))}, tag{"ColumnType", cmp.Or(kind, name)})
}

// columnOf writes the tags of a section's list.
func (v *page) columnOf(s *section.Section) {
	v.column(s.Name, s.Description, s.Keywords, v.Text(columnKind(s.Kind)))
}

// columnKind is the sort of column that inspections know.
func columnKind(k section.Kind) i18n.Message {
	switch k {
	case section.News:
		return i18n.M("portal.column.kind.news")
	case section.Interaction:
		return i18n.M("portal.column.kind.interaction")
	case section.Topic:
		return i18n.M("portal.column.kind.topic")
	}
	return i18n.M("portal.column.kind.disclosure")
}

// oneLine is a text on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// foot is the foot of the site that is open. What is said of the government's site holds for
// the bodies' that stand under it, but for who answers for them.
func (p *portal) foot(r *http.Request, say i18n.Printer) foot {
	h := hereOf(r.Context())
	main := h.sites.Main
	f := foot{Sponsor: h.Sponsor, Operator: h.Operator, Contact: h.Contact, Code: siteCode(h),
		ICP: h.ICP, Police: h.Police, MarkURL: h.MarkURL, FaultURL: h.FaultURL}
	if f.Sponsor == "" && h.Body != nil {
		f.Sponsor = h.Body.Name
	}
	if h.Host == "" {
		f.ICP, f.Police = cmp.Or(f.ICP, main.ICP), cmp.Or(f.Police, main.Police)
		f.MarkURL, f.FaultURL = cmp.Or(f.MarkURL, main.MarkURL), cmp.Or(f.FaultURL, main.FaultURL)
	}
	for _, one := range []struct{ path, text string }{
		{"/sitemap" + ending, "portal.map"}, {"/archive" + ending, "portal.archive"}, {"/bodies" + ending, "portal.bodies"},
		{"/apply" + ending, "portal.foi.apply"}, {"/request" + ending, "portal.foi.follow"},
		{"/subscribe" + ending, "portal.subscribe"}, {"/data" + ending, "portal.data"}, {"/ledger" + ending, "portal.ledger"}, {"/feed.atom", "portal.feeds"},
	} {
		if p.has[strings.TrimSuffix(one.path, ending)] {
			f.Links = append(f.Links, web.Link{Href: p.path(r, one.path), Text: say.T(one.text)})
		}
	}
	return f
}
