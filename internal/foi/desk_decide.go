package foi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"gongkai/internal/db"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/statute"
)

// The variants of results that have several letters, as letters know them.
const (
	OtherBody = "other"     // of NotHeld: another body is responsible, art. 36 (5)
	Withdrawn = "withdrawn" // of Misc: the applicant withdrew
)

// Propose hands in the decision for review. What its result needs must be on record: R-DEC-02
// to 07.
func (d *Desk) Propose(ctx context.Context, by actor.Actor, id string, version int64, n Decision) (*Request, error) {
	return d.act(ctx, by, actor.FoiPropose, id, version, Propose, func(w *work) error {
		if err := w.ready(&n); err != nil {
			return err
		}
		if err := w.move(Propose); err != nil {
			return err
		}
		n.By, n.ByName, n.On = by.ID, by.Name, w.today
		w.c.Decision, w.c.Reviews = &n, nil
		w.detail["outcome"] = string(n.Outcome)
		w.step(Propose, w.today, "", false)
		return w.tellable()
	})
}

// tellable refuses a decision whose letter would lack something, before anybody reviews it.
func (w *work) tellable() error {
	facts, err := w.facts(Effect{Closes: true})
	if err != nil {
		return err
	}
	if facts.Number, err = letter.Number(w.s.LetterPattern, w.today.Year(), 1); err != nil {
		return err
	}
	l, err := letter.Draft(w.c.Decision.letter(w.r), facts, w.today)
	if err != nil {
		return err
	}
	if gaps := l.Missing(); len(gaps) > 0 {
		return ErrLacks.With("what", gaps[0].Message).At(gaps[0].Field)
	}
	return nil
}

// Lacking returns what a decision lacks, so that a page can show all of it at once.
func (d *Desk) lacking(w *work, n *Decision, o outcome.Outcome) (all []outcome.Need) {
	for _, need := range o.Needs {
		if !w.has(n, need) {
			all = append(all, need)
		}
	}
	return all
}

// ready returns why a decision may not be proposed, nil if it may.
func (w *work) ready(n *Decision) error {
	if w.r.Nature == OwnRecord {
		if n.Outcome != outcome.Misc {
			return ErrOwnOnly
		}
		return nil
	}
	o, known := outcome.Of(n.Outcome)
	switch {
	case !known:
		return ErrOutcome
	case o.Lapse:
		return ErrTimeOnly
	case len(n.Answers) == 0:
		return ErrLacks.With("what", outcome.Ground.Message())
	}
	if open := w.openConsultation(); open && !n.Outcome.Denial() {
		return ErrConsulting
	}
	for i := range n.Answers {
		if n.Answers[i].Outcome == "" {
			n.Answers[i].Outcome = string(n.Outcome)
			n.Answers[i].Variant = n.Variant
		}
	}
	if lacks := w.d.lacking(w, n, o); len(lacks) > 0 {
		return ErrLacks.With("what", lacks[0].Message()).At(string(lacks[0]))
	}
	return w.filesKnown(n)
}

// openConsultation reports whether somebody asked can still answer.
func (w *work) openConsultation() bool {
	return slices.ContainsFunc(w.c.Consulted, func(one Consultation) bool {
		if one.Sent.IsZero() || !one.Replied.IsZero() {
			return false
		}
		return one.Received.IsZero() || !w.today.After(w.d.Calendar().Add(one.Received, reckon.OpinionDays).Date)
	})
}

// filesKnown makes sure that what is handed over are files of this request, and of one that is
// partly withheld the copies without it: art. 37, R-DEC-06.
func (w *work) filesKnown(n *Decision) error {
	all, err := filesOf(w.tx, w.r.ID)
	if err != nil {
		return err
	}
	for _, key := range n.Files {
		i := slices.IndexFunc(all, func(f *File) bool { return f.ID == key && (f.Kind == Found || f.Kind == Redacted) })
		switch {
		case i < 0:
			return ErrNoFile
		case n.Outcome == outcome.Partial && all[i].Kind == Found:
			return ErrUnredacted
		}
	}
	return nil
}

// has reports whether what a result needs is on record.
func (w *work) has(n *Decision, need outcome.Need) bool {
	any := func(f func(a letter.Answer) bool) bool { return slices.ContainsFunc(n.Answers, f) }
	set := func(s string) bool { return strings.TrimSpace(s) != "" }
	switch need {
	case outcome.Given:
		return len(n.Files) > 0 || any(func(a letter.Answer) bool { return len(a.Provided) > 0 || set(a.Obtain.Way) || set(a.Obtain.Place) })
	case outcome.Where:
		return any(func(a letter.Answer) bool { return set(a.Published.Where) || set(a.Published.URL) })
	case outcome.Ground:
		return any(func(a letter.Answer) bool { return set(a.Reason) })
	case outcome.Provision:
		return any(func(a letter.Answer) bool { return set(a.Law) })
	case outcome.Consulted:
		return w.consulted() || any(func(a letter.Answer) bool { return set(a.Third.WhyNot) })
	case outcome.Withheld:
		return any(func(a letter.Answer) bool {
			return len(a.Withheld) > 0 && !slices.ContainsFunc(a.Withheld, func(p letter.Withheld) bool {
				return !set(p.What) || !set(p.Reason) || !outcome.Code(p.Outcome).Denial() && p.Outcome != "not_information" ||
					p.Outcome == string(outcome.Third) && !w.consulted() && !set(p.Third.WhyNot)
			})
		})
	case outcome.Searched:
		return n.Variant == OtherBody && any(func(a letter.Answer) bool { return set(a.Organ.Name) || a.Organ.Unknown }) || n.Variant != OtherBody && len(w.c.Searches) > 0
	case outcome.Corrected:
		return w.c.Correction != nil && !w.c.Correction.Corrected.IsZero()
	case outcome.Earlier:
		return any(func(a letter.Answer) bool { return !a.Earlier.On.IsZero() && set(a.Earlier.Number) })
	case outcome.Channel:
		return any(func(a letter.Answer) bool { return set(a.Channel) })
	case outcome.ReasonsAsked:
		return w.c.Reasons != nil && !w.c.Reasons.Given.IsZero() && !w.c.Reasons.Accepted
	case outcome.Kind:
		return set(n.Variant)
	}
	return false
}

// consulted reports whether a round with a third party is over: answered, or its 15 working days.
func (w *work) consulted() bool {
	return slices.ContainsFunc(w.c.Consulted, func(one Consultation) bool {
		over := !one.Received.IsZero() && w.today.After(w.d.Calendar().Add(one.Received, reckon.OpinionDays).Date)
		return one.Party == ThirdParty && (!one.Replied.IsZero() || over)
	})
}

// hash is of what reviewers look at.
func (n *Decision) hash() string {
	text, err := json.Marshal(n)
	if err != nil {
		panic("foi: a decision cannot be written: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

var reviewActs = map[ReviewKind]actor.Act{LegalReview: actor.FoiLegal, SecrecyReview: actor.FoiSecrecy, Leadership: actor.FoiApprove}

// Outstanding lists the reviews a proposed decision still has to pass, in order.
func (c *Record) Outstanding(s *Settings) (left []ReviewKind) {
	if c.Decision == nil {
		return nil
	}
	hash := c.Decision.hash()
	for _, k := range s.Reviews(c.Decision.Outcome) {
		if !slices.ContainsFunc(c.Reviews, func(v Review) bool { return v.Kind == k && v.OK && v.Hash == hash }) {
			left = append(left, k)
		}
	}
	return left
}

// Review is one reviewer's opinion: legality, secrecy, leadership, in the body's order, each by
// another person than who proposed it and who reviewed before. A refusal sends the request back.
func (d *Desk) Review(ctx context.Context, by actor.Actor, id string, version int64, kind ReviewKind, ok bool, note string) (*Request, error) {
	what, known := reviewActs[kind]
	if !known {
		return nil, ErrReview
	}
	return d.act(ctx, by, what, id, version, "review", func(w *work) error {
		left := w.c.Outstanding(w.s)
		switch {
		case w.r.State != Reviewing || !contains(left, kind):
			return ErrReview
		case left[0] != kind:
			return ErrOrder
		case w.c.Decision.By == by.ID:
			return ErrOwn
		case slices.ContainsFunc(w.c.Reviews, func(v Review) bool { return v.By == by.ID }):
			return ErrOwn
		case !ok && strings.TrimSpace(note) == "":
			return ErrNote
		}
		w.c.Reviews = append(w.c.Reviews, Review{Kind: kind, By: by.ID, Name: by.Name, At: w.tx.Now, OK: ok, Note: strings.TrimSpace(note), Hash: w.c.Decision.hash()})
		w.detail["review"], w.detail["ok"] = string(kind), map[bool]string{true: "yes", false: "no"}[ok]
		switch {
		case !ok:
			w.step(Return, w.today, note, false)
			return w.move(Return)
		case len(left) > 1:
			w.step(Act("review_"+kind), w.today, note, false)
			return nil
		}
		w.step(Approve, w.today, note, false)
		w.tell("decided")
		if err := w.move(Approve); err != nil {
			return err
		}
		return w.draft(w.c.Decision.letter(w.r), Effect{Closes: true})
	})
}

// letter is the letter that tells a decision.
func (n *Decision) letter(r *Request) letter.Code {
	switch {
	case r.Nature == OwnRecord:
		return "L33"
	case n.Outcome == outcome.NotHeld && n.Variant == OtherBody:
		return "L22"
	}
	o, _ := outcome.Of(n.Outcome)
	return letter.Code(o.Letter)
}

// TakeBack returns an approved decision that was found wrong before its letter was sent.
func (d *Desk) TakeBack(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Request, error) {
	return d.act(ctx, by, actor.FoiPropose, id, version, Return, func(w *work) error {
		if w.reason = strings.TrimSpace(reason); w.reason == "" {
			return ErrReason
		}
		if err := w.move(Return); err != nil {
			return err
		}
		w.step(Return, w.today, reason, false)
		return w.voidDecisionLetter()
	})
}

// close ends a request with a result.
func (w *work) close(a Act, on date.Date, code outcome.Code) error {
	if err := w.move(a); err != nil {
		return err
	}
	w.r.ClosedOn, w.r.Outcome = on, code
	w.detail["outcome"] = string(code)
	w.tell("closed")
	return nil
}

// Withdraw ends a request because the applicant takes it back.
func (d *Desk) Withdraw(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Request, error) {
	return d.act(ctx, by, actor.FoiClose, id, version, Withdraw, func(w *work) error {
		if w.reason = strings.TrimSpace(reason); w.reason == "" {
			return ErrReason
		}
		return w.withdraw(reason)
	})
}

func (w *work) withdraw(reason string) error {
	w.c.Withdrawal = strings.TrimSpace(reason)
	w.step(Withdraw, w.today, "", true)
	if w.r.State == Submitted {
		return w.move(Withdraw)
	}
	if err := w.close(Withdraw, w.today, outcome.Misc); err != nil {
		return err
	}
	w.c.Decision = &Decision{Outcome: outcome.Misc, Variant: Withdrawn, By: w.by.ID, ByName: w.by.Name, On: w.today,
		Answers: []letter.Answer{{Outcome: string(outcome.Misc), Variant: Withdrawn, Reason: w.c.Withdrawal}}}
	if err := w.voidDecisionLetter(); err != nil {
		return err
	}
	return w.draft("L32", Effect{})
}

// LapseNow ends a request whose applicant let the period of a correction or a payment pass.
// 条例第三十条, R-REQ-07, R-FEE-06.
func (d *Desk) LapseNow(ctx context.Context, by actor.Actor, id string, version int64) (*Request, error) {
	return d.act(ctx, by, actor.FoiCount, id, version, Lapse, func(w *work) error { return w.lapse() })
}

func (w *work) lapse() error {
	until, code, paper := w.period()
	switch {
	case code == "":
		return w.move(Lapse)
	case until.IsZero():
		return ErrNotArrived
	case !w.today.After(until):
		return ErrNotLapsed.With("until", until)
	}
	if code == outcome.NotCorrected {
		w.c.Correction.Lapsed = w.today
	} else {
		w.c.Fee.Lapsed = w.today
	}
	w.step(Lapse, w.today, "", true)
	if err := w.close(Lapse, w.today, code); err != nil {
		return err
	}
	return w.draft(paper, Effect{})
}

// period is the last day of what the applicant was asked for, what its lapse means, and the
// letter that says so.
func (w *work) period() (until date.Date, code outcome.Code, paper letter.Code) {
	switch w.r.State {
	case Correcting:
		return w.c.Correction.Due, outcome.NotCorrected, "L30"
	case Paying:
		return w.c.Fee.Due, outcome.NotPaid, "L31"
	}
	return date.Date{}, "", ""
}

// Transfer passes a request on to another body by agreement with the applicant: here it ends as
// 其他处理, there it begins and waits to be confirmed. §2.9 [M].
func (d *Desk) Transfer(ctx context.Context, by actor.Actor, id string, version int64, to, reason string) (r *Request, err error) {
	return d.act(ctx, by, actor.FoiClose, id, version, Transfer, func(w *work) error {
		if w.reason = strings.TrimSpace(reason); w.reason == "" {
			return ErrReason
		}
		if to == w.r.Agency {
			return ErrAgency
		}
		next, err := d.create(w.tx, by, to, w.r.Channel, w.c.Application)
		if err != nil {
			return err
		}
		next.r.Title = w.r.Title
		next.step("submit", w.today, "", true)
		w.step(Transfer, w.today, reason, true)
		w.c.Decision = &Decision{Outcome: outcome.Misc, Variant: "transferred", By: by.ID, ByName: by.Name, On: w.today,
			Answers: []letter.Answer{{Outcome: string(outcome.Misc), Variant: "transferred", Reason: w.reason}}}
		if err := w.close(Transfer, w.today, outcome.Misc); err != nil {
			return err
		}
		w.r.Into = next.r.ID
		next.cite = statute.OGI2019.Art(45)
		return next.created("transfer")
	})
}

// Join merges a request with another of the same applicant for the same, which came in twice: it
// counts once, with the other. That is the earlier one: a request whose period ran is not hidden
// in one whose period has just begun.
func (d *Desk) Join(ctx context.Context, by actor.Actor, id string, version int64, into, reason string) (*Request, error) {
	return d.act(ctx, by, actor.FoiClose, id, version, Merge, func(w *work) error {
		if w.reason = strings.TrimSpace(reason); w.reason == "" {
			return ErrReason
		}
		other, err := load(w.tx, into)
		switch {
		case err != nil || other.ID == w.r.ID || other.Agency != w.r.Agency || !other.State.Open() || other.State == Submitted:
			return ErrMergeInto
		case other.applicant != w.r.applicant:
			return ErrMergeWho
		case other.Nature != w.r.Nature || w.r.Counted && !other.Counted:
			return ErrMergeInto
		case other.Received.After(w.r.Received):
			return ErrMergeEarlier.With("received", other.Received)
		}
		if err := w.move(Merge); err != nil {
			return err
		}
		w.r.Into, w.r.Counted, w.r.ClosedOn = into, false, w.today
		w.step(Merge, w.today, other.No, true)
		return nil
	})
}

// Part is one of the requests another is split into.
type Part struct {
	Title, Sought string
}

// mostParts is into how many a request is split at most.
const mostParts = 20

// Divide registers a request anew as several, each about one matter; each has the day of receipt
// of the first and counts for itself (一事一申请).
func (d *Desk) Divide(ctx context.Context, by actor.Actor, id string, version int64, parts []Part, reason string) (r *Request, err error) {
	return d.act(ctx, by, actor.FoiClose, id, version, Divide, func(w *work) error {
		if w.reason = strings.TrimSpace(reason); w.reason == "" {
			return ErrReason
		}
		if len(parts) < 2 || len(parts) > mostParts {
			return ErrParts
		}
		if err := w.move(Divide); err != nil {
			return err
		}
		w.r.Counted, w.r.ClosedOn = false, w.today
		w.step(Divide, w.today, "", true)
		for _, p := range parts {
			if err := w.part(p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *work) part(p Part) error {
	if plain(p.Sought) == "" {
		return ErrParts
	}
	a := w.c.Application
	a.Sought = Sought{Name: p.Title, Features: p.Sought}
	next, err := w.d.create(w.tx, w.by, w.r.Agency, w.r.Channel, a)
	if err != nil {
		return err
	}
	next.r.Parent, next.r.Nature, next.r.SubmittedOn = w.r.ID, w.r.Nature, w.r.SubmittedOn
	if t := strings.TrimSpace(p.Title); t != "" {
		next.r.Title = t
	}
	next.c.Correction = w.c.Correction
	next.c.Assignment, next.r.Department = w.c.Assignment, w.r.Department
	if err := next.move(Confirm); err != nil {
		return err
	}
	if err := next.receivedOn(w.r.Received, ""); err != nil {
		return err
	}
	next.step(Confirm, w.r.Received, w.r.No, true)
	return next.created("divide")
}

// Reopen begins the new answer that reconsideration or a judgment asks for. The old request stays
// as it was; whether the new one counts is the body's setting (§2.9 [M]).
func (d *Desk) Reopen(ctx context.Context, by actor.Actor, id string, on date.Date, basis string) (next *Request, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		w, err := d.begin(tx, by, id)
		if err != nil {
			return err
		}
		if err := by.May(actor.FoiReopen, actor.In(w.r.Agency)); err != nil {
			return err
		}
		under, err := reopening(tx, id)
		switch {
		case err != nil:
			return err
		case w.r.State != Closed:
			return ErrReopen
		case under:
			return ErrReopening
		case strings.TrimSpace(basis) == "":
			return ErrReopenWhat
		case on.IsZero() || on.Before(w.r.ClosedOn) || on.After(w.today):
			return ErrDay
		}
		again, err := w.again(on)
		if err != nil {
			return err
		}
		again.reason = strings.TrimSpace(basis)
		next = again.r
		return again.created("reopen")
	})
	if err != nil {
		return nil, err
	}
	return next, nil
}

func (w *work) again(on date.Date) (*work, error) {
	next, err := w.d.create(w.tx, w.by, w.r.Agency, w.r.Channel, w.c.Application)
	if err != nil {
		return nil, err
	}
	next.r.Reopens, next.r.Title, next.r.Nature = w.r.ID, w.r.Title, w.r.Nature
	next.r.Counted = w.s.CountAgain && w.r.Counted
	next.c.Assignment, next.r.Department = w.c.Assignment, w.r.Department
	next.c.Searches = w.c.Searches
	if err := next.move(Confirm); err != nil {
		return nil, err
	}
	if err := next.receivedOn(on, ""); err != nil {
		return nil, err
	}
	next.step("reopen", on, w.r.No, true)
	return next, nil
}
