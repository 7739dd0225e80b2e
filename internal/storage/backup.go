package storage

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// format is the version of the archive's form.
const format = 1

// The entries of an archive. Rows come as lines of JSON, in pieces, so that a table of any
// size needs little memory; they suit either engine.
const (
	headEntry  = "head.json"
	tailEntry  = "manifest.json"
	keyEntry   = "gongkai.key"
	tableDir   = "tables/"
	fileDir    = "files/"
	pieceBytes = 4 << 20
)

// Head begins an archive: what is needed to read the rest.
type Head struct {
	Format     int
	MadeAt     time.Time
	Engine     db.Engine
	Migrations []string
	Sums       []string
	KeyPrint   string
}

// Manifest ends an archive: what it must hold, each with its digest. An archive without one
// was cut off.
type Manifest struct {
	Tables []TableSum
	Files  int
	Bytes  int64
	Anchor audit.Anchor // the end of the audit chain
	Lost   []string     // files that were missing or altered when the backup was made
}

// TableSum is a table's number of rows and SHA-256 of their lines.
type TableSum struct {
	Name   string
	Rows   int64
	SHA256 string
}

// The faults of backups.
var (
	ErrArchiveExists = &fault.Error{Kind: fault.Conflict, Code: "storage.archive_exists"}
	ErrArchiveBroken = &fault.Error{Kind: fault.Invalid, Code: "storage.archive_broken"}
	ErrArchiveFormat = &fault.Error{Kind: fault.Invalid, Code: "storage.archive_format"}
	ErrArchiveNewer  = &fault.Error{Kind: fault.Conflict, Code: "storage.archive_newer"}
	ErrNoRoom        = &fault.Error{Kind: fault.Halted, Code: "storage.no_room"}
	ErrNotEmpty      = &fault.Error{Kind: fault.Conflict, Code: "storage.not_empty"}
)

// Backup writes one state of database and files into the archive at path, while the program
// serves. The keys are left out unless withKeys says so: whoever has both reads everything.
// What was lost before is named in the manifest. The archive holds the entry of its making.
func (i *Storage) Backup(ctx context.Context, by actor.Actor, path string, withKeys bool, progress Progress) (*Manifest, error) {
	if err := by.May(actor.SystemBackup, actor.Scope{}); err != nil {
		return nil, err
	}
	if found, err := exists(path); err != nil {
		return nil, err
	} else if found {
		return nil, ErrArchiveExists.With("file", path)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".gongkai-backup-")
	if err != nil {
		return nil, ErrFolder.With("folder", filepath.Dir(path)).Because(err)
	}
	defer os.Remove(temp.Name())
	if err := i.DB.Update(ctx, func(tx *db.Tx) error {
		return audit.Append(tx, by, audit.Entry{Act: actor.SystemBackup, Subject: "backup", Title: filepath.Base(path), Detail: map[string]bool{"keys": withKeys}})
	}); err != nil {
		return nil, errors.Join(err, temp.Close())
	}
	m, err := i.archive(ctx, temp, withKeys, progress)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return nil, unwritten(err, filepath.Dir(path))
	}
	return m, os.Rename(temp.Name(), path)
}

// unwritten says which folder had no room for an archive: it need not be the data folder.
func unwritten(err error, folder string) error {
	if errors.Is(db.Explain(err), db.ErrFull) {
		return ErrNoRoom.With("folder", folder).Because(err)
	}
	return err
}

// writer is an archive being written.
type writer struct {
	tar      *tar.Writer
	at       time.Time
	manifest Manifest
	progress Progress
}

func (i *Storage) archive(ctx context.Context, out io.Writer, withKeys bool, progress Progress) (*Manifest, error) {
	zip, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	w := &writer{tar: tar.NewWriter(zip), progress: progress}
	var files []string
	err = i.DB.View(ctx, func(tx *db.Tx) error {
		w.at = tx.Now
		if err := i.writeHead(tx, w); err != nil {
			return err
		}
		if files, err = w.tables(tx); err != nil {
			return err
		}
		w.manifest.Anchor, err = audit.HeadIn(tx)
		return err
	})
	for _, digest := range files {
		if err == nil {
			err = w.file(ctx, i.Files, digest)
		}
	}
	if err == nil && withKeys {
		err = w.entry(keyEntry, i.Keys.Text())
	}
	if err == nil {
		err = w.object(tailEntry, w.manifest)
	}
	if err = errors.Join(err, w.tar.Close(), zip.Close()); err != nil {
		return nil, fmt.Errorf("write the archive: %w", err)
	}
	return &w.manifest, nil
}

func (i *Storage) writeHead(tx *db.Tx, w *writer) error {
	names, sums, err := tx.Migrations()
	if err != nil {
		return err
	}
	return w.object(headEntry, Head{Format: format, MadeAt: tx.Now, Engine: i.DB.Engine, Migrations: names, Sums: sums, KeyPrint: i.Keys.Print()})
}

func (w *writer) object(name string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return w.entry(name, b)
}

func (w *writer) entry(name string, content []byte) error {
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: w.at}); err != nil {
		return err
	}
	_, err := w.tar.Write(content)
	return err
}

// tables writes all rows and returns the digests of the files that they name.
func (w *writer) tables(tx *db.Tx) (files []string, err error) {
	all, err := tx.Tables()
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		if err := w.table(tx, t); err != nil {
			return nil, fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	return blob.Digests(tx)
}

func (w *writer) table(tx *db.Tx, t db.Table) error {
	sum := sha256.New()
	var piece bytes.Buffer
	var rows int64
	pieces := 0
	flush := func() error {
		pieces++
		err := w.entry(fmt.Sprintf("%s%s/%06d.jsonl", tableDir, t.Name, pieces), piece.Bytes())
		piece.Reset()
		w.progress(t.Name, rows)
		return err
	}
	columns, err := json.Marshal(t.Columns)
	if err != nil {
		return err
	}
	piece.Write(append(columns, '\n'))
	sum.Write(piece.Bytes())
	if err := tx.EachRow(t, func(r db.Row) error {
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		line = append(line, '\n')
		sum.Write(line)
		piece.Write(line)
		if rows++; piece.Len() >= pieceBytes {
			return flush()
		}
		return nil
	}); err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	w.manifest.Tables = append(w.manifest.Tables, TableSum{t.Name, rows, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// file writes a kept file. One that is missing or was altered is noted as lost.
func (w *writer) file(ctx context.Context, files *blob.Store, digest string) error {
	sound, err := files.Sound(ctx, digest)
	if err != nil {
		return err
	}
	if !sound {
		w.manifest.Lost = append(w.manifest.Lost, digest)
		return nil
	}
	b, f, err := files.Open(ctx, digest)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := w.tar.WriteHeader(&tar.Header{Name: fileDir + digest, Mode: 0o600, Size: b.Size, ModTime: b.Kept}); err != nil {
		return err
	}
	n, err := io.Copy(w.tar, f)
	w.manifest.Files++
	w.manifest.Bytes += n
	return err
}
