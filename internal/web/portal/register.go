package portal

import (
	"net/http"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/fault"
	"gongkai/internal/web"
)

// registerArea is what article 12 asks of a body, and its licences, penalties and measures.
func (p *portal) registerArea() area {
	return area{pages: map[string]web.Handler{
		"GET /guide":              p.showGuide,
		"GET /credit":             p.showCredit,
		"GET /credit/{kind}":      p.showCredit,
		"GET /credit/{kind}/{no}": p.showCredit,
	}}
}

// body is the one whose site is open. A main site that is nobody's has no such pages.
func (p *portal) body(r *http.Request) (*agency.Agency, error) {
	if a := hereOf(r.Context()).Body; a != nil {
		return a, nil
	}
	return nil, web.ErrNoPage
}

type guidePage struct {
	page
	Catalogue string // its address
	UpdatedOn string
	Fields    []field
	Channels  []field
	Contact   []field // while there is no guide
	Apply     string  // where one asks online, "" for nowhere
}

// showGuide shows a body's published guide (公开指南), article 12. Until it is published the page
// says so and shows the card of the office that can be asked.
func (p *portal) showGuide(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	v := guidePage{page: p.page(r, ""), Catalogue: p.path(r, "/catalogue"+ending)}
	if p.has["/apply"] {
		v.Apply = p.path(r, "/apply"+ending)
	}
	v.Title = v.T("portal.guide.of", "body", a.Name)
	v.Trail = p.trail(r, v.page, nil, nil)
	v.column(v.T("portal.column.guide"), v.T("portal.column.guide.about"), "", v.T("portal.column.kind.disclosure"))
	depend(r, change.Area("guide", a.ID), change.Area("agency", a.ID))
	shown, err := p.Guides.Shown(r.Context(), a.ID)
	if fault.KindOf(err) == fault.NotFound {
		if v.Contact, err = p.contact(r, v.page, a.ID); err != nil {
			return err
		}
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

// contact is a body's card as pages show it.
func (p *portal) contact(r *http.Request, v page, id string) ([]field, error) {
	var c *agency.Contact
	err := p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		c, err = agency.LoadContact(tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return v.card(c), nil
}

type creditPage struct {
	page
	Kinds     []tab
	Here      string // the kind shown
	Decisions []decision
	Numbers   *numbers
}

type decision struct{ Name, No, Decided, Content, Until string }

// creditRows is how many decisions a page shows.
const creditRows = 50

// creditPaths are the parts of addresses that name kinds; licences come without one.
var creditPaths = map[string]credit.Kind{"": credit.Licence, "penalty": credit.Penalty, "measure": credit.Measure}

// showCredit shows a body's licences, penalties or measures as long as their display lasts.
func (p *portal) showCredit(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	name := r.PathValue("kind")
	kind, ok := creditPaths[name]
	no, err := pageNumber(r)
	if name == string(credit.Licence) && no > 1 {
		kind, ok = credit.Licence, true // the first page of licences has no name
	}
	if err != nil || !ok {
		return web.ErrNoPage
	}
	depend(r, change.Area("credit", a.ID))
	all, total, err := p.Credit.Displayed(r.Context(), a.ID, kind, no, creditRows)
	if err != nil {
		return err
	}
	if beyond(total, creditRows, no) {
		return web.ErrNoPage
	}
	v := creditPage{page: p.page(r, "")}
	v.Title = v.T("portal.credit.of", "body", a.Name)
	v.Trail = p.trail(r, v.page, nil, nil)
	v.stand("credit")
	v.column(v.T("portal.credit"), "", "", v.T("portal.column.kind.disclosure"))
	for _, k := range credit.Kinds {
		v.Kinds = append(v.Kinds, tab{string(k), p.creditPath(r, k), v.Text(credit.Word(string(k))), k == kind})
	}
	v.Here = v.Text(credit.Word(string(kind)))
	for _, d := range all {
		v.Decisions = append(v.Decisions, decision{d.Name, d.No, d.DecidedOn.String(), d.Content, d.Until.String()})
	}
	v.Numbers = v.number(total, creditRows, no, p.creditPath(r, kind), p.path(r, "/credit/"+string(kind)+"/"))
	return p.pages.Write(w, r, http.StatusOK, "credit", v)
}

// creditPath is the first page of a kind.
func (p *portal) creditPath(r *http.Request, k credit.Kind) string {
	if k == credit.Licence {
		return p.path(r, "/credit"+ending)
	}
	return p.path(r, "/credit/"+string(k)+ending)
}
