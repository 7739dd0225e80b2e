package foi

import (
	"time"

	"gongkai/internal/date"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
)

// Record is everything that happened to a request and everything personal about it. It is kept
// sealed, and is the only truth about deadlines.
type Record struct {
	Application Application    `json:"application"`
	Code        string         `json:"code"` // query code, as its letter shows it
	Assignment  Assignment     `json:"assignment,omitzero"`
	CoHandling  []CoHandling   `json:"co_handling,omitempty"`
	Correction  *Correction    `json:"correction,omitempty"`
	Reasons     *Reasons       `json:"reasons,omitempty"`
	Later       date.Date      `json:"later,omitzero"` // agreed later date, art. 35
	Consulted   []Consultation `json:"consulted,omitempty"`
	Searches    []SearchRecord `json:"searches,omitempty"`
	Extension   *Extension     `json:"extension,omitempty"`
	Fee         *Fee           `json:"fee,omitempty"`
	Decision    *Decision      `json:"decision,omitempty"`
	Reviews     []Review       `json:"reviews,omitempty"`
	Delivery    *Delivery      `json:"delivery,omitempty"`
	Withdrawal  string         `json:"withdrawal,omitempty"` // why the applicant withdrew, in his words
	Steps       []Step         `json:"steps"`
	// NextItem numbers what has no key of its own: consultations, co-handling.
	NextItem int `json:"next_item,omitempty"`
}

// Step is one thing that happened, for the register and the page: who, when, what.
type Step struct {
	At     time.Time `json:"at"`
	On     date.Date `json:"on"` // the day it counts for, which may be before it was entered
	Act    string    `json:"act"`
	By     string    `json:"by"` // name of who did it
	Note   string    `json:"note,omitempty"`
	Letter string    `json:"letter,omitempty"` // key of the letter it came with
	Open   bool      `json:"open,omitempty"`   // the applicant sees it too
}

// Assignment is who handles the request (承办).
type Assignment struct {
	Department string    `json:"department"`
	Handlers   []string  `json:"handlers"` // accounts
	Names      []string  `json:"names"`
	Until      date.Date `json:"until,omitzero"` // by when the department is to hand in its opinion
	Note       string    `json:"note,omitempty"`
}

// CoHandling is a question to another department (协办), whose answer may come through a link
// used once by somebody without an account.
type CoHandling struct {
	ID         int       `json:"id"`
	Department string    `json:"department"`
	Person     string    `json:"person,omitempty"`
	Question   string    `json:"question"`
	Asked      date.Date `json:"asked"`
	Until      date.Date `json:"until,omitzero"`
	Answered   date.Date `json:"answered,omitzero"`
	Answer     string    `json:"answer,omitempty"`
	Files      []string  `json:"files,omitempty"`
}

// Correction is the one notice by which the applicant is asked to correct (补正), and what came of
// it: art. 30.
type Correction struct {
	What      string    `json:"what"`     // what is unclear
	Guidance  string    `json:"guidance"` // how it may be made clear
	Days      int       `json:"days"`     // the reasonable period, in working days from the day after the notice arrives
	Notified  date.Date `json:"notified,omitzero"`
	Due       date.Date `json:"due,omitzero"`
	Corrected date.Date `json:"corrected,omitzero"`
	Text      string    `json:"text,omitempty"` // what the applicant wrote
	Lapsed    date.Date `json:"lapsed,omitzero"`
}

// Reasons is the question why somebody asks so much or so often, and the answer: art. 35.
type Reasons struct {
	Facts    string    `json:"facts"` // number and frequency
	Due      date.Date `json:"due,omitzero"`
	Days     int       `json:"days"`
	Notified date.Date `json:"notified,omitzero"`
	Given    date.Date `json:"given,omitzero"`
	Text     string    `json:"text,omitempty"`
	Accepted bool      `json:"accepted,omitempty"`
	Judged   bool      `json:"judged,omitempty"`
	LaterTo  date.Date `json:"later_to,omitzero"`
}

// Party is who is consulted.
type Party string

// The parties.
const (
	ThirdParty Party = "third" // art. 32: silence is not consent, the body then decides
	Organ      Party = "organ" // art. 34: a body that made the information too; silence is consent
)

// Consultation asks a third party or another organ for its opinion. The time until it answers, or
// until 15 working days after it received the letter, is not counted: arts 32, 33 (3), 34.
type Consultation struct {
	ID       int       `json:"id"`
	Party    Party     `json:"party"`
	Name     string    `json:"name"`
	Person   bool      `json:"person,omitempty"` // a natural person, addressed as one
	Address  string    `json:"address,omitempty"`
	Content  string    `json:"content"`           // what information is concerned
	Concern  string    `json:"concern,omitempty"` // how its disclosure would touch the party
	Sent     date.Date `json:"sent,omitzero"`
	Received date.Date `json:"received,omitzero"` // by the party
	Replied  date.Date `json:"replied,omitzero"`
	Consents bool      `json:"consents,omitempty"`
	Opinion  string    `json:"opinion,omitempty"`
	// Overrides says why it is disclosed although the party objects: overriding public
	// interest, art. 32; then the party is told in writing.
	Overrides string `json:"overrides,omitempty"`
}

// SearchRecord is a search made for the information (检索记录). R-DEC-04.
type SearchRecord struct {
	Systems  string    `json:"systems"`  // which systems
	Archives string    `json:"archives"` // which archives and shelves
	Words    string    `json:"words"`    // by which words
	People   string    `json:"people"`   // who searched
	From     date.Date `json:"from"`
	To       date.Date `json:"to"`
	Result   string    `json:"result"`
	Found    bool      `json:"found"`
}

// Extension is more time to reply: art. 33 (2).
type Extension struct {
	Days     int       `json:"days"` // working days, 1 to 20
	Reason   string    `json:"reason"`
	By       string    `json:"by"` // account of who proposed it
	ByName   string    `json:"by_name"`
	Approved date.Date `json:"approved,omitzero"`
	Head     string    `json:"head,omitempty"` // name of who approved it
	Notified date.Date `json:"notified,omitzero"`
}

// Mode is how a fee is reckoned: by piece or by page, never both. R-FEE-01.
type Mode string

// The modes.
const (
	ByPiece Mode = "piece" // 按件计收
	ByPage  Mode = "page"  // 按量计收
)

// Fee is a charge for processing (信息处理费): art. 42.
type Fee struct {
	Mode     Mode      `json:"mode"`
	Pieces   int       `json:"pieces,omitempty"`
	Before   int       `json:"before,omitempty"` // pieces of the same applicant earlier in the month
	Month    string    `json:"month,omitempty"`  // calendar month the pieces are counted in
	Pages    int       `json:"pages,omitempty"`
	Yuan     int64     `json:"yuan"`
	Notified date.Date `json:"notified,omitzero"` // the day the notice left
	Arrived  date.Date `json:"arrived,omitzero"`  // the day the applicant received it
	Due      date.Date `json:"due,omitzero"`
	Paid     date.Date `json:"paid,omitzero"`
	Voucher  string    `json:"voucher,omitempty"`
	Waived   string    `json:"waived,omitempty"` // why nothing is charged after all
	Lapsed   date.Date `json:"lapsed,omitzero"`
}

// Decision is what the body decides to reply (处理决定). One result counts for the request; its
// answers may differ by part, and then the result is that of art. 37 or of the first.
type Decision struct {
	Outcome outcome.Code    `json:"outcome"`
	Variant string          `json:"variant,omitempty"` // as letter.Answer has it
	Answers []letter.Answer `json:"answers"`
	Files   []string        `json:"files,omitempty"`   // keys of the files handed over
	Opinion string          `json:"opinion,omitempty"` // 拟办意见, for the approval sheet
	By      string          `json:"by"`
	ByName  string          `json:"by_name"`
	On      date.Date       `json:"on"`
}

// ReviewKind is who looks at a proposed decision.
type ReviewKind string

// The reviews.
const (
	LegalReview   ReviewKind = "legal"   // 合法性审查
	SecrecyReview ReviewKind = "secrecy" // 保密审查, art. 17
	Leadership    ReviewKind = "lead"    // 负责人审批
)

// Review is one person's opinion of one proposal. Hash is of what was looked at: a changed
// proposal is looked at again.
type Review struct {
	Kind ReviewKind `json:"kind"`
	By   string     `json:"by"`
	Name string     `json:"name"`
	At   time.Time  `json:"at"`
	OK   bool       `json:"ok"`
	Note string     `json:"note,omitempty"`
	Hash string     `json:"hash"`
}

// Delivery is how and when the reply left: R-DL-14.
type Delivery struct {
	Letter   string    `json:"letter"`
	Way      Way       `json:"way"`
	On       date.Date `json:"on"`               // done: signed, posted or sent
	Arrived  date.Date `json:"arrived,omitzero"` // as the receipt says
	Tracking string    `json:"tracking,omitempty"`
	Signer   string    `json:"signer,omitempty"`
	Failed   string    `json:"failed,omitempty"` // why it came back
}
