// Package flow holds the life of a record as one table of moves (状态流转): from which state which
// act leads where, and on what legal ground. Who may act and what else must be true is checked
// by the act; the table says only which acts a state knows.
package flow

import (
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/fault"
	"gongkai/internal/statute"
)

// Move is one line of a table.
type Move[S, A ~string] struct {
	From S
	Act  A
	To   S
	Cite statute.Ref // zero where the move is our own arrangement
	Rule string      // the rule's identifier in the specification, if it has one
}

// Step words a move and its ground.
func Step[S, A ~string](from S, act A, to S, cite statute.Ref) Move[S, A] {
	return Move[S, A]{From: from, Act: act, To: to, Cite: cite}
}

// By returns m with the identifier of the rule it follows.
func (m Move[S, A]) By(rule string) Move[S, A] {
	m.Rule = rule
	return m
}

// Table is the life of one kind of record. A state and an act lead to one state.
type Table[S, A ~string] []Move[S, A]

// ErrMove is returned for an act the record's state does not know.
var ErrMove = &fault.Error{Kind: fault.Conflict, Code: "flow.move"}

// Next returns the state that act leads to from state.
func (t Table[S, A]) Next(state S, act A) (S, error) {
	m, ok := t.Find(state, act)
	if !ok {
		return state, ErrMove.With("state", string(state)).With("act", string(act))
	}
	return m.To, nil
}

// Find returns the move that act makes from state.
func (t Table[S, A]) Find(state S, act A) (Move[S, A], bool) {
	i := slices.IndexFunc(t, func(m Move[S, A]) bool { return m.From == state && m.Act == act })
	if i < 0 {
		return Move[S, A]{}, false
	}
	return t[i], true
}

// May reports whether state knows act.
func (t Table[S, A]) May(state S, act A) bool {
	_, ok := t.Find(state, act)
	return ok
}

// Acts lists the acts a state knows, in the order of the table: what a page offers.
func (t Table[S, A]) Acts(state S) []A {
	var acts []A
	for _, m := range t {
		if m.From == state {
			acts = append(acts, m.Act)
		}
	}
	return acts
}

// States lists all states, in the order the table first names them.
func (t Table[S, A]) States() []S {
	var all []S
	for _, m := range t {
		for _, s := range []S{m.From, m.To} {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// Final reports whether no act leads out of state.
func (t Table[S, A]) Final(state S) bool { return len(t.Acts(state)) == 0 }

// Check returns what is wrong with the table itself: an act that leads two ways, or a state that
// cannot be reached from start. Tests of tables call it.
func (t Table[S, A]) Check(start S) error {
	for i, m := range t {
		for _, o := range t[:i] {
			if m.From == o.From && m.Act == o.Act {
				return fmt.Errorf("%s leads from %s to %s and to %s", m.Act, m.From, o.To, m.To)
			}
		}
	}
	reached := []S{start}
	for i := 0; i < len(reached); i++ {
		for _, m := range t {
			if m.From == reached[i] && !slices.Contains(reached, m.To) {
				reached = append(reached, m.To)
			}
		}
	}
	for _, s := range t.States() {
		if !slices.Contains(reached, s) {
			return fmt.Errorf("%s cannot be reached from %s", s, start)
		}
	}
	return nil
}

// Draw writes the table as a Markdown page with a Mermaid state diagram and the list of its
// moves. name words states and acts.
func (t Table[S, A]) Draw(title string, start S, name func(string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n```mermaid\nstateDiagram-v2\n", title)
	for _, s := range t.States() {
		fmt.Fprintf(&b, "    %s: %s\n", s, name(string(s)))
	}
	fmt.Fprintf(&b, "    [*] --> %s\n", start)
	for _, m := range t {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", m.From, m.To, name(string(m.Act)))
	}
	for _, s := range t.States() {
		if t.Final(s) {
			fmt.Fprintf(&b, "    %s --> [*]\n", s)
		}
	}
	b.WriteString("```\n\n| 从 | 动作 | 到 | 依据 | 规则 |\n|---|---|---|---|---|\n")
	for _, m := range t {
		fmt.Fprintf(&b, "| %s | %s `%s` | %s | %s | %s |\n", name(string(m.From)), name(string(m.Act)), m.Act,
			name(string(m.To)), orDash(m.Cite.String()), orDash(m.Rule))
	}
	return b.String()
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
