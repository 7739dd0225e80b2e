package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
)

// lawRoutes are what the statute asks to be kept in registers: normative documents, licences and
// penalties, guide and catalogue, and table two of the annual report made of them.
func (o *Office) lawRoutes(rt *router) {
	o.normativeRoutes(rt)
	o.creditRoutes(rt)
	o.guideRoutes(rt)
}

func (o *Office) normativeRoutes(rt *router) {
	if o.Normative == nil {
		return
	}
	rt.Page("GET /office/normative", o.listNormative)
	rt.Page("GET /office/normative/watch", o.watchNormative)
	rt.Page("GET /office/normative/new", o.newNormative)
	rt.Page("POST /office/normative/new", o.createNormative)
	rt.Page("GET /office/normative/register", o.enterNormative)
	rt.Page("POST /office/normative/register", o.registerNormative)
	rt.Page("GET /office/normative/clean", o.listCleanings)
	rt.Page("POST /office/normative/clean", o.openCleaning)
	rt.Page("GET /office/normative/clean/{id}", o.showCleaning)
	rt.Page("POST /office/normative/clean/{id}", o.judgeCleaning)
	rt.Page("POST /office/normative/clean/{id}/settle", o.settleCleaning)
	rt.Page("GET /office/normative/{id}", o.showNormative)
	rt.Page("POST /office/normative/{id}", o.actNormative)

	rt.Nav(NavItem{Group: NavMake, Path: "/office/normative", Text: i18n.M("law.normative.title"), Icon: "rules",
		Acts: []actor.Act{actor.NormativeView}, Keys: "g n", Count: "normative"})
	rt.Count("normative", o.countNormative)
	rt.Tasks(o.normativeTasks)
}

func (o *Office) creditRoutes(rt *router) {
	if o.Credit == nil {
		return
	}
	rt.Page("GET /office/credit", o.listCredit)
	rt.Page("POST /office/credit", o.bulkCredit)
	rt.Page("GET /office/credit/watch", o.watchCredit)
	rt.Page("GET /office/credit/import", o.chooseCredit)
	rt.Upload("POST /office/credit/import", tableLimit, o.importCredit)
	rt.Page("GET /office/credit/{id}", o.showCredit)
	rt.Page("POST /office/credit/{id}", o.actCredit)
	rt.Page("GET /office/table2", o.showTable2)
	rt.Page("POST /office/table2", o.collectFee)
	rt.Page("GET /office/table2/{key}", o.showFigure)

	rt.Nav(NavItem{Group: NavMake, Path: "/office/credit", Text: i18n.M("law.credit.title"), Icon: "licence",
		Acts: []actor.Act{actor.CreditView}, Keys: "g l", Count: "credit"})
	rt.Nav(NavItem{Group: NavKeep, Path: "/office/table2", Text: i18n.M("law.table2.title"), Icon: "report",
		Acts: []actor.Act{actor.ReportCompile}})
	rt.Count("credit", o.countCredit)
	rt.Tasks(o.creditTasks)
}

func (o *Office) guideRoutes(rt *router) {
	if o.Guides == nil {
		return
	}
	rt.Page("GET /office/guide", o.editGuide)
	rt.Page("POST /office/guide", o.saveGuide)
	rt.Page("GET /office/catalogue", o.listCatalogue)
	rt.Page("GET /office/numbering", o.editNumbering)
	rt.Page("POST /office/numbering", o.saveNumbering)

	rt.Nav(NavItem{Group: NavKeep, Path: "/office/guide", Text: i18n.M("law.guide.title"), Icon: "book",
		Acts: []actor.Act{actor.GuideEdit}})
	rt.Nav(NavItem{Group: NavKeep, Path: "/office/numbering", Text: i18n.M("law.numbering.title"), Icon: "words",
		Acts: []actor.Act{actor.IndexSet}})
	rt.Nav(NavItem{Group: NavKeep, Path: "/office/catalogue", Text: i18n.M("law.catalogue.title"), Icon: "section",
		Acts: []actor.Act{actor.ItemView}})
}

// countNormative is the figure beside the navigation: what documents owe.
func (o *Office) countNormative(r *http.Request) (Count, error) {
	if !o.Actor(r).Can(actor.NormativeView, actor.In(o.Body(r))) {
		return Count{}, nil
	}
	duties, err := o.Normative.Watch(r.Context(), o.Actor(r), o.Body(r))
	c := Count{N: len(duties)}
	for _, d := range duties {
		if d.Overdue {
			c.Tone = Bad
		}
	}
	return c, err
}

// countCredit is the figure beside the navigation: what is to be published or withdrawn.
func (o *Office) countCredit(r *http.Request) (Count, error) {
	if !o.Actor(r).Can(actor.CreditView, actor.In(o.Body(r))) {
		return Count{}, nil
	}
	n, overdue, err := o.Credit.Waiting(r.Context(), o.Actor(r), o.Body(r))
	c := Count{N: n}
	if overdue {
		c.Tone = Bad
	}
	return c, err
}
