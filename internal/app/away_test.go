package app

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/installation"
	"gongkai/internal/web/cache"
)

// locked keeps every connection to a SQLite file busy until the function it returns is called.
func locked(t *testing.T, n *installation.Installation) (free func()) {
	t.Helper()
	release := make(chan struct{})
	var held, ended sync.WaitGroup
	for _, p := range n.DB.Pools() {
		for range p.Limit {
			held.Add(1)
			ended.Go(func() {
				hold := func(*db.Tx) error {
					held.Done()
					<-release
					return nil
				}
				do := n.DB.View
				if p.Name == "write" {
					do = n.DB.Update
				}
				if err := do(context.Background(), hold); err != nil {
					t.Error(err)
				}
			})
		}
	}
	held.Wait()
	return func() { close(release); ended.Wait() }
}

// refused has a PostgreSQL server turn the installation away.
func refused(t *testing.T, address string) (free func()) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	admin, err := db.Open(t.Context(), os.Getenv("GONGKAI_TEST_PG"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = admin.Close() })
	say := func(statement string) {
		if err := admin.Command(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
	}
	say(`ALTER DATABASE "` + name + `" WITH ALLOW_CONNECTIONS false`)
	say(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + name + `'`)
	return func() { say(`ALTER DATABASE "` + name + `" WITH ALLOW_CONNECTIONS true`) }
}

// The portal keeps serving when the database is locked or gone, says so, and recovers by itself.
func TestThePortalServesWithoutItsDatabase(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		n, h := shown(t, "")
		without(t, n, h, func() func() { return locked(t, n) })
	})
	t.Run("postgres", func(t *testing.T) {
		address := dbtest.EmptyPostgres(t)
		n, h := shown(t, address)
		without(t, n, h, func() func() { return refused(t, address) })
	})
}

func without(t *testing.T, n *installation.Installation, h *pages, take func() func()) {
	m := copyOf(n, h.public, h.sites, filepath.Join(t.TempDir(), "copy"))
	update(t, m, false)
	h.kept.Now = time.Now
	h.kept.Aside = m.Instead
	var end sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	end.Go(func() { h.kept.Follow(ctx) })
	defer end.Wait()
	defer stop()
	server := httptest.NewServer(h.kept.Front(h))
	defer server.Close()
	ask := func(path string) (int, http.Header, string) {
		t.Helper()
		r, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		b := new(strings.Builder)
		if _, err := io.Copy(b, r.Body); err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, r.Header, b.String()
	}
	code, _, home := ask("/")
	if code != http.StatusOK {
		t.Fatal(code)
	}
	free := take()
	until(t, "the database is missed", func() bool { return h.kept.Figures().Away })
	code, head, body := ask("/")
	if code != http.StatusOK || body != home || head.Get(cache.KeptHeader) == "" || head.Get("Content-Security-Policy") == "" {
		t.Errorf("the kept page: %d, marked %q", code, head.Get(cache.KeptHeader))
	}
	if code, head, _ = ask("/sitemap.html"); code != http.StatusOK || head.Get(cache.KeptHeader) == "" {
		t.Errorf("a page of the copy: %d, marked %q", code, head.Get(cache.KeptHeader))
	}
	code, head, body = ask("/search.html?q=a")
	if code != http.StatusServiceUnavailable || head.Get("Retry-After") == "" || !strings.Contains(body, "页面暂时打不开") {
		t.Errorf("a page nobody has: %d, again after %q", code, head.Get("Retry-After"))
	}
	if code, _, body = ask("/en/search.html?q=a"); code != http.StatusServiceUnavailable || !strings.Contains(body, "cannot be shown") {
		t.Errorf("in English: %d", code)
	}
	free()
	until(t, "the database is back", func() bool { return !h.kept.Figures().Away })
	if code, head, _ = ask("/"); code != http.StatusOK || head.Get(cache.KeptHeader) != "" {
		t.Errorf("afterwards: %d, marked %q", code, head.Get(cache.KeptHeader))
	}
	if code, _, _ = ask("/guide.html"); code != http.StatusOK {
		t.Errorf("a page made afterwards: %d", code)
	}
}

// until waits for something that happens by itself, a minute at most.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain: " + what)
		}
	}
}
