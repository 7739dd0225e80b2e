package desk

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"

	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// cookie is the name of the cookie that ties batches to the browser that made them.
const cookie = "gongkai-desk"

// token returns what the browser's cookie says, "" if it has none.
func token(r *http.Request) string {
	c, err := r.Cookie(cookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// hand gives the browser a token unless it has one.
func (d *desk) hand(w http.ResponseWriter, r *http.Request) string {
	if t := token(r); len(t) == len(rand.Text()) {
		return t
	}
	t := rand.Text()
	http.SetCookie(w, &http.Cookie{
		Name: cookie, Value: t, Path: d.Base + "/", HttpOnly: true,
		Secure: d.Secure || r.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
	return t
}

// batch finds the batch an address names and hands it on.
func (d *desk) batch(h func(http.ResponseWriter, *http.Request, *batch) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		b, err := d.shelf.find(r.PathValue("id"), token(r))
		if err != nil {
			return err
		}
		return h(w, r, b)
	}
}

// entry finds the batch and the file in it that an address names.
func (d *desk) entry(h func(http.ResponseWriter, *http.Request, *batch, *entry) error) web.Handler {
	return d.batch(func(w http.ResponseWriter, r *http.Request, b *batch) error {
		no, err := strconv.Atoi(r.PathValue("no"))
		if err != nil {
			return ErrNoFile
		}
		e, err := b.get(no)
		if err != nil {
			return err
		}
		return h(w, r, b, e)
	})
}

// page fills in what all pages know.
func (d *desk) page(r *http.Request, title string) web.Page {
	lang := web.LanguageOf(r)
	prefix := d.Base + web.Prefix(lang, d.Lang)
	p := web.Page{
		Printer: i18n.To(lang), Title: title,
		Home: prefix + "/", Help: prefix + "/help",
		Icon:    d.assets.Path("icon.svg"),
		Styles:  []string{d.assets.Path("base.css"), d.assets.Path("desk.css")},
		Scripts: []string{d.assets.Path("desk.js")},
	}
	for _, other := range i18n.Langs {
		if other == lang {
			continue
		}
		p.Others = append(p.Others, web.Link{
			Href: d.Base + web.Prefix(other, d.Lang) + here(r), Text: web.Names[other], Lang: string(other),
		})
	}
	return p
}

// here is the address a person can come back to: that of the page, or for an act the page
// it belongs to.
func here(r *http.Request) string {
	if r.Method != http.MethodGet {
		return "/"
	}
	if r.URL.RawQuery == "" {
		return r.URL.Path
	}
	return r.URL.Path + "?" + r.URL.RawQuery
}

// printer returns the printer of the request's language.
func printer(r *http.Request) i18n.Printer { return i18n.To(web.LanguageOf(r)) }

// path returns an address of the desk in the request's language.
func (d *desk) path(r *http.Request, format string, args ...any) string {
	return d.Base + web.Prefix(web.LanguageOf(r), d.Lang) + fmt.Sprintf(format, args...)
}

// goTo sends the browser there after an act.
func (d *desk) goTo(w http.ResponseWriter, r *http.Request, format string, args ...any) error {
	http.Redirect(w, r, d.path(r, format, args...), http.StatusSeeOther)
	return nil
}

// today is the civil day on the desk's clock.
func (d *desk) today() date.Date { return date.Of(d.Now()) }

// failurePage shows an error.
type failurePage struct {
	web.Page
	Message string
	Cite    string
	Back    string
}

func (d *desk) showFailure(w http.ResponseWriter, r *http.Request, f web.Failure) {
	p := failurePage{Page: d.page(r, printer(r).T("desk.failure.title"))}
	p.Message, p.Back = p.Text(f.Err.Message()), p.Home
	p.Cite = cite(p.Printer, f.Err.Cite)
	if err := d.pages.Write(w, r, f.Status, "failure", p); err != nil {
		d.Log.Error("error page failed", "route", r.Pattern, "err", err)
		http.Error(w, p.Message, f.Status)
	}
}
