package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// sectionRoutes are the sections of a body's site, their duties and the boards of freshness.
func (o *Office) sectionRoutes(rt *router) {
	if o.Sections == nil {
		return
	}
	rt.Page("GET /office/sections", o.listSections)
	rt.Page("POST /office/sections/establish", o.establishSections)
	rt.Page("GET /office/sections/new", o.newSection)
	rt.Page("POST /office/sections/new", o.createSection)
	rt.Page("GET /office/sections/import", o.chooseCatalogue)
	rt.Upload("POST /office/sections/import", tableLimit, o.previewCatalogue)
	rt.Page("POST /office/sections/import/done", o.importCatalogue)
	rt.Page("GET /office/sections/export", o.exportCatalogue)
	rt.Page("GET /office/sections/{id}", o.showSection)
	rt.Page("GET /office/sections/{id}/edit", o.editSection)
	rt.Page("POST /office/sections/{id}/edit", o.changeSection)
	rt.Page("POST /office/sections/{id}/move", o.moveSection)
	rt.Page("POST /office/sections/{id}/retire", o.retireSection)
	rt.Page("POST /office/sections/{id}/review", o.reviewSection)
	rt.Page("POST /office/sections/{id}/events", o.recordEvent)
	rt.Page("POST /office/sections/{id}/close", o.closeEvents)
	rt.Page("GET /office/board", o.showBoard)
	rt.Page("GET /office/board/mine", o.showMine)
	rt.Page("GET /office/board/bodies", o.showBodiesBoard)
	rt.Page("GET /office/board/bodies/{id}", o.showBodyBoard)
	rt.Page("POST /office/board/remind", o.remindOwners)

	rt.Nav(NavItem{Group: NavKeep, Path: "/office/sections", Text: i18n.M("sections.title"), Icon: "section",
		Acts: []actor.Act{actor.SectionCreate, actor.SectionChange, actor.ItemView}, Keys: "g s"})
	rt.Nav(NavItem{Group: NavKeep, Path: "/office/board", Text: i18n.M("board.title"), Icon: "board",
		Acts: []actor.Act{actor.BoardView}, Keys: "g u", Count: "sections"})
	rt.Count("sections", o.countSections)
	rt.Tasks(o.sectionTasks)
}

// body returns the body the person works for, or says that there is none.
func (o *Office) body(r *http.Request) (string, error) {
	if id := o.Body(r); id != "" {
		return id, nil
	}
	return "", web.ErrNoPage
}
