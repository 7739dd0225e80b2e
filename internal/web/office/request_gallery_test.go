package office

import (
	"net/http"

	"gongkai/internal/web"
)

// requestScenes are the pages of requests with made-up content; TestRequests walks them over real
// records.
var requestScenes = []scene{
	{"request", "request", requestScene},
	{"request-clock", "request", func(o *Office, r *http.Request) any {
		p := requestScene(o, r).(*requestPage)
		p.Days = true
		return p
	}},
	{"request-letter", "letter", letterScene},
	{"request-outcomes", "outcome", func(o *Office, r *http.Request) any {
		return &outcomePage{Page: o.page(r, "拟定处理决定"), Lead: "选择一种处理结果。", Groups: []outcomeGroup{{Title: "公开", Choices: []outcomeChoice{
			{Name: "予以公开", When: "找到了信息，可以全部提供。", Cite: "条例第三十六条第（二）项", Href: "#", Needs: []string{"要提供的信息"}}, {Name: "逾期不补正", When: "逾期没有补正。", Off: "期限届满自动产生"}}}}}
	}},
	{"request-link", "link", func(o *Office, r *http.Request) any {
		return &tokenPage{Page: o.page(r, "协办链接"), Name: "规划科", Secret: "https://www.example.gov.cn/colleague.html#示例", Next: "#"}
	}},
}

func requestScene(o *Office, r *http.Request) any {
	p := &requestPage{Page: o.page(r, "2025年度养老服务补贴发放明细"), State: &Badge{"办理中", Wait}, Lead: "202600012 · 获取政府信息 · 互联网 · 甲**"}
	p.Crumb("依申请公开", "#")
	p.Tabs = &Tabs{Label: "这件申请的各页", Tabs: []Tab{{Text: "办理", Href: "#", On: true}, {Text: "期限逐日计算", Href: "#"}}}
	p.Said, p.Next = "还没有承办人。请交办给部门或者承办人。", []Tool{{Text: "交办", Href: "#", Main: true}}
	p.Notices = []Notice{{"连同本件，已有 3 件申请要求公开同一信息。", Note}}
	p.Acts = []actGroup{{Title: "办理", Links: []actLink{{Text: "登记检索情况", Href: "#", Note: "条例第三十六条第（四）项"}, {Text: "改标题", Href: "#"}}}}
	p.Cards = []Card{{ID: "what", Title: "申请内容", Facts: []Fact{{Label: "内容描述", Value: "2025年度各区养老服务补贴发放对象数量和金额。"}}}}
	p.Reveal = "#"
	p.Events = []Event{{When: "2026-11-20", Title: "登记", Who: "示例员甲"}}
	p.Clock = &clockView{Printer: p.Printer, Due: "2026年12月18日", Left: Badge{"还有 19 个工作日", Plain}, Certain: "日期确定。", Sure: true, Span: "2026-11-20 收到", Full: "#",
		Limits: []Fact{{Label: "告知补正最迟", Value: "2026-12-01", Badge: &Badge{"进行中", Wait}}},
		Steps:  []clockStep{{When: "2026-11-23 — 2026-12-18", Text: "答复期限", Days: "20", Effect: "计入", Cite: "条例第三十三条第二款", Tone: Good}},
		Months: []clockMonth{{Name: "2026年11月", Weeks: [][]clockDay{{{}, {}, {}, {}, {N: "20", Text: "收到", Tone: "event"}, {N: "21", Text: "周末", Tone: "rest"}, {N: "22", Text: "周末", Tone: "rest"}},
			{{N: "23", Text: "第1日", Tone: "counted", Full: "今天"}, {N: "24", Text: "不计", Tone: "excluded"}, {N: "25", Text: "届满", Tone: "due"}, {}, {}, {}, {}}}}}}
	return p
}

func letterScene(o *Office, r *http.Request) any {
	p := &letterPage{Page: o.page(r, "接收回执"), State: &Badge{"草稿", Wait}, Lead: "202600012", Said: "这是草稿。", Gaps: []web.Link{{Text: "缺联系电话", Href: "#"}}}
	p.Paper = paperView{Mark: "示范市民政局", Number: "示民依申请〔2026〕12号", Title: "政府信息公开申请接收回执", To: "甲某某：", Blocks: []paperBlock{{Text: "本机关于2026年11月20日收到您的申请。"}, {Text: "（一）说明", Head: true}}, Enclosures: []string{"名单"}, Signature: "示范市民政局", Date: "2026年11月23日", Seal: true}
	p.Editor = NewForm(p.Page, "#", Group{Fields: []Field{{Name: "slot-help", Label: "帮助", Kind: LongField, Value: "如有阅读困难，请告诉本机关。"}}})
	p.Editor.Buttons = []Button{{Text: "保存文字", Tone: "primary"}}
	p.Fixed = []Fact{{Label: "称谓", Value: "甲某某："}}
	p.Cards = []Card{{ID: "letter", Title: "文书信息", Facts: []Fact{{Label: "成文日期", Value: "2026-11-23"}}}}
	return p
}
