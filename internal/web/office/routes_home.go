package office

import (
	"net/http"

	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// homeRoutes are the start page, help and what belongs to no area.
func (o *Office) homeRoutes(rt *router) {
	rt.Page("GET /office/{$}", o.showHome)
	rt.Page("GET /office/tasks", o.showTasks)
	rt.Page("GET /office/help", o.showHelp)
	rt.Page("POST /office/body", o.switchBody)
	rt.Open("GET /office", func(w http.ResponseWriter, r *http.Request) error { return o.goTo(w, r, "/office/") })

	rt.Nav(NavItem{Group: NavWork, Path: "/office/", Text: i18n.M("office.home.title"), Icon: "home", Keys: "g h", Bar: true})
	rt.Nav(NavItem{Group: NavWork, Path: "/office/tasks", Text: i18n.M("office.tasks.title"), Icon: "tasks", Count: "tasks", Keys: "g t", Bar: true})
	rt.Nav(NavItem{Group: NavOthers, Path: "/office/help", Text: i18n.M("office.help.title"), Icon: "help"})
}

// helpPage explains the office and lists its keys.
type helpPage struct{ Page }

func (o *Office) showHelp(w http.ResponseWriter, r *http.Request) error {
	p := helpPage{o.page(r, printer(r).T("office.help.title"))}
	return o.show(w, r, "help", &p)
}

// switchBody changes the body a person works for, among those they hold a role in.
func (o *Office) switchBody(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	chosen := f.Text("body")
	for _, b := range visitOf(r).Bodies {
		if b.ID == chosen {
			o.setCookie(w, r, bodyCookie, b.ID, 0)
			http.Redirect(w, r, o.safeNext(r, f.Text("next")), http.StatusSeeOther)
			return nil
		}
	}
	return web.ErrChoice
}
