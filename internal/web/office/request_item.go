package office

import (
	"bytes"
	"net/http"
	"path"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

// errSeldom says that too few asked for the same.
var errSeldom = &fault.Error{Kind: fault.Conflict, Code: "requests.item.seldom", Cite: statute.OGI2019.Art(44)}

// askedOften reports whether so many asked for the same that the body considers publishing it.
//
// 条例第四十四条第一款: “多个申请人就相同政府信息向同一行政机关提出公开申请，且该政府信息属于可以公开的，
// 行政机关可以纳入主动公开的范围”.
func askedOften(v *foi.View) bool {
	return len(v.SameSought)+1 >= v.Settings.Alike && v.Request.State != foi.Void
}

// itemOffer offers to draft for the public what many asked for, to who may draft in a section of the
// body. Nil when there is nothing to offer.
func (o *Office) itemOffer(r *http.Request, p Page, v *foi.View) (*Section, error) {
	if !askedOften(v) || o.Items == nil || !o.Actor(r).Somewhere(actor.ItemCreate) {
		return nil, nil
	}
	homes, err := o.Items.Homes(r.Context(), o.Actor(r), actor.ItemCreate, v.Request.Agency)
	if err != nil || len(homes) == 0 {
		return nil, err
	}
	sections := []Choice{{Text: p.T("office.choose")}}
	for _, h := range homes {
		sections = append(sections, Choice{Value: h.ID, Text: h.Title})
	}
	f := NewForm(p, o.path(r, "/office/requests/%s/item", v.Request.ID), Group{Fields: []Field{
		{Name: "section", Label: p.T("item.column.section"), Kind: SelectField, Choices: sections, Required: true, Hint: p.T("item.hint.section")}}}).Apart("item")
	f.Buttons = []Button{{Text: p.T("requests.item.begin"), Tone: "primary"}}
	note := p.T("requests.item.note")
	if n := len(handedOver(v)); n > 0 {
		note += p.T("requests.item.note_files", "n", n)
	}
	return &Section{ID: "item", Title: p.T("requests.item.title"), Note: note, Form: f}, nil
}

// handedOver are the files a draft for the public may begin with: copies without what is withheld.
func handedOver(v *foi.View) (all []*foi.File) {
	for _, f := range v.Files {
		if f.Kind == foi.Redacted && !f.Personal() && len(all) < disclosure.MaxFiles {
			all = append(all, f)
		}
	}
	return all
}

// createRequestItem drafts for the public what many asked for, and leads to its editing.
func (o *Office) createRequestItem(w http.ResponseWriter, r *http.Request) error {
	if !o.Actor(r).Somewhere(actor.ItemCreate) { // before the request is read, which is on record
		return actor.ErrForbidden
	}
	v, err := o.Requests.Load(r.Context(), o.Actor(r), r.PathValue("id"), false)
	if err != nil {
		return err
	}
	f := web.ReadForm(r)
	section := f.Need("section")
	var e *disclosure.Edition
	if err = f.Err(); err == nil && !askedOften(v) {
		err = errSeldom.With("n", v.Settings.Alike)
	}
	if err == nil {
		e, err = o.beginRequestItem(r, v, section)
	}
	if err == nil {
		return o.done(w, r, i18n.M("requests.item.begun"), "/office/editions/%s/edit", e.ID)
	}
	p := o.requestPageOf(r, v, requestHandle)
	offer, broken := o.itemOffer(r, p.Page, v)
	if broken != nil || offer == nil {
		return err
	}
	offer.Form.Keep(r.PostForm)
	p.Offer = offer
	return o.showAs(w, r, offer.Form.Tell(err), "request", p)
}

// beginRequestItem creates the draft with the title of the request, which has no personal data, and
// the copies made for the applicants. Nothing in it tells who asked.
func (o *Office) beginRequestItem(r *http.Request, v *foi.View, section string) (*disclosure.Edition, error) {
	ctx, by := r.Context(), o.Actor(r)
	e, err := o.Items.Create(ctx, by, disclosure.New{Agency: v.Request.Agency, Section: section, Kind: disclosure.Information, Origin: disclosure.Made,
		Content: disclosure.Content{Title: v.Request.Title, Author: by.Name, Source: i18n.To(i18n.Chinese).T("requests.item.source")}})
	for n, f := range handedOver(v) {
		if err != nil {
			break
		}
		e, err = o.handOver(r, v, f, e.ID, n+1)
	}
	return e, err
}

// handOver attaches a copy to a draft. It gets a name of its own: people put applicants' names into
// those of files.
func (o *Office) handOver(r *http.Request, v *foi.View, f *foi.File, edition string, n int) (*disclosure.Edition, error) {
	_, data, err := o.Requests.OpenFile(r.Context(), o.Actor(r), v.Request.ID, f.ID)
	if err != nil {
		return nil, err
	}
	b, err := o.Items.Blobs.Receive(r.Context(), bytes.NewReader(data), fileLimit)
	if err != nil {
		return nil, err
	}
	name := v.Request.Title
	if n > 1 {
		name += "（" + strconv.Itoa(n) + "）"
	}
	return o.Items.Attach(r.Context(), o.Actor(r), edition, disclosure.Attachment{Name: fileName(name + path.Ext(f.Name))}, b)
}
