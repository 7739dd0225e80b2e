// Package narrative reads what an annual report says in words and holds it against its
// tables and against itself (叙述核对): how many requests were received and how they were
// answered, documents issued, reviews and suits, and every total that is broken down.
//
// Each comparison is a Judgement: that the two agree, that they cannot both be right, or
// that they differ and the body should say why. A sentence may speak of another year, of
// one office or of one channel; what is said of another thing is not held against the
// tables, and where the wording leaves that open the judgement is to explain, not an error.
package narrative

import (
	"cmp"
	"slices"

	"gongkai/internal/annual"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
)

// Verdict is the outcome of one comparison.
type Verdict string

// The verdicts.
const (
	Error   Verdict = "error"   // both cannot be right
	Explain Verdict = "explain" // they differ; scope or time may differ too
	Remark  Verdict = "remark"  // right, but not well put
	OK      Verdict = "ok"      // they agree
)

// The rules of the specification that judgements fall under.
const (
	numbersTold    = "R-AR-14" // numbers told in the text equal the tables' cells
	contradictions = "R-AR-24" // no quantity with two values, no value with two meanings
)

// Judgement is one comparison with its evidence.
type Judgement struct {
	Verdict Verdict
	Code    string        // R-AR-14 or R-AR-24
	Message i18n.Message  // one sentence
	Working string        // the arithmetic, language-free: 1744+393+21+2=2160≠2139
	Places  []check.Quote // the statement first, then what it was held against
	Advice  i18n.Message  // what to do, where that is not plain
}

// Check compares the statements of a report with its tables and with each other. A refused
// report has none.
func Check(r *annual.Report) []Judgement {
	if r == nil || r.Refused != nil || r.Form == nil {
		return nil
	}
	c := newInquiry(r)
	c.tables()
	c.finished()
	c.every()
	c.sums()
	c.shares()
	c.twice()
	c.staff()
	c.parts()
	return c.ordered()
}

// inquiry is one report under examination.
type inquiry struct {
	report    *annual.Report
	body      body
	passages  []*passage
	sentences []*sentence
	items     []*item
	claims    []claim
	rows      map[string]sum // the sums t3 made
	found     []Judgement
}

func newInquiry(r *annual.Report) *inquiry {
	c := &inquiry{report: r, body: bodyOf(r), rows: map[string]sum{}}
	c.read()
	return c
}

// add records a judgement.
func (c *inquiry) add(j Judgement) { c.found = append(c.found, j) }

// ordered returns the judgements as the text runs. What one sentence says twice of one cell
// is judged once.
func (c *inquiry) ordered() []Judgement {
	c.found = slices.CompactFunc(c.found, func(a, b Judgement) bool {
		return a.Verdict == b.Verdict && a.Working == b.Working && a.Message.Key == b.Message.Key &&
			a.Places[0].At.Block == b.Places[0].At.Block && len(a.Places) > 1 && len(b.Places) > 1 &&
			a.Places[1].Key != "" && a.Places[1].Key == b.Places[1].Key && a.Verdict != OK
	})
	slices.SortStableFunc(c.found, func(a, b Judgement) int {
		x, y := a.Places[0].At, b.Places[0].At
		return cmp.Or(cmp.Compare(x.Block, y.Block), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Start, y.Start))
	})
	return c.found
}
