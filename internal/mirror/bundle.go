package mirror

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"gongkai/internal/ledger/proof"
	"gongkai/internal/storage"
)

// A bundle carries what changed to a machine that reaches nothing: a tar in gzip with the signed
// manifest, the list of all files, the digest of the list it follows on, and the files that are
// new. Whoever applies it trusts the manifest's signature and, through it, every byte.
const (
	bundleManifest = "manifest"
	bundleList     = "list"
	bundleBase     = "base"
	bundleFiles    = "files/"
)

// The bounds on what comes before anything is known to be signed.
const (
	mostManifest = 64 << 10
	mostList     = 2 << 30
)

// Packed is what a bundle holds.
type Packed struct {
	Files int
	Bytes int64
	From  string // digest of the list it follows on, "" for a whole copy
	To    string
}

// Pack writes a bundle of what changed since the last one, or of everything.
func Pack(dir, name string, whole bool) (p *Packed, err error) {
	if _, err := os.Stat(stateDir(dir)); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone.With("dir", dir)
	}
	place, err := storage.Take(stateDir(dir), true)
	if err != nil {
		if errors.Is(err, storage.ErrServed) {
			err = ErrBusy
		}
		return nil, err
	}
	defer place.Leave()
	signed, err := os.ReadFile(in(dir, proof.ManifestFile))
	if err != nil {
		return nil, ErrNone.With("dir", dir)
	}
	list, err := os.ReadFile(in(dir, proof.ListFile))
	if err != nil {
		return nil, ErrNone.With("dir", dir)
	}
	sent := filepath.Join(stateDir(dir), sentFile)
	var before []byte
	if !whole {
		if before, err = os.ReadFile(sent); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".gongkai-bundle-")
	if err != nil {
		return nil, err
	}
	defer os.Remove(temp.Name())
	p, err = pour(temp, dir, signed, list, before)
	if err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close()); err != nil {
		return nil, err
	}
	if err := os.Rename(temp.Name(), name); err != nil {
		return nil, err
	}
	return p, put(sent, list)
}

func in(dir, name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }

func digestOf(list []byte) string {
	if len(list) == 0 {
		return ""
	}
	sum := sha256.Sum256(list)
	return hex.EncodeToString(sum[:])
}

// pour writes the bundle.
func pour(out io.Writer, dir string, signed, list, before []byte) (*Packed, error) {
	p := &Packed{From: digestOf(before), To: digestOf(list)}
	z := gzip.NewWriter(out)
	w := tar.NewWriter(z)
	for _, one := range []struct {
		name string
		b    []byte
	}{{bundleManifest, signed}, {bundleList, list}, {bundleBase, []byte(p.From)}} {
		if err := errors.Join(w.WriteHeader(&tar.Header{Name: one.name, Mode: 0o644, Size: int64(len(one.b))}), written(w, one.b)); err != nil {
			return nil, err
		}
	}
	had, err := listed(before)
	if err != nil {
		return nil, err
	}
	err = proof.ReadList(bytes.NewReader(list), func(f proof.File) error {
		if had[f.Path] == f {
			return nil
		}
		p.Files, p.Bytes = p.Files+1, p.Bytes+f.Size
		return add(w, dir, f)
	})
	return p, errors.Join(err, w.Close(), z.Close())
}

func written(w io.Writer, b []byte) error {
	_, err := w.Write(b)
	return err
}

func add(w *tar.Writer, dir string, f proof.File) error {
	file, err := os.Open(in(dir, f.Path))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := w.WriteHeader(&tar.Header{Name: bundleFiles + f.Path, Mode: 0o644, Size: f.Size}); err != nil {
		return err
	}
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, h), io.LimitReader(file, f.Size)); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != f.SHA256 {
		return ErrBundle.Because(errors.New(f.Path + " is not what the list says"))
	}
	return nil
}

func listed(list []byte) (all map[string]proof.File, err error) {
	all = map[string]proof.File{}
	err = proof.ReadList(bytes.NewReader(list), func(f proof.File) error {
		all[f.Path] = f
		return nil
	})
	return all, err
}

// Applied is what a bundle changed.
type Applied struct {
	Written, Removed int
	Manifest         proof.Manifest
}

// Apply brings the copy in dir to the state a bundle holds, if one of the keys signed it and it is
// newer than the copy. Nothing is moved into its place before all of it was checked. A bundle
// applied half-way, because the power failed, is applied again from its beginning.
func Apply(dir string, bundle io.Reader, keys proof.Keys) (*Applied, error) {
	if err := os.MkdirAll(stateDir(dir), 0o755); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	place, err := storage.Take(stateDir(dir), true)
	if err != nil {
		if errors.Is(err, storage.ErrServed) {
			err = ErrBusy
		}
		return nil, err
	}
	defer place.Leave()
	stage, err := os.MkdirTemp(stateDir(dir), "apply-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(stage)
	a := &applying{dir: dir, stage: stage, keys: keys}
	if err := a.read(bundle); err != nil {
		return nil, err
	}
	return a.move()
}

// applying is a bundle being applied.
type applying struct {
	dir, stage   string
	keys         proof.Keys
	manifest     proof.Manifest
	signed, list []byte
	files        map[string]proof.File // the new state
	had          map[string]proof.File // the copy's
	came         map[string]bool
}

// read checks the bundle and puts its files aside.
func (a *applying) read(bundle io.Reader) error {
	z, err := gzip.NewReader(bundle)
	if err != nil {
		return ErrBundle.Because(err)
	}
	r := tar.NewReader(z)
	if err := a.head(r); err != nil {
		return err
	}
	a.came = map[string]bool{}
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return ErrBundle.Because(err)
		}
		if err := a.take(h, r); err != nil {
			return err
		}
	}
	for name, f := range a.files {
		if !a.came[name] && a.had[name] != f {
			return ErrGap.With("file", name)
		}
	}
	return nil
}

// head reads what comes first and decides whether the rest is wanted.
func (a *applying) head(r *tar.Reader) (err error) {
	if a.signed, err = part(r, bundleManifest, mostManifest); err != nil {
		return err
	}
	if a.manifest, err = proof.OpenManifest(a.signed, a.keys); err != nil {
		return err
	}
	if a.list, err = part(r, bundleList, mostList); err != nil {
		return err
	}
	if digestOf(a.list) != a.manifest.List {
		return ErrBundle.Because(errors.New("the list is not the one that was signed"))
	}
	base, err := part(r, bundleBase, 64)
	if err != nil {
		return err
	}
	if a.files, err = listed(a.list); err != nil {
		return err
	}
	return a.follows(string(base))
}

// follows refuses what is older than the copy, or follows on something else.
func (a *applying) follows(base string) error {
	now, err := os.ReadFile(in(a.dir, proof.ListFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if a.had, err = listed(now); err != nil {
		return err
	}
	signed, err := os.ReadFile(in(a.dir, proof.ManifestFile))
	if err == nil {
		old, err := proof.OpenManifest(signed, a.keys)
		if err != nil {
			return err
		}
		if !a.manifest.At.After(old.At) || a.manifest.Checkpoint.Size < old.Checkpoint.Size {
			return ErrOld.With("have", old.At).With("comes", a.manifest.At)
		}
	}
	if base != "" && base != digestOf(now) {
		return ErrGap.With("file", base[:min(8, len(base))])
	}
	return nil
}

// part reads an entry that must come next.
func part(r *tar.Reader, name string, most int64) ([]byte, error) {
	h, err := r.Next()
	if err != nil {
		return nil, ErrBundle.Because(err)
	}
	if h.Name != name || h.Typeflag != tar.TypeReg || h.Size > most {
		return nil, ErrBundle.Because(errors.New(name + " is missing"))
	}
	b, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return nil, ErrBundle.Because(err)
	}
	return b, nil
}

// take puts a file aside that the list has, byte for byte.
func (a *applying) take(h *tar.Header, r io.Reader) error {
	name, ok := strings.CutPrefix(h.Name, bundleFiles)
	f, known := a.files[name]
	if !ok || !known || a.came[name] || h.Typeflag != tar.TypeReg || h.Size != f.Size || !safe(name) {
		return ErrBundle.Because(errors.New(h.Name + " does not belong there"))
	}
	a.came[name] = true
	full := in(a.stage, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return err
	}
	out, err := os.OpenFile(full, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, sum), io.LimitReader(r, f.Size))
	if err = errors.Join(err, out.Close()); err != nil {
		return ErrBundle.Because(err)
	}
	if n != f.Size || hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return ErrBundle.Because(errors.New(name + " was altered"))
	}
	return nil
}

// safe reports whether a file of that name may be written below the copy's folder.
func safe(name string) bool {
	if !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) != name || strings.ContainsAny(name, "\\\x00") {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") || len(part) > 255 {
			return false
		}
	}
	return name != proof.ListFile && name != proof.ManifestFile
}

// move puts everything in its place: files, then what is gone, then the list and its signature.
func (a *applying) move() (*Applied, error) {
	root, err := os.OpenRoot(a.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	done := &Applied{Manifest: a.manifest}
	for name := range a.came {
		if err := a.place(root, name); err != nil {
			return nil, err
		}
		done.Written++
	}
	for name := range a.had {
		if _, stays := a.files[name]; !stays && safe(name) {
			if err := root.Remove(filepath.FromSlash(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			done.Removed++
		}
	}
	for _, one := range []struct {
		name string
		b    []byte
	}{{proof.ListFile, a.list}, {proof.ManifestFile, a.signed}} {
		if err := root.MkdirAll(filepath.Dir(filepath.FromSlash(one.name)), 0o755); err != nil {
			return nil, err
		}
		if err := put(in(a.dir, one.name), one.b); err != nil {
			return nil, err
		}
	}
	return done, nil
}

// place moves a file that was put aside. A link on the way is never followed out of the folder.
func (a *applying) place(root *os.Root, name string) error {
	local := filepath.FromSlash(name)
	dir := filepath.Dir(local)
	if err := root.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if _, err := root.Stat(dir); err != nil { // it resolves inside the folder, or not at all
		return err
	}
	temp := filepath.Join(dir, ".new-"+filepath.Base(local))
	in, err := os.Open(filepath.Join(a.stage, local))
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := root.Create(temp)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return errors.Join(err, out.Close())
	}
	if err := out.Close(); err != nil {
		return err
	}
	return root.Rename(temp, local)
}
