// Package reckon counts until when a request must be answered (答复期限). It takes what
// happened, as the record has it, and gives the day with an account of every day that was
// counted or left out, each with its provision. Nothing of it is kept: whoever wants to know
// counts anew, so that a holiday notice loaded later or a corrected entry cannot leave an old
// date standing.
package reckon

import (
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/workday"
)

// The limits of the regulation, in working days.
const (
	ReplyDays      = 20 // 条例第三十三条第二款：“应当自收到申请之日起20个工作日内予以答复”
	ExtensionDays  = 20 // 条例第三十三条第二款：“延长的期限最长不得超过20个工作日”
	CorrectionDays = 7  // 条例第三十条：“自收到申请之日起7个工作日内一次性告知申请人作出补正”
	OpinionDays    = 15 // 条例第三十二条、第三十四条：“自收到征求意见书之日起15个工作日内”
	PaymentDays    = 20 // 信息处理费管理办法：收到收费通知次日起20个工作日内缴纳, R-FEE-06
)

// Case is what happened to a request, as far as its time limit depends on it.
type Case struct {
	Received      date.Date      `json:"received"` // 收到之日, R-DL-01
	Channel       Channel        `json:"channel,omitempty"`
	Correction    *Correction    `json:"correction,omitempty"`
	Consultations []Consultation `json:"consultations,omitempty"`
	Extension     *Extension     `json:"extension,omitempty"`
	Fee           *Fee           `json:"fee,omitempty"`
	Later         date.Date      `json:"later,omitzero"` // the later date of article 35
	Done          date.Date      `json:"done,omitzero"`  // 送达: signed, posted or sent, R-DL-14
	Today         date.Date      `json:"today"`
}

// Channel is how a request came, which decides the day it counts as received. Article 31.
type Channel string

// The channels of article 31.
const (
	Counter    Channel = "counter"     // 当面提交: the day it is handed in
	SignedMail Channel = "signed_mail" // 邮寄, signed for: the day of signature
	PlainMail  Channel = "plain_mail"  // 平常信函, not signed for: the day confirmed with the applicant
	Online     Channel = "online"      // 互联网渠道: the day both sides confirm
	Fax        Channel = "fax"         // 传真: the day both sides confirm
	Email      Channel = "email"       // 电子邮件, an internet channel: the day both sides confirm
)

// Channels lists the channels.
var Channels = []Channel{Counter, SignedMail, PlainMail, Online, Fax, Email}

// Correction is the one notice to correct (补正告知) and what became of it.
type Correction struct {
	Notified  date.Date `json:"notified"`           // the applicant was told
	Due       date.Date `json:"due,omitzero"`       // the reasonable period the notice gave
	Corrected date.Date `json:"corrected,omitzero"` // the corrected request was received
}

// Kind is who is consulted.
type Kind string

// Who is consulted.
const (
	ThirdParty Kind = "third" // 第三方, article 32
	Organ      Kind = "organ" // 其他机关, article 34
)

// Consultation is one letter asking for an opinion (征求意见).
type Consultation struct {
	Sent     date.Date `json:"sent"`
	Received date.Date `json:"received,omitzero"` // by those asked
	Replied  date.Date `json:"replied,omitzero"`
	Kind     Kind      `json:"kind,omitempty"` // ThirdParty where empty
}

// Extension is the extension of the reply period (延期).
type Extension struct {
	Days     int       `json:"days"`
	Approved date.Date `json:"approved,omitzero"` // by the head of the disclosure office
	Notified date.Date `json:"notified,omitzero"` // the applicant was told
}

// Fee is the notice of a processing fee (信息处理费).
type Fee struct {
	Notified date.Date `json:"notified"` // received by the applicant
	Paid     date.Date `json:"paid,omitzero"`
}

// Policy settles what the law leaves open. The zero Policy is the product's reading (spec
// R-DL-02, R-FEE-07).
type Policy struct {
	FromSending bool     `json:"from_sending,omitempty"` // the day a consultation is sent is left out, too; else from the day after
	Sum         bool     `json:"sum,omitempty"`          // days on which two consultations ran are left out twice; else once
	LapseSent   bool     `json:"lapse_sent,omitempty"`   // the 15 days of those asked run from sending; else from their receipt
	CutLate     bool     `json:"cut_late,omitempty"`     // a consultation answered after its 15 days ends on the 15th; else with the answer, R-DL-02
	LateNotice  bool     `json:"late_notice,omitempty"`  // a correction asked for after the 7 days restarts the clock, too
	AfterFee    AfterFee `json:"after_fee,omitempty"`    // what payment does to the period
}

// AfterFee is what the payment of a fee does to the reply period. The text of the measures
// was not seen by us: R-FEE-07 is unverified.
type AfterFee string

// What a payment may do.
const (
	Anew    AfterFee = ""        // the reply period runs anew from the day after payment
	Resumed AfterFee = "resumed" // the days from notice to payment are left out
	Ignored AfterFee = "ignored" // nothing
)

// State is where the clock stands.
type State string

// Where the clock stands. A waiting clock starts anew when what it waits for comes; until
// then Due is the date it would have been, and nothing is overdue.
const (
	Running         State = "running"
	AwaitCorrection State = "await_correction" // 等候补正
	AwaitPayment    State = "await_payment"    // 等候缴费
	NotCorrected    State = "not_corrected"    // 逾期不补正, lapsed
	NotPaid         State = "not_paid"         // 逾期不缴费, lapsed
	Answered        State = "answered"         // 已答复
)

// Count is the outcome.
type Count struct {
	State   State
	Start   date.Date // the period counts from the day after
	Due     date.Date
	Overdue bool
	Certain bool           // every holiday notice the count needed is loaded
	Why     i18n.Message   // which are not
	Left    int            // working days from Today to Due, negative when late; 0 once answered
	Steps   []Step         // in order of time
	Limits  []Limit        // of the stages
	Alarms  []Alarm        // 5, 3, 1 and 0 working days before Due
	Faults  []*fault.Error // what was refused or remarked on; each is a step as well
}

// StepKind names what a step is about.
type StepKind string

// The kinds of Step. Those in the first group are stretches of days, the others single days.
const (
	BeforeCorrection StepKind = "before_correction" // before the corrected request came
	BeforePayment    StepKind = "before_payment"    // before a fee was paid
	InReply          StepKind = "reply"             // of the 20 working days
	InConsultation   StepKind = "consultation"      // an opinion was asked for
	InPayment        StepKind = "payment"           // a fee was asked for, where Policy.AfterFee is Resumed
	InExtension      StepKind = "extension"
	InOverlap        StepKind = "overlap" // two consultations ran at once, where Policy.Sum says so
	UntilLater       StepKind = "later"   // until the later date of article 35

	AtReceipt   StepKind = "received"
	AtNotice    StepKind = "correction_notice"
	AtCorrected StepKind = "corrected"
	AtSent      StepKind = "consultation_sent"
	AtReply     StepKind = "consultation_replied"
	AtSilence   StepKind = "consultation_lapsed"
	AtExtension StepKind = "extended"
	AtFee       StepKind = "fee_notice"
	AtPaid      StepKind = "paid"
	AtLaterDate StepKind = "later_date"
	AtDue       StepKind = "due"
	AtWait      StepKind = "waiting"
	AtLapse     StepKind = "lapsed"
	AtAnswer    StepKind = "answered"
)

// Effect is what a step does to the count.
type Effect string

// What a step does.
const (
	Counts   Effect = "counted"  // its working days count towards the period
	Excludes Effect = "excluded" // its working days are left out
	Event    Effect = "event"    // a day on which something happened
	Refused  Effect = "refused"  // something without effect, because a condition of the law failed
	Remark   Effect = "remark"   // something to know or to look into
)

// Step is a stretch of days treated alike, or something that happened on a day.
type Step struct {
	Kind     StepKind
	Effect   Effect
	From, To date.Date // first and last day
	Working  int       // working days in it
	Cite     statute.Ref
	Message  i18n.Message
	Spans    []workday.Span // the days in it that are no plain Mondays to Fridays
	Days     []Day          // every day of a stretch
}

// Day is one day of a step.
type Day struct {
	Date    date.Date
	Kind    workday.Kind // "" is a plain Monday to Friday
	Name    string       // the holiday
	Working bool
	Counted bool // towards the reply period
	N       int  // which working day of the period, or of its extension; 0 if not counted
}

// Stage is what a limit is for.
type Stage string

// The stages with limits of their own.
const (
	CorrectionNotice Stage = "correction_notice" // the body: to ask for a correction, article 30
	CorrectionReply  Stage = "correction_reply"  // the applicant: to correct, article 30
	Opinion          Stage = "opinion"           // those asked: to answer, articles 32 and 34
	Payment          Stage = "payment"           // the applicant: to pay, R-FEE-06
)

// Limit is the last day of a stage.
type Limit struct {
	Stage  Stage
	N      int // which consultation, from 0
	Due    date.Date
	Sure   bool
	Met    date.Date // when it was done; zero while it is not
	Passed bool      // it was done later, or is not done and Today is later
	Cite   statute.Ref
}

// Alarm is a day on which to warn. R-DL-15.
type Alarm struct {
	Left int // working days before Due
	On   date.Date
}

// alarmDays are the working days before the end at which to warn. R-DL-15.
var alarmDays = []int{5, 3, 1, 0}
