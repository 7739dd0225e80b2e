package proof

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The names of a mirror's signed list, below its folder. They do not list themselves.
const (
	ListFile     = "ledger/files.txt" // a line a file
	ManifestFile = "ledger/manifest"  // a signed note over the list
)

// File is a line of the list of a mirror's files.
type File struct {
	Path   string // below the folder, with slashes
	Size   int64
	SHA256 string
}

// Lister writes the list of a mirror's files and sums it up. The files come sorted by the bytes of
// their paths, each once.
type Lister struct {
	w     *bufio.Writer
	sum   hash.Hash
	last  string
	files int64
	bytes int64
}

// NewLister begins a list.
func NewLister(w io.Writer) *Lister {
	sum := sha256.New()
	return &Lister{w: bufio.NewWriter(io.MultiWriter(w, sum)), sum: sum}
}

// Add writes the line of a file.
func (l *Lister) Add(f File) error {
	if !f.sound() || f.Path <= l.last {
		return ErrList.Because(fmt.Errorf("%q after %q", f.Path, l.last))
	}
	l.last, l.files, l.bytes = f.Path, l.files+1, l.bytes+f.Size
	_, err := fmt.Fprintf(l.w, "%s %d %s\n", f.SHA256, f.Size, f.Path)
	return err
}

// sound reports whether the file's path stays in its folder and its line is one.
func (f File) sound() bool {
	return f.Path != "" && f.Path == Line(f.Path) && f.Path == path.Clean(f.Path) && !path.IsAbs(f.Path) && f.Path != ".." &&
		!strings.HasPrefix(f.Path, "../") && f.Size >= 0 && len(f.SHA256) == 64 && strings.Trim(f.SHA256, "0123456789abcdef") == ""
}

// Manifest ends the list and returns what is to be signed of it; the caller names log, time and
// checkpoint.
func (l *Lister) Manifest(at time.Time, c Checkpoint) (Manifest, error) {
	err := l.w.Flush()
	return Manifest{At: at.UTC().Truncate(time.Second), Files: l.files, Bytes: l.bytes, List: hex.EncodeToString(l.sum.Sum(nil)), Checkpoint: c}, err
}

// ReadList calls file for each line of a list, in its order.
func ReadList(r io.Reader, file func(File) error) error {
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<16)
	last := ""
	for in.Scan() {
		parts := strings.SplitN(in.Text(), " ", 3)
		if len(parts) != 3 {
			return ErrList
		}
		n, err := strconv.ParseInt(parts[1], 10, 64)
		f := File{parts[2], n, parts[0]}
		if err != nil || !f.sound() || f.Path <= last {
			return ErrList
		}
		last = f.Path
		if err := file(f); err != nil {
			return err
		}
	}
	return in.Err()
}

// Manifest is what is signed of a mirror: the digest of its list of files and the state of the log
// at that time.
type Manifest struct {
	At         time.Time
	Files      int64
	Bytes      int64
	List       string // SHA-256 of the list
	Checkpoint Checkpoint
}

const manifestHead = "gongkai-mirror 1"

// Text is what is signed.
func (m Manifest) Text() string {
	return fmt.Sprintf("%s\n%s\nfiles %d\nbytes %d\nlist sha256:%s\n%s", manifestHead, m.At.UTC().Format(time.RFC3339), m.Files, m.Bytes, m.List, m.Checkpoint.Text())
}

// Sign makes the manifest a signed note.
func (m Manifest) Sign(by ...note.Signer) ([]byte, error) {
	return note.Sign(&note.Note{Text: m.Text()}, by...)
}

// OpenManifest reads a manifest that one of the keys signed.
func OpenManifest(signed []byte, keys Keys) (m Manifest, err error) {
	text, name, err := keys.open(signed)
	if err != nil {
		return m, err
	}
	lines := strings.SplitN(text, "\n", 6)
	if len(lines) != 6 || lines[0] != manifestHead {
		return m, ErrList
	}
	if m.At, err = time.Parse(time.RFC3339, lines[1]); err != nil {
		return m, ErrList.Because(err)
	}
	_, err = fmt.Sscanf(lines[2]+" "+lines[3]+" "+lines[4], "files %d bytes %d list sha256:%64s", &m.Files, &m.Bytes, &m.List)
	if err != nil {
		return m, ErrList.Because(err)
	}
	if m.Checkpoint, err = ParseCheckpoint(lines[5]); err != nil {
		return m, err
	}
	switch {
	case m.Text() != text:
		return m, ErrList
	case m.Checkpoint.Origin != name:
		return m, ErrOther.With("want", name).With("got", m.Checkpoint.Origin)
	}
	return m, nil
}

// Consistent reports whether a log whose state was once the older checkpoint can have become the
// newer one, by the proof that it only grew.
func Consistent(older, newer Checkpoint, p tlog.TreeProof) bool {
	if older.Origin != newer.Origin || older.Size > newer.Size {
		return false
	}
	if older.Size == 0 {
		return true
	}
	return tlog.CheckTree(p, newer.Size, newer.Root, older.Size, older.Root) == nil
}
