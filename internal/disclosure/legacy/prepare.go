package legacy

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/richtext"
)

// The faults of rows that can be read but not brought in.
var (
	ErrNoPublished = &fault.Error{Kind: fault.Invalid, Code: "legacy.no_published"}
	ErrFuture      = &fault.Error{Kind: fault.Invalid, Code: "legacy.future"}
	// ErrManySections asks for the path of a section whose name others have too.
	ErrManySections = &fault.Error{Kind: fault.Invalid, Code: "legacy.many_sections"}
	ErrNoSection    = &fault.Error{Kind: fault.Invalid, Code: "legacy.no_section"}
	ErrIndexTaken   = &fault.Error{Kind: fault.Conflict, Code: "legacy.index_taken"}
	ErrHidden       = &fault.Error{Kind: fault.Invalid, Code: "legacy.not_public"}
)

// prepared is a row made ready to be written.
type prepared struct {
	row     Row
	in      disclosure.Import
	ready   disclosure.Ready // in, with its text made safe
	kept    []disclosure.Attachment
	section string // as the source names it
	marks   []string
	notes   []i18n.Message // what was left out or left blank
	files   []File
}

// prepare makes an item of a row. It looks at nothing but the row, so that several are
// prepared at a time.
func (o *Options) prepare(row Row) *prepared {
	p := &prepared{row: row, section: row.Record.Section, files: row.Files}
	if row.Err != nil {
		return p
	}
	r := row.Record
	if row.Known {
		p.marks = []string{addressMark(r.URL)}
		return p
	}
	if r.PublishedAt.Day.IsZero() && o.ByIssueDate {
		r.PublishedAt = Moment{Day: r.IssuedOn}
	}
	if r.PublishedAt.Day.IsZero() {
		p.row.Err = ErrNoPublished
		return p
	}
	if strings.TrimSpace(r.Attribute) != "" && keyOf(class.Attributes(), r.Attribute) != string(class.Proactive) {
		p.row.Err = ErrHidden.With("attribute", clip(r.Attribute))
		return p
	}
	p.in = disclosure.Import{
		Agency: o.Agency, Kind: kindOf(r), Origin: disclosure.Made, IndexNo: r.IndexNo, Address: r.URL,
		PublishedAt: r.PublishedAt.Time(), Content: p.content(r),
	}
	var left []richtext.Note
	p.ready, left = p.in.Ready()
	for _, n := range left {
		if n.Key == richtext.NoteSize {
			p.row.Err = ErrTooLong.With("most", maxRow>>20)
			return p
		}
		p.notes = append(p.notes, n)
	}
	if p.ready.Body() == "" {
		p.notes = append(p.notes, i18n.M("legacy.note.no_body"))
	}
	p.marks = marks(r, p.ready.Body())
	return p
}

func (p *prepared) content(r Record) disclosure.Content {
	c := disclosure.Content{
		Title: r.Title, Subtitle: r.Subtitle, Summary: r.Summary, Body: r.Body, DocNo: r.DocNumber, Issuer: r.Issuer,
		IssuedOn: r.IssuedOn, FormedOn: r.FormedOn, Source: r.Source, Author: r.Author, Attribute: class.Proactive,
		Keywords: words(r.Keywords),
	}
	if c.FormedOn.IsZero() {
		c.FormedOn = r.IssuedOn
	}
	if t, ok := class.ReadTopic(r.Theme); ok {
		c.Theme = t.Code
	} else if r.Theme != "" {
		p.unknown("legacy.note.theme", r.Theme)
	}
	if c.Genre = keyOf(class.Genres(), r.Genre); c.Genre == "" && r.Genre != "" {
		p.unknown("legacy.note.genre", r.Genre)
	}
	if c.Validity = class.Validity(keyOf(class.Validities(), r.Validity)); c.Validity == "" && r.Validity != "" {
		p.unknown("legacy.note.validity", r.Validity)
	}
	return c
}

// unknown notes a value that is in no table of the product and was left blank.
func (p *prepared) unknown(key, value string) {
	p.notes = append(p.notes, i18n.M(key, "value", clip(value)))
}

// kindOf takes what bears a document number for an official document.
func kindOf(r Record) disclosure.Kind {
	if r.DocNumber != "" {
		return disclosure.Document
	}
	return disclosure.Information
}

func keyOf(all []class.Entry, name string) string {
	name = strings.TrimSpace(name)
	for _, e := range all {
		if name != "" && (e.Name(i18n.Chinese) == name || e.Name(i18n.English) == name || e.Key == name) {
			return e.Key
		}
	}
	return ""
}

func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(",，;；、 　\n\t", r) })
}

// telling is how long a text is, in bytes, for it to tell one article from another. A
// shorter one, such as 见附件, stands under the same title year after year.
const telling = 600

// marks are what an article is known by again: its old address, and its title, number, day
// and text; where the text tells little, the day of its publication too.
func marks(r Record, body string) (all []string) {
	if r.URL != "" {
		all = append(all, addressMark(r.URL))
	}
	what := r.Title + "\x00" + r.DocNumber + "\x00" + r.IssuedOn.String() + "\x00" + body
	if len(body) < telling {
		what += "\x00" + r.PublishedAt.Day.String()
	}
	return append(all, mark("t", what))
}

// addressMark is the mark of an address: http and https are one place, and so is every part
// of a page.
func addressMark(address string) string {
	address, _, _ = strings.Cut(strings.TrimSpace(address), "#")
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		u.Scheme, u.Host = "", strings.ToLower(u.Host)
		address = u.String()
	}
	return mark("u", address)
}

func mark(kind, text string) string {
	sum := sha256.Sum256([]byte(text))
	return kind + base64.RawURLEncoding.EncodeToString(sum[:15])
}
