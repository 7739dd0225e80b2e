package office

// itemViewNames are the messages of the tabs of the list.
var itemViewNames = map[string]string{
	"all":    "item.view.all",
	"mine":   "item.view.mine",
	"review": "item.view.review",
	"ready":  "item.view.ready",
	"late":   "item.view.late",
	"public": "item.view.public",
	"ended":  "item.view.ended",
}

// itemDone are the messages of what was done, when it was.
var itemDone = map[string]string{
	"submit":     "item.did.submit",
	"recall":     "item.did.recall",
	"discard":    "item.did.discard",
	"urgent":     "item.did.urgent",
	"publish":    "item.did.publish",
	"schedule":   "item.did.schedule",
	"unschedule": "item.did.unschedule",
	"retract":    "item.did.retract",
	"archive":    "item.did.archive",
	"reassess":   "item.did.reassess",
	"supersede":  "item.did.supersede",
	"disclose":   "item.did.disclose",
	"place":      "item.did.place",
}

// itemKindNotes are the messages of what the kinds are.
var itemKindNotes = map[string]string{
	"document":       "item.kind_note.document",
	"information":    "item.kind_note.information",
	"interpretation": "item.kind_note.interpretation",
	"list":           "item.kind_note.list",
}

// itemJudged are the messages of how a review ended.
var itemJudged = map[string]string{
	"approve": "item.judged.approve",
	"return":  "item.judged.return",
}

// itemNotes are the messages of what a step means.
var itemNotes = map[string]string{
	"submit":     "item.note.submit",
	"recall":     "item.note.recall",
	"discard":    "item.note.discard",
	"urgent":     "item.note.urgent",
	"publish":    "item.note.publish",
	"schedule":   "item.note.schedule",
	"unschedule": "item.note.unschedule",
	"retract":    "item.note.retract",
	"archive":    "item.note.archive",
	"supersede":  "item.note.supersede",
	"reassess":   "item.note.reassess",
	"disclose":   "item.note.disclose",
	"place":      "item.note.place",
}

// itemPlaces are the messages of the states of placements.
var itemPlaces = map[string]string{
	"asked":   "item.place.asked",
	"placed":  "item.place.placed",
	"refused": "item.place.refused",
	"ended":   "item.place.ended",
}

// itemStatuses are the messages of what the public finds.
var itemStatuses = map[string]string{
	"retracted": "item.status.retracted",
	"archived":  "item.status.archived",
	"expired":   "item.status.expired",
	"live":      "item.status.live",
}

// itemDecisions are the messages of the decisions of a review.
var itemDecisions = map[string]string{
	"approve": "item.decision.approve",
	"return":  "item.decision.return",
}

// itemAnswered are the messages of how an asking was answered.
var itemAnswered = map[string]string{
	"placed":  "item.answered.placed",
	"refused": "item.answered.refused",
}

// itemFields are the messages of what is said of an edition.
var itemFields = map[string]string{
	"author":       "item.field.author",
	"creator":      "item.field.creator",
	"doc_no":       "item.field.doc_no",
	"effective_on": "item.field.effective_on",
	"expires_on":   "item.field.expires_on",
	"index_no":     "item.field.index_no",
	"issuer":       "item.field.issuer",
	"joint_bodies": "item.field.joint_bodies",
	"kind":         "item.field.kind",
	"late_reason":  "item.field.late_reason",
	"note":         "item.field.note",
	"origin":       "item.field.origin",
	"published_at": "item.field.published_at",
	"section":      "item.field.section",
	"source":       "item.field.source",
	"source_url":   "item.field.source_url",
	"subtitle":     "item.field.subtitle",
	"summary":      "item.field.summary",
	"urgency":      "item.field.urgency",
}

// itemSteps are the messages of what can be done to an edition.
var itemSteps = map[string]string{
	"submit":     "item.step.submit",
	"publish":    "item.step.publish",
	"archive":    "item.step.archive",
	"recall":     "item.step.recall",
	"discard":    "item.step.discard",
	"urgent":     "item.step.urgent",
	"schedule":   "item.step.schedule",
	"unschedule": "item.step.unschedule",
	"retract":    "item.step.retract",
	"reassess":   "item.step.reassess",
	"supersede":  "item.correct",
	"disclose":   "item.step.disclose",
	"place":      "item.step.place",
}
