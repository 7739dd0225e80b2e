// Package rule checks an annual report (年报核查): the sums of the form, what its cells may
// hold, dates, structure, wording, last year's report and a neighbour's, and, through
// annual/narrative, whether the text says what the tables say.
//
// Each rule R-AR-nn is one value in Rules, with its severity, its citation and the day since
// when it applies. Check runs them all:
//
//	audit := rule.Check(report, rule.Context{Previous: lastYear})
//	for _, f := range audit.Findings { … } // gravest first
package rule

import (
	"cmp"
	"slices"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/narrative"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/place"
)

// Context is what a check may know beyond the report. All of it is optional.
type Context struct {
	Previous   *annual.Report   // the same body's report on the year before
	Neighbours []*annual.Report // other bodies' reports on the same year
	Today      date.Date        // to notice dates that lie ahead
	Kind       agency.Kind      // of the body, where its name does not tell
}

// Audit is the outcome of a check.
type Audit struct {
	Findings []check.Finding       // gravest first, then by code and place
	Verified []narrative.Judgement // statements of the text found to agree with tables and each other
}

// Check applies every rule to a report.
func Check(r *annual.Report, c Context) Audit {
	s := newSubject(r, c)
	return Audit{
		Findings: advised(distinct(order(check.Run(rules, s)))),
		Verified: s.verified(),
	}
}

// Rules returns the rules in the order of their codes.
func Rules() []check.Rule[*Subject] { return slices.Clone(rules) }

// rules is every check of a report. R-AR-13 (a parent's report against its children's) is
// annual.Merge's; R-AR-20 and R-AR-21 need the case and publication records.
var rules = []check.Rule[*Subject]{
	aspects,
	balance, outcomes, rowTotals, groupTotals,
	cells,
	carryOver, inForce, inForceBound, itemsAcross, openBound, pendingAcross,
	reviewFirst,
	numbersTold,
	fee,
	days,
	structure,
	version,
	power,
	alike,
	stale,
	contradictions,
	debris,
	indexOwner, indexDigits,
}

// order sorts findings: gravest first, then by code, then by where they stand.
func order(fs []check.Finding) []check.Finding {
	slices.SortStableFunc(fs, func(a, b check.Finding) int {
		return cmp.Or(
			cmp.Compare(a.Severity.Rank(), b.Severity.Rank()),
			cmp.Compare(a.Code, b.Code),
			comparePlaces(first(a), first(b)),
		)
	})
	return fs
}

func first(f check.Finding) place.Place {
	if len(f.Places) == 0 {
		return place.Place{}
	}
	return f.Places[0].At
}

func comparePlaces(a, b place.Place) int {
	return cmp.Or(
		cmp.Compare(a.Block, b.Block), cmp.Compare(a.Page, b.Page), cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Table, b.Table), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col),
		cmp.Compare(a.Start, b.Start),
	)
}

// distinct drops findings that say the same about the same place.
func distinct(sorted []check.Finding) []check.Finding {
	type fault struct {
		code, message, working, cell string
		at                           place.Place
	}
	seen := make(map[fault]bool, len(sorted))
	return slices.DeleteFunc(sorted, func(f check.Finding) bool {
		k := fault{code: f.Code, message: f.Message.Key, working: f.Working, at: first(f)}
		if len(f.Places) > 0 {
			k.cell = f.Places[0].Key + f.Places[0].Text
		}
		twice := seen[k]
		seen[k] = true
		return twice
	})
}
