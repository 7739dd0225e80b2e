package installation

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"gongkai/internal/config"
	"gongkai/internal/storage"
)

// Beside opens an installation to read it while a server may run: it takes no place, and its
// text index is an empty one that goes with it.
func Beside(ctx context.Context, c config.Config) (*Installation, error) {
	kept, err := storage.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	n := &Installation{Config: c, DB: kept.DB, Keys: kept.Keys, Blobs: kept.Files}
	if n.scratch, err = os.MkdirTemp("", "gongkai-beside"); err != nil {
		return nil, errors.Join(err, n.DB.Close())
	}
	if err := n.build(ctx); err != nil {
		return nil, errors.Join(err, n.DB.Close(), n.leave())
	}
	return n, nil
}

// indexPath is where the text index is.
func (n *Installation) indexPath() string {
	if n.place == nil {
		return filepath.Join(n.scratch, indexFile(1))
	}
	return filepath.Join(n.Config.Data, indexFile(n.place.N))
}

// leave gives back what Open or Beside took.
func (n *Installation) leave() error {
	if n.place == nil {
		return os.RemoveAll(n.scratch)
	}
	return n.place.Leave()
}
