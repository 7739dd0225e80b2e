package office

import (
	"net/http"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
	"gongkai/internal/webhook"
)

// webhookForm asks for a subscription; s is nil for a new one.
func (o *Office) webhookForm(r *http.Request, s *webhook.Subscription) *FormPage {
	title, back := "webhooks.new", o.path(r, "/office/webhooks")
	old := &webhook.Subscription{Live: true, Types: webhook.Types}
	if s != nil {
		old, title, back = s, "webhooks.edit", o.path(r, "/office/webhooks/%s", s.ID)
	}
	p := &FormPage{Page: o.page(r, printer(r).T(title)), Lead: printer(r).T("webhooks.form_lead")}
	p.Crumb(p.T("webhooks.title"), o.path(r, "/office/webhooks"))
	fields := []Field{
		{Name: "name", Label: p.T("webhooks.name"), Required: true, Most: 60, Value: old.Name, Hint: p.T("webhooks.name_hint"), Lang: "zh-CN"},
		{Name: "url", Label: p.T("webhooks.url"), Required: true, Most: 500, Value: old.URL, Hint: p.T("webhooks.url_hint"), Placeholder: "https://"},
		{Name: "types", Label: p.T("webhooks.types"), Kind: TicksField, Choices: choices(p.Printer, "", webhook.Types, webhook.Type.Message)},
	}
	for _, t := range old.Types {
		fields[2].Values = append(fields[2].Values, string(t))
	}
	if s != nil {
		live := ""
		if old.Live {
			live = "1"
		}
		fields = append(fields, Field{Name: "live", Label: p.T("webhooks.tell"), Kind: TickField, Value: live})
	}
	p.Form = NewForm(p.Page, "", Group{Fields: fields})
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	p.Form.Back, p.Form.Version = p.back(back), old.Version
	return p
}

func readWebhook(f *web.Form) webhook.New {
	n := webhook.New{Name: f.Need("name"), URL: f.Need("url"), Live: f.Text("live") == "1"}
	for _, t := range f.List("types") {
		n.Types = append(n.Types, webhook.Type(t))
	}
	return n
}

func (o *Office) newWebhook(w http.ResponseWriter, r *http.Request) error {
	if err := o.Actor(r).May(actor.WebhookChange, actor.In(o.Body(r))); err != nil {
		return err
	}
	return o.show(w, r, "form", o.webhookForm(r, nil))
}

// secretPage shows the secret of a subscription, once.
type secretPage struct {
	Page
	Name, Secret, Next string
}

func (o *Office) showSecret(w http.ResponseWriter, r *http.Request, id, name, secret string) error {
	v := &secretPage{Page: o.page(r, printer(r).T("webhooks.secret")), Name: name, Secret: secret, Next: o.path(r, "/office/webhooks/%s", id)}
	v.Crumb(v.T("webhooks.title"), o.path(r, "/office/webhooks"))
	return o.show(w, r, "webhook_secret", v)
}

func (o *Office) createWebhook(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	n := readWebhook(f)
	err := f.Err()
	var s *webhook.Subscription
	var secret string
	if err == nil {
		s, secret, err = o.Webhooks.Create(r.Context(), o.Actor(r), o.Body(r), n)
	}
	if err != nil {
		return o.answer(w, r, o.webhookForm(r, nil), err)
	}
	return o.showSecret(w, r, s.ID, s.Name, secret)
}

// webhookToChange is the subscription an address names, for who may change it.
func (o *Office) webhookToChange(r *http.Request) (*webhook.Subscription, error) {
	s, err := o.Webhooks.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return s, o.Actor(r).May(actor.WebhookChange, actor.In(s.Agency))
}

func (o *Office) editWebhook(w http.ResponseWriter, r *http.Request) error {
	s, err := o.webhookToChange(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", o.webhookForm(r, s))
}

func (o *Office) changeWebhook(w http.ResponseWriter, r *http.Request) error {
	s, err := o.webhookToChange(r)
	if err != nil {
		return err
	}
	f := web.ReadForm(r)
	n, version := readWebhook(f), f.Int64("version")
	if err = f.Err(); err == nil {
		err = o.Webhooks.Change(r.Context(), o.Actor(r), s.ID, version, n)
	}
	if err != nil {
		return o.answer(w, r, o.webhookForm(r, s), err)
	}
	return o.done(w, r, i18n.M("office.saved"), "/office/webhooks/%s", s.ID)
}

// typesOf names the events of a subscription.
func typesOf(p i18n.Printer, s *webhook.Subscription) (facts []Fact) {
	for _, t := range webhook.Types {
		if slices.Contains(s.Types, t) {
			facts = append(facts, Fact{Label: string(t), Value: p.Text(t.Message())})
		}
	}
	return facts
}
