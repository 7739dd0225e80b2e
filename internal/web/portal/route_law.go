package portal

import (
	"context"
	"net/http"

	"gongkai/internal/change"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/web"
)

// lawArea is the register of rules and normative documents, and documents with what explains
// them.
func (p *portal) lawArea() area {
	return area{pages: map[string]web.Handler{
		"GET /policy":               p.listPolicies,
		"GET /normative":            p.listNormative,
		"GET /normative/{no}":       p.listNormative,
		"GET /normative/ended":      p.listEnded,
		"GET /normative/ended/{no}": p.listEnded,
	}}
}

// everyone reports whether the site that is open shows what all bodies have, and whose is shown:
// "" for all.
func (p *portal) everyone(r *http.Request) (agency string, all bool) {
	h := hereOf(r.Context())
	if h.Place == h.sites.Main && (h.Body == nil || len(h.sites.Tree.All) > 1) {
		return "", true
	}
	return h.Body.ID, false
}

// registered is a line of the register.
type registered struct {
	entry
	Body  string // where all bodies' are shown
	State string
	Over  bool
	From  string // day of taking effect
	Until string // last day of its term, or the day it ended
	By    string // what ended it
}

type normativePage struct {
	page
	Lists   []tab
	About   string
	Ended   bool
	Lines   []registered
	Total   int
	Numbers *numbers
}

// registerRows is how many documents a page of the register shows.
const registerRows = 50

// listNormative lists the rules and normative documents in force with their validity: R-NRM-18.
func (p *portal) listNormative(w http.ResponseWriter, r *http.Request) error {
	return p.register(w, r, p.Normative.InForce, "/normative", "portal.normative.about")
}

// listEnded lists those that have ended, which stay readable.
func (p *portal) listEnded(w http.ResponseWriter, r *http.Request) error {
	return p.register(w, r, p.Normative.Ended, "/normative/ended", "portal.normative.ended.about")
}

// registerList reads a page of one of the register's lists.
type registerList func(ctx context.Context, agency string, no, n int) ([]*normative.Registered, int, error)

func (p *portal) register(w http.ResponseWriter, r *http.Request, list registerList, base, about string) error {
	no, err := pageNumber(r)
	if err != nil {
		return err
	}
	agency, all := p.everyone(r)
	if all {
		depend(r, change.Areas("normative"), change.Published)
	} else {
		depend(r, change.Area("normative", agency), change.Agency(agency))
	}
	lines, total, err := list(r.Context(), agency, no, registerRows)
	if err != nil {
		return err
	}
	if beyond(total, registerRows, no) {
		return web.ErrNoPage
	}
	v := normativePage{page: p.page(r, ""), Total: total, Ended: base != "/normative"}
	v.Title, v.About = v.T("portal.normative"), v.T(about)
	v.Trail = p.trail(r, v.page, nil, nil)
	v.stand("normative")
	v.column(v.Title, v.About, "", v.T("portal.column.kind.disclosure"))
	v.Lists = []tab{{"", p.path(r, "/normative"+ending), v.T("portal.normative.valid"), !v.Ended},
		{"", p.path(r, "/normative/ended"+ending), v.T("portal.normative.ended"), v.Ended}}
	for _, one := range lines {
		v.Lines = append(v.Lines, p.registered(r, v.page, one, all))
	}
	v.Numbers = v.number(total, registerRows, no, p.path(r, base+ending), p.path(r, base+"/"))
	return p.pages.Write(w, r, http.StatusOK, "normative", v)
}

func (p *portal) registered(r *http.Request, v page, one *normative.Registered, named bool) registered {
	out := registered{entry: entry{p.item(r, one.Agency, one.Item), one.Title, one.DocNo, one.IssuedOn.String()},
		State: v.Text(normative.Word(string(one.State))), From: one.EffectiveOn.String(), Until: one.ExpiresOn.String(), By: one.EndedBy}
	if !one.EndedOn.IsZero() {
		out.Over, out.Until = true, one.EndedOn.String()
	}
	if named {
		out.Body = hereOf(r.Context()).sites.Of(one.Agency).Title()
	}
	return out
}

type policyPage struct {
	page
	Policies        []policy
	Interpretations []entry
}

// How many documents and interpretations their page shows; older ones stand in their sections.
const policyRows, interpretationRows = 50, 20

// listPolicies lists documents with what explains them, both ways: R-NRM-31, R-WEB-09.
func (p *portal) listPolicies(w http.ResponseWriter, r *http.Request) error {
	agency, all := p.everyone(r)
	if all {
		depend(r, change.Published)
	} else {
		depend(r, change.Agency(agency))
	}
	policies, err := p.Reader.Policies(r.Context(), agency, policyRows)
	if err != nil {
		return err
	}
	rows, err := p.Reader.Interpretations(r.Context(), agency, interpretationRows)
	if err != nil {
		return err
	}
	v := policyPage{page: p.page(r, ""), Policies: p.policies(r, policies), Interpretations: p.entries(r, rows)}
	v.Title = v.T("portal.policy")
	v.Trail = p.trail(r, v.page, nil, nil)
	v.column(v.Title, v.T("portal.policy.about"), "", v.T("portal.column.kind.disclosure"))
	return p.pages.Write(w, r, http.StatusOK, "policy", v)
}
