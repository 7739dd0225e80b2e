package letter

import (
	"regexp"
	"slices"
	"sync"
	"text/template"
	"text/template/parse"

	"gongkai/internal/date"
	"gongkai/internal/statute"
)

// Code names a kind of letter: L01 to L34, or one of the forms.
type Code string

// The forms beside the letters.
const (
	Application   Code = "application" // 政府信息公开申请表
	Register      Code = "register"    // 政府信息公开申请登记表
	Approval      Code = "approval"    // 政府信息公开审查呈批单
	ServiceReturn Code = "receipt"     // 送达回证
)

// To is whom a letter goes to.
type To string

// The addressees.
const (
	ToApplicant To = "applicant"
	ToThird     To = "third"
	ToOrgan     To = "organ"
	ToFile      To = "file" // stays in the file
)

// Kind is a letter of the catalogue.
type Kind struct {
	Code     Code
	Name     string // 文书名称, tells letters of one title apart
	To       To
	Law      []statute.Ref
	Decision bool   // closes the request
	Note     string // key of a message to the clerk, never printed
	Remedy   bool   // tells of review and suit without closing the request; decisions always do

	// What the templates say; Catalogue fills it.
	Title    string      // 标题
	Needs    []string    // keys of facts it always prints or rests on
	Slots    []string    // names of the slots a clerk may edit
	Versions []date.Date // first days of its templates, the latest first
}

// kinds is the catalogue in order. Law names what a letter rests on; a letter whose ground depends
// on the case cites more in its text.
var kinds = []Kind{
	{Code: "L01", Name: "接收回执", To: ToApplicant, Law: ogi(45)},
	{Code: "L02", Name: "补正告知书", To: ToApplicant, Law: ogi(30)},
	{Code: "L03", Name: "说明理由告知书", To: ToApplicant, Law: ogi(35)},
	{Code: "L04", Name: "延期答复告知书", To: ToApplicant, Law: ogi(33, 2)},
	{Code: "L05", Name: "征求第三方意见书", To: ToThird, Law: ogi(32)},
	{Code: "L06", Name: "征求意见情况告知书", To: ToApplicant, Law: ogi(33, 3)},
	{Code: "L07", Name: "征求共同制作机关意见书", To: ToOrgan, Law: ogi(34)},
	{Code: "L08", Name: "决定公开告知书（第三方）", To: ToThird, Law: ogi(32), Remedy: true},
	{Code: "L09", Name: "收费通知书", To: ToApplicant, Law: []statute.Ref{statute.OGI2019.Art(42, 1), statute.ProcessingFee.Whole("")}, Note: "letter.note.fee"},
	{Code: "L10", Name: "予以公开答复书", To: ToApplicant, Law: ogi(36, 0, 2), Decision: true},
	{Code: "L11", Name: "已主动公开答复书", To: ToApplicant, Law: ogi(36, 0, 1), Decision: true},
	{Code: "L12", Name: "部分公开答复书", To: ToApplicant, Law: ogi(37), Decision: true},
	{Code: "L13", Name: "不予公开答复书（国家秘密）", To: ToApplicant, Law: refusal(14), Decision: true},
	{Code: "L14", Name: "不予公开答复书（法律、行政法规禁止公开）", To: ToApplicant, Law: refusal(14), Decision: true},
	{Code: "L15", Name: "不予公开答复书（危及安全、稳定）", To: ToApplicant, Law: refusal(14), Decision: true},
	{Code: "L16", Name: "不予公开答复书（第三方合法权益）", To: ToApplicant, Law: refusal(15, 32), Decision: true},
	{Code: "L17", Name: "不予公开答复书（内部事务信息）", To: ToApplicant, Law: refusal2(16, 1), Decision: true},
	{Code: "L18", Name: "不予公开答复书（过程性信息）", To: ToApplicant, Law: refusal2(16, 2), Decision: true},
	{Code: "L19", Name: "不予公开答复书（行政执法案卷）", To: ToApplicant, Law: refusal2(16, 2), Decision: true},
	{Code: "L20", Name: "行政查询事项告知书", To: ToApplicant, Law: ogi(36, 0, 7), Decision: true},
	{Code: "L21", Name: "政府信息不存在告知书", To: ToApplicant, Law: ogi(36, 0, 4), Decision: true},
	{Code: "L22", Name: "非本机关负责公开告知书", To: ToApplicant, Law: ogi(36, 0, 5), Decision: true},
	{Code: "L23", Name: "需另行制作告知书", To: ToApplicant, Law: ogi(38), Decision: true},
	{Code: "L24", Name: "补正后仍不明确告知书", To: ToApplicant, Law: ogi(30), Decision: true},
	{Code: "L25", Name: "信访、投诉、举报类申请告知书", To: ToApplicant, Law: ogi(39, 1), Decision: true},
	{Code: "L26", Name: "重复申请不予重复处理告知书", To: ToApplicant, Law: ogi(36, 0, 6), Decision: true},
	{Code: "L27", Name: "公开出版物告知书", To: ToApplicant, Law: ogi(39, 2), Decision: true},
	{Code: "L28", Name: "大量、反复申请不予处理告知书", To: ToApplicant, Law: ogi(35), Decision: true},
	{Code: "L29", Name: "确认或者重新出具类申请告知书", To: ToApplicant, Decision: true},
	{Code: "L30", Name: "逾期不补正终止处理告知书", To: ToApplicant, Law: ogi(30), Decision: true},
	{Code: "L31", Name: "逾期未缴费终止处理告知书", To: ToApplicant, Law: []statute.Ref{statute.ProcessingFee.Whole("")}, Decision: true},
	{Code: "L32", Name: "其他处理告知书", To: ToApplicant, Law: ogi(2), Decision: true},
	{Code: "L33", Name: "更正处理告知书", To: ToApplicant, Law: ogi(41), Remedy: true},
	{Code: "L34", Name: "延迟答复告知书", To: ToApplicant, Law: ogi(35)},
	{Code: Application, Name: "政府信息公开申请表", To: ToFile, Law: ogi(29, 2)},
	{Code: Register, Name: "政府信息公开申请登记表", To: ToFile, Law: ogi(45)},
	{Code: Approval, Name: "政府信息公开审查呈批单", To: ToFile, Law: ogi(17, 2)},
	{Code: ServiceReturn, Name: "送达回证", To: ToFile, Law: ogi(45)},
}

// ogi cites one provision of the regulation.
func ogi(article int, parts ...int) []statute.Ref {
	return []statute.Ref{statute.OGI2019.Art(article, parts...)}
}

// refusal cites articles of the regulation with the one that makes a refusal be told and reasoned:
// 第三十六条第（三）项.
func refusal(articles ...int) []statute.Ref {
	var refs []statute.Ref
	for _, n := range articles {
		refs = append(refs, statute.OGI2019.Art(n))
	}
	return append(refs, statute.OGI2019.Art(36, 0, 3))
}

// refusal2 is refusal on one paragraph of an article.
func refusal2(article, paragraph int) []statute.Ref {
	return []statute.Ref{statute.OGI2019.Art(article, paragraph), statute.OGI2019.Art(36, 0, 3)}
}

// Catalogue lists the letters L01 to L34 and the forms beside them, as their templates of today
// have them.
var Catalogue = sync.OnceValue(func() []Kind {
	all := slices.Clone(kinds)
	for i := range all {
		all[i].describe()
	}
	return all
})

// describe takes from the templates what they need and what of them may be edited.
func (k *Kind) describe() {
	own := sheets()[string(k.Code)][0]
	k.Title, k.Versions = own.title, nil
	for _, s := range sheets()[string(k.Code)] {
		k.Versions = append(k.Versions, s.since)
	}
	parts := []*sheet{own}
	if k.Decision {
		parts = append(parts, sheets()["reply"][0])
	}
	if k.Decision || k.Remedy {
		parts = append(parts, sheets()["remedy-either"][0])
	}
	for _, s := range parts {
		k.Needs = append(k.Needs, s.needs...)
		for _, p := range s.parts {
			k.Needs = append(k.Needs, named(p.text)...)
			if p.editable {
				k.Slots = append(k.Slots, p.name)
			}
		}
	}
	slices.Sort(k.Needs)
	k.Needs = slices.Compact(k.Needs)
}

// named returns the facts a template prints whatever the case is, with those of the pieces it
// includes.
func named(t *template.Template) []string {
	var keys []string
	for _, n := range t.Root.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			for _, m := range inAction.FindAllStringSubmatch(n.String(), -1) {
				keys = append(keys, m[1])
			}
		case *parse.TemplateNode:
			keys = append(keys, named(t.Lookup(n.Name))...)
		}
	}
	return keys
}

// inAction finds the facts an action asks for.
var inAction = regexp.MustCompile(`(?:fact|choice|need) "([A-Za-z.]+)"`)

// Find returns the kind of a code, without what Catalogue takes from the templates.
func Find(c Code) (Kind, bool) {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Code == c })
	if i < 0 {
		return Kind{}, false
	}
	return kinds[i], true
}
