package web

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// Each kind of fault has one status; what is no fault is 500 and told to the log alone.
func TestHandle(t *testing.T) {
	invalid := &fault.Error{Kind: fault.Invalid, Code: "web.no_page"}
	tests := []struct {
		name   string
		h      Handler
		status int
		logged bool
	}{
		{"an answer", func(w http.ResponseWriter, _ *http.Request) error { w.WriteHeader(204); return nil }, 204, false},
		{"a fault", func(http.ResponseWriter, *http.Request) error { return invalid }, 422, false},
		{"a wrapped fault", func(http.ResponseWriter, *http.Request) error { return errors.Join(invalid) }, 422, false},
		{"another error", func(http.ResponseWriter, *http.Request) error { return errors.New("secret") }, 500, true},
		{"a panic", func(http.ResponseWriter, *http.Request) error { panic("secret") }, 500, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log, shown bytes.Buffer
			s := Server{Log: slog.New(slog.NewTextHandler(&log, nil)), Show: func(w http.ResponseWriter, _ *http.Request, f Failure) {
				w.WriteHeader(f.Status)
				shown.WriteString(f.Err.Error())
			}}
			w := httptest.NewRecorder()
			s.Handle(tt.h).ServeHTTP(w, httptest.NewRequest("GET", "/somewhere/private", nil))
			if w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
			if logged := log.Len() > 0; logged != tt.logged {
				t.Errorf("logged %v, want %v: %s", logged, tt.logged, log.String())
			}
			if strings.Contains(shown.String(), "secret") || strings.Contains(log.String(), "private") {
				t.Errorf("shown %q, logged %q", shown.String(), log.String())
			}
		})
	}
}

func TestStatus(t *testing.T) {
	tests := map[fault.Kind]int{
		fault.Invalid: 422, fault.NotFound: 404, fault.Forbidden: 403, fault.Conflict: 409,
		fault.TooLarge: 413, fault.Missing: 501, fault.Halted: 503, fault.Internal: 500,
	}
	for kind, want := range tests {
		if got := Status(kind); got != want {
			t.Errorf("%s: %d, want %d", kind, got, want)
		}
	}
}

func TestLanguages(t *testing.T) {
	tests := []struct {
		path string
		def  i18n.Lang
		want i18n.Lang
		rest string
	}{
		{"/", i18n.Chinese, i18n.Chinese, "/"},
		{"/en", i18n.Chinese, i18n.English, "/"},
		{"/en/", i18n.Chinese, i18n.English, "/"},
		{"/en/desk/x/", i18n.Chinese, i18n.English, "/desk/x/"},
		{"/english", i18n.Chinese, i18n.Chinese, "/english"},
		{"/zh/help", i18n.English, i18n.Chinese, "/help"},
		{"/help", i18n.English, i18n.English, "/help"},
	}
	for _, tt := range tests {
		var got i18n.Lang
		var rest string
		h := Languages(tt.def, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got, rest = LanguageOf(r), r.URL.Path
		}))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", tt.path, nil))
		if got != tt.want || rest != tt.rest {
			t.Errorf("%s by default %s: %s %s, want %s %s", tt.path, tt.def, got, rest, tt.want, tt.rest)
		}
	}
}

// A form another site sends is refused, and so is one of an old browser that names another
// origin; what a person's own page sends passes, also over plain http on an intranet.
func TestSecure(t *testing.T) {
	tests := []struct {
		name         string
		method       string
		site, origin string
		want         int
	}{
		{"own page", "POST", "same-origin", "http://desk.example", 200},
		{"own page, plain http, no Sec-Fetch-Site", "POST", "", "http://desk.example", 200},
		{"another site", "POST", "cross-site", "http://evil.example", 403},
		{"another site, old browser", "POST", "", "http://evil.example", 403},
		{"a sandboxed page", "POST", "", "null", 403},
		{"a program", "POST", "", "", 200},
		{"a link from another site", "GET", "cross-site", "", 200},
	}
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	deny := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) })
	for _, tt := range tests {
		r := httptest.NewRequest(tt.method, "http://desk.example/", nil)
		if tt.site != "" {
			r.Header.Set("Sec-Fetch-Site", tt.site)
		}
		if tt.origin != "" {
			r.Header.Set("Origin", tt.origin)
		}
		w := httptest.NewRecorder()
		Secure(ok, deny).ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, w.Code, tt.want)
		}
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control"} {
			if w.Header().Get(name) == "" {
				t.Errorf("%s: no %s", tt.name, name)
			}
		}
	}
}

func TestAssets(t *testing.T) {
	a, err := NewAssets("/static/", fstest.MapFS{"x/desk.css": {Data: []byte("body{}")}})
	if err != nil {
		t.Fatal(err)
	}
	path := a.Path("desk.css")
	for _, accept := range []string{"", "gzip"} {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		var body io.Reader = w.Body
		if accept == "gzip" {
			if body, err = gzip.NewReader(w.Body); err != nil {
				t.Fatal(err)
			}
		}
		got, err := io.ReadAll(body)
		if err != nil || string(got) != "body{}" {
			t.Errorf("accepting %q: %q, %v", accept, got, err)
		}
		if cc := w.Header().Get("Cache-Control"); !strings.Contains(cc, "immutable") {
			t.Errorf("Cache-Control %q", cc)
		}
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest("GET", "/static/desk.css", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("a name without its digest: %d, want 404", w.Code)
	}
}

// What is no text never reaches a handler: a PostgreSQL database takes neither.
func TestAddressesAreText(t *testing.T) {
	var path, value string
	h := Languages(i18n.Chinese, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		path, value = r.URL.Path, r.URL.Query().Get("q")
	}))
	for address, want := range map[string][2]string{
		"/en/items/%00?q=a%00b": {"/items/\uFFFD", "ab"}, "/items/%FF?q=%FF%E7%94%B2": {"/items/\uFFFD", "甲"}, "/items/%E7%94%B2?q=%E7%94%B2": {"/items/甲", "甲"},
	} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", address, nil))
		if path != want[0] || value != want[1] {
			t.Errorf("%s: %q, %q", address, path, value)
		}
	}
}

// A large upload leaves nothing on disk, though the handler's request is a copy.
func TestUploadsLeaveNothingOnDisk(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "a.bin")
	if err == nil {
		_, err = part.Write(make([]byte, 2*formMemory))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	during := 0
	s := Server{Log: slog.New(slog.DiscardHandler)}
	inner := s.Handle(func(_ http.ResponseWriter, r *http.Request) error {
		ReadForm(r)
		during = len(left(t))
		return nil
	})
	server := httptest.NewServer(Languages(i18n.Chinese, inner))
	defer server.Close()
	if _, err := http.Post(server.URL, form.FormDataContentType(), &b); err != nil {
		t.Fatal(err)
	}
	if after := left(t); during == 0 || len(after) > 0 {
		t.Errorf("%d files while it was read, %d afterwards", during, len(after))
	}
}

func left(t *testing.T) []os.DirEntry {
	t.Helper()
	all, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return all
}
