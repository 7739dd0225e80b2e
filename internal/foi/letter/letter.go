// Package letter makes the letters (文书、告知书) of a request for information: the catalogue
// L01 to L34 with the forms around them, versioned templates filled from the record, edited
// within bounds, never final while something they need is blank.
//
// It knows no database: a caller hands over Facts and keeps the Letter.
package letter

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/paper"
	"gongkai/internal/statute"
)

// Code names a kind of letter: L01 to L34, or one of the forms.
type Code string

// The forms beside the letters.
const (
	Approval      Code = "approval"    // 政府信息公开审查呈批单
	ServiceReturn Code = "receipt"     // 送达回证
	Register      Code = "register"    // 政府信息公开申请登记表
	Application   Code = "application" // 政府信息公开申请表
)

// To is whom a letter goes to.
type To string

// The addressees.
const (
	ToApplicant To = "applicant"
	ToThird     To = "third"
	ToOrgan     To = "organ"
	ToFile      To = "file" // stays in the file
)

// Kind is a letter of the catalogue.
type Kind struct {
	Code     Code
	Name     string // 文书名称, tells letters of one title apart
	To       To
	Law      []statute.Ref
	Decision bool     // closes the request
	Remedy   bool     // tells of review and suit without closing the request; decisions always do
	Needs    []string // keys of the facts without which it is not sent
	Slots    []string // names of the slots a clerk may edit
	Note     string   // key of a message to the clerk, never printed
}

// Slot is a part of a letter.
type Slot struct {
	Name     string   `json:"name"`
	Text     string   `json:"text"`
	Proposed string   `json:"proposed"`
	Editable bool     `json:"editable"`
	Least    int      `json:"least,omitempty"` // characters
	Most     int      `json:"most,omitempty"`
	Keep     []string `json:"keep,omitempty"` // must stay word for word: the law, dates, names
}

// Letter is one letter: what it was made from, and its parts in order.
type Letter struct {
	Code     Code      `json:"code"`
	Template string    `json:"template"` // the template's version: its first day
	On       date.Date `json:"on"`
	Title    string    `json:"title"`
	Facts    Facts     `json:"facts"`
	Slots    []Slot    `json:"slots"`
}

// Gap is something a letter needs and does not have.
type Gap struct {
	Field   string // key of the fact, or name of the slot
	Message i18n.Message
	Cite    statute.Ref
}

// The faults of letters.
var (
	ErrUnknown   = &fault.Error{Kind: fault.NotFound, Code: "letter.unknown", Field: "code"}
	ErrNoText    = &fault.Error{Kind: fault.Missing, Code: "letter.no_template", Field: "code"}
	ErrSlot      = &fault.Error{Kind: fault.NotFound, Code: "letter.no_slot", Field: "slot"}
	ErrFixed     = &fault.Error{Kind: fault.Forbidden, Code: "letter.fixed", Field: "text"}
	ErrShort     = &fault.Error{Kind: fault.Invalid, Code: "letter.short", Field: "text"}
	ErrLong      = &fault.Error{Kind: fault.Invalid, Code: "letter.long", Field: "text"}
	ErrKeep      = &fault.Error{Kind: fault.Invalid, Code: "letter.keep", Field: "text"}
	ErrCharacter = &fault.Error{Kind: fault.Invalid, Code: "letter.character", Field: "text"}
	ErrGaps      = &fault.Error{Kind: fault.Invalid, Code: "letter.gaps"}
)

// Draft proposes a letter dated on. It is drafted however little the facts say; Missing lists
// what it lacks.
func Draft(code Code, f Facts, on date.Date) (*Letter, error) {
	if _, known := Find(code); !known {
		return nil, ErrUnknown.With("code", string(code))
	}
	return &Letter{Code: code, On: on, Facts: f}, nil
}

// Edit changes the text of a slot within its bounds.
func (l *Letter) Edit(slot, text string) error {
	for i := range l.Slots {
		if s := &l.Slots[i]; s.Name == slot {
			text = strings.TrimSpace(text)
			if err := s.allows(text); err != nil {
				return err
			}
			s.Text = text
			return nil
		}
	}
	return ErrSlot.With("slot", slot)
}

// allows holds a text against the slot's bounds.
func (s *Slot) allows(text string) error {
	n := utf8.RuneCountInString(text)
	switch {
	case !s.Editable:
		return ErrFixed
	case n < s.Least:
		return ErrShort.With("least", s.Least).With("n", n)
	case s.Most > 0 && n > s.Most:
		return ErrLong.With("most", s.Most).With("n", n)
	}
	for _, k := range s.Keep {
		if !strings.Contains(text, k) {
			return ErrKeep.With("words", k)
		}
	}
	return nil
}

// Missing lists what the letter needs and does not have; a letter with gaps is never sent.
func (l *Letter) Missing() []Gap { return nil }

// Document sets the letter out in the layout of GB/T 9704. What is missing stands in it as a
// blank to be seen.
func (l *Letter) Document() *paper.Document { return &paper.Document{Title: l.Title} }

// Final is Document for sending: it fails while something is missing.
func (l *Letter) Final() (*paper.Document, error) {
	if gaps := l.Missing(); len(gaps) > 0 {
		return nil, ErrGaps.With("n", len(gaps))
	}
	return l.Document(), nil
}

// Hash is the digest of all the letter says: what a signature or a review is given to.
func (l *Letter) Hash() string {
	data, err := json.Marshal(l)
	if err != nil { // a struct of strings, numbers and dates
		panic(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
