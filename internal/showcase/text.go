package showcase

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"gongkai/internal/date"
)

// Text is one made-up document before anybody has worked on it.
type Text struct {
	Section string // key of the section it belongs in
	Title   string
	Summary string
	HTML    string
	Genre   string // key of the genre, "" for none
	Theme   string // name of the subject class
	Number  string // document number, "" for none
	Formed  date.Date
}

// subject is a matter a body deals with: what its documents are about.
type subject struct {
	name    string // 养老服务
	act     string // 提升养老服务质量
	target  string // 养老机构和居家老年人
	measure [3]string
	theme   string
	section string // section of its implementation reports
}

// maker makes the documents of one body, the same ones at every start.
type maker struct {
	body
	random *rand.Rand
	serial map[int]int // of document numbers, by year
}

func newMaker(b body) *maker {
	seed := uint64(0)
	for _, r := range b.Name {
		seed = seed*131 + uint64(r)
	}
	return &maker{b, rand.New(rand.NewPCG(seed, 20)), map[int]int{}}
}

func (m *maker) number(year int) string {
	m.serial[year]++
	return fmt.Sprintf("%s〔%d〕%d号", m.Prefix, year, m.serial[year])
}

func (m *maker) pick(words ...string) string { return words[m.random.IntN(len(words))] }

func (m *maker) between(low, high int) int { return low + m.random.IntN(high-low+1) }

// kinds are the kinds of documents a body makes, each as often as it stands here.
var kinds = []func(*maker, subject, date.Date) Text{
	(*maker).news, (*maker).news, (*maker).news, (*maker).notice, (*maker).notice, (*maker).progress, (*maker).progress,
	(*maker).statistics, (*maker).inspection, (*maker).purchase, (*maker).service, (*maker).plan,
}

// Texts makes count documents formed between two days, in the order of those.
func (m *maker) Texts(count int, from, to date.Date) []Text {
	span := to.Days(from)
	var all []Text
	for i := range count {
		day := from.Plus(span * i / count)
		for !working(day) {
			day = day.Plus(-1)
		}
		s := m.Subjects[i%len(m.Subjects)]
		all = append(all, kinds[m.random.IntN(len(kinds))](m, s, day))
	}
	return all
}

// working is a plain Monday to Friday: the texts need no more.
func working(d date.Date) bool { return d.Weekday() != 0 && d.Weekday() != 6 }

func paragraphs(all ...string) string {
	var b strings.Builder
	for _, p := range all {
		if p != "" {
			b.WriteString("<p>" + p + "</p>\n")
		}
	}
	return b.String()
}

func table(head []string, rows [][]string) string {
	var b strings.Builder
	b.WriteString("<table><thead><tr>")
	for _, h := range head {
		b.WriteString("<th scope=\"col\">" + h + "</th>")
	}
	b.WriteString("</tr></thead><tbody>")
	for _, row := range rows {
		b.WriteString("<tr>")
		for _, c := range row {
			b.WriteString("<td>" + c + "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>\n")
	return b.String()
}

func (m *maker) news(s subject, day date.Date) Text {
	place := m.pick("样例区", "东湖街道", "青石镇", "城南社区", "高新园区")
	what := m.pick("召开"+s.name+"工作推进会", "到"+place+"调研"+s.name+"工作", "开展"+s.name+"政策宣传活动", "组织"+s.name+"业务培训")
	return Text{
		Section: "news", Title: m.Short + what, Theme: s.theme, Formed: day,
		Summary: fmt.Sprintf("%s%s%s，研究部署下一步工作。", day.Chinese(), m.Short, what),
		HTML: paragraphs(
			fmt.Sprintf("%s，%s%s。有关科室和基层单位共%d人参加。", day.Chinese(), m.Short, what, m.between(18, 160)),
			fmt.Sprintf("会议指出，今年以来，全市围绕%s，着力%s，服务对象满意度比去年提高%d.%d个百分点。", s.act, s.measure[0], m.between(1, 6), m.between(0, 9)),
			fmt.Sprintf("会议要求，要%s，%s，把群众反映较多的问题列出清单，逐项明确责任人和完成时限。", s.measure[1], s.measure[2]),
		),
	}
}

func (m *maker) notice(s subject, day date.Date) Text {
	what := m.pick("申报工作", "集中登记", "服务安排调整", "名单公示", "受理时间调整")
	days := m.between(5, 15)
	return Text{
		Section: "notices", Title: fmt.Sprintf("关于%s%s的公告", s.name, what), Genre: "announcement", Theme: s.theme, Formed: day,
		Number:  fmt.Sprintf("公告%d年第%d号", day.Year(), m.between(1, 60)),
		Summary: fmt.Sprintf("就%s%s的对象、时间和办理方式作出说明。", s.name, what),
		HTML: paragraphs(
			fmt.Sprintf("为%s，现就%s%s有关事项公告如下：", s.act, s.name, what),
			fmt.Sprintf("一、对象。%s。", s.target),
			fmt.Sprintf("二、时间。自%s起%d日内，工作日上午9时至12时，下午1时30分至5时。", day.Plus(3).Chinese(), days),
			"三、方式。可以到政务服务大厅"+s.name+"窗口办理，也可以邮寄材料。不会使用智能设备的老年人，由窗口工作人员协助填写。",
			"四、咨询。对办理结果有疑问的，可以在公示期内向本机关政府信息公开工作机构反映。",
		),
	}
}

func (m *maker) progress(s subject, day date.Date) Text {
	last := day.Plus(-day.Day()) // a report is of the quarter that is over
	for last.Month()%3 != 0 {
		last = last.Plus(-last.Day())
	}
	quarter := last.Month() / 3
	return Text{
		Section: s.section, Title: fmt.Sprintf("%d年第%s季度%s工作实施情况", last.Year(), [...]string{"一", "二", "三", "四"}[quarter-1], s.name),
		Theme: s.theme, Formed: day, Genre: "report",
		Summary: fmt.Sprintf("%s政策、措施在%d年第%d季度的实施情况。", s.name, last.Year(), quarter),
		HTML: paragraphs(
			fmt.Sprintf("本季度，%s按照年度计划，继续%s。", m.Short, s.act),
			fmt.Sprintf("（一）%s。累计服务%d人次，办结%d件。", s.measure[0], m.between(400, 9000), m.between(30, 600)),
			fmt.Sprintf("（二）%s。安排资金%d.%d万元，惠及%s。", s.measure[1], m.between(20, 900), m.between(0, 9), s.target),
			fmt.Sprintf("（三）%s。发现并整改问题%d个。", s.measure[2], m.between(2, 40)),
		),
	}
}

func (m *maker) statistics(s subject, day date.Date) Text {
	last := day.Plus(-day.Day()) // numbers are of the month that is over
	var rows [][]string
	for _, unit := range []string{"市本级", "样例区", "东湖街道", "青石镇"} {
		rows = append(rows, []string{unit, fmt.Sprint(m.between(20, 400)), fmt.Sprint(m.between(500, 8000)), fmt.Sprintf("%d.%d", m.between(1, 15), m.between(0, 9))})
	}
	return Text{
		Section: "stats", Title: fmt.Sprintf("%d年%d月%s统计数据", last.Year(), last.Month(), s.name), Theme: "综合政务\\其他", Formed: day,
		Summary: fmt.Sprintf("全市及各片区%d月%s主要指标。", last.Month(), s.name),
		HTML: paragraphs(fmt.Sprintf("现将%d年%d月%s主要统计数据公布如下。", last.Year(), last.Month(), s.name)) +
			table([]string{"地区", "机构（个）", "服务人次", "同比增长（%）"}, rows) + paragraphs("注：数据为当月末时点数，同比为与上年同月比较。"),
	}
}

func (m *maker) inspection(s subject, day date.Date) Text {
	checked := m.between(20, 90)
	bad := m.between(0, 9)
	return Text{
		Section: "inspection", Title: fmt.Sprintf("%s“双随机、一公开”检查结果（%d年第%d批）", s.name, day.Year(), m.between(1, 8)),
		Theme: s.theme, Formed: day, Genre: "circular",
		Summary: fmt.Sprintf("抽查%d家，发现问题%d家。", checked, bad),
		HTML: paragraphs(
			fmt.Sprintf("按照年度抽查计划，%s随机抽取%d家单位，由%d名执法人员进行了检查。", m.Short, checked, m.between(4, 20)),
			fmt.Sprintf("检查结果为：未发现问题%d家，发现问题已责令改正%d家。", checked-bad, bad),
			"检查对象对结果有异议的，可以自公布之日起五个工作日内书面提出。",
		),
	}
}

func (m *maker) purchase(s subject, day date.Date) Text {
	return Text{
		Section: "procurement", Title: fmt.Sprintf("%s%s服务项目采购结果公告", m.Short, s.name), Theme: "财政、金融、审计\\财政", Formed: day,
		Genre:   "announcement",
		Summary: fmt.Sprintf("%s服务项目的中标单位和金额。", s.name),
		HTML: paragraphs(fmt.Sprintf("项目名称：%s%s服务项目。采购方式：公开招标。", m.Short, s.name)) +
			table([]string{"包号", "中标单位", "金额（万元）"}, [][]string{
				{"1", "示范" + m.pick("甲", "乙", "丙") + "服务有限公司", fmt.Sprintf("%d.%02d", m.between(10, 300), m.between(0, 99))},
				{"2", "样例" + m.pick("丁", "戊", "己") + "科技有限公司", fmt.Sprintf("%d.%02d", m.between(10, 300), m.between(0, 99))},
			}) + paragraphs("公告期限为一个工作日。"),
	}
}

func (m *maker) service(s subject, day date.Date) Text {
	return Text{
		Section: "license", Title: s.name + "事项办理指南", Theme: s.theme, Formed: day,
		Summary: fmt.Sprintf("%s事项的依据、条件、程序、材料和时限。", s.name),
		HTML: "<h2>一、办理对象</h2>\n" + paragraphs(s.target+"。") +
			"<h2>二、办理材料</h2>\n<ol><li>申请表（现场领取，也可以下载）；</li><li>身份证明，现场核对后退还；</li><li>与" + s.name + "有关的说明材料。</li></ol>\n" +
			"<h2>三、办理程序</h2>\n" + paragraphs("申请、受理、核实、决定、送达。材料不齐的，当场一次告知需要补正的内容。") +
			"<h2>四、办理时限</h2>\n" + paragraphs(fmt.Sprintf("自受理之日起%d个工作日。", m.between(3, 15))) +
			"<h2>五、收费</h2>\n" + paragraphs("不收费。"),
	}
}

func (m *maker) plan(s subject, day date.Date) Text {
	n := m.number(day.Year())
	return Text{
		Section: "rules", Title: fmt.Sprintf("%s关于印发《示范市%s管理办法》的通知", m.Name, s.name), Theme: s.theme, Genre: "notice",
		Number: n, Formed: day,
		Summary: fmt.Sprintf("规定%s的职责分工、服务标准和监督管理。", s.name),
		HTML: paragraphs("各有关单位：",
			fmt.Sprintf("《示范市%s管理办法》已经集体审议通过，现印发给你们，请认真执行。", s.name)) +
			"<h2>第一章 总则</h2>\n" + paragraphs(
			fmt.Sprintf("第一条 为%s，结合本市实际，制定本办法。", s.act),
			fmt.Sprintf("第二条 本办法适用于本市行政区域内的%s。", s.target)) +
			"<h2>第二章 服务和管理</h2>\n" + paragraphs(
			"第三条 各单位应当"+s.measure[0]+"。",
			"第四条 各单位应当"+s.measure[1]+"。",
			"第五条 各单位应当"+s.measure[2]+"。") +
			"<h2>第三章 附则</h2>\n" + paragraphs(
			fmt.Sprintf("第六条 本办法自%s起施行，有效期五年。", day.Plus(35).Chinese())),
	}
}
