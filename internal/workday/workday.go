// Package workday counts working days (工作日) as the deadlines of the regulation run: Monday to
// Friday, less the days off and plus the make-up days (调休) that the State Council announces
// year by year. A count that enters a year whose notice is not loaded still gives a date, and
// says that it is not sure.
package workday

import (
	"maps"
	"slices"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/i18n"
)

// Calendar knows the working days of the years whose notices it holds. It never changes: With
// returns another one, so many may count with one Calendar at a time.
type Calendar struct {
	notices map[int]Notice
	days    map[date.Date]Day
}

// New returns a calendar of the notices. A later one of the same year replaces the earlier.
func New(notices ...Notice) *Calendar {
	c := &Calendar{map[int]Notice{}, map[date.Date]Day{}}
	for _, n := range notices {
		c.notices[n.Year] = n
	}
	for _, year := range c.Years() {
		for _, d := range c.notices[year].Days {
			c.days[d.Date] = d
		}
	}
	return c
}

// With returns a calendar that also holds n, in place of an earlier notice of the same year.
func (c *Calendar) With(n Notice) *Calendar {
	all := maps.Clone(c.notices)
	all[n.Year] = n
	return New(slices.Collect(maps.Values(all))...)
}

// Years lists the years whose notices the calendar holds, in order.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.notices)) }

// Notice returns the notice of a year.
func (c *Calendar) Notice(year int) (Notice, bool) {
	n, ok := c.notices[year]
	return n, ok
}

// yearEnd is the day of December from which a year may be changed by the next year's notice:
// those of 2008 and 2019 reached back to 29 December, none since 2007 reached further.
const yearEnd = 29

// lacking returns the year whose notice must be loaded before the kind of day d is certain, and
// false if nothing is lacking.
func (c *Calendar) lacking(d date.Date) (int, bool) {
	if _, ok := c.notices[d.Year()]; !ok {
		return d.Year(), true
	}
	if d.Month() == 12 && d.Day() >= yearEnd {
		if _, ok := c.notices[d.Year()+1]; !ok {
			return d.Year() + 1, true
		}
	}
	return 0, false
}

// Sure reports whether the notices that decide on d are loaded.
func (c *Calendar) Sure(d date.Date) bool {
	_, lacks := c.lacking(d)
	return !lacks
}

// IsWorkday reports whether d is a working day, as far as the loaded notices tell.
func (c *Calendar) IsWorkday(d date.Date) bool {
	if day, ok := c.days[d]; ok {
		return !day.Off
	}
	return !weekend(d)
}

func weekend(d date.Date) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}

// Due is a day counted out.
type Due struct {
	Date date.Date
	Sure bool         // every notice the count needed is loaded
	Why  i18n.Message // which are not
}

// Tally is a number of working days.
type Tally struct {
	Days int
	Sure bool
	Why  i18n.Message
}

// Add returns the n-th working day strictly after d: the day d itself is not counted. With a
// negative n it is the n-th working day before d; with 0, d.
//
// R-DL-00, addWD.
func (c *Calendar) Add(d date.Date, n int) Due {
	if d.IsZero() {
		return Due{}
	}
	step, left := 1, n
	if n < 0 {
		step, left = -1, -n
	}
	doubt := doubt{c: c}
	for left > 0 {
		d = d.Plus(step)
		doubt.note(d)
		if c.IsWorkday(d) {
			left--
		}
	}
	return Due{d, doubt.none(), doubt.why()}
}

// Next returns d if it is a working day, else the first one after it.
func (c *Calendar) Next(d date.Date) Due {
	if d.IsZero() {
		return Due{}
	}
	doubt := doubt{c: c}
	for doubt.note(d); !c.IsWorkday(d); doubt.note(d) {
		d = d.Plus(1)
	}
	return Due{d, doubt.none(), doubt.why()}
}

// Count returns the number of working days after a up to and including b, 0 where b is not
// after a.
//
// R-DL-00, cntWD over (a, b].
func (c *Calendar) Count(a, b date.Date) Tally {
	if a.IsZero() || b.IsZero() {
		return Tally{}
	}
	n, doubt := 0, doubt{c: c}
	for d := a.Plus(1); !d.After(b); d = d.Plus(1) {
		doubt.note(d)
		if c.IsWorkday(d) {
			n++
		}
	}
	return Tally{n, doubt.none(), doubt.why()}
}

// doubt remembers which years' notices a count lacked.
type doubt struct {
	c     *Calendar
	years []int
}

func (u *doubt) note(d date.Date) {
	if year, lacks := u.c.lacking(d); lacks && !slices.Contains(u.years, year) {
		u.years = append(u.years, year)
	}
}

func (u *doubt) none() bool { return len(u.years) == 0 }

func (u *doubt) why() i18n.Message {
	if u.none() {
		return i18n.Message{}
	}
	slices.Sort(u.years)
	if len(u.years) == 1 {
		return i18n.M("workday.unsure", "first", u.years[0])
	}
	return i18n.M("workday.unsure_years", "first", u.years[0], "last", u.years[len(u.years)-1])
}
