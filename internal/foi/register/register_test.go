package register

import (
	"testing"

	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/i18n"
)

func TestOutcomesInUsualWordings(t *testing.T) {
	for text, want := range map[string]Answer{
		"予以公开": {Code: outcome.Open}, "公开": {Code: outcome.Open}, "同意公开": {Code: outcome.Open}, "（一）予以公开": {Code: outcome.Open}, "依申请公开": {Code: outcome.Open},
		"部分公开": {Code: outcome.Partial}, "部分公开（涉及第三方商业秘密的部分不予公开）": {Code: outcome.Partial}, "区分处理后予以公开": {Code: outcome.Partial},
		"不予公开-属于国家秘密": {Code: outcome.Secret}, "不予公开（1.属于国家秘密）": {Code: outcome.Secret}, "不予公开：其他法律行政法规禁止公开": {Code: outcome.Law},
		"危及“三安全一稳定”": {Code: outcome.Safety}, "不予公开 保护第三方合法权益": {Code: outcome.Third}, "涉及个人隐私，不予公开": {Code: outcome.Third},
		"属于三类内部事务信息": {Code: outcome.Internal}, "属于四类过程性信息": {Code: outcome.Process}, "属于行政执法案卷": {Code: outcome.CaseFile}, "属于行政查询事项": {Code: outcome.Query},
		"本机关不掌握相关政府信息": {Code: outcome.NotHeld}, "政府信息不存在": {Code: outcome.NotHeld, Variant: "absent"}, "不属于本机关公开": {Code: outcome.NotHeld, Variant: "other"},
		"没有现成信息需要另行制作": {Code: outcome.Make}, "补正后申请内容仍不明确": {Code: outcome.Unclear}, "信访举报投诉类申请": {Code: outcome.Petition}, "重复申请": {Code: outcome.Repeat},
		"要求提供公开出版物": {Code: outcome.Publication}, "无正当理由大量反复申请": {Code: outcome.Excess}, "要求行政机关确认或重新出具已获取信息": {Code: outcome.Certify},
		"申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请":     {Code: outcome.NotCorrected},
		"申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": {Code: outcome.NotPaid},
		"其他": {Code: outcome.Misc}, "申请人撤回申请": {Code: outcome.Misc, Variant: "withdrawn"},
		"已主动公开，告知查阅途径": {Code: outcome.Public}, "办理中": {Open: true}, "结转下年度继续办理": {Open: true}, "deny.third": {Code: outcome.Third},
	} {
		if got, candidates, ok := OutcomeOf(text); !ok || got != want {
			t.Errorf("%s: %+v %v %v, not %+v", text, got, candidates, ok, want)
		}
	}
	p := i18n.To(i18n.Chinese)
	for _, o := range outcome.All {
		if got, candidates, ok := OutcomeOf(p.Text(o.Code.Message())); !ok || got.Code != o.Code {
			t.Errorf("our own word for %s: %+v %v", o.Code, got, candidates)
		}
	}
	for text, n := range map[string]int{"不予公开": 8, "无法提供": 3, "不予处理": 5, "视为放弃": 2, "国家秘密、商业秘密": 2, "领导已阅": 0} {
		if got, candidates, ok := OutcomeOf(text); ok || len(candidates) != n {
			t.Errorf("%s: %+v %v", text, got, candidates)
		}
	}
}

func TestDaysInEverySpelling(t *testing.T) {
	want := date.Must(2026, 3, 2)
	for _, s := range []string{
		"2026-03-02", "2026-3-2", "2026/3/2", "2026.3.2", "2026.03.02.", "2026年3月2日", "2026年03月02日", "2026 年 3 月 2 日", "20260302", "46083", "46083.5",
		"2026-03-02 15:04:05", "2026/3/2 9:00", "２０２６年３月２日", "3月2日", "二〇二六年三月二日", "二零二六年三月二日", "2026年3月2日（邮戳）", " 2026-03-02 ", "2026年3月2号",
	} {
		if got, ok := dayOf(s, 2026, false); !ok || got != want {
			t.Errorf("%q: %s %v", s, got, ok)
		}
	}
	if got, ok := dayOf("44621", 0, true); !ok || got != want {
		t.Errorf("days from 1904: %s %v", got, ok)
	}
	if got, ok := dayOf("二〇二五年十二月三十一日", 0, false); !ok || got != date.Must(2025, 12, 31) {
		t.Errorf("%s %v", got, ok)
	}
	for _, s := range []string{"2026-02-30", "26.3.2", "3月2日", "3/2/26", "不详", "2026年3月", "2026-03-02至2026-03-09", "12", "99999", "二〇二六年十三月二日"} {
		if got, ok := dayOf(s, 0, false); ok {
			t.Errorf("%q was taken for %s", s, got)
		}
	}
}

func TestKindsAndChannels(t *testing.T) {
	for text, want := range map[string]foi.Kind{
		"自然人": foi.Natural, "公民": foi.Natural, "个人": foi.Natural, "商业企业": foi.Business, "公司": foi.Business, "法人或其他组织-商业企业": foi.Business,
		"法人或者其他组织（科研机构）": foi.Research, "高校": foi.Research, "社会公益组织": foi.Welfare, "律师事务所": foi.LegalAid, "法律服务机构": foi.LegalAid, "其他": foi.Other,
	} {
		if got, ok := kindOf(text); !ok || got != want {
			t.Errorf("%s: %s %v", text, got, ok)
		}
	}
	for _, text := range []string{"法人或其他组织", "法人", "外国人"} {
		if got, ok := kindOf(text); ok {
			t.Errorf("%s was taken for %s", text, got)
		}
	}
	for text, want := range map[string]foi.Channel{"网上申请": foi.Web, "电子邮箱": foi.Email, "传真": foi.Fax, "现场": foi.Counter, "EMS": foi.Post, "挂号信": foi.Post, "平信": foi.PlainPost} {
		if got, ok := oneOf(words().Channels, text); !ok || got != want {
			t.Errorf("%s: %s %v", text, got, ok)
		}
	}
	p := i18n.To(i18n.Chinese)
	for _, c := range foi.Channels {
		if got, ok := oneOf(words().Channels, p.Text(foi.Word(string(c)))); !ok || got != c {
			t.Errorf("our own word for %s: %s", c, got)
		}
	}
	for _, k := range foi.Kinds {
		if got, ok := kindOf(p.Text(foi.Word(string(k)))); !ok || got != k {
			t.Errorf("our own word for %s: %s", k, got)
		}
	}
}

func TestHeadingsNameOneFieldEach(t *testing.T) {
	for _, f := range Fields {
		if got, ok := fieldOf(i18n.To(i18n.Chinese).Text(f.Message())); !ok || got != f {
			t.Errorf("the template's heading of %s is read as %s", f, got)
		}
		if got, ok := ParseField(string(f)); !ok || got != f {
			t.Errorf("%s is read as %s", f, got)
		}
	}
}
