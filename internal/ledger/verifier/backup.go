package verifier

import (
	"context"
	"os"
	"strings"

	"gongkai/internal/i18n"
	"gongkai/internal/ledger"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/storage"
)

// Backup checks a backup: the log, records and files in it. It is laid out in a folder of its own
// first, which needs as much room as the installation has data.
func Backup(ctx context.Context, file string, o Options) (*Report, error) {
	dir, err := os.MkdirTemp("", "gongkai-backup-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	u, err := storage.Unpack(ctx, dir, file, func(string, int64) {})
	if err != nil {
		return nil, err
	}
	defer u.Close()
	report, err := Storage(ctx, u.Storage, o)
	if err != nil {
		return nil, err
	}
	for _, name := range u.Unlike {
		report.Found = append(report.Found, proof.Finding{Kind: proof.Altered, What: i18n.M("ledger.find.archive", "name", name), Path: name})
	}
	return report, nil
}

// Storage checks what an installation keeps.
func Storage(ctx context.Context, kept *storage.Storage, o Options) (*Report, error) {
	r := &Report{Pinned: len(o.Keys) > 0}
	c := ledger.Check{DB: kept.DB, Files: kept.Files, Keys: o.Keys, Kept: o.Kept, Found: func(f proof.Finding) { r.Found = append(r.Found, f) }}
	if o.NoFiles {
		c.Files = nil
	}
	done, err := c.Run(ctx)
	if err != nil {
		return nil, err
	}
	r.Checkpoint, r.Signed, r.Items, r.Known, r.Files = done.Checkpoint, done.Signed, done.Items, done.Items, done.Files
	r.Keys = done.Keys
	return r, nil
}

// LogSound reports whether the log itself holds, so that its checkpoint is worth keeping.
func (r *Report) LogSound() bool {
	for _, f := range r.Found {
		if f.Kind == proof.Forged || f.Kind == proof.Forked || f.Kind == proof.CutBack {
			return false
		}
	}
	return true
}

// State is what is kept from one check to the next: the public keys, a line each, an empty line, and
// the signed checkpoint.
func (r *Report) State() []byte { return []byte(strings.TrimSpace(r.Keys) + "\n\n" + r.Signed) }

// ReadState reads what State wrote.
func ReadState(text []byte) (proof.Keys, proof.Checkpoint, error) {
	keys, signed, found := strings.Cut(string(text), "\n\n")
	if !found {
		return nil, proof.Checkpoint{}, proof.ErrCheckpoint
	}
	all, err := proof.ParseKeys(keys)
	if err != nil {
		return nil, proof.Checkpoint{}, err
	}
	c, err := proof.OpenCheckpoint([]byte(signed), all)
	return all, c, err
}
