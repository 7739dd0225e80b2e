// Package check holds rules that find faults in a thing and say where (核查规则). The annual
// report and, later, inspected sites share it. Rules are values in explicit lists; nothing
// registers itself.
package check

import (
	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
	"gongkai/internal/statute"
)

// Severity says what a finding asks for.
type Severity string

// The severities of the specification: E, W and I.
const (
	Error   Severity = "error"   // breaks the law, the form or arithmetic: correct before publication
	Warning Severity = "warning" // needs an explanation
	Info    Severity = "info"    // worth knowing
)

// Rank orders severities, the gravest first.
func (s Severity) Rank() int {
	switch s {
	case Error:
		return 0
	case Warning:
		return 1
	}
	return 2
}

// Quote is one of the places a finding rests on, with the words or figures standing there.
type Quote struct {
	At    place.Place  `json:"at"`
	Key   string       `json:"key,omitempty"`   // the form's cell, where it is one
	Label i18n.Message `json:"-"`               // what stands there, such as 表三 一、本年新收 · 总计
	Text  string       `json:"quote,omitempty"` // as printed
}

// Finding is one fault, its gravity and its evidence.
type Finding struct {
	Code     string       // the rule's identifier in the specification
	Severity Severity     //
	Cite     statute.Ref  //
	Message  i18n.Message // one sentence: what is wrong
	Working  string       // the arithmetic spelt out, such as 10+1+0+0=11≠0; language-free
	Places   []Quote      // at least one, the most telling first
	Advice   i18n.Message // what to do, where that is not plain
	Detail   any          // what only the package of the rule knows of, such as a correction
}

// Rule finds one kind of fault in a T.
type Rule[T any] struct {
	Code     string
	Severity Severity    // the usual one; a finding may be milder or graver
	Cite     statute.Ref // what it rests on
	Since    date.Date   // in force from; the zero date means always
	Title    i18n.Message
	Find     func(T) []Finding
}

// Run applies the rules in order and returns their findings, each stamped with its rule's
// code, citation and, where it named none, severity.
func Run[T any](rules []Rule[T], subject T) []Finding {
	var all []Finding
	for _, r := range rules {
		for _, f := range r.Find(subject) {
			f.Code = r.Code
			if f.Severity == "" {
				f.Severity = r.Severity
			}
			if f.Cite.IsZero() {
				f.Cite = r.Cite
			}
			all = append(all, f)
		}
	}
	return all
}
