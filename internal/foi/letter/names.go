package letter

import (
	"strings"

	"gongkai/internal/i18n"
)

// factNames are the messages that name facts, as faces ask for them.
var factNames = map[string]string{
	"Number": "letter.fact.number", "Answers": "letter.fact.answers",
	"Agency.Name": "letter.fact.agency", "Agency.Phone": "letter.fact.agency_phone", "Agency.Address": "letter.fact.agency_address",
	"Applicant.Name": "letter.fact.applicant",
	"Request.Number": "letter.fact.request_number", "Request.Code": "letter.fact.request_code", "Request.Channel": "letter.fact.channel",
	"Request.Received": "letter.fact.received", "Request.Corrected": "letter.fact.corrected", "Request.Text": "letter.fact.request_text",
	"Request.Form": "letter.fact.form", "Due.On": "letter.fact.due",
	"Correction.Matters": "letter.fact.matters", "Correction.Guidance": "letter.fact.guidance", "Correction.Notified": "letter.fact.correction_notified",
	"Correction.Deadline": "letter.fact.correction_deadline", "Correction.Unclear": "letter.fact.unclear",
	"Reasons.Excess": "letter.fact.excess", "Reasons.Asked": "letter.fact.reasons_asked", "Reasons.Deadline": "letter.fact.reasons_deadline", "Reasons.Judged": "letter.fact.reasons_judged",
	"Extension.Days": "letter.fact.extension_days", "Extension.From": "letter.fact.extension_from", "Extension.Due": "letter.fact.extension_due",
	"Extension.Reason": "letter.fact.extension_reason", "Extension.Approved": "letter.fact.extension_approved", "Extension.Approver": "letter.fact.extension_approver",
	"Deferral.Due": "letter.fact.deferral_due", "Deferral.Reason": "letter.fact.deferral_reason",
	"Consultation.Name": "letter.fact.party", "Consultation.Content": "letter.fact.party_content", "Consultation.Concern": "letter.fact.party_concern",
	"Consultation.Sent": "letter.fact.party_sent", "Consultation.Override": "letter.fact.override",
	"Fee.Mode": "letter.fact.fee_mode", "Fee.Count": "letter.fact.fee_count", "Fee.Month": "letter.fact.fee_month", "Fee.Amount": "letter.fact.fee_amount", "Fee.How": "letter.fact.fee_how",
	"Fee.Notified": "letter.fact.fee_notified", "Fee.Received": "letter.fact.fee_received", "Fee.Deadline": "letter.fact.fee_deadline",
	"Answer.About": "letter.fact.about", "Answer.Variant": "letter.fact.variant", "Answer.Reason": "letter.fact.reason", "Answer.FormWhy": "letter.fact.form_why",
	"Answer.Withheld": "letter.fact.withheld", "Answer.Law": "letter.fact.law", "Answer.Class": "letter.fact.class",
	"Answer.Published.Title": "letter.fact.published_title", "Answer.Published.Where": "letter.fact.published_where",
	"Answer.Search.Systems": "letter.fact.search_systems", "Answer.Search.Keywords": "letter.fact.search_keywords",
	"Answer.Search.Persons": "letter.fact.search_persons", "Answer.Search.From": "letter.fact.search_from", "Answer.Search.To": "letter.fact.search_to",
	"Answer.Organ.Name": "letter.fact.organ", "Answer.Organ.Contact": "letter.fact.organ_contact", "Answer.Organ.Why": "letter.fact.organ_why",
	"Answer.Earlier.On": "letter.fact.earlier_on", "Answer.Earlier.Number": "letter.fact.earlier_number", "Answer.Earlier.About": "letter.fact.earlier_about",
	"Answer.Channel": "letter.fact.proper_channel", "Answer.Existing": "letter.fact.existing", "Answer.CaseWay": "letter.fact.case_way", "Answer.On": "letter.fact.withdrawn_on",
	"Rectify.Variant": "letter.fact.rectify_variant", "Rectify.Record": "letter.fact.rectify_record", "Rectify.Result": "letter.fact.rectify_result", "Rectify.On": "letter.fact.rectify_on",
	"Rectify.Organ.Name": "letter.fact.organ", "Rectify.Organ.Contact": "letter.fact.organ_contact",
	"Remedy.Review": "letter.fact.review_body", "Remedy.Court": "letter.fact.court",
	"Review.Record": "letter.fact.review_record", "Review.Drafted": "letter.fact.drafted", "Delivery.Letter": "letter.fact.delivered",
}

// slotNames are the messages that name the parts of letters.
var slotNames = map[string]string{
	"to": "letter.slot.to", "opening": "letter.slot.opening", "received": "letter.slot.received", "progress": "letter.slot.progress", "lead": "letter.slot.lead",
	"about": "letter.slot.about", "finding": "letter.slot.finding", "ground": "letter.slot.ground", "decision": "letter.slot.decision", "given": "letter.slot.given",
	"withheld": "letter.slot.withheld", "obtain": "letter.slot.obtain", "search": "letter.slot.search", "reason": "letter.slot.reason", "channel": "letter.slot.channel",
	"matters": "letter.slot.matters", "guidance": "letter.slot.guidance", "deadline": "letter.slot.deadline", "effect": "letter.slot.effect", "due": "letter.slot.due",
	"account": "letter.slot.account", "query": "letter.slot.query", "help": "letter.slot.help", "facts": "letter.slot.facts", "extension": "letter.slot.extension",
	"deferral": "letter.slot.deferral", "content": "letter.slot.content", "concern": "letter.slot.concern", "ask": "letter.slot.ask", "consulted": "letter.slot.consulted",
	"basis": "letter.slot.basis", "pay": "letter.slot.pay", "told": "letter.slot.told", "remedy": "letter.slot.remedy", "contact": "letter.slot.contact", "close": "letter.slot.close",
	"sheet": "letter.slot.sheet", "entries": "letter.slot.entries", "notes": "letter.slot.notes",
}

// Label names the part; of one of several answers with its number.
func (s Slot) Label() i18n.Message {
	name, number, several := strings.Cut(s.Name, ".")
	if several {
		return i18n.M("letter.slot.numbered", "slot", i18n.M(slotNames[name]), "n", number)
	}
	return i18n.M(slotNames[name])
}
