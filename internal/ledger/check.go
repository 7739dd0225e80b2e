package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/ledger/proof"
)

// Check is a check of a database against its own log: an installation's, or one unpacked from a
// backup.
type Check struct {
	DB    *db.DB
	Files *blob.Store // whose bytes are compared, too; nil for none
	Keys  proof.Keys  // known from elsewhere; none for those in the database
	Kept  proof.Checkpoint
	Found func(proof.Finding)
}

// Checked is what a check looked at.
type Checked struct {
	Checkpoint proof.Checkpoint
	Signed     string
	Keys       string // public keys used, a line each
	Items      int
	Files      int
}

// Run reads the log from its first entry, then every item that was ever public.
func (c *Check) Run(ctx context.Context) (*Checked, error) {
	out := &Checked{}
	var w *proof.Walk
	if err := c.DB.View(ctx, func(tx *db.Tx) (err error) {
		w, err = c.log(tx, out)
		return err
	}); err != nil {
		return nil, err
	}
	if err := c.items(ctx, w, out); err != nil {
		return nil, err
	}
	for item, said := range w.Last {
		c.Found(proof.Finding{Kind: proof.Removed, What: i18n.M("ledger.find.item_gone", "seq", said.Seq), Item: item, IndexNo: said.IndexNo})
	}
	return out, nil
}

// log walks along the entries and holds tiles and checkpoint against them.
func (c *Check) log(tx *db.Tx, out *Checked) (*proof.Walk, error) {
	h, err := headOf(tx)
	if err != nil {
		return nil, err
	}
	keys := c.Keys
	if len(keys) == 0 {
		if keys, err = openKeys(tx); err != nil {
			return nil, err
		}
	}
	out.Signed, out.Keys = h.Checkpoint, keys.String()
	if out.Checkpoint, err = proof.OpenCheckpoint([]byte(h.Checkpoint), keys); err != nil {
		m, known := fault.MessageOf(err)
		if !known {
			return nil, err
		}
		c.Found(proof.Finding{Kind: proof.Forged, What: m, Path: "ledger_head"})
		// What it says is held against the entries all the same: a key that was replaced alters no entry.
		text, _, _ := strings.Cut(h.Checkpoint, "\n\n")
		if out.Checkpoint, err = proof.ParseCheckpoint(text + "\n"); err != nil {
			out.Checkpoint = proof.Checkpoint{Origin: h.Origin, Size: h.Size}
		}
	}
	w := proof.NewWalk(h.Origin, c.Kept, c.Found)
	full := map[proof.Tile]string{}
	w.Full = func(t proof.Tile, hashes []byte) error {
		full[t] = proof.Digest(hashes)
		return nil
	}
	if err := eachEntry(tx, func(e *entry) error { return c.entry(w, e) }); err != nil {
		return nil, err
	}
	w.End(out.Checkpoint)
	return w, c.tiles(tx, w, full)
}

// entry takes in a row of the log and holds its columns against its text.
func (c *Check) entry(w *proof.Walk, e *entry) error {
	said, err := proof.ParseEntry([]byte(e.Text))
	if e.Seq != w.Size || err == nil && (said.Item != e.Item || said.Act != e.Act || said.Record != e.Record || !said.At.Equal(e.At)) {
		c.Found(proof.Finding{Kind: proof.Forged, What: i18n.M("ledger.find.row", "seq", e.Seq), Item: e.Item, Path: "ledger_entry"})
	}
	return w.Take([]byte(e.Text))
}

func (c *Check) tiles(tx *db.Tx, w *proof.Walk, full map[proof.Tile]string) error {
	for _, t := range proof.Tiles(w.Size) {
		if t.Level == proof.Entries {
			continue
		}
		data, err := tileOf(tx, t.Level, t.N)
		if err != nil && !errors.Is(err, ErrNone) {
			return err
		}
		same := err == nil && t.W == proof.Width && proof.Digest(data) == full[t] ||
			err == nil && t.W < proof.Width && bytes.Equal(data, w.Levels[t.Level])
		if !same {
			c.Found(proof.Finding{Kind: proof.Forged, What: i18n.M("ledger.find.tile", "tile", t.Path()), Path: "ledger_tile"})
		}
	}
	return nil
}

// checkBatch is how many items are looked at in one transaction.
const checkBatch = 200

// items holds every item against the log's last word on it, and takes that out of w: what is left
// is not there any more.
func (c *Check) items(ctx context.Context, w *proof.Walk, out *Checked) error {
	for after := ""; ; {
		var files []*attached
		var ids []string
		if err := c.DB.View(ctx, func(tx *db.Tx) (err error) {
			if ids, err = shownAfter(tx, after, checkBatch); err != nil {
				return err
			}
			files, err = c.batch(tx, w, ids)
			return err
		}); err != nil {
			return err
		}
		if len(ids) == 0 {
			return nil
		}
		for _, f := range files {
			if err := c.file(ctx, f); err != nil {
				return err
			}
		}
		out.Items, out.Files, after = out.Items+len(ids), out.Files+len(files), ids[len(ids)-1]
		for _, id := range ids {
			delete(w.Last, id)
		}
	}
}

// attached is a file to be compared.
type attached struct {
	item, index, digest string
	proof.Attached
}

func (c *Check) batch(tx *db.Tx, w *proof.Walk, ids []string) (files []*attached, err error) {
	shown, err := disclosure.ShownIn(tx, ids)
	if err != nil {
		return nil, err
	}
	last, err := lastOf(tx, ids)
	if err != nil {
		return nil, err
	}
	for _, s := range shown {
		said, known := w.Last[s.Item.ID]
		row := last[s.Item.ID]
		if !known && row == nil && !s.Item.Public() {
			continue // it ended before the installation had a log
		}
		if !known || row == nil {
			c.Found(proof.Finding{Kind: proof.Added, What: i18n.M("ledger.find.item_new"), Item: s.Item.ID, IndexNo: s.Item.IndexNo})
			continue
		}
		more, err := c.one(tx, s, said, row)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return files, nil
}

// one holds an item against the log's last word on it.
func (c *Check) one(tx *db.Tx, s *disclosure.Shown, said proof.Said, row *entry) ([]*attached, error) {
	i := &s.Item
	if row.Edition == i.Shown && needs(row, &disclosure.Standing{Item: i.ID, Edition: i.Shown, Status: i.Status}) {
		c.Found(proof.Finding{Kind: proof.Altered, What: i18n.M("ledger.find.status", "act", said.Act.Message()), Item: i.ID, IndexNo: said.IndexNo, Field: "status"})
	}
	r, err := recordOf(tx, s, said.Origin, row.Salt)
	if err != nil {
		return nil, err
	}
	if proof.Digest(r.JSON()) != said.Record {
		if err := c.altered(tx, s, said, row, r); err != nil {
			return nil, err
		}
	}
	var files []*attached
	for n, f := range r.Files {
		files = append(files, &attached{i.ID, said.IndexNo, s.Edition.Attachments[n].Digest, f})
	}
	return files, nil
}

// altered names what differs, as far as what was kept of the text at its publication agrees with
// the log.
func (c *Check) altered(tx *db.Tx, s *disclosure.Shown, said proof.Said, row *entry, now proof.Record) error {
	f := proof.Finding{Kind: proof.Altered, What: i18n.M("ledger.find.record", "seq", said.Seq), Item: s.Item.ID, IndexNo: said.IndexNo}
	kept, err := disclosure.KeptOf(tx, s.Edition.ID)
	if err != nil {
		return err
	}
	for _, k := range kept {
		was := *s
		was.Item.IndexNo = said.IndexNo
		was.Edition.Content, was.Edition.Attachments = k.Content, k.Attachments
		r, err := recordOf(tx, &was, said.Origin, row.Salt)
		if err != nil {
			return err
		}
		if proof.Digest(r.JSON()) != said.Record {
			continue
		}
		for _, name := range proof.Fields(r, now) {
			f.Field, f.What = name, i18n.M("ledger.find.field", "field", name, "seq", said.Seq)
			c.Found(f)
		}
		return nil
	}
	c.Found(f)
	return nil
}

// file compares the bytes of a file with the digest in its record.
func (c *Check) file(ctx context.Context, f *attached) error {
	if c.Files == nil || f.SHA256 == "" {
		return nil
	}
	wrong := proof.Finding{Kind: proof.Removed, What: i18n.M("ledger.find.file_gone", "name", f.Name), Item: f.item, IndexNo: f.index, Path: f.digest, Field: "files"}
	_, in, err := c.Files.Open(ctx, f.digest)
	if fault.KindOf(err) == fault.Missing || fault.KindOf(err) == fault.NotFound {
		c.Found(wrong)
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		wrong.Kind, wrong.What = proof.Altered, i18n.M("ledger.find.file_bytes", "name", f.Name)
		c.Found(wrong)
	}
	return nil
}
