package ledger

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"gongkai/internal/db"
	"gongkai/internal/ledger/proof"
)

// head is the log's one row.
type head struct {
	Origin     string
	Size       int64
	Checkpoint string
	At         time.Time
}

func (h *head) columns() db.Columns {
	return db.Columns{db.Col("origin", &h.Origin), db.Col("size", &h.Size), db.Col("checkpoint", &h.Checkpoint), db.Col("at", &h.At)}
}

func headOf(tx *db.Tx) (*head, error) {
	return db.Get(tx, (*head).columns, "ledger_head WHERE id = 'head'")
}

// lockHead makes other acts that append wait until this transaction ends.
func lockHead(tx *db.Tx) (*head, error) {
	h := &head{}
	err := tx.One(h.columns().Pointers(), "UPDATE ledger_head SET size = size WHERE id = 'head' RETURNING "+h.columns().Names())
	return h, err
}

func (h *head) save(tx *db.Tx) error {
	_, err := tx.Exec("UPDATE ledger_head SET origin = $1, size = $2, checkpoint = $3, at = $4 WHERE id = 'head'", h.Origin, h.Size, h.Checkpoint, h.At)
	return err
}

func (k *key) columns() db.Columns {
	return db.Columns{
		db.Col("id", &k.ID), db.Col("public", &k.Public), db.Col("sealed", &k.Sealed), db.Col("made_at", &k.MadeAt), db.Col("retired_at", &k.RetiredAt),
	}
}

func (k *key) insert(tx *db.Tx) error { return tx.Insert("ledger_key", k.columns()) }

func (k *key) retire(tx *db.Tx) error {
	_, err := tx.Exec("UPDATE ledger_key SET retired_at = $1 WHERE id = $2", tx.Now, k.ID)
	return err
}

func keysInUse(tx *db.Tx) ([]*key, error) {
	return db.Select(tx, (*key).columns, "ledger_key WHERE retired_at IS NULL ORDER BY id DESC")
}

// dropKeys takes away the keys of a log that never had an entry and is named anew.
func dropKeys(tx *db.Tx) error {
	_, err := tx.Exec("DELETE FROM ledger_key")
	return err
}

func (e *entry) columns() db.Columns {
	return db.Columns{
		db.Col("seq", &e.Seq), db.Col("item", &e.Item), db.Col("edition", &e.Edition), db.Col("act", &e.Act), db.Col("at", &e.At),
		db.Col("record", &e.Record), db.Col("salt", &e.Salt), db.Col("text", &e.Text),
	}
}

// rowsAtOnce is how many entries one statement writes.
const rowsAtOnce = 50

// insertEntries writes many entries with few statements.
func insertEntries(tx *db.Tx, all []*entry) error {
	names := (&entry{}).columns().Names()
	for len(all) > 0 {
		n := min(len(all), rowsAtOnce)
		var rows []string
		var args []any
		for _, e := range all[:n] {
			var marks []string
			for _, v := range []any{e.Seq, e.Item, e.Edition, string(e.Act), e.At, e.Record, e.Salt, e.Text} {
				args = append(args, v)
				marks = append(marks, "$"+strconv.Itoa(len(args)))
			}
			rows = append(rows, "("+strings.Join(marks, ", ")+")")
		}
		if _, err := tx.Exec("INSERT INTO ledger_entry ("+names+") VALUES "+strings.Join(rows, ", "), args...); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// lastOf returns the newest entry of each item that has one.
func lastOf(tx *db.Tx, items []string) (map[string]*entry, error) {
	list, args := db.In(0, items)
	all, err := db.Select(tx, (*entry).columns,
		"ledger_entry WHERE seq IN (SELECT max(seq) FROM ledger_entry WHERE item IN "+list+" GROUP BY item)", args...)
	last := map[string]*entry{}
	for _, e := range all {
		last[e.Item] = e
	}
	return last, err
}

func latest(tx *db.Tx, item string) (*entry, error) {
	return found(db.Get(tx, (*entry).columns, "ledger_entry WHERE item = $1 ORDER BY seq DESC LIMIT 1", item))
}

func latestEdition(tx *db.Tx, item, edition string) (*entry, error) {
	return found(db.Get(tx, (*entry).columns, "ledger_entry WHERE item = $1 AND edition = $2 ORDER BY seq DESC LIMIT 1", item, edition))
}

func entriesOf(tx *db.Tx, item string) ([]*entry, error) {
	return db.Select(tx, (*entry).columns, "ledger_entry WHERE item = $1 ORDER BY seq DESC", item)
}

func recent(tx *db.Tx, before int64, n int) ([]*entry, error) {
	if before <= 0 {
		before = 1<<62 - 1
	}
	return db.Select(tx, (*entry).columns, "ledger_entry WHERE seq < $1 ORDER BY seq DESC LIMIT $2", before, n)
}

func textsFrom(tx *db.Tx, first int64, n int) (all [][]byte, err error) {
	err = tx.Each("SELECT text FROM ledger_entry WHERE seq >= $1 AND seq < $2 ORDER BY seq", func(scan func(...any) error) error {
		var text string
		err := scan(&text)
		all = append(all, []byte(text))
		return err
	}, first, first+int64(n))
	return all, err
}

func tileOf(tx *db.Tx, level int, n int64) (hashes []byte, err error) {
	err = tx.One([]any{&hashes}, "SELECT hashes FROM ledger_tile WHERE level = $1 AND n = $2", level, n)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return hashes, err
}

func putTile(tx *db.Tx, level int, n int64, hashes []byte) error {
	_, err := tx.Exec(`INSERT INTO ledger_tile (level, n, hashes) VALUES ($1, $2, $3)
		ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes`, level, n, hashes)
	return err
}

// edgeOf loads the tiles that are not yet full of a log of a size.
func edgeOf(tx *db.Tx, size int64) (*proof.Edge, error) {
	e := &proof.Edge{Size: size}
	for level, have := 0, size; have > 0; level, have = level+1, have>>proof.Height {
		var hashes []byte
		if w := int(have % proof.Width); w > 0 {
			all, err := tileOf(tx, level, have>>proof.Height)
			if err != nil {
				return nil, err
			}
			if len(all) < w*tlog.HashSize {
				return nil, proof.ErrTile
			}
			hashes = all[: w*tlog.HashSize : w*tlog.HashSize]
		}
		e.Levels = append(e.Levels, hashes)
	}
	return e, nil
}

// putEdge writes the tiles that are not yet full.
func putEdge(tx *db.Tx, e *proof.Edge) error {
	for level, hashes := range e.Levels {
		if len(hashes) == 0 {
			continue
		}
		if err := putTile(tx, level, e.Size>>(proof.Height*(level+1)), hashes); err != nil {
			return err
		}
	}
	return nil
}

// unknownItems is what the log does not know of what is public.
const unknownItems = ` FROM item i WHERE i.status IN ('live', 'archived')
	AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.item = i.id)`

func unknown(tx *db.Tx, after string, n int) (items []string, err error) {
	err = tx.Each("SELECT i.id"+unknownItems+" AND i.id > $1 ORDER BY i.id LIMIT $2", func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		items = append(items, id)
		return err
	}, after, n)
	return items, err
}

func waiting(tx *db.Tx) (int, error) { return tx.Count("SELECT count(*)" + unknownItems) }

// eachEntry calls row for every entry, the first first, one in memory at a time.
func eachEntry(tx *db.Tx, row func(e *entry) error) error {
	return tx.Each("SELECT "+(&entry{}).columns().Names()+" FROM ledger_entry ORDER BY seq", func(scan func(...any) error) error {
		e := &entry{}
		if err := scan(e.columns().Pointers()...); err != nil {
			return err
		}
		return row(e)
	})
}

// shownAfter lists items that were ever public.
func shownAfter(tx *db.Tx, after string, n int) (items []string, err error) {
	err = tx.Each("SELECT id FROM item WHERE shown <> '' AND id > $1 ORDER BY id LIMIT $2", func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		items = append(items, id)
		return err
	}, after, n)
	return items, err
}
