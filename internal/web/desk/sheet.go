package desk

import (
	"net/url"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
)

// sheetView is a report as the prescribed form prints it.
type sheetView struct {
	i18n.Printer
	Title    []segment
	TitleAt  string // where the title stands in the source
	Preface  []paraView
	Sections []sectionView
	Closing  []string // signature and date
	Folded   bool     // the prose is folded, so that the tables can be filled in
}

// PrefaceView is what stands before the first part.
func (v sheetView) PrefaceView() sectionView {
	return sectionView{Printer: v.Printer, Paras: v.Preface, Folded: v.Folded}
}

// FirstTable is the table with which editing begins.
func (v sheetView) FirstTable() string {
	for _, s := range v.Sections {
		if s.Table != nil {
			return s.Table.ID
		}
	}
	return ""
}

// paraView is a paragraph, cut where findings speak of it.
type paraView struct {
	Segments []segment
	Source   string // anchor of its first line
}

// sectionView is one of the six parts.
type sectionView struct {
	i18n.Printer
	Key     string
	Heading string
	Missing bool
	Paras   []paraView
	Table   *tableView
	Folded  bool // its prose is folded
	Summed  bool // it belongs to a sum, which has no text of its own
}

// tableView is a table with its merged cells.
type tableView struct {
	i18n.Printer
	ID      string
	Caption string
	Rows    [][]boxView
}

// boxView is one printed cell: a label or a value.
type boxView struct {
	i18n.Printer
	Header           bool
	Scope            string
	Class            string
	Text             string
	RowSpan, ColSpan int
	Value            *valueView
}

// valueView is a value of the form.
type valueView struct {
	i18n.Printer
	Key      form.Key
	ID       string
	Shown    string   // the figure, or a word for its absence
	Label    string   // what a screen reader says
	Href     string   // shows where it comes from
	Marks    []string // its states in short, besides colour
	Findings string   // numbers of the findings that speak of it
	On       bool     // the selected finding or cell
	Input    string   // what its input holds
	Problem  string   // what is wrong with what was typed
	Editing  bool
	State    annual.State // "" if the form has a place and the report nothing
}

// sheet builds the printed form of e.
type sheet struct {
	i18n.Printer
	report   *annual.Report
	trace    *trace
	asked    map[form.Key]bool
	editing  bool
	selected form.Key
	typed    *typed
	edited   map[form.Key]bool // cells a person decided here
	summed   bool              // the report is a sum of others
}

func (s *sheet) view() sheetView {
	r := s.report
	v := sheetView{Printer: s.Printer, Folded: s.editing}
	v.Title, v.TitleAt = s.trace.paragraph(r.Title), s.trace.spot(r.Title.At).anchor()
	v.Preface = s.paragraphs(r.Preface)
	for _, part := range r.Form.Sections {
		v.Sections = append(v.Sections, s.section(part))
	}
	for _, x := range []string{r.Signature.Text, r.Signed.Text} {
		if x != "" {
			v.Closing = append(v.Closing, x)
		}
	}
	return v
}

func (s *sheet) section(part form.Section) sectionView {
	v := sectionView{Printer: s.Printer, Key: part.Key, Heading: part.Full, Missing: true, Folded: s.editing, Summed: s.summed}
	if have := s.report.Section(part.Key); have != nil {
		v.Missing = have.Missing
		if !have.Missing && have.Heading.Text != "" {
			v.Heading = have.Heading.Text
		}
		v.Paras = s.paragraphs(have.Paragraphs)
	}
	if part.Table != "" {
		v.Table = s.table(s.report.Form.Table(part.Table), part)
	}
	return v
}

func (s *sheet) paragraphs(xs []annual.Text) []paraView {
	var out []paraView
	for _, x := range xs {
		out = append(out, paraView{s.trace.paragraph(x), s.trace.spot(x.At).anchor()})
	}
	return out
}

func (s *sheet) table(t *form.Table, part form.Section) *tableView {
	v := &tableView{Printer: s.Printer, ID: t.ID, Caption: t.Name + " " + part.Heading}
	for _, row := range t.Grid {
		var line []boxView
		for _, b := range row {
			line = append(line, s.box(b))
		}
		v.Rows = append(v.Rows, line)
	}
	return v
}

func (s *sheet) box(b form.Box) boxView {
	v := boxView{Printer: s.Printer, Text: b.Text, RowSpan: b.RowSpan, ColSpan: b.ColSpan, Class: string(b.Role)}
	switch b.Role {
	case form.RoleValue:
		v.Value = s.value(b.Key)
		v.Class = s.class(v.Value)
	case form.RoleHeader, form.RoleGroup:
		v.Header, v.Scope = true, "col"
		if b.ColSpan > 1 {
			v.Scope = "colgroup"
		}
	case form.RoleRowLabel, form.RoleRowGroup:
		v.Header, v.Scope = true, "row"
		if b.RowSpan > 1 {
			v.Scope = "rowgroup"
		}
	}
	return v
}

// states names what a cell's state is, in a word and at length. Printed cells need none.
var states = map[annual.State][2]i18n.Message{
	annual.Blank:   {i18n.M("desk.mark.blank"), i18n.M("desk.state.blank")},
	annual.Deduced: {i18n.M("desk.mark.deduced"), i18n.M("desk.state.deduced")},
	annual.Settled: {i18n.M("desk.mark.settled"), i18n.M("desk.state.settled")},
	annual.Summed:  {i18n.M("desk.mark.summed"), i18n.M("desk.state.summed")},
}

func (s *sheet) value(k form.Key) *valueView {
	c, printed := s.report.Cells[k]
	v := &valueView{
		Printer: s.Printer, Key: k, ID: cellAnchor(k), State: c.State, Editing: s.editing,
		Href: "?cell=" + url.QueryEscape(string(k)) + "#cell",
	}
	said := s.T("desk.state.missing")
	switch {
	case s.asked[k]:
		v.State, v.Shown, said = asked, s.T("desk.mark.asked"), s.T("desk.state.asked")
	case !printed:
		v.Shown = s.T("desk.mark.missing")
	case c.State == annual.Blank && s.edited[k]:
		v.State, v.Shown, said = annual.Settled, s.T("desk.cell.blank"), s.T("desk.mark.blank")+" "+s.T("desk.state.settled")
		v.Marks = append(v.Marks, s.T("desk.mark.settled"))
	case c.State == annual.Blank:
		v.Shown, said = s.T("desk.cell.blank"), s.T("desk.state.blank")
	default:
		v.Shown, said = c.Value.String(), c.Value.String()
		v.Input = v.Shown
		if x, ok := states[c.State]; ok && c.State != annual.Summed {
			v.Marks = append(v.Marks, s.Text(x[0]))
			said += " " + s.Text(x[1])
		}
	}
	nos := s.trace.cells[k]
	if worst := s.trace.gravest(nos); worst == check.Error || worst == check.Warning {
		v.Marks = append([]string{s.Text(badges[worst])}, v.Marks...)
		said += " " + s.T("desk.cell.findings", "severity", badges[worst], "n", len(nos))
	}
	v.Findings, v.On = join(nos), s.trace.on(nos) || k == s.selected
	v.Label = v.Shown + " " + s.T("desk.cell.label", "cell", s.report.Form.Label(k), "value", said)
	v.Input, v.Problem = s.typed.echo("c:"+string(k), v.Input), s.typed.problem(s.Printer, k)
	return v
}

// asked is the state of a cell that waits for a person, beside those of package annual.
const asked annual.State = "asked"

// class is how a value looks: its state and the gravest finding on it.
func (s *sheet) class(v *valueView) string {
	c := "value"
	switch {
	case v.State == "":
		c += " missing"
	case v.State != annual.Printed:
		c += " " + string(v.State)
	}
	if worst := s.trace.gravest(s.trace.cells[v.Key]); worst == check.Error || worst == check.Warning {
		c += " has-" + string(worst)
	}
	if v.On {
		c += " on"
	}
	return c
}

// editedCells returns the cells a person decided here.
func (e *entry) editedCells() map[form.Key]bool {
	out := map[form.Key]bool{}
	for _, x := range e.edits {
		out[x.key] = true
	}
	return out
}

// askedCells returns the cells that wait for a person.
func askedCells(r *annual.Report) map[form.Key]bool {
	out := map[form.Key]bool{}
	for _, q := range r.Questions {
		for _, k := range q.Keys {
			out[k] = true
		}
	}
	return out
}
