package legacy

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

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

// parseMoment reads 2023-09-25, 2023/9/5, 2023.9.5, 2023年9月5日, 20230925, 二〇二三年九月五日, each
// with or without a time such as 10:30, 10:30:00 or 10时30分, a zone and a weekday; the days that
// spreadsheets count from 1900, and the seconds and milliseconds that programs count from
// 1970. Nothing is no moment. A day that the calendar does not have, or an order that is not
// year, month, day, is refused.
func parseMoment(v string) (m Moment, ok bool) {
	if len(v) > 200 {
		return m, false
	}
	v = strings.Trim(strings.TrimSpace(width.Fold.String(v)), "[]()【】〔〕 \u00a0")
	if v == "" {
		return m, true
	}
	if m, ok = counted(v); ok {
		return m, true
	}
	if m, ok = zoned(v); ok {
		return m, true
	}
	v = separators.Replace(weekday.ReplaceAllString(numerals(v), " "))
	fields := strings.Fields(v)
	if len(fields) == 0 || len(fields) > 2 {
		return m, false
	}
	if m.Day, ok = parseDay(strings.TrimSuffix(fields[0], "-")); !ok {
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

var (
	separators = strings.NewReplacer("年", "-", "月", "-", "日", " ", "号", " ", "/", "-", ".", "-", "T", " ", "：", ":",
		"时", ":", "点", ":", "分", ":", "秒", "", "\u00a0", " ")
	weekday = regexp.MustCompile(`[(（]?(星期|周)[一二三四五六日天][)）]?`)
)

// counted reads the numbers by which programs keep time: the days of a spreadsheet between
// 1950 and 2100, and seconds or milliseconds since 1970. None of them can be taken for a
// written day, which has eight digits.
func counted(v string) (m Moment, ok bool) {
	whole, part, _ := strings.Cut(v, ".")
	if !digits(whole) || !digits(part) || whole == "" {
		return m, false
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return m, false
	}
	switch len(whole) {
	case 5:
		if n < 18264 || n > 73050 {
			return m, false
		}
		share, _ := strconv.ParseFloat("0."+part+"0", 64)
		t := time.Date(1899, 12, 30, 0, 0, 0, 0, date.China).AddDate(0, 0, int(n))
		m = at(t.Add(time.Duration(share*24*60+0.5) * time.Minute))
		m.HasTime = share != 0
		return m, true
	case 10:
		return at(time.Unix(n, 0)), part == ""
	case 13:
		return at(time.UnixMilli(n)), part == ""
	}
	return m, false
}

// zoned reads a time that names its zone, such as the 2023-09-24T16:00:00Z by which programs
// mean the morning of the next day in China.
func zoned(v string) (m Moment, ok bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05.999Z0700"} {
		if t, err := time.Parse(layout, v); err == nil && t.Year() >= 1949 {
			return at(t), true
		}
	}
	return m, false
}

func at(t time.Time) Moment {
	t = t.In(date.China)
	return Moment{Day: date.Of(t), Hour: t.Hour(), Minute: t.Minute(), HasTime: true}
}

// numerals writes the numerals of an official day, 二〇二三年九月二十五日, as digits.
func numerals(v string) string {
	if !strings.ContainsAny(v, "一二三四五六七八九") || !strings.Contains(v, "年") {
		return v
	}
	year, rest, _ := strings.Cut(v, "年")
	month, rest, _ := strings.Cut(rest, "月")
	day, rest, _ := strings.Cut(rest, "日")
	return ciphers.Replace(year) + "年" + upTo31(month) + "月" + upTo31(day) + "日" + rest
}

var ciphers = strings.NewReplacer("〇", "0", "○", "0", "零", "0", "Ｏ", "0", "O", "0", "一", "1", "二", "2", "三", "3",
	"四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

// upTo31 reads 五, 十, 十五, 二十, 三十一.
func upTo31(v string) string {
	tens, ones, ok := strings.Cut(v, "十")
	switch {
	case !ok:
		return ciphers.Replace(v)
	case tens == "":
		tens = "一"
	}
	if ones == "" {
		ones = "零"
	}
	return ciphers.Replace(tens + ones)
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
	parts := strings.Split(strings.TrimSuffix(v, ":"), ":")
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
