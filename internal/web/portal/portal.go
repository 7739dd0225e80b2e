// Package portal shows the public what is published (门户): bodies, their sections, lists and
// the pages of single items, through the read API of package disclosure and nothing else.
// Who reads is asked nothing and leaves no trace.
package portal

import (
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/guide"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

//go:embed page static
var files embed.FS

// Options are what the portal is built from; all but Base and Lang must be set.
type Options struct {
	Base   string    // path everything is served under, "" or such as "/gongkai"
	Lang   i18n.Lang // language of paths without a prefix; Chinese if empty
	Site   string    // the site's name; the product's if empty
	DB     *db.DB
	Reader *disclosure.Reader
	Guides *guide.Desk
	Credit *credit.Desk
	// Normative tells how published documents stand.
	Normative *normative.Desk
	Log       *slog.Logger
	Blobs     *blob.Store
}

type portal struct {
	Options
	pages  *web.Pages
	assets *web.Assets
}

// New returns the portal's handler.
func New(o Options) (http.Handler, error) {
	if o.DB == nil || o.Reader == nil || o.Guides == nil || o.Credit == nil || o.Normative == nil || o.Log == nil || o.Blobs == nil {
		return nil, errors.New("portal: Options.DB, Reader, Guides, Credit, Normative, Log and Blobs must be set")
	}
	if o.Lang == "" {
		o.Lang = i18n.Chinese
	}
	o.Base = strings.TrimRight(o.Base, "/")
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, err
	}
	p := &portal{Options: o}
	if p.assets, err = web.NewAssets(o.Base+"/static/", web.Static(), static); err != nil {
		return nil, err
	}
	if p.pages, err = web.ParsePages(files, "page"); err != nil {
		return nil, err
	}
	s := web.Server{Log: o.Log, Show: p.showFailure}
	mux := http.NewServeMux()
	mux.Handle("GET /static/", p.assets)
	for pattern, h := range map[string]web.Handler{
		"GET /{$}":                   p.showHome,
		"GET /bodies/{id}":           p.showAgency,
		"GET /bodies/{id}/guide":     p.showGuide,
		"GET /bodies/{id}/catalogue": p.showCatalogue,
		"GET /bodies/{id}/credit":    p.showCredit,
		"GET /sections/{id}":         p.showSection,
		"GET /items/{id}":            p.showItem,
		"GET /files/{item}/{file}":   p.sendFile,
		"/":                          func(http.ResponseWriter, *http.Request) error { return web.ErrNoPage },
	} {
		mux.Handle(pattern, s.Handle(h))
	}
	deny := s.Handle(func(http.ResponseWriter, *http.Request) error { return web.ErrForeign })
	return web.Secure(http.StripPrefix(o.Base, web.Languages(o.Lang, mux)),
		http.StripPrefix(o.Base, web.Languages(o.Lang, deny))), nil
}

// page is what every page knows.
type page struct {
	web.Page
	Site   string
	Office string
	Desk   string
	Trail  []web.Link
}

func (p *portal) page(r *http.Request, title string) page {
	lang := web.LanguageOf(r)
	prefix := web.Prefix(lang, p.Lang)
	printer := i18n.To(lang)
	site := p.Site
	if site == "" {
		site = printer.T("portal.site")
	}
	return page{
		Page: web.Page{
			Printer: printer, Title: title, Home: p.Base + prefix + "/", Icon: p.assets.Path("icon.svg"),
			Styles: []string{p.assets.Path("base.css"), p.assets.Path("portal.css")}, Others: p.others(r, lang),
		},
		Site: site, Office: p.Base + prefix + "/office/", Desk: p.Base + "/desk" + prefix + "/",
	}
}

// others links to the same page in the other languages.
func (p *portal) others(r *http.Request, mine i18n.Lang) (all []web.Link) {
	for _, l := range []i18n.Lang{i18n.Chinese, i18n.English} {
		if l == mine {
			continue
		}
		path := p.Base + web.Prefix(l, p.Lang) + r.URL.EscapedPath()
		if r.URL.RawQuery != "" {
			path += "?" + r.URL.RawQuery
		}
		all = append(all, web.Link{Href: path, Text: web.Names[l], Lang: string(l)})
	}
	return all
}

// path is an address of the portal in the request's language.
func (p *portal) path(r *http.Request, rest string) string {
	return p.Base + web.Prefix(web.LanguageOf(r), p.Lang) + rest
}

type failurePage struct {
	page
	Message string
}

func (p *portal) showFailure(w http.ResponseWriter, r *http.Request, f web.Failure) {
	v := failurePage{page: p.page(r, "")}
	v.Title = v.T("portal.failure")
	if f.Err.Kind == fault.NotFound {
		v.Title = v.T("portal.not_found")
	}
	v.Message = v.Text(f.Err.Message())
	if err := p.pages.Write(w, r, f.Status, "failure", v); err != nil {
		p.Log.Error("error page failed", "err", err)
		http.Error(w, v.Message, f.Status)
	}
}
