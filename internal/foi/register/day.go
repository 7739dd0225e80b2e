package register

import (
	"regexp"
	"strconv"
	"strings"

	"gongkai/internal/date"
)

var (
	splitDay  = regexp.MustCompile(`((?:19|20)\d{2})\s*[-/.年·]\s*(\d{1,2})\s*[-/.月·]\s*(\d{1,2})\s*[日号]?`)
	solidDay  = regexp.MustCompile(`(?:^|\D)((?:19|20)\d{2})(\d{2})(\d{2})(?:\D|$)`)
	shortDay  = regexp.MustCompile(`^(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?$`)
	serialDay = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
	spoken    = regexp.MustCompile(`^([〇零○一二三四五六七八九]{4})年([元正一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日$`)
)

// The days a number of a workbook may mean: 1982 to 2064.
const firstSerial, lastSerial = 30_000, 60_000

// dayOf reads a day in the spellings that registers have. year fills in where a text names none.
// since1904 is how some workbooks count days.
func dayOf(text string, year int, since1904 bool) (date.Date, bool) {
	s := strings.TrimSpace(width(text))
	if serialDay.MatchString(s) {
		n, _, _ := strings.Cut(s, ".")
		days, err := strconv.Atoi(n)
		if since1904 {
			days += 1462
		}
		if err != nil || days < firstSerial || days > lastSerial {
			return date.Date{}, false
		}
		// Day 1 is 1 January 1900, and 1900 is counted as a leap year.
		return date.Must(1899, 12, 30).Plus(days), true
	}
	if m := splitDay.FindAllStringSubmatch(s, -1); len(m) > 0 {
		return onlyDay(m)
	}
	if m := solidDay.FindAllStringSubmatch(s, -1); len(m) > 0 {
		return onlyDay(m)
	}
	if m := shortDay.FindStringSubmatch(s); m != nil && year > 0 {
		return made(strconv.Itoa(year), m[1], m[2])
	}
	if m := spoken.FindStringSubmatch(s); m != nil {
		return made(figures(m[1]), small(m[2]), small(m[3]))
	}
	return date.Date{}, false
}

// onlyDay refuses a text that names two days.
func onlyDay(all [][]string) (date.Date, bool) {
	first, ok := made(all[0][1], all[0][2], all[0][3])
	for _, m := range all[1:] {
		if other, same := made(m[1], m[2], m[3]); !same || other != first {
			return date.Date{}, false
		}
	}
	return first, ok
}

func made(y, m, d string) (date.Date, bool) {
	year, err1 := strconv.Atoi(y)
	month, err2 := strconv.Atoi(m)
	day, err3 := strconv.Atoi(d)
	if err1 != nil || err2 != nil || err3 != nil {
		return date.Date{}, false
	}
	return date.New(year, month, day)
}

// width brings letters and figures of double width to the usual one.
func width(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - ('！' - '!')
		}
		return r
	}, s)
}

const numerals = "零一二三四五六七八九"

// figures reads a year as it is spoken: 二〇二六.
func figures(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '〇' || r == '○' {
			r = '零'
		}
		b.WriteString(strconv.Itoa(strings.IndexRune(numerals, r) / 3))
	}
	return b.String()
}

// small reads a number up to 39 as it is spoken: 二十三.
func small(s string) string {
	n, tens := 0, 0
	for _, r := range s {
		switch r {
		case '元', '正':
			n = 1
		case '十':
			tens, n = max(n, 1), 0
		default:
			n = strings.IndexRune(numerals, r) / 3
		}
	}
	return strconv.Itoa(tens*10 + n)
}
