package app

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"gongkai/internal/ledger/verifier"
)

// A page that was altered sends whoever checks it to no other machine.
func TestACheckAsksNoOtherMachine(t *testing.T) {
	w := openTown(t)
	var asked atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = out.Write([]byte("附件的内容"))
	}))
	t.Cleanup(other.Close)
	path := "/items/" + w.filed + ".html"
	_, page := w.get(path)
	at := `"/files/` + w.filed
	r, err := verifier.Site(t.Context(), w.served(map[string][]byte{path: edit(t, page, at, `"`+other.URL+at[1:])}), verifier.Options{Keys: w.keys()})
	if err != nil {
		t.Fatal(err)
	}
	if asked.Load() != 0 || !slices.Contains(told(r), "removed find.file_gone files") {
		t.Errorf("the other machine was asked %d times; found %q", asked.Load(), told(r))
	}
}
