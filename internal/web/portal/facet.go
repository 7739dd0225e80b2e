package portal

import (
	"net/http"
	"net/url"
	"strconv"

	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/search"
)

// facet is a property hits are counted by, with a link for each value.
type facet struct {
	Key, Name string
	Values    []facetValue
	Open      bool // one of the values is chosen
}

// facetValue is a value of a facet: its link chooses it, or gives the facetValue up.
type facetValue struct {
	Text, Href string
	N          int
	Here       bool
}

// facets are the properties that lists and searches are narrowed by, in their order on the page.
var facets = []struct {
	by   search.Facet
	name string
}{
	{search.ByYear, "portal.facet.year"}, {search.ByTheme, "portal.facet.theme"}, {search.ByGenre, "portal.facet.genre"},
	{search.ByIssuer, "portal.facet.issuer"}, {search.ByValidity, "portal.facet.validity"}, {search.ByKind, "portal.facet.kind"},
	{search.ByAgency, "portal.facet.agency"},
}

func facetKeys() (all []search.Facet) {
	for _, f := range facets {
		all = append(all, f.by)
	}
	return all
}

// mostChoices bounds the values a facet shows.
const mostChoices = 12

// facetList words the counts; href is the address with a value chosen or given up.
func (p *portal) facetList(r *http.Request, v page, counts map[search.Facet][]search.Value, chosen func(by search.Facet, key string) bool,
	href func(by search.Facet, key string, here bool) string) (all []facet) {
	for _, f := range facets {
		one := facet{Key: string(f.by), Name: v.T(f.name)}
		for _, c := range counts[f.by] {
			here := chosen(f.by, c.Key)
			if text := p.facetText(r, v, f.by, c.Key); text != "" && (here || len(one.Values) < mostChoices) {
				one.Values = append(one.Values, facetValue{text, href(f.by, c.Key, here), c.N, here})
				one.Open = one.Open || here
			}
		}
		if len(one.Values) > 1 || one.Open {
			all = append(all, one)
		}
	}
	return all
}

// kindNames are what readers call the kinds of items.
var kindNames = map[disclosure.Kind]string{
	disclosure.Document: "portal.kind.document", disclosure.Information: "portal.kind.information",
	disclosure.Interpretation: "portal.kind.interpretation", disclosure.List: "portal.kind.list",
}

// facetText is what people call a value of a facet, "" for one nobody has a name for.
func (p *portal) facetText(r *http.Request, v page, by search.Facet, key string) string {
	lang := v.Printer.Lang()
	switch by {
	case search.ByTheme:
		return class.PathName(key, lang)
	case search.ByGenre:
		return name(class.Genres(), key, lang)
	case search.ByValidity:
		return name(class.Validities(), key, lang)
	case search.ByKind:
		if k, ok := kindNames[disclosure.Kind(key)]; ok {
			return v.T(k)
		}
		return ""
	case search.ByAgency:
		if a := hereOf(r.Context()).sites.Tree.Get(key); a != nil {
			return a.Name
		}
		return ""
	case search.ByYear:
		if n, err := strconv.Atoi(key); err != nil || n < 1 {
			return ""
		}
	}
	return key
}

// countIn counts what stands in a section by its facets. The text index follows the records by
// some moments: while it does, there are no counts rather than old ones.
func (p *portal) countIn(r *http.Request, v page, s *section.Section) []facet {
	status, err := p.Search.Status(r.Context())
	if err != nil || status.Behind > 0 {
		return nil
	}
	found, err := p.Search.Search(r.Context(), search.Query{States: []string{disclosure.TextPublic}, Sections: []string{s.ID}, Order: search.Newest, Limit: 1, Facets: facetKeys()})
	if err != nil { // the list stands without them
		return nil
	}
	base := p.to(r, s.Agency, "/search"+ending)
	return p.facetList(r, v, found.Facets, func(search.Facet, string) bool { return false }, func(by search.Facet, key string, _ bool) string {
		return base + "?" + url.Values{"section": {s.ID}, string(by): {key}}.Encode()
	})
}
