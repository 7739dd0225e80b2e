// Package desk is the checking desk (核对台): a page where anybody may drop annual reports,
// see what is wrong with them, settle what the source lost and take them away in any
// format. It needs no account and keeps nothing unless the operator and the user both ask
// for it.
//
// What is uploaded lies in memory, in a batch whose address cannot be guessed and which
// opens only in the browser that made it: a cookie, HttpOnly and SameSite=Strict, has to
// match. An address that leaks through a history, a proxy log or a chat opens nothing.
package desk

import (
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"time"

	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

//go:embed page static
var files embed.FS

// Options are what the operator decides.
type Options struct {
	Base    string           // path the desk is served under, "" or such as "/gongkai"
	Lang    i18n.Lang        // language of paths without a prefix; Chinese if empty
	Limits  Limits           // zero fields take the defaults
	Keep    string           // existing folder users may save reports to; "" turns that off
	Samples []Sample         // offered on the start page
	Secure  bool             // browsers reach the desk over TLS, also where a proxy ends it
	Now     func() time.Time // the clock
	Log     *slog.Logger
}

// Sample is a report to try the desk with.
type Sample struct {
	Name string // file name, with the extension of its format
	Data []byte
}

// Limits bound what the desk holds and how long it works. A zero field means the default.
type Limits struct {
	File    int64         // bytes of one file
	Request int64         // bytes of one upload, all its files
	Memory  int64         // bytes held for all users, as estimated
	Files   int           // files in one batch
	Batches int           // batches of all users
	Idle    time.Duration // a batch nobody touched for so long is gone
	Reading time.Duration // reading one file
	Readers int           // files read at the same time
}

// defaults suit a small server: a county's reports of one year fit in one batch.
var defaults = Limits{
	File: 64 << 20, Request: 1 << 30, Memory: 512 << 20, Files: 500, Batches: 200,
	Idle: 2 * time.Hour, Reading: time.Minute, Readers: max(2, runtime.NumCPU()),
}

func (l Limits) orDefault() Limits {
	for _, f := range []struct{ have, def *int64 }{
		{&l.File, &defaults.File}, {&l.Request, &defaults.Request}, {&l.Memory, &defaults.Memory},
	} {
		if *f.have <= 0 {
			*f.have = *f.def
		}
	}
	for _, f := range []struct{ have, def *int }{
		{&l.Files, &defaults.Files}, {&l.Batches, &defaults.Batches}, {&l.Readers, &defaults.Readers},
	} {
		if *f.have <= 0 {
			*f.have = *f.def
		}
	}
	for _, f := range []struct{ have, def *time.Duration }{
		{&l.Idle, &defaults.Idle}, {&l.Reading, &defaults.Reading},
	} {
		if *f.have <= 0 {
			*f.have = *f.def
		}
	}
	return l
}

// desk is the handler's state.
type desk struct {
	Options
	pages   *web.Pages
	assets  *web.Assets
	shelf   *shelf
	readers chan struct{} // one token per file being read
}

// New returns the desk's handler.
func New(o Options) (http.Handler, error) {
	if o.Now == nil || o.Log == nil {
		return nil, fmt.Errorf("desk: Options.Now and Options.Log must be set")
	}
	if o.Lang == "" {
		o.Lang = i18n.Chinese
	}
	o.Base = strings.TrimRight(o.Base, "/")
	o.Limits = o.Limits.orDefault()
	d := &desk{
		Options: o,
		shelf:   newShelf(o.Limits, o.Now),
		readers: make(chan struct{}, o.Limits.Readers),
	}
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, err
	}
	if d.assets, err = web.NewAssets(o.Base+"/static/", web.Static(), static); err != nil {
		return nil, err
	}
	if d.pages, err = web.ParsePages(files, "page"); err != nil {
		return nil, err
	}
	return d.handler(), nil
}

// handler is the routes within what applies to all of them.
func (d *desk) handler() http.Handler {
	s := web.Server{Log: d.Log, Show: d.showFailure}
	mux := http.NewServeMux()
	d.route(mux, s)
	deny := s.Handle(func(http.ResponseWriter, *http.Request) error { return web.ErrForeign })
	return web.Secure(http.StripPrefix(d.Base, web.Languages(d.Lang, mux)), web.Languages(d.Lang, deny))
}

// route lists every address of the desk.
func (d *desk) route(mux *http.ServeMux, s web.Server) {
	mux.Handle("GET /static/", d.assets)
	for pattern, h := range map[string]web.Handler{
		"GET /{$}":                              d.showStart,
		"GET /help":                             d.showHelp,
		"POST /desk":                            d.openBatch,
		"GET /desk/{id}/{$}":                    d.batch(d.showBatch),
		"POST /desk/{id}/files":                 d.batch(d.addFiles),
		"POST /desk/{id}/remove":                d.batch(d.removeFiles),
		"POST /desk/{id}/clear":                 d.batch(d.clearBatch),
		"GET /desk/{id}/zip":                    d.batch(d.sendZip),
		"GET /desk/{id}/findings":               d.batch(d.sendAllFindings),
		"GET /desk/{id}/merge":                  d.batch(d.showMerge),
		"POST /desk/{id}/merge":                 d.batch(d.merge),
		"POST /desk/{id}/assign":                d.batch(d.assign),
		"GET /desk/{id}/merged/{$}":             d.batch(d.showMerged),
		"GET /desk/{id}/merged/as/{format}":     d.batch(d.sendMerged),
		"GET /desk/{id}/merged/workbook":        d.batch(d.sendWorkbook),
		"GET /desk/{id}/compare":                d.batch(d.compare),
		"GET /desk/{id}/{no}/{$}":               d.entry(d.showReport),
		"POST /desk/{id}/{no}/settle":           d.entry(d.settle),
		"POST /desk/{id}/{no}/undo":             d.entry(d.undo),
		"POST /desk/{id}/{no}/keep":             d.entry(d.keep),
		"GET /desk/{id}/{no}/as/{format}":       d.entry(d.sendReport),
		"GET /desk/{id}/{no}/findings/{format}": d.entry(d.sendFindings),
		"/":                                     func(http.ResponseWriter, *http.Request) error { return web.ErrNoPage },
	} {
		mux.Handle(pattern, s.Handle(h))
	}
}
