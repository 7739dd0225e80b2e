package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestForwarded(t *testing.T) {
	for _, tt := range []struct {
		name, peer string
		header     []string
		want       string
	}{
		{"no proxy", "127.0.0.1:5", nil, "127.0.0.1:5"},
		{"a proxy on this machine", "127.0.0.1:5", []string{"10.1.2.3"}, "10.1.2.3:0"},
		{"what the visitor made up comes first", "[::1]:5", []string{"192.0.2.1, 10.1.2.3"}, "10.1.2.3:0"},
		{"in a line of its own", "127.0.0.1:5", []string{"192.0.2.1", "2001:db8::7"}, "[2001:db8::7]:0"},
		{"not an address", "127.0.0.1:5", []string{"unknown"}, "127.0.0.1:5"},
		{"from elsewhere", "10.9.9.9:5", []string{"10.1.2.3"}, "10.9.9.9:5"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = tt.peer, tt.header
		var got string
		forwarded(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr })).ServeHTTP(httptest.NewRecorder(), r)
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
