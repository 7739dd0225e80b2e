package cli

import (
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/rule"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// The lines of merge, compare and rules with --json; docs/cli-json.md describes them.
type (
	objectMerged struct {
		Title   string                        `json:"title"`
		Agency  string                        `json:"agency"`
		Year    int                           `json:"year"`
		Form    string                        `json:"form"`
		Cells   map[form.Key]*decimal.Decimal `json:"cells"`
		Entries []objectEntry                 `json:"entries"`
		Lacking []string                      `json:"lacking"`
		Faults  []objectSum                   `json:"faults"`
		Notices []string                      `json:"notices"`
		Against *objectAgainst                `json:"against,omitempty"`
	}
	objectEntry struct {
		Unit    string         `json:"unit"`
		File    *string        `json:"file"`
		Outcome annual.Outcome `json:"outcome"`
		Own     bool           `json:"own"`
		Handed  date.Date      `json:"handed"`
		Due     date.Date      `json:"due"`
		Late    int            `json:"late"`
		Gaps    int            `json:"gaps"`
		Faults  []objectSum    `json:"faults"`
		Notices []string       `json:"notices"`
	}
	objectSum struct {
		Code  string          `json:"code"`
		Keys  []form.Key      `json:"keys"`
		Left  decimal.Decimal `json:"left"`
		Right decimal.Decimal `json:"right"`
	}
	objectAgainst struct {
		File        string             `json:"file"`
		Compared    int                `json:"compared"`
		Differences []objectDifference `json:"differences"`
		Suspects    []objectSuspect    `json:"suspects"`
		Notices     []string           `json:"notices"`
	}
	objectDifference struct {
		Key     form.Key         `json:"key"`
		Label   string           `json:"label"`
		Printed *decimal.Decimal `json:"printed"`
		Summed  decimal.Decimal  `json:"summed"`
		Hints   []string         `json:"hints"`
	}
	objectSuspect struct {
		Unit  string `json:"unit"`
		Twice bool   `json:"twice"`
		Cells int    `json:"cells"`
	}
	objectComparison struct {
		Body    string         `json:"body"`
		Before  objectYear     `json:"before"`
		After   objectYear     `json:"after"`
		Changes []objectChange `json:"changes"`
		Links   []objectLink   `json:"links"`
		Dropped []form.Key     `json:"dropped"`
		Notices []string       `json:"notices"`
	}
	objectYear struct {
		File string `json:"file"`
		Year int    `json:"year"`
		Form string `json:"form"`
	}
	objectChange struct {
		Key     form.Key          `json:"key"`
		Label   string            `json:"label"`
		Before  *decimal.Decimal  `json:"before"`
		After   *decimal.Decimal  `json:"after"`
		Growth  annual.GrowthKind `json:"growth"`
		Percent *decimal.Decimal  `json:"percent"`
	}
	objectLink struct {
		Code     string           `json:"code"`
		Key      form.Key         `json:"key"`
		Label    string           `json:"label"`
		Expected *decimal.Decimal `json:"expected"`
		Stated   *decimal.Decimal `json:"stated"`
	}
	objectRank struct {
		Year       *int           `json:"year"`
		Indicator  string         `json:"indicator"`
		Name       string         `json:"name"`
		Definition string         `json:"definition"`
		Measure    annual.Measure `json:"measure"`
		Scores     []objectScore  `json:"scores"`
		Notices    []string       `json:"notices"`
	}
	objectScore struct {
		Body  string           `json:"body"`
		File  string           `json:"file"`
		Value *decimal.Decimal `json:"value"`
		Rank  *int             `json:"rank"`
		Why   string           `json:"why"`
	}
	objectRule struct {
		Code     string         `json:"code"`
		Severity check.Severity `json:"severity"`
		Title    string         `json:"title"`
		Cite     string         `json:"cite"`
		Since    date.Date      `json:"since"`
	}
)

func (s *session) mergeObject(m *annual.Merged, against string, a *annual.Audit) objectMerged {
	r := m.Report
	o := objectMerged{
		Title: r.Title.Text, Agency: r.Agency.Text, Year: r.Year, Form: r.Form.ID,
		Cells: map[form.Key]*decimal.Decimal{}, Entries: make([]objectEntry, len(m.Entries)),
		Lacking: append([]string{}, m.Lacking()...), Faults: sumObjects(m.Faults), Notices: s.texts(m.Notices),
	}
	for k, c := range r.Cells {
		o.Cells[k] = figure(c.Value, c.State == annual.Blank)
	}
	for i, e := range m.Entries {
		o.Entries[i] = objectEntry{
			e.Unit, filled(e.File), e.Outcome, e.Own, e.Handed, e.Due, e.Late, e.Gaps, sumObjects(e.Faults), s.texts(e.Notices),
		}
	}
	if a != nil {
		o.Against = s.againstObject(r.Form, against, *a)
	}
	return o
}

func sumObjects(is []annual.Imbalance) []objectSum {
	out := make([]objectSum, len(is))
	for i, x := range is {
		out[i] = objectSum{x.Equation.Rule, append(append([]form.Key{}, x.Equation.Left...), x.Equation.Right...), x.Left, x.Right}
	}
	return out
}

// texts words messages; none gives an empty list.
func (s *session) texts(ms []i18n.Message) []string {
	out := make([]string, len(ms))
	for i, m := range ms {
		out[i] = s.p.Text(m)
	}
	return out
}

func (s *session) againstObject(f *form.Form, file string, a annual.Audit) *objectAgainst {
	o := &objectAgainst{
		File: file, Compared: a.Compared, Differences: make([]objectDifference, len(a.Differences)),
		Suspects: make([]objectSuspect, len(a.Suspects)), Notices: s.texts(a.Notices),
	}
	for i, d := range a.Differences {
		o.Differences[i] = objectDifference{d.Key, f.Label(d.Key), figure(d.Printed, !d.HasPrinted), d.Summed, s.texts(d.Hints)}
	}
	for i, x := range a.Suspects {
		o.Suspects[i] = objectSuspect(x)
	}
	return o
}

func (s *session) comparisonObject(c *annual.Comparison) objectComparison {
	f := c.After.Form
	o := objectComparison{
		Body:    c.Body,
		Before:  objectYear{c.Before.File, c.Before.Year, c.Before.Form.ID},
		After:   objectYear{c.After.File, c.After.Year, f.ID},
		Changes: make([]objectChange, len(c.Changes)), Links: make([]objectLink, len(c.Links)),
		Dropped: append([]form.Key{}, c.Dropped...), Notices: s.texts(c.Notices),
	}
	for i, ch := range c.Changes {
		o.Changes[i] = objectChange{
			ch.Key, f.Label(ch.Key), valueOf(ch.Before), valueOf(ch.After),
			ch.Growth.Kind, figure(ch.Growth.Percent, ch.Growth.Kind != annual.GrowthPercent),
		}
	}
	for i, l := range c.Links {
		o.Links[i] = objectLink{l.Rule, l.Key, f.Label(l.Key), valueOf(l.Expected), valueOf(l.Stated)}
	}
	return o
}

// valueOf returns a figure's value, nil if there is none.
func valueOf(f annual.Figure) *decimal.Decimal { return figure(f.Value, !f.Known()) }

func (s *session) rankObject(l annual.Lineup, r *annual.Ranking, c annual.Column) objectRank {
	o := objectRank{
		Indicator: c.Indicator.Key, Name: s.p.Text(c.Indicator.Name), Definition: s.p.Text(c.Indicator.Definition),
		Measure: c.Indicator.Measure, Scores: []objectScore{}, Notices: s.texts(l.Notices()),
	}
	if l.Year > 0 {
		o.Year = &l.Year
	}
	for _, i := range c.Order() {
		sc := c.Scores[i]
		x := objectScore{Body: r.Bodies[i], File: l.Reports[i].File, Value: figure(sc.Value, !sc.Known), Why: s.p.Text(sc.Why)}
		if sc.Rank > 0 {
			x.Rank = &sc.Rank
		}
		o.Scores = append(o.Scores, x)
	}
	return o
}

func (s *session) ruleObject(r check.Rule[*rule.Subject]) objectRule {
	return objectRule{r.Code, r.Severity, s.p.Text(r.Title), s.cite(r.Cite), r.Since}
}
