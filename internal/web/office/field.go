package office

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"

	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

// FieldKind says how a field is shown.
type FieldKind string

// The kinds of field. Date fields send civil days, as 2026-11-23.
const (
	TextField     FieldKind = "text"
	LongField     FieldKind = "long" // several lines
	PasswordField FieldKind = "password"
	CodeField     FieldKind = "code" // a one-time code of figures
	NumberField   FieldKind = "number"
	DateField     FieldKind = "date"
	TimeField     FieldKind = "time" // a day and a time, in the zone of the office
	MailField     FieldKind = "mail"
	SelectField   FieldKind = "select"
	RadioField    FieldKind = "radio"
	TickField     FieldKind = "tick"  // one box
	TicksField    FieldKind = "ticks" // several of the options
	FileField     FieldKind = "file"
	HiddenField   FieldKind = "hidden"
	ShownField    FieldKind = "shown" // its value can be read, not changed
)

// Choice is an option of a field.
type Choice struct {
	Value, Text string
	Note        string // what choosing it means
	Group       string // options of one group stand together
	On          bool   // set by the form from the field's value
	Off         bool   // cannot be chosen
}

// ChoiceGroup is the options that stand under one heading.
type ChoiceGroup struct {
	Label   string
	Choices []Choice
}

// Help is what stands beside a field: what to enter, and the provision that asks for it.
type Help struct {
	Text  string
	Cite  string
	Label string // what the button that shows it is called; set by the form
}

// Field is one question of a form.
type Field struct {
	i18n.Printer
	Name, Label string
	Kind        FieldKind
	Value       string
	Values      []string // of TicksField
	Choices     []Choice
	Required    bool
	Hint        string // always shown, under the label
	Help        Help   // shown on demand
	Problem     string // what is wrong with it
	Rows        int    // of LongField
	Most        int    // characters it takes, 0 for no limit
	Least, Top  string // bounds of a number or a date
	Auto        string // autocomplete
	Placeholder string
	Accept      string // kinds of file
	Many        bool   // several files
	Unit        string // behind a number: 个工作日
	Focus       bool
	Half        bool   // two such fields stand side by side
	Lang        string // of the content, where it is not the page's

	form string // begins the id, where a page has several forms
}

// ID is the field's id in the page.
func (f Field) ID() string { return "f-" + f.form + f.Name }

// Described lists the ids of what explains the field, "" for none.
func (f Field) Described() string {
	var ids string
	for _, p := range []struct{ text, suffix string }{{f.Hint, "-hint"}, {f.Problem, "-problem"}} {
		if p.text == "" {
			continue
		}
		if ids != "" {
			ids += " "
		}
		ids += f.ID() + p.suffix
	}
	return ids
}

// Groups returns the choices by their groups, in the order given.
func (f Field) Groups() []ChoiceGroup {
	var all []ChoiceGroup
	for _, c := range f.Choices {
		if n := len(all); n == 0 || all[n-1].Label != c.Group {
			all = append(all, ChoiceGroup{Label: c.Group})
		}
		last := &all[len(all)-1]
		last.Choices = append(last.Choices, c)
	}
	return all
}

// Shown returns the value to be read: of a field with choices the text of the chosen one.
func (f Field) Shown() string {
	for _, c := range f.Choices {
		if c.Value == f.Value {
			return c.Text
		}
	}
	return f.Value
}

// Group is fields that belong together.
type Group struct {
	Legend, Note string
	Fields       []Field
	Folded       bool // shown on demand
}

// Open reports whether a folded group must be open: something in it is wrong.
func (g Group) Open() bool {
	return slices.ContainsFunc(g.Fields, func(f Field) bool { return f.Problem != "" })
}

// Button is one way to send a form.
type Button struct {
	Text, Name, Value string
	Action            string // where it sends, when not where the form does
	Tone              string // "", "primary", "danger", "quiet"
	NoCheck           bool   // sends also what lacks required values, as when saving a draft
}

// Form is a form with its fields, what they hold and what is wrong with them.
type Form struct {
	i18n.Printer
	Token   string // set by NewForm
	Action  string
	Query   bool // sent as an address, for forms that only look something up
	Upload  bool // has a file field
	Groups  []Group
	Hidden  []Field
	Buttons []Button
	Back    web.Link // leads away without saving; none if empty
	Version int64    // of the record the person saw; 0 for none
	Problem string   // of the form as a whole
	Cite    string   // the provision Problem rests on
	Wrong   []web.Link
}

// NewForm starts a form of p's page that posts to action.
func NewForm(p Page, action string, groups ...Group) *Form {
	f := &Form{Printer: p.Printer, Token: p.Token, Action: action, Groups: groups}
	f.prepare()
	return f
}

// Apart gives the fields ids of their own, for pages with several forms.
func (f *Form) Apart(id string) *Form {
	f.each(func(field *Field) { field.form = id + "-" })
	return f
}

// Add puts a group behind the others.
func (f *Form) Add(g Group) {
	f.Groups = append(f.Groups, g)
	f.prepare()
}

// prepare completes the fields from what they hold.
func (f *Form) prepare() {
	f.each(func(field *Field) {
		field.ready(f.Printer)
		f.Upload = f.Upload || field.Kind == FileField
	})
}

// ready completes a field from what it holds.
func (f *Field) ready(p i18n.Printer) {
	f.Printer = p
	if f.Kind == "" {
		f.Kind = TextField
	}
	f.Help.Label = p.T("office.form.help", "field", f.Label)
	f.choose()
}

func (f *Field) choose() {
	f.Choices = slices.Clone(f.Choices)
	for i := range f.Choices {
		c := &f.Choices[i]
		c.On = c.Value == f.Value && f.Kind != TicksField || slices.Contains(f.Values, c.Value)
	}
}

func (f *Form) each(visit func(*Field)) {
	for g := range f.Groups {
		for i := range f.Groups[g].Fields {
			visit(&f.Groups[g].Fields[i])
		}
	}
}

// Field returns the field of that name, for pages that place fields themselves. A name the
// form does not have is a mistake of the program; it panics.
func (f *Form) Field(name string) Field {
	var found *Field
	f.each(func(field *Field) {
		if field.Name == name {
			found = field
		}
	})
	if found == nil {
		panic("office: no field " + name)
	}
	return *found
}

// Keep puts back what a person entered, so that nothing has to be typed again. Passwords
// and files are not kept.
func (f *Form) Keep(values url.Values) {
	f.each(func(field *Field) {
		switch field.Kind {
		case PasswordField, CodeField, FileField, ShownField:
			return
		case TicksField:
			field.Values = values[field.Name]
		default:
			field.Value = values.Get(field.Name)
		}
		field.choose()
	})
}

// Tell puts each fault of err at its field; what belongs to none stands above the form.
// It returns the status the page is sent with.
func (f *Form) Tell(err error) int {
	faults := web.FaultsOf(err)
	f.each(func(field *Field) {
		if e := faults.At(field.Name); e != nil {
			field.Problem = f.Text(e.Message())
			f.Wrong = append(f.Wrong, web.Link{Href: "#" + field.ID(), Text: field.Label + f.T("office.colon") + field.Problem})
		}
	})
	for _, e := range faults {
		if f.has(e.Field) {
			continue
		}
		f.Problem, f.Cite = f.Text(e.Message()), citeOf(f.Printer, e.Cite)
		break
	}
	return web.Status(fault.KindOf(err))
}

func (f *Form) has(name string) (found bool) {
	f.each(func(field *Field) { found = found || field.Name == name })
	return found
}

// Versioned writes the version as the hidden field wants it.
func (f *Form) Versioned() string { return strconv.FormatInt(f.Version, 10) }

// citeOf prints a provision in the printer's language.
func citeOf(p i18n.Printer, ref statute.Ref) string {
	if p.Lang() == i18n.English {
		return ref.English()
	}
	return ref.String()
}

// HelpOn is the help beside a field: a message and the provision it comes from.
func HelpOn(p i18n.Printer, key string, ref statute.Ref) Help {
	return Help{Text: p.T(key), Cite: citeOf(p, ref)}
}

// markup is HTML the program itself made, such as a chart.
type markup = template.HTML
