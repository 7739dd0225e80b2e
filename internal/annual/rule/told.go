package rule

import (
	"gongkai/internal/annual/narrative"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// numbersTold: what the text says of a number is what the tables say (R-AR-14). The work is
// annual/narrative's, whose judgements become findings here.
var numbersTold = check.Rule[*Subject]{
	Code: "R-AR-14", Severity: check.Error, Since: unified,
	Cite: statute.OGI2019.Art(6, 1), Title: i18n.M("rule.told.title"),
	Find: func(s *Subject) []check.Finding { return s.judged("R-AR-14") },
}

// contradictions: one quantity has one value wherever the report states it, and one value
// one meaning (R-AR-24).
var contradictions = check.Rule[*Subject]{
	Code: "R-AR-24", Severity: check.Error, Since: unified,
	Cite: statute.OGI2019.Art(6, 1), Title: i18n.M("rule.contradiction.title"),
	Find: func(s *Subject) []check.Finding { return s.judged("R-AR-24") },
}

// gravity is what a verdict asks for.
var gravity = map[narrative.Verdict]check.Severity{
	narrative.Error:   check.Error,
	narrative.Explain: check.Warning,
	narrative.Remark:  check.Info,
}

// judged turns the judgements of one rule into findings; those that agree are none.
func (s *Subject) judged(code string) []check.Finding {
	var out []check.Finding
	for _, j := range s.judgements {
		severity, fault := gravity[j.Verdict]
		if j.Code != code || !fault {
			continue
		}
		out = append(out, check.Finding{
			Severity: severity, Message: j.Message, Working: j.Working, Places: j.Places, Advice: j.Advice,
		})
	}
	return out
}

// verified returns the judgements that agree.
func (s *Subject) verified() []narrative.Judgement {
	var out []narrative.Judgement
	for _, j := range s.judgements {
		if j.Verdict == narrative.OK {
			out = append(out, j)
		}
	}
	return out
}
