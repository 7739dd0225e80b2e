package search

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/date"
)

// number is a document number (发文字号) as it is looked for: of 示政发〔2023〕4号 and all its
// spellings the same.
type number struct {
	code         string
	year, serial int
}

func (n number) String() string { return fmt.Sprintf("%s〔%d〕%d号", n.code, n.year, n.serial) }

// The tokens of a number: as the document's own with all of its code, with the end of its code,
// and without.
func (n number) own() token { return labelled(fmt.Sprintf("=%s.%d.%d", n.code, n.year, n.serial)) }
func (n number) end() token {
	code := []rune(n.code)
	return labelled(fmt.Sprintf("~%s.%d.%d", string(code[max(0, len(code)-2):]), n.year, n.serial))
}
func (n number) bare() token { return labelled(fmt.Sprintf(".%d.%d", n.year, n.serial)) }

// labelled is the token of something no word can be.
func labelled(s string) token { return tokenOf([]rune("\x00" + s)) }

// numbersIn returns the tokens of the numbers in a folded text, in which whatever bracket stood
// around a year is a gap. own are a document's own.
func numbersIn(runes []rune, own bool) (all []token) {
	for i, r := range runes {
		if r != '号' {
			continue
		}
		n, from := numberBefore(runes, i)
		if from < 0 {
			continue
		}
		all = append(all, n.bare())
		if n.code != "" {
			all = append(all, n.end())
		}
		if own {
			all = append(all, n.own())
		}
	}
	return all
}

// mostCode bounds the code of a number.
const mostCode = 12

// numberBefore reads the number that ends before a place of a folded text and returns where it
// begins, -1 if there is none.
func numberBefore(runes []rune, end int) (n number, from int) {
	serial, at := digitsBefore(runes, end)
	if serial == "" || len(serial) > 5 || at == 0 {
		return n, -1
	}
	if runes[at-1] == '第' {
		at--
	}
	if at == 0 || runes[at-1] != ' ' && runes[at-1] != '年' {
		return n, -1
	}
	year, at := digitsBefore(runes, at-1)
	if len(year) != 4 || year < "1949" || year > "2099" {
		return n, -1
	}
	n.serial, _ = strconv.Atoi(serial)
	n.year, _ = strconv.Atoi(year)
	if at > 0 && runes[at-1] == ' ' {
		at--
	}
	from = at
	for from > 0 && at-from < mostCode && classOf(runes[from-1]) == han {
		from--
	}
	n.code = string(runes[from:at])
	return n, from
}

func digitsBefore(runes []rune, end int) (digits string, from int) {
	from = end
	for from > 0 && runes[from-1] >= '0' && runes[from-1] <= '9' {
		from--
	}
	return string(runes[from:end]), from
}

// cutNumber takes the first number out of a folded word.
func cutNumber(runes []rune) (n number, rest []rune, found bool) {
	for i, r := range runes {
		if r != '号' {
			continue
		}
		if n, from := numberBefore(runes, i); from >= 0 {
			return n, slices.Concat(runes[:from], []rune{' '}, runes[i+1:]), true
		}
	}
	return n, runes, false
}

// bareNumber is a number of which only year and serial were typed: 2023 4.
var bareNumber = regexp.MustCompile(`^(19[4-9][0-9]|20[0-9]{2}) ([0-9]{1,5})$`)

// spokenDate is a date as people write it. 年度 is no date but a part of a name.
var spokenDate = regexp.MustCompile(`(19[4-9][0-9]|20[0-9]{2}) ?年(?: ?(1[0-2]|0?[1-9]) ?月(?: ?(3[01]|[12][0-9]|0?[1-9]) ?[日号])?)?`)

// cutDate takes the first date out of a folded word: its first and last day.
func cutDate(runes []rune) (said string, from, to date.Date, rest []rune, found bool) {
	text := string(runes)
	at := spokenDate.FindStringSubmatchIndex(text)
	if at == nil || strings.HasPrefix(text[at[1]:], "度") {
		return "", from, to, runes, false
	}
	part := func(i int) int {
		if at[2*i] < 0 {
			return 0
		}
		n, _ := strconv.Atoi(text[at[2*i]:at[2*i+1]])
		return n
	}
	year, month, day := part(1), part(2), part(3)
	switch {
	case month == 0:
		from, to = date.Must(year, 1, 1), date.Must(year, 12, 31)
	case day == 0:
		from = date.Must(year, month, 1)
		to = lastOf(year, month)
	default:
		if day > lastOf(year, month).Day() {
			return "", from, to, runes, false
		}
		from = date.Must(year, month, day)
		to = from
	}
	return text[at[0]:at[1]], from, to, []rune(text[:at[0]] + " " + text[at[1]:]), true
}

func lastOf(year, month int) date.Date {
	if month == 12 {
		return date.Must(year, 12, 31)
	}
	return date.Must(year, month+1, 1).Plus(-1)
}
