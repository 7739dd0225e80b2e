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
	"gongkai/internal/web/office"
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
func (a App) keepCopy(ctx context.Context, h *pages) {
	tick := time.NewTicker(between)
	defer tick.Stop()
	for {
		r, err := h.copy.Run(ctx, false)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, mirror.ErrBusy):
		case err != nil:
			h.ran(&office.Copy{Failed: true})
			a.log.Error("the copy of the portal", "err", err)
		case r.Written+r.Removed > 0:
			a.log.Info("the copy of the portal", "written", r.Written, "removed", r.Removed, "files", r.Files, "problems", len(r.Problems), "took", r.Took)
		}
		if err == nil {
			h.ran(&office.Copy{Files: r.Files, Problems: len(r.Problems), Bytes: r.Bytes, At: a.Now()})
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// ran notes how the last run left the copy.
func (h *pages) ran(c *office.Copy) { h.last.Store(c) }

// serving is how the public's pages stand, for the office's page of the system.
func (h *pages) serving() office.Serving {
	f := h.kept.Figures()
	s := office.Serving{Hits: f.Hits, Makes: f.Makes, Pages: f.Pages, Bytes: f.Bytes, Away: f.Away}
	if h.copy != nil {
		s.Copy = &office.Copy{}
		if last := h.last.Load(); last != nil {
			s.Copy = last
		}
	}
	return s
}
