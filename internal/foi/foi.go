// Package foi handles requests for government information (依申请公开) from the day one is made to
// the day its reply is delivered: 条例第二十七条 to 第四十二条.
//
// A Request holds what lists and counts need in the open and everything personal sealed. What
// happened is its Record; deadlines are counted from it whenever somebody asks, and only kept
// beside it so that lists can be ordered by them. Papers leave the body as letters: an act that
// needs one (a correction, an extension, a decision) takes effect when its letter is sent.
package foi

import (
	"time"

	"gongkai/internal/date"
	"gongkai/internal/flow"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// State is where a request stands. Overdue is no state but its deadline held against today.
type State string

// The states.
const (
	Submitted  State = "submitted"  // sent by internet, fax or mail; not confirmed by both sides
	Handling   State = "handling"   // the reply period runs
	Correcting State = "correcting" // the applicant was asked to correct
	Reasoning  State = "reasoning"  // the applicant was asked for reasons, art. 35
	Paying     State = "paying"     // a fee was asked for
	Reviewing  State = "reviewing"  // a decision is proposed and reviewed
	Approved   State = "approved"   // its letter is ready to be sent
	Closed     State = "closed"     // replied, withdrawn or lapsed: one of the 22 results
	Void       State = "void"       // was no request, or withdrawn before it was registered: not counted
	Merged     State = "merged"     // the same request came in twice: counted once, with the other
	Split      State = "split"      // registered anew as several: those are counted
)

// Act is a move of a request.
type Act string

// The acts. Those that the statute does not name are marked as ours in the table.
const (
	Confirm       Act = "confirm"
	Discard       Act = "discard"
	Assign        Act = "assign"
	Search        Act = "search"
	Consult       Act = "consult"
	Extend        Act = "extend"
	AskCorrection Act = "ask_correction"
	Correct       Act = "correct"
	Lapse         Act = "lapse"
	AskReasons    Act = "ask_reasons"
	GiveReasons   Act = "give_reasons"
	AgreeLater    Act = "agree_later"
	Charge        Act = "charge"
	Pay           Act = "pay"
	Waive         Act = "waive"
	Propose       Act = "propose"
	Return        Act = "return"
	Approve       Act = "approve"
	Deliver       Act = "deliver"
	Withdraw      Act = "withdraw"
	Transfer      Act = "transfer"
	Merge         Act = "merge"
	Divide        Act = "divide"
)

var ogi = statute.OGI2019

// Flow is the life of a request.
var Flow = flow.Table[State, Act]{
	flow.Step(Submitted, Confirm, Handling, ogi.Art(31)).By("R-DL-01"),
	flow.Step(Submitted, Discard, Void, statute.Ref{}),
	flow.Step(Submitted, Withdraw, Void, statute.Ref{}),
	flow.Step(Handling, Assign, Handling, ogi.Art(45)),
	flow.Step(Handling, Search, Handling, ogi.Art(36, 0, 4)).By("R-DEC-04"),
	flow.Step(Handling, Consult, Handling, ogi.Art(32)).By("R-DL-13"),
	flow.Step(Handling, Extend, Handling, ogi.Art(33, 2)).By("R-DL-12"),
	flow.Step(Handling, AskCorrection, Correcting, ogi.Art(30)).By("R-REQ-07"),
	flow.Step(Correcting, Correct, Handling, ogi.Art(30)).By("R-DL-08"),
	flow.Step(Correcting, Lapse, Closed, ogi.Art(30)).By("R-REQ-07"),
	flow.Step(Correcting, Withdraw, Closed, statute.Ref{}),
	flow.Step(Handling, AskReasons, Reasoning, ogi.Art(35)).By("R-REQ-09"),
	flow.Step(Reasoning, GiveReasons, Handling, ogi.Art(35)),
	flow.Step(Reasoning, Withdraw, Closed, statute.Ref{}),
	flow.Step(Handling, AgreeLater, Handling, ogi.Art(35)),
	flow.Step(Handling, Charge, Paying, ogi.Art(42)).By("R-FEE-06"),
	flow.Step(Paying, Pay, Handling, ogi.Art(42)).By("R-FEE-07"),
	flow.Step(Paying, Waive, Handling, ogi.Art(42)).By("R-FEE-10"),
	flow.Step(Paying, Lapse, Closed, ogi.Art(42)).By("R-FEE-06"),
	flow.Step(Paying, Withdraw, Closed, statute.Ref{}),
	flow.Step(Handling, Propose, Reviewing, ogi.Art(36)),
	flow.Step(Reviewing, Return, Handling, statute.Ref{}),
	flow.Step(Reviewing, Approve, Approved, ogi.Art(17)),
	flow.Step(Reviewing, Withdraw, Closed, statute.Ref{}),
	flow.Step(Approved, Return, Handling, statute.Ref{}),
	flow.Step(Approved, Deliver, Closed, ogi.Art(33)).By("R-DL-14"),
	flow.Step(Approved, Withdraw, Closed, statute.Ref{}),
	flow.Step(Handling, Withdraw, Closed, statute.Ref{}),
	flow.Step(Handling, Transfer, Closed, statute.Ref{}),
	flow.Step(Handling, Merge, Merged, statute.Ref{}),
	flow.Step(Handling, Divide, Split, statute.Ref{}),
}

// Open reports whether the body still owes something.
func (s State) Open() bool {
	switch s {
	case Closed, Void, Merged, Split:
		return false
	}
	return true
}

// Counted reports whether a request in this state is one of table three's.
func (s State) Counted() bool {
	switch s {
	case Submitted, Void, Merged, Split:
		return false
	}
	return true
}

// Channel is how a request came in.
type Channel string

// The channels. Art. 31 fixes the day of receipt by them: R-DL-01.
const (
	Web       Channel = "web"       // internet: the day both sides confirm
	Email     Channel = "email"     // the same
	Fax       Channel = "fax"       // the same
	Counter   Channel = "counter"   // in person: the day it is handed in
	Post      Channel = "post"      // registered or express mail: the day the body signs
	PlainPost Channel = "plainpost" // ordinary mail: the day of confirmation, which is to be the day it arrives
)

// Channels lists the channels in the order pages show them.
var Channels = []Channel{Web, Counter, Post, PlainPost, Email, Fax}

// Kind is what an applicant is: the six columns of table three.
type Kind string

// The kinds.
const (
	Natural  Kind = "natural" // 自然人
	Business Kind = "biz"     // 商业企业
	Research Kind = "sci"     // 科研机构
	Welfare  Kind = "npo"     // 社会公益组织
	LegalAid Kind = "legal"   // 法律服务机构
	Other    Kind = "other"   // 其他
)

// Kinds lists the kinds in the order of the table's columns.
var Kinds = []Kind{Natural, Business, Research, Welfare, LegalAid, Other}

// Nature is what is asked for.
type Nature string

// The natures.
const (
	Information Nature = "information" // government information
	OwnRecord   Nature = "own_record"  // that a record about oneself be corrected: art. 41, not in table three
)

// Request is a request for information (申请) as lists and counts see it.
type Request struct {
	ID, Agency  string
	No          string // 登记编号, "" until it is registered
	Channel     Channel
	Nature      Nature
	State       State
	Kind        Kind
	Title       string // what is asked for, in words without personal data
	Masked      string // the applicant's name, masked
	Department  string // the unit that handles it
	SubmittedOn date.Date
	Received    date.Date // 收到之日, art. 31; zero until confirmed
	// Due and Sure are what the clock said when the record was last changed or the calendar
	// last loaded: for ordering. Clock counts them anew.
	Due      date.Date
	Sure     bool
	Extended bool
	ClosedOn date.Date
	Outcome  outcome.Code
	Late     bool // replied after the deadline
	// Counted says whether table three has it: false for what is no request for information,
	// and for the new answer to one that was decided again.
	Counted bool
	Reopens string // the request this one answers again
	Parent  string // the request it was split from
	Into    string // the request it was merged into
	Log     LogState
	Version int64
	// What is charged, when its notice arrived and when it was paid, for the year's count: art. 42.
	FeeYuan             int64
	FeeCharged, FeePaid date.Date

	CreatedAt time.Time
	handlers  string // accounts of who handles it, each between spaces
	applicant string // mark of the applicant
	sought    string // mark of what is sought
	subject   string // mark of the citizen's account
	code      string // mark of the query code
	digits    string // registration number in a form that sorts
}

// LogState is whether request and reply stand in the published log (申请答复公开目录).
type LogState string

// The states of the log.
const (
	NotLogged LogState = ""
	Proposed  LogState = "proposed"
	Logged    LogState = "logged"
)

// Handlers lists the accounts of who handles the request.
func (r *Request) Handlers() []string { return fields(r.handlers) }

// Handled reports whether an account handles the request.
func (r *Request) Handled(account string) bool { return contains(r.Handlers(), account) }

var words = map[string]string{
	"submitted": "foi.state.submitted", "handling": "foi.state.handling", "correcting": "foi.state.correcting",
	"reasoning": "foi.state.reasoning", "paying": "foi.state.paying", "reviewing": "foi.state.reviewing",
	"approved": "foi.state.approved", "closed": "foi.state.closed", "void": "foi.state.void", "merged": "foi.state.merged", "split": "foi.state.split",

	"confirm": "foi.act.confirm", "discard": "foi.act.discard", "assign": "foi.act.assign", "search": "foi.act.search",
	"consult": "foi.act.consult", "extend": "foi.act.extend", "ask_correction": "foi.act.ask_correction",
	"correct": "foi.act.correct", "lapse": "foi.act.lapse", "ask_reasons": "foi.act.ask_reasons",
	"give_reasons": "foi.act.give_reasons", "agree_later": "foi.act.agree_later", "charge": "foi.act.charge",
	"pay": "foi.act.pay", "waive": "foi.act.waive", "propose": "foi.act.propose", "return": "foi.act.return",
	"approve": "foi.act.approve", "deliver": "foi.act.deliver", "withdraw": "foi.act.withdraw",
	"transfer": "foi.act.transfer", "merge": "foi.act.merge", "divide": "foi.act.divide",

	"web": "foi.channel.web", "email": "foi.channel.email", "fax": "foi.channel.fax", "counter": "foi.channel.counter",
	"post": "foi.channel.post", "plainpost": "foi.channel.plainpost",

	"natural": "foi.kind.natural", "biz": "foi.kind.biz", "sci": "foi.kind.sci", "npo": "foi.kind.npo",
	"legal": "foi.kind.legal", "other": "foi.kind.other",

	"idcard": "foi.id.card", "passport": "foi.id.passport", "permit": "foi.id.permit", "other_id": "foi.id.other",
	"paper": "foi.form.paper", "electronic": "foi.form.electronic", "disc": "foi.form.disc",
	"way_post": "foi.way.post", "ems": "foi.way.ems", "way_ems": "foi.way.ems", "way_email": "foi.way.email", "way_fax": "foi.way.fax",
	"self": "foi.way.self", "way_self": "foi.way.self", "read": "foi.way.read", "way_read": "foi.way.read", "way_web": "foi.way.web",
	"hand": "foi.way.hand", "way_hand": "foi.way.hand", "entrusted": "foi.way.entrusted", "way_entrusted": "foi.way.entrusted",
	"review_legal": "foi.review.legal", "review_secrecy": "foi.review.secrecy", "review_lead": "foi.review.lead",
	"withdrawn_own": "foi.withdrawn_own", "agreed": "foi.review.agreed", "refused": "foi.review.refused",
	"identity": "foi.file.identity", "authority": "foi.file.authority", "scan": "foi.file.scan", "attachment": "foi.file.attachment",
	"found": "foi.file.found", "redacted": "foi.file.redacted", "opinion": "foi.file.opinion", "receipt": "foi.file.receipt",
	"letter": "foi.file.letter", "dispute": "foi.file.dispute",
	"draft": "foi.letter_state.draft", "ready": "foi.letter_state.ready", "sent": "foi.letter_state.sent", "voided": "foi.letter_state.void",
	"third": "foi.party.third", "organ": "foi.party.organ", "piece": "foi.mode.piece", "page": "foi.mode.page",

	"information": "foi.nature.information", "own_record": "foi.nature.own_record",
}

// Word names a state, act, channel, kind or nature of this package.
func Word(key string) i18n.Message { return i18n.M(words[key]) }

var steps = map[string]string{
	"submit": "foi.step.submit", "register": "foi.step.register", "co_handle": "foi.step.co_handle", "co_answer": "foi.step.co_answer",
	"consult_received": "foi.step.consult_received", "consult_answered": "foi.step.consult_answered",
	"propose_extension": "foi.step.propose_extension", "approve_extension": "foi.step.approve_extension", "refuse_extension": "foi.step.refuse_extension",
	"review_legal": "foi.step.review_legal", "review_secrecy": "foi.step.review_secrecy", "review_lead": "foi.step.review_lead",
	"finish_letter": "foi.step.finish_letter", "void_letter": "foi.step.void_letter", "send_letter": "foi.step.send_letter",
	"letter_arrived": "foi.step.letter_arrived", "letter_failed": "foi.step.letter_failed", "file": "foi.step.file",
	"propose_log": "foi.step.propose_log", "agree_log": "foi.step.agree_log", "refuse_log": "foi.step.refuse_log", "take_down_log": "foi.step.take_down_log",
	"transfer": "foi.act.transfer", "divide": "foi.act.divide", "reopen": "foi.step.reopen", "says_paid": "foi.step.says_paid", "mail": "foi.step.mail",
}

// StepWord names what happened in a step.
func StepWord(act string) i18n.Message {
	if key, ok := steps[act]; ok {
		return i18n.M(key)
	}
	return Word(act)
}

// WayWord names a way of getting or sending.
func WayWord(w Way) i18n.Message { return Word("way_" + string(w)) }

// LetterStateWord names a state of letters.
func LetterStateWord(s LetterState) i18n.Message {
	if s == Voided {
		return Word("voided")
	}
	return Word(string(s))
}
