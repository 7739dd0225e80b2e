package narrative

import (
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/quantity"
)

// heard is a statement of how much was published.
type heard struct {
	it      *item
	channel string
	kind    string // what was published, in the text's words without verbs and fillers
	general bool   // all of it: 主动公开政府信息, 发布各类信息
}

// publishedWords are verbs and fillers around what was published.
var publishedWords = strings.NewReplacer(
	"主动公开", "", "公开发布", "", "累计发布", "", "发布", "", "公开", "", "推送", "", "发送", "", "更新", "", "编发", "", "刊发", "", "各类", "", "各种", "", "类", "",
	"全年", "", "今年", "", "本年度", "", "年度", "", "度", "", "累计", "", "共计", "", "总计", "", "合计", "", "共", "", "信息", "", "政府", "", "政务", "", "有关", "", "相关", "",
	"在", "", "通过", "", "利用", "", "门户网站", "", "官方网站", "", "网站", "", "平台", "", "我局", "", "我区", "", "我市", "", "我县", "", "我镇", "", "我办", "", "本机关", "", "上", "", "的", "", "了", "", "数量", "", "总数", "", "对外", "",
)

// published returns the statements on how much was published in the year.
func (c *inquiry) published() []heard {
	var hs []heard
	for _, it := range c.items {
		if it.Kind != quantity.Count || it.Bound != quantity.Exact || it.foreign || it.depth > 0 || it.Unit != "条" && it.Unit != "篇" {
			continue
		}
		words := it.own + it.tail
		if !has(words, "公开", "发布") || has(words, "依申请", "申请", "规范性文件", "解读") {
			continue
		}
		h := heard{it: it, channel: channelIn(it.own), kind: core(words)}
		h.general = h.kind == ""
		hs = append(hs, h)
	}
	return hs
}

// core returns what was published, without verbs, channel and year.
func core(words string) string {
	if _, after, found := strings.Cut(words, "其中"); found {
		words = after
	}
	words = strings.Map(func(r rune) rune {
		if isFigure(r) || r == '年' {
			return -1
		}
		return r
	}, words)
	return publishedWords.Replace(words)
}

// channelIn names the channel words speak of.
func channelIn(words string) string {
	for _, ch := range []string{"微信", "微博", "公报", "抖音", "视频号", "客户端", "头条", "公示栏", "专栏", "栏目", "专区", "报纸", "电视", "广播", "APP", "网站", "平台", "网"} {
		if strings.Contains(words, ch) {
			if ch == "网" {
				return "网站"
			}
			return ch
		}
	}
	return ""
}

// newsWords name a kind of what is published, not all of it.
var newsWords = []string{"新闻", "动态", "通知", "公告", "公示", "稿件", "资讯", "简讯"}

// meanings finds one large number given as all that was published in one sentence and as
// one kind of it in another (R-AR-24). Numbers below a hundred meet by chance.
func (c *inquiry) meanings() {
	hs := c.published()
	hs = hs[:min(len(hs), 200)] // a report has a dozen
	for i, a := range hs {
		for _, b := range hs[i+1:] {
			if a.it.Value != b.it.Value || a.it.Value < decimal.Int(100) || a.it.s == b.it.s || a.it.Unit != b.it.Unit {
				continue
			}
			if a.general == b.general || a.channel != b.channel && a.channel != "" && b.channel != "" {
				continue
			}
			if part := pick(a, b); !has(part.kind, newsWords...) {
				continue
			}
			c.add(Judgement{
				Verdict: Explain, Code: contradictions,
				Message: i18n.M("annual.narrative.meanings", "value", a.it.printed()),
				Working: a.it.Value.String() + "=" + b.it.Value.String(),
				Places:  []check.Quote{a.it.quote(), b.it.quote()},
				Advice:  i18n.M("annual.narrative.meanings.advice"),
			})
			return
		}
	}
}

// pick returns the one of two statements that is about a kind.
func pick(a, b heard) heard {
	if a.general {
		return b
	}
	return a
}

// totals compares the statements of all that was published in the year with each other, and
// with what one channel is said to have published of it.
func (c *inquiry) totals() {
	var first *item
	hs := c.published()
	for _, h := range hs {
		if !c.allPublished(h) {
			continue
		}
		if first == nil {
			first = h.it
			continue
		}
		if h.it.Value != first.Value && h.it.Unit == first.Unit && h.it.s != first.s && (h.it.said() == "" || h.it.said() != first.said()) {
			c.add(c.twoValues(first, h.it, Explain))
			return
		}
	}
	if first != nil {
		c.channelsAbove(first, hs)
	}
}

// channelsAbove reports the first channel that published more than all together. News on a
// channel need not be 政府信息; only what is said to be 公开 is held against the total.
func (c *inquiry) channelsAbove(total *item, hs []heard) {
	for _, h := range hs {
		it := h.it
		if h.channel == "" || it.s == total.s || it.Unit != total.Unit || it.Value <= total.Value ||
			!has(it.own, "公开政府信息", "公开信息", "公开各类") || has(it.own, "累计") || !madeOf(h.kind, ownNames) {
			continue
		}
		c.add(Judgement{
			Verdict: Explain, Code: contradictions,
			Message: i18n.M("annual.narrative.channel", "channel", h.channel, "part", it.printed(), "total", total.printed()),
			Working: it.Value.String() + ">" + total.Value.String(),
			Places:  []check.Quote{it.quote(), total.quote()},
			Advice:  i18n.M("annual.narrative.twice.advice"),
		})
		return
	}
}

// ownNames are the words by which a body speaks of itself beside those publishedWords strips.
var ownNames = []string{"全", "今", "本", "我街道", "街道", "办事处", "我厅", "我院", "我乡", "全镇", "全乡", "全市", "全县", "全区", "全省", "本单位", "我单位", "本镇", "本局", "市局", "县局", "区局", "局", "镇", "乡", "县", "市", "区", "省", "州", "向社会", "对外", "数", "量"}

// allPublished reports whether a statement is of all that the body published in the year:
// neither its own words nor those before it, in the sentence or the paragraph, speak of a
// channel or a kind.
func (c *inquiry) allPublished(h heard) bool {
	it := h.it
	if h.channel != "" || it.Unit != "条" || !has(it.own, "信息") || !madeOf(core(it.own), ownNames) || !filler(it.tail) || it.listed() {
		return false
	}
	head := strings.TrimSuffix(it.head, it.own)
	if i := strings.LastIndex(head, "："); i >= 0 {
		head = head[i+len("："):]
	}
	if name := c.report.Agency.Text; name != "" {
		head = strings.ReplaceAll(head, name, "")
	}
	if !madeOf(head, fillers, doings, ownNames, []string{"月", "日", "截至", "以来"}) {
		return false
	}
	before := it.s.before(200)
	if it.s.in.opens {
		_, before, _ = strings.Cut(before, "。")
	}
	return channelIn(before) == "" && !has(before, "公众号", "新媒体")
}
