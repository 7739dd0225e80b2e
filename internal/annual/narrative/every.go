package narrative

import (
	"slices"
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
		for _, all := range cl.it.ofAll() {
			if cells, want := c.asserted(cl, s, all.words); cells.plus != nil {
				if v, known := c.value(cells); known && v != want {
					c.add(c.notAll(cl, all, cells, want))
				}
			}
		}
	}
}

// asserted returns the cells a clause on all of a number speaks of, and what they must then
// hold. s are the cells that hold the number.
func (c *inquiry) asserted(cl claim, s sum, clause string) (cells sum, want decimal.Decimal) {
	requests := strings.HasPrefix(string(s.plus[0]), "T3.new.") && len(s.plus) == 1
	switch {
	case requests && has(clause, "自然人", "公民") && !has(clause, "法人", "组织", "企业"):
		for _, column := range applicants[0].columns {
			cells.plus = append(cells.plus, c.t3(column, "new").plus...)
		}
		return cells, 0
	case requests && has(clause, "予以公开", "同意公开") && c.noneCarried():
		return c.total("done.open", "done.partial"), cl.value
	case strings.HasPrefix(string(s.plus[0]), "T4.") && has(clause, "维持") && !has(clause, "尚未", "未被"):
		return c.upheld(s), cl.value
	}
	return sum{}, 0
}

// noneCarried reports whether the year's requests are just those it answered.
func (c *inquiry) noneCarried() bool {
	v, known := c.value(c.total("carry_in", "carry_out"))
	return known && v == 0
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

// clause is a piece of a sentence and where in its passage it begins.
type clause struct {
	start int
	words string
}

// ofAll returns the clauses behind an item, before the next number, that say something of all
// it counts.
func (it *item) ofAll() []clause {
	end := it.s.end
	if it.index+1 < len(it.s.items) {
		end = it.s.items[it.index+1].Start
	}
	var found []clause
	p := it.s.in
	for at := it.End; at < end; at++ {
		to := at
		for to < end && !stop(p.text[to]) {
			to++
		}
		words := p.words(at, to)
		if slices.ContainsFunc([]string{"均", "全部", "都", "全为", "皆"}, func(all string) bool { return strings.HasPrefix(words, all) }) {
			found = append(found, clause{at, words})
		}
		at = to
	}
	return found
}

// notAll writes the judgement on a clause about all that does not hold for all.
func (c *inquiry) notAll(cl claim, all clause, cells sum, want decimal.Decimal) Judgement {
	v, _ := c.value(cells)
	return Judgement{
		Verdict: Error, Code: numbersTold,
		Message: i18n.M("annual.narrative.every", "told", cl.it.printed(), "clause", all.words, "label", c.name(cells), "cell", v.String()),
		Working: want.String() + "≠" + c.spelled(cells),
		Places:  append([]check.Quote{cl.it.s.in.quote(all.start, all.start+utf8.RuneCountInString(all.words))}, c.cells(cells)...),
		Advice:  i18n.M("annual.narrative.cell.advice.error"),
	}
}
