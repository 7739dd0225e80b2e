package api

import (
	"net/http"
	"strings"
	"testing"

	"gongkai/internal/account/token"
	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// What is no text is refused with its reason on either engine, wherever in a post it stands, and
// a token opens nothing from an address, a form or a cookie; a key is one system's own.
func TestHostilePosts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := enter(t, d)
		clerk := x.clerk(actor.Editor)
		_, secret, err := x.Tokens.Create(t.Context(), clerk, token.New{Name: "示例办公系统", Agency: x.body, Section: x.section, Days: 30})
		x.must(err)
		_, second, err := x.Tokens.Create(t.Context(), clerk, token.New{Name: "另一系统", Agency: x.body, Section: x.section, Days: 30})
		x.must(err)
		for _, field := range []string{"body", "section", "kind", "origin", "title", "text", "theme", "genre", "issuer", "attribute", "validity", "source_url"} {
			code, _, p := x.post(secret, "n-"+field, strings.Replace(goodDraft, "{", `{"`+field+`":"\u0000",`, 1))
			if code != http.StatusUnprocessableEntity || p.Code == "web.internal" {
				t.Errorf("NUL in %s: %d %+v", field, code, p)
			}
		}
		for _, key := range []string{"\xff\xfe", strings.Repeat("k", 101)} {
			if code, _, p := x.post(secret, key, goodDraft); code != http.StatusUnprocessableEntity || p.Code != "token.key" {
				t.Errorf("key %.9q: %d %+v", key, code, p)
			}
		}
		body, kind := parted(t, goodDraft, map[string]string{"a.txt": "附件"})
		w := x.ask("POST", "/api/v1/drafts", body, "Authorization", "Bearer "+secret, "Content-Type", kind, "Idempotency-Key", "same")
		if w.Code != http.StatusCreated {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		body, kind = parted(t, goodDraft, map[string]string{"a.txt": "附件"})
		w = x.ask("POST", "/api/v1/drafts", body, "Authorization", "Bearer "+second, "Content-Type", kind, "Idempotency-Key", "same")
		if w.Code != http.StatusCreated || w.Header().Get("Idempotency-Replayed") != "" {
			t.Errorf("the key of another token: %d %v", w.Code, w.Header())
		}
		for name, head := range map[string][]string{
			"in the address": {}, "in a cookie": {"Cookie", "Authorization=Bearer " + secret}, "basic": {"Authorization", "Basic " + secret}, "lower case": {"Authorization", "bearer" + secret},
			"two": {"Authorization", "Bearer " + secret + ", Bearer " + second}, "cut": {"Authorization", "Bearer " + secret[:len(secret)-1]},
		} {
			w := x.ask("POST", "/api/v1/drafts?access_token="+secret+"&token="+secret, strings.NewReader(goodDraft), append(head, "Content-Type", "application/json", "Idempotency-Key", name)...)
			if w.Code != http.StatusUnauthorized || strings.Contains(w.Body.String(), secret) {
				t.Errorf("a token %s: %d %s", name, w.Code, w.Body)
			}
		}
		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "", "application/json-patch+json"} { // what a page of another site can have a browser send
			w := x.ask("POST", "/api/v1/drafts", strings.NewReader(goodDraft), "Authorization", "Bearer "+secret, "Content-Type", kind, "Idempotency-Key", "k")
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("as %q: %d", kind, w.Code)
			}
		}
		w = x.ask("OPTIONS", "/api/v1/drafts", nil, "Origin", "https://evil.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization")
		if h := w.Header(); h.Get("Access-Control-Allow-Origin") != "" || h.Get("Access-Control-Allow-Credentials") != "" || strings.Contains(strings.ToLower(h.Get("Access-Control-Allow-Headers")), "authorization") {
			t.Errorf("posts are opened to pages of other sites: %v", h)
		}
		for _, path := range []string{"/api/v1/drafts/%00", "/api/v1/drafts/%FF", "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=urn:uuid:%00", "/api/v1/items?limit=99999999999999999999", "/api/v1/items?limit=-1", "/api/v1/items?after=%27%3B--"} {
			if w := x.ask("GET", path, nil, "Authorization", "Bearer "+second); w.Code >= 500 {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
		if w := x.ask("POST", "/oai", strings.NewReader("verb=ListRecords&metadataPrefix=oai_dc&set=%00"), "Content-Type", "application/x-www-form-urlencoded"); w.Code >= 500 {
			t.Errorf("a harvest of NUL: %d %s", w.Code, w.Body)
		}
	})
}
