package paper

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// titleRoom is how many squares of a title's size fit in 156 mm.
const titleRoom = 20.0

// titleMost is how many lines a title has at most that is set as one; what is longer is text
// taken for a title, and turns where its lines are full.
const titleMost = 4

// What it costs to turn a title's line, weighed against a line that is one square longer or
// shorter than the others. The numbers are chosen by looking at titles.
const (
	uneven   = 0.5  // per square a line differs from the mean
	moreLine = 4.0  // per line beyond those needed
	waist    = 3.0  // a middle line shorter than both others: neither trapezoid nor lozenge
	tear     = 60.0 // within a phrase
	never    = 1000.0
)

// titleLines breaks a title where a phrase ends, in lines of like length. GB/T 9704-2012
// 7.3.1: “分一行或多行居中排布；回行时，要做到词意完整，排列对称，长短适宜，间距恰当，
// 标题排列应当使用梯形或菱形。”
func titleLines(title string) []string {
	t := measureTitle(title)
	total := t.width(0, len(t.runes))
	least := int(math.Ceil(total / titleRoom))
	if least <= 1 || least > titleMost {
		return []string{title}
	}
	best, cost := []int(nil), math.Inf(1)
	for lines := least; lines <= least+1; lines++ {
		if ends, c := t.split(lines); c+moreLine*float64(lines-least) < cost {
			best, cost = ends, c+moreLine*float64(lines-least)
		}
	}
	if best == nil {
		return []string{title}
	}
	var out []string
	from := 0
	for _, end := range best {
		out = append(out, string(t.runes[from:end]))
		from = end
	}
	return out
}

// titleMeasure holds the widths of a title's characters.
type titleMeasure struct {
	runes []rune
	upTo  []float64 // width of what stands before each character, with gaps
	gap   []float64 // before each character
	turn  []float64 // what it costs to turn before each character
}

// measureTitle measures a title in squares; word processors part Han and Latin letters by a
// fifth of one.
func measureTitle(title string) *titleMeasure {
	t := &titleMeasure{runes: []rune(title), upTo: []float64{0}}
	at := 0
	for i, r := range t.runes {
		gap := 0.0
		if i > 0 && apart(t.runes[i-1], r) {
			gap = 0.2
		}
		t.gap = append(t.gap, gap)
		t.upTo = append(t.upTo, t.upTo[i]+gap+ems(string(r)))
		t.turn = append(t.turn, turnCost(title[:at], title[at:]))
		at += utf8.RuneLen(r)
	}
	return t
}

// width returns the width of the characters from one to before another, as a line.
func (t *titleMeasure) width(from, to int) float64 {
	if from == to {
		return 0
	}
	return t.upTo[to] - t.upTo[from] - t.gap[from]
}

// split returns where so many lines end best, and at what cost; none if they cannot hold the
// title.
func (t *titleMeasure) split(lines int) (ends []int, cost float64) {
	n := len(t.runes)
	mean := t.width(0, n) / float64(lines)
	cost = math.Inf(1)
	var try func(from int, ends []int, sum float64)
	try = func(from int, before []int, sum float64) {
		if sum >= cost {
			return
		}
		rest := lines - len(before)
		if rest == 1 {
			if w := t.width(from, n); w <= titleRoom {
				whole := append(slices.Clone(before), n)
				if sum += uneven*math.Abs(w-mean) + t.waist(whole); sum < cost {
					ends, cost = whole, sum
				}
			}
			return
		}
		for end := from + 1; end < n && t.width(from, end) <= titleRoom; end++ {
			if t.width(end, n) > titleRoom*float64(rest-1) {
				continue
			}
			try(end, append(before[:len(before):len(before)], end), sum+t.turn[end]+uneven*math.Abs(t.width(from, end)-mean))
		}
	}
	try(0, nil, 0)
	return ends, cost
}

// waist is what it costs that a line is shorter than both its neighbours.
func (t *titleMeasure) waist(ends []int) float64 {
	var widths []float64
	from := 0
	for _, end := range ends {
		widths = append(widths, t.width(from, end))
		from = end
	}
	sum := 0.0
	for i := 1; i+1 < len(widths); i++ {
		if widths[i] < widths[i-1] && widths[i] < widths[i+1] {
			sum += waist
		}
	}
	return sum
}

// Ends of phrases in the names of bodies: of a region, and of the body itself.
var (
	regionEnd = regexp.MustCompile(`(省|市|县|区|州|盟|旗|镇|乡|街道)$`)
	bodyEnd   = regexp.MustCompile(`(人民政府|委员会|办公室|局|厅|委|院)$`)
	yearEnd   = regexp.MustCompile(`[0-9〇一二三四五六七八九]{4}年$`)
	yearStart = regexp.MustCompile(`^[0-9〇一二三四五六七八九]{4}年`)
)

// regionWords are words with a region's last character in them that end no region.
var regionWords = []string{"城市", "都市", "市场", "市政", "市民", "市容", "省级", "市级", "县级", "区级", "区域", "社区", "地区", "乡村", "乡镇", "城乡", "城镇"}

// turnCost returns what it costs to turn a title's line between before and after.
func turnCost(before, after string) float64 {
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	switch {
	case before == "" || !turns(last, next) || alphanumeric(last) && strings.HasPrefix(after, "年"):
		return never
	case strings.HasSuffix(before, "关于"):
		return tear
	case strings.HasPrefix(after, "政府信息公开"):
		return 0
	case yearStart.MatchString(after) && han(last), bodyEnd.MatchString(before) && strings.HasPrefix(after, "关于"):
		return 1
	case yearEnd.MatchString(before) && !strings.HasPrefix(after, "度"):
		return 2
	case last == ' ', last == '）', last == '》':
		return 3
	case strings.HasSuffix(before, "公开") && strings.HasPrefix(after, "工作"), strings.HasPrefix(after, "年度报告"), bodyEnd.MatchString(before):
		return 5
	case regionEnd.MatchString(before) && !insideWord(before, last, next):
		return 6
	}
	return tear
}

// insideWord reports whether the last character of before belongs to a word that no line may
// end in or behind.
func insideWord(before string, last, next rune) bool {
	ahead := string([]rune{last, next})
	for _, w := range regionWords {
		if strings.HasSuffix(before, w) || w == ahead {
			return true
		}
	}
	return false
}
