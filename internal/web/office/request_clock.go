package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/i18n"
	"gongkai/internal/workday"
)

// clockView is how long a request has: the day, what remains, and the count day by day.
type clockView struct {
	i18n.Printer
	Due     string
	Left    Badge
	Certain string // whether the day is sure, and if not why
	Sure    bool
	Said    string // in place of a day, where the clock waits or has stopped
	Span    string // from when it counts
	Limits  []Fact
	Steps   []clockStep
	Months  []clockMonth
	Full    string // where the count stands day by day
}

// clockStep is a stretch of days treated alike, or something that happened.
type clockStep struct {
	When, Text, Days, Effect, Cite string
	Tone                           Tone
}

// clockMonth is a month of the calendar in weeks from Monday.
type clockMonth struct {
	Name  string
	Weeks [][]clockDay
}

// clockDay is a day of the calendar and what it counts for.
type clockDay struct {
	N    string
	Text string // the count, or why it does not count
	Tone string // counted, excluded, rest, due, today
	Full string // the day in full, for who listens
}

var clockEffects = map[reckon.Effect]string{
	reckon.Counts: "requests.effect.counted", reckon.Excludes: "requests.effect.excluded", reckon.Event: "requests.effect.event",
	reckon.Refused: "requests.effect.refused", reckon.Remark: "requests.effect.remark",
}

var clockTones = map[reckon.Effect]Tone{reckon.Counts: Good, reckon.Excludes: Gone, reckon.Event: Plain, reckon.Refused: Bad, reckon.Remark: Warn}

var clockStages = map[reckon.Stage]string{
	reckon.CorrectionNotice: "requests.stage.correction_notice", reckon.CorrectionReply: "requests.stage.correction_reply",
	reckon.Opinion: "requests.stage.opinion", reckon.Payment: "requests.stage.payment",
}

var clockSaid = map[reckon.State]string{
	reckon.AwaitCorrection: "requests.clock.await_correction", reckon.AwaitPayment: "requests.clock.await_payment",
	reckon.NotCorrected: "requests.clock.not_corrected", reckon.NotPaid: "requests.clock.not_paid",
}

// clockOf is the clock of a request, counted just now.
func (o *Office) clockOf(r *http.Request, p i18n.Printer, v *foi.View) *clockView {
	c, n := &clockView{Printer: p, Full: o.path(r, "/office/requests/%s", v.Request.ID) + "?view=clock"}, v.Clock
	if v.Request.Received.IsZero() {
		c.Said = p.T("requests.clock.not_yet")
		return c
	}
	c.Due, c.Sure = n.Due.Chinese(), n.Certain
	if p.Lang() == i18n.English {
		c.Due = n.Due.String()
	}
	if key, waits := clockSaid[n.State]; waits {
		c.Said = p.T(key)
	}
	c.Left = o.clockLeft(p, v)
	c.Certain = p.T("requests.clock.certain")
	if !n.Certain {
		c.Certain = p.T("requests.clock.uncertain", "why", p.Text(n.Why))
	}
	c.Span = p.T("requests.clock.span", "received", v.Request.Received, "start", n.Start.Plus(1))
	for _, l := range n.Limits {
		if l.Stage == reckon.CorrectionNotice && l.Passed && l.Met.IsZero() && v.Record.Correction == nil {
			continue // nothing was unclear: that nobody asked is no fault
		}
		c.Limits = append(c.Limits, clockLimit(p, l))
	}
	for _, s := range n.Steps {
		c.Steps = append(c.Steps, clockStepOf(p, s))
	}
	c.Months = clockMonths(p, v)
	return c
}

func (o *Office) clockLeft(p i18n.Printer, v *foi.View) Badge {
	switch q := v.Request; {
	case q.State == foi.Closed && q.Late:
		return Badge{p.T("requests.late"), Bad}
	case q.State == foi.Closed:
		return Badge{p.T("requests.clock.met", "on", q.ClosedOn), Good}
	case !q.State.Open():
		return Badge{p.Text(foi.Word(string(q.State))), Gone}
	case clockSaid[v.Clock.State] != "":
		return Badge{p.T("requests.clock.waits"), Note}
	default:
		return o.requestLeft(p, v.Clock.Due, v.Clock.Certain)
	}
}

func clockLimit(p i18n.Printer, l reckon.Limit) Fact {
	f := Fact{Label: p.T(clockStages[l.Stage]), Value: l.Due.String() + "　" + citeOf(p, l.Cite)}
	switch {
	case !l.Met.IsZero() && !l.Passed:
		f.Badge = &Badge{p.T("requests.limit.met", "on", l.Met), Good}
	case l.Passed:
		f.Badge = &Badge{p.T("requests.limit.passed"), Bad}
	default:
		f.Badge = &Badge{p.T("requests.limit.runs"), Wait}
	}
	return f
}

func clockStepOf(p i18n.Printer, s reckon.Step) clockStep {
	one := clockStep{When: s.From.String(), Text: p.Text(s.Message), Effect: p.T(clockEffects[s.Effect]), Tone: clockTones[s.Effect]}
	if !s.Cite.IsZero() {
		one.Cite = citeOf(p, s.Cite)
	}
	if len(s.Days) > 0 {
		one.Days = strconv.Itoa(s.Working)
		if s.To != s.From {
			one.When += " — " + s.To.String()
		}
	}
	return one
}

// clockMonths is the calendar from the day of receipt to the day the reply is due.
func clockMonths(p i18n.Printer, v *foi.View) (months []clockMonth) {
	days, last := map[date.Date]clockDay{}, v.Clock.Due
	for _, s := range v.Clock.Steps {
		for _, d := range s.Days {
			days[d.Date] = clockDayOf(p, s, d)
			if d.Date.After(last) {
				last = d.Date
			}
		}
	}
	mark := func(d date.Date, key, tone string) {
		one := days[d]
		if one.Text != "" {
			one.Text += " "
		}
		one.Text, one.Tone = one.Text+p.T(key), tone
		days[d] = one
	}
	mark(v.Request.Received, "requests.day.received", "event")
	if clockSaid[v.Clock.State] == "" {
		mark(v.Clock.Due, "requests.day.due", "due")
	}
	if v.Request.State.Open() && !v.Today.After(last) {
		one := days[v.Today]
		one.Full = p.T("requests.day.today")
		days[v.Today] = one
	}
	first := v.Request.Received
	for m := date.Must(first.Year(), first.Month(), 1); !m.After(last) && len(months) < 18; m = m.PlusMonths(1) {
		months = append(months, monthOf(p, m, first, last, days))
	}
	return months
}

func clockDayOf(p i18n.Printer, s reckon.Step, d reckon.Day) clockDay {
	switch {
	case d.Counted && s.Kind == reckon.InExtension:
		return clockDay{Text: p.T("requests.day.extended", "n", d.N), Tone: "counted"}
	case d.Counted:
		return clockDay{Text: p.T("requests.day.counted", "n", d.N), Tone: "counted"}
	case !d.Working && d.Name != "":
		return clockDay{Text: d.Name, Tone: "rest"}
	case !d.Working && d.Kind == workday.Weekend:
		return clockDay{Text: p.T("requests.day.weekend"), Tone: "rest"}
	case !d.Working:
		return clockDay{Text: p.T("requests.day.rest"), Tone: "rest"}
	}
	return clockDay{Text: p.T("requests.day.excluded"), Tone: "excluded"}
}

func monthOf(p i18n.Printer, m, first, last date.Date, days map[date.Date]clockDay) clockMonth {
	out := clockMonth{Name: p.T("requests.month", "year", strconv.Itoa(m.Year()), "month", m.Month())}
	lead := (int(m.Weekday()) + 6) % 7 // blank days before the first, the week begins on Monday
	week := make([]clockDay, lead)
	for d := m; d.Month() == m.Month(); d = d.Plus(1) {
		one := days[d]
		one.N = strconv.Itoa(d.Day())
		if d.Before(first) || d.After(last) {
			one.Tone = "off"
		}
		if week = append(week, one); len(week) == 7 {
			out.Weeks, week = append(out.Weeks, week), nil
		}
	}
	for len(week) > 0 && len(week) < 7 {
		week = append(week, clockDay{})
	}
	if len(week) > 0 {
		out.Weeks = append(out.Weeks, week)
	}
	return out
}

// Weekdays name the columns of a month.
func (c *clockView) Weekdays() []string {
	return []string{c.T("requests.week.mon"), c.T("requests.week.tue"), c.T("requests.week.wed"), c.T("requests.week.thu"), c.T("requests.week.fri"), c.T("requests.week.sat"), c.T("requests.week.sun")}
}
