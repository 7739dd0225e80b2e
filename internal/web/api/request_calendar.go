package api

import (
	"net/http"
	"strconv"

	"gongkai/internal/account/token"
	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/foi/reckon/ical"
	"gongkai/internal/i18n"
)

// mediaCalendar is what calendar programs subscribe to: RFC 5545.
const mediaCalendar = "text/calendar; charset=utf-8"

// mostEvents is how many deadlines a calendar holds, the most urgent first.
const mostEvents = 200

// alarmDays are how many working days before a deadline the calendar reminds: R-DL-15.
var alarmDays = []int{5, 3, 1, 0}

// owed are the states in which the next step is the body's.
var owed = []foi.State{foi.Handling, foi.Reasoning, foi.Reviewing, foi.Approved}

// sendCalendar sends the deadlines of the open requests that the token's person handles, or of
// the body for who sees all its requests. It names numbers and titles, nothing of any applicant.
// Calendar programs cannot send a bearer's token: they give it as the password of a user.
func (a *api) sendCalendar(w http.ResponseWriter, r *http.Request) error {
	if _, secret, ok := r.BasicAuth(); ok {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	c, err := a.admit(w, r, token.Requests)
	if err != nil {
		if r.Header.Get("Authorization") == "" {
			w.Header().Set("WWW-Authenticate", `Basic realm="gongkai", charset="UTF-8"`)
		}
		return err
	}
	page, err := c.Requests.List(c.ctx, c.by, foi.Filter{Agency: c.t.Agency, States: owed, ByDue: true, Limit: mostEvents})
	if err != nil {
		return err
	}
	var events []ical.Event
	cal := c.Requests.Calendar()
	for _, one := range page.Requests {
		e := ical.Event{
			UID: one.ID + ".due@gongkai", Day: one.Due, Tentative: !one.Sure,
			Summary:     c.printer().T("api.calendar.summary", "no", one.No, "title", one.Title),
			Description: c.printer().Text(foi.Word(string(one.State))),
		}
		for _, n := range alarmDays {
			if day := cal.Add(one.Due, -n).Date; !day.Before(date.Of(a.Now().In(date.China))) {
				e.Alarms = append(e.Alarms, day)
			}
		}
		events = append(events, e)
	}
	b := ical.Feed(i18n.To(language(r)).T("api.calendar.name"), a.Now(), events)
	h := w.Header()
	h.Set("Content-Type", mediaCalendar)
	h.Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = w.Write(b) // the caller may leave at any time
	return nil
}
