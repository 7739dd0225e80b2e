package narrative

import (
	"strconv"
	"strings"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
)

func yearText(y int) string { return strconv.Itoa(y) }

// document reads a statement on normative documents and rules: issued, repealed, in force,
// or only published, which may take in other bodies' documents.
func (c *inquiry) document(it *item) []claim {
	own := it.label()
	row := ""
	switch {
	case has(own, "规范性文件"):
		row = "normdocs"
	case has(own, "规章") && !has(own, "规章制度"):
		row = "rules"
	case has(it.s.words, "规范性文件") && !has(it.s.words, "规章") && filler(standing.Replace(it.own)):
		row = "normdocs"
	}
	if row == "" || has(own, "规章") && row == "normdocs" && !has(own, "均", "都") {
		return nil
	}
	if has(own, "解读", "备案", "审查", "审核", "清理", "转发", "转载", "评估", "征求", "梳理", "上级", "部门", "草案", "意见", "征集", "起草", "管理", "目录", "党", "征", "论证", "规划", "标准") {
		return nil
	}
	if rest := it.rest(); strings.HasPrefix(rest, "（") && has(rest, "修改", "废止", "修订") {
		return nil // 规章13件（含新制定5件，修改4件，废止4件）
	}
	verbs := own
	if !has(verbs, "制", "发", "废止", "失效", "有效", "公开", "公布", "出台", "施行", "实施") {
		verbs = it.head
	}
	cl := claim{it: it, value: it.Value, silent: has(own, "名义")}
	switch {
	case has(own, "废止", "失效"):
		cl.sums, cl.loose = []sum{c.t2(row, "repealed")}, has(own, "失效") || has(it.s.words, "清理")
	case has(own, "现行有效", "继续有效", "有效"):
		cl.sums = []sum{c.t2(row, "in_force", "open_total")}
	case has(verbs, "制发", "制定", "印发", "出台", "制订") && !has(verbs, "公开", "公布", "修改", "修订", "发布"):
		cl.sums = []sum{c.t2(row, "issued", "made")}
	default:
		cl.sums, cl.loose = []sum{c.t2(row, "issued", "opened"), c.t2(row, "in_force", "open_total")}, true
		cl.published = has(verbs, "公开", "公布", "发布")
		cl.silent = cl.silent || it.Unit == "条" || row == "rules" && it.listed() // entries on a website, not documents
		if cl.it.s.topic != published && it.s.in.section != "s1" && it.s.in.section != "" && it.s.in.section != "s2" {
			return nil
		}
	}
	return []claim{cl}
}

// standing strips the words that, after a sentence on normative documents, say which of
// them a bare number counts.
var standing = strings.NewReplacer("宣布失效", "", "废止", "", "现行有效", "", "继续有效", "", "件数", "", "文件", "", "，", "")

// rest returns the words behind an item up to the end of its sentence.
func (it *item) rest() string { return it.s.in.words(it.End, it.s.end) }

// t2 returns the first of the columns that the form's table two has in a row.
func (c *inquiry) t2(row string, columns ...string) sum {
	for _, col := range columns {
		if k := form.Key("T2." + row + "." + col); c.report.Form.Cell(k) != nil {
			return only(k)
		}
	}
	return sum{}
}

// decisions are the rows of table two that count decisions.
var decisions = []struct{ row, word string }{
	{"license", "行政许可"}, {"penalty", "行政处罚"}, {"coercion", "行政强制"},
}

// decision reads 行政许可93件. What is published of decisions is another count, so a
// difference there means nothing.
func (c *inquiry) decision(it *item) []claim {
	own := it.label()
	var keys sum
	for _, d := range decisions {
		if has(own, d.word) {
			keys.plus = append(keys.plus, c.t2(d.row, "decisions").plus...)
		}
	}
	if keys.plus == nil || has(own, "申请", "事项", "清单", "目录", "人员", "培训", "复议", "案卷") {
		return nil
	}
	cl := claim{it: it, value: it.Value, sums: []sum{keys}, loose: !has(own, "决定")}
	cl.silent = it.Unit != "件" && it.Unit != "宗" && it.Unit != "起" && it.Unit != "" ||
		has(own, "公开", "公示", "公布", "信息", "发布", "上报", "归集", "报送", "双公示", "推送", "录入") ||
		has(it.head, "公开", "公示", "公布", "发布", "归集", "录入", "上传") && !has(own, "作出", "办理", "实施")
	return []claim{cl}
}

// income reads amounts: the fee income of table two, in the unit the form states.
func (c *inquiry) income(it *item) []claim {
	own := it.label()
	if !has(own, "事业性收费") || has(own, "处理费", "减免", "免征", "取消", "退", "降低", "减轻", "优惠", "减收", "停征", "免收") {
		return nil
	}
	return []claim{{it: it, value: wan(it), sums: []sum{c.t2("fees", "amount_wan")}, loose: it.listed()}}
}

// wan returns an amount in 万元.
func wan(it *item) decimal.Decimal {
	if it.Unit == "元" {
		return it.Value / 10_000
	}
	return it.Value
}

// disputeRows are the groups of table four.
var (
	reviewGroup = []string{"review"}
	suitGroups  = []string{"direct", "after"}
)

// results are the columns of table four and the words for them.
var results = []struct {
	column string
	words  []string
}{
	{"corrected", []string{"纠正", "纠错", "撤销", "变更", "确认违法", "责令", "败诉", "被纠"}},
	{"upheld", []string{"维持", "胜诉"}},
	{"pending", []string{"尚未审结", "未审结", "未结", "正在审理", "审理中", "在审", "尚未结案"}},
	{"other", []string{"其他结果", "其它结果"}},
}

// dispute reads a statement on reviews and suits.
func (c *inquiry) dispute(it *item) []claim {
	own := it.label()
	switch it.Unit {
	case "份", "个", "项", "件次", "部":
		return nil
	}
	groups := c.groups(it, own)
	if groups == nil || !c.ownDispute(it) {
		return nil
	}
	column := resultIn(own)
	if column == "" && !has(own, "复议", "诉讼", "应诉", "起诉") {
		return nil
	}
	if has(own, "应诉率", "出庭", "培训", "会议", "申请人", "答复书", "建议", "调解", "驳回", "终止", "撤回") {
		return nil
	}
	cl := claim{it: it, value: it.Value, sums: c.t4(groups, column)}
	if column == "" {
		cl.fits = c.arisen(own)
	}
	return []claim{cl}
}

// arisen lets what came in during the year be fewer than the table's cases, which include
// those left from the year before.
func (c *inquiry) arisen(own string) func(told, cell decimal.Decimal) Verdict {
	return func(told, cell decimal.Decimal) Verdict {
		if told < cell && has(own, "新", "收到", "发生", "受理") {
			return Explain
		}
		return Error
	}
}

// resultIn returns the column of table four that words name, "" for none.
func resultIn(words string) string {
	for _, r := range results {
		if has(words, r.words...) {
			return r.column
		}
	}
	return ""
}

// groups returns the groups of table four that an item speaks of: those its own words
// name, else those last named before it in the sentence.
func (c *inquiry) groups(it *item, own string) []string {
	words := own
	if !has(words, "复议", "诉讼", "应诉", "起诉") {
		if it.s.topic != disputes && !has(it.head, "复议", "诉讼", "应诉") || resultIn(own) == "" {
			return nil
		}
		words = it.head
		r, s := strings.LastIndex(words, "复议"), max(strings.LastIndex(words, "诉讼"), strings.LastIndex(words, "应诉"))
		switch {
		case r < 0 && s < 0:
			return nil
		case strings.Count(words, "复议") > 0 && s > 0 && it.index > 1:
			return []string{"review", "direct", "after"} // after both: ask which
		case r > s:
			return reviewGroup
		}
		return suitGroups
	}
	bare := strings.ReplaceAll(words, "未经复议", "")
	direct, after := bare != words, has(bare, "复议后", "经复议")
	bare = strings.NewReplacer("复议后", "", "经复议", "").Replace(bare)
	switch {
	case direct && !after:
		return []string{"direct"}
	case after && !direct:
		return []string{"after"}
	case has(bare, "复议") && has(bare, "诉讼", "应诉", "起诉"):
		return []string{"review", "direct", "after"}
	case has(bare, "复议"):
		return reviewGroup
	}
	return suitGroups
}

// ownDispute reports whether the cases are about information disclosure and against the
// body itself: a government also decides reviews on others.
func (c *inquiry) ownDispute(it *item) bool {
	if it.s.in.section == "s4" || it.s.topic == disputes {
		return true
	}
	_, words, _ := strings.Cut(it.s.words, "）")
	if !opensHeading(it.s.words) {
		words = it.s.words
	}
	if has(words, aboutDisclosure...) {
		return true
	}
	p := it.s.in
	before := p.words(max(0, it.s.start-60), it.s.start)
	if !has(before, aboutDisclosure...) {
		return false
	}
	return has(before, "复议", "诉讼") || has(words, "被", "涉及", "引发", "引起", "发生", "没有", "无行政")
}

// aboutDisclosure are words for the law and the work the report is about.
var aboutDisclosure = []string{"信息公开", "政务公开", "依申请公开", "政府信息"}

// t4 returns what a result, or the total, of groups may be: the printed total or the sum of
// its results.
func (c *inquiry) t4(groups []string, column string) []sum {
	var printed, added sum
	for _, g := range groups {
		if column != "" {
			printed.plus = append(printed.plus, form.Key("T4."+g+"."+column))
			continue
		}
		printed.plus = append(printed.plus, form.Key("T4."+g+".total"))
		for _, col := range []string{"upheld", "corrected", "other", "pending"} {
			added.plus = append(added.plus, form.Key("T4."+g+"."+col))
		}
	}
	if column != "" {
		sums := []sum{printed}
		for _, g := range groups {
			if len(groups) > 1 {
				sums = append(sums, only(form.Key("T4."+g+"."+column)))
			}
		}
		return sums
	}
	return []sum{printed, added}
}

// denials reads 未收到…, 无…: zero of what follows.
func (c *inquiry) denials(it *item) []claim {
	what := c.denied(it)
	if has(it.own, "均", "为") && !has(what, "申请", "复议", "诉讼", "收费") {
		what = it.own + what
	}
	zero := func(sums ...sum) []claim { return []claim{{it: it, sums: sums}} }
	loosely := func(sums ...sum) []claim { return []claim{{it: it, sums: sums, loose: true}} }
	switch {
	case has(what, "处理费", "收费", "费用") && !has(what, "事业性收费"):
		return nil
	case has(what, "复议", "诉讼", "应诉", "起诉"):
		return c.deniedDispute(it, what)
	case has(what, "行政许可申请", "许可申请"):
		return nil
	}
	if rows := outcomesIn(what); rows != nil && aboutRequests(it) && !has(what, "应公开", "应当公开", "应予公开") {
		cl := c.outcomeClaim(it, rows)
		for i := range cl {
			cl[i].loose = true
		}
		return cl
	}
	switch {
	case has(what, "结转") && aboutRequests(it):
		return c.carried(it, it.own+what)
	case has(what, "公开申请", "申请公开", "依申请公开", "信息公开的申请") && !has(what, foreignDenied...),
		it.s.topic == requests && has(what, "申请") && !has(what, foreignDenied...):
		return zero(c.total("new"))
	}
	var keys sum
	for _, d := range decisions {
		if has(what, d.word) && !has(what, "申请", "信息", "事项") {
			keys.plus = append(keys.plus, c.t2(d.row, "decisions").plus...)
		}
	}
	if has(what, "事业性收费") {
		keys.plus = append(keys.plus, c.t2("fees", "amount_wan").plus...)
	}
	if has(what, "规范性文件") && !has(what, "解读", "清理", "备案") {
		column := []string{"issued", "made"}
		if has(what, "废止") {
			column = []string{"repealed"}
		}
		keys.plus = append(keys.plus, c.t2("normdocs", column...).plus...)
	}
	switch {
	case keys.plus == nil:
		return nil
	case has(what, "制发", "制定", "出台", "作出", "实施", "废止"):
		return zero(keys)
	}
	return loosely(keys)
}

// foreignDenied are things the lack of which says nothing of requests received.
var foreignDenied = []string{"投诉", "举报", "咨询", "处理费", "收费", "不予", "逾期", "超期", "公开平台", "泄", "纠纷", "许可", "渠道", "复杂", "补正"}

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
	var groups []string
	if has(what, "复议") {
		groups = append(groups, reviewGroup...)
	}
	if has(what, "诉讼", "应诉", "起诉") {
		groups = append(groups, suitGroups...)
	}
	if !c.ownDispute(it) && !has(what, "被") {
		return nil
	}
	if has(what, "纠正", "纠错", "败诉", "撤销", "违法", "责令", "被纠") {
		return []claim{{it: it, sums: c.t4(groups, "corrected")[:1]}}
	}
	if has(what, "超期", "逾期", "投诉举报") && !has(what, "申请", "提起", "被") {
		return nil
	}
	return []claim{{it: it, sums: c.t4(groups, "")}}
}
