package section

import (
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Rhythm is when a section must be updated.
type Rhythm string

// The rhythms.
const (
	Usual     Rhythm = ""          // as sections of its kind usually must
	Event     Rhythm = "event"     // so many days after something happened
	Every     Rhythm = "every"     // at least every so many days or months
	Monthly   Rhythm = "monthly"   // by a day of each month
	Quarterly Rhythm = "quarterly" // by a day of each quarter
	Yearly    Rhythm = "yearly"    // by a day of each year
	Permanent Rhythm = "permanent" // stays as it is; looked through once a year
	Never     Rhythm = "none"      // no duty
)

// Rhythms lists the rhythms in the order pages offer them.
var Rhythms = []Rhythm{Usual, Event, Every, Monthly, Quarterly, Yearly, Permanent, Never}

// Unit is what a duty's number counts.
type Unit string

// The units.
const (
	Workdays Unit = "workday"
	Days     Unit = "day"
	Months   Unit = "month"
)

// Duty is a section's update duty (更新要求).
type Duty struct {
	Rhythm Rhythm `json:"rhythm,omitempty"`
	N      int    `json:"n,omitempty"`     // of Event and Every
	Unit   Unit   `json:"unit,omitempty"`  // of Event (not Months) and Every (not Workdays)
	Month  int    `json:"month,omitempty"` // 1 to 3 of the quarter, 1 to 12 of the year
	Day    int    `json:"day,omitempty"`   // of the month; a month without it ends with its last
}

// ErrDuty refuses a duty that says nothing countable.
var ErrDuty = &fault.Error{Kind: fault.Invalid, Code: "section.duty.invalid", Field: "n"}

// ErrDutyDay refuses a day no calendar has.
var ErrDutyDay = &fault.Error{Kind: fault.Invalid, Code: "section.duty.day", Field: "day"}

// maxEvery bounds a duty's number: beyond three years it is none.
const maxEvery = 1100

// check returns what is wrong with d.
func (d Duty) check() error {
	switch d.Rhythm {
	case Usual, Permanent, Never:
		return nil
	case Event:
		if d.N < 0 || d.N > maxEvery || d.Unit != Workdays && d.Unit != Days {
			return ErrDuty
		}
	case Every:
		if d.N < 1 || d.N > maxEvery || d.Unit != Days && d.Unit != Months {
			return ErrDuty
		}
	case Monthly, Quarterly, Yearly:
		if d.Day < 1 || d.Day > 31 || d.Rhythm != Monthly && (d.Month < 1 || d.Month > d.span()) {
			return ErrDutyDay
		}
	default:
		return ErrDuty
	}
	return nil
}

// span is how many months one period of the duty has.
func (d Duty) span() int {
	switch d.Rhythm {
	case Quarterly:
		return 3
	case Yearly:
		return 12
	}
	return 1
}

// Message words the duty, as lists show it.
func (d Duty) Message() i18n.Message {
	switch d.Rhythm {
	case Event:
		switch {
		case d.N == 0:
			return i18n.M("section.duty.at_once")
		case d.Unit == Workdays:
			return i18n.M("section.duty.event_workdays", "n", d.N)
		}
		return i18n.M("section.duty.event_days", "n", d.N)
	case Every:
		if d.Unit == Months {
			return i18n.M("section.duty.every_months", "n", d.N)
		}
		return i18n.M("section.duty.every_days", "n", d.N)
	case Monthly:
		return i18n.M("section.duty.monthly", "day", d.Day)
	case Quarterly:
		return i18n.M("section.duty.quarterly", "month", d.Month, "day", d.Day)
	case Yearly:
		return i18n.M("section.duty.yearly", "month", d.Month, "day", d.Day)
	case Permanent:
		return i18n.M("section.duty.permanent")
	case Never:
		return i18n.M("section.duty.none")
	}
	return i18n.M("section.duty.usual")
}

// publishWithin is the time to publish what was made or changed.
//
// 条例第二十六条：“属于主动公开范围的政府信息，应当自该政府信息形成或者变更之日起20个工作日内及时
// 公开。法律、法规对政府信息公开的期限另有规定的，从其规定。” R-PUB-01.
const publishWithin = 20

// Policy is what sections without a duty of their own must do, by kind, and how long before
// a deadline people are warned. What the law sets is fixed; the rest may be configured.
type Policy struct {
	// NewsDays is after how many days without an update news count as not updated.
	//
	// 检查指标: 动态、要闻类栏目 not updated in two weeks. R-WEB-23.
	NewsDays int
	// NoticeMonths is the same of 通知公告、政策文件: six months. R-WEB-23.
	NoticeMonths int
	// InteractionMonths is the same of published messages; two months in local circulars,
	// unverified.
	InteractionMonths int
}

// Standard is the policy of the inspection indicators.
var Standard = Policy{NewsDays: 14, NoticeMonths: 6, InteractionMonths: 2}

// Of returns the duty that counts for a section: its own, or its kind's.
func (p Policy) Of(s *Section) Duty {
	if s.Duty.Rhythm != Usual {
		return s.Duty
	}
	switch s.Kind {
	case Statutory, Extra:
		return Duty{Rhythm: Event, N: publishWithin, Unit: Workdays}
	case Guide, Institution:
		return Duty{Rhythm: Permanent}
	case Reports:
		return reportDuty
	case News:
		return Duty{Rhythm: Every, N: p.NewsDays, Unit: Days}
	case Notice:
		return Duty{Rhythm: Every, N: p.NoticeMonths, Unit: Months}
	case Interaction:
		return Duty{Rhythm: Every, N: p.InteractionMonths, Unit: Months}
	}
	return Duty{Rhythm: Never}
}

// reportDuty is that of the annual reports' column.
//
// 条例第四十九条第一款：“县级以上人民政府部门应当在每年1月31日前向本级政府信息公开工作主管部门提交
// 本行政机关上一年度政府信息公开工作年度报告并向社会公布。”
var reportDuty = Duty{Rhythm: Yearly, Month: 1, Day: 31}

// CiteOf returns the ground of a kind's usual duty, none where it is our own arrangement.
func CiteOf(k Kind) statute.Ref {
	switch k {
	case Statutory, Extra:
		return statute.OGI2019.Art(26)
	case Guide, Institution:
		return statute.OGI2019.Art(12)
	case Reports:
		return statute.OGI2019.Art(49, 1)
	case News, Notice, Interaction:
		return statute.SiteCheck2019.Whole("")
	}
	return statute.Ref{}
}

// lead is how many days before a deadline people are warned: our own arrangement, about a
// quarter of the shorter periods.
func (d Duty) lead() int {
	switch d.Rhythm {
	case Monthly:
		return 5
	case Quarterly:
		return 10
	case Yearly, Permanent:
		return 30
	case Every:
		if d.Unit == Months {
			return 15
		}
		return min(7, (d.N+3)/4)
	}
	return 3
}

// period returns the first day of the period d falls in.
func (d Duty) period(day date.Date) date.Date {
	month := (day.Month()-1)/d.span()*d.span() + 1
	return date.Must(day.Year(), month, 1)
}

// dayIn returns the deadline of the period that begins on first.
func (d Duty) dayIn(first date.Date) date.Date {
	of := first
	if d.Rhythm != Monthly {
		of = first.PlusMonths(d.Month - 1)
	}
	last := of.PlusMonths(1).Plus(-1)
	return of.Plus(min(d.Day, last.Day()) - 1)
}
