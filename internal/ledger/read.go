package ledger

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/ledger/proof"
)

// Mark is the log's last word on an item, as the item's page shows it.
type Mark struct {
	Seq    int64 // of the entry, from 0
	Act    proof.Act
	At     time.Time
	Item   string
	Index  string // the item's index number
	Record string // SHA-256 of record.json
}

func (e *entry) mark() (*Mark, error) {
	said, err := proof.ParseEntry([]byte(e.Text))
	return &Mark{Seq: e.Seq, Act: e.Act, At: e.At, Item: e.Item, Index: said.IndexNo, Record: e.Record}, err
}

// Mark returns the log's last word on an item, or ErrNone.
func (l *Log) Mark(ctx context.Context, item string) (m *Mark, err error) {
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		e, err := latest(tx, item)
		if err != nil {
			return err
		}
		m, err = e.mark()
		return err
	})
	return m, err
}

// Numbered returns the log's last word on the item with an index number, or ErrNone.
func (l *Log) Numbered(ctx context.Context, reader *disclosure.Reader, indexNo string) (*Mark, error) {
	leaf, err := reader.Numbered(ctx, indexNo)
	if err != nil {
		return nil, err
	}
	return l.Mark(ctx, leaf.Item.ID)
}

// Digested returns the entry that names a record of an item by its digest, and whether it is the
// log's last word on the item; ErrNone when no entry does.
func (l *Log) Digested(ctx context.Context, item, digest string) (m *Mark, last bool, err error) {
	all, err := l.Of(ctx, item)
	if err != nil {
		return nil, false, err
	}
	for i, one := range all {
		if one.Record == digest {
			return one, i == 0, nil
		}
	}
	return nil, false, ErrNone
}

// MostRecent bounds how many entries a page lists.
const MostRecent = 100

// Recent lists the newest entries before one, the newest first; before 0 means the end.
func (l *Log) Recent(ctx context.Context, before int64, n int) (all []*Mark, err error) {
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		entries, err := recent(tx, before, min(n, MostRecent))
		all = nil
		for _, e := range entries {
			m, err := e.mark()
			if err != nil {
				return err
			}
			all = append(all, m)
		}
		return err
	})
	return all, err
}

// Of lists what the log says of an item, the newest first.
func (l *Log) Of(ctx context.Context, item string) (all []*Mark, err error) {
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		entries, err := entriesOf(tx, item)
		all = nil
		for _, e := range entries {
			m, err := e.mark()
			if err != nil {
				return err
			}
			all = append(all, m)
		}
		return err
	})
	return all, err
}

// Proof returns the proof of the log's last word on an item, or ErrNone.
func (l *Log) Proof(ctx context.Context, item string) (d *proof.Document, err error) {
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		e, err := latest(tx, item)
		if err != nil {
			return err
		}
		h, err := headOf(tx)
		if err != nil {
			return err
		}
		d = &proof.Document{Origin: h.Origin, Index: e.Seq, Entry: e.Text, Checkpoint: h.Checkpoint}
		if d.Keys, err = publicKeys(tx); err != nil {
			return err
		}
		d.Path, err = tlog.ProveRecord(h.Size, e.Seq, tiles(tx))
		return err
	})
	return d, err
}

// Consistency proves that the log of a size grew into the present one.
func (l *Log) Consistency(ctx context.Context, size int64) (p tlog.TreeProof, err error) {
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		h, err := headOf(tx)
		if err != nil {
			return err
		}
		if size < 1 || size > h.Size {
			return ErrNone
		}
		p, err = tlog.ProveTree(h.Size, size, tiles(tx))
		return err
	})
	return p, err
}

func tiles(tx *db.Tx) tlog.HashReader {
	return proof.Reader(func(level int, n int64) ([]byte, error) { return tileOf(tx, level, n) })
}

// Tile returns a tile of hashes or a bundle of entries, or ErrNone. What a tile says never changes;
// one not yet full is asked for by how far it is.
func (l *Log) Tile(ctx context.Context, t proof.Tile) (data []byte, err error) {
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		if t.Level == proof.Entries {
			data, err = bundle(tx, t)
			return err
		}
		data, err = tileOf(tx, t.Level, t.N)
		if err == nil && len(data) < t.W*tlog.HashSize {
			return ErrNone
		}
		if err == nil {
			data = data[:t.W*tlog.HashSize]
		}
		return err
	})
	return data, err
}

func bundle(tx *db.Tx, t proof.Tile) ([]byte, error) {
	all, err := textsFrom(tx, t.N*proof.Width, t.W)
	if err != nil {
		return nil, err
	}
	if len(all) < t.W {
		return nil, ErrNone
	}
	return proof.Bundle(all), nil
}

// Record returns record.json of a public item: what its shown edition says, with the salt the log's
// digest is of. What is not public has none.
func (l *Log) Record(ctx context.Context, reader *disclosure.Reader, item string) ([]byte, error) {
	leaf, err := reader.Item(ctx, item)
	if err != nil {
		return nil, err
	}
	if leaf.Edition == nil {
		return nil, ErrNone
	}
	var r proof.Record
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		h, err := headOf(tx)
		if err != nil {
			return err
		}
		e, err := latestEdition(tx, item, leaf.Edition.ID)
		if err != nil {
			return err
		}
		r, err = recordOf(tx, &disclosure.Shown{Item: *leaf.Item, Edition: *leaf.Edition}, h.Origin, e.Salt)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r.JSON(), nil
}
