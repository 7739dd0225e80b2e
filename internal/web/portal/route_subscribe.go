package portal

import (
	"cmp"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/fault"
	"gongkai/internal/notify"
	"gongkai/internal/subscription"
	"gongkai/internal/web"
)

// subscribeArea is subscriptions by mail: asking, confirming, changing, leaving.
func (p *portal) subscribeArea() area {
	if p.Subscriptions == nil {
		return area{}
	}
	a := area{pages: map[string]web.Handler{
		"GET /subscribe":          p.showSubscribe,
		"POST /subscribe":         p.subscribe,
		"GET /subscribe/sent":     p.showSent,
		"GET /subscribe/confirm":  p.showConfirm,
		"POST /subscribe/confirm": p.confirm,
		"GET /subscribe/manage":   p.showManage,
		"POST /subscribe/manage":  p.manage,
		"GET /subscribe/leave":    p.showLeave,
		"POST /subscribe/leave":   p.leave,
	}}
	if p.Outbox != nil {
		a.pages["GET /outbox"] = p.showOutbox
	}
	return a
}

// option is one of several to choose from.
type option struct {
	Value, Text, Group string
	On                 bool
}

type subscribePage struct {
	page
	On       bool
	Self     string
	Topics   []option // all a person may choose here
	Rhythms  []option
	Email    string
	Kept     []option // the search that is subscribed to, as hidden fields
	Words    string   // of the search
	Problem  string
	Field    string // the field the problem is at
	Atom     string
	RSS      string
	Outbox   string // of a demonstration
	Days     int
	Groups   []optionGroup
	Operator string
}

// optionGroup is options under one heading.
type optionGroup struct {
	Name    string
	Options []option
}

// subscribeFrame begins a page of subscriptions, which is for whoever asks alone.
func (p *portal) subscribeFrame(r *http.Request, title string) page {
	web.Once(r.Context())
	v := p.page(r, "")
	v.Title = v.T(title)
	v.Trail = p.trail(r, v, nil, nil)
	v.Styles = append(v.Styles, p.assets.Path("subscribe.css"))
	v.Canonical = "" // with a key or token it is nobody else's
	return v
}

func (p *portal) showSubscribe(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if q.Has(askText) {
		q = p.ask(r).kept(q)
	}
	v, err := p.subscribePage(r, q)
	if err != nil {
		return err
	}
	return p.pages.Write(w, r, http.StatusOK, "subscribe", v)
}

// kept is a search as a subscription to it names it: its words and filters, those that follow
// from the site it was asked in among them.
func (a *asked) kept(from url.Values) url.Values {
	out := url.Values{askText: {a.text()}, "agency": a.query.Agencies, keptSection: a.query.Sections, "theme": a.query.Themes, "genre": a.query.Genres,
		"issuer": a.query.Issuers, "validity": a.query.Validities, "kind": a.query.Kinds}
	for _, y := range a.query.Years {
		out.Add("year", strconv.Itoa(y))
	}
	if s := from[askSection]; len(s) == 1 {
		out[askSection] = s
	}
	return out
}

// keptSection is the field of a kept search's sections; askSection is the section somebody came
// from.
const keptSection = "in"

// subscribePage offers what the address names: a search, a section, a body, and always more.
func (p *portal) subscribePage(r *http.Request, q url.Values) (*subscribePage, error) {
	v := &subscribePage{page: p.subscribeFrame(r, "portal.subscribe"), On: p.Subscriptions.On(r.Context()), Self: p.path(r, "/subscribe"+ending), Days: subscription.DaysToConfirm}
	v.Operator = cmp.Or(v.Foot.Sponsor, v.Site)
	if p.has["/feed.atom"] {
		v.Atom, v.RSS = p.path(r, "/feed.atom"), p.path(r, "/feed.rss")
	}
	if web.IsCopy(r.Context()) { // nobody takes addresses there: the feeds are left
		v.Title = v.T("portal.feeds")
		return v, nil
	}
	if p.Outbox != nil {
		v.Outbox = p.path(r, "/outbox"+ending)
	}
	topics, err := p.offers(r, v, q)
	if err != nil {
		return nil, err
	}
	chosen := q.Get("topic")
	for i := range topics {
		if topics[i].On = topics[i].Value == chosen || chosen == "" && i == 0; topics[i].On {
			break
		}
	}
	for _, t := range topics {
		if n := len(v.Groups); n == 0 || v.Groups[n-1].Name != t.Group {
			v.Groups = append(v.Groups, optionGroup{Name: t.Group})
		}
		last := &v.Groups[len(v.Groups)-1]
		last.Options = append(last.Options, t)
	}
	for _, one := range subscription.Rhythms {
		v.Rhythms = append(v.Rhythms, option{Value: string(one), Text: v.Text(one.Message()), On: string(one) == cmp.Or(q.Get("rhythm"), string(subscription.Daily))})
	}
	return v, nil
}

// filters are the fields of a search that are kept with it.
var filters = []string{askText, "agency", keptSection, "theme", "genre", "year", "issuer", "validity", "kind"}

// offers lists what can be subscribed to, the most particular first: the search or section one
// came from, this body, its sections, everything.
func (p *portal) offers(r *http.Request, v *subscribePage, q url.Values) (all []option, err error) {
	say := v.Printer
	if words := strings.TrimSpace(q.Get("q")); words != "" {
		v.Words = words
		all = append(all, option{Value: "search", Text: say.T("subscription.topic.search", "words", words)})
		for _, name := range filters {
			for _, one := range q[name] {
				v.Kept = append(v.Kept, option{Value: one, Text: name})
			}
		}
	}
	body := hereOf(r.Context()).Body
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		asked := ""
		if id := q.Get("section"); id != "" {
			s, err := section.Load(tx, id)
			if err != nil && fault.KindOf(err) != fault.NotFound {
				return err
			}
			if err == nil && !s.Retired {
				asked = id
				all = append(all, option{Value: "section:" + id, Text: say.T("portal.subscribe.section", "section", s.Name)})
				body = hereOf(r.Context()).sites.Tree.Get(s.Agency)
			}
		}
		if body == nil {
			return nil
		}
		all = append(all, option{Value: "agency:" + body.ID, Text: say.T("subscription.topic.agency", "body", body.Name)})
		tree, err := section.All(tx, body.ID)
		for _, s := range tree {
			if !s.Retired && s.ID != asked {
				all = append(all, option{Value: "section:" + s.ID, Text: s.Name, Group: say.T("portal.subscribe.sections", "body", body.Name)})
			}
		}
		return err
	})
	return append(all, option{Value: "all", Text: say.T("subscription.topic.all"), Group: say.T("portal.subscribe.everything")}), err
}

// topicOf reads what was chosen.
func topicOf(q url.Values) subscription.Topic {
	kind, target, _ := strings.Cut(q.Get("topic"), ":")
	t := subscription.Topic{Kind: subscription.Kind(kind), Target: target}
	if t.Kind == subscription.Search {
		t.Query = subscription.Query{Text: strings.TrimSpace(q.Get("q")), Agencies: q["agency"], Sections: q[keptSection], Themes: q["theme"], Genres: q["genre"],
			Issuers: q["issuer"], Validities: q["validity"], Kinds: q["kind"]}
		for _, y := range q["year"] {
			if n, err := strconv.Atoi(y); err == nil {
				t.Query.Years = append(t.Query.Years, n)
			}
		}
	}
	return t
}

// remote is the network address a request came from.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// subscribe takes a wish. Whoever enters an address learns nothing about it.
func (p *portal) subscribe(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	err := f.Err()
	if err == nil {
		err = p.Subscriptions.Ask(r.Context(), subscription.Wish{
			Address: f.Need("email"), Topic: topicOf(r.PostForm), Rhythm: subscription.Rhythm(f.Text("rhythm")), Lang: web.LanguageOf(r), Remote: remote(r),
		})
	}
	if err == nil {
		http.Redirect(w, r, p.path(r, "/subscribe/sent"+ending), http.StatusSeeOther)
		return nil
	}
	all := web.FaultsOf(err)
	if len(all) == 0 || all[0].Kind == fault.NotFound {
		return err
	}
	v, broken := p.subscribePage(r, r.PostForm)
	if broken != nil {
		return broken
	}
	v.Email, v.Problem, v.Field = f.Text("email"), v.Text(all[0].Message()), all[0].Field
	return p.pages.Write(w, r, web.Status(all[0].Kind), "subscribe", v)
}

// notePage is a page that says one thing and offers one act.
type notePage struct {
	page
	Good   bool
	Lead   string
	Note   string
	Lines  []string
	Post   string // where the act is sent, "" for none
	Hidden []option
	Button string
	Links  []web.Link
}

func (p *portal) showSent(w http.ResponseWriter, r *http.Request) error {
	v := &notePage{page: p.subscribeFrame(r, "portal.subscribe.sent"), Good: true}
	v.Lead = v.T("portal.subscribe.sent_lead", "days", subscription.DaysToConfirm)
	v.Lines = []string{v.T("portal.subscribe.sent_spam"), v.T("portal.subscribe.sent_same")}
	if p.Outbox != nil {
		v.Links = []web.Link{{Href: p.path(r, "/outbox"+ending), Text: v.T("portal.outbox.open")}}
	}
	return p.pages.Write(w, r, http.StatusOK, "subscribe_note", v)
}

// showConfirm asks for a press of a button: mail programs open links by themselves, and that
// shall confirm nothing.
func (p *portal) showConfirm(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("t")
	s, err := p.Subscriptions.Offered(r.Context(), token)
	if err != nil {
		return p.dead(w, r, err)
	}
	v := &notePage{page: p.subscribeFrame(r, "portal.subscribe.confirm")}
	name, err := p.Subscriptions.Name(r.Context(), v.Lang(), s.Topic)
	if err != nil {
		return err
	}
	v.Lead = v.T("portal.subscribe.confirm_lead", "topic", name, "rhythm", s.Rhythm.Message())
	v.Note = v.T("portal.subscribe.confirm_note")
	v.Post, v.Button = p.path(r, "/subscribe/confirm"+ending), v.T("portal.subscribe.confirm_button")
	v.Hidden = []option{{Text: "t", Value: token}}
	return p.pages.Write(w, r, http.StatusOK, "subscribe_note", v)
}

func (p *portal) confirm(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	if err := f.Err(); err != nil {
		return err
	}
	_, key, err := p.Subscriptions.Confirm(r.Context(), f.Text("t"))
	if err != nil {
		return p.dead(w, r, err)
	}
	return p.toManage(w, r, key, "confirmed")
}

func (p *portal) toManage(w http.ResponseWriter, r *http.Request, key, did string) error {
	http.Redirect(w, r, p.path(r, "/subscribe/manage"+ending)+"?"+url.Values{"k": {key}, "did": {did}}.Encode(), http.StatusSeeOther)
	return nil
}

// heldTopic is one subscription on the person's page.
type heldTopic struct {
	ID, Name string
	Rhythms  []option
}

type managePage struct {
	page
	Self, Key string
	Masked    string
	Did       string
	Topics    []heldTopic
}

// did are what the person's page says was done.
var did = map[string]string{"confirmed": "portal.subscribe.did_confirm", "changed": "portal.subscribe.did_change", "left": "portal.subscribe.did_leave"}

func (p *portal) showManage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	h, err := p.Subscriptions.Held(r.Context(), q.Get("k"))
	if err != nil {
		return p.dead(w, r, err)
	}
	v := &managePage{page: p.subscribeFrame(r, "portal.subscribe.manage"), Self: p.path(r, "/subscribe/manage"+ending), Key: q.Get("k"), Masked: h.Masked}
	if key := did[q.Get("did")]; key != "" {
		v.Did = v.T(key)
	}
	for _, s := range h.Topics {
		name, err := p.Subscriptions.Name(r.Context(), v.Lang(), s.Topic)
		if err != nil {
			return err
		}
		t := heldTopic{ID: s.ID, Name: name}
		for _, one := range subscription.Rhythms {
			t.Rhythms = append(t.Rhythms, option{Value: string(one), Text: v.Text(one.Message()), On: one == s.Rhythm})
		}
		v.Topics = append(v.Topics, t)
	}
	return p.pages.Write(w, r, http.StatusOK, "subscribe_manage", v)
}

func (p *portal) manage(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	if err := f.Err(); err != nil {
		return err
	}
	key, id := f.Text("k"), f.Text("s")
	if f.Text("do") == "change" {
		if err := p.Subscriptions.Change(r.Context(), key, id, subscription.Rhythm(f.Text("rhythm"))); err != nil {
			return err
		}
		return p.toManage(w, r, key, "changed")
	}
	if err := p.Subscriptions.Leave(r.Context(), key, id); err != nil {
		return p.dead(w, r, err)
	}
	if _, err := p.Subscriptions.Held(r.Context(), key); err == nil {
		return p.toManage(w, r, key, "left")
	}
	return p.showLeft(w, r)
}

// showLeave asks for a press of a button; mail programs that know RFC 8058 send it themselves.
func (p *portal) showLeave(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	h, err := p.Subscriptions.Held(r.Context(), q.Get("k"))
	if err != nil {
		return p.dead(w, r, err)
	}
	v := &notePage{page: p.subscribeFrame(r, "portal.subscribe.leave")}
	for _, s := range h.Topics {
		if id := q.Get("s"); id == "" || id == s.ID {
			name, err := p.Subscriptions.Name(r.Context(), v.Lang(), s.Topic)
			if err != nil {
				return err
			}
			v.Lines = append(v.Lines, name)
		}
	}
	v.Lead, v.Button = v.T("portal.subscribe.leave_lead", "address", h.Masked), v.T("portal.subscribe.leave_button")
	v.Post = p.path(r, "/subscribe/leave"+ending) + "?" + url.Values{"k": {q.Get("k")}, "s": {q.Get("s")}}.Encode()
	v.Links = []web.Link{{Href: p.path(r, "/subscribe/manage"+ending) + "?" + url.Values{"k": {q.Get("k")}}.Encode(), Text: v.T("portal.subscribe.manage")}}
	return p.pages.Write(w, r, http.StatusOK, "subscribe_note", v)
}

// leave ends what the address names, whatever the form holds: RFC 8058 has mail programs post
// "List-Unsubscribe=One-Click" to it, with nothing else.
func (p *portal) leave(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if err := p.Subscriptions.Leave(r.Context(), q.Get("k"), q.Get("s")); err != nil {
		return p.dead(w, r, err)
	}
	return p.showLeft(w, r)
}

func (p *portal) showLeft(w http.ResponseWriter, r *http.Request) error {
	v := &notePage{page: p.subscribeFrame(r, "portal.subscribe.left"), Good: true}
	v.Lead = v.T("portal.subscribe.left_lead")
	v.Links = []web.Link{{Href: p.path(r, "/subscribe"+ending), Text: v.T("portal.subscribe")}}
	return p.pages.Write(w, r, http.StatusOK, "subscribe_note", v)
}

// dead says that a link of a mail leads nowhere any more, and how to begin anew.
func (p *portal) dead(w http.ResponseWriter, r *http.Request, err error) error {
	if !errors.Is(err, subscription.ErrToken) && !errors.Is(err, subscription.ErrLink) {
		return err
	}
	v := &notePage{page: p.subscribeFrame(r, "portal.subscribe.dead")}
	v.Lead = v.Text(web.FaultsOf(err)[0].Message())
	v.Links = []web.Link{{Href: p.path(r, "/subscribe"+ending), Text: v.T("portal.subscribe")}}
	return p.pages.Write(w, r, http.StatusNotFound, "subscribe_note", v)
}

// posted is a mail of the demonstration, its text in pieces of which some are addresses.
type posted struct {
	notify.Posted
	When   string
	Pieces []web.Link
}

type outboxPage struct {
	page
	Mails []posted
}

// showOutbox shows the mails a demonstration would have sent.
func (p *portal) showOutbox(w http.ResponseWriter, r *http.Request) error {
	v := &outboxPage{page: p.subscribeFrame(r, "portal.outbox")}
	for _, m := range p.Outbox.Posted() {
		v.Mails = append(v.Mails, posted{m, second(m.At), pieces(m.Text)})
	}
	return p.pages.Write(w, r, http.StatusOK, "outbox", v)
}

var address = regexp.MustCompile(`https?://[^\s<>]+`)

// pieces parts a text at its addresses.
func pieces(text string) (all []web.Link) {
	at := 0
	for _, m := range address.FindAllStringIndex(text, -1) {
		all = append(all, web.Link{Text: text[at:m[0]]}, web.Link{Text: text[m[0]:m[1]], Href: text[m[0]:m[1]]})
		at = m[1]
	}
	return append(all, web.Link{Text: text[at:]})
}
