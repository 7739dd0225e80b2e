package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"gongkai/internal/db"
)

// The kinds of the store's jobs, run once a day each, and their messages.
const (
	VerifyJob  = "blob.verify"
	CollectJob = "blob.collect"
)

// Handlers returns what runs the store's jobs.
func (s *Store) Handlers(log *slog.Logger) map[string]func(ctx context.Context, args []byte) error {
	return map[string]func(context.Context, []byte) error{
		VerifyJob: func(ctx context.Context, _ []byte) error {
			r, err := s.Verify(ctx)
			for _, b := range r.Faulty {
				log.Error("a kept file is not as it was kept", "digest", b.Digest, "fault", b.Fault)
			}
			log.Info("files checked", "files", r.Checked, "bytes", r.Bytes, "faulty", len(r.Faulty))
			return err
		},
		CollectJob: func(ctx context.Context, _ []byte) error {
			files, bytes, err := s.Collect(ctx)
			log.Info("files nobody kept removed", "files", files, "bytes", bytes)
			return err
		},
	}
}

// Report is what a check of all files found.
type Report struct {
	Checked int
	Bytes   int64
	Faulty  []*Blob
}

// page is how many rows are held at once.
const page = 200

// Verify reads every kept file and compares it with its digest, in bounded memory. What it
// finds is recorded; repeated, it records that a file is sound again.
func (s *Store) Verify(ctx context.Context) (*Report, error) {
	r := &Report{}
	for last := ""; ; {
		var rows []*Blob
		if err := s.DB.View(ctx, func(tx *db.Tx) (err error) {
			rows, err = after(tx, last, page)
			return err
		}); err != nil || len(rows) == 0 {
			return r, err
		}
		last = rows[len(rows)-1].Digest
		if err := s.verifyPage(ctx, rows, r); err != nil {
			return r, err
		}
	}
}

func (s *Store) verifyPage(ctx context.Context, rows []*Blob, r *Report) error {
	for _, b := range rows {
		found, err := s.inspect(ctx, b)
		if err != nil {
			return err
		}
		b.Fault = found
		r.Checked++
		r.Bytes += b.Size
		if found != Sound {
			r.Faulty = append(r.Faulty, b)
		}
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		for _, b := range rows {
			if err := checked(tx, b.Digest, b.Fault); err != nil {
				return err
			}
		}
		return nil
	})
}

// Sound reports whether a kept file is what was kept.
func (s *Store) Sound(ctx context.Context, digest string) (bool, error) {
	var b *Blob
	if err := s.DB.View(ctx, func(tx *db.Tx) (err error) {
		b, err = Get(tx, digest)
		return err
	}); err != nil {
		return false, err
	}
	f, err := s.inspect(ctx, b)
	return f == Sound, err
}

// inspect compares a file with its digest.
func (s *Store) inspect(ctx context.Context, b *Blob) (Fault, error) {
	f, err := s.raw(b.Digest)
	switch {
	case errors.Is(err, ErrMissing):
		return Missing, nil
	case err != nil:
		return "", err
	}
	defer f.Close()
	d := newDigests()
	n, err := io.Copy(d.sm3, &stoppable{ctx, f})
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil: // what the disk no longer gives back is not what was kept
		return Altered, nil
	case n != b.Size || hex.EncodeToString(d.sm3.Sum(nil)) != b.Digest:
		return Altered, nil
	}
	return Sound, nil
}

// Faulty returns the files in which the last check found a fault.
func Faulty(ctx context.Context, d *db.DB) (all []*Blob, err error) {
	err = d.View(ctx, func(tx *db.Tx) (err error) {
		all, err = faulty(tx)
		return err
	})
	return all, err
}

// Grace is how long a file may lie on the disk without an act that keeps it: longer than
// any page stays open.
const Grace = 48 * time.Hour

// Orphans calls found with the digest and size of each file that no act has kept within
// its time of grace, in bounded memory.
func (s *Store) Orphans(ctx context.Context, found func(digest string, size int64) error) error {
	limit := s.DB.Clock().Add(-Grace)
	return s.folders(func(dir string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return s.orphansIn(ctx, dir, limit, found)
	})
}

// folders calls visit with each folder that holds files.
func (s *Store) folders(visit func(dir string) error) error {
	outer, err := filepath.Glob(filepath.Join(s.dir, "[0-9a-f][0-9a-f]"))
	if err != nil {
		return err
	}
	for _, o := range outer {
		inner, err := filepath.Glob(filepath.Join(o, "[0-9a-f][0-9a-f]"))
		if err != nil {
			return err
		}
		for _, dir := range inner {
			if err := visit(dir); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) orphansIn(ctx context.Context, dir string, limit time.Time, found func(string, int64) error) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	sizes := map[string]int64{}
	var digests []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || info.ModTime().After(limit) {
			continue
		}
		if _, err := s.path(e.Name()); err == nil {
			sizes[e.Name()] = info.Size()
			digests = append(digests, e.Name())
		}
	}
	var rows map[string]bool
	if err := s.DB.View(ctx, func(tx *db.Tx) (err error) {
		rows, err = known(tx, digests)
		return err
	}); err != nil {
		return err
	}
	for _, d := range digests {
		if !rows[d] {
			if err := found(d, sizes[d]); err != nil {
				return err
			}
		}
	}
	return nil
}

// Collect removes the orphans and the remains of uploads that were cut off. It returns how
// many files and bytes there were.
func (s *Store) Collect(ctx context.Context) (files int, bytes int64, err error) {
	err = s.Orphans(ctx, func(digest string, size int64) error {
		path, err := s.path(digest)
		if err != nil {
			return err
		}
		files, bytes = files+1, bytes+size
		return os.Remove(path)
	})
	if err != nil {
		return files, bytes, err
	}
	limit := s.DB.Clock().Add(-Grace)
	entries, err := os.ReadDir(filepath.Join(s.dir, incoming))
	for _, e := range entries {
		info, statErr := e.Info()
		if statErr != nil || info.ModTime().After(limit) {
			continue
		}
		files, bytes = files+1, bytes+info.Size()
		if removeErr := os.Remove(filepath.Join(s.dir, incoming, e.Name())); removeErr != nil && !errors.Is(removeErr, fs.ErrNotExist) {
			return files, bytes, removeErr
		}
	}
	return files, bytes, err
}
