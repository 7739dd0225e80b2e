package portal

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/web"
)

// sizeCookie remembers that somebody reads in large print (适老化). It says nothing else.
const sizeCookie = "size"

// large is the cookie's one value.
const large = "large"

// size is how large the visitor reads: "" or large.
func size(r *http.Request) string {
	if c, err := r.Cookie(sizeCookie); err == nil && c.Value == large {
		return large
	}
	return ""
}

// displayArea is where visitors choose how pages look.
func (p *portal) displayArea() area {
	return area{raw: map[string]web.Handler{"POST /display": p.setDisplay, "GET /emblem/{digest}": p.sendEmblem}}
}

// setDisplay sets large print or takes it back, and returns to the page it was asked from.
func (p *portal) setDisplay(w http.ResponseWriter, r *http.Request) error {
	c := &http.Cookie{Name: sizeCookie, Path: p.Base + "/", MaxAge: -1, SameSite: http.SameSiteLaxMode, Secure: p.Secure}
	if r.PostFormValue("size") == large {
		c.Value, c.MaxAge = large, 365*24*60*60
	}
	http.SetCookie(w, c)
	back := r.PostFormValue("back")
	if !inside(back) {
		back = p.path(r, "/")
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// inside reports whether an address is one of this host. What browsers pass over in an address, and
// so may join two slashes, no address is written with.
func inside(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") && !strings.Contains(address, `\`)
}

// sendEmblem sends the picture of the emblem that the site shows.
func (p *portal) sendEmblem(w http.ResponseWriter, r *http.Request) error {
	h := hereOf(r.Context())
	if !h.Emblem || h.EmblemFile == "" || r.PathValue("digest") != h.EmblemFile {
		return web.ErrNoPage
	}
	depend(r, change.Area("site", h.Agency))
	b, f, err := p.Blobs.Open(r.Context(), h.EmblemFile)
	if err != nil {
		return fmt.Errorf("open the emblem: %w", err)
	}
	defer f.Close()
	for _, one := range b.Headers("emblem", true) {
		w.Header().Set(one.Name, one.Value)
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}
