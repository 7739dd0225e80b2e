// Package secret keeps the installation's keys (密钥) and what they protect: fields sealed in
// the database, keys derived for digests, and searchable marks of sealed values. The keys
// stand in a file of their own, never in the database and not in backups unless asked for.
// Algorithms are the national ones: SM4-GCM, HMAC-SM3, HKDF over SM3 (GB/T 32907, 32905).
package secret

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"

	"gongkai/internal/fault"
)

// The faults. Without the right key file an installation does not start, rather than run
// without what is sealed.
var (
	// ErrMissing says that there is no key file where there should be one.
	ErrMissing = &fault.Error{Kind: fault.Missing, Code: "secret.missing"}
	// ErrBroken says that a key file cannot be read as one.
	ErrBroken = &fault.Error{Kind: fault.Missing, Code: "secret.broken"}
	// ErrShared says that others than the owner may read the key file.
	ErrShared = &fault.Error{Kind: fault.Missing, Code: "secret.shared"}
	// ErrExists refuses to put a new key file over another.
	ErrExists = &fault.Error{Kind: fault.Conflict, Code: "secret.exists"}
	// ErrUnknownKey says that a value was sealed with a key the file does not have.
	ErrUnknownKey = &fault.Error{Kind: fault.Missing, Code: "secret.unknown_key"}
	// ErrDamaged says that a sealed value is not what was sealed, or not for this purpose.
	ErrDamaged = &fault.Error{Kind: fault.Missing, Code: "secret.damaged"}
)

// rootSize is the length of a root key; every other key is derived from one.
const rootSize = 32

// key is a root key with the name that sealed values bear.
type key struct {
	id   string
	root []byte
}

// Keyring is the keys of an installation, the oldest first. The last seals; all open. The
// first is the origin of derived keys and marks, which so outlive a rotation. One that was read
// from a file looks there again when it meets a key it does not know: the file may have a new one
// since, which another process seals with.
type Keyring struct {
	mu   sync.RWMutex
	keys []key
	path string
	seen time.Time // when the file was last changed, as far as read
}

func newKey() key {
	id := make([]byte, 4)
	root := make([]byte, rootSize)
	rand.Read(id) // neither fails: crypto/rand ends the program when it has no randomness
	rand.Read(root)
	return key{hex.EncodeToString(id), root}
}

// version begins every sealed value: another algorithm will have another.
const version = "1"

var encoding = base64.RawURLEncoding

// Seal encrypts plain for a purpose, such as "account.phone". It opens for no other
// purpose: one that names the record's key too keeps a value from being moved to another.
func (k *Keyring) Seal(purpose string, plain []byte) (string, error) {
	current := k.current()
	gcm, err := current.gcm(purpose)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	return version + "." + current.id + "." + encoding.EncodeToString(gcm.Seal(nonce, nonce, plain, []byte(purpose))), nil
}

// Open returns what Seal was given for the same purpose.
func (k *Keyring) Open(purpose, sealed string) ([]byte, error) {
	parts := strings.Split(sealed, ".")
	if len(parts) != 3 || parts[0] != version {
		return nil, ErrDamaged
	}
	by, known := k.find(parts[1])
	if !known && k.again() {
		by, known = k.find(parts[1])
	}
	if !known {
		return nil, ErrUnknownKey.With("key", parts[1])
	}
	gcm, err := by.gcm(purpose)
	if err != nil {
		return nil, err
	}
	b, err := encoding.DecodeString(parts[2])
	if err != nil || len(b) < gcm.NonceSize() {
		return nil, ErrDamaged
	}
	plain, err := gcm.Open(nil, b[:gcm.NonceSize()], b[gcm.NonceSize():], []byte(purpose))
	if err != nil {
		return nil, ErrDamaged.Because(err)
	}
	return plain, nil
}

// Stale reports whether a sealed value should be sealed anew, with the present key.
func (k *Keyring) Stale(sealed string) bool {
	return !strings.HasPrefix(sealed, k.Present())
}

// Present is what every value sealed with the present key begins with.
func (k *Keyring) Present() string { return version + "." + k.current().id + "." }

func (k *Keyring) current() key {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.keys[len(k.keys)-1]
}

// Derive returns a key of 32 bytes for a purpose, such as the audit chain's digests. It is
// the same for the life of the installation.
func (k *Keyring) Derive(purpose string) []byte {
	k.mu.RLock()
	first := k.keys[0] // the same for ever
	k.mu.RUnlock()
	b, err := first.derive("derive:"+purpose, 32)
	if err != nil {
		panic(err) // only lengths beyond the algorithm's bound fail
	}
	return b
}

// Lookup returns a mark by which a sealed value is found again without being opened: equal
// values of one purpose have equal marks. Who holds the database but not the key cannot
// try values. Callers bring value into one form first.
func (k *Keyring) Lookup(purpose, value string) string {
	mac := hmac.New(sm3.New, k.Derive("lookup:"+purpose))
	mac.Write([]byte(value))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Print identifies the keyring without giving it away: an installation notes it, and knows
// a foreign key file by it.
func (k *Keyring) Print() string { return hex.EncodeToString(k.Derive("print")[:8]) }

func (k *Keyring) find(id string) (key, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, one := range k.keys {
		if one.id == id {
			return one, true
		}
	}
	return key{}, false
}

func (k key) derive(info string, length int) ([]byte, error) {
	b, err := hkdf.Key(sm3.New, k.root, []byte("gongkai"), info, length)
	if err != nil {
		return nil, fmt.Errorf("derive a key: %w", err)
	}
	return b, nil
}

func (k key) gcm(purpose string) (cipher.AEAD, error) {
	b, err := k.derive("seal:"+purpose, sm4.BlockSize)
	if err != nil {
		return nil, err
	}
	block, err := sm4.NewCipher(b)
	if err != nil {
		return nil, fmt.Errorf("make the cipher: %w", err)
	}
	return cipher.NewGCM(block)
}
