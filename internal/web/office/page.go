package office

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// Page is what every page of the office knows; page structs embed it.
type Page struct {
	web.Page
	Token   string // every form posts it as "token"
	Person  string // who is signed in, "" for nobody
	Account string // path of the person's own page
	Out     string // path that signs out
	Switch  string // path that changes the body
	Bodies  []Choice
	Body    string // name of the body worked for
	Here    string // this page, to come back to
	Nav     []NavGroup
	Bar     []NavLink // the few entries of a narrow screen
	Crumbs  []web.Link
	Flash   []Notice
	Bare    bool // without navigation: signing in, setting up
}

// Notice is a message above a page's content.
type Notice struct {
	Text string
	Tone Tone
}

// page fills in what all pages know. title is the page's heading, in words.
func (o *Office) page(r *http.Request, title string) Page {
	v, p := visitOf(r), printer(r)
	page := Page{
		Page: web.Page{
			Printer: p, Title: title, Home: o.path(r, "/office/"), Help: o.path(r, "/office/help"),
			Icon:    o.assets.Path("icon.svg"),
			Styles:  []string{o.assets.Path("base.css"), o.assets.Path("office.css")},
			Scripts: []string{o.assets.Path("office.js"), o.assets.Path("passkey.js")},
		},
		Token: newToken(v.secret), Here: o.path(r, "") + here(r), Bare: !v.SignedIn(),
		Account: o.path(r, "/office/me"), Out: o.path(r, "/office/sign-out"), Switch: o.path(r, "/office/body"),
	}
	for _, other := range i18n.Langs {
		if other != p.Lang() {
			page.Others = append(page.Others, web.Link{
				Href: o.Base + web.Prefix(other, o.Lang) + here(r), Text: web.Names[other], Lang: string(other),
			})
		}
	}
	if v.SignedIn() {
		page.Person = v.Actor.Name
		page.place(v)
		o.navigate(r, &page)
	}
	return page
}

// place fills the switcher of bodies.
func (p *Page) place(v *visit) {
	for _, b := range v.Bodies {
		p.Bodies = append(p.Bodies, Choice{Value: b.ID, Text: b.Name, On: b.ID == v.body})
		if b.ID == v.body {
			p.Body = b.Name
		}
	}
}

// Crumb adds a step of the way to this page.
func (p *Page) Crumb(text, href string) {
	p.Crumbs = append(p.Crumbs, web.Link{Text: text, Href: href})
}

// path returns an address of the office in the request's language. Texts among args are
// escaped as one step of a path each.
func (o *Office) path(r *http.Request, format string, args ...any) string {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = url.PathEscape(s)
		}
	}
	return o.Base + web.Prefix(web.LanguageOf(r), o.Lang) + fmt.Sprintf(format, args...)
}

// here is the address a person can come back to: that of the page, or for an act that of
// the start page.
func here(r *http.Request) string {
	if r.Method != http.MethodGet {
		return "/office/"
	}
	at := (&url.URL{Path: r.URL.Path}).EscapedPath()
	if r.URL.RawQuery != "" {
		at += "?" + r.URL.RawQuery
	}
	return at
}

func escapeQuery(s string) string { return url.QueryEscape(s) }

// safeNext returns next if it leads into this office, else the office's start page. Any
// other address would let a link to our sign-in page lead somebody elsewhere.
func (o *Office) safeNext(r *http.Request, next string) string {
	home := o.path(r, "/office/")
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.ContainsAny(next, "\\\r\n\t") {
		return home
	}
	path, ok := strings.CutPrefix(u.Path, o.Base+"/")
	if !ok || strings.Contains(path, "..") || strings.Contains(path, "//") {
		return home
	}
	for _, lang := range i18n.Langs {
		prefix := strings.TrimPrefix(web.Prefix(lang, o.Lang)+"/office/", "/")
		if strings.HasPrefix(path+"/", prefix) {
			return next
		}
	}
	return home
}

// show sends a page with the messages that wait for it.
func (o *Office) show(w http.ResponseWriter, r *http.Request, name string, page any) error {
	return o.showAs(w, r, http.StatusOK, name, page)
}

// showAs is show with another status, as for a form that was not accepted.
func (o *Office) showAs(w http.ResponseWriter, r *http.Request, status int, name string, page any) error {
	if f, ok := page.(interface{ take([]Notice) }); ok {
		f.take(o.takeFlash(w, r))
	}
	return o.pages.Write(w, r, status, name, page)
}

// take puts messages above the content; page structs have it from the Page they embed.
func (p *Page) take(ns []Notice) { p.Flash = append(p.Flash, ns...) }

// done leads to a page after an act, where message is shown once.
func (o *Office) done(w http.ResponseWriter, r *http.Request, message i18n.Message, format string, args ...any) error {
	o.flash(w, r, Good, message)
	return o.goTo(w, r, format, args...)
}

// goTo leads to a page of the office.
func (o *Office) goTo(w http.ResponseWriter, r *http.Request, format string, args ...any) error {
	http.Redirect(w, r, o.path(r, format, args...), http.StatusSeeOther)
	return nil
}

// flashed is a message on its way to the next page, in a cookie. It holds the message's key
// and values, never markup, and is shown to the browser that carries it alone.
type flashed struct {
	Tone    Tone         `json:"t"`
	Message i18n.Message `json:"m"`
}

// flashAge is how long a message waits for its page, in seconds, and flashSize the most a
// cookie may carry.
const (
	flashAge  = 60
	flashSize = 3000
)

// flash keeps a message for the next page. One too long for a cookie is not shown.
func (o *Office) flash(w http.ResponseWriter, r *http.Request, tone Tone, message i18n.Message) {
	b, err := json.Marshal(flashed{tone, message})
	if err != nil || len(b) > flashSize {
		return
	}
	o.setCookie(w, r, flashCookie, base64.RawURLEncoding.EncodeToString(b), flashAge)
}

func (o *Office) takeFlash(w http.ResponseWriter, r *http.Request) []Notice {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	o.setCookie(w, r, flashCookie, "", -1)
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	var f flashed
	if err != nil || json.Unmarshal(b, &f) != nil {
		return nil
	}
	return []Notice{{printer(r).Text(f.Message), f.Tone}}
}

// failurePage shows an error within the layout.
type failurePage struct {
	Page
	Message, Cite string
	SignIn        string // where to, when nobody is signed in
}

func (o *Office) showFailure(w http.ResponseWriter, r *http.Request, f web.Failure) {
	p := failurePage{Page: o.page(r, printer(r).T("office.failure.title"))}
	p.Message, p.Cite = p.Text(f.Err.Message()), citeOf(p.Printer, f.Err.Cite)
	if f.Err.Is(ErrSignedOut) {
		p.SignIn = o.path(r, "/office/sign-in")
	}
	if err := o.showAs(w, r, f.Status, "failure", &p); err != nil {
		o.Log.Error("error page failed", "route", r.Pattern, "err", err)
		http.Error(w, p.Message, f.Status)
	}
}

// confirmPage asks before an act.
type confirmPage struct {
	Page
	Ask    Confirm
	Action string
	Values []Field // posted again
}

// sure reports whether the person has confirmed; if not it asks, posting the same form
// again with the answer. A handler that gets false returns err.
func (o *Office) sure(w http.ResponseWriter, r *http.Request, c Confirm) (bool, error) {
	f := web.ReadForm(r)
	if f.Bool("sure") {
		return true, nil
	}
	p := confirmPage{Page: o.page(r, c.Title), Ask: c, Action: o.path(r, "") + (&url.URL{Path: r.URL.Path}).EscapedPath()}
	for name, values := range r.PostForm {
		if name == tokenField || c.Reason != nil && name == c.Reason.Name {
			continue
		}
		for _, v := range values {
			p.Values = append(p.Values, Field{Name: name, Value: v})
		}
	}
	if c.Reason != nil {
		reason := *c.Reason
		reason.ready(p.Printer)
		p.Ask.Reason = &reason
	}
	return false, o.show(w, r, "confirm", &p)
}
