package search

import (
	"context"
	"errors"
	"fmt"
	"os"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// ErrNoIndex says that there is no index of this program's version in a file.
var ErrNoIndex = &fault.Error{Kind: fault.NotFound, Code: "search.no_index"}

// Peek opens the index in a file that a server may be feeding, to ask and not to feed. Unlike
// Open it makes nothing and removes nothing.
func Peek(ctx context.Context, path string, main *db.DB, source Source) (*Index, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, ErrNoIndex
	} else if err != nil {
		return nil, fmt.Errorf("look for the text index: %w", err)
	}
	file, err := db.Open(ctx, "sqlite:"+path)
	if err != nil {
		return nil, fmt.Errorf("open the text index: %w", err)
	}
	err = file.View(ctx, func(tx *db.Tx) error {
		v, err := meta(tx, "version")
		if err == nil && v != version {
			err = errVersion
		}
		return err
	})
	if err != nil {
		return nil, errors.Join(ErrNoIndex.Because(err), file.Close())
	}
	vol, err := newVolume(ctx, file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &Index{path: path, main: main, source: source, vol: vol, peek: true, hints: make(chan struct{}, 1)}, nil
}

// AskRebuild makes every node's index be made anew from all documents, while the old one
// answers. A node that is not running does so when it starts.
func AskRebuild(tx *db.Tx) error {
	last, err := advance(tx, 2)
	if err != nil {
		return err
	}
	return forget(tx, last)
}
