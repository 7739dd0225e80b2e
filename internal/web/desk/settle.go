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
	"gongkai/internal/i18n"
)

// formSize bounds a form that carries no file: every cell of a report takes a few dozen
// bytes.
const formSize = 256 << 10

// typed is what a person entered and could not be taken, to be shown again.
type typed struct {
	p      i18n.Printer
	values map[form.Key]string
	whole  bool // the whole form was being edited
}

func newTyped(p i18n.Printer) *typed { return &typed{p: p, values: map[form.Key]string{}} }

func (t *typed) count() int {
	if t == nil {
		return 0
	}
	return len(t.values)
}

func (t *typed) editing() bool { return t != nil && t.whole }

// echo returns what was typed into k and what is wrong with it, or what k held.
func (t *typed) echo(k form.Key, held string) (string, string) {
	if t == nil {
		return held, ""
	}
	v, ok := t.values[k]
	if !ok {
		return held, ""
	}
	return v, t.p.Text(ErrNumber.Message())
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
	s := settlement{report: e.report, typed: newTyped(printer(r))}
	s.read(r.PostForm)
	if len(s.typed.values) > 0 {
		return d.settleAgain(w, r, b, e, s.typed)
	}
	e, err := b.change(d.today(), e.no, func(e *entry) *entry { return e.decide(s.edits...) })
	if err != nil {
		return err
	}
	return d.settled(w, r, b, e, r.PostForm.Has("edit"))
}

// settled shows the report after a decision: the parts that changed for a script, the
// page anew otherwise.
func (d *desk) settled(w http.ResponseWriter, r *http.Request, b *batch, e *entry, editing bool) error {
	if r.Header.Get("Desk-Part") == "live" {
		return d.pages.WritePart(w, r, "report", "live", d.reportPage(r, b, e, nil))
	}
	if editing {
		return d.goTo(w, r, "/desk/%s/%d/?saved&edit#sheet", b.id, e.no)
	}
	return d.goTo(w, r, "/desk/%s/%d/?saved#top", b.id, e.no)
}

// settleAgain shows the page with what was typed and why it was not taken.
func (d *desk) settleAgain(w http.ResponseWriter, r *http.Request, b *batch, e *entry, t *typed) error {
	p := d.reportPage(r, b, e, t)
	if r.Header.Get("Desk-Part") == "live" {
		return d.pages.WritePart(w, r, "report", "live", p)
	}
	return d.pages.Write(w, r, http.StatusUnprocessableEntity, "report", p)
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
	e, err := b.change(d.today(), e.no, func(e *entry) *entry { return e.withdraw(keys...) })
	if err != nil {
		return err
	}
	return d.settled(w, r, b, e, false)
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
	s.typed.whole = f.Has("edit")
	for _, q := range s.report.Questions {
		switch chosen := f.Get("q:" + string(q.Keys[0])); chosen {
		case "":
		case "free":
			for _, k := range q.Keys {
				s.free(k, f.Get("v:"+string(k)), f.Has("b:"+string(k)))
			}
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

// free takes an own entry. A field left empty is undecided unless blank is ticked.
func (s *settlement) free(k form.Key, text string, blank bool) {
	switch text = tidy(text); {
	case text != "":
		s.enter(k, text)
	case blank:
		s.decide(k, annual.Maybe{Blank: true})
	}
}

// cell takes a cell of the whole form if it says something else than the report.
func (s *settlement) cell(k form.Key, text string) {
	have, printed := s.report.Cells[k]
	was := ""
	if printed && have.State != annual.Blank {
		was = have.Value.String()
	}
	switch text = tidy(text); {
	case text == was:
	case text == "":
		s.decide(k, annual.Maybe{Blank: true})
	default:
		s.enter(k, text)
	}
}

func (s *settlement) enter(k form.Key, text string) {
	v, err := decimal.Parse(text)
	if err != nil {
		s.typed.values[k] = text
		return
	}
	if have, ok := s.report.Cells[k]; ok && have.State != annual.Blank && have.Value == v {
		return
	}
	s.decide(k, annual.Maybe{Value: v})
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
