package narrative

import (
	"fmt"
	"math"
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/quantity"
)

// shares recomputes the percentages of which the text gives both numbers.
func (c *inquiry) shares() {
	for _, it := range c.items {
		if it.Kind != quantity.Percent || it.Bound != quantity.Exact {
			continue
		}
		switch {
		case strings.Contains(it.own, "占"):
			c.share(it)
		case ends(it.own, "增长", "上升", "增加", "减少", "下降", "降低", "增长了", "下降了", "上升了", "减少了", "增加了"):
			c.growth(it)
		}
	}
}

// share checks 其中网络申请1303件，占86.92%: of which total, the enumeration says.
func (c *inquiry) share(it *item) {
	if has(it.own, "全省", "全市", "全国", "全区", "全县", "人口") || it.index == 0 {
		return
	}
	part := it.s.items[it.index-1]
	if part.Value == 0 || part.Kind != quantity.Count || part.Bound != quantity.Exact || !sharesNext(it.gap) {
		return
	}
	wholes := c.wholes(part)
	for _, w := range wholes {
		if near(part.Value, w.Value, it.Value) {
			c.add(ratio(it, part, w, OK))
			return
		}
	}
	if len(wholes) == 0 || !c.enumerated(part) {
		return
	}
	v := Explain
	if len(wholes) == 1 {
		v = Error
	}
	c.add(ratio(it, part, wholes[len(wholes)-1], v))
}

// sharesNext reports whether the words between a number and a percentage say that this is
// the share of that: 1303件，占86.92%.
func sharesNext(gap string) bool {
	gap = strings.TrimLeft(gap, "，、（；")
	return strings.HasPrefix(gap, "占") || strings.HasPrefix(gap, "所占")
}

// wholes returns what a part may be a share of: the larger numbers of its unit before it in
// its passage, the nearest last.
func (c *inquiry) wholes(part *item) []*item {
	var ws []*item
	for _, it := range c.items {
		if it == part {
			return ws
		}
		if it.s.in == part.s.in && it.Kind == quantity.Count && (it.Unit == part.Unit || part.Unit == "") &&
			it.Value >= part.Value && it.Value > 0 && !strings.Contains(it.own, "占") && !has(it.gap, "其中") {
			ws = append(ws, it)
		}
	}
	return ws
}

// enumerated reports whether the part stands in a list announced by 其中 or the like.
func (c *inquiry) enumerated(part *item) bool { return has(part.head, openers...) }

// near reports whether part of whole is the percentage printed, to its last figure.
func near(part, whole, percent decimal.Decimal) bool {
	true100 := part.Float() / whole.Float() * 100
	return math.Abs(true100-percent.Float()) < step(percent)
}

// step is one unit of the last printed decimal, so that cut-off figures pass as well as
// rounded ones.
func step(p decimal.Decimal) float64 {
	_, frac, dotted := strings.Cut(p.String(), ".")
	if !dotted {
		return 1
	}
	return math.Pow10(-len(frac))
}

// ratio writes the judgement on a share.
func ratio(it, part, whole *item, v Verdict) Judgement {
	exact := part.Value.Float() / whole.Value.Float() * 100
	j := Judgement{
		Verdict: v, Code: contradictions,
		Working: fmt.Sprintf("%s÷%s=%.2f%%%s%s%%", part.Value, whole.Value, exact, sign(v), it.Value),
		Places:  []check.Quote{it.quote(), part.quote(), whole.quote()},
	}
	if v == OK {
		j.Message = i18n.M("annual.narrative.share.ok", "percent", it.Value.String())
		return j
	}
	j.Message = i18n.M("annual.narrative.share.error", "percent", it.Value.String(), "part", part.Value.String(), "whole", whole.Value.String())
	j.Advice = i18n.M("annual.narrative.share.advice")
	return j
}

func sign(v Verdict) string {
	if v == OK {
		return "≈"
	}
	return "≠"
}

// growth checks 比上年增加10件，增长20%: the difference divided by the year before.
func (c *inquiry) growth(it *item) {
	if it.index < 2 {
		return
	}
	diff, now := it.s.items[it.index-1], it.s.items[it.index-2]
	if diff.Kind != quantity.Count || now.Kind != quantity.Count || diff.Unit != now.Unit || diff.Bound != quantity.Exact || now.Bound != quantity.Exact {
		return
	}
	var before decimal.Decimal
	switch own := strings.TrimRight(diff.own, "了"); {
	case ends(own, "增加", "多", "上升", "增长"):
		before = now.Value - diff.Value
	case ends(own, "减少", "少", "下降", "降低"):
		before = now.Value + diff.Value
	default:
		return
	}
	if has(now.own, "较", "比") {
		before = now.Value // 较上年的12件增加5件
	}
	if before <= 0 || len([]rune(it.gap)) > 12 {
		return
	}
	v := OK
	if !near(diff.Value, before, it.Value) {
		v = Explain
	}
	exact := diff.Value.Float() / before.Float() * 100
	j := Judgement{
		Verdict: v, Code: contradictions,
		Working: fmt.Sprintf("%s÷%s=%.2f%%%s%s%%", diff.Value, before, exact, sign(v), it.Value),
		Places:  []check.Quote{it.quote(), diff.quote(), now.quote()},
		Message: i18n.M("annual.narrative.share.ok", "percent", it.Value.String()),
	}
	if v != OK {
		j.Message = i18n.M("annual.narrative.growth", "percent", it.Value.String(), "diff", diff.Value.String(), "before", before.String())
		j.Advice = i18n.M("annual.narrative.share.advice")
	}
	c.add(j)
}
