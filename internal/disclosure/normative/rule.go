package normative

import (
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/disclosure/docno"
)

// consultDays is how long a draft closely related to market entities is normally put to the
// public.
//
// 优化营商环境条例第六十二条第二款: 征求意见的期限一般不少于30日. R-NRM-14.
const consultDays = 30

// ruleDays is how long after its publication a rule comes into force at the earliest.
//
// 规章制定程序条例第三十二条：“规章应当自公布之日起30日后施行；但是，涉及国家安全、外汇汇率、货币
// 政策的确定以及公布后不立即施行将有碍规章施行的，可以自公布之日起施行。” R-NRM-03.
const ruleDays = 30

// Policy is what local rules set and the national text leaves open; every figure is unverified
// practice and can be configured. R-NRM-13, R-NRM-15, R-NRM-16.
type Policy struct {
	Years      int // longest term of a normative document
	TrialYears int // of one 暂行 or 试行
	WarnMonths int // evaluation is due this long before the term ends
	FilingDays int // from publication to filing
	RuleFiling int // the same of rules: 规章制定程序条例第三十四条, 30 days
	Interpret  int // working days to the interpretation: 国办发〔2016〕19号, 3
}

// Usual are the terms most places have.
var Usual = Policy{Years: 5, TrialYears: 2, WarnMonths: 6, FilingDays: 15, RuleFiling: 30, Interpret: 3}

// longest returns the last day of the longest term of a document that takes effect on from.
func (p Policy) longest(r *Record) date.Date {
	years := p.Years
	if r.Trial {
		years = p.TrialYears
	}
	return r.EffectiveOn.PlusMonths(12 * years).Plus(-1)
}

// valid checks what every record must have.
func (r *Record) valid() error {
	r.Title = strings.TrimSpace(r.Title)
	switch {
	case r.Kind != RuleKind && r.Kind != Document:
		return ErrKind
	case r.Title == "":
		return ErrTitle
	}
	return nil
}

// put adds a step of the procedure and makes the move that comes with it.
func (r *Record) put(s Step) (err error) {
	if stepWords[s.Kind] == "" {
		return ErrStepKind
	}
	if s.From.IsZero() || !s.To.IsZero() && s.To.Before(s.From) {
		return ErrStepDates
	}
	if !r.Open() || r.State == Numbered {
		return ErrClosed
	}
	before := r.Steps
	r.Steps = append(append([]Step{}, before...), s)
	if err = r.follow(s); err != nil {
		r.Steps = before
	}
	return err
}

// follow makes the move a step brings: consulting, reviewing and deciding lead on.
func (r *Record) follow(s Step) (err error) {
	switch {
	case s.Kind == Consulting && r.State == Drafting:
		r.State, err = Flow.Next(r.State, Consult)
	case s.Kind == Legal && s.Passed && r.State != LegalReview:
		r.State, err = Flow.Next(r.State, Review)
	case s.Kind == Collective && s.Passed:
		if err = r.mayDecide(); err == nil {
			r.State, err = Flow.Next(r.State, Decide)
		}
	}
	return err
}

// mayDecide holds a draft against what must come before the collective decision.
//
// 国办发〔2018〕37号（六）：“未经合法性审核或者经审核不合法的，不得提交集体审议。” R-NRM-11. For those
// close to market entities, 优化营商环境条例第六十二条、第六十三条. R-NRM-14.
func (r *Record) mayDecide() error {
	consulted, open := r.step(Consulting)
	switch {
	case !r.passed(Legal):
		return ErrUnreviewed
	case r.Important && !r.passed(Evaluation):
		return ErrUnevaluated
	case (r.Important || r.Market) && !open:
		return ErrUnconsulted
	case r.Market && consulted.days() < consultDays && strings.TrimSpace(consulted.Note) == "":
		return ErrShort.With("n", consulted.days()).With("least", consultDays)
	case r.Market && !r.passed(Feedback):
		return ErrFeedback
	case r.Market && !r.passed(FairCompetition):
		return ErrUnfair
	}
	return nil
}

// days is how long a step took, from the day after its first to its last.
func (s Step) days() int {
	if s.To.IsZero() {
		return 0
	}
	return s.To.Days(s.From)
}

// number gives the document its number. R-NRM-12.
func (r *Record) number(no string, issued, today date.Date) (err error) {
	if r.State, err = Flow.Next(r.State, Number); err != nil {
		return err
	}
	reading := docno.Check(no, docno.Context{Issued: issued, Today: today})
	switch {
	case !reading.OK:
		return ErrDocNo.With("why", reading.Faults[len(reading.Faults)-1].Message)
	case issued.IsZero() || issued.After(today):
		return ErrIssued
	}
	r.DocNo, r.IssuedOn = reading.Number.String(), issued
	return nil
}

// Publication is what publishing a record takes.
type Publication struct {
	On        date.Date
	Effective date.Date
	Expires   date.Date // zero where the document states no term
	Item      string
	Headnote  string
	Reason    string // why a rule is in force earlier than 30 days after, or a term longer than usual
}

// publish checks and sets the days of a record.
func (r *Record) publish(p Publication, policy Policy, today date.Date) (err error) {
	next, err := Flow.Next(r.State, Publish)
	if err != nil {
		return err
	}
	r.PublishedOn, r.EffectiveOn, r.ExpiresOn = p.On, p.Effective, p.Expires
	r.Item, r.Headnote, r.Reason = p.Item, strings.TrimSpace(p.Headnote), strings.TrimSpace(p.Reason)
	if p.On.After(today) {
		return ErrPublished
	}
	if err := r.dates(policy); err != nil {
		return err
	}
	r.State = next
	if !r.EffectiveOn.After(today) {
		r.State = InForce
	}
	return nil
}

// dates holds the days of a published record against each other and against the law.
func (r *Record) dates(policy Policy) error {
	switch {
	case r.IssuedOn.IsZero():
		return ErrIssued
	case r.PublishedOn.IsZero() || r.PublishedOn.Before(r.IssuedOn):
		return ErrPublished
	case r.EffectiveOn.IsZero():
		return ErrEffective
	case r.Kind == RuleKind && r.EffectiveOn.Days(r.PublishedOn) < ruleDays && r.Reason == "":
		return ErrTooSoon.With("least", ruleDays)
	case r.Kind == RuleKind && r.Headnote == "":
		return ErrHeadnote
	case !r.ExpiresOn.IsZero() && r.ExpiresOn.Before(r.EffectiveOn):
		return ErrExpires
	}
	if last := policy.longest(r); r.Kind == Document && r.ExpiresOn.After(last) && r.Reason == "" {
		return ErrTerm.With("last", last)
	}
	return nil
}

// Ending is what ends a document.
type Ending struct {
	Act       Act // Repeal or Invalidate
	On        date.Date
	By        string
	Reason    string
	Successor string
}

// end closes the life of a document.
func (r *Record) end(e Ending) (err error) {
	if e.Act != Repeal && e.Act != Invalidate {
		return ErrState
	}
	switch {
	case e.On.IsZero() || e.On.Before(r.PublishedOn):
		return ErrEnd
	case strings.TrimSpace(e.Reason) == "" && strings.TrimSpace(e.By) == "":
		return ErrReason
	case e.Successor != "" && e.Successor == r.ID:
		return ErrSuccessor
	}
	if r.State, err = Flow.Next(r.State, e.Act); err != nil {
		return err
	}
	r.EndedOn, r.EndedBy, r.Reason, r.Successor = e.On, e.By, e.Reason, e.Successor
	return nil
}

// change amends a document or renews its term.
func (r *Record) change(c Change, policy Policy) error {
	if c.Act != Amend && c.Act != Extend {
		return ErrState
	}
	next, err := Flow.Next(r.State, c.Act)
	switch {
	case err != nil:
		return err
	case c.On.IsZero() || c.On.Before(r.PublishedOn):
		return ErrEnd
	case c.Act == Extend && c.Until.IsZero(), !c.Until.IsZero() && c.Until.Before(c.On):
		return ErrExpires
	}
	// A term that begins anew is counted from the day of the change. R-NRM-15.
	renewed := Record{Trial: r.Trial, EffectiveOn: c.On}
	if last := policy.longest(&renewed); r.Kind == Document && c.Until.After(last) && strings.TrimSpace(c.Note) == "" {
		return ErrTerm.With("last", last)
	}
	r.State, r.Changes = next, append(append([]Change{}, r.Changes...), c)
	if !c.Until.IsZero() {
		r.ExpiresOn = c.Until
	}
	return nil
}

// tick makes the moves that time alone brings, and reports whether there was one.
func (r *Record) tick(today date.Date) bool {
	moved := false
	if r.State == Published && !r.EffectiveOn.After(today) {
		r.State, moved = InForce, true
	}
	if (r.State == InForce || r.State == Amended) && !r.ExpiresOn.IsZero() && r.ExpiresOn.Before(today) {
		r.State, r.EndedOn, moved = Expired, r.ExpiresOn.Plus(1), true
	}
	return moved
}
