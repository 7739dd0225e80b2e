package disclosure

import "gongkai/internal/i18n"

// stateNames are what people call the states.
var stateNames = map[State]string{
	Draft:     "item.state.draft",
	Review1:   "item.state.review1",
	Review2:   "item.state.review2",
	Review3:   "item.state.review3",
	Secrecy:   "item.state.secrecy",
	Approved:  "item.state.approved",
	Scheduled: "item.state.scheduled",
	Urgent:    "item.state.urgent",
	Published: "item.state.published",
	Withheld:  "item.state.withheld",
	Corrected: "item.state.superseded",
	TakenDown: "item.state.retracted",
	Lapsed:    "item.state.expired",
	Filed:     "item.state.archived",
	Discarded: "item.state.discarded",
}

// stepNames are what people call the steps.
var stepNames = map[Step]string{
	Save:       "item.step.save",
	Submit:     "item.step.submit",
	Recall:     "item.step.recall",
	Discard:    "item.step.discard",
	Approve:    "item.step.approve",
	Clear:      "item.step.clear",
	Return:     "item.step.return",
	Order:      "item.step.urgent",
	Settle:     "item.step.settle",
	Reject:     "item.step.reject",
	Publish:    "item.step.publish",
	Schedule:   "item.step.schedule",
	Unschedule: "item.step.unschedule",
	Withhold:   "item.step.withhold",
	Reassess:   "item.step.reassess",
	Supersede:  "item.step.supersede",
	Retract:    "item.step.retract",
	Archive:    "item.step.archive",
	Expire:     "item.step.expire",
}

// kindNames are what people call the kinds.
var kindNames = map[Kind]string{
	Document:       "item.kind.document",
	Interpretation: "item.kind.interpretation",
	List:           "item.kind.list",
	Information:    "item.kind.information",
}

// originNames are what people call the origins.
var originNames = map[Origin]string{
	Made:        "item.origin.made",
	FromCitizen: "item.origin.from_citizen",
	FromAgency:  "item.origin.from_agency",
	Repost:      "item.origin.repost",
}

// tickNames are what people call the ticks.
var tickNames = map[Tick]string{
	Political:     "item.tick.political",
	Secret:        "item.tick.secret",
	Legal:         "item.tick.legal",
	Wording:       "item.tick.wording",
	NoStateSecret: "item.tick.state_secret",
	NoWorkSecret:  "item.tick.work_secret",
	NoTradeSecret: "item.tick.trade_secret",
	NoPrivacy:     "item.tick.privacy",
	NoDanger:      "item.tick.danger",
}

// fieldNames are what people call the metadata.
var fieldNames = map[string]string{
	"title":         "item.field.title",
	"subtitle":      "item.field.subtitle",
	"summary":       "item.field.summary",
	"doc_no":        "item.field.doc_no",
	"issuer":        "item.field.issuer",
	"issued_on":     "item.field.issued_on",
	"formed_on":     "item.field.formed_on",
	"theme":         "item.field.theme",
	"genre":         "item.field.genre",
	"attribute":     "item.field.attribute",
	"basis":         "item.field.basis",
	"reason":        "item.field.reason",
	"source":        "item.field.source",
	"source_url":    "item.field.source_url",
	"author":        "item.field.author",
	"keywords":      "item.field.keywords",
	"validity":      "item.field.validity",
	"effective_on":  "item.field.effective_on",
	"expires_on":    "item.field.expires_on",
	"display_until": "item.field.display_until",
	"joint_bodies":  "item.field.joint_bodies",
	"department":    "item.field.department",
	"audience":      "item.field.audience",
	"note":          "item.field.note",
}

// Message returns what people call the state.
func (s State) Message() i18n.Message { return i18n.M(stateNames[s]) }

// Message returns what people call the step.
func (s Step) Message() i18n.Message { return i18n.M(stepNames[s]) }

// Message returns what people call the kind.
func (k Kind) Message() i18n.Message { return i18n.M(kindNames[k]) }

// Message returns what people call the origin.
func (o Origin) Message() i18n.Message { return i18n.M(originNames[o]) }

// Message returns what people call the tick.
func (t Tick) Message() i18n.Message { return i18n.M(tickNames[t]) }

// Message returns what people call the field.
func (f Field) Message() i18n.Message { return i18n.M(fieldNames[f.Key]) }
