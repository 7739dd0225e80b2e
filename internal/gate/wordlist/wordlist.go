// Package wordlist keeps the word lists an operator writes (词表): they replace the lists that
// come with the product or stand beside them, and the checks before publication use them at
// once, in every process.
package wordlist

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/gate"
)

// The faults of word lists.
var (
	ErrNone  = &fault.Error{Kind: fault.NotFound, Code: "wordlist.none"}
	ErrName  = &fault.Error{Kind: fault.Invalid, Code: "wordlist.name", Field: "name"}
	ErrStale = &fault.Error{Kind: fault.Conflict, Code: "wordlist.stale"}
	// ErrLine says which line of a list cannot be read.
	ErrLine = &fault.Error{Kind: fault.Invalid, Code: "wordlist.line", Field: "text"}
	ErrKind = &fault.Error{Kind: fault.Invalid, Code: "wordlist.kind", Field: "text"}
	ErrLong = &fault.Error{Kind: fault.TooLarge, Code: "wordlist.long", Field: "text"}
	ErrMany = &fault.Error{Kind: fault.Conflict, Code: "wordlist.many"}
	ErrOff  = &fault.Error{Kind: fault.Conflict, Code: "wordlist.off"}
)

// Longest and Most bound what an operator can enter: a list of twenty thousand words, and as
// many lists as a page shows.
const (
	Longest = 1 << 20
	Most    = 50
)

// List is a word list with where it comes from.
type List struct {
	gate.List
	Text    string
	Product bool  // one of that name comes with the product
	Own     bool  // the operator wrote it
	Off     bool  // the operator's text counts no longer
	Version int64 // of the operator's text, 0 for none
}

// Desk keeps the lists. DB is set before its first use.
type Desk struct {
	DB *db.DB

	mu    sync.Mutex
	stamp stamp
	ready *gate.Lexicon
}

// Lists returns every list by name, the product's and the operator's.
func (d *Desk) Lists(ctx context.Context, by actor.Actor) ([]*List, error) {
	if err := by.May(actor.WordsChange, actor.Scope{}); err != nil {
		return nil, err
	}
	var rows []*row
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		rows, err = all(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return join(rows)
}

// Get returns one list.
func (d *Desk) Get(ctx context.Context, by actor.Actor, name string) (*List, error) {
	lists, err := d.Lists(ctx, by)
	if err != nil {
		return nil, err
	}
	for _, l := range lists {
		if l.Name == name {
			return l, nil
		}
	}
	return nil, ErrNone
}

// join puts the operator's lists in the place of the product's.
func join(rows []*row) ([]*List, error) {
	var lists []*List
	for _, l := range gate.DefaultLists() {
		lists = append(lists, &List{List: l, Text: gate.DefaultText(l.Name), Product: true})
	}
	for _, r := range rows {
		l := &List{Text: r.Text, Own: true, Off: r.Off, Version: r.Version}
		var err error
		if l.List, err = gate.ParseList(r.ID, r.Text); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(lists, func(p *List) bool { return p.Name == r.ID })
		switch {
		case i < 0:
			lists = append(lists, l)
		case r.Off: // the product's counts again
			lists[i].Version = r.Version
		default:
			l.Product = true
			lists[i] = l
		}
	}
	slices.SortFunc(lists, func(a, b *List) int { return strings.Compare(a.Name, b.Name) })
	return lists, nil
}

var names = regexp.MustCompile(`^[\p{Han}a-z0-9][\p{Han}a-z0-9-]{0,39}\.txt$`)

// columns are what people write between a word and its replacement where no tab can be typed.
var columns = regexp.MustCompile(` *(?:→|\t| {2,}) *`)

// tidy brings a text into the form that is kept: lines with tabs.
func tidy(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, l := range lines {
		if !strings.HasPrefix(l, "#") {
			lines[i] = columns.ReplaceAllString(strings.TrimRight(l, " \t"), "\t")
		}
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}

// Save keeps an operator's list. version is that of the text it was made from, 0 for none.
func (d *Desk) Save(ctx context.Context, by actor.Actor, name, text string, version int64) error {
	if err := by.May(actor.WordsChange, actor.Scope{}); err != nil {
		return err
	}
	if !names.MatchString(name) {
		return ErrName
	}
	if len(text) > Longest {
		return ErrLong.With("most", Longest>>20)
	}
	text = tidy(text)
	l, err := gate.ParseList(name, text)
	if err != nil {
		return worded(err)
	}
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if n, err := count(tx); err != nil || n >= Most && version == 0 {
			return errors.Join(err, ErrMany)
		}
		r := &row{ID: name, Text: text, ChangedAt: tx.Now, ChangedBy: by.ID, Version: version}
		if err := r.save(tx); err != nil {
			return err
		}
		return r.record(tx, by, map[string]any{"words": len(l.Entries), "kind": l.Kind})
	})
}

// worded says what ParseList found.
func worded(err error) error {
	var line *gate.LineError
	if errors.As(err, &line) {
		return ErrLine.With("line", line.Line).Because(err)
	}
	return ErrKind.Because(err)
}

// Off ends an operator's list: the product's of the same name counts again.
func (d *Desk) Off(ctx context.Context, by actor.Actor, name string, version int64) error {
	if err := by.May(actor.WordsChange, actor.Scope{}); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := load(tx, name)
		switch {
		case err != nil:
			return err
		case r.Version != version:
			return ErrStale
		case r.Off:
			return ErrOff
		}
		r.Off, r.ChangedAt, r.ChangedBy = true, tx.Now, by.ID
		if err := r.save(tx); err != nil {
			return err
		}
		return r.record(tx, by, map[string]any{"off": true})
	})
}

func (r *row) record(tx *db.Tx, by actor.Actor, detail map[string]any) error {
	return audit.Append(tx, by, audit.Entry{Act: actor.WordsChange, Subject: "word_list", ID: r.ID, Version: r.Version, Title: r.ID, Detail: detail})
}

// Words returns the lists as they count now, made ready for the checks. They are made ready
// anew when any process changed one.
func (d *Desk) Words(ctx context.Context) (*gate.Lexicon, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var rows []*row
	var now stamp
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		if now, err = stampOf(tx); err != nil || d.ready != nil && now == d.stamp {
			return err
		}
		rows, err = all(tx)
		return err
	})
	if err != nil || d.ready != nil && now == d.stamp {
		return d.ready, err
	}
	lists, err := join(rows)
	if err != nil {
		return nil, err
	}
	d.ready, d.stamp = compile(lists), now
	return d.ready, nil
}

func compile(lists []*List) *gate.Lexicon {
	var on []gate.List
	for _, l := range lists {
		if !l.Off {
			on = append(on, l.List)
		}
	}
	return gate.Compile(on...)
}
