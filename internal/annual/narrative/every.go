package narrative

import (
	"strings"
	"unicode/utf8"

	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// every holds what is said of all the cases of a number against the cells that may not agree
// with it: 收到申请9件，均为自然人申请; 被申请复议3件，均获维持.
func (c *inquiry) every() {
	for _, cl := range c.claims {
		s, ok := c.agrees(cl)
		if !ok || !cl.it.exact() || cl.it.Value == 0 {
			continue
		}
		start, clause := cl.it.ofAll()
		var cells sum
		want := cl.value
		switch {
		case has(clause, "自然人", "公民") && !has(clause, "法人", "组织", "企业") && strings.HasPrefix(string(s.plus[0]), "T3.new."):
			for _, column := range applicants[0].columns {
				cells.plus = append(cells.plus, c.t3(column, "new").plus...)
			}
			want = 0
		case has(clause, "维持") && !has(clause, "尚未", "未被") && strings.HasPrefix(string(s.plus[0]), "T4."):
			cells = c.upheld(s)
		}
		if v, known := c.value(cells); known && v != want {
			c.add(c.notAll(cl, start, clause, cells, want))
		}
	}
}

// upheld returns the cells of 结果维持 in the groups whose totals s adds.
func (c *inquiry) upheld(s sum) sum {
	var cells sum
	seen := map[string]bool{}
	for _, k := range s.plus {
		if row := k.Row(); !seen[row] {
			seen[row] = true
			cells.plus = append(cells.plus, form.Key(row+".upheld"))
		}
	}
	return cells
}

// ofAll returns the clause behind an item, before the next number, that says something of all
// it counts, and where in the passage it begins.
func (it *item) ofAll() (start int, clause string) {
	end := it.s.end
	if it.index+1 < len(it.s.items) {
		end = it.s.items[it.index+1].Start
	}
	p := it.s.in
	for at := it.End; at < end; at++ {
		to := at
		for to < end && !stop(p.text[to]) {
			to++
		}
		clause = p.words(at, to)
		for _, all := range []string{"均", "全部", "都", "全为", "皆"} {
			if strings.HasPrefix(clause, all) {
				return at, clause
			}
		}
		at = to
	}
	return 0, ""
}

// notAll writes the judgement on a clause about all that does not hold for all.
func (c *inquiry) notAll(cl claim, start int, clause string, cells sum, want decimal.Decimal) Judgement {
	v, _ := c.value(cells)
	return Judgement{
		Verdict: Error, Code: numbersTold,
		Message: i18n.M("annual.narrative.every", "told", cl.it.printed(), "clause", clause, "label", c.name(cells), "cell", v.String()),
		Working: want.String() + "≠" + c.spelled(cells),
		Places:  append([]check.Quote{cl.it.s.in.quote(start, start+utf8.RuneCountInString(clause))}, c.cells(cells)...),
		Advice:  i18n.M("annual.narrative.cell.advice.error"),
	}
}
