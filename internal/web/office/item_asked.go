package office

import (
	"net/http"
	"strings"

	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// listAsked shows what other agencies ask to be shown in sections of this one.
func (o *Office) listAsked(w http.ResponseWriter, r *http.Request) error {
	asked, err := o.Items.Asked(r.Context(), o.Actor(r), o.Body(r))
	if err != nil {
		return err
	}
	p := RecordPage{Page: o.page(r, printer(r).T("item.asked")), Lead: printer(r).T("item.asked_lead")}
	p.Crumb(p.T("item.title"), o.path(r, "/office/items"))
	for _, a := range asked {
		p.Forms = append(p.Forms, o.answerForm(r, p.Page, a))
	}
	if len(asked) == 0 {
		p.Cards = []Card{{ID: "asked", Title: p.T("item.asked"), Empty: p.T("item.asked_none")}}
	}
	return o.show(w, r, "record", &p)
}

func (o *Office) answerForm(r *http.Request, p Page, a disclosure.Asking) Section {
	f := NewForm(p, o.path(r, "/office/items/asked"), Group{Fields: []Field{
		{Name: "reason", Label: p.T("item.asked_reason"), Most: 300, Lang: "zh-CN"},
	}})
	f.Hidden = []Field{{Name: "item", Value: a.Item}, {Name: "section", Value: a.Placement.Section}}
	f.Buttons = []Button{
		{Text: p.T("item.asked_accept"), Name: "state", Value: string(disclosure.Placed), Tone: "primary"},
		{Text: p.T("item.asked_refuse"), Name: "state", Value: string(disclosure.Refused)},
	}
	return Section{ID: "a" + a.ID, Title: a.Title, Note: p.T("item.asked_at", "at", When(a.AskedAt)), Form: f}
}

// answerAsked accepts or refuses one of them.
func (o *Office) answerAsked(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	state := disclosure.PlaceState(f.Text("state"))
	err := o.Items.Answer(r.Context(), o.Actor(r), f.Text("item"), f.Text("section"), state, strings.TrimSpace(f.Text("reason")))
	if err != nil {
		return err
	}
	return o.done(w, r, i18n.M(itemAnswered[string(state)]), "/office/items/asked")
}
