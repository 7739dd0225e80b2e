package storage

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"gongkai/internal/config"
	"gongkai/internal/db"
	"gongkai/internal/secret"
)

// Restored is what became of a backup.
type Restored struct {
	Head     Head
	Manifest Manifest
	NeedsKey bool // the key file must be put into the data folder before the start
}

// Restore fills the empty installation that c names from the archive at file. Rows are
// written all or none, and only when everything in the archive has its digest. A backup of
// an older version is brought up to this one's.
func Restore(ctx context.Context, c config.Config, file string, progress Progress) (*Restored, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, ErrArchiveBroken.With("file", file).Because(err)
	}
	defer in.Close()
	i, err := open(ctx, c)
	if err != nil {
		return nil, err
	}
	defer i.Close()
	r, err := newReader(in, file, progress)
	if err != nil {
		return nil, err
	}
	if err := i.prepare(ctx, r.head); err != nil {
		return nil, err
	}
	if err := i.DB.Update(ctx, func(tx *db.Tx) error { return i.fill(ctx, tx, r) }); err != nil {
		return nil, err
	}
	if err := i.DB.Migrate(ctx); err != nil {
		return nil, err
	}
	return i.finish(ctx, r)
}

// prepare brings the empty database to the archive's state, and refuses another's keys.
func (i *Storage) prepare(ctx context.Context, h Head) error {
	k, err := secret.Load(KeyFile(i.Dir))
	switch {
	case errors.Is(err, secret.ErrMissing):
	case err != nil:
		return err
	case k.Print() != h.KeyPrint:
		return ErrOtherKey.With("file", KeyFile(i.Dir))
	}
	var done []string
	if _, err := i.DB.Pending(ctx); err != nil {
		return err
	}
	if err := i.DB.View(ctx, func(tx *db.Tx) (err error) {
		done, _, err = tx.Migrations()
		return err
	}); err != nil {
		return err
	}
	if len(done) > 0 {
		return ErrNotEmpty.With("folder", i.Dir)
	}
	err = i.DB.MigrateAs(ctx, h.Migrations, h.Sums)
	if errors.Is(err, db.ErrNewer) || errors.Is(err, db.ErrChanged) {
		return ErrArchiveNewer.Because(err)
	}
	return err
}

// finish sees to the keys and verifies the audit chain where they are there.
func (i *Storage) finish(ctx context.Context, r *reader) (*Restored, error) {
	done := &Restored{Head: r.head, Manifest: *r.tail}
	if r.keys != nil {
		if _, err := secret.Restore(KeyFile(i.Dir), r.keys); err != nil && !errors.Is(err, secret.ErrExists) {
			return nil, err
		}
	}
	k, err := secret.Load(KeyFile(i.Dir))
	if errors.Is(err, secret.ErrMissing) {
		done.NeedsKey = true
		return done, nil
	}
	if err != nil {
		return nil, err
	}
	i.DB.ChainKey = k.Derive("audit")
	return done, verifyChain(ctx, i.DB)
}

// reader is an archive being read.
type reader struct {
	name     string
	zip      *gzip.Reader
	tar      *tar.Reader
	head     Head
	tail     *Manifest
	keys     []byte
	sums     map[string]hash.Hash
	rows     map[string]int64
	files    int
	progress Progress
	// tolerate, if set, is told the name of what is not as the manifest says; reading goes on.
	tolerate func(name string)
}

func newReader(in io.Reader, name string, progress Progress) (*reader, error) {
	r := &reader{name: name, sums: map[string]hash.Hash{}, rows: map[string]int64{}, progress: progress}
	zip, err := gzip.NewReader(bufio.NewReaderSize(in, 1<<20))
	if err != nil {
		return nil, r.broken(err)
	}
	r.zip, r.tar = zip, tar.NewReader(zip)
	h, err := r.tar.Next()
	if err != nil || h.Name != headEntry {
		return nil, r.broken(err)
	}
	if err := r.object(&r.head); err != nil {
		return nil, err
	}
	if r.head.Format != format || len(r.head.Migrations) != len(r.head.Sums) {
		return nil, ErrArchiveFormat.With("file", name)
	}
	return r, nil
}

func (r *reader) broken(cause error) error {
	return ErrArchiveBroken.With("file", r.name).Because(cause)
}

// unlike refuses, or tolerates, what is readable and not as the manifest says.
func (r *reader) unlike(name, what string) error {
	if r.tolerate != nil {
		r.tolerate(name)
		return nil
	}
	return r.broken(fmt.Errorf("%s: %s", name, what))
}

// maxObject bounds the entries read as a whole.
const maxObject = 64 << 20

func (r *reader) object(v any) error {
	b, err := io.ReadAll(io.LimitReader(r.tar, maxObject))
	if err == nil {
		err = json.Unmarshal(b, v)
	}
	if err != nil {
		return r.broken(err)
	}
	return nil
}

// fill writes what the archive holds, and fails unless it holds what its manifest says.
func (i *Storage) fill(ctx context.Context, tx *db.Tx, r *reader) error {
	tables, err := tx.Tables()
	if err == nil {
		err = tx.Clear(tables)
	}
	if err != nil {
		return err
	}
	for {
		h, err := r.tar.Next()
		if errors.Is(err, io.EOF) {
			return r.complete(tx, tables)
		}
		if err != nil {
			return r.broken(err)
		}
		if err := i.entry(ctx, tx, r, h.Name, tables); err != nil {
			return err
		}
	}
}

func (i *Storage) entry(ctx context.Context, tx *db.Tx, r *reader, name string, tables []db.Table) error {
	switch {
	case name == tailEntry:
		r.tail = &Manifest{}
		return r.object(r.tail)
	case name == keyEntry:
		b, err := io.ReadAll(io.LimitReader(r.tar, maxObject))
		r.keys = b
		return err
	case strings.HasPrefix(name, fileDir):
		b, err := i.Files.Receive(ctx, r.tar, 1<<62)
		if err == nil && b.Digest != path.Base(name) {
			err = r.unlike(name, "another content")
		}
		r.files++
		return err
	case strings.HasPrefix(name, tableDir):
		at := slices.IndexFunc(tables, func(t db.Table) bool { return t.Name == path.Base(path.Dir(name)) })
		if at < 0 {
			return r.broken(fmt.Errorf("%s is of no table", name))
		}
		return r.piece(tx, tables[at])
	}
	return r.broken(fmt.Errorf("%s is not known", name))
}

// piece writes the rows of a piece of a table. The first line of the first names its columns.
func (r *reader) piece(tx *db.Tx, t db.Table) error {
	lines := bufio.NewReaderSize(r.tar, 1<<16)
	sum := r.sums[t.Name]
	if sum == nil {
		sum = sha256.New()
		r.sums[t.Name] = sum
		line, err := lines.ReadBytes('\n')
		var columns []string
		if err == nil {
			err = json.Unmarshal(line, &columns)
		}
		if err != nil || !slices.Equal(columns, t.Columns) {
			return r.broken(errors.Join(err, fmt.Errorf("the columns of %s are %v", t.Name, columns)))
		}
		sum.Write(line)
	}
	n, err := tx.Load(t, func() (db.Row, error) {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return nil, nil
		}
		if err != nil {
			return nil, r.broken(err)
		}
		sum.Write(line)
		row, err := t.ReadRow(bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			return nil, r.broken(err)
		}
		return row, nil
	})
	r.rows[t.Name] += n
	r.progress(t.Name, r.rows[t.Name])
	return err
}

// complete holds what was read against the manifest.
func (r *reader) complete(tx *db.Tx, tables []db.Table) error {
	if r.tail == nil {
		return r.unlike(tailEntry, "missing: the archive was cut off")
	}
	if _, err := io.Copy(io.Discard, r.zip); err != nil { // its end holds the check sum of the whole
		return r.broken(err)
	}
	if len(r.tail.Tables) != len(tables) || r.tail.Files != r.files {
		if err := r.unlike(tailEntry, fmt.Sprintf("%d tables and %d files, want %d and %d", len(tables), r.files, len(r.tail.Tables), r.tail.Files)); err != nil {
			return err
		}
	}
	for at, want := range r.tail.Tables[:min(len(r.tail.Tables), len(tables))] {
		t := tables[at]
		if sum := r.sums[want.Name]; want.Name != t.Name || sum == nil || hex.EncodeToString(sum.Sum(nil)) != want.SHA256 {
			if err := r.unlike(want.Name, "another content"); err != nil {
				return err
			}
			continue
		}
		if err := sameCount(tx, t, want.Rows); err != nil {
			return err
		}
	}
	return nil
}
