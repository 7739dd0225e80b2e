package date

import "time"

// Plus returns the day n days after d, or before it where n is negative. No date stays none.
func (d Date) Plus(n int) Date {
	if d.IsZero() {
		return d
	}
	return Of(d.time().AddDate(0, 0, n))
}

// PlusMonths returns the same day n months later; where that month is shorter, its last day,
// as periods of months end (民法典第二百零二条：“到期月没有对应日的，月末日为期间的最后一日”).
func (d Date) PlusMonths(n int) Date {
	if d.IsZero() {
		return d
	}
	first := time.Date(d.year, d.month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.day, last)}
}

// Weekday returns the day of the week of d.
func (d Date) Weekday() time.Weekday { return d.time().Weekday() }
