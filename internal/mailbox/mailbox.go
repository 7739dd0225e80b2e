// Package mailbox takes in requests and replies that arrive by electronic mail (电子邮件渠道). A
// mailbox is read by a job, each mail exactly once; what it says is sealed, sorted, and handed to
// whoever makes a request or an answer of it. A request so sent is received only on the day both
// sides confirm it, so nothing here sets a time limit in motion:
//
// 条例第三十一条第三项：“申请人通过互联网渠道或者政府信息公开工作机构的传真提交政府信息公开申请的，以双方确认之日为收到申请之日。”
package mailbox

import (
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/notify"
	"gongkai/internal/secret"
)

// The faults.
var (
	ErrNone    = &fault.Error{Kind: fault.NotFound, Code: "mailbox.none"}
	ErrStale   = &fault.Error{Kind: fault.Conflict, Code: "mailbox.stale"}
	ErrState   = &fault.Error{Kind: fault.Conflict, Code: "mailbox.state"}
	ErrReason  = &fault.Error{Kind: fault.Invalid, Code: "mailbox.reason", Field: "reason"}
	ErrRecord  = &fault.Error{Kind: fault.Invalid, Code: "mailbox.record", Field: "record"}
	ErrNoTaker = &fault.Error{Kind: fault.Conflict, Code: "mailbox.no_taker"}
)

// Kind is what sort of mail a message is.
type Kind string

// The kinds. Only letters are handed on by themselves; the others wait where a person sees them,
// since a machine's judgement must lose no request.
const (
	Letter Kind = "letter" // somebody wrote it
	Auto   Kind = "auto"   // a program answered: absence, receipt
	Bounce Kind = "bounce" // a mail of ours did not arrive
	Bulk   Kind = "bulk"   // lists, advertising, what the mail server marks as spam
)

var kindNames = map[Kind]string{Letter: "mailbox.kind.letter", Auto: "mailbox.kind.auto", Bounce: "mailbox.kind.bounce", Bulk: "mailbox.kind.bulk"}

// Message returns what people call the kind.
func (k Kind) Message() i18n.Message { return i18n.M(kindNames[k]) }

// State is where a message stands.
type State string

// The states.
const (
	New       State = "new"       // nobody has dealt with it
	Assigned  State = "assigned"  // it belongs to a record
	Discarded State = "discarded" // it is none of our business; its content goes after a while
)

// States lists the states in the order pages show them.
var States = []State{New, Assigned, Discarded}

var stateNames = map[State]string{New: "mailbox.state.new", Assigned: "mailbox.state.assigned", Discarded: "mailbox.state.discarded"}

// Message returns what people call the state.
func (s State) Message() i18n.Message { return i18n.M(stateNames[s]) }

// Remark is something a reader of the message should know.
type Remark string

// The remarks.
const (
	TooLarge  Remark = "too_large" // larger than is taken in: only its head was read
	Cut       Remark = "cut"       // text or parts beyond the bounds were left out
	Broken    Remark = "broken"    // not well-formed: what could be read was
	Charset   Remark = "charset"   // in no known encoding: characters may be wrong
	TNEF      Remark = "tnef"      // winmail.dat, which only one program reads
	FromHTML  Remark = "html"      // the text was made of a page
	Unfit     Remark = "unfit"     // a request could not be made of it by itself
	NoSender  Remark = "no_sender" // it does not say who sent it
	Encrypted Remark = "encrypted" // it is encrypted for a program of the sender's
)

var remarkNames = map[Remark]string{
	TooLarge: "mailbox.remark.too_large", Cut: "mailbox.remark.cut", Broken: "mailbox.remark.broken", Charset: "mailbox.remark.charset",
	TNEF: "mailbox.remark.tnef", FromHTML: "mailbox.remark.html", Unfit: "mailbox.remark.unfit", NoSender: "mailbox.remark.no_sender",
	Encrypted: "mailbox.remark.encrypted",
}

// Message returns what the remark says.
func (r Remark) Message() i18n.Message { return i18n.M(remarkNames[r]) }

// Address is who sent a message or whom it was sent to.
type Address struct{ Name, Address string }

// File is an attachment, as it was sent: nothing in it was opened.
type File struct {
	ID    string
	Name  string
	Media string // as the sender says
	Size  int64
	// Data is the content: in a message that is being handed on, and where one file was asked for.
	Data []byte
}

// Message is a mail that arrived. Who wrote, to whom, and what, is personal data: sealed where it
// is kept, never logged.
type Message struct {
	ID      string
	Agency  string // whose mailbox it is
	Kind    Kind
	State   State
	Remarks []Remark
	Size    int64     // of the whole mail, in bytes
	Arrived time.Time // at the mail server
	Taken   time.Time // by us

	MessageID string // of the mail, without brackets
	Refers    []string
	From      Address
	ReplyTo   string
	To        []Address
	Subject   string
	Text      string
	Sent      time.Time // as the sender says
	Files     []File

	// Answers is the mail of ours it answers, nil for none.
	Answers *notify.Mail

	// About and AboutID name the record it belongs to. Whoever takes it sets them.
	About, AboutID string
	Handler        string // key of who dealt with it last
	Reason         string
	Ended          time.Time
	Version        int64

	content, sealed string
	fileCount       int64
	remarks         string
	failure         *report // of a Bounce
}

// Request is what a message that belongs to a request for information is about.
const Request = "foi"

// Masked is the sender's address, so far as lists show it.
func (m *Message) Masked() string { return notify.Mask(m.From.Address) }

// FileCount is how many attachments there are, also where they were not loaded.
func (m *Message) FileCount() int { return int(m.fileCount) }

// Desk takes mail in and lets people deal with it.
type Desk struct {
	DB   *db.DB
	Keys *secret.Keyring
	// Server is the mailbox; nil for none.
	Server *Server
	// Agency returns the body whose mailbox it is, "" while there is none.
	Agency func(tx *db.Tx) (string, error)
	// Post is told which of our mails did not arrive, and finds those that are answered.
	Post *notify.Post
	// Take makes a record of a letter in the transaction in which it is taken in, and sets its
	// About and AboutID; a letter it leaves without waits for a person. by is the program, or who
	// asked for it. A fault it returns leaves the letter waiting, with a remark; another error has
	// it tried again. nil where nobody takes letters.
	Take func(tx *db.Tx, by actor.Actor, m *Message) error
}

// On reports whether there is a mailbox.
func (d *Desk) On() bool { return d != nil && d.Server != nil }
