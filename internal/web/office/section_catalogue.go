package office

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// catalogueForm asks for a file and where its sections go.
func (o *Office) catalogueForm(r *http.Request) (*FormPage, error) {
	body, err := o.body(r)
	if err != nil {
		return nil, err
	}
	if err := o.Actor(r).May(actor.SectionImport, actor.In(body)); err != nil {
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
	p := &FormPage{Page: o.page(r, printer(r).T("sections.import")), Lead: printer(r).T("sections.import_lead")}
	p.Crumb(p.T("sections.title"), o.path(r, "/office/sections"))
	p.Form = NewForm(p.Page, "", Group{Fields: []Field{
		{Name: "parent", Label: p.T("sections.import_parent"), Kind: SelectField, Required: true, Choices: sectionChoices(tree, p.T("office.choose"), "-"), Hint: p.T("sections.import_parent_hint")},
		{Name: "file", Label: p.T("sections.file"), Kind: FileField, Required: true, Accept: ".xlsx", Hint: p.T("sections.file_hint")},
	}})
	p.Form.Buttons = []Button{{Text: p.T("sections.preview"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/sections"))
	export := Card{ID: "export", Title: p.T("sections.export"), Note: p.T("sections.export_note")}
	for _, s := range tree.All() {
		if s.Retired || !slices.ContainsFunc(tree.Under(s.ID), func(u *section.Section) bool { return u.CatalogueID != "" || hasRows(tree, u.ID) }) || s.CatalogueID != "" {
			continue
		}
		for _, l := range []section.Layout{section.CountyLayout, section.CityLayout} {
			export.Links = append(export.Links, web.Link{Text: s.Name + "（" + p.Text(layoutWord(l)) + "）", Href: o.path(r, "/office/sections/export?parent=%s&layout="+string(l), s.ID)})
		}
	}
	if len(export.Links) > 0 {
		p.Side = []Card{export}
	}
	return p, nil
}

// hasRows reports whether sections made from a catalogue's rows stand right below one.
func hasRows(t *section.Tree, id string) bool {
	return slices.ContainsFunc(t.Under(id), func(s *section.Section) bool { return s.CatalogueID != "" })
}

func layoutWord(l section.Layout) i18n.Message {
	if l == section.CityLayout {
		return i18n.M("sections.layout.city")
	}
	return i18n.M("sections.layout.county")
}

func (o *Office) chooseCatalogue(w http.ResponseWriter, r *http.Request) error {
	p, err := o.catalogueForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

// previewCatalogue reads the file and shows what an import would do.
func (o *Office) previewCatalogue(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	parent, err := f.Need("parent"), f.Err()
	var c section.Catalogue
	if err == nil {
		file, _, broken := r.FormFile("file")
		if broken != nil {
			err = web.ErrRequired.At("file")
		} else {
			defer file.Close()
			c, err = section.ReadCatalogue(file)
		}
	}
	if err != nil {
		p, broken := o.catalogueForm(r)
		if broken != nil {
			return broken
		}
		return o.answer(w, r, p, err)
	}
	return o.showPlan(w, r, parent, c, nil, nil)
}

// showPlan shows what an import will do, and asks for what cannot be read. problem is what
// an import was refused for.
func (o *Office) showPlan(w http.ResponseWriter, r *http.Request, parent string, c section.Catalogue, answers map[string]section.Duty, problem error) error {
	plan, err := o.Sections.Preview(r.Context(), o.Actor(r), o.Body(r), parent, c, nil)
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("sections.preview")), Lead: printer(r).T("sections.plan", "made", plan.Count(section.Makes),
		"changed", plan.Count(section.Changes), "same", plan.Count(section.Same), "groups", len(plan.Groups), "wrong", plan.Wrong)}
	p.Crumb(p.T("sections.title"), o.path(r, "/office/sections"))
	p.Crumb(p.T("sections.import"), o.path(r, "/office/sections/import"))
	status := http.StatusOK
	if plan.Wrong == 0 && len(plan.Rows) > 0 {
		form, err := o.planForm(r, p.Page, parent, c, plan, answers)
		if err != nil {
			return err
		}
		if problem != nil {
			status = form.Tell(problem)
		}
		p.Forms = []Section{{ID: "import", Title: p.T("sections.import_do"), Form: form}}
	}
	p.Lists = []*List{planList(p.Page, plan)}
	return o.showAs(w, r, status, "record", p)
}

// planForm carries what was read to the import, and asks what wordings mean.
func (o *Office) planForm(r *http.Request, p Page, parent string, c section.Catalogue, plan *section.Plan, answers map[string]section.Duty) (*Form, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	var groups []Group
	for i, limit := range plan.Asked {
		shown := limit
		if shown == "" {
			shown = p.T("sections.limit_blank")
		}
		fields := dutyFields(p.Printer, "limit"+strconv.Itoa(i)+"-", answers[limit])
		fields[0].Choices[0].Text = p.T("office.choose") // the kind's usual duty is no answer here
		groups = append(groups, Group{Legend: p.T("sections.limit_ask", "limit", shown), Fields: fields})
	}
	f := NewForm(p, o.path(r, "/office/sections/import/done"), groups...)
	f.Hidden = []Field{{Name: "parent", Value: parent}, {Name: "catalogue", Value: string(text)}}
	f.Buttons = []Button{{Text: p.T("sections.import_do"), Tone: "primary"}}
	f.Back = p.back(o.path(r, "/office/sections/import"))
	return f, nil
}

// planList shows the rows with what becomes of each, the wrong ones first.
func planList(p Page, plan *section.Plan) *List {
	l := NewList(p, p.T("sections.rows"), []Column{
		{Key: "line", Text: p.T("sections.line"), Slim: true, Num: true}, {Key: "item", Text: p.T("sections.name")},
		{Key: "duty", Text: p.T("sections.duty")}, {Key: "effect", Text: p.T("sections.effect")},
	}, ListQuery{Size: len(plan.Rows)})
	l.Export = false
	rows := slices.Clone(plan.Rows)
	slices.SortStableFunc(rows, func(a, b section.Planned) int { return min(len(b.Wrong), 1) - min(len(a.Wrong), 1) })
	for _, r := range rows {
		duty := Cell{Text: p.Text(r.Duty.Message()), Sub: r.Limit}
		if r.Ask {
			duty = Cell{Badge: &Badge{p.T("sections.asked"), Warn}, Sub: r.Limit}
		}
		row := Row{Name: r.First, Cells: []Cell{{Text: strconv.Itoa(r.Line)}, {Text: orFirst(r), Sub: r.First, Lang: "zh-CN"}, duty, effectCell(p, r)}}
		if len(r.Wrong) > 0 {
			row.Tone = Bad
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

func orFirst(r section.Planned) string {
	if r.Second != "" {
		return r.Second
	}
	return r.First
}

func effectCell(p Page, r section.Planned) Cell {
	if len(r.Wrong) > 0 {
		var all []string
		for _, e := range r.Wrong {
			all = append(all, p.Text(e.Message()))
		}
		return Cell{Badge: &Badge{p.T("sections.effect.wrong"), Bad}, Sub: p.List(all)}
	}
	switch r.Effect {
	case section.Changes:
		return Cell{Badge: &Badge{p.T("sections.effect.change"), Note}}
	case section.Same:
		return Cell{Badge: &Badge{p.T("sections.effect.same"), Plain}}
	}
	return Cell{Badge: &Badge{p.T("sections.effect.make"), Good}}
}

// importCatalogue does what was shown.
func (o *Office) importCatalogue(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	var c section.Catalogue
	if err := json.Unmarshal([]byte(f.Raw("catalogue")), &c); err != nil {
		return web.ErrUnreadable.Because(err)
	}
	parent := f.Text("parent")
	plan, err := o.Sections.Preview(r.Context(), o.Actor(r), o.Body(r), parent, c, nil)
	if err != nil {
		return err
	}
	answers := map[string]section.Duty{}
	for i, limit := range plan.Asked {
		if d := readDuty(f, "limit"+strconv.Itoa(i)+"-"); d.Rhythm != section.Usual {
			answers[limit] = d
		}
	}
	if err = f.Err(); err == nil {
		plan, err = o.Sections.Import(r.Context(), o.Actor(r), o.Body(r), parent, c, answers)
	}
	if err != nil {
		return o.showPlan(w, r, parent, c, answers, err)
	}
	return o.done(w, r, i18n.M("sections.imported", "made", plan.Count(section.Makes), "changed", plan.Count(section.Changes)), "/office/sections")
}

// exportCatalogue sends the catalogue of the sections below one.
func (o *Office) exportCatalogue(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	layout := section.CountyLayout
	if q.Get("layout") == string(section.CityLayout) {
		layout = section.CityLayout
	}
	c, err := o.Sections.Export(r.Context(), o.Actor(r), o.Body(r), q.Get("parent"), layout)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := section.WriteCatalogue(&b, c); err != nil {
		return err
	}
	attach(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", c.Title+".xlsx")
	_, _ = b.WriteTo(w) // the browser may leave at any time
	return nil
}
