package richtext

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
)

// Attachment is the scheme by which a text refers to files kept with it: attachment:ID.
const Attachment = "attachment:"

// Pending stands for a picture that was pasted or read but has not been uploaded. The gate
// stops a text that holds one.
const Pending = Attachment + "pending"

var reference = regexp.MustCompile(`^attachment:[0-9A-Za-z_-]{1,64}$`)

// policy is the last word on what leaves this package. The text is canonical before it gets
// here; should our own reading ever let something through, this does not.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	match := regexp.MustCompile
	p.AllowElements("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr", "table", "caption", "tbody", "tr", "td", "th",
		"figure", "figcaption", "strong", "em", "u", "s", "sub", "sup", "br")
	p.AllowAttrs("class").Matching(match(`^(?:align-(?:center|right|justify))?(?:(?:^| )indent)?$`)).OnElements("p", "h2", "h3", "h4")
	p.AllowAttrs("class").Matching(match(`^w-(?:5|[1-9][05]|100)$`)).OnElements("td", "th")
	p.AllowAttrs("class").Matching(match(`^footnote$`)).OnElements("span")
	p.AllowAttrs("type").Matching(match(`^[aAiI]$`)).OnElements("ol")
	p.AllowAttrs("start").Matching(match(`^[0-9]{1,5}$`)).OnElements("ol")
	p.AllowAttrs("colspan", "rowspan").Matching(match(`^[1-9][0-9]{0,2}$`)).OnElements("td", "th")
	p.AllowAttrs("scope").Matching(match(`^(?:col|row|colgroup|rowgroup)$`)).OnElements("th")
	p.AllowAttrs("href").Matching(match(`^(?:https?://[^/\\]|mailto:|attachment:|[^:/\\?#]*[/?#]|[^:/\\?#]*$)`)).OnElements("a")
	p.AllowAttrs("src").Matching(reference).OnElements("img", "video", "audio")
	p.AllowAttrs("alt", "title").OnElements("img", "video", "audio")
	p.AllowAttrs("width").Matching(match(`^[1-9][0-9]{0,3}$`)).OnElements("img")
	p.AllowAttrs("controls").Matching(match(`^$`)).OnElements("video", "audio")
	return p
}

// link returns an address as it may stand in a text, or false. An address that begins with
// two slashes leads to a foreign host under the guise of a page of ours; one with a
// backslash does so in browsers.
func link(href string) (string, bool) {
	href = strings.TrimSpace(href)
	if href == "" || len(href) > 2048 || strings.ContainsRune(href, '\\') || strings.ContainsFunc(href, unseen) {
		return "", false
	}
	u, err := url.Parse(href)
	if err != nil {
		return "", false
	}
	out := u.String()
	switch u.Scheme {
	case "http", "https":
		return out, u.Host != "" && u.User == nil && tidy(out)
	case "mailto":
		return out, strings.Contains(u.Opaque, "@") && tidy(out)
	case "attachment":
		return out, reference.MatchString(out)
	case "":
		return out, u.Host == "" && !strings.HasPrefix(out, "//") && tidy(out)
	}
	return "", false
}

// tidy reports whether an address holds no space or sign that would end it early.
func tidy(out string) bool {
	return out != "" && !strings.ContainsAny(out, " \t\r\n<>\"'`\\")
}

// unseen reports whether a character has no shape and can hide or reverse text: controls,
// zero-width signs, marks of writing direction.
func unseen(c rune) bool {
	switch {
	case c == '\t', c == '\n', c == '\r', c == '\f':
		return false
	case unicode.IsControl(c), c == 0xFEFF, c >= 0x200B && c <= 0x200F, c >= 0x2028 && c <= 0x202E, c >= 0x2060 && c <= 0x206F, c == 0xAD:
		return true
	}
	return c >= 0xFFF9 && c <= 0xFFFC || c&0xFFFE == 0xFFFE || c >= 0xFDD0 && c <= 0xFDEF || c >= 0xE0000 && c <= 0xE0FFF
}
