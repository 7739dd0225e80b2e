package narrative

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/quantity"
)

// shares recomputes the percentages of which the text gives both numbers.
func (c *inquiry) shares() {
	for _, it := range c.items {
		if it.Kind != quantity.Percent || it.Bound != quantity.Exact || it.index == 0 {
			continue
		}
		own := strings.TrimRight(it.own, "了为达到约")
		switch {
		case strings.Contains(own, "占"):
			c.share(it)
		case ends(own, differences...):
			c.growth(it)
		case ends(own, "办结率", "答复率", "办理率", "回复率", "办复率"):
			c.rate(it)
		}
	}
}

// share checks 其中网络申请1303件，占86.92%: of which total, the enumeration says.
func (c *inquiry) share(it *item) {
	part := it.s.items[it.index-1]
	if !part.exact() || part.Value == 0 || !sharesNext(it.gap) {
		return
	}
	wholes := c.wholes(part)
	for _, w := range wholes {
		if near(part.Value, w.Value, it.Value) {
			c.add(ratio(it, part, w, OK))
			return
		}
	}
	if len(wholes) == 0 || !has(part.head, openers...) || !ofTheTotal(it.own) {
		return
	}
	v := Explain
	if len(wholes) == 1 {
		v = Error
	}
	c.add(ratio(it, part, wholes[len(wholes)-1], v))
}

// exact reports whether an item is a count, exactly said.
func (it *item) exact() bool { return it.Kind == quantity.Count && it.Bound == quantity.Exact }

// sharesNext reports whether the words between a number and a percentage say that this is
// the share of that: 1303件，占86.92%.
func sharesNext(gap string) bool {
	gap = strings.TrimLeft(gap, "，、（；")
	return strings.HasPrefix(gap, "占") || strings.HasPrefix(gap, "所占")
}

// ofTheTotal reports whether the words before a percentage name no other base than the
// total that is broken down: 占比, 占申请总数的, but not 占全市的.
func ofTheTotal(own string) bool {
	return madeOf(own, fillers, []string{
		"占", "所", "比例", "比重", "比", "总申请量", "总", "全部", "全年", "信息", "发布", "公开", "申请", "答复", "办结", "收到", "受理", "件", "量", "，",
	})
}

// reach bounds how many numbers back a total is looked for.
const reach = 60

// wholes returns what a part may be a share of: the larger numbers of its unit before it in
// its passage, the nearest last.
func (c *inquiry) wholes(part *item) []*item {
	var ws []*item
	for i := part.no - 1; i >= 0 && i >= part.no-reach && c.items[i].s.in == part.s.in; i-- {
		it := c.items[i]
		if it.Kind == quantity.Count && (it.Unit == part.Unit || part.Unit == "") &&
			it.Value >= part.Value && it.Value > 0 && !it.difference() && !has(it.gap, "其中") {
			ws = append(ws, it)
		}
	}
	slices.Reverse(ws)
	return ws
}

// near reports whether part of whole is the percentage printed, to its last figure. Cut-off
// figures pass as well as rounded ones.
func near(part, whole, percent decimal.Decimal) bool {
	exact := part.Float() / whole.Float() * 100
	return math.Abs(exact-percent.Float()) < step(percent)
}

// step is one unit of the last decimal printed.
func step(p decimal.Decimal) float64 {
	_, frac, dotted := strings.Cut(p.String(), ".")
	if !dotted {
		return 1
	}
	return math.Pow10(-len(frac))
}

// ratio writes the judgement on a share or a rate.
func ratio(it, part, whole *item, v Verdict) Judgement {
	j := Judgement{
		Verdict: v, Code: contradictions,
		Working: divided(part.Value, whole.Value, it.Value, v),
		Places:  []check.Quote{it.quote(), part.quote(), whole.quote()},
		Message: i18n.M("annual.narrative.share.ok", "percent", it.Value.String()),
	}
	if v != OK {
		j.Message = i18n.M("annual.narrative.share.error",
			"percent", it.Value.String(), "part", part.printed(), "whole", whole.printed(), "exact", exactly(part.Value, whole.Value))
		j.Advice = i18n.M("annual.narrative.share.advice")
	}
	return j
}

// exactly writes what part is of whole in percent, with two decimals.
func exactly(part, whole decimal.Decimal) string {
	return fmt.Sprintf("%.2f", part.Float()/whole.Float()*100)
}

// divided spells a division: 50÷200=25.00%≠35%.
func divided(part, whole, percent decimal.Decimal, v Verdict) string {
	sign := "≈"
	if v != OK {
		sign = "≠"
	}
	return fmt.Sprintf("%s÷%s=%.2f%%%s%s%%", part, whole, part.Float()/whole.Float()*100, sign, percent)
}

// growth checks 比上年增加10件，增长20%: the difference divided by the year before.
func (c *inquiry) growth(it *item) {
	diff := it.s.items[it.index-1]
	if diff.exact() && !diff.difference() {
		c.grownFrom(it, diff)
		return
	}
	if !diff.exact() || !diff.difference() || strings.ContainsAny(strings.TrimLeft(it.gap, "，、"), "，；") {
		return
	}
	var bases []decimal.Decimal
	for _, now := range it.s.items[:it.index-1] {
		if !now.exact() || now.Unit != diff.Unit {
			continue
		}
		before := yearAgo(now, diff)
		if before <= 0 {
			continue
		}
		bases = append(bases, before)
		if near(diff.Value, before, it.Value) {
			c.add(grown(it, diff, now, before, OK))
			return
		}
	}
	if len(bases) == 1 {
		c.add(grown(it, diff, it.s.items[it.index-2], bases[0], Explain))
	}
}

// grownFrom checks 720条，较2021年的600条增长25%, where the text gives both years' numbers.
func (c *inquiry) grownFrom(it, before *item) {
	if it.index < 2 || before.Value == 0 || !has(before.own, "较", "比") || !madeOf(it.gap, []string{"，", "了"}, differences) {
		return
	}
	now := it.s.items[it.index-2]
	if !now.exact() || now.Unit != before.Unit || now.foreign {
		return
	}
	diff := now.Value - before.Value
	if has(it.own, "减", "降", "少") {
		diff = -diff
	}
	v := OK
	if !near(diff, before.Value, it.Value) {
		v = Error
	}
	j := Judgement{
		Verdict: v, Code: contradictions,
		Working: spelledChange(now.Value, before.Value, diff) + "；" + divided(diff, before.Value, it.Value, v),
		Places:  []check.Quote{it.quote(), now.quote(), before.quote()},
		Message: i18n.M("annual.narrative.share.ok", "percent", it.Value.String()),
	}
	if v != OK {
		j.Message = i18n.M("annual.narrative.growth.years", "percent", it.Value.String(), "now", now.printed(), "before", before.printed(), "exact", exactly(diff, before.Value))
		j.Advice = i18n.M("annual.narrative.share.advice")
	}
	c.add(j)
}

// spelledChange spells the difference of two numbers: 720-600=120.
func spelledChange(now, before, diff decimal.Decimal) string {
	return fmt.Sprintf("%s-%s=%s", max(now, before), min(now, before), max(diff, -diff))
}

// yearAgo returns the number of the year before, given a number and the difference. In
// 较上年的12件增加5件 it is the number itself.
func yearAgo(now, diff *item) decimal.Decimal {
	switch {
	case has(now.own, "较", "比"):
		return now.Value
	case has(diff.own, "减", "下降", "降", "少"):
		return now.Value + diff.Value
	}
	return now.Value - diff.Value
}

// grown writes the judgement on a growth.
func grown(it, diff, now *item, before decimal.Decimal, v Verdict) Judgement {
	j := Judgement{
		Verdict: v, Code: contradictions,
		Working: divided(diff.Value, before, it.Value, v),
		Places:  []check.Quote{it.quote(), diff.quote(), now.quote()},
		Message: i18n.M("annual.narrative.share.ok", "percent", it.Value.String()),
	}
	if v != OK {
		j.Message = i18n.M("annual.narrative.growth", "percent", it.Value.String(), "diff", diff.printed(), "before", before.String(), "exact", exactly(diff.Value, before))
		j.Advice = i18n.M("annual.narrative.share.advice")
	}
	return j
}

// rate checks 收到40件，办结36件，办结率90%. A rate of a hundred may leave out what is not due
// yet, and is held against the requests carried over instead.
func (c *inquiry) rate(it *item) {
	if it.Value >= decimal.Int(100) || has(it.own, "按时", "按期", "到期", "及时", "法定") {
		return
	}
	var done, taken []*item
	for _, n := range it.s.items[:it.index] {
		switch {
		case !n.exact() || n.difference() || n.foreign:
		case has(n.own, "办结", "答复", "办复", "回复"):
			done = append(done, n)
		case has(n.own, "收到", "受理", "办理", "接到", "承办"):
			taken = append(taken, n)
		}
	}
	for _, d := range done {
		for _, t := range taken {
			if t.Value > 0 && t.Unit == d.Unit && near(d.Value, t.Value, it.Value) {
				c.add(ratio(it, d, t, OK))
				return
			}
		}
	}
	if len(done) == 1 && len(taken) == 1 && taken[0].Value > 0 && done[0].Unit == taken[0].Unit {
		c.add(ratio(it, done[0], taken[0], Explain))
	}
}
