package cli

import (
	"encoding/json"
	"errors"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/fault"
	"gongkai/internal/place"
)

// object is one line of show --json; docs/cli-json.md describes it field by field.
type object struct {
	File       string                          `json:"file"`
	Title      *string                         `json:"title"`
	Agency     *string                         `json:"agency"`
	Year       *int                            `json:"year"`
	Form       *string                         `json:"form"`
	Refused    *string                         `json:"refused"`
	Cells      map[form.Key]*decimal.Decimal   `json:"cells"`
	Unsettled  map[form.Key][]*decimal.Decimal `json:"unsettled"`
	Sections   map[string]objectSection        `json:"sections"`
	Dates      objectDates                     `json:"dates"`
	IndexNo    *string                         `json:"index_no"`
	Questions  []objectQuestion                `json:"questions"`
	Notes      []objectNote                    `json:"notes"`
	Missing    []form.Key                      `json:"missing"`
	Provenance map[string]objectOrigin         `json:"provenance,omitempty"`
	*objectCheck
}

// The parts of an object.
type (
	objectSection struct {
		Heading string `json:"heading"`
		Text    string `json:"text"`
		Missing bool   `json:"missing,omitempty"`
	}
	objectDates struct {
		Signed    date.Date `json:"signed"`
		Published date.Date `json:"published"`
	}
	objectQuestion struct {
		Keys    []form.Key           `json:"keys"`
		Labels  []string             `json:"labels"`
		Raw     []string             `json:"raw"`
		Options [][]*decimal.Decimal `json:"options"`
		More    bool                 `json:"more"`
		Why     string               `json:"why"`
		At      place.Place          `json:"at"`
		Where   string               `json:"where"`
	}
	objectNote struct {
		Message string      `json:"message"`
		Text    string      `json:"text,omitempty"`
		At      place.Place `json:"at"`
		Where   string      `json:"where"`
	}
	objectOrigin struct {
		State annual.State `json:"state,omitempty"`
		Raw   string       `json:"raw,omitempty"`
		Why   string       `json:"why,omitempty"`
		At    place.Place  `json:"at"`
		Where string       `json:"where"`
	}
)

// objectError is the line of a file that could not be read.
type objectError struct {
	File  string `json:"file"`
	Error string `json:"error"`
	Code  string `json:"code"` // key of the message; "internal" for a fault of the program
}

// objectOf describes one outcome as a line of JSON.
func (s *session) objectOf(o outcome, provenance bool) any {
	if o.err != nil {
		return s.errorObject(o)
	}
	return s.reportObject(o.report, provenance)
}

func (s *session) errorObject(o outcome) objectError {
	e := objectError{File: o.name, Error: s.wordError(o.err), Code: "internal"}
	var f *fault.Error
	if errors.As(o.err, &f) {
		e.Code = f.Code
	}
	return e
}

// wordError puts an error into words.
func (s *session) wordError(err error) string {
	if m, ok := fault.MessageOf(err); ok {
		return s.p.Text(m)
	}
	return s.p.T("cli.error.internal", "error", err.Error())
}

// faultless reports whether err is no fault a user can act on.
func faultless(err error) bool { return fault.KindOf(err) == fault.Internal }

func (s *session) reportObject(r *annual.Report, provenance bool) *object {
	o := &object{
		File: r.File, Title: filled(r.Title.Text), Agency: filled(r.Agency.Text), IndexNo: filled(r.IndexNo.Text),
		Cells: map[form.Key]*decimal.Decimal{}, Unsettled: map[form.Key][]*decimal.Decimal{},
		Sections: map[string]objectSection{},
		Dates:    objectDates{r.Signed.Date, r.Published.Date},
		Missing:  append([]form.Key{}, r.Missing()...),
	}
	if r.Year > 0 {
		o.Year = &r.Year
	}
	if r.Form != nil {
		o.Form = &r.Form.ID
	}
	if r.Refused != nil {
		o.Refused = filled(s.reasons(r.Refused))
	}
	for k, c := range r.Cells {
		o.Cells[k] = figure(c.Value, c.State == annual.Blank)
	}
	for k, vs := range r.Unsettled() {
		o.Unsettled[k] = maybes(vs)
	}
	for _, sec := range r.Sections {
		o.Sections[sec.Key] = objectSection{sec.Heading.Text, joined(sec.Paragraphs), sec.Missing}
	}
	o.Questions, o.Notes = s.questionObjects(r), s.noteObjects(r)
	if provenance {
		o.Provenance = s.origins(r)
	}
	return o
}

// filled returns nil for what the source does not say.
func filled(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// figure returns nil for a printed blank, which is no zero.
func figure(v decimal.Decimal, blank bool) *decimal.Decimal {
	if blank {
		return nil
	}
	return &v
}

func maybes(vs []annual.Maybe) []*decimal.Decimal {
	out := make([]*decimal.Decimal, len(vs))
	for i, v := range vs {
		out[i] = figure(v.Value, v.Blank)
	}
	return out
}

func joined(paragraphs []annual.Text) string {
	texts := make([]string, len(paragraphs))
	for i, p := range paragraphs {
		texts[i] = p.Text
	}
	return strings.Join(texts, "\n")
}

// reasons words why a source is no report.
func (s *session) reasons(f *annual.Refusal) string {
	texts := make([]string, len(f.Reasons))
	for i, m := range f.Reasons {
		texts[i] = s.p.Text(m)
	}
	return strings.Join(texts, s.p.T("cli.separator"))
}

func (s *session) questionObjects(r *annual.Report) []objectQuestion {
	out := make([]objectQuestion, len(r.Questions))
	for i, q := range r.Questions {
		o := objectQuestion{
			Keys: q.Keys, Raw: append([]string{}, q.Raw...), Options: make([][]*decimal.Decimal, len(q.Options)),
			More: q.More, Why: s.p.Text(q.Why), At: q.At, Where: s.where(q.At),
		}
		for _, k := range q.Keys {
			o.Labels = append(o.Labels, r.Form.Label(k))
		}
		for n, a := range q.Options {
			o.Options[n] = maybes(a)
		}
		out[i] = o
	}
	return out
}

func (s *session) noteObjects(r *annual.Report) []objectNote {
	out := make([]objectNote, len(r.Notes))
	for i, n := range r.Notes {
		out[i] = objectNote{s.p.Text(n.Message), n.Text, n.At, s.where(n.At)}
	}
	return out
}

// origins says where every value stood, by cell key or name of the fact.
func (s *session) origins(r *annual.Report) map[string]objectOrigin {
	out := map[string]objectOrigin{}
	fact := func(name, text string, at place.Place) {
		if text != "" {
			out[name] = objectOrigin{Raw: text, At: at, Where: s.where(at)}
		}
	}
	fact("title", r.Title.Text, r.Title.At)
	fact("agency", r.Agency.Text, r.Agency.At)
	fact("index_no", r.IndexNo.Text, r.IndexNo.At)
	fact("signed", r.Signed.Text, r.Signed.At)
	fact("published", r.Published.Text, r.Published.At)
	if r.Year > 0 {
		out["year"] = objectOrigin{At: r.YearAt, Where: s.where(r.YearAt)}
	}
	for k, c := range r.Cells {
		out[string(k)] = objectOrigin{c.State, c.Raw, s.p.Text(c.Why), c.At, s.where(c.At)}
	}
	return out
}

// emit writes one line of JSON.
func (s *session) emit(v any) error {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	s.out.line(strings.TrimSuffix(b.String(), "\n"))
	return s.out.flush()
}
