package section

import (
	"time"

	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/workday"
)

// State is how a section stands on a day.
type State string

// The states.
const (
	Unwatched State = "unwatched" // nothing is due
	Current   State = "current"
	Soon      State = "soon"    // about to be due
	Overdue   State = "overdue" //
)

// Facts are what is on record about a section's updates.
type Facts struct {
	Opened   date.Date // from when it is watched
	Last     date.Date // last publication in it, zero for none
	Reviewed date.Date // last looked through, of Permanent
}

// Happening is an event that something must be published about.
type Happening struct {
	ID      string
	Section string
	On      date.Date // 形成或变更之日
	What    string
	Item    string // the item that is to be published about it, or that was; "" if not known yet
	Due     date.Date
	DueSure bool // the holidays up to Due are known
	Done    bool
	DoneOn  date.Date
	By      string // who recorded it
	At      time.Time
	Version int64
}

// Watch is how a section's duty stands.
type Watch struct {
	State State
	Due   date.Date // the next deadline, or the one that was missed
	Since date.Date // overdue since this day, the first after Due
	Warn  date.Date // about to be due from this day
	Sure  bool      // no unannounced holiday can change Due
	Why   i18n.Message
}

// Due tells how a section with duty d stands today. It is overdue from the day after the
// deadline.
//
// Our reading where the duty names only a period: a publication within the period meets it,
// also a late one; the period after it is then the next.
func Due(d Duty, f Facts, open []Happening, today date.Date, cal *workday.Calendar) Watch {
	for i := range open {
		open[i].count(d, cal)
	}
	w := d.next(f, open)
	w.State = stateOn(w.Due, w.Warn, today)
	if w.State == Overdue {
		w.Since = w.Due.Plus(1)
	}
	return w
}

// stateOn is the state of a deadline on a day.
func stateOn(due, warn, today date.Date) State {
	switch {
	case due.IsZero():
		return Unwatched
	case today.After(due):
		return Overdue
	case !today.Before(warn):
		return Soon
	}
	return Current
}

// count sets the deadline of an event. With a count of none ("at once") it is the day itself,
// or the first working day after it.
//
// R-PUB-01: “自该政府信息形成或者变更之日起”, the day itself not counted.
func (h *Happening) count(d Duty, cal *workday.Calendar) {
	if d.Rhythm != Event {
		h.Due, h.DueSure = date.Date{}, true
		return
	}
	var due workday.Due
	switch {
	case d.N == 0:
		due = cal.Next(h.On)
	case d.Unit == Days:
		due = workday.Due{Date: h.On.Plus(d.N), Sure: true}
	default:
		due = cal.Add(h.On, d.N)
	}
	h.Due, h.DueSure = due.Date, due.Sure
}

// next finds the next deadline. Of an event duty that is the earliest of the open events'.
func (d Duty) next(f Facts, open []Happening) Watch {
	w := Watch{Sure: true}
	switch d.Rhythm {
	case Event:
		for _, h := range open {
			if !h.Done && !h.Due.IsZero() && (w.Due.IsZero() || h.Due.Before(w.Due)) {
				w.Due, w.Sure = h.Due, h.DueSure
				w.Why = i18n.M("section.why.event", "on", h.On, "what", h.What, "duty", d.Message())
			}
		}
	case Every:
		from := latest(f.Last, f.Opened)
		w.Due = from.Plus(d.N)
		if d.Unit == Months {
			w.Due = from.PlusMonths(d.N)
		}
		w.Why = sinceLast(f, d)
	case Monthly, Quarterly, Yearly:
		w.Due = d.nextPeriod(f)
		w.Why = sinceLast(f, d)
	case Permanent:
		w.Due = latest(f.Last, f.Opened, f.Reviewed).PlusMonths(12)
		w.Why = i18n.M("section.why.review", "on", latest(f.Last, f.Opened, f.Reviewed))
	}
	if !w.Due.IsZero() {
		w.Warn = w.Due.Plus(-d.lead())
	}
	return w
}

// nextPeriod is the deadline of the period after that of the last publication; where there
// was none, the first deadline from the day the section is watched.
func (d Duty) nextPeriod(f Facts) date.Date {
	if !f.Last.IsZero() && !f.Last.Before(f.Opened) {
		return d.dayIn(d.period(f.Last).PlusMonths(d.span()))
	}
	if f.Opened.IsZero() {
		return date.Date{}
	}
	first := d.period(f.Opened)
	if due := d.dayIn(first); !due.Before(f.Opened) && !sameOrAfter(f.Last, first) {
		return due
	}
	return d.dayIn(first.PlusMonths(d.span()))
}

func sameOrAfter(d, first date.Date) bool { return !d.IsZero() && !d.Before(first) }

func sinceLast(f Facts, d Duty) i18n.Message {
	if f.Last.IsZero() {
		return i18n.M("section.why.never", "on", f.Opened, "duty", d.Message())
	}
	return i18n.M("section.why.last", "on", f.Last, "duty", d.Message())
}

func latest(days ...date.Date) (last date.Date) {
	for _, d := range days {
		if d.After(last) {
			last = d
		}
	}
	return last
}
