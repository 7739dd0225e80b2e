package narrative

import (
	"strconv"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/quantity"
)

// body is who reports, as far as it decides whose figures a sentence may give.
type body struct {
	region bool   // a government whose tables add up a whole region
	office bool   // a government's office
	place  string // the region's own name: 样例区
}

// bodyOf tells a region's government from a department, an office or a township.
func bodyOf(r *annual.Report) body {
	name := r.Agency.Text
	if name == "" {
		name, _, _ = strings.Cut(r.Title.Text, strconv.Itoa(r.Year))
	}
	name = strings.TrimSpace(name)
	b := body{office: ends(name, "办公室", "办公厅", "政府办", "府办")}
	if b.office || ends(name, "镇人民政府", "乡人民政府", "镇政府", "乡政府", "办事处", "镇", "乡", "街道") {
		return b
	}
	b.region = ends(name, "人民政府", "政府", "管委会", "管理委员会", "省", "市", "县", "区", "旗", "州", "盟")
	b.place = placeIn(strings.TrimSuffix(strings.TrimSuffix(name, "政府"), "人民"))
	return b
}

// placeIn returns the last unit of a region's name: 样例区 of 示范市样例区.
func placeIn(name string) string {
	rs := []rune(name)
	for i := len(rs) - 3; i > 0; i-- { // a unit's name has two characters at least
		if strings.ContainsRune("省市州盟", rs[i]) {
			return string(rs[i+1:])
		}
	}
	return name
}

// means reports whether words speak of the region by its name, and not of its government:
// 样例区共收到, but not 样例区政府收到.
func (b body) means(words string) bool {
	_, after, found := strings.Cut(words, b.place)
	return b.place != "" && found && !strings.HasPrefix(after, "人民政府") && !strings.HasPrefix(after, "政府") && !strings.HasPrefix(after, "委")
}

// scope is whose figures a statement gives, compared with whose the tables are.
type scope int

// The scopes.
const (
	same   scope = iota // the wording leaves no other
	unsure              // it may be another
	narrow              // it says that it is one office's or one part's
)

// wide are words for the whole of a region.
var wide = []string{
	"全省", "全市", "全区", "全县", "全州", "全旗", "全盟", "我省", "我市", "我区", "我县", "我州", "我旗", "本市", "本区", "本县", "本省",
	"各级", "各部门", "各单位", "各职能部门", "各行政机关", "各乡镇", "各镇街", "行政机关", "区域内", "辖区",
}

// partial are words for less than a whole region; branches for less than a department.
var (
	partial = []string{
		"本级", "代表区", "代表市", "代表县", "代表省", "代表政府", "下属", "所属", "直属", "办公室", "办公厅", "政府办", "府办", "机关事务", "市直", "县直", "区直", "省直",
	}
	branches = []string{"机关本级", "下属", "所属", "局属", "直属", "委属", "厅属", "分局"}
)

// scope says whose figure an item gives.
func (c *inquiry) scope(it *item) scope {
	words := withoutTitles(it.head)
	switch {
	case c.body.region && has(words, wide...):
		return same
	case c.body.region && has(words, partial...):
		return narrow
	case c.body.region && c.body.means(words):
		return same
	case c.body.region:
		return unsure
	case c.body.office && has(words, "本级", "代表区", "代表市", "代表县", "政府及"):
		return unsure
	case has(words, branches...):
		return narrow
	case has(words, "系统", "全市", "全区", "全县", "全省"):
		return unsure
	}
	return same
}

// withoutTitles cuts out the titles of documents, whose words say nothing about the scope.
func withoutTitles(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '《':
			depth++
		case '》':
			depth = max(0, depth-1)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// differences are the words right before a number that make it a difference.
var differences = []string{
	"增加", "增长", "减少", "下降", "上升", "提升", "提高", "降低", "多", "少", "增", "降", "同比", "环比", "增幅", "降幅", "净增", "减",
}

// periods are words for a time other than the whole year reported on; rates and plans for
// numbers that count nothing done.
var (
	periods = []string{"上半年", "下半年", "季度", "月份", "以来", "历年", "往年", "近两年", "近三年", "近五年", "五年来"}
	rates   = []string{"每", "平均", "日均", "月均", "计划", "力争", "预计", "目标"}
)

// yearBefore are words for the year before; with 结转 they name the form's second row.
var yearBefore = []string{"上年", "上一年", "去年", "前一年"}

// elsewhere reports whether an item is said of something the tables do not hold: a
// difference, another year, a part of a year, a plan.
func (it *item) elsewhere(year int) bool {
	if it.difference() || has(it.own, rates...) {
		return true
	}
	if has(it.lead, periods...) && !has(it.lead, "今年以来", "本年以来", strconv.Itoa(year)+"年以来") {
		return true
	}
	if has(it.lead+it.tail, "结转", "转结", "转入", "转下", "顺延") {
		return false
	}
	if has(it.own, yearBefore...) || has(it.lead, "去年，", "上年，", "上一年，", "上年度，", "同期") {
		return true
	}
	said := it.says()
	return year != 0 && said != 0 && said != year
}

// difference reports whether a number says by how much something changed.
func (it *item) difference() bool {
	own := strings.TrimRight(it.own, "了达约近为至到")
	return it.Kind != quantity.None && ends(own, differences...) && !ends(own, "不少", "至少")
}

// compared reports whether a number is the one another is compared with: 较上年的50条增长.
func (it *item) compared() bool {
	return it.Kind == quantity.Count && has(it.own, "较", "同比", "比20", "比上年", "比上一年", "比去年", "相比")
}

// says returns the year an item is said of: the last in the words since the number before,
// else the one its sentence began with, else that of the sentence before; 0 for none.
func (it *item) says() int {
	if y := lastYear(it.lead); y != 0 {
		return y
	}
	switch {
	case has(it.head, "今年", "本年"):
		return 0
	case it.s.year != 0:
		return it.s.year
	case has(it.head, "全年"):
		return 0
	}
	return it.s.inherited
}

// lastYear returns the last year named in words outside titles and document numbers, and
// not one that something is compared with.
func lastYear(words string) int {
	if !strings.Contains(words, "年") {
		return 0
	}
	rs := []rune(words)
	year := 0
	for _, q := range quantity.FindRunes(rs) {
		if q.Kind != quantity.Year {
			continue
		}
		before := string(rs[:q.Start])
		if strings.Count(before, "《") > strings.Count(before, "》") || ends(before, "较", "比", "同", "与", "和") {
			continue
		}
		year = int(q.Value.Int64())
	}
	return year
}
