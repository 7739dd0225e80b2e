package portal

import (
	"net/http"
	"net/url"
)

// minePage lists the requests of who is signed in.
type minePage struct {
	page
	Self, Apply string
	Requests    []ownRequest
}

type ownRequest struct {
	Sought, Body, On, State, Code string
	Late                          bool
}

// showMine lists the requests of an account; who is not signed in is led there first.
func (p *portal) showMine(w http.ResponseWriter, r *http.Request) error {
	if p.Identity == nil || !p.Identity.On() {
		return p.onTo(w, r, "/request"+ending)
	}
	who, err := p.person(r)
	if err != nil {
		return err
	}
	if who == nil {
		return p.onTo(w, r, signInPath+"?next="+url.QueryEscape(p.path(r, "/my-requests"+ending)))
	}
	all, err := p.Requests.Mine(r.Context(), who.Mark)
	if err != nil {
		return err
	}
	v := &minePage{page: p.foiFrame(r, "portal.foi.mine_all", true), Self: p.path(r, "/request"+ending), Apply: p.path(r, "/apply"+ending)}
	for _, one := range all {
		q := one.Request
		v.Requests = append(v.Requests, ownRequest{one.Application.Sought.Name, p.bodyName(r, q.Agency), q.SubmittedOn.String(), v.T(plainStates[q.State][0]), one.Code, one.Clock.Overdue && q.State.Open()})
	}
	return p.pages.Write(w, r, http.StatusOK, "foi_mine", v)
}
