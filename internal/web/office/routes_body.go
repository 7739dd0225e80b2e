package office

import (
	"gongkai/internal/actor"
	"gongkai/internal/i18n"
)

// tableLimit is the most bytes of an imported table.
const tableLimit = 20 << 20

// bodyRoutes are the bodies of the installation: their tree, facts, cards and past.
func (o *Office) bodyRoutes(rt *router) {
	if o.Agencies == nil {
		return
	}
	rt.Page("GET /office/bodies", o.listBodies)
	rt.Page("GET /office/bodies/new", o.newBody)
	rt.Page("POST /office/bodies/new", o.createBody)
	rt.Page("GET /office/bodies/import", o.chooseBodies)
	rt.Upload("POST /office/bodies/import", tableLimit, o.importBodies)
	rt.Page("GET /office/bodies/{id}", o.showBody)
	rt.Page("GET /office/bodies/{id}/edit", o.editBody)
	rt.Page("POST /office/bodies/{id}/edit", o.changeBody)
	rt.Page("GET /office/bodies/{id}/contact", o.editContact)
	rt.Page("POST /office/bodies/{id}/contact", o.changeContact)
	rt.Page("GET /office/bodies/{id}/end", o.closeBody)
	rt.Page("POST /office/bodies/{id}/end", o.endBody)

	rt.Nav(NavItem{Group: NavAdmin, Path: "/office/bodies", Text: i18n.M("body.title"), Icon: "agency",
		Acts: []actor.Act{actor.AgencyCreate, actor.AgencyChange, actor.AgencyContact, actor.AccountGrant}, Keys: "g b"})
}
