package legacy

import (
	"strconv"
	"strings"
	"time"

	"gongkai/internal/date"
)

// Moment is a civil day, and the time of day where the source tells it.
type Moment struct {
	Day          date.Date
	Hour, Minute int
	HasTime      bool
}

// Time returns the instant in China; a day without a time of day begins.
func (m Moment) Time() time.Time {
	if m.Day.IsZero() {
		return time.Time{}
	}
	return time.Date(m.Day.Year(), time.Month(m.Day.Month()), m.Day.Day(), m.Hour, m.Minute, 0, 0, date.China).UTC()
}

// parseMoment reads 2023-09-25, 2023/9/5, 2023.9.5, 2023年9月5日, 20230925, each with or
// without a time such as 10:30 or 10:30:00. Nothing is no moment. A day that the calendar
// does not have, or an order that is not year, month, day, is refused.
func parseMoment(v string) (m Moment, ok bool) {
	v = strings.TrimSpace(v)
	if v == "" {
		return m, true
	}
	v = strings.NewReplacer("年", "-", "月", "-", "日", " ", "/", "-", ".", "-", "T", " ", "：", ":", "\u00a0", " ").Replace(v)
	fields := strings.Fields(strings.TrimSuffix(v, "Z"))
	if len(fields) == 0 || len(fields) > 2 {
		return m, false
	}
	if m.Day, ok = parseDay(fields[0]); !ok {
		return m, false
	}
	if len(fields) == 2 {
		if m.Hour, m.Minute, ok = parseClock(fields[1]); !ok {
			return m, false
		}
		m.HasTime = true
	}
	return m, true
}

func parseDay(v string) (date.Date, bool) {
	if len(v) == 8 && digits(v) {
		v = v[:4] + "-" + v[4:6] + "-" + v[6:]
	}
	parts := strings.Split(v, "-")
	if len(parts) != 3 || len(parts[0]) != 4 {
		return date.Date{}, false
	}
	var n [3]int
	for i, p := range parts {
		if p == "" || len(p) > 4 || !digits(p) {
			return date.Date{}, false
		}
		n[i], _ = strconv.Atoi(p)
	}
	if n[0] < 1949 {
		return date.Date{}, false
	}
	return date.New(n[0], n[1], n[2])
}

func parseClock(v string) (hour, minute int, ok bool) {
	v, _, _ = strings.Cut(v, "+")
	parts := strings.Split(v, ":")
	if len(parts) != 2 && len(parts) != 3 {
		return 0, 0, false
	}
	hour, err := strconv.Atoi(parts[0])
	minute, err2 := strconv.Atoi(parts[1])
	return hour, minute, err == nil && err2 == nil && hour >= 0 && hour < 24 && minute >= 0 && minute < 60
}

func digits(v string) bool {
	return strings.Trim(v, "0123456789") == ""
}
