// Package date holds civil dates (日期). Deadlines of the regulation are days, never
// instants: a report is due on 31 January wherever the server's clock stands.
package date

import (
	"encoding/json"
	"fmt"
	"time"
)

// Date is a day of the civil calendar of China. The zero Date is no date.
type Date struct {
	year  int
	month time.Month
	day   int
}

// New returns the date y-m-d, and false if the calendar has no such day.
func New(y, m, d int) (Date, bool) {
	if y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31 {
		return Date{}, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d {
		return Date{}, false
	}
	return Date{y, time.Month(m), d}, true
}

// Must is New for constants; it panics if the calendar has no such day.
func Must(y, m, d int) Date {
	v, ok := New(y, m, d)
	if !ok {
		panic(fmt.Sprintf("date: no such day %d-%d-%d", y, m, d))
	}
	return v
}

// Parse reads "2024-01-31".
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("parse date %q: want yyyy-mm-dd", s)
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

// Of returns the civil day of t in t's own zone.
func Of(t time.Time) Date {
	return Date{t.Year(), t.Month(), t.Day()}
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Year returns the year of d, 0 for no date.
func (d Date) Year() int { return d.year }

// Month returns the month of d, 1 to 12, 0 for no date.
func (d Date) Month() int { return int(d.month) }

// Day returns the day of the month, 1 to 31, 0 for no date.
func (d Date) Day() int { return d.day }

// Compare returns -1, 0 or +1 as d is before, on or after o.
func (d Date) Compare(o Date) int {
	a, b := d.ordinal(), o.ordinal()
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Before reports whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After reports whether d is later than o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// Days returns the number of days from o to d, negative if d is earlier.
func (d Date) Days(o Date) int {
	const day = 24 * time.Hour
	return int(d.time().Sub(o.time()) / day)
}

func (d Date) ordinal() int { return d.year*512 + int(d.month)*32 + d.day }

// China is the zone whose civil days the law counts: the whole country has one.
var China = time.FixedZone("CST", 8*60*60)

// Plus returns the day n days after d, or before it when n is negative. No date stays none.
func (d Date) Plus(n int) Date {
	if d.IsZero() {
		return d
	}
	if day := d.day + n; day >= 1 && day <= 28 { // every month has these
		return Date{d.year, d.month, day}
	}
	return Of(d.time().AddDate(0, 0, n))
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.time().Weekday() }

func (d Date) time() time.Time {
	return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC)
}

// String returns "2024-01-31", or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, int(d.month), d.day)
}

// Chinese returns "2024年1月31日" as GB/T 9704 writes dates: Arabic figures, no leading
// zeros (R-DOC-02). It returns "" for no date.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.year, int(d.month), d.day)
}

// MarshalJSON writes "2024-01-31", or null for no date.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(d.String())
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Date) UnmarshalJSON(b []byte) error {
	var s *string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("read date: %w", err)
	}
	if s == nil || *s == "" {
		*d = Date{}
		return nil
	}
	v, err := Parse(*s)
	if err != nil {
		return err
	}
	*d = v
	return nil
}
