package portal

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/fault"
	"gongkai/internal/search"
	"gongkai/internal/web"
)

// searchArea is the search page and its suggestions.
func (p *portal) searchArea() area {
	return area{
		pages: map[string]web.Handler{"GET /search": p.showSearch},
		raw:   map[string]web.Handler{"GET /search/suggest": p.suggest},
	}
}

// Parameters of a search's address.
const (
	askText, askScope, askSort, askExact = "q", "scope", "sort", "exact"
	askFrom, askTo, askSection, askAfter = "from", "to", "section", "after"
	scopeAll, scopeOwn                   = "all", "own" // all bodies, or the one whose site it is
)

// Bounds on a search: characters of its text, values of a filter, hits on a page.
const (
	mostTyped  = 200
	mostChosen = 20
	searchHits = 15
)

// asked is what a search's address asks for.
type asked struct {
	values url.Values
	query  search.Query
	scope  string
	exact  bool
}

// ask reads an address. What makes no sense in it is left out rather than refused.
func (p *portal) ask(r *http.Request) *asked {
	form := r.URL.Query()
	a := &asked{values: url.Values{}}
	keep := func(key, value string) {
		if value != "" {
			a.values.Add(key, value)
		}
	}
	text := []rune(strings.TrimSpace(form.Get(askText)))
	if len(text) > mostTyped {
		text = text[:mostTyped]
	}
	a.exact = form.Get(askExact) != ""
	q := &a.query
	q.Text, q.States, q.Limit, q.Facets, q.After = string(text), []string{disclosure.TextPublic}, searchHits, facetKeys(), form.Get(askAfter)
	keep(askText, q.Text)
	if a.exact {
		q.Plain = true
		keep(askExact, "1")
	}
	if q.Order = search.Order(form.Get(askSort)); q.Order != search.Newest && q.Order != search.Oldest {
		q.Order = search.Relevance
	} else {
		keep(askSort, string(q.Order))
	}
	q.From, q.To = askedDay(form.Get(askFrom)), askedDay(form.Get(askTo))
	keep(askFrom, firstDay(q.From))
	keep(askTo, firstDay(q.To))
	for _, f := range facets {
		for _, key := range a.chosen(form[string(f.by)]) {
			if a.narrow(f.by, key) {
				keep(string(f.by), key)
			}
		}
	}
	a.bound(p, r, form)
	return a
}

// bound keeps a search to the body whose site it is, unless all are asked for.
func (a *asked) bound(p *portal, r *http.Request, form url.Values) {
	h := hereOf(r.Context())
	if a.query.Sections = a.chosen(form[askSection]); len(a.query.Sections) > 0 {
		a.values[askSection] = a.query.Sections
		return
	}
	if h.Body == nil || len(h.sites.Tree.All) < 2 {
		return
	}
	main := h.Place == h.sites.Main
	if a.scope = h.Agency; form.Get(askScope) == scopeAll || main && form.Get(askScope) == "" {
		a.scope = scopeAll
	}
	switch {
	case a.scope == scopeAll && !main:
		a.values.Set(askScope, scopeAll)
	case a.scope != scopeAll && main:
		a.values.Set(askScope, scopeOwn)
	}
	if a.scope != scopeAll {
		a.query.Agencies = []string{h.Agency}
		delete(a.values, string(search.ByAgency))
	}
}

// chosen are the values of a filter, each once and not too many.
func (a *asked) chosen(all []string) (some []string) {
	for _, v := range all {
		if v = strings.TrimSpace(v); v != "" && len(v) <= 200 && len(some) < mostChosen && !slices.Contains(some, v) {
			some = append(some, v)
		}
	}
	return some
}

// narrow adds a value to the query's filters; it reports whether it means something.
func (a *asked) narrow(by search.Facet, key string) bool {
	q := &a.query
	switch by {
	case search.ByYear:
		n, err := strconv.Atoi(key)
		if err != nil || n < 1 || n > 9999 {
			return false
		}
		q.Years = append(q.Years, n)
	case search.ByTheme:
		q.Themes = append(q.Themes, key)
	case search.ByGenre:
		q.Genres = append(q.Genres, key)
	case search.ByIssuer:
		q.Issuers = append(q.Issuers, key)
	case search.ByValidity:
		q.Validities = append(q.Validities, key)
	case search.ByKind:
		q.Kinds = append(q.Kinds, key)
	case search.ByAgency:
		q.Agencies = append(q.Agencies, key)
	}
	return true
}

// askedDay reads a day of a form, zero for what is none.
func askedDay(s string) date.Date {
	d, err := date.Parse(strings.TrimSpace(s))
	if err != nil {
		return date.Date{}
	}
	return d
}

// empty reports whether nothing is asked for yet.
func (a *asked) empty() bool {
	q := a.query
	return q.Text == "" && q.From.IsZero() && q.To.IsZero() && len(q.Sections)+len(q.Years)+len(q.Themes)+len(q.Genres)+len(q.Issuers)+len(q.Validities)+len(q.Kinds) == 0 && !a.values.Has(string(search.ByAgency))
}

// with is the address of the search with a parameter set to values, or without it.
func (a *asked) with(p *portal, r *http.Request, key string, values ...string) string {
	all := url.Values{}
	for k, v := range a.values {
		if k != key {
			all[k] = v
		}
	}
	if len(values) > 0 {
		all[key] = values
	}
	at := p.path(r, "/search"+ending)
	if len(all) > 0 {
		at += "?" + all.Encode()
	}
	return at
}

// switched is the address with a filter's value chosen, or given up.
func (a *asked) switched(p *portal, r *http.Request, key, value string, here bool) string {
	values := slices.Clone(a.values[key])
	if here {
		values = slices.DeleteFunc(values, func(v string) bool { return v == value })
	} else {
		values = append(values, value)
	}
	return a.with(p, r, key, values...)
}

// text is the search as one line, which a subscription keeps: where only the words themselves are
// wanted, each in quotes.
func (a *asked) text() string {
	if !a.exact || strings.ContainsAny(a.query.Text, `"“”＂「」《》`) {
		return a.query.Text
	}
	words := strings.Fields(a.query.Text)
	for i, w := range words {
		if !strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "－") {
			words[i] = `"` + w + `"`
		}
	}
	return strings.Join(words, " ")
}

// showSearch answers a search. It is for one answer alone: the index follows the records by some
// moments, and no tag says when.
func (p *portal) showSearch(w http.ResponseWriter, r *http.Request) error {
	if web.IsCopy(r.Context()) {
		return p.showCopySearch(w, r)
	}
	web.Once(r.Context())
	a := p.ask(r)
	depend(r, change.Published)
	v := p.searchPage(r, a)
	if !a.empty() {
		v.Feeds = append(v.Feeds, web.Link{Href: p.path(r, "/search.atom") + "?" + a.values.Encode(), Text: v.T("portal.feed", "site", cmp.Or(a.query.Text, v.Site))})
		if err := v.answer(p, r, a); err != nil {
			return err
		}
	}
	return p.pages.Write(w, r, http.StatusOK, "search", v)
}

// answer asks the index and writes what it found. A search that makes no sense is answered in
// words.
func (v *searchPage) answer(p *portal, r *http.Request, a *asked) error {
	if status, err := p.Search.Status(r.Context()); err != nil {
		return err
	} else if status.Behind > 0 {
		v.Behind = v.T("portal.search.behind", "n", status.Behind)
	}
	found, err := p.Search.Search(r.Context(), a.query)
	var e *fault.Error
	if errors.As(err, &e) && e.Kind == fault.Invalid {
		v.Trouble = v.Text(e.Message())
		return nil
	}
	if err != nil {
		return err
	}
	return v.fill(p, r, a, found)
}

// sectionsAsked loads the sections a search is kept to.
func (p *portal) sectionsAsked(r *http.Request, ids []string) (all []*section.Section) {
	for _, id := range ids {
		if _, path, _, err := p.section(r, id); err == nil {
			all = append(all, path[0])
		}
	}
	return all
}
