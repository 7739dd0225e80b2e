// Package synonym keeps the words that find each other in searches (同义词): who looks for 低保
// finds what speaks of 最低生活保障. A list of well-known ones comes with the product; the operator
// writes further ones and may leave the product's out. Every process uses a change at once.
package synonym

import (
	"context"
	_ "embed"
	"sync/atomic"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/search"
)

// The faults of lists. Those of lines name the line.
var (
	ErrStale  = &fault.Error{Kind: fault.Conflict, Code: "synonym.stale"}
	ErrLong   = &fault.Error{Kind: fault.TooLarge, Code: "synonym.long", Field: "text"}
	ErrLines  = &fault.Error{Kind: fault.Invalid, Code: "synonym.lines", Field: "text"}
	ErrAlone  = &fault.Error{Kind: fault.Invalid, Code: "synonym.alone", Field: "text"}
	ErrWords  = &fault.Error{Kind: fault.Invalid, Code: "synonym.words", Field: "text"}
	ErrLength = &fault.Error{Kind: fault.Invalid, Code: "synonym.length", Field: "text"}
	ErrSign   = &fault.Error{Kind: fault.Invalid, Code: "synonym.sign", Field: "text"}
	ErrTwice  = &fault.Error{Kind: fault.Invalid, Code: "synonym.twice", Field: "text"}
	// ErrBoth says that two lines have the same word: which of the others it means is open.
	ErrBoth = &fault.Error{Kind: fault.Invalid, Code: "synonym.both", Field: "text"}
)

// Start is the list that comes with the product.
//
//go:embed start.txt
var Start string

// List is the operator's list.
type List struct {
	Text    string
	OwnOnly bool // the product's list counts no longer
	Version int64
	Changed time.Time
	Groups  int // that searches use now, the product's among them
}

// Desk keeps the list. DB is set before its first use.
type Desk struct {
	DB *db.DB

	now atomic.Pointer[ready]
}

// ready is the groups as searches use them.
type ready struct {
	version int64
	groups  []search.Group
}

// Get returns the operator's list.
func (d *Desk) Get(ctx context.Context, by actor.Actor) (*List, error) {
	if err := by.May(actor.SynonymsChange, actor.Scope{}); err != nil {
		return nil, err
	}
	var r *row
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		r, err = load(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &List{Text: r.Text, OwnOnly: r.OwnOnly, Version: r.Version, Changed: r.ChangedAt, Groups: len(r.groups())}, nil
}

// groups are those a list makes searches use.
func (r *row) groups() []search.Group {
	lines, _ := read(r.Text)
	if r.OwnOnly {
		return join(lines, nil)
	}
	return join(lines, started())
}

// Save keeps the operator's list, or returns everything that is wrong with it. version is that
// of the text it was made from, 0 for none.
func (d *Desk) Save(ctx context.Context, by actor.Actor, text string, ownOnly bool, version int64) ([]*fault.Error, error) {
	if err := by.May(actor.SynonymsChange, actor.Scope{}); err != nil {
		return nil, err
	}
	if len(text) > Longest {
		return nil, ErrLong.With("most", Longest>>10)
	}
	lines, wrong := read(text)
	if len(wrong) > 0 {
		return wrong, nil
	}
	r := &row{ID: own, Text: tidy(text), OwnOnly: ownOnly, ChangedBy: by.ID}
	err := d.DB.Update(ctx, func(tx *db.Tx) error {
		r.ChangedAt, r.Version = tx.Now, version
		if err := r.save(tx); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Act: actor.SynonymsChange, Subject: "synonym_list", ID: own, Version: r.Version,
			Detail: map[string]any{"lines": len(lines), "own_only": ownOnly}})
	})
	if err != nil {
		return nil, err
	}
	return nil, d.Refresh(ctx)
}

// Groups returns the words that find each other, as the last Refresh found them.
func (d *Desk) Groups() []search.Group {
	if r := d.now.Load(); r != nil {
		return r.groups
	}
	return nil
}

// Refresh looks whether any process changed the list.
func (d *Desk) Refresh(ctx context.Context) error {
	var r *row
	err := d.DB.View(ctx, func(tx *db.Tx) error {
		n, err := versionOf(tx)
		if now := d.now.Load(); err != nil || now != nil && now.version == n {
			return err
		}
		r, err = load(tx)
		return err
	})
	if err == nil && r != nil {
		d.now.Store(&ready{r.Version, r.groups()})
	}
	return err
}

// every is how often Run looks: a change counts everywhere within a second.
const every = 500 * time.Millisecond

// Run looks for changes of other processes until ctx ends.
func (d *Desk) Run(ctx context.Context, report func(error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := d.Refresh(ctx); err != nil && ctx.Err() == nil {
				report(err)
			}
		}
	}
}
