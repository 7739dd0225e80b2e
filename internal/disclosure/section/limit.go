package section

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// number is a count in figures or Chinese numerals.
const number = `([0-9]+|[一二两三四五六七八九十]+)`

// before is what may stand before a count without changing what it counts: 自该政府信息形成
// 或者变更之日起. It names no other period.
const before = `[^0-9每;。长]*?`

// limits are the wordings of 公开时限 that say something countable, each as a whole.
var limits = []struct {
	words *regexp.Regexp
	duty  func(n []int) Duty
}{
	{whole(before + number + `个?工作日(?:之?内|以内)(?:公开|公示|公布|发布|更新)?`), func(n []int) Duty { return Duty{Rhythm: Event, N: n[0], Unit: Workdays} }},
	{whole(before + number + `(?:日|天|个自然日)(?:之?内|以内)(?:公开|公示|公布|发布|更新)?`), func(n []int) Duty { return Duty{Rhythm: Event, N: n[0], Unit: Days} }},
	{whole(`(?:信息)?(?:即时|实时|立即|即日)(?:公开|公示|公布|发布|更新)?`), func([]int) Duty { return Duty{Rhythm: Event, Unit: Workdays} }},
	{whole(`每个?月` + number + `(?:日|号)(?:之?前)(?:公开|公布|发布|更新)?`), func(n []int) Duty { return Duty{Rhythm: Monthly, Day: n[0]} }},
	{whole(`(?:每个?月|按月)(?:月?底前|月?末前)?(?:公开|公布|发布|更新)?(?:一次)?`), func([]int) Duty { return Duty{Rhythm: Monthly, Day: 31} }},
	{whole(`每季度?(?:首月|第一个月)` + number + `日(?:之?前)(?:公开|公布|发布|更新)?`), func(n []int) Duty { return Duty{Rhythm: Quarterly, Month: 1, Day: n[0]} }},
	{whole(`(?:每季度?|按季度?)(?:末前|底前|末|底)?(?:公开|公布|发布|更新)?(?:一次)?`), func([]int) Duty { return Duty{Rhythm: Quarterly, Month: 3, Day: 31} }},
	{whole(`每年` + number + `月` + number + `日(?:之?前)(?:公开|公布|发布|更新)?`), func(n []int) Duty { return Duty{Rhythm: Yearly, Month: n[0], Day: n[1]} }},
	{whole(`每年` + number + `月(?:底|末)(?:之?前)?(?:公开|公布|发布|更新)?`), func(n []int) Duty { return Duty{Rhythm: Yearly, Month: n[0], Day: 31} }},
	{whole(`(?:每年|按年)(?:年?底前|年?末前)?(?:公开|公布|发布|更新)?(?:一次)?`), func([]int) Duty { return Duty{Rhythm: Yearly, Month: 12, Day: 31} }},
	{whole(`每半年(?:公开|公布|发布|更新)?(?:一次)?`), func([]int) Duty { return Duty{Rhythm: Every, N: 6, Unit: Months} }},
	{whole(`每(?:周|星期)(?:公开|公布|发布|更新)?(?:一次)?`), func([]int) Duty { return Duty{Rhythm: Every, N: 7, Unit: Days} }},
	{whole(`每` + number + `(?:日|天)(?:公开|公布|发布|更新)?(?:一次)?`), func(n []int) Duty { return Duty{Rhythm: Every, N: n[0], Unit: Days} }},
	{whole(`每` + number + `个月(?:公开|公布|发布|更新)?(?:一次)?`), func(n []int) Duty { return Duty{Rhythm: Every, N: n[0], Unit: Months} }},
	{whole(`长期(?:公开|公示)?`), func([]int) Duty { return Duty{Rhythm: Permanent} }},
}

func whole(words string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + words + `)$`) }

// reserve is the clause that lets other laws set another limit; it changes nothing here.
var reserve = regexp.MustCompile(`[,;。(]?(?:法律|法规|国家)[^;。]*?(?:从其规定|除外)[)。]?$`)

// ParseLimit reads 公开时限 as a duty. It does not guess: wording that names no countable
// period (及时公开), or more than one, is not read.
func ParseLimit(text string) (Duty, bool) {
	t := strings.Join(strings.Fields(norm.NFKC.String(text)), "")
	t = strings.TrimRight(reserve.ReplaceAllString(t, ""), "。;,")
	for _, l := range limits {
		m := l.words.FindStringSubmatch(t)
		if m == nil {
			continue
		}
		var n []int
		for _, s := range m[1:] {
			n = append(n, count(s))
		}
		d := l.duty(n)
		if d.check() != nil {
			return Duty{}, false
		}
		return d, true
	}
	return Duty{}, false
}

// count reads figures or Chinese numerals up to 99.
func count(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	digits := map[rune]int{'一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	n, last := 0, 0
	for _, r := range s {
		if r == '十' {
			n, last = n+max(last, 1)*10, 0
			continue
		}
		last = digits[r]
	}
	return n + last
}
