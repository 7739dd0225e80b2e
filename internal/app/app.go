// Package app puts the running program together from its configuration (组装): the checking
// desk, its server, and how both start and stop.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"gongkai/internal/annual/sample"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/cli"
	"gongkai/internal/config"
	"gongkai/internal/fault"
	"gongkai/internal/installation"
	"gongkai/internal/job"
	"gongkai/internal/mirror"
	"gongkai/internal/showcase"
	"gongkai/internal/site"
	"gongkai/internal/web"
	"gongkai/internal/web/api"
	"gongkai/internal/web/cache"
	"gongkai/internal/web/desk"
	"gongkai/internal/web/monitor"
	"gongkai/internal/web/office"
	"gongkai/internal/web/portal"
)

// The faults of starting.
var (
	ErrAddrTaken  = &fault.Error{Kind: fault.Conflict, Code: "app.addr_taken", Field: "addr"}
	ErrAddrDenied = &fault.Error{Kind: fault.Forbidden, Code: "app.addr_denied", Field: "addr"}
	ErrAddr       = &fault.Error{Kind: fault.Invalid, Code: "app.addr", Field: "addr"}
)

// stopTime is how long requests that are being answered may take when the server stops.
const stopTime = 10 * time.Second

// App is what a server needs beside its configuration.
type App struct {
	Now func() time.Time
	Err io.Writer // where the log goes
	// Database is where the demonstration keeps its records: an empty database, or "" for a
	// file of its own.
	Database string

	log *slog.Logger
}

// Serve answers on c.Addr until ctx ends, then lets running requests and jobs finish. demo
// serves an installation of its own with sample bodies, which is gone afterwards. It calls
// ready as soon as it answers.
func (a App) Serve(ctx context.Context, c config.Config, demo bool, ready func(cli.Running)) error {
	a.log = monitor.Logger(a.Err, c.LogFormat)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return listenFault(ctx, err, c.Addr)
	}
	defer listener.Close()
	var running cli.Running
	if demo {
		folder, err := os.MkdirTemp("", "gongkai-demo")
		if err != nil {
			return fmt.Errorf("make the folder of the demonstration: %w", err)
		}
		defer os.RemoveAll(folder)
		c.Data, c.Database = folder, a.Database
	}
	n, err := installation.Open(ctx, c)
	if err != nil {
		return err
	}
	defer n.Close()
	if demo {
		running.People, err = showcase.Build(ctx, n)
		a.pretendMail(n, listener.Addr())
	} else {
		running.SetupCode, err = n.People.SetupCode(ctx)
	}
	if err != nil {
		return err
	}
	handler, err := a.handler(n, demo, running.People)
	if err != nil {
		return err
	}
	runner := n.Runner(a.log)
	watch := monitor.New(n.DB, c.Data, runner)
	watch.Kept = func() monitor.Pages { return monitor.Pages(handler.kept.Figures()) }
	n.DB.Observe = hinting(n.DB.Observe, handler.kept)
	watch.Index = n.Search.Status
	if c.AdminAddr != "" {
		admin, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.AdminAddr)
		if err != nil {
			return listenFault(ctx, err, c.AdminAddr)
		}
		side := web.NewServer(c.AdminAddr, watch.Handler())
		go func() { _ = side.Serve(admin) }() // it ends with the program
		defer side.Close()
	}
	if err := n.Ledger.CatchUp(ctx); err != nil {
		return err
	}
	stop := a.work(ctx, n, runner, handler)
	defer stop()
	running.URL = pageURL(listener.Addr(), c.BasePath)
	return a.answer(ctx, c, listener, handler.kept.Front(forwarded(watch.Count(handler))), func() { ready(running) })
}

// answer serves until ctx ends.
func (a App) answer(ctx context.Context, c config.Config, l net.Listener, h http.Handler, ready func()) error {
	server := web.NewServer(c.Addr, h)
	server.ErrorLog = slog.NewLogLogger(a.log.Handler(), slog.LevelWarn)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	ready()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", c.Addr, err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := server.Shutdown(last); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// work runs what goes on beside the pages: jobs, the text index, notices that another
// process loaded. What it returns waits until all of it has ended; ctx ends it.
func (a App) work(ctx context.Context, n *installation.Installation, runner *job.Runner, h *pages) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	report := func(what string) func(error) {
		return func(err error) { a.log.Error(what, "err", err) }
	}
	all.Go(func() {
		if err := runner.Run(ctx); err != nil {
			report("jobs ended")(err)
		}
	})
	all.Go(func() { h.kept.Follow(ctx) })
	if h.copy != nil {
		all.Go(func() { a.keepCopy(ctx, h) })
	}
	all.Go(func() { n.Search.Run(ctx, report("text index")) })
	all.Go(func() { n.Synonyms.Run(ctx, report("synonyms")) })
	all.Go(func() { n.Holidays.Run(ctx, report("holiday notices")) })
	return func() {
		cancel()
		all.Wait()
	}
}

// pages is everything that is served, with the cache of the public part.
type pages struct {
	http.Handler
	kept   *cache.Cache
	public http.Handler // the public's part without the cache
	sites  *site.Directory
	copy   *mirror.Mirror // nil where none is kept
	last   atomic.Pointer[office.Copy]
}

// hinting tells the cache of what was written in this process, after whoever observes already.
func hinting(observe func(bool, time.Duration, error), kept *cache.Cache) func(bool, time.Duration, error) {
	return func(wrote bool, took time.Duration, err error) {
		observe(wrote, took, err)
		if wrote && err == nil {
			kept.Hint()
		}
	}
}

// handler is all pages: the public ones, the office and the checking desk.
func (a App) handler(n *installation.Installation, demo bool, people []showcase.Person) (*pages, error) {
	c := n.Config
	sites := &site.Directory{DB: n.DB, URL: c.URL, Now: a.Now}
	public, err := portal.New(portal.Options{
		Base: c.BasePath, Lang: c.Lang, Site: c.Name, DB: n.DB, Reader: n.Reader, Guides: n.Guides, Credit: n.Credit, Normative: n.Normative, Blobs: n.Blobs, Ledger: n.Ledger, Search: n.Search, Log: a.log,
		Secure: c.HTTPS, Sites: sites, Operations: api.Guide, Subscriptions: n.Subscriptions, Outbox: n.Post.Outbox, Requests: n.Requests, Identity: n.Identity,
	})
	if err != nil {
		return nil, err
	}
	open := http.NewServeMux()
	open.Handle("/", public)
	all := &pages{public: open, sites: sites}
	o := cache.Options{Next: public, DB: n.DB, Sites: sites, Now: a.Now, Log: a.log, Base: c.BasePath, Lang: c.Lang, Personal: portal.Personal}
	if c.MirrorDir != "" {
		all.copy = copyOf(n, open, sites, c.MirrorDir)
		o.Aside = all.copy.Instead
	}
	if all.kept, err = cache.New(o); err != nil {
		return nil, err
	}
	desks := a.office(n, people)
	desks.Serving = all.serving
	clerks, err := office.New(desks)
	if err != nil {
		return nil, err
	}
	checking, err := desk.New(a.desk(c, demo))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", all.kept)
	others, err := a.api(n, sites)
	if err != nil {
		return nil, err
	}
	for _, path := range api.Routes {
		mux.Handle(c.BasePath+path, others)
		open.Handle(c.BasePath+path, others)
	}
	acting := hinted(clerks.Handler(), n.Search)
	for _, prefix := range []string{"", "/en", "/zh"} {
		mux.Handle(c.BasePath+prefix+"/office", acting)
		mux.Handle(c.BasePath+prefix+"/office/", acting)
	}
	mux.Handle(c.BasePath+"/desk/", checking)
	mux.Handle(c.BasePath+"/desk", http.RedirectHandler(c.BasePath+"/desk/", http.StatusMovedPermanently))
	all.Handler = mux
	return all, nil
}

// api is what other systems ask.
func (a App) api(n *installation.Installation, sites *site.Directory) (http.Handler, error) {
	c := n.Config
	return api.New(api.Options{Base: c.BasePath, Lang: c.Lang, Name: c.Name, DB: n.DB, Reader: n.Reader, Normative: n.Normative, Credit: n.Credit,
		Annual: &shelf.Reader{DB: n.DB}, Search: n.Search, Items: n.Items, Blobs: n.Blobs, Tokens: n.Tokens, Requests: n.Requests, Counts: n.Counts, Sites: sites, Log: a.log, Now: a.Now})
}

func (a App) office(n *installation.Installation, people []showcase.Person) office.Options {
	o := office.Options{
		Base: n.Config.BasePath, Lang: n.Config.Lang, Secure: n.Config.HTTPS, Now: a.Now, Log: a.log,
		People: n.People, Tokens: n.Tokens, Agencies: n.Agencies, Jobs: n.Jobs, Sections: n.Sections, Audit: n.Audit, Version: cli.Version(),
		Items: n.Items, Normative: n.Normative, Credit: n.Credit, Guides: n.Guides, Shelf: n.Shelf, Requests: n.Requests, Reports: n.Reports, Disputes: n.Disputes, Counts: n.Counts,
		Words: n.Words, Synonyms: n.Synonyms, Sites: n.Sites, Search: n.Search, Subscriptions: n.Subscriptions, Webhooks: n.Webhooks, Mailbox: n.Mailbox, Holidays: n.Holidays, Ledger: n.Ledger,
	}
	for _, p := range people {
		o.Demo = append(o.Demo, office.DemoPerson(p))
	}
	return o
}

func (a App) desk(c config.Config, demo bool) desk.Options {
	o := desk.Options{
		Base: c.BasePath + "/desk", Lang: c.Lang, Keep: c.Keep, Secure: c.HTTPS,
		Limits: desk.Limits{Request: c.MaxUpload},
		Now:    a.Now, Log: a.log,
	}
	if demo {
		for _, s := range sample.Of(sample.Report, sample.Previous) {
			o.Samples = append(o.Samples, desk.Sample{Name: s.Name, Data: s.Data})
		}
	}
	return o
}

// listenFault says in words why an address cannot be listened on.
func listenFault(ctx context.Context, err error, addr string) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return ErrAddrTaken.With("addr", addr).With("instead", besides(ctx, addr))
	case errors.Is(err, os.ErrPermission):
		return ErrAddrDenied.With("addr", addr)
	}
	return ErrAddr.With("addr", addr).Because(err)
}

// tried is how many ports after a taken one are looked at for a free one.
const tried = 20

// besides suggests an address on the same host: the next port that is free now, else one
// that the system chooses.
func besides(ctx context.Context, addr string) string {
	host, word, err := net.SplitHostPort(addr)
	if err != nil {
		return "127.0.0.1:0"
	}
	port, err := strconv.Atoi(word)
	for next := port + 1; err == nil && next <= min(port+tried, 65535); next++ {
		other := net.JoinHostPort(host, strconv.Itoa(next))
		if l, taken := (&net.ListenConfig{}).Listen(ctx, "tcp", other); taken == nil {
			l.Close()
			return other
		}
	}
	return net.JoinHostPort(host, "0")
}

// pageURL is where a person on this machine finds the first page.
func pageURL(a net.Addr, base string) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port) + strings.TrimRight(base, "/") + "/"
}
