// Package cycle is the year of an annual report (年报编制): compiled from the records, completed,
// checked, reviewed and signed, published, submitted to the supervising body, sent back or
// accepted, locked, merged into the report of the government above, and after the lock corrected
// by a new version alone.
//
// 条例第四十九条: “县级以上人民政府部门应当在每年1月31日前向本级政府信息公开工作主管部门提交本行政机关
// 上一年度政府信息公开工作年度报告并向社会公布。县级以上地方人民政府的政府信息公开工作主管部门应当在
// 每年3月31日前向社会公布本级政府上一年度政府信息公开工作年度报告。”
//
// A report is a sequence of versions. What a version said when it was signed is kept as a data
// file and never changes; every compiling keeps what it counted and from which records.
package cycle

import (
	"time"

	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/fault"
	"gongkai/internal/flow"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// State says how far a version has come.
type State string

// The states.
const (
	Drafting   State = "drafting"   // 编制中
	Checked    State = "checked"    // 已核查
	Reviewing  State = "reviewing"  // 待审核
	Signing    State = "signing"    // 待签发
	Signed     State = "signed"     // 已签发
	Published  State = "published"  // 已公布，未报送
	Presented  State = "presented"  // 已报送，未公布
	Submitted  State = "submitted"  // 已报送并公布
	Returned   State = "returned"   // 被退回
	Accepted   State = "accepted"   // 已接收
	Locked     State = "locked"     // 已锁定
	Superseded State = "superseded" // 已由新版本代替
)

// Step is what is done to a version.
type Step string

// The steps.
const (
	Compile   Step = "compile"
	Edit      Step = "edit"
	Merge     Step = "merge"
	Check     Step = "check"
	HandIn    Step = "hand_in"
	Approve   Step = "approve"
	SendBack  Step = "send_back" // by who reviews or signs
	Sign      Step = "sign"
	Reopen    Step = "reopen" // take a signed version back before anybody outside has it
	Publish   Step = "publish"
	Submit    Step = "submit"
	Return    Step = "return" // by the supervising body
	Accept    Step = "accept"
	Lock      Step = "lock"
	Correct   Step = "correct"
	Supersede Step = "supersede"
)

var (
	ogi       = statute.OGI2019
	content   = ogi.Art(50)
	deadline  = ogi.Art(49)
	accurate  = ogi.Art(6, 1)
	oversight = ogi.Art(47)
)

// Flow is the life of a version.
//
// Article 49 asks a department for both, to submit and to publish, and sets no order: some
// supervising bodies want to see a report before the public does. Both orders are here; accepted
// is only what is also published. What was sent back or locked is never opened again: a new
// version begins beside it.
var Flow = flow.Table[State, Step]{
	flow.Step(Drafting, Compile, Drafting, content).By("R-AR-20"),
	flow.Step(Drafting, Edit, Drafting, content),
	flow.Step(Drafting, Merge, Drafting, content).By("R-AR-13"),
	flow.Step(Drafting, Check, Checked, accurate),
	flow.Step(Checked, Compile, Drafting, content).By("R-AR-20"),
	flow.Step(Checked, Edit, Drafting, content),
	flow.Step(Checked, Merge, Drafting, content).By("R-AR-13"),
	flow.Step(Checked, HandIn, Reviewing, content),
	flow.Step(Reviewing, Approve, Signing, content),
	flow.Step(Reviewing, SendBack, Drafting, content),
	flow.Step(Signing, Sign, Signed, content),
	flow.Step(Signing, SendBack, Drafting, content),
	flow.Step(Signed, Reopen, Drafting, statute.Ref{}),
	flow.Step(Signed, Publish, Published, deadline).By("R-AR-00"),
	flow.Step(Signed, Submit, Presented, deadline).By("R-AR-00"),
	flow.Step(Published, Submit, Submitted, deadline).By("R-AR-00"),
	flow.Step(Presented, Publish, Submitted, deadline).By("R-AR-00"),
	flow.Step(Presented, Return, Returned, oversight),
	flow.Step(Submitted, Return, Returned, oversight),
	flow.Step(Submitted, Accept, Accepted, deadline),
	flow.Step(Accepted, Return, Returned, oversight),
	flow.Step(Accepted, Lock, Locked, statute.Ref{}),
	flow.Step(Locked, Correct, Locked, accurate),
	flow.Step(Returned, Supersede, Superseded, statute.Ref{}),
	flow.Step(Accepted, Supersede, Superseded, statute.Ref{}),
	flow.Step(Locked, Supersede, Superseded, statute.Ref{}),
}

// Start is the state a version begins in.
const Start = Drafting

// States lists the states in the order of a version's life.
var States = []State{Drafting, Checked, Reviewing, Signing, Signed, Published, Presented, Submitted, Returned, Accepted, Locked, Superseded}

var words = map[string]string{
	string(Drafting): "cycle.state.drafting", string(Checked): "cycle.state.checked", string(Reviewing): "cycle.state.reviewing",
	string(Signing): "cycle.state.signing", string(Signed): "cycle.state.signed", string(Published): "cycle.state.published",
	string(Presented): "cycle.state.presented", string(Submitted): "cycle.state.submitted", string(Returned): "cycle.state.returned",
	string(Accepted): "cycle.state.accepted", string(Locked): "cycle.state.locked", string(Superseded): "cycle.state.superseded",
	string(Compile): "cycle.step.compile", string(Edit): "cycle.step.edit", string(Merge): "cycle.step.merge",
	string(Check): "cycle.step.check", string(HandIn): "cycle.step.hand_in", string(Approve): "cycle.step.approve",
	string(SendBack): "cycle.step.send_back", string(Sign): "cycle.step.sign", string(Reopen): "cycle.step.reopen",
	string(Publish): "cycle.step.publish", string(Submit): "cycle.step.submit", string(Return): "cycle.step.return",
	string(Accept): "cycle.step.accept", string(Lock): "cycle.step.lock", string(Correct): "cycle.step.correct",
	string(Supersede): "cycle.step.supersede",
}

// Word returns what people call a state or step.
func Word(key string) i18n.Message { return i18n.M(words[key]) }

// Message returns what people call the state.
func (s State) Message() i18n.Message { return Word(string(s)) }

// Message returns what people call the step.
func (s Step) Message() i18n.Message { return Word(string(s)) }

// Open reports whether the version is still worked on in its body.
func (s State) Open() bool {
	return s == Drafting || s == Checked || s == Reviewing || s == Signing
}

// Sent reports whether the supervising body has the version, or had it.
func (s State) Sent() bool {
	switch s {
	case Presented, Submitted, Returned, Accepted, Locked, Superseded:
		return true
	}
	return false
}

// Counts reports whether the version's figures belong into the report of the body above.
func (s State) Counts() bool { return s == Accepted || s == Locked }

// Origin says how a figure came about.
type Origin string

// The origins.
const (
	FromRecords Origin = "records" // counted from the records
	FromBelow   Origin = "below"   // added up from own figures and reports of bodies below
	Entered     Origin = "entered" // typed in by a person, with the reason
	FollowsFrom Origin = "sum"     // a sum of the form over what was typed in
)

var originNames = map[Origin]string{
	FromRecords: "cycle.origin.records", FromBelow: "cycle.origin.below", Entered: "cycle.origin.entered", FollowsFrom: "cycle.origin.sum",
}

// Message returns what people call the origin.
func (o Origin) Message() i18n.Message { return i18n.M(originNames[o]) }

// Figure is a cell of the report with its origin.
type Figure struct {
	Value   decimal.Decimal  `json:"v"`
	Origin  Origin           `json:"o"`
	Records int              `json:"n,omitempty"`   // how many records were counted
	Was     *decimal.Decimal `json:"was,omitempty"` // what the records say, where another figure was typed in
}

// Figures are the cells that have a value.
type Figures map[form.Key]Figure

// Entry is a figure a person typed in.
type Entry struct {
	Value  decimal.Decimal `json:"v"`
	Reason string          `json:"why"` // the basis of the figure
	By     string          `json:"by"`
	At     time.Time       `json:"at"`
}

// Explanation is why a finding may stand.
type Explanation struct {
	Text string    `json:"text"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// Version is one version of a body's report on a year (年报的一个版本).
type Version struct {
	ID      string
	Agency  string
	Year    int64
	No      int64 // 1 for the first
	Head    bool  // the newest
	State   State
	Reason  string // why there is a version after the first
	Merged  bool   // holds the figures of bodies below
	Offline bool   // came as a signed file from a body without a connection

	Snapshot  string // the last one compiled
	Base      Figures
	Entered   map[form.Key]Entry
	Figures   Figures
	Facts     Facts
	Body      Narrative
	Explained map[string]Explanation // by the finding's ID
	Account   []Line                 // of a merged report: what became of each body
	Editors   []string
	Hash      string // over figures and text

	Errors, Warnings int64 // at the last check
	CheckedAt        time.Time
	SignedOn         date.Date
	SignedBy         string
	Digest           string // of the data file that was signed

	Item        string // its publication
	Edition     string
	PublishedAt time.Time
	matter      string // digest of the text and files drafted for publication

	Receiver    string // the body it was submitted to
	SubmittedAt time.Time
	DecidedAt   time.Time // sent back or accepted
	DecidedBy   string
	Remark      string // why it was sent back
	LockedAt    time.Time
	StepAt      time.Time
	CreatedAt   time.Time
	CreatedBy   string
	Version     int64

	signed string
}

// Form returns the form of the version's year.
func (v *Version) Form() *form.Form { return form.ForYear(int(v.Year)) }

// Opinion is what somebody said to a version when taking a step.
type Opinion struct {
	ID, Report string
	Step       Step
	Hash       string
	Actor      string
	Name       string
	Behalf     string
	Text       string
	At         time.Time
}

// Snapshot is what was counted at one time.
type Snapshot struct {
	ID, Report string
	At         time.Time
	By, ByName string
	Figures    Figures
	Records    map[form.Key]Behind
}

// Behind are the records a figure was counted from.
type Behind struct {
	Keys   []string `json:"keys,omitempty"` // all of them, up to mostKeys
	N      int      `json:"n"`
	Digest string   `json:"digest"` // over all keys, sorted
}

// mostKeys bounds the keys kept with one figure: a licensing authority decides hundreds of
// thousands of cases a year. The digest covers all.
const mostKeys = 1000

// The errors of acts on reports.
var (
	ErrNone     = &fault.Error{Kind: fault.NotFound, Code: "cycle.none"}
	ErrStale    = &fault.Error{Kind: fault.Conflict, Code: "cycle.stale"}
	ErrYear     = &fault.Error{Kind: fault.Invalid, Code: "cycle.year", Field: "year", Cite: deadline}
	ErrBegun    = &fault.Error{Kind: fault.Conflict, Code: "cycle.begun"}
	ErrReason   = &fault.Error{Kind: fault.Invalid, Code: "cycle.reason", Field: "reason"}
	ErrNothing  = &fault.Error{Kind: fault.Invalid, Code: "cycle.nothing", Field: "figures"}
	ErrCell     = &fault.Error{Kind: fault.Invalid, Code: "cycle.cell", Cite: statute.AnnualForm2021.Whole("")}
	ErrSums     = &fault.Error{Kind: fault.Invalid, Code: "cycle.sums", Cite: statute.AnnualForm2021.Whole("表三")}
	ErrFaults   = &fault.Error{Kind: fault.Conflict, Code: "cycle.faults", Cite: accurate}
	ErrUnsaid   = &fault.Error{Kind: fault.Conflict, Code: "cycle.unsaid", Cite: accurate}
	ErrFinding  = &fault.Error{Kind: fault.NotFound, Code: "cycle.finding", Field: "finding"}
	ErrFixed    = &fault.Error{Kind: fault.Conflict, Code: "cycle.fixed", Field: "text", Cite: accurate}
	ErrChanged  = &fault.Error{Kind: fault.Conflict, Code: "cycle.changed", Cite: accurate}
	ErrPerson   = &fault.Error{Kind: fault.Forbidden, Code: "cycle.person", Cite: ogi.Art(17)}
	ErrSection  = &fault.Error{Kind: fault.Conflict, Code: "cycle.section", Cite: deadline}
	ErrDay      = &fault.Error{Kind: fault.Invalid, Code: "cycle.day", Field: "text", Cite: deadline}
	ErrAltered  = &fault.Error{Kind: fault.Conflict, Code: "cycle.altered", Cite: accurate}
	ErrDrafted  = &fault.Error{Kind: fault.Conflict, Code: "cycle.drafted"}
	ErrReceiver = &fault.Error{Kind: fault.Conflict, Code: "cycle.receiver", Cite: deadline}
	ErrOpen     = &fault.Error{Kind: fault.Conflict, Code: "cycle.open"}
	ErrBelow    = &fault.Error{Kind: fault.Conflict, Code: "cycle.below"}
	ErrFile     = &fault.Error{Kind: fault.Invalid, Code: "cycle.file", Field: "file"}
	ErrKey      = &fault.Error{Kind: fault.Invalid, Code: "cycle.key", Field: "key"}
	ErrKeyTwice = &fault.Error{Kind: fault.Conflict, Code: "cycle.key_twice", Field: "key"}
	ErrReplayed = &fault.Error{Kind: fault.Conflict, Code: "cycle.replayed", Field: "file"}
	ErrForeign  = &fault.Error{Kind: fault.Invalid, Code: "cycle.foreign", Field: "file"}
)
