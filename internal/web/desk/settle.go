package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// formSize bounds a form that carries no file: every cell of a report takes a few dozen
// bytes.
const formSize = 256 << 10

// typed is a form that could not be taken, to be shown again as it was filled in.
type typed struct {
	no       int // of the file it is about
	form     url.Values
	problems map[form.Key]*fault.Error
	first    string // the field to begin with
}

func newTyped(f url.Values) *typed {
	return &typed{form: f, problems: map[form.Key]*fault.Error{}}
}

func (t *typed) count() int {
	if t == nil {
		return 0
	}
	return len(t.problems)
}

func (t *typed) editing() bool { return t != nil && t.form.Has("edit") }

// echo returns what was typed into the field called name, or what its cell held.
func (t *typed) echo(name, held string) string {
	if t == nil || !t.form.Has(name) {
		return held
	}
	return t.form.Get(name)
}

// chose reports whether the field called name was sent with that value.
func (t *typed) chose(name, value string) bool { return t != nil && t.form.Get(name) == value }

// problem says what is wrong with what was typed for k, "" for nothing.
func (t *typed) problem(p i18n.Printer, k form.Key) string {
	if t == nil || t.problems[k] == nil {
		return ""
	}
	return p.Text(t.problems[k].Message())
}

// one returns the cell that alone was being changed, "" for none.
func (t *typed) one() form.Key {
	if t == nil || t.editing() {
		return ""
	}
	k, _ := strings.CutPrefix(t.first, "one:")
	if k == t.first {
		return ""
	}
	return form.Key(k)
}

// refuse notes what is wrong with the field called id, which stands for k.
func (t *typed) refuse(k form.Key, id string, why *fault.Error) {
	if t.first == "" {
		t.first = id
	}
	t.problems[k] = why
}

// settle takes decisions on cells: a reading chosen, values entered, or the whole form
// edited.
func (d *desk) settle(w http.ResponseWriter, r *http.Request, b *batch, e *entry) error {
	if !e.usable() {
		return ErrNoReport
	}
	r.Body = http.MaxBytesReader(w, r.Body, formSize)
	if err := r.ParseForm(); err != nil {
		return uploadFault(err)
	}
	s := settlement{report: e.report, typed: newTyped(r.PostForm)}
	s.read(r.PostForm)
	switch {
	case s.typed.count() > 0:
		return d.settleAgain(w, r, b, e, s.typed)
	case len(s.edits) == 0:
		return d.settled(w, r, b, e, nothing)
	}
	e, err := b.change(d.today(), e.no, func(e *entry) *entry { return e.decide(s.edits...) })
	if err != nil {
		return err
	}
	return d.settled(w, r, b, e, saved)
}

// What became of a form, as the page's address says it after the redirection.
const (
	saved   = "saved"   // something was decided
	nothing = "nothing" // nothing was
	wrong   = "wrong"   // something cannot be taken; nothing was saved
)

// settled shows the report after a decision: the parts that changed for a script, the
// page anew otherwise, from where the person goes on.
func (d *desk) settled(w http.ResponseWriter, r *http.Request, b *batch, e *entry, outcome string) error {
	if r.Header.Get("Desk-Part") == "live" {
		p := d.reportPage(r, b, e, nil)
		p.Outcome = outcome
		return d.pages.WritePart(w, r, "report", "live", p)
	}
	switch {
	case r.PostForm.Has("edit"):
		return d.goTo(w, r, "/desk/%s/%d/?%s&edit#sheet", b.id, e.no, outcome)
	case len(e.report.Questions) > 0:
		return d.goTo(w, r, "/desk/%s/%d/?%s#asked", b.id, e.no, outcome)
	}
	return d.goTo(w, r, "/desk/%s/%d/?%s#findings", b.id, e.no, outcome)
}

// settleAgain shows what was typed and why it was not taken. A browser without script is
// sent on to a page it may load anew.
func (d *desk) settleAgain(w http.ResponseWriter, r *http.Request, b *batch, e *entry, t *typed) error {
	if r.Header.Get("Desk-Part") == "live" {
		return d.pages.WritePart(w, r, "report", "live", d.reportPage(r, b, e, t))
	}
	b.refuse(e.no, t)
	query := wrong
	if t.editing() {
		query += "&edit"
	} else if k := t.one(); k != "" {
		query += "&cell=" + url.QueryEscape(string(k))
		return d.goTo(w, r, "/desk/%s/%d/?%s#one", b.id, e.no, query)
	}
	return d.goTo(w, r, "/desk/%s/%d/?%s#%s", b.id, e.no, query, t.first)
}

// undo withdraws decisions: on the cells named, or on all.
func (d *desk) undo(w http.ResponseWriter, r *http.Request, b *batch, e *entry) error {
	r.Body = http.MaxBytesReader(w, r.Body, formSize)
	if err := r.ParseForm(); err != nil {
		return uploadFault(err)
	}
	var keys []form.Key
	for _, k := range r.PostForm["key"] {
		keys = append(keys, form.Key(k))
	}
	if r.PostForm.Has("all") {
		for _, x := range e.edits {
			keys = append(keys, x.key)
		}
	}
	if len(keys) == 0 {
		return d.settled(w, r, b, e, nothing)
	}
	e, err := b.change(d.today(), e.no, func(e *entry) *entry { return e.withdraw(keys...) })
	if err != nil {
		return err
	}
	return d.settled(w, r, b, e, saved)
}

// settlement reads decisions out of a form.
type settlement struct {
	report *annual.Report
	edits  []edit
	typed  *typed
}

// read takes the fields: q:KEY is the reading chosen for the question that begins with
// KEY, or "free" with v:KEY and b:KEY for each cell; c:KEY is a cell of the whole form.
func (s *settlement) read(f url.Values) {
	for _, q := range s.report.Questions {
		switch chosen := f.Get("q:" + string(q.Keys[0])); chosen {
		case "":
		case "free":
			s.free(q, f)
		default:
			s.reading(q, chosen)
		}
	}
	for _, c := range s.report.Form.Cells() {
		if name := "c:" + string(c.Key); f.Has(name) {
			s.cell(c.Key, f.Get(name))
		}
	}
}

// reading takes one of the readings a question offers; what it does not offer is nothing.
func (s *settlement) reading(q annual.Question, chosen string) {
	for _, o := range q.Options {
		if encode(q.Keys, o) != chosen {
			continue
		}
		for i, k := range q.Keys {
			s.decide(k, o[i])
		}
		return
	}
}

// free takes an own entry, which settles all cells of a question or none: half of it would
// leave the other half to be guessed. A field left empty is blank only if that is ticked.
func (s *settlement) free(q annual.Question, f url.Values) {
	for _, k := range q.Keys {
		switch text := tidy(f.Get("v:" + string(k))); {
		case text != "":
			s.enter(k, "v-"+string(k), text)
		case f.Has("b:" + string(k)):
			s.decide(k, annual.Maybe{Blank: true})
		default:
			s.typed.refuse(k, "v-"+string(k), ErrIncomplete)
		}
	}
}

// cell takes a cell of the whole form if it says something else than the report.
func (s *settlement) cell(k form.Key, text string) {
	have, printed := s.report.Cells[k]
	was := ""
	if printed && have.State != annual.Blank {
		was = have.Value.String()
	}
	id := "one:" + string(k)
	if s.typed.editing() {
		id = "i-" + string(k)
	}
	switch text = tidy(text); {
	case text == was:
	case text == "":
		s.decide(k, annual.Maybe{Blank: true})
	default:
		s.enter(k, id, text)
	}
}

// enter takes a number for k, typed into the field called id, if the cell can hold it.
func (s *settlement) enter(k form.Key, id, text string) {
	v, err := decimal.Parse(text)
	if err != nil {
		s.typed.refuse(k, id, ErrNumber)
		return
	}
	if why := unfit(s.report.Form.Cell(k).Kind, v); why != nil {
		s.typed.refuse(k, id, why)
		return
	}
	if have, ok := s.report.Cells[k]; ok && have.State != annual.Blank && have.Value == v {
		return
	}
	s.decide(k, annual.Maybe{Value: v})
}

// unfit says why a cell of that kind cannot hold v, nil if it can (R-AR-05).
func unfit(kind form.Kind, v decimal.Decimal) *fault.Error {
	switch {
	case v < 0 && kind != form.Change:
		return ErrNegative
	case (kind == form.Count || kind == form.Change) && !v.IsInt():
		return ErrFraction
	}
	return nil
}

// decide records a decision; a later one on the same cell replaces it.
func (s *settlement) decide(k form.Key, v annual.Maybe) {
	s.edits = append(slices.DeleteFunc(s.edits, func(x edit) bool { return x.key == k }), edit{k, v})
}

// tidy folds what Chinese keyboards type: full-width digits, signs and spaces.
func tidy(s string) string {
	s = norm.NFKC.String(s)
	return strings.Map(func(r rune) rune {
		switch r {
		case '\u2212', '\u2013', '\u2014':
			return '-'
		case '，':
			return ','
		case '。':
			return '.'
		case ' ', '\t', '\n', '\r':
			return -1
		}
		return r
	}, s)
}
