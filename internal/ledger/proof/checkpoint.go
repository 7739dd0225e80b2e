package proof

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is the state of the log at some size (c2sp.org/tlog-checkpoint). Kept elsewhere, it
// proves that nothing up to it was changed, left out or put in since.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
}

// Text is what is signed: origin, size and root hash, a line each.
func (c Checkpoint) Text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.Root[:]) + "\n"
}

// Tree is the checkpoint as package tlog knows it.
func (c Checkpoint) Tree() tlog.Tree { return tlog.Tree{N: c.Size, Hash: c.Root} }

// Sign makes the checkpoint a signed note.
func (c Checkpoint) Sign(by ...note.Signer) ([]byte, error) {
	return note.Sign(&note.Note{Text: c.Text()}, by...)
}

// ParseCheckpoint reads the text of a checkpoint, whoever signed it. Lines after the third are
// extensions and not ours.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) != 4 || lines[0] == "" {
		return Checkpoint{}, ErrCheckpoint
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, ErrCheckpoint
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return Checkpoint{}, ErrCheckpoint
	}
	return Checkpoint{lines[0], size, tlog.Hash(root)}, nil
}

// OpenCheckpoint reads a signed checkpoint of the log that one of the keys belongs to.
func OpenCheckpoint(signed []byte, keys Keys) (Checkpoint, error) {
	text, name, err := keys.open(signed)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := ParseCheckpoint(text)
	if err == nil && c.Origin != name {
		err = ErrOther.With("want", name).With("got", c.Origin)
	}
	return c, err
}

// Keys are the public keys by which a log is known. One valid signature is enough: while a key is
// replaced, the old and the new one both sign.
type Keys []Key

// Key is a public key with its text.
type Key struct {
	note.Verifier
	Text string
}

// String writes the keys as ParseKeys reads them.
func (k Keys) String() string {
	var b strings.Builder
	for _, one := range k {
		b.WriteString(one.Text + "\n")
	}
	return b.String()
}

// ParseKeys reads public keys as `gongkai ledger key` prints them, one a line; lines that begin with
// # are remarks.
func ParseKeys(text string) (Keys, error) {
	var all Keys
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		v, err := note.NewVerifier(line)
		if err != nil {
			return nil, ErrKey.Because(err)
		}
		all = append(all, Key{v, line})
	}
	if len(all) == 0 {
		return nil, ErrKey
	}
	return all, nil
}

// open returns the text of a note that one of the keys signed, and that key's name.
func (k Keys) open(signed []byte) (text, name string, err error) {
	known := make([]note.Verifier, len(k))
	for i, one := range k {
		known[i] = one
	}
	n, err := note.Open(signed, note.VerifierList(known...))
	var unsigned *note.UnverifiedNoteError
	var forged *note.InvalidSignatureError
	switch {
	case errors.As(err, &unsigned), errors.As(err, &forged):
		return "", "", ErrSignature.Because(err)
	case err != nil:
		return "", "", ErrCheckpoint.Because(err)
	}
	return n.Text, n.Sigs[0].Name, nil
}
