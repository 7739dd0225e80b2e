// Package account keeps the people of an installation (用户): how they sign in, which roles
// they hold and for how long, and whom they stand in for. What a role may do is decided in
// package actor; here it is decided who holds it.
package account

import (
	"regexp"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/secret"
)

// Options are what differs between installations.
type Options struct {
	Name string // of the installation, as authenticators show it
	// Site is the host passkeys belong to, "gongkai.example.gov.cn", and Origins the
	// addresses it is reached under. Without them there are no passkeys.
	Site    string
	Origins []string
}

// Registry keeps people.
type Registry struct {
	db     *db.DB
	keys   *secret.Keyring
	hasher *hasher
	site   *site
	name   string
}

// New returns the registry of an installation's people.
func New(d *db.DB, k *secret.Keyring, o Options) (*Registry, error) {
	s, err := newSite(o)
	if err != nil {
		return nil, err
	}
	return &Registry{db: d, keys: k, hasher: newHasher(standard), site: s, name: o.Name}, nil
}

// State says whether a person may sign in.
type State string

// The states.
const (
	Active State = "active"
	Locked State = "locked" // by the security administrator
)

// Account is a person.
type Account struct {
	ID         string
	Login      string // small letters
	Name       string
	Agency     string // where the person works; roles are granted apart from it
	Department string
	Phone      string // sealed
	PhoneMask  string
	Email      string // sealed
	EmailMask  string
	State      State
	LockReason string
	CreatedAt  time.Time
	Version    int64
}

// Person is what is entered about a person.
type Person struct {
	Login      string
	Name       string
	Agency     string
	Department string
	Phone      string
	Email      string
}

// Issued is a one-time password, shown once and kept nowhere.
type Issued struct {
	Account  *Account
	Password string
}

// Ref is a person by name.
type Ref struct{ ID, Name, Department string }

// From is where a request comes from.
type From struct {
	Remote string // network address
	Agent  string // browser, for the person's own list of sessions
}

// Grant is a role a person holds, as it is on record.
type Grant struct {
	ID        string
	Account   string
	Role      actor.Role
	Agency    string
	Section   string
	Since     date.Date
	Until     date.Date // last day; zero for no end
	Reason    string
	GrantedBy string
	GrantedAt time.Time
	RevokedAt time.Time
	Version   int64
}

// On reports whether the grant holds on a day.
func (g *Grant) On(day date.Date) bool {
	return g.RevokedAt.IsZero() && !day.Before(g.Since) && (g.Until.IsZero() || !day.After(g.Until))
}

// over reports whether the grant will hold no more, from a day on.
func (g *Grant) over(day date.Date) bool {
	return !g.RevokedAt.IsZero() || !g.Until.IsZero() && g.Until.Before(day)
}

// Delegation is a leave during which a deputy acts for the holder (委托).
type Delegation struct {
	ID        string
	Holder    string
	Deputy    string
	Since     date.Date
	Until     date.Date // last day
	Grants    []string
	Reason    string
	CreatedAt time.Time
	EndedAt   time.Time
	Version   int64
}

// On reports whether the delegation holds on a day.
func (d *Delegation) On(day date.Date) bool {
	return d.EndedAt.IsZero() && !day.Before(d.Since) && !day.After(d.Until)
}

// The faults of people and their roles.
var (
	ErrNone        = &fault.Error{Kind: fault.NotFound, Code: "account.none"}
	ErrStale       = &fault.Error{Kind: fault.Conflict, Code: "account.stale"}
	ErrLogin       = &fault.Error{Kind: fault.Invalid, Code: "account.login", Field: "login"}
	ErrLoginTaken  = &fault.Error{Kind: fault.Invalid, Code: "account.login_taken", Field: "login"}
	ErrName        = &fault.Error{Kind: fault.Invalid, Code: "account.name", Field: "name"}
	ErrDepartment  = &fault.Error{Kind: fault.Invalid, Code: "account.department", Field: "department"}
	ErrAgency      = &fault.Error{Kind: fault.Invalid, Code: "account.agency", Field: "agency"}
	ErrPhone       = &fault.Error{Kind: fault.Invalid, Code: "account.phone", Field: "phone"}
	ErrEmail       = &fault.Error{Kind: fault.Invalid, Code: "account.email", Field: "email"}
	ErrReason      = &fault.Error{Kind: fault.Invalid, Code: "account.reason", Field: "reason"}
	ErrSelf        = &fault.Error{Kind: fault.Forbidden, Code: "account.self"}
	ErrLastSec     = &fault.Error{Kind: fault.Conflict, Code: "account.last_secadmin"}
	ErrRole        = &fault.Error{Kind: fault.Invalid, Code: "account.role", Field: "role"}
	ErrRoleScope   = &fault.Error{Kind: fault.Invalid, Code: "account.role_scope", Field: "agency"}
	ErrTwoAdmins   = &fault.Error{Kind: fault.Invalid, Code: "account.two_admins", Field: "role"}
	ErrGranted     = &fault.Error{Kind: fault.Invalid, Code: "account.granted", Field: "role"}
	ErrPeriod      = &fault.Error{Kind: fault.Invalid, Code: "account.period", Field: "until"}
	ErrGrantOver   = &fault.Error{Kind: fault.Conflict, Code: "account.grant_over"}
	ErrDeputy      = &fault.Error{Kind: fault.Invalid, Code: "account.deputy", Field: "deputy"}
	ErrDelegated   = &fault.Error{Kind: fault.Invalid, Code: "account.delegated", Field: "grants"}
	ErrDelegateAdm = &fault.Error{Kind: fault.Invalid, Code: "account.delegate_admin", Field: "grants"}
)

var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{2,39}$`)

// loginOf brings a login name as typed into the form it is kept in.
func loginOf(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }

// mostText is more characters than any name or department has.
const mostText = 60

var (
	phoneForm = regexp.MustCompile(`^\+?[0-9][0-9 \-]{4,24}$`)
	emailForm = regexp.MustCompile(`^[^@\s<>"]{1,64}@[^@\s<>"]{1,190}\.[^@\s<>".]{2,}$`)
)

// check refuses what cannot be a person.
func (p *Person) check() error {
	p.Login, p.Name, p.Department = loginOf(p.Login), strings.TrimSpace(p.Name), strings.TrimSpace(p.Department)
	p.Phone, p.Email = strings.TrimSpace(p.Phone), strings.TrimSpace(p.Email)
	switch {
	case !loginForm.MatchString(p.Login):
		return ErrLogin
	case p.Name == "" || len([]rune(p.Name)) > mostText:
		return ErrName
	case len([]rune(p.Department)) > mostText:
		return ErrDepartment
	case p.Phone != "" && !phoneForm.MatchString(p.Phone):
		return ErrPhone
	case p.Email != "" && !emailForm.MatchString(p.Email):
		return ErrEmail
	}
	return nil
}

// maskPhone shows the first three and last four figures of a mobile number, the last two
// of others.
func maskPhone(s string) string {
	r := []rune(s)
	switch {
	case len(r) == 0:
		return ""
	case len(r) >= 11:
		return string(r[:3]) + strings.Repeat("*", len(r)-7) + string(r[len(r)-4:])
	}
	return strings.Repeat("*", len(r)-2) + string(r[len(r)-2:])
}

// maskEmail shows the first character and the host.
func maskEmail(s string) string {
	name, host, ok := strings.Cut(s, "@")
	if !ok || name == "" {
		return ""
	}
	return string([]rune(name)[:1]) + "***@" + host
}

// Message says what a state is called.
func (s State) Message() i18n.Message {
	if s == Locked {
		return i18n.M("account.state.locked")
	}
	return i18n.M("account.state.active")
}
