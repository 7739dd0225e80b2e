// Package storage opens what an installation keeps (存储): its data folder, database, keys and files, and
// moves it as a whole: copies, backups and their restoring.
package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gongkai/internal/blob"
	"gongkai/internal/config"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/secret"
)

// The faults of opening.
var (
	// ErrPending says that the database was last used by an older version.
	ErrPending = &fault.Error{Kind: fault.Conflict, Code: "storage.pending"}
	// ErrOtherKey says that the key file belongs to another installation.
	ErrOtherKey = &fault.Error{Kind: fault.Missing, Code: "storage.other_key"}
	// ErrFolder says that the data folder cannot be made or used.
	ErrFolder = &fault.Error{Kind: fault.Missing, Code: "storage.folder"}
	// ErrDatabase says that the database cannot be reached.
	ErrDatabase = &fault.Error{Kind: fault.Missing, Code: "storage.database"}
)

// Storage is what is kept: everything a running program works with.
type Storage struct {
	Dir   string // the data folder
	DB    *db.DB
	Keys  *secret.Keyring
	Files *blob.Store
}

// KeyFile returns where an installation's keys are.
func KeyFile(dir string) string { return filepath.Join(dir, "gongkai.key") }

// DatabaseURL returns the address of the database that c names, or that of the file in the
// data folder.
func DatabaseURL(c config.Config) string {
	if c.Database != "" {
		return c.Database
	}
	return "sqlite:" + filepath.Join(c.Data, "gongkai.db")
}

// Exists reports whether the data folder of c holds an installation. One in a PostgreSQL
// database it does not know of.
func Exists(c config.Config) bool {
	_, err := os.Stat(filepath.Join(c.Data, "gongkai.db"))
	return err == nil
}

// Open opens the installation that c names; where there is none it makes one. A database of
// an older version is refused with ErrPending; Migrate brings it up.
func Open(ctx context.Context, c config.Config) (*Storage, error) {
	i, err := open(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := i.settle(ctx, false); err != nil {
		return nil, errors.Join(err, i.Close())
	}
	return i, nil
}

// Migrate opens the installation that c names and applies the migrations that it lacks,
// whose names it returns.
func Migrate(ctx context.Context, c config.Config) (*Storage, []string, error) {
	i, err := open(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	pending, err := i.DB.Pending(ctx)
	if err == nil {
		err = i.settle(ctx, true)
	}
	if err != nil {
		return nil, nil, errors.Join(err, i.Close())
	}
	return i, pending, nil
}

// Close closes the database.
func (i *Storage) Close() error { return i.DB.Close() }

// open opens folder, database and files, but neither looks into the database nor makes keys.
func open(ctx context.Context, c config.Config) (*Storage, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, ErrFolder.With("folder", c.Data).Because(err)
	}
	d, err := db.Open(ctx, DatabaseURL(c))
	if err != nil {
		return nil, unopened(err)
	}
	files, err := blob.Open(d, filepath.Join(c.Data, "files"))
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return &Storage{Dir: c.Data, DB: d, Files: files}, nil
}

// unopened says why a database file does not open; what keeps a server away only its
// administrator knows.
func unopened(err error) error {
	if why := db.Explain(err); fault.KindOf(why) == fault.Halted && !errors.Is(why, db.ErrAway) {
		return why
	}
	return ErrDatabase.Because(err)
}

// settle sees to the tables, then to the keys. Only a database without any table is brought
// up unasked.
func (i *Storage) settle(ctx context.Context, migrate bool) error {
	pending, err := i.DB.Pending(ctx)
	if err != nil {
		return err
	}
	var done []string
	if err := i.DB.View(ctx, func(tx *db.Tx) (err error) {
		done, _, err = tx.Migrations()
		return err
	}); err != nil {
		return err
	}
	if len(pending) > 0 && len(done) > 0 && !migrate {
		return ErrPending.With("n", len(pending))
	}
	if err := i.DB.Migrate(ctx); err != nil {
		return err
	}
	return i.unlock(ctx)
}

// unlock loads the keys, or makes them for an installation that never had any, and makes
// sure that they are its own.
func (i *Storage) unlock(ctx context.Context) error {
	noted, err := i.notedKeys(ctx)
	if err != nil {
		return err
	}
	path := KeyFile(i.Dir)
	i.Keys, err = secret.Load(path)
	if errors.Is(err, secret.ErrMissing) && noted == "" {
		if i.Keys, err = secret.Create(path); errors.Is(err, secret.ErrExists) {
			i.Keys, err = secret.Load(path) // another process was faster
		}
	}
	if err != nil {
		return err
	}
	if noted != "" && noted != i.Keys.Print() {
		return ErrOtherKey.With("file", path)
	}
	i.DB.ChainKey = i.Keys.Derive("audit")
	if noted != "" {
		return nil
	}
	return i.DB.Update(ctx, func(tx *db.Tx) error { return note(tx, keyPrint, i.Keys.Print()) })
}

func (i *Storage) notedKeys(ctx context.Context) (print string, err error) {
	err = i.DB.View(ctx, func(tx *db.Tx) (err error) {
		print, err = noted(tx, keyPrint)
		return err
	})
	return print, err
}

// exists reports whether there is a file or folder at path.
func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", path, err)
	}
	return true, nil
}
