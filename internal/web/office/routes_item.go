package office

import (
	"gongkai/internal/actor"
	"gongkai/internal/i18n"
)

// fileLimit is the most bytes of one upload: a scanned document of some hundred pages, or
// half an hour of speech.
const fileLimit = 200 << 20

// itemRoutes are information from its draft to its end.
func (o *Office) itemRoutes(rt *router) {
	if o.Items == nil {
		return
	}
	rt.Page("GET /office/items", o.listItems)
	rt.Page("POST /office/items", o.bulkItems)
	rt.Page("GET /office/items/new", o.newItem)
	rt.Upload("POST /office/items/new", fileLimit, o.createItem)
	rt.Page("GET /office/items/asked", o.listAsked)
	rt.Page("POST /office/items/asked", o.answerAsked)
	rt.Page("GET /office/items/{id}", o.showItem)
	rt.Page("GET /office/editions/{id}", o.showEdition)
	rt.Page("POST /office/editions/{id}", o.actItem)
	rt.Page("GET /office/editions/{id}/edit", o.editItem)
	rt.Page("POST /office/editions/{id}/edit", o.saveItem)
	rt.Page("POST /office/editions/{id}/autosave", o.autosaveItem)
	rt.Upload("POST /office/editions/{id}/files", fileLimit, o.attachFile)
	rt.Page("GET /office/editions/{id}/files/{file}", o.showFile)
	rt.Page("POST /office/editions/{id}/files/{file}", o.changeFile)
	rt.Page("POST /office/editions/{id}/fix", o.fixFinding)
	rt.Page("POST /office/editions/{id}/override", o.overrideFinding)
	rt.Page("GET /office/editions/{id}/review", o.reviewItem)
	rt.Page("POST /office/editions/{id}/review", o.judgeItem)
	rt.Page("GET /office/editions/{id}/compare", o.compareItem)
	rt.Page("GET /office/editions/{id}/sheet", o.sheetItem)

	rt.Nav(NavItem{Group: NavMake, Path: "/office/items", Text: i18n.M("item.title"), Icon: "items",
		Acts: []actor.Act{actor.ItemView}, Keys: "g i", Bar: true})
	rt.Nav(NavItem{Group: NavMake, Path: "/office/items?view=review", Text: i18n.M("item.view.review"), Icon: "review",
		Acts: []actor.Act{actor.ItemReview1, actor.ItemReview2, actor.ItemReview3, actor.ItemSecrecy}, Count: "reviews", Keys: "g r"})
	rt.Count("reviews", o.countReviews)
	rt.Tasks(o.itemTasks)
}
