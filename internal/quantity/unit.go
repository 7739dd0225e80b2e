package quantity

import (
	"math"
	"strings"

	"gongkai/internal/decimal"
)

// units are the classifiers and units of reports, longer ones first among those that begin
// alike.
var units = map[rune][]string{
	'件': {"件次", "件"}, '条': {"条次", "条"}, '项': {"项次", "项"},
	'个': {"个百分点", "个"}, '次': {"次"}, '人': {"人次", "人"}, '元': {"元"},
	'篇': {"篇次", "篇"}, '期': {"期"}, '份': {"份"}, '场': {"场次", "场"}, '名': {"名"},
	'位': {"位"}, '家': {"家"}, '部': {"部"}, '起': {"起"}, '宗': {"宗"}, '批': {"批次", "批"}, '册': {"册"},
	'本': {"本"}, '张': {"张"}, '幅': {"幅"}, '则': {"则"}, '类': {"类"}, '种': {"种"}, '处': {"处"},
	'套': {"套"}, '轮': {"轮"}, '户': {"户"}, '封': {"封"}, '通': {"通"}, '例': {"例"}, '卷': {"卷"},
	'页': {"页"}, '字': {"字"}, '点': {"点"}, '组': {"组"}, '支': {"支"}, '辆': {"辆"}, '台': {"台"},
	'座': {"座"}, '间': {"间"}, '块': {"块"}, '只': {"只"}, '道': {"道"}, '票': {"票"}, '公': {"公里"},
	'平': {"平方米"},
}

// unit returns the classifier at i.
func (s *scanner) unit(i int) (string, bool) {
	for _, u := range units[s.rune(i)] {
		if _, ok := s.has(i, u); ok {
			return u, true
		}
	}
	return "", false
}

// finish reads multiplier, unit and bound around a number and records it. Money is kept in
// the unit it was printed in, 元 or 万元, because forms state one and texts the other; 亿元
// becomes 万元.
func (s *scanner) finish(start int, v decimal.Decimal, m scaled) {
	q := Quantity{Kind: Count, Bound: Exact, Start: start, End: m.end}
	s.at = max(s.at, m.end)
	i := s.skip(m.end)
	if r := s.rune(i); (r == '%' || r == '％') && m.factor == 1 {
		q.Kind, q.Unit, q.End = Percent, "%", i+1
	} else if r == '‰' {
		s.at = i + 1
		return
	} else if u, ok := s.unit(i); ok {
		q.Unit = u
		q.End, _ = s.has(i, u)
	}
	factor := m.factor
	if q.Unit == "元" && factor >= 10_000 {
		q.Unit, factor = "万元", factor/10_000
	}
	if int64(v) > math.MaxInt64/10/factor {
		return
	}
	q.Value = v * decimal.Decimal(factor)
	q.High = q.Value
	s.at = max(s.at, q.End)
	s.upper(&q)
	q.Bound = s.boundAround(&q, m.bound)
	s.found = append(s.found, q)
}

// upper reads the far end of a range: 3-5次, 3至5次.
func (s *scanner) upper(q *Quantity) {
	i := s.skip(q.End)
	if q.Unit != "" || !(hyphen(s.rune(i)) || s.rune(i) == '至' || s.rune(i) == '到') {
		return
	}
	n, ok := s.figures(s.skip(i + 1))
	if !ok || n.end == n.start || n.value < q.Value {
		return
	}
	u, ok := s.unit(s.skip(n.end))
	if !ok {
		return
	}
	q.High, q.Unit = n.value, u
	q.End, _ = s.has(s.skip(n.end), u)
	s.at = q.End
}

// before and after are the words that bound a number.
var (
	boundsBefore = []struct {
		word  string
		bound Bound
	}{
		{"不超过", AtMost}, {"不多于", AtMost}, {"不高于", AtMost}, {"不少于", AtLeast}, {"不低于", AtLeast},
		{"不足", AtMost}, {"不到", AtMost}, {"少于", AtMost}, {"至少", AtLeast}, {"超过", AtLeast},
		{"突破", AtLeast}, {"超", AtLeast}, {"逾", AtLeast}, {"高于", AtLeast}, {"多于", AtLeast},
		{"大约", About}, {"大概", About}, {"约", About}, {"将近", About}, {"接近", About}, {"近", About},
	}
	boundsAfter = []struct {
		word  string
		bound Bound
	}{
		{"以上", AtLeast}, {"左右", About}, {"上下", About}, {"以内", AtMost}, {"以下", AtMost}, {"之内", AtMost},
	}
)

// boundAround tells how q is bounded and widens it over the words that say so.
func (s *scanner) boundAround(q *Quantity, inside Bound) Bound {
	b := s.boundBefore(&q.Start)
	if b == Exact && inside != "" {
		b = inside
	}
	i := s.skip(q.End)
	for _, w := range boundsAfter {
		if end, ok := s.has(i, w.word); ok {
			q.End = end
			s.at = max(s.at, end)
			return w.bound
		}
	}
	return b
}

// boundBefore returns the bound the word before *start gives and moves *start before it.
func (s *scanner) boundBefore(start *int) Bound {
	end := s.before(*start) + 1
	from := max(0, end-3)
	tail := string(s.text[from:end])
	for _, w := range boundsBefore {
		if strings.HasSuffix(tail, w.word) {
			*start = end - len([]rune(w.word))
			return w.bound
		}
	}
	return Exact
}

// nones are the words that say there was nothing of what follows. 无 and 没有 alone need a
// noun of these reports behind them, because 无障碍, 无法, 无正当理由 deny something else.
var (
	nones = []string{
		"未收到", "未收取", "未收过", "未接到", "未接收到", "未接收", "未受理", "未发生", "未产生", "未出现", "未制发", "未制定",
		"未出台", "未新制发", "未新收", "未开展", "未被", "未有", "未涉及", "未引发", "未引起", "未提起", "未出现", "未提供", "未实施", "未作出", "未结转", "未办理", "未征收",
		"未对", "未因", "未向", "未印发", "未废止", "未新增", "未新制定", "未曾", "没有收到", "没有接到", "没有发生", "没有产生", "没有出现", "没有受理",
		"没有收取", "没有被", "没有因", "没有行政", "没有政府", "没有信息", "没有依申请", "没有申请", "没有公民", "没有任何", "没有结转", "没有涉及", "没有制发", "没有制定", "没有出台",
		"没收到", "没接到", "没有群众", "没有公众", "没有人", "无人", "无群众", "无公众",
		"无被", "无因", "无行政", "无政府信息", "无信息公开", "无信息处理", "无依申请", "无申请", "无公开申请", "无收取", "无收费", "无规章",
		"无规范性", "无下年", "无需结转", "无本年", "无新制", "无新收", "无结转", "无上年", "无上一年", "无涉及", "无复议", "无诉讼", "无公民", "无相关", "无此类", "无该", "无任何", "无产生", "无发生", "无制发",
	}
	zeros = []string{"零申请", "零投诉", "零复议", "零诉讼", "零收费"}
)

// none reads a word that denies.
func (s *scanner) none() {
	if end, ok := s.nothing(); ok {
		s.found = append(s.found, Quantity{Kind: None, Bound: Exact, Start: s.at, End: end})
		s.at = end
		return
	}
	s.at++
}

// nothing returns where the denial at s.at ends. 均无 and 为零 deny what stands before them.
func (s *scanner) nothing() (int, bool) {
	before := s.rune(s.before(s.at))
	switch s.rune(s.at) {
	case '零':
		for _, w := range zeros {
			if _, ok := s.has(s.at, w); ok {
				return s.at + 1, true
			}
		}
		return s.at + 1, before == '为' && !counted(s.rune(s.skip(s.at+1)))
	case '无':
		if before == '均' || before == '皆' {
			return s.at + 1, true
		}
	}
	for _, w := range nones {
		if end, ok := s.has(s.at, w); ok {
			return end, true
		}
	}
	return s.at, false
}

// counted reports whether r goes on with a number or a word after 零: 为零距离.
func counted(r rune) bool {
	return r != 0 && r != '，' && r != '。' && r != '；' && r != '、' && r != '件' && r != '）'
}
