package letter

import (
	"slices"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// The limits letters are held to.
const (
	// longest is how many working days a reply may be put off. 条例第三十三条第二款：“延长的期限最长不得
	// 超过20个工作日”.
	longest = 20
	// freePieces is how many pieces of a month cost nothing, freePages how many pages. 国办函〔2020〕109号第四条、
	// 第五条.
	freePieces = 10
	freePages  = 30
)

// Classes are the words the regulation names under a ground; a reply must say which of them it
// means. 条例第十四条、第十五条、第十六条.
var Classes = map[string][]string{
	"deny.safety":   {"国家安全", "公共安全", "经济安全", "社会稳定"},
	"deny.third":    {"商业秘密", "个人隐私", "其他合法权益"},
	"deny.internal": {"人事管理", "后勤管理", "内部工作流程"},
	"deny.process":  {"讨论记录", "过程稿", "磋商信函", "请示报告"},
}

// Variants are the kinds of an outcome that has several. The first is meant where none is given, but
// for 其他, of which one must be named.
var Variants = map[string][]string{
	"unable.nohold":   {"absent", "other"},
	"noproc.petition": {"petition", "complaint", "report"},
	"noproc.confirm":  {"both", "certify", "reissue"},
	"other.misc":      {"withdrawn", "not_information", "inquiry", "transferred", "moot"},
}

// refusals are the outcomes that withhold under 第十四条 to 第十六条, against which review comes first
// (R-RL-02).
var refusals = []string{"deny.secret", "deny.law", "deny.safety", "deny.third", "deny.internal", "deny.process", "deny.casefile"}

// since2024 is when 行政复议法第二十三条第一款第四项 came into force.
var since2024 = date.Must(2024, 1, 1)

// remedy fills the paragraph on review and suit that outcome and date ask for (R-RL-01 to 03). A
// reply that both gives and withholds names the way for each: of the part withheld that is our
// reading, since the law speaks of 不予公开 and not of replies.
func (d *drafter) remedy() []Slot {
	name := "remedy-either"
	if first, other := d.refused(); !d.on.Before(since2024) && first {
		name = "remedy-first"
		if other {
			name = "remedy-both"
		}
	}
	s := d.sheet(name)
	if s == nil {
		return nil
	}
	return d.parts(s, s.parts, false)
}

// refused reports whether the decision withholds something under 第十四条 to 第十六条, and whether it
// says anything besides.
func (d *drafter) refused() (first, other bool) {
	kind, _ := Find(d.code)
	if !kind.Decision {
		return false, true
	}
	note := func(outcome string) {
		if d.reviewFirst(outcome) {
			first = true
		} else {
			other = true
		}
	}
	for _, a := range d.facts.Answers {
		if a.Outcome != "partial" {
			note(a.Outcome)
			continue
		}
		other = true
		for _, w := range a.Withheld {
			note(w.Outcome)
		}
	}
	return first, other
}

// reviewFirst reports whether review comes before suit against an outcome.
func (d *drafter) reviewFirst(outcome string) bool {
	return slices.Contains(refusals, outcome) || outcome == "deny.query" && d.facts.Remedy.QueryFirst
}

// checkAnswer notes what the answer in hand lacks, R-DEC-03 to 07.
func (d *drafter) checkAnswer(template string) {
	a := d.answer
	if len(d.facts.Answers) <= 1 && Of(a.Outcome, a.Variant) != string(d.code) || Of(a.Outcome, a.Variant) != template {
		d.lack("Answer.Outcome", i18n.M("letter.gap.outcome"), statute.Ref{})
	}
	if kinds, has := Variants[a.Outcome]; has && !slices.Contains(kinds, a.Variant) && (a.Variant != "" || a.Outcome == "other.misc") {
		d.gap("Answer.Variant")
	}
	d.checkGround(a.Outcome, a.Class, a.Law)
	switch a.Outcome {
	case "open":
		d.checkGiven()
	case "open.public", "noproc.publication":
		if !d.has("Answer.Published.Where") && !d.has("Answer.Published.URL") {
			d.gap("Answer.Published.Where")
		}
	case "partial":
		d.checkGiven()
		d.checkWithheld()
	case "deny.third":
		d.checkThird(a.Third)
	case "unable.nohold":
		if a.Variant != "other" {
			d.checkSearch()
		} else if !a.Organ.Unknown {
			d.need("Answer.Organ.Name")
			d.need("Answer.Organ.Contact")
		}
	case "unable.unclear":
		d.need("Correction.Notified")
		d.need("Request.Corrected")
	}
}

// checkGround notes a refusal without the review that led to it (R-DEC-03), without its class or
// without its law.
func (d *drafter) checkGround(outcome, class, law string) {
	if slices.Contains(refusals, outcome) {
		d.need("Review.Record")
	}
	if words, has := Classes[outcome]; has && !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(class, w) }) {
		d.lack("Answer.Class", i18n.M("letter.gap.class", "words", words), statute.Ref{})
	}
	if outcome == "deny.law" && strings.TrimSpace(law) == "" {
		d.gap("Answer.Law")
	}
}

// checkGiven notes that neither the information is handed over nor told how, where and when it is
// to be had (第三十六条第二项).
func (d *drafter) checkGiven() {
	o := d.answer.Obtain
	if len(d.answer.Provided) == 0 && len(d.facts.Enclosures) == 0 && (o.Way == "" || o.Place == "" || o.Time == "") {
		d.lack("Answer.Provided", i18n.M("letter.gap.given"), statute.OGI2019.Art(36, 0, 2))
	}
	if d.answer.Form != "" {
		d.need("Answer.FormWhy")
	}
}

// checkWithheld notes a partial reply that lists no part withheld, or one without its ground
// (R-DEC-06).
func (d *drafter) checkWithheld() {
	d.need("Answer.Withheld")
	for _, w := range d.answer.Withheld {
		if strings.TrimSpace(w.What) == "" || strings.TrimSpace(w.Reason) == "" || grounds[w.Outcome] == "" {
			d.lack("Answer.Withheld", i18n.M("letter.gap.withheld"), statute.OGI2019.Art(37))
		}
		d.checkGround(w.Outcome, w.Class, w.Law)
		if w.Outcome == "deny.third" {
			d.checkThird(w.Third)
		}
	}
}

// grounds names the provision a withheld part can rest on; the template words it.
var grounds = map[string]string{
	"deny.secret": "14", "deny.law": "14", "deny.safety": "14", "deny.third": "15", "deny.internal": "16",
	"deny.process": "16", "deny.casefile": "16", "deny.query": "36", "unable.nohold": "36", "unable.make": "38", "not_information": "37",
}

// checkThird notes a refusal for a third party that was not asked and nobody says why (R-DEC-03).
func (d *drafter) checkThird(t Third) {
	switch {
	case t.Consulted && t.Objected && strings.TrimSpace(t.Reasons) == "":
		d.lack("Answer.Third.Reasons", i18n.M("letter.gap.objection"), statute.OGI2019.Art(32))
	case !t.Consulted && strings.TrimSpace(t.WhyNot) == "":
		d.lack("Answer.Third", i18n.M("letter.gap.consulted"), statute.OGI2019.Art(32))
	}
}

// checkSearch notes what is missing of the record of a search (R-DEC-04).
func (d *drafter) checkSearch() {
	if !d.has("Answer.Search.Systems") && !d.has("Answer.Search.Archives") {
		d.gap("Answer.Search.Systems")
	}
	for _, key := range []string{"Answer.Search.Keywords", "Answer.Search.Persons", "Answer.Search.From", "Answer.Search.To"} {
		d.need(key)
	}
	if s := d.answer.Search; s.To.Before(s.From) {
		d.lack("Answer.Search.To", i18n.M("letter.gap.order"), statute.Ref{})
	}
}

// check notes what the letter as a whole lacks.
func (d *drafter) check() {
	kind, _ := Find(d.code)
	own, _ := inForce(string(d.code), d.on, d.pinned)
	if kind.To != ToFile {
		if own != nil && own.number {
			d.need("Number")
		}
		for _, key := range []string{"Agency.Name", "Agency.Phone", "Agency.Address"} {
			d.need(key)
		}
		if d.on.IsZero() {
			d.lack("On", i18n.M("letter.gap.day"), statute.Ref{})
		}
	}
	if kind.To == ToApplicant {
		d.need("Applicant.Name")
	}
	if (kind.Decision || kind.Remedy) && d.facts.Delivery.Online {
		if strings.TrimSpace(d.facts.Remedy.Online) == "" {
			d.lack("Remedy.Online", i18n.M("letter.gap.online"), statute.Reconsideration2023.Art(22, 2))
		}
	}
	d.checkDates()
	switch d.code {
	case "L04":
		d.checkExtension()
	case "L09":
		d.checkFee()
	}
}

// checkDates notes a letter dated before what it tells of, or one that sets a time limit already
// over, or ends a matter before its time limit is.
func (d *drafter) checkDates() {
	f := d.facts
	if d.on.IsZero() {
		return
	}
	for _, then := range []date.Date{f.Request.Received, f.Request.Corrected} {
		if then.After(d.on) {
			d.lack("On", i18n.M("letter.gap.early"), statute.Ref{})
		}
	}
	limits := map[Code]struct {
		key string
		day date.Date
	}{
		"L02": {"Correction.Deadline", f.Correction.Deadline}, "L03": {"Reasons.Deadline", f.Reasons.Deadline},
		"L09": {"Fee.Deadline", f.Fee.Deadline}, "L34": {"Deferral.Due", f.Deferral.Due},
		"L30": {"Correction.Deadline", f.Correction.Deadline}, "L31": {"Fee.Deadline", f.Fee.Deadline},
	}
	limit, has := limits[d.code]
	switch ends := d.code == "L30" || d.code == "L31"; {
	case !has || limit.day.IsZero():
	case ends && !limit.day.Before(d.on):
		d.lack(limit.key, i18n.M("letter.gap.not_over"), statute.Ref{})
	case !ends && !limit.day.After(d.on):
		d.lack(limit.key, i18n.M("letter.gap.over"), statute.Ref{})
	}
}

// checkExtension holds an extension against 第三十三条第二款: at most 20 working days, agreed to and told
// before the time is over.
func (d *drafter) checkExtension() {
	e := d.facts.Extension
	if e.Days < 1 || e.Days > longest {
		d.lack("Extension.Days", i18n.M("letter.gap.extension", "most", longest), statute.OGI2019.Art(33, 2))
	}
	d.need("Extension.Approver")
	d.need("Extension.Approved")
	if !e.From.IsZero() && (e.Approved.After(e.From) || d.on.After(e.From)) {
		d.lack("Extension.Approved", i18n.M("letter.gap.extension_late"), statute.OGI2019.Art(33, 2))
	}
	if !e.Due.After(e.From) {
		d.lack("Extension.Due", i18n.M("letter.gap.order"), statute.Ref{})
	}
}

// checkFee holds the working against the amount: each line against itself, their sum against what
// is charged, the last of them against the number of pieces or pages.
func (d *drafter) checkFee() {
	f := d.facts.Fee
	sum, last := 0, 0
	for _, t := range f.Tiers {
		if t.Count != t.To-t.From+1 || t.Sum != t.Count*t.Price || t.From <= last {
			sum = -1
			break
		}
		sum, last = sum+t.Sum, t.To
	}
	if f.Amount <= 0 || sum != f.Amount || last != f.Count {
		d.lack("Fee.Amount", i18n.M("letter.gap.fee"), statute.ProcessingFee.Whole(""))
	}
	if f.Mode == PerPiece && f.Count <= freePieces || f.Mode == PerPage && f.Count <= freePages {
		d.lack("Fee.Count", i18n.M("letter.gap.free"), statute.ProcessingFee.Whole(""))
	}
	if f.Mode != PerPiece && f.Mode != PerPage {
		d.gap("Fee.Mode")
	}
	if f.Mode == PerPiece {
		d.need("Fee.Month")
	}
}
