// Package audit keeps what was done (操作留痕): who, when, what, to which record, on which
// legal ground. An entry is written in the transaction of the act it tells of, so there is
// neither an act without one nor one without an act. Entries are only ever added; each
// carries a digest over itself and the one before.
package audit

import (
	"crypto/hmac"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/internal/actor"
	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/statute"
)

// Entry is what an act says of itself.
type Entry struct {
	Act     actor.Act
	Agency  string // whose matter it is; "" for the installation
	Subject string // kind of record: "item", "account"
	ID      string // the record's key
	Version int64  // of the record, after the act
	Title   string // what the record is called, for people; never personal data
	Cite    statute.Ref
	Reason  string // in the words of who acted, where a reason is asked for
	Behalf  string // on whose behalf, when a role was held for somebody on leave
	Detail  any    // what was changed; never personal data, passwords or whole texts
}

// Record is an entry as it stands in the table.
type Record struct {
	Seq       int64
	At        time.Time
	Actor     string
	ActorName string
	Behalf    string
	Remote    string
	Agency    string
	Act       string
	Subject   string
	SubjectID string
	Version   int64
	Title     string
	Cite      string
	Reason    string
	Detail    string
	Previous  string
	Digest    string
}

// Append writes e as the next entry and notes in the log of changes which area of the agency's
// matters it touched. It is the last thing an act does: from here until the transaction ends,
// other acts wait.
func Append(tx *db.Tx, by actor.Actor, e Entry) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("write the detail of %s: %w", e.Act, err)
	}
	area, _, _ := strings.Cut(string(e.Act), ".")
	if err := change.Note(tx, change.Area(area, e.Agency), change.Areas(area)); err != nil {
		return err
	}
	seq, previous, err := next(tx)
	if err != nil {
		return err
	}
	r := Record{
		Seq: seq, At: tx.Now, Actor: by.ID, ActorName: by.Name, Behalf: e.Behalf, Remote: by.Remote,
		Agency: e.Agency, Act: string(e.Act), Subject: e.Subject, SubjectID: e.ID, Version: e.Version,
		Title: e.Title, Cite: e.Cite.String(), Reason: e.Reason, Detail: string(detail), Previous: previous,
	}
	r.Digest = r.digest(tx.ChainKey())
	return r.write(tx)
}

// digest is the keyed SM3 digest over every field. Each is preceded by its length, so that
// no two records have the same text.
func (r Record) digest(key []byte) string {
	mac := hmac.New(sm3.New, key)
	for _, f := range []string{
		strconv.FormatInt(r.Seq, 10), r.At.UTC().Format(time.RFC3339Nano), r.Actor, r.ActorName, r.Behalf, r.Remote,
		r.Agency, r.Act, r.Subject, r.SubjectID, strconv.FormatInt(r.Version, 10), r.Title, r.Cite, r.Reason,
		r.Detail, r.Previous,
	} {
		mac.Write([]byte(strconv.Itoa(len(f)) + ":" + f))
	}
	return hex.EncodeToString(mac.Sum(nil))
}
