package office

import (
	"time"

	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/paper/chart"
	"gongkai/internal/web"
)

// Tone is the colour a state is shown in. The text beside it says the same, so that no
// state is told by colour alone.
type Tone string

// The tones.
const (
	Plain Tone = ""     // nothing to do
	Good  Tone = "good" // done, published, in force
	Wait  Tone = "wait" // somebody's turn
	Warn  Tone = "warn" // due soon
	Bad   Tone = "bad"  // overdue, refused, locked
	Note  Tone = "note" // a remark
	Gone  Tone = "gone" // retracted, archived, ended
)

// Badge is a state.
type Badge struct {
	Text string
	Tone Tone
}

// Tab is one of several views of the same thing.
type Tab struct {
	Text, Href string
	Count      int
	On         bool
}

// Tabs are the views, with the name of what they are views of.
type Tabs struct {
	Label string
	Tabs  []Tab
}

// Event is an entry of a timeline.
type Event struct {
	When  string // as When prints it
	Who   string
	Title string
	Note  string
	Href  string
	Tone  Tone
}

// Stat is a figure on a tile.
type Stat struct {
	Text, Value, Href string
	Note              string
	Tone              Tone
}

// Card is a titled piece of a page: a list of facts, links, a chart.
type Card struct {
	ID, Title string
	Note      string
	Facts     []Fact
	Links     []web.Link
	Chart     markup
	More      web.Link // "all of them"
	Empty     string   // shown when there is nothing else
}

// Fact is a labelled value.
type Fact struct {
	Label, Value string
	Href         string
	Badge        *Badge
	Lang         string
}

// Bare reports whether the card holds nothing.
func (c Card) Bare() bool { return len(c.Facts) == 0 && len(c.Links) == 0 && c.Chart == "" }

// Confirm asks before an act that cannot be taken back, or one on many things. It works
// without script: the act is posted again with the same values and sure=1.
type Confirm struct {
	Title, Text string
	Items       []string // what it is done to
	Reason      *Field   // asked for with it, if the act wants a reason
	Danger      bool
	Yes         string
	Back        web.Link
}

// drawn is any chart of package chart.
type drawn interface{ SVG() string }

// Draw makes a chart part of a page. Package chart escapes every text it is given.
func Draw(c drawn) markup { return markup(c.SVG()) }

var _ drawn = chart.Ranked{}

// When prints an instant as office clocks show it: 2026-11-23 18:05.
func When(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(date.China).Format("2006-01-02 15:04")
}

// Day returns the civil day of an instant.
func Day(t time.Time) date.Date { return date.Of(t.In(date.China)) }

// Left says how far off a deadline is: 还有 3 天, 今天到期, 逾期 2 天, with the tone of it.
func Left(p i18n.Printer, due, today date.Date, warn int) Badge {
	switch n := due.Days(today); {
	case n < 0:
		return Badge{p.T("office.left.over", "n", -n), Bad}
	case n == 0:
		return Badge{p.T("office.left.today"), Warn}
	case n <= warn:
		return Badge{p.T("office.left.days", "n", n), Warn}
	default:
		return Badge{p.T("office.left.days", "n", n), Plain}
	}
}
