package index

import (
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
	"gongkai/internal/statute"
)

// Subject is a number with what it is held against.
type Subject struct {
	Number   string
	Template Template // the body's, zero if it is not known
	Body     Fields   // the body's codes
	Written  date.Date
	Shown    date.Date // published
}

// Rules are the checks of one index number.
var Rules = []check.Rule[Subject]{layoutRule, yearRule, ownerRule, digitRule}

// layoutRule: a number of the body's own layout. R-IDX-02.
var layoutRule = check.Rule[Subject]{
	Code: "R-IDX-02", Severity: check.Warning, Cite: statute.OGI2019.Art(12),
	Title: i18n.M("index.rule.layout"),
	Find: func(s Subject) []check.Finding {
		if s.Template.IsZero() {
			return nil
		}
		if _, ok := s.Template.Parse(s.Number); ok {
			return nil
		}
		return s.finding(i18n.M("index.check.layout", "number", s.Number, "template", s.Template.String()))
	},
}

// yearRule: the year in the number is that of the document or of publication. R-IDX-03.
var yearRule = check.Rule[Subject]{
	Code: "R-IDX-03", Severity: check.Error, Cite: statute.OGI2019.Art(12),
	Title: i18n.M("index.rule.year"),
	Find: func(s Subject) []check.Finding {
		p, ok := s.Template.Parse(s.Number)
		if !ok || s.Written.IsZero() && s.Shown.IsZero() {
			return nil
		}
		if y := p.Fields.Date.Year(); y == s.Written.Year() || y == s.Shown.Year() {
			return nil
		}
		return s.finding(i18n.M("index.check.year", "number", s.Number, "year", p.Fields.Date.Year()))
	},
}

// ownerRule: the code in the number is the publishing body's. R-IDX-04.
var ownerRule = check.Rule[Subject]{
	Code: "R-IDX-04", Severity: check.Warning, Cite: statute.OGI2019.Art(12),
	Title: i18n.M("index.rule.owner"),
	Find: func(s Subject) []check.Finding {
		code, scheme := s.code()
		own := s.Body.Credit
		if scheme == agency.OrgCode {
			if own = strings.ReplaceAll(s.Body.Org, "-", ""); own == "" {
				own = agency.OrgOf(s.Body.Credit)
			}
		}
		switch owner := agency.Owner(code); {
		case scheme == agency.Local, code == own, own == "" && owner == "":
			return nil
		case owner != "":
			return s.finding(i18n.M("index.check.foreign_owner", "code", code, "owner", owner))
		}
		return s.finding(i18n.M("index.check.owner", "code", code, "own", own))
	},
}

// digitRule: the check digit of the code in the number. R-IDX-05.
var digitRule = check.Rule[Subject]{
	Code: "R-IDX-05", Severity: check.Warning, Cite: statute.OrgCode.Whole(""),
	Title: i18n.M("index.rule.digit"),
	Find: func(s Subject) []check.Finding {
		code, scheme := s.code()
		bad := scheme == agency.OrgCode && !agency.ValidOrg(code) && !agency.Regional(code) ||
			scheme == agency.CreditCode && !agency.ValidCredit(code)
		if !bad {
			return nil
		}
		f := s.finding(i18n.M("index.check.digit", "code", code))
		if scheme == agency.CreditCode {
			f[0].Cite = statute.CreditCode.Whole("")
		}
		return f
	},
}

// code is the national code in the number, found by the body's template or by its layout.
func (s Subject) code() (string, agency.Scheme) {
	if p, ok := s.Template.Parse(s.Number); ok && !s.Template.IsZero() {
		switch {
		case p.Fields.Credit != "":
			return p.Fields.Credit, agency.CreditCode
		case p.Fields.Org != "":
			return p.Fields.Org, agency.OrgCode
		}
		return "", agency.Local
	}
	return agency.IndexPrefix(s.Number)
}

func (s Subject) finding(m i18n.Message) []check.Finding {
	return []check.Finding{{Message: m, Places: []check.Quote{{At: place.Place{}, Text: s.Number}}}}
}
