package mailbox

import (
	"bufio"
	"bytes"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-message/mail"
)

// report is what a mail server says of a mail that it could not deliver: RFC 3464.
type report struct {
	failed bool
	code   string // such as "5.1.1"
	about  string // Message-ID of the mail
	lost   []string
}

// readReport reads the part a program is meant to read.
func readReport(b []byte) *report {
	r := &report{}
	in := textproto.NewReader(bufio.NewReader(bytes.NewReader(b)))
	for range mostParts { // of the mail, then of each receiver
		fields, err := in.ReadMIMEHeader()
		if strings.EqualFold(fields.Get("Action"), "failed") {
			r.failed = true
		}
		if code := status.FindString(fields.Get("Status")); code != "" && r.code == "" {
			r.code = code
		}
		if err != nil {
			break
		}
	}
	return r
}

// status is a code as RFC 3463 writes it.
var status = regexp.MustCompile(`[245]\.\d{1,3}\.\d{1,3}`)

// original reads which mail it was of what is sent back of it.
func (r *report) original(b []byte) {
	if r == nil {
		return
	}
	head, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(b[:min(len(b), mostHead)]))).ReadMIMEHeader()
	r.about = messageID(head.Get("Message-Id"))
}

// robots are the names mail servers write under.
var robots = regexp.MustCompile(`(?i)^(mailer-daemon|postmaster|mail-daemon|mdaemon)@`)

// absences begin the subjects of automatic answers, of programs that do not say so in the head.
var absences = []string{"自动回复", "自動回覆", "automatic reply", "auto reply", "auto-reply", "autoreply", "out of office", "已读:", "已读：", "read:"}

// kindOf tells what sort of mail it is, by what its sender and the mail servers wrote into its head.
// In doubt it is a letter: a person throws away what a machine must not.
func kindOf(h mail.Header, m *Message, r *report) Kind {
	media, params, _ := h.ContentType()
	kind := strings.ToLower(params["report-type"])
	switch {
	case r != nil && r.failed, robots.MatchString(m.From.Address), media == "multipart/report" && kind == "delivery-status":
		return Bounce
	case media == "multipart/report" && kind == "disposition-notification":
		return Auto
	}
	auto, precedence := strings.ToLower(h.Get("Auto-Submitted")), strings.ToLower(h.Get("Precedence"))
	switch {
	case strings.HasPrefix(auto, "auto-"), precedence == "auto_reply", h.Has("X-Autoreply"), h.Has("X-Autorespond"):
		return Auto
	case precedence == "bulk", precedence == "junk", precedence == "list", h.Has("List-Id"), h.Has("List-Unsubscribe"):
		return Bulk
	case strings.EqualFold(h.Get("X-Spam-Flag"), "yes"), strings.HasPrefix(strings.ToLower(h.Get("X-Spam-Status")), "yes"):
		return Bulk
	}
	subject := strings.ToLower(m.Subject)
	for _, one := range absences {
		if strings.HasPrefix(subject, one) {
			return Auto
		}
	}
	return Letter
}

// ours finds Message-IDs of ours: a key and the domain we send from.
var ours = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}@[A-Za-z0-9.\-]{1,190}`)

// failure tells which mails of ours came back and why. A server that writes no report, as many do,
// mostly sends the mail back, whose id is then found in it.
func failure(r *report, raw []byte) *report {
	if r == nil {
		r = &report{failed: true}
	}
	if r.about != "" {
		r.lost = append(r.lost, r.about)
	}
	for _, one := range ours.FindAll(raw, mostRefs) {
		r.lost = append(r.lost, string(one))
	}
	slices.Sort(r.lost)
	r.lost = slices.Compact(r.lost)
	if r.code == "" {
		r.code = "5.0.0"
	}
	return r
}
