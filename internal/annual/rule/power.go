package rule

import (
	"gongkai/internal/agency"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// power: 规章 are made by the bodies that 立法法第九十一条 and 第九十三条 name; others fill in 0
// (R-AR-19). agency.RuleMaking quotes both articles and says what a name can tell.
var power = check.Rule[*Subject]{
	Code: "R-AR-19", Severity: check.Warning, Since: unified,
	Cite: statute.Legislation2023.Art(93, 1), Title: i18n.M("rule.power.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() {
			return nil
		}
		var at []check.Quote
		for _, c := range s.Form.Row("T2.rules").Cells {
			if v, ok := s.Value(c.Key); ok && v > 0 {
				at = append(at, s.cell(c.Key))
			}
		}
		if len(at) == 0 {
			return nil
		}
		body := s.body()
		if body == "" {
			body = s.self()
		}
		switch s.rulePower(body) {
		case agency.MayNot:
			return []check.Finding{{
				Severity: check.Error, Message: i18n.M("rule.power.none", "body", body), Places: at, Advice: i18n.M("rule.power.zero"),
			}}
		case agency.Ask:
			return []check.Finding{{Message: i18n.M("rule.power.ask", "body", body), Places: at, Advice: i18n.M("rule.power.zero")}}
		}
		return nil
	},
}

// rulePower trusts the kind given in the context over the name.
func (s *Subject) rulePower(body string) agency.Power {
	p := agency.RuleMaking(body)
	if p != agency.Silent {
		return p
	}
	switch s.kind {
	case agency.Township:
		return agency.MayNot
	case agency.Department, agency.Zone:
		return agency.Ask
	}
	return p
}
