package portal

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"

	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/web"
)

// steps are the pages of the form, in order; the last page before sending is another.
var steps = []string{"what", "how", "who"}

// stepPage is one page of the form. All that is typed is kept before anything is said against it.
type stepPage struct {
	page
	troubled
	Step    string
	From    string // "check" for who came to change something
	Names   []tab  // all steps
	Body    string
	Self    string
	Saved   bool
	Inputs  []input // of the step's first part
	Choices []radios
	Person  []input // of natural persons
	Firm    []input // of organisations
	IDTypes radios
	Reach   []input
	Agent   []input
	Acts    bool // somebody acts for the applicant
	Papers  map[string]papersIn
}

// fromCheck marks a step that somebody came to from the last page, and goes back to it.
const fromCheck = "check"

// stepOf is the step a field stands in.
func stepOf(field string) string {
	switch field {
	case "sought_name", "doc_no", "features", "purpose", string(foi.Attachment):
		return "what"
	case "form", "way", "help":
		return "how"
	}
	return "who"
}

// draft is what the browser's pass opens. It returns nil where the reader was sent on.
func (p *portal) draft(w http.ResponseWriter, r *http.Request) (*foi.Draft, error) {
	code := p.passed(r, draftCookie, "draft")
	f, err := p.Requests.Draft(r.Context(), code)
	switch {
	case errors.Is(err, foi.ErrNoDraft):
		return nil, p.onTo(w, r, "/apply/resume"+ending)
	case err != nil:
		return nil, err
	case f.Sent != "":
		return nil, p.sentAlready(w, r, f.Sent)
	}
	return f, nil
}

func (p *portal) showStep(step string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := p.draft(w, r)
		if f == nil || err != nil {
			return err
		}
		v := p.stepPage(r, f, step)
		v.Saved = r.URL.Query().Get("did") == "kept"
		if slices.Contains(f.Done, step) {
			v.Troubles = of(step, blame(v.page, f.Check()))
		}
		return p.pages.Write(w, r, http.StatusOK, "foi_"+step, v)
	}
}

// of keeps the troubles of one step.
func of(step string, all []trouble) (some []trouble) {
	for _, one := range all {
		if stepOf(one.Field) == step {
			some = append(some, one)
		}
	}
	return some
}

// saveStep keeps what was typed and goes where the button says.
func (p *portal) saveStep(step string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := p.draft(w, r)
		if f == nil || err != nil {
			return err
		}
		form := web.ReadForm(r)
		if err := form.Err(); err != nil {
			return p.stepAgain(w, r, f, step, web.FaultsOf(err))
		}
		files, err := brought(r)
		if err != nil {
			return err
		}
		f, faults, err := p.Requests.ChangeDraft(r.Context(), f.Code, foi.DraftChange{
			Write: func(d *foi.Draftable) { write(d, step, form) }, Add: files, Drop: form.List("drop"), Address: remote(r),
		})
		if err != nil {
			return err
		}
		return p.afterStep(w, r, f, step, form, faults)
	}
}

func (p *portal) afterStep(w http.ResponseWriter, r *http.Request, f *foi.Draft, step string, form *web.Form, faults []*fault.Error) error {
	at := slices.Index(steps, step)
	switch do := form.Text("do"); {
	case len(faults) > 0:
		return p.stepAgain(w, r, f, step, faults)
	case len(form.List("drop")) > 0 || do == "keep":
		return p.onTo(w, r, "/apply/"+step+ending+"?did=kept")
	case do == "later":
		return p.onTo(w, r, "/apply/saved"+ending)
	case do == "back" && at > 0:
		return p.onTo(w, r, "/apply/"+steps[at-1]+ending)
	case do == "back":
		return p.onTo(w, r, "/apply"+ending)
	case len(of(step, blame(p.page(r, ""), f.Check()))) > 0:
		return p.stepAgain(w, r, f, step, f.Check())
	case at+1 < len(steps) && (form.Text("from") != fromCheck || !slices.Contains(f.Done, steps[at+1])):
		return p.onTo(w, r, "/apply/"+steps[at+1]+ending)
	}
	return p.onTo(w, r, "/apply/check"+ending)
}

// stepAgain shows a step with what is wrong in it.
func (p *portal) stepAgain(w http.ResponseWriter, r *http.Request, f *foi.Draft, step string, faults []*fault.Error) error {
	v := p.stepPage(r, f, step)
	v.Troubles = blame(v.page, faults)
	if some := of(step, v.Troubles); len(some) > 0 {
		v.Troubles = some
	}
	v.mark()
	return p.pages.Write(w, r, web.Status(faults[0].Kind), "foi_"+step, v)
}

// brought are the files of a form.
func brought(r *http.Request) (all []foi.Upload, err error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	for _, kind := range []foi.FileKind{foi.Attachment, foi.IdentityFile, foi.Authority, foi.Receipt, foi.Opinion} {
		for _, h := range r.MultipartForm.File[string(kind)] {
			if h.Filename == "" {
				continue
			}
			data, err := contentOf(h)
			if err != nil {
				return nil, err
			}
			all = append(all, foi.Upload{Kind: kind, Name: h.Filename, Data: data})
		}
	}
	return all, nil
}

func contentOf(h *multipart.FileHeader) ([]byte, error) {
	f, err := h.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// write keeps what a step's form holds.
func write(d *foi.Draftable, step string, f *web.Form) {
	a := &d.Application
	switch step {
	case "what":
		a.Sought.Name, a.Sought.DocNo, a.Sought.Features = f.Text("sought_name"), f.Text("doc_no"), f.Text("features")
	case "how":
		a.Form, a.Way, a.Help = foi.Form(f.Text("form")), foi.Way(f.Text("way")), f.Text("help")
	case "who":
		writeWho(&a.Applicant, f)
		a.Agent = foi.Agent{}
		if f.Bool("acts") {
			a.Agent = foi.Agent{Name: f.Text("agent_name"), IDNumber: f.Text("agent_id"), Phone: f.Text("agent_phone")}
		}
	}
	if !slices.Contains(d.Done, step) {
		d.Done = append(d.Done, step)
	}
}

func writeWho(a *foi.Applicant, f *web.Form) {
	a.Kind, a.Name = foi.Kind(f.Text("kind")), f.Text("name")
	a.Phone, a.Email, a.Address, a.Postcode, a.Fax = f.Text("phone"), f.Text("email"), f.Text("address"), f.Text("postcode"), f.Text("fax")
	a.IDType, a.IDNumber, a.Work = f.Text("id_type"), f.Text("id_number"), f.Text("work")
	a.Credit, a.Representative, a.Contact = f.Text("credit"), f.Text("representative"), f.Text("contact")
}

// The help beside choices.
var (
	kindHelp = map[foi.Kind]string{
		foi.Natural: "portal.foi.kind.natural", foi.Business: "portal.foi.kind.biz", foi.Research: "portal.foi.kind.sci",
		foi.Welfare: "portal.foi.kind.npo", foi.LegalAid: "portal.foi.kind.legal", foi.Other: "portal.foi.kind.other",
	}
	formHelp = map[foi.Form]string{foi.Electronic: "portal.foi.form.electronic", foi.Paper: "portal.foi.form.paper", foi.Disc: "portal.foi.form.disc"}
	wayHelp  = map[foi.Way]string{
		foi.Online: "portal.foi.way.web", foi.ByMail: "portal.foi.way.post", foi.ByEmail: "portal.foi.way.email",
		foi.InPerson: "portal.foi.way.self", foi.OnSite: "portal.foi.way.read", foi.ByFax: "portal.foi.way.fax",
	}
	stepNames = map[string]string{"what": "portal.foi.step.what", "how": "portal.foi.step.how", "who": "portal.foi.step.who", "check": "portal.foi.step.check"}
)

// idTypes are the papers by which people prove who they are.
var idTypes = []string{foi.ChineseCard, "passport", "permit", "other_id"}

func (p *portal) stepPage(r *http.Request, f *foi.Draft, step string) *stepPage {
	v := &stepPage{page: p.foiFrame(r, stepNames[step], true), Step: step, Self: p.path(r, "/apply/"+step+ending), Papers: map[string]papersIn{}}
	v.Body, v.From = p.bodyName(r, f.Agency), r.FormValue("from")
	v.Names = p.stepTabs(r, v.page, step)
	switch a := f.Application; step {
	case "what":
		v.what(f, a)
	case "how":
		v.how(a)
	case "who":
		v.who(f, a)
	}
	return v
}

func (p *portal) bodyName(r *http.Request, id string) string {
	if a := hereOf(r.Context()).sites.Tree.Get(id); a != nil {
		return a.Name
	}
	return ""
}

// stepTabs are the steps as the head of the form shows them.
func (p *portal) stepTabs(r *http.Request, v page, here string) (all []tab) {
	for _, s := range append(slices.Clone(steps), "check") {
		all = append(all, tab{s, p.path(r, "/apply/"+s+ending), v.T(stepNames[s]), s == here})
	}
	return all
}

func (v *stepPage) what(f *foi.Draft, a foi.Application) {
	v.Inputs = []input{
		{Name: "sought_name", Label: v.T("portal.foi.name_of"), Help: v.T("portal.foi.name_of.help"), Value: a.Sought.Name, Most: 300, Must: true},
		{Name: "doc_no", Label: v.T("portal.foi.number"), Help: v.T("portal.foi.number.help"), Value: a.Sought.DocNo, Most: 300},
		{Name: "features", Label: v.T("portal.foi.features"), Help: v.T("portal.foi.features.help"), Value: a.Sought.Features, Rows: 6, Most: 5000},
	}
	v.Papers["attachment"] = papersIn{"attachment", v.T("portal.foi.attachment"), v.T("portal.foi.attachment.help"), "", keptOf(f, foi.Attachment)}
}

func (v *stepPage) how(a foi.Application) {
	v.Choices = []radios{
		{Name: "form", Legend: v.T("portal.foi.form"), Picks: choose(v.page, "form", string(a.Form), foi.Forms, func(f foi.Form) string { return v.Text(foi.Word(string(f))) }, formHelp)},
		{Name: "way", Legend: v.T("portal.foi.way"), Picks: choose(v.page, "way", string(a.Way), foi.Ways, func(w foi.Way) string { return v.Text(foi.WayWord(w)) }, wayHelp)},
	}
	v.Inputs = []input{{Name: "help", Label: v.T("portal.foi.help"), Help: v.T("portal.foi.help.help"), Value: a.Help, Rows: 3, Most: 300}}
}

func (v *stepPage) who(f *foi.Draft, a foi.Application) {
	one := a.Applicant
	v.Choices = []radios{{Name: "kind", Legend: v.T("portal.foi.kind"), Picks: choose(v.page, "kind", string(one.Kind), foi.Kinds, func(k foi.Kind) string { return v.Text(foi.Word(string(k))) }, kindHelp)}}
	v.Inputs = []input{{Name: "name", Label: v.T("portal.foi.name"), Help: v.T("portal.foi.name.help"), Value: one.Name, Auto: "name", Most: 200, Must: true}}
	v.IDTypes = radios{Name: "id_type", Legend: v.T("portal.foi.id_type"), Picks: choose(v.page, "id_type", one.IDType, idTypes, func(s string) string { return v.Text(foi.Word(s)) }, nil)}
	v.Person = []input{
		{Name: "id_number", Label: v.T("portal.foi.id_number"), Help: v.T("portal.foi.id_number.help"), Value: one.IDNumber, Auto: "off", Most: 60},
		{Name: "work", Label: v.T("portal.foi.work"), Value: one.Work, Auto: "organization", Most: 300},
	}
	v.Firm = []input{
		{Name: "credit", Label: v.T("portal.foi.credit"), Help: v.T("portal.foi.credit.help"), Value: one.Credit, Auto: "off", Most: 30},
		{Name: "representative", Label: v.T("portal.foi.representative"), Value: one.Representative, Auto: "off", Most: 200},
		{Name: "contact", Label: v.T("portal.foi.contact_person"), Value: one.Contact, Auto: "off", Most: 200},
	}
	v.reach(a)
	v.Acts = a.Agent != foi.Agent{} || f.Has(foi.Authority)
	v.Agent = []input{
		{Name: "agent_name", Label: v.T("portal.foi.agent_name"), Value: a.Agent.Name, Auto: "off", Most: 200},
		{Name: "agent_id", Label: v.T("portal.foi.agent_id"), Value: a.Agent.IDNumber, Auto: "off", Most: 60},
		{Name: "agent_phone", Label: v.T("portal.foi.agent_phone"), Value: a.Agent.Phone, Auto: "off", Type: "tel", Mode: "tel", Most: 30},
	}
	v.Papers["identity"] = papersIn{"identity", v.T("portal.foi.identity"), v.T("portal.foi.identity.help"), "", keptOf(f, foi.IdentityFile)}
	v.Papers["authority"] = papersIn{"authority", v.T("portal.foi.authority"), v.T("portal.foi.authority.help"), "", keptOf(f, foi.Authority)}
}

// reach are the ways to reach the applicant; what the chosen way of getting the information takes
// is marked.
func (v *stepPage) reach(a foi.Application) {
	one := a.Applicant
	post, mail := a.Way == foi.ByMail, a.Way == foi.ByEmail
	v.Reach = []input{
		{Name: "phone", Label: v.T("portal.foi.phone"), Help: v.T("portal.foi.phone.help"), Value: one.Phone, Type: "tel", Auto: "tel", Mode: "tel", Most: 30},
		{Name: "email", Label: v.T("portal.foi.email"), Value: one.Email, Type: "email", Auto: "email", Mode: "email", Most: 254, Must: mail},
		{Name: "address", Label: v.T("portal.foi.address"), Help: v.T("portal.foi.address.help"), Value: one.Address, Auto: "street-address", Rows: 2, Most: 300, Must: post},
		{Name: "postcode", Label: v.T("portal.foi.postcode"), Value: one.Postcode, Auto: "postal-code", Mode: "numeric", Most: 10},
	}
	if a.Way == foi.ByFax || one.Fax != "" {
		v.Reach = append(v.Reach, input{Name: "fax", Label: v.T("portal.foi.fax"), Value: one.Fax, Type: "tel", Auto: "off", Mode: "tel", Most: 30, Must: a.Way == foi.ByFax})
	}
}

// mark puts what is wrong beside the fields.
func (v *stepPage) mark() {
	for _, list := range [][]input{v.Inputs, v.Person, v.Firm, v.Reach, v.Agent} {
		for i := range list {
			list[i].Wrong = v.Wrong(list[i].Name)
		}
	}
	for i := range v.Choices {
		v.Choices[i].Wrong = v.Wrong(v.Choices[i].Name)
	}
	for name, one := range v.Papers {
		one.Wrong = v.Wrong(name)
		v.Papers[name] = one
	}
}
