package narrative

import (
	"strings"
	"unicode/utf8"

	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/quantity"
)

// breakdown is a total with the parts the text gives for it.
type breakdown struct {
	whole    *item
	parts    []*item
	complete bool    // the wording says that the parts are all there are
	named    bool    // 其中 announces them
	cut      bool    // the list ended at words of another matter
	mixed    bool    // numbers of other units stand among the parts
	listed   []*item // the parts with those of other units: 政策文件3302件 among 条
}

// openers announce parts. complete ones announce all of them.
var (
	openers  = []string{"其中", "包括", "包含", "涵盖", "含", "分为", "内容有", "主要有", "主要是", "主要为"}
	complete = []string{"分别为", "分别是"}
)

// turns are words that begin another matter inside a list of parts.
var turns = []string{"另", "此外", "同时", "还", "累计", "平均", "每", "阅读", "点击", "粉丝", "关注人数", "关注量", "浏览", "转发", "收到", "受理", "参加", "参与", "共发", "共收", "共公", "同比", "截至"}

// sums holds every total against its parts.
func (c *inquiry) sums() {
	for i, it := range c.items {
		if !it.exact() || it.Value == 0 || it.difference() || it.compared() {
			continue
		}
		if b, ok := c.opened(i, c.following(i)); ok {
			c.weigh(b)
		}
		if b, ok := c.opened(i, c.beyondBracket(i)); ok {
			c.weigh(b)
		}
		if b, ok := closing(it); ok {
			c.weigh(b)
		}
	}
}

// opened returns the breakdown of the item at i into those that follow, if there is one.
func (c *inquiry) opened(i int, next []*item) (breakdown, bool) {
	w := c.items[i]
	b := breakdown{whole: w}
	if len(next) == 0 {
		return b, false
	}
	kind, ok := opener(w, next[0])
	if !ok {
		return b, false
	}
	b.complete = kind == all
	b.named = has(w.s.in.words(w.End, next[0].Start), "其中")
	b.collect(next)
	return b, len(b.parts) > 0
}

// following returns the items after the one at i that may be its parts: those of its
// sentence, or, when it is the last there, of a later sentence of the passage.
func (c *inquiry) following(i int) []*item {
	w := c.items[i]
	var next []*item
	for _, it := range c.items[i+1:] {
		if it.s.in != w.s.in || len(next) > 0 && it.s != next[0].s {
			break
		}
		if len(next) == 0 && it.s == w.s && (it.Kind == quantity.Percent || it.difference() || it.compared()) {
			continue // 17件，办结率100%，其中; 47件，较上年增加42件。其中; 60条，较上年的50条增长20%。其中
		}
		next = append(next, it)
	}
	return next
}

// beyondBracket returns the items after a bracket that follows the item at i: 177件（含上年
// 结转3件），其中……. There are none unless a bracket follows.
func (c *inquiry) beyondBracket(i int) []*item {
	next := c.following(i)
	depth := c.items[i].depth
	n := 0
	for n < len(next) && next[n].depth > depth && next[n].s == c.items[i].s {
		n++
	}
	if n == 0 {
		return nil
	}
	return next[n:]
}

// announced says how a list of parts is announced.
type announced int

// The announcements.
const (
	some announced = iota // 其中, 包括
	all                   // 分别为
)

// opener reports whether the words between a total and the next number announce parts.
func opener(w, first *item) (announced, bool) {
	p := w.s.in
	gap := p.words(w.End, first.Start)
	if inside, after, bracketed := strings.Cut(gap, "）"); bracketed && first.depth == w.depth {
		outside, _, _ := strings.Cut(inside, "（")
		gap = outside + after // 90件（含上年结转），其中……; 300条，其中：（1）……
	}
	if _, beyond, later := strings.Cut(gap, "。"); later {
		return some, openerBeyond(w, beyond)
	}
	switch {
	case has(gap, "比上", "同比", "增长", "增加", "减少"):
		return some, has(gap, "其中") && strings.LastIndex(gap, "其中") > strings.LastIndex(gap, "增")
	case has(gap, complete...):
		return all, true
	case has(gap, openers...):
		return some, !has(strings.ReplaceAll(gap, "其中一季度", ""), "其中一", "不含")
	}
	for _, mark := range []string{"：", "（", "——"} {
		tail, _, found := strings.Cut(gap, mark)
		if found && utf8.RuneCountInString(tail) <= 10 && !has(gap, "一是", "增", "减", "同比", "占") {
			return some, true
		}
	}
	return some, false
}

// openerBeyond reports whether a later sentence takes a total up again: 其中, or 在主动公开
// 的信息中.
func openerBeyond(w *item, words string) bool {
	if i := strings.LastIndex(words, "。"); i >= 0 {
		words = words[i+len("。"):]
	}
	if strings.HasPrefix(words, "其中") {
		return true
	}
	if i := strings.Index(words, "，其中，"); i >= 0 && strings.Count(words, "，") < 6 {
		return has(w.own+w.tail, "公开", "发布")
	}
	within, _, taken := strings.Cut(words, "中，")
	opens := strings.HasPrefix(within, "在") || strings.HasPrefix(within, "所有") || strings.HasPrefix(within, "上述")
	return taken && opens && has(within, "信息", "申请", "答复") && has(w.own+w.tail, "公开", "发布", "收到")
}

// collect takes the items that may be parts of the whole, up to words of another matter.
func (b *breakdown) collect(next []*item) {
	depth := next[0].depth
	for i, it := range next {
		switch {
		case it.depth < depth:
			return // the bracket closed
		case it.depth > depth || it.Kind != quantity.Count:
			continue
		case i > 0 && it.turns():
			b.cut = true
			return
		case it.Unit != b.whole.Unit && it.Unit != "":
			b.mixed = true
			b.listed = append(b.listed, it)
			continue
		case !it.exact() || it.High != it.Value || it.difference():
			b.mixed = true
			continue
		}
		b.parts = append(b.parts, it)
		b.listed = append(b.listed, it)
	}
}

// turns reports whether another list or another matter begins with an item.
func (it *item) turns() bool {
	nested := has(it.gap, "其中", "分别", "包括", "包含") && !has(it.gap, "；其中")
	return nested || has(it.gap, turns...) || has(it.own, "共计", "总计", "合计") && filler(it.own)
}

// totals are the words before a number that ends a list as its total: 6件、11件，共17件.
var totals = []string{"以上", "两者", "两项", "各项", "全部", "总", "共计", "合计", "共有", "共", "计", "，", "、"}

// closing returns the breakdown that an item ends as a total.
func closing(w *item) (breakdown, bool) {
	b := breakdown{whole: w, complete: true}
	if w.index < 2 || !has(w.own, "共", "合计", "总计") || !madeOf(w.gap, totals) || utf8.RuneCountInString(w.tail) > 2 {
		return b, false
	}
	for _, it := range w.s.items[:w.index] {
		switch {
		case !it.exact() || it.Unit != w.Unit || it.depth != w.depth:
			b.parts = nil
			b.mixed = b.mixed || it.Kind == quantity.Count && it.depth == w.depth && it.Unit != w.Unit
			continue
		case has(it.gap, openers...):
			return b, false
		}
		b.parts = append(b.parts, it)
	}
	return b, len(b.parts) >= 2
}

// weigh judges a breakdown.
func (c *inquiry) weigh(b breakdown) {
	if n := b.prefix(); n > 0 {
		b.parts = b.parts[:n]
		c.add(c.weighed(b, OK, i18n.M("annual.narrative.sum.ok", "total", b.whole.printed())))
		return
	}
	if all := (breakdown{whole: b.whole, parts: b.listed}); b.mixed && all.prefix() == len(b.listed) && len(b.listed) > 1 {
		c.add(c.weighed(all, OK, i18n.M("annual.narrative.sum.ok", "total", b.whole.printed())))
		return
	}
	if b.larger() || b.stages() {
		return
	}
	for _, group := range b.groups() {
		g := b
		g.parts = group
		if j, ok := c.weighGroup(g, len(group) == len(b.parts)); ok {
			c.add(j)
		}
	}
}

// prefix returns how many parts, at least two and counted from the first, add up to the
// whole; 0 if none do. Fewer than all count only where the list turns to another division
// behind them.
func (b breakdown) prefix() int {
	var total decimal.Decimal
	for i, p := range b.parts {
		total += p.Value
		if total == b.whole.Value && i > 0 && (i+1 == len(b.parts) || b.turnsAfter(i)) {
			return i + 1
		}
	}
	return 0
}

// turnsAfter reports whether another list begins behind part i: after a semicolon, after a
// comma where the parts before were joined by 、, or with words of another division.
func (b breakdown) turnsAfter(i int) bool {
	joint, next := b.parts[i].joint(), b.parts[i+1].joint()
	return next == '；' || joint == '、' && next != '、' ||
		b.division(b.parts[i]) != b.division(b.parts[i+1])
}

// joint returns the mark that parts an item from the number before it.
func (it *item) joint() rune {
	for _, r := range it.gap {
		switch r {
		case '、', '，', '；', '。', '和', '及':
			return r
		}
	}
	return 0
}

// division is what a part divides the whole by. Requests that came in through a website
// came in by a channel.
func (b breakdown) division(p *item) division {
	d := divisionOf(p.own + p.tail)
	if d == noDivision && has(b.whole.own+b.whole.tail, "申请") && has(p.own, channels...) {
		return byChannel
	}
	if d == byMedium && has(b.whole.own+b.whole.tail, "申请") {
		return byChannel
	}
	return d
}

// stages reports whether the parts are steps a case goes through one after the other: 其中
// 受理121件，审结118件. They need not add up.
func (b breakdown) stages() bool {
	for _, p := range b.parts {
		if has(p.own, "受理", "审结", "办结", "答复", "回复", "整改", "采纳", "完成", "通过审", "结转", "立案", "参加", "合格", "满意", "好评", "即办", "按时", "按期", "网办") {
			return true
		}
	}
	return false
}

// larger reports whether the parts belong to another total: one of them is larger than what
// seems the whole, or they add up to an earlier number of the sentence, or to the whole with
// it (9件，上年结转1件，其中网络申请5件，信函申请5件). After 其中 a part larger than the only
// number before it is a mistake.
func (b breakdown) larger() bool {
	var total, most decimal.Decimal
	for _, p := range b.parts {
		total, most = total+p.Value, max(most, p.Value)
	}
	sum, alone := b.whole.Value, true
	for i := b.whole.index - 1; i >= 0; i-- {
		it := b.whole.s.items[i]
		if it.Kind != quantity.Count || it.Unit != b.whole.Unit {
			continue
		}
		alone = false
		sum += it.Value
		if it.Value == total || sum == total {
			return true
		}
	}
	return most > b.whole.Value && !(b.named && alone)
}

// groups parts the list where it changes what it divides by: at a semicolon, or from
// applicants to channels to outcomes.
func (b breakdown) groups() [][]*item {
	var groups [][]*item
	last, even := noDivision, b.semicolons()
	for i, p := range b.parts {
		d := b.division(p)
		rest := i+1 == len(b.parts) && d == noDivision && has(p.own, "其他", "其它", "其余")
		if i == 0 || !even && strings.Contains(p.gap, "；") || d != last && !rest {
			groups = append(groups, nil)
		}
		last = d
		groups[len(groups)-1] = append(groups[len(groups)-1], p)
	}
	return groups
}

// semicolons reports whether a semicolon stands between all of at least three parts, so that
// it parts no groups: 100条；150条；50条.
func (b breakdown) semicolons() bool {
	for _, p := range b.parts[min(1, len(b.parts)):] {
		if !strings.Contains(p.gap, "；") {
			return false
		}
	}
	return len(b.parts) > 2
}

// division is what a list of parts divides a total by.
type division int

// The divisions.
const (
	noDivision division = iota
	byApplicant
	byChannel
	byOutcome
	byCarry
	byMedium
)

func divisionOf(words string) division {
	switch {
	case has(words, "自然人", "公民", "法人", "企业", "法律服务", "公益组织", "科研机构"):
		return byApplicant
	case has(words, "结转", "新收"):
		return byCarry
	case outcomesIn(words) != nil:
		return byOutcome
	case has(words, "信函", "当面", "网络申请", "网上申请", "邮寄", "在线", "电子邮件", "传真", "提交"):
		return byChannel
	case has(words, "网站", "微信", "微博", "公众号", "抖音", "客户端", "公报", "新媒体", "方式", "渠道"):
		return byMedium
	}
	return noDivision
}

// weighGroup judges one list of parts that does not add up to the whole in some prefix.
func (c *inquiry) weighGroup(b breakdown, only bool) (Judgement, bool) {
	var total decimal.Decimal
	for _, p := range b.parts {
		total += p.Value
	}
	w := b.whole.Value
	switch {
	case len(b.parts) < 2 && total <= w:
		return Judgement{}, false
	case total == w:
		return c.weighed(b, OK, i18n.M("annual.narrative.sum.ok", "total", b.whole.printed())), true
	case total > w:
		v := Error
		if !only || b.cut || len(b.parts) < 2 || b.overlap() || !has(b.whole.own+b.whole.tail, reported...) {
			v = Explain
		}
		if len(b.parts) < 2 && (!only || b.mixed) {
			return Judgement{}, false
		}
		return c.weighed(b, v, i18n.M("annual.narrative.sum.over", "total", b.whole.printed(), "sum", total.String())), true
	case !only || b.cut || b.mixed || !b.exhaustive():
		return Judgement{}, false
	}
	return c.weighed(b, Error, i18n.M("annual.narrative.sum.short", "total", b.whole.printed(), "sum", total.String())), true
}

// reported are the things whose kinds reports list without overlap. Of others, such as
// cases handled, one may fall under two kinds.
var reported = []string{
	"公开", "发布", "信息", "解读", "申请", "建议", "提案", "文件", "推送", "更新", "刊发", "培训", "会议", "文章", "复议", "诉讼", "新媒体", "答复", "办结", "人员", "次",
}

// overlap reports whether the parts may count one thing twice: what was published on
// several channels, or interpreted in several forms.
func (b breakdown) overlap() bool {
	interpreted := 0
	for _, p := range b.parts {
		if b.division(p) == byMedium {
			return true
		}
		if has(p.own, "解读") {
			interpreted++
		}
	}
	return interpreted > 1
}

// exhaustive reports whether the wording shows that the parts are all there are: 分别为, a
// last part called the rest, a pair that leaves nothing out.
func (b breakdown) exhaustive() bool {
	last := b.parts[len(b.parts)-1]
	if has(last.tail, "等") {
		return false
	}
	switch {
	case has(last.own, "其他处理"):
		return len(b.parts) > 4 && has(b.whole.own, "办结", "答复", "办理")
	case b.complete, has(last.own, "其他", "其它", "其余"):
		return true
	}
	pairs := [][2]string{{"建议", "提案"}, {"自然人", "法人"}, {"复议", "诉讼"}}
	if len(b.parts) != 2 {
		return false
	}
	for _, pair := range pairs {
		a, z := b.parts[0].own, last.own
		if has(a, pair[0]) && has(z, pair[1]) || has(a, pair[1]) && has(z, pair[0]) {
			return !has(b.whole.tail, "等")
		}
	}
	return false
}

// weighed writes the judgement on a breakdown.
func (c *inquiry) weighed(b breakdown, v Verdict, m i18n.Message) Judgement {
	var terms []string
	var total decimal.Decimal
	quotes := []check.Quote{b.whole.quote()}
	for i, p := range b.parts {
		terms = append(terms, p.Value.String())
		total += p.Value
		if i < 12 {
			quotes = append(quotes, p.quote())
		}
	}
	working := strings.Join(terms, "+")
	if len(b.parts) > 1 {
		working += "=" + total.String()
	}
	if v != OK {
		working += "≠" + b.whole.Value.String()
	} else if len(b.parts) == 1 {
		working += "=" + b.whole.Value.String()
	}
	j := Judgement{Verdict: v, Code: contradictions, Message: m, Working: working, Places: quotes}
	if v != OK {
		j.Advice = i18n.M("annual.narrative.sum.advice")
	}
	return j
}
