// Package datafile keeps an annual report as a JSON file (数据文件): everything a Report knows,
// with the origin of each figure, in a published shape that other systems can write too.
package datafile

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
)

//go:embed report.schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of what Write writes.
func Schema() []byte { return bytes.Clone(schema) }

// schemaID names the version of the shape; a change that breaks readers gets a new one.
const schemaID = "urn:gongkai:annual-report:1"

// ErrInvalid is the error for JSON that is no report in our shape.
var ErrInvalid = &fault.Error{Kind: fault.Invalid, Code: "annual.datafile.invalid", Field: "file"}

// maxJSON bounds what Read takes: the largest real report is below 1 MB.
const maxJSON = 32 << 20

// The shapes of the JSON file.
type (
	jsonReport struct {
		Schema    string                `json:"schema"`
		File      string                `json:"file"`
		Form      *string               `json:"form"`
		Refused   *jsonRefusal          `json:"refused"`
		Title     annual.Text           `json:"title"`
		Agency    annual.Text           `json:"agency"`
		Year      int                   `json:"year"`
		YearAt    place.Place           `json:"year_at"`
		IndexNo   annual.Text           `json:"index_no"`
		DocNo     annual.Text           `json:"doc_no"`
		Publisher annual.Text           `json:"publisher"`
		Signed    annual.Day            `json:"signed"`
		Published annual.Day            `json:"published"`
		Signature annual.Text           `json:"signature"`
		Period    annual.Text           `json:"period"`
		Preface   []annual.Text         `json:"preface"`
		Sections  []jsonSection         `json:"sections"`
		Cells     map[form.Key]jsonCell `json:"cells"`
		Questions []jsonQuestion        `json:"questions"`
		Extras    []annual.Text         `json:"extras"`
		Notes     []jsonNote            `json:"notes"`
	}
	jsonRefusal struct {
		Reasons []jsonMessage `json:"reasons"`
		At      place.Place   `json:"at"`
	}
	jsonSection struct {
		Key        string        `json:"key"`
		Heading    annual.Text   `json:"heading"`
		Missing    bool          `json:"missing"`
		Paragraphs []annual.Text `json:"paragraphs"`
	}
	jsonCell struct {
		State annual.State     `json:"state"`
		Value *decimal.Decimal `json:"value"`
		Raw   string           `json:"raw"`
		At    place.Place      `json:"at"`
		Why   *jsonMessage     `json:"why"`
	}
	jsonQuestion struct {
		Keys    []form.Key           `json:"keys"`
		Raw     []string             `json:"raw"`
		Options [][]*decimal.Decimal `json:"options"`
		More    bool                 `json:"more"`
		Why     *jsonMessage         `json:"why"`
		At      place.Place          `json:"at"`
	}
	jsonNote struct {
		Message jsonMessage `json:"message"`
		At      place.Place `json:"at"`
		Text    string      `json:"text"`
	}
	jsonMessage struct {
		Key  string             `json:"key"`
		Args map[string]jsonArg `json:"args,omitempty"`
		Text string             `json:"text"`
	}
	// jsonArg is a message's value; one of its fields is set.
	jsonArg struct {
		Text     *string       `json:"text,omitempty"`
		Int      *int          `json:"int,omitempty"`
		Place    *place.Place  `json:"place,omitempty"`
		Date     *date.Date    `json:"date,omitempty"`
		Message  *jsonMessage  `json:"message,omitempty"`
		Messages []jsonMessage `json:"messages,omitempty"`
		Texts    []string      `json:"texts,omitempty"`
	}
)

// Write writes everything the report knows.
func Write(w io.Writer, r *annual.Report) error {
	out := jsonReport{
		Schema: schemaID, File: r.File, Title: r.Title, Agency: r.Agency, Year: r.Year, YearAt: r.YearAt,
		IndexNo: r.IndexNo, DocNo: r.DocNo, Publisher: r.Publisher, Signed: r.Signed, Published: r.Published,
		Signature: r.Signature, Period: r.Period,
		Preface: list(r.Preface), Extras: list(r.Extras),
		Sections: []jsonSection{}, Cells: map[form.Key]jsonCell{}, Questions: []jsonQuestion{}, Notes: []jsonNote{},
	}
	if r.Form != nil {
		out.Form = &r.Form.ID
	}
	if r.Refused != nil {
		out.Refused = &jsonRefusal{Reasons: messages(r.Refused.Reasons), At: r.Refused.At}
	}
	for _, s := range r.Sections {
		out.Sections = append(out.Sections, jsonSection{s.Key, s.Heading, s.Missing, list(s.Paragraphs)})
	}
	for k, c := range r.Cells {
		out.Cells[k] = jsonCell{c.State, value(c.Value, c.State == annual.Blank), c.Raw, c.At, reason(c.Why)}
	}
	for _, q := range r.Questions {
		jq := jsonQuestion{Keys: q.Keys, Raw: list(q.Raw), Options: [][]*decimal.Decimal{}, More: q.More, Why: reason(q.Why), At: q.At}
		for _, o := range q.Options {
			values := []*decimal.Decimal{}
			for _, m := range o {
				values = append(values, value(m.Value, m.Blank))
			}
			jq.Options = append(jq.Options, values)
		}
		out.Questions = append(out.Questions, jq)
	}
	for _, n := range r.Notes {
		out.Notes = append(out.Notes, jsonNote{message(n.Message), n.At, n.Text})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

// list returns a list that prints as [] when it is empty.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

func value(v decimal.Decimal, blank bool) *decimal.Decimal {
	if blank {
		return nil
	}
	return &v
}

func reason(m i18n.Message) *jsonMessage {
	if m.IsZero() {
		return nil
	}
	out := message(m)
	return &out
}

func messages(ms []i18n.Message) []jsonMessage {
	out := []jsonMessage{}
	for _, m := range ms {
		out = append(out, message(m))
	}
	return out
}

// message keeps key and values, and for readers without our catalogues the Chinese text.
func message(m i18n.Message) jsonMessage {
	out := jsonMessage{Key: m.Key, Text: i18n.To(i18n.Chinese).Text(m)}
	for name, v := range m.Args {
		if out.Args == nil {
			out.Args = map[string]jsonArg{}
		}
		out.Args[name] = argument(v)
	}
	return out
}

// argument keeps the values the catalogues print in a way of their own; any other prints
// as its text.
func argument(v any) jsonArg {
	switch v := v.(type) {
	case int:
		return jsonArg{Int: &v}
	case place.Place:
		return jsonArg{Place: &v}
	case date.Date:
		return jsonArg{Date: &v}
	case i18n.Message:
		m := message(v)
		return jsonArg{Message: &m}
	case []i18n.Message:
		return jsonArg{Messages: messages(v)}
	case []string:
		return jsonArg{Texts: list(v)}
	case nil:
		return jsonArg{}
	}
	text := fmt.Sprint(v)
	return jsonArg{Text: &text}
}

// Is reports whether a text claims to be such a file.
func Is(text string) bool {
	head := strings.TrimSpace(text[:min(len(text), 200)])
	return strings.HasPrefix(head, "{") && strings.Contains(head, schemaID)
}

// Read reads what Write wrote. It takes nothing else: unknown fields, unknown
// cells and contradictions are errors.
func Read(in io.Reader) (*annual.Report, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxJSON+1))
	if err != nil {
		return nil, fmt.Errorf("read json: %w", err)
	}
	if len(data) > maxJSON {
		return nil, ErrInvalid.Because(errors.New("file too large"))
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var raw jsonReport
	if err := dec.Decode(&raw); err != nil {
		return nil, ErrInvalid.Because(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrInvalid.Because(errors.New("text after the report"))
	}
	r, err := raw.report()
	if err != nil {
		return nil, ErrInvalid.Because(err)
	}
	return r, nil
}

func (raw jsonReport) report() (*annual.Report, error) {
	if raw.Schema != schemaID {
		return nil, fmt.Errorf("schema %q, want %q", raw.Schema, schemaID)
	}
	r := &annual.Report{
		File: raw.File, Title: raw.Title, Agency: raw.Agency, Year: raw.Year, YearAt: raw.YearAt,
		IndexNo: raw.IndexNo, DocNo: raw.DocNo, Publisher: raw.Publisher, Signed: raw.Signed, Published: raw.Published,
		Signature: raw.Signature, Period: raw.Period, Preface: optional(raw.Preface), Extras: optional(raw.Extras),
	}
	if raw.Refused != nil {
		r.Refused = &annual.Refusal{Reasons: plain(raw.Refused.Reasons), At: raw.Refused.At}
	}
	if raw.Form != nil {
		if r.Form = form.ByID(*raw.Form); r.Form == nil {
			return nil, fmt.Errorf("unknown form %q", *raw.Form)
		}
	}
	if r.Form == nil && (len(raw.Cells) > 0 || len(raw.Questions) > 0) {
		return nil, errors.New("cells without a form")
	}
	for _, s := range raw.Sections {
		r.Sections = append(r.Sections, annual.Section{Key: s.Key, Heading: s.Heading, Missing: s.Missing, Paragraphs: optional(s.Paragraphs)})
	}
	for _, n := range raw.Notes {
		r.Notes = append(r.Notes, annual.Note{Message: n.Message.plain(), At: n.At, Text: n.Text})
	}
	if err := raw.readCells(r); err != nil {
		return nil, err
	}
	return r, raw.readQuestions(r)
}

// optional is the inverse of list.
func optional[T any](in []T) []T {
	if len(in) == 0 {
		return nil
	}
	return in
}

func (raw jsonReport) readCells(r *annual.Report) error {
	states := []annual.State{annual.Printed, annual.Blank, annual.Deduced, annual.Settled, annual.Summed}
	for k, c := range raw.Cells {
		if r.Form.Cell(k) == nil {
			return fmt.Errorf("the form has no cell %s", k)
		}
		if !slices.Contains(states, c.State) {
			return fmt.Errorf("cell %s: unknown state %q", k, c.State)
		}
		if (c.Value == nil) != (c.State == annual.Blank) {
			return fmt.Errorf("cell %s: state %s contradicts its value", k, c.State)
		}
		if r.Cells == nil {
			r.Cells = map[form.Key]annual.Cell{}
		}
		cell := annual.Cell{State: c.State, Raw: c.Raw, At: c.At}
		if c.Value != nil {
			cell.Value = *c.Value
		}
		if c.Why != nil {
			cell.Why = c.Why.plain()
		}
		r.Cells[k] = cell
	}
	return nil
}

func (raw jsonReport) readQuestions(r *annual.Report) error {
	for _, jq := range raw.Questions {
		q := annual.Question{Keys: jq.Keys, Raw: optional(jq.Raw), More: jq.More, At: jq.At}
		if jq.Why != nil {
			q.Why = jq.Why.plain()
		}
		for _, k := range q.Keys {
			if r.Form.Cell(k) == nil {
				return fmt.Errorf("the form has no cell %s", k)
			}
		}
		for _, values := range jq.Options {
			if len(values) != len(q.Keys) {
				return fmt.Errorf("question on %v: an option settles %d cells", q.Keys, len(values))
			}
			o := make(annual.Assignment, len(values))
			for i, v := range values {
				if v == nil {
					o[i].Blank = true
				} else {
					o[i].Value = *v
				}
			}
			q.Options = append(q.Options, o)
		}
		r.Questions = append(r.Questions, q)
	}
	return nil
}

func plain(ms []jsonMessage) []i18n.Message {
	var out []i18n.Message
	for _, m := range ms {
		out = append(out, m.plain())
	}
	return out
}

func (m jsonMessage) plain() i18n.Message {
	out := i18n.Message{Key: m.Key}
	for name, a := range m.Args {
		if out.Args == nil {
			out.Args = map[string]any{}
		}
		out.Args[name] = a.plain()
	}
	return out
}

func (a jsonArg) plain() any {
	switch {
	case a.Text != nil:
		return *a.Text
	case a.Int != nil:
		return *a.Int
	case a.Place != nil:
		return *a.Place
	case a.Date != nil:
		return *a.Date
	case a.Message != nil:
		return a.Message.plain()
	case a.Messages != nil:
		return plain(a.Messages)
	case a.Texts != nil:
		return a.Texts
	}
	return nil
}
