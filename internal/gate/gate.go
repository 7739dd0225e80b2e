// Package gate holds what is checked before a draft may be submitted (发布前检查): personal
// data, secrecy marks, outdated words, slips of the pen, links, metadata, pictures without
// words. Rules are check.Rule values over extracted text and know neither editors nor
// databases, so that they inspect a foreign page as well as a draft.
package gate

import (
	"gongkai/internal/date"
)

// Subject is what the rules look at: a draft, or a page of a site, with its attachments.
type Subject struct {
	Metadata
	Publisher Publisher
	Parts     []Part // the body first, then the attachments

	Today   date.Date // the day of the check; the zero date switches the rules off that need it
	LastDay date.Date // last day to publish by article 26, counted by the caller; zero if not known
	Stage   Stage
	Cleared bool     // the secrecy review is finished for this content; asked at Publication only
	Words   *Lexicon // the word lists to apply; nil means the lists that come with the product

	words map[string][]hit // by part, what the lexicon found; made by Run
}

// Stage says what the subject is checked for.
type Stage string

// The stages.
const (
	Submission  Stage = "submission"  // before the first review
	Publication Stage = "publication" // right before it goes public
	Inspection  Stage = "inspection"  // it is public already; what the page does not show is not missed
)

// Attribute is the disclosure attribute (公开属性).
type Attribute string

// The attributes.
const (
	Public    Attribute = "public"     // 主动公开
	OnRequest Attribute = "on_request" // 依申请公开
	Withheld  Attribute = "withheld"   // 不予公开
)

// Metadata is what the catalogue states about the subject. Empty means not stated.
type Metadata struct {
	Title     string
	Summary   string
	IndexNo   string // 索引号
	DocNo     string // 发文字号
	Theme     string // 主题分类
	Genre     string // 体裁分类
	Attribute Attribute
	Basis     string    // legal basis for not publishing
	Formed    date.Date // 生成日期, 成文日期
	Issued    date.Date // 发布日期
	Source    string
	Author    string
	Level     string    // 发布层级
	Validity  string    // 有效性
	Until     date.Date // last day of validity
}

// Publisher is the body that publishes.
type Publisher struct {
	Name  string
	Names []string // short, former and other names
	Codes []string // organisation codes, credit codes and local prefixes of index numbers
}

// A Field names one of the metadata.
type Field string

// The fields findings can point at.
const (
	FieldTitle     Field = "title"
	FieldSummary   Field = "summary"
	FieldIndexNo   Field = "index_no"
	FieldDocNo     Field = "doc_no"
	FieldTheme     Field = "theme"
	FieldGenre     Field = "genre"
	FieldAttribute Field = "attribute"
	FieldBasis     Field = "basis"
	FieldFormed    Field = "formed"
	FieldIssued    Field = "issued"
	FieldSource    Field = "source"
	FieldAuthor    Field = "author"
	FieldPublisher Field = "publisher"
	FieldUntil     Field = "until"
	FieldReview    Field = "review"
)

// value returns what a field of text says.
func (m Metadata) value(f Field) string {
	switch f {
	case FieldTitle:
		return m.Title
	case FieldSummary:
		return m.Summary
	case FieldIndexNo:
		return m.IndexNo
	case FieldDocNo:
		return m.DocNo
	case FieldTheme:
		return m.Theme
	case FieldGenre:
		return m.Genre
	case FieldAttribute:
		return string(m.Attribute)
	case FieldBasis:
		return m.Basis
	case FieldFormed:
		return m.Formed.String()
	case FieldIssued:
		return m.Issued.String()
	case FieldSource:
		return m.Source
	case FieldAuthor:
		return m.Author
	case FieldUntil:
		return m.Until.String()
	}
	return ""
}

// part returns the part of that ID, nil if there is none.
func (s *Subject) part(id string) *Part {
	for i := range s.Parts {
		if s.Parts[i].ID == id {
			return &s.Parts[i]
		}
	}
	return nil
}
