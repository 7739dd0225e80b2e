package web

import (
	"net/http"
	"time"
)

// policy lets a page load nothing but what this server sends, run no inline script and
// carry no inline style, and be framed nowhere.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Secure adds the headers every answer carries and refuses forms sent from other sites;
// deny answers those.
//
// The referrer policy is same-origin and not no-referrer, although both tell other sites
// nothing: under no-referrer a browser sends "Origin: null" with a form, and on a plain
// http address of an intranet, where it sends no Sec-Fetch-Site, that cannot be told from
// a foreign form.
func Secure(next, deny http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(deny)
	next = guard.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SetHeaders(w.Header())
		next.ServeHTTP(w, r)
	})
}

// SetHeaders sets the headers every answer carries.
func SetHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
}

// Times a connection may take. Uploads of a whole county's reports over a slow line are
// the longest honest use.
const (
	headerTime = 10 * time.Second
	bodyTime   = 10 * time.Minute
	idleTime   = 2 * time.Minute
	headerSize = 32 << 10
)

// NewServer returns an HTTP server for h on addr with every limit set.
func NewServer(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: bodyTime,
		IdleTimeout: idleTime, MaxHeaderBytes: headerSize,
	}
}
