package cache

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/site"
	"gongkai/internal/web"
)

// bench is a cache before a handler that counts.
type bench struct {
	t    *testing.T
	d    *db.DB
	c    *Cache
	made atomic.Int64
}

func open(t *testing.T, d *db.DB, serve func(b *bench, w http.ResponseWriter, r *http.Request)) *bench {
	t.Helper()
	b := &bench{t: t, d: d}
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.made.Add(1)
		serve(b, w, r)
	})
	c, err := New(Options{Next: next, DB: d, Sites: &site.Directory{DB: d, URL: "https://example.gov.cn", Now: time.Now}, Now: time.Now,
		Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	b.c = c
	return b
}

func (b *bench) note(tags ...change.Tag) {
	b.t.Helper()
	if err := b.d.Update(b.t.Context(), func(tx *db.Tx) error { return change.Note(tx, tags...) }); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) ask(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.c.Front(b.c).ServeHTTP(w, r)
	return w
}

func (b *bench) get(path string) string {
	return b.ask(httptest.NewRequest("GET", path, nil)).Body.String()
}

// numbered is a page that says how often pages were made and depends on one item.
func numbered(b *bench, w http.ResponseWriter, r *http.Request) {
	web.Depend(r.Context(), change.All, change.Item("a"))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "page %d", b.made.Load())
}

func TestAPageIsKeptUntilWhatItIsMadeFromChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d, numbered)
		for _, step := range []struct {
			note []change.Tag
			want string
		}{
			{nil, "page 1"}, {nil, "page 1"},
			{[]change.Tag{change.Item("b"), change.Section("a")}, "page 1"},
			{[]change.Tag{change.Item("a")}, "page 2"}, {nil, "page 2"},
			{[]change.Tag{change.All}, "page 3"},
		} {
			if step.note != nil {
				b.note(step.note...)
			}
			if got := b.get("/items/a.html"); got != step.want {
				t.Errorf("after %v: %s, want %s", step.note, got, step.want)
			}
		}
	})
}

// What was noted while a page was being made may or may not be in it.
func TestAPageIsNotKeptThatChangedWhileItWasMade(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d, func(b *bench, w http.ResponseWriter, r *http.Request) {
			text := fmt.Sprint("page ", b.made.Load())
			if b.made.Load() == 1 {
				b.note(change.Item("a"))
				b.c.look(r.Context()) // the follower has read it before the page is done
			}
			web.Depend(r.Context(), change.Item("a"))
			fmt.Fprint(w, text)
		})
		if got := b.get("/a.html"); got != "page 1" {
			t.Fatal(got)
		}
		if got := b.get("/a.html"); got != "page 2" {
			t.Errorf("what was made before the change is kept: %s", got)
		}
	})
}

// Where the log was cut, or is that of another database, nothing that was kept counts.
func TestAGapInTheLogEndsEverything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d, numbered)
		b.get("/a.html")
		b.note(change.Item("x"), change.Item("y"))
		if err := d.Update(t.Context(), func(tx *db.Tx) error { return change.Trim(tx, 0) }); err != nil {
			t.Fatal(err)
		}
		if got := b.get("/a.html"); got != "page 2" {
			t.Errorf("%s after a gap", got)
		}
	})
}

func TestManyWaitForOneMaking(t *testing.T) {
	d := dbtest.SQLite(t)
	release := make(chan struct{})
	b := open(t, d, func(b *bench, w http.ResponseWriter, r *http.Request) {
		<-release
		numbered(b, w, r)
	})
	var all, begun sync.WaitGroup
	for range 50 {
		begun.Add(1)
		all.Go(func() {
			begun.Done()
			if got := b.get("/a.html"); got != "page 1" {
				t.Error(got)
			}
		})
	}
	begun.Wait()
	close(release)
	all.Wait()
	if n := b.made.Load(); n != 1 {
		t.Errorf("made %d times", n)
	}
}

// Cache poisoning: whatever a request says besides its address, size of print and query, the
// handler does not hear it.
func TestNothingOfAVisitorReachesAPage(t *testing.T) {
	d := dbtest.SQLite(t)
	b := open(t, d, func(b *bench, w http.ResponseWriter, r *http.Request) {
		web.Depend(r.Context(), change.Item("a"))
		fmt.Fprintf(w, "%s %s %s %s|", r.Method, r.Host, r.URL, r.RemoteAddr)
		for _, name := range slices.Sorted(maps.Keys(r.Header)) {
			fmt.Fprintf(w, "%s=%s;", name, r.Header[name])
		}
	})
	hostile := httptest.NewRequest("GET", "/a.html?b=2&a=1", nil)
	hostile.Host = "evil.example"
	for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Original-Url", "X-Rewrite-Url", "Forwarded", "Origin", "Referer",
		"Accept", "Accept-Language", "Authorization", "User-Agent", "Range", "X-Http-Method-Override", "Sec-Fetch-Site"} {
		hostile.Header.Set(name, "evil")
	}
	hostile.Header.Set("Cookie", "session=evil; size=large; theme=evil")
	want := "GET example.gov.cn /a.html?a=1&b=2 |Cookie=[size=large];"
	if got := b.ask(hostile).Body.String(); got != want {
		t.Errorf("the handler heard %q, want %q", got, want)
	}
	if got, want := b.get("/a.html?a=1&b=2"), "GET example.gov.cn /a.html?a=1&b=2 |"; got != want {
		t.Errorf("usual print: %q", got)
	}
	if b.made.Load() != 2 {
		t.Errorf("made %d times", b.made.Load())
	}
}

// Each site's pages are its own, whatever the case of the host or its port.
func TestHostsAreKnownSites(t *testing.T) {
	d := dbtest.SQLite(t)
	system := actor.System("test")
	a, err := (&agency.Registry{DB: d}).Create(t.Context(), system, agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{
		Name: "示例县人民政府", Kind: agency.Government, Level: agency.County, CreditCode: "11370322004222241N"}})
	if err != nil {
		t.Fatal(err)
	}
	mz, err := (&agency.Registry{DB: d}).Create(t.Context(), system, agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{
		Parent: a.ID, Name: "示例县民政局", Kind: agency.Department, Level: agency.County, CreditCode: "11341702486344515H"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&site.Desk{DB: d}).Change(t.Context(), system, site.Site{Agency: mz.ID, Host: "mz.example.gov.cn"}); err != nil {
		t.Fatal(err)
	}
	b := open(t, d, func(b *bench, w http.ResponseWriter, r *http.Request) {
		web.Depend(r.Context(), change.Item("a"))
		fmt.Fprint(w, r.Host)
	})
	for host, want := range map[string]string{"example.gov.cn": "example.gov.cn", "evil.example": "example.gov.cn", "mz.example.gov.cn": "mz.example.gov.cn",
		"MZ.example.gov.cn:8443": "mz.example.gov.cn", "": "example.gov.cn"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		if got := b.ask(r).Body.String(); got != want {
			t.Errorf("%s: the page is made for %s, want %s", host, got, want)
		}
	}
	if b.made.Load() != 2 {
		t.Errorf("made %d times for two sites", b.made.Load())
	}
}

func TestWhatIsNotKept(t *testing.T) {
	d := dbtest.SQLite(t)
	for name, h := range map[string]func(w http.ResponseWriter, r *http.Request){
		"nothing named":      func(w http.ResponseWriter, r *http.Request) {},
		"what all depend on": func(w http.ResponseWriter, r *http.Request) { web.Depend(r.Context(), base...) },
		"for one answer": func(w http.ResponseWriter, r *http.Request) {
			web.Depend(r.Context(), change.Item("a"))
			web.Once(r.Context())
		},
		"a cookie": func(w http.ResponseWriter, r *http.Request) {
			web.Depend(r.Context(), change.Item("a"))
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		},
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			web.Depend(r.Context(), change.Item("a"))
			http.Redirect(w, r, "/b", http.StatusFound)
		},
		"a failure": func(w http.ResponseWriter, r *http.Request) {
			web.Depend(r.Context(), change.Item("a"))
			w.WriteHeader(http.StatusInternalServerError)
		},
	} {
		b := open(t, d, func(_ *bench, w http.ResponseWriter, r *http.Request) {
			h(w, r)
			fmt.Fprint(w, "x")
		})
		b.get("/a.html")
		b.get("/a.html")
		if b.made.Load() != 2 {
			t.Errorf("%s: made %d times of 2", name, b.made.Load())
		}
	}
}

// What is no page passes as it came, and so do forms.
func TestWhatIsNoPagePasses(t *testing.T) {
	d := dbtest.SQLite(t)
	b := open(t, d, func(b *bench, w http.ResponseWriter, r *http.Request) {
		web.Depend(r.Context(), change.Item("a"))
		fmt.Fprint(w, r.Header.Get("Authorization"))
	})
	for _, r := range []*http.Request{httptest.NewRequest("GET", "/api/v1/items", nil), httptest.NewRequest("POST", "/a.html", nil),
		httptest.NewRequest("GET", "/a.html?"+strings.Repeat("a", 2000), nil), httptest.NewRequest("GET", "/a%2Fb.html", nil)} {
		r.Header.Set("Authorization", "mine")
		if got := b.ask(r).Body.String(); got != "mine" {
			t.Errorf("%s %s: the handler did not see the request", r.Method, r.URL)
		}
	}
}

func TestAKeptPageIsSentCompressedAndAnswersWhoHasIt(t *testing.T) {
	d := dbtest.SQLite(t)
	text := strings.Repeat("政府信息公开", 1000)
	b := open(t, d, func(_ *bench, w http.ResponseWriter, r *http.Request) {
		web.Depend(r.Context(), change.Item("a"))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		web.SetHeaders(w.Header())
		fmt.Fprint(w, text)
	})
	for range 2 { // made, then kept
		r := httptest.NewRequest("GET", "/a.html", nil)
		r.Header.Set("Accept-Encoding", "br, gzip")
		w := b.ask(r)
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(z)
		if err != nil || string(got) != text {
			t.Errorf("unpacks to %d bytes, %v", len(got), err)
		}
		for name, want := range map[string]string{"Content-Encoding": "gzip", "Cache-Control": "no-cache", "Vary": "Accept-Encoding, Cookie",
			"X-Content-Type-Options": "nosniff", "Content-Type": "text/html; charset=utf-8"} {
			if w.Header().Get(name) != want {
				t.Errorf("%s: %q", name, w.Header().Get(name))
			}
		}
		if !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Error("no policy")
		}
		again := httptest.NewRequest("GET", "/a.html", nil)
		again.Header.Set("If-None-Match", `"other", W/`+w.Header().Get("Etag"))
		if w := b.ask(again); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("who has it gets %d and %d bytes", w.Code, w.Body.Len())
		}
		head := b.ask(httptest.NewRequest("HEAD", "/a.html", nil))
		if head.Body.Len() != 0 || head.Header().Get("Content-Length") != fmt.Sprint(len(text)) {
			t.Errorf("HEAD: %d bytes, length %s", head.Body.Len(), head.Header().Get("Content-Length"))
		}
	}
	if b.made.Load() != 1 {
		t.Errorf("made %d times", b.made.Load())
	}
}

// Memory is bounded; pages that are read stay, and made-up queries push out no pages.
func TestMemoryIsBounded(t *testing.T) {
	d := dbtest.SQLite(t)
	b := open(t, d, func(_ *bench, w http.ResponseWriter, r *http.Request) {
		web.Depend(r.Context(), change.Item("a"))
		fmt.Fprint(w, r.URL, strings.Repeat("x", 8<<10))
	})
	b.c.plain.limit, b.c.asked.limit = 1<<20, 1<<17
	b.get("/read.html")
	for n := range 300 {
		b.get(fmt.Sprintf("/%d.html", n))
		b.get("/read.html")
		b.get(fmt.Sprintf("/?n=%d", n))
	}
	for _, s := range []*store{&b.c.plain, &b.c.asked} {
		if bytes, pages := s.held(); bytes > s.limit || pages < 5 {
			t.Errorf("%d pages, %d bytes of %d", pages, bytes, s.limit)
		}
	}
	made := b.made.Load()
	b.get("/read.html")
	if b.made.Load() != made {
		t.Error("the page everybody reads was let go")
	}
}

// While nobody writes and the follower runs, pages come out of memory without the database.
func TestTheFollowerKeepsPagesRight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d, numbered)
		ctx, stop := context.WithCancel(t.Context())
		var end sync.WaitGroup
		end.Go(func() { b.c.Follow(ctx) })
		defer end.Wait()
		defer stop()
		if got := b.get("/a.html"); got != "page 1" {
			t.Fatal(got)
		}
		noted := time.Now()
		b.note(change.Item("a"))
		b.c.Hint()
		for b.get("/a.html") == "page 1" {
			if time.Since(noted) > 30*time.Second {
				t.Fatal("the page of before is still sent")
			}
		}
	})
}

// A crawler that asks for more new pages than can be made keeps nobody from a page that is kept,
// and no more than some are made at a time; who leaves gives up the place in line.
func TestPagesAreMadeSomeAtATime(t *testing.T) {
	d := dbtest.SQLite(t)
	release, entered := make(chan struct{}), make(chan struct{}, 1000)
	var now, most atomic.Int64
	b := open(t, d, func(b *bench, w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/kept.html" {
			n := now.Add(1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			entered <- struct{}{}
			<-release
			now.Add(-1)
		}
		numbered(b, w, r)
	})
	b.get("/kept.html")
	var all sync.WaitGroup
	for i := range 5 * atOnce() {
		all.Go(func() { b.get(fmt.Sprintf("/%d.html?x=%d", i, i)) })
	}
	for range atOnce() {
		<-entered
	}
	if got := b.get("/kept.html"); got != "page 1" {
		t.Errorf("the kept page: %s", got)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if got := b.ask(httptest.NewRequest("GET", "/left.html", nil).WithContext(gone)).Body.String(); got != "" {
		t.Errorf("who left got %s", got)
	}
	close(release)
	all.Wait()
	if most.Load() != int64(atOnce()) || b.made.Load() != int64(1+5*atOnce()) {
		t.Errorf("%d at a time, %d in all", most.Load(), b.made.Load())
	}
}
