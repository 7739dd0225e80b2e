package rule

import (
	"gongkai/internal/check"
	"gongkai/internal/i18n"
)

// remedies say what to do about a finding, by its message, where the rule has nothing more
// particular to say.
var remedies = map[string]i18n.Message{
	"rule.aspects":              i18n.M("rule.aspects.advice"),
	"rule.aspects.government":   i18n.M("rule.aspects.advice"),
	"rule.balance":              i18n.M("rule.sum.advice"),
	"rule.outcomes":             i18n.M("rule.sum.advice"),
	"rule.rows":                 i18n.M("rule.sum.advice"),
	"rule.cells.negative":       i18n.M("rule.cells.ask"),
	"rule.cells.fraction":       i18n.M("rule.cells.ask"),
	"rule.carry":                i18n.M("rule.carry.advice"),
	"rule.issued":               i18n.M("rule.in_force.advice"),
	"rule.items":                i18n.M("rule.items.advice"),
	"rule.open":                 i18n.M("rule.open.advice"),
	"rule.pending":              i18n.M("rule.pending.advice"),
	"rule.fee":                  i18n.M("rule.fee.advice"),
	"rule.days.none":            i18n.M("rule.days.none.advice"),
	"rule.days.late":            i18n.M("rule.days.late.advice"),
	"rule.days.signed_late":     i18n.M("rule.days.late.advice"),
	"rule.days.order":           i18n.M("rule.days.order.advice"),
	"rule.days.early_signed":    i18n.M("rule.days.early.advice"),
	"rule.days.early_published": i18n.M("rule.days.early.advice"),
	"rule.days.ahead":           i18n.M("rule.days.order.advice"),
	"rule.headings.missing":     i18n.M("rule.headings.missing.advice"),
	"rule.headings.order":       i18n.M("rule.headings.order.advice"),
	"rule.tables.missing":       i18n.M("rule.tables.missing.advice"),
	"rule.alike.itself":         i18n.M("rule.alike.itself.advice"),
	"rule.alike.last_year":      i18n.M("rule.alike.advice"),
	"rule.alike.neighbour":      i18n.M("rule.alike.advice"),
	"rule.stale":                i18n.M("rule.stale.advice"),
	"rule.stale.plan":           i18n.M("rule.stale.advice"),
	"rule.debris.placeholder":   i18n.M("rule.debris.placeholder.advice"),
	"rule.debris.remnant":       i18n.M("rule.debris.remnant.advice"),
	"rule.debris.doubled":       i18n.M("rule.debris.doubled.advice"),
}

// advised gives every finding without advice the remedy for its kind.
func advised(fs []check.Finding) []check.Finding {
	for i := range fs {
		if fs[i].Advice.IsZero() {
			fs[i].Advice = remedies[fs[i].Message.Key]
		}
	}
	return fs
}
