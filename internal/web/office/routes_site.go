package office

import (
	"gongkai/internal/actor"
	"gongkai/internal/i18n"
)

// siteRoutes are how bodies' sites present themselves to the public.
func (o *Office) siteRoutes(rt *router) {
	if o.Sites == nil {
		return
	}
	rt.Page("GET /office/sites", o.listSites)
	rt.Page("GET /office/sites/{id}", o.editSite)
	rt.Upload("POST /office/sites/{id}", fileLimit, o.changeSite)
	rt.Nav(NavItem{Group: NavAdmin, Path: "/office/sites", Text: i18n.M("sites.title"), Icon: "agency", Acts: []actor.Act{actor.SiteChange}})
}
