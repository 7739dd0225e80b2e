package ical

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"gongkai/internal/date"

	"pgregory.net/rapid"
)

var now = time.Date(2026, 5, 1, 8, 30, 0, 0, date.China)

// The whole text of a feed, as RFC 5545 wants it.
func TestFeed(t *testing.T) {
	got := Feed("答复期限", now, []Event{{
		UID: "r-17.due@gongkai.example.gov.cn", Day: date.Must(2026, 5, 27), Summary: "云公开〔2026〕17号；答复期限届满, 承办", Description: "还有5个工作日\n征求意见一次",
		URL: "https://gongkai.example.gov.cn/office/requests/r-17", Alarms: []date.Date{date.Must(2026, 5, 20), date.Must(2026, 5, 27)},
	}, {UID: "r-18.due@gongkai.example.gov.cn", Day: date.Must(2026, 12, 31), Summary: "答复", Tentative: true}})
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//gongkai//foi//ZH
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:答复期限
X-WR-TIMEZONE:Asia/Shanghai
BEGIN:VEVENT
UID:r-17.due@gongkai.example.gov.cn
DTSTAMP:20260501T003000Z
DTSTART;VALUE=DATE:20260527
DTEND;VALUE=DATE:20260528
SUMMARY:云公开〔2026〕17号；答复期限届满\, 承办
DESCRIPTION:还有5个工作日\n征求意见一次
URL:https://gongkai.example.gov.cn/office/requests/r-17
STATUS:CONFIRMED
TRANSP:TRANSPARENT
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER;VALUE=DATE-TIME:20260520T010000Z
DESCRIPTION:云公开〔2026〕17号；答复期限届满\, 承办
END:VALARM
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER;VALUE=DATE-TIME:20260527T010000Z
DESCRIPTION:云公开〔2026〕17号；答复期限届满\, 承办
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:r-18.due@gongkai.example.gov.cn
DTSTAMP:20260501T003000Z
DTSTART;VALUE=DATE:20261231
DTEND;VALUE=DATE:20270101
SUMMARY:答复
STATUS:TENTATIVE
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if string(got) != want {
		t.Errorf("got\n%s", got)
	}
}

// Lines have at most 75 octets, are cut between characters, and unfold to what was written.
func TestFolding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		summary := rapid.StringOf(rapid.RuneFrom([]rune("公开a,;\\\n é😀 "))).Draw(t, "summary")
		got := string(Feed("x", now, []Event{{UID: "u", Day: date.Must(2026, 1, 1), Summary: summary}}))
		for line := range strings.SplitSeq(strings.TrimSuffix(got, "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("%d octets: %q", len(line), line)
			}
		}
		_, after, _ := strings.Cut(strings.ReplaceAll(got, "\r\n ", ""), "\r\nSUMMARY:")
		value, _, _ := strings.Cut(after, "\r\n")
		var b strings.Builder
		for i := 0; i < len(value); i++ {
			switch {
			case value[i] != '\\':
				b.WriteByte(value[i])
			case value[i+1] == 'n':
				b.WriteByte('\n')
				i++
			default:
				b.WriteByte(value[i+1])
				i++
			}
		}
		if b.String() != summary {
			t.Fatalf("%q reads as %q", summary, b.String())
		}
	})
}

// No value may break out of its line.
func TestControlCharacters(t *testing.T) {
	got := string(Feed("x", now, []Event{{UID: "u\r\nX:1", Day: date.Must(2026, 1, 1), Summary: "a\rb\x00c\x1b", URL: "https://a.example/\r\nATTACH:x"}}))
	for _, bad := range []string{"\r\nX:1", "\r\nATTACH", "\x00", "\x1b"} {
		if strings.Contains(got, bad) {
			t.Errorf("%q in\n%s", bad, got)
		}
	}
}
