package annual

import (
	"cmp"
	"math/big"
	"slices"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// Measure says what an indicator counts in.
type Measure string

// The measures of indicators.
const (
	Pieces Measure = "pieces" // a count
	Share  Measure = "share"  // per cent
)

// Indicator is a figure by which bodies are set side by side. Its definition is part of
// its meaning: bodies are judged by it.
type Indicator struct {
	Key        string
	Measure    Measure
	Name       i18n.Message
	Definition i18n.Message
	Lowest     bool // rank 1 is the lowest value
	Parts      []form.Key
	Whole      []form.Key // of a share; its sum is the denominator
}

// smallWhole is the denominator below which a share says little: with nine cases, one more
// or less moves it by more than ten points. Our choice.
const smallWhole = 10

// Indicators returns the standard indicators, in the order they are shown.
func Indicators() []Indicator {
	deny := totals("deny.secret", "deny.law", "deny.safety", "deny.third", "deny.internal",
		"deny.process", "deny.casefile", "deny.query")
	unable := totals("unable.nohold", "unable.make", "unable.unclear")
	noproc := totals("noproc.petition", "noproc.repeat", "noproc.publication", "noproc.excess", "noproc.confirm")
	done := totals("total")
	return []Indicator{
		{Key: "new", Measure: Pieces, Parts: []form.Key{"T3.new.total"},
			Name: i18n.M("merge.indicator.new"), Definition: i18n.M("merge.indicator.new.def")},
		{Key: "done", Measure: Pieces, Parts: done,
			Name: i18n.M("merge.indicator.done"), Definition: i18n.M("merge.indicator.done.def")},
		{Key: "open", Measure: Share, Parts: totals("open", "partial"), Whole: done,
			Name: i18n.M("merge.indicator.open"), Definition: i18n.M("merge.indicator.open.def")},
		{Key: "deny", Measure: Share, Parts: deny, Whole: done, Lowest: true,
			Name: i18n.M("merge.indicator.deny"), Definition: i18n.M("merge.indicator.deny.def")},
		{Key: "unable", Measure: Share, Parts: unable, Whole: done, Lowest: true,
			Name: i18n.M("merge.indicator.unable"), Definition: i18n.M("merge.indicator.unable.def")},
		{Key: "noproc", Measure: Share, Parts: noproc, Whole: done, Lowest: true,
			Name: i18n.M("merge.indicator.noproc"), Definition: i18n.M("merge.indicator.noproc.def")},
		{Key: "pending", Measure: Share, Parts: []form.Key{"T3.carry_out.total"}, Lowest: true,
			Whole: []form.Key{"T3.new.total", "T3.carry_in.total"},
			Name:  i18n.M("merge.indicator.pending"), Definition: i18n.M("merge.indicator.pending.def")},
		{Key: "corrected", Measure: Share, Parts: []form.Key{"T4.review.corrected"}, Lowest: true,
			Whole: closed("review"),
			Name:  i18n.M("merge.indicator.corrected"), Definition: i18n.M("merge.indicator.corrected.def")},
		{Key: "lost", Measure: Share, Parts: []form.Key{"T4.direct.corrected", "T4.after.corrected"}, Lowest: true,
			Whole: append(closed("direct"), closed("after")...),
			Name:  i18n.M("merge.indicator.lost"), Definition: i18n.M("merge.indicator.lost.def")},
	}
}

// totals returns the keys of column 总计 in rows of 本年度办理结果.
func totals(rows ...string) []form.Key {
	ks := make([]form.Key, len(rows))
	for i, r := range rows {
		ks[i] = form.Key("T3.done." + r + ".total")
	}
	return ks
}

// closed returns the keys of the cases of a group that came to an end.
func closed(group string) []form.Key {
	return []form.Key{
		form.Key("T4." + group + ".upheld"), form.Key("T4." + group + ".corrected"), form.Key("T4." + group + ".other"),
	}
}

// Ranking is a set of bodies side by side.
type Ranking struct {
	Bodies  []string
	Columns []Column
}

// Column is one indicator for all bodies, in their order.
type Column struct {
	Indicator Indicator
	Scores    []Score
	Shared    bool // some bodies share a rank
}

// Score is one body's value of an indicator.
type Score struct {
	Known       bool            // false: a figure it needs is lacking, or there is nothing to take a share of
	Value       decimal.Decimal // pieces, or per cent to one decimal place
	Part, Whole decimal.Decimal
	Rank        int  // 1 is first; equal values share a rank and the next is left free; 0: not ranked
	Small       bool // the share is of fewer than ten cases
	Why         i18n.Message
}

// Rank sets reports side by side by each indicator. Shares are ranked by their exact
// fractions, not by what is shown of them.
func Rank(reports []*Report, indicators []Indicator) *Ranking {
	r := &Ranking{}
	read := make([]figures, len(reports))
	for i, rep := range reports {
		r.Bodies = append(r.Bodies, statedName(rep))
		if rep.Form != nil {
			read[i] = readFigures(rep, planFor(rep.Form))
			read[i].proveZeros()
		}
	}
	for _, ind := range indicators {
		c := Column{Indicator: ind, Scores: make([]Score, len(reports))}
		for i := range reports {
			c.Scores[i] = ind.score(read[i])
		}
		c.rank()
		r.Columns = append(r.Columns, c)
	}
	return r
}

// score works the indicator out for one body.
func (ind Indicator) score(f figures) Score {
	part, ok := f.sumOf(ind.Parts)
	if !ok {
		return Score{Why: i18n.M("merge.score.gap")}
	}
	if ind.Measure == Pieces {
		return Score{Known: true, Value: part, Part: part}
	}
	whole, ok := f.sumOf(ind.Whole)
	switch {
	case !ok:
		return Score{Why: i18n.M("merge.score.gap")}
	case whole <= 0:
		return Score{Part: part, Why: i18n.M("merge.score.none")}
	}
	s := Score{Known: true, Part: part, Whole: whole, Value: Percent(part, whole)}
	if s.Small = whole < decimal.Int(smallWhole); s.Small {
		s.Why = i18n.M("merge.score.small", "n", whole)
	}
	return s
}

// sumOf adds the cells up, and says false if one of them has no figure.
func (f figures) sumOf(ks []form.Key) (decimal.Decimal, bool) {
	var sum decimal.Decimal
	for _, k := range ks {
		if f.plan == nil {
			return 0, false
		}
		v := f.get(k)
		if !v.Known() {
			return 0, false
		}
		sum += v.Value
	}
	return sum, true
}

// rank numbers the known scores.
func (c *Column) rank() {
	var order []int
	for i, s := range c.Scores {
		if s.Known {
			order = append(order, i)
		}
	}
	compare := func(a, b int) int {
		n := c.Scores[a].compare(c.Scores[b])
		if c.Indicator.Lowest {
			return n
		}
		return -n
	}
	slices.SortStableFunc(order, compare)
	for n, i := range order {
		c.Scores[i].Rank = n + 1
		if n > 0 && compare(order[n-1], i) == 0 {
			c.Scores[i].Rank = c.Scores[order[n-1]].Rank
			c.Shared = true
		}
	}
}

// compare orders scores by their exact values.
func (s Score) compare(o Score) int {
	if s.Whole == 0 {
		return cmp.Compare(s.Part, o.Part)
	}
	x := new(big.Int).Mul(big.NewInt(int64(s.Part)), big.NewInt(int64(o.Whole)))
	y := new(big.Int).Mul(big.NewInt(int64(o.Part)), big.NewInt(int64(s.Whole)))
	return x.Cmp(y)
}

// Order returns the positions of the bodies by rank, the unranked last.
func (c Column) Order() []int {
	order := make([]int, len(c.Scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		ra, rb := c.Scores[a].Rank, c.Scores[b].Rank
		if (ra == 0) != (rb == 0) {
			return cmp.Compare(rb, ra)
		}
		return cmp.Compare(ra, rb)
	})
	return order
}
