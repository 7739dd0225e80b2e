// Package ledger is the public log (公开存证): every publication, correction and retraction is an
// entry of an append-only tree, written in the transaction of the act, so that there is neither a
// publication without an entry nor an entry without a publication. The signed checkpoint over the
// tree is public; package ledger/proof holds the formats.
package ledger

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/secret"
)

// The faults.
var (
	// ErrNone says that the log holds nothing of that name.
	ErrNone = &fault.Error{Kind: fault.NotFound, Code: "ledger.none"}
	// ErrNoKey says that every signing key was retired.
	ErrNoKey = &fault.Error{Kind: fault.Missing, Code: "ledger.no_key"}
	// ErrLastKey refuses to retire the only key that signs.
	ErrLastKey = &fault.Error{Kind: fault.Conflict, Code: "ledger.last_key"}
	// ErrUnknownKey says that there is no key of that number in use.
	ErrUnknownKey = &fault.Error{Kind: fault.NotFound, Code: "ledger.unknown_key"}
)

// Log is an installation's public log.
type Log struct {
	DB   *db.DB
	Keys *secret.Keyring
	// Entered is told of each entry an act makes, in its transaction; nil for nobody.
	Entered func(tx *db.Tx, i *disclosure.Item, act proof.Act) error

	mu      sync.Mutex
	signers map[string]note.Signer // opened keys, by their number
}

// Open returns the installation's log; the first time it gives it its name and a key. name is the
// name to have, as configured; once the log has entries its name stays, since every entry bears it.
// Of an installation that was given no name, the key file's print makes one.
func Open(ctx context.Context, d *db.DB, keys *secret.Keyring, name string) (*Log, error) {
	l := &Log{DB: d, Keys: keys, signers: map[string]note.Signer{}}
	var h *head
	if err := d.View(ctx, func(tx *db.Tx) (err error) {
		h, err = headOf(tx)
		return err
	}); err != nil {
		return nil, err
	}
	if h.settled(name) {
		return l, nil
	}
	if name == "" {
		name = "localhost/" + keys.Print()
	}
	return l, d.Update(ctx, func(tx *db.Tx) error { return l.settle(tx, name) })
}

// settled reports whether a log keeps the name it has.
func (h *head) settled(name string) bool {
	return h.Size > 0 || h.Origin != "" && (name == "" || h.Origin == name)
}

// settle names a log without entries and makes its first key.
func (l *Log) settle(tx *db.Tx, name string) error {
	h, err := lockHead(tx)
	if err != nil {
		return err
	}
	if h.settled(name) { // another process was faster
		return nil
	}
	if err := dropKeys(tx); err != nil {
		return err
	}
	h.Origin = name
	if err := l.newKey(tx, name); err != nil {
		return err
	}
	return l.seal(tx, h, &proof.Edge{})
}

// key is a signing key as its row has it.
type key struct {
	ID        string
	Public    string // as verifiers take it: name+hash+key
	Sealed    string
	MadeAt    time.Time
	RetiredAt time.Time
}

func purpose(id string) string { return "ledger.key:" + id }

// newKey makes a signing key, sealed with the installation's own.
func (l *Log) newKey(tx *db.Tx, name string) error {
	private, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return fmt.Errorf("make the log's key: %w", err)
	}
	k := &key{ID: db.ID(), Public: public, MadeAt: tx.Now}
	if k.Sealed, err = l.Keys.Seal(purpose(k.ID), []byte(private)); err != nil {
		return err
	}
	return k.insert(tx)
}

// signersOf opens the keys in use, the newest first.
func (l *Log) signersOf(tx *db.Tx) (all []note.Signer, err error) {
	keys, err := keysInUse(tx)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range keys {
		s := l.signers[k.ID]
		if s == nil {
			private, err := l.Keys.Open(purpose(k.ID), k.Sealed)
			if err != nil {
				return nil, err
			}
			if s, err = note.NewSigner(string(private)); err != nil {
				return nil, fmt.Errorf("open the log's key: %w", err)
			}
			l.signers[k.ID] = s
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return nil, ErrNoKey
	}
	return all, nil
}

// seal signs the state of the tree and writes it.
func (l *Log) seal(tx *db.Tx, h *head, e *proof.Edge) error {
	signers, err := l.signersOf(tx)
	if err != nil {
		return err
	}
	signed, err := proof.Checkpoint{Origin: h.Origin, Size: e.Size, Root: e.Root()}.Sign(signers...)
	if err != nil {
		return fmt.Errorf("sign the checkpoint: %w", err)
	}
	h.Size, h.Checkpoint, h.At = e.Size, string(signed), tx.Now
	return h.save(tx)
}

// Rotate adds a signing key; the ones before sign beside it until they are retired, so that who
// knows only an old key still reads the log.
func (l *Log) Rotate(ctx context.Context, by actor.Actor) error {
	return l.changeKeys(ctx, by, func(tx *db.Tx, h *head) (string, error) { return "rotate", l.newKey(tx, h.Origin) })
}

// Retire ends the use of a signing key, named by the number in its public key.
func (l *Log) Retire(ctx context.Context, by actor.Actor, number string) error {
	return l.changeKeys(ctx, by, func(tx *db.Tx, _ *head) (string, error) {
		keys, err := keysInUse(tx)
		if err != nil {
			return "", err
		}
		for _, k := range keys {
			switch {
			case Number(k.Public) != number:
			case len(keys) == 1:
				return "", ErrLastKey
			default:
				return "retire " + number, k.retire(tx)
			}
		}
		return "", ErrUnknownKey.With("number", number)
	})
}

// changeKeys changes the keys and signs the checkpoint anew with those in use then.
func (l *Log) changeKeys(ctx context.Context, by actor.Actor, change func(tx *db.Tx, h *head) (string, error)) error {
	if err := by.May(actor.LedgerKey, actor.Scope{}); err != nil {
		return err
	}
	return l.DB.Update(ctx, func(tx *db.Tx) error {
		h, err := lockHead(tx)
		if err != nil {
			return err
		}
		what, err := change(tx, h)
		if err != nil {
			return err
		}
		e, err := edgeOf(tx, h.Size)
		if err != nil {
			return err
		}
		if err := l.seal(tx, h, e); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Act: actor.LedgerKey, Subject: "ledger", ID: h.Origin, Title: what})
	})
}

// Number is the part of a public key that tells it from others of the same name.
func Number(public string) string {
	v, err := note.NewVerifier(public)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%08x", v.KeyHash())
}

// Status is how the log stands.
type Status struct {
	Origin     string
	Size       int64
	At         time.Time // of the checkpoint
	Checkpoint string    // signed
	Keys       []string  // public, those in use, the newest first
	Waiting    int       // public items that the log has not taken in yet
}

// Status returns how the log stands.
func (l *Log) Status(ctx context.Context) (s *Status, err error) {
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		h, err := headOf(tx)
		if err != nil {
			return err
		}
		s = &Status{Origin: h.Origin, Size: h.Size, At: h.At, Checkpoint: h.Checkpoint}
		if s.Keys, err = publicKeys(tx); err != nil {
			return err
		}
		s.Waiting, err = waiting(tx)
		return err
	})
	return s, err
}

// Checkpoint returns the signed checkpoint.
func (l *Log) Checkpoint(ctx context.Context) (signed string, err error) {
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		h, err := headOf(tx)
		if err == nil {
			signed = h.Checkpoint
		}
		return err
	})
	return signed, err
}

// PublicKeys returns the public keys in use, the newest first.
func (l *Log) PublicKeys(ctx context.Context) (all []string, err error) {
	err = l.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = publicKeys(tx)
		return err
	})
	return all, err
}

func publicKeys(tx *db.Tx) (all []string, err error) {
	keys, err := keysInUse(tx)
	for _, k := range keys {
		all = append(all, k.Public)
	}
	return all, err
}

// SignManifest signs the list of a mirror's files together with the state of the log.
func (l *Log) SignManifest(ctx context.Context, list *proof.Lister) (signed []byte, err error) {
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		h, err := headOf(tx)
		if err != nil {
			return err
		}
		keys, err := openKeys(tx)
		if err != nil {
			return err
		}
		c, err := proof.OpenCheckpoint([]byte(h.Checkpoint), keys)
		if err != nil {
			return err
		}
		manifest, err := list.Manifest(tx.Now, c)
		if err != nil {
			return err
		}
		signers, err := l.signersOf(tx)
		if err != nil {
			return err
		}
		signed, err = manifest.Sign(signers...)
		return err
	})
	return signed, err
}

// openKeys returns the public keys in use as verifiers.
func openKeys(tx *db.Tx) (all proof.Keys, err error) {
	keys, err := keysInUse(tx)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		one, err := proof.ParseKeys(k.Public)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return all, nil
}

// Anchor writes the checkpoint into the server's log, beside the audit's anchor of the day: where
// logs are shipped away, the operator keeps what proves that the public log was not written anew.
func (l *Log) Anchor(ctx context.Context, log *slog.Logger) error {
	signed, err := l.Checkpoint(ctx)
	if err == nil && signed != "" {
		log.Info("ledger checkpoint", "checkpoint", signed)
	}
	return err
}

// found turns a missing row into the error a reader is shown.
func found[T any](v *T, err error) (*T, error) {
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return v, err
}
