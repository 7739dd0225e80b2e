package narrative

import (
	"unicode/utf8"

	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/quantity"
)

// staff finds a person for disclosure work who is part-time in one sentence and full-time
// in another (R-AR-24). They may be two persons, so the body is asked.
func (c *inquiry) staff() {
	var full, part *item
	for _, it := range c.items {
		switch fullTime, partTime := it.post(); {
		case fullTime && !partTime && full == nil:
			full = it
		case partTime && !fullTime && part == nil:
			part = it
		}
	}
	if full == nil || part == nil || full.s == part.s || full.s.in == part.s.in && adjacent(full.s, part.s) {
		return
	}
	a, b := full, part
	if part.no < full.no {
		a, b = part, full
	}
	c.add(Judgement{
		Verdict: Explain, Code: contradictions,
		Message: i18n.M("annual.narrative.staff"),
		Places:  []check.Quote{a.person(), b.person()},
		Advice:  i18n.M("annual.narrative.staff.advice"),
	})
}

// bothPosts speak of full-time and part-time staff together, others of staff elsewhere.
var (
	bothPosts = []string{"专兼职", "专（兼）职", "专、兼职", "专职和兼职", "专职或兼职"}
	others    = []string{"讲解", "律师", "信息员", "联络员", "审核员", "各科室", "各单位", "各部门"}
)

// post reports whether an item counts persons for disclosure work who are full-time, and
// whether they are part-time.
func (it *item) post() (fullTime, partTime bool) {
	if it.Kind != quantity.Count || it.Unit != "名" && it.Unit != "人" && it.Unit != "位" || it.foreign {
		return false, false
	}
	if !has(it.s.words, "公开") || has(it.s.words, bothPosts...) || has(it.s.words, others...) {
		return false, false
	}
	words := it.own + it.s.in.words(it.End, it.clauseEnd())
	return has(words, "专职"), has(words, "兼职")
}

// adjacent reports whether two sentences of a passage follow each other; then they tell of
// two persons.
func adjacent(a, b *sentence) bool { return a.end == b.start || b.end == a.start }

// clauseEnd returns where the clause of an item ends; brackets do not end it.
func (it *item) clauseEnd() int {
	p := it.s.in
	end := it.End
	for end < it.s.end && p.text[end] != '，' && p.text[end] != '；' && p.text[end] != '。' {
		end++
	}
	return end
}

// person quotes the item with its whole clause.
func (it *item) person() check.Quote {
	return it.s.in.quote(it.Start-utf8.RuneCountInString(it.own), it.clauseEnd())
}
