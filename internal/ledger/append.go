package ledger

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/ledger/proof"
)

// entry is an entry of the log as its row has it.
type entry struct {
	Seq     int64 // from 0
	Item    string
	Edition string // its key
	Act     proof.Act
	At      time.Time
	Record  string // SHA-256 of the record
	Salt    string // of the record
	Text    string // the leaf
}

// Changed holds what the public sees of items against what the log said of them last, and appends
// what is new. It runs in the transaction of the act. Other acts that publish wait until that ends,
// so it comes late in an act, after search and change and before the audit.
func (l *Log) Changed(tx *db.Tx, items ...string) error {
	standing, err := disclosure.StandingIn(tx, items)
	if err != nil || len(standing) == 0 {
		return err
	}
	last, err := lastOf(tx, items)
	if err != nil {
		return err
	}
	var due []string
	for _, s := range standing {
		if needs(last[s.Item], s) {
			due = append(due, s.Item)
		}
	}
	if len(due) == 0 {
		return nil
	}
	shown, err := disclosure.ShownIn(tx, due)
	if err != nil {
		return err
	}
	return l.append(tx, shown, last)
}

// needs reports whether the log has something to say of an item.
func needs(last *entry, s *disclosure.Standing) bool {
	if last == nil || last.Edition != s.Edition {
		return true
	}
	switch s.Status {
	case disclosure.Live:
		return last.Act == proof.Archived || !last.Act.Public()
	case disclosure.Archived:
		return last.Act != proof.Archived
	case disclosure.Retracted:
		return last.Act != proof.Retracted
	case disclosure.Expired:
		return last.Act != proof.Expired
	}
	return false
}

// actOf names what became of an item since the log's last word on it.
func actOf(last *entry, i *disclosure.Item, now time.Time) proof.Act {
	switch {
	case i.Status == disclosure.Archived:
		return proof.Archived
	case i.Status == disclosure.Retracted:
		return proof.Retracted
	case i.Status == disclosure.Expired:
		return proof.Expired
	case last != nil && last.Edition == i.Shown:
		return proof.Restored
	case last != nil:
		return proof.Corrected
	case i.FirstAt.Equal(now):
		return proof.Published
	case i.ShownAt.Equal(now):
		return proof.Corrected
	}
	return proof.Taken
}

// append writes an entry for each of the items, in their order.
func (l *Log) append(tx *db.Tx, shown []*disclosure.Shown, last map[string]*entry) error {
	h, err := lockHead(tx)
	if err != nil {
		return err
	}
	edge, err := edgeOf(tx, h.Size)
	if err != nil {
		return err
	}
	edge.Full = func(t proof.Tile, hashes []byte) error { return putTile(tx, t.Level, t.N, hashes) }
	c := clerk{tx: tx, origin: h.Origin, codes: map[string]string{}}
	var all []*entry
	for _, s := range shown {
		e, err := c.entry(s, last[s.Item.ID])
		if err != nil {
			return err
		}
		e.Seq = edge.Size
		all = append(all, e)
		if err := edge.Add(tlog.RecordHash([]byte(e.Text))); err != nil {
			return err
		}
	}
	if err := insertEntries(tx, all); err != nil {
		return err
	}
	if err := putEdge(tx, edge); err != nil {
		return err
	}
	if err := l.seal(tx, h, edge); err != nil || l.Entered == nil {
		return err
	}
	for n, s := range shown {
		if err := l.Entered(tx, &s.Item, all[n].Act); err != nil {
			return err
		}
	}
	return nil
}

// clerk writes the entries of one transaction.
type clerk struct {
	tx     *db.Tx
	origin string
	codes  map[string]string // of the bodies, by key
}

// entry makes the entry of an item. One that says something of a record the log knows names that
// record; else the record is made, with a salt of its own.
func (c *clerk) entry(s *disclosure.Shown, last *entry) (*entry, error) {
	e := &entry{Item: s.Item.ID, Edition: s.Edition.ID, Act: actOf(last, &s.Item, c.tx.Now), At: c.tx.Now}
	if last != nil && last.Edition == e.Edition {
		e.Record, e.Salt = last.Record, last.Salt
	} else {
		salt := make([]byte, 16)
		rand.Read(salt) // never fails: crypto/rand ends the program when it has no randomness
		e.Salt = hex.EncodeToString(salt)
		r, err := recordOf(c.tx, s, c.origin, e.Salt)
		if err != nil {
			return nil, err
		}
		e.Record = proof.Digest(r.JSON())
	}
	code, err := c.code(s.Item.Agency)
	e.Text = string(proof.Entry{
		Origin: c.origin, Act: e.Act, At: e.At, Item: e.Item, Edition: s.Edition.No, Agency: code,
		IndexNo: s.Item.IndexNo, Record: e.Record,
	}.Text())
	return e, err
}

// code is the unified social credit code of a body.
func (c *clerk) code(id string) (string, error) {
	if code, known := c.codes[id]; known {
		return code, nil
	}
	a, err := agency.Load(c.tx, id)
	if errors.Is(err, agency.ErrNone) {
		c.codes[id] = ""
		return "", nil
	}
	if err != nil {
		return "", err
	}
	c.codes[id] = a.CreditCode
	return a.CreditCode, nil
}

// recordOf is what an edition says to the public.
func recordOf(tx *db.Tx, s *disclosure.Shown, origin, salt string) (proof.Record, error) {
	e, i := &s.Edition, &s.Item
	r := proof.Record{
		Origin: origin, Item: i.ID, Edition: e.No, Salt: salt, Agency: i.Agency, Kind: string(i.Kind), Provenance: string(i.Origin),
		IndexNo: i.IndexNo, PublishedAt: e.PublishedAt.UTC().Format(time.RFC3339Nano),
		Title: e.Title, Subtitle: e.Subtitle, Summary: e.Summary, DocNo: e.DocNo, Issuer: e.Issuer, JointBodies: e.JointBodies,
		IssuedOn: day(e.IssuedOn), FormedOn: day(e.FormedOn), Theme: e.Theme, Genre: e.Genre, Keywords: e.Keywords,
		Source: e.Source, SourceURL: e.SourceURL, Validity: string(e.Validity), EffectiveOn: day(e.EffectiveOn), ExpiresOn: day(e.ExpiresOn),
		DisplayUntil: day(e.DisplayUntil), Note: e.Note, Body: e.Body,
	}
	for _, f := range e.Attachments {
		b, err := blob.Get(tx, f.Digest)
		if errors.Is(err, blob.ErrNone) { // lost before the log knew of it: the record says so by an empty digest
			b, err = &blob.Blob{}, nil
		}
		if err != nil {
			return r, err
		}
		r.Files = append(r.Files, proof.Attached{
			ID: f.ID, Name: f.Name, Media: f.Media, Size: f.Size, SHA256: b.SHA256, Alt: f.Alt, Transcript: f.Transcript, Inline: f.Inline,
		})
	}
	return r, nil
}

func day(d date.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
