package desk

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/rule"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/extract"
)

// batch is what one person works on: the files handed in together and later ones.
type batch struct {
	id    string
	owner [32]byte // digest of the cookie of the browser that made it
	shelf *shelf

	// Guarded by the shelf.
	touched time.Time
	timer   *time.Timer
	charged int64

	mu      sync.Mutex
	entries []*entry // by number; replaced, never changed
	last    int      // the last number given
	choice  *merging // what was last merged
	draft   *merging // what could not be merged, to be shown again
	refused *typed   // the last form that could not be taken; one, since forms take memory too
	problem error    // why the last act on the list or the choice brought nothing
}

// entry is one file of a batch. It is a value: a decision makes a new one.
type entry struct {
	no     int
	name   string
	size   int64
	cost   int64  // bytes it is charged for
	data   []byte // the file itself, only where the operator lets users keep it
	doc    *extract.Document
	source *annual.Report // as the file says; nil if it could not be read
	report *annual.Report // with the decisions made here
	edits  []edit
	audit  rule.Audit
	err    error  // why it could not be read
	kept   string // name it was saved under, because the user asked
}

// edit is a decision on one cell.
type edit struct {
	key   form.Key
	value annual.Maybe
}

// usable reports whether e holds a report in the unified form.
func (e *entry) usable() bool { return e.report != nil && e.report.Refused == nil }

// decide returns e with the decisions added, later ones replacing earlier ones on the
// same cell.
func (e *entry) decide(edits ...edit) *entry {
	c := *e
	c.edits = nil
	for _, old := range e.edits {
		if !slices.ContainsFunc(edits, func(n edit) bool { return n.key == old.key }) {
			c.edits = append(c.edits, old)
		}
	}
	c.edits = append(c.edits, edits...)
	c.replay()
	return &c
}

// withdraw returns e without the decisions on the given cells.
func (e *entry) withdraw(keys ...form.Key) *entry {
	c := *e
	c.edits = slices.DeleteFunc(slices.Clone(e.edits), func(x edit) bool { return slices.Contains(keys, x.key) })
	c.replay()
	return &c
}

// replay makes the report from the source and the decisions.
func (e *entry) replay() {
	r := *e.source
	r.Cells = maps.Clone(r.Cells)
	for _, x := range e.edits {
		r.Settle(x.key, x.value)
	}
	e.report = &r
}

// list returns the entries as they are now.
func (b *batch) list() []*entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.entries)
}

// get returns entry no.
func (b *batch) get(no int) (*entry, error) {
	for _, e := range b.list() {
		if e.no == no {
			return e, nil
		}
	}
	return nil, ErrNoFile
}

// add numbers the entries, puts them in and checks all again, since reports of one batch
// are each other's previous years and neighbours.
func (b *batch) add(today date.Date, es []*entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range es {
		b.last++
		e.no = b.last
		b.entries = append(b.entries, e)
	}
	b.check(today)
}

// remove takes entries out and gives their memory back.
func (b *batch) remove(today date.Date, nos []int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var freed int64
	b.entries = slices.DeleteFunc(slices.Clone(b.entries), func(e *entry) bool {
		gone := slices.Contains(nos, e.no)
		if gone {
			freed += e.cost
		}
		return gone
	})
	_ = b.shelf.charge(b, -freed) // a batch cleared meanwhile has nothing to give back
	b.check(today)
}

// change replaces entry no by what f makes of it and checks again what depends on it.
func (b *batch) change(today date.Date, no int, f func(*entry) *entry) (*entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := slices.IndexFunc(b.entries, func(e *entry) bool { return e.no == no })
	if at < 0 {
		return nil, ErrNoFile
	}
	if !b.entries[at].usable() {
		return nil, ErrNoReport
	}
	b.entries = slices.Clone(b.entries)
	b.refused = nil
	b.entries[at] = f(b.entries[at])
	b.entries[at] = b.audited(today, b.entries[at])
	for i, e := range b.entries {
		if b.previous(e) == b.entries[at] {
			b.entries[i] = b.audited(today, e)
		}
	}
	return b.entries[at], nil
}

// refuse keeps a form on entry no that could not be taken until it is sent again.
func (b *batch) refuse(no int, t *typed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t.no = no
	b.refused = t
}

// typedFor returns the form on entry no that could not be taken, nil for none.
func (b *batch) typedFor(no int) *typed {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refused == nil || b.refused.no != no {
		return nil
	}
	return b.refused
}

// fail remembers why an act brought nothing, for the page that is shown next.
func (b *batch) fail(why error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problem = why
}

// failure returns why the last act brought nothing.
func (b *batch) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.problem
}

// neighbours bounds how many reports of the same year one is compared with.
const neighbours = 40

// check audits every report in the light of the others. It runs under the lock.
func (b *batch) check(today date.Date) {
	for i, e := range b.entries {
		b.entries[i] = b.audited(today, e)
	}
}

// audited returns e with its findings.
func (b *batch) audited(today date.Date, e *entry) *entry {
	if !e.usable() {
		return e
	}
	c := *e
	c.audit = rule.Check(c.report, b.context(today, e))
	return &c
}

// context finds what the rules may compare e with.
func (b *batch) context(today date.Date, e *entry) rule.Context {
	c := rule.Context{Today: today}
	if before := b.previous(e); before != nil {
		c.Previous = before.report
	}
	for _, o := range b.entries {
		if len(c.Neighbours) < neighbours && o.usable() && o.report.Year == e.report.Year && !sameBody(o, e) {
			c.Neighbours = append(c.Neighbours, o.report)
		}
	}
	return c
}

// previous returns the same body's report on the year before, nil if the batch has none.
func (b *batch) previous(e *entry) *entry { return previousOf(b.entries, e) }

// previousOf finds the same body's report on the year before e's among entries. A name
// written with more or fewer places in front counts where it fits no other body.
func previousOf(entries []*entry, e *entry) *entry {
	if !e.usable() {
		return nil
	}
	of := map[*annual.Report]*entry{}
	var reports []*annual.Report
	for _, o := range entries {
		if o.usable() {
			of[o.report] = o
			reports = append(reports, o.report)
		}
	}
	return of[annual.Previous(e.report, reports).Report]
}

// sameBody reports whether two reports name the same body.
func sameBody(a, b *entry) bool {
	return form.Normalize(a.report.Agency.Text) == form.Normalize(b.report.Agency.Text)
}

// tally counts what a reader of the list needs to know about one file.
type tally struct {
	Errors, Warnings, Infos, Questions int
}

func (e *entry) tally() tally {
	var t tally
	if !e.usable() {
		return t
	}
	for _, f := range e.audit.Findings {
		switch gravityOf(e.report, f) {
		case check.Error:
			t.Errors++
		case check.Warning:
			t.Warnings++
		case check.Info:
			t.Infos++
		}
	}
	t.Questions = len(e.report.Questions)
	return t
}

// gravity orders entries: what cannot be read first, then what is no report, then by
// errors, open questions and warnings.
func gravity(a, b *entry) int {
	ta, tb := a.tally(), b.tally()
	return cmp.Or(
		cmp.Compare(class(a), class(b)),
		cmp.Compare(tb.Errors, ta.Errors),
		cmp.Compare(tb.Questions, ta.Questions),
		cmp.Compare(tb.Warnings, ta.Warnings),
		cmp.Compare(a.no, b.no),
	)
}

func class(e *entry) int {
	switch {
	case e.report == nil:
		return 0
	case e.report.Refused != nil:
		return 1
	}
	return 2
}

// count returns how many entries there are.
func (b *batch) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.entries)
}
