package narrative

import (
	"strconv"
	"strings"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/quantity"
)

// foreignCases are the words for what may be received and answered besides requests for
// information.
var foreignCases = []string{
	"咨询", "留言", "来信", "来电", "来访", "热线", "建议", "提案", "培训", "工单", "诉求", "信箱", "邮件", "许可申请", "复议", "诉讼", "应诉",
	"征集", "访谈", "解读", "发布会", "栏目", "文件", "指南", "专栏", "案例", "会议", "投诉件", "求助", "救助", "低保", "补贴", "检查", "抽查",
	"意见", "活动", "会商", "指导", "抽查", "文书", "答复书", "审批", "微信", "微博", "视频", "执行申请", "资助", "专利", "立案", "举报件", "制度", "方案", "模板", "台账", "舆情", "主动公开", "网民", "评论", "信访件", "信访事项", "电话", "问题",
}

// requestWords name requests for information.
var requestWords = []string{"公开申请", "申请公开", "依申请", "公开的申请", "公开类申请"}

// aboutRequests reports whether an item stands where requests for information are spoken of.
func aboutRequests(it *item) bool {
	words := strings.ReplaceAll(it.head+it.tail, "申请人", "")
	return it.s.topic == requests || has(words, "公开申请", "申请公开", "依申请", "信息公开的申请")
}

// nearRequests reports whether requests are spoken of in the sentence or shortly before it;
// that is enough for the form's own words for outcomes.
func nearRequests(it *item) bool {
	if aboutRequests(it) {
		return true
	}
	if has(it.s.before(150), "公开申请", "申请公开", "依申请") || has(strings.ReplaceAll(it.head, "申请人", ""), "申请") {
		return true
	}
	named := 0
	for _, o := range []string{"予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理"} {
		if has(it.s.words, o) {
			named++
		}
	}
	return named > 1
}

// outcome is a row or group of table three and the words reports use for it. Exact words
// are the form's own.
type outcome struct {
	row   string
	exact []string
	near  []string
}

// outcomes are told apart in this order: 不予公开 before 予以公开, particular rows before
// their groups.
var outcomes = []outcome{
	{"done.deny.secret", []string{"属于国家秘密"}, []string{"国家秘密"}},
	{"done.deny.law", []string{"法律行政法规禁止公开"}, []string{"法律、行政法规禁止", "法律法规禁止"}},
	{"done.deny.safety", []string{"三安全一稳定"}, nil},
	{"done.deny.third", []string{"保护第三方合法权益"}, []string{"第三方合法权益", "商业秘密", "个人隐私"}},
	{"done.deny.internal", []string{"三类内部事务"}, []string{"内部事务"}},
	{"done.deny.process", []string{"四类过程性信息"}, []string{"过程性信息", "过程性"}},
	{"done.deny.casefile", []string{"属于行政执法案卷"}, []string{"执法案卷"}},
	{"done.deny.query", []string{"属于行政查询事项"}, []string{"行政查询", "查询事项"}},
	{"done.unable.nohold", []string{"本机关不掌握"}, []string{"不掌握", "信息不存在", "不存在"}},
	{"done.unable.make", []string{"没有现成信息"}, []string{"另行制作", "现成信息"}},
	{"done.unable.unclear", []string{"补正后申请内容仍不明确"}, []string{"仍不明确"}},
	{"done.noproc.petition", []string{"信访举报投诉类"}, []string{"信访投诉类", "信访类", "信访、举报、投诉", "投诉举报类"}},
	{"done.noproc.repeat", []string{"重复申请"}, nil},
	{"done.noproc.publication", []string{"要求提供公开出版物"}, []string{"公开出版物"}},
	{"done.noproc.excess", []string{"无正当理由大量反复申请"}, []string{"大量反复"}},
	{"done.noproc.confirm", []string{"确认或重新出具"}, []string{"重新出具"}},
	{"done.other.nocorrect", []string{"无正当理由逾期不补正"}, []string{"逾期不补正", "逾期未补正", "未补正"}},
	{"done.other.nopay", []string{"逾期未按收费通知"}, []string{"未缴纳", "未缴费"}},
	{"done.deny", []string{"不予公开"}, []string{"不予以公开", "不同意公开", "不公开"}},
	{"done.unable", []string{"无法提供"}, nil},
	{"done.noproc", []string{"不予处理"}, nil},
	{"done.other", []string{"其他处理"}, []string{"其它处理"}},
	{"done.partial", []string{"部分公开"}, []string{"部分予以公开", "部分同意公开"}},
	{"done.open", []string{"予以公开"}, []string{"同意公开", "全部公开", "准予公开"}},
}

// applicants are the columns of table three and the words for them.
var applicants = []struct {
	columns []string
	words   []string
}{
	{[]string{"biz", "sci", "npo", "legal", "other"}, []string{"法人或其他组织", "法人或者其他组织", "法人和其他组织", "法人及其他组织", "法人、其他组织", "法人", "组织申请"}},
	{[]string{"natural"}, []string{"自然人", "公民", "个人申请"}},
	{[]string{"biz"}, []string{"商业企业"}},
	{[]string{"sci"}, []string{"科研机构"}},
	{[]string{"npo"}, []string{"社会公益组织"}},
	{[]string{"legal"}, []string{"法律服务机构"}},
}

// channels are the ways a request may come in; the table does not tell them apart.
var channels = []string{
	"网络", "网上", "在线", "线上", "平台", "信函", "邮寄", "来函", "当面", "现场", "窗口", "电子邮", "邮箱", "传真", "网站申请", "书面", "邮政", "快递", "其他渠道", "其他方式", "口头",
}

// request reads a statement on requests received, carried over or answered.
func (c *inquiry) request(it *item) []claim {
	own := strings.ReplaceAll(it.label(), "申请人", "")
	if it.Unit == "部" || it.Unit == "件次" || it.Unit == "个" && !has(own, requestWords...) || !nearRequests(it) {
		return nil
	}
	if rows := outcomesIn(it.named(own)); rows != nil {
		return c.outcomeClaim(it, rows)
	}
	if cl := c.carried(it, own); cl != nil {
		return cl
	}
	if !aboutRequests(it) && !(bare(own) && has(it.s.before(80), requestWords...)) {
		return nil
	}
	if cl := c.applicant(it, own); cl != nil {
		return cl
	}
	if has(own, foreignCases...) {
		return nil
	}
	if has(own, channels...) && !has(own, "等") {
		return nil
	}
	return c.received(it, own)
}

// foundRow is a row that words name, and whether they are the form's own.
type foundRow struct {
	row   string
	exact bool
}

// outcomesIn returns the rows words name.
func outcomesIn(words string) []foundRow {
	for _, with := range []string{"（含部分公开", "（包括部分公开", "（包含部分公开"} {
		if before, _, found := strings.Cut(words, with); found && has(before, "公开") {
			return []foundRow{{"done.partial", false}, {"done.open", false}}
		}
	}
	var rows []foundRow
	for _, o := range outcomes {
		exact, near := has(words, o.exact...), has(words, o.near...)
		if !exact && !near {
			continue
		}
		words = without(without(words, o.exact), o.near)
		rows = append(rows, foundRow{o.row, exact})
	}
	return rows
}

// without returns words with each of parts taken out.
func without(words string, parts []string) string {
	for _, part := range parts {
		words = strings.ReplaceAll(words, part, "")
	}
	return words
}

// group reports whether a row is one of table three's groups, not a row under one.
func (r foundRow) group() bool { return !strings.Contains(r.row[len("done."):], ".") }

// outcomeClaim reads 予以公开9件, 不予公开和无法提供12件. A particular reason named with its
// group (不予公开，属于国家秘密) counts as the reason.
func (c *inquiry) outcomeClaim(it *item, rows []foundRow) []claim {
	if has(it.own, "答复书", "模板", "案例", "占", "排查", "删除", "整改", "脱敏", "泄") || has(it.head, attributes...) || !countsRequests(it) {
		return nil
	}
	cl := claim{it: it, value: it.Value}
	var named, groups []string // rows, and the groups of those that stand with one of their rows
	for _, r := range rows {
		if below(rows, r.row) {
			groups = append(groups, r.row)
			continue
		}
		named = append(named, r.row)
		cl.loose = cl.loose || !r.exact
	}
	cl.sums = []sum{c.total(named...)}
	switch {
	case groups != nil && has(it.own, "等"): // 因本机关不掌握等原因无法提供
		cl.sums, cl.loose = []sum{c.total(groups...)}, true
	case groups != nil:
		cl.sums, cl.loose = append(cl.sums, c.total(groups...)), true
	case len(rows) == 1 && !rows[0].exact && !rows[0].group():
		cl.fits = c.withinGroup(named[0])
	case len(rows) == 1 && rows[0].row == "done.open":
		cl.sums = append(cl.sums, c.total("done.open", "done.partial"))
	}
	return []claim{cl}
}

// attributes are words for documents sorted as to be published or not when they are drafted,
// which has nothing to do with requests: 公文标注公开属性，其中不予公开37件.
var attributes = []string{"公开属性", "属性认定", "属性标注", "公文", "源头认定", "源头管理", "定密"}

// named returns the words an outcome of an item is told by: those before it, where they say
// anything, since 收到申请3件全部予以公开 counts what was received.
func (it *item) named(own string) string {
	before, after, _ := strings.Cut(own, "#")
	if filler(before) {
		return after
	}
	return before
}

// countsRequests reports whether an item may count requests by its classifier. A denial has
// none.
func countsRequests(it *item) bool {
	switch it.Unit {
	case "件", "宗", "起", "例", "份", "个", "条", "":
		return true
	}
	return false
}

// withinGroup lets a reason in words of the body's own be part of its row: 信息不存在5件
// besides 不掌握3件. More than its whole group it cannot be.
func (c *inquiry) withinGroup(row string) func(told, cell decimal.Decimal) Verdict {
	return func(told, _ decimal.Decimal) Verdict {
		group, ok := c.known(c.total(row[:strings.LastIndex(row, ".")]))
		if ok && told > group {
			return Explain
		}
		return OK
	}
}

// below reports whether rows hold one under group.
func below(rows []foundRow, group string) bool {
	for _, r := range rows {
		if strings.HasPrefix(r.row, group+".") {
			return true
		}
	}
	return false
}

// carried reads 上年结转2件 and 结转下年度1件.
func (c *inquiry) carried(it *item, own string) []claim {
	if has(own, "正在办理", "尚在办理", "正在处理", "尚未办结", "未办结", "未到办理期限", "仍在办理", "未到期") {
		return []claim{{it: it, value: it.Value, sums: []sum{c.total("carry_out")}, loose: true}}
	}
	if !has(own, "结转", "转结", "转下", "转入", "顺延") || has(own, "新收", "收到", "受理") {
		return nil
	}
	year := c.report.Year
	next := has(own, "下年", "下一年", "次年", "明年", "下年度", "继续办理", "继续答复") || year != 0 && has(own, strconv.Itoa(year+1))
	last := has(own, yearBefore...) || year != 0 && has(own, strconv.Itoa(year-1))
	switch {
	case next && !last:
		return []claim{{it: it, value: it.Value, sums: []sum{c.total("carry_out")}}}
	case last && !next:
		return []claim{{it: it, value: it.Value, sums: []sum{c.total("carry_in")}}}
	}
	return nil
}

// applicant reads 自然人申请40件.
func (c *inquiry) applicant(it *item, own string) []claim {
	for _, a := range applicants {
		if !has(own, a.words...) {
			continue
		}
		if has(own, "自然人", "公民") && has(own, "法人", "组织", "企业") || it.Unit == "次" {
			return nil
		}
		var fresh, both sum
		for _, col := range a.columns {
			fresh.plus = append(fresh.plus, c.t3(col, "new").plus...)
			both.plus = append(both.plus, c.t3(col, "new", "carry_in").plus...)
		}
		var done sum
		for _, col := range a.columns {
			done.plus = append(done.plus, form.Key("T3.done.total."+col))
		}
		return []claim{{it: it, value: it.Value, sums: []sum{fresh, both, done}, loose: true}}
	}
	return nil
}

// received reads what is said of requests as a whole by its verb: 收到 is the form's first
// row; 受理 and 办理 may include what was carried over, or be what was finished; 办结 is
// the form's 总计; 答复 may leave out what was closed without an answer.
func (c *inquiry) received(it *item, own string) []claim {
	named := has(own, requestWords...)
	if !named && (it.Unit == "次" || !bare(own) || it.afterOthers()) {
		return nil
	}
	taken := has(own, "收到", "接到", "新收", "接收", "收悉", "新增")
	handled := has(own, "受理", "办理", "处理", "登记", "承办")
	finished := has(own, "办结", "办毕", "办理完", "完成办理", "已办理")
	answered := has(own, "答复", "回复", "办复", "复函")
	if it.listed() && !finished && !answered && !has(own, "新收", "本年", "当年") {
		return nil
	}
	cl := claim{it: it, value: it.Value}
	whole := []sum{c.total("new"), c.total("new", "carry_in")}
	done := c.total("done.total")
	switch {
	case finished:
		cl.sums, cl.loose, cl.fits = []sum{done}, taken || !named && it.s.topic != requests, c.ofThisYear
	case taken && !handled && !answered && it.besideCarried():
		cl.sums, cl.loose = whole[:1], true
	case taken && !handled && !answered:
		cl.sums, cl.loose = whole, !named
	case answered && !taken && !handled:
		formal := sum{plus: done.plus, minus: c.total("done.other").plus}
		cl.sums, cl.fits = []sum{done, formal}, c.accepted
	case taken || handled || answered:
		cl.sums, cl.fits = append(whole, done), c.accepted
	case named && countsOnly(own):
		cl.sums, cl.loose = append(whole, done, c.total("done.open")), true
	default:
		return nil
	}
	return []claim{cl}
}

// besideCarried reports whether the sentence gives what the year before left as a number of
// its own beside the item: 收到申请38件，上年结转2件. The item then leaves it out, where the
// sentence does not say otherwise.
func (it *item) besideCarried() bool {
	if has(it.s.words, "其中", "含", "包括", "共计", "合计", "新收") {
		return false
	}
	for _, other := range it.s.items[it.index+1:] {
		if other.exact() && other.depth == it.depth && other.Value > 0 && has(other.own, "结转", "转结") && has(other.own, yearBefore...) {
			return true
		}
	}
	return false
}

// afterOthers reports whether the sentence counted something else before the item:
// 受理行政审批申请2356件，办结2340件.
func (it *item) afterOthers() bool {
	if has(it.head, requestWords...) {
		return false
	}
	for _, earlier := range it.s.items[:it.index] {
		if earlier.difference() {
			continue // 收到38件，较上年增加6件，办结37件
		}
		own := earlier.label()
		if earlier.Kind == quantity.Count && !bare(own) && outcomesIn(own) == nil && !has(own, "结转", "自然人", "法人") {
			return true
		}
	}
	return false
}

// listed reports whether an item stands in a list of parts: 50件，其中征地类申请30件、规划类
// 申请20件.
func (it *item) listed() bool {
	from := it.head[strings.LastIndex(it.head, "；")+1:]
	return has(from, "其中", "包括", "包含")
}

// doings say that something came in or was answered, by whom, when and how.
var doings = []string{
	"收到", "接到", "受理", "办理", "处理", "办结", "答复", "回复", "新收", "接收", "我局", "我委", "我办", "我厅", "我镇", "我县", "我区", "我市", "我院", "我单位", "本机关", "本单位",
	"按时", "按期", "全部", "及时", "依法", "当年", "年", "全市", "全县", "全区", "完成", "新", "并", "登记", "申请", "事项", "件", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
}

// nouns name requests without a verb: 依申请公开信息9条.
var nouns = []string{"政府信息公开申请", "信息公开申请", "依申请公开", "政府信息", "信息", "事项", "申请"}

// bare reports whether words say only that something came in or was answered, and no more
// than that of what: 全年共收到.
func bare(own string) bool {
	own, _, _ = strings.Cut(own, "#")
	return madeOf(own, fillers, doings)
}

// countsOnly reports whether words name requests and say nothing more of them.
func countsOnly(own string) bool {
	own, _, _ = strings.Cut(own, "#")
	return madeOf(own, fillers, doings, nouns)
}

// ofThisYear judges 办结 of a number that is not the form's 总计: it may be that of the
// requests received in the year, without those carried over.
func (c *inquiry) ofThisYear(told, _ decimal.Decimal) Verdict {
	if fresh, ok := c.value(c.total("new")); ok && told == fresh {
		return Explain
	}
	return Error
}

// accepted judges 受理, 办理 or 答复 of a number that no row holds: fewer than were received may
// have been accepted by the year's end; more, or none at all, cannot be.
func (c *inquiry) accepted(told, received decimal.Decimal) Verdict {
	most, firm := c.value(c.total("new", "carry_in"))
	if firm && (told > most || told == 0) {
		return Error
	}
	return Explain
}
