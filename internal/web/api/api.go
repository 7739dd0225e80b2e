// Package api gives other systems what is published (开放接口): records as JSON with their
// description, harvesting by OAI-PMH, a DCAT catalogue and files of everything, all made from
// one record (disclosure.Record) and under the one policy of disclosure.Reader. It also takes
// drafts from other systems, and lets them keep requests for information, by the acts of the person
// whose token they bear.
package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"gongkai/internal/account/token"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/blob"
	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/count"
	"gongkai/internal/i18n"
	"gongkai/internal/search"
	"gongkai/internal/site"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

// Options are what the interface is built from; all but Base, Lang and Name must be set.
type Options struct {
	Base      string    // path everything is served under, "" or such as "/gongkai"
	Lang      i18n.Lang // of addresses of pages without a prefix; Chinese if empty
	Name      string    // of the installation
	DB        *db.DB
	Reader    *disclosure.Reader
	Normative *normative.Desk
	Credit    *credit.Desk
	Annual    *shelf.Reader
	Search    *search.Index
	Items     *disclosure.Desk
	Blobs     *blob.Store
	Tokens    *token.Desk
	Requests  *foi.Desk
	Counts    *count.Desk
	Sites     *site.Directory
	Log       *slog.Logger
	Now       func() time.Time
}

type api struct {
	Options
	names  names
	spools spools
	posts  meter
}

// Routes are the paths, below the base, that New's handler answers.
var Routes = []string{"/api/", "/data/", "/oai"}

// New returns the handler of the paths of Routes.
func New(o Options) (http.Handler, error) {
	if o.DB == nil || o.Reader == nil || o.Normative == nil || o.Credit == nil || o.Annual == nil || o.Search == nil || o.Items == nil ||
		o.Blobs == nil || o.Tokens == nil || o.Requests == nil || o.Counts == nil || o.Sites == nil || o.Log == nil || o.Now == nil {
		return nil, errors.New("api: every field of Options but Base, Lang and Name must be set")
	}
	if o.Lang == "" {
		o.Lang = i18n.Chinese
	}
	o.Base = strings.TrimRight(o.Base, "/")
	a := &api{Options: o, posts: meter{now: o.Now}}
	s := web.Server{Log: o.Log, Show: a.problem}
	mux := http.NewServeMux()
	for path, methods := range a.routes() {
		mux.Handle(path, s.Handle(methods.serve))
	}
	mux.Handle("/", s.Handle(func(http.ResponseWriter, *http.Request) error { return web.ErrNoPage }))
	deny := s.Handle(func(http.ResponseWriter, *http.Request) error { return web.ErrForeign })
	return web.Secure(http.StripPrefix(o.Base, open(mux)), http.StripPrefix(o.Base, deny)), nil
}

// methods are what a path answers, by method.
type methods map[string]web.Handler

// routes are all paths, from the table that also describes them.
func (a *api) routes() map[string]methods {
	all := map[string]methods{}
	put := func(path, method string, h web.Handler) {
		if all[path] == nil {
			all[path] = methods{}
		}
		all[path][method] = h
	}
	for _, o := range operations {
		put(Root+o.Path, o.Method, o.handler(a))
	}
	put("/oai", http.MethodGet, a.oai)
	put("/oai", http.MethodPost, a.oai)
	put("/data/catalog.jsonld", http.MethodGet, a.catalogJSON)
	put("/data/catalog.ttl", http.MethodGet, a.catalogTurtle)
	put("/data/{file}", http.MethodGet, a.sendAll)
	put("/data/bodies/{body}/{file}", http.MethodGet, a.sendAll)
	return all
}

// ErrMethod says that an address knows no such method.
var ErrMethod = &fault.Error{Kind: fault.Invalid, Code: "api.method"}

// serve answers a request by its method. OPTIONS is answered for every path, HEAD as GET.
func (m methods) serve(w http.ResponseWriter, r *http.Request) error {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if h := m[method]; h != nil {
		return h(w, r)
	}
	w.Header().Set("Allow", m.allowed())
	if method != http.MethodOptions {
		return ErrMethod.With("method", r.Method).With("allowed", m.allowed())
	}
	if w.Header().Get("Access-Control-Allow-Origin") != "" {
		w.Header().Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
		w.Header().Set("Access-Control-Allow-Headers", "Accept-Language, If-None-Match")
		w.Header().Set("Access-Control-Max-Age", "86400")
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (m methods) allowed() string {
	all := []string{http.MethodOptions}
	for method := range m {
		all = append(all, method)
		if method == http.MethodGet {
			all = append(all, http.MethodHead)
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// open lets pages of any site read the answers, without credentials: they are public. A token
// is never sent by a browser on its own, and answers to posts are not opened.
func open(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		if !strings.HasPrefix(r.URL.Path, Root+"/drafts") && !strings.HasPrefix(r.URL.Path, Root+"/requests") {
			h.Set("Access-Control-Allow-Origin", "*")
			h.Set("Access-Control-Expose-Headers", "ETag, Last-Modified, Link")
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		}
		next.ServeHTTP(w, web.Legible(r))
	})
}

// language is the caller's: of texts that name things, and of faults.
func language(r *http.Request) i18n.Lang { return i18n.ParseLang(r.Header.Get("Accept-Language")) }

// Problem is a fault as RFC 9457 writes it (application/problem+json).
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Field  string `json:"field,omitempty"`
	Cite   string `json:"cite,omitempty"`
	Ref    string `json:"ref,omitempty"`
}

func (a *api) problem(w http.ResponseWriter, r *http.Request, f web.Failure) {
	p := i18n.To(language(r))
	v := Problem{Type: "about:blank", Title: http.StatusText(f.Status), Status: f.Status, Code: f.Err.Code, Detail: p.Text(f.Err.Message()),
		Field: f.Err.Field, Ref: f.Ref}
	if status := statusOf(f.Err); status != 0 {
		v.Status, v.Title = status, http.StatusText(status)
	}
	if !f.Err.Cite.IsZero() {
		v.Cite = cited(f.Err.Cite, p.Lang())
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Language", string(p.Lang()))
	h.Add("Vary", "Accept-Language")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	w.WriteHeader(v.Status)
	if r.Method != http.MethodHead {
		_ = json.NewEncoder(w).Encode(v) // the caller may leave at any time
	}
}

// cited is a provision in a language.
func cited(c statute.Ref, l i18n.Lang) string {
	if l == i18n.English {
		return c.English()
	}
	return c.String()
}

// statusOf is the status of the faults that the interface alone has; 0 for the usual one.
func statusOf(e *fault.Error) int {
	switch e.Code {
	case ErrMethod.Code:
		return http.StatusMethodNotAllowed
	case token.ErrUnknown.Code:
		return http.StatusUnauthorized
	case ErrOften.Code:
		return http.StatusTooManyRequests
	case ErrVersion.Code:
		return http.StatusPreconditionRequired
	case ErrMatch.Code:
		return http.StatusPreconditionFailed
	}
	return 0
}

// send answers with v as JSON. at is when what it says last changed, zero if nobody knows.
func (a *api) send(w http.ResponseWriter, r *http.Request, v any, at time.Time, tags ...change.Tag) error {
	web.Depend(r.Context(), append(tags, change.All, change.Areas("site"), change.Areas("agency"), change.Areas("section"), change.Areas("normative"))...)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	w.Header().Set("Content-Language", string(language(r)))
	w.Header().Add("Vary", "Accept-Language")
	return reply(w, r, "application/json", b.Bytes(), at)
}

// reply sends what anybody may keep as long as it asks before each use whether it still holds.
func reply(w http.ResponseWriter, r *http.Request, kind string, body []byte, at time.Time) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "public, no-cache")
	h.Add("Vary", "Accept-Encoding")
	if !at.IsZero() {
		h.Set("Last-Modified", at.UTC().Format(http.TimeFormat))
	}
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:12])
	if packs := strings.Contains(r.Header.Get("Accept-Encoding"), "gzip"); packs && len(body) > 1000 {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err := z.Write(body)
		if err = errors.Join(err, z.Close()); err != nil {
			return err
		}
		h.Set("Content-Encoding", "gzip")
		body, tag = b.Bytes(), tag+"-gz"
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	return nil
}
