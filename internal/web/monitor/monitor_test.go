package monitor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/job"
	"gongkai/internal/search"
)

func ask(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return rec.Code, rec.Body.String()
}

func TestHealthNamesWhatIsNotWell(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		folder := t.TempDir()
		r := &job.Runner{DB: d}
		w := New(d, folder, r)
		check := func(what string, status int, failed ...string) {
			t.Helper()
			code, body := ask(t, w.Handler(), "/healthz")
			var got map[string]string
			if err := json.Unmarshal([]byte(body), &got); err != nil || code != status {
				t.Errorf("%s: %d %s, %v", what, code, body, err)
			}
			for name, word := range got {
				if want := map[bool]string{true: "failed", false: "ok"}[strings.Contains(strings.Join(failed, " "), name)]; word != want {
					t.Errorf("%s: %s is %s", what, name, word)
				}
			}
		}
		check("jobs not begun", 503, "jobs")
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if err := r.Run(ctx); err != nil {
			t.Fatal(err)
		}
		check("all well", 200)
		d.Clock = func() time.Time { return dbtest.Noon.Add(2 * time.Minute) }
		check("jobs stand still", 503, "jobs")
		d.Clock = func() time.Time { return dbtest.Noon }
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		check("no folder", 503, "folder")
		if left, err := os.ReadDir(folder); err == nil && len(left) > 0 {
			t.Error("a check left a file")
		}
	})
}

func TestADatabaseThatIsGoneIsNoticed(t *testing.T) {
	d, err := db.Open(t.Context(), "sqlite:"+t.TempDir()+"/x.db")
	if err != nil {
		t.Fatal(err)
	}
	w := New(d, t.TempDir(), nil)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if code, body := ask(t, w.Handler(), "/healthz"); code != 503 || !strings.Contains(body, `"database":"failed"`) {
		t.Errorf("%d %s", code, body)
	}
}

func TestFigures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := New(d, t.TempDir(), nil)
		w.Index = func(context.Context) (search.Status, error) {
			return search.Status{Documents: 7, Bytes: 4096, Behind: 3}, nil
		}
		mux := http.NewServeMux()
		mux.HandleFunc("GET /item/{id}", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusTeapot) })
		h := w.Count(mux)
		for _, path := range []string{"/item/1", "/item/2", "/none", "/else"} {
			ask(t, h, path)
		}
		stop := errors.New("stop")
		if err := d.Update(t.Context(), func(tx *db.Tx) error { return job.Enqueue(tx, "test", 1) }); err != nil {
			t.Fatal(err)
		}
		if err := d.Update(t.Context(), func(*db.Tx) error { return stop }); !errors.Is(err, stop) {
			t.Fatal(err)
		}
		code, body := ask(t, w.Handler(), "/metrics")
		for _, want := range []string{
			`gongkai_http_request_seconds_count{route="GET /item/{id}",status="418"} 2`,
			`gongkai_http_request_seconds_count{route="none",status="404"} 2`,
			`gongkai_transaction_seconds_count{kind="update",result="ok"} 1`,
			`gongkai_transaction_seconds_count{kind="update",result="error"} 1`,
			`gongkai_jobs{state="ready"} 1`, `gongkai_jobs{state="failed"} 0`,
			`gongkai_db_connections{pool="write",use="busy"} 0`, "go_goroutines",
			"gongkai_search_behind 3", "gongkai_search_bytes 4096", "gongkai_search_documents 7",
		} {
			if !strings.Contains(body, want) {
				t.Errorf("%d: no %s", code, want)
			}
		}
	})
}

func TestTheLogHasTheFormAskedFor(t *testing.T) {
	for format, want := range map[string]string{"json": `"msg":"hello"`, "text": "msg=hello", "": "msg=hello"} {
		var b bytes.Buffer
		if Logger(&b, format).Info("hello"); !strings.Contains(b.String(), want) {
			t.Errorf("%s: got %s", format, b.String())
		}
	}
}
