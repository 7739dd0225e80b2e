package office

import (
	"net/http"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/fault"
	"gongkai/internal/web"
)

// firstOnes are the three administrators of a new installation, with the beginnings of
// their fields.
var firstOnes = []struct {
	prefix string
	role   actor.Role
	note   string
}{
	{"sysadmin_", actor.SysAdmin, "people.setup_sysadmin"}, {"secadmin_", actor.SecAdmin, "people.setup_secadmin"},
	{"auditor_", actor.Auditor, "people.setup_auditor"},
}

func (o *Office) setUpForm(r *http.Request) *FormPage {
	p := &FormPage{Page: o.page(r, printer(r).T("people.setup")), Lead: printer(r).T("people.setup_lead")}
	p.Form = NewForm(p.Page, o.path(r, "/office/setup"), Group{Fields: []Field{
		{Name: "code", Label: p.T("people.setup_code"), Required: true, Most: 60, Hint: p.T("people.setup_code_hint"), Focus: true, Auto: "off"},
	}})
	for _, one := range firstOnes {
		p.Form.Add(Group{Legend: p.Text(one.role.Message()), Note: p.T(one.note), Fields: []Field{
			{Name: one.prefix + "name", Label: p.T("people.name"), Required: true, Half: true, Most: 60, Lang: "zh-CN"},
			{Name: one.prefix + "login", Label: p.T("signin.login"), Required: true, Half: true, Most: 40, Hint: p.T("people.login_hint")},
		}})
	}
	p.Form.Buttons = []Button{{Text: p.T("people.setup_go"), Tone: "primary"}}
	return p
}

// showSetUp is the first page of a new installation, and none of a later one.
func (o *Office) showSetUp(w http.ResponseWriter, r *http.Request) error {
	open, err := o.People.FirstRun(r.Context())
	if err != nil {
		return err
	}
	if !open {
		return account.ErrSetUp
	}
	return o.show(w, r, "form", o.setUpForm(r))
}

// setUp records the first administrators and shows their one-time passwords, this once.
func (o *Office) setUp(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	code := f.Need("code")
	person := func(i int) account.Person {
		return account.Person{Name: f.Need(firstOnes[i].prefix + "name"), Login: f.Need(firstOnes[i].prefix + "login")}
	}
	first := account.First{SysAdmin: person(0), SecAdmin: person(1), Auditor: person(2)}
	err := f.Err()
	var issued []*account.Issued
	if err == nil {
		issued, err = o.People.SetUp(r.Context(), code, first, fromOf(r))
	}
	if err == nil {
		return o.showIssued(w, r, o.path(r, "/office/sign-in"), issued...)
	}
	p := o.setUpForm(r)
	if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Forbidden {
		return err
	}
	p.Form.Keep(r.PostForm)
	return o.showAs(w, r, p.Form.Tell(err), "form", p)
}

// issuedPage shows one-time passwords, this once.
type issuedPage struct {
	Page
	People []*account.Issued
	Next   string
}

func (o *Office) showIssued(w http.ResponseWriter, r *http.Request, next string, people ...*account.Issued) error {
	return o.show(w, r, "issued", &issuedPage{Page: o.page(r, printer(r).T("people.issued")), People: people, Next: next})
}
