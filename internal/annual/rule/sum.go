package rule

import (
	"slices"
	"strings"

	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// unified is when the unified form of the annual report was first published.
var unified = date.Must(2019, 11, 27)

// balance: 表三题注“本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和”.
var balance = check.Rule[*Subject]{
	Code: "R-AR-01", Severity: check.Error, Since: unified,
	Cite: statute.AnnualForm2021.Whole("表三"), Title: i18n.M("rule.balance.title"),
	Find: func(s *Subject) []check.Finding { return s.columns("R-AR-01") },
}

// outcomes: 表三“（七）总计” is the sum of all ways of handling above it.
var outcomes = check.Rule[*Subject]{
	Code: "R-AR-02", Severity: check.Error, Since: unified,
	Cite: statute.AnnualForm2021.Whole("表三"), Title: i18n.M("rule.outcomes.title"),
	Find: func(s *Subject) []check.Finding { return s.columns("R-AR-02") },
}

// rowTotals: 表三“总计” is the sum of the natural persons and the five classes of legal
// persons and other organisations in its row.
var rowTotals = check.Rule[*Subject]{
	Code: "R-AR-03", Severity: check.Error, Since: unified,
	Cite: statute.AnnualForm2021.Whole("表三"), Title: i18n.M("rule.rows.title"),
	Find: func(s *Subject) []check.Finding { return s.rows("R-AR-03") },
}

// groupTotals: 表四“总计” is the sum of 结果维持, 结果纠正, 其他结果 and 尚未审结 in its group.
var groupTotals = check.Rule[*Subject]{
	Code: "R-AR-04", Severity: check.Error, Since: unified,
	Cite: statute.AnnualForm2021.Whole("表四"), Title: i18n.M("rule.groups.title"),
	Find: func(s *Subject) []check.Finding { return s.rows("R-AR-04") },
}

// several is the number of failing sums from which one finding lists them all.
const several = 4

// columns reports the failing column sums of a rule. A fault in one column shows again in
// the total column; the two are one finding.
func (s *Subject) columns(rule string) []check.Finding {
	broken := s.broken(rule)
	if len(broken) > several {
		return []check.Finding{s.many(broken, i18n.M("rule.columns.many", "n", len(broken), "columns", columnLabels(s, broken)))}
	}
	var out []check.Finding
	skip := -1
	if i, ok := echo(broken); ok {
		skip = i
	}
	for i, t := range broken {
		if i == skip {
			continue
		}
		f := s.failing(t, s.columnMessage(rule, t))
		if skip >= 0 {
			f.Places = append(f.Places, s.evidence(broken[skip])...)
			f.Working += "；" + broken[skip].working()
		}
		out = append(out, f)
	}
	return out
}

// echo finds the total column among exactly two failing columns that differ by the same.
func echo(broken []tally) (int, bool) {
	if len(broken) != 2 || broken[0].diff() != broken[1].diff() || broken[0].fault != broken[1].fault {
		return 0, false
	}
	for i, t := range broken {
		if t.Right[0].Column() == "total" {
			return i, true
		}
	}
	return 0, false
}

func columnLabels(s *Subject, broken []tally) []string {
	var out []string
	for _, t := range broken {
		out = append(out, s.Form.Cell(t.Right[0]).Column)
	}
	return out
}

func (s *Subject) columnMessage(rule string, t tally) i18n.Message {
	column := s.Form.Cell(t.Right[0]).Column
	args := []any{"column", column, "left", t.left.sum, "right", t.right.sum, "diff", t.diff()}
	if rule == "R-AR-02" {
		switch t.fault {
		case unfilled:
			return i18n.M("rule.outcomes.unfilled", args...)
		case short:
			return i18n.M("rule.outcomes.short", args...)
		}
		return i18n.M("rule.outcomes", args...)
	}
	switch t.fault {
	case unfilled:
		return i18n.M("rule.balance.unfilled", args...)
	case short:
		return i18n.M("rule.balance.short", args...)
	}
	return i18n.M("rule.balance", args...)
}

// rows reports the failing row or group sums of a rule.
func (s *Subject) rows(rule string) []check.Finding {
	broken := s.broken(rule)
	if len(broken) > several {
		var names []string
		for _, t := range broken {
			names = append(names, s.Form.Row(t.Right[0].Row()).Label)
		}
		return []check.Finding{s.many(broken, i18n.M("rule.rows.many", "n", len(broken), "rows", names))}
	}
	var out []check.Finding
	for _, t := range broken {
		out = append(out, s.failing(t, s.rowMessage(t)))
	}
	return out
}

func (s *Subject) rowMessage(t tally) i18n.Message {
	args := []any{
		"row", s.rowName(t.Right[0]), "parts", s.spell(t.left),
		"sum", t.left.sum, "total", t.right.sum, "diff", t.diff(),
	}
	switch {
	case t.fault == unfilled && t.right.blank > 0 || t.fault == short && t.right.blank > 0:
		return i18n.M("rule.rows.total_blank", args...)
	case t.fault == unfilled:
		return i18n.M("rule.rows.unfilled", args...)
	case t.fault == short:
		return i18n.M("rule.rows.short", args...)
	}
	return i18n.M("rule.rows", args...)
}

// rowName names a row with its table: 表四行政复议, 表三“（一）予以公开”.
func (s *Subject) rowName(k form.Key) string {
	t, r := s.Form.Table(k.Table()), s.Form.Row(k.Row())
	if t.ID == "T4" {
		return t.Name + r.Label
	}
	return t.Name + i18n.Quoted(r.Label)
}

// spell writes a side with its labels: 结果维持10＋结果纠正1＋其他结果0＋尚未审结0. Rows of the
// wide table three leave their zeros out.
func (s *Subject) spell(sd side) string {
	var ts []string
	for _, p := range sd.parts {
		if p.known && (p.value != 0 || len(sd.parts) <= 4) {
			c := s.Form.Cell(p.key)
			label := c.Column
			if c.Row.Table == "T4" {
				label = strings.TrimPrefix(label, c.Row.Label)
			}
			ts = append(ts, label+p.value.String())
		}
	}
	if len(ts) == 0 {
		return "0"
	}
	return strings.Join(ts, "＋")
}

// failing builds the finding of one failing sum.
func (s *Subject) failing(t tally, m i18n.Message) check.Finding {
	f := check.Finding{
		Message: m, Working: t.working(), Places: s.evidence(t),
		Cite: s.formRef(s.Form.Table(t.Right[0].Table()).Name), Advice: s.advice(t),
	}
	if t.fault == short {
		f.Severity = check.Warning
	}
	if r, ok := s.repair(t); ok {
		for _, w := range s.witnesses {
			if w.cell == r.key {
				f.Places = append(f.Places, w.said.Places[0])
			}
		}
	}
	return f
}

// borneOut reports whether the text says what the sums ask of cell k.
func (s *Subject) borneOut(k form.Key) bool {
	return slices.ContainsFunc(s.witnesses, func(w witness) bool { return w.cell == k })
}

// many builds one finding of a whole series of failing sums.
func (s *Subject) many(broken []tally, m i18n.Message) check.Finding {
	f := check.Finding{Message: m, Cite: s.formRef(s.Form.Table(broken[0].Right[0].Table()).Name)}
	var workings []string
	mild := true
	for _, t := range broken {
		f.Places = append(f.Places, s.cell(t.Right[0]))
		workings = append(workings, t.working())
		mild = mild && t.fault == short
	}
	if mild {
		f.Severity = check.Warning
	}
	f.Working = strings.Join(workings, "；")
	f.Advice = i18n.M("rule.sum.shifted")
	return f
}

// evidence points at the cells of a sum: the total first, then every figure that is not zero.
func (s *Subject) evidence(t tally) []check.Quote {
	var out []check.Quote
	for _, p := range t.right.parts {
		out = append(out, s.cell(p.key))
	}
	for _, p := range t.left.parts {
		if p.known && p.value != 0 {
			out = append(out, s.cell(p.key))
		}
	}
	return out
}

// advice names the one cell that must be wrong, or the total that was left at zero.
func (s *Subject) advice(t tally) i18n.Message {
	if r, ok := s.repair(t); ok {
		if s.borneOut(r.key) {
			return i18n.M("rule.sum.repair.told", "cell", s.Form.Label(r.key), "from", r.from, "to", r.now)
		}
		return i18n.M("rule.sum.repair", "cell", s.Form.Label(r.key), "from", r.from, "to", r.now)
	}
	if total, ok := zeroTotal(t); ok {
		return i18n.M("rule.sum.total", "total", total)
	}
	return i18n.Message{}
}

// zeroTotal returns what a total should be that stands at zero or is blank over parts that
// do not.
func zeroTotal(t tally) (decimal.Decimal, bool) {
	if len(t.Right) == 1 && t.right.sum == 0 && t.left.sum > 0 && t.left.lost == 0 {
		return t.left.sum, true
	}
	return 0, false
}
