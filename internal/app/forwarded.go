package app

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// forwarded gives requests that a proxy on this machine hands on the address of the visitor,
// which the proxy put last into X-Forwarded-For: sign-ins are throttled, and acts recorded,
// by it. From elsewhere the header is not believed, as anybody can send one.
func forwarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from, ok := visitor(r); ok {
			r = r.Clone(r.Context())
			r.RemoteAddr = net.JoinHostPort(from.String(), "0")
		}
		h.ServeHTTP(w, r)
	})
}

func visitor(r *http.Request) (netip.Addr, bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !peer.Addr().Unmap().IsLoopback() {
		return netip.Addr{}, false
	}
	lines := r.Header.Values("X-Forwarded-For")
	if len(lines) == 0 {
		return netip.Addr{}, false
	}
	last := lines[len(lines)-1]
	from, err := netip.ParseAddr(strings.TrimSpace(last[strings.LastIndex(last, ",")+1:]))
	return from.Unmap(), err == nil
}
