package normative

import (
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/workday"
)

// Subject is a record with what it is held against.
type Subject struct {
	*Record
	Calendar *workday.Calendar
	Policy   Policy
	Today    date.Date
}

// Rules are the checks of one record: what does not forbid a move but needs an answer.
var Rules = []check.Rule[Subject]{headnoteRule, transitionRule, termRule, evaluationRule, filingRule, interpretationRule}

// finding words one finding about s, quoted by its title.
func (s Subject) finding(m i18n.Message) []check.Finding {
	return []check.Finding{{Message: m, Places: []check.Quote{{Text: s.Title}}}}
}

// headnoteRule: a rule's 题注 names the day and number of its order and the day of taking effect.
//
// 国办公开办函〔2021〕33号: 题注 shows 公布时间及文号、修订时间及文号、施行时间. R-NRM-07.
var headnoteRule = check.Rule[Subject]{
	Code: "R-NRM-07", Severity: check.Error, Title: i18n.M("normative.rule.headnote"),
	Find: func(s Subject) []check.Finding {
		if s.Kind != RuleKind || s.Open() {
			return nil
		}
		var lacks []i18n.Message
		for _, part := range []struct {
			word string
			in   []string
		}{
			{"normative.headnote.issued", []string{s.IssuedOn.Chinese(), s.PublishedOn.Chinese()}},
			{"normative.headnote.number", []string{s.DocNo, strings.TrimPrefix(s.DocNo[strings.Index(s.DocNo, "第")+1:], "第")}},
			{"normative.headnote.effective", []string{s.EffectiveOn.Chinese()}},
		} {
			if !holdsAny(s.Headnote, part.in) {
				lacks = append(lacks, i18n.M(part.word))
			}
		}
		if len(lacks) == 0 {
			return nil
		}
		return s.finding(i18n.M("normative.check.headnote", "parts", lacks))
	},
}

func holdsAny(text string, words []string) bool {
	text = strings.Join(strings.Fields(text), "")
	for _, w := range words {
		if w != "" && strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// transitionRule: a document that touches market entities leaves them time.
//
// 优化营商环境条例第六十五条: 为市场主体留出必要的适应调整期. R-NRM-14.
var transitionRule = check.Rule[Subject]{
	Code: "R-NRM-14", Severity: check.Warning, Cite: statute.Business2019.Art(65), Title: i18n.M("normative.rule.transition"),
	Find: func(s Subject) []check.Finding {
		if !s.Market || s.Open() || s.EffectiveOn.After(s.PublishedOn) {
			return nil
		}
		return s.finding(i18n.M("normative.check.transition", "day", s.EffectiveOn))
	},
}

// termRule: a normative document states a term no longer than usual. R-NRM-15.
var termRule = check.Rule[Subject]{
	Code: "R-NRM-15", Severity: check.Warning, Title: i18n.M("normative.rule.term"),
	Find: func(s Subject) []check.Finding {
		if s.Kind != Document || s.Open() || !s.ValidOn(s.Today) {
			return nil
		}
		if s.ExpiresOn.IsZero() {
			return s.finding(i18n.M("normative.check.no_term"))
		}
		if last := s.Policy.longest(s.Record); len(s.Changes) == 0 && s.ExpiresOn.After(last) {
			return s.finding(i18n.M("normative.check.long_term", "until", s.ExpiresOn, "last", last))
		}
		return nil
	},
}

// evaluationRule: within the last months of its term a document is evaluated. R-NRM-15.
var evaluationRule = check.Rule[Subject]{
	Code: "R-NRM-15", Severity: check.Warning, Title: i18n.M("normative.rule.evaluation"),
	Find: func(s Subject) []check.Finding {
		if s.ExpiresOn.IsZero() || !s.ValidOn(s.Today) || s.Today.Before(s.ExpiresOn.PlusMonths(-s.Policy.WarnMonths)) {
			return nil
		}
		return s.finding(i18n.M("normative.check.evaluation", "until", s.ExpiresOn, "n", s.ExpiresOn.Days(s.Today)))
	},
}

// filingRule: what was published is filed in time. R-NRM-04, R-NRM-16.
var filingRule = check.Rule[Subject]{
	Code: "R-NRM-16", Severity: check.Warning, Title: i18n.M("normative.rule.filing"),
	Find: func(s Subject) []check.Finding {
		d, owed := s.filing(s.Policy)
		if !owed || !s.Today.After(d) {
			return nil
		}
		return s.finding(i18n.M("normative.check.filing", "due", d))
	},
}

// interpretationRule: the interpretation follows within three working days. R-NRM-30.
var interpretationRule = check.Rule[Subject]{
	Code: "R-NRM-30", Severity: check.Warning, Cite: statute.Interpretation2016.Whole(""), Title: i18n.M("normative.rule.interpretation"),
	Find: func(s Subject) []check.Finding {
		if !s.Interpret || s.Open() || s.PublishedOn.IsZero() || s.Calendar == nil {
			return nil
		}
		due := s.Calendar.Add(s.PublishedOn, s.Policy.Interpret)
		switch {
		case s.InterpretedOn.After(due.Date):
			return s.finding(i18n.M("normative.check.interpreted_late", "on", s.InterpretedOn, "due", due.Date))
		case s.InterpretedOn.IsZero() && s.Today.After(due.Date):
			return s.finding(i18n.M("normative.check.uninterpreted", "due", due.Date))
		}
		return nil
	},
}

// filing returns the last day for filing r, and whether it is still owed. Of documents entered as
// they stand, without their procedure, nobody knows here whether they were filed.
func (r *Record) filing(p Policy) (date.Date, bool) {
	if r.Open() || r.State == Dropped || r.PublishedOn.IsZero() || !r.FiledOn.IsZero() || len(r.Steps) == 0 {
		return date.Date{}, false
	}
	days := p.FilingDays
	if r.Kind == RuleKind {
		days = p.RuleFiling
	}
	return r.PublishedOn.Plus(days), true
}
