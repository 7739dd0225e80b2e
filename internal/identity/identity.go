// Package identity lets citizens and organisations prove who they are through a platform that
// vouches for them (身份认证), such as a province's 统一身份认证平台. A person so known has a
// session of their own, apart from the accounts of those who work here, and finds their requests
// again by a mark. Nothing of it is needed: without a platform people ask as before.
package identity

import (
	"context"
	"errors"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/secret"
)

// The faults.
var (
	// ErrOff says that no platform is set up.
	ErrOff = &fault.Error{Kind: fault.NotFound, Code: "identity.off"}
	// ErrAway says that the platform does not answer.
	ErrAway = &fault.Error{Kind: fault.Halted, Code: "identity.away"}
	// ErrHandshake says that an answer of the platform belongs to no sign-in begun in this browser,
	// or to one begun too long ago.
	ErrHandshake = &fault.Error{Kind: fault.Invalid, Code: "identity.handshake"}
	// ErrDenied says that the person or the platform broke off.
	ErrDenied = &fault.Error{Kind: fault.Invalid, Code: "identity.denied"}
	// ErrRefused says that the platform's answer is not what it vouches for.
	ErrRefused = &fault.Error{Kind: fault.Invalid, Code: "identity.refused"}
	// ErrClaims says that the platform tells too little of the person.
	ErrClaims = &fault.Error{Kind: fault.Invalid, Code: "identity.claims"}
	// ErrLevel says that the person proved too little to the platform.
	ErrLevel = &fault.Error{Kind: fault.Invalid, Code: "identity.level"}
	// ErrSignedOut says that nobody is signed in, any longer.
	ErrSignedOut = &fault.Error{Kind: fault.Forbidden, Code: "identity.signed_out"}
)

// Kind is whether a person is one, or an organisation.
type Kind string

// The kinds, as the platforms tell them apart.
const (
	Natural Kind = "natural" // 自然人
	Legal   Kind = "legal"   // 法人或者其他组织
)

var kindNames = map[Kind]string{Natural: "identity.natural", Legal: "identity.legal"}

// Message returns what people call the kind.
func (k Kind) Message() i18n.Message { return i18n.M(kindNames[k]) }

// Person is somebody the platform vouches for. Everything but Mark, Kind and Level is personal
// data: sealed where it is kept, never logged.
type Person struct {
	ID      string
	Mark    string // finds what is the person's again, without telling who it is
	Kind    Kind
	Level   string // of assurance, in the platform's words
	Subject string // the platform's key of the person

	Name     string // of a natural person, or of who acts for the organisation
	IDNumber string
	Phone    string
	Email    string

	Organisation string // of Legal
	CreditCode   string

	First, Last time.Time // signed in

	sealed  string
	version int64
}

// Handshake is what a sign-in begins with and is held against when the answer comes: it stands
// sealed in the browser that began it.
type Handshake struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"` // of PKCE
	Next     string    `json:"p"` // path to go on to
	Began    time.Time `json:"t"`
}

// Provider is a platform that vouches for people.
type Provider interface {
	// Name is what the platform is called.
	Name() string
	// Begin returns the address of the platform that a browser is sent to.
	Begin(ctx context.Context, h Handshake) (string, error)
	// Finish returns who the platform says it is, for the code of its answer.
	Finish(ctx context.Context, h Handshake, code string) (*Person, error)
	// End returns the address that ends the platform's own session, "" where it has none.
	End() string
}

// The bounds of sessions: our own arrangement, after what people expect of a bank.
const (
	handshakeTime = 10 * time.Minute
	idleTime      = 30 * time.Minute
	wholeTime     = 8 * time.Hour
	keepPerson    = 2 * 365 * 24 * time.Hour // after the last sign-in
)

// Desk signs people in and knows who is.
type Desk struct {
	DB   *db.DB
	Keys *secret.Keyring
	// Provider vouches for people; nil for none.
	Provider Provider
}

// On reports whether people can sign in.
func (d *Desk) On() bool { return d != nil && d.Provider != nil }

// Stored is who the platform vouched for, by its key here, for a record that names it.
func (d *Desk) Stored(tx *db.Tx, id string) (*Person, error) {
	p, err := load(tx, id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrSignedOut
	}
	if err != nil {
		return nil, err
	}
	return p, d.open(p)
}
