package workday

import (
	"fmt"
	"regexp"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/fault"
)

// ErrLine says which line of a notice cannot be read.
var ErrLine = &fault.Error{Kind: fault.Invalid, Code: "workday.notice.line", Field: "lines"}

// offWords are what a line of days off and one of make-up days begins with.
var offWords = map[string]bool{"休": true, "放假": true, "off": true, "班": false, "上班": false, "work": false}

// between joins the first and the last day of a run.
var between = regexp.MustCompile(`\s*(?:至|到|—|－|~|～|\.\.)\s*`)

// Lines writes as ParseNotice reads it what a person copied out of a notice, a run of days a
// line: 休 春节 2027-02-05 至 2027-02-11, 班 春节 2027-01-30. Several runs may stand on a line.
func Lines(year int, source, text string) ([]byte, []*fault.Error) {
	n := Notice{Year: year, Sources: strings.Fields(source)}
	var faults []*fault.Error
	number := 0
	for line := range strings.Lines(text) {
		number++
		if strings.TrimSpace(line) == "" {
			continue
		}
		days, err := readLine(line)
		if err != nil {
			faults = append(faults, ErrLine.With("line", number).Because(err))
			continue
		}
		n.Days = append(n.Days, days...)
	}
	out, err := n.JSON()
	if err != nil {
		return nil, []*fault.Error{ErrNotice.Because(err)}
	}
	return out, faults
}

// longestRun bounds a run of days off: one over a year's end would fill memory.
const longestRun = 31

func readLine(line string) ([]Day, error) {
	word := strings.Fields(between.ReplaceAllString(line, ".."))
	if len(word) < 3 {
		return nil, fmt.Errorf("%d words", len(word))
	}
	off, known := offWords[word[0]]
	if !known {
		return nil, fmt.Errorf("begins with %q", word[0])
	}
	var days []Day
	for _, span := range word[2:] {
		first, last, _ := strings.Cut(span, "..")
		from, err := date.Parse(first)
		if err != nil {
			return nil, err
		}
		to := from
		if last != "" {
			if to, err = date.Parse(last); err != nil {
				return nil, err
			}
		}
		if n := to.Days(from); n < 0 || n >= longestRun {
			return nil, fmt.Errorf("%s has %d days", span, n+1)
		}
		for d := from; !d.After(to); d = d.Plus(1) {
			days = append(days, Day{d, word[1], off})
		}
	}
	return days, nil
}
