package narrative

// denials reads 未收到…, 无…: zero of what follows.
func (c *inquiry) denials(it *item) []claim {
	what := c.denied(it)
	if has(it.own, "均", "为") && !has(what, "申请", "复议", "诉讼", "收费") {
		what = it.own + what // 行政复议、行政诉讼均为零
	}
	switch {
	case has(what, "处理费", "收费", "费用") && !has(what, "事业性收费"):
		return nil
	case has(what, disputeWords...):
		return c.deniedDispute(it, what)
	case has(what, "许可申请"):
		return nil
	}
	if rows := outcomesIn(what); rows != nil && aboutRequests(it) && !has(what, "应公开", "应当公开", "应予公开", "泄", "失密") {
		return loosely(c.outcomeClaim(it, rows))
	}
	switch {
	case has(what, "结转") && (aboutRequests(it) || has(what, "申请")):
		return c.carried(it, it.own+what)
	case deniesRequests(it, what):
		return []claim{{it: it, sums: []sum{c.total("new")}}}
	}
	return c.deniedDecisions(it, what)
}

// loosely makes claims ask for an explanation where they do not hold.
func loosely(claims []claim) []claim {
	for i := range claims {
		claims[i].loose = true
	}
	return claims
}

// deniesRequests reports whether what is denied is that requests were received.
func deniesRequests(it *item, what string) bool {
	if has(what, foreignDenied...) {
		return false
	}
	return has(what, "公开申请", "申请公开", "依申请公开", "信息公开的申请", "公开政府信息的申请", "要求公开") ||
		it.s.topic == requests && has(what, "申请")
}

// deniedDecisions reads 无行政强制和行政事业性收费, 未制发规范性文件.
func (c *inquiry) deniedDecisions(it *item, what string) []claim {
	var keys sum
	for _, d := range decisions {
		if has(what, d.word) && !has(what, "申请", "信息", "事项") {
			keys.plus = append(keys.plus, c.t2(d.row, "decisions").plus...)
		}
	}
	if has(what, "事业性收费") {
		keys.plus = append(keys.plus, c.t2("fees", "amount_wan").plus...)
	}
	if has(what, "规范性文件") && !has(what, otherDocuments...) {
		column := []string{"issued", "made"}
		if has(what, "废止") {
			column = []string{"repealed"}
		}
		keys.plus = append(keys.plus, c.t2("normdocs", column...).plus...)
	}
	if keys.plus == nil {
		return nil
	}
	plain := has(what, "制发", "制定", "出台", "作出", "实施", "废止")
	return []claim{{it: it, sums: []sum{keys}, loose: !plain}}
}

// foreignDenied are things the lack of which says nothing of requests received.
var foreignDenied = []string{"投诉", "举报", "咨询", "处理费", "收费", "不予", "逾期", "超期", "公开平台", "泄", "纠纷", "许可", "渠道", "复杂", "补正", "舆情", "争议", "引发", "引起", "问题", "违规", "质疑", "延期", "延误", "差错"}

// denied returns what a denial denies: the words after it, up to the next comma that does
// not go on listing.
func (c *inquiry) denied(it *item) string {
	p := it.s.in
	end := it.End
	for end < it.s.end && p.text[end] != '，' && p.text[end] != '；' && p.text[end] != '。' && p.text[end] != '：' {
		end++
	}
	return p.words(it.Start, end)
}

// deniedDispute reads 无被行政复议、提起行政诉讼. Where it is only defeat that is denied, it
// is the corrected cases that are none.
func (c *inquiry) deniedDispute(it *item, what string) []claim {
	own := c.ownDispute(it) || has(what, "被")
	if !own && has(what, "因", "由", "涉", "引发", "引起", "不服", "对", "案件办理", "以") {
		return nil // of another matter
	}
	var groups []string
	if has(what, "复议") {
		groups = append(groups, "review")
	}
	if has(what, "诉讼", "应诉", "起诉") {
		groups = append(groups, "direct", "after")
	}
	switch {
	case has(what, "纠正", "纠错", "败诉", "撤销", "违法", "责令"):
		return []claim{{it: it, sums: c.t4(groups, "corrected")[:1]}}
	case has(what, "超期", "逾期", "不当", "不及时", "不规范", "不到位", "违规", "瑕疵"):
		return nil // only of one cause
	}
	return []claim{{it: it, sums: c.t4(groups, ""), loose: !own}}
}
