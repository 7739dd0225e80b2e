package showcase

import (
	"fmt"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/legacy"
)

// perBody is how many documents each body brings along from its old site.
const perBody = 110

// makeTexts brings in what each body published before, by the same way a real one would.
func (b *builder) makeTexts() error {
	b.at(b.ago(21), 8, 0)
	for _, t := range b.bodies {
		m := newMaker(t.body)
		texts := m.Texts(perBody, b.today.Plus(-start), b.ago(24))
		rows := func(yield func(legacy.Row) bool) {
			serial := map[int]int{}
			for i, x := range texts {
				serial[x.Formed.Year()]++
				if !yield(legacy.Row{Where: fmt.Sprintf("%s:%d", t.Short, i+1), Record: t.record(x, serial[x.Formed.Year()])}) {
					return
				}
			}
		}
		names := map[string]string{}
		for key, id := range t.sections {
			names[key] = id
		}
		tally, err := b.Legacy.Run(b.ctx, b.program, rows, legacy.Options{Source: t.Short + "旧网站", Agency: t.agency.ID, Map: names})
		if err != nil {
			return err
		}
		if tally.Refused > 0 {
			return fmt.Errorf("%d texts of %s were refused", tally.Refused, t.Name)
		}
	}
	return nil
}

func (t *town) record(x Text, serial int) legacy.Record {
	published := x.Formed.Plus(2)
	return legacy.Record{
		URL:   fmt.Sprintf("http://old.shifan.example/%s/%d/%05d.html", t.Key, x.Formed.Year(), serial),
		Title: x.Title, Summary: x.Summary, Body: x.HTML, Section: x.Section, Theme: x.Theme, Genre: x.Genre,
		DocNumber: x.Number, IssuedOn: x.Formed, PublishedAt: legacy.Moment{Day: published, Hour: 9 + serial%8, Minute: serial % 60, HasTime: true},
		Issuer: t.Name, Source: t.Short, IndexNo: fmt.Sprintf("%s/%d-%05d", t.Credit, x.Formed.Year(), serial),
	}
}

// draft is a document the demonstration drafts today's way.
type draft struct {
	title, section, html string
	kind                 disclosure.Kind
	formed               int // days ago
	change               func(*disclosure.Content)
}

// process drafts a document and takes it through the flow up to a state.
func (b *builder) process(t *town, d draft, upTo disclosure.State) (*disclosure.Edition, error) {
	c := disclosure.Content{
		Title: d.title, Summary: d.title + "。", Body: d.html, Issuer: t.Name, FormedOn: b.ago(d.formed), IssuedOn: b.ago(d.formed),
		Attribute: class.Proactive, Department: t.Units[0], Theme: themeCode("综合政务\\政务公开"), Author: t.Units[0],
		Keywords: []string{"政务公开"}, Channels: []string{"website"},
	}
	if d.change != nil {
		d.change(&c)
	}
	editor, err := t.who(actor.Editor)
	if err != nil {
		return nil, err
	}
	b.at(b.ago(d.formed), 10, 20)
	e, err := b.Items.Create(b.ctx, editor, disclosure.New{
		Agency: t.agency.ID, Section: t.sections[d.section], Kind: d.kind, Origin: disclosure.Made, Content: c,
	})
	if err != nil || upTo == disclosure.Draft {
		return e, err
	}
	b.at(b.ago(d.formed), 15, 40)
	found, err := b.Items.RunGate(b.ctx, editor, e.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range found.Findings {
		if f.Blocks {
			return nil, fmt.Errorf("%s: finding %s", d.title, f.Code)
		}
	}
	if e, err = b.Items.Submit(b.ctx, editor, e.ID, e.Version); err != nil {
		return nil, err
	}
	return b.review(t, e, d.formed, upTo)
}

// stages are the reviews in their order, with who holds them and what waits before each.
var stages = []struct {
	before disclosure.State
	level  disclosure.Level
	role   actor.Role
	words  string
}{
	{disclosure.Review1, disclosure.First, actor.Reviewer1, "内容属实，同意公开。"},
	{disclosure.Review2, disclosure.Second, actor.Reviewer2, "同意。"},
	{disclosure.Review3, disclosure.Third, actor.Reviewer3, "同意公开。"},
	{disclosure.Secrecy, disclosure.Clearer, actor.Secrecy, "不涉及国家秘密、工作秘密，同意公开。"},
}

// review takes a submitted edition through the reviews up to a state.
func (b *builder) review(t *town, e *disclosure.Edition, formed int, upTo disclosure.State) (*disclosure.Edition, error) {
	for i, s := range stages {
		if upTo == s.before {
			return e, nil
		}
		who, err := t.who(s.role)
		if err != nil {
			return nil, err
		}
		b.at(b.ago(max(formed-1, 0)), 9+i, 10)
		e, err = b.Items.Review(b.ctx, who, e.ID, disclosure.Verdict{
			Level: s.level, Decision: disclosure.Approving, Hash: e.Hash, Opinion: s.words, Ticks: s.level.Ticks(),
		})
		if err != nil {
			return nil, err
		}
	}
	if upTo != disclosure.Published {
		return e, nil
	}
	who, err := t.who(actor.Publisher)
	if err != nil {
		return nil, err
	}
	b.at(b.ago(max(formed-1, 0)), 16, 30)
	return b.Items.Publish(b.ctx, who, e.ID, disclosure.Release{Version: e.Version})
}

func themeCode(name string) string {
	t, _ := class.ReadTopic(name)
	return t.Code
}

// matter makes the text of a document drafted in the demonstration.
func matter(lines ...string) string { return paragraphs(lines...) }

// makeStates drafts one document for each state of the flow, and some published lately.
func (b *builder) makeStates() error {
	civil := b.bodies["civil"]
	for _, step := range []func(*town) error{b.waiting, b.recent, b.sentBack, b.ended, b.special} {
		if err := step(civil); err != nil {
			return err
		}
	}
	for _, key := range []string{"city", "justice", "district"} {
		t := b.bodies[key]
		for i, s := range t.Subjects[:2] {
			d := draft{title: t.Short + s.name + "工作情况", section: "news", kind: disclosure.Information, formed: 6 + 3*i,
				html: matter(fmt.Sprintf("近日，%s围绕%s，%s，%s。", t.Short, s.act, s.measure[0], s.measure[1]), "下一步将"+s.measure[2]+"。")}
			if _, err := b.process(t, d, disclosure.Published); err != nil {
				return err
			}
		}
	}
	return nil
}

// waiting leaves a document in front of each review, one a draft, one ready, one scheduled.
func (b *builder) waiting(t *town) error {
	for i, s := range []struct {
		state   disclosure.State
		title   string
		section string
	}{
		{disclosure.Draft, "关于做好冬季困难群众走访慰问工作的通知", "welfare"},
		{disclosure.Review1, "养老机构冬季安全检查情况通报", "inspection"},
		{disclosure.Review2, "2026年第三季度社会救助工作实施情况", "welfare"},
		{disclosure.Review3, "示范市标准地名公布（2026年第二批）", "other"},
		{disclosure.Secrecy, "社会组织年度检查结果公告", "license"},
		{disclosure.Approved, "关于调整婚姻登记服务时间的公告", "notices"},
	} {
		d := draft{title: s.title, section: s.section, kind: disclosure.Information, formed: 3 + i,
			html: matter("为方便群众办事、接受社会监督，现将有关情况公布如下。", "一、总体情况。各项工作按计划推进，群众反映良好。", "二、主要做法。公开办事流程，缩短办理时限，逐件回访。", "三、下一步安排。对发现的问题限期整改，结果向社会公布。")}
		if _, err := b.process(t, d, s.state); err != nil {
			return fmt.Errorf("%s: %w", s.title, err)
		}
	}
	d := draft{title: "关于开展社区养老服务日活动的公告", section: "notices", kind: disclosure.Information, formed: 2,
		html: matter("定于下周在各社区开展养老服务日活动，欢迎居民参加。", "活动免费，不需要预约。")}
	e, err := b.process(t, d, disclosure.Approved)
	if err != nil {
		return err
	}
	who, err := t.who(actor.Publisher)
	if err != nil {
		return err
	}
	_, err = b.Items.Schedule(b.ctx, who, e.ID, b.now.Add(48*time.Hour).Truncate(time.Hour), disclosure.Release{Version: e.Version})
	return err
}

// recent publishes lately, corrects one, and interprets another.
func (b *builder) recent(t *town) error {
	policy, err := b.process(t, draft{title: "示范市民政局关于印发《示范市居家养老服务管理办法》的通知", section: "rules", kind: disclosure.Document, formed: 12,
		html: matter("各有关单位：", "《示范市居家养老服务管理办法》已经集体审议通过，现印发给你们，请认真执行。", "第一条 为规范居家养老服务，制定本办法。", "第二条 本办法自2027年1月1日起施行，有效期五年。"),
		change: func(c *disclosure.Content) {
			c.DocNo, c.Genre, c.Validity = fmt.Sprintf("示民发〔%d〕88号", c.IssuedOn.Year()), "notice", class.Valid
			c.EffectiveOn, c.ExpiresOn = date.Must(2027, 1, 1), date.Must(2031, 12, 31)
		}}, disclosure.Published)
	if err != nil {
		return err
	}
	_, err = b.process(t, draft{title: "《示范市居家养老服务管理办法》政策解读", section: "rules", kind: disclosure.Interpretation, formed: 10,
		html:   matter("一、为什么制定。居家养老服务需要统一的标准。", "二、主要内容。明确服务项目、服务标准和监督方式。", "三、解决什么问题。让老年人在家门口得到放心的服务。"),
		change: func(c *disclosure.Content) { c.Interprets = []string{policy.Item} }}, disclosure.Published)
	if err != nil {
		return err
	}
	e, err := b.process(t, draft{title: "2026年10月最低生活保障资金发放情况", section: "welfare", kind: disclosure.Information, formed: 9,
		html: matter("2026年10月，全市发放最低生活保障资金312.6万元，保障4108户。")}, disclosure.Published)
	if err != nil {
		return err
	}
	return b.correct(t, e)
}

// correct takes a correction of a published document through the flow.
func (b *builder) correct(t *town, e *disclosure.Edition) error {
	b.at(b.ago(6), 9, 0)
	who, err := t.who(actor.Publisher)
	if err != nil {
		return err
	}
	next, err := b.Items.Correct(b.ctx, who, e.ID, e.Version, "户数统计口径有误，予以更正。")
	if err != nil {
		return err
	}
	editor, err := t.who(actor.Editor)
	if err != nil {
		return err
	}
	c := next.Content
	c.Body = matter("2026年10月，全市发放最低生活保障资金312.6万元，保障4180户。")
	if next, err = b.Items.Save(b.ctx, editor, next.ID, next.Version, c); err != nil {
		return err
	}
	if next, err = b.Items.Submit(b.ctx, editor, next.ID, next.Version); err != nil {
		return err
	}
	_, err = b.review(t, next, 6, disclosure.Published)
	return err
}

// sentBack has a reviewer send a document back with a remark.
func (b *builder) sentBack(t *town) error {
	e, err := b.process(t, draft{title: "关于加强殡葬服务收费公示的通知", section: "fees", kind: disclosure.Information, formed: 5,
		html: matter("各殡葬服务机构应当在醒目位置公示收费项目和标准。", "对群众反映的问题，应当及时核实处理。")}, disclosure.Review2)
	if err != nil {
		return err
	}
	who, err := t.who(actor.Reviewer2)
	if err != nil {
		return err
	}
	b.at(b.ago(3), 14, 0)
	_, err = b.Items.Review(b.ctx, who, e.ID, disclosure.Verdict{
		Level: disclosure.Second, Decision: disclosure.Returning, Hash: e.Hash, Opinion: "请补充收费依据文件的名称和文号。", Ticks: disclosure.Second.Ticks(),
	})
	return err
}

// ended publishes documents and ends them: retracted, archived, expired, discarded.
func (b *builder) ended(t *town) error {
	publisher, err := t.who(actor.Publisher)
	if err != nil {
		return err
	}
	editor, err := t.who(actor.Editor)
	if err != nil {
		return err
	}
	text := matter("现将有关事项公布如下，欢迎监督。", "对内容有疑问的，可以向本机关政府信息公开工作机构反映。")
	e, err := b.process(t, draft{title: "养老服务补贴申领指南（旧版）", section: "welfare", kind: disclosure.Information, formed: 40, html: text}, disclosure.Published)
	if err == nil {
		b.at(b.ago(20), 10, 0)
		_, err = b.Items.Retract(b.ctx, publisher, e.ID, e.Version, "政策已经调整，以新发布的指南为准。")
	}
	if err != nil {
		return err
	}
	if e, err = b.process(t, draft{title: "2025年养老机构等级评定结果", section: "other", kind: disclosure.Information, formed: 60, html: text}, disclosure.Published); err != nil {
		return err
	}
	b.at(b.ago(15), 10, 0)
	if _, err = b.Items.Archive(b.ctx, publisher, e.ID, e.Version, "评定有效期已满，转入归档。"); err != nil {
		return err
	}
	e, err = b.process(t, draft{title: "2026年10月新增最低生活保障对象公示", section: "welfare", kind: disclosure.List, formed: 30,
		html:   table([]string{"序号", "保障对象", "所在社区", "保障人数"}, [][]string{{"1", "张*", "东湖社区", "2"}, {"2", "欧阳**", "青石村", "1"}}),
		change: func(c *disclosure.Content) { c.DisplayUntil = b.ago(18) }}, disclosure.Published)
	if err != nil {
		return err
	}
	b.at(b.ago(18).Plus(1), 0, 30)
	if _, err = b.Items.Expire(b.ctx, b.program, e.ID); err != nil {
		return err
	}
	if e, err = b.process(t, draft{title: "重复的通知草稿", section: "notices", kind: disclosure.Information, formed: 8, html: text}, disclosure.Draft); err != nil {
		return err
	}
	_, err = b.Items.Discard(b.ctx, editor, e.ID, e.Version, "与已发布的通知重复。")
	return err
}

// special publishes one document urgently and withholds another.
func (b *builder) special(t *town) error {
	leader, err := t.who(actor.Reviewer3)
	if err != nil {
		return err
	}
	e, err := b.process(t, draft{title: "关于暴雨期间临时开放救助站点的紧急公告", section: "emergency", kind: disclosure.Information, formed: 1,
		html: matter("受强降雨影响，即日起在东湖街道、青石镇临时开放救助站点，二十四小时接待。", "需要帮助的群众可以直接前往。")}, disclosure.Review1)
	if err != nil {
		return err
	}
	secrecy, err := t.who(actor.Secrecy)
	if err != nil {
		return err
	}
	e, err = b.Items.Review(b.ctx, secrecy, e.ID, disclosure.Verdict{
		Level: disclosure.Clearer, Decision: disclosure.Approving, Hash: e.Hash, Opinion: "不涉密。", Ticks: disclosure.Clearer.Ticks(),
	})
	if err != nil {
		return err
	}
	if _, err = b.Items.Order(b.ctx, leader, e.ID, e.Version, "汛情紧急，先行公告。"); err != nil {
		return err
	}
	_, err = b.process(t, draft{title: "关于社会救助家庭经济状况核对系统访问控制的内部规定", section: "other", kind: disclosure.Information, formed: 25,
		html: matter("本规定用于内部管理。"),
		change: func(c *disclosure.Content) {
			c.Attribute, c.Basis, c.Reason = class.Withheld, []string{"internal_process"}, "属于内部工作流程，公开后影响核对工作。"
		}}, disclosure.Approved)
	return err
}
