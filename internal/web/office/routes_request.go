package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
)

// requestLimit bounds a form with the files of a request: as many as an act takes, and its text.
const requestLimit = 64 << 20

// requestRoutes are the requests for information: taken in, handled, decided, answered.
func (o *Office) requestRoutes(rt *router) {
	if o.Requests == nil {
		return
	}
	rt.Page("GET /office/requests", o.listRequests)
	rt.Page("POST /office/requests", o.findRequests)
	rt.Page("GET /office/requests/clocks", o.showClocks)
	rt.Page("GET /office/requests/new", o.showNewRequest)
	rt.Upload("POST /office/requests/new", requestLimit, o.registerRequest)
	rt.Page("GET /office/requests/settings", o.showRequestSettings)
	rt.Page("POST /office/requests/settings", o.changeRequestSettings)
	rt.Page("GET /office/requests/{id}", o.showRequest)
	rt.Page("POST /office/requests/{id}/reveal", o.revealRequest)
	rt.Page("POST /office/requests/{id}/item", o.createRequestItem)
	rt.Page("GET /office/requests/{id}/do/{act}", o.showRequestAct)
	rt.Upload("POST /office/requests/{id}/do/{act}", requestLimit, o.actRequest)
	rt.Page("GET /office/requests/{id}/decide", o.showDecide)
	rt.Page("POST /office/requests/{id}/decide", o.proposeDecision)
	rt.Page("GET /office/requests/{id}/review", o.showRequestReview)
	rt.Page("POST /office/requests/{id}/review", o.reviewRequest)
	rt.Page("GET /office/requests/{id}/letters/{letter}", o.showRequestLetter)
	rt.Page("POST /office/requests/{id}/letters/{letter}", o.actRequestLetter)
	rt.Page("GET /office/requests/{id}/letters/{letter}/{format}", o.sendRequestLetter)
	rt.Page("GET /office/requests/{id}/forms/{code}", o.showRequestForm)
	rt.Page("GET /office/requests/{id}/forms/{code}/{format}", o.sendRequestForm)
	rt.Page("GET /office/requests/{id}/files/{doc}", o.openRequestFile)

	o.moveRoutes(rt)

	rt.Nav(NavItem{Group: NavWork, Path: "/office/requests", Text: i18n.M("requests.nav"), Icon: "request", Keys: "g r",
		Acts: []actor.Act{actor.FoiView, actor.FoiHandle, actor.FoiOversee}, Count: "requests"})
	rt.Count("requests", o.countRequests)
	rt.Tasks(o.requestTasks)
}

// countRequests is the figure beside the navigation: requests that wait for the person.
func (o *Office) countRequests(r *http.Request) (c Count, err error) {
	turns, err := o.Requests.Turns(r.Context(), o.Actor(r), o.Body(r))
	for _, t := range turns {
		c.N++
		if !t.Request.Due.IsZero() && t.Request.Due.Before(o.today()) {
			c.Tone = Bad
		}
	}
	return c, err
}

var turnWords = map[string]string{
	foi.TurnConfirm: "requests.turn.confirm", foi.TurnAssign: "requests.turn.assign", foi.TurnExtend: "requests.turn.extend",
	foi.TurnSend: "requests.turn.send", foi.TurnDue: "requests.turn.due",
}

func turnWord(t foi.Turn) i18n.Message {
	if t.What == foi.TurnReview {
		return foi.Word("review_" + string(t.Review))
	}
	return i18n.M(turnWords[t.What])
}

// requestTasks are the requests in which the next step is the person's.
func (o *Office) requestTasks(r *http.Request, limit int) (tasks []Task, err error) {
	turns, err := o.Requests.Turns(r.Context(), o.Actor(r), o.Body(r))
	for _, t := range turns[:min(len(turns), limit)] {
		tasks = append(tasks, Task{Kind: turnWord(t), Title: t.Request.Title, Href: o.path(r, "/office/requests/%s", t.Request.ID),
			Due: t.Request.Due, Since: t.Request.CreatedAt, Note: t.Request.No})
	}
	return tasks, err
}

var requestTones = map[foi.State]Tone{
	foi.Submitted: Wait, foi.Handling: Wait, foi.Correcting: Note, foi.Reasoning: Note, foi.Paying: Note, foi.Reviewing: Wait,
	foi.Approved: Wait, foi.Closed: Good, foi.Void: Gone, foi.Merged: Gone, foi.Split: Gone,
}

func requestState(p i18n.Printer, s foi.State) *Badge {
	return &Badge{p.Text(foi.Word(string(s))), requestTones[s]}
}

// requestLeft says how many working days are left until a request is due: 5 and less is soon.
// R-DL-15.
func (o *Office) requestLeft(p i18n.Printer, due date.Date, sure bool) Badge {
	n, today := 0, o.today()
	cal := o.Requests.Calendar()
	switch {
	case due.Before(today):
		n = cal.Count(due, today).Days
		return Badge{p.T("requests.left.over", "n", n), Bad}
	case due == today:
		return Badge{p.T("requests.left.today"), Bad}
	}
	n = cal.Count(today, due).Days
	b := Badge{p.T("requests.left.days", "n", n), Plain}
	if n <= 5 {
		b.Tone = Warn
	}
	if !sure {
		b.Text += p.T("requests.left.unsure")
	}
	return b
}
