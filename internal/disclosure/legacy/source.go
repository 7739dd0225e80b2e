package legacy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"gongkai/internal/fault"
)

// ErrKind says that a file is none of the kinds that can be read.
var ErrKind = &fault.Error{Kind: fault.Invalid, Code: "legacy.kind"}

// Source is where rows come from: a file, a folder or a site.
type Source struct {
	Rows Rows
	// Name is what the source is known by again: a file that was changed has another name,
	// so that no row of it is taken for one that was read before.
	Name string
	// Live says that the source is a running site, whose newest article comes first: it is
	// always read from its beginning.
	Live bool

	total int64
	read  atomic.Int64
	mu    sync.Mutex
	odd   []string
}

// Progress returns how much of the source was read, of how much: bytes of a file, pages of
// a folder. The total is zero where it is not known.
func (s *Source) Progress() (done, total int64) { return s.read.Load(), s.total }

// oddMost is how many unknown columns are remembered: a file that is no table has many.
const oddMost = 50

// Unknown returns the columns and keys met so far that are none of the documented ones.
func (s *Source) Unknown() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.odd)
}

func (s *Source) unknown(name string) {
	if name = clip(name); name == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.odd) < oddMost && !slices.Contains(s.odd, name) {
		s.odd = append(s.odd, name)
	}
}

// Open opens a source by its path or address. site says how a site is to be asked; the host
// of the address is the allowed one where it names none.
func Open(ctx context.Context, where string, site Site) (*Source, error) {
	if strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://") {
		return openSite(ctx, where, site)
	}
	info, err := os.Stat(where)
	if err != nil {
		return nil, ErrFile.With("file", where).Because(err)
	}
	s := &Source{total: info.Size()}
	switch kind := strings.ToLower(filepath.Ext(where)); {
	case info.IsDir():
		s.Rows, err = s.folder(where)
		return s, err
	case !info.Mode().IsRegular():
		return nil, ErrFile.With("file", where)
	case kind == ".csv" || kind == ".tsv" || kind == ".txt":
		s.Rows, err = s.csv(where)
	case kind == ".jsonl" || kind == ".ndjson" || kind == ".json":
		s.Rows, err = s.json(where)
	default:
		return nil, ErrKind.With("file", filepath.Base(where))
	}
	if err == nil {
		s.Name, err = identify(where, info)
	}
	return s, err
}

func openSite(ctx context.Context, where string, site Site) (*Source, error) {
	u, err := url.Parse(where)
	if err != nil {
		return nil, ErrAddress.With("value", clip(where))
	}
	if site.Start = where; site.Host == "" {
		site.Host = u.Hostname()
	}
	s := &Source{Name: u.Redacted(), Live: true}
	site.read = &s.read
	s.Rows, err = site.Rows(ctx)
	return s, err
}

// beginning is how much of a file's content goes into its name.
const beginning = 1 << 20

// identify names a file by its name, size, time of change and beginning. A copy of it is
// another source, which does no harm: its rows are known again one by one.
func identify(path string, info os.FileInfo) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", ErrFile.With("file", filepath.Base(path)).Because(err)
	}
	defer f.Close()
	h := sha256.New()
	fmt.Fprintln(h, info.ModTime().UnixNano())
	if _, err := io.Copy(h, io.LimitReader(f, beginning)); err != nil {
		return "", ErrFile.With("file", filepath.Base(path)).Because(err)
	}
	return fmt.Sprintf("%s (%d, %s)", filepath.Base(path), info.Size(), hex.EncodeToString(h.Sum(nil)[:6])), nil
}

// counted counts what is read of a file.
func (s *Source) counted(f io.Reader) io.Reader { return counter{f, &s.read} }

type counter struct {
	r io.Reader
	n *atomic.Int64
}

// Read reads and counts.
func (c counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}
