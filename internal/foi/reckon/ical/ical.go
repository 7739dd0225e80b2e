// Package ical writes deadlines as a calendar that calendar programs subscribe to (RFC 5545).
// It knows nothing of requests: who calls it says what an event is called, and leaves out what
// must not stand in a calendar.
package ical

import (
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/date"
)

// Event is something due on a day.
type Event struct {
	UID         string // the same whenever the same deadline is written, and in no other calendar: "r-17.due@gongkai.example.gov.cn"
	Day         date.Date
	Summary     string
	Description string // may have several lines
	URL         string
	Tentative   bool        // the day is not certain yet
	Alarms      []date.Date // days on which to remind, in the morning
}

// morning is the hour of China at which alarms go off, when offices open.
const morning = 9

// Feed writes a calendar of that name. Now is when it is written, which programs take for the
// time of the last change.
func Feed(name string, now time.Time, events []Event) []byte {
	w := &writer{}
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", "-//gongkai//foi//ZH")
	w.line("CALSCALE", "GREGORIAN")
	w.line("METHOD", "PUBLISH")
	w.text("X-WR-CALNAME", name)
	w.line("X-WR-TIMEZONE", "Asia/Shanghai")
	for _, e := range events {
		w.event(e, now)
	}
	w.line("END", "VCALENDAR")
	return []byte(w.b.String())
}

type writer struct{ b strings.Builder }

func (w *writer) event(e Event, now time.Time) {
	w.line("BEGIN", "VEVENT")
	w.text("UID", e.UID)
	w.line("DTSTAMP", instant(now))
	w.line("DTSTART;VALUE=DATE", day(e.Day))
	w.line("DTEND;VALUE=DATE", day(e.Day.Plus(1))) // 3.6.1: the end is not part of the event
	w.text("SUMMARY", e.Summary)
	if e.Description != "" {
		w.text("DESCRIPTION", e.Description)
	}
	if e.URL != "" {
		w.line("URL", strings.Map(printable, e.URL))
	}
	if e.Tentative {
		w.line("STATUS", "TENTATIVE")
	} else {
		w.line("STATUS", "CONFIRMED")
	}
	w.line("TRANSP", "TRANSPARENT") // a deadline makes nobody busy
	for _, on := range e.Alarms {
		w.line("BEGIN", "VALARM")
		w.line("ACTION", "DISPLAY")
		w.line("TRIGGER;VALUE=DATE-TIME", instant(time.Date(on.Year(), time.Month(on.Month()), on.Day(), morning, 0, 0, 0, date.China)))
		w.text("DESCRIPTION", e.Summary)
		w.line("END", "VALARM")
	}
	w.line("END", "VEVENT")
}

func day(d date.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

func instant(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// escaped are the characters that have a meaning in text values. RFC 5545, 3.3.11.
var escaped = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// text writes a text value.
func (w *writer) text(name, value string) {
	w.line(name, strings.Map(printable, escaped.Replace(value)))
}

// printable drops control characters, which no value may hold.
func printable(r rune) rune {
	if r < ' ' && r != '\t' || r == 0x7f {
		return -1
	}
	return r
}

// longest is how many octets a line may have without its end. RFC 5545, 3.1.
const longest = 75

// line writes a content line, folded between characters; what goes on begins with a space.
func (w *writer) line(name, value string) {
	text := strings.ToValidUTF8(name+":"+value, "\ufffd")
	room := longest
	for len(text) > room {
		cut := room
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		w.b.WriteString(text[:cut] + "\r\n ")
		text, room = text[cut:], longest-1
	}
	w.b.WriteString(text + "\r\n")
}
