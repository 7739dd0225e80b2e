package narrative

import (
	"slices"
	"strings"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
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
	switch it.Unit {
	case "份", "个", "项", "件次", "部":
		return nil
	}
	own := it.label()
	groups := c.groups(it, own)
	named := c.ownDispute(it)
	if groups == nil || !named && !c.likelyOwn(it) {
		return nil
	}
	if has(own, "应诉率", "出庭", "培训", "会议", "答复书", "建议", "调解", "驳回", "终止", "撤回") {
		return nil
	}
	column := resultIn(own)
	cl := claim{it: it, value: it.Value, sums: c.t4(groups, column), loose: !named}
	if column == "" {
		cl.fits = arisen(own)
	}
	return []claim{cl}
}

// arisen lets what came in during the year be fewer than the table's cases, which include
// those left from the year before.
func arisen(own string) func(told, cell decimal.Decimal) Verdict {
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
// name, else, for a result, those named before it in the sentence.
func (c *inquiry) groups(it *item, own string) []string {
	if has(own, disputeWords...) {
		return groupsIn(own)
	}
	if resultIn(own) == "" {
		return nil
	}
	review := strings.LastIndex(it.head, "复议")
	suit := max(strings.LastIndex(it.head, "诉讼"), strings.LastIndex(it.head, "应诉"))
	switch {
	case review < 0 && suit < 0:
		return nil
	case review >= 0 && suit > review && it.index > 1:
		return []string{"review", "direct", "after"} // after both: either may be meant
	case review > suit:
		return []string{"review"}
	}
	return []string{"direct", "after"}
}

// disputeWords name reviews and suits.
var disputeWords = []string{"复议", "诉讼", "应诉", "起诉"}

// groupsIn returns the groups of table four that words name.
func groupsIn(words string) []string {
	rest := strings.ReplaceAll(words, "未经复议", "")
	direct, after := rest != words, has(rest, "复议后", "经复议")
	rest = strings.NewReplacer("复议后", "", "经复议", "").Replace(rest)
	review, suit := has(rest, "复议"), has(rest, "诉讼", "应诉", "起诉")
	switch {
	case direct && !after:
		return []string{"direct"}
	case after && !direct:
		return []string{"after"}
	case review && suit:
		return []string{"review", "direct", "after"}
	case review:
		return []string{"review"}
	}
	return []string{"direct", "after"}
}

// ownDispute reports whether the cases are about information disclosure and against the
// body itself: a government also decides reviews on others.
func (c *inquiry) ownDispute(it *item) bool {
	if it.s.in.section == "s4" || it.s.topic == disputes {
		return true
	}
	words := it.s.words
	if opensHeading(words) {
		_, words, _ = strings.Cut(words, "）")
	}
	if has(words, aboutDisclosure...) {
		return true
	}
	before := it.s.before(60)
	if !has(before, aboutDisclosure...) {
		return false
	}
	return has(before, "复议", "诉讼") || has(words, "被", "涉及", "引发", "引起", "发生", "没有", "无行政")
}

// likelyOwn reports whether cases may well be about information disclosure though the words
// do not say so: the body was 被申请行政复议, or a number of reviews in the sentence is that of
// the table.
func (c *inquiry) likelyOwn(it *item) bool {
	if has(it.s.words, "执法", "处罚", "受理行政复议", "复议申请", "审结", "承办", "代理", "调解") {
		return false
	}
	if has(it.s.words, "被申请行政复议", "被提起行政复议", "被行政复议", "被复议") {
		return true
	}
	total, known := c.report.Value("T4.review.total")
	return known && total > decimal.Int(1) && slices.ContainsFunc(it.s.items, func(other *item) bool {
		return other.exact() && other.Value == total && has(other.own, "复议")
	})
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
