package rule

import (
	"gongkai/internal/agency"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// indexOwner: an index number begins with its body's own code. 000014349 is the State Council
// General Office's; it stands in the templates others copied (R-IDX-04).
//
// 条例第十二条第三款：“政府信息公开目录包括政府信息的索引、名称、内容概述、生成日期等内容。”
var indexOwner = check.Rule[*Subject]{
	Code: "R-IDX-04", Severity: check.Warning,
	Cite: statute.OGI2019.Art(12, 3), Title: i18n.M("rule.index.owner.title"),
	Find: func(s *Subject) []check.Finding {
		code, scheme := agency.IndexPrefix(s.IndexNo.Text)
		if scheme == agency.CreditCode {
			code = agency.OrgOf(code)
		}
		owner, body := agency.Owner(code), s.body()
		if owner == "" || body == "" || body == owner {
			return nil
		}
		return []check.Finding{{
			Message: i18n.M("rule.index.owner", "code", code, "owner", owner, "body", body),
			Places:  []check.Quote{{At: s.IndexNo.At, Label: i18n.M("rule.at.index"), Text: s.IndexNo.Text}},
			Advice:  i18n.M("rule.index.owner.advice"),
		}}
	},
}

// indexDigits: the code an index number begins with has a check digit (R-IDX-05); GB 11714
// and GB 32100 are quoted in package agency.
var indexDigits = check.Rule[*Subject]{
	Code: "R-IDX-05", Severity: check.Warning,
	Cite: statute.OrgCode.Whole(""), Title: i18n.M("rule.index.digits.title"),
	Find: func(s *Subject) []check.Finding {
		code, scheme := agency.IndexPrefix(s.IndexNo.Text)
		f := check.Finding{Places: []check.Quote{{At: s.IndexNo.At, Label: i18n.M("rule.at.index"), Text: s.IndexNo.Text}}}
		switch {
		case scheme == agency.OrgCode && !agency.ValidOrg(code):
			f.Message = i18n.M("rule.index.org", "code", code)
			if agency.Regional(code) {
				f.Severity = check.Info // may be a local number of nine digits, not a code
			}
		case scheme == agency.CreditCode && !agency.ValidCredit(code):
			f.Message = i18n.M("rule.index.credit", "code", code)
			f.Cite = statute.CreditCode.Whole("")
		default:
			return nil
		}
		return []check.Finding{f}
	},
}
