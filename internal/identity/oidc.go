package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Platform is what is set of a platform that speaks OpenID Connect.
type Platform struct {
	Issuer   string
	Title    string // what people call it
	Client   string // our name there
	Secret   string // "" for a public client
	Callback string // our address it sends people back to
	Home     string // our address people come back to after signing out
	Scopes   []string
	// Claims say under which names the platform tells what: each has a usual name that this
	// replaces. Platforms differ in all of them. "legal" names the values of "kind" that mean an
	// organisation, parted by "|".
	Claims map[string]string
	// Levels of assurance that are enough; none for any.
	Levels []string
}

// usual are the names of claims where nothing else is set: those of OpenID Connect where it has
// one.
var usual = map[string]string{
	"subject": "sub", "name": "name", "id_number": "id_number", "phone": "phone_number", "email": "email",
	"organisation": "organisation", "credit_code": "credit_code", "kind": "user_type", "legal": "legal|2", "level": "acr",
}

// Facts lists what can be set of claims, sorted.
func Facts() []string {
	var all []string
	for name := range usual {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// ReadSecret reads our secret at a platform from its file; none for "".
func ReadSecret(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read the secret of the identity platform: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// OIDC is a platform that speaks OpenID Connect: authorization code with PKCE.
type OIDC struct {
	Platform
	client *http.Client
	now    func() time.Time

	mu   sync.Mutex
	met  *met
	late time.Time // until when it is not asked again what it is
}

// met is a platform that has said what it is.
type met struct {
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	config   *oauth2.Config
	end      string
}

// The times of conversations with a platform.
const (
	patience = 15 * time.Second
	// respite is how long a platform that did not answer is left alone, so that everybody who comes
	// meanwhile is told at once.
	respite = 10 * time.Second
)

// NewOIDC returns a platform. It is asked what it is at the first sign-in, not at the start: our
// own must not hang on it.
func NewOIDC(p Platform, now func() time.Time, client *http.Client) *OIDC {
	if client == nil {
		client = &http.Client{Timeout: patience}
	}
	return &OIDC{Platform: p, client: client, now: now}
}

// Name is what the platform is called.
func (o *OIDC) Name() string { return o.Title }

// meet asks the platform what it is, once.
func (o *OIDC) meet(ctx context.Context) (*met, context.Context, error) {
	ctx = oidc.ClientContext(ctx, o.client)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.met != nil {
		return o.met, ctx, nil
	}
	now := o.now()
	if now.Before(o.late) {
		return nil, nil, ErrAway
	}
	// Keys are fetched anew later, after this request has ended.
	p, err := oidc.NewProvider(context.WithoutCancel(ctx), o.Issuer)
	if err != nil {
		o.late = now.Add(respite)
		return nil, nil, ErrAway.Because(err)
	}
	m := &met{provider: p, verifier: p.Verifier(&oidc.Config{ClientID: o.Client, Now: o.now})}
	m.config = &oauth2.Config{ClientID: o.Client, ClientSecret: o.Secret, Endpoint: p.Endpoint(), RedirectURL: o.Callback,
		Scopes: append([]string{oidc.ScopeOpenID}, o.Scopes...)}
	var more struct {
		End string `json:"end_session_endpoint"`
	}
	if err := p.Claims(&more); err == nil && safe(more.End) {
		m.end = more.End
	}
	o.met = m
	return m, ctx, nil
}

// safe reports whether an address is one a browser may be sent to.
func safe(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

// Begin returns the address of the platform that a browser is sent to.
func (o *OIDC) Begin(ctx context.Context, h Handshake) (string, error) {
	m, _, err := o.meet(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(h.Nonce), oauth2.S256ChallengeOption(h.Verifier)}
	if len(o.Levels) > 0 {
		options = append(options, oauth2.SetAuthURLParam("acr_values", strings.Join(o.Levels, " ")))
	}
	return m.config.AuthCodeURL(h.State, options...), nil
}

// Finish redeems the code of the answer and makes a person of what the platform vouches for.
func (o *OIDC) Finish(ctx context.Context, h Handshake, code string) (*Person, error) {
	m, ctx, err := o.meet(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	token, err := m.config.Exchange(ctx, code, oauth2.VerifierOption(h.Verifier))
	if err != nil {
		return nil, refused(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := m.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, ErrRefused.Because(err)
	}
	if id.Nonce != h.Nonce {
		return nil, ErrRefused.Because(errors.New("the nonce is another"))
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return nil, ErrRefused.Because(err)
		}
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return nil, ErrRefused.Because(err)
	}
	if err := o.more(ctx, m, token, id.Subject, claims); err != nil {
		return nil, err
	}
	return o.person(claims)
}

// refused tells a platform that says no from one that does not answer. What it says is not kept:
// it may repeat the code.
func refused(err error) error {
	var no *oauth2.RetrieveError
	if errors.As(err, &no) {
		return ErrRefused.Because(fmt.Errorf("the platform answers %d %s", status(no), no.ErrorCode))
	}
	return ErrAway.Because(err)
}

func status(no *oauth2.RetrieveError) int {
	if no.Response == nil {
		return 0
	}
	return no.Response.StatusCode
}

// more adds what the platform tells of the person only when asked, to what it has signed. It must be
// about the same person, and changes nothing that was signed.
func (o *OIDC) more(ctx context.Context, m *met, token *oauth2.Token, subject string, claims map[string]any) error {
	if m.provider.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := m.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return ErrAway.Because(errors.New("the platform tells nothing of the person"))
	}
	if info.Subject != subject {
		return ErrRefused.Because(errors.New("the platform tells of another person"))
	}
	extra := map[string]any{}
	if err := info.Claims(&extra); err != nil {
		return ErrRefused.Because(err)
	}
	for name, value := range extra {
		if _, signed := claims[name]; !signed {
			claims[name] = value
		}
	}
	return nil
}

// claim is the text the platform tells under our name of a fact. A dot leads into an object.
func (o *OIDC) claim(claims map[string]any, fact string) string {
	name := o.Claims[fact]
	if name == "" {
		name = usual[fact]
	}
	var at any = claims
	if whole, ok := claims[name]; ok {
		return said(whole)
	}
	for _, step := range strings.Split(name, ".") {
		inner, ok := at.(map[string]any)
		if !ok {
			return ""
		}
		at = inner[step]
	}
	return said(at)
}

func said(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64: // some platforms number their kinds and levels
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// person makes a person of claims. Who it is must be told: without a name nobody could answer.
func (o *OIDC) person(claims map[string]any) (*Person, error) {
	get := func(fact string) string { return strings.TrimSpace(o.claim(claims, fact)) }
	p := &Person{Kind: Natural, Level: get("level"), Subject: o.Issuer + " " + get("subject"), Name: get("name"), IDNumber: get("id_number"),
		Phone: get("phone"), Email: get("email"), Organisation: get("organisation"), CreditCode: get("credit_code")}
	legal := o.Claims["legal"]
	if legal == "" {
		legal = usual["legal"]
	}
	if slices.Contains(strings.Split(legal, "|"), get("kind")) {
		p.Kind = Legal
	}
	switch {
	case get("subject") == "", p.Name == "" && p.Organisation == "", p.Kind == Legal && p.Organisation == "":
		return nil, ErrClaims
	case len(o.Levels) > 0 && !slices.Contains(o.Levels, p.Level):
		return nil, ErrLevel
	}
	if p.Kind == Natural {
		p.Organisation, p.CreditCode = "", ""
	}
	return p, nil
}

// End returns the address that ends the platform's own session, "" where it has none or was never
// met.
func (o *OIDC) End() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.met == nil || o.met.end == "" {
		return ""
	}
	u, err := url.Parse(o.met.end)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", o.Client)
	q.Set("post_logout_redirect_uri", o.Home)
	u.RawQuery = q.Encode()
	return u.String()
}
