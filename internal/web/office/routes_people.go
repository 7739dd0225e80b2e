package office

import (
	"gongkai/internal/actor"
	"gongkai/internal/i18n"
)

// peopleRoutes are the people of the installation, oneself among them, and the rules of
// signing in.
func (o *Office) peopleRoutes(rt *router) {
	if o.People == nil || o.Agencies == nil {
		return
	}
	rt.Open("GET /office/setup", o.showSetUp)
	rt.Open("POST /office/setup", o.setUp)

	rt.Page("GET /office/people", o.listPeople)
	rt.Page("GET /office/people/new", o.newPerson)
	rt.Page("POST /office/people/new", o.createPerson)
	rt.Page("GET /office/people/{id}", o.showPerson)
	rt.Page("GET /office/people/{id}/edit", o.editPerson)
	rt.Page("POST /office/people/{id}/edit", o.changePerson)
	rt.Page("POST /office/people/{id}/act", o.actOnPerson)
	rt.Page("GET /office/security", o.showSecurity)
	rt.Page("POST /office/security", o.changeSecurity)

	rt.Page("GET /office/me", o.showMe)
	rt.Page("POST /office/me/password", o.setPassword)
	rt.Page("POST /office/me/totp", o.startTOTP)
	rt.Page("POST /office/me/totp/confirm", o.confirmTOTP)
	rt.Page("POST /office/me/totp/remove", o.removeTOTP)
	rt.Page("POST /office/me/recovery", o.newRecovery)
	rt.Page("POST /office/me/passkey/begin", o.startPasskey)
	rt.Page("POST /office/me/passkey/finish", o.addPasskey)
	rt.Page("POST /office/me/passkey/remove", o.removePasskey)
	rt.Page("POST /office/me/session", o.endSession)
	rt.Page("POST /office/me/delegate", o.delegate)
	rt.Page("POST /office/me/delegation", o.endDelegation)
	if o.Tokens != nil {
		rt.Page("POST /office/me/token", o.newToken)
		rt.Page("POST /office/me/token/end", o.endToken)
	}

	rt.Nav(NavItem{Group: NavAdmin, Path: "/office/people", Text: i18n.M("people.title"), Icon: "people", Acts: []actor.Act{actor.AccountView}, Keys: "g p"})
	rt.Nav(NavItem{Group: NavAdmin, Path: "/office/security", Text: i18n.M("people.security"), Icon: "audit", Acts: []actor.Act{actor.AccountSecurity}})
	rt.Nav(NavItem{Group: NavWork, Path: "/office/me", Text: i18n.M("me.title"), Icon: "person", Keys: "g m"})
}
