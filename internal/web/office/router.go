package office

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// The faults of coming and going.
var (
	// ErrSignedOut says that nobody is signed in with this browser, or no longer.
	ErrSignedOut = &fault.Error{Kind: fault.Forbidden, Code: "office.signed_out"}
	// ErrToken refuses a form that does not carry the token of the person's own pages.
	ErrToken = &fault.Error{Kind: fault.Forbidden, Code: "office.token"}
)

// router registers the addresses of the areas.
type router struct {
	*Office
	mux *http.ServeMux
}

// Routes lists the patterns of every address the office answers, for who guards them.
func (o *Office) Routes() []string { return slices.Clone(o.patterns) }

// formLimit bounds a form without files; a long article with its markup fits.
const formLimit = 8 << 20

// Page registers an address for signed-in people. Who is not is led to the sign-in page
// and back. Whatever is posted must carry the page's token.
func (rt *router) Page(pattern string, h web.Handler) { rt.handle(pattern, formLimit, true, h) }

// Upload is Page for forms with files of up to limit bytes together.
func (rt *router) Upload(pattern string, limit int64, h web.Handler) {
	rt.handle(pattern, limit, true, h)
}

// Open registers an address for everybody, such as the sign-in page. The token is asked
// for all the same.
func (rt *router) Open(pattern string, h web.Handler) { rt.handle(pattern, formLimit, false, h) }

func (rt *router) handle(pattern string, limit int64, signedIn bool, h web.Handler) {
	rt.patterns = append(rt.patterns, pattern)
	rt.mux.Handle(pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		v, err := rt.visit(w, r)
		r = withVisit(r, v)
		rt.server.Handle(func(w http.ResponseWriter, r *http.Request) error {
			if err != nil {
				return err
			}
			if signedIn && !v.SignedIn() {
				return rt.askToSignIn(w, r)
			}
			if err := checkToken(r); err != nil {
				return err
			}
			return h(w, r)
		}).ServeHTTP(w, r)
	}))
}

// askToSignIn leads to the sign-in page, which leads back here. What was posted is lost,
// so an act says so instead.
func (rt *router) askToSignIn(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return ErrSignedOut
	}
	http.Redirect(w, r, rt.path(r, "/office/sign-in")+"?next="+escapeQuery(rt.path(r, "")+here(r)), http.StatusSeeOther)
	return nil
}

// visit is who calls, and for which body.
type visit struct {
	Session
	secret string // of the session, or of the browser that has none yet
	body   string
}

type visitKey struct{}

func withVisit(r *http.Request, v *visit) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
}

// visitOf returns the visit of a request that a router passed on.
func visitOf(r *http.Request) *visit {
	v, ok := r.Context().Value(visitKey{}).(*visit)
	if !ok {
		return &visit{}
	}
	return v
}

// SignedIn reports whether somebody is.
func (v *visit) SignedIn() bool { return v.Actor.ID != "" }

// Actor returns who acts, for the acts of the domain.
func (o *Office) Actor(r *http.Request) actor.Actor { return visitOf(r).Actor }

// Body returns the body the person works for at the moment, "" if none.
func (o *Office) Body(r *http.Request) string { return visitOf(r).body }

// printer returns the printer of the request's language.
func printer(r *http.Request) i18n.Printer { return i18n.To(web.LanguageOf(r)) }

// The cookies. Lax and not Strict for the session, so that a link in a reminder's mail
// opens the page it names.
const (
	sessionCookie = "gongkai-office"  // the secret of the session
	visitorCookie = "gongkai-visitor" // ties forms to a browser before anybody signs in
	bodyCookie    = "gongkai-body"    // the body worked for; a preference and no secret
	flashCookie   = "gongkai-flash"
)

// visit finds out who calls. An unreadable session is none; another failure is shown.
func (o *Office) visit(w http.ResponseWriter, r *http.Request) (*visit, error) {
	v := &visit{}
	if c, err := r.Cookie(sessionCookie); err == nil {
		s, err := o.Sessions.Session(r.Context(), c.Value, remoteOf(r))
		switch {
		case err == nil:
			v.Session, v.secret = s, c.Value
			v.body = v.choose(r)
			return v, nil
		case !errors.Is(err, ErrSignedOut):
			return v, err
		}
		o.setCookie(w, r, sessionCookie, "", -1)
	}
	v.secret = o.visitor(w, r)
	return v, nil
}

// choose returns the body the person chose last, else the first.
func (v *visit) choose(r *http.Request) string {
	if c, err := r.Cookie(bodyCookie); err == nil {
		for _, b := range v.Bodies {
			if b.ID == c.Value {
				return b.ID
			}
		}
	}
	if len(v.Bodies) > 0 {
		return v.Bodies[0].ID
	}
	return ""
}

func (o *Office) setCookie(w http.ResponseWriter, r *http.Request, name, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: o.Base + "/", MaxAge: age, HttpOnly: true,
		Secure: o.Secure || r.TLS != nil, SameSite: http.SameSiteLaxMode,
	})
}

// SignIn gives the browser the secret of a new session. Whatever it held before is void, so
// that a secret planted in a browser never becomes somebody's session.
func (o *Office) SignIn(w http.ResponseWriter, r *http.Request, secret string) {
	o.setCookie(w, r, visitorCookie, "", -1)
	o.setCookie(w, r, sessionCookie, secret, 0)
}

// SignOut takes the session from the browser.
func (o *Office) SignOut(w http.ResponseWriter, r *http.Request) {
	o.setCookie(w, r, sessionCookie, "", -1)
	o.setCookie(w, r, flashCookie, "", -1)
}

// remoteOf is the address the connection comes from.
func remoteOf(r *http.Request) string {
	host, _, found := strings.Cut(r.RemoteAddr, "]")
	if found { // [::1]:80
		return strings.TrimPrefix(host, "[")
	}
	host, _, _ = strings.Cut(r.RemoteAddr, ":")
	return host
}
