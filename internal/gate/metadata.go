package gate

import (
	"strings"
	"unicode/utf8"

	"gongkai/internal/agency"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// withheld: what is not to be published is not published (R-EXM-07).
//
// 条例第十七条第二款:“行政机关应当依照《中华人民共和国保守国家秘密法》以及其他法律、法规和国家有关规定
// 对拟公开的政府信息进行审查。”
var withheld = check.Rule[*Subject]{
	Code: "R-EXM-07", Severity: check.Error,
	Cite: statute.OGI2019.Art(17, 2), Title: i18n.M("gate.withheld.rule"),
	Find: func(s *Subject) (out []check.Finding) {
		switch {
		case s.Attribute == Withheld && s.Stage != Publication && s.Stage != Inspection: // it is reviewed as what stays unpublished
			out = append(out, onField(FieldAttribute, check.Finding{Severity: check.Info, Message: i18n.M("gate.withheld.review_only")}))
		case s.Attribute == Withheld:
			out = append(out, onField(FieldAttribute, check.Finding{Message: i18n.M("gate.withheld"), Advice: i18n.M("gate.withheld.advice")}))
		case s.Attribute == OnRequest:
			out = append(out, onField(FieldAttribute, check.Finding{Severity: check.Warning, Message: i18n.M("gate.withheld.request")}))
		}
		if s.Stage == Publication && !s.Cleared {
			out = append(out, onField(FieldReview, check.Finding{Message: i18n.M("gate.withheld.review")}))
		}
		return out
	},
}

// onField makes a finding on a field of the metadata.
func onField(f Field, c check.Finding) check.Finding { return found(c, detail{field: f}) }

// withheldReason: what is not published is so on a named ground (R-EXM-01 to R-EXM-04).
//
// 条例第十四条、第十五条、第十六条 name the grounds; 条例第五条:“行政机关公开政府信息，应当坚持以公开为
// 常态、不公开为例外”.
var withheldReason = check.Rule[*Subject]{
	Code: "R-EXM-01-basis", Severity: check.Error,
	Cite: statute.OGI2019.Art(5), Title: i18n.M("gate.basis.rule"),
	Find: func(s *Subject) []check.Finding {
		basis := strings.TrimSpace(s.Basis)
		switch {
		case s.Attribute != Withheld:
			return nil
		case basis == "":
			return []check.Finding{onField(FieldBasis, check.Finding{Message: i18n.M("gate.basis")})}
		case !strings.Contains(basis, "条") && !strings.Contains(basis, "《"):
			return []check.Finding{onField(FieldBasis, check.Finding{Severity: check.Warning, Message: i18n.M("gate.basis.vague")})}
		}
		return nil
	},
}

// missing: the catalogue's four elements and what the heads of published documents show
// everywhere are stated (R-GDE-02, specification §8.2).
//
// 条例第十二条第三款:“政府信息公开目录包括政府信息的索引、名称、内容概述、生成日期等内容。”
var missing = check.Rule[*Subject]{
	Code: "R-GDE-02", Severity: check.Error,
	Cite: statute.OGI2019.Art(12, 3), Title: i18n.M("gate.missing.rule"),
	Find: func(s *Subject) (out []check.Finding) {
		if s.Stage == Inspection {
			return nil // what a page does not show may stand in the site's catalogue
		}
		for _, f := range []Field{FieldTitle, FieldSummary, FieldFormed, FieldAttribute} {
			if strings.TrimSpace(s.value(f)) == "" {
				out = append(out, onField(f, check.Finding{Message: i18n.M("gate.missing", "field", f.Label())}))
			}
		}
		for _, f := range []Field{FieldIndexNo, FieldTheme, FieldGenre} {
			if strings.TrimSpace(s.value(f)) == "" {
				out = append(out, onField(f, check.Finding{Severity: check.Warning, Message: i18n.M("gate.missing", "field", f.Label())}))
			}
		}
		if strings.TrimSpace(s.Publisher.Name) == "" {
			out = append(out, onField(FieldPublisher, check.Finding{Message: i18n.M("gate.missing", "field", FieldPublisher.Label())}))
		}
		return out
	},
}

// longestSummary is the longer of the two limits seen locally, 100 and 150 characters.
const longestSummary = 150

// summaryLength: the summary is one (R-GDE-05).
var summaryLength = check.Rule[*Subject]{
	Code: "R-GDE-05", Severity: check.Warning,
	Cite: statute.OGI2019.Art(12, 3), Title: i18n.M("gate.summary.rule"),
	Find: func(s *Subject) []check.Finding {
		n := utf8.RuneCountInString(strings.TrimSpace(s.Summary))
		switch {
		case n > longestSummary:
			return []check.Finding{onField(FieldSummary, check.Finding{Message: i18n.M("gate.summary.long", "n", n, "limit", longestSummary)})}
		case n > 0 && strings.TrimSpace(s.Summary) == strings.TrimSpace(s.Title):
			return []check.Finding{onField(FieldSummary, check.Finding{Severity: check.Info, Message: i18n.M("gate.summary.title")})}
		}
		return nil
	},
}

// indexOwner: an index number begins with a code of the body that publishes (R-IDX-04).
var indexOwner = check.Rule[*Subject]{
	Code: "R-IDX-04", Severity: check.Warning,
	Cite: statute.OGI2019.Art(12, 3), Title: i18n.M("gate.index.rule"),
	Find: func(s *Subject) []check.Finding {
		code, scheme := agency.IndexPrefix(s.IndexNo)
		if scheme == agency.Local || s.owns(code) {
			return nil
		}
		org := code
		if scheme == agency.CreditCode {
			org = agency.OrgOf(code)
		}
		owner := agency.Owner(org)
		switch {
		case owner != "" && !s.named(owner):
			return []check.Finding{onField(FieldIndexNo, check.Finding{Message: i18n.M("gate.index.owner", "code", code, "owner", owner)})}
		case len(s.Publisher.Codes) > 0 && owner == "":
			return []check.Finding{onField(FieldIndexNo, check.Finding{Message: i18n.M("gate.index.other", "code", code)})}
		}
		return nil
	},
}

// owns reports whether a code is one of the publisher's; a credit code holds the organisation
// code in its positions 9 to 17.
func (s *Subject) owns(code string) bool {
	for _, own := range s.Publisher.Codes {
		own = strings.ToUpper(strings.ReplaceAll(own, "-", ""))
		if own != "" && (own == code || agency.OrgOf(own) == code || agency.OrgOf(code) == own) {
			return true
		}
	}
	return false
}

// named reports whether the publisher goes by that name.
func (s *Subject) named(name string) bool {
	for _, own := range append([]string{s.Publisher.Name}, s.Publisher.Names...) {
		if own == name {
			return true
		}
	}
	return false
}

// indexDigits: the code in an index number has the right check digit (R-IDX-05). Nine digits
// that begin with a region's may be a local number.
var indexDigits = check.Rule[*Subject]{
	Code: "R-IDX-05", Severity: check.Warning,
	Cite: statute.OrgCode.Whole(""), Title: i18n.M("gate.digits.rule"),
	Find: func(s *Subject) []check.Finding {
		code, scheme := agency.IndexPrefix(s.IndexNo)
		switch {
		case scheme == agency.OrgCode && !agency.ValidOrg(code) && !agency.Regional(code):
			return []check.Finding{onField(FieldIndexNo, check.Finding{Message: i18n.M("gate.digits.org", "code", code)})}
		case scheme == agency.CreditCode && !agency.ValidCredit(code):
			return []check.Finding{onField(FieldIndexNo, check.Finding{Message: i18n.M("gate.digits.credit", "code", code), Cite: statute.CreditCode.Whole("")})}
		}
		return nil
	},
}

// publishLate: information is published within 20 working days (R-PUB-01). The last day is
// the caller's to count.
//
// 条例第二十六条:“属于主动公开范围的政府信息，应当自该政府信息形成或者变更之日起20个工作日内及时公开。”
var publishLate = check.Rule[*Subject]{
	Code: "R-PUB-01", Severity: check.Error,
	Cite: statute.OGI2019.Art(26), Title: i18n.M("gate.late.rule"),
	Find: func(s *Subject) []check.Finding {
		at := s.Today
		if s.Stage == Inspection {
			at = s.Issued
		}
		if s.LastDay.IsZero() || at.IsZero() || !at.After(s.LastDay) {
			return nil
		}
		return []check.Finding{onField(FieldFormed, check.Finding{
			Message: i18n.M("gate.late", "formed", s.Formed, "last", s.LastDay), Advice: i18n.M("gate.late.advice"),
		})}
	},
}
