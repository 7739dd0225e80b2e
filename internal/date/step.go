package date

import "time"

// PlusMonths returns the same day n months later; where that month has no such day, its last.
//
// 民法典第二百零二条：“没有对应日的，月末日为期间的最后一日。”
func (d Date) PlusMonths(n int) Date {
	if d.IsZero() {
		return d
	}
	first := time.Date(d.year, d.month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.day, last)}
}
