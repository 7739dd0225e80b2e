package narrative

import (
	"fmt"
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/quantity"
)

// sixParts are the words by which each of the form's six parts is recognised in a list.
var sixParts = [][]string{
	{"总体情况", "概述", "总体"}, {"主动公开"}, {"收到和处理", "依申请公开", "公开申请"},
	{"复议", "诉讼"}, {"问题"}, {"其他需要", "其他"},
}

// parts checks 由……等六部分组成 against the parts listed. Lists that name parts of older
// layouts are left alone.
func (c *inquiry) parts() {
	for _, it := range c.items {
		if !it.countsParts() || has(it.head, "收费", "附表", "支出", "咨询") {
			continue
		}
		listed := 0
		var missing []string
		for i, words := range sixParts {
			if has(it.head, words...) {
				listed++
			} else if i < len(c.report.Form.Sections) {
				missing = append(missing, c.report.Form.Sections[i].Full)
			}
		}
		if listed > 3 && has(it.head, sixParts[0]...) {
			c.add(partsListed(it, listed, missing))
		}
	}
}

// countsParts reports whether an item counts the parts of the report.
func (it *item) countsParts() bool {
	if it.Kind != quantity.Count || it.Value != decimal.Int(5) && it.Value != decimal.Int(6) {
		return false
	}
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

// partsListed writes the judgement on a list of the report's parts.
func partsListed(it *item, listed int, missing []string) Judgement {
	j := Judgement{
		Verdict: OK, Code: contradictions,
		Message: i18n.M("annual.narrative.parts.ok", "n", it.Value.String()),
		Places:  []check.Quote{it.s.in.quote(it.s.start, it.s.end)},
	}
	if decimal.Int(int64(listed)) != it.Value {
		j.Verdict = Explain
		j.Message = i18n.M("annual.narrative.parts", "n", it.Value.String(), "listed", listed)
	}
	if j.Verdict == Explain && missing != nil {
		j.Message = i18n.M("annual.narrative.parts.missing", "n", it.Value.String(), "listed", listed, "missing", missing)
		j.Advice = i18n.M("annual.narrative.parts.advice")
	}
	j.Working = fmt.Sprint(listed) + relation(j.Verdict) + it.Value.String()
	return j
}
