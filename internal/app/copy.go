package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	"gongkai/internal/cli"
	"gongkai/internal/config"
	"gongkai/internal/installation"
	"gongkai/internal/mirror"
	"gongkai/internal/site"
	"gongkai/internal/web/monitor"
)

// copyOf is the copy of the public's pages in a folder.
func copyOf(n *installation.Installation, public http.Handler, sites *site.Directory, dir string) *mirror.Mirror {
	return &mirror.Mirror{Dir: dir, Handler: public, DB: n.DB, Sites: sites, Reader: n.Reader, Ledger: n.Ledger, Base: n.Config.BasePath, Lang: n.Config.Lang, Version: cli.Version()}
}

// Mirror brings the copy of the public's pages in a folder up to date, also beside a server.
func (a App) Mirror(ctx context.Context, c config.Config, fresh bool) (r *mirror.Report, err error) {
	a.log = monitor.Logger(a.Err, c.LogFormat)
	n, err := installation.Beside(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	h, err := a.handler(n, false, nil)
	if err != nil {
		return nil, err
	}
	return copyOf(n, h.public, h.sites, c.MirrorDir).Run(ctx, fresh)
}

// between is how long a copy rests after it was brought up to date.
const between = 20 * time.Second

// keepCopy keeps the copy up to date as long as ctx lasts. Where several processes serve, one of
// them does it at a time.
func (a App) keepCopy(ctx context.Context, m *mirror.Mirror) {
	tick := time.NewTicker(between)
	defer tick.Stop()
	for {
		r, err := m.Run(ctx, false)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, mirror.ErrBusy):
		case err != nil:
			a.log.Error("the copy of the portal", "err", err)
		case r.Written+r.Removed > 0:
			a.log.Info("the copy of the portal", "written", r.Written, "removed", r.Removed, "files", r.Files, "problems", len(r.Problems), "took", r.Took)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
