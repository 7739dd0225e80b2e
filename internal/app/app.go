// Package app puts the running program together from its configuration (组装): the checking
// desk, its server, and how both start and stop.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gongkai/internal/annual/sample"
	"gongkai/internal/config"
	"gongkai/internal/fault"
	"gongkai/internal/web"
	"gongkai/internal/web/desk"
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
	Log *slog.Logger
}

// Serve answers on c.Addr until ctx ends, then lets running requests finish. demo puts the
// sample reports on the first page. It calls ready with the address of that page as soon
// as it answers.
func (a App) Serve(ctx context.Context, c config.Config, demo bool, ready func(url string)) error {
	handler, err := a.handler(c, demo)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return listenFault(ctx, err, c.Addr)
	}
	server := web.NewServer(c.Addr, handler)
	server.ErrorLog = slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	ready(pageURL(listener.Addr(), c.BasePath))
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

// handler builds the checking desk.
func (a App) handler(c config.Config, demo bool) (http.Handler, error) {
	o := desk.Options{
		Base: c.BasePath, Lang: c.Lang, Keep: c.Keep, Secure: c.HTTPS,
		Limits: desk.Limits{Request: c.MaxUpload},
		Now:    a.Now, Log: a.Log,
	}
	if demo {
		for _, s := range sample.Of(sample.Report, sample.Previous) {
			o.Samples = append(o.Samples, desk.Sample{Name: s.Name, Data: s.Data})
		}
	}
	return desk.New(o)
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

// Log returns a logger that writes to w in lines of key=value.
func Log(w *os.File) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
