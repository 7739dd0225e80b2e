package mirror

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gongkai/internal/ledger/proof"
)

// sound reports whether a file of the copy is as it was written.
func sound(full string, r *record) bool {
	size, sum, err := digest(full)
	if err != nil || size != r.size || sum != r.sum {
		return false
	}
	if r.packed == 0 {
		return true
	}
	size, sum, err = digest(full + ".gz")
	return err == nil && size == r.packed && sum == r.packedSum
}

func digest(full string) (size int64, sum [32]byte, err error) {
	f, err := os.Open(full)
	if err != nil {
		return 0, sum, err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return size, [32]byte(h.Sum(nil)), err
}

// finish writes the signed list of all files, then what the next run needs. The list comes first
// and its signature after it; in between a check would find them apart, for a moment.
func (r *run) finish(ctx context.Context) error {
	if r.Written == 0 && r.Removed == 0 && r.listed() && !r.state.partial {
		r.count()
		return errors.Join(r.state.save(r.Dir), r.journal.end())
	}
	r.state.partial = false
	list := filepath.Join(r.Dir, filepath.FromSlash(proof.ListFile))
	if err := r.folder(filepath.Dir(list)); err != nil {
		return err
	}
	lister, err := r.list(list + ".new")
	if err != nil {
		return err
	}
	signed, err := r.Ledger.SignManifest(ctx, lister)
	if err != nil {
		return errors.Join(err, drop(list+".new"))
	}
	if err := os.Rename(list+".new", list); err != nil {
		return err
	}
	if err := put(filepath.Join(r.Dir, filepath.FromSlash(proof.ManifestFile)), signed); err != nil {
		return err
	}
	r.count()
	return errors.Join(r.state.save(r.Dir), r.journal.end())
}

func (r *run) listed() bool {
	_, err := os.Stat(filepath.Join(r.Dir, filepath.FromSlash(proof.ManifestFile)))
	return err == nil
}

func (r *run) count() {
	r.Seq, r.Files, r.Bytes = r.seq, 0, 0
	for _, rec := range r.state.all {
		r.Files++
		r.Bytes += rec.size
		if rec.packed > 0 {
			r.Files++
			r.Bytes += rec.packed
		}
	}
}

// list writes the list of all files.
func (r *run) list(name string) (*proof.Lister, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriter(f)
	l := proof.NewLister(w)
	for _, one := range r.files() {
		if err := l.Add(one); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	if _, err := l.Manifest(r.DB.Clock(), proof.Checkpoint{}); err != nil { // the last lines are written
		return nil, errors.Join(err, f.Close())
	}
	return l, errors.Join(w.Flush(), f.Sync(), f.Close())
}

// files are all files of the copy in the order of the list.
func (r *run) files() (all []proof.File) {
	for a, rec := range r.state.all {
		all = append(all, proof.File{Path: a.name(), Size: rec.size, SHA256: hex.EncodeToString(rec.sum[:])})
		if rec.packed > 0 {
			all = append(all, proof.File{Path: a.name() + ".gz", Size: rec.packed, SHA256: hex.EncodeToString(rec.packedSum[:])})
		}
	}
	slices.SortFunc(all, func(a, b proof.File) int { return strings.Compare(a.Path, b.Path) })
	return all
}
