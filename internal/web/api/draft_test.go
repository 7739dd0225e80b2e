package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"gongkai/internal/account"
	"gongkai/internal/account/token"
	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
)

// clerk is a person who may draft for the body, as the token's acts see them.
func (x *town) clerk(roles ...actor.Role) actor.Actor {
	x.t.Helper()
	made, err := x.people.Create(x.t.Context(), actor.System("test"), account.Person{Login: "clerk", Name: "示例经办人", Agency: x.body})
	x.must(err)
	for _, r := range roles {
		_, err := x.people.Grant(x.t.Context(), actor.System("test"), made.Account.ID, account.Grant{Role: r, Agency: x.body, Since: date.Must(2026, 11, 23), Reason: "工作需要"})
		x.must(err)
	}
	return actor.Actor{ID: made.Account.ID, Name: made.Account.Name}
}

const goodDraft = `{"title":"示例县供水公告","summary":"停水安排","text":"<p>正文</p><script>x</script>","author":"示例起草人","formed_on":"2026-11-18","attribute":"proactive"}`

// post sends a draft and reads what is answered.
func (x *town) post(secret, key, draft string) (int, Status, Problem) {
	x.t.Helper()
	w := x.ask("POST", "/api/v1/drafts", strings.NewReader(draft), "Authorization", "Bearer "+secret, "Content-Type", "application/json", "Idempotency-Key", key)
	var s Status
	var p Problem
	_ = json.Unmarshal(w.Body.Bytes(), &s)
	_ = json.Unmarshal(w.Body.Bytes(), &p)
	return w.Code, s, p
}

// What another system posts takes the way of what a clerk writes: the same permission, the same
// cleaning, the same checks, the same reviews. A post sent twice makes one item.
func TestPostingADraft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := enter(t, d)
		clerk := x.clerk(actor.Editor, actor.Publisher)
		tok, secret, err := x.Tokens.Create(t.Context(), clerk, token.New{Name: "示例办公系统", Agency: x.body, Section: x.section, Submit: true, Days: 30})
		x.must(err)
		code, s, p := x.post(secret, "k1", goodDraft)
		if code != http.StatusCreated || s.State != disclosure.Draft || s.Title != "示例县供水公告" {
			t.Fatalf("%d %+v %+v", code, s, p)
		}
		if again, same, _ := x.post(secret, "k1", goodDraft); again != http.StatusOK || same.ID != s.ID {
			t.Errorf("sent again: %d %s, want %s", again, same.ID, s.ID)
		}
		if code, _, p := x.post(secret, "k1", strings.Replace(goodDraft, "供水", "停水", 1)); code != http.StatusConflict || p.Code != "token.reused" {
			t.Errorf("another post under the key: %d %+v", code, p)
		}
		f, err := x.Items.Look(t.Context(), x.all, s.ID)
		if err != nil || f.Edition.Body != "<p>正文</p>" || f.Edition.CreatedBy != clerk.ID || f.Item.Section != x.section {
			t.Fatalf("%+v, %v", f, err)
		}
		body, kind := parted(t, `{"title":"示例县供水新公告","summary":"停水安排","text":"<p>新正文</p>","author":"示例起草人","formed_on":"2026-11-18","attribute":"proactive","version":1}`, map[string]string{"安排.txt": "附件"})
		w := x.ask("PUT", "/api/v1/drafts/"+s.ID, body, "Authorization", "Bearer "+secret, "Content-Type", kind)
		x.must(json.Unmarshal(w.Body.Bytes(), &s))
		if w.Code != 200 || s.Title != "示例县供水新公告" || len(s.Files) != 1 || s.Files[0].Name != "安排.txt" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		w = x.ask("POST", "/api/v1/drafts/"+s.ID+"/submit", nil, "Authorization", "Bearer "+secret)
		x.must(json.Unmarshal(w.Body.Bytes(), &s))
		if w.Code != 200 || s.State != disclosure.Review1 || s.IndexNo == "" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if live := x.plain("/api/v1/items"); strings.Contains(live, "供水") {
			t.Errorf("it is public already: %s", live)
		}
		// The person may publish; the token may not, and does not even see who else may.
		if _, who, err := x.Tokens.Open(t.Context(), secret, "192.0.2.9"); err != nil || who.Can(actor.ItemPublish, actor.In(x.body, x.section)) || !who.Can(actor.ItemEdit, actor.In(x.body, x.section)) || who.Can(actor.ItemEdit, actor.In(x.body)) {
			t.Errorf("%+v, %v", who, err)
		}
		x.must(x.Tokens.Revoke(t.Context(), clerk, tok.ID))
		if code, _, p := x.post(secret, "k2", goodDraft); code != http.StatusUnauthorized || p.Code != "token.unknown" {
			t.Errorf("with a revoked token: %d %+v", code, p)
		}
	})
}

// Whatever is wrong is refused with its reason, and nothing stays behind.
func TestRefusedPosts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := enter(t, d)
		clerk := x.clerk(actor.Editor)
		_, secret, err := x.Tokens.Create(t.Context(), clerk, token.New{Name: "示例办公系统", Agency: x.body, Days: 30})
		x.must(err)
		for _, c := range []struct {
			name, secret, key, draft string
			status                   int
			code, field              string
		}{
			{"no token", "", "a", goodDraft, 401, "token.unknown", ""},
			{"a token nobody has", "gongkai_x", "a", goodDraft, 401, "token.unknown", ""},
			{"no key", secret, "", goodDraft, 422, "token.key", "Idempotency-Key"},
			{"no JSON", secret, "a", "{", 422, "api.json", ""},
			{"an unknown field", secret, "a", `{"title":"甲","publish":true}`, 422, "api.json", ""},
			{"a day that is none", secret, "a", `{"title":"甲","formed_on":"2026-02-30"}`, 422, "api.day", ""},
			{"no section", secret, "a", goodDraft, 404, "section.none", ""},
			{"another body", secret, "a", strings.Replace(goodDraft, "{", `{"body":"other","section":"`+x.section+`",`, 1), 403, "actor.forbidden", ""},
			{"an unknown kind", secret, "a", strings.Replace(goodDraft, "{", `{"kind":"odd","section":"`+x.section+`",`, 1), 422, "item.kind", "kind"},
		} {
			code, _, p := x.post(c.secret, c.key, c.draft)
			if code != c.status || p.Code != c.code || p.Field != c.field {
				t.Errorf("%s: %d %+v, want %d %s", c.name, code, p, c.status, c.code)
			}
		}
		code, s, _ := x.post(secret, "a", strings.Replace(goodDraft, "{", `{"section":"`+x.section+`",`, 1))
		if code != http.StatusCreated {
			t.Fatalf("after the refused ones, under their key: %d", code)
		}
		w := x.ask("POST", "/api/v1/drafts/"+s.ID+"/submit", nil, "Authorization", "Bearer "+secret)
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "token.submit") {
			t.Errorf("submitted with a token for drafts: %d %s", w.Code, w.Body)
		}
		for range mostPosts {
			w = x.ask("GET", "/api/v1/drafts/"+s.ID, nil, "Authorization", "Bearer "+secret)
		}
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
			t.Errorf("after %d in a minute: %d %v", mostPosts, w.Code, w.Header())
		}
	})
}
