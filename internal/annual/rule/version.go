package rule

import (
	"strings"

	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// version: reports on 2019 and 2020 follow the trial form, reports since 2021 the form of
// 国办公开办函〔2021〕30号, which replaced it (R-AR-18). A report that cites the replaced notice
// is asked to correct the citation.
var version = check.Rule[*Subject]{
	Code: "R-AR-18", Severity: check.Error, Since: unified,
	Cite: statute.AnnualForm2021.Whole(""), Title: i18n.M("rule.version.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() || s.Year == 0 {
			return nil
		}
		due := form.ForYear(s.Year)
		if due == nil {
			return nil
		}
		var out []check.Finding
		if due != s.Form {
			q := s.tableQuote(s.Form.Table("T2"))
			out = append(out, check.Finding{
				Message: i18n.M("rule.version", "year", s.Year, "is", s.Form.DocNo, "want", due.DocNo, "name", due.Instrument.Name),
				Places:  []check.Quote{q}, Cite: due.Instrument.Whole(""), Advice: i18n.M("rule.version.advice", "want", due.DocNo),
			})
		}
		return append(out, s.superseded(due)...)
	},
}

// The brackets that stand for 〔〕 in document numbers.
var (
	square = strings.NewReplacer("〔", "[", "〕", "]")
	round  = strings.NewReplacer("〔", "（", "〕", "）")
	narrow = strings.NewReplacer("〔", "(", "〕", ")")
)

// superseded reports the number of a form notice that no longer applied to the year.
func (s *Subject) superseded(due *form.Form) []check.Finding {
	var out []check.Finding
	for _, old := range form.All() {
		if old.From >= due.From {
			continue
		}
		for _, brackets := range []*strings.Replacer{square, round, narrow, strings.NewReplacer()} {
			variant := brackets.Replace(old.DocNo)
			s.find(variant, func(p passage, start, end int) {
				out = append(out, check.Finding{
					Severity: check.Warning, Cite: due.Instrument.Whole(""),
					Message: i18n.M("rule.version.cited", "old", old.DocNo, "want", due.DocNo),
					Places:  []check.Quote{s.quote(p, start, end)},
				})
			})
		}
	}
	return out
}
