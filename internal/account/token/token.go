// Package token lets other systems, such as an office automation system or the content system a
// site had before, act in a person's name (接口令牌): draft what is published, keep requests for
// information, hand in what applicants ask. A token carries a part of what the person may do, never
// more: roles are read anew at each use, only those for its scope count, and only in the body and
// section it was made for. Reviews and publication of what is published stay with people.
package token

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// The faults of tokens.
var (
	ErrUnknown = &fault.Error{Kind: fault.Forbidden, Code: "token.unknown"}
	ErrNone    = &fault.Error{Kind: fault.NotFound, Code: "token.none"}
	ErrName    = &fault.Error{Kind: fault.Invalid, Code: "token.name", Field: "name"}
	ErrScope   = &fault.Error{Kind: fault.Invalid, Code: "token.scope", Field: "agency"}
	ErrDays    = &fault.Error{Kind: fault.Invalid, Code: "token.days", Field: "days"}
	ErrMany    = &fault.Error{Kind: fault.Conflict, Code: "token.many"}
	ErrUse     = &fault.Error{Kind: fault.Invalid, Code: "token.use", Field: "scope"}
	ErrOther   = &fault.Error{Kind: fault.Forbidden, Code: "token.other"}
	ErrSubmit  = &fault.Error{Kind: fault.Forbidden, Code: "token.submit"}
	ErrRunning = &fault.Error{Kind: fault.Conflict, Code: "token.running"}
	ErrReused  = &fault.Error{Kind: fault.Conflict, Code: "token.reused"}
	ErrKey     = &fault.Error{Kind: fault.Invalid, Code: "token.key", Field: "Idempotency-Key"}
)

// The bounds of tokens: our own arrangement, so that none is forgotten for years.
const (
	mostDays   = 366
	mostLive   = 10
	mostName   = 60
	mostKey    = 100
	runningFor = 10 * time.Minute // after which a post that never ended may be sent again
	keepPosts  = 30 * 24 * time.Hour
)

// begin is what every secret begins with, so that people and scanners know one when they see it.
const begin = "gongkai_"

// Scope is what a token is for. A token has one, so that a system holds no more than it needs.
type Scope string

// The scopes.
const (
	Drafts   Scope = "drafts"   // to draft what is published
	Requests Scope = "requests" // to keep requests for information
	Intake   Scope = "intake"   // to hand in requests for applicants, and to follow them by their codes
)

// Scopes lists the scopes in the order pages show them.
var Scopes = []Scope{Drafts, Requests, Intake}

var scopeNames = map[Scope]string{Drafts: "token.scope.drafts", Requests: "token.scope.requests", Intake: "token.scope.intake"}

// Message returns what people call the scope.
func (s Scope) Message() i18n.Message { return i18n.M(scopeNames[s]) }

// usual is what a token for requests may do of what its person may; what shows an applicant in full
// and what decides it may only if it was made for that.
var usual = []actor.Act{actor.AgencyView, actor.StatisticsView, actor.FoiView, actor.FoiRegister, actor.FoiAssign, actor.FoiHandle, actor.FoiProcess,
	actor.FoiPropose, actor.FoiSend, actor.FoiClose, actor.FoiReopen, actor.FoiDispute, actor.FoiCount}

// reviews are the acts of those who decide with the one who proposes: the legal review, that of
// secrecy, and the head.
var reviews = []actor.Act{actor.FoiLegal, actor.FoiSecrecy, actor.FoiApprove}

// Token is the right of another system to act in a person's name.
type Token struct {
	ID        string
	Account   string
	Name      string // of the system that holds it, in the person's words
	Agency    string
	Section   string // "" for all sections the person may draft in
	Scope     Scope
	Submit    bool // of one for drafts: it may also ask for the reviews
	Reveal    bool // of one for requests: it may also read applicants' data in full
	Review    bool // of one for requests: it may also review and approve
	CreatedAt time.Time
	EndsAt    time.Time
	UsedAt    time.Time
	UsedFrom  string // network address of its last use
	RevokedAt time.Time
	Version   int64

	digest string
}

// Live reports whether the token can be used.
func (t *Token) Live(now time.Time) bool { return t.RevokedAt.IsZero() && now.Before(t.EndsAt) }

// New is what a token is made with.
type New struct {
	Name    string
	Agency  string
	Section string
	Scope   Scope // "" for drafts
	Submit  bool
	Reveal  bool
	Review  bool
	Days    int // it lasts, today included
}

// Desk keeps tokens.
type Desk struct{ DB *db.DB }

// Create makes a token for who asks and returns its secret, which is shown once and kept nowhere.
func (d *Desk) Create(ctx context.Context, by actor.Actor, n New) (t *Token, secret string, err error) {
	n.Name = strings.Join(strings.Fields(n.Name), " ")
	switch {
	case n.Name == "" || len([]rune(n.Name)) > mostName:
		return nil, "", ErrName.With("most", mostName)
	case n.Days < 1 || n.Days > mostDays:
		return nil, "", ErrDays.With("most", mostDays)
	}
	if n.Scope == "" {
		n.Scope = Drafts
	}
	if !slices.Contains(Scopes, n.Scope) || n.Scope != Drafts && (n.Section != "" || n.Submit) || n.Scope != Requests && (n.Reveal || n.Review) {
		return nil, "", ErrUse
	}
	secret = newSecret()
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		a, err := account.Load(tx, by.ID)
		if err != nil {
			return err
		}
		if err := tx.Lock("tokens of " + a.ID); err != nil {
			return err
		}
		who, err := account.LoadActor(tx, a.ID)
		if err != nil {
			return err
		}
		t = &Token{ID: db.ID(), Account: a.ID, Name: n.Name, Agency: n.Agency, Section: n.Section, Scope: n.Scope, Submit: n.Submit, Reveal: n.Reveal, Review: n.Review, CreatedAt: tx.Now,
			EndsAt: dayEnd(tx.Today().Plus(n.Days - 1)), Version: 1, digest: digest(secret)}
		if err := t.check(tx, who); err != nil {
			return err
		}
		if err := tx.Insert("account_token", t.columns()); err != nil {
			return err
		}
		return audit.Append(tx, by, t.entry(actor.AccountToken))
	})
	if err != nil {
		return nil, "", err
	}
	return t, secret, nil
}

// check refuses a token for what the person may not do, and one too many.
func (t *Token) check(tx *db.Tx, who actor.Actor) error {
	grants, err := t.grants(tx, who)
	if err != nil {
		return err
	}
	who.Grants, who.Only = grants, t.only()
	if len(grants) == 0 || !t.useful(who) {
		return ErrScope
	}
	all, err := tokensOf(tx, t.Account)
	if err != nil {
		return err
	}
	live := slices.DeleteFunc(all, func(o *Token) bool { return !o.Live(tx.Now) })
	if len(live) >= mostLive {
		return ErrMany.With("most", mostLive)
	}
	return nil
}

// only are the acts a token is for, nil where its roles alone say.
func (t *Token) only() []actor.Act {
	if t.Scope == Drafts {
		return nil
	}
	if t.Scope == Intake {
		return []actor.Act{actor.FoiRegister}
	}
	all := slices.Clone(usual)
	if t.Reveal {
		all = append(all, actor.FoiReveal)
	}
	if t.Review {
		all = append(all, reviews...)
	}
	return all
}

// useful refuses a token that could do nothing of what it is for.
func (t *Token) useful(who actor.Actor) bool {
	switch t.Scope {
	case Requests:
		return slices.ContainsFunc([]actor.Act{actor.FoiView, actor.FoiHandle}, func(a actor.Act) bool { return who.Can(a, actor.In(t.Agency)) })
	case Intake:
		return who.Can(actor.FoiRegister, actor.In(t.Agency))
	}
	return true
}

// grants returns what of a person's own roles a token carries, in its body and section: of one for
// drafts drafting alone, of the others those within which its acts lie. What the person holds on
// another's behalf is not passed on.
func (t *Token) grants(tx *db.Tx, who actor.Actor) (all []actor.Grant, err error) {
	var above []string
	if t.Section != "" {
		path, s, err := section.Path(tx, t.Section)
		if err != nil {
			return nil, err
		}
		if s.Agency != t.Agency {
			return nil, nil
		}
		above = path
	}
	for _, g := range who.Grants {
		if t.Scope == Drafts && g.Role != actor.Editor || g.Behalf != "" || g.Agency != t.Agency {
			continue
		}
		if t.Section != "" {
			if g.Section != "" && !slices.Contains(above, g.Section) {
				continue
			}
			g.Section = t.Section
		}
		all = append(all, g)
	}
	return all, nil
}

// Revoke ends a token: one's own, or anybody's for who may lock them.
func (d *Desk) Revoke(ctx context.Context, by actor.Actor, id string) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		t, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := ownOr(tx, by, t.Account); err != nil {
			return err
		}
		if !t.RevokedAt.IsZero() {
			return nil
		}
		t.RevokedAt = tx.Now
		if err := t.save(tx); err != nil {
			return err
		}
		return audit.Append(tx, by, t.entry(actor.AccountTokenEnd))
	})
}

// List returns a person's tokens, the newest first: one's own, or anybody's for who may lock them.
func (d *Desk) List(ctx context.Context, by actor.Actor, person string) (all []*Token, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := ownOr(tx, by, person); err != nil {
			return err
		}
		all, err = tokensOf(tx, person)
		return err
	})
	return all, err
}

// ownOr allows what concerns one's own tokens, and others' to who may lock them.
func ownOr(tx *db.Tx, by actor.Actor, person string) error {
	if by.ID == person {
		return nil
	}
	a, err := account.Load(tx, person)
	if err != nil {
		return err
	}
	return by.May(actor.AccountLock, actor.In(a.Agency))
}

func (t *Token) entry(act actor.Act) audit.Entry {
	return audit.Entry{Act: act, Agency: t.Agency, Subject: "token", ID: t.ID, Version: t.Version, Title: t.Name,
		Detail: map[string]any{"account": t.Account, "section": t.Section, "scope": t.Scope, "submit": t.Submit, "reveal": t.Reveal, "review": t.Review, "ends": t.EndsAt}}
}

// touchEvery is how exactly it is known when a token was last used.
const touchEvery = time.Minute

// Open returns who acts with a secret, or ErrUnknown. The person's roles are those of this moment:
// one taken away, a person locked or gone, and the token can do nothing.
func (d *Desk) Open(ctx context.Context, secret, remote string) (t *Token, who actor.Actor, err error) {
	stale := false
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		t, err = find(tx, digest(secret))
		if errors.Is(err, ErrNone) || err == nil && !t.Live(tx.Now) {
			return ErrUnknown
		}
		if err != nil {
			return err
		}
		if who, err = account.LoadActor(tx, t.Account); err != nil {
			return err
		}
		if who.Grants, err = t.grants(tx, who); err != nil {
			return err
		}
		who.Only = t.only()
		if len(who.Grants) == 0 || !t.useful(who) {
			return ErrUnknown
		}
		who.Supervises, who.Remote = nil, remote // of the bodies below it carries nothing
		stale = tx.Now.Sub(t.UsedAt) >= touchEvery || t.UsedFrom != remote
		return nil
	})
	if err != nil || !stale {
		return t, who, err
	}
	return t, who, d.DB.Update(ctx, func(tx *db.Tx) error { return touch(tx, t.ID, remote) })
}

// Claim notes that a post is being carried out under the caller's key. It returns the edition
// that the same post made before, and refuses the key for another post. "" for a new one.
func (d *Desk) Claim(ctx context.Context, t *Token, key string, sum [32]byte) (edition string, err error) {
	if key == "" || len(key) > mostKey || !utf8.ValidString(key) {
		return "", ErrKey.With("most", mostKey)
	}
	p := &post{ID: db.ID(), Token: t.ID, Key: key, Digest: hex.EncodeToString(sum[:])}
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		p.At = tx.Now
		edition, err = p.claim(tx)
		return err
	})
	return edition, err
}

// Settle notes what a claimed post made; "" gives the key back, because it made nothing.
func (d *Desk) Settle(ctx context.Context, t *Token, key, edition string) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error { return settle(tx, t.ID, key, edition) })
}

// Purge takes away the keys of posts so old that nobody sends them again.
func (d *Desk) Purge(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error { return forget(tx, tx.Now.Add(-keepPosts)) })
}

// dayEnd is when a civil day ends.
func dayEnd(d date.Date) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day()+1, 0, 0, 0, 0, date.China).UTC()
}

func newSecret() string {
	b := make([]byte, 32)
	rand.Read(b)
	return begin + base64.RawURLEncoding.EncodeToString(b)
}

// digest is what is kept of a secret that is too long to be guessed.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
