package disclosure

import (
	"encoding/json"
	"slices"
	"time"

	"gongkai/internal/check"
	"gongkai/internal/gate"
	"gongkai/internal/i18n"
)

// Check is what the checks before publication found in a content (发布前检查).
type Check struct {
	Edition  string
	Hash     string
	At       time.Time
	Findings []Finding
}

// Finding is a finding as it is kept: without the words of personal data, and without what a
// fix would write.
type Finding struct {
	ID       string         `json:"id"`
	Code     string         `json:"code"`
	Severity check.Severity `json:"severity"`
	Cite     string         `json:"cite,omitempty"`
	CiteEn   string         `json:"cite_en,omitempty"`
	Message  words          `json:"message"`
	Advice   words          `json:"advice"`
	Blocks   bool           `json:"blocks,omitempty"`
	Field    gate.Field     `json:"field,omitempty"`
	Part     string         `json:"part,omitempty"`
	Places   []Place        `json:"places,omitempty"`
	Fix      *words         `json:"fix,omitempty"` // what one click would do
}

// Place is where a finding stands: characters start to end of a part's text, none for
// metadata and whole files.
type Place struct {
	Label words  `json:"label"`
	Quote string `json:"quote,omitempty"`
	Start int    `json:"start,omitempty"`
	End   int    `json:"end,omitempty"`
}

// words is a message as JSON keeps it: a value of it may be a message itself.
type words i18n.Message

// UnmarshalJSON reads what was kept, with the messages among its values.
func (w *words) UnmarshalJSON(b []byte) error {
	var m struct {
		Key  string                     `json:"key"`
		Args map[string]json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	w.Key = m.Key
	for name, raw := range m.Args {
		if w.Args == nil {
			w.Args = map[string]any{}
		}
		var inner words
		if raw[0] == '{' && json.Unmarshal(raw, &inner) == nil && inner.Key != "" {
			w.Args[name] = i18n.Message(inner)
			continue
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		w.Args[name] = whole(v)
	}
	return nil
}

// whole brings a number that has no fraction back to what it was before JSON kept it.
func whole(v any) any {
	if f, ok := v.(float64); ok && f == float64(int(f)) {
		return int(f)
	}
	return v
}

// Words returns the message.
func (w words) Words() i18n.Message { return i18n.Message(w) }

// keepable makes the kept form of what the gate found.
func keepable(all []gate.Finding) []Finding {
	out := make([]Finding, len(all))
	for i, f := range all {
		out[i] = Finding{
			ID: f.ID, Code: f.Code, Severity: f.Severity, Cite: f.Cite.String(), CiteEn: english(f),
			Message: words(f.Message), Advice: words(f.Advice), Blocks: f.Blocks, Field: f.Field, Part: f.Part,
		}
		for n, q := range f.Places {
			p := Place{Label: words(q.Label), Quote: q.Text}
			if n < len(f.Spots) {
				p.Start, p.End = f.Spots[n].Start, f.Spots[n].End
			}
			out[i].Places = append(out[i].Places, p)
		}
		if f.Fix != nil {
			label := words(f.Fix.Label)
			out[i].Fix = &label
		}
	}
	return out
}

func english(f gate.Finding) string {
	if f.Cite.IsZero() {
		return ""
	}
	return f.Cite.English()
}

// Override is why the secrecy reviewer let a finding pass. It holds for the content it was
// given for, and no other.
type Override struct {
	ID      string
	Edition string
	Hash    string
	Finding string
	Reason  string
	Actor   string
	Name    string
	At      time.Time
}

// Blocking returns the findings that keep the content from being submitted: those that block
// and were not let pass.
func (c *Check) Blocking(passed []*Override) []Finding {
	var out []Finding
	for _, f := range c.Findings {
		if f.Blocks && !slices.ContainsFunc(passed, func(o *Override) bool { return o.Finding == f.ID && o.Hash == c.Hash }) {
			out = append(out, f)
		}
	}
	return out
}

// find returns the finding of that ID.
func (c *Check) find(id string) (Finding, bool) {
	i := slices.IndexFunc(c.Findings, func(f Finding) bool { return f.ID == id })
	if i < 0 {
		return Finding{}, false
	}
	return c.Findings[i], true
}
