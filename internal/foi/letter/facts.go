package letter

import "gongkai/internal/date"

// Facts is all that a letter may say of a request. A caller fills what the record has; what a
// letter needs and does not find is one of its gaps.
type Facts struct {
	Number    string // 发文字号, empty until the letter is signed
	Agency    Agency
	Applicant Applicant
	Request   Request
	Due       Due

	Correction   Correction
	Reasons      Reasons
	Extension    Extension
	Deferral     Deferral
	Consultation Consultation   // the one a letter to a third party or another organ is about
	Consulted    []Consultation // all of the request, for the reply and the approval sheet
	Fee          Fee
	Answers      []Answer // of the decision, one for each part of the request that is answered on its own
	Rectify      Rectification
	Remedy       Remedy
	Review       Review
	Enclosures   []string // what is sent with the letter
	CopyTo       []string // 抄送
	Delivery     Delivery
}

// Agency is who answers, and how it is reached.
type Agency struct {
	Name     string // full name, as in the seal
	Short    string // 规范化简称, for the letter's head; the full name if empty
	Office   string // 政府信息公开工作机构
	Address  string
	Postcode string
	Phone    string
	Fax      string
	Email    string
	Hours    string // 办公时间
	Site     string // address of the site on which the guide stands
}

// Applicant is who asked. His letter goes to him, to his guardian or, where there is one, to
// his agent as well.
type Applicant struct {
	Type         string // natural, business, research, welfare, legal, other: the columns of table three
	Name         string
	Honorific    string // 先生, 女士; none if he did not say
	Organisation bool
	Agent        string // 委托代理人
	Guardian     string // 法定代理人, of a minor or of who cannot act for himself
	Help         string // what help was given with reading, seeing or hearing (第四十三条)

	// What the application form and the register show of him.
	Identity       string // kind of the identity paper
	IdentityNumber string
	Workplace      string
	CreditCode     string // 统一社会信用代码 of an organisation
	Representative string // 法定代表人（负责人）
	Contact        string // 联系人 of an organisation
	Address        string
	Postcode       string
	Phone          string
	Fax            string
	Email          string
}

// Request is what was asked, how and when.
type Request struct {
	Number    string // 登记编号
	Code      string // 查询码
	URL       string // where the code is entered
	Channel   Channel
	Submitted date.Date // as the applicant dated it
	Received  date.Date // 收到之日 (第三十一条)
	Corrected date.Date // the corrected request was received
	Oral      bool      // written down by the office (第二十九条第一款)
	Text      string    // what is asked for, restated in one phrase without closing punctuation
	DocNo     string    // 文号, if the applicant named one
	Features  string    // 特征性描述
	Purpose   string    // only if the applicant gave it unasked
	Form      string    // 纸面, 电子文档, 光盘 …
	Way       string    // 邮寄, 电子邮件, 自行领取 …
	Handler   string    // 承办人
	Section   string    // 承办机构
	Register  []Entry   // of the register form, in order
}

// Entry is one line of the register: a day, what was done, who did it.
type Entry struct {
	On  date.Date
	Act string
	By  string
}

// Channel is how a request came in; the day it counts as received depends on it.
type Channel string

// The channels (第三十一条).
const (
	InPerson Channel = "person"   // 当面提交
	Signed   Channel = "signed"   // 邮寄，签收
	Ordinary Channel = "ordinary" // 平常信函，无需签收
	Online   Channel = "online"   // 互联网渠道
	Fax      Channel = "fax"      // 传真
	Mail     Channel = "mail"     // 电子邮件
)

// Due is the day the reply is due, with the account of the days.
type Due struct {
	On      date.Date
	Certain bool     // every holiday notice the count needed was loaded
	Account []string // the count in sentences, if the letter is to show it
}

// Correction is the one notice to correct a request, and what came of it (第三十条).
type Correction struct {
	Matters  []string // what to correct
	Guidance string   // how
	Notified date.Date
	Deadline date.Date
	Unclear  string // what is still unclear
}

// Reasons is the question why a request is so large or so frequent (第三十五条).
type Reasons struct {
	Excess   string // number and frequency, as facts with figures
	Asked    date.Date
	Deadline date.Date
	Given    string // what the applicant answered, in brief; empty if nothing
	Answered date.Date
	Judged   string // why that is unreasonable or reasonable
}

// Extension is the longer time to reply (第三十三条第二款).
type Extension struct {
	Days     int
	From     date.Date // the due date before
	Due      date.Date
	Reason   string
	Approved date.Date
	Approver string
}

// Deferral is the later reply to a large request with good reasons (第三十五条).
type Deferral struct {
	Due    date.Date
	Reason string
}

// PartyKind is whom a consultation asks.
type PartyKind string

// The kinds of consulted parties.
const (
	ThirdParty PartyKind = "third"   // 第三方 (第三十二条)
	CoMaker    PartyKind = "comaker" // 共同制作机关 (第三十四条)
	OtherOrgan PartyKind = "organ"   // 其他机关 (第三十三条第三款)
)

// Stand is what a consulted party answered.
type Stand string

// The stands.
const (
	Agrees  Stand = "agrees"
	Objects Stand = "objects"
	Partly  Stand = "partly"
	Silent  Stand = "silent"
)

// Consultation is a letter asking somebody else, and the answer.
type Consultation struct {
	Kind     PartyKind
	Name     string
	Person   bool   // a natural person, addressed as one
	Content  string // the information concerned
	Concern  string // how it touches the third party
	Sent     date.Date
	Received date.Date // by the party
	Deadline date.Date // 15 working days after that
	Replied  date.Date
	Stand    Stand
	Reasons  string // of an objection
	Override string // why the public interest asks for disclosure all the same
}

// FeeMode is how the fee is counted; never both ways (信息处理费管理办法第三条).
type FeeMode string

// The modes.
const (
	PerPiece FeeMode = "piece" // 按件计收
	PerPage  FeeMode = "page"  // 按量计收
)

// Fee is the processing fee (信息处理费).
type Fee struct {
	Mode     FeeMode
	Count    int    // pieces or pages
	Month    string // of the pieces: 2026年3月
	Tiers    []Tier
	Amount   int // yuan
	How      string
	Told     string // what the body tells of payment and challenge beyond that, by its own settings
	Notified date.Date
	Received date.Date // the applicant received the notice
	Deadline date.Date
}

// Tier is one line of the working: from the From-th to the To-th, so many at a price.
type Tier struct{ From, To, Count, Price, Sum int }

// Answer is the answer to the request or to a part of it, with what its outcome needs.
type Answer struct {
	About   string // the part answered; empty if the letter has one answer
	Outcome string // code of the outcome: deny.secret, unable.nohold …
	Variant string // which kind of the outcome; see Variants
	Finding string // what was found, in the clerk's words
	Reason  string // why the ground applies

	Provided  []Paper // what is handed over
	Form      string  // the form it is given in, if another than asked for
	FormWhy   string  // why another form (第四十条)
	Obtain    Obtain
	Published Published
	Withheld  []Withheld
	Law       string // the other law with article: 《…法》第…条
	Class     string // which of the classes the article names
	Third     Third
	Search    Search
	Organ     Organ // responsible for the information, for the matter, or having the power to correct
	Earlier   Earlier
	Channel   string    // the proper channel, with its address
	Existing  string    // what does exist, where the asked-for would have to be made
	On        date.Date // of a withdrawal
	CaseWay   string    // how a party inspects a case file
}

// Paper is one piece of information: title, number, pages.
type Paper struct {
	Title string
	DocNo string
	Pages int
}

// Obtain is how, where and when information is to be had (第三十六条第二项).
type Obtain struct{ Way, Place, Time string }

// Published is where information already stands (第三十六条第一项), or how a publication is had.
type Published struct {
	Title string
	Where string // site and section, issue of the gazette, reading place
	URL   string
	On    date.Date
}

// Withheld is a part that is not given, and why.
type Withheld struct {
	What    string // which part, without what it says
	Outcome string // code of the refusal whose ground it is; "not_information" if it is no government information
	Class   string
	Law     string
	Reason  string
	Third   Third
}

// Third is what came of asking the third party (第三十二条).
type Third struct {
	Consulted bool
	Objected  bool
	Reasons   string
	WhyNot    string // why it was not asked
}

// Search is the record of a search that found nothing.
type Search struct {
	Systems  []string
	Archives []string
	Keywords []string
	Persons  []string
	From, To date.Date
	Result   string
}

// Organ is another organ with its contact.
type Organ struct {
	Name    string
	Contact string
	Unknown bool   // it cannot be determined, and Why says so
	Why     string // why it, and not this agency, is responsible
}

// Earlier is the reply that was given before.
type Earlier struct {
	On     date.Date
	Number string
	About  string
}

// Rectification is a request to correct one's own record (第四十一条).
type Rectification struct {
	Variant string // corrected, sent, directed, unfounded
	Record  string // which record is said to be wrong
	Result  string // what was corrected into what, or why nothing was
	Organ   Organ  // which has the power to correct
	On      date.Date
}

// Remedy names whom a decision can be taken to.
type Remedy struct {
	Review     []string // 行政复议机关; more than one before 2024
	Court      []string
	Online     string // where a review can be asked for online; due to who is served online
	QueryFirst bool   // a setting: matters of 第三十六条第七项 go to review first as well
}

// Review is the internal review before the reply.
type Review struct {
	Record   string // number of the review record
	Drafted  string // 拟办意见
	Opinions []Opinion
}

// Opinion is a line of the approval sheet.
type Opinion struct {
	Role string
	Name string
	Text string
	On   date.Date
}

// Delivery is how the letter goes out, and the receipt.
type Delivery struct {
	Letter   string // title of the letter delivered
	By       string // 送达人
	Way      string // 当面送达, 邮寄送达, 电子邮件送达 …
	Online   bool   // by the internet, so that the review's online way is due (行政复议法第二十二条第二款)
	Address  string
	Tracking string
	Sent     date.Date
	Receiver string
	On       date.Date
	Witness  string
	Note     string
}
