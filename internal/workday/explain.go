package workday

import (
	"gongkai/internal/date"
	"gongkai/internal/i18n"
)

// Kind is why a day stands out in a count.
type Kind string

// The kinds of Span.
const (
	Weekend Kind = "weekend" // 周六、周日, not counted
	Holiday Kind = "holiday" // 放假, not counted
	MakeUp  Kind = "makeup"  // 调休上班, counted although it is a Saturday or Sunday
)

// Span is a run of days that were not counted, or were although they look like rest days.
type Span struct {
	From, To date.Date
	Kind     Kind
	Name     string // the holiday, as the notice calls it
}

// Days returns the number of days of s.
func (s Span) Days() int { return s.To.Days(s.From) + 1 }

// Message words s for showing beside a deadline.
func (s Span) Message() i18n.Message {
	switch {
	case s.Kind == Holiday && s.Days() == 1:
		return i18n.M("workday.span.holiday_day", "from", s.From, "name", s.Name)
	case s.Kind == Holiday:
		return i18n.M("workday.span.holiday", "from", s.From, "to", s.To, "name", s.Name, "n", s.Days())
	case s.Kind == MakeUp && s.Days() == 1:
		return i18n.M("workday.span.makeup_day", "from", s.From, "name", s.Name)
	case s.Kind == MakeUp:
		return i18n.M("workday.span.makeup", "from", s.From, "to", s.To, "name", s.Name)
	case s.Days() == 1:
		return i18n.M("workday.span.weekend_day", "from", s.From)
	}
	return i18n.M("workday.span.weekend", "from", s.From, "to", s.To)
}

// Account shows how a count came about.
type Account struct {
	Tally
	From, To date.Date // counted over (From, To]
	Spans    []Span    // in order; the days that are not plain Mondays to Fridays
}

// Explain counts like Count and says which days were passed over, and which Saturdays and
// Sundays were counted.
func (c *Calendar) Explain(a, b date.Date) Account {
	acc := Account{Tally: c.Count(a, b), From: a, To: b}
	if a.IsZero() || b.IsZero() {
		return acc
	}
	for d := a.Plus(1); !d.After(b); d = d.Plus(1) {
		if s, stands := c.Look(d); stands {
			acc.Spans = join(acc.Spans, s)
		}
	}
	return acc
}

// Look tells why d is no plain working day, and false if it is one.
func (c *Calendar) Look(d date.Date) (Span, bool) {
	day, named := c.days[d]
	switch {
	case named && day.Off:
		return Span{d, d, Holiday, day.Name}, true
	case named && weekend(d):
		return Span{d, d, MakeUp, day.Name}, true
	case !named && weekend(d):
		return Span{d, d, Weekend, ""}, true
	}
	return Span{}, false
}

// join adds a day to the last span where it continues it.
func join(all []Span, s Span) []Span {
	if n := len(all) - 1; n >= 0 && all[n].Kind == s.Kind && all[n].Name == s.Name && all[n].To.Plus(1) == s.From {
		all[n].To = s.To
		return all
	}
	return append(all, s)
}

// Weekday words the day of the week of d.
func Weekday(d date.Date) i18n.Message {
	return i18n.M(weekdayKeys[d.Weekday()])
}

// weekdayKeys name the days of the week from Sunday.
var weekdayKeys = [7]string{
	"workday.weekday.0", "workday.weekday.1", "workday.weekday.2", "workday.weekday.3", "workday.weekday.4", "workday.weekday.5", "workday.weekday.6",
}
