package actor

import (
	"slices"

	"gongkai/internal/i18n"
)

// Role is a part a person plays in an agency (角色).
type Role string

// The roles. System, security and audit administrators are kept apart: nobody holds two of
// the three (等级保护, R-SEC-01).
const (
	Editor     Role = "editor"     // 信息员: drafts
	Reviewer1  Role = "reviewer1"  // 一审: head of the department
	Reviewer2  Role = "reviewer2"  // 二审: leader in charge of the business
	Reviewer3  Role = "reviewer3"  // 三审: leader in charge of information
	Secrecy    Role = "secrecy"    // 保密审查员
	Publisher  Role = "publisher"  // 发布员
	Officer    Role = "officer"    // 政府信息公开工作机构
	Handler    Role = "handler"    // 承办人: of the requests that are assigned to him
	Legal      Role = "legal"      // 合法性审查员
	Head       Role = "head"       // 政府信息公开工作机构负责人
	Supervisor Role = "supervisor" // 主管部门: of the agencies below
	SysAdmin   Role = "sysadmin"   // 系统管理员
	SecAdmin   Role = "secadmin"   // 安全管理员
	Auditor    Role = "auditor"    // 审计员
	Program    Role = "program"    // the product's own jobs and the server's command line
)

// Roles lists the roles people are granted, in the order pages show them.
var Roles = []Role{Editor, Reviewer1, Reviewer2, Reviewer3, Secrecy, Publisher, Officer, Handler, Legal, Head, Supervisor, SysAdmin, SecAdmin, Auditor}

// Installation reports whether r is held for the whole installation, not for one agency.
func (r Role) Installation() bool { return r == SysAdmin || r == SecAdmin || r == Auditor }

// Act is something a person does that changes a record or shows what is not public.
type Act string

// The acts, by area. A verb has the same name in the code, the audit entry and the texts.
const (
	AgencyCreate  Act = "agency.create"
	AgencyChange  Act = "agency.change"
	AgencyContact Act = "agency.contact" // the contact card of art. 12
	AgencyView    Act = "agency.view"

	AccountView     Act = "account.view"
	AccountCreate   Act = "account.create"
	AccountChange   Act = "account.change"
	AccountReset    Act = "account.reset" // a new one-time password, a lost second factor
	AccountLock     Act = "account.lock"
	AccountUnlock   Act = "account.unlock"
	AccountGrant    Act = "account.grant"
	AccountRevoke   Act = "account.revoke"
	AccountSecurity Act = "account.security" // password rules, lock-out, time limits
	AccountReveal   Act = "account.reveal"   // telephone and e-mail in full

	// What people do with their own accounts: no role allows it, being signed in does.
	AccountSetup    Act = "account.setup" // the first three administrators
	AccountSignIn   Act = "account.sign_in"
	AccountRefuse   Act = "account.refuse" // somebody who could not sign in
	AccountSignOut  Act = "account.sign_out"
	AccountPassword Act = "account.password"
	AccountFactor   Act = "account.factor" // authenticator, passkey, recovery codes
	AccountDelegate Act = "account.delegate"
	AccountToken    Act = "account.token"     // a token for another system to draft with
	AccountTokenEnd Act = "account.token_end" // such a token revoked

	AuditRead   Act = "audit.read"
	AuditExport Act = "audit.export"

	JobView       Act = "job.view"
	JobRetry      Act = "job.retry"
	JobCancel     Act = "job.cancel"
	SystemView    Act = "system.view"
	SystemBackup  Act = "system.backup"
	KeyRotate     Act = "key.rotate" // a new key of the installation, and what it seals
	SettingChange Act = "setting.change"
	CalendarLoad  Act = "calendar.load"

	SectionView   Act = "section.view"
	SectionCreate Act = "section.create"
	SectionChange Act = "section.change"
	SectionMove   Act = "section.move"
	SectionRetire Act = "section.retire"
	SectionReview Act = "section.review" // look through what stays published for good
	SectionEvent  Act = "section.event"  // record that something must be published
	SectionImport Act = "section.import"
	BoardView     Act = "board.view"    // freshness of one's own agency
	BoardOversee  Act = "board.oversee" // freshness of the agencies below
	BoardRemind   Act = "board.remind"

	ItemView     Act = "item.view" // material that is not published
	ItemCreate   Act = "item.create"
	ItemEdit     Act = "item.edit"
	ItemSubmit   Act = "item.submit"
	ItemRecall   Act = "item.recall"  // take a submitted draft back
	ItemDiscard  Act = "item.discard" // close a draft that will not be published
	ItemReview1  Act = "item.review1"
	ItemReview2  Act = "item.review2"
	ItemReview3  Act = "item.review3"
	ItemSecrecy  Act = "item.secrecy"  // the secrecy review
	ItemOverride Act = "item.override" // let a blocking finding pass, with the reason
	ItemUrgent   Act = "item.urgent"   // publish before the reviews are done, approval to follow
	ItemPublish  Act = "item.publish"
	ItemSchedule Act = "item.schedule"
	ItemPlace    Act = "item.place" // show on further sections or another agency's
	ItemRetract  Act = "item.retract"
	ItemCorrect  Act = "item.correct"
	ItemArchive  Act = "item.archive"
	ItemExpire   Act = "item.expire"
	ItemImport   Act = "item.import"
	ItemReassess Act = "item.reassess" // look again at what is withheld, art. 18
	IndexSet     Act = "index.set"     // the agency's template of index numbers
	WordsChange  Act = "words.change"  // the word lists of the checks

	SynonymsChange Act = "synonyms.change" // the words that find each other in searches

	NormativeView    Act = "normative.view"
	NormativeEdit    Act = "normative.edit"
	NormativeDecide  Act = "normative.decide" // moves of the life cycle
	NormativeExpire  Act = "normative.expire"
	NormativeClean   Act = "normative.clean" // the cleaning list
	CreditView       Act = "credit.view"
	CreditImport     Act = "credit.import"
	CreditPublish    Act = "credit.publish"
	CreditWithdraw   Act = "credit.withdraw"
	CreditExpire     Act = "credit.expire"
	GuideEdit        Act = "guide.edit"
	GuidePublish     Act = "guide.publish"
	ReportCompile    Act = "report.compile"
	ReportView       Act = "report.view"    // an annual report in the making
	ReportEdit       Act = "report.edit"    // its figures, text and explanations
	ReportCheck      Act = "report.check"   // hold it against the rules, hand it in
	ReportReview     Act = "report.review"  // the review before it is signed
	ReportSign       Act = "report.sign"    // sign it off
	ReportPublish    Act = "report.publish" // draft its publication
	ReportSubmit     Act = "report.submit"  // to the supervising body
	ReportCollect    Act = "report.collect" // take in, send back, accept, lock the reports of bodies below
	ReportMerge      Act = "report.merge"   // add the reports of bodies below to one's own
	ReportCorrect    Act = "report.correct" // open a new version after the lock
	ReportKey        Act = "report.key"     // the keys bodies without a connection sign with
	AnnualView       Act = "annual.view"    // what was read of published annual reports
	AnnualRead       Act = "annual.read"    // read a published report
	AnnualSettle     Act = "annual.settle"  // answer what reading left open
	AnnualSupply     Act = "annual.supply"  // hand in a file it can be read from
	AnnualClose      Act = "annual.close"   // say that it has no tables, or is no report
	StatisticsView   Act = "statistics.view"
	StatisticsExport Act = "statistics.export"
	SiteChange       Act = "site.change"  // how a body's site presents itself
	SiteAddress      Act = "site.address" // where it stands
	LedgerKey        Act = "ledger.key"   // the keys that sign the public log

	FoiView     Act = "foi.view"     // a body's requests, applicants masked
	FoiReveal   Act = "foi.reveal"   // an applicant's data in full; each time on record
	FoiRegister Act = "foi.register" // take in, confirm, set aside what is no request
	FoiAssign   Act = "foi.assign"   // say who handles a request, ask other departments
	FoiHandle   Act = "foi.handle"   // search, draft, hand in an opinion: officers, and handlers their own
	FoiProcess  Act = "foi.process"  // correction, reasons, consultation, fee, extension asked for
	FoiPropose  Act = "foi.propose"  // a decision
	FoiLegal    Act = "foi.legal"    // the legal review
	FoiSecrecy  Act = "foi.secrecy"  // the secrecy review
	FoiApprove  Act = "foi.approve"  // extension and decision, by the head: art. 33
	FoiSend     Act = "foi.send"     // letters
	FoiClose    Act = "foi.close"    // withdrawal, lapse, transfer, merging, splitting
	FoiReopen   Act = "foi.reopen"   // answer again after reconsideration or judgment
	FoiDispute  Act = "foi.dispute"  // reconsideration and suits
	FoiSetting  Act = "foi.setting"
	FoiImport   Act = "foi.import"
	FoiExport   Act = "foi.export"  // a request's whole file
	FoiPublish  Act = "foi.publish" // request and reply in the public log of replies
	FoiOversee  Act = "foi.oversee" // the clocks of the bodies below, nothing personal
	FoiApply    Act = "foi.apply"   // what applicants do themselves, by their query code
	FoiCount    Act = "foi.count"   // deadlines counted anew, periods that ran out

	WebhookView    Act = "webhook.view"
	WebhookChange  Act = "webhook.change"  // who is told of a body's events
	WebhookReplay  Act = "webhook.replay"  // tell once more, or try
	MailboxView    Act = "mailbox.view"    // mail that arrived, with who wrote what
	MailboxHandle  Act = "mailbox.handle"  // assign it, make it a request, discard it
	MailboxReceive Act = "mailbox.receive" // take it out of the mailbox
)

// own is what everyone who works for an agency may look at there.
var own = []Act{AgencyView, SectionView, BoardView, ItemView, NormativeView, CreditView, StatisticsView, AnnualView, ReportView}

// table is which role may do what. It is drawn into docs/permissions.md.
var table = map[Role][]Act{
	Editor: with(own, ItemCreate, ItemEdit, ItemSubmit, ItemRecall, ItemDiscard, NormativeEdit, CreditImport,
		SectionReview, SectionEvent, ReportPublish),
	Reviewer1: with(own, ItemReview1),
	Reviewer2: with(own, ItemReview2, ReportReview),
	Reviewer3: with(own, ItemReview3, ItemUrgent, NormativeDecide, ReportSign),
	Secrecy:   with(own, ItemSecrecy, ItemOverride, FoiView, FoiSecrecy),
	Publisher: with(own, ItemPublish, ItemSchedule, ItemPlace, ItemRetract, ItemCorrect, ItemArchive,
		CreditPublish, CreditWithdraw),
	Officer: with(own, AgencyContact, SectionCreate, SectionChange, SectionMove, SectionRetire, SectionReview, SectionEvent,
		SectionImport, BoardRemind,
		ItemImport, ItemReassess, ItemRetract, ItemArchive, IndexSet, NormativeEdit, NormativeDecide, NormativeClean,
		CreditWithdraw, GuideEdit, GuidePublish, ReportCompile, StatisticsExport, SiteChange,
		AnnualRead, AnnualSettle, AnnualSupply, AnnualClose,
		WebhookView, WebhookChange, WebhookReplay, MailboxView, MailboxHandle,
		ReportEdit, ReportCheck, ReportSubmit, ReportMerge, ReportCorrect,
		FoiView, FoiReveal, FoiRegister, FoiAssign, FoiHandle, FoiProcess, FoiPropose, FoiSend, FoiClose, FoiReopen,
		FoiDispute, FoiSetting, FoiImport, FoiExport, FoiPublish, FoiCount),
	// A handler sees the requests that are assigned to him, and no others.
	Handler:    with(own, FoiHandle, FoiReveal),
	Legal:      with(own, FoiView, FoiLegal),
	Head:       with(own, FoiView, FoiReveal, FoiApprove, FoiReopen, FoiPublish, FoiExport),
	Supervisor: {AgencyView, SectionView, BoardView, BoardOversee, BoardRemind, StatisticsView, StatisticsExport, AnnualView, ReportCollect, ReportKey, FoiOversee},
	SysAdmin: {AgencyCreate, AgencyChange, AgencyContact, AgencyView, AccountView, AccountCreate, AccountChange, AccountReveal,
		JobView, JobRetry, JobCancel, SystemView, SystemBackup, SettingChange, CalendarLoad, SectionView, WordsChange, SynonymsChange, SiteChange, SiteAddress,
		WebhookView, WebhookChange, WebhookReplay},
	SecAdmin: {AgencyView, AccountView, AccountReset, AccountLock, AccountUnlock, AccountGrant, AccountRevoke,
		AccountSecurity, SectionView},
	Auditor: {AuditRead, AuditExport, AgencyView, AccountView},
	Program: {SiteChange, SiteAddress, AgencyCreate, AgencyChange, AgencyContact, AgencyView, AccountView, AccountCreate, AccountGrant, AccountLock, AccountUnlock,
		AccountReset, SectionCreate, SectionImport, ItemPublish, ItemExpire, ItemImport, ItemArchive,
		NormativeExpire, CreditImport, CreditExpire, BoardRemind, AnnualRead, FoiApply, FoiCount, FoiImport, FoiExport, JobRetry, SystemBackup, KeyRotate, AuditExport, CalendarLoad, LedgerKey, MailboxReceive},
}

func with(base []Act, more ...Act) []Act { return append(slices.Clone(base), more...) }

// Allows reports whether a role may do an act in its scope.
func Allows(r Role, act Act) bool { return slices.Contains(table[r], act) }

// Acts lists every act any role may do, sorted.
func Acts() []Act {
	var all []Act
	for _, acts := range table {
		for _, a := range acts {
			if !slices.Contains(all, a) {
				all = append(all, a)
			}
		}
	}
	slices.Sort(all)
	return all
}

// names are the messages of the roles.
var names = map[Role]string{
	Editor: "role.editor", Reviewer1: "role.reviewer1", Reviewer2: "role.reviewer2", Reviewer3: "role.reviewer3",
	Secrecy: "role.secrecy", Publisher: "role.publisher", Officer: "role.officer", Handler: "role.handler", Legal: "role.legal", Head: "role.head", Supervisor: "role.supervisor",
	SysAdmin: "role.sysadmin", SecAdmin: "role.secadmin", Auditor: "role.auditor", Program: "role.program",
}

// Message returns what people call the role.
func (r Role) Message() i18n.Message { return i18n.M(names[r]) }

// Message returns what people call the act. An act's name is the key of its message.
func (a Act) Message() i18n.Message { return i18n.M(string(a)) }
