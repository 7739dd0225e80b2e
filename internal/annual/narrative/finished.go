package narrative

import (
	"strings"

	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// carriedOut is the cell that counts what was not finished in the year.
const carriedOut form.Key = "T3.carry_out.total"

// finished holds 所有申请均已办理完成 against what was carried over to the next year, by the
// table or, where its cell is lost, by the text itself.
func (c *inquiry) finished() {
	left, evidence := c.leftOpen()
	if left == 0 {
		return
	}
	for _, s := range c.sentences {
		clause, all := allFinished(s)
		if all && s.mayCount(c.report.Year) && c.wholeBody(s) && !c.ofThoseFinished(s) {
			c.add(c.unfinished(s, clause, left, evidence))
			return
		}
	}
}

// leftOpen returns how many requests were carried over to the next year, and where that
// stands.
func (c *inquiry) leftOpen() (decimal.Decimal, check.Quote) {
	if left, ok := c.report.Value(carriedOut); ok {
		return left, c.cell(carriedOut)
	}
	for _, cl := range c.claims {
		if len(cl.sums) == 1 && len(cl.sums[0].plus) == 1 && cl.sums[0].plus[0] == carriedOut && !cl.loose {
			return cl.value, cl.quote()
		}
	}
	return 0, check.Quote{}
}

// allFinished returns the clause of a sentence that says that every request was dealt with.
// That none was late (按时答复率100%) says nothing of those still open.
func allFinished(s *sentence) (clause string, all bool) {
	if !saysRequests(s) || has(s.words, "其余", "除", "建议", "提案", "留言", "信箱", "咨询", "热线", "工单", "应结", "到期", "投诉", "信访", "来信", "来访", "来电", "诉求", "网民") {
		return "", false
	}
	if has(s.words, "结转", "转下") && has(s.words, "下年", "下一年", "次年", "继续办理") {
		return "", false
	}
	for _, clause := range strings.FieldsFunc(s.words, stop) {
		every := has(clause, "均", "全部", "所有", "都") && !has(clause, "未", "率")
		rate, _, full := strings.Cut(clause, "办结率")
		switch {
		case every && has(clause, "办结", "办理完", "办毕", "答复完毕", "全部答复", "全部予以答复"):
			return clause, true
		case every && has(clause, "均已答复", "都已答复", "均已作出答复", "均已予以答复", "均已回复"):
			return clause, true
		case full && strings.HasSuffix(clause, "100%") && !ends(rate, "按时", "按期", "及时", "应办"):
			return clause, true
		}
	}
	return "", false
}

// saysRequests reports whether a sentence is about requests for information.
func saysRequests(s *sentence) bool {
	return has(s.words, "公开申请", "依申请", "申请公开", "信息公开") ||
		s.topic == requests && has(s.words, "申请", "收到", "受理")
}

// mayCount reports whether a sentence speaks of the year reported on.
func (s *sentence) mayCount(year int) bool {
	y := s.year
	if y == 0 {
		y = s.inherited
	}
	return y == 0 || year == 0 || y == year
}

// wholeBody reports whether a sentence leaves open that it speaks of the whole body.
func (c *inquiry) wholeBody(s *sentence) bool {
	return !c.body.region || has(s.words, wide...) || !has(s.words, partial...)
}

// ofThoseFinished reports whether the sentence says all of a number that is just the
// finished ones: 办结13件，均按时办结.
func (c *inquiry) ofThoseFinished(s *sentence) bool {
	fresh, _ := c.value(c.total("new"))
	done, ok := c.value(c.total("done.total"))
	for _, it := range s.items {
		if ok && it.exact() && it.Value == done && done != fresh {
			return true
		}
	}
	return false
}

// unfinished writes the judgement on a clause that says all was finished.
func (c *inquiry) unfinished(s *sentence, clause string, left decimal.Decimal, evidence check.Quote) Judgement {
	before, _, _ := strings.Cut(s.words, clause)
	start := s.start + len([]rune(before))
	return Judgement{
		Verdict: Explain, Code: numbersTold,
		Message: i18n.M("annual.narrative.finished", "left", left.String()),
		Working: left.String() + "≠0",
		Places:  []check.Quote{s.in.quote(start, start+len([]rune(clause))), evidence},
		Advice:  i18n.M("annual.narrative.finished.advice"),
	}
}
