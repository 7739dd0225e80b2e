// Package proof is the formats of the public log (公开存证) and what proves that something stands in
// it: entries, records, checkpoints, tiles, proofs of one document, the signed list of a mirror's
// files. It does no I/O, so that a site, a mirror and a backup are judged by the same few rules.
//
// The tree is that of RFC 6962, the tiles and entries are those of C2SP tlog-tiles, checkpoints and
// lists are signed notes: other people's tools read them without this program.
package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// The faults of what was given as a proof.
var (
	// ErrEntry says that something is no entry of this log's form.
	ErrEntry = &fault.Error{Kind: fault.Invalid, Code: "ledger.bad_entry"}
	// ErrCheckpoint says that something is no checkpoint.
	ErrCheckpoint = &fault.Error{Kind: fault.Invalid, Code: "ledger.bad_checkpoint"}
	// ErrSignature says that none of the keys asked for signed what should be signed.
	ErrSignature = &fault.Error{Kind: fault.Invalid, Code: "ledger.bad_signature"}
	// ErrKey says that a text is no public key of a log.
	ErrKey = &fault.Error{Kind: fault.Invalid, Code: "ledger.bad_key", Field: "key"}
	// ErrProof says that a proof does not lead from the entry to the checkpoint.
	ErrProof = &fault.Error{Kind: fault.Invalid, Code: "ledger.bad_proof"}
	// ErrRecord says that something is no record of a document.
	ErrRecord = &fault.Error{Kind: fault.Invalid, Code: "ledger.bad_record"}
	// ErrList says that something is no list of a mirror's files.
	ErrList = &fault.Error{Kind: fault.Invalid, Code: "ledger.bad_list"}
	// ErrTile says that a tile or a bundle of entries is damaged.
	ErrTile = &fault.Error{Kind: fault.Invalid, Code: "ledger.bad_tile"}
	// ErrOther refuses what belongs to another log.
	ErrOther = &fault.Error{Kind: fault.Invalid, Code: "ledger.other_log"}
)

// Act is what an entry says was done to an item.
type Act string

// The acts. Their words stand in entries for ever.
const (
	Published Act = "published" // first publication
	Corrected Act = "corrected" // a newer edition took the place of the one before
	Retracted Act = "retracted" // taken out of the public's sight
	Expired   Act = "expired"   // a posting period ended
	Archived  Act = "archived"  // off the lists, still readable
	Restored  Act = "restored"  // the same edition is shown again
	// Taken is for what was public before the log knew of it: brought in from elsewhere, or
	// published before the installation had a log.
	Taken Act = "taken"
)

// acts names the acts for people.
var acts = map[Act]string{
	Published: "ledger.act.published", Corrected: "ledger.act.corrected", Retracted: "ledger.act.retracted", Expired: "ledger.act.expired",
	Archived: "ledger.act.archived", Restored: "ledger.act.restored", Taken: "ledger.act.taken",
}

// Message returns what people call the act.
func (a Act) Message() i18n.Message { return i18n.M(acts[a]) }

// Public reports whether the public can read the edition after the act.
func (a Act) Public() bool { return a != Retracted && a != Expired }

// Entry is one leaf of the log: that an edition of an item was published, corrected, retracted. It
// holds neither title nor text, so that what is retracted can vanish: the record is named by its
// digest alone, and the record holds a random salt, so that nobody tries texts against the digest.
type Entry struct {
	Origin  string // the log's name: an entry is worth nothing in another
	Act     Act
	At      time.Time // of the act's transaction, in UTC to the microsecond
	Item    string
	Edition int64  // which edition of the item, from 1
	Agency  string // unified social credit code of the body at that time
	IndexNo string // 索引号, "" for none
	Record  string // SHA-256 of record.json, in hexadecimal
}

// entryHead begins every entry and names its form.
const entryHead = "gongkai-entry 1"

const instant = "2006-01-02T15:04:05.000000Z"

// Text is the leaf: eight lines of a name, a space and a value. It will never be written otherwise;
// another form would have another head.
func (e Entry) Text() []byte {
	var b strings.Builder
	b.WriteString(entryHead + "\n")
	for _, line := range [][2]string{
		{"origin", e.Origin}, {"act", string(e.Act)}, {"at", e.At.UTC().Format(instant)}, {"item", e.Item},
		{"edition", strconv.FormatInt(e.Edition, 10)}, {"agency", e.Agency}, {"index", e.IndexNo}, {"record", "sha256:" + e.Record},
	} {
		b.WriteString(line[0] + " " + Line(line[1]) + "\n")
	}
	return []byte(b.String())
}

// Line is a text as it stands in one line: what would break it or hide in it is a space.
func Line(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// Leaf is the hash of the entry in the tree.
func (e Entry) Leaf() tlog.Hash { return tlog.RecordHash(e.Text()) }

// ParseEntry reads a leaf. Of each entry there is one text alone: whatever would be written
// otherwise is refused.
func ParseEntry(text []byte) (Entry, error) {
	lines := strings.Split(string(text), "\n")
	if len(lines) != 10 || lines[0] != entryHead || lines[9] != "" {
		return Entry{}, ErrEntry
	}
	value := map[string]string{}
	for _, line := range lines[1:9] {
		name, v, _ := strings.Cut(line, " ")
		value[name] = v
	}
	at, err := time.Parse(instant, value["at"])
	if err != nil {
		return Entry{}, ErrEntry.Because(err)
	}
	no, err := strconv.ParseInt(value["edition"], 10, 64)
	if err != nil {
		return Entry{}, ErrEntry.Because(err)
	}
	e := Entry{
		Origin: value["origin"], Act: Act(value["act"]), At: at, Item: value["item"], Edition: no, Agency: value["agency"],
		IndexNo: value["index"], Record: strings.TrimPrefix(value["record"], "sha256:"),
	}
	if acts[e.Act] == "" || len(e.Record) != 64 || !bytes.Equal(e.Text(), text) {
		return Entry{}, ErrEntry
	}
	return e, nil
}

// Digest is the SHA-256 of data in hexadecimal, as entries and lists write it.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
