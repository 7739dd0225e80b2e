package proof

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"gongkai/internal/i18n"
)

// Kind says what became of something since it entered the log.
type Kind string

// The kinds.
const (
	Altered Kind = "altered"
	Added   Kind = "added"   // there, and the log does not know it, or knows that it ended
	Removed Kind = "removed" // in the log, and not there
	// Forged is said of the log itself: a signature, an entry or a tile that does not hold.
	Forged Kind = "forged"
	// Forked is a log that differs from what it was when its checkpoint was kept.
	Forked Kind = "forked"
	// CutBack is a log shorter than it was when its checkpoint was kept.
	CutBack Kind = "cut"
)

var kinds = map[Kind]string{
	Altered: "ledger.kind.altered", Added: "ledger.kind.added", Removed: "ledger.kind.removed",
	Forged: "ledger.kind.forged", Forked: "ledger.kind.forked", CutBack: "ledger.kind.cut",
}

// Message returns what people call the kind.
func (k Kind) Message() i18n.Message { return i18n.M(kinds[k]) }

// Finding is one thing a check found wrong.
type Finding struct {
	Kind    Kind
	What    i18n.Message
	Item    string // whose it is, "" for none
	IndexNo string
	Path    string // file, address or table
	Field   string // of the record, where it is known
}

// Fields names the fields in which two records differ, as record.json calls them.
func Fields(a, b Record) (names []string) {
	a.Format, b.Format = "", ""
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		one, _ := json.Marshal(x.Field(i).Interface())
		other, _ := json.Marshal(y.Field(i).Interface())
		if one, other = noNull(one), noNull(other); !bytes.Equal(one, other) {
			name, _, _ := strings.Cut(x.Type().Field(i).Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return names
}

// noNull is a list of nothing, written one way.
func noNull(b []byte) []byte {
	if string(b) == "null" {
		return []byte("[]")
	}
	return b
}

// Walk reads a log from its first entry, and keeps what it said last of each item.
type Walk struct {
	Edge
	Origin string
	Last   map[string]Said // by item
	// Kept is a checkpoint from before, to be met on the way; Size 0 for none.
	Kept Checkpoint
	// Found is told what is wrong with the log.
	Found func(Finding)
}

// Said is the log's last word on an item.
type Said struct {
	Seq int64
	Entry
}

// NewWalk begins a walk.
func NewWalk(origin string, kept Checkpoint, found func(Finding)) *Walk {
	return &Walk{Origin: origin, Kept: kept, Found: found, Last: map[string]Said{}}
}

// Take takes in the next entry.
func (w *Walk) Take(text []byte) error {
	e, err := ParseEntry(text)
	switch {
	case err != nil:
		w.Found(Finding{Kind: Forged, What: i18n.M("ledger.find.entry", "seq", w.Size)})
	case e.Origin != w.Origin:
		w.Found(Finding{Kind: Forged, What: i18n.M("ledger.find.entry_origin", "seq", w.Size, "origin", e.Origin), Item: e.Item})
	default:
		w.Last[e.Item] = Said{w.Size, e}
	}
	if err := w.Add(tlog.RecordHash(text)); err != nil {
		return err
	}
	if w.Size == w.Kept.Size && w.Root() != w.Kept.Root {
		w.Found(Finding{Kind: Forked, What: i18n.M("ledger.find.forked", "n", w.Kept.Size)})
	}
	return nil
}

// End holds what was read against the signed checkpoint.
func (w *Walk) End(c Checkpoint) {
	if w.Kept.Size > c.Size {
		w.Found(Finding{Kind: CutBack, What: i18n.M("ledger.find.cut", "had", w.Kept.Size, "has", c.Size)})
	}
	switch {
	case w.Size != c.Size:
		w.Found(Finding{Kind: Forged, What: i18n.M("ledger.find.count", "has", w.Size, "signed", c.Size)})
	case w.Root() != c.Root:
		w.Found(Finding{Kind: Forged, What: i18n.M("ledger.find.root", "n", c.Size)})
	}
}
