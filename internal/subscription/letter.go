package subscription

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/notify"
	"gongkai/internal/site"
)

// The pages that mails lead to, in the main site.
const (
	ConfirmPath = "/subscribe/confirm.html"
	ManagePath  = "/subscribe/manage.html"
	LeavePath   = "/subscribe/leave.html"
)

// prefixes begin the path of pages in a language that is not the usual one.
var prefixes = map[i18n.Lang]string{i18n.Chinese: "/zh", i18n.English: "/en"}

// writer writes the letters of one moment.
type writer struct {
	i18n.Printer
	*Desk
	sites *site.Map
}

func (d *Desk) writer(ctx context.Context, lang i18n.Lang) (*writer, error) {
	sites, err := d.Sites.Map(ctx)
	return &writer{i18n.To(lang), d, sites}, err
}

// link is an address in a site, with its query.
func (w *writer) link(at *site.Place, path string, query ...string) string {
	prefix := ""
	if w.Printer.Lang() != cmp.Or(w.Desk.Lang, i18n.Chinese) {
		prefix = prefixes[w.Printer.Lang()]
	}
	to := at.Origin + w.Base + prefix + at.Base + path
	values := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		values.Set(query[i], query[i+1])
	}
	if len(values) > 0 {
		to += "?" + values.Encode()
	}
	return to
}

// site is what letters call the sender.
func (w *writer) site() string { return cmp.Or(w.sites.Main.Title(), w.T("subscription.site")) }

// confirmation writes the letter that asks whether somebody wants what was asked for, or says
// that they have it already.
func (d *Desk) confirmation(ctx context.Context, s *Subscription, token string) (l notify.Letter, err error) {
	w, err := d.writer(ctx, s.Lang)
	if err != nil {
		return l, err
	}
	name, err := d.Name(ctx, s.Lang, s.Topic)
	if err != nil {
		return l, err
	}
	if !s.confirmed.IsZero() {
		l.Subject = w.T("subscription.mail.have_subject", "site", w.site())
		l.Text = w.T("subscription.mail.have", "site", w.site(), "topic", name, "rhythm", s.Rhythm.Message(),
			"manage", w.link(w.sites.Main, ManagePath, "k", d.key(s.subscriber)))
		return l, nil
	}
	if s.Topic.Kind == Search {
		// Whoever entered the address entered the words too: they would be a message to anybody, in
		// the name of a public body.
		name = w.T("subscription.topic.search_asked")
	}
	l.Subject = w.T("subscription.mail.confirm_subject", "site", w.site())
	l.Text = w.T("subscription.mail.confirm", "site", w.site(), "topic", name, "rhythm", s.Rhythm.Message(),
		"link", w.link(w.sites.Main, ConfirmPath, "t", token), "days", int(unconfirmed.Hours()/24))
	return l, nil
}

// letter writes what is new, why it is sent, and how to end it: RFC 8058 lets mail programs offer
// the end at one click.
func (d *Desk) letter(ctx context.Context, n *news) (l notify.Letter, head map[string]string, err error) {
	w, err := d.writer(ctx, n.due[0].Lang)
	if err != nil {
		return l, nil, err
	}
	var names []string
	for _, s := range n.due {
		name, err := d.Name(ctx, s.Lang, s.Topic)
		if err != nil {
			return l, nil, err
		}
		names = append(names, w.T("subscription.mail.topic", "topic", name, "rhythm", s.Rhythm.Message()))
	}
	key := d.key(n.who.ID)
	leave := w.link(w.sites.Main, LeavePath, "k", key)
	if len(n.due) == 1 {
		leave = w.link(w.sites.Main, LeavePath, "k", key, "s", n.due[0].ID)
	}
	l.To = n.to
	l.Subject = w.T("subscription.mail.subject", "site", w.site(), "n", len(n.rows))
	l.Text = w.T("subscription.mail.news", "n", len(n.rows), "list", w.list(n.rows), "site", w.site(), "topics", strings.Join(names, "\n"),
		"manage", w.link(w.sites.Main, ManagePath, "k", key), "leave", leave)
	return l, map[string]string{"List-Unsubscribe": "<" + leave + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}, nil
}

// list writes the items with their addresses.
func (w *writer) list(rows []disclosure.Row) string {
	var b strings.Builder
	for i, r := range rows {
		if i == mostItems {
			fmt.Fprintf(&b, "\n%s\n", w.T("subscription.mail.more", "n", len(rows)-mostItems, "link", w.link(w.sites.Main, "/")))
			break
		}
		body := ""
		if a := w.sites.Tree.Get(r.Agency); a != nil {
			body = a.Name
		}
		fmt.Fprintf(&b, "\n%s\n", w.T("subscription.mail.item", "no", i+1, "title", r.Title, "body", body,
			"day", date.Of(r.PublishedAt.In(date.China)).String(), "link", w.link(w.sites.Of(r.Agency), "/items/"+r.Item+".html")))
	}
	return b.String()
}

// Name returns what people call a topic. One that is gone keeps a general name.
func (d *Desk) Name(ctx context.Context, lang i18n.Lang, t Topic) (name string, err error) {
	p := i18n.To(lang)
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		name, err = nameOf(tx, p, t)
		return err
	})
	if fault.KindOf(err) == fault.NotFound || errors.Is(err, db.ErrNone) {
		return p.T("subscription.topic.gone"), nil
	}
	return name, err
}

func nameOf(tx *db.Tx, p i18n.Printer, t Topic) (string, error) {
	switch t.Kind {
	case All:
		return p.T("subscription.topic.all"), nil
	case Search:
		return p.T("subscription.topic.search", "words", t.Query.Text), nil
	case Agency:
		a, err := agency.Load(tx, t.Target)
		if err != nil {
			return "", err
		}
		return p.T("subscription.topic.agency", "body", a.Name), nil
	}
	s, err := section.Load(tx, t.Target)
	if err != nil {
		return "", err
	}
	a, err := agency.Load(tx, s.Agency)
	if err != nil {
		return "", err
	}
	return p.T("subscription.topic.section", "body", a.Name, "section", s.Name), nil
}
