package office

import (
	"io"
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

// registerChannels are those by which requests come that the office writes down itself.
var registerChannels = []foi.Channel{foi.Counter, foi.Post, foi.PlainPost, foi.Email, foi.Fax}

// receiptRules say for each channel which day counts as that of receipt: art. 31, R-DL-01.
var receiptRules = map[foi.Channel]string{
	foi.Counter: "requests.receipt.counter", foi.Post: "requests.receipt.post", foi.PlainPost: "requests.receipt.plainpost",
	foi.Email: "requests.receipt.email", foi.Fax: "requests.receipt.fax", foi.Web: "requests.receipt.web",
}

func (o *Office) showNewRequest(w http.ResponseWriter, r *http.Request) error {
	if err := o.Actor(r).May(actor.FoiRegister, actor.In(o.Body(r))); err != nil {
		return err
	}
	return o.show(w, r, "form", o.newRequestPage(r))
}

func (o *Office) newRequestPage(r *http.Request) *FormPage {
	p := &FormPage{Page: o.page(r, printer(r).T("requests.new")), Lead: printer(r).T("requests.new_lead")}
	p.Crumb(p.T("requests.title"), o.path(r, "/office/requests"))
	p.Form = NewForm(p.Page, o.path(r, "/office/requests/new"),
		o.channelGroup(p.Printer), applicantGroup(p.Printer), organisationGroup(p.Printer), agentGroup(p.Printer), soughtGroup(p.Printer),
		Group{Legend: p.T("requests.group.files"), Note: p.T("requests.group.files_note"), Fields: []Field{
			{Name: "scan", Label: p.Text(foi.Word(string(foi.Scanned))), Kind: FileField, Many: true, Half: true},
			{Name: "identity", Label: p.Text(foi.Word(string(foi.IdentityFile))), Kind: FileField, Many: true, Half: true},
			{Name: "authority", Label: p.Text(foi.Word(string(foi.Authority))), Kind: FileField, Many: true, Half: true},
			{Name: "attachment", Label: p.Text(foi.Word(string(foi.Attachment))), Kind: FileField, Many: true, Half: true}}})
	p.Form.Buttons = []Button{{Text: p.T("requests.register"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/requests"))
	p.Side = []Card{{ID: "accept", Title: p.T("requests.side.accept"), Note: p.T("requests.side.accept_note")},
		{ID: "oral", Title: p.T("requests.side.oral"), Note: p.T("requests.side.oral_note")}}
	return p
}

// channelGroup asks first how the request came, since the day of receipt hangs on it.
func (o *Office) channelGroup(p i18n.Printer) Group {
	var channels []Choice
	for _, c := range registerChannels {
		channels = append(channels, Choice{Value: string(c), Text: p.Text(foi.Word(string(c))), Note: p.T(receiptRules[c])})
	}
	today := o.today().String()
	return Group{Legend: p.T("requests.group.channel"), Fields: []Field{
		{Name: "channel", Label: p.T("requests.field.channel"), Kind: RadioField, Required: true, Choices: channels, Help: HelpOn(p, "requests.help.channel", statute.OGI2019.Art(31))},
		{Name: "received", Label: p.T("requests.field.received"), Kind: DateField, Required: true, Value: today, Top: today, Half: true, Hint: p.T("requests.hint.received")},
		{Name: "nature", Label: p.T("requests.field.nature"), Kind: RadioField, Half: true, Value: string(foi.Information), Choices: wordChoices(p, "", []foi.Nature{foi.Information, foi.OwnRecord})},
		{Name: "oral", Label: p.T("requests.field.oral"), Kind: TickField, Hint: p.T("requests.hint.oral"), Help: HelpOn(p, "requests.help.oral", statute.OGI2019.Art(29, 1))},
	}}
}

func applicantGroup(p i18n.Printer) Group {
	return Group{Legend: p.T("requests.group.applicant"), Fields: []Field{
		{Name: "kind", Label: p.T("requests.filter.kind"), Kind: RadioField, Required: true, Value: string(foi.Natural), Choices: wordChoices(p, "", foi.Kinds), Help: HelpOn(p, "requests.help.kind", statute.OGI2019.Art(29, 2, 1))},
		{Name: "name", Label: p.T("requests.field.name"), Required: true, Half: true, Most: 200, Lang: "zh-CN"},
		{Name: "phone", Label: p.T("requests.field.phone"), Half: true, Most: 30},
		{Name: "id_type", Label: p.T("requests.field.id_type"), Kind: SelectField, Half: true, Value: foi.ChineseCard, Choices: wordChoices(p, "", []string{foi.ChineseCard, "passport", "permit", "other_id"})},
		{Name: "id_number", Label: p.T("requests.field.id_number"), Half: true, Most: 60, Hint: p.T("requests.hint.id_number")},
		{Name: "address", Label: p.T("requests.field.address"), Most: 300, Lang: "zh-CN"},
		{Name: "postcode", Label: p.T("requests.field.postcode"), Half: true, Most: 12}, {Name: "email", Label: p.T("requests.field.email"), Kind: MailField, Half: true, Most: 200},
		{Name: "fax", Label: p.T("requests.field.fax"), Half: true, Most: 30}, {Name: "work", Label: p.T("requests.field.work"), Half: true, Most: 300, Lang: "zh-CN"},
	}}
}

func organisationGroup(p i18n.Printer) Group {
	return Group{Legend: p.T("requests.group.organisation"), Folded: true, Note: p.T("requests.group.organisation_note"), Fields: []Field{
		{Name: "credit", Label: p.T("requests.field.credit"), Half: true, Most: 18}, {Name: "representative", Label: p.T("requests.field.representative"), Half: true, Most: 200},
		{Name: "contact", Label: p.T("requests.field.contact"), Half: true, Most: 200},
	}}
}

func agentGroup(p i18n.Printer) Group {
	return Group{Legend: p.T("requests.group.agent"), Folded: true, Note: p.T("requests.group.agent_note"), Fields: []Field{
		{Name: "agent_name", Label: p.T("requests.field.agent_name"), Half: true, Most: 200}, {Name: "agent_phone", Label: p.T("requests.field.phone"), Half: true, Most: 30},
		{Name: "agent_id", Label: p.T("requests.field.id_number"), Half: true, Most: 60},
	}}
}

func soughtGroup(p i18n.Printer) Group {
	return Group{Legend: p.T("requests.group.sought"), Fields: []Field{
		{Name: "sought_name", Label: p.T("requests.field.sought_name"), Most: 300, Lang: "zh-CN"},
		{Name: "doc_no", Label: p.T("requests.field.doc_no"), Half: true, Most: 300, Lang: "zh-CN"},
		{Name: "features", Label: p.T("requests.field.features"), Kind: LongField, Rows: 5, Most: 5000, Lang: "zh-CN", Hint: p.T("requests.hint.features"), Help: HelpOn(p, "requests.help.features", statute.OGI2019.Art(29, 2, 2))},
		{Name: "form", Label: p.T("requests.field.form"), Kind: RadioField, Half: true, Value: string(foi.Paper), Choices: wordChoices(p, "", foi.Forms)},
		{Name: "way", Label: p.T("requests.field.way"), Kind: SelectField, Half: true, Value: string(foi.ByMail), Choices: wayChoices(p, "", foi.Ways)},
		{Name: "title", Label: p.T("requests.field.title"), Most: 300, Lang: "zh-CN", Hint: p.T("requests.hint.title")},
		{Name: "help", Label: p.T("requests.field.help"), Most: 300, Lang: "zh-CN", Help: HelpOn(p, "requests.help.help", statute.OGI2019.Art(43))},
	}}
}

func wayChoices(p i18n.Printer, first string, all []foi.Way) []Choice {
	var out []Choice
	if first != "" {
		out = append(out, Choice{Text: first})
	}
	for _, one := range all {
		out = append(out, Choice{Value: string(one), Text: p.Text(foi.WayWord(one))})
	}
	return out
}

// registerRequest takes a request in and shows its number, its query code and its receipt.
func (o *Office) registerRequest(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	g, err := o.readRegistration(r, f)
	if err == nil {
		made, _, wrong := o.Requests.Register(r.Context(), o.Actor(r), g)
		if wrong == nil {
			return o.registered(w, r, made)
		}
		err = wrong
	}
	if !mendable(err) {
		return err
	}
	p := o.newRequestPage(r)
	p.Form.Keep(r.PostForm)
	return o.showAs(w, r, p.Form.Tell(err), "form", p)
}

// registered leads to the receipt of a new request: it bears number and query code, to be printed
// at the counter.
func (o *Office) registered(w http.ResponseWriter, r *http.Request, made *foi.Request) error {
	v, err := o.Requests.Load(r.Context(), o.Actor(r), made.ID, false)
	if err != nil {
		return err
	}
	message := i18n.M("requests.registered", "no", made.No)
	for _, l := range v.Letters {
		if l.Code == "L01" && l.State == foi.Drafted {
			return o.done(w, r, message, "/office/requests/%s/letters/%s", made.ID, l.ID)
		}
	}
	return o.done(w, r, message, "/office/requests/%s", made.ID)
}

func (o *Office) readRegistration(r *http.Request, f *web.Form) (foi.Registration, error) {
	g := foi.Registration{
		Agency: o.Body(r), Channel: foi.Channel(f.Choice("channel", asStrings(registerChannels)...)), Nature: foi.Nature(f.Text("nature")),
		Received: f.Date("received"), Title: f.AtMost("title", 300),
		Application: foi.Application{
			Applicant: foi.Applicant{Kind: foi.Kind(f.Text("kind")), Name: f.Text("name"), Work: f.Text("work"), IDType: f.Text("id_type"), IDNumber: f.Text("id_number"),
				Credit: f.Text("credit"), Representative: f.Text("representative"), Contact: f.Text("contact"), Address: f.AtMost("address", 300),
				Postcode: f.Text("postcode"), Phone: f.Text("phone"), Fax: f.Text("fax"), Email: f.Text("email"), Verified: "paper"},
			Agent:  foi.Agent{Name: f.Text("agent_name"), IDNumber: f.Text("agent_id"), Phone: f.Text("agent_phone")},
			Sought: foi.Sought{Name: f.AtMost("sought_name", 300), DocNo: f.Text("doc_no"), Features: f.AtMost("features", 5000)},
			Form:   foi.Form(f.Text("form")), Way: foi.Way(f.Text("way")), Help: f.AtMost("help", 300), Oral: f.Bool("oral"),
		},
	}
	if g.Application.Applicant.IDNumber == "" {
		g.Application.Applicant.IDType = ""
	}
	f.Need("channel")
	if err := f.Err(); err != nil {
		return g, err
	}
	for field, kind := range map[string]foi.FileKind{"scan": foi.Scanned, "identity": foi.IdentityFile, "authority": foi.Authority, "attachment": foi.Attachment} {
		some, err := requestUploads(r, field, kind)
		if err != nil {
			return g, err
		}
		g.Files = append(g.Files, some...)
	}
	return g, nil
}

// requestUploads reads the files of a field.
func requestUploads(r *http.Request, field string, kind foi.FileKind) (all []foi.Upload, err error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	for _, head := range r.MultipartForm.File[field] {
		if head.Size > foi.MaxFile {
			return nil, foi.ErrFileLarge.With("name", head.Filename).With("most", foi.MaxFile>>20).At(field)
		}
		file, err := head.Open()
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(file)
		file.Close()
		if err != nil {
			return nil, err
		}
		all = append(all, foi.Upload{Kind: kind, Name: head.Filename, Data: data})
	}
	return all, nil
}
