package workday

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"gongkai/internal/date"
	"gongkai/internal/fault"
)

// Day is a day a notice decides on.
type Day struct {
	Date date.Date
	Name string // the holiday it belongs to
	Off  bool   // a day off, else a make-up working day
}

// Notice is the State Council's arrangement of one year's holidays (部分节假日安排的通知), with
// what later notices of the same year changed.
type Notice struct {
	Year    int
	Sources []string // addresses of the notices
	Days    []Day    // in order
}

// The data of notices 2007 to 2026 was collected by holiday-cn (MIT, see notice/LICENSE) and
// set in lines of our own: "off" and "work", the holiday, then days or first..last.
//
//go:embed notice/*.txt
var files embed.FS

// Embedded returns the calendar of the notices that come with the program.
var Embedded = sync.OnceValue(func() *Calendar {
	entries, err := files.ReadDir("notice")
	if err != nil {
		panic(err)
	}
	var all []Notice
	for _, e := range entries {
		text, err := files.ReadFile("notice/" + e.Name())
		if err != nil {
			panic(err)
		}
		n, err := parseLines(string(text))
		if err != nil {
			panic(fmt.Sprintf("workday: %s: %v", e.Name(), err))
		}
		all = append(all, n)
	}
	return New(all...)
})

// parseLines reads an embedded notice.
func parseLines(text string) (Notice, error) {
	var n Notice
	for line := range strings.Lines(text) {
		word := strings.Fields(line)
		switch {
		case len(word) == 2 && word[0] == "year":
			fmt.Sscan(word[1], &n.Year)
		case len(word) == 2 && word[0] == "source":
			n.Sources = append(n.Sources, word[1])
		case len(word) > 2 && (word[0] == "off" || word[0] == "work"):
			for _, span := range word[2:] {
				days, err := parseSpan(span)
				if err != nil {
					return n, err
				}
				for _, d := range days {
					n.Days = append(n.Days, Day{d, word[1], word[0] == "off"})
				}
			}
		default:
			return n, fmt.Errorf("line %q", line)
		}
	}
	sortDays(n.Days)
	return n, nil
}

// parseSpan reads 2026-02-15 or 2026-02-15..2026-02-23.
func parseSpan(text string) ([]date.Date, error) {
	first, last, _ := strings.Cut(text, "..")
	if last == "" {
		last = first
	}
	from, err := date.Parse(first)
	if err != nil {
		return nil, err
	}
	to, err := date.Parse(last)
	if err != nil {
		return nil, err
	}
	var days []date.Date
	for d := from; !d.After(to); d = d.Plus(1) {
		days = append(days, d)
	}
	return days, nil
}

func sortDays(days []Day) {
	slices.SortFunc(days, func(a, b Day) int { return a.Date.Compare(b.Date) })
}

// What is wrong with a notice someone loads. Row counts its days from 1.
var (
	ErrNotice     = &fault.Error{Kind: fault.Invalid, Code: "workday.notice.unreadable", Field: "file"}
	ErrYear       = &fault.Error{Kind: fault.Invalid, Code: "workday.notice.year", Field: "file"}
	ErrFew        = &fault.Error{Kind: fault.Invalid, Code: "workday.notice.few", Field: "file"}
	ErrMany       = &fault.Error{Kind: fault.Invalid, Code: "workday.notice.many", Field: "file"}
	ErrRowDate    = &fault.Error{Kind: fault.Invalid, Code: "workday.notice.row_date", Field: "file"}
	ErrRowName    = &fault.Error{Kind: fault.Invalid, Code: "workday.notice.row_name", Field: "file"}
	ErrRowYear    = &fault.Error{Kind: fault.Invalid, Code: "workday.notice.row_year", Field: "file"}
	ErrRowTwice   = &fault.Error{Kind: fault.Invalid, Code: "workday.notice.row_twice", Field: "file"}
	ErrRowWeekday = &fault.Error{Kind: fault.Invalid, Code: "workday.notice.row_weekday", Field: "file"}
	ErrRowKind    = &fault.Error{Kind: fault.Invalid, Code: "workday.notice.row_kind", Field: "file"}
)

// The bounds of a plausible notice. 《全国年节及纪念日放假办法》第二条 gives 13 days off a year since
// 2025, eleven before, seven before 1999; with weekends joined to them no year had more than 40.
const (
	fewestOff = 7
	mostOff   = 60
	firstYear = 1999
	lastYear  = 2099
)

// ParseNotice reads a notice in the JSON of holiday-cn: {"year": 2027, "papers": […],
// "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, …]}. It returns every
// fault it finds; a notice with faults is not to be used.
func ParseNotice(text []byte) (Notice, []*fault.Error) {
	var in struct {
		Year   int      `json:"year"`
		Papers []string `json:"papers"`
		Days   []rawDay `json:"days"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), &in); err != nil {
		return Notice{}, []*fault.Error{ErrNotice.Because(err)}
	}
	if in.Year < firstYear || in.Year > lastYear {
		return Notice{}, []*fault.Error{ErrYear.With("year", in.Year)}
	}
	n := Notice{Year: in.Year, Sources: in.Papers}
	var faults []*fault.Error
	seen := map[date.Date]int{}
	for i, raw := range in.Days {
		d, f := raw.day(in.Year)
		if f == nil && seen[d.Date] > 0 {
			f = ErrRowTwice.With("day", d.Date).With("other", seen[d.Date])
		}
		if f != nil {
			faults = append(faults, f.With("row", i+1))
			continue
		}
		seen[d.Date] = i + 1
		n.Days = append(n.Days, d)
	}
	sortDays(n.Days)
	faults = append(faults, n.idle(seen)...)
	if f := n.plausible(); f != nil && len(faults) == 0 {
		faults = append(faults, f)
	}
	return n, faults
}

// rawDay is a day as JSON has it.
type rawDay struct {
	Name string `json:"name"`
	Date string `json:"date"`
	Off  *bool  `json:"isOffDay"`
}

// day checks one day of the notice of a year.
func (r rawDay) day(year int) (Day, *fault.Error) {
	d, err := date.Parse(r.Date)
	switch {
	case err != nil:
		return Day{}, ErrRowDate.With("text", r.Date)
	case strings.TrimSpace(r.Name) == "":
		return Day{}, ErrRowName.With("day", d)
	case r.Off == nil:
		return Day{}, ErrRowKind.With("day", d)
	case d.Year() != year && (d.Year() != year-1 || d.Month() != 12):
		return Day{}, ErrRowYear.With("day", d).With("year", year)
	}
	return Day{d, strings.TrimSpace(r.Name), *r.Off}, nil
}

// idle finds make-up days on plain weekdays, which mean nothing and are slips of the pen. Only
// the day on which a holiday ends may be named so: in 2020 the notice of 27 January let work
// begin again on Monday 3 February.
func (n Notice) idle(row map[date.Date]int) []*fault.Error {
	var faults []*fault.Error
	for i, d := range n.Days {
		ends := i > 0 && n.Days[i-1].Off && n.Days[i-1].Date.Plus(1) == d.Date
		if !d.Off && !weekend(d.Date) && !ends {
			faults = append(faults, ErrRowWeekday.With("day", d.Date).With("row", row[d.Date]))
		}
	}
	return faults
}

// plausible tells a notice that cannot be whole.
func (n Notice) plausible() *fault.Error {
	off := 0
	for _, d := range n.Days {
		if d.Off {
			off++
		}
	}
	switch {
	case off < fewestOff:
		return ErrFew.With("n", off).With("least", fewestOff)
	case off > mostOff:
		return ErrMany.With("n", off).With("most", mostOff)
	}
	return nil
}

// JSON writes n as ParseNotice reads it, for keeping and for handing on.
func (n Notice) JSON() ([]byte, error) {
	days := make([]rawDay, 0, len(n.Days))
	for _, d := range n.Days {
		days = append(days, rawDay{d.Name, d.Date.String(), &d.Off})
	}
	return json.Marshal(struct {
		Year   int      `json:"year"`
		Papers []string `json:"papers"`
		Days   []rawDay `json:"days"`
	}{n.Year, n.Sources, days})
}

// Off returns the days off in runs, one run a line of the calendar's page.
func (n Notice) Off() []Span { return n.spans(true, Holiday) }

// Work returns the make-up working days in runs.
func (n Notice) Work() []Span { return n.spans(false, MakeUp) }

func (n Notice) spans(off bool, kind Kind) []Span {
	var all []Span
	for _, d := range n.Days {
		if d.Off == off {
			all = join(all, Span{d.Date, d.Date, kind, d.Name})
		}
	}
	slices.SortFunc(all, func(a, b Span) int { return cmp.Compare(a.From.String(), b.From.String()) })
	return all
}
