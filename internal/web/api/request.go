package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"gongkai/internal/account/token"
	"gongkai/internal/actor"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// The faults of what is asked about requests.
var (
	ErrVersion = &fault.Error{Kind: fault.Invalid, Code: "api.version", Field: "version"}
	ErrMatch   = &fault.Error{Kind: fault.Conflict, Code: "api.match", Field: "If-Match"}
	ErrBody    = &fault.Error{Kind: fault.Invalid, Code: "api.request_form"}
)

// mostAct is what an act's JSON may have, in bytes: its files, of which ten are taken and 60 MB
// together, stand in it as base64.
const mostAct = 84 << 20

// call is one question about requests, by the token's person within what the token is for.
type call struct {
	*api
	w   http.ResponseWriter
	r   *http.Request
	ctx context.Context
	t   *token.Token
	by  actor.Actor
	id  string
	// version is of the record as the caller saw it; matched says that it came in If-Match.
	version int64
	matched bool
}

// open admits a call with a token of a scope.
func (a *api) admit(w http.ResponseWriter, r *http.Request, s token.Scope) (*call, error) {
	t, who, err := a.caller(w, r, s)
	if err != nil {
		return nil, err
	}
	return &call{api: a, w: w, r: r, ctx: r.Context(), t: t, by: who, id: r.PathValue("id")}, nil
}

// printer words what is answered in the caller's language.
func (c *call) printer() i18n.Printer { return i18n.To(language(c.r)) }

// asks answers a question that changes nothing.
func asks(do func(c *call) (any, error)) func(a *api) web.Handler {
	return func(a *api) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			c, err := a.admit(w, r, token.Requests)
			if err != nil {
				return err
			}
			v, err := do(c)
			if err != nil {
				return err
			}
			return c.answer(http.StatusOK, v)
		}
	}
}

// tells answers a question that has to stand in the body, because it holds personal data.
func tells[T any](s token.Scope, do func(c *call, in *T) (any, error)) func(a *api) web.Handler {
	return func(a *api) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			c, err := a.admit(w, r, s)
			if err != nil {
				return err
			}
			in := new(T)
			if _, err := c.read(in); err != nil {
				return err
			}
			v, err := do(c, in)
			if err != nil {
				return err
			}
			return c.answer(http.StatusOK, v)
		}
	}
}

// made is what an act made: a request, and what is told about it once, such as its query code.
type made struct{ id, said string }

// done is what an act made that made nothing besides its change.
func done(r *foi.Request, err error) (made, error) {
	if err != nil {
		return made{}, err
	}
	return made{id: r.ID}, nil
}

// act is an act as its route carries it out.
type act[T any] struct {
	scope  token.Scope
	status int
	free   bool // of no version: nothing that stands there is changed
	do     func(c *call, in *T) (made, error)
	show   func(c *call, m made) (any, error)
}

// seen is what the acts that change something say: the version that was seen, here or in If-Match.
type seen struct {
	Version int64 `json:"version,omitempty"`
}

func (s seen) version() int64 { return s.Version }

// acts is an act on a request, of the version its caller saw.
func acts[T any](do func(c *call, in *T) (*foi.Request, error)) func(a *api) web.Handler {
	return act[T]{token.Requests, http.StatusOK, false, func(c *call, in *T) (made, error) { return done(do(c, in)) }, standing}.handler
}

// standing answers with the request as it now stands.
func standing(c *call, m made) (any, error) {
	whole, err := c.whole(m.id, false)
	if err != nil {
		return nil, err
	}
	c.tag(whole.Version)
	return RequestDone{Request: whole}, nil
}

func (x act[T]) handler(a *api) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := a.admit(w, r, x.scope)
		if err != nil {
			return err
		}
		in := new(T)
		sum, err := c.read(in)
		if err != nil {
			return err
		}
		if err := c.see(in, x.free); err != nil {
			return err
		}
		return x.run(c, in, sum)
	}
}

// run carries the act out once: the same post under the same key is answered again.
func (x act[T]) run(c *call, in *T, sum [32]byte) error {
	key := c.r.Header.Get("Idempotency-Key")
	old, err := c.Tokens.Claim(c.ctx, c.t, key, sum)
	if err != nil {
		return err
	}
	status := x.status
	m := made{}
	if old != "" {
		c.w.Header().Set("Idempotency-Replayed", "true")
		status = http.StatusOK
		if m, err = c.recall(key, old); err != nil {
			return err
		}
	} else if m, err = x.once(c, in, key); err != nil {
		return err
	}
	v, err := x.show(c, m)
	if err != nil {
		return err
	}
	return c.answer(status, v)
}

func (x act[T]) once(c *call, in *T, key string) (made, error) {
	m, failed := x.do(c, in)
	kept := ""
	if failed == nil {
		var err error
		if kept, err = c.keep(key, m); err != nil {
			return m, err
		}
	}
	if err := c.Tokens.Settle(context.WithoutCancel(c.ctx), c.t, key, kept); failed == nil {
		failed = err
	}
	return m, c.stale(failed)
}

// keep is what is noted of an act for the same post sent again: what was told once stays sealed.
func (c *call) keep(key string, m made) (string, error) {
	if m.said == "" {
		return m.id, nil
	}
	sealed, err := c.Requests.Keys.Seal(c.purpose(key), []byte(m.said))
	return m.id + " " + sealed, err
}

func (c *call) recall(key, kept string) (made, error) {
	id, sealed, found := strings.Cut(kept, " ")
	if !found {
		return made{id: id}, nil
	}
	said, err := c.Requests.Keys.Open(c.purpose(key), sealed)
	return made{id, string(said)}, err
}

func (c *call) purpose(key string) string { return "api.post " + c.t.ID + " " + key }

// see takes the version from If-Match or from the message. An act without either would overwrite
// what somebody else did meanwhile.
func (c *call) see(in any, free bool) error {
	if head := c.r.Header.Get("If-Match"); head != "" {
		n, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(head, "W/"), `"`), 10, 64)
		if err != nil || n < 1 {
			return ErrMatch
		}
		c.version, c.matched = n, true
		return nil
	}
	if v, ok := in.(interface{ version() int64 }); ok {
		c.version = v.version()
	}
	if c.version < 1 && !free {
		return ErrVersion
	}
	return nil
}

// stale says in If-Match's own words that somebody was quicker: RFC 9110, 13.1.1.
func (c *call) stale(err error) error {
	if c.matched && errors.Is(err, foi.ErrStale) {
		return ErrMatch
	}
	return err
}

// read reads the JSON of a post into v and returns the digest of what is asked where.
func (c *call) read(v any) (sum [32]byte, err error) {
	if kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return sum, ErrBody
	}
	b, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, mostAct))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return sum, ErrLarge.With("most", mostAct>>20)
	}
	if err != nil {
		return sum, err
	}
	return sha256.Sum256(append([]byte(c.r.Method+" "+c.r.URL.Path+"\n"), b...)), decode(b, v)
}

// decode reads JSON strictly: a field nobody knows is a mistake, not to be passed over in silence.
func decode(b []byte, v any) error {
	if bytes.Contains(b, []byte(`\u0000`)) { // no database takes it
		return ErrJSON.With("why", `\u0000`)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil && d.More() {
		return ErrJSON.With("why", "}")
	}
	var known *fault.Error
	if err != nil && !errors.As(err, &known) {
		return ErrJSON.With("why", err.Error())
	}
	return err
}

// tag names the version of what is answered, for If-Match.
func (c *call) tag(version int64) { c.w.Header().Set("ETag", `"`+strconv.FormatInt(version, 10)+`"`) }

// answer sends what nobody else may keep.
func (c *call) answer(status int, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.Header().Set("Content-Language", string(language(c.r)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(b.Bytes()) // the caller may leave at any time
	return nil
}
