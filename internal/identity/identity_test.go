package identity

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/config"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/job"
	"gongkai/internal/secret"
)

// platform is a small OpenID provider on this machine: discovery, keys, authorization codes with
// PKCE, tokens, user information. It knows one person and gives a code to whoever asks.
type platform struct {
	*httptest.Server
	key *rsa.PrivateKey // as published
	own *rsa.PrivateKey // what it signs with

	mu     sync.Mutex
	claims map[string]any // of the token
	info   map[string]any // of the user information; nil for none
	codes  map[string]url.Values
	now    func() time.Time
	spoil  func(claims map[string]any)
	down   bool
	meets  int
}

func newPlatform(t *testing.T, now func() time.Time) *platform {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &platform{key: key, own: key, codes: map[string]url.Values{}, now: now, claims: map[string]any{"sub": "u-1", "acr": "L2"},
		info: map[string]any{"sub": "u-1", "name": "甲 某", "id_number": "11010519491231002x", "phone_number": "13800138000"}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discover)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("GET /user", p.user)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.down {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *platform) discover(w http.ResponseWriter, _ *http.Request) {
	p.meets++
	all := map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"end_session_endpoint": p.URL + "/logout", "id_token_signing_alg_values_supported": []string{"RS256"}}
	if p.info != nil {
		all["userinfo_endpoint"] = p.URL + "/user"
	}
	reply(w, all)
}

func (p *platform) keys(w http.ResponseWriter, _ *http.Request) {
	n := base64.RawURLEncoding.EncodeToString(p.key.N.Bytes())
	e := base64.RawURLEncoding.EncodeToString(big.NewInt(int64(p.key.E)).Bytes())
	reply(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256", "n": n, "e": e}}})
}

func (p *platform) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != "gongkai" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || !strings.Contains(q.Get("scope"), "openid") {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	code := rand.Text()
	p.codes[code] = q
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

func (p *platform) token(w http.ResponseWriter, r *http.Request) {
	id, pass, _ := r.BasicAuth()
	asked, known := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !known || id != "gongkai" || pass != "geheim" || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") || r.FormValue("redirect_uri") != asked.Get("redirect_uri") {
		w.WriteHeader(http.StatusBadRequest)
		reply(w, map[string]string{"error": "invalid_grant"})
		return
	}
	claims := map[string]any{"iss": p.URL, "aud": "gongkai", "exp": p.now().Add(time.Minute).Unix(), "iat": p.now().Unix(), "nonce": asked.Get("nonce")}
	maps.Copy(claims, p.claims)
	if p.spoil != nil {
		p.spoil(claims)
	}
	reply(w, map[string]any{"access_token": "zutritt", "token_type": "Bearer", "expires_in": 60, "id_token": p.sign(claims)})
}

func (p *platform) sign(claims map[string]any) string {
	head, _ := json.Marshal(map[string]string{"alg": "RS256", "kid": "1", "typ": "JWT"})
	body, _ := json.Marshal(claims)
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, p.own, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(sig)
}

func (p *platform) user(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer zutritt" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	reply(w, p.info)
}

// site is a desk before the platform.
type site struct {
	*Desk
	t    *testing.T
	p    *platform
	oidc *OIDC
	now  time.Time
}

func setUp(t *testing.T, d *db.DB) *site {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, now: dbtest.Noon}
	d.Clock = func() time.Time { return s.now }
	s.p = newPlatform(t, d.Clock)
	s.oidc = NewOIDC(Platform{Issuer: s.p.URL, Title: "示范省统一身份认证平台", Client: "gongkai", Secret: "geheim", Callback: "https://open.example.gov.cn/identity/callback", Home: "https://open.example.gov.cn/",
		Scopes: []string{"profile"}}, d.Clock, nil)
	s.Desk = &Desk{DB: d, Keys: keys, Provider: s.oidc}
	return s
}

// visit goes to the platform as a browser does and returns with what it is sent back with.
func (s *site) visit() (cookie string, a Answer) {
	s.t.Helper()
	to, cookie, err := s.Begin(s.t.Context(), "/apply.html")
	if err != nil {
		s.t.Fatal(err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, to, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	res.Body.Close()
	back, err := res.Location()
	if err != nil {
		s.t.Fatalf("the platform answers %d", res.StatusCode)
	}
	return cookie, Answer{State: back.Query().Get("state"), Code: back.Query().Get("code")}
}

func (s *site) signIn() (*Person, string) {
	s.t.Helper()
	cookie, a := s.visit()
	p, secret, next, err := s.Finish(s.t.Context(), cookie, a)
	if err != nil || next != "/apply.html" {
		s.t.Fatalf("to %q, %v", next, err)
	}
	return p, secret
}

func TestAPersonSignsIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setUp(t, d)
		p, secret := s.signIn()
		want := Person{ID: p.ID, Mark: p.Mark, Kind: Natural, Level: "L2", Subject: s.p.URL + " u-1", Name: "甲 某", IDNumber: "11010519491231002X", Phone: "13800138000",
			First: dbtest.Noon, Last: dbtest.Noon, sealed: p.sealed, version: 1}
		if *p != want || len(p.Mark) != 32 {
			t.Errorf("got %+v", *p)
		}
		who, err := s.Who(t.Context(), secret)
		if err != nil || who.Name != "甲 某" || who.Mark != p.Mark {
			t.Fatalf("got %+v, %v", who, err)
		}
		s.p.info["name"] = "甲某"
		s.now = s.now.Add(time.Hour)
		again, _ := s.signIn()
		if again.ID != p.ID || again.Mark != p.Mark || again.Name != "甲某" || !again.First.Equal(dbtest.Noon) || !again.Last.Equal(s.now) || s.p.meets != 1 {
			t.Errorf("got %+v, asked what it is %d times", *again, s.p.meets)
		}
		err = d.View(t.Context(), func(tx *db.Tx) error {
			kept, err := s.Stored(tx, p.ID)
			if err == nil && kept.IDNumber != "11010519491231002X" {
				t.Errorf("got %+v", *kept)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// A session ends when nobody used it for half an hour, after eight hours, and when the person says so.
func TestSessionsEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setUp(t, d)
		ctx := t.Context()
		_, secret := s.signIn()
		for range 16 {
			s.now = s.now.Add(idleTime - time.Second)
			if _, err := s.Who(ctx, secret); err != nil {
				t.Fatalf("after %s: %v", s.now.Sub(dbtest.Noon), err)
			}
		}
		s.now = dbtest.Noon.Add(wholeTime)
		if _, err := s.Who(ctx, secret); !errors.Is(err, ErrSignedOut) {
			t.Errorf("after eight hours: %v", err)
		}
		_, secret = s.signIn()
		s.now = s.now.Add(idleTime)
		if _, err := s.Who(ctx, secret); !errors.Is(err, ErrSignedOut) {
			t.Errorf("after half an hour: %v", err)
		}
		_, secret = s.signIn()
		to, err := s.SignOut(ctx, secret)
		if u, _ := url.Parse(to); err != nil || u.Path != "/logout" || u.Query().Get("client_id") != "gongkai" || u.Query().Get("post_logout_redirect_uri") != "https://open.example.gov.cn/" {
			t.Errorf("to %q, %v", to, err)
		}
		for _, none := range []string{secret, "", "x"} {
			if _, err := s.Who(ctx, none); !errors.Is(err, ErrSignedOut) {
				t.Errorf("%q: %v", none, err)
			}
		}
		s.now = s.now.Add(keepPerson + time.Second)
		if err := (&job.Runner{DB: d, Handlers: s.Handlers()}).Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if err := s.Purge(ctx); err != nil {
			t.Fatal(err)
		}
		err = d.View(ctx, func(tx *db.Tx) error {
			n, err := tx.Count("SELECT count(*) FROM identity_person")
			m, err2 := tx.Count("SELECT count(*) FROM identity_session")
			if n != 0 || m != 0 {
				t.Errorf("%d people, %d sessions are left", n, m)
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// An answer counts in the browser that asked, once, within ten minutes, and unforged.
func TestForgedAnswers(t *testing.T) {
	d := dbtest.SQLite(t)
	s := setUp(t, d)
	cookie, a := s.visit()
	other, foreign := s.visit()
	for name, one := range map[string]struct {
		cookie string
		a      Answer
		want   error
	}{
		"no cookie":                {"", a, ErrHandshake},
		"another browser's":        {other, a, ErrHandshake},
		"no state":                 {cookie, Answer{Code: a.Code}, ErrHandshake},
		"a made-up cookie":         {strings.Replace(cookie, ".", ".x", 1), a, ErrHandshake},
		"a code of another's":      {cookie, Answer{State: a.State, Code: foreign.Code}, ErrRefused},
		"a made-up code":           {cookie, Answer{State: a.State, Code: "x"}, ErrRefused},
		"the person says no":       {cookie, Answer{State: a.State, Error: "access_denied"}, ErrDenied},
		"neither code nor refusal": {cookie, Answer{State: a.State}, ErrDenied},
	} {
		if _, secret, _, err := s.Finish(t.Context(), one.cookie, one.a); !errors.Is(err, one.want) || secret != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, _, err := s.Finish(t.Context(), cookie, a); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.Finish(t.Context(), cookie, a); !errors.Is(err, ErrRefused) {
		t.Errorf("a second time: %v", err)
	}
	cookie, a = s.visit()
	s.now = s.now.Add(handshakeTime + time.Second)
	if _, _, _, err := s.Finish(t.Context(), cookie, a); !errors.Is(err, ErrHandshake) {
		t.Errorf("too late: %v", err)
	}
}

// What the platform signs must be for us, of it, of now, and of this sign-in.
func TestForgedTokens(t *testing.T) {
	d := dbtest.SQLite(t)
	s := setUp(t, d)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(map[string]any){
		"for another":      func(c map[string]any) { c["aud"] = "anderer" },
		"of another":       func(c map[string]any) { c["iss"] = "https://example.com" },
		"of yesterday":     func(c map[string]any) { c["exp"] = s.now.Add(-time.Second).Unix() },
		"another sign-in":  func(c map[string]any) { c["nonce"] = "x" },
		"no nonce":         func(c map[string]any) { delete(c, "nonce") },
		"another's key":    func(map[string]any) { s.p.own = stranger },
		"another's access": func(c map[string]any) { c["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA" },
		"another person":   func(c map[string]any) { c["sub"] = "u-2" },
	} {
		cookie, a := s.visit()
		s.p.spoil = spoil
		_, _, _, err := s.Finish(t.Context(), cookie, a)
		if !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
		s.p.spoil, s.p.own = nil, s.p.key
	}
	if p, _ := s.signIn(); p.Name != "甲 某" {
		t.Error("nobody can sign in afterwards")
	}
}

// Provincial platforms call the same things by other names.
func TestClaims(t *testing.T) {
	names := map[string]string{"subject": "userId", "name": "data.realName", "id_number": "certNo", "kind": "userType", "legal": "2|法人", "organisation": "corp.name", "credit_code": "corp.code", "level": "level"}
	o := &OIDC{Platform: Platform{Issuer: "https://id.example.gov.cn", Claims: names, Levels: []string{"3"}}}
	for name, tt := range map[string]struct {
		claims string
		want   Person
		err    error
	}{
		"a person":          {`{"userId":17,"data":{"realName":"甲某"},"certNo":"1","userType":1,"level":3,"corp":{"name":"乙公司"}}`, Person{Kind: Natural, Level: "3", Subject: "https://id.example.gov.cn 17", Name: "甲某", IDNumber: "1"}, nil},
		"an organisation":   {`{"userId":"9","userType":"法人","level":"3","corp":{"name":"乙公司","code":"91"},"data":{"realName":"甲某"}}`, Person{Kind: Legal, Level: "3", Subject: "https://id.example.gov.cn 9", Name: "甲某", Organisation: "乙公司", CreditCode: "91"}, nil},
		"without its name":  {`{"userId":"9","userType":2,"level":3,"data":{"realName":"甲某"}}`, Person{}, ErrClaims},
		"nobody":            {`{"data":{"realName":"甲某"},"level":3}`, Person{}, ErrClaims},
		"nameless":          {`{"userId":"9","level":3}`, Person{}, ErrClaims},
		"proved too little": {`{"userId":"9","data":{"realName":"甲某"},"level":2}`, Person{}, ErrLevel},
		"of another kind":   {`{"userId":["9"],"data":"甲某","level":3}`, Person{}, ErrClaims},
	} {
		claims := map[string]any{}
		if err := json.Unmarshal([]byte(tt.claims), &claims); err != nil {
			t.Fatal(err)
		}
		p, err := o.person(claims)
		if !errors.Is(err, tt.err) || tt.err == nil && (err != nil || *p != tt.want) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

// A platform that does not answer is not asked by everybody who comes, and the rest goes on.
func TestAPlatformThatIsAway(t *testing.T) {
	d := dbtest.SQLite(t)
	s := setUp(t, d)
	s.p.down = true
	for range 3 {
		if _, _, err := s.Begin(t.Context(), "/"); !errors.Is(err, ErrAway) {
			t.Errorf("got %v", err)
		}
	}
	s.p.down = false
	if _, _, err := s.Begin(t.Context(), "/"); !errors.Is(err, ErrAway) || s.p.meets != 0 {
		t.Errorf("asked at once again: %v", err)
	}
	s.now = s.now.Add(respite)
	cookie, a := s.visit()
	s.p.down = true
	if _, _, _, err := s.Finish(t.Context(), cookie, a); !errors.Is(err, ErrAway) && !errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
	var off *Desk
	if off.On() || (&Desk{}).On() {
		t.Error("on without a platform")
	}
	if _, _, err := (&Desk{}).Begin(context.Background(), "/"); !errors.Is(err, ErrOff) {
		t.Errorf("got %v", err)
	}
}

// Neither the tables nor a cookie tell who somebody is.
func TestPeopleAreSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setUp(t, d)
		_, secret := s.signIn()
		cookie, _ := s.visit()
		if strings.Contains(cookie, "apply") {
			t.Errorf("the cookie says %s", cookie)
		}
		err := d.View(t.Context(), func(tx *db.Tx) error {
			tables, err := tx.Tables()
			for _, one := range tables {
				if err == nil {
					err = tx.EachRow(one, func(r db.Row) error {
						for _, word := range []string{"甲", "110105", "138001", "u-1", secret} {
							if strings.Contains(fmt.Sprint(r), word) {
								t.Errorf("%s holds %s", one.Name, word)
							}
						}
						return nil
					})
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// The settings know the same facts.
func TestTheSettingsKnowTheFacts(t *testing.T) {
	all := Facts()
	if _, err := config.Load("", nil, map[string]string{"identity_claims": strings.Join(all, "=x,") + "=x"}); err != nil {
		t.Error(err)
	}
	if !slices.Contains(all, "credit_code") {
		t.Errorf("got %v", all)
	}
	if s, err := ReadSecret(""); s != "" || err != nil {
		t.Error(s, err)
	}
}
