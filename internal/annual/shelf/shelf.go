// Package shelf keeps the annual reports that bodies have published (年报库): each edition of an
// item that is one is read once, what the reading leaves open is asked of a person, and the
// public finds the reports of all years and all bodies, beside each other.
//
// 条例第四十九条: “县级以上人民政府部门应当在每年1月31日前向本级政府信息公开工作主管部门提交本行政机关
// 上一年度政府信息公开工作年度报告并向社会公布。县级以上地方人民政府的政府信息公开工作主管部门应当在
// 每年3月31日前向社会公布本级政府上一年度政府信息公开工作年度报告。”
//
// What the public may see follows the item: a reading counts while the edition it is of is
// shown. Readings are never removed, as old years are not. R-PLT-09.
package shelf

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// State says how far the reading of a published edition has come.
type State string

// The states.
const (
	Asked   State = "asked"   // a person must say something first
	Shelved State = "shelved" // its figures are on the shelf
	Plain   State = "plain"   // an annual report without the tables of a unified form
	Foreign State = "foreign" // no annual report, as a person said
)

// States lists the states in the order pages show them.
var States = []State{Asked, Shelved, Plain, Foreign}

var stateNames = map[State]string{
	Asked: "shelf.state.asked", Shelved: "shelf.state.shelved", Plain: "shelf.state.plain", Foreign: "shelf.state.foreign",
}

// Message returns what people call the state.
func (s State) Message() i18n.Message { return i18n.M(stateNames[s]) }

// Doubt is a reason why a reading waits for a person.
type Doubt string

// The doubts.
const (
	Refused Doubt = "refused" // nothing in it is a report in the unified form
	Cells   Doubt = "cells"   // the source lost cells
	Year    Doubt = "year"    // no year is stated, or another than the title's
	Body    Doubt = "body"    // it names a body that is neither the publisher nor below it
	Differ  Doubt = "differ"  // text and attachment give different figures
)

var doubtNames = map[Doubt]string{
	Refused: "shelf.doubt.refused", Cells: "shelf.doubt.cells", Year: "shelf.doubt.year",
	Body: "shelf.doubt.body", Differ: "shelf.doubt.differ",
}

// Ask is one doubt with what it is about.
type Ask struct {
	Doubt Doubt  `json:"doubt"`
	Name  string `json:"name,omitempty"` // the body named, the cell that differs, or the year in words
	N     int    `json:"n,omitempty"`    // how many cells
}

// Message says the doubt in words.
func (a Ask) Message() i18n.Message { return i18n.M(doubtNames[a.Doubt], "name", a.Name, "n", a.N) }

// The sources a report is read from besides the attachments, which go by their keys.
const (
	FromText   = "text"   // the item's own text
	FromUpload = "upload" // a file a person handed in
)

// Source is what a report may be read from, and what reading it gave.
type Source struct {
	ID        string `json:"id"`
	Name      string `json:"name"` // of the file, "" for the text
	Figures   int    `json:"figures"`
	Questions int    `json:"questions,omitempty"`
	Fault     string `json:"fault,omitempty"` // code of why it cannot be read
	Refused   bool   `json:"refused,omitempty"`
}

// Reading is what was read of one published edition.
type Reading struct {
	ID        string
	Item      string
	Edition   string
	Publisher string // the agency whose item it is
	Section   string // the item's home
	Title     string // of the item

	Agency string // whose report it is, "" while nobody knows
	Year   int64  // reported on, 0 while nobody knows
	Form   string // version of the unified form, "" for none
	State  State
	Listed bool
	Asks   []Ask
	Source string // which of Sources the report was read from
	// Sources are the text and the files of the edition that were tried.
	Sources []Source

	// What the rules found when it was read.
	Errors, Warnings, Infos int64

	Reason    string // why a person put it aside
	ReadAt    time.Time
	DecidedAt time.Time
	DecidedBy string
	Version   int64

	figures figures
	report  string // the data file, "" where none could be read
}

// figures are the cells of a report: a number, or nil for a blank.
type figures map[form.Key]*decimal.Decimal

// Faults of the shelf.
var (
	ErrNone     = &fault.Error{Kind: fault.NotFound, Code: "shelf.none"}
	ErrStale    = &fault.Error{Kind: fault.Conflict, Code: "shelf.stale"}
	ErrYear     = &fault.Error{Kind: fault.Invalid, Code: "shelf.year", Field: "year", Cite: statute.OGI2019.Art(49)}
	ErrBody     = &fault.Error{Kind: fault.Invalid, Code: "shelf.body", Field: "agency"}
	ErrSource   = &fault.Error{Kind: fault.Invalid, Code: "shelf.source", Field: "source"}
	ErrFile     = &fault.Error{Kind: fault.Invalid, Code: "shelf.file", Field: "file", Cite: statute.OGI2019.Art(50)}
	ErrReason   = &fault.Error{Kind: fault.Invalid, Code: "shelf.reason", Field: "reason"}
	ErrNothing  = &fault.Error{Kind: fault.Invalid, Code: "shelf.nothing"}
	ErrUnlisted = &fault.Error{Kind: fault.Conflict, Code: "shelf.unlisted"}
)

// firstYear is the first any annual report is on: the regulation of 2007 took effect on
// 2008-05-01.
const firstYear = 2008

// digits are the figures of years written in Chinese.
var digits = strings.NewReplacer("〇", "0", "○", "0", "零", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5",
	"六", "6", "七", "7", "八", "8", "九", "9")

var titleYear = regexp.MustCompile(`20[0-9]{2}`)

// about are words of titles that speak of a report and are none.
var about = []string{"解读", "图解", "读懂", "通知", "格式", "模板", "网站工作"}

// YearOf returns the year a title of an annual report names, and false if the title is none
// of an annual report.
func YearOf(title string) (int, bool) {
	if !strings.Contains(title, "信息公开") && !strings.Contains(title, "信息与政务公开") {
		return 0, false
	}
	if !strings.Contains(title, "年度报告") && !strings.Contains(title, "年报") && !strings.Contains(title, "工作报告") {
		return 0, false
	}
	for _, w := range about {
		if strings.Contains(title, w) {
			return 0, false
		}
	}
	years := titleYear.FindAllString(digits.Replace(title), 2)
	if len(years) != 1 {
		return 0, false
	}
	y, err := strconv.Atoi(years[0])
	return y, err == nil && y >= firstYear
}

// names reports whether a name that a report states is a body's: as it is or was called, in
// short, or with more or fewer places in front. The place alone stands for its government, as
// in 某市2024年政府信息公开工作年度报告.
func names(stated string, a *agency.Agency, past []string) bool {
	stated = form.Normalize(stated)
	for _, n := range append([]string{a.Name, a.ShortName}, past...) {
		n = form.Normalize(n)
		place := strings.TrimSuffix(strings.TrimSuffix(n, "政府"), "人民")
		switch {
		case n == "":
		case stated == n, annual.LongerName(n, stated), annual.LongerName(stated, n):
			return true
		case a.Kind == agency.Government && place != "" && (stated == place || annual.LongerName(place, stated)):
			return true
		}
	}
	return false
}
