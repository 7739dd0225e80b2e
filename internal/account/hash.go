package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// cost is the work a password's digest takes. A stored digest names its own; one of another
// is made anew when its owner signs in.
type cost struct {
	memory uint32 // KiB
	passes uint32
}

// standard is what OWASP's Password Storage Cheat Sheet asks of argon2id: 19 MiB, two
// passes, one lane.
var standard = cost{19 * 1024, 2}

const (
	hashLength = 32
	saltLength = 16
)

// hashesAtOnce bounds how many passwords are tried at a time: each takes 19 MiB and a core,
// and anybody may ask for one.
const hashesAtOnce = 4

var plain64 = base64.RawStdEncoding

// hasher makes digests of passwords, a few at a time.
type hasher struct {
	cost  cost
	turns chan struct{}
	dummy string // digest of a password nobody has
}

func newHasher(c cost) *hasher {
	return &hasher{cost: c, turns: make(chan struct{}, hashesAtOnce), dummy: c.digest(rand.Text())}
}

// hash returns the digest of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return h.cost.digest(password), nil
}

// verify reports whether a password is that of a digest. Of no digest it takes as long to
// say no, so that nobody learns who exists.
func (h *hasher) verify(ctx context.Context, digest, password string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	known := digest != ""
	if !known {
		digest = h.dummy
	}
	return matches(digest, password) && known, nil
}

func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *hasher) leave() { <-h.turns }

// prefix begins every digest of this cost.
func (c cost) prefix() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$", argon2.Version, c.memory, c.passes)
}

func (c cost) digest(password string) string {
	salt := make([]byte, saltLength)
	rand.Read(salt) // ends the program rather than fail
	sum := argon2.IDKey([]byte(password), salt, c.passes, c.memory, 1, hashLength)
	return c.prefix() + plain64.EncodeToString(salt) + "$" + plain64.EncodeToString(sum)
}

// matches computes a password's digest at the cost the stored one names.
func matches(digest, password string) bool {
	var version int
	var memory, time uint32
	var lanes uint8
	parts := strings.Split(digest, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &time, &lanes); err != nil || version != argon2.Version {
		return false
	}
	salt, err := plain64.DecodeString(parts[4])
	if err != nil {
		return false
	}
	sum, err := plain64.DecodeString(parts[5])
	if err != nil || len(sum) == 0 {
		return false
	}
	return subtle.ConstantTimeCompare(argon2.IDKey([]byte(password), salt, time, memory, lanes, uint32(len(sum))), sum) == 1
}

// dated reports whether a digest was made at another cost than today's.
func (h *hasher) dated(digest string) bool { return !strings.HasPrefix(digest, h.cost.prefix()) }

// newSecret returns 256 random bits for a browser to keep.
func newSecret() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// mark is what is stored of a secret that is too long to be guessed.
func mark(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// readable are the characters of codes that people copy by hand: none looks like another.
const readable = "23456789abcdefghjkmnpqrstuvwxyz"

// newCode returns a code of groups of four characters, almost five random bits each.
func newCode(groups int) string {
	var b strings.Builder
	buf := make([]byte, 1)
	for n := 0; n < 4*groups; {
		rand.Read(buf)
		if int(buf[0]) >= 256/len(readable)*len(readable) {
			continue // keeps every character as likely as the others
		}
		if n > 0 && n%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(readable[int(buf[0])%len(readable)])
		n++
	}
	return b.String()
}

// plainCode brings a code as typed into the form newCode gave it, without its hyphens.
func plainCode(typed string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(typed, func(r rune) bool { return r == '-' || r == ' ' || r == '\t' }), ""))
}
