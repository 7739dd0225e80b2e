package portal

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"gongkai/internal/identity"
	"gongkai/internal/notify"
	"gongkai/internal/sms"
	"gongkai/internal/web"
)

// The addresses of signing in. They have no ending: what ends like a page may be kept for
// everybody, and is made without knowing who asks.
const (
	signInPath  = "/identity/sign-in"
	beginPath   = "/identity/begin"
	accountPath = "/identity/account"
	signOutPath = "/identity/sign-out"
)

// personCookie carries the secret of a person's session, handshakeCookie a sign-in under way.
const (
	personCookie    = "gongkai-person"
	handshakeCookie = "gongkai-handshake"
	handshakeAge    = 600
)

// identityArea is people proving who they are through a platform, where there is one.
func (p *portal) identityArea() area {
	if !p.Identity.On() {
		return area{}
	}
	return area{raw: map[string]web.Handler{
		"GET " + signInPath: p.showSignIn, "GET " + beginPath: p.beginSignIn, "GET /identity/callback": p.finishSignIn,
		"GET " + accountPath: p.showAccount, "POST " + signOutPath: p.signOut,
	}}
}

// person is who is signed in, nil for nobody. It knows only in pages that are made for one answer.
func (p *portal) person(r *http.Request) (*identity.Person, error) {
	c, err := r.Cookie(personCookie)
	if err != nil || !p.Identity.On() {
		return nil, nil
	}
	web.Once(r.Context())
	who, err := p.Identity.Who(r.Context(), c.Value)
	if errors.Is(err, identity.ErrSignedOut) {
		return nil, nil
	}
	return who, err
}

// accountLink leads to the person's account, and whoever has none to signing in; "" where nobody can.
func (p *portal) accountLink(r *http.Request) string {
	if !p.Identity.On() || web.IsCopy(r.Context()) {
		return ""
	}
	return p.at(r, hereOf(r.Context()).sites.Main, accountPath)
}

func (p *portal) keep(w http.ResponseWriter, r *http.Request, name, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: p.Base + "/", MaxAge: age, HttpOnly: true, Secure: p.Secure || r.TLS != nil,
		SameSite: http.SameSiteLaxMode})
}

// nextOf is where to go on to: within this host alone.
func (p *portal) nextOf(r *http.Request) string {
	next := r.URL.Query().Get("next")
	if !inside(next) || !strings.HasPrefix(next, p.Base+"/") {
		return p.path(r, accountPath)
	}
	return next
}

type identityPage struct {
	page
	Platform string
	Problem  string
	Begin    string // where signing in leads
	Lines    []string
	Who      []claim
	Out      string // where signing out is sent
	Ended    bool   // the person has just signed out
	Next     string
}

// claim is something the platform told of a person, with its label.
type claim struct{ Label, Value string }

func (p *portal) identityPage(r *http.Request, title string) *identityPage {
	v := &identityPage{page: p.subscribeFrame(r, title), Next: p.nextOf(r)}
	v.Platform = p.Identity.Provider.Name()
	if v.Platform == "" {
		v.Platform = v.T("portal.identity.platform")
	}
	v.Begin = p.path(r, beginPath) + "?" + url.Values{"next": {v.Next}}.Encode()
	for _, key := range []string{"portal.identity.what", "portal.identity.kept", "portal.identity.session"} {
		v.Lines = append(v.Lines, v.T(key))
	}
	return v
}

// showSignIn says what signing in tells us, before it begins. Signing in belongs to the main site,
// whose address the platform knows.
func (p *portal) showSignIn(w http.ResponseWriter, r *http.Request) error {
	if h := hereOf(r.Context()); h.Place != h.sites.Main {
		http.Redirect(w, r, p.at(r, h.sites.Main, signInPath), http.StatusSeeOther)
		return nil
	}
	return p.pages.Write(w, r, http.StatusOK, "identity", p.identityPage(r, "portal.identity.sign_in"))
}

func (p *portal) beginSignIn(w http.ResponseWriter, r *http.Request) error {
	to, cookie, err := p.Identity.Begin(r.Context(), p.nextOf(r))
	if err != nil {
		return p.notSignedIn(w, r, err)
	}
	p.keep(w, r, handshakeCookie, cookie, handshakeAge)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (p *portal) finishSignIn(w http.ResponseWriter, r *http.Request) error {
	cookie, q := "", r.URL.Query()
	if c, err := r.Cookie(handshakeCookie); err == nil {
		cookie = c.Value
	}
	p.keep(w, r, handshakeCookie, "", -1)
	_, secret, next, err := p.Identity.Finish(r.Context(), cookie, identity.Answer{State: q.Get("state"), Code: q.Get("code"), Error: q.Get("error")})
	if err != nil {
		return p.notSignedIn(w, r, err)
	}
	p.keep(w, r, personCookie, secret, 0)
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// notSignedIn says why it came to nothing, and offers to try again or go on without.
func (p *portal) notSignedIn(w http.ResponseWriter, r *http.Request, err error) error {
	all := web.FaultsOf(err)
	if len(all) == 0 {
		return err
	}
	if all[0].Cause != nil {
		p.Log.Warn("sign-in through the platform failed", "err", all[0].Cause)
	}
	v := p.identityPage(r, "portal.identity.failed")
	v.Problem = v.Text(all[0].Message())
	return p.pages.Write(w, r, web.Status(all[0].Kind), "identity", v)
}

// showAccount shows a person what is known of them, so far as a page should show it.
func (p *portal) showAccount(w http.ResponseWriter, r *http.Request) error {
	who, err := p.person(r)
	if err != nil {
		return err
	}
	if who == nil {
		http.Redirect(w, r, p.path(r, signInPath), http.StatusSeeOther)
		return nil
	}
	v := p.identityPage(r, "portal.identity.account")
	v.Out, v.Lines = p.path(r, signOutPath), nil
	for _, one := range []claim{
		{v.T("portal.identity.name"), who.Name}, {v.T("portal.identity.organisation"), who.Organisation}, {v.T("portal.identity.kind"), v.Text(who.Kind.Message())},
		{v.T("portal.identity.number"), veil(who.IDNumber)}, {v.T("portal.identity.code"), who.CreditCode}, {v.T("portal.identity.phone"), maskedPhone(who.Phone)},
		{v.T("portal.identity.email"), maskedMail(who.Email)},
	} {
		if one.Value != "" {
			v.Who = append(v.Who, one)
		}
	}
	return p.pages.Write(w, r, http.StatusOK, "identity", v)
}

// veil shows of a number its first and last signs.
func veil(number string) string {
	n := []rune(number)
	if len(n) < 8 {
		return strings.Repeat("*", len(n))
	}
	return string(n[:3]) + strings.Repeat("*", len(n)-5) + string(n[len(n)-2:])
}

func maskedPhone(text string) string {
	if number, ok := sms.Number(text); ok {
		return sms.Mask(number)
	}
	return strings.Repeat("*", utf8.RuneCountInString(text))
}

func maskedMail(text string) string {
	if text == "" {
		return ""
	}
	return notify.Mask(text)
}

// signOut ends the person's session here and, where the platform has a page for it, there.
func (p *portal) signOut(w http.ResponseWriter, r *http.Request) error {
	secret := ""
	if c, err := r.Cookie(personCookie); err == nil {
		secret = c.Value
	}
	to, err := p.Identity.SignOut(r.Context(), secret)
	if err != nil {
		return err
	}
	p.keep(w, r, personCookie, "", -1)
	v := p.identityPage(r, "portal.identity.signed_out")
	v.Ended, v.Begin, v.Lines = true, to, []string{v.T("portal.identity.signed_out_here")}
	if to != "" {
		v.Lines = append(v.Lines, v.T("portal.identity.signed_out_there", "platform", v.Platform))
	}
	return p.pages.Write(w, r, http.StatusOK, "identity", v)
}
