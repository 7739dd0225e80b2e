package mirror

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"hash"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"gongkai/internal/change"
)

// hostsDir holds the sites that have a host name of their own, each as the root of its host.
const hostsDir = "_hosts"

// longestName bounds the parts of a file's path: file systems take 255 bytes, and a file is
// written under a longer name first.
const longestName = 230

// run by servers instead of being sent.
var programs = []string{".php", ".phtml", ".phar", ".cgi", ".pl", ".jsp", ".jspx", ".asp", ".aspx", ".ashx", ".shtml", ".htaccess", ".config"}

// name is the file an address is written to, below the copy's folder, with slashes; "" for one
// that no file may have.
func (a address) name() string {
	name := strings.TrimPrefix(a.path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if a.host != "" {
		name = hostsDir + "/" + a.host + "/" + name
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) != name || strings.ContainsAny(name, "\\\x00\n\r") {
		return ""
	}
	for part := range strings.SplitSeq(name, "/") {
		if len(part) > longestName || strings.HasPrefix(part, ".") || slices.Contains(programs, strings.ToLower(path.Ext(part))) {
			return ""
		}
	}
	return name
}

// isPage reports whether an address holds text that is worth compressing and may have links.
func (a address) isPage() bool {
	return strings.HasSuffix(a.path, "/") || slices.Contains([]string{".html", ".xml", ".atom", ".rss", ".txt", ".css", ".js", ".svg", ".json"}, path.Ext(a.path))
}

// file takes in what the portal sends: pages in memory, files on disk.
type file struct {
	header http.Header
	status int
	text   bytes.Buffer
	sum    hash.Hash
	size   int64
	temp   *os.File
	dir    string
	err    error
	inRAM  bool
}

func newFile(dir string, a address) *file {
	return &file{header: http.Header{}, sum: sha256.New(), dir: stateDir(dir), inRAM: a.isPage()}
}

// Header returns the headers of the answer.
func (f *file) Header() http.Header { return f.header }

// WriteHeader notes the status.
func (f *file) WriteHeader(status int) {
	if f.status == 0 {
		f.status = status
	}
}

// Write takes in a piece.
func (f *file) Write(b []byte) (int, error) {
	f.WriteHeader(http.StatusOK)
	f.sum.Write(b)
	f.size += int64(len(b))
	if f.inRAM || f.status != http.StatusOK {
		return f.text.Write(b)
	}
	if f.temp == nil {
		if f.temp, f.err = os.CreateTemp(f.dir, "file-"); f.err != nil {
			return 0, f.err
		}
	}
	n, err := f.temp.Write(b)
	f.err = err
	return n, err
}

func (f *file) page() []byte { return f.text.Bytes() }

// discard removes what was not kept.
func (f *file) discard() {
	if f.temp != nil {
		_ = f.temp.Close()
		_ = os.Remove(f.temp.Name())
	}
}

// keep writes an answer into the copy, unless it is there already.
func (r *run) keep(t target, f *file, tags []change.Tag) error {
	name := t.name()
	if name == "" {
		r.problem(t.host+t.path, "mirror.problem.name")
		return nil
	}
	if f.header.Get("Content-Encoding") != "" {
		return errors.New(t.path + ": the portal compressed what is to be copied")
	}
	next := &record{round: r.seq, seq: r.seq, size: f.size, sum: [32]byte(f.sum.Sum(nil)), immutable: strings.Contains(f.header.Get("Cache-Control"), "immutable")}
	full := filepath.Join(r.Dir, filepath.FromSlash(name))
	r.mu.Lock()
	old := r.state.all[t.address]
	r.mu.Unlock()
	if old == nil || old.size != next.size || old.sum != next.sum || !sized(full, next.size) {
		if err := r.write(full, t, f, next); err != nil {
			var at *fs.PathError
			if errors.As(err, &at) && (os.IsExist(err) || isDirectory(full)) {
				r.problem(t.host+t.path, "mirror.problem.taken")
				return nil
			}
			return err
		}
	} else {
		next.packed, next.packedSum = old.packed, old.packedSum
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	next.tags = r.state.numbers(tags)
	r.state.all[t.address] = next
	return r.journal.add(t.address, next, tags)
}

func isDirectory(full string) bool {
	info, err := os.Stat(full)
	return err == nil && info.IsDir()
}

func sized(full string, size int64) bool {
	info, err := os.Lstat(full)
	return err == nil && info.Mode().IsRegular() && info.Size() == size
}

// write puts the answer, and its compressed form, in their places.
func (r *run) write(full string, t target, f *file, next *record) error {
	if err := r.folder(filepath.Dir(full)); err != nil {
		return err
	}
	r.mu.Lock()
	r.Written++
	r.mu.Unlock()
	if f.temp != nil {
		if err := errors.Join(f.temp.Chmod(0o644), f.temp.Close()); err != nil {
			return err
		}
		return os.Rename(f.temp.Name(), full)
	}
	if err := put(full, f.page()); err != nil {
		return err
	}
	if !t.isPage() || f.size < packFrom {
		return drop(full + ".gz")
	}
	packed := pack(f.page())
	next.packed, next.packedSum = int64(len(packed)), sha256.Sum256(packed)
	return put(full+".gz", packed)
}

// packFrom is the size from which compressing saves a packet.
const packFrom = 1400

func (r *run) folder(dir string) error {
	r.mu.Lock()
	known := r.state.folders[dir]
	r.mu.Unlock()
	if known {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	r.mu.Lock()
	r.state.folders[dir] = true
	r.mu.Unlock()
	return nil
}

// put writes a file beside its place and moves it there: who reads sees the old one or the new.
func put(full string, b []byte) error {
	temp := filepath.Join(filepath.Dir(full), ".new-"+filepath.Base(full))
	if err := os.WriteFile(temp, b, 0o644); err != nil {
		return err
	}
	if err := os.Rename(temp, full); err != nil {
		return errors.Join(err, drop(temp))
	}
	return nil
}

func drop(full string) error {
	if err := os.Remove(full); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// packers are what compresses: one takes most of a megabyte.
var packers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func pack(b []byte) []byte {
	var out bytes.Buffer
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(&out)
	_, _ = z.Write(b) // a buffer takes everything
	_ = z.Close()
	return out.Bytes()
}

// remove takes a page out of the copy, and folders that are empty then.
func (r *run) remove(a address, rec *record) error {
	delete(r.state.all, a)
	r.Removed++
	name := a.name()
	if name == "" {
		return nil
	}
	full := filepath.Join(r.Dir, filepath.FromSlash(name))
	if err := errors.Join(drop(full), drop(full+".gz")); err != nil {
		return err
	}
	for dir := filepath.Dir(full); dir != filepath.Clean(r.Dir); dir = filepath.Dir(dir) {
		if os.Remove(dir) != nil {
			break // not empty
		}
		delete(r.state.folders, dir)
	}
	return r.journal.gone(a)
}
