// Package outcome lists the results a request for information can have (处理结果): the rows of
// table three of the annual report, with 予以公开 split into what is handed over and what is
// already public. Each result says on which article it rests, which letter tells it, and what
// must be on record before it may be decided.
package outcome

import (
	"slices"

	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Code names a result. It is the key of its row in table three without "done.", but for Public.
type Code string

// The 22 results.
const (
	Open   Code = "open"        // 予以公开: handed over, or told how to get it
	Public Code = "open.public" // already published: told where

	Partial Code = "partial" // 部分公开

	Secret   Code = "deny.secret"   // 属于国家秘密
	Law      Code = "deny.law"      // 其他法律行政法规禁止公开
	Safety   Code = "deny.safety"   // 危及“三安全一稳定”
	Third    Code = "deny.third"    // 保护第三方合法权益
	Internal Code = "deny.internal" // 属于三类内部事务信息
	Process  Code = "deny.process"  // 属于四类过程性信息
	CaseFile Code = "deny.casefile" // 属于行政执法案卷
	Query    Code = "deny.query"    // 属于行政查询事项

	NotHeld Code = "unable.nohold"  // 本机关不掌握相关政府信息
	Make    Code = "unable.make"    // 没有现成信息需要另行制作
	Unclear Code = "unable.unclear" // 补正后申请内容仍不明确

	Petition    Code = "noproc.petition"    // 信访举报投诉类申请
	Repeat      Code = "noproc.repeat"      // 重复申请
	Publication Code = "noproc.publication" // 要求提供公开出版物
	Excess      Code = "noproc.excess"      // 无正当理由大量反复申请
	Certify     Code = "noproc.confirm"     // 要求行政机关确认或重新出具已获取信息

	NotCorrected Code = "other.nocorrect" // 逾期不补正
	NotPaid      Code = "other.nopay"     // 逾期未缴费
	Misc         Code = "other.misc"      // 其他
)

// Need is something that must be on record before a result may be decided.
type Need string

// The needs. R-DEC-03 to 07.
const (
	Given        Need = "given"        // what is handed over, or the way, place and time of getting it: art. 36 (2)
	Where        Need = "where"        // where it is published: art. 36 (1)
	Ground       Need = "ground"       // the reason in words
	Provision    Need = "provision"    // which other law or regulation, and its article
	Consulted    Need = "consulted"    // a finished consultation, or why none was needed: art. 32
	Withheld     Need = "withheld"     // each withheld part with its ground: art. 37
	Searched     Need = "searched"     // the search: R-DEC-04
	Responsible  Need = "responsible"  // the body that is responsible, if it can be told: art. 36 (5)
	Corrected    Need = "corrected"    // a correction was asked for and made: art. 30
	Earlier      Need = "earlier"      // the earlier reply to the same applicant: art. 36 (6)
	Channel      Need = "channel"      // the proper channel: arts 36 (7), 39
	ReasonsAsked Need = "reasons"      // reasons were asked for and are not acceptable: art. 35
	CorrectLapse Need = "correct_late" // the period of a correction is over: art. 30
	PayLapse     Need = "pay_late"     // the period of payment is over
	Kind         Need = "kind"         // which kind of 其他 it is
)

// Outcome is one result.
type Outcome struct {
	Code   Code
	Key    string // of its row in table three, as annual/form names it
	Letter string // code of the letter that tells it
	Cite   statute.Ref
	Needs  []Need
	// ReviewFirst says that from 2024-01-01 a suit must be preceded by reconsideration
	// (复议前置): refusals under arts 14, 15 and 16. R-RL-01, R-RL-02.
	ReviewFirst bool
	// Lapse marks the results that come about by time alone; nobody decides them.
	Lapse bool
}

var ogi = statute.OGI2019

// All lists the results in the order of table three. R-DEC-02: this is the only mapping.
var All = []Outcome{
	{Code: Open, Key: "done.open", Letter: "L10", Cite: ogi.Art(36, 0, 2), Needs: []Need{Given}},
	{Code: Public, Key: "done.open", Letter: "L11", Cite: ogi.Art(36, 0, 1), Needs: []Need{Where}},
	{Code: Partial, Key: "done.partial", Letter: "L12", Cite: ogi.Art(37), Needs: []Need{Given, Withheld}},
	{Code: Secret, Key: "done.deny.secret", Letter: "L13", Cite: ogi.Art(14), Needs: []Need{Ground}, ReviewFirst: true},
	{Code: Law, Key: "done.deny.law", Letter: "L14", Cite: ogi.Art(14), Needs: []Need{Provision, Ground}, ReviewFirst: true},
	{Code: Safety, Key: "done.deny.safety", Letter: "L15", Cite: ogi.Art(14), Needs: []Need{Ground}, ReviewFirst: true},
	{Code: Third, Key: "done.deny.third", Letter: "L16", Cite: ogi.Art(15), Needs: []Need{Consulted, Ground}, ReviewFirst: true},
	{Code: Internal, Key: "done.deny.internal", Letter: "L17", Cite: ogi.Art(16, 1), Needs: []Need{Ground}, ReviewFirst: true},
	{Code: Process, Key: "done.deny.process", Letter: "L18", Cite: ogi.Art(16, 2), Needs: []Need{Ground}, ReviewFirst: true},
	{Code: CaseFile, Key: "done.deny.casefile", Letter: "L19", Cite: ogi.Art(16, 2), Needs: []Need{Ground}, ReviewFirst: true},
	{Code: Query, Key: "done.deny.query", Letter: "L20", Cite: ogi.Art(36, 0, 7), Needs: []Need{Provision, Channel}},
	{Code: NotHeld, Key: "done.unable.nohold", Letter: "L21", Cite: ogi.Art(36, 0, 4), Needs: []Need{Searched}},
	{Code: Make, Key: "done.unable.make", Letter: "L23", Cite: ogi.Art(38), Needs: []Need{Ground}},
	{Code: Unclear, Key: "done.unable.unclear", Letter: "L24", Cite: ogi.Art(30), Needs: []Need{Corrected, Ground}},
	{Code: Petition, Key: "done.noproc.petition", Letter: "L25", Cite: ogi.Art(39, 1), Needs: []Need{Channel}},
	{Code: Repeat, Key: "done.noproc.repeat", Letter: "L26", Cite: ogi.Art(36, 0, 6), Needs: []Need{Earlier}},
	{Code: Publication, Key: "done.noproc.publication", Letter: "L27", Cite: ogi.Art(39, 2), Needs: []Need{Where}},
	{Code: Excess, Key: "done.noproc.excess", Letter: "L28", Cite: ogi.Art(35), Needs: []Need{ReasonsAsked, Ground}},
	{Code: Certify, Key: "done.noproc.confirm", Letter: "L29", Needs: []Need{Ground}},
	{Code: NotCorrected, Key: "done.other.nocorrect", Letter: "L30", Cite: ogi.Art(30), Needs: []Need{CorrectLapse}, Lapse: true},
	{Code: NotPaid, Key: "done.other.nopay", Letter: "L31", Cite: ogi.Art(42), Needs: []Need{PayLapse}, Lapse: true},
	{Code: Misc, Key: "done.other.misc", Letter: "L32", Needs: []Need{Kind, Ground}},
}

// Of returns the result a code names.
func Of(c Code) (Outcome, bool) {
	i := slices.IndexFunc(All, func(o Outcome) bool { return o.Code == c })
	if i < 0 {
		return Outcome{}, false
	}
	return All[i], true
}

// Needs reports whether o needs n.
func (o Outcome) Need(n Need) bool { return slices.Contains(o.Needs, n) }

// Denial reports whether c refuses information that the body holds.
func (c Code) Denial() bool { return len(c) > 5 && c[:5] == "deny." }

var names = map[Code]string{
	Open: "outcome.open", Public: "outcome.public", Partial: "outcome.partial",
	Secret: "outcome.secret", Law: "outcome.law", Safety: "outcome.safety", Third: "outcome.third",
	Internal: "outcome.internal", Process: "outcome.process", CaseFile: "outcome.casefile", Query: "outcome.query",
	NotHeld: "outcome.nohold", Make: "outcome.make", Unclear: "outcome.unclear",
	Petition: "outcome.petition", Repeat: "outcome.repeat", Publication: "outcome.publication", Excess: "outcome.excess", Certify: "outcome.certify",
	NotCorrected: "outcome.nocorrect", NotPaid: "outcome.nopay", Misc: "outcome.misc",
}

// Message returns what people call the result.
func (c Code) Message() i18n.Message { return i18n.M(names[c]) }

var needs = map[Need]string{
	Given: "outcome.need.given", Where: "outcome.need.where", Ground: "outcome.need.ground", Provision: "outcome.need.provision",
	Consulted: "outcome.need.consulted", Withheld: "outcome.need.withheld", Searched: "outcome.need.searched",
	Responsible: "outcome.need.responsible", Corrected: "outcome.need.corrected", Earlier: "outcome.need.earlier",
	Channel: "outcome.need.channel", ReasonsAsked: "outcome.need.reasons", CorrectLapse: "outcome.need.correct_late",
	PayLapse: "outcome.need.pay_late", Kind: "outcome.need.kind",
}

// Message says what is needed.
func (n Need) Message() i18n.Message { return i18n.M(needs[n]) }
