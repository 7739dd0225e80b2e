package search

import (
	"context"
	"errors"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

// version is of the tables below and of how texts are folded. An index of another one is
// made anew.
const version = 1

// unfinished is the cursor of an index that has not seen all documents yet.
const unfinished = -1

// The tables of the index file, which is always SQLite. text holds nothing but which tokens
// occur in which row; doc tells which document a row is of. A document that changes gets a
// new row; what text knows of the old one is passed over, because doc no longer lists it.
var tables = []string{
	`CREATE TABLE meta (key TEXT PRIMARY KEY, n BIGINT NOT NULL)`,
	`CREATE TABLE doc (row INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL)`,
	`CREATE UNIQUE INDEX doc_id ON doc (id) WHERE id <> ''`,
	`CREATE TABLE mark (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (kind, key))`,
	`CREATE VIRTUAL TABLE text USING fts5(tokens, content='', columnsize=0, detail=none, tokenize='ascii')`,
	// Larger pages than usual make feeding a fifth quicker. A larger hash table does not.
	`INSERT INTO text (text, rank) VALUES ('pgsz', 16000)`,
	`INSERT INTO meta (key, n) VALUES ('version', 1), ('cursor', -1)`,
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
		for _, id := range ids {
			if _, err := tx.Exec("UPDATE doc SET id = '', title = '' WHERE id = $1 AND id <> ''", id); err != nil {
				return err
			}
		}
		p := putter{tx: tx, next: map[date.Date]int64{}, marks: map[[2]string]string{}, text: newTokenText()}
		for i := range docs {
			if err := p.put(&docs[i]); err != nil {
				return err
			}
		}
		_, err := tx.Exec("UPDATE meta SET n = $1 WHERE key = 'cursor'", at)
		return err
	})
}

// putter puts documents in within one transaction.
type putter struct {
	tx    *db.Tx
	next  map[date.Date]int64 // the next free row of a day
	marks map[[2]string]string
	text  *tokenText
}

func (p *putter) put(d *Document) error {
	row, err := p.row(d.At)
	if err != nil {
		return err
	}
	marks, err := p.marksFor(d)
	if err != nil {
		return err
	}
	if _, err := p.tx.Exec("INSERT INTO doc (row, id, title) VALUES ($1, $2, $3)", row, d.ID, d.Title); err != nil {
		return err
	}
	_, err = p.tx.Exec("INSERT INTO text (rowid, tokens) VALUES ($1, $2)", row, p.text.of(marks, d.Title, d.Body))
	return err
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

func (p *putter) marksFor(d *Document) (all []string, err error) {
	add := func(kind, key string) {
		if err != nil || key == "" {
			return
		}
		var m string
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
func (p *putter) mark(kind, key string) (string, error) {
	if m, known := p.marks[[2]string{kind, key}]; known {
		return m, nil
	}
	var n int64
	err := p.tx.One([]any{&n}, "SELECT n FROM mark WHERE kind = $1 AND key = $2", kind, key)
	if errors.Is(err, db.ErrNone) {
		if err = p.tx.One([]any{&n}, "SELECT coalesce(max(n), 0) + 1 FROM mark"); err != nil {
			return "", err
		}
		_, err = p.tx.Exec("INSERT INTO mark (kind, key, n) VALUES ($1, $2, $3)", kind, key, n)
	}
	if err != nil {
		return "", err
	}
	p.marks[[2]string{kind, key}] = mark(n)
	return mark(n), nil
}

// marksOf returns the tokens of the keys that any document ever bore.
func marksOf(tx *db.Tx, kind string, keys []string) (all []string, err error) {
	marks, args := db.In(1, keys)
	err = tx.Each("SELECT n FROM mark WHERE kind = $1 AND key IN "+marks+" ORDER BY n",
		func(scan func(...any) error) error {
			var n int64
			if err := scan(&n); err != nil {
				return err
			}
			all = append(all, mark(n))
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

// findRows returns the newest rows between two that fit an expression. The join is written so
// that the index leads: it reads rows from the newest on and stops at the limit.
func findRows(tx *db.Tx, text string, from, to int64, limit int) (all []*row, err error) {
	err = tx.Each(`SELECT doc.row, doc.id, doc.title FROM text CROSS JOIN doc ON doc.row = text.rowid
		WHERE text MATCH $1 AND text.rowid >= $2 AND text.rowid <= $3 AND doc.id <> ''
		ORDER BY text.rowid DESC LIMIT $4`,
		func(scan func(...any) error) error {
			var r row
			if err := scan(&r.row, &r.id, &r.title); err != nil {
				return err
			}
			all = append(all, &r)
			return nil
		}, text, from, to, limit)
	return all, err
}

func countRows(tx *db.Tx, text string, from, to int64, limit int) (int, error) {
	return tx.Count(`SELECT count(*) FROM (SELECT 1 FROM text CROSS JOIN doc ON doc.row = text.rowid
		WHERE text MATCH $1 AND text.rowid >= $2 AND text.rowid <= $3 AND doc.id <> ''
		ORDER BY text.rowid DESC LIMIT $4)`, text, from, to, limit)
}
