package disclosure

import (
	"gongkai/internal/flow"
	"gongkai/internal/statute"
)

// State is where an edition stands.
type State string

// The states.
const (
	Draft     State = "draft"      // 草稿
	Review1   State = "review1"    // 待一审
	Review2   State = "review2"    // 待二审
	Review3   State = "review3"    // 待三审
	Secrecy   State = "secrecy"    // 待保密审查
	Approved  State = "approved"   // 待发布
	Scheduled State = "scheduled"  // 定时发布
	Urgent    State = "urgent"     // 已紧急发布，待补审
	Published State = "published"  // 已发布
	Withheld  State = "withheld"   // 审定不予主动公开
	Corrected State = "superseded" // 已更正: a newer edition stands in its place
	TakenDown State = "retracted"  // 已撤下
	Lapsed    State = "expired"    // 公示期满
	Filed     State = "archived"   // 已归档
	Discarded State = "discarded"  // 已废弃
)

// Step is what is done to an edition.
type Step string

// The steps.
const (
	Save       Step = "save"
	Submit     Step = "submit"
	Recall     Step = "recall"
	Discard    Step = "discard"
	Approve    Step = "approve" // of one of the three reviews
	Clear      Step = "clear"   // of the secrecy review
	Return     Step = "return"  // of any review: with remarks, to the author
	Order      Step = "urgent"  // publication before the reviews
	Settle     Step = "settle"  // the last approval of what was published first
	Reject     Step = "reject"  // a review refuses what was published first
	Publish    Step = "publish"
	Schedule   Step = "schedule"
	Unschedule Step = "unschedule"
	Withhold   Step = "withhold"
	Reassess   Step = "reassess"
	Supersede  Step = "supersede"
	Retract    Step = "retract"
	Archive    Step = "archive"
	Expire     Step = "expire"
)

var (
	ogi     = statute.OGI2019
	review  = ogi.Art(17)
	secrecy = statute.Secrecy2024.Art(35)
)

// Flow is an edition's life.
//
// R-FLW-01 to 03: the three reviews follow each other; the secrecy review may be held at any
// time after submission and at the latest after the third, so that part-time secrecy officers
// hold nobody up. It is never skipped: also what is published in urgency has passed it.
// 保守国家秘密法第三十五条: “机关、单位应当依法对拟公开的信息进行保密审查”.
var Flow = flow.Table[State, Step]{
	flow.Step(Draft, Save, Draft, statute.Ref{}).By("R-FLW-02"),
	flow.Step(Draft, Submit, Review1, review).By("R-EXM-05"),
	flow.Step(Draft, Discard, Discarded, statute.Ref{}),

	flow.Step(Review1, Approve, Review2, review).By("R-FLW-01"),
	flow.Step(Review2, Approve, Review3, review).By("R-FLW-01"),
	flow.Step(Review3, Approve, Secrecy, review).By("R-FLW-01"),
	flow.Step(Review1, Clear, Review1, secrecy).By("R-FLW-03"),
	flow.Step(Review2, Clear, Review2, secrecy).By("R-FLW-03"),
	flow.Step(Review3, Clear, Review3, secrecy).By("R-FLW-03"),
	flow.Step(Secrecy, Clear, Approved, secrecy).By("R-FLW-03"),
	flow.Step(Secrecy, Withhold, Withheld, ogi.Art(17)).By("R-EXM-07"),

	flow.Step(Review1, Return, Draft, review),
	flow.Step(Review2, Return, Draft, review),
	flow.Step(Review3, Return, Draft, review),
	flow.Step(Secrecy, Return, Draft, secrecy),
	flow.Step(Review1, Recall, Draft, statute.Ref{}),
	flow.Step(Review2, Recall, Draft, statute.Ref{}),
	flow.Step(Review3, Recall, Draft, statute.Ref{}),
	flow.Step(Secrecy, Recall, Draft, statute.Ref{}),
	flow.Step(Approved, Recall, Draft, statute.Ref{}),

	flow.Step(Review1, Order, Urgent, ogi.Art(6)),
	flow.Step(Review2, Order, Urgent, ogi.Art(6)),
	flow.Step(Review3, Order, Urgent, ogi.Art(6)),
	flow.Step(Urgent, Approve, Urgent, review).By("R-FLW-01"),
	flow.Step(Urgent, Settle, Published, review).By("R-FLW-03"),
	flow.Step(Urgent, Reject, TakenDown, review),

	flow.Step(Approved, Publish, Published, ogi.Art(26)).By("R-PUB-01"),
	flow.Step(Approved, Schedule, Scheduled, statute.Ref{}),
	flow.Step(Scheduled, Unschedule, Approved, statute.Ref{}),
	flow.Step(Scheduled, Publish, Published, ogi.Art(26)).By("R-PUB-01"),

	flow.Step(Published, Supersede, Corrected, ogi.Art(6)),
	flow.Step(Urgent, Supersede, Corrected, ogi.Art(6)),
	flow.Step(Filed, Supersede, Corrected, ogi.Art(6)),
	flow.Step(Published, Retract, TakenDown, ogi.Art(17)),
	flow.Step(Urgent, Retract, TakenDown, ogi.Art(17)),
	flow.Step(Filed, Retract, TakenDown, ogi.Art(17)),
	flow.Step(Published, Archive, Filed, statute.Ref{}),
	flow.Step(Published, Expire, Lapsed, statute.PersonalInformation2021.Art(19)).By("R-PII-07"),
	flow.Step(Urgent, Expire, Lapsed, statute.PersonalInformation2021.Art(19)).By("R-PII-07"),
	flow.Step(Withheld, Reassess, Withheld, ogi.Art(18)),
}

// States lists all states in the order of an edition's life.
var States = []State{Draft, Review1, Review2, Review3, Secrecy, Approved, Scheduled, Urgent, Published,
	Withheld, Corrected, TakenDown, Lapsed, Filed, Discarded}

// Reviewing reports whether the edition waits for a review before publication.
func (s State) Reviewing() bool {
	return s == Review1 || s == Review2 || s == Review3 || s == Secrecy
}

// Open reports whether the edition is on its way: it is neither public nor at its end.
func (s State) Open() bool {
	return s == Draft || s.Reviewing() || s == Approved || s == Scheduled
}
