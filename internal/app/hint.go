package app

import (
	"net/http"

	"gongkai/internal/search"
)

// hinted tells the text index after each act of the office that there may be changes, so that
// it need not wait until it looks by itself.
func hinted(next http.Handler, index *search.Index) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if r.Method == http.MethodPost {
			index.Hint()
		}
	})
}
