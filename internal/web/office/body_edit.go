package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

// bodyFields are the facts of a body as a form asks for them.
func bodyFields(p i18n.Printer, t *agency.Tree, f agency.Facts) []Group {
	none := p.T("office.none")
	bodies := bodyChoices(t, none)
	return []Group{
		{Legend: p.T("body.facts"), Fields: []Field{
			{Name: "name", Label: p.T("agency.column.name"), Value: f.Name, Required: true, Most: 100, Hint: p.T("body.hint.name"), Lang: "zh-CN"},
			{Name: "short_name", Label: p.T("agency.column.short"), Value: f.ShortName, Half: true, Most: 100, Lang: "zh-CN"},
			{Name: "kind", Label: p.T("agency.column.kind"), Kind: SelectField, Value: string(f.Kind), Half: true, Required: true, Choices: choices(p, p.T("office.choose"), agency.Kinds, agency.Kind.Message)},
			{Name: "level", Label: p.T("agency.column.level"), Kind: SelectField, Value: string(f.Level), Half: true, Required: true, Choices: choices(p, p.T("office.choose"), agency.Levels, agency.Level.Message)},
			{Name: "parent", Label: p.T("agency.column.parent"), Kind: SelectField, Value: f.Parent, Half: true, Choices: bodies},
			{Name: "office", Label: p.T("agency.column.office"), Kind: SelectField, Value: f.Office, Half: true, Choices: bodies, Help: HelpOn(p, "body.help.office", statute.OGI2019.Art(3, 2))},
			{Name: "supervisor", Label: p.T("agency.column.supervisor"), Kind: SelectField, Value: f.Supervisor, Half: true, Choices: bodies, Help: HelpOn(p, "body.help.supervisor", statute.OGI2019.Art(3, 3))},
		}},
		{Legend: p.T("body.codes"), Fields: []Field{
			{Name: "credit_code", Label: p.T("agency.column.credit_code"), Value: f.CreditCode, Half: true, Most: 24, Help: HelpOn(p, "body.help.credit_code", statute.CreditCode.Whole(""))},
			{Name: "org_code", Label: p.T("agency.column.org_code"), Value: f.OrgCode, Half: true, Most: 16, Help: HelpOn(p, "body.help.org_code", statute.OrgCode.Whole(""))},
			{Name: "region", Label: p.T("agency.column.region"), Value: f.Region, Half: true, Most: 6, Hint: p.T("body.hint.region")},
			{Name: "site_code", Label: p.T("agency.column.site_code"), Value: f.SiteCode, Half: true, Most: 12, Hint: p.T("body.hint.site_code")},
		}},
	}
}

func readFacts(f *web.Form) agency.Facts {
	return agency.Facts{
		Name: f.Need("name"), ShortName: f.Text("short_name"), Kind: agency.Kind(f.Text("kind")), Level: agency.Level(f.Text("level")),
		Parent: f.Text("parent"), Office: f.Text("office"), Supervisor: f.Text("supervisor"),
		OrgCode: f.Text("org_code"), CreditCode: f.Text("credit_code"), Region: f.Text("region"), SiteCode: f.Text("site_code"),
	}
}

// answer shows a form again with what is wrong with it, in the person's own entries.
func (o *Office) answer(w http.ResponseWriter, r *http.Request, p *FormPage, err error) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.TooLarge:
		p.Form.Keep(r.PostForm)
		return o.showAs(w, r, p.Form.Tell(err), "form", p)
	}
	return err
}

func (o *Office) bodyForm(r *http.Request, title string, f agency.Facts) (*FormPage, error) {
	t, err := o.tree(r)
	if err != nil {
		return nil, err
	}
	p := &FormPage{Page: o.page(r, title)}
	p.Crumb(p.T("body.title"), o.path(r, "/office/bodies"))
	p.Form = NewForm(p.Page, "", bodyFields(p.Printer, t, f)...)
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/bodies"))
	return p, nil
}

func (o *Office) newBodyForm(r *http.Request) (*FormPage, error) {
	if err := o.Actor(r).May(actor.AgencyCreate, actor.Scope{}); err != nil {
		return nil, err
	}
	p, err := o.bodyForm(r, printer(r).T("body.new"), agency.Facts{Parent: r.URL.Query().Get("parent")})
	if err != nil {
		return nil, err
	}
	p.Form.Add(Group{Legend: p.T("body.start"), Fields: []Field{
		{Name: "since", Label: p.T("agency.column.since"), Kind: DateField, Half: true, Hint: p.T("body.hint.since"), Top: o.today().String()},
		{Name: "basis", Label: p.T("agency.column.basis"), Half: true, Hint: p.T("body.hint.basis"), Most: 200},
	}})
	return p, nil
}

func (o *Office) newBody(w http.ResponseWriter, r *http.Request) error {
	p, err := o.newBodyForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

func (o *Office) createBody(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	n := agency.New{Facts: readFacts(f), Since: f.Date("since"), Basis: f.Text("basis")}
	err := f.Err()
	var a *agency.Agency
	if err == nil {
		a, err = o.Agencies.Create(r.Context(), o.Actor(r), n)
	}
	if err == nil {
		return o.done(w, r, i18n.M("body.created", "name", a.Name), "/office/bodies/%s", a.ID)
	}
	p, broken := o.newBodyForm(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}

func (o *Office) editBodyForm(r *http.Request) (*FormPage, error) {
	b, err := o.Agencies.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if err := o.Actor(r).May(actor.AgencyChange, actor.In(b.Agency.ID)); err != nil {
		return nil, err
	}
	p, err := o.bodyForm(r, printer(r).T("body.edit"), b.Agency.Facts)
	if err != nil {
		return nil, err
	}
	p.Crumb(b.Agency.Short(), o.path(r, "/office/bodies/%s", b.Agency.ID))
	p.Lead, p.Form.Version = p.T("body.edit_lead"), b.Agency.Version
	p.Form.Back = p.back(o.path(r, "/office/bodies/%s", b.Agency.ID))
	p.Form.Add(Group{Legend: p.T("body.change"), Fields: []Field{
		{Name: "since", Label: p.T("body.since"), Kind: DateField, Half: true, Hint: p.T("body.hint.change_since"), Top: o.today().String()},
		{Name: "basis", Label: p.T("agency.column.basis"), Half: true, Hint: p.T("body.hint.basis"), Most: 200},
		{Name: "reason", Label: p.T("office.reason"), Kind: LongField, Rows: 2, Most: 500},
	}})
	return p, nil
}

func (o *Office) editBody(w http.ResponseWriter, r *http.Request) error {
	p, err := o.editBodyForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

func (o *Office) changeBody(w http.ResponseWriter, r *http.Request) error {
	f, id := web.ReadForm(r), r.PathValue("id")
	c := agency.Change{Version: f.Int64("version"), Facts: readFacts(f), Since: f.Date("since"), Basis: f.Text("basis"), Reason: f.AtMost("reason", 500)}
	err := f.Err()
	if err == nil {
		_, err = o.Agencies.Change(r.Context(), o.Actor(r), id, c)
	}
	if err == nil {
		return o.done(w, r, i18n.M("office.saved"), "/office/bodies/%s", id)
	}
	p, broken := o.editBodyForm(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}

// contactFields are the card of article 12 as a form asks for it.
func contactFields(p i18n.Printer, c agency.Contact) []Group {
	cite := statute.OGI2019.Art(12, 2)
	return []Group{{Legend: p.T("body.contact"), Note: p.T("body.contact_note"), Fields: []Field{
		{Name: "office", Label: p.T("agency.contact.office"), Value: c.Office, Required: true, Most: 300, Help: HelpOn(p, "body.help.contact_office", cite), Lang: "zh-CN"},
		{Name: "address", Label: p.T("agency.contact.address"), Value: c.Address, Required: true, Most: 300, Lang: "zh-CN"},
		{Name: "hours", Label: p.T("agency.contact.hours"), Value: c.Hours, Required: true, Most: 300, Hint: p.T("body.hint.hours"), Lang: "zh-CN"},
		{Name: "phone", Label: p.T("agency.contact.phone"), Value: c.Phone, Required: true, Most: 60, Half: true},
		{Name: "fax", Label: p.T("agency.contact.fax"), Value: c.Fax, Required: true, Most: 60, Half: true, Hint: p.T("body.hint.fax")},
		{Name: "online", Label: p.T("agency.contact.online"), Value: c.Online, Required: true, Most: 300, Help: HelpOn(p, "body.help.online", cite)},
		{Name: "email", Label: p.T("body.email"), Kind: MailField, Value: c.Email, Half: true, Most: 200},
		{Name: "postcode", Label: p.T("body.postcode"), Value: c.Postcode, Half: true, Most: 6},
	}}}
}

func (o *Office) contactForm(r *http.Request) (*FormPage, error) {
	b, err := o.Agencies.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if err := o.Actor(r).May(actor.AgencyContact, actor.In(b.Agency.ID)); err != nil {
		return nil, err
	}
	p := &FormPage{Page: o.page(r, printer(r).T("body.contact"))}
	p.Crumb(p.T("body.title"), o.path(r, "/office/bodies"))
	p.Crumb(b.Agency.Short(), o.path(r, "/office/bodies/%s", b.Agency.ID))
	p.Form = NewForm(p.Page, "", contactFields(p.Printer, *b.Contact)...)
	p.Form.Hidden = []Field{{Name: "version", Value: strconv.FormatInt(b.Contact.Version, 10)}}
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/bodies/%s", b.Agency.ID))
	return p, nil
}

func (o *Office) editContact(w http.ResponseWriter, r *http.Request) error {
	p, err := o.contactForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

func (o *Office) changeContact(w http.ResponseWriter, r *http.Request) error {
	f, id := web.ReadForm(r), r.PathValue("id")
	c := agency.Contact{
		Agency: id, Office: f.Need("office"), Address: f.Need("address"), Hours: f.Need("hours"), Phone: f.Need("phone"), Fax: f.Need("fax"),
		Online: f.Need("online"), Email: f.Text("email"), Postcode: f.Text("postcode"), Version: f.Int64("version"),
	}
	err := f.Err()
	if err == nil {
		_, err = o.Agencies.SetContact(r.Context(), o.Actor(r), c)
	}
	if err == nil {
		return o.done(w, r, i18n.M("office.saved"), "/office/bodies/%s", id)
	}
	p, broken := o.contactForm(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}
