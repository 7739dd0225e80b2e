package narrative

import (
	"strings"

	"gongkai/internal/decimal"
)

// document reads a statement on normative documents and rules: issued, repealed, in force,
// or only published, which may take in other bodies' documents.
func (c *inquiry) document(it *item) []claim {
	own := it.label()
	row := documentRow(it, own)
	if row == "" || has(saidOf(own, "规范性文件", "规章"), otherDocuments...) || has(own, "修订", "修改") && !has(own, "制定", "制发") {
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
		cl.silent = cl.silent || !has(own, "废止") // what expired was not repealed
	case has(own, "有效"):
		cl.sums, cl.loose = []sum{c.t2(row, "in_force", "open_total")}, has(own, "公开", "公布", "累计", "集中")
	case has(verbs, "制发", "制定", "印发", "出台", "制订", "制作") && !has(verbs, "公开", "公布", "修改", "修订", "发布"):
		cl.sums = []sum{c.t2(row, "issued", "made")}
	case it.s.in.section > "s2", row == "rules" && has(own, "规章库") && !c.body.region:
		return nil // an office keeps its government's rules
	case has(own, "规章库", "文件库"):
		cl.sums, cl.loose = []sum{c.t2(row, "in_force", "open_total")}, true
	default:
		cl.sums, cl.loose = []sum{c.t2(row, "issued", "opened"), c.t2(row, "in_force", "open_total")}, true
		cl.published = has(verbs, "公开", "公布", "发布")
		cl.silent = cl.silent || it.Unit == "条" || row == "rules" && it.listed() // entries on a website
	}
	return []claim{cl}
}

// saidOf returns the words before a number where they name one of nouns, else all its words.
func saidOf(own string, nouns ...string) string {
	if before, _, _ := strings.Cut(own, "#"); has(before, nouns...) {
		return before
	}
	return own
}

// documentRow returns the row of table two that an item counts in, "" for none.
func documentRow(it *item, own string) string {
	documents, rules := has(own, "规范性文件"), has(own, "规章") && !has(own, "规章制度")
	switch {
	case documents && (rules || withOthers(own)):
		return "" // several things in one number
	case documents:
		return "normdocs"
	case rules:
		return "rules"
	case has(it.s.words, "规范性文件") && !has(it.s.words, "规章") && filler(standing.Replace(it.own)):
		return "normdocs"
	}
	return ""
}

// withOthers reports whether words join normative documents with something else to be
// counted: 规范性文件及其他主动公开文件, 政策文件和规范性文件.
func withOthers(own string) bool {
	before, after, _ := strings.Cut(own, "规范性文件")
	before = strings.TrimSuffix(before, "行政")
	after, _, _ = strings.Cut(after, "#")
	if len(before) > len("、") && ends(before, "、", "和", "及", "与") {
		return true
	}
	return strings.HasPrefix(after, "、") || strings.HasPrefix(after, "及") || strings.HasPrefix(after, "和") || strings.HasPrefix(after, "等") || strings.HasPrefix(after, "与")
}

// otherDocuments are words for what is done with normative documents besides issuing them,
// and for other bodies' documents.
var otherDocuments = []string{
	"解读", "备案", "审查", "审核", "清理", "转发", "转载", "评估", "征求", "梳理", "上级", "部门", "草案", "意见", "征集", "起草", "管理", "目录", "党", "论证", "规划", "标准",
}

// standing strips the words that, after a sentence on normative documents, say which of
// them a bare number counts.
var standing = strings.NewReplacer("新制发", "", "制发", "", "宣布失效", "", "废止", "", "现行有效", "", "继续有效", "", "件数", "", "文件", "", "，", "")

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
	said := it.listing() + it.tail + it.sharedEnd()
	cl.silent = it.Unit != "件" && it.Unit != "宗" && it.Unit != "起" && it.Unit != "" ||
		has(said, "信息", "上报", "归集", "报送", "推送", "录入", "上传")
	if has(said, "公开", "公示", "公布", "发布") {
		cl.loose, cl.fits = true, atMost
	}
	if more := it.included(); more != nil {
		cl.loose, cl.fits = true, lessThose(more.Value)
	}
	return []claim{cl}
}

// lessThose lets a number differ from its cell by those it says it includes.
func lessThose(more decimal.Decimal) func(told, cell decimal.Decimal) Verdict {
	return func(told, cell decimal.Decimal) Verdict {
		if told-more == cell {
			return OK
		}
		return Explain
	}
}

// included returns the number that a bracket behind an item says it includes: 60件（含往年补录
// 5件）. There may be none.
func (it *item) included() *item {
	if it.index+1 >= len(it.s.items) {
		return nil
	}
	next := it.s.items[it.index+1]
	if next.depth > it.depth && strings.HasPrefix(next.gap, "（含") && next.Unit == it.Unit {
		return next
	}
	return nil
}

// atMost lets what was published be fewer than what was made, which the row counts; more
// than were made cannot have been published.
func atMost(told, cell decimal.Decimal) Verdict {
	if told > cell {
		return Explain
	}
	return OK
}

// sharedEnd returns what is said of an item together with those listed behind it:
// 行政处罚决定2件、行政许可决定35件均在网上公开.
func (it *item) sharedEnd() string {
	rest := it.rest()
	if i := strings.IndexAny(rest, "，；。"); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.Index(rest, "均"); i >= 0 {
		return rest[i:]
	}
	return ""
}

// purchase reads the purchases of the older form's table two: 政府集中采购3项.
func (c *inquiry) purchase(it *item) []claim {
	s := c.t2("procurement", "projects")
	if s.plus == nil || !has(it.label(), "政府集中采购") || it.Unit != "项" && it.Unit != "个" && it.Unit != "次" {
		return nil
	}
	return []claim{{it: it, value: it.Value, sums: []sum{s}, loose: it.Unit != "项"}}
}

// amount reads a sum of money: what was charged, or spent on the purchases named before it.
func (c *inquiry) amount(it *item) []claim {
	if s := c.t2("procurement", "amount"); s.plus != nil && has(it.own, "金额") && it.spent() {
		return []claim{{it: it, value: wan(it), sums: []sum{s}}}
	}
	return c.income(it)
}

// spent reports whether an amount is that of the 政府集中采购 it names or that the number
// before it counts.
func (it *item) spent() bool {
	if has(it.lead, "政府集中采购") {
		return true
	}
	return it.index > 0 && has(it.s.items[it.index-1].label(), "政府集中采购")
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
