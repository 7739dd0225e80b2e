// Package normative keeps an agency's rules and normative documents (规章、行政规范性文件): how
// each was made, how long it is valid, what ended it, and what stands in force on a day.
package normative

import (
	"time"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/flow"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Kind tells rules from normative documents: the annual report counts them apart.
type Kind string

// The kinds.
const (
	RuleKind Kind = "rule"     // 规章
	Document Kind = "document" // 行政规范性文件
)

// Kinds lists the kinds.
var Kinds = []Kind{RuleKind, Document}

// State is where a record stands in its life.
type State string

// The states, specification §9.2. Amended documents are in force; what ended a document is told
// apart for ever (R-NRM-19).
const (
	Drafting     State = "drafting"
	Consultation State = "consultation"
	LegalReview  State = "legal_review"
	Decided      State = "decided" // by collective decision
	Numbered     State = "numbered"
	Published    State = "published" // and not yet in force
	InForce      State = "in_force"
	Amended      State = "amended"     // in force as amended
	Repealed     State = "repealed"    // 废止
	Expired      State = "expired"     // 失效: its term ran out
	Invalidated  State = "invalidated" // 宣布失效
	Dropped      State = "dropped"     // never published
)

// Act is a move of the life cycle.
type Act string

// The acts.
const (
	Consult    Act = "consult"
	Review     Act = "review"
	Decide     Act = "decide"
	Number     Act = "number"
	Publish    Act = "publish"
	TakeEffect Act = "take_effect"
	Amend      Act = "amend"
	Extend     Act = "extend" // registered again: the term begins anew
	Repeal     Act = "repeal"
	Expire     Act = "expire"
	Invalidate Act = "invalidate"
	Drop       Act = "drop"
)

// Flow is the life of a rule or normative document.
var Flow = table()

func table() flow.Table[State, Act] {
	important, ours := statute.Normative2018.Whole("（三）"), statute.Ref{}
	t := flow.Table[State, Act]{
		flow.Step(Drafting, Consult, Consultation, important).By("R-NRM-10"),
		flow.Step(Drafting, Review, LegalReview, statute.Normative2018.Whole("（六）")).By("R-NRM-11"),
		flow.Step(Consultation, Review, LegalReview, statute.Normative2018.Whole("（六）")).By("R-NRM-11"),
		flow.Step(LegalReview, Decide, Decided, important).By("R-NRM-11"),
		flow.Step(Decided, Number, Numbered, statute.Normative2018.Whole("")).By("R-NRM-12"),
		flow.Step(Numbered, Publish, Published, statute.Normative2018.Whole("")).By("R-NRM-12"),
		flow.Step(Published, TakeEffect, InForce, ours),
		flow.Step(Published, Repeal, Repealed, ours),
	}
	for _, s := range []State{Drafting, Consultation, LegalReview, Decided, Numbered} {
		t = append(t, flow.Step(s, Drop, Dropped, ours))
	}
	for _, s := range []State{InForce, Amended} {
		t = append(t,
			flow.Step(s, Amend, Amended, statute.RuleMaking2017.Whole("")).By("R-NRM-06"),
			flow.Step(s, Extend, s, ours).By("R-NRM-15"),
			flow.Step(s, Repeal, Repealed, statute.RuleMaking2017.Whole("")).By("R-NRM-19"),
			flow.Step(s, Expire, Expired, ours).By("R-NRM-15"),
			flow.Step(s, Invalidate, Invalidated, ours).By("R-NRM-19"))
	}
	return t
}

// words are the messages of states, kinds and acts.
var words = map[string]string{
	"rule": "normative.kind.rule", "document": "normative.kind.document",
	"drafting": "normative.state.drafting", "consultation": "normative.state.consultation",
	"legal_review": "normative.state.legal_review", "decided": "normative.state.decided",
	"numbered": "normative.state.numbered", "published": "normative.state.published",
	"in_force": "normative.state.in_force", "amended": "normative.state.amended",
	"repealed": "normative.state.repealed", "expired": "normative.state.expired",
	"invalidated": "normative.state.invalidated", "dropped": "normative.state.dropped",
	"consult": "normative.act.consult", "review": "normative.act.review", "decide": "normative.act.decide",
	"number": "normative.act.number", "publish": "normative.act.publish", "take_effect": "normative.act.take_effect",
	"amend": "normative.act.amend", "extend": "normative.act.extend", "repeal": "normative.act.repeal",
	"expire": "normative.act.expire", "invalidate": "normative.act.invalidate", "drop": "normative.act.drop",
}

// Word names a state, kind or act of this package.
func Word(key string) i18n.Message { return i18n.M(words[key]) }

// StepKind is a part of the procedure that is put on record.
type StepKind string

// The steps. R-NRM-10: “评估论证、公开征求意见、合法性审核、集体审议决定、向社会公开发布”.
const (
	Evaluation      StepKind = "evaluation"       // 评估论证
	Consulting      StepKind = "consulting"       // 公开征求意见
	Feedback        StepKind = "feedback"         // 意见采纳情况反馈
	FairCompetition StepKind = "fair_competition" // 公平竞争审查
	Legal           StepKind = "legal"            // 合法性审核
	Collective      StepKind = "collective"       // 集体审议决定
)

// StepKinds lists the steps in their order.
var StepKinds = []StepKind{Evaluation, Consulting, Feedback, FairCompetition, Legal, Collective}

// stepWords are the messages of steps.
var stepWords = map[StepKind]string{
	Evaluation: "normative.step.evaluation", Consulting: "normative.step.consulting", Feedback: "normative.step.feedback",
	FairCompetition: "normative.step.fair_competition", Legal: "normative.step.legal", Collective: "normative.step.collective",
}

// Message names the step.
func (k StepKind) Message() i18n.Message { return i18n.M(stepWords[k]) }

// Step is one part of the procedure that took place.
type Step struct {
	Kind   StepKind  `json:"kind"`
	From   date.Date `json:"from"`
	To     date.Date `json:"to"`
	Passed bool      `json:"passed"`
	By     string    `json:"by"`   // the body or meeting
	Note   string    `json:"note"` // for a short consultation, the published reason
}

// Change is an amendment or a renewed term.
type Change struct {
	On    date.Date `json:"on"`
	Act   Act       `json:"act"`
	By    string    `json:"by"` // document number of what changed it
	Note  string    `json:"note"`
	Until date.Date `json:"until"` // the new last day, where it changed
}

// Record is one rule or normative document.
type Record struct {
	ID, Agency string
	Kind       Kind
	Title      string
	DocNo      string // 发文字号, of rules the order's
	Item       string // the published item with its text, "" while there is none
	State      State

	Trial     bool // 暂行、试行
	Market    bool // closely related to market entities
	Important bool // 重要行政规范性文件
	Interpret bool // an interpretation is owed

	Steps []Step

	AdoptedOn   date.Date // 通过日期, of rules
	IssuedOn    date.Date // 成文（公布）日期: the year it is counted in
	PublishedOn date.Date
	EffectiveOn date.Date // 施行日期
	ExpiresOn   date.Date // last day of its term, zero for none
	Headnote    string    // 题注, of rules

	Changes   []Change
	EndedOn   date.Date // first day it is no longer in force
	EndedBy   string    // document number of what ended it
	Reason    string    // in words
	Successor string    // record that took its place

	Interpretation string // item that explains it
	InterpretedOn  date.Date
	FiledOn        date.Date // 备案
	FiledNo        string

	Version   int64
	CreatedAt time.Time
}

// Open reports whether r has not been published yet and not been dropped.
func (r *Record) Open() bool {
	switch r.State {
	case Drafting, Consultation, LegalReview, Decided, Numbered:
		return true
	}
	return false
}

// step returns the last record of a step.
func (r *Record) step(k StepKind) (Step, bool) {
	for i := len(r.Steps) - 1; i >= 0; i-- {
		if r.Steps[i].Kind == k {
			return r.Steps[i], true
		}
	}
	return Step{}, false
}

// passed reports whether a step took place and was passed.
func (r *Record) passed(k StepKind) bool {
	s, ok := r.step(k)
	return ok && s.Passed
}

// Faults of records.
var (
	ErrNone        = &fault.Error{Kind: fault.NotFound, Code: "normative.none"}
	ErrStale       = &fault.Error{Kind: fault.Conflict, Code: "normative.stale"}
	ErrKind        = &fault.Error{Kind: fault.Invalid, Code: "normative.kind", Field: "kind"}
	ErrTitle       = &fault.Error{Kind: fault.Invalid, Code: "normative.title", Field: "title"}
	ErrClosed      = &fault.Error{Kind: fault.Conflict, Code: "normative.closed"}
	ErrStepKind    = &fault.Error{Kind: fault.Invalid, Code: "normative.step_kind", Field: "step"}
	ErrStepDates   = &fault.Error{Kind: fault.Invalid, Code: "normative.step_dates", Field: "to"}
	ErrUnreviewed  = &fault.Error{Kind: fault.Invalid, Code: "normative.unreviewed", Cite: statute.Normative2018.Whole("（六）")}
	ErrUnevaluated = &fault.Error{Kind: fault.Invalid, Code: "normative.unevaluated", Cite: statute.Normative2018.Whole("（三）")}
	ErrUnconsulted = &fault.Error{Kind: fault.Invalid, Code: "normative.unconsulted", Cite: statute.Normative2018.Whole("（三）")}
	ErrShort       = &fault.Error{Kind: fault.Invalid, Code: "normative.short", Cite: statute.Business2019.Art(62, 2)}
	ErrFeedback    = &fault.Error{Kind: fault.Invalid, Code: "normative.no_feedback", Cite: statute.Business2019.Art(62, 2)}
	ErrUnfair      = &fault.Error{Kind: fault.Invalid, Code: "normative.unfair", Cite: statute.Business2019.Art(63)}
	ErrUndecided   = &fault.Error{Kind: fault.Invalid, Code: "normative.undecided", Cite: statute.Normative2018.Whole("（三）")}
	ErrDocNo       = &fault.Error{Kind: fault.Invalid, Code: "normative.docno", Field: "doc_no"}
	ErrTaken       = &fault.Error{Kind: fault.Invalid, Code: "normative.taken", Field: "doc_no"}
	ErrIssued      = &fault.Error{Kind: fault.Invalid, Code: "normative.issued", Field: "issued_on"}
	ErrPublished   = &fault.Error{Kind: fault.Invalid, Code: "normative.published", Field: "published_on"}
	ErrEffective   = &fault.Error{Kind: fault.Invalid, Code: "normative.effective", Field: "effective_on"}
	ErrTooSoon     = &fault.Error{Kind: fault.Invalid, Code: "normative.too_soon", Field: "effective_on", Cite: statute.RuleMaking2017.Art(32)}
	ErrExpires     = &fault.Error{Kind: fault.Invalid, Code: "normative.expires", Field: "expires_on"}
	ErrTerm        = &fault.Error{Kind: fault.Invalid, Code: "normative.term", Field: "expires_on"}
	ErrHeadnote    = &fault.Error{Kind: fault.Invalid, Code: "normative.headnote", Field: "headnote"}
	ErrEnd         = &fault.Error{Kind: fault.Invalid, Code: "normative.end", Field: "on"}
	ErrReason      = &fault.Error{Kind: fault.Invalid, Code: "normative.reason", Field: "reason"}
	ErrState       = &fault.Error{Kind: fault.Invalid, Code: "normative.state", Field: "state"}
	ErrFuture      = &fault.Error{Kind: fault.Invalid, Code: "normative.future", Field: "on"}
	ErrSuccessor   = &fault.Error{Kind: fault.Invalid, Code: "normative.successor", Field: "successor"}
)
