package reckon

import (
	"cmp"
	"slices"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/statute"
	"gongkai/internal/workday"
)

// Reckon counts c on the calendar. A Case that Check finds fault with gives a Count, but one
// that means nothing.
func Reckon(cal *workday.Calendar, c Case, p Policy) Count {
	r := settle(cal, c, p)
	r.tell()
	return r.Count
}

// Glance counts like Reckon and leaves out the account of days: for lists and sums over many
// cases.
func Glance(cal *workday.Calendar, c Case, p Policy) Count { return settle(cal, c, p).Count }

// run is a count in the making.
type run struct {
	Count
	cal *workday.Calendar
	c   Case
	p   Policy

	extra  int       // working days of extension
	out    []stretch // time that is not counted, as far as it lies after Start
	fresh  []restart // why the period began anew
	events []Step
	first  date.Date // the due date as the statute alone gives it, without article 35
	frozen bool      // a fee is not paid: what is done meanwhile changes no date
}

// stretch is a run of days, first to last.
type stretch struct {
	from, to date.Date
	kind     StepKind
}

// restart is a day from which the period was counted anew, and what the days before it were.
type restart struct {
	on   date.Date
	kind StepKind
}

// settle follows the acts in the order in which they happened. Each act must have been
// possible on its day: what comes after the period has ended cannot bring it back.
//
// R-DL-02.
func settle(cal *workday.Calendar, c Case, p Policy) *run {
	r := &run{cal: cal, c: c, p: p}
	r.State, r.Start = Running, c.Received
	if c.Received.IsZero() {
		return r
	}
	r.receive()
	r.correct()
	for _, a := range r.acts() {
		a.do()
	}
	r.end()
	return r
}

// act is something that happened on a day and bears on the period.
type act struct {
	on   date.Date
	rank int
	do   func()
}

// acts returns what happened after receipt and correction, in order of time whatever order it
// was recorded in. On one day, what lengthens the period comes first.
func (r *run) acts() []act {
	var all []act
	for rank, i := range r.order() {
		one := r.c.Consultations[i]
		all = append(all, act{one.Sent, 0, func() { r.consult(i, rank+1) }})
	}
	if e := r.c.Extension; e != nil {
		all = append(all, act{latest(e.Approved, e.Notified), 1, func() { r.extend(*e) }})
	}
	if f := r.c.Fee; f != nil && !f.Notified.IsZero() {
		all = append(all, act{f.Notified, 2, func() { r.charge(*f) }})
	}
	slices.SortStableFunc(all, func(a, b act) int { return cmp.Or(a.on.Compare(b.on), cmp.Compare(a.rank, b.rank)) })
	return all
}

// order returns the consultations in order of time, so that the order in which they were
// recorded changes nothing.
func (r *run) order() []int {
	order := make([]int, len(r.c.Consultations))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := r.c.Consultations[i], r.c.Consultations[j]
		return cmp.Or(a.Sent.Compare(b.Sent), a.Received.Compare(b.Received), a.Replied.Compare(b.Replied), cmp.Compare(a.Kind, b.Kind))
	})
	return order
}

// now returns the last day of the period as it stands.
func (r *run) now() date.Date { return r.cal.Add(r.Start, ReplyDays+r.extra+r.left()).Date }

// left returns how many working days after Start are not counted: those of all stretches
// together, each day once unless the policy says otherwise.
//
// 条例第三十三条第三款：“行政机关征求第三方和其他机关意见所需时间不计算在前款规定的期限内。”
func (r *run) left() int {
	n := 0
	for _, s := range r.away() {
		n += r.cal.Count(s.from.Plus(-1), s.to).Days
	}
	return n
}

// away returns the stretches after Start, joined where they touch or overlap; where the policy
// counts overlaps twice, as they are.
func (r *run) away() []stretch {
	var all []stretch
	for _, s := range r.out {
		s.from = latest(s.from, r.Start.Plus(1))
		if !s.from.After(s.to) {
			all = append(all, s)
		}
	}
	if r.p.Sum {
		return all
	}
	return union(all)
}

// union joins stretches that touch or overlap.
func union(all []stretch) []stretch {
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Or(a.from.Compare(b.from), a.to.Compare(b.to)) })
	var joined []stretch
	for _, s := range all {
		if n := len(joined) - 1; n >= 0 && !s.from.After(joined[n].to.Plus(1)) && joined[n].kind == s.kind {
			joined[n].to = latest(joined[n].to, s.to)
			continue
		} else if n >= 0 && !s.from.After(joined[n].to) {
			s.from = joined[n].to.Plus(1)
			if s.from.After(s.to) {
				continue
			}
		}
		joined = append(joined, s)
	}
	return joined
}

// end closes the count: the later date agreed, the answer, and what today says.
func (r *run) end() {
	r.first = r.now()
	r.Due = r.first
	tally := r.cal.Count(r.Start, r.Due)
	r.Certain, r.Why = tally.Sure, tally.Why
	r.later()
	r.answer()
	r.judge()
	for _, n := range alarmDays {
		r.Alarms = append(r.Alarms, Alarm{n, r.cal.Add(r.Due, -n).Date})
	}
}

// judge says how the case stands today.
func (r *run) judge() {
	today := r.c.Today
	switch {
	case r.State == Answered || today.IsZero():
	case today.After(r.Due):
		r.Left = -r.cal.Count(r.Due, today).Days
		r.Overdue = r.State == Running
	default:
		r.Left = r.cal.Count(today, r.Due).Days
	}
}

// note records an event.
func (r *run) note(s Step) {
	s.To = s.From
	r.events = append(r.events, s)
}

// object records what had no effect, or is to be looked into.
func (r *run) object(effect Effect, kind StepKind, on date.Date, f *fault.Error) {
	r.Faults = append(r.Faults, f)
	r.note(Step{Kind: kind, Effect: effect, From: on, Cite: f.Cite, Message: f.Message()})
}

// limit records the last day of a stage.
func (r *run) limit(stage Stage, n int, due workday.Due, met date.Date, cite statute.Ref) Limit {
	l := Limit{Stage: stage, N: n, Due: due.Date, Sure: due.Sure, Met: met, Cite: cite}
	l.Passed = met.After(l.Due) || met.IsZero() && r.c.Today.After(l.Due)
	r.Limits = append(r.Limits, l)
	return l
}

// latest returns the latest of days; no date is earlier than any.
func latest(all ...date.Date) date.Date {
	return slices.MaxFunc(all, date.Date.Compare)
}

// earliest returns the earlier of two days, the other where one is no date.
func earliest(a, b date.Date) date.Date {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
