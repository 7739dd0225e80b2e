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
	"unicode"
	"unicode/utf8"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/paper"
	"gongkai/internal/statute"
)

// Letter is one letter: what it was made from, and its parts in order. As JSON it can be kept and
// read back; later releases make the same of it, because it names the templates it was made with.
type Letter struct {
	Code      Code      `json:"code"`
	Templates []string  `json:"templates"` // versions: L13@2019-05-15
	On        date.Date `json:"on"`        // 成文日期
	Title     string    `json:"title"`
	Facts     Facts     `json:"facts"`
	Slots     []Slot    `json:"slots"`
}

// Slot is a part of a letter.
type Slot struct {
	Name     string    `json:"name"` // of several answers with the answer's number: reason.2
	Text     string    `json:"text"` // a paragraph a line
	Proposed string    `json:"proposed"`
	Editable bool      `json:"editable,omitempty"`
	Least    int       `json:"least,omitempty"` // characters
	Most     int       `json:"most,omitempty"`
	Keep     []string  `json:"keep,omitempty"`   // must stay word for word: the law, dates, names
	Widths   []float64 `json:"widths,omitempty"` // of a table's columns
}

// Gap is something a letter needs and does not have, or has and cannot be so.
type Gap struct {
	Field   string // key of the fact, such as Request.Text, or name of the slot
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

// Edit changes the text of a slot within its bounds.
func (l *Letter) Edit(slot, text string) error {
	for i := range l.Slots {
		if s := &l.Slots[i]; s.Name == slot {
			text = trimLines(strings.ReplaceAll(text, "\r", ""))
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
	case n > s.Most:
		return ErrLong.With("most", s.Most).With("n", n)
	}
	for _, r := range text {
		if r != '\n' && !unicode.IsPrint(r) && r != '　' || r == unicode.ReplacementChar {
			return ErrCharacter.With("char", string(r))
		}
	}
	for _, k := range s.Keep {
		if !strings.Contains(text, k) {
			return ErrKeep.With("words", k)
		}
	}
	return nil
}

// Missing lists what the letter needs and does not have; a letter with gaps is never sent.
func (l *Letter) Missing() []Gap {
	again, d, err := draft(l.Code, l.Facts, l.On, l.Templates)
	if err != nil {
		return []Gap{{Field: "Code", Message: i18n.M("letter.gap.template")}}
	}
	d.check()
	for _, s := range l.Slots {
		switch {
		case strings.TrimSpace(s.Text) == "", strings.Contains(s.Text, blank) && s.Text != s.Proposed:
			d.lack(s.Name, i18n.M("letter.gap.slot", "slot", s.Label()), statute.Ref{})
		case s.Editable && s.Text != s.Proposed && s.allows(s.Text) != nil:
			d.lack(s.Name, i18n.M("letter.gap.bounds", "slot", s.Label()), statute.Ref{})
		}
	}
	if !l.proposed(again) {
		d.lack("Slots", i18n.M("letter.gap.stale"), statute.Ref{})
	}
	return d.gaps
}

// proposed reports whether the letter's parts are those its facts and templates make again, so that
// no fixed part was changed on the way.
func (l *Letter) proposed(again *Letter) bool {
	if len(again.Slots) != len(l.Slots) || again.Title != l.Title {
		return false
	}
	for i, s := range again.Slots {
		own := l.Slots[i]
		if own.Name != s.Name || own.Proposed != s.Text || own.Editable != s.Editable || !s.Editable && own.Text != s.Text {
			return false
		}
	}
	return true
}

// Final is Document for sending: it fails while something is missing.
func (l *Letter) Final() (*paper.Document, error) {
	if gaps := l.Missing(); len(gaps) > 0 {
		return nil, ErrGaps.With("n", len(gaps))
	}
	return l.Document(), nil
}

// Hash is the digest of all the letter says: what a review or a signature is given to.
func (l *Letter) Hash() string {
	data, err := json.Marshal(l)
	if err != nil { // a struct of strings, numbers and dates
		panic(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
