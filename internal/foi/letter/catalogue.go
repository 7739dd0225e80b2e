package letter

import "gongkai/internal/statute"

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
	{Code: "L09", Name: "收费通知书", To: ToApplicant, Law: []statute.Ref{statute.OGI2019.Art(42, 1), statute.ProcessingFee.Whole("")}},
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
	{Code: Approval, Name: "政府信息公开审查呈批单", To: ToFile, Law: ogi(17, 1)},
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

// Catalogue lists the letters L01 to L34 and the forms beside them.
func Catalogue() []Kind { return kinds }

// Find returns the kind of a code.
func Find(c Code) (Kind, bool) {
	for _, k := range kinds {
		if k.Code == c {
			return k, true
		}
	}
	return Kind{}, false
}
