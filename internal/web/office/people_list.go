package office

import (
	"net/http"
	"slices"
	"strconv"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

func personColumns(p i18n.Printer) []Column {
	return []Column{
		{Key: "name", Text: p.T("people.name")}, {Key: "body", Text: p.T("people.body")}, {Key: "roles", Text: p.T("people.roles"), Wide: true},
		{Key: "factor", Text: p.T("people.factor"), Slim: true, Wide: true}, {Key: "last", Text: p.T("people.last"), Slim: true, Wide: true},
		{Key: "state", Text: p.T("people.state"), Slim: true},
	}
}

// listPeople lists the people of the installation with their roles of today.
func (o *Office) listPeople(w http.ResponseWriter, r *http.Request) error {
	p := ListPage{Page: o.page(r, printer(r).T("people.title")), Lead: printer(r).T("people.lead")}
	f := web.ReadQuery(r)
	q := ReadList(r, nil, "")
	found, err := o.People.People(r.Context(), o.Actor(r), account.Filter{
		Text: f.Text("q"), Agency: f.Text("body"), Role: actor.Role(f.Text("role")), State: account.State(f.Text("state")),
	})
	if err != nil {
		return err
	}
	tree, err := o.tree(r)
	if err != nil {
		return err
	}
	if q.Format != "" {
		return export(w, q, p.Title, personColumns(p.Printer), each(personTable(p.Printer, tree, found)))
	}
	p.List = NewList(p.Page, p.Title, personColumns(p.Printer), q)
	p.List.FilterBy(personFilter(p.Printer, tree)...)
	p.List.Total, p.List.Empty = p.T("people.total", "n", len(found)), p.T("people.empty")
	o.personRows(r, p.List, tree, found)
	if o.Actor(r).Somewhere(actor.AccountCreate) {
		p.Tools = []Tool{{Text: p.T("people.new"), Href: o.path(r, "/office/people/new"), Main: true, New: true}}
	}
	return o.show(w, r, "list", &p)
}

func personFilter(p i18n.Printer, tree *agency.Tree) []Field {
	all := p.T("office.any")
	return []Field{
		{Name: "q", Label: p.T("people.find")},
		{Name: "body", Label: p.T("people.body"), Kind: SelectField, Choices: bodyChoices(tree, all)},
		{Name: "role", Label: p.T("people.role"), Kind: SelectField, Choices: choices(p, all, actor.Roles, actor.Role.Message)},
		{Name: "state", Label: p.T("people.state"), Kind: SelectField, Choices: choices(p, all, []account.State{account.Active, account.Locked}, account.State.Message)},
	}
}

func (o *Office) personRows(r *http.Request, l *List, tree *agency.Tree, found []*account.Entry) {
	for _, e := range window(l, found, func(e *account.Entry) string { return e.ID }) {
		state := personState(l.Printer, e)
		l.Rows = append(l.Rows, Row{ID: e.ID, Name: e.Name, Cells: []Cell{
			{Text: e.Name, Href: o.path(r, "/office/people/%s", e.ID), Sub: e.Login, Lang: "zh-CN"}, {Text: bodyName(tree, e.Agency), Sub: e.Department, Lang: "zh-CN"},
			{Text: roleNames(l.Printer, e.Grants)}, {Text: factorNames(l.Printer, e.Factors)}, {Text: When(e.LastAt)}, {Badge: &state},
		}})
	}
}

func personTable(p i18n.Printer, tree *agency.Tree, found []*account.Entry) [][]string {
	var rows [][]string
	for _, e := range found {
		rows = append(rows, []string{e.Name, bodyName(tree, e.Agency), roleNames(p, e.Grants), factorNames(p, e.Factors), When(e.LastAt), personState(p, e).Text})
	}
	return rows
}

func personState(p i18n.Printer, e *account.Entry) Badge {
	switch {
	case e.State == account.Locked:
		return Badge{p.Text(e.State.Message()), Bad}
	case !e.LockedOut.IsZero():
		return Badge{p.T("people.locked_out", "when", When(e.LockedOut)), Warn}
	case e.MustReset:
		return Badge{p.T("people.not_yet"), Wait}
	}
	return Badge{p.Text(e.State.Message()), Good}
}

func bodyName(tree *agency.Tree, id string) string {
	if a := tree.Get(id); a != nil {
		return a.Name
	}
	return ""
}

func roleNames(p i18n.Printer, grants []*account.Grant) string {
	var names []string
	for _, g := range grants {
		if name := p.Text(g.Role.Message()); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return p.List(names)
}

// wayNames are what the second factors are called.
var wayNames = map[account.Way]string{account.WayTOTP: "people.way.totp", account.WayPasskey: "people.way.passkey", account.WayRecovery: "people.way.recovery"}

func factorNames(p i18n.Printer, ways []account.Way) string {
	var names []string
	for _, w := range ways {
		names = append(names, p.T(wayNames[w]))
	}
	return p.List(names)
}

func personFields(p i18n.Printer, tree *agency.Tree, a account.Person) Group {
	return Group{Fields: []Field{
		{Name: "name", Label: p.T("people.name"), Value: a.Name, Required: true, Half: true, Most: 60, Lang: "zh-CN"},
		{Name: "login", Label: p.T("signin.login"), Value: a.Login, Required: true, Half: true, Most: 40, Hint: p.T("people.login_hint"), Auto: "off"},
		{Name: "body", Label: p.T("people.body"), Kind: SelectField, Value: a.Agency, Half: true, Choices: bodyChoices(tree, p.T("office.none"))},
		{Name: "department", Label: p.T("people.department"), Value: a.Department, Half: true, Most: 60, Lang: "zh-CN"},
		{Name: "phone", Label: p.T("people.phone"), Value: a.Phone, Half: true, Most: 25, Hint: p.T("people.sealed"), Auto: "off"},
		{Name: "email", Label: p.T("people.email"), Kind: MailField, Value: a.Email, Half: true, Most: 250, Hint: p.T("people.sealed"), Auto: "off"},
	}}
}

func readPerson(f *web.Form) account.Person {
	return account.Person{Name: f.Need("name"), Login: f.Need("login"), Agency: f.Text("body"), Department: f.Text("department"), Phone: f.Text("phone"), Email: f.Text("email")}
}

func (o *Office) personForm(r *http.Request, title string, a account.Person) (*FormPage, error) {
	tree, err := o.tree(r)
	if err != nil {
		return nil, err
	}
	p := &FormPage{Page: o.page(r, title)}
	p.Crumb(p.T("people.title"), o.path(r, "/office/people"))
	p.Form = NewForm(p.Page, "", personFields(p.Printer, tree, a))
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/people"))
	return p, nil
}

func (o *Office) newPersonForm(r *http.Request) (*FormPage, error) {
	if !o.Actor(r).Somewhere(actor.AccountCreate) {
		return nil, actor.ErrForbidden
	}
	p, err := o.personForm(r, printer(r).T("people.new"), account.Person{})
	if err == nil {
		p.Lead = p.T("people.new_lead")
	}
	return p, err
}

func (o *Office) newPerson(w http.ResponseWriter, r *http.Request) error {
	p, err := o.newPersonForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

func (o *Office) createPerson(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	person := readPerson(f)
	err := f.Err()
	var issued *account.Issued
	if err == nil {
		issued, err = o.People.Create(r.Context(), o.Actor(r), person)
	}
	if err == nil {
		return o.showIssued(w, r, o.path(r, "/office/people/%s", issued.Account.ID), issued)
	}
	p, broken := o.newPersonForm(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}

func (o *Office) editPersonForm(r *http.Request) (*FormPage, error) {
	e, err := o.People.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if err := o.Actor(r).May(actor.AccountChange, actor.In(e.Agency)); err != nil {
		return nil, err
	}
	p, err := o.personForm(r, printer(r).T("people.edit"), account.Person{Name: e.Name, Login: e.Login, Agency: e.Agency, Department: e.Department, Phone: e.PhoneMask, Email: e.EmailMask})
	if err != nil {
		return nil, err
	}
	p.Crumb(e.Name, o.path(r, "/office/people/%s", e.ID))
	p.Form.Version, p.Form.Back = e.Version, p.back(o.path(r, "/office/people/%s", e.ID))
	return p, nil
}

func (o *Office) editPerson(w http.ResponseWriter, r *http.Request) error {
	p, err := o.editPersonForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

func (o *Office) changePerson(w http.ResponseWriter, r *http.Request) error {
	f, id := web.ReadForm(r), r.PathValue("id")
	person := readPerson(f)
	err := f.Err()
	if err == nil {
		_, err = o.People.Change(r.Context(), o.Actor(r), id, f.Int64("version"), person)
	}
	if err == nil {
		return o.done(w, r, i18n.M("office.saved"), "/office/people/%s", id)
	}
	p, broken := o.editPersonForm(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}

// needNames are who must have a second factor, in words.
var needNames = map[account.Need]string{account.NeedAdmins: "people.need.admins", account.NeedEveryone: "people.need.everyone", account.NeedNobody: "people.need.nobody"}

func (o *Office) securityForm(r *http.Request) (*FormPage, error) {
	s, err := o.People.Security(r.Context(), o.Actor(r))
	if err != nil {
		return nil, err
	}
	p := &FormPage{Page: o.page(r, printer(r).T("people.security")), Lead: printer(r).T("people.security_lead")}
	labels := []string{"people.min_length", "people.kinds", "people.history", "people.max_age_days", "people.failures", "people.address_failures",
		"people.lock_minutes", "people.idle_minutes", "people.session_hours"}
	figures := []int{s.MinLength, s.Kinds, s.History, s.MaxAgeDays, s.Failures, s.AddressFailures, s.LockMinutes, s.IdleMinutes, s.SessionHours}
	g := Group{}
	for i, b := range account.Bounds {
		g.Fields = append(g.Fields, Field{Name: b.Field, Label: p.T(labels[i]), Kind: NumberField, Value: strconv.Itoa(figures[i]), Half: true, Required: true, Hint: p.T("people.bounds", "least", b.Least, "most", b.Most)})
	}
	need := Field{Name: "second_factor", Label: p.T("people.second_factor"), Kind: RadioField, Value: string(s.SecondFactor), Required: true}
	for _, n := range account.Needs {
		need.Choices = append(need.Choices, Choice{Value: string(n), Text: p.T(needNames[n])})
	}
	g.Fields = append(g.Fields, need, Field{Name: "words", Label: p.T("people.words"), Kind: LongField, Rows: 3, Value: lines(s.Words), Hint: p.T("people.words_hint")})
	p.Form = NewForm(p.Page, "", g)
	p.Form.Version = s.Version
	p.Form.Hidden = []Field{{Name: "at", Value: strconv.FormatInt(s.Version, 10)}}
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	return p, nil
}

func (o *Office) showSecurity(w http.ResponseWriter, r *http.Request) error {
	p, err := o.securityForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

func (o *Office) changeSecurity(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	s := account.Security{
		MinLength: f.Int("min_length"), Kinds: f.Int("kinds"), History: f.Int("history"), MaxAgeDays: f.Int("max_age_days"),
		Failures: f.Int("failures"), AddressFailures: f.Int("address_failures"), LockMinutes: f.Int("lock_minutes"), IdleMinutes: f.Int("idle_minutes"),
		SessionHours: f.Int("session_hours"), SecondFactor: account.Need(f.Text("second_factor")), Words: splitLines(f.Text("words")), Version: f.Int64("at"),
	}
	err := f.Err()
	if err == nil {
		err = o.People.SetSecurity(r.Context(), o.Actor(r), s)
	}
	if err == nil {
		return o.done(w, r, i18n.M("office.saved"), "/office/security")
	}
	p, broken := o.securityForm(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}
