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
	c.totals()
	c.repeated()
	c.sameCell()
	c.feeTwice()
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
	return it.Kind == quantity.Count && money(it.Unit) && has(it.own+it.lead, "信息处理费", "公开处理费") && !has(it.own, "标准", "每", "退", "减免", "应收")
}

func yuan(it *item) decimal.Decimal {
	if it.Unit == "万元" {
		return it.Value * 10_000
	}
	return it.Value
}
