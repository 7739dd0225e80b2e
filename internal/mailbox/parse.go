package mailbox

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
)

// The bounds of one mail: what is beyond them is left out, and the message says so.
const (
	mostSize  = 25 << 20  // of a mail that is read whole, in bytes
	mostHead  = 256 << 10 // of a head
	mostParts = 100
	mostDepth = 8
	mostFiles = 30
	mostText  = 200_000 // characters
	mostLine  = 500     // characters of a subject, name or file name
	mostRefs  = 50
)

// parse reads a mail. Whatever was sent, it returns a message: what cannot be read is left out,
// with a remark. Files are kept as they are; nothing in them is opened.
func parse(raw []byte) (m *Message) {
	m = &Message{Kind: Letter, State: New}
	p := &parser{m: m}
	// A mail that brings the reader down must not keep all later ones from being read.
	defer func() {
		if recover() != nil {
			m.remark(Broken)
		}
	}()
	p.read(raw)
	return m
}

// parser reads one mail.
type parser struct {
	m      *Message
	parts  int
	plain  strings.Builder
	pages  strings.Builder // of the parts that are HTML
	report *report         // of a mail server, nil for none
}

func (m *Message) remark(r Remark) {
	if !slices.Contains(m.Remarks, r) {
		m.Remarks = append(m.Remarks, r)
	}
}

func (p *parser) read(raw []byte) {
	e, err := message.ReadWithOptions(bytes.NewReader(raw), &message.ReadOptions{MaxHeaderBytes: mostHead})
	if e == nil {
		p.m.remark(Broken)
		p.m.Text = clip(p.m, decode(p.m, "", raw), mostText)
		return
	}
	p.note(err)
	p.head(mail.Header{Header: e.Header})
	p.part(e, 0)
	p.finish()
	p.m.Kind = kindOf(mail.Header{Header: e.Header}, p.m, p.report)
	if p.m.Kind == Bounce {
		p.m.failure = failure(p.report, raw)
	}
}

// note remarks on what the library could not make out. It leaves the bytes as they are then.
func (p *parser) note(err error) {
	if err != nil && !message.IsUnknownCharset(err) {
		p.m.remark(Broken)
	}
}

// head reads who wrote to whom.
func (p *parser) head(h mail.Header) {
	m := p.m
	m.Subject = clip(m, line(m, h.Get("Subject")), mostLine)
	m.MessageID = messageID(h.Get("Message-Id"))
	for _, name := range []string{"In-Reply-To", "References"} {
		for _, one := range brackets.FindAllString(h.Get(name), mostRefs) {
			m.Refers = append(m.Refers, messageID(one))
		}
	}
	if from := addresses(m, h.Get("From")); len(from) > 0 {
		m.From = from[0]
	} else {
		m.remark(NoSender)
	}
	if to := addresses(m, h.Get("Reply-To")); len(to) > 0 {
		m.ReplyTo = to[0].Address
	}
	m.To = addresses(m, h.Get("To"))
	if at, err := h.Date(); err == nil {
		m.Sent = at.UTC()
	}
}

// brackets finds the ids in a list of them.
var brackets = regexp.MustCompile(`<[^<>\s]{1,250}>`)

func messageID(text string) string {
	if found := brackets.FindString(text); found != "" {
		return strings.Trim(found, "<>")
	}
	return ""
}

// part reads a part and what is within it.
func (p *parser) part(e *message.Entity, depth int) {
	if p.parts++; p.parts > mostParts || depth > mostDepth {
		p.m.remark(Cut)
		return
	}
	media, params, err := e.Header.ContentType()
	if err != nil {
		media = "text/plain"
	}
	media = strings.ToLower(media)
	switch parts := e.MultipartReader(); {
	case media == "multipart/encrypted":
		p.m.remark(Encrypted)
		p.each(parts, depth)
	case parts != nil:
		p.each(parts, depth)
	case media == "message/delivery-status":
		p.report = readReport(p.body(e))
	case media == "message/rfc822" && p.report != nil, media == "text/rfc822-headers":
		p.report.original(p.body(e))
	default:
		p.leaf(e, media, params)
	}
}

// each reads the parts of a part. Of alternatives all are: which text is best is decided at the end.
func (p *parser) each(parts message.MultipartReader, depth int) {
	for p.parts <= mostParts {
		one, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return
		}
		if one == nil {
			p.m.remark(Broken)
			return
		}
		p.note(err)
		p.part(one, depth+1)
	}
	p.m.remark(Cut)
}

// body reads what a part holds; the whole mail is bounded.
func (p *parser) body(e *message.Entity) []byte {
	b, err := io.ReadAll(e.Body)
	if err != nil {
		p.m.remark(Broken)
	}
	return b
}

// leaf takes a part for text or for a file.
func (p *parser) leaf(e *message.Entity, media string, params map[string]string) {
	disposition, _, _ := strings.Cut(e.Header.Get("Content-Disposition"), ";")
	disposition = strings.TrimSpace(disposition)
	name := fileName(p.named(e, params["name"]))
	text := media == "text/plain" || media == "text/html"
	if text && name == "" && !strings.EqualFold(disposition, "attachment") {
		b := decode(p.m, params["charset"], p.body(e))
		if media == "text/html" {
			p.pages.WriteString(b)
			return
		}
		p.plain.WriteString(b)
		return
	}
	if media == "application/ms-tnef" || strings.EqualFold(name, "winmail.dat") {
		p.m.remark(TNEF)
	}
	p.file(e, media, name)
}

// Names as the library does not read them: in another encoding than UTF-8, or not in quotation marks.
var (
	escapedName = regexp.MustCompile(`(?i)(?:file)?name\*(?:0\*)?=([\w-]+)'[^']*'([^;\s"]+)`)
	bareName    = regexp.MustCompile(`(?i)(?:file)?name="?([^";]+)`)
)

// named returns what the sender calls a file.
func (p *parser) named(e *message.Entity, inType string) string {
	head := e.Header.Get("Content-Disposition")
	if _, more, err := e.Header.ContentDisposition(); err == nil && more["filename"] != "" {
		return line(p.m, more["filename"])
	}
	for _, one := range []string{head, e.Header.Get("Content-Type")} {
		if found := escapedName.FindStringSubmatch(one); found != nil {
			if b, err := url.PathUnescape(found[2]); err == nil {
				return decode(p.m, found[1], []byte(b))
			}
		}
	}
	if inType != "" {
		return line(p.m, inType)
	}
	if found := bareName.FindStringSubmatch(head); found != nil {
		return line(p.m, found[1])
	}
	return ""
}

// file keeps an attachment as it is.
func (p *parser) file(e *message.Entity, media, name string) {
	if len(p.m.Files) >= mostFiles {
		p.m.remark(Cut)
		return
	}
	data := p.body(e)
	if len(data) == 0 {
		return
	}
	if name == "" {
		name = "attachment"
		if all, err := mime.ExtensionsByType(media); err == nil && len(all) > 0 {
			name += all[0]
		}
	}
	p.m.Files = append(p.m.Files, File{Name: clip(p.m, name, mostLine), Media: media, Size: int64(len(data)), Data: data})
}

// fileName leaves of a name its last part: a path in it is the sender's affair.
func fileName(text string) string {
	text = path.Base(strings.ReplaceAll(text, `\`, "/"))
	if text == "." || text == "/" {
		return ""
	}
	return text
}

// finish chooses the text: that which was written as text, else what can be read of the page.
func (p *parser) finish() {
	m := p.m
	m.Text = strings.TrimSpace(strings.ReplaceAll(p.plain.String(), "\r\n", "\n"))
	if m.Text == "" && p.pages.Len() > 0 {
		m.Text = textOf(p.pages.String())
		m.remark(FromHTML)
	}
	m.Text = clip(m, m.Text, mostText)
	m.fileCount = int64(len(m.Files))
}

// clip bounds a text, in characters, and says so.
func clip(m *Message, text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	m.remark(Cut)
	return string([]rune(text)[:most])
}
