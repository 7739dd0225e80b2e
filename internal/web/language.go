package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"gongkai/internal/i18n"
)

// prefixes are the first path segments that choose a language. A path without one is in
// the default language, so that pages stay cacheable and links can be passed on.
var prefixes = map[i18n.Lang]string{i18n.English: "/en", i18n.Chinese: "/zh"}

type languageKey struct{}

// Languages strips the language from the path and keeps it in the request's context.
func Languages(byDefault i18n.Lang, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = Legible(r)
		lang, path := LanguageIn(r.URL.Path, byDefault)
		if path != r.URL.Path {
			r = WithPath(r, path)
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), languageKey{}, lang)))
	})
}

// LanguageIn returns the language a path chooses and the path without it.
func LanguageIn(path string, byDefault i18n.Lang) (i18n.Lang, string) {
	for l, prefix := range prefixes {
		if rest, ok := strings.CutPrefix(path, prefix); ok && (rest == "" || rest[0] == '/') {
			return l, "/" + strings.TrimPrefix(rest, "/")
		}
	}
	return byDefault, path
}

// LanguageOf returns the language Languages found.
func LanguageOf(r *http.Request) i18n.Lang {
	l, ok := r.Context().Value(languageKey{}).(i18n.Lang)
	if !ok {
		return i18n.Chinese
	}
	return l
}

// Prefix returns the path segment of l, "" if it is the default.
func Prefix(l, byDefault i18n.Lang) string {
	if l == byDefault {
		return ""
	}
	return prefixes[l]
}

// Legible replaces what is no text in an address: a PostgreSQL database takes neither a NUL nor
// what is not UTF-8, and a list or page asked for with them is simply not there.
func Legible(r *http.Request) *http.Request {
	if path := readable(r.URL.Path, "\uFFFD"); path != r.URL.Path {
		r = WithPath(r, path)
	}
	values := r.URL.Query()
	if !mend(values) {
		return r
	}
	r = WithPath(r, r.URL.Path)
	r.URL.RawQuery = values.Encode()
	return r
}

// mend makes all values readable and reports whether one was not.
func mend(values url.Values) (changed bool) {
	for name, all := range values {
		for i, v := range all {
			if s := readable(v, ""); s != v {
				all[i], changed = s, true
			}
		}
		if readable(name, "") != name {
			delete(values, name)
			changed = true
		}
	}
	return changed
}

// readable is s with something else in place of what is no text.
func readable(s, instead string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, instead), "\x00", instead)
}

// WithPath returns r as if it had asked for another path.
func WithPath(r *http.Request, path string) *http.Request {
	c := *r
	c.URL = new(url.URL)
	*c.URL = *r.URL
	c.URL.Path, c.URL.RawPath = path, ""
	return &c
}
