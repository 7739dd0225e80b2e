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

// version is of the tables below, of how texts are folded and of how impacts are reckoned. An
// index of another one is made anew.
const version = 4

// unfinished is the cursor of an index that has not seen all documents yet.
const unfinished = -1

// The tables of the index file, which is always SQLite. doc tells which document a row is of; a
// document that changes gets a new row, and what the segments know of the old one is passed
// over, because doc no longer lists it. segment and block are described in segment.go.
var tables = []string{
	`CREATE TABLE meta (key TEXT PRIMARY KEY, n BIGINT NOT NULL)`,
	`CREATE TABLE doc (row INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, sketch BLOB NOT NULL,
		level INTEGER NOT NULL, names BLOB NOT NULL)`,
	`CREATE UNIQUE INDEX doc_id ON doc (id) WHERE id <> ''`,
	`CREATE INDEX doc_dead ON doc (row) WHERE id = ''`,
	`CREATE TABLE mark (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (kind, key))`,
	`CREATE TABLE segment (id INTEGER PRIMARY KEY, blocks BLOB NOT NULL, rows BLOB NOT NULL, marks BLOB NOT NULL,
		chars BLOB NOT NULL)`,
	`CREATE TABLE block (id INTEGER PRIMARY KEY, data BLOB NOT NULL)`,
	`INSERT INTO meta (key, n) VALUES ('version', 4), ('cursor', -1), ('segment', 0)`,
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

// setCursor notes which line of the log of changes the index has taken in last.
func setCursor(tx *db.Tx, at int64) error {
	_, err := tx.Exec("UPDATE meta SET n = $1 WHERE key = 'cursor'", at)
	return err
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

// strike forgets which rows documents have, and returns them.
func strike(tx *db.Tx, ids []string) (rows []int64, err error) {
	for some := range slices.Chunk(ids, 500) {
		list, args := db.In(0, some)
		err := tx.Each("SELECT row FROM doc WHERE id <> '' AND id IN "+list+" ORDER BY row", func(scan func(...any) error) error {
			var n int64
			err := scan(&n)
			rows = append(rows, n)
			return err
		}, args...)
		if err != nil {
			return nil, err
		}
	}
	for _, n := range rows {
		if _, err := tx.Exec("UPDATE doc SET id = '', title = '', sketch = '', names = '' WHERE row = $1", n); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// deadRows returns the rows whose documents changed since.
func deadRows(tx *db.Tx) (rows []int64, err error) {
	err = tx.Each("SELECT row FROM doc WHERE id = '' ORDER BY row", func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		rows = append(rows, n)
		return err
	})
	return rows, err
}

// putter puts documents in within one transaction.
type putter struct {
	tx    *db.Tx
	next  map[date.Date]int64 // the next free row of a day
	known *marks
	fresh []mark // marks that were new
	newly map[mark]uint32
}

// put makes one segment of documents.
func (p *putter) put(docs []Document) (*segment, error) {
	if len(docs) == 0 {
		return nil, nil
	}
	all := make([]numbered, len(docs))
	for i := range docs {
		n, err := p.row(docs[i].At)
		if err != nil {
			return nil, err
		}
		all[i] = numbered{n, &docs[i]}
	}
	slices.SortFunc(all, func(a, b numbered) int { return cmp.Compare(a.row, b.row) })
	v := newInverter(len(all))
	for _, one := range all {
		marks, err := p.marksFor(one.doc)
		if err != nil {
			return nil, err
		}
		s := one.doc.authority()
		sketch := v.add(one.row, marks, one.doc, s)
		_, err = p.tx.Exec("INSERT INTO doc (row, id, title, sketch, level, names) VALUES ($1, $2, $3, $4, $5, $6)",
			one.row, one.doc.ID, one.doc.Title, sketch, s.level, packNames(s.names))
		if err != nil {
			return nil, err
		}
	}
	return v.write(p.tx)
}

// numbered is a document with its row.
type numbered struct {
	row int64
	doc *Document
}

// row returns the next free row of a document's day. Rows once used are never used again
// while a segment has them.
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

// marksFor returns the numbers of a document's marks, each once, ascending.
func (p *putter) marksFor(d *Document) (all []uint32, err error) {
	for _, m := range d.marks() {
		n, known := p.known.number[m]
		if !known {
			if n, known = p.newly[m]; !known {
				n = uint32(len(p.known.all) + len(p.fresh))
				p.fresh, p.newly[m] = append(p.fresh, m), n
				if _, err := p.tx.Exec("INSERT INTO mark (n, kind, key) VALUES ($1, $2, $3)", int64(n), string(m.kind), m.key); err != nil {
					return nil, err
				}
			}
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func readMarks(tx *db.Tx) (*marks, error) {
	m := &marks{number: map[mark]uint32{}}
	err := tx.Each("SELECT kind, key FROM mark ORDER BY n", func(scan func(...any) error) error {
		var kind, key string
		err := scan(&kind, &key)
		m.add(mark{Facet(kind), key})
		return err
	})
	return m, err
}

// row is a document of the index.
type row struct {
	row    int64
	id     string
	title  string
	sketch []byte
	authority
	doc *Document
}

// docsOf returns which documents rows are of, without those of none.
func docsOf(tx *db.Tx, rows []int64) (map[int64]*row, error) {
	all := make(map[int64]*row, len(rows))
	for some := range slices.Chunk(rows, 500) {
		list, args := db.In(0, some)
		err := tx.Each("SELECT row, id, title, sketch, level, names FROM doc WHERE id <> '' AND row IN "+list,
			func(scan func(...any) error) error {
				r := &row{}
				var names []byte
				err := scan(&r.row, &r.id, &r.title, &r.sketch, &r.level, &names)
				r.names = readNames(names)
				all[r.row] = r
				return err
			}, args...)
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
