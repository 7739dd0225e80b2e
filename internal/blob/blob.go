// Package blob keeps files (附件) in the data folder under the digest of their content. A
// file is whole on the disk before the act that keeps it writes its row; a file no act has
// kept is an orphan. What is kept is never changed or removed, and checked from time to
// time against its digest (R-SEC-05).
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// The faults.
var (
	ErrNone     = &fault.Error{Kind: fault.NotFound, Code: "blob.none"}
	ErrTooLarge = &fault.Error{Kind: fault.TooLarge, Code: "blob.too_large"}
	ErrEmpty    = &fault.Error{Kind: fault.Invalid, Code: "blob.empty"}
	// ErrAltered says that a file on the disk is not what was kept.
	ErrAltered = &fault.Error{Kind: fault.Missing, Code: "blob.altered"}
	// ErrMissing says that a file that was kept is not on the disk.
	ErrMissing = &fault.Error{Kind: fault.Missing, Code: "blob.missing"}
)

// Blob is a file that was received.
type Blob struct {
	Digest string // SM3, in hexadecimal: its key
	SHA256 string // for people who check a download with what their system has
	Size   int64
	Media  string // media type, told from the content
	Kept   time.Time

	Checked time.Time // when it was last compared with its digest
	Fault   Fault
}

// Fault is what a check found wrong with a file.
type Fault string

// The faults of kept files.
const (
	Sound   Fault = ""
	Missing Fault = "missing"
	Altered Fault = "altered"
)

var faultNames = map[Fault]string{Sound: "blob.fault.none", Missing: "blob.fault.missing", Altered: "blob.fault.altered"}

// Message returns what people call the fault.
func (f Fault) Message() i18n.Message { return i18n.M(faultNames[f]) }

// Store keeps files below a folder.
type Store struct {
	DB  *db.DB
	dir string
}

// The folders of a store.
const (
	incoming = "incoming" // uploads under way
	variants = "variant"  // pictures made smaller; can be made again
)

// Open opens the store below dir, making it when it is not there.
func Open(d *db.DB, dir string) (*Store, error) {
	s := &Store{d, dir}
	for _, name := range []string{incoming, variants} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			return nil, db.Explain(fmt.Errorf("open the folder of files: %w", err))
		}
	}
	return s, nil
}

// Receive takes in a file of at most limit bytes and puts it in its place. Keep then
// makes it part of an act.
func (s *Store) Receive(ctx context.Context, r io.Reader, limit int64) (*Blob, error) {
	temp, err := os.CreateTemp(filepath.Join(s.dir, incoming), "upload-")
	if err != nil {
		return nil, db.Explain(fmt.Errorf("receive a file: %w", err))
	}
	defer os.Remove(temp.Name())
	b, err := copyIn(ctx, temp, r, limit)
	if err == nil {
		b.Media = sniff(temp, b.Size)
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return nil, db.Explain(fmt.Errorf("receive a file: %w", err))
	}
	if err := s.place(temp.Name(), b.Digest); err != nil {
		return nil, db.Explain(fmt.Errorf("put a file in its place: %w", err))
	}
	return b, nil
}

// copyIn writes r to w, counting and digesting.
func copyIn(ctx context.Context, w io.Writer, r io.Reader, limit int64) (*Blob, error) {
	d := newDigests()
	n, err := io.Copy(io.MultiWriter(w, d.sm3, d.sha256), io.LimitReader(&stoppable{ctx, r}, limit+1))
	switch {
	case err != nil:
		return nil, err
	case n > limit:
		return nil, ErrTooLarge.With("limit", amount(limit))
	case n == 0:
		return nil, ErrEmpty
	}
	return &Blob{Digest: hex.EncodeToString(d.sm3.Sum(nil)), SHA256: hex.EncodeToString(d.sha256.Sum(nil)), Size: n}, nil
}

type digests struct{ sm3, sha256 hash.Hash }

func newDigests() digests { return digests{sm3.New(), sha256.New()} }

// stoppable is a reader that ends with its context.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

// Read reads until the context ends.
func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// amount words a number of bytes.
func amount(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}

// place gives a whole file its name. One of the same content that lies there already is
// replaced: should it have been damaged, it is sound again. Its age begins anew, so that
// an orphan about to be kept is not collected.
func (s *Store) place(temp, digest string) error {
	path, err := s.path(digest)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	now := s.DB.Clock()
	if err := errors.Join(os.Chtimes(temp, now, now), os.Chmod(temp, 0o600)); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncFolders(filepath.Dir(path), s.dir)
}

// syncFolders makes names last, from the innermost folder up to top.
func syncFolders(dir, top string) error {
	for ; ; dir = filepath.Dir(dir) {
		f, err := os.Open(dir)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
		if dir == top || len(dir) <= len(top) {
			return nil
		}
	}
}

// digestLength is that of SM3 in hexadecimal.
const digestLength = 64

// path is where a file lies. A digest of any other form, such as one with a path in it, is
// none.
func (s *Store) path(digest string) (string, error) {
	if len(digest) != digestLength || strings.Trim(digest, "0123456789abcdef") != "" {
		return "", ErrNone
	}
	return filepath.Join(s.dir, digest[:2], digest[2:4], digest), nil
}

// Keep makes a received file part of the act of tx. Keeping one content twice is one row.
func (s *Store) Keep(tx *db.Tx, b *Blob) error {
	path, err := s.path(b.Digest)
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err != nil || info.Size() != b.Size {
		return ErrMissing.With("digest", b.Digest)
	}
	b.Kept = tx.Now
	return keep(tx, b)
}

// Get returns what is known of a kept file.
func Get(tx *db.Tx, digest string) (*Blob, error) {
	b, err := get(tx, digest)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return b, err
}

// File is a kept file opened for reading.
type File interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// Open opens a kept file.
func (s *Store) Open(ctx context.Context, digest string) (*Blob, File, error) {
	var b *Blob
	err := s.DB.View(ctx, func(tx *db.Tx) (err error) {
		b, err = Get(tx, digest)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	f, err := s.raw(digest)
	if err != nil {
		return nil, nil, err
	}
	return b, f, nil
}

func (s *Store) raw(digest string) (*os.File, error) {
	path, err := s.path(digest)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing.With("digest", digest)
	}
	return f, err
}

// ReadAll returns the content of a kept file, whose size its receiver bounded, and makes
// sure that it is what was kept.
func (s *Store) ReadAll(ctx context.Context, digest string) ([]byte, error) {
	_, f, err := s.Open(ctx, digest)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	if sum := sm3.Sum(data); hex.EncodeToString(sum[:]) != digest {
		return nil, ErrAltered.With("digest", digest)
	}
	return data, nil
}
