package reckon

import (
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Printed is a count as JSON has it, at the command line and in the interface alike: docs/clock.md,
// docs/clock.schema.json.
type Printed struct {
	Due     string        `json:"due"`
	Overdue bool          `json:"overdue"`
	Certain bool          `json:"certain"`
	Steps   []PrintedStep `json:"steps"`
}

// PrintedStep is one step.
type PrintedStep struct {
	Kind        StepKind     `json:"kind"`
	Effect      Effect       `json:"effect"`
	From        string       `json:"from"`
	To          string       `json:"to"`
	WorkingDays int          `json:"working_days"`
	Cite        string       `json:"cite"`
	Text        string       `json:"text"`
	Days        []PrintedDay `json:"days,omitempty"`
}

// PrintedDay is a day of a stretch.
type PrintedDay struct {
	Date    string `json:"date"`
	Kind    string `json:"kind"`
	Name    string `json:"name,omitempty"`
	Working bool   `json:"working"`
	Counted bool   `json:"counted"`
	N       int    `json:"n,omitempty"`
}

// weekday is the kind of a day the calendar has nothing to say about.
const weekday = "weekday"

// Print words a count in a language.
func (n Count) Print(p i18n.Printer) Printed {
	out := Printed{Due: n.Due.String(), Overdue: n.Overdue, Certain: n.Certain, Steps: []PrintedStep{}}
	for _, s := range n.Steps {
		one := PrintedStep{
			Kind: s.Kind, Effect: s.Effect, From: s.From.String(), To: s.To.String(), WorkingDays: s.Working,
			Cite: cited(s.Cite, p), Text: p.Text(s.Message),
		}
		for _, d := range s.Days {
			kind := weekday
			if d.Kind != "" {
				kind = string(d.Kind)
			}
			one.Days = append(one.Days, PrintedDay{d.Date.String(), kind, d.Name, d.Working, d.Counted, d.N})
		}
		out.Steps = append(out.Steps, one)
	}
	return out
}

func cited(c statute.Ref, p i18n.Printer) string {
	if p.Lang() == i18n.English {
		return c.English()
	}
	return c.String()
}
