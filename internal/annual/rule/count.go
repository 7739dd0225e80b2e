package rule

import (
	"gongkai/internal/annual"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
)

// Tally counts what a check found. A cell that waits for a person counts once, as unsettled,
// and not as an error besides.
type Tally struct{ Errors, Unsettled, Warnings, Infos int }

// Count counts the findings of a report.
func Count(r *annual.Report, fs []check.Finding) Tally {
	var t Tally
	for _, f := range fs {
		switch {
		case Waits(r, f):
			t.Unsettled++
		case f.Severity == check.Error:
			t.Errors++
		case f.Severity == check.Warning:
			t.Warnings++
		default:
			t.Infos++
		}
	}
	return t
}

// Add returns the sum of two tallies.
func (t Tally) Add(o Tally) Tally {
	return Tally{t.Errors + o.Errors, t.Unsettled + o.Unsettled, t.Warnings + o.Warnings, t.Infos + o.Infos}
}

// Waits reports whether a finding asks for the value of cells the source lost (R-AR-05).
func Waits(r *annual.Report, f check.Finding) bool {
	if f.Code != cells.Code || f.Severity != check.Error || len(f.Places) == 0 {
		return false
	}
	for _, q := range r.Questions {
		for _, k := range q.Keys {
			if string(k) == f.Places[0].Key {
				return true
			}
		}
	}
	return false
}

// Counts says a tally in words, the gravest first; that there are no errors is said, other
// noughts are not.
func (t Tally) Counts() []i18n.Message {
	out := []i18n.Message{i18n.M("rule.count.no_errors")}
	if t.Errors > 0 {
		out[0] = i18n.M("rule.count.errors", "n", t.Errors)
	}
	if t.Unsettled > 0 {
		out = append(out, i18n.M("rule.count.unsettled", "n", t.Unsettled))
	}
	if t.Warnings > 0 {
		out = append(out, i18n.M("rule.count.warnings", "n", t.Warnings))
	}
	if t.Infos > 0 {
		out = append(out, i18n.M("rule.count.infos", "n", t.Infos))
	}
	return out
}
