// Package annual is the annual report on open government information (年度报告): its content
// with the origin of every figure, and what is done with many of them.
//
// In five minutes:
//
//	report, err := read.File(ctx, "某局2024年年报.docx") // annual/read: any format in
//	if report.Refused != nil { … }                     // no report, and why
//	n, ok := report.Value("T3.new.total")              // a figure; !ok: blank, lost or unsettled
//	for _, q := range report.Questions { … }           // what a person must decide
//	audit := rule.Check(report, rule.Context{})        // annual/rule: findings with their places
//	err = print.Write(w, report, print.DOCX, print.Options{}) // annual/print: any format out
//	whole, err := annual.Merge(spec, reports...)       // own + children, provenance kept
//	pair := annual.Previous(report, reports)           // the same body's report on the year before
//	for _, l := range annual.Lineups(reports) { … }    // bodies side by side, a year at a time
//
// The package's Example is the same as a program that runs. A Report is a plain value. Nothing
// here touches files, clocks or databases. This package and those below it are internal to the
// program for now: what they export may still change.
package annual

import (
	"math"

	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
)

// Report is one body's annual report, as read, compiled or merged.
type Report struct {
	File    string     // where it was read from, "" if it was not
	Form    *form.Form // the version its tables follow; nil if Refused
	Refused *Refusal   // set when the source is no report in the unified form

	Title     Text // 某市某局2024年政府信息公开工作年度报告, as printed
	Agency    Text // the body reporting (公开主体)
	Year      int  // the year reported on, 0 if the source does not say
	YearAt    place.Place
	IndexNo   Text // 索引号
	DocNo     Text // 文号
	Publisher Text // 发布机构, where a page header states it
	Signed    Day  // 落款日期
	Published Day  // 发布日期
	Signature Text // 落款单位
	Period    Text // the sentence that states the statistical period

	// Sections holds s1 to s6 in the form's order. A section whose heading the source lacks
	// has Missing set and keeps what text could be attributed to it.
	Sections []Section
	Preface  []Text // text between the title and the first heading

	// Cells holds every cell the source prints, blank ones included. A cell that is not here
	// was not printed, or is unsettled and stands in a Question.
	Cells     map[form.Key]Cell
	Questions []Question
	Extras    []Text // lines in the tables that the form does not know (local additions)
	Notes     []Note // what the reader noticed and decided
}

// Text is a piece of the source with its place. A paragraph that the source breaks over
// several lines is joined; Lines then says where each further line began.
type Text struct {
	Text  string      `json:"text"`
	At    place.Place `json:"at"` // of its first line; Start is where in that line it begins
	Lines []Line      `json:"lines,omitempty"`
}

// Line is a further source line that was joined into a text.
type Line struct {
	Start int         `json:"start"` // runes of the text before it
	At    place.Place `json:"at"`
}

// Locate returns where in the source the runes start to end of t stand. A passage that
// runs over several lines is located by its first.
func (t Text) Locate(start, end int) place.Place {
	at, from, to := t.At, 0, math.MaxInt
	for _, l := range t.Lines {
		if l.Start > start {
			to = l.Start
			break
		}
		at, from = l.At, l.Start
	}
	first := at.Start
	return at.Span(first+start-from, first+min(end, to)-from)
}

// Day is a date with its place and its words.
type Day struct {
	Date date.Date   `json:"date"`
	Text string      `json:"text,omitempty"`
	At   place.Place `json:"at"`
}

// Section is one of the six parts.
type Section struct {
	Key        string // "s1"
	Heading    Text   // as printed
	Missing    bool   // the source has no such heading
	Paragraphs []Text // text, without the section's table
}

// Pending is what a print of ours shows in a cell whose value nobody has settled: no number,
// so that nobody takes it for one, and no blank.
const Pending = "（待确定）"

// State says how a cell came by what it holds.
type State string

// The states of a cell.
const (
	Printed State = "printed" // stands in the source
	Blank   State = "blank"   // printed empty, or as a dash or stroke: no value, and no zero
	Deduced State = "deduced" // the source lost its position or digits; the form's sums leave one answer
	Settled State = "settled" // decided by a person
	Summed  State = "summed"  // added up from other reports
)

// Cell is one value of the tables.
type Cell struct {
	State State
	Value decimal.Decimal // 0 when Blank
	Raw   string          // as printed: "9", "/", "7,730.28"
	At    place.Place
	Why   i18n.Message // how it was deduced or why it is doubted
}

// Question asks a person to settle cells the source lost.
type Question struct {
	Keys    []form.Key
	Raw     []string     // the pieces the source holds for them
	Options []Assignment // the possible readings, most plausible first; at most a few dozen
	More    bool         // there are more readings than Options lists
	Why     i18n.Message
	At      place.Place
}

// Assignment gives each of a question's Keys its value or a blank.
type Assignment []Maybe

// Maybe is a value or a blank.
type Maybe struct {
	Value decimal.Decimal
	Blank bool
}

// Note is something the reader noticed or decided that a person should know.
type Note struct {
	Message i18n.Message
	At      place.Place
	Text    string // the words in question
}

// Refusal says why a source is no report in the unified form.
type Refusal struct {
	Reasons []i18n.Message // strongest first
	At      place.Place
}

// Value returns the figure in a cell, and false if it is blank, absent or unsettled.
func (r *Report) Value(k form.Key) (decimal.Decimal, bool) {
	c, ok := r.Cells[k]
	if !ok || c.State == Blank {
		return 0, false
	}
	return c.Value, true
}

// Section returns the section called key ("s1" … "s6"), nil if the report has none.
func (r *Report) Section(key string) *Section {
	for i := range r.Sections {
		if r.Sections[i].Key == key {
			return &r.Sections[i]
		}
	}
	return nil
}

// Unsettled returns every cell that waits for a person, with the values it may have.
func (r *Report) Unsettled() map[form.Key][]Maybe {
	out := map[form.Key][]Maybe{}
	for _, q := range r.Questions {
		for i, k := range q.Keys {
			out[k] = out[k][:0:0]
			seen := map[Maybe]bool{}
			for _, o := range q.Options {
				if !seen[o[i]] {
					seen[o[i]] = true
					out[k] = append(out[k], o[i])
				}
			}
		}
	}
	return out
}

// Missing returns the cells the source neither prints nor asks about, in reading order.
func (r *Report) Missing() []form.Key {
	if r.Form == nil {
		return nil
	}
	asked := map[form.Key]bool{}
	for _, q := range r.Questions {
		for _, k := range q.Keys {
			asked[k] = true
		}
	}
	var ks []form.Key
	for _, c := range r.Form.Cells() {
		if _, ok := r.Cells[c.Key]; !ok && !asked[c.Key] {
			ks = append(ks, c.Key)
		}
	}
	return ks
}

// Settle records a person's decision on one cell: a value, or a blank. The cell leaves the
// question it stood in; a question without cells is gone.
func (r *Report) Settle(k form.Key, v Maybe) {
	c := r.Cells[k]
	c.State, c.Value = Settled, v.Value
	if v.Blank {
		c.State, c.Value = Blank, 0
	}
	if r.Cells == nil {
		r.Cells = map[form.Key]Cell{}
	}
	r.Cells[k] = c
	kept := r.Questions[:0:0]
	for _, q := range r.Questions {
		if q = q.without(k, v); len(q.Keys) > 0 {
			kept = append(kept, q)
		}
	}
	r.Questions = kept
}

// without returns q after cell k was decided: options that say otherwise are gone.
func (q Question) without(k form.Key, v Maybe) Question {
	at := -1
	for i, key := range q.Keys {
		if key == k {
			at = i
		}
	}
	if at < 0 {
		return q
	}
	rest := q
	rest.Keys = append(append([]form.Key{}, q.Keys[:at]...), q.Keys[at+1:]...)
	rest.Options = nil
	for _, o := range q.Options {
		if o[at] == v {
			rest.Options = append(rest.Options, append(append(Assignment{}, o[:at]...), o[at+1:]...))
		}
	}
	return rest
}
