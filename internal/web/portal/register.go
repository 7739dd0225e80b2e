package portal

import (
	"net/http"
	"net/url"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/guide"
	"gongkai/internal/fault"
	"gongkai/internal/web"
)

// body is the one whose site is open. A main site that is nobody's has no such pages.
func (p *portal) body(r *http.Request) (*agency.Agency, error) {
	if a := hereOf(r.Context()).Body; a != nil {
		return a, nil
	}
	return nil, web.ErrNoPage
}

type guidePage struct {
	page
	UpdatedOn string
	Fields    []field
	Channels  []field
}

// showGuide shows a body's published guide (公开指南), article 12.
func (p *portal) showGuide(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	v := guidePage{page: p.page(r, "")}
	v.Title = v.T("portal.guide.of", "body", a.Name)
	v.Trail = p.trail(r, v.page, a, nil)
	depend(r, change.Area("guide", a.ID), change.Area("agency", a.ID))
	shown, err := p.Guides.Shown(r.Context(), a.ID)
	if fault.KindOf(err) == fault.NotFound { // not published yet: the page says so
		return p.pages.Write(w, r, http.StatusOK, "guide", v)
	}
	if err != nil {
		return err
	}
	v.UpdatedOn = day(shown.PublishedAt)
	for _, f := range shown.Content.Fields() {
		v.Fields = append(v.Fields, field{v.Text(f.Label), f.Text})
	}
	for _, c := range shown.Content.Channels {
		if c.Open {
			v.Channels = append(v.Channels, field{v.Text(c.Key.Message()), c.Note})
		}
	}
	return p.pages.Write(w, r, http.StatusOK, "guide", v)
}

// line is a row of the catalogue.
type line struct{ Index, Title, Href, Summary, Formed string }

type cataloguePage struct {
	page
	Heads []string
	Lines []line
	Next  string
}

// showCatalogue shows a body's catalogue (公开目录): the four elements of article 12.
func (p *portal) showCatalogue(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	depend(r, change.Agency(a.ID))
	rows, err := p.Guides.Catalogue(r.Context(), a.ID, r.FormValue("after"), 0)
	if err != nil {
		return err
	}
	v := cataloguePage{page: p.page(r, "")}
	v.Title = v.T("portal.catalogue.of", "body", a.Name)
	v.Trail = p.trail(r, v.page, a, nil)
	v.Heads = guide.Heads(v.Printer)[:4]
	for _, row := range rows.Rows {
		v.Lines = append(v.Lines, line{row.IndexNo, row.Title, p.item(r, row.Agency, row.Item), row.Summary, row.FormedOn.String()})
	}
	if rows.Next != "" {
		v.Next = p.path(r, "/catalogue"+ending) + "?after=" + url.QueryEscape(rows.Next)
	}
	return p.pages.Write(w, r, http.StatusOK, "catalogue", v)
}

type creditPage struct {
	page
	Kinds     []web.Link
	Here      string // the kind shown
	Decisions []decision
	Next      string
}

type decision struct{ Name, No, Decided, Content, Until string }

// showCredit shows a body's licences, penalties or measures as long as their display lasts.
func (p *portal) showCredit(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	kind := credit.Kind(r.FormValue("kind"))
	if kind != credit.Penalty && kind != credit.Measure {
		kind = credit.Licence
	}
	depend(r, change.Area("credit", a.ID))
	all, next, err := p.Credit.Public(r.Context(), a.ID, kind, r.FormValue("after"))
	if err != nil {
		return err
	}
	v := creditPage{page: p.page(r, "")}
	v.Title = v.T("portal.credit.of", "body", a.Name)
	v.Trail = p.trail(r, v.page, a, nil)
	base := p.path(r, "/credit"+ending) + "?kind="
	for _, k := range credit.Kinds {
		v.Kinds = append(v.Kinds, web.Link{Href: base + string(k), Text: v.Text(credit.Word(string(k)))})
	}
	v.Here = v.Text(credit.Word(string(kind)))
	for _, d := range all {
		v.Decisions = append(v.Decisions, decision{d.Name, d.No, d.DecidedOn.String(), d.Content, d.Until.String()})
	}
	if next != "" {
		v.Next = base + string(kind) + "&after=" + url.QueryEscape(next)
	}
	return p.pages.Write(w, r, http.StatusOK, "credit", v)
}
