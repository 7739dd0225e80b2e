package read

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gongkai/internal/date"
)

type dateValue = date.Date

var (
	chineseDate = regexp.MustCompile(`((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日`)
	dashedDate  = regexp.MustCompile(`((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})`)
	hanDate     = regexp.MustCompile(`([二][〇○OＯ0零一二三四五六七八九]{3})年([一二三四五六七八九十元]{1,3})月([一二三四五六七八九十]{1,3})日`)
	hanDigits   = map[rune]int{'〇': 0, '○': 0, 'O': 0, 'Ｏ': 0, '0': 0, '零': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '元': 1}
)

// findDate returns the first date in a text, and false if it states none.
func findDate(s string) (date.Date, bool) {
	s = compact(norm.NFKC.String(s))
	for _, re := range []*regexp.Regexp{chineseDate, dashedDate} {
		if m := re.FindStringSubmatch(s); m != nil {
			y, _ := strconv.Atoi(m[1])
			mo, _ := strconv.Atoi(m[2])
			d, _ := strconv.Atoi(m[3])
			return date.New(y, mo, d)
		}
	}
	if m := hanDate.FindStringSubmatch(s); m != nil {
		y := 0
		for _, r := range m[1] {
			y = y*10 + hanDigits[r]
		}
		return date.New(y, hanNumber(m[2]), hanNumber(m[3]))
	}
	return date.Date{}, false
}

// wholeDate reads a line that is a date and nothing else, a signature's second line.
func wholeDate(s string) (date.Date, bool) {
	t := compact(norm.NFKC.String(s))
	t = strings.Trim(t, "()（）")
	for _, re := range []*regexp.Regexp{chineseDate, hanDate, dashedDate} {
		if loc := re.FindStringIndex(t); loc != nil && loc[0] == 0 && loc[1] == len(t) {
			return findDate(t)
		}
	}
	return date.Date{}, false
}

// hanNumber reads 一 to 九十九.
func hanNumber(s string) int {
	tens, ones, found := strings.Cut(s, "十")
	if !found {
		return hanDigits[firstRune(s)]
	}
	n := 10
	if tens != "" {
		n = 10 * hanDigits[firstRune(tens)]
	}
	if ones != "" {
		n += hanDigits[firstRune(ones)]
	}
	return n
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}
