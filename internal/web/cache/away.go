package cache

import (
	"context"
	"embed"
	"net/http"
	"strings"

	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

//go:embed page
var files embed.FS

// again is when a browser may ask again, in seconds.
const again = "5"

// failed answers when a page could not be made: if the database went away meanwhile, with what
// there is instead, else with what the portal said.
func (c *Cache) failed(w http.ResponseWriter, r *http.Request, a *answer) {
	c.look(context.WithoutCancel(r.Context()))
	if st := c.state.Load(); st != nil && st.away || a.status == 0 {
		c.without(w, r, st)
		return
	}
	a.send(w, r)
}

// without answers while the database is away and the page is not in memory.
func (c *Cache) without(w http.ResponseWriter, r *http.Request, st *state) {
	if c.aside(w, r, st) {
		return
	}
	lang, _ := web.LanguageIn(strings.TrimPrefix(r.URL.Path, c.Base), c.Lang)
	c.sorry.send(w, r, lang)
}

// sorry is the page that asks to come back soon.
type sorry struct{ byLang map[i18n.Lang][]byte }

type sorryPage struct{ web.Page }

// newSorry makes the page once: when it is needed nothing else works.
func newSorry(base string) (*sorry, error) {
	assets, err := web.NewAssets(base+"/static/", web.Static())
	if err != nil {
		return nil, err
	}
	pages, err := web.ParsePages(files, "page")
	if err != nil {
		return nil, err
	}
	s := &sorry{map[i18n.Lang][]byte{}}
	for _, lang := range []i18n.Lang{i18n.Chinese, i18n.English} {
		p := i18n.To(lang)
		a := &answer{header: http.Header{}}
		v := sorryPage{web.Page{Printer: p, Title: p.T("web.sorry.title"), Home: base + "/", Icon: assets.Path("icon.svg"), Styles: []string{assets.Path("base.css")}}}
		if err := pages.Write(a, &http.Request{}, http.StatusServiceUnavailable, "sorry", v); err != nil {
			return nil, err
		}
		s.byLang[lang] = a.body.Bytes()
	}
	return s, nil
}

func (s *sorry) send(w http.ResponseWriter, r *http.Request, lang i18n.Lang) {
	h := w.Header()
	web.SetHeaders(h)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Retry-After", again)
	w.WriteHeader(http.StatusServiceUnavailable)
	if r.Method != http.MethodHead {
		_, _ = w.Write(s.byLang[lang])
	}
}
