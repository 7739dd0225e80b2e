package office

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"

	"gongkai/internal/web"
)

// tokenField is the name of the field every posted form carries, and tokenHeader what a
// script sends instead.
const (
	tokenField  = "token"
	tokenHeader = "X-Form-Token"
)

// tokenSize is the bytes of a token's digest.
const tokenSize = 16

// digest is what the token of a browser's forms must hide: it follows from the secret in
// its cookie and tells nothing about it.
func digest(secret string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte("gongkai form token"))
	return m.Sum(nil)[:tokenSize]
}

// newToken returns a token for a form. It looks different each time, so that the length of
// a compressed page tells nothing about it.
func newToken(secret string) string {
	pad := make([]byte, tokenSize)
	_, _ = rand.Read(pad) // never fails
	token := append([]byte(nil), pad...)
	for i, b := range digest(secret) {
		token = append(token, b^pad[i])
	}
	return base64.RawURLEncoding.EncodeToString(token)
}

// goodToken reports whether token was made for secret.
func goodToken(secret, token string) bool {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) != 2*tokenSize || secret == "" {
		return false
	}
	for i := range tokenSize {
		b[tokenSize+i] ^= b[i]
	}
	return subtle.ConstantTimeCompare(b[tokenSize:], digest(secret)) == 1
}

// checkToken refuses a request that changes something and does not come from one of the
// person's own pages. Browsers that name neither origin nor site pass the check of origins;
// this one they do not pass.
func checkToken(r *http.Request) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	token := r.Header.Get(tokenHeader)
	if token == "" {
		f := web.ReadForm(r)
		if err := f.Err(); err != nil {
			return err
		}
		token = f.Raw(tokenField)
	}
	if !goodToken(visitOf(r).secret, token) {
		return ErrToken
	}
	return nil
}

// visitor returns the secret of a browser nobody is signed in with, and gives it one first.
func (o *Office) visitor(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie(visitorCookie); err == nil && len(c.Value) == len(rand.Text()) {
		return c.Value
	}
	secret := rand.Text()
	o.setCookie(w, r, visitorCookie, secret, 0)
	return secret
}
