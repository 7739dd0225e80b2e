// Package dispute keeps reconsideration and suits about requests for information (政府信息公开行政复议、
// 行政诉讼): who decides, when, with which result, by when the body must answer, and into which
// column of table four each one counts. R-RL-01 to 06, specification §6.
package dispute

import (
	"slices"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/workday"
)

var (
	review = statute.Reconsideration2023
	suit   = statute.Litigation2017
)

// Kind is which of table four's three groups a dispute belongs to.
type Kind string

// The kinds.
const (
	Review Kind = "review" // 行政复议
	Direct Kind = "direct" // 未经复议直接起诉
	After  Kind = "after"  // 复议后起诉
)

// Kinds lists the kinds in the order of table four.
var Kinds = []Kind{Review, Direct, After}

// Level is an instance.
type Level string

// The levels. After a case was sent back there is a new first instance.
const (
	Reconsidering Level = "review" // 复议机关
	First         Level = "first"  // 一审
	Second        Level = "second" // 二审
	Retrial       Level = "retrial"
)

// Instance is a dispute before one authority or court.
type Instance struct {
	Level     Level     `json:"level"`
	Authority string    `json:"authority"` // 复议机关 or 受理法院
	No        string    `json:"no,omitempty"`
	Filed     date.Date `json:"filed"`
	Accepted  date.Date `json:"accepted,omitzero"`
	Papers    date.Date `json:"papers,omitzero"` // the body received the copy of the application or complaint
	Replied   date.Date `json:"replied,omitzero"`
	Simple    bool      `json:"simple,omitempty"`   // 简易程序
	Extended  bool      `json:"extended,omitempty"` // the authority took 30 days more
	Decided   date.Date `json:"decided,omitzero"`
	Result    Result    `json:"result,omitempty"`
	// Answer says that the result asks the body to answer the request again, Until by when.
	Answer bool      `json:"answer,omitempty"`
	Until  date.Date `json:"until,omitzero"`
}

// Dispute is one reconsideration or one suit with all its instances.
type Dispute struct {
	ID, Agency string
	Kind       Kind
	Request    string // the request it is about, "" if it is about none that is kept here
	// Reviewed is the reconsideration a suit follows.
	Reviewed string
	Filed    date.Date
	Settled  date.Date // the last day of a result, zero while one is pending
	// CoDefendant says that the body is there only because it decided on reconsideration: then the
	// body whose act it is counts the suit. 国办公开办函〔2016〕201号, R-RL-06.
	CoDefendant bool
	Course      []Instance
	Details
	CreatedAt time.Time
	Version   int64

	sealed string
}

// Details are what of a dispute is not for everybody: kept sealed.
type Details struct {
	Party string `json:"party,omitempty"` // who applied or sued
	Claim string `json:"claim,omitempty"` // what was asked for
	Note  string `json:"note,omitempty"`
}

// Last is the instance the dispute is at.
func (d *Dispute) Last() *Instance { return &d.Course[len(d.Course)-1] }

// Open reports whether a result is outstanding.
func (d *Dispute) Open() bool { return !d.state(date.Must(9999, 12, 31)).done }

// Result is the result that counts today, "" while one is outstanding.
func (d *Dispute) Result() Result { return d.state(date.Must(9999, 12, 31)).result }

// standing is how a dispute stood at the end of a day.
type standing struct {
	done   bool
	result Result
	on     date.Date
}

// state is how the dispute stood at the end of a day: the effective result of the instances until
// then. An appeal leaves the first judgment without effect; a judgment of second instance that
// upholds it puts its result into effect; what is sent back is pending until it is decided anew.
func (d *Dispute) state(on date.Date) (s standing) {
	before := Result("")
	for _, one := range d.Course {
		if one.Filed.After(on) {
			break
		}
		if one.Decided.IsZero() || one.Decided.After(on) || one.Result == SentBack {
			s = standing{}
			continue
		}
		s = standing{done: true, result: one.Result, on: one.Decided}
		if one.Result == Affirmed {
			s.result = before
		}
		before = s.result
	}
	return s
}

// settled is the day of the last result, zero while one is outstanding.
func (d *Dispute) settled() date.Date { return d.state(date.Must(9999, 12, 31)).on }

// Column is where a dispute counts in a period: a group and column of table four, ok false for none. A
// dispute counts in every period in which something of it was pending or decided, once in each,
// as it stood at the period's end. It counts nowhere where the body is co-defendant.
func (d *Dispute) Column(from, to date.Date, b Buckets) (column Bucket, ok bool) {
	if d.CoDefendant || d.Filed.After(to) {
		return "", false
	}
	if before := d.state(from.Plus(-1)); before.done && !d.moved(from, to) {
		return "", false
	}
	s := d.state(to)
	if !s.done {
		return Pending, true
	}
	return b.Of(d.Kind, s.result), true
}

// moved reports whether an instance began or was decided in a period.
func (d *Dispute) moved(from, to date.Date) bool {
	within := func(day date.Date) bool { return !day.IsZero() && !day.Before(from) && !day.After(to) }
	return slices.ContainsFunc(d.Course, func(one Instance) bool { return within(one.Filed) || within(one.Decided) })
}

// Alarm is something a dispute asks for by a day.
type Alarm struct {
	What string // the key of a message: what is to be done
	Due  date.Date
	Sure bool // the holidays until then are known
	Cite statute.Ref
	Own  bool // the body's own duty; else a day by which the authority decides
}

// The periods, in days of the statutes.
const (
	replySimple    = 5  // 复议法第五十四条: “自收到申请书副本或者申请笔录复印件之日起五日内”, working days by art. 88
	replyOrdinary  = 10 // 复议法第四十八条: “自收到行政复议申请书副本或者行政复议申请笔录复印件之日起十日内”, working days
	decideSimple   = 30 // 复议法第六十二条: “适用简易程序审理的行政复议案件，行政复议机关应当自受理申请之日起三十日内作出行政复议决定”
	decideOrdinary = 60 // 复议法第六十二条: “自受理申请之日起六十日内作出行政复议决定”
	decideMore     = 30 // 复议法第六十二条: “延长期限最多不得超过三十日”
	answerSuit     = 15 // 行政诉讼法第六十七条: “被告应当在收到起诉状副本之日起十五日内”, natural days
)

// Alarms lists what an instance asks for that is not done yet.
func (one *Instance) Alarms(cal *workday.Calendar) (all []Alarm) {
	if !one.Decided.IsZero() {
		if one.Answer && !one.Until.IsZero() {
			all = append(all, Alarm{What: "dispute.alarm.answer", Due: one.Until, Sure: true, Own: true})
		}
		return all
	}
	if !one.Papers.IsZero() && one.Replied.IsZero() {
		all = append(all, one.reply(cal))
	}
	if one.Level == Reconsidering && !one.Accepted.IsZero() {
		n, cite := decideOrdinary, review.Art(62)
		switch {
		case one.Simple:
			n = decideSimple
		case one.Extended:
			n += decideMore
		}
		due, sure := natural(cal, one.Accepted, n)
		all = append(all, Alarm{What: "dispute.alarm.decision", Due: due, Sure: sure, Cite: cite})
	}
	return all
}

// reply is by when the body answers. R-RL-04.
func (one *Instance) reply(cal *workday.Calendar) Alarm {
	a := Alarm{What: "dispute.alarm.reply", Own: true}
	switch {
	case one.Level != Reconsidering:
		a.Due, a.Sure = natural(cal, one.Papers, answerSuit)
		a.Cite = suit.Art(67)
	case one.Simple:
		w := cal.Add(one.Papers, replySimple)
		a.Due, a.Sure, a.Cite = w.Date, w.Sure, review.Art(54)
	default:
		w := cal.Add(one.Papers, replyOrdinary)
		a.Due, a.Sure, a.Cite = w.Date, w.Sure, review.Art(48)
	}
	return a
}

// natural is the last day of a period of n calendar days after a day.
//
// 民事诉讼法第八十五条第三款: “期间届满的最后一日是法定休假日的，以法定休假日后的第一日为期间届满的日期。”
// Both procedures count their periods so: 复议法第八十八条, 行政诉讼法第一百零一条.
func natural(cal *workday.Calendar, from date.Date, n int) (date.Date, bool) {
	day := from.Plus(n)
	if cal.IsWorkday(day) {
		return day, cal.Sure(day)
	}
	next := cal.Next(day)
	return next.Date, next.Sure
}

var words = map[string]string{
	string(Review): "dispute.word.review", string(Direct): "dispute.word.direct", string(After): "dispute.word.after",
	string(First): "dispute.word.first", string(Second): "dispute.word.second", string(Retrial): "dispute.word.retrial",
	string(Upheld): "dispute.word.upheld", string(Dismissed): "dispute.word.dismissed", string(Changed): "dispute.word.changed",
	string(Revoked): "dispute.word.revoked", string(Unlawful): "dispute.word.unlawful", string(Perform): "dispute.word.perform",
	string(Pay): "dispute.word.pay", string(Invalid): "dispute.word.invalid", string(Refused): "dispute.word.refused",
	string(Withdrawn): "dispute.word.withdrawn", string(Ended): "dispute.word.ended", string(Settled): "dispute.word.settled",
	string(Mediated): "dispute.word.mediated", string(Affirmed): "dispute.word.affirmed", string(SentBack): "dispute.word.remanded",
}

// Word names a kind, level or result.
func Word[T ~string](s T) i18n.Message { return i18n.M(words[string(s)]) }

var columns = map[string]string{
	string(InFavour): "dispute.column.upheld", string(Corrected): "dispute.column.corrected", string(Otherwise): "dispute.column.other",
	string(Pending): "dispute.column.pending", Total: "dispute.column.total",
}

// Message names a column of table four.
func (b Bucket) Message() i18n.Message { return i18n.M(columns[string(b)]) }

// The faults of disputes.
var (
	ErrNone      = &fault.Error{Kind: fault.NotFound, Code: "dispute.none"}
	ErrStale     = &fault.Error{Kind: fault.Conflict, Code: "dispute.stale"}
	ErrKind      = &fault.Error{Kind: fault.Invalid, Code: "dispute.kind", Field: "kind"}
	ErrAuthority = &fault.Error{Kind: fault.Invalid, Code: "dispute.authority", Field: "authority"}
	ErrParty     = &fault.Error{Kind: fault.Invalid, Code: "dispute.party", Field: "party"}
	ErrDay       = &fault.Error{Kind: fault.Invalid, Code: "dispute.day", Field: "on"}
	ErrFuture    = &fault.Error{Kind: fault.Invalid, Code: "dispute.future", Field: "on"}
	ErrRequest   = &fault.Error{Kind: fault.Invalid, Code: "dispute.request", Field: "request"}
	ErrReviewed  = &fault.Error{Kind: fault.Invalid, Code: "dispute.reviewed", Field: "reviewed"}
	ErrResult    = &fault.Error{Kind: fault.Invalid, Code: "dispute.result", Field: "result"}
	ErrLevel     = &fault.Error{Kind: fault.Conflict, Code: "dispute.level", Field: "level"}
	ErrDecided   = &fault.Error{Kind: fault.Conflict, Code: "dispute.decided"}
	ErrUndecided = &fault.Error{Kind: fault.Conflict, Code: "dispute.undecided"}
	ErrReason    = &fault.Error{Kind: fault.Invalid, Code: "dispute.reason", Field: "reason"}
	ErrExtend    = &fault.Error{Kind: fault.Conflict, Code: "dispute.extend", Cite: review.Art(62)}
	ErrNoAnswer  = &fault.Error{Kind: fault.Conflict, Code: "dispute.no_answer"}
	ErrSettings  = &fault.Error{Kind: fault.Invalid, Code: "dispute.settings"}
	ErrFile      = &fault.Error{Kind: fault.Invalid, Code: "dispute.file", Field: "file"}
	ErrNoFile    = &fault.Error{Kind: fault.NotFound, Code: "dispute.no_file"}
)
