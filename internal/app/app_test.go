package app

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"gongkai/internal/cli"
	"gongkai/internal/config"
	"gongkai/internal/fault"
)

// start serves on a free port until the test ends and returns the first page's address.
func start(t *testing.T, c config.Config, demo bool) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ready, done := make(chan string, 1), make(chan error, 1)
	a := App{Now: time.Now, Err: io.Discard}
	go func() { done <- a.Serve(ctx, c, demo, func(r cli.Running) { ready <- r.URL }) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	select {
	case url := <-ready:
		return url
	case err := <-done:
		done <- nil
		t.Fatal(err)
		return ""
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

func anyPort() config.Config {
	c := config.Default()
	c.Addr = "127.0.0.1:0"
	return c
}

func TestServeAnswersAndDemoOffersSamples(t *testing.T) {
	for _, demo := range []bool{false, true} {
		code, body := get(t, start(t, anyPort(), demo)+"desk/")
		if code != http.StatusOK || !strings.Contains(body, "核对台") {
			t.Errorf("demo %v: status %d", demo, code)
		}
		if offered := strings.Contains(body, `name="sample"`); offered != demo {
			t.Errorf("demo %v: sample reports offered: %v", demo, offered)
		}
	}
}

func TestServeUnderABasePath(t *testing.T) {
	c := anyPort()
	c.BasePath = "/gongkai"
	url := start(t, c, false)
	if !strings.HasSuffix(url, "/gongkai/") {
		t.Errorf("the first page is said to be at %s", url)
	}
	if code, _ := get(t, url); code != http.StatusOK {
		t.Errorf("status %d", code)
	}
}

func TestAnAddressInUseIsSaidWithWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c := config.Default()
	c.Addr = taken.Addr().String()
	a := App{Now: time.Now, Err: io.Discard}
	err = a.Serve(t.Context(), c, false, func(cli.Running) { t.Error("ready on a taken address") })
	if !errors.Is(err, ErrAddrTaken) {
		t.Fatalf("got %v", err)
	}
	_, instead, _ := strings.Cut(err.Error(), "--addr ")
	free, err := net.Listen("tcp", strings.TrimSpace(instead))
	if err != nil {
		t.Fatalf("suggests %q: %v", instead, err)
	}
	free.Close()
}

func TestAForeignAddressIsAFault(t *testing.T) {
	c := config.Default()
	c.Addr = "203.0.113.1:8080" // documentation address (RFC 5737), nobody's
	a := App{Now: time.Now, Err: io.Discard}
	if err := a.Serve(t.Context(), c, false, func(cli.Running) {}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
}

func TestPageURL(t *testing.T) {
	for _, test := range []struct{ ip, base, want string }{
		{"127.0.0.1", "", "http://127.0.0.1:80/"},
		{"0.0.0.0", "/a", "http://127.0.0.1:80/a/"},
		{"::", "", "http://127.0.0.1:80/"},
		{"::1", "", "http://[::1]:80/"},
	} {
		if got := pageURL(&net.TCPAddr{IP: net.ParseIP(test.ip), Port: 80}, test.base); got != test.want {
			t.Errorf("%s: got %s, want %s", test.ip, got, test.want)
		}
	}
}
