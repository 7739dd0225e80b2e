package search

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

// version is of the tables below and of how texts are folded. An index of another one is
// made anew.
const version = 2

// unfinished is the cursor of an index that has not seen all documents yet.
const unfinished = -1

// The tables of the index file, which is always SQLite. doc tells which document a row is of; a
// document that changes gets a new row, and what the segments know of the old one is passed
// over, because doc no longer lists it. segment and block are described in segment.go.
var tables = []string{
	`CREATE TABLE meta (key TEXT PRIMARY KEY, n BIGINT NOT NULL)`,
	`CREATE TABLE doc (row INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL)`,
	`CREATE UNIQUE INDEX doc_id ON doc (id) WHERE id <> ''`,
	`CREATE TABLE mark (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (kind, key))`,
	`CREATE TABLE segment (id INTEGER PRIMARY KEY, docs BIGINT NOT NULL, low BIGINT NOT NULL, high BIGINT NOT NULL)`,
	`CREATE TABLE block (segment BIGINT NOT NULL, token BIGINT NOT NULL, row BIGINT NOT NULL, data BLOB NOT NULL,
		PRIMARY KEY (segment, token, row))`,
	`INSERT INTO meta (key, n) VALUES ('version', 2), ('cursor', -1)`,
}

// errVersion says that an index is of another version.
var errVersion = errors.New("the text index is of another version")

// ready makes the tables of a new file, and refuses a file with others.
func ready(ctx context.Context, file *db.DB) error {
	return file.Update(ctx, func(tx *db.Tx) error {
		n, err := tx.Count("SELECT count(*) FROM sqlite_schema")
		if err != nil {
			return err
		}
		if n > 0 {
			v, err := meta(tx, "version")
			if err == nil && v != version {
				err = errVersion
			}
			return err
		}
		for _, t := range tables {
			if _, err := tx.Exec(t); err != nil {
				return err
			}
		}
		return nil
	})
}

func meta(tx *db.Tx, key string) (n int64, err error) {
	err = tx.One([]any{&n}, "SELECT n FROM meta WHERE key = $1", key)
	return n, err
}

func cursor(ctx context.Context, file *db.DB) (at int64, err error) {
	err = file.View(ctx, func(tx *db.Tx) (err error) { at, err = meta(tx, "cursor"); return err })
	return at, err
}

// oldest returns the first number the log still has, 0 if it is empty.
func oldest(tx *db.Tx) (n int64, err error) {
	err = tx.One([]any{&n}, "SELECT coalesce(min(seq), 0) FROM search_change")
	return n, err
}

func head(tx *db.Tx) (n int64, err error) {
	err = tx.One([]any{&n}, "SELECT seq FROM search_head WHERE id = 'head'")
	return n, err
}

// changes returns up to n documents changed after a number of the log, each once, and the
// number of the last change.
func changes(tx *db.Tx, after int64, n int) (ids []string, last int64, err error) {
	seen := map[string]bool{}
	err = tx.Each("SELECT seq, id FROM search_change WHERE seq > $1 ORDER BY seq LIMIT $2",
		func(scan func(...any) error) error {
			var id string
			if err := scan(&last, &id); err != nil {
				return err
			}
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
			return nil
		}, after, n)
	return ids, last, err
}

// Trim cuts the log to its newest entries, keep of them. Indexes that are further behind are
// made anew.
func Trim(tx *db.Tx, keep int64) error {
	_, err := tx.Exec("DELETE FROM search_change WHERE seq <= (SELECT seq FROM search_head WHERE id = 'head') - $1", keep)
	return err
}

// put takes the given documents out of the index and puts those that exist in again, with the
// place in the log that this brings the index to.
func put(ctx context.Context, file *db.DB, ids []string, docs []Document, at int64) error {
	return file.Update(ctx, func(tx *db.Tx) error {
		if err := strike(tx, ids); err != nil {
			return err
		}
		p := putter{tx: tx, next: map[date.Date]int64{}, marks: map[[2]string]token{}}
		if err := p.put(docs); err != nil {
			return err
		}
		_, err := tx.Exec("UPDATE meta SET n = $1 WHERE key = 'cursor'", at)
		return err
	})
}

// strike forgets which rows documents have.
func strike(tx *db.Tx, ids []string) error {
	for some := range slices.Chunk(ids, 500) {
		list, args := db.In(0, some)
		var rows []int64
		err := tx.Each("SELECT row FROM doc WHERE id <> '' AND id IN "+list+" ORDER BY row", func(scan func(...any) error) error {
			var n int64
			err := scan(&n)
			rows = append(rows, n)
			return err
		}, args...)
		if err != nil {
			return err
		}
		for _, n := range rows {
			if _, err := tx.Exec("UPDATE doc SET id = '', title = '' WHERE row = $1", n); err != nil {
				return err
			}
		}
	}
	return nil
}

// putter puts documents in within one transaction.
type putter struct {
	tx    *db.Tx
	next  map[date.Date]int64 // the next free row of a day
	marks map[[2]string]token
}

// put makes one segment of documents.
func (p *putter) put(docs []Document) error {
	if len(docs) == 0 {
		return nil
	}
	all := make([]numbered, len(docs))
	for i := range docs {
		n, err := p.row(docs[i].At)
		if err != nil {
			return err
		}
		all[i] = numbered{n, &docs[i]}
	}
	slices.SortFunc(all, func(a, b numbered) int { return cmp.Compare(a.row, b.row) })
	v := newInverter(len(all))
	for _, one := range all {
		marks, err := p.marksFor(one.doc)
		if err != nil {
			return err
		}
		if _, err := p.tx.Exec("INSERT INTO doc (row, id, title) VALUES ($1, $2, $3)", one.row, one.doc.ID, one.doc.Title); err != nil {
			return err
		}
		v.add(one.row, marks, one.doc.Title, one.doc.Body)
	}
	return v.write(p.tx)
}

// numbered is a document with its row.
type numbered struct {
	row int64
	doc *Document
}

// row returns the next free row of a document's day. Rows once used are never used again.
func (p *putter) row(at time.Time) (int64, error) {
	var day date.Date
	if !at.IsZero() {
		day = date.Of(at.In(date.China))
	}
	next, known := p.next[day]
	if !known {
		first := rowOf(day)
		err := p.tx.One([]any{&next}, "SELECT coalesce(max(row), $1) + 1 FROM doc WHERE row >= $1 AND row < $2",
			first, first+1<<20)
		if err != nil {
			return 0, err
		}
	}
	p.next[day] = next + 1
	return next, nil
}

func (p *putter) marksFor(d *Document) (all []token, err error) {
	add := func(kind, key string) {
		if err != nil || key == "" {
			return
		}
		var m token
		if m, err = p.mark(kind, key); err == nil {
			all = append(all, m)
		}
	}
	add("a", d.Agency)
	add("t", d.State)
	for _, s := range d.Sections {
		add("s", s)
	}
	return all, err
}

// mark returns the token that stands for a key of a filter, a new one for a new key.
func (p *putter) mark(kind, key string) (token, error) {
	if m, known := p.marks[[2]string{kind, key}]; known {
		return m, nil
	}
	var n int64
	err := p.tx.One([]any{&n}, "SELECT n FROM mark WHERE kind = $1 AND key = $2", kind, key)
	if errors.Is(err, db.ErrNone) {
		if err = p.tx.One([]any{&n}, "SELECT coalesce(max(n), 0) + 1 FROM mark"); err != nil {
			return 0, err
		}
		_, err = p.tx.Exec("INSERT INTO mark (kind, key, n) VALUES ($1, $2, $3)", kind, key, n)
	}
	if err != nil {
		return 0, err
	}
	p.marks[[2]string{kind, key}] = markBit | token(n)
	return markBit | token(n), nil
}

// marksOf returns the tokens of the keys that any document ever bore.
func marksOf(tx *db.Tx, kind string, keys []string) (all []token, err error) {
	marks, args := db.In(1, keys)
	err = tx.Each("SELECT n FROM mark WHERE kind = $1 AND key IN "+marks+" ORDER BY n",
		func(scan func(...any) error) error {
			var n int64
			if err := scan(&n); err != nil {
				return err
			}
			all = append(all, markBit|token(n))
			return nil
		}, append([]any{kind}, args...)...)
	return all, err
}

// row is a document of the index.
type row struct {
	row   int64
	id    string
	title string
	doc   *Document
}

// findRows returns the newest rows between two that fit an expression, at most limit.
func findRows(tx *db.Tx, e expression, from, to int64, limit int) (all []*row, err error) {
	w, err := newWalk(tx, e, from, to)
	if err != nil {
		return nil, err
	}
	for len(all) < limit && err == nil {
		var rows []int64
		if rows, err = w.next(limit - len(all)); len(rows) == 0 {
			return all, err
		}
		var some []*row
		some, err = docsOf(tx, rows)
		all = append(all, some...)
	}
	return all, err
}

// countRows counts what findRows would find.
func countRows(tx *db.Tx, e expression, from, to int64, limit int) (n int, err error) {
	w, err := newWalk(tx, e, from, to)
	for n < limit && err == nil {
		var rows []int64
		if rows, err = w.next(limit - n); len(rows) == 0 {
			return n, err
		}
		marks, args := db.In(0, rows)
		var some int
		some, err = tx.Count("SELECT count(*) FROM doc WHERE id <> '' AND row IN "+marks, args...)
		n += some
	}
	return n, err
}

// docsOf returns which documents rows are of, the newest first, without those of none.
func docsOf(tx *db.Tx, rows []int64) (all []*row, err error) {
	marks, args := db.In(0, rows)
	err = tx.Each("SELECT row, id, title FROM doc WHERE id <> '' AND row IN "+marks+" ORDER BY row DESC",
		func(scan func(...any) error) error {
			var r row
			if err := scan(&r.row, &r.id, &r.title); err != nil {
				return err
			}
			all = append(all, &r)
			return nil
		}, args...)
	return all, err
}
