package rule

import (
	"maps"
	"slices"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/narrative"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
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
		if j.Code != code || !fault || s.confirms(j) {
			continue
		}
		out = append(out, check.Finding{
			Severity: severity, Message: j.Message, Working: j.Working, Places: j.Places, Advice: j.Advice,
		})
	}
	return out
}

// confirms reports whether a statement differs from the table only by the cell that the sums
// show to be wrong, and says what the cell should be. The failing sum quotes it.
func (s *Subject) confirms(j narrative.Judgement) bool {
	for _, w := range s.witnesses {
		if said(w.said) == said(j) && w.said.Working == j.Working && w.said.Code == j.Code {
			return true
		}
	}
	return false
}

// witness is a statement that bears a repair out.
type witness struct {
	cell form.Key
	said narrative.Judgement
}

// heard reads the text again with each cell corrected that the sums show to be wrong, and
// returns the statements that agree then and did not before.
func (s *Subject) heard() []witness {
	var out []witness
	done := map[form.Key]bool{}
	for _, t := range s.sums {
		if t.fault == sound {
			continue
		}
		r, ok := s.repair(t)
		if !ok || done[r.key] {
			continue
		}
		done[r.key] = true
		for _, j := range narrative.Check(s.corrected(r)) {
			for _, was := range s.judgements {
				if j.Verdict == narrative.OK && was.Verdict != narrative.OK && said(was) == said(j) && cites(was, r.key) {
					out = append(out, witness{r.key, was})
				}
			}
		}
	}
	return out
}

// statement is where and what a text says.
type statement struct {
	at   place.Place
	text string
}

func said(j narrative.Judgement) statement {
	return statement{j.Places[0].At, j.Places[0].Text}
}

// cites reports whether a judgement holds a statement against cell k.
func cites(j narrative.Judgement, k form.Key) bool {
	return slices.ContainsFunc(j.Places, func(q check.Quote) bool { return q.Key == string(k) })
}

// corrected returns the report with one cell put right.
func (s *Subject) corrected(r repair) *annual.Report {
	other := *s.Report
	other.Cells = maps.Clone(s.Cells)
	c := other.Cells[r.key]
	c.Value = r.now
	other.Cells[r.key] = c
	return &other
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
