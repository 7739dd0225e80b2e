package storage

import (
	"context"
	"errors"
	"os"

	"gongkai/internal/config"
	"gongkai/internal/db"
)

// Unpacked is what a backup held, laid out to be looked at. It is no installation: it has no keys.
type Unpacked struct {
	*Storage
	Head Head
	// Unlike names the tables and files that are not as the archive's manifest says; they were laid
	// out all the same.
	Unlike []string
}

// Unpack lays a backup out in an empty folder, as far as it can be read, so that somebody can look
// at what it holds. Restore is for going on with it.
func Unpack(ctx context.Context, dir, file string, progress Progress) (*Unpacked, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, ErrArchiveBroken.With("file", file).Because(err)
	}
	defer in.Close()
	c := config.Default()
	c.Data = dir
	i, err := open(ctx, c)
	if err != nil {
		return nil, err
	}
	u := &Unpacked{Storage: i}
	if err := u.fill(ctx, in, file, progress); err != nil {
		return nil, errors.Join(err, i.Close())
	}
	return u, nil
}

func (u *Unpacked) fill(ctx context.Context, in *os.File, file string, progress Progress) error {
	r, err := newReader(in, file, progress)
	if err != nil {
		return err
	}
	r.tolerate = func(name string) { u.Unlike = append(u.Unlike, name) }
	u.Head = r.head
	if err := u.prepare(ctx, r.head); err != nil {
		return err
	}
	if err := u.DB.Update(ctx, func(tx *db.Tx) error { return u.Storage.fill(ctx, tx, r) }); err != nil {
		return err
	}
	return u.DB.Migrate(ctx)
}
