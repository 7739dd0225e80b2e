package portal

import (
	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/statute"
)

// remedy is what an applicant can do who is not content, or was not answered.
type remedy struct {
	Title, Lead string
	Ways        []field
	Notes       []string
}

// The periods of review and suit. 行政复议法第二十条：“自知道或者应当知道该行政行为之日起六十日内”；
// 行政诉讼法第四十六条：“自知道或者应当知道作出行政行为之日起六个月内”.
const (
	reviewDays = 60
	suitMonths = 6
)

// reviewFirstSince is since when review comes first against refusals: 行政复议法第二十三条第一款第四项.
var reviewFirstSince = date.Must(2024, 1, 1)

func (v *requestPage) remedy(one *foi.Progress) *remedy {
	switch q := one.Request; {
	case q.State == foi.Closed && one.Delivery != nil:
		return v.against(one)
	case q.State.Open() && one.Clock.Overdue:
		return v.silence(one)
	}
	return nil
}

// against says what can be done against a reply, by its outcome and day: R-RL-01 to 03.
func (v *requestPage) against(one *foi.Progress) *remedy {
	m := &remedy{Title: v.T("portal.foi.remedy"), Lead: v.T("portal.foi.remedy.lead")}
	from := arrived(one.Delivery)
	review, suit := v.T("portal.foi.remedy.from_arrival"), v.T("portal.foi.remedy.from_arrival")
	if !from.IsZero() {
		review = v.T("portal.foi.remedy.until", "day", v.on(from.Plus(reviewDays)))
		suit = v.T("portal.foi.remedy.until", "day", v.on(from.PlusMonths(suitMonths)))
	}
	first, other := refused(one)
	to, court := v.List(one.Remedy.Review), v.List(one.Remedy.Court)
	if first && !one.Delivery.On.Before(reviewFirstSince) {
		m.Ways = append(m.Ways, field{v.T("portal.foi.remedy.first"), v.whom(to, "portal.foi.remedy.review_to") + review},
			field{v.T("portal.foi.remedy.then"), v.whom(court, "portal.foi.remedy.court_to") + v.T("portal.foi.remedy.then_text")})
		if other {
			m.Notes = append(m.Notes, v.T("portal.foi.remedy.other_part"))
		}
	} else {
		m.Ways = append(m.Ways, field{v.T("portal.foi.remedy.review"), v.whom(to, "portal.foi.remedy.review_to") + review},
			field{v.T("portal.foi.remedy.suit"), v.whom(court, "portal.foi.remedy.court_to") + suit})
	}
	m.Notes = append(m.Notes, v.T("portal.foi.remedy.letter"))
	return m
}

// whom names to whom one turns, nothing where nobody is set.
func (v *requestPage) whom(names, key string) string {
	if names == "" {
		return ""
	}
	return v.T(key, "names", names)
}

// arrived is the day a reply reached the applicant, zero while it is on its way.
func arrived(d *foi.Delivery) date.Date {
	switch {
	case !d.Arrived.IsZero():
		return d.Arrived
	case d.Way.Posted() || d.Way == foi.Entrusted:
		return date.Date{}
	}
	return d.On
}

// refused reports whether a reply withholds something under arts 14 to 16, against which review
// comes first, and whether it says anything besides: R-RL-02.
func refused(one *foi.Progress) (first, other bool) {
	note := func(c outcome.Code) {
		o, _ := outcome.Of(c)
		if o.ReviewFirst || c == outcome.Query && one.Remedy.QueryFirst {
			first = true
		} else {
			other = true
		}
	}
	if one.Decision == nil {
		return false, true
	}
	for _, a := range one.Decision.Answers {
		if outcome.Code(a.Outcome) != outcome.Partial {
			note(outcome.Code(a.Outcome))
			continue
		}
		other = true
		for _, w := range a.Withheld {
			note(outcome.Code(w.Outcome))
		}
	}
	if len(one.Decision.Answers) == 0 {
		note(one.Request.Outcome)
	}
	return first, other
}

// silence says what can be done when no reply came in time: review or suit as one chooses, from the
// end of the period, or a complaint. 条例第五十一条.
func (v *requestPage) silence(one *foi.Progress) *remedy {
	end := one.Clock.Due
	m := &remedy{Title: v.T("portal.foi.silence"), Lead: v.T("portal.foi.silence.lead", "day", v.on(end))}
	cite := statute.OGI2019.Art(51)
	law := cite.String()
	if v.Lang() == "en" {
		law = cite.English()
	}
	m.Ways = []field{
		{v.T("portal.foi.silence.ask"), v.T("portal.foi.silence.ask_text")},
		{v.T("portal.foi.silence.report"), v.T("portal.foi.silence.report_text", "law", law)},
		{v.T("portal.foi.remedy.review"), v.whom(v.List(one.Remedy.Review), "portal.foi.remedy.review_to") + v.T("portal.foi.remedy.until", "day", v.on(end.Plus(reviewDays)))},
		{v.T("portal.foi.remedy.suit"), v.whom(v.List(one.Remedy.Court), "portal.foi.remedy.court_to") + v.T("portal.foi.remedy.until", "day", v.on(end.PlusMonths(suitMonths)))},
	}
	return m
}
