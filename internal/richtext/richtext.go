// Package richtext keeps drafts and published texts as HTML of one narrow, canonical shape
// (富文本): paragraphs, headings, lists, tables, pictures, footnotes, and nothing that could
// run, load or style by itself. It cleans what was pasted or uploaded, reads Word files into
// that shape, tells two editions apart word by word, and says what plain text stands where.
//
// # The shape
//
//	block   p h2 h3 h4 (class align-center align-right align-justify, indent)
//	        ul, ol (type 1 a A i I, start) of li; blockquote; hr
//	        table of caption and rows; td, th (colspan, rowspan, scope, class w-5 … w-100 in steps of five)
//	        figure of one img, video or audio and a figcaption
//	inline  a strong em u s sub sup br img, <span class="footnote"> where the note is called,
//	        holding its words
//
// Pictures, sound and film are attachments of the same record and nothing else:
// src="attachment:ID". Links lead to http, https, mailto, attachment: and pages of this site.
package richtext

import (
	"crypto/sha256"
	"encoding/hex"

	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// Bounds on one text. The longest regulation we have seen has 200 KB of HTML.
const (
	MaxHTML = 4 << 20 // bytes
	maxSpan = 100     // columns or rows a cell may cover
)

// ErrTooLarge says that a text is longer than an edition may be.
var ErrTooLarge = &fault.Error{Kind: fault.TooLarge, Code: "richtext.too_large", Args: map[string]any{"limit": MaxHTML >> 20}}

// Note says what was changed or left out, so that a clerk can look.
type Note = i18n.Message

// The notes. Each but the last few takes how many times it happened.
const (
	NoteActive  = "richtext.note.active"  // scripts, frames, forms and the like
	NoteLinks   = "richtext.note.links"   // links of schemes that are not allowed
	NoteMedia   = "richtext.note.media"   // pictures that are not attachments
	NotePending = "richtext.note.pending" // pictures that have to be uploaded
	NoteHidden  = "richtext.note.hidden"  // text that readers would not see
	NoteControl = "richtext.note.control" // invisible control characters
	NoteNested  = "richtext.note.nested"  // tables within tables were unfolded
	NoteMarkup  = "richtext.note.markup"  // nested past reading: only the words were kept
	NoteDeleted = "richtext.note.deleted" // text deleted under track changes
	NoteDrawing = "richtext.note.drawing" // drawings, charts and formulas that have no picture
	NoteSize    = "richtext.note.size"    // longer than MaxHTML: nothing was kept
)

// Hash returns the content hash of a text that Sanitise returned. It is one of the bytes
// that are stored and not of a form worked out anew, so that no later version of this
// package can void a review.
func Hash(clean string) string {
	sum := sha256.Sum256([]byte(clean))
	return hex.EncodeToString(sum[:])
}

// Sanitise brings HTML of any origin into the canonical shape. What it returns, it returns
// unchanged when asked again.
func Sanitise(source string) (clean string, notes []Note) {
	d, notes := parse(source, nil)
	return policy.Sanitize(d.html()), notes
}
