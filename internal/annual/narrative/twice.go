package narrative

import (
	"strings"
	"unicode/utf8"

	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/quantity"
)

// twice holds statements of one quantity against each other.
func (c *inquiry) twice() {
	c.meanings()
	c.repeated()
	c.sameCell()
	c.feeTwice()
}

// heard is a statement of how much was published.
type heard struct {
	it      *item
	channel string
	kind    string // what was published, in the text's words without verbs and fillers
	general bool   // all of it: 主动公开政府信息, 发布各类信息
}

// publishedWords are verbs and fillers around what was published.
var publishedWords = strings.NewReplacer(
	"主动公开", "", "公开发布", "", "累计发布", "", "发布", "", "公开", "", "推送", "", "发送", "", "更新", "", "编发", "", "刊发", "", "各类", "", "各种", "", "类", "",
	"全年", "", "今年", "", "本年度", "", "年度", "", "度", "", "累计", "", "共计", "", "总计", "", "合计", "", "共", "", "信息", "", "政府", "", "政务", "", "有关", "", "相关", "",
	"在", "", "通过", "", "利用", "", "门户网站", "", "官方网站", "", "网站", "", "平台", "", "我局", "", "我区", "", "我市", "", "我县", "", "我镇", "", "我办", "", "本机关", "", "上", "", "的", "", "了", "", "数量", "", "总数", "", "对外", "",
)

// published returns the statements on how much was published in the year.
func (c *inquiry) published() []heard {
	var hs []heard
	for _, it := range c.items {
		if it.Kind != quantity.Count || it.Bound != quantity.Exact || it.foreign || it.depth > 0 || it.Unit != "条" && it.Unit != "篇" {
			continue
		}
		words := it.own + it.tail
		if !has(words, "公开", "发布") || has(words, "依申请", "申请", "规范性文件", "解读") {
			continue
		}
		h := heard{it: it, channel: channelIn(it.own), kind: core(words)}
		h.general = h.kind == ""
		hs = append(hs, h)
	}
	return hs
}

// core returns what was published, without verbs, channel and year.
func core(words string) string {
	if _, after, found := strings.Cut(words, "其中"); found {
		words = after
	}
	words = strings.Map(func(r rune) rune {
		if isFigure(r) || r == '年' {
			return -1
		}
		return r
	}, words)
	return publishedWords.Replace(words)
}

// channelIn names the channel words speak of.
func channelIn(words string) string {
	for _, ch := range []string{"微信", "微博", "公报", "抖音", "视频号", "客户端", "头条", "公示栏", "专栏", "栏目", "专区", "报纸", "电视", "广播", "APP", "网站", "平台", "网"} {
		if strings.Contains(words, ch) {
			if ch == "网" {
				return "网站"
			}
			return ch
		}
	}
	return ""
}

// newsWords name a kind of what is published, not all of it.
var newsWords = []string{"新闻", "动态", "通知", "公告", "公示", "稿件", "资讯", "简讯"}

// meanings finds one large number given as all that was published in one sentence and as
// one kind of it in another (R-AR-24). Numbers below a hundred meet by chance.
func (c *inquiry) meanings() {
	hs := c.published()
	hs = hs[:min(len(hs), 200)] // a report has a dozen
	for i, a := range hs {
		for _, b := range hs[i+1:] {
			if a.it.Value != b.it.Value || a.it.Value < decimal.Int(100) || a.it.s == b.it.s || a.it.Unit != b.it.Unit {
				continue
			}
			if a.general == b.general || a.channel != b.channel && a.channel != "" && b.channel != "" {
				continue
			}
			if part := pick(a, b); !has(part.kind, newsWords...) {
				continue
			}
			c.add(Judgement{
				Verdict: Explain, Code: contradictions,
				Message: i18n.M("annual.narrative.meanings", "value", a.it.printed()),
				Working: a.it.Value.String() + "=" + b.it.Value.String(),
				Places:  []check.Quote{a.it.quote(), b.it.quote()},
				Advice:  i18n.M("annual.narrative.meanings.advice"),
			})
			return
		}
	}
}

// pick returns the one of two statements that is about a kind.
func pick(a, b heard) heard {
	if a.general {
		return b
	}
	return a
}

// repeated finds one thing said in the same words with two values: 承办人大代表建议6件 in one
// section, 7件 in another. Parts of a list are left out, for their whole may differ.
func (c *inquiry) repeated() {
	first := map[string]*item{}
	told := c.told()
	for _, it := range c.items {
		if !it.exact() || it.foreign || it.High != it.Value || it.depth > 0 || it.Unit == "" || it.listed() {
			continue
		}
		said := it.said()
		if said == "" || has(it.head, partial...) || told[it] {
			continue
		}
		earlier, seen := first[said]
		if !seen {
			first[said] = it
			continue
		}
		if earlier.s != it.s && earlier.Value != it.Value {
			c.add(c.twoValues(earlier, it, Explain))
		}
	}
}

// told returns the items that were held against a cell; what differs is said there.
func (c *inquiry) told() map[*item]bool {
	told := map[*item]bool{}
	for _, cl := range c.claims {
		for _, s := range cl.sums {
			if _, ok := c.known(s); ok {
				told[cl.it] = true
			}
		}
	}
	return told
}

// said returns what an item counts in words that may be compared: its own without the year,
// the body and words that add nothing. It is "" where they say too little to be sure that
// two of them mean the same: a thing done and what it was done to take six characters.
func (it *item) said() string {
	words := plain.Replace(it.own)
	if i := strings.Index(words, "年"); i >= 0 && i <= 4 {
		words = words[i+len("年"):]
	}
	if !has(words, "公开", "发布", "收到", "承办", "办理", "召开", "举办", "组织", "开展", "制定", "印发", "培训", "编发") ||
		has(words, "新增", "栏目", "领域", "专栏", "专题", "专项") || utf8.RuneCountInString(words) < 6 {
		return ""
	}
	return words + it.Unit
}

// plain strips what does not change what is counted.
var plain = strings.NewReplacer(
	"全年", "", "今年", "", "本年度", "", "年度", "年", "累计", "", "共计", "", "总计", "", "合计", "", "共", "", "各类", "", "总数", "", "数量", "",
	"我局", "", "我委", "", "我办", "", "我区", "", "我市", "", "我县", "", "我镇", "", "本机关", "", "了", "", "的", "", "已", "",
)

// sameCell compares statements that name one cell which the report does not hold.
func (c *inquiry) sameCell() {
	first := map[form.Key]claim{}
	for _, cl := range c.claims {
		if len(cl.sums) == 0 || len(cl.sums[0].plus) == 0 || cl.loose || cl.silent {
			continue
		}
		k := cl.sums[0].plus[0]
		if _, ok := c.value(cl.sums[0]); ok || c.scope(cl.it) == narrow {
			continue
		}
		other, seen := first[k]
		if !seen {
			first[k] = cl
			continue
		}
		if len(other.sums[0].plus) == len(cl.sums[0].plus) && other.it.s != cl.it.s &&
			other.value != cl.value && !cl.allows(other.value) && !other.allows(cl.value) {
			c.add(c.twoValues(other.it, cl.it, Explain))
		}
	}
}

func (c *inquiry) twoValues(a, b *item, v Verdict) Judgement {
	return Judgement{
		Verdict: v, Code: contradictions,
		Message: i18n.M("annual.narrative.twice", "first", a.printed(), "second", b.printed()),
		Working: a.Value.String() + "≠" + b.Value.String(),
		Places:  []check.Quote{a.quote(), b.quote()},
		Advice:  i18n.M("annual.narrative.twice.advice"),
	}
}

// feeTwice compares what different places say of the processing fee charged.
func (c *inquiry) feeTwice() {
	var first *item
	for _, it := range c.items {
		if it.foreign || !feeStatement(it, c) {
			continue
		}
		if first == nil {
			first = it
			continue
		}
		if yuan(it) != yuan(first) && it.s != first.s {
			c.add(c.twoValues(first, it, Error))
			return
		}
	}
}

// feeStatement reports whether an item says how much processing fee was charged.
func feeStatement(it *item, c *inquiry) bool {
	if it.Kind == quantity.None {
		what := c.denied(it)
		return has(what, "信息处理费", "信息公开费", "公开处理费") || has(what, "收取", "收费") && has(what, "信息公开") && !has(what, "事业性")
	}
	return it.Kind == quantity.Count && money(it.Unit) && has(it.own+it.lead, "信息处理费") && !has(it.own, "标准", "每", "退", "减免", "应收")
}

func yuan(it *item) decimal.Decimal {
	if it.Unit == "万元" {
		return it.Value * 10_000
	}
	return it.Value
}

// staff finds a person for disclosure work who is part-time in one sentence and full-time
// in another (R-AR-24).
func (c *inquiry) staff() {
	var full, part *item
	for _, it := range c.items {
		if it.Kind != quantity.Count || it.Unit != "名" && it.Unit != "人" && it.Unit != "位" || it.foreign {
			continue
		}
		words := it.own + it.clause()
		if !has(it.s.words, "公开") || has(it.s.words, "专兼职", "专（兼）职", "专、兼职", "专职和兼职", "专职或兼职") || has(it.s.words, "讲解", "律师", "信息员", "联络员", "审核员", "各科室", "各单位", "各部门") {
			continue
		}
		fullTime, partTime := has(words, "专职"), has(words, "兼职")
		switch {
		case fullTime && !partTime && full == nil:
			full = it
		case partTime && !fullTime && part == nil:
			part = it
		}
	}
	if full == nil || part == nil || full.s == part.s || full.s.in == part.s.in && adjacent(full.s, part.s) {
		return
	}
	a, b := full, part
	if part.no < full.no {
		a, b = part, full
	}
	c.add(Judgement{
		Verdict: Explain, Code: contradictions,
		Message: i18n.M("annual.narrative.staff"),
		Working: "",
		Places:  []check.Quote{a.person(), b.person()},
		Advice:  i18n.M("annual.narrative.staff.advice"),
	})
}

// adjacent reports whether two sentences of a passage follow each other; then they tell of
// two persons.
func adjacent(a, b *sentence) bool { return a.end == b.start || b.end == a.start }

// clause returns the words behind an item up to the next comma, brackets included.
func (it *item) clause() string {
	p := it.s.in
	return p.words(it.End, it.clauseEnd())
}

func (it *item) clauseEnd() int {
	p := it.s.in
	end := it.End
	for end < it.s.end && p.text[end] != '，' && p.text[end] != '；' && p.text[end] != '。' {
		end++
	}
	return end
}

// person quotes the item with its whole clause.
func (it *item) person() check.Quote {
	q := it.s.in.quote(it.Start-utf8.RuneCountInString(it.own), it.clauseEnd())
	return q
}

// sixParts are the words by which a list of the report's six parts is recognised.
var sixParts = [][]string{
	{"总体情况", "概述", "总体"}, {"主动公开"}, {"收到和处理", "依申请公开", "处理政府信息公开申请", "公开申请"},
	{"复议", "诉讼"}, {"存在的主要问题", "存在问题", "主要问题", "问题及改进", "问题"}, {"其他需要", "其他"},
}

// parts checks 由……等六部分组成 against the parts listed.
func (c *inquiry) parts() {
	for _, it := range c.items {
		if it.Kind != quantity.Count || it.Value < decimal.Int(4) || it.Value > decimal.Int(8) || !it.countsParts() {
			continue
		}
		listed := 0
		for _, words := range sixParts {
			if has(it.head, words...) {
				listed++
			}
		}
		if listed < 4 || !has(it.head, sixParts[0]...) {
			continue
		}
		v := OK
		if decimal.Int(int64(listed)) != it.Value {
			v = Explain
		}
		j := Judgement{
			Verdict: v, Code: contradictions,
			Message: i18n.M("annual.narrative.parts.ok", "n", it.Value.String()),
			Working: decimal.Int(int64(listed)).String() + relation(v) + it.Value.String(),
			Places:  []check.Quote{it.s.in.quote(it.s.start, it.s.end)},
		}
		if v != OK {
			j.Message = i18n.M("annual.narrative.parts", "n", it.Value.String(), "listed", listed)
			j.Advice = i18n.M("annual.narrative.parts.advice")
		}
		c.add(j)
	}
}

// countsParts reports whether an item counts the parts of the report.
func (it *item) countsParts() bool {
	switch it.Unit {
	case "部":
		return strings.HasPrefix(it.tail, "分")
	case "个":
		return strings.HasPrefix(it.tail, "部分") || strings.HasPrefix(it.tail, "方面")
	case "项":
		return strings.HasPrefix(it.tail, "内容")
	}
	return false
}
