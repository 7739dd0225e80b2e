package office

import (
	"bytes"
	"net/http"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/foi"
	"gongkai/internal/foi/bundle"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// moveRoutes are the ways requests leave as a whole and come in from registers kept elsewhere.
func (o *Office) moveRoutes(rt *router) {
	rt.Page("GET /office/requests/{id}/archive", o.showArchive)
	rt.Page("POST /office/requests/{id}/archive", o.sendArchive)
	rt.Page("GET /office/requests/{id}/evidence", o.showEvidence)
	rt.Page("POST /office/requests/{id}/evidence", o.sendEvidence)
	o.registerRoutes(rt)
}

// exportTools lead to the archive of a closed request and to the evidence bundle of any.
func (o *Office) exportTools(r *http.Request, p i18n.Printer, v *foi.View) (all []Tool) {
	if !v.Can(o.Actor(r), actor.FoiExport) {
		return nil
	}
	at := o.path(r, "/office/requests/%s", v.Request.ID)
	all = append(all, Tool{Text: p.T("move.evidence.title"), Href: at + "/evidence"})
	if !v.Request.State.Open() {
		all = append(all, Tool{Text: p.T("move.archive.title"), Href: at + "/archive"})
	}
	return all
}

// exported opens a request for its export, to who may.
func (o *Office) exported(r *http.Request) (*foi.View, error) {
	if err := o.Requests.May(r.Context(), o.Actor(r), actor.FoiExport, r.PathValue("id")); err != nil {
		return nil, err
	}
	return o.Requests.Load(r.Context(), o.Actor(r), r.PathValue("id"), false)
}

func (o *Office) exportPage(r *http.Request, v *foi.View, title, lead string) *FormPage {
	p := &FormPage{Page: o.page(r, printer(r).T(title)), Lead: printer(r).T(lead)}
	p.Crumb(p.T("requests.title"), o.path(r, "/office/requests"))
	p.Crumb(v.Request.No, o.path(r, "/office/requests/%s", v.Request.ID))
	return p
}

func (o *Office) archivePage(r *http.Request, v *foi.View) *FormPage {
	p := o.exportPage(r, v, "move.archive.title", "move.archive.lead")
	p.Form = NewForm(p.Page, "")
	if v.Request.State.Open() {
		p.Form.Problem = p.Text(bundle.ErrOpen.Message())
	} else {
		p.Form.Buttons = []Button{{Text: p.T("move.archive.do"), Tone: "primary"}}
	}
	p.Form.Back = p.back(o.path(r, "/office/requests/%s", v.Request.ID))
	c := Card{ID: "holds", Title: p.T("move.archive.holds"), Note: p.T("move.archive.verify")}
	c.Facts = []Fact{
		{Label: p.T("move.archive.part1"), Value: p.T("move.archive.part1_note")},
		{Label: p.T("move.archive.part2"), Value: p.T("move.archive.part2_note")},
		{Label: p.T("move.archive.part3"), Value: p.T("move.archive.part3_note")},
		{Label: p.T("move.archive.part4"), Value: p.T("move.archive.part4_note")},
		{Label: p.T("move.archive.part5"), Value: p.T("move.archive.part5_note")},
	}
	p.Side = []Card{c}
	return p
}

func (o *Office) showArchive(w http.ResponseWriter, r *http.Request) error {
	v, err := o.exported(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", o.archivePage(r, v))
}

// sendArchive sends the folder of a closed request as a ZIP.
func (o *Office) sendArchive(w http.ResponseWriter, r *http.Request) error {
	v, err := o.exported(r)
	if err != nil {
		return err
	}
	if v.Request.State.Open() {
		return o.answer(w, r, o.archivePage(r, v), bundle.ErrOpen)
	}
	d, err := o.Requests.Dossier(r.Context(), o.Actor(r), v.Request.ID)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := bundle.Archive(r.Context(), &file, d, o.Requests.Keys); err != nil {
		return err
	}
	attach(w, "application/zip", bundle.FolderName(d)+".zip")
	_, err = w.Write(file.Bytes())
	return err
}

// evidencePage lists the papers that can be shown; those that are shown as a rule are ticked.
func (o *Office) evidencePage(r *http.Request, v *foi.View, d *foi.Dossier) *FormPage {
	p := o.exportPage(r, v, "move.evidence.title", "move.evidence.lead")
	p.Form = NewForm(p.Page, "")
	for i, e := range bundle.Exhibits(d) {
		tick := Field{Name: "use-" + e.ID, Label: p.T("move.evidence.use"), Kind: TickField}
		if e.Usual {
			tick.Value = "1"
		}
		p.Form.Add(Group{Legend: strconv.Itoa(i+1) + ". " + e.Name, Fields: []Field{tick,
			{Name: "proves-" + e.ID, Label: p.T("move.evidence.proves"), Kind: LongField, Rows: 2, Value: e.Proves, Most: 300, Lang: "zh-CN"}}})
	}
	p.Form.Buttons = []Button{{Text: p.T("move.evidence.do"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/requests/%s", v.Request.ID))
	p.Side = []Card{{ID: "how", Title: p.T("move.evidence.how"), Note: p.T("move.evidence.note")}}
	return p
}

func (o *Office) showEvidence(w http.ResponseWriter, r *http.Request) error {
	v, err := o.exported(r)
	if err != nil {
		return err
	}
	d, err := o.Requests.Dossier(r.Context(), o.Actor(r), v.Request.ID)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", o.evidencePage(r, v, d))
}

// sendEvidence sends the chosen papers as one numbered PDF.
func (o *Office) sendEvidence(w http.ResponseWriter, r *http.Request) error {
	v, err := o.exported(r)
	if err != nil {
		return err
	}
	d, err := o.Requests.Dossier(r.Context(), o.Actor(r), v.Request.ID)
	if err != nil {
		return err
	}
	f := web.ReadForm(r)
	var chosen []bundle.Choice
	for _, e := range bundle.Exhibits(d) {
		if f.Bool("use-" + e.ID) {
			chosen = append(chosen, bundle.Choice{ID: e.ID, Proves: f.AtMost("proves-"+e.ID, 300)})
		}
	}
	var file bytes.Buffer
	if _, err := bundle.Evidence(r.Context(), &file, d, chosen); err != nil {
		p := o.evidencePage(r, v, d)
		p.Form.Keep(r.PostForm)
		return o.answer(w, r, p, err)
	}
	attach(w, "application/pdf", printer(r).T("move.evidence.name", "no", v.Request.No)+".pdf")
	_, err = w.Write(file.Bytes())
	return err
}
