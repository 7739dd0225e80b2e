package reckon

import (
	"cmp"
	"slices"

	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// tell lays the count out day by day, from the receipt to the last day.
func (r *run) tell() {
	if r.c.Received.IsZero() {
		return
	}
	r.note(r.dueStep())
	r.Steps = append(r.Steps, r.restarts()...)
	r.Steps = append(r.Steps, r.period()...)
	number(r.Steps)
	r.Steps = append(r.Steps, r.events...)
	slices.SortStableFunc(r.Steps, func(a, b Step) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(last(a), last(b)))
	})
}

// last puts the end of the period after all else that happened on the day.
func last(s Step) int {
	if s.Kind == AtDue {
		return 1
	}
	return 0
}

// dueStep says what the last day is; of a clock that waits or has run out, that it is none.
func (r *run) dueStep() Step {
	s := Step{Kind: AtDue, Effect: Event, From: r.Due, Cite: statute.OGI2019.Art(33, 2)}
	if !r.c.Later.IsZero() {
		s.Cite = statute.OGI2019.Art(35)
	}
	switch r.State {
	case AwaitCorrection, AwaitPayment:
		s.Message = i18n.M("reckon.step.due_waiting")
	case NotCorrected, NotPaid:
		s.Message = i18n.M("reckon.step.due_lapsed")
	default:
		s.Message = i18n.M("reckon.step.due")
	}
	return s
}

// restarts are the days before the period began anew.
func (r *run) restarts() []Step {
	var all []Step
	from := r.c.Received.Plus(1)
	for _, f := range r.fresh {
		if !from.After(f.on) {
			all = append(all, r.step(f.kind, from, f.on))
		}
		from = f.on.Plus(1)
	}
	return all
}

// period are the days after Start up to Due, in stretches treated alike. A day is left out
// while a consultation runs; of the others the first 20 are the reply period, those that follow
// its extension.
func (r *run) period() []Step {
	away := r.away()
	if r.p.Sum {
		away = union(slices.Clone(away))
	}
	var all []Step
	working, from := 0, r.Start.Plus(1)
	kind := r.kindOf(from, away, working)
	for d := from; !d.After(r.Due); d = d.Plus(1) {
		if k := r.kindOf(d, away, working); k != kind {
			all = append(all, r.step(kind, from, d.Plus(-1)))
			kind, from = k, d
		}
		if (kind == InReply || kind == InExtension) && r.cal.IsWorkday(d) {
			working++
		}
	}
	if !from.After(r.Due) {
		all = append(all, r.step(kind, from, r.Due))
	}
	return all
}

// kindOf tells what a day after Start is, when so many working days were counted before it.
func (r *run) kindOf(d date.Date, away []stretch, working int) StepKind {
	for _, s := range away {
		if !d.Before(s.from) && !d.After(s.to) {
			return s.kind
		}
	}
	switch {
	case d.After(r.first):
		return UntilLater
	case working < ReplyDays:
		return InReply
	case working < ReplyDays+r.extra:
		return InExtension
	}
	return InOverlap
}

// The wording, effects and grounds of the stretches.
var (
	stretches = map[StepKind]string{
		InReply: "reckon.step.reply", InExtension: "reckon.step.extension", BeforeCorrection: "reckon.step.before_correction",
		BeforePayment: "reckon.step.before_payment", InConsultation: "reckon.step.consultation", InPayment: "reckon.step.payment",
		InOverlap: "reckon.step.overlap", UntilLater: "reckon.step.later",
	}
	effects = map[StepKind]Effect{
		InReply: Counts, InExtension: Counts, BeforeCorrection: Excludes, BeforePayment: Excludes,
		InConsultation: Excludes, InPayment: Excludes, InOverlap: Excludes, UntilLater: Excludes,
	}
	grounds = map[StepKind]statute.Ref{
		InReply: statute.OGI2019.Art(33, 2), InExtension: statute.OGI2019.Art(33, 2), BeforeCorrection: statute.OGI2019.Art(30),
		BeforePayment: feeMeasures, InPayment: feeMeasures, InConsultation: statute.OGI2019.Art(33, 3),
		InOverlap: statute.OGI2019.Art(33, 3), UntilLater: statute.OGI2019.Art(35),
	}
)

// number numbers the days counted, those of an extension by themselves.
func number(steps []Step) {
	n := map[StepKind]int{}
	for _, s := range steps {
		for i := range s.Days {
			if s.Days[i].Counted {
				n[s.Kind]++
				s.Days[i].N = n[s.Kind]
			}
		}
	}
}

// step describes a stretch with every day of it.
func (r *run) step(kind StepKind, from, to date.Date) Step {
	account := r.cal.Explain(from.Plus(-1), to)
	s := Step{Kind: kind, Effect: effects[kind], From: from, To: to, Working: account.Days, Cite: grounds[kind], Spans: account.Spans}
	s.Message = i18n.M(stretches[kind], "n", account.Days)
	for d := from; !d.After(to); d = d.Plus(1) {
		span, _ := r.cal.Look(d)
		working := r.cal.IsWorkday(d)
		s.Days = append(s.Days, Day{Date: d, Kind: span.Kind, Name: span.Name, Working: working, Counted: working && s.Effect == Counts})
	}
	return s
}
