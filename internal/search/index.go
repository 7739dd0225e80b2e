package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Source is where the index asks for the documents that changed.
type Source interface {
	// Documents returns those of the given that exist and shall be found.
	Documents(tx *db.Tx, ids []string) ([]Document, error)
	// IDs returns the keys of up to n documents after a key, in any fixed order.
	IDs(tx *db.Tx, after string, n int) ([]string, error)
}

// Index is a node's text index.
type Index struct {
	// Synonyms, if set, returns the groups of words that find each other. It is asked at each
	// search and must be quick.
	Synonyms func() []Group

	path   string
	main   *db.DB
	source Source

	mu    sync.RWMutex // held for writing while the file is replaced
	vol   *volume
	peek  bool       // another program writes the file
	feed  sync.Mutex // one feeder at a time
	hints chan struct{}
	since atomic.Int64 // when the index last had all changes, in Unix milliseconds
}

// Open opens the index in the file at path, made when it is not there or of another version.
// The first CatchUp fills it.
func Open(ctx context.Context, path string, main *db.DB, source Source) (*Index, error) {
	vol, err := openVolume(ctx, path)
	if err != nil {
		return nil, err
	}
	return &Index{path: path, main: main, source: source, vol: vol, hints: make(chan struct{}, 1)}, nil
}

// openVolume opens an index file. One that cannot be read is worth nothing: the documents are
// elsewhere, so it is put aside for a new one.
func openVolume(ctx context.Context, path string) (*volume, error) {
	vol, err := tryVolume(ctx, path)
	if err == nil || fault.KindOf(db.Explain(err)) == fault.Halted || ctx.Err() != nil { // a full disk does not make it worthless
		return vol, err
	}
	if err := removeFile(path); err != nil {
		return nil, err
	}
	if vol, err = tryVolume(ctx, path); err != nil {
		return nil, fmt.Errorf("make the text index: %w", err)
	}
	return vol, nil
}

func tryVolume(ctx context.Context, path string) (*volume, error) {
	file, err := db.Open(ctx, "sqlite:"+path)
	if err != nil {
		return nil, fmt.Errorf("open the text index: %w", err)
	}
	if err = ready(ctx, file); err == nil {
		var vol *volume
		if vol, err = newVolume(ctx, file); err == nil {
			err = file.Update(ctx, func(tx *db.Tx) error { return dropLost(tx, vol.segments) })
		}
		if err == nil {
			return vol, nil
		}
	}
	return nil, errors.Join(err, file.Close())
}

func removeFile(path string) error {
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove the text index: %w", err)
		}
	}
	return nil
}

// Close closes the file.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.vol.file.Close()
}

// batch is how many documents are indexed in one transaction: enough that its cost is
// shared, few enough that a search waits for nothing and memory stays small.
const batch = 2000

// wait is how long the feeder looks for changes made by other processes.
const wait = 500 * time.Millisecond

// Hint tells the feeder that there are changes now.
func (x *Index) Hint() {
	select {
	case x.hints <- struct{}{}:
	default:
	}
}

// Run feeds the index until ctx ends. report is told of what went wrong; the next attempt
// follows after a while.
func (x *Index) Run(ctx context.Context, report func(error)) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		x.grow(ctx, report)
	}()
	defer func() { <-done }()
	timer := time.NewTicker(wait)
	defer timer.Stop()
	for {
		if _, err := x.CatchUp(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-x.hints:
		}
	}
}

// pause is how often large segments are looked after.
const pause = 10 * time.Second

// grow puts large segments together beside the feeding, until ctx ends.
func (x *Index) grow(ctx context.Context, report func(error)) {
	timer := time.NewTicker(pause)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		vol := x.volume()
		err := vol.tend(ctx, mostMerged)
		if err != nil && ctx.Err() == nil && x.volume() == vol { // not made anew and closed meanwhile
			report(err)
		}
	}
}

func (x *Index) volume() *volume {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.vol
}

// CatchUp indexes every change made so far and returns how many documents that were. An
// index that is new, or comes after the log was cut, is made from all documents.
func (x *Index) CatchUp(ctx context.Context) (n int, err error) {
	x.feed.Lock()
	defer x.feed.Unlock()
	for {
		at := time.Now()
		done, err := x.step(ctx)
		n += done
		if err == nil && done == 0 {
			x.since.Store(at.UnixMilli())
		}
		if err != nil || done == 0 {
			return n, err
		}
	}
}

// step indexes the next batch of changes.
func (x *Index) step(ctx context.Context) (int, error) {
	at, err := cursor(ctx, x.vol.file)
	if err != nil {
		return 0, err
	}
	var ids []string
	var docs []Document
	var last int64
	cutOff := false
	err = x.main.View(ctx, func(tx *db.Tx) error {
		oldest, err := oldest(tx)
		if err != nil {
			return err
		}
		if cutOff = at < 0 || oldest > at+1; cutOff {
			return nil
		}
		if ids, last, err = changes(tx, at, batch); err != nil || len(ids) == 0 {
			return err
		}
		docs, err = x.source.Documents(tx, ids)
		return err
	})
	switch {
	case err != nil:
		return 0, err
	case cutOff:
		return x.rebuild(ctx)
	case len(ids) == 0:
		return 0, nil
	}
	if err := x.vol.put(ctx, ids, docs, last); err != nil {
		return 0, err
	}
	return len(ids), x.vol.tend(ctx, quick)
}

// Rebuild makes the index anew from all documents, while the old one answers.
func (x *Index) Rebuild(ctx context.Context) (int, error) {
	x.feed.Lock()
	defer x.feed.Unlock()
	return x.rebuild(ctx)
}

func (x *Index) rebuild(ctx context.Context) (n int, err error) {
	path := x.path + ".new"
	if err := removeFile(path); err != nil {
		return 0, err
	}
	vol, err := openVolume(ctx, path)
	if err != nil {
		return 0, err
	}
	if n, err = x.fill(ctx, vol); err != nil {
		return n, errors.Join(err, vol.file.Close())
	}
	if err := vol.file.Close(); err != nil {
		return n, err
	}
	return n, x.swap(ctx, path)
}

// fill indexes all documents. Changes made meanwhile come afterwards through the log.
func (x *Index) fill(ctx context.Context, vol *volume) (n int, err error) {
	var at int64
	if err := x.main.View(ctx, func(tx *db.Tx) (err error) { at, err = head(tx); return err }); err != nil {
		return 0, err
	}
	for after := ""; ; {
		var ids []string
		var docs []Document
		err := x.main.View(ctx, func(tx *db.Tx) (err error) {
			if ids, err = x.source.IDs(tx, after, batch); err != nil || len(ids) == 0 {
				return err
			}
			docs, err = x.source.Documents(tx, ids)
			return err
		})
		if err != nil {
			return n, err
		}
		if len(ids) == 0 {
			if err := vol.settle(ctx); err != nil {
				return n, err
			}
			return n, vol.put(ctx, nil, nil, at)
		}
		if err := vol.put(ctx, ids, docs, unfinished); err != nil {
			return n, err
		}
		if err := vol.tend(ctx, mostMerged); err != nil {
			return n, err
		}
		n += len(docs)
		after = ids[len(ids)-1]
	}
}

// swap lets the new file take the old one's place.
func (x *Index) swap(ctx context.Context, path string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.vol.file.Close(); err != nil {
		return err
	}
	if err := removeFile(x.path); err != nil {
		return err
	}
	if err := os.Rename(path, x.path); err != nil {
		return fmt.Errorf("put the new text index in place: %w", err)
	}
	vol, err := openVolume(ctx, x.path)
	if err != nil {
		return err
	}
	x.vol = vol
	return nil
}

// rowOf is the first row of a day's documents: rows follow the days, so that newest first
// is the order the index keeps anyway.
func rowOf(d date.Date) int64 {
	if d.IsZero() {
		return 0
	}
	return int64(d.Days(epoch)+1) << 20
}

var epoch = date.Must(1949, 10, 1)
