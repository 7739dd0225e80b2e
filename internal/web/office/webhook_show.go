package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
	"gongkai/internal/webhook"
)

// deliveryTones are how the states of deliveries are shown.
var deliveryTones = map[webhook.State]Tone{webhook.Waiting: Wait, webhook.Done: Good, webhook.Dead: Bad}

func (o *Office) showWebhook(w http.ResponseWriter, r *http.Request) error {
	by := o.Actor(r)
	s, err := o.Webhooks.Get(r.Context(), by, r.PathValue("id"))
	if err != nil {
		return err
	}
	q := ReadList(r, nil, "")
	all, err := o.Webhooks.Deliveries(r.Context(), by, s.ID, webhook.Filter{State: webhook.State(q.Filter.Get("state")), After: q.After, Before: q.Before, Limit: q.Size + 1})
	if err != nil {
		return err
	}
	state := webhookState(printer(r), s)
	p := &RecordPage{Page: o.page(r, s.Name), State: &state}
	p.Crumb(p.T("webhooks.title"), o.path(r, "/office/webhooks"))
	p.Cards = []Card{{ID: "about", Title: p.T("webhooks.about"), Facts: []Fact{{Label: p.T("webhooks.url"), Value: s.URL}, {Label: p.T("webhooks.made"), Value: When(s.Created)},
		{Label: p.T("webhooks.both"), Value: o.bothUntil(s)}}}, {ID: "types", Title: p.T("webhooks.types"), Facts: typesOf(p.Printer, s)}}
	p.Lists = []*List{o.deliveryList(r, p.Page, q, all)}
	if by.Can(actor.WebhookChange, actor.In(s.Agency)) {
		p.Tools = []Tool{{Text: p.T("webhooks.edit"), Href: o.path(r, "/office/webhooks/%s/edit", s.ID), Main: true}}
		p.Forms = o.webhookActs(p.Page, o.path(r, "/office/webhooks/%s", s.ID), s)
	}
	return o.show(w, r, "record", p)
}

// bothUntil is until when the secret before the present one signs too, "" when it does not.
func (o *Office) bothUntil(s *webhook.Subscription) string {
	if !o.Now().Before(s.Until) {
		return ""
	}
	return When(s.Until)
}

// deliveryList is what was and is on its way, to be sent once more.
func (o *Office) deliveryList(r *http.Request, p Page, q ListQuery, all []*webhook.Delivery) *List {
	l := NewList(p, p.T("webhooks.deliveries"), []Column{
		{Key: "type", Text: p.T("webhooks.event")}, {Key: "state", Text: p.T("webhooks.state"), Slim: true}, {Key: "n", Text: p.T("webhooks.attempts"), Slim: true, Num: true, Wide: true},
		{Key: "at", Text: p.T("webhooks.at"), Slim: true, Wide: true},
	}, q)
	l.Export, l.Empty = false, p.T("webhooks.none_yet")
	l.FilterBy(Field{Name: "state", Label: p.T("webhooks.state"), Kind: SelectField, Choices: choices(p.Printer, p.T("office.any"), webhook.States, webhook.State.Message)})
	l.BulkTo = o.path(r, "/office/webhooks/%s", r.PathValue("id"))
	l.Bulk = []Bulk{{Value: "replay", Text: p.T("webhooks.replay")}}
	for _, d := range page(l, all, func(d *webhook.Delivery) string { return d.ID }) {
		state := Badge{p.Text(d.State.Message()), deliveryTones[d.State]}
		l.Rows = append(l.Rows, Row{ID: d.ID, Name: string(d.Type), Cells: []Cell{
			{Text: p.Text(d.Type.Message()), Sub: d.Trouble}, {Badge: &state}, {Text: strconv.FormatInt(d.Attempts, 10)}, {Text: When(d.Asked)}}})
	}
	return l
}

// webhookActs are what can be done with a subscription.
func (o *Office) webhookActs(p Page, to string, s *webhook.Subscription) []Section {
	form := NewForm(p, to)
	form.Version = s.Version
	form.Buttons = []Button{{Text: p.T("webhooks.try"), Name: "do", Value: "try"}, {Text: p.T("webhooks.rotate"), Name: "do", Value: "rotate"},
		{Text: p.T("webhooks.remove"), Name: "do", Value: "remove", Tone: "danger"}}
	return []Section{{ID: "acts", Title: p.T("webhooks.acts"), Note: p.T("webhooks.acts_note"), Form: form}}
}

// actOnWebhook tries, gives a new secret, removes, or sends once more.
func (o *Office) actOnWebhook(w http.ResponseWriter, r *http.Request) error {
	f, by, id := web.ReadForm(r), o.Actor(r), r.PathValue("id")
	switch version := f.Int64("version"); f.Choice("do", "try", "rotate", "remove", "replay") {
	case "try":
		if err := o.Webhooks.Try(r.Context(), by, id); err != nil {
			return err
		}
		return o.done(w, r, i18n.M("webhooks.tried"), "/office/webhooks/%s", id)
	case "rotate":
		return o.rotateWebhook(w, r, version)
	case "remove":
		return o.removeWebhook(w, r, version)
	case "replay":
		return o.replayWebhook(w, r, f.List("id"))
	}
	return f.Err()
}

func (o *Office) rotateWebhook(w http.ResponseWriter, r *http.Request, version int64) error {
	s, err := o.webhookToChange(r)
	if err != nil {
		return err
	}
	c := Confirm{Title: printer(r).T("webhooks.rotate"), Text: printer(r).T("webhooks.rotate_ask"), Items: []string{s.Name}, Yes: printer(r).T("webhooks.rotate"),
		Back: web.Link{Href: o.path(r, "/office/webhooks/%s", s.ID), Text: printer(r).T("office.form.back")}}
	if ok, err := o.sure(w, r, c); !ok {
		return err
	}
	secret, err := o.Webhooks.Rotate(r.Context(), o.Actor(r), s.ID, version)
	if err != nil {
		return err
	}
	return o.showSecret(w, r, s.ID, s.Name, secret)
}

func (o *Office) removeWebhook(w http.ResponseWriter, r *http.Request, version int64) error {
	s, err := o.webhookToChange(r)
	if err != nil {
		return err
	}
	c := Confirm{Title: printer(r).T("webhooks.remove"), Text: printer(r).T("webhooks.remove_ask"), Items: []string{s.Name}, Danger: true, Yes: printer(r).T("webhooks.remove"),
		Back: web.Link{Href: o.path(r, "/office/webhooks/%s", s.ID), Text: printer(r).T("office.form.back")}}
	if ok, err := o.sure(w, r, c); !ok {
		return err
	}
	if err := o.Webhooks.Remove(r.Context(), o.Actor(r), s.ID, version); err != nil {
		return err
	}
	return o.done(w, r, i18n.M("webhooks.removed"), "/office/webhooks")
}

// replayWebhook sends the ticked deliveries once more. One that waits is passed over.
func (o *Office) replayWebhook(w http.ResponseWriter, r *http.Request, ids []string) error {
	done := 0
	var last error
	for _, id := range ids {
		if err := o.Webhooks.Replay(r.Context(), o.Actor(r), id); err != nil {
			last = err
			continue
		}
		done++
	}
	if done == 0 && last != nil {
		return last
	}
	return o.done(w, r, i18n.M("webhooks.replayed", "n", done, "all", len(ids)), "/office/webhooks/%s", r.PathValue("id"))
}
