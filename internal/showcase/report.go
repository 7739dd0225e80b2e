package showcase

import (
	"fmt"
	"regexp"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/annual"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/sample"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
)

// upTo is how far the last year's report of a body has come with the city, which takes them in.
var upTo = map[string]cycle.State{"civil": cycle.Locked, "justice": cycle.Accepted, "science": cycle.Submitted, "district": cycle.Returned}

// registers is the basis of figures that the demonstration types in.
const registers = "本机关登记簿（演示数据）"

// marked are the marks of a prefilled text, filled what a body of the demonstration writes there.
var (
	marked = regexp.MustCompile("（待补充：[^）]*）")
	filled = map[string]string{
		"（待补充：政府信息制作、保存、公开属性认定、动态调整的情况）":    "拟公开的信息逐件做保密审查，公开属性随文认定，每季度清理一次。",
		"（待补充：平台建设和维护的情况）":                  "栏目按统一格式设置，指南和目录随时更新。",
		"（待补充：组织领导、培训、监督检查的情况）":             "组织业务培训一次，每月检查栏目更新。",
		"（待补充：考核、评议的开展情况和责任追究结果）":           "纳入年度考核，评议结果已经反馈整改，没有责任追究的情形。",
		"（待补充：结合本年度工作实际填写）":                 "部分解读材料不够通俗，个别栏目更新不够及时。",
		"（待补充：上一年度报告所列问题的改进情况，对本年度问题的改进措施）": "上一年度报告提出的问题已经逐项整改；本年度将增加图表和问答，落实栏目更新责任。",
		"（待补充：其他需要报告的事项，没有的写明没有）":           "没有其他需要报告的事项。",
	}
)

// cycleReport brings a body's report about as its people do: compiled, completed, checked,
// reviewed, signed, published, submitted; then the city accepts it, locks it or sends it back.
func (b *builder) cycleReport(t *town, r *annual.Report, year int) error {
	v, err := b.compileReport(t, r, year)
	if err != nil {
		return err
	}
	if v, err = b.writeReport(t, v, r); err != nil {
		return err
	}
	if v, err = b.signReport(t, v); err != nil {
		return err
	}
	if v, err = b.publishReport(t, v); err != nil {
		return err
	}
	officer, err := t.who(actor.Officer)
	if err != nil {
		return err
	}
	b.at(date.Must(year+1, 1, 22), 9, 30)
	if v, err = b.Reports.HandUp(b.ctx, officer, v.ID, v.Version); err != nil {
		return err
	}
	return b.takeReport(v, upTo[t.Key])
}

// compileReport compiles a report and types the figures of a sample in.
func (b *builder) compileReport(t *town, r *annual.Report, year int) (*cycle.Version, error) {
	officer, err := t.who(actor.Officer)
	if err != nil {
		return nil, err
	}
	b.at(date.Must(year+1, 1, 8), 10, 0)
	v, err := b.Reports.Begin(b.ctx, officer, t.agency.ID, year)
	if err != nil {
		return nil, err
	}
	cells := map[form.Key]cycle.Change{}
	for k := range r.Cells {
		if v.Facts.Kept && k.Table() != "T2" {
			continue // the requests of the demonstration are on record
		}
		if n, ok := r.Value(k); ok {
			cells[k] = cycle.Change{Value: n}
		}
	}
	return b.Reports.Enter(b.ctx, officer, v.ID, v.Version, cells, registers)
}

// writeReport writes the text of a sample.
func (b *builder) writeReport(t *town, v *cycle.Version, r *annual.Report) (*cycle.Version, error) {
	officer, err := t.who(actor.Officer)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{"preface": lined(r.Preface)}
	for _, s := range r.Sections {
		texts[s.Key] = lined(s.Paragraphs)
	}
	if v.Facts.Kept { // the text the records give, its marks filled in
		texts = map[string]string{}
		for _, part := range []string{"s1", "s5", "s6"} {
			texts[part] = marked.ReplaceAllStringFunc(v.Body.Text(part), func(mark string) string { return filled[mark] })
		}
	}
	b.at(date.Must(int(v.Year)+1, 1, 11), 15, 0)
	return b.Reports.Write(b.ctx, officer, v.ID, v.Version, texts)
}

func lined(all []annual.Text) string {
	var lines []string
	for _, t := range all {
		lines = append(lines, t.Text)
	}
	return strings.Join(lines, "\n")
}

// signReport explains what the check asks about and takes the report to its signature.
func (b *builder) signReport(t *town, v *cycle.Version) (*cycle.Version, error) {
	officer, err := t.who(actor.Officer)
	if err != nil {
		return nil, err
	}
	l, err := b.Reports.Get(b.ctx, officer, v.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range l.Findings {
		if f.Blocks {
			return nil, fmt.Errorf("finding %s blocks: %v %s", f.Code, f.Message, f.Working)
		}
		if !f.Open() {
			continue
		}
		if v, err = b.Reports.Explain(b.ctx, officer, v.ID, v.Version, f.ID, "已与登记簿核对，数字属实。"); err != nil {
			return nil, err
		}
	}
	if v, err = b.Reports.CheckIt(b.ctx, officer, v.ID, v.Version); err != nil {
		return nil, err
	}
	if v, err = b.Reports.HandIn(b.ctx, officer, v.ID, v.Version); err != nil {
		return nil, err
	}
	reviewer, err := t.who(actor.Reviewer2)
	if err != nil {
		return nil, err
	}
	b.at(date.Must(int(v.Year)+1, 1, 13), 10, 0)
	if v, err = b.Reports.Review(b.ctx, reviewer, v.ID, cycle.Judgement{Version: v.Version, Hash: v.Hash, Text: "数字与台账一致，同意。"}); err != nil {
		return nil, err
	}
	head, err := t.who(actor.Reviewer3)
	if err != nil {
		return nil, err
	}
	b.at(date.Must(int(v.Year)+1, 1, 14), 10, 0)
	return b.Reports.SignOff(b.ctx, head, v.ID, cycle.Judgement{Version: v.Version, Hash: v.Hash, Text: "同意签发。"})
}

// publishReport drafts the publication and takes it through the reviews of what goes public.
func (b *builder) publishReport(t *town, v *cycle.Version) (*cycle.Version, error) {
	editor, err := t.who(actor.Editor)
	if err != nil {
		return nil, err
	}
	b.at(date.Must(int(v.Year)+1, 1, 15), 9, 0)
	if v, err = b.Reports.Offer(b.ctx, editor, v.ID, v.Version); err != nil {
		return nil, err
	}
	f, err := b.Items.Look(b.ctx, editor, v.Edition)
	if err != nil {
		return nil, err
	}
	e, err := b.Items.Submit(b.ctx, editor, v.Edition, f.Edition.Version)
	if err != nil {
		return nil, err
	}
	if _, err := b.review(t, e, b.today.Days(date.Must(int(v.Year)+1, 1, 18)), disclosure.Published); err != nil {
		return nil, err
	}
	return b.Reports.Opened(b.ctx, editor, t.agency.ID, int(v.Year))
}

// takeReport has the city accept, lock or send back a report.
func (b *builder) takeReport(v *cycle.Version, state cycle.State) (err error) {
	who, err := b.bodies["city"].who(actor.Supervisor)
	if err != nil {
		return err
	}
	b.at(date.Must(int(v.Year)+1, 2, 3), 14, 0)
	switch state {
	case cycle.Returned:
		_, err = b.Reports.GiveBack(b.ctx, who, v.ID, v.Version, "第五部分没有写明上一年度问题的改进情况，请补充后重新报送。")
		return err
	case cycle.Accepted, cycle.Locked:
		if v, err = b.Reports.Take(b.ctx, who, v.ID, v.Version); err != nil || state == cycle.Accepted {
			return err
		}
		_, err = b.Reports.LockIt(b.ctx, who, v.ID, v.Version)
	}
	return err
}

// mergeReport has the city merge what it has accepted with figures of its own.
func (b *builder) mergeReport(year int) error {
	t := b.bodies["city"]
	v, err := b.compileReport(t, sample.Made(t.Name, year, 40), year)
	if err != nil {
		return fmt.Errorf("merged report of %s: %w", t.Name, err)
	}
	officer, err := t.who(actor.Officer)
	if err != nil {
		return err
	}
	b.at(date.Must(year+1, 3, 2), 10, 0)
	_, err = b.Reports.MergeIn(b.ctx, officer, v.ID, v.Version)
	return err
}
