package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/search"
	"gongkai/internal/web"
)

type searchPage struct {
	page
	Asked   string // the text, as it was typed
	Hidden  []field
	Scopes  []scope
	Orders  []scope
	From    string
	To      string
	Trouble string // why the search cannot be answered
	Behind  string // that the index has not all changes yet

	Done    bool // an answer is there
	Total   string
	Chips   []web.Link // what the search is narrowed to; each link gives one up
	Reset   string
	Facets  []facet
	Hits    []hit
	Next    string
	First   string // the first page, "" on it
	Read    []string
	DidMean web.Link
	Loose   string
	Alike   []string // words looked for besides
	Exact   web.Link // the search without them, or with them again
	Help    []web.Link

	Subscribe string // where mail about new hits is asked for, "" where that is not offered
}

// scope is one of several ways to search or to sort.
type scope struct {
	Value, Text string
	Here        bool
}

// hit is a document found.
type hit struct {
	Href     string
	Title    []search.Span
	Excerpt  []search.Span
	File     *web.Link // the attachment the excerpt is from
	Facts    []string
	Day      string
	Validity string // of a document that is not simply in force
	Over     bool
}

// searchPage begins the page of a search.
func (p *portal) searchPage(r *http.Request, a *asked) *searchPage {
	v := &searchPage{page: p.page(r, ""), Asked: a.query.Text}
	v.Page.Title = v.T("portal.search.title")
	if v.Asked != "" {
		v.Page.Title = v.T("portal.search.titled", "text", v.Asked)
	}
	v.Query = v.Asked
	v.Canonical = "" // pages of hits are no one's address to keep
	v.Marks = append(v.Marks, tag{"robots", "noindex, follow"})
	v.Styles = append(v.Styles, p.assets.Path("search.css"))
	if p.Subscriptions != nil && v.Asked != "" {
		v.Subscribe = p.path(r, "/subscribe"+ending) + "?" + a.values.Encode()
	}
	v.From, v.To = firstDay(a.query.From), firstDay(a.query.To)
	for _, f := range facets {
		for _, value := range a.values[string(f.by)] {
			v.Hidden = append(v.Hidden, field{string(f.by), value})
		}
	}
	for _, id := range a.query.Sections {
		v.Hidden = append(v.Hidden, field{askSection, id})
	}
	if a.exact {
		v.Hidden = append(v.Hidden, field{askExact, "1"})
	}
	v.scopes(r, a)
	for _, o := range []search.Order{search.Relevance, search.Newest, search.Oldest} {
		v.Orders = append(v.Orders, scope{string(o), v.T(orderNames[o]), o == a.query.Order})
	}
	v.help(p, r, a)
	return v
}

var orderNames = map[search.Order]string{
	search.Relevance: "portal.search.relevance", search.Newest: "portal.search.newest", search.Oldest: "portal.search.oldest",
}

// scopes offers to search this body's documents or those of all bodies.
func (v *searchPage) scopes(r *http.Request, a *asked) {
	h := hereOf(r.Context())
	if a.scope == "" {
		return
	}
	own := scope{scopeOwn, v.T("portal.search.own", "name", h.Body.Name), a.scope != scopeAll}
	all := scope{scopeAll, v.T("portal.search.all"), a.scope == scopeAll}
	v.Scopes = []scope{own, all}
}

// help leads on who found nothing.
func (v *searchPage) help(p *portal, r *http.Request, a *asked) {
	if a.scope != "" && a.scope != scopeAll {
		v.Help = append(v.Help, web.Link{Href: a.with(p, r, askScope, scopeAll), Text: v.T("portal.search.all")})
	}
	v.Help = append(v.Help, web.Link{Href: v.Home, Text: v.T("portal.search.browse")})
	if hereOf(r.Context()).Body != nil {
		v.Help = append(v.Help, web.Link{Href: p.path(r, "/catalogue"+ending), Text: v.T("portal.catalogue")},
			web.Link{Href: p.path(r, "/guide"+ending), Text: v.T("portal.search.request")})
	}
}

// fill writes what was found.
func (v *searchPage) fill(p *portal, r *http.Request, a *asked, found *search.Result) error {
	v.Done = true
	v.Total = v.T("portal.search.total", "n", found.Total)
	if found.More {
		v.Total = v.T("portal.search.more", "n", found.Total)
	}
	v.Facets = p.facetList(r, v.page, found.Facets, func(by search.Facet, key string) bool {
		for _, chosen := range a.values[string(by)] {
			if chosen == key {
				return true
			}
		}
		return false
	}, func(by search.Facet, key string, here bool) string { return a.switched(p, r, string(by), key, here) })
	v.chips(p, r, a)
	v.read(p, r, a, found)
	if found.Next != "" {
		v.Next = a.with(p, r, askAfter, found.Next)
	}
	if a.query.After != "" {
		v.First = a.with(p, r, askAfter)
	}
	return v.hits(p, r, found.Hits)
}

// chips name the filters, each with a link to give it up.
func (v *searchPage) chips(p *portal, r *http.Request, a *asked) {
	for _, s := range p.sectionsAsked(r, a.query.Sections) {
		v.Chips = append(v.Chips, web.Link{Href: a.switched(p, r, askSection, s.ID, true), Text: s.Name})
	}
	for _, f := range facets {
		for _, key := range a.values[string(f.by)] {
			text := cmp.Or(p.facetText(r, v.page, f.by, key), key)
			v.Chips = append(v.Chips, web.Link{Href: a.switched(p, r, string(f.by), key, true), Text: text})
		}
	}
	if v.From != "" {
		v.Chips = append(v.Chips, web.Link{Href: a.with(p, r, askFrom), Text: v.T("portal.search.since", "day", v.From)})
	}
	if v.To != "" {
		v.Chips = append(v.Chips, web.Link{Href: a.with(p, r, askTo), Text: v.T("portal.search.until", "day", v.To)})
	}
	if len(v.Chips) > 0 {
		v.Reset = p.path(r, "/search"+ending)
		if v.Asked != "" {
			v.Reset += "?" + url.Values{askText: {v.Asked}}.Encode()
		}
	}
}

// read says what the text was taken to mean.
func (v *searchPage) read(p *portal, r *http.Request, a *asked, found *search.Result) {
	if u := found.Understood; u.Number != "" {
		v.Read = append(v.Read, v.T("portal.search.number", "no", u.Number))
	}
	if u := found.Understood; !u.From.IsZero() {
		v.Read = append(v.Read, v.T("portal.search.dated", "from", u.From, "to", u.To))
	}
	if found.DidYouMean != "" {
		v.DidMean = web.Link{Href: a.with(p, r, askText, found.DidYouMean), Text: found.DidYouMean}
	}
	if len(found.Loosened) > 0 {
		v.Loose = v.T("portal.search.loosened", "words", strings.Join(found.Loosened, "、"))
	}
	for _, g := range found.Synonyms {
		v.Alike = append(v.Alike, strings.Join(g, "、"))
	}
	switch {
	case a.exact:
		v.Exact = web.Link{Href: a.with(p, r, askExact), Text: v.T("portal.search.wide")}
	case len(v.Alike) > 0:
		v.Exact = web.Link{Href: a.with(p, r, askExact, "1"), Text: v.T("portal.search.exact")}
	}
}

// hits words the documents found. The index follows the records by some moments: what is not
// public any more is left out here, and of what was published anew meanwhile only its title as it
// is now is shown.
func (v *searchPage) hits(p *portal, r *http.Request, all []search.Hit) error {
	ids := make([]string, len(all))
	found := map[string]*search.Hit{}
	for i := range all {
		ids[i], found[all[i].ID] = all[i].ID, &all[i]
	}
	rows, err := p.Reader.Public(r.Context(), ids)
	if err != nil {
		return err
	}
	for _, row := range rows {
		one, err := v.hit(p, r, &row, found[row.Item])
		if err != nil {
			return err
		}
		v.Hits = append(v.Hits, *one)
	}
	return nil
}

// hit words one document found.
func (v *searchPage) hit(p *portal, r *http.Request, row *disclosure.Row, h *search.Hit) (*hit, error) {
	one := &hit{Href: p.item(r, row.Agency, row.Item), Title: []search.Span{{Text: row.Title}}, Day: day(row.PublishedAt)}
	if h.At.Equal(row.PublishedAt) {
		one.Title, one.Excerpt = h.TitleIn, h.Excerpt
		if h.Part != "" {
			if err := one.from(p, r, row, h.Part); err != nil {
				return nil, err
			}
		}
	}
	from := row.Issuer
	if a := hereOf(r.Context()).sites.Tree.Get(row.Agency); from == "" && a != nil {
		from = a.Name
	}
	for _, f := range []string{row.DocNo, from, row.IndexNo} {
		if f != "" {
			one.Facts = append(one.Facts, f)
		}
	}
	return one, v.stand(p, r, row, h, one)
}

// stand says of a document that it is not simply in force.
func (v *searchPage) stand(p *portal, r *http.Request, row *disclosure.Row, h *search.Hit, one *hit) error {
	s, err := p.Normative.Standing(r.Context(), row.Item)
	switch said := class.Validity(h.Validity); {
	case err != nil:
		return err
	case s != nil && s.State != normative.InForce:
		one.Validity, one.Over = v.Text(normative.Word(string(s.State))), s.Over()
	case s == nil && (said == class.Expired || said == class.Repealed || said == class.Amended):
		one.Validity, one.Over = name(class.Validities(), h.Validity, v.Printer.Lang()), said != class.Amended
	}
	return nil
}

// from links to the attachment a passage is from.
func (h *hit) from(p *portal, r *http.Request, row *disclosure.Row, part string) error {
	l, err := p.Reader.Item(r.Context(), row.Item)
	if err != nil {
		return err
	}
	if l.Edition == nil {
		return nil
	}
	for _, f := range l.Edition.Attachments {
		if f.Name == part {
			h.File = &web.Link{Href: p.to(r, row.Agency, "/files/"+row.Item+"/"+f.ID+"/"+url.PathEscape(f.Name)), Text: f.Name}
		}
	}
	return nil
}
