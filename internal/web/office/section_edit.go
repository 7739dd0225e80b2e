package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

func rhythmWord(v section.Rhythm) i18n.Message {
	return map[section.Rhythm]i18n.Message{
		section.Usual: i18n.M("sections.rhythm.usual"), section.Event: i18n.M("sections.rhythm.event"), section.Every: i18n.M("sections.rhythm.every"),
		section.Monthly: i18n.M("sections.rhythm.monthly"), section.Quarterly: i18n.M("sections.rhythm.quarterly"),
		section.Yearly: i18n.M("sections.rhythm.yearly"), section.Permanent: i18n.M("sections.rhythm.permanent"), section.Never: i18n.M("sections.rhythm.none"),
	}[v]
}

func unitWord(u section.Unit) i18n.Message {
	return map[section.Unit]i18n.Message{
		section.Workdays: i18n.M("sections.unit.workday"), section.Days: i18n.M("sections.unit.day"), section.Months: i18n.M("sections.unit.month"),
	}[u]
}

// sectionFields are what a form asks of a section.
func (o *Office) sectionFields(r *http.Request, d section.Draft) []Group {
	p := printer(r)
	fixed := d.Kind.Prescribed()
	name := Field{Name: "name", Label: p.T("sections.name"), Value: d.Name, Required: true, Most: 60, Lang: "zh-CN"}
	kind := Field{Name: "kind", Label: p.T("sections.kind"), Kind: SelectField, Value: string(d.Kind), Required: true, Half: true,
		Choices: choices(p, p.T("office.choose"), openKinds, section.Kind.Message), Help: HelpOn(p, "sections.help.kind", section.Platform.Whole(""))}
	if fixed {
		name.Kind, name.Help = ShownField, HelpOn(p, "section.prescribed", section.Platform.Whole(""))
		kind.Kind, kind.Choices = ShownField, []Choice{{Value: string(d.Kind), Text: p.Text(d.Kind.Message())}}
	}
	about := []Field{name, kind}
	if !fixed {
		about = append(about, item20Field(p, d.Item20), item21Field(p, d.Item21),
			Field{Name: "slug", Label: p.T("sections.slug"), Value: d.Slug, Half: true, Most: 40, Hint: p.T("sections.slug_hint")})
	}
	about = append(about, Field{Name: "description", Label: p.T("sections.description"), Kind: LongField, Rows: 2, Value: d.Description, Most: 500, Hint: p.T("sections.description_hint"), Lang: "zh-CN"},
		Field{Name: "keywords", Label: p.T("sections.keywords"), Value: d.Keywords, Most: 200, Lang: "zh-CN"})
	return []Group{
		{Legend: p.T("sections.about"), Fields: about},
		{Legend: p.T("sections.duty"), Note: p.T("sections.duty_note"), Fields: dutyFields(p, "", d.Duty)},
		{Legend: p.T("sections.owner"), Fields: o.ownerFields(r, d)},
	}
}

// openKinds are the kinds a section can be made of.
var openKinds = []section.Kind{section.Statutory, section.Extra, section.News, section.Notice, section.Interaction, section.Topic}

func item20Field(p i18n.Printer, value string) Field {
	f := Field{Name: "item20", Label: p.T("sections.item20"), Kind: SelectField, Value: value, Half: true, Hint: p.T("sections.item20_hint"),
		Help: HelpOn(p, "sections.help.item20", statute.OGI2019.Art(20)), Choices: []Choice{{Text: p.T("office.none")}}}
	for _, i := range class.Items() {
		f.Choices = append(f.Choices, Choice{Value: i.Key, Text: "（" + statute.Numeral(i.Number) + "）" + i.Name(p.Lang())})
	}
	return f
}

func item21Field(p i18n.Printer, value string) Field {
	f := Field{Name: "item21", Label: p.T("sections.item21"), Kind: SelectField, Value: value, Half: true, Hint: p.T("sections.item21_hint"),
		Help: HelpOn(p, "sections.help.item21", statute.OGI2019.Art(21)), Choices: []Choice{{Text: p.T("office.none")}}}
	for _, s := range section.AllSubjects() {
		f.Choices = append(f.Choices, Choice{Value: s.Key, Text: s.Name})
	}
	return f
}

// dutyFields ask for a duty; prefix tells several of one form apart.
func dutyFields(p i18n.Printer, prefix string, d section.Duty) []Field {
	number := func(name, label, hint string, v int) Field {
		f := Field{Name: prefix + name, Label: p.T(label), Kind: NumberField, Half: true, Hint: p.T(hint)}
		if v > 0 || name == "n" && d.Rhythm == section.Event {
			f.Value = p.T("sections.figure", "n", v)
		}
		return f
	}
	return []Field{
		{Name: prefix + "rhythm", Label: p.T("sections.rhythm"), Kind: SelectField, Value: string(d.Rhythm), Half: true, Choices: choices(p, "", section.Rhythms, rhythmWord)},
		number("n", "sections.n", "sections.n_hint", d.N),
		{Name: prefix + "unit", Label: p.T("sections.unit"), Kind: SelectField, Value: string(d.Unit), Half: true,
			Choices: choices(p, "", []section.Unit{section.Workdays, section.Days, section.Months}, unitWord), Hint: p.T("sections.unit_hint")},
		number("month", "sections.month", "sections.month_hint", d.Month), number("day", "sections.day", "sections.day_hint", d.Day),
	}
}

// readDuty reads dutyFields; what the rhythm has no use for is left out.
func readDuty(f *web.Form, prefix string) section.Duty {
	d := section.Duty{Rhythm: section.Rhythm(f.Text(prefix + "rhythm"))}
	n, month, day := f.Int(prefix+"n"), f.Int(prefix+"month"), f.Int(prefix+"day")
	switch d.Rhythm {
	case section.Event, section.Every:
		d.N, d.Unit = n, section.Unit(f.Text(prefix+"unit"))
	case section.Monthly:
		d.Day = day
	case section.Quarterly, section.Yearly:
		d.Month, d.Day = month, day
	}
	return d
}

// ownerFields ask who answers for a section.
func (o *Office) ownerFields(r *http.Request, d section.Draft) []Field {
	p := printer(r)
	fields := []Field{{Name: "department", Label: p.T("sections.department"), Value: d.Department, Half: true, Most: 60, Lang: "zh-CN"}}
	people := []Choice{{Text: p.T("office.none")}}
	for _, c := range o.colleagues(r) {
		people = append(people, Choice{Value: c.Value, Text: c.Text})
	}
	if d.Owner != "" && len(people) == 1 {
		people = append(people, Choice{Value: d.Owner, Text: d.OwnerName})
	}
	return append(fields, Field{Name: "owner", Label: p.T("sections.owner"), Kind: SelectField, Value: d.Owner, Half: true, Choices: people, Hint: p.T("sections.owner_hint")})
}

// colleagues are the people of the person's bodies, and the person.
func (o *Office) colleagues(r *http.Request) []Choice {
	me := o.Actor(r)
	all := []Choice{{Value: me.ID, Text: me.Name}}
	if o.People == nil {
		return all
	}
	refs, err := o.People.Colleagues(r.Context(), me)
	if err != nil {
		o.Log.Error("colleagues failed", "err", err)
		return all
	}
	for _, c := range refs {
		all = append(all, Choice{Value: c.ID, Text: c.Name})
	}
	return all
}

func (o *Office) readSection(r *http.Request, f *web.Form) section.Draft {
	d := section.Draft{
		Name: f.Text("name"), Slug: f.Text("slug"), Kind: section.Kind(f.Text("kind")), Item20: f.Text("item20"), Item21: f.Text("item21"),
		Duty: readDuty(f, ""), Department: f.AtMost("department", 60), Owner: f.Text("owner"),
		Description: f.AtMost("description", 500), Keywords: f.AtMost("keywords", 200),
	}
	for _, c := range o.colleagues(r) {
		if c.Value == d.Owner {
			d.OwnerName = c.Text
		}
	}
	if d.Owner != "" && d.OwnerName == "" {
		f.Fail(web.ErrChoice.At("owner"))
	}
	return d
}

func (o *Office) newSectionForm(r *http.Request) (*FormPage, error) {
	body, err := o.body(r)
	if err != nil {
		return nil, err
	}
	var tree *section.Tree
	if err := o.Sections.DB.View(r.Context(), func(tx *db.Tx) error {
		all, err := section.All(tx, body)
		tree = section.NewTree(all)
		return err
	}); err != nil {
		return nil, err
	}
	p := &FormPage{Page: o.page(r, printer(r).T("sections.new"))}
	p.Crumb(p.T("sections.title"), o.path(r, "/office/sections"))
	parent, draft := r.URL.Query().Get("parent"), section.Draft{}
	if s := tree.Get(parent); s != nil && !s.Kind.Prescribed() {
		draft.Kind, draft.Item20, draft.Item21 = s.Kind, s.Item20, s.Item21
	} else if s != nil && s.Kind == section.Proactive {
		draft.Kind = section.Statutory
	}
	groups := o.sectionFields(r, draft)
	place := Field{Name: "parent", Label: p.T("sections.parent"), Kind: SelectField, Value: parent, Half: true, Choices: sectionChoices(tree, p.T("sections.top"), "-")}
	groups[0].Fields = append([]Field{groups[0].Fields[0], place}, groups[0].Fields[1:]...)
	p.Form = NewForm(p.Page, "", groups...)
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/sections"))
	return p, nil
}

func (o *Office) newSection(w http.ResponseWriter, r *http.Request) error {
	if !o.Actor(r).Somewhere(actor.SectionCreate) {
		return actor.ErrForbidden
	}
	p, err := o.newSectionForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

func (o *Office) createSection(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	draft := o.readSection(r, f)
	err := f.Err()
	var s *section.Section
	if err == nil {
		s, err = o.Sections.Create(r.Context(), o.Actor(r), o.Body(r), f.Text("parent"), draft)
	}
	if err == nil {
		return o.done(w, r, i18n.M("sections.created", "name", s.Name), "/office/sections/%s", s.ID)
	}
	p, broken := o.newSectionForm(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}

func (o *Office) editSectionForm(r *http.Request) (*FormPage, *section.Section, error) {
	v, err := o.viewSection(r, r.PathValue("id"))
	if err != nil {
		return nil, nil, err
	}
	if err := o.Actor(r).May(actor.SectionChange, v.scope); err != nil {
		return nil, nil, err
	}
	s := v.line.Section
	p := &FormPage{Page: o.page(r, printer(r).T("sections.edit"))}
	p.Crumb(p.T("sections.title"), o.path(r, "/office/sections"))
	p.Crumb(s.Name, o.path(r, "/office/sections/%s", s.ID))
	p.Form = NewForm(p.Page, "", o.sectionFields(r, s.Draft())...)
	p.Form.Version = s.Version
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/sections/%s", s.ID))
	return p, s, nil
}

func (o *Office) editSection(w http.ResponseWriter, r *http.Request) error {
	p, _, err := o.editSectionForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

func (o *Office) changeSection(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	draft := o.readSection(r, f)
	version := f.Int64("version")
	p, s, err := o.editSectionForm(r)
	if err != nil {
		return err
	}
	if s.Kind.Prescribed() {
		draft.Name, draft.Kind = s.Name, s.Kind
	}
	if err = f.Err(); err == nil {
		_, err = o.Sections.Change(r.Context(), o.Actor(r), s.ID, version, draft)
	}
	if err == nil {
		return o.done(w, r, i18n.M("office.saved"), "/office/sections/%s", s.ID)
	}
	return o.answer(w, r, p, err)
}
