package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
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
	file  *db.DB
	feed  sync.Mutex // one feeder at a time
	hints chan struct{}
}

// Open opens the index in the file at path, made when it is not there or of another version.
// The first CatchUp fills it.
func Open(ctx context.Context, path string, main *db.DB, source Source) (*Index, error) {
	x := &Index{path: path, main: main, source: source, hints: make(chan struct{}, 1)}
	file, err := openFile(ctx, path)
	if err != nil {
		return nil, err
	}
	x.file = file
	return x, nil
}

// openFile opens an index file. One that cannot be read is worth nothing: the documents are
// elsewhere, so it is put aside for a new one.
func openFile(ctx context.Context, path string) (*db.DB, error) {
	file, err := db.Open(ctx, "sqlite:"+path)
	if err == nil {
		if err = ready(ctx, file); err == nil {
			return file, nil
		}
		file.Close()
	}
	if fault.KindOf(db.Explain(err)) == fault.Halted { // a full disk does not make it worthless
		return nil, err
	}
	if err := removeFile(path); err != nil {
		return nil, err
	}
	if file, err = db.Open(ctx, "sqlite:"+path); err != nil {
		return nil, fmt.Errorf("open the text index: %w", err)
	}
	if err := ready(ctx, file); err != nil {
		file.Close()
		return nil, fmt.Errorf("make the text index: %w", err)
	}
	return file, nil
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
	return x.file.Close()
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

// CatchUp indexes every change made so far and returns how many documents that were. An
// index that is new, or comes after the log was cut, is made from all documents.
func (x *Index) CatchUp(ctx context.Context) (n int, err error) {
	x.feed.Lock()
	defer x.feed.Unlock()
	for {
		done, err := x.step(ctx)
		n += done
		if err != nil || done == 0 {
			return n, err
		}
	}
}

// step indexes the next batch of changes.
func (x *Index) step(ctx context.Context) (int, error) {
	at, err := cursor(ctx, x.file)
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
	if err := put(ctx, x.file, ids, docs, last); err != nil {
		return 0, err
	}
	return len(ids), tend(ctx, x.file)
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
	file, err := openFile(ctx, path)
	if err != nil {
		return 0, err
	}
	if n, err = x.fill(ctx, file); err != nil {
		file.Close()
		return n, err
	}
	if err := file.Close(); err != nil {
		return n, err
	}
	return n, x.swap(ctx, path)
}

// fill indexes all documents. Changes made meanwhile come afterwards through the log.
func (x *Index) fill(ctx context.Context, file *db.DB) (n int, err error) {
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
			return n, put(ctx, file, nil, nil, at)
		}
		if err := put(ctx, file, ids, docs, unfinished); err != nil {
			return n, err
		}
		if err := tend(ctx, file); err != nil {
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
	if err := x.file.Close(); err != nil {
		return err
	}
	if err := removeFile(x.path); err != nil {
		return err
	}
	if err := os.Rename(path, x.path); err != nil {
		return fmt.Errorf("put the new text index in place: %w", err)
	}
	file, err := openFile(ctx, x.path)
	if err != nil {
		return err
	}
	x.file = file
	return nil
}

// Limits of an answer: hits are counted up to mostCounted, and Relevance sorts the newest
// mostRanked.
const (
	mostCounted = 1000
	mostRanked  = 500
	usualLimit  = 20
	mostLimit   = 100
)

// Search answers a query. Which documents it finds depends on the documents alone, not on
// the engine of the main database.
func (x *Index) Search(ctx context.Context, q Query) (*Result, error) {
	words, err := parse(q.Text)
	if err != nil {
		return nil, err
	}
	if q.Limit <= 0 || q.Limit > mostLimit {
		q.Limit = usualLimit
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	r := &Result{}
	err = x.file.View(ctx, func(tx *db.Tx) error {
		e, possible, err := express(tx, q, words)
		if err != nil || !possible {
			return err
		}
		if err := r.count(tx, q, e); err != nil {
			return err
		}
		if q.Order == Relevance {
			return x.ranked(ctx, tx, q, words, e, r)
		}
		return x.newest(ctx, tx, q, words, e, r)
	})
	return r, err
}

// expression is what a document's tokens must be: all the words, none of those left out, and of
// each filter's marks one.
type expression struct {
	words []word
	marks [][]token
}

// express writes the whole query for the index. It is not possible to find anything for a
// filter by a key that no document ever bore.
func express(tx *db.Tx, q Query, words []word) (e expression, possible bool, err error) {
	e.words = words
	for _, f := range []struct {
		kind string
		keys []string
	}{{"a", q.Agencies}, {"s", q.Sections}, {"t", q.States}} {
		if len(f.keys) == 0 {
			continue
		}
		list, err := marksOf(tx, f.kind, f.keys)
		if err != nil {
			return e, false, err
		}
		if len(list) == 0 {
			return e, false, nil
		}
		e.marks = append(e.marks, list)
	}
	return e, true, nil
}

func (r *Result) count(tx *db.Tx, q Query, e expression) (err error) {
	from, to := q.rows()
	r.Total, err = countRows(tx, e, from, to, mostCounted+1)
	if r.Total > mostCounted {
		r.Total, r.More = mostCounted, true
	}
	return err
}

// rows are the first and last row that documents of the query's dates can have.
func (q Query) rows() (from, to int64) {
	from, to = 0, 1<<62
	if !q.From.IsZero() {
		from = rowOf(q.From)
	}
	if !q.To.IsZero() {
		to = rowOf(q.To.Plus(1)) - 1
	}
	return from, to
}

// rounds bounds how often newest looks for further rows when those found turn out not to
// have a word in one piece.
const rounds = 10

// newest fills r with the hits from the newest on.
func (x *Index) newest(ctx context.Context, tx *db.Tx, q Query, words []word, e expression, r *Result) error {
	from, to := q.rows()
	if q.After != "" {
		n, err := strconv.ParseInt(q.After, 36, 64)
		if err != nil {
			return ErrEmpty
		}
		to = min(to, n-1)
	}
	for range rounds {
		found, err := findRows(tx, e, from, to, q.Limit+1)
		if err != nil {
			return err
		}
		for i, f := range found {
			if len(r.Hits) == q.Limit {
				r.Next = strconv.FormatInt(found[i].row+1, 36)
				return nil
			}
			if i%q.Limit == 0 {
				if err := x.load(ctx, found[i:min(len(found), i+q.Limit)]); err != nil {
					return err
				}
			}
			r.take(f, words)
		}
		if len(found) <= q.Limit {
			return nil
		}
		to = found[len(found)-1].row - 1
	}
	r.Next = strconv.FormatInt(to+1, 36)
	return nil
}

// ranked fills r with those of the newest hits whose titles fit best.
func (x *Index) ranked(ctx context.Context, tx *db.Tx, q Query, words []word, e expression, r *Result) error {
	skip := 0
	if q.After != "" {
		n, err := strconv.Atoi(q.After)
		if err != nil || n < 0 {
			return ErrEmpty
		}
		skip = n
	}
	from, to := q.rows()
	found, err := findRows(tx, e, from, to, mostRanked)
	if err != nil {
		return err
	}
	slices.SortStableFunc(found, func(a, b *row) int { return score(b.title, words) - score(a.title, words) })
	for skip < len(found) && len(r.Hits) < q.Limit {
		some := found[skip:min(len(found), skip+q.Limit)]
		if err := x.load(ctx, some); err != nil {
			return err
		}
		for _, f := range some {
			if len(r.Hits) < q.Limit {
				r.take(f, words)
				skip++
			}
		}
	}
	if skip < len(found) {
		r.Next = strconv.Itoa(skip)
	}
	return nil
}

// load fetches the texts of rows from the main database. One that is there no longer stays
// without text and is passed over.
func (x *Index) load(ctx context.Context, rows []*row) error {
	ids := make([]string, len(rows))
	for i, f := range rows {
		ids[i] = f.id
	}
	return x.main.View(ctx, func(tx *db.Tx) error {
		docs, err := x.source.Documents(tx, ids)
		if err != nil {
			return err
		}
		byID := map[string]*Document{}
		for i := range docs {
			byID[docs[i].ID] = &docs[i]
		}
		for _, f := range rows {
			f.doc = byID[f.id]
		}
		return nil
	})
}

// take adds a row to the hits, unless its text does not hold the words.
func (r *Result) take(f *row, words []word) {
	if f.doc == nil || !holds(f.doc, words) {
		return
	}
	h := Hit{Document: *f.doc, TitleIn: spans(f.doc.Title, words, 0), Excerpt: spans(f.doc.Body, words, excerptLength)}
	h.Body = ""
	r.Hits = append(r.Hits, h)
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
