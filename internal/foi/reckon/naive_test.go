package reckon

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/workday"
)

// This file counts a second time, on purpose as simply as can be: it walks from day to day over
// an array, knows no working-day arithmetic, and shares no code and no data with what it checks.

// typed are the days off and the make-up days of 2019 to 2026, typed from the notices: year,
// then runs of month.day, those behind the bar are worked.
const typed = `
2019 1.1 2.4-2.10 4.5 5.1-5.4 6.7 9.13 10.1-10.7 | 2.2 2.3 4.28 5.5 9.29 10.12
2020 1.1 1.24-2.2 4.4-4.6 5.1-5.5 6.25-6.27 10.1-10.8 | 1.19 4.26 5.9 6.28 9.27 10.10
2021 1.1-1.3 2.11-2.17 4.3-4.5 5.1-5.5 6.12-6.14 9.19-9.21 10.1-10.7 | 2.7 2.20 4.25 5.8 9.18 9.26 10.9
2022 1.1-1.3 1.31-2.6 4.3-4.5 4.30-5.4 6.3-6.5 9.10-9.12 10.1-10.7 12.31-12.31 | 1.29 1.30 4.2 4.24 5.7 10.8 10.9
2023 1.1-1.2 1.21-1.27 4.5 4.29-5.3 6.22-6.24 9.29-10.6 | 1.28 1.29 4.23 5.6 6.25 10.7 10.8
2024 1.1 2.10-2.17 4.4-4.6 5.1-5.5 6.10 9.15-9.17 10.1-10.7 | 2.4 2.18 4.7 4.28 5.11 9.14 9.29 10.12
2025 1.1 1.28-2.4 4.4-4.6 5.1-5.5 5.31-6.2 10.1-10.8 | 1.26 2.8 4.27 9.28 10.11
2026 1.1-1.3 2.15-2.23 4.4-4.6 5.1-5.5 6.19-6.21 9.25-9.27 10.1-10.7 | 1.4 2.14 2.28 5.9 9.20 10.10
`

// dayZero is day 0 of the array.
var dayZero = time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)

const allDays = 3652 // to the end of 2028

// works tells of each day whether it is worked.
func works(t testing.TB) []bool {
	all := make([]bool, allDays)
	for i := range all {
		w := dayZero.AddDate(0, 0, i).Weekday()
		all[i] = w != time.Saturday && w != time.Sunday
	}
	for _, line := range strings.Split(strings.TrimSpace(typed), "\n") {
		words, work := strings.Fields(line), false
		for _, run := range words[1:] {
			if run == "|" {
				work = true
				continue
			}
			first, last, long := strings.Cut(run, "-")
			if !long {
				last = first
			}
			for i := index(t, words[0], first); i <= index(t, words[0], last); i++ {
				all[i] = work
			}
		}
	}
	return all
}

func index(t testing.TB, year, monthDay string) int {
	d, err := time.Parse("2006.1.2", year+"."+monthDay)
	if err != nil {
		t.Fatal(err)
	}
	return int(d.Sub(dayZero).Hours() / 24)
}

// The list typed from the notices and the calendar that comes with the program agree on every
// day of eight years.
func TestTheTypedYearsEqualTheCalendar(t *testing.T) {
	cal, n := workday.Embedded(), 0
	for i, work := range works(t) {
		d := date.Of(dayZero.AddDate(0, 0, i))
		if d.Year() > 2026 {
			break
		}
		if n++; cal.IsWorkday(d) != work {
			t.Errorf("%s: typed as worked %v", d, work)
		}
	}
	if n != 8*365+2 {
		t.Errorf("%d days compared", n)
	}
}

// naive is a case as day numbers; -1 is no date.
type naive struct {
	received, notified, correctBy, corrected int
	asked                                    [][3]int // sent, received, replied
	extend, approved, told                   int
	charged, paid                            int
	today                                    int
}

// walk returns the due day, and whether the case is overdue.
func (c naive) walk(work []bool) (due int, overdue bool) {
	after := func(day, n int) int { // the n-th working day after
		for n > 0 {
			if day++; work[day] {
				n--
			}
		}
		return day
	}
	waits := false
	start := c.received
	if c.notified >= 0 && c.notified <= after(c.received, 7) {
		if c.corrected >= 0 {
			start = c.corrected
		} else {
			waits = true
		}
	}
	ends := make([]int, len(c.asked))
	for i, a := range c.asked {
		switch {
		case a[1] >= 0 && a[2] < 0:
			ends[i] = after(a[1], 15)
		case a[2] >= 0:
			ends[i] = a[2]
		default:
			ends[i] = c.today
		}
	}
	accepted := make([]bool, len(c.asked))
	used, most, frozen := 0, 20, false
	due = -1
	for day := c.received; ; day++ {
		if day > start && work[day] {
			out := false
			for i, a := range c.asked {
				out = out || accepted[i] && a[0] < day && day <= ends[i]
			}
			switch {
			case out && due >= 0:
				due = day
			case out:
			case used < most:
				if used++; used == most {
					due = day
				}
			default:
				return due, !waits && c.today > due
			}
		}
		inTime := due < 0 || day <= due
		for i, a := range c.asked { // on a day of rest, while a consultation goes on
			inTime = inTime || accepted[i] && a[0] < day && after(day, 1) <= ends[i]
		}
		for i, a := range c.asked {
			if a[0] == day && inTime && !frozen {
				accepted[i] = true
			}
		}
		if c.extend >= 1 && c.extend <= 20 && c.approved >= 0 && c.told >= 0 && max(c.approved, c.told) == day && inTime && !frozen {
			most, due = most+c.extend, -1
		}
		if c.charged == day && inTime {
			last := after(day, 20)
			switch {
			case c.paid >= 0 && c.paid <= last:
				start, used, most, due = c.paid, 0, 20, -1
			default:
				frozen, waits = true, true
			}
		}
	}
}

// draw draws a case: every date is plausible, not every one lawful.
func draw(r *rand.Rand) naive {
	c := naive{received: r.IntN(2750), notified: -1, correctBy: -1, corrected: -1, approved: -1, told: -1, charged: -1, paid: -1}
	c.today = c.received + r.IntN(140)
	from := c.received
	if r.IntN(3) == 0 {
		c.notified = c.received + r.IntN(14)
		if r.IntN(5) > 0 {
			c.corrected = c.notified + r.IntN(40)
			from = c.corrected
		}
	}
	for range r.IntN(4) {
		a := [3]int{from + r.IntN(50), -1, -1}
		if r.IntN(8) == 0 {
			a[0] = c.received + r.IntN(from-c.received+1)
		}
		if r.IntN(3) > 0 {
			a[1] = a[0] + r.IntN(10)
		}
		if r.IntN(3) > 0 {
			a[2] = max(a[0], a[1]) + r.IntN(40)
		}
		c.asked = append(c.asked, a)
	}
	if r.IntN(2) == 0 {
		c.extend = r.IntN(24) - 1
		c.approved = from + r.IntN(60)
		c.told = c.approved + r.IntN(5)
		if r.IntN(12) == 0 {
			c.told = -1
		}
	}
	if r.IntN(4) == 0 {
		c.charged = from + r.IntN(45)
		if r.IntN(4) > 0 {
			c.paid = c.charged + r.IntN(40)
		}
	}
	return c
}

// JSON writes c with its keys and its consultations in any order.
func (c naive) JSON(r *rand.Rand) []byte {
	object := func(parts ...string) string {
		parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		return "{" + strings.Join(parts, ",") + "}"
	}
	day := func(name string, d int) string {
		if d < 0 {
			return ""
		}
		return fmt.Sprintf("%q:%q", name, dayZero.AddDate(0, 0, d).Format(time.DateOnly))
	}
	parts := []string{day("received", c.received), day("today", c.today)}
	if c.notified >= 0 {
		parts = append(parts, `"correction":`+object(day("notified", c.notified), day("corrected", c.corrected)))
	}
	if len(c.asked) > 0 {
		var all []string
		for _, a := range c.asked {
			all = append(all, object(day("sent", a[0]), day("received", a[1]), day("replied", a[2])))
		}
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		parts = append(parts, `"consultations":[`+strings.Join(all, ",")+"]")
	}
	if c.approved >= 0 {
		parts = append(parts, `"extension":`+object(`"days":`+strconv.Itoa(c.extend), day("approved", c.approved), day("notified", c.told)))
	}
	if c.charged >= 0 {
		parts = append(parts, `"fee":`+object(day("notified", c.charged), day("paid", c.paid)))
	}
	return []byte(object(parts...))
}

// thousands is how many thousand cases are drawn; GONGKAI_TEST_THOUSANDS says otherwise, for
// the long run over millions.
func thousands(t testing.TB) int {
	if text := os.Getenv("GONGKAI_TEST_THOUSANDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 20
}

// Both ways of counting agree on every drawn case, whatever order its events are written in,
// and the account of days adds up.
func TestTheNaiveCountAgrees(t *testing.T) {
	work, cal := works(t), workday.Embedded()
	r := rand.New(rand.NewPCG(2026, 711))
	seen := map[State]int{}
	for range thousands(t) * 1000 {
		c := draw(r)
		text, again := c.JSON(r), c.JSON(r)
		due, overdue := c.walk(work)
		want := dayZero.AddDate(0, 0, due).Format(time.DateOnly)
		got := Reckon(cal, read(t, string(text)), Policy{})
		if got.Due.String() != want || got.Overdue != overdue {
			t.Fatalf("%s:\nreckoned %s, overdue %v; walked %s, overdue %v", text, got.Due, got.Overdue, want, overdue)
		}
		if other := Reckon(cal, read(t, string(again)), Policy{}); !sameCount(got, other) {
			t.Fatalf("%s and\n%s: %+v and %+v", text, again, got, other)
		}
		if fault := addsUp(got); fault != "" {
			t.Fatalf("%s: %s", text, fault)
		}
		seen[got.State]++
	}
	for _, s := range []State{Running, AwaitCorrection, AwaitPayment, NotPaid} {
		if seen[s] == 0 {
			t.Errorf("no case drawn was %s", s)
		}
	}
}

// sameCount compares all but which place a consultation had in the input.
func sameCount(a, b Count) bool {
	for _, c := range []*Count{&a, &b} {
		for i := range c.Limits {
			c.Limits[i].N = 0
		}
		c.Faults = nil
	}
	return reflect.DeepEqual(a, b)
}

// addsUp checks the account of days: from the day after receipt to the due date every day
// stands once, and the days counted are 20 and those of the extension.
func addsUp(n Count) string {
	var days []Day
	counted, extended := 0, 0
	for _, s := range n.Steps {
		days = append(days, s.Days...)
		if s.Kind == AtExtension && s.Effect == Event {
			extended++
		}
	}
	for i, d := range days {
		if i > 0 && d.Date != days[i-1].Date.Plus(1) {
			return fmt.Sprintf("%s follows %s", d.Date, days[i-1].Date)
		}
		if d.Counted {
			counted++
		}
	}
	if len(days) == 0 || days[len(days)-1].Date != n.Due {
		return "the account does not end with the due date"
	}
	if counted < ReplyDays || counted > ReplyDays+ExtensionDays || counted != ReplyDays && extended == 0 {
		return fmt.Sprintf("%d days counted", counted)
	}
	return ""
}

func BenchmarkReckon(b *testing.B) {
	cal := workday.Embedded()
	c := read(b, `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-30"}], "extension": {"days": 20, "approved": "2026-05-20", "notified": "2026-05-22"}, "today": "2026-05-25"}`)
	for b.Loop() {
		Reckon(cal, c, Policy{})
	}
}

func BenchmarkGlance(b *testing.B) {
	cal := workday.Embedded()
	c := read(b, `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-30"}], "extension": {"days": 20, "approved": "2026-05-20", "notified": "2026-05-22"}, "today": "2026-05-25"}`)
	for b.Loop() {
		Glance(cal, c, Policy{})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"received": "2026-01-28"}`))
	f.Add([]byte(`{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10"}], "extension": {"days": 3}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, faults := Read(text)
		if len(faults) > 0 {
			return
		}
		if !json.Valid(text) && !strings.HasPrefix(string(text), "\xef\xbb\xbf") {
			t.Fatalf("read what is no JSON: %q", text)
		}
		if n := Reckon(workday.Embedded(), c, Policy{}); n.Due.IsZero() {
			t.Fatalf("%q has no due date", text)
		}
	})
}
