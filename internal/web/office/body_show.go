package office

import (
	"io"
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// showBody shows a body: its facts today, its card, what stands under it and its past.
func (o *Office) showBody(w http.ResponseWriter, r *http.Request) error {
	b, err := o.Agencies.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return o.show(w, r, "record", o.bodyPage(r, b))
}

func (o *Office) bodyPage(r *http.Request, b *agency.Body) *RecordPage {
	state := bodyState(printer(r), b.Agency)
	p := &RecordPage{Page: o.page(r, b.Agency.Name), State: &state}
	p.Crumb(p.T("body.title"), o.path(r, "/office/bodies"))
	for _, up := range b.Path[:max(0, len(b.Path)-1)] {
		p.Crumb(up.Short(), o.path(r, "/office/bodies/%s", up.ID))
	}
	p.Tools = o.bodyTools(r, b.Agency)
	p.Cards = []Card{o.bodyFacts(r, p.Printer, b), contactCard(p.Printer, b.Contact)}
	if len(b.Children) > 0 {
		card := Card{ID: "under", Title: p.T("body.children", "n", len(b.Children))}
		for _, c := range b.Children {
			card.Links = append(card.Links, web.Link{Text: c.Name, Href: o.path(r, "/office/bodies/%s", c.ID), Lang: "zh-CN"})
		}
		p.Side = append(p.Side, card)
	}
	for i, period := range b.Periods {
		title := p.T("body.renamed")
		if i == 0 {
			title = p.T("body.set_up")
		}
		p.Timeline = append(p.Timeline, Event{When: period.Since.String(), Title: title, Who: period.Name, Note: period.Basis})
	}
	if !b.Agency.Active() {
		p.Timeline = append(p.Timeline, Event{When: b.Agency.Until.String(), Title: p.Text(b.Agency.Ending.Message()), Note: b.Agency.Basis, Tone: Gone})
	}
	return p
}

func (o *Office) bodyTools(r *http.Request, a *agency.Agency) []Tool {
	p, by := printer(r), o.Actor(r)
	var tools []Tool
	if !a.Active() {
		return nil
	}
	if by.Can(actor.AgencyChange, actor.In(a.ID)) {
		tools = append(tools, Tool{Text: p.T("body.end"), Href: o.path(r, "/office/bodies/%s/end", a.ID)})
	}
	if by.Can(actor.AgencyContact, actor.In(a.ID)) {
		tools = append(tools, Tool{Text: p.T("body.contact"), Href: o.path(r, "/office/bodies/%s/contact", a.ID)})
	}
	if by.Can(actor.AgencyChange, actor.In(a.ID)) {
		tools = append(tools, Tool{Text: p.T("body.edit"), Href: o.path(r, "/office/bodies/%s/edit", a.ID), Main: true})
	}
	return tools
}

func (o *Office) bodyFacts(r *http.Request, p i18n.Printer, b *agency.Body) Card {
	a := b.Agency
	c := Card{ID: "facts", Title: p.T("body.facts"), Facts: []Fact{
		{Label: p.T("agency.column.short"), Value: a.ShortName, Lang: "zh-CN"},
		{Label: p.T("agency.column.kind"), Value: p.Text(a.Kind.Message())}, {Label: p.T("agency.column.level"), Value: p.Text(a.Level.Message())},
		{Label: p.T("agency.column.credit_code"), Value: a.CreditCode}, {Label: p.T("agency.column.org_code"), Value: a.OrgCode},
		{Label: p.T("agency.column.region"), Value: a.Region}, {Label: p.T("agency.column.site_code"), Value: a.SiteCode},
		{Label: p.T("agency.column.since"), Value: a.Since.String()},
	}}
	if b.Overseer != nil {
		c.Facts = append(c.Facts, Fact{Label: p.T("body.overseer"), Value: b.Overseer.Name, Href: o.path(r, "/office/bodies/%s", b.Overseer.ID), Lang: "zh-CN"})
	}
	return c
}

// contactCard shows the card of article 12 and what it lacks.
func contactCard(p i18n.Printer, c *agency.Contact) Card {
	card := Card{ID: "contact", Title: p.T("body.contact"), Empty: p.T("body.contact_none")}
	if c.Version == 0 {
		return card
	}
	for _, f := range []struct{ key, value string }{
		{"agency.contact.office", c.Office}, {"agency.contact.address", c.Address}, {"agency.contact.hours", c.Hours},
		{"agency.contact.phone", c.Phone}, {"agency.contact.fax", c.Fax}, {"agency.contact.online", c.Online},
		{"body.email", c.Email}, {"body.postcode", c.Postcode},
	} {
		if f.value != "" {
			card.Facts = append(card.Facts, Fact{Label: p.T(f.key), Value: f.value, Lang: "zh-CN"})
		}
	}
	card.Note = p.T("body.contact_changed", "when", When(c.ChangedAt))
	return card
}

func (o *Office) endForm(r *http.Request) (*FormPage, error) {
	b, err := o.Agencies.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if err := o.Actor(r).May(actor.AgencyChange, actor.In(b.Agency.ID)); err != nil {
		return nil, err
	}
	t, err := o.tree(r)
	if err != nil {
		return nil, err
	}
	p := &FormPage{Page: o.page(r, printer(r).T("body.end")), Lead: printer(r).T("body.end_lead", "name", b.Agency.Name)}
	p.Crumb(p.T("body.title"), o.path(r, "/office/bodies"))
	p.Crumb(b.Agency.Short(), o.path(r, "/office/bodies/%s", b.Agency.ID))
	others := bodyChoices(t, p.T("office.none"))
	p.Form = NewForm(p.Page, "", Group{Fields: []Field{
		{Name: "ending", Label: p.T("body.ending"), Kind: RadioField, Required: true, Choices: choices(p.Printer, "", agency.Endings, agency.Ending.Message)},
		{Name: "successors", Label: p.T("body.successor"), Kind: SelectField, Choices: others, Half: true, Hint: p.T("body.hint.successor")},
		{Name: "second", Label: p.T("body.second"), Kind: SelectField, Choices: others, Half: true, Hint: p.T("body.hint.second")},
		{Name: "on", Label: p.T("body.on"), Kind: DateField, Half: true, Required: true, Top: o.today().String()},
		{Name: "basis", Label: p.T("agency.column.basis"), Half: true, Required: true, Most: 200},
		{Name: "reason", Label: p.T("office.reason"), Kind: LongField, Rows: 2, Most: 500},
	}})
	p.Form.Version = b.Agency.Version
	p.Form.Buttons = []Button{{Text: p.T("body.end"), Tone: "danger"}}
	p.Form.Back = p.back(o.path(r, "/office/bodies/%s", b.Agency.ID))
	return p, nil
}

func (o *Office) closeBody(w http.ResponseWriter, r *http.Request) error {
	p, err := o.endForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

// endBody ends a body. Bodies under one that is merged go over with it.
func (o *Office) endBody(w http.ResponseWriter, r *http.Request) error {
	f, id := web.ReadForm(r), r.PathValue("id")
	c := agency.Closing{Version: f.Int64("version"), On: f.Date("on"), Ending: agency.Ending(f.Need("ending")), Basis: f.Need("basis"), Reason: f.AtMost("reason", 500)}
	c.Successors = append(f.List("successors"), f.List("second")...)
	err := f.Err()
	switch {
	case err != nil:
	case c.Ending == agency.Merged && len(c.Successors) == 1:
		_, err = o.Agencies.Merge(r.Context(), o.Actor(r), []string{id}, c.Successors[0], c)
	default:
		_, err = o.Agencies.End(r.Context(), o.Actor(r), id, c)
	}
	if err == nil {
		return o.done(w, r, i18n.M("office.saved"), "/office/bodies/%s", id)
	}
	p, broken := o.endForm(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}

// importPage is the form that takes a table, with what became of its rows.
func (o *Office) importPage(r *http.Request) *FormPage {
	p := &FormPage{Page: o.page(r, printer(r).T("body.import")), Lead: printer(r).T("body.import_lead")}
	p.Crumb(p.T("body.title"), o.path(r, "/office/bodies"))
	p.Tools = []Tool{{Text: p.T("body.template"), Href: o.path(r, "/office/bodies") + "?format=xlsx"}}
	p.Form = NewForm(p.Page, "", Group{Fields: []Field{{Name: "file", Label: p.T("body.table"), Kind: FileField, Required: true, Accept: ".xlsx,.csv", Hint: p.T("body.hint.table")}}})
	p.Form.Buttons = []Button{{Text: p.T("body.try"), Tone: "primary"}, {Text: p.T("body.write"), Name: "write", Value: "1"}}
	p.Form.Back = p.back(o.path(r, "/office/bodies"))
	return p
}

func (o *Office) chooseBodies(w http.ResponseWriter, r *http.Request) error {
	if err := o.Actor(r).May(actor.AgencyCreate, actor.Scope{}); err != nil {
		return err
	}
	return o.show(w, r, "form", o.importPage(r))
}

// importBodies tries a table or writes it, and tells what became of each row.
func (o *Office) importBodies(w http.ResponseWriter, r *http.Request) error {
	f, p := web.ReadForm(r), o.importPage(r)
	data, err := uploaded(r, "file")
	if err != nil {
		return o.answer(w, r, p, err)
	}
	im, err := o.Agencies.Import(r.Context(), o.Actor(r), data, agency.Trial(!f.Bool("write")))
	switch {
	case err != nil:
		return o.answer(w, r, p, err)
	case im.Done:
		return o.done(w, r, i18n.M("body.imported", "n", im.Created, "kept", im.Kept), "/office/bodies")
	}
	card := Card{ID: "tried", Title: p.T("body.tried"), Note: p.T("body.tried_note", "new", im.Created, "kept", im.Kept, "wrong", im.Wrong)}
	for _, row := range im.Rows {
		if m := row.Message(); !m.IsZero() && len(card.Facts) < most {
			card.Facts = append(card.Facts, Fact{Label: p.T("body.row", "n", row.N), Value: p.Text(m)})
		}
	}
	p.Side = []Card{card}
	return o.show(w, r, "form", p)
}

// uploaded returns the bytes of an uploaded file.
func uploaded(r *http.Request, name string) ([]byte, error) {
	file, _, err := r.FormFile(name)
	if err != nil {
		return nil, web.ErrRequired.At(name).Because(err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, web.ErrUnreadable.At(name).Because(err)
	}
	return data, nil
}
