// Package disclosure is proactive disclosure (主动公开): what an agency makes or obtains, drafts
// as an edition, has reviewed, publishes, corrects, retracts and keeps. It holds the records,
// their rules, their acts and what the public may read of them.
//
// An Item (公开信息) has no state of its own; its Editions (版本) do. One edition of an item at a
// time is worked on, its head; at most one is shown to the public. An edition once shown never
// changes: a correction is a new edition, which takes the same way through the reviews.
package disclosure

import (
	"time"

	"gongkai/internal/date"
	"gongkai/internal/disclosure/class"
)

// Kind says what an item is to its readers.
type Kind string

// The kinds.
const (
	Document       Kind = "document"       // 公文: bears a document number
	Interpretation Kind = "interpretation" // 政策解读
	List           Kind = "list"           // 名单公示: comes down after its posting period, R-PII-07
	Information    Kind = "information"    // 其他信息
)

// Kinds lists the kinds in the order forms offer them.
var Kinds = []Kind{Document, Information, Interpretation, List}

// Origin says where information comes from. Art. 10: the maker publishes; what was obtained,
// the holder or the agency that made or first obtained it.
type Origin string

// The origins.
const (
	Made        Origin = "made"         // 本机关制作
	FromCitizen Origin = "from_citizen" // 从公民、法人和其他组织获取
	FromAgency  Origin = "from_agency"  // 从其他行政机关获取
	Repost      Origin = "repost"       // 转载: shown for its readers' convenience, R-FLW-06
)

// Origins lists the origins in the order forms offer them.
var Origins = []Origin{Made, FromCitizen, FromAgency, Repost}

// Status is what the public finds at an item's address.
type Status string

// The statuses.
const (
	Unseen    Status = ""          // never published
	Live      Status = "live"      // its shown edition
	Archived  Status = "archived"  // its shown edition, no longer in lists
	Retracted Status = "retracted" // that it was taken down, when and why
	Expired   Status = "expired"   // that its posting period is over
)

// Item is a piece of government information (公开信息).
type Item struct {
	ID      string
	Agency  string
	Section string // its home; Placements are the others
	Kind    Kind
	Origin  Origin
	// IndexNo is the index number (索引号): given at the first submission, never changed once
	// published, never given again. R-IDX-01.
	IndexNo string
	Address string // where it stood before it was taken over from another site, else ""

	Head   string // the edition worked on last
	Shown  string // the edition the public sees or saw last, "" before the first publication
	Status Status

	FirstAt     time.Time // when it was first published
	ShownAt     time.Time // when the shown edition was published
	EndedAt     time.Time // when it was retracted, archived or expired
	EndedReason string    // the reason of a retraction, which the public reads

	CreatedAt time.Time
	CreatedBy string
	Version   int64
}

// Public reports whether the public can read the item's shown edition.
func (i *Item) Public() bool { return i.Status == Live || i.Status == Archived }

// Content is what an edition says: every field of it is covered by the content hash.
type Content struct {
	Title    string
	Subtitle string
	Summary  string // 内容概述, at most MaxSummary characters
	Body     string // HTML as richtext.Sanitise returns it

	Theme    string // 主题分类, a key of class.Topics
	Genre    string // 体裁分类, a key of class.Genres
	DocNo    string // 发文字号
	Issuer   string // 发文机关
	IssuedOn date.Date
	FormedOn date.Date // 成文或生成日期: article 26 counts from it

	Source    string // 信息来源, for what was obtained or reposted
	SourceURL string
	Author    string
	Keywords  []string

	Attribute class.Attribute
	Basis     []string // keys of class.Bases, for what is not published
	Reason    string   // why it is not published, in words

	Validity     class.Validity
	EffectiveOn  date.Date
	ExpiresOn    date.Date
	DisplayUntil date.Date // last day of posting, R-PII-07

	JointBodies []string // 联合制作的机关: art. 10, the lead agency publishes
	Interprets  []string // items this one interprets
	Department  string   // 产生科室
	Channels    []string // 拟公开渠道, keys of class.Channels
	Audience    string   // 公开范围
	Note        string   // of a correction, shown with the edition
}

// MaxSummary is the longest summary, R-GDE-05: localities ask for at most 100 or 150
// characters.
const MaxSummary = 150

// Edition is one version of an item's content (版本).
type Edition struct {
	ID      string
	Item    string
	Agency  string // of the item
	Section string // of the item
	Kind    Kind   // of the item
	No      int64  // 1 for the first of the item
	Head    bool   // the item's newest
	State   State

	Content
	Attachments []Attachment
	Hash        string // over the content and the attachments
	Editors     []string
	TextVersion int64 // the version in which the content changed last; files change apart from it
	Round       int64 // how often it was submitted
	Cleared     bool  // the secrecy review was passed in this round
	Returned    bool  // a reviewer sent it back and it was not submitted since

	DueOn   date.Date // last day to publish by, R-PUB-01; zero without a day of formation
	DueSure bool      // false when the calendar of its year is not known

	SubmittedAt time.Time
	StepAt      time.Time // since when it is in its state
	PublishAt   time.Time // when it is to be published by itself
	PublishedAt time.Time
	LateReason  string    // why it was published after DueOn
	UrgentBy    string    // who ordered publication before the reviews
	Urgency     string    // the reason for it
	ApproveBy   date.Date // last day for the approvals that follow an urgent publication
	ReassessOn  date.Date // when withheld information is looked at again, art. 18

	CreatedAt time.Time
	CreatedBy string // key of the person who opened it, its author by R-FLW-01
	Creator   string // that person's name
	UpdatedAt time.Time
	UpdatedBy string
	Updater   string
	Version   int64
}

// Attachment is a file of an edition. Its ID stays the same from edition to edition, since
// texts refer to it.
type Attachment struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Media      string `json:"media"`
	Size       int64  `json:"size"`
	Digest     string `json:"digest"`               // of the bytes, its key in the blob store
	Alt        string `json:"alt,omitempty"`        // what a picture shows, for who cannot see it
	Transcript string `json:"transcript,omitempty"` // what is said in sound or film
	Inline     bool   `json:"inline,omitempty"`     // stands in the text, not in the list of files
}

// Placement shows an item in another section than its home.
type Placement struct {
	Item    string
	Section string
	Agency  string // the section's
	State   PlaceState
	AskedAt time.Time
	AskedBy string
	DoneAt  time.Time
	DoneBy  string
	Version int64
	ID      string
}

// PlaceState says how far a placement is.
type PlaceState string

// The states of a placement. Another agency's section is asked first.
const (
	Asked   PlaceState = "asked"
	Placed  PlaceState = "placed"
	Refused PlaceState = "refused"
	Ended   PlaceState = "ended"
)
