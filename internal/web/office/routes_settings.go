package office

import (
	"gongkai/internal/actor"
	"gongkai/internal/i18n"
)

// settingRoutes are what holds for the whole installation and changes while it serves: word
// lists of the checks, synonyms of searches, holiday notices.
func (o *Office) settingRoutes(rt *router) {
	if o.Words != nil {
		rt.Page("GET /office/words", o.listWords)
		rt.Page("GET /office/words/new", o.newWords)
		rt.Upload("POST /office/words/new", tableLimit, o.saveWords)
		rt.Page("GET /office/words/{name}", o.editWords)
		rt.Upload("POST /office/words/{name}", tableLimit, o.saveWords)
		rt.Nav(NavItem{Group: NavAdmin, Path: "/office/words", Text: i18n.M("words.title"), Icon: "words", Acts: []actor.Act{actor.WordsChange}})
	}
	if o.Synonyms != nil {
		rt.Page("GET /office/synonyms", o.editSynonyms)
		rt.Upload("POST /office/synonyms", tableLimit, o.saveSynonyms)
		rt.Page("GET /office/synonyms/export", o.exportSynonyms)
		rt.Nav(NavItem{Group: NavAdmin, Path: "/office/synonyms", Text: i18n.M("synonyms.title"), Icon: "words", Acts: []actor.Act{actor.SynonymsChange}})
	}
	if o.Holidays != nil {
		rt.Page("GET /office/holidays", o.showHolidays)
		rt.Upload("POST /office/holidays", tableLimit, o.loadHolidays)
		rt.Nav(NavItem{Group: NavAdmin, Path: "/office/holidays", Text: i18n.M("holidays.title"), Icon: "clock", Acts: []actor.Act{actor.CalendarLoad}})
	}
}
